//! A service that is scripted: it keeps the contract, and breaks where a test says so. Its log is what
//! a test trusts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub const KEY: &str = "canary-0b9f6e0e4d7c-key";
/// When the first job ended: 2026-05-03T12:00:00Z in milliseconds.
const EPOCH: i64 = 1_777_809_600_000;

/// What goes wrong, once.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Nothing is done; this is answered, with these headers.
    Answer(u16, Vec<(&'static str, String)>),
    /// Nothing is done, and the service says why.
    Refuse(u16, &'static str),
    /// Nothing is done, and the connection breaks.
    DropBefore,
    /// It is done, and the connection breaks.
    DropAfter,
    /// It is done, and this is answered.
    AnswerAfter(u16),
    /// The answer is cut in the middle.
    Cut,
}

/// How the pages of every run end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Script {
    /// Bytes of HTML in each result.
    pub size: usize,
    /// Jobs that end with each look at the run; 0: all at once.
    pub step: usize,
    /// Of so many jobs one is odd in each way (404, timeout, block, result left out of the listing,
    /// malformed result); 0: none.
    pub odd: usize,
    /// Jobs that are counted and never listed.
    pub never_listed: usize,
    /// Jobs whose result has expired.
    pub expired: usize,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            size: 200,
            step: 0,
            odd: 0,
            never_listed: 0,
            expired: 0,
        }
    }
}

#[derive(Clone)]
pub struct Service {
    pub address: String,
    state: Arc<Mutex<Scripted>>,
}

#[derive(Default)]
pub struct Scripted {
    pub log: Vec<(String, String)>,
    faults: Vec<(Method, &'static str, Fault)>,
    script: Script,
    collections: Vec<Collection>,
    keys: HashMap<String, (Bytes, usize)>,
    runs: Vec<StartedRun>,
    key_refused: bool,
}

struct Collection {
    name: String,
    requests: Vec<Value>,
}

struct StartedRun {
    collection: usize,
    ended: usize,
}

impl Service {
    pub async fn start(script: Script) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(Scripted {
            script,
            ..Scripted::default()
        }));
        let router = Router::new().fallback(answer).with_state(state.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, state }
    }

    /// A run over so many pages that was started elsewhere: ids of the collection and the run.
    pub fn ready_run(&self, pages: usize) -> (String, String) {
        let mut state = self.state();
        state.collections.push(Collection {
            name: "elsewhere".into(),
            requests: (0..pages)
                .map(|page| json!({"url": format!("https://shop.example/item/{page}"), "custom_id": format!("sku-{page}")}))
                .collect(),
        });
        let collection = state.collections.len() - 1;
        state.runs.push(StartedRun {
            collection,
            ended: 0,
        });
        (
            format!("c{collection}"),
            format!("r{}", state.runs.len() - 1),
        )
    }

    /// The next call like this goes wrong; several are taken in order.
    pub fn break_next(&self, method: Method, path_end: &'static str, fault: Fault) {
        self.state().faults.push((method, path_end, fault));
    }

    pub fn refuse_key(&self, refused: bool) {
        self.state().key_refused = refused;
    }

    /// How many calls like this were carried out or refused.
    pub fn calls(&self, method: &str, path_end: &str) -> usize {
        let state = self.state();
        let like = |(made, path): &&(String, String)| made == method && path.ends_with(path_end);
        state.log.iter().filter(like).count()
    }

    pub fn runs_started(&self) -> usize {
        self.state().runs.len()
    }

    pub fn collections_made(&self) -> usize {
        self.state().collections.len()
    }

    /// One request of a collection as it was sent.
    pub fn request(&self, collection: usize, place: usize) -> Value {
        self.state().collections[collection].requests[place].clone()
    }

    pub fn state(&self) -> MutexGuard<'_, Scripted> {
        self.state.lock().unwrap()
    }
}

