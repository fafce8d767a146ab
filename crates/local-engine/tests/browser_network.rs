//! The calls a page makes: blocked, listed, with their bodies, in foreign frames and workers too.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod browser_lab;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::{any, get};
use browser_lab::{Lab, PIXEL, page, sent};
use serde_json::json;

#[tokio::test]
async fn blocked_kinds_and_addresses_are_never_asked_for() {
    let body = "<img src=/a.png><link rel=stylesheet href=/a.css><script src=/AdServer/x.js></script><script src=/b.js></script>
        <iframe src=/frame></iframe><script>fetch('/data').catch(() => {})</script>";
    let site = Router::new()
        .route("/", page(body))
        .route("/a.png", sent("image/png", PIXEL))
        .route("/a.css", sent("text/css", "p{}"))
        .route("/b.js", sent("text/javascript", "window.b = 1"))
        .route("/AdServer/x.js", sent("text/javascript", ""))
        .route("/frame", page("frame"))
        .route("/data", sent("text/plain", "data"));
    let lab = Lab::start(site).await;
    let opened = lab
        .open(
            "/",
            json!({
                "block_resources": ["image", "document", "fetch"], "block_requests": ["ADSERVER"],
                "network_capture": {},
            }),
        )
        .await
        .unwrap();
    for blocked in ["/a.png", "/AdServer/x.js", "/frame", "/data"] {
        assert!(lab.visits(blocked).is_empty(), "{blocked} was asked for");
    }
    assert_eq!(lab.visits("/").len(), 1, "the page itself is never blocked");
    assert_eq!(
        (lab.visits("/a.css").len(), lab.visits("/b.js").len()),
        (1, 1)
    );
    let calls = opened.network.unwrap();
    let image = calls
        .iter()
        .find(|call| call.url.as_ref().unwrap().ends_with("/a.png"))
        .unwrap();
    assert_eq!(
        image.status, None,
        "a blocked call is listed without a status"
    );
}

#[tokio::test]
async fn foreign_frames_and_workers_obey_the_same_rules() {
    let body = "<script>
        const frame = document.createElement('iframe');
        frame.src = `http://localhost:${location.port}/frame`;
        document.body.append(frame);
        new Worker('/worker.js');
        </script>";
    let site = Router::new()
        .route("/", page(body))
        .route("/frame", page("<script>fetch('/in-frame'); fetch('/tracker/frame').catch(() => {}); alert('hi')</script>"))
        .route("/worker.js", sent("text/javascript", "fetch('/in-worker'); fetch('/tracker/worker').catch(() => {})"))
        .route("/in-frame", sent("text/plain", "frame"))
        .route("/in-worker", sent("text/plain", "worker"))
        .route("/tracker/frame", sent("text/plain", "bad"))
        .route("/tracker/worker", sent("text/plain", "bad"));
    let lab = Lab::start(site).await;
    let opened = lab
        .open(
            "/",
            json!({"block_requests": ["/tracker/"], "language": "es-AR", "network_capture": {"url_pattern": "*/in-*"}}),
        )
        .await
        .unwrap();
    let calls = opened.network.unwrap();
    for (path, body) in [("/in-frame", "frame"), ("/in-worker", "worker")] {
        let call = calls
            .iter()
            .find(|call| call.url.as_ref().unwrap().ends_with(path))
            .unwrap_or_else(|| panic!("{path} in {calls:?}"));
        assert_eq!(
            (call.status, call.body.as_deref()),
            (Some(200), Some(body)),
            "{path}"
        );
        assert!(
            lab.visits(path)[0]
                .header("accept-language")
                .starts_with("es-AR"),
            "{path}"
        );
    }
    for path in ["/tracker/frame", "/tracker/worker"] {
        assert!(lab.visits(path).is_empty(), "{path} was asked for");
    }
}

#[tokio::test]
async fn network_capture_lists_calls_and_carries_bodies() {
    let body = "<img src=/a.png><script>
        fetch('/api/items?page=1', {method: 'POST', body: '{}'});
        const x = new XMLHttpRequest(); x.open('GET', '/api/big'); x.send();
        fetch('/api/gone'); fetch('/api/moved'); fetch('http://127.0.0.1:1/dead').catch(() => {});
        setTimeout(() => fetch('/late'), 1500);</script>";
    let site = Router::new()
        .route("/", page(body))
        .route("/a.png", sent("image/png", PIXEL))
        .route(
            "/api/items",
            any(|| async { ([("content-type", "application/json")], "{\"n\":1}") }),
        )
        .route(
            "/api/big",
            sent("application/octet-stream", vec![0xff; 100_000]),
        )
        .route("/api/gone", get(|| async { (StatusCode::GONE, "gone") }))
        .route(
            "/api/moved",
            any(|| async { Redirect::temporary("/api/items") }),
        )
        .route("/late", sent("text/plain", "late"));
    let lab = Lab::start(site).await;
    let opened = lab
        .open(
            "/",
            json!({"network_capture": {"resource_types": ["xhr", "fetch"], "listen_after_load_ms": 2500, "url_pattern": "*/api/*"}}),
        )
        .await
        .unwrap();
    let calls = opened.network.unwrap();
    let find = |path: &str| {
        calls
            .iter()
            .find(|call| call.url.as_ref().unwrap().ends_with(path))
            .unwrap_or_else(|| panic!("{path} in {calls:?}"))
    };
    assert!(
        calls
            .iter()
            .all(|call| ["xhr", "fetch"].contains(&call.resource_type.as_deref().unwrap()))
    );
    let items = find("/api/items?page=1");
    assert_eq!(items.method.as_deref(), Some("POST"));
    assert_eq!(
        (items.status, items.content_type.as_deref()),
        (Some(200), Some("application/json"))
    );
    assert_eq!(items.body.as_deref(), Some("{\"n\":1}"));
    assert_eq!(
        (items.body_encoding.as_deref(), items.body_truncated),
        (Some("utf-8"), Some(false))
    );
    let big = find("/api/big");
    assert_eq!(big.resource_type.as_deref(), Some("xhr"));
    assert_eq!(
        (big.body_encoding.as_deref(), big.body_truncated),
        (Some("base64"), Some(true))
    );
    assert_eq!(find("/api/gone").status, Some(410));
    assert_eq!(
        find("/api/moved").status,
        Some(307),
        "each hop of a redirect is a call"
    );
    assert_eq!(
        find("/late").body,
        None,
        "its address does not fit the pattern"
    );
    assert_ne!(find("/dead").status, Some(200), "a failed call is listed");

    let without = lab.open("/", json!({})).await.unwrap();
    assert_eq!(without.network, None, "nobody asked");
}
