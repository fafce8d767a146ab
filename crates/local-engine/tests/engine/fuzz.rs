//! Requests that nobody planned for: arbitrary bytes, arbitrary JSON, and valid requests with a part
//! changed. Whatever comes is answered, never with a 5xx. `PROPTEST_CASES` says how many are tried;
//! what once failed is kept under `proptest-regressions`.

use std::sync::Arc;

use local_engine::{EngineOptions, Rates};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};
use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::runtime::Runtime;

use crate::caller::{Caller, KEY};

const POSTS: [&str; 5] = [
    "/v1/sync/scrape",
    "/v1/sync/download",
    "/v1/proxy/request-country",
    "/v1/async/collections",
    "/v1/async/viability-test",
];

/// Valid but for their addresses, which no engine opens: what is changed must never reach a site.
fn valid() -> Vec<Value> {
    let scrape = json!({
        "url": "http://10.0.0.1/", "format": "markdown", "browser": true, "browser_type": "auto",
        "use_proxy": {"proxy": "any", "max_retries": 3, "delay_seconds": 1, "backoff_factor": 2},
        "screenshot": true, "language": "es-AR", "window_size": "desktop", "custom_id": "a",
        "headers": {"X-Test": "1"}, "cookies": {"session": "abc", "n": 1},
        "http_method": {"method": "post", "payload": {"a": [1]}, "url": "http://10.0.0.1/x", "content_type": "form"},
        "actions": [
            {"type": "click", "selector": "css:a", "wait_for_navigation": true, "optional": true},
            {"type": "wait-for-selector", "selector": "xpath://h1", "time": 500, "state": "visible"},
            {"type": "while", "condition": {"type": "selector-visible", "selector": "css:b"}, "max_iterations": 3,
                "actions": [{"type": "collect", "extract": {"t": "css:h1"}}]},
            {"type": "evaluate", "script": "1", "timeout": null},
        ],
        "extract": {"title": "css:h1", "links": {"selector": "xpath://a", "attribute": "href", "multiple": true}},
        "network_capture": {"resource_types": ["xhr"], "listen_after_load_ms": 10, "url_pattern": "*api*"},
        "retry_on_block": true, "block_resources": ["image"], "block_requests": ["ads"],
    });
    vec![
        scrape.clone(),
        json!({"url": "http://10.0.0.1/a.pdf", "use_proxy": "any"}),
        json!({"country_code": "DE", "reason": "prices"}),
        json!({"name": "list", "callback_url": "http://10.0.0.1/hook", "requests": [scrape, {"url": "http://10.0.0.2/"}]}),
        json!({"urls": ["http://10.0.0.1/", "http://10.0.0.2/"], "depth": "full",
            "actions": [{"type": "input", "selector": "css:input", "text": "a"}]}),
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop_oneof![
            Just("\0"),
            Just("css:"),
            Just("xpath://["),
            Just("http://"),
            Just("http://[::1"),
            Just("http://10.0.0.1:99999/"),
            Just("javascript:1"),
            Just("any"),
            Just("xpath:count(//a) + 1"),
            Just("css::nth-child(99999999999999999999)"),
        ]
        .prop_map(Value::from),
        (1_usize..5_000).prop_map(|length| Value::from("ä".repeat(length))),
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::vec(("\\PC{0,8}", inner), 0..8)
                .prop_map(|fields| Value::Object(Map::from_iter(fields))),
        ]
    })
}

/// What is done to one part of a request.
#[derive(Debug, Clone)]
enum Change {
    Replace(Value),
    Remove,
    Wrap,
    Repeat(usize),
    Add(String, Value),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => any_json().prop_map(Change::Replace),
        1 => Just(Change::Remove),
        1 => Just(Change::Wrap),
        1 => (2_usize..200).prop_map(Change::Repeat),
        1 => ("\\PC{0,8}", any_json()).prop_map(|(name, value)| Change::Add(name, value)),
    ]
}

fn changed(mut request: Value, changes: &[(Index, Change)]) -> Value {
    for (place, change) in changes {
        let mut paths = Vec::new();
        paths_of(&request, String::new(), &mut paths);
        let path = place.get(&paths).clone();
        if let Change::Remove = change {
            remove(&mut request, &path);
            continue;
        }
        let Some(part) = request.pointer_mut(&path) else {
            continue;
        };
        match change {
            Change::Replace(value) => *part = value.clone(),
            Change::Remove => {}
            Change::Wrap => *part = json!([part.take()]),
            Change::Repeat(times) => *part = Value::Array(vec![part.take(); *times]),
            Change::Add(name, value) => {
                if let Some(fields) = part.as_object_mut() {
                    fields.insert(name.clone(), value.clone());
                }
            }
        }
    }
    request
}