async fn answer(
    State(state): State<Arc<Mutex<Scripted>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
    body: Bytes,
) -> Response {
    let mut state = state.lock().unwrap();
    let path = uri.path().trim_start_matches("/v1").to_owned();
    state.log.push((method.to_string(), path.clone()));
    let place = state
        .faults
        .iter()
        .position(|(made, end, _)| *made == method && path.ends_with(end));
    let fault = place.map(|place| state.faults.remove(place).2);
    match &fault {
        Some(Fault::Answer(status, extra)) => return refuse(*status, extra),
        Some(Fault::Refuse(status, words)) => return reply(*status, json!({"detail": words})),
        Some(Fault::DropBefore) => return broken(),
        Some(Fault::DropAfter | Fault::AnswerAfter(_) | Fault::Cut) | None => {}
    }
    let key = headers
        .get("authorization")
        .and_then(|key| key.to_str().ok());
    if key != Some(&format!("Bearer {KEY}")) || state.key_refused {
        return reply(401, json!({"detail": "Unauthorized"}));
    }
    let answer = state.route(&method, &path, &headers, &query, &body);
    match fault {
        Some(Fault::DropAfter) => broken(),
        Some(Fault::AnswerAfter(status)) => refuse(status, &[]),
        Some(Fault::Cut) => cut(answer),
        Some(Fault::Answer(..) | Fault::Refuse(..) | Fault::DropBefore) | None => {
            let (status, json) = answer;
            reply(status, json)
        }
    }
}

impl Scripted {
    fn route(
        &mut self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
        query: &HashMap<String, String>,
        body: &Bytes,
    ) -> (u16, Value) {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match (method.as_str(), parts.as_slice()) {
            ("GET", ["sync", "billing"]) => (
                200,
                json!({"month": "2026-05", "credit_system": {"simple_request": 1, "browser_request": 5}, "clients": {}}),
            ),
            ("POST", ["sync", "scrape"]) => {
                let request: Value = serde_json::from_slice(body).unwrap();
                (200, self.answer(&request, Way::Usual))
            }
            ("POST", ["async", "collections"]) => self.create(headers, body),
            ("GET", ["async", "collections"]) => {
                let all = self.collections.iter().enumerate();
                let list: Vec<Value> = all
                    .map(|(id, collection)| json!({"id": format!("c{id}"), "name": collection.name, "created_at": EPOCH as f64 / 1000.0}))
                    .collect();
                (200, Value::Array(list))
            }
            ("POST", ["async", "collections", id, "run"]) => self.begin(id),
            ("GET", ["async", "collections", id, "runs"]) => {
                let collection = number(id);
                let runs: Vec<Value> = (0..self.runs.len())
                    .filter(|run| self.runs[*run].collection == collection)
                    .map(|run| self.run(run))
                    .collect();
                (200, json!({"total": runs.len(), "items": runs}))
            }
            ("GET", ["async", "collections", _, "runs", id]) => {
                let step = self.script.step;
                let Some(run) = self.runs.get_mut(number(id)) else {
                    return (404, json!({"detail": "Run not found."}));
                };
                let total = self.collections[run.collection].requests.len();
                run.ended = match step {
                    0 => total,
                    step => (run.ended + step).min(total),
                };
                (200, self.run(number(id)))
            }
            ("GET", ["async", "collections", _, "runs", id, "jobs"]) => {
                (200, self.jobs(number(id), query))
            }
            (
                "GET",
                [
                    "async",
                    "collections",
                    _,
                    "runs",
                    run,
                    "jobs",
                    job,
                    "result",
                ],
            ) => self.result(number(run), number(job)),
            _ => (404, json!({"detail": "Not Found"})),
        }
    }

    fn create(&mut self, headers: &HeaderMap, body: &Bytes) -> (u16, Value) {
        let key = headers["idempotency-key"].to_str().unwrap().to_owned();
        if let Some((known, id)) = self.keys.get(&key) {
            if known != body {
                let detail = "Idempotency-Key reused with a different payload.";
                return (422, json!({"detail": detail}));
            }
            return (201, receipt(*id, &self.collections[*id].name));
        }
        let sent: Value = serde_json::from_slice(body).unwrap();
        let id = self.collections.len();
        self.collections.push(Collection {
            name: sent["name"].as_str().unwrap().to_owned(),
            requests: sent["requests"].as_array().unwrap().clone(),
        });
        self.keys.insert(key, (body.clone(), id));
        (201, receipt(id, &self.collections[id].name))
    }

