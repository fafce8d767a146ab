//! Downloads, health, plans and usage (contract §4.2, §4.5, §4.9, §5.7).
#![allow(clippy::expect_used, reason = "a test stops where it fails")]

mod wire;

use scrapingpros::Error;
use scrapingpros::types::{DownloadRequest, HealthResponse, Proxy};
use serde_json::json;
use wire::{answering, calls, client, error, json as ok};
use wiremock::matchers::{body_json, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn pdf() -> DownloadRequest {
    DownloadRequest {
        url: "https://shop.example/a.pdf".into(),
        use_proxy: Some(Proxy::Code("any".into())),
    }
}

#[tokio::test]
async fn a_file_arrives_as_bytes() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/sync/download"))
        .and(body_json(
            json!({"url": "https://shop.example/a.pdf", "use_proxy": "any"}),
        ))
        .respond_with(ok(include_str!("fixtures/download_success.json")))
        .expect(1)
        .mount(&server)
        .await;
    let file = client(&server.uri())
        .downloads()
        .create(&pdf())
        .await
        .expect("a file")
        .value;
    assert_eq!(file.bytes().expect("base64"), b"%PDF-1.4\n");
    assert_eq!(file.content_type.as_deref(), Some("application/pdf"));
}

#[tokio::test]
async fn both_spellings_of_the_type_are_read() {
    for body in [
        r#"{"contentType": "a/b"}"#,
        r#"{"content_type": "a/b"}"#,
        r#"{"content_type": null, "contentType": "a/b"}"#,
        r#"{"content_type": "a/b", "contentType": "c/d"}"#,
    ] {
        let server = answering(ok(body)).await;
        let file = client(&server.uri())
            .downloads()
            .create(&pdf())
            .await
            .expect(body)
            .value;
        assert_eq!(file.content_type.as_deref(), Some("a/b"), "{body}");
    }
}

#[tokio::test]
async fn a_500_in_the_shape_of_a_file_is_the_final_answer() {
    let server = answering(error(500, include_str!("fixtures/download_failed.json"))).await;
    let answer = client(&server.uri())
        .downloads()
        .create(&pdf())
        .await
        .expect("an answer");
    assert_eq!(answer.meta.status, 500);
    assert_eq!(answer.value.bytes(), None);
    assert_eq!(answer.value.message.as_deref(), Some("error description"));
    assert_eq!(calls(&server).await, 1, "not paid for twice");
}

#[tokio::test]
async fn any_2xx_is_a_reachable_service() {
    let server = answering(ok(include_str!("fixtures/health.json"))).await;
    let health = client(&server.uri())
        .health()
        .get()
        .await
        .expect("reachable")
        .value;
    assert_eq!(health.is_good(), Some(true));
    let parts: Vec<(&str, bool)> = health
        .components
        .iter()
        .map(|part| (part.name.as_str(), part.is_good()))
        .collect();
    assert_eq!(parts, [("api", true), ("queue", false)]);
    assert_eq!(health.components[1].details["depth"], 40);
    for body in ["pong", "", "[]", "{}", r#"{"status": 1}"#] {
        let server = answering(ResponseTemplate::new(200).set_body_string(body)).await;
        let health = client(&server.uri())
            .health()
            .get()
            .await
            .expect("reachable")
            .value;
        assert_eq!(
            health.is_good(),
            None,
            "{body:?} says nothing about how it is"
        );
    }
}

#[test]
fn the_services_words_for_good_are_known_in_any_case() {
    for (word, good) in [
        ("ok", true),
        ("Healthy", true),
        ("UP", true),
        (" pass ", true),
        ("degraded", false),
        ("not ok", false),
    ] {
        let health = HealthResponse::from(json!({"status": word}));
        assert_eq!(health.is_good(), Some(good), "{word:?}");
    }
}

#[tokio::test]
async fn plans_are_read_one_by_one() {
    let server = answering(ok(include_str!("fixtures/plans.json"))).await;
    let plans = client(&server.uri())
        .plans()
        .list()
        .await
        .expect("plans")
        .value
        .plans;
    assert_eq!(plans.len(), 2, "null is no plan");
    assert_eq!(plans[0].display_name.as_deref(), Some("Growth"));
    assert_eq!(
        (plans[0].credits_monthly, plans[0].max_concurrent_jobs),
        (Some(100_000), Some(20))
    );
    assert_eq!(plans[0].other["price_monthly"], 69);
    assert_eq!(plans[1].credits_monthly, None);
    assert_eq!(
        plans[1].other["credits_monthly"], "unlimited",
        "kept as it came"
    );
}

#[tokio::test]
async fn plans_come_bare_or_wrapped_or_not_at_all() {
    for (body, count) in [
        (r#"[{"display_name": "A"}, {"display_name": "B"}]"#, 2),
        (r#"{"plans": [{"display_name": "A"}]}"#, 1),
        (r#"{"plans": null}"#, 0),
        ("{}", 0),
    ] {
        let server = answering(ok(body)).await;
        let plans = client(&server.uri())
            .plans()
            .list()
            .await
            .expect(body)
            .value
            .plans;
        assert_eq!(plans.len(), count, "{body}");
    }
    let server = answering(ok("7")).await;
    let failure = client(&server.uri())
        .plans()
        .list()
        .await
        .expect_err("a number");
    assert!(matches!(failure, Error::Parse(_)), "{failure:?}");
}

#[tokio::test]
async fn billing_of_a_month() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/v1/sync/billing"))
        .and(query_param("month", "2026-05"))
        .respond_with(ok(include_str!("fixtures/billing.json")))
        .expect(1)
        .mount(&server)
        .await;
    let client = client(&server.uri());
    let billing = client
        .usage()
        .billing(Some("2026-05"))
        .await
        .expect("a bill")
        .value;
    assert_eq!(billing.month.as_deref(), Some("2026-05"));
    let account = &billing.clients["sandbox"];
    assert_eq!((account.simple_total, account.total_failed), (84, 5));
    assert_eq!(account.credits.expect("credits").total, 180);
    assert_eq!(billing.credit_system.expect("prices").browser_request, 5);
}

#[tokio::test]
async fn the_current_month_is_asked_for_by_saying_nothing() {
    let server = answering(ok("{}")).await;
    let billing = client(&server.uri())
        .usage()
        .billing(None)
        .await
        .expect("a bill")
        .value;
    assert!(
        billing.clients.is_empty() && billing.credit_system.is_none(),
        "nothing is required"
    );
    let requests = server.received_requests().await.expect("recording is on");
    assert_eq!(requests[0].url.query(), None);
}

#[tokio::test]
async fn odd_numbers_in_a_bill_read_as_nothing() {
    let body = r#"{"month": 5, "credit_system": "new", "currency": "credits", "clients": {"me": {
        "simple_total": null, "browser_total": "12", "total_requests": 3.0, "total_failed": -1,
        "credits": null, "by_url": [], "note": "x"}}}"#;
    let server = answering(ok(body)).await;
    let billing = client(&server.uri())
        .usage()
        .billing(None)
        .await
        .expect("a bill")
        .value;
    let me = &billing.clients["me"];
    assert_eq!(
        (
            me.simple_total,
            me.browser_total,
            me.total_requests,
            me.total_failed
        ),
        (0, 12, 3, 0)
    );
    assert_eq!(
        (billing.month, billing.credit_system, me.credits),
        (None, None, None)
    );
    assert_eq!(me.by_url, Some(json!([])));
    assert_eq!(
        (
            me.unknown["note"].as_str(),
            billing.unknown["currency"].as_str()
        ),
        (Some("x"), Some("credits"))
    );
}