fn paths_of(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                paths_of(value, format!("{path}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate().take(20) {
                paths_of(item, format!("{path}/{index}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    found.push(path);
}

fn remove(request: &mut Value, path: &str) {
    let Some((parent, name)) = path.rsplit_once('/') else {
        return;
    };
    let name = name.replace("~1", "/").replace("~0", "~");
    match request.pointer_mut(parent) {
        Some(Value::Object(fields)) => {
            fields.remove(&name);
        }
        Some(Value::Array(items)) => {
            if let Some(index) = name
                .parse()
                .ok()
                .filter(|index: &usize| *index < items.len())
            {
                items.remove(index);
            }
        }
        _ => {}
    }
}

struct Engine {
    runtime: Runtime,
    caller: Arc<Caller>,
}

impl Engine {
    fn start() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let caller = runtime.block_on(Caller::with(EngineOptions {
            rates: Rates {
                reads_per_minute: u32::MAX,
                writes_per_minute: u32::MAX,
            },
            ..EngineOptions::default()
        }));
        Self {
            runtime,
            caller: Arc::new(caller),
        }
    }

    fn post(&self, path: &str, body: Vec<u8>) -> Result<(), TestCaseError> {
        let request = self
            .caller
            .http
            .post(self.caller.url(path))
            .bearer_auth(KEY);
        let request = request
            .header("content-type", "application/json")
            .body(body);
        self.runtime.block_on(async {
            let response = request.send().await;
            let response = response
                .map_err(|error| TestCaseError::fail(format!("{path}: no answer: {error}")))?;
            let status = response.status().as_u16();
            let text = response
                .text()
                .await
                .map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert!(status < 500, "{path}: {status} {text}");
            let json: Result<Value, _> = serde_json::from_str(&text);
            prop_assert!(json.is_ok(), "{path}: {status} {text:?} is no JSON");
            Ok(())
        })
    }

    fn end(self) {
        let Self { runtime, caller } = self;
        let caller = Arc::into_inner(caller).expect("nobody else has it");
        runtime.block_on(caller.engine.stop());
    }
}

fn run<S: Strategy>(strategy: &S, test: impl Fn(&Engine, S::Value) -> Result<(), TestCaseError>) {
    let mut config = Config {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/proptest-regressions/fuzz.txt"
        )))),
        ..Config::default()
    };
    // Each case is an HTTP call; the environment asks for more.
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 200;
    }
    let engine = Engine::start();
    let result = TestRunner::new(config).run(strategy, |value| test(&engine, value));
    engine.end();
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

#[test]
fn arbitrary_bytes_are_answered() {
    let bytes = (0..POSTS.len(), prop::collection::vec(any::<u8>(), 0..2_000));
    run(&bytes, |engine, (path, body)| {
        engine.post(POSTS[path], body)
    });
}

#[test]
fn arbitrary_json_is_answered() {
    let json = (0..POSTS.len(), any_json());
    run(&json, |engine, (path, body)| {
        engine.post(POSTS[path], body.to_string().into_bytes())
    });
}

#[test]
fn changed_requests_are_answered() {
    let changes = prop::collection::vec((any::<Index>(), change()), 1..5);
    let bases = valid();
    run(
        &(0..POSTS.len(), changes),
        move |engine, (path, changes)| {
            let body = changed(bases[path].clone(), &changes);
            engine.post(POSTS[path], body.to_string().into_bytes())
        },
    );
}

/// One byte could make a private address a public one, and that would be opened.
fn is_of_address(body: &[u8], at: usize) -> bool {
    const START: &[u8] = b"http://10.0.0.";
    const LENGTH: usize = START.len() + 2;
    let from = at.saturating_sub(LENGTH - 1);
    let near = &body[from..body.len().min(at + START.len())];
    (from..=at).any(|start| {
        near.get(start - from..)
            .is_some_and(|rest| rest.starts_with(START))
    })
}

#[test]
fn changed_bytes_of_requests_are_answered() {
    let edits = prop::collection::vec((any::<Index>(), any::<u8>(), any::<bool>()), 1..6);
    let bases = valid();
    run(&(0..POSTS.len(), edits), move |engine, (path, edits)| {
        let mut body = bases[path].to_string().into_bytes();
        for (place, byte, cuts) in edits {
            let at = place.index(body.len());
            if cuts {
                body.truncate(at.max(1));
            } else if !is_of_address(&body, at) {
                body[at] = byte;
            }
        }
        engine.post(POSTS[path], body)
    });
}

#[test]
fn arbitrary_words_on_the_wire_leave_it_standing() {
    let words = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..500),
        ("[A-Z]{1,8}", "\\PC{0,40}", "\\PC{0,80}").prop_map(|(method, path, rest)| format!(
            "{method} {path} HTTP/1.1\r\n{rest}\r\n\r\n"
        )
        .into_bytes()),
    ];
    run(&words, |engine, words| {
        let addr = engine.caller.engine.url().replace("http://", "");
        engine.runtime.block_on(async {
            let mut stream = tokio::net::TcpStream::connect(addr)
                .await
                .expect("it listens");
            let _ = stream.write_all(&words).await;
            let _ = stream.shutdown().await;
            let mut said = Vec::new();
            let _ = stream.read_to_end(&mut said).await;
            let said = String::from_utf8_lossy(&said);
            prop_assert!(
                said.is_empty()
                    || said.starts_with("HTTP/1.1 4")
                    || said.starts_with("HTTP/1.1 200"),
                "{said}"
            );
            Ok(())
        })
    });
}