    fn begin(&mut self, id: &str) -> (u16, Value) {
        let collection = number(id);
        self.runs.push(StartedRun {
            collection,
            ended: 0,
        });
        (200, self.run(self.runs.len() - 1))
    }

    fn run(&self, id: usize) -> Value {
        let run = &self.runs[id];
        let total = self.collections[run.collection].requests.len();
        let (mut success, mut failed, mut timeout) = (0, 0, 0);
        for job in 0..run.ended {
            match self.way(job) {
                Way::Timeout => timeout += 1,
                Way::Gone | Way::Blocked => failed += 1,
                Way::Usual | Way::LeftOut | Way::Malformed | Way::Expired => success += 1,
            }
        }
        json!({
            "run_id": format!("r{id}"), "collection_id": format!("c{}", run.collection),
            "status": if run.ended == total { "completed" } else { "in_progress" },
            "total_requests": total, "success_requests": success, "failed_requests": failed,
            "timeout_requests": timeout, "created_at": EPOCH as f64 / 1000.0,
            "all_jobs_persisted": run.ended == total,
        })
    }

    fn way(&self, job: usize) -> Way {
        if job < self.script.expired {
            return Way::Expired;
        }
        if self.script.odd == 0 {
            return Way::Usual;
        }
        match job % self.script.odd {
            1 => Way::Gone,
            2 => Way::Timeout,
            3 => Way::Blocked,
            4 => Way::LeftOut,
            5 => Way::Malformed,
            _ => Way::Usual,
        }
    }

