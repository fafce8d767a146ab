//! An engine in a folder of its own, and someone who calls it.

use std::time::{Duration, Instant};

use local_engine::{Engine, EngineOptions};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use tempfile::TempDir;

pub const KEY: &str = "test-key-1234";

pub struct Caller {
    pub engine: Engine,
    pub http: reqwest::Client,
    pub data: TempDir,
}

pub struct Run {
    pub path: String,
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    pub fn guidance(&self, field: &str) -> &Value {
        &self.body["guidance"][field]
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("ASCII"))
    }
}

impl Caller {
    pub async fn new(allowed: &[&str]) -> Self {
        Self::with(EngineOptions {
            allowed_hosts: allowed.iter().map(|host| (*host).to_owned()).collect(),
            ..EngineOptions::default()
        })
        .await
    }

    /// Folder and key are this caller's own.
    pub async fn with(options: EngineOptions) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let engine = Engine::start(EngineOptions {
            data_dir: data.path().join("new/folder"),
            key: Some(KEY.into()),
            ..options
        })
        .await
        .expect("it starts");
        Self {
            engine,
            http: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            data,
        }
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        let request = self.http.post(self.url(path)).json(&body).bearer_auth(KEY);
        answer(request).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        answer(self.http.put(self.url(path)).json(&body).bearer_auth(KEY)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        answer(self.http.delete(self.url(path)).bearer_auth(KEY)).await
    }

    /// The engine's own file, to put there what would take a day to come about.
    pub fn database(&self) -> rusqlite::Connection {
        let file = self.data.path().join("new/folder/engine.db");
        let database = rusqlite::Connection::open(file).expect("opens");
        let patience = std::time::Duration::from_secs(10);
        database.busy_timeout(patience).expect("a setting");
        database
    }

    pub async fn get(&self, path: &str) -> Answer {
        answer(self.http.get(self.url(path)).bearer_auth(KEY)).await
    }

    /// A collection of these requests and a run of it; their ids.
    pub async fn run(&self, requests: Value) -> Run {
        let body = json!({"name": "run", "requests": requests});
        let made = self.post("/v1/async/collections", body).await;
        let collection = made.body["id"]
            .as_str()
            .unwrap_or_else(|| panic!("{}", made.body));
        let path = format!("/v1/async/collections/{collection}");
        let started = self.post(&format!("{path}/run"), json!({})).await;
        let id = started.body["run_id"]
            .as_str()
            .unwrap_or_else(|| panic!("{}", started.body));
        Run {
            path: format!("{path}/runs/{id}"),
        }
    }

    /// The run when its last job has ended.
    pub async fn ended(&self, run: &Run) -> Value {
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            let now = self.get(&run.path).await.body;
            if now["status"] == "completed" {
                return now;
            }
            assert!(Instant::now() < deadline, "the run does not end: {now}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// All rows of the run's jobs.
    pub async fn jobs(&self, run: &Run) -> Vec<Value> {
        let path = format!("{}/jobs?limit=1000", run.path);
        let listed = self.get(&path).await.body;
        listed["items"]
            .as_array()
            .unwrap_or_else(|| panic!("{listed}"))
            .clone()
    }

    pub async fn scrape(&self, body: Value) -> Answer {
        self.post("/v1/sync/scrape", body).await
    }

    /// The HTML of a page that must arrive.
    pub async fn html(&self, url: &str) -> String {
        let answer = self.scrape(json!({ "url": url })).await;
        let html = answer.body["html"].as_str();
        html.unwrap_or_else(|| panic!("{url}: {}", answer.body))
            .to_owned()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.engine.url())
    }
}

pub async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.expect("the engine answers");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.expect("a whole body");
    let body = serde_json::from_str(&text)
        .unwrap_or_else(|_| panic!("{status}: the body must be JSON, not {text:?}"));
    Answer {
        status,
        headers,
        body,
    }
}
