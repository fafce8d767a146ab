//! Contract §5.5 and §5.6.

use scrapingpros::types::{Depth, Difficulty, RunStatus, ViabilityRequest};
use serde_json::json;
use wiremock::matchers::{body_json, method, path};
use wiremock::{Mock, MockServer};

use crate::lines;
use crate::wire::{answering, calls, client, error, json as ok};

#[tokio::test]
async fn a_test_is_started() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/async/viability-test"))
        .and(body_json(
            json!({"urls": ["https://shop.example/"], "depth": "standard"}),
        ))
        .respond_with(error(
            202,
            include_str!("../fixtures/viability_started.json"),
        ))
        .expect(1)
        .mount(&server)
        .await;
    let request = ViabilityRequest {
        urls: vec!["https://shop.example/".into()],
        depth: Some(Depth::Standard),
        actions: None,
    };
    let test = client(&server.uri()).viability().start(&request).await;
    let test = test.expect("started").value;
    assert_eq!((test.run_id.as_str(), test.results), ("vt-9c1", None));
    assert!(!test.status.is_terminal());
}

#[tokio::test]
async fn a_test_costs_and_is_never_sent_twice() {
    let server = answering(error(502, "")).await;
    let request = ViabilityRequest::default();
    let failure = client(&server.uri()).viability().start(&request).await;
    failure.expect_err("broken");
    assert_eq!(calls(&server).await, 1);
    assert_eq!(Depth::Full.most_credits(), Some(12));
    assert_eq!(Depth::from("deeper").most_credits(), None);
}

#[tokio::test]
async fn a_test_that_is_done_says_how_to_scrape() {
    let server = answering(ok(include_str!("../fixtures/viability_completed.json"))).await;
    let test = client(&server.uri()).viability().get("vt-9c1").await;
    let test = test.expect("done").value;
    assert_eq!(
        lines(&server).await,
        ["GET /v1/async/viability-test/vt-9c1"]
    );
    assert_eq!(test.status, RunStatus::Completed);
    let results = test.results.expect("results");
    let found = &results[0];
    assert_eq!(found.difficulty, Some(Difficulty::Easy));
    assert_eq!(found.best_mode.as_deref(), Some("simple"));
    assert_eq!(found.browser_confidence, Some(0.2));
    let params = found.suggested_params.as_ref().expect("parameters");
    assert_eq!(params["browser"], json!(false));
    let modes: Vec<_> = found.modes().collect();
    assert_eq!(modes[0].0, "simple");
    assert_eq!(modes[0].1.success, Some(true));
    assert_eq!(modes[0].1.time_ms, Some(820.0));
}

#[tokio::test]
async fn all_but_the_address_may_be_missing() {
    let body = r#"{"run_id": "v", "results": [
        {"url": "https://a.example/"},
        {"captcha_detected": true},
        {"url": "https://b.example/", "difficulty": "brutal", "captcha_providers": "recaptcha,hcaptcha",
         "retry_after": "soon", "modes_tested": {"simple": null}, "new_in_2027": 1}
    ]}"#;
    let server = answering(ok(body)).await;
    let test = client(&server.uri()).viability().get("v").await;
    let test = test.expect("readable").value;
    assert_eq!(
        test.status,
        RunStatus::default(),
        "not said, so still running"
    );
    let results = test.results.expect("results");
    assert_eq!(results.len(), 2, "what names no address is left out");
    let odd = &results[1];
    assert_eq!(odd.difficulty, Some(Difficulty::Other("brutal".into())));
    assert_eq!(odd.captcha_providers, ["recaptcha", "hcaptcha"]);
    assert_eq!(odd.unknown["retry_after"], "soon", "kept for the details");
    assert_eq!(odd.unknown["new_in_2027"], 1);
    assert_eq!(odd.modes().next().expect("a mode").1.success, None);
}
