//! Webhooks: signed, sent again when nobody listened, never to private addresses that nobody allowed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::caller::{Caller, Run};
use crate::site::Site;

/// Refuses the first calls, then hands on what it hears.
#[derive(Clone)]
struct Listener {
    refuses: usize,
    calls: Arc<AtomicUsize>,
    heard: mpsc::UnboundedSender<(HeaderMap, Bytes)>,
}

async fn listen(
    refuses: usize,
) -> (
    String,
    Arc<AtomicUsize>,
    mpsc::UnboundedReceiver<(HeaderMap, Bytes)>,
) {
    let socket = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let host = socket.local_addr().expect("its address").to_string();
    let (heard, calls_heard) = mpsc::unbounded_channel();
    let calls = Arc::new(AtomicUsize::new(0));
    let listener = Listener {
        refuses,
        calls: calls.clone(),
        heard,
    };
    let router = Router::new()
        .route("/hook", post(hear))
        .with_state(listener);
    tokio::spawn(axum::serve(socket, router).into_future());
    (host, calls, calls_heard)
}

async fn hear(State(listener): State<Listener>, headers: HeaderMap, body: Bytes) -> StatusCode {
    if listener.calls.fetch_add(1, Ordering::SeqCst) < listener.refuses {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    listener
        .heard
        .send((headers, body))
        .expect("the test listens");
    StatusCode::NO_CONTENT
}

/// A run with a webhook, and its path.
async fn run(caller: &Caller, page: &str, collections: Option<&str>, runs: Option<&str>) -> Run {
    let mut body = json!({"name": "told", "requests": [{"url": page}]});
    if let Some(url) = collections {
        body["callback_url"] = json!(url);
    }
    let made = caller.post("/v1/async/collections", body).await.body;
    let path = format!(
        "/v1/async/collections/{}",
        made["id"].as_str().unwrap_or_else(|| panic!("{made}"))
    );
    let start = runs.map_or_else(|| json!({}), |url| json!({"callback_url": url}));
    let started = caller.post(&format!("{path}/run"), start).await.body;
    assert_eq!(started["callback_status"], "pending");
    Run {
        path: format!("{path}/runs/{}", started["run_id"].as_str().expect("an id")),
    }
}

async fn status(caller: &Caller, run: &Run, wanted: &str) {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let now = caller.get(&run.path).await.body["callback_status"].clone();
        if now == wanted {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "the webhook stays {now}, and is not {wanted}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_that_fails_twice_hears_it_at_last_and_can_check_who_speaks() {
    let site = Site::open().await;
    let (host, calls, mut heard) = listen(2).await;
    let caller = Caller::new(&[&site.host(), &host]).await;
    let hook = format!("http://{host}/hook");
    let run = run(
        &caller,
        &site.url("/page"),
        Some("http://nobody.example/"),
        Some(&hook),
    )
    .await;
    status(&caller, &run, "retrying").await;
    let (headers, body) = heard.recv().await.expect("the third call");
    status(&caller, &run, "sent").await;
    assert_eq!(calls.load(Ordering::SeqCst), 3, "and then no more");

    let told: Value = serde_json::from_slice(&body).expect("JSON");
    let ended = caller.get(&run.path).await.body;
    assert_eq!(
        (&told["event"], &told["status"]),
        (&json!("run.completed"), &json!("completed"))
    );
    for field in [
        "run_id",
        "collection_id",
        "total_requests",
        "success_requests",
        "failed_requests",
        "job_ids",
    ] {
        assert_eq!(told[field], ended[field], "{field}");
    }
    assert_eq!(told["results_url"], caller.url(&run.path));
    let header = |name: &str| headers[name].to_str().expect("ASCII").to_owned();
    let mut mac =
        Hmac::<Sha256>::new_from_slice(caller.engine.webhook_secret().as_bytes()).expect("a key");
    mac.update(format!("{}.", header("x-sp-timestamp")).as_bytes());
    mac.update(&body);
    let signature: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(header("x-sp-signature"), signature);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_listener_that_nobody_allowed_is_not_called() {
    let site = Site::open().await;
    let (host, calls, _heard) = listen(0).await;
    let caller = Caller::new(&[&site.host(), &host]).await;
    let hook = format!("http://{host}/hook");
    // Allowed when the collection is made, not any more when its run ends.
    let body =
        json!({"name": "told", "callback_url": hook, "requests": [{"url": site.url("/page")}]});
    let made = caller.post("/v1/async/collections", body).await.body;
    caller.engine.allow_hosts(vec![site.host()]);
    let path = format!(
        "/v1/async/collections/{}",
        made["id"].as_str().expect("an id")
    );
    let started = caller.post(&format!("{path}/run"), json!({})).await.body;
    let run = Run {
        path: format!(
            "{path}/runs/{}",
            started["run_id"]
                .as_str()
                .unwrap_or_else(|| panic!("{started}"))
        ),
    };
    status(&caller, &run, "failed").await;
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}
