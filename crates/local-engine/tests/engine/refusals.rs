//! Requests that are wrong: found before anything is opened, with the place named.

use serde_json::{Value, json};

use crate::caller::{Caller, KEY, answer};
use crate::site::Site;

/// A request and the place of its problem.
fn wrong_requests() -> Vec<(Value, Value)> {
    let url = "http://sample.shop/";
    let with = |extra: Value| {
        let mut request = json!({"url": url, "browser": true});
        for (name, value) in extra.as_object().expect("an object") {
            request[name] = value.clone();
        }
        request
    };
    let step =
        |step: Value| with(json!({"actions": [{"type": "wait-for-timeout", "time": 1}, step]}));
    vec![
        (json!({}), json!(["body", "url"])),
        (json!([]), json!(["body"])),
        (json!({"url": 7}), json!(["body", "url"])),
        (json!({"url": ""}), json!(["body", "url"])),
        (json!({"url": "  "}), json!(["body", "url"])),
        (json!({"url": "/relative"}), json!(["body", "url"])),
        (json!({"url": "www.example.com"}), json!(["body", "url"])),
        (json!({"url": "http://"}), json!(["body", "url"])),
        (json!({"url": "http://a b/"}), json!(["body", "url"])),
        (
            json!({"url": url, "screenshot": true}),
            json!(["body", "screenshot"]),
        ),
        (
            json!({"url": url, "network_capture": {}}),
            json!(["body", "network_capture"]),
        ),
        (
            json!({"url": url, "block_resources": ["image"]}),
            json!(["body", "block_resources"]),
        ),
        (
            json!({"url": url, "block_requests": ["ads"]}),
            json!(["body", "block_requests"]),
        ),
        (
            json!({"url": url, "actions": [{"type": "key-press", "key": "Enter"}]}),
            json!(["body", "actions"]),
        ),
        (with(json!({"browser": "yes"})), json!(["body", "browser"])),
        (with(json!({"format": "pdf"})), json!(["body", "format"])),
        (
            with(json!({"window_size": "huge"})),
            json!(["body", "window_size"]),
        ),
        (
            with(json!({"custom_id": "x".repeat(256)})),
            json!(["body", "custom_id"]),
        ),
        (
            with(json!({"block_resources": ["image", "cats"]})),
            json!(["body", "block_resources", 1]),
        ),
        (
            with(json!({"headers": {"a b": "c"}})),
            json!(["body", "headers", "a b"]),
        ),
        (
            with(json!({"headers": {"X-A": "c\r\nHost: evil"}})),
            json!(["body", "headers", "X-A"]),
        ),
        (
            with(json!({"cookies": {"a;b": "c"}})),
            json!(["body", "cookies", "a;b"]),
        ),
        (
            with(json!({"cookies": {"a": "b\r\nc"}})),
            json!(["body", "cookies", "a"]),
        ),
        (
            with(json!({"extract": {"ok": "css:a", "price": "css:.."}})),
            json!(["body", "extract", "price"]),
        ),
        (
            with(json!({"extract": {"price": "xpath://["}})),
            json!(["body", "extract", "price"]),
        ),
        (
            with(json!({"extract": {"a.b": "h1"}})),
            json!(["body", "extract", "a.b"]),
        ),
        (
            with(json!({"extract": {"price": 7}})),
            json!(["body", "extract", "price"]),
        ),
        (
            with(json!({"http_method": {"method": "post", "url": "/x"}})),
            json!(["body", "http_method", "url"]),
        ),
        (
            with(json!({"http_method": {"method": "post", "content_type": "xml"}})),
            json!(["body", "http_method"]),
        ),
        (
            with(json!({"http_method": {"method": "put"}})),
            json!(["body", "http_method", "method"]),
        ),
        (
            step(json!({"type": "click", "selector": "css:a["})),
            json!(["body", "actions", 1, "selector"]),
        ),
        (
            step(json!({"type": "click", "selector": "a"})),
            json!(["body", "actions", 1, "selector"]),
        ),
        (
            step(json!({"type": "input", "selector": "xpath://[", "text": ""})),
            json!(["body", "actions", 1, "selector"]),
        ),
        (
            step(json!({"type": "click"})),
            json!(["body", "actions", 1, "selector"]),
        ),
        (
            step(json!({"type": "dance"})),
            json!(["body", "actions", 1, "type"]),
        ),
        (
            step(json!({"type": "collect", "extract": {"f": "css:["}})),
            json!(["body", "actions", 1, "extract", "f"]),
        ),
        (
            step(
                json!({"type": "while", "condition": {"type": "selector-visible", "selector": "css:["}, "actions": []}),
            ),
            json!(["body", "actions", 1, "condition", "selector"]),
        ),
        (
            step(
                json!({"type": "while", "condition": {"type": "selector-visible", "selector": "css:a"},
                "actions": [{"type": "click", "selector": "css:["}]}),
            ),
            json!(["body", "actions", 1, "actions", 0, "selector"]),
        ),
        (
            step(
                json!({"type": "while", "condition": {"type": "selector-visible", "selector": "css:a"},
                "actions": [{"type": "while", "condition": {"type": "selector-visible", "selector": "css:a"}, "actions": []}]}),
            ),
            json!(["body", "actions", 1]),
        ),
    ]
}