    fn jobs(&self, run: usize, query: &HashMap<String, String>) -> Value {
        let with_results = query
            .get("include_results")
            .is_some_and(|with| with == "true");
        let limit = query
            .get("limit")
            .and_then(|limit| limit.parse().ok())
            .unwrap_or(1000);
        let limit = if with_results { limit.min(100) } else { limit };
        let since = query
            .get("since_completed_at")
            .map(|since| since.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let from: usize = query
            .get("cursor")
            .map_or(0, |cursor| cursor.parse().unwrap());
        let ended = self.runs[run].ended;
        let listed: Vec<usize> = (self.script.never_listed..ended)
            .filter(|job| since.is_none_or(|since| completed(*job) > since))
            .filter(|job| *job >= from)
            .take(limit + 1)
            .collect();
        let more = listed.len() > limit;
        let next = more.then(|| listed[limit].to_string());
        let mut items: Vec<Value> = listed
            .iter()
            .take(limit)
            .map(|job| self.row(run, *job, with_results))
            .collect();
        if self.script.odd > 0 {
            items.insert(0, json!("not a row"));
        }
        json!({"items": items, "cursor_next": next, "has_more": more})
    }

    fn row(&self, run: usize, job: usize, with_result: bool) -> Value {
        let collection = self.runs[run].collection;
        let request = &self.collections[collection].requests[job];
        let way = self.way(job);
        let (status, code, success) = match way {
            Way::Gone => ("completed", json!(404), false),
            Way::Timeout => ("timeout", Value::Null, false),
            Way::Blocked => ("completed", json!(200), false),
            Way::Usual | Way::LeftOut | Way::Malformed | Way::Expired => {
                ("completed", json!(200), true)
            }
        };
        let result = match way {
            Way::LeftOut | Way::Timeout | Way::Expired => Value::Null,
            Way::Malformed => json!({"html": 5, "statusCode": "soon"}),
            Way::Usual | Way::Gone | Way::Blocked => self.answer(request, way),
        };
        json!({
            "job_public_id": format!("j{job}"), "run_public_id": format!("r{run}"),
            "status": status, "status_code": code, "is_success": success,
            "url": request["url"], "custom_id": request["custom_id"],
            "completed_at": moment(job), "execution_time_ms": 1200 + job % 100,
            "block_reason": if way == Way::Blocked { "captcha" } else { "none" },
            "result": if with_result { result } else { Value::Null },
        })
    }

    fn answer(&self, request: &Value, way: Way) -> Value {
        let url = request["url"].as_str().unwrap();
        let filler = "<p>warm and dry</p>".repeat(self.script.size / 19);
        let html =
            format!("<html><head><title>Page {url}</title></head><body>{filler}</body></html>");
        let price = request["browser"]
            .as_bool()
            .map_or(1, |browser| if browser { 5 } else { 1 });
        match way {
            Way::Gone => json!({"url": url, "html": "", "statusCode": 404, "message": "NOT FOUND",
                "guidance": {"success": false, "error_type": "http_404", "credits_charged": 0,
                    "credits_refunded": true, "stop_reason": "The page is gone."}}),
            Way::Blocked => {
                json!({"url": url, "html": "<p>captcha</p>", "statusCode": 200, "message": "OK",
                "guidance": {"success": false, "error_type": "captcha", "credits_charged": 0,
                    "credits_refunded": true, "suggested_request": {"url": url, "browser": true}}})
            }
            Way::Usual | Way::Timeout | Way::LeftOut | Way::Malformed | Way::Expired => {
                json!({"url": url, "html": html, "statusCode": 200, "message": "OK", "executionTime": 1.2,
                    "extracted_data": {"name": url},
                    "guidance": {"success": true, "credits_charged": price, "credits_refunded": false}})
            }
        }
    }

    fn result(&self, run: usize, job: usize) -> (u16, Value) {
        let request = &self.collections[self.runs[run].collection].requests[job];
        if self.way(job) == Way::Expired {
            let detail = json!({"error_code": "result_expired", "message": "The stored result has expired.",
                "completed_at": "2026-05-01T09:30:00Z", "age_hours": 26.4});
            return (404, json!({"detail": detail}));
        }
        (200, self.answer(request, Way::Usual))
    }
}

/// How a job ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Usual,
    Gone,
    Timeout,
    Blocked,
    LeftOut,
    Malformed,
    Expired,
}

/// Three of each millisecond.
fn completed(job: usize) -> i64 {
    EPOCH + job as i64 / 3
}

fn moment(job: usize) -> String {
    let ended = jiff::Timestamp::from_millisecond(completed(job)).unwrap();
    format!("{ended:.3}").trim_end_matches('Z').to_owned()
}

fn receipt(id: usize, name: &str) -> Value {
    json!({"id": format!("c{id}"), "name": name, "message": "Collection created successfully.",
        "duplicates_skipped": 0, "blocked_urls": [], "invalid_items": [], "duplicate_urls": []})
}

fn number(id: &str) -> usize {
    id.trim_start_matches(|letter: char| letter.is_alphabetic())
        .parse()
        .unwrap_or(usize::MAX)
}

fn reply(status: u16, json: Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    (status, axum::Json(json)).into_response()
}

fn refuse(status: u16, extra: &[(&'static str, String)]) -> Response {
    let mut answer = reply(
        status,
        json!({"detail": "Service unavailable, please try again later."}),
    );
    for (name, value) in extra {
        answer.headers_mut().insert(*name, value.parse().unwrap());
    }
    answer
}

fn broken() -> Response {
    let breaks = futures::stream::iter([Err::<Bytes, _>(std::io::Error::other("broken"))]);
    Body::from_stream(breaks).into_response()
}

fn cut((_, json): (u16, Value)) -> Response {
    let text = json.to_string();
    let half = Bytes::copy_from_slice(&text.as_bytes()[..text.len() / 2]);
    let parts = [Ok(half), Err(std::io::Error::other("cut"))];
    Body::from_stream(futures::stream::iter(parts)).into_response()
}
