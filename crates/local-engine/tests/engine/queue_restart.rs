//! The program is killed or told to end while a run is under way, and started again on the same folder.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::caller::{KEY, answer};
use crate::program::program;
use crate::site::Site;

const JOBS: usize = 300;

struct Program {
    child: Child,
    url: String,
    http: reqwest::Client,
}

impl Program {
    async fn start(folder: &Path, site: &Site) -> Self {
        let folder = folder.to_str().expect("a path");
        let mut child = program(&[
            "--data-dir",
            folder,
            "--key",
            KEY,
            "--allow-host",
            &site.host(),
        ])
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        stdout.read_line(&mut line).await.expect("a line");
        let told: Value = serde_json::from_str(&line).expect("JSON");
        Self {
            child,
            url: told["url"].as_str().expect("a url").to_owned(),
            http: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
        }
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let request = self.http.post(format!("{}{path}", self.url)).json(&body);
        answer(request.bearer_auth(KEY)).await.body
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}{path}", self.url));
        answer(request.bearer_auth(KEY)).await.body
    }

    /// Starts a run of many pages; its path.
    async fn run(&self, site: &Site) -> String {
        let page = |number| json!({"url": site.url("/page"), "custom_id": format!("{number}")});
        let requests: Vec<Value> = (0..JOBS).map(page).collect();
        let body = json!({"name": "long", "requests": requests});
        let made = self.post("/v1/async/collections", body).await;
        let path = format!(
            "/v1/async/collections/{}",
            made["id"].as_str().expect("an id")
        );
        let run = self.post(&format!("{path}/run"), json!({})).await;
        format!("{path}/runs/{}", run["run_id"].as_str().expect("an id"))
    }

    /// The run when at least so many jobs are counted.
    async fn counted(&self, run: &str, least: u64) -> Value {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let now = self.get(run).await;
            if now["success_requests"].as_u64() >= Some(least) {
                return now;
            }
            assert!(
                Instant::now() < deadline,
                "it does not get on: {}",
                now["success_requests"]
            );
        }
    }

    async fn kill(mut self) {
        // SIGKILL, by the child's own id.
        self.child.kill().await.expect("it ran");
    }
}

fn number(database: &Connection, sql: &str) -> i64 {
    database.query_row(sql, [], |row| row.get(0)).expect(sql)
}

fn assert_exact(folder: &Path, ended: &Value) {
    let database = Connection::open(folder.join("engine.db")).expect("opens");
    let jobs = i64::try_from(JOBS).expect("few");
    let checks = [
        ("every job is there once", "SELECT count(*) FROM jobs"),
        (
            "and ended",
            "SELECT count(*) FROM jobs WHERE status = 'completed' AND is_success",
        ),
        ("with one result", "SELECT count(*) FROM results"),
        ("and one entry", "SELECT count(*) FROM scrapes"),
        ("for one credit", "SELECT sum(credits) FROM scrapes"),
        ("as the jobs say", "SELECT sum(credits) FROM jobs"),
        (
            "and the run",
            "SELECT success FROM runs WHERE failed + timeout = 0",
        ),
    ];
    for (what, sql) in checks {
        assert_eq!(number(&database, sql), jobs, "{what}");
    }
    assert_eq!(ended["success_requests"], jobs);
    assert_eq!(ended["status"], "completed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_program_goes_on_where_it_was() {
    let site = Site::open().await;
    let data = tempfile::tempdir().expect("a folder");
    let mut program = Program::start(data.path(), &site).await;
    let run = program.run(&site).await;
    for least in [0, 1, 60, 120, 200, 280] {
        program.counted(&run, least).await;
        program.kill().await;
        program = Program::start(data.path(), &site).await;
    }
    let ended = program.counted(&run, JOBS as u64).await;
    program.kill().await;
    assert_exact(data.path(), &ended);
    assert!(
        site.visits() >= JOBS,
        "what was in the works was fetched again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_told_to_end_leaves_the_rest_for_later() {
    let site = Site::open().await;
    let data = tempfile::tempdir().expect("a folder");
    let mut program = Program::start(data.path(), &site).await;
    let run = program.run(&site).await;
    program.counted(&run, 20).await;
    let told = Instant::now();
    let pid = program.child.id().expect("it runs").to_string();
    let sent = Command::new("kill")
        .args(["-s", "TERM", &pid])
        .status()
        .await
        .expect("kill");
    assert!(sent.success());
    let status = tokio::time::timeout(Duration::from_secs(15), program.child.wait()).await;
    assert!(
        status
            .expect("it ends in time")
            .expect("a status")
            .success(),
        "a clean end"
    );
    assert!(
        told.elapsed() < Duration::from_secs(5),
        "quick: {:?}",
        told.elapsed()
    );

    let database = Connection::open(data.path().join("engine.db")).expect("opens");
    let left = number(
        &database,
        "SELECT count(*) FROM jobs WHERE status = 'queued'",
    );
    assert!(left > 0, "it did not wait for the whole run");
    drop(database);
    let program = Program::start(data.path(), &site).await;
    let ended = program.counted(&run, JOBS as u64).await;
    program.kill().await;
    assert_exact(data.path(), &ended);
}