#[tokio::test]
async fn wrong_requests_name_the_place() {
    let caller = Caller::new(&[]).await;
    for (request, place) in wrong_requests() {
        let answer = caller.scrape(request.clone()).await;
        assert_eq!(answer.status, 422, "{request}: {}", answer.body);
        let problem = &answer.body["detail"][0];
        assert_eq!(problem["loc"], place, "{request}: {problem}");
        assert!(
            problem["msg"].is_string() && problem["type"].is_string(),
            "{problem}"
        );
    }
    let billing = caller.get("/v1/sync/billing").await.body;
    assert_eq!(
        billing["clients"]["local"]["total_requests"], 0,
        "nothing was spent"
    );
}

#[tokio::test]
async fn several_problems_are_told_at_once() {
    let caller = Caller::new(&[]).await;
    let answer = caller
        .scrape(json!({"url": "http://sample.shop/", "screenshot": true, "window_size": "huge", "extract": {"a": "b"}}))
        .await;
    assert_eq!(
        answer.body["detail"].as_array().map(Vec::len),
        Some(3),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn other_schemes_are_blocked() {
    let caller = Caller::new(&[]).await;
    for url in [
        "ftp://example.com/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "chrome://version",
    ] {
        for browser in [false, true] {
            let answer = caller.scrape(json!({"url": url, "browser": browser})).await;
            assert_eq!(answer.status, 422, "{url}");
            let detail = answer.body["detail"].as_str().unwrap_or_default();
            assert!(
                detail.starts_with("URL blocked by SSRF protection: "),
                "{url}: {detail}"
            );
        }
    }
}

#[tokio::test]
async fn country_proxies_are_not_here() {
    let caller = Caller::new(&[]).await;
    let url = "http://sample.shop/";
    for proxy in [json!("US"), json!({"proxy": "DE", "max_retries": 3})] {
        let answer = caller.scrape(json!({"url": url, "use_proxy": proxy})).await;
        assert_eq!(
            (answer.status, answer.body),
            (403, json!({"detail": "Country proxy not approved"}))
        );
        let download = caller
            .post("/v1/sync/download", json!({"url": url, "use_proxy": proxy}))
            .await;
        assert_eq!(download.status, 403);
    }
    for proxy in [
        json!("any"),
        json!(null),
        json!({"proxy": "any"}),
        json!(""),
    ] {
        assert_eq!(
            caller
                .scrape(json!({"url": url, "use_proxy": proxy}))
                .await
                .status,
            200,
            "{proxy}"
        );
    }
}

#[tokio::test]
async fn bodies_that_are_no_request_get_four_hundreds() {
    let caller = Caller::new(&[]).await;
    let send = |mime: &'static str, body: Vec<u8>| {
        let request = caller
            .http
            .post(caller.url("/v1/sync/scrape"))
            .bearer_auth(KEY);
        answer(request.header("Content-Type", mime).body(body))
    };
    let deep = format!(
        "{{\"url\":\"http://sample.shop/\",\"http_method\":{{\"method\":\"post\",\"payload\":{}",
        "[".repeat(200_000)
    );
    let cases: [(&'static str, Vec<u8>, u16); 8] = [
        ("application/json", b"".to_vec(), 422),
        ("application/json", b"{".to_vec(), 422),
        (
            "application/json",
            b"{\"url\":\"http://sample.shop/\"} x".to_vec(),
            422,
        ),
        ("application/json", b"\xff\xfe".to_vec(), 422),
        ("application/json", deep.into_bytes(), 422),
        (
            "text/plain",
            b"{\"url\":\"http://sample.shop/\"}".to_vec(),
            415,
        ),
        (
            "application/x-www-form-urlencoded",
            b"url=http://sample.shop/".to_vec(),
            415,
        ),
        ("application/json", vec![b' '; 11 * 1024 * 1024], 413),
    ];
    for (mime, body, status) in cases {
        let start = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        let answer = send(mime, body).await;
        assert_eq!(answer.status, status, "{mime} {start}: {}", answer.body);
        assert!(answer.body["detail"].is_string() || answer.body["detail"].is_array());
    }
    let charset = send(
        "application/json; charset=utf-8",
        b"{\"url\":\"http://sample.shop/\"}".to_vec(),
    )
    .await;
    assert_eq!(charset.status, 200, "parameters of the type do no harm");
}

#[tokio::test]
async fn what_the_official_client_sends_is_understood() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let answer = caller
        .scrape(json!({"url": site.url("/page"), "format": "html", "browser": false, "browser_type": "light",
            "use_proxy": "any", "screenshot": false, "language": "", "window_size": "", "retry_on_block": false}))
        .await;
    assert_eq!(
        (answer.status, answer.guidance("success")),
        (200, &json!(true)),
        "{}",
        answer.body
    );
}
