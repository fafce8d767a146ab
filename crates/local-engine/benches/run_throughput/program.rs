//! The engine as its own program, and what the system says of it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// Clock ticks of `/proc/*/stat`, the same on every Linux.
const TICKS: u64 = 100;

pub struct Program {
    child: Child,
    url: String,
    key: String,
    http: reqwest::Client,
    _data: TempDir,
}

impl Program {
    pub async fn start(arguments: &[&str]) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let mut child = Command::new(env!("CARGO_BIN_EXE_scrapingpros-engine"))
            .args(["serve", "--data-dir"])
            .arg(data.path())
            .args(arguments)
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let told: Value = serde_json::from_str(&first_line(&mut child)).expect("JSON");
        let text = |name: &str| told[name].as_str().expect("a text").to_owned();
        Self {
            child,
            url: text("url"),
            key: text("key"),
            http: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            _data: data,
        }
    }

    /// The path of a new collection.
    pub async fn collect(&self, requests: Vec<Value>) -> String {
        let body = json!({"name": "bench", "requests": requests});
        let made = self.call(
            self.http
                .post(format!("{}/v1/async/collections", self.url))
                .json(&body),
        );
        let made = made.await;
        format!(
            "/v1/async/collections/{}",
            made["id"].as_str().unwrap_or_else(|| panic!("{made}"))
        )
    }

    /// Starts a run of the collection; the run when it has ended.
    pub async fn run_to_its_end(&self, collection: &str) -> Value {
        let runs = format!("{}{collection}/run", self.url);
        let empty = self
            .http
            .post(runs)
            .header("content-type", "application/json");
        self.call(empty).await;
        loop {
            let list = self.http.get(format!("{}{collection}/runs", self.url));
            let run = self.call(list).await["items"][0].take();
            if run["status"] == "completed" {
                return run;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub fn cpu(&self) -> Duration {
        cpu(self.child.id())
    }

    /// A line of `/proc/*/status`: `RssAnon` and `RssFile` now, `VmHWM` at most.
    pub fn memory_mb(&self, field: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("it runs on Linux");
        let line = status.lines().find_map(|line| line.strip_prefix(field));
        let kb = line.and_then(|line| {
            line.trim_start_matches(':')
                .trim()
                .split(' ')
                .next()?
                .parse::<f64>()
                .ok()
        });
        kb.expect("a number") / 1024.0
    }

    pub async fn stop(mut self) {
        self.child.kill().expect("it ran");
        self.child.wait().expect("it ends");
    }

    async fn call(&self, request: reqwest::RequestBuilder) -> Value {
        let answer = request
            .bearer_auth(&self.key)
            .send()
            .await
            .expect("the engine answers");
        answer.json().await.expect("JSON")
    }
}

pub fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    let stdout = child.stdout.take().expect("a pipe");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    line
}

/// Time of all its threads, in the program and in the system.
pub fn cpu(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("it runs on Linux");
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let ticks: u64 = [11, 12]
        .iter()
        .map(|field| fields[*field].parse::<u64>().expect("ticks"))
        .sum();
    Duration::from_millis(ticks * 1000 / TICKS)
}
