//! Browser pages through the whole engine; needs a Chromium on this computer. What the browser itself
//! does is tested beside it.

use serde_json::{Value, json};

use crate::caller::Caller;
use crate::site::Site;

#[tokio::test]
async fn a_page_drawn_by_javascript_is_suggested_a_browser_and_then_works() {
    let caller = Caller::new(&[]).await;
    let simple = caller.scrape(json!({"url": "http://sample.shop/checkpoint?browser=1", "extract": {"title": "css:h1"}})).await;
    assert_eq!(
        simple.guidance("error_type"),
        "captcha",
        "{}",
        simple.body["guidance"]
    );
    let suggested = simple.guidance("suggested_request").clone();
    let shown = caller.scrape(suggested).await;
    assert_eq!(
        (shown.status, shown.guidance("success")),
        (200, &json!(true)),
        "{}",
        shown.body["guidance"]
    );
    assert_eq!(
        (
            shown.header("x-credits-charged"),
            shown.header("x-quota-used")
        ),
        ("5", "5")
    );
    assert!(
        shown.body["extracted_data"]["title"].is_string(),
        "the suggestion keeps what was asked"
    );
    caller.engine.stop().await;
}

#[tokio::test]
async fn what_steps_collect_joins_what_is_extracted() {
    let caller = Caller::new(&[]).await;
    let answer = caller
        .scrape(json!({"url": "http://sample.shop/new", "browser": true, "screenshot": true,
            "extract": {"names": {"selector": "css:.card .name", "multiple": true}, "title": "css:title"},
            "actions": [
                {"type": "wait-for-selector", "selector": "css:.card", "time": 10000},
                {"type": "collect", "extract": {"names": {"selector": "css:.card .name", "multiple": true}, "again": "css:h1"}},
                {"type": "evaluate", "script": "document.title"},
            ]}))
        .await;
    let data = &answer.body["extracted_data"];
    let names = data["names"].as_array().map_or(&[][..], Vec::as_slice);
    assert!(
        !names.is_empty() && names.len() % 2 == 0,
        "both takes of the same page: {data}"
    );
    assert_eq!(names[..names.len() / 2], names[names.len() / 2..], "{data}");
    assert!(
        data["title"].is_string() && data["again"].is_array(),
        "{data}"
    );
    assert_eq!(
        answer.body["evaluate_results"].as_array().map(Vec::len),
        Some(1)
    );
    assert!(
        answer.body["screenshot"].is_string() && answer.guidance("success") == true,
        "{}",
        answer.body["guidance"]
    );
    caller.engine.stop().await;
}

#[tokio::test]
async fn a_step_that_never_matches_is_named_and_free() {
    let caller = Caller::new(&[]).await;
    let answer = caller
        .scrape(
            json!({"url": "http://sample.shop/", "browser": true, "actions": [
            {"type": "wait-for-timeout", "time": 1},
            {"type": "wait-for-selector", "selector": "css:.never", "time": 300}]}),
        )
        .await;
    assert_eq!(
        (answer.status, answer.header("x-credits-charged")),
        (200, "0"),
        "{}",
        answer.body
    );
    let message = answer.body["message"].as_str().unwrap_or_default();
    assert!(message.contains("step 1 (wait-for-selector)"), "{message}");
    assert_eq!(
        (&answer.body["html"], answer.guidance("success")),
        (&Value::Null, &json!(false))
    );
    caller.engine.stop().await;
}

#[tokio::test]
async fn the_browser_is_held_by_the_same_guard() {
    let (open, secret) = (Site::open().await, Site::open().await);
    let caller = Caller::new(&[&open.host()]).await;
    for url in [
        secret.url("/page"),
        open.url(&format!("/to/{}", secret.url("/page"))),
        "http://localhost/".into(),
    ] {
        let answer = caller.scrape(json!({"url": url, "browser": true})).await;
        assert_eq!(answer.status, 422, "{url}: {}", answer.body);
        assert!(
            answer.body["detail"]
                .as_str()
                .is_some_and(|detail| detail.contains("SSRF")),
            "{url}: {}",
            answer.body
        );
    }
    let script = format!(
        "fetch('{}', {{mode: 'no-cors'}}).then(() => 'reached', () => 'refused')",
        secret.url("/page")
    );
    caller
        .scrape(json!({"url": open.url("/page"), "browser": true, "actions": [{"type": "evaluate", "script": script}]}))
        .await;
    assert_eq!(
        secret.visits(),
        0,
        "not by navigation, not by redirect, not by script"
    );
    caller.engine.stop().await;
}

#[tokio::test]
async fn a_selector_that_only_the_browser_can_judge_names_its_place() {
    let caller = Caller::new(&[]).await;
    let answer = caller
        .scrape(
            json!({"url": "http://sample.shop/", "browser": true, "actions": [
            {"type": "click", "selector": "css:a:no-such-class", "optional": true}]}),
        )
        .await;
    assert_eq!(
        (answer.status, &answer.body["detail"][0]["loc"]),
        (422, &json!(["body", "actions", 0, "selector"])),
        "{}",
        answer.body
    );
    caller.engine.stop().await;
}
