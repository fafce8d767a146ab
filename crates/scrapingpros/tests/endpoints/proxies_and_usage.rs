//! Contract §4.3 to §4.8.

use scrapingpros::types::{CountryRequest, CountryStatus, numbers};
use scrapingpros::{Bucket, ClientMetricsQuery, Error};
use serde_json::{Value, json};
use wiremock::matchers::{body_json, method, path};
use wiremock::{Mock, MockServer};

use crate::lines;
use crate::wire::{answering, client, error, json as ok};

#[tokio::test]
async fn countries_come_in_an_object_or_bare() {
    for body in [
        include_str!("../fixtures/proxy_countries.json"),
        r#"["AR", "BR", "DE", "US"]"#,
        r#"{"countries": "AR,BR,DE,US", "error": null}"#,
    ] {
        let server = answering(ok(body)).await;
        let countries = client(&server.uri()).proxies().countries().await;
        let countries = countries.expect(body).value;
        assert_eq!(countries.countries, ["AR", "BR", "DE", "US"], "{body}");
        assert_eq!(lines(&server).await, ["GET /v1/proxy/countries"]);
    }
    let server = answering(ok(r#"{"countries": null, "error": "no proxies today"}"#)).await;
    let none = client(&server.uri()).proxies().countries().await;
    let none = none.expect("an answer").value;
    assert_eq!(none.error.as_deref(), Some("no proxies today"));
    assert!(none.countries.is_empty());
    let server = answering(ok("7")).await;
    let failure = client(&server.uri()).proxies().countries().await;
    assert!(matches!(failure, Err(Error::Parse(_))), "{failure:?}");
}

#[tokio::test]
async fn a_country_is_asked_for_always_with_a_reason() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/proxy/request-country"))
        .and(body_json(json!({"country_code": "DE", "reason": ""})))
        .respond_with(ok(include_str!("../fixtures/proxy_requested.json")))
        .expect(1)
        .mount(&server)
        .await;
    let request = CountryRequest {
        country_code: "DE".into(),
        reason: String::new(),
    };
    let asked = client(&server.uri())
        .proxies()
        .request_country(&request)
        .await;
    let asked = asked.expect("asked").value;
    assert_eq!(asked.status, CountryStatus::Pending);
    assert_eq!(asked.message.as_deref(), Some("Request registered."));
    for status in [400, 422] {
        let server = answering(error(status, r#"{"detail": "Unknown country"}"#)).await;
        let failure = client(&server.uri())
            .proxies()
            .request_country(&request)
            .await;
        assert!(matches!(failure, Err(Error::Invalid(_))), "{failure:?}");
    }
}

#[tokio::test]
async fn the_accounts_countries_are_told() {
    let server = answering(ok(include_str!("../fixtures/proxy_status.json"))).await;
    let status = client(&server.uri()).proxies().status().await;
    let status = status.expect("told").value;
    assert_eq!(status.approved_countries, ["US"]);
    assert_eq!(status.pending_countries, ["DE"]);
    assert_eq!(lines(&server).await, ["GET /v1/proxy/status"]);
}

#[tokio::test]
async fn figures_are_asked_for_in_every_way() {
    let server = answering(ok(include_str!("../fixtures/client_metrics.json"))).await;
    let client = client(&server.uri());
    let day = ClientMetricsQuery {
        date: Some("2026-05-03:2026-05-04".into()),
        hourly: true,
        by_domain: true,
    };
    let metrics = client.usage().client_metrics(&day).await;
    let metrics = metrics.expect("figures").value;
    assert_eq!(metrics.date.as_deref(), Some("2026-05-03"));
    assert_eq!(metrics.scrape_type.expect("by kind")["browser"], 10);
    let usage = client.usage();
    usage
        .client_metrics(&ClientMetricsQuery::default())
        .await
        .expect("figures");
    usage
        .metrics(Some("2026-05-03"), Some("proxy"))
        .await
        .expect("figures");
    usage.metrics(None, None).await.expect("figures");
    usage
        .billing_by_domain(Some("2026-05"))
        .await
        .expect("figures");
    usage.billing(None).await.expect("figures");
    assert_eq!(
        lines(&server).await,
        [
            "GET /v1/sync/client-metrics?date=2026-05-03%3A2026-05-04&hourly=true&detail=urls",
            "GET /v1/sync/client-metrics",
            "GET /v1/sync/metrics?date=2026-05-03&metric=proxy",
            "GET /v1/sync/metrics",
            "GET /v1/sync/billing?month=2026-05&detail=urls",
            "GET /v1/sync/billing",
        ]
    );
}

#[tokio::test]
async fn figures_of_the_whole_service_may_be_refused() {
    let server = answering(error(403, r#"{"detail": "Admins only"}"#)).await;
    let failure = client(&server.uri()).usage().metrics(None, None).await;
    assert!(matches!(failure, Err(Error::Forbidden(_))), "{failure:?}");
}

#[test]
fn every_number_of_a_free_form_answer_is_found() {
    let answer: Value = json!({
        "date": "2026-05", "scrape_type": {"simple": 40, "browser": {"light": 1.5}},
        "days": [{"n": 1}, {"n": null}], "ok": true
    });
    let found = numbers(&answer);
    let expected = [
        ("scrape_type.simple", 40.0),
        ("scrape_type.browser.light", 1.5),
        ("days.0.n", 1.0),
    ];
    assert_eq!(
        found,
        expected.map(|(path, number)| (path.to_owned(), number))
    );
}

#[tokio::test]
async fn reads_and_writes_count_down_apart() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ok("[]").insert_header("x-ratelimit-remaining", "9999"))
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .respond_with(ok(r#"{"run_id": "r"}"#).insert_header("x-ratelimit-remaining", "29"))
        .mount(&server)
        .await;
    Mock::given(method("DELETE"))
        .respond_with(ok("{}").insert_header("x-ratelimit-remaining", "28"))
        .mount(&server)
        .await;
    let client = client(&server.uri());
    let left = |bucket| client.rate_limit(bucket).and_then(|limit| limit.remaining);
    client
        .collections()
        .list(&Default::default())
        .await
        .expect("a list");
    assert_eq!(
        (left(Bucket::Read), left(Bucket::Write)),
        (Some(9999), None)
    );
    client.runs().start("c").await.expect("a run");
    assert_eq!(
        (left(Bucket::Read), left(Bucket::Write)),
        (Some(9999), Some(29))
    );
    client.collections().delete("c").await.expect("removed");
    assert_eq!(
        (left(Bucket::Read), left(Bucket::Write)),
        (Some(9999), Some(28))
    );
}
