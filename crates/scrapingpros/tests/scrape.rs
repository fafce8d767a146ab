//! A scrape from request to result, in every form the service has for it (contract §3.1, §4.1, §9).
#![allow(clippy::expect_used, reason = "a test stops where it fails")]

mod wire;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use scrapingpros::types::{Format, ScrapeRequest, ScrapeResponse};
use scrapingpros::{Answered, Bucket, CallOptions, CreditsLeft, Error};
use serde_json::{Value, json};
use wire::{answering, calls, client, client_with, error, json as ok, page};
use wiremock::matchers::{body_json, header, method, path};
use wiremock::{Mock, MockServer};

async fn scraped(answer: wiremock::ResponseTemplate) -> Answered<ScrapeResponse> {
    let server = answering(answer).await;
    let answer = client(&server.uri())
        .scrape()
        .create(&page())
        .await
        .expect("a result");
    assert_eq!(calls(&server).await, 1, "one page, one call");
    answer
}

#[tokio::test]
async fn the_request_goes_out_as_the_contract_names_it() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/sync/scrape"))
        .and(header("x-scrape-id", "s-1"))
        .and(header("content-type", "application/json"))
        .and(body_json(
            json!({"url": "https://shop.example/", "format": "markdown", "browser": true}),
        ))
        .respond_with(ok(include_str!("fixtures/scrape_success.json")))
        .expect(1)
        .mount(&server)
        .await;
    let request = ScrapeRequest {
        format: Some(Format::Markdown),
        browser: true,
        ..page()
    };
    let options = CallOptions {
        headers: vec![
            ("X-Scrape-Id".into(), "s-1".into()),
            ("Content-Type".into(), "text/plain".into()),
            ("Authorization".into(), "Bearer other".into()),
        ],
        ..CallOptions::default()
    };
    let answer = client(&server.uri())
        .scrape()
        .create_with(&request, &options)
        .await
        .expect("a result");
    assert!(answer.value.verdict());
    let sent = server.received_requests().await.expect("recording is on");
    let keys: Vec<_> = sent[0].headers.get_all("authorization").iter().collect();
    assert_eq!(
        keys,
        [format!("Bearer {}", wire::CANARY).as_str()],
        "the account's own key"
    );
}

#[tokio::test]
async fn a_good_page() {
    let answer = scraped(ok(include_str!("fixtures/scrape_success.json"))).await;
    let result = &answer.value;
    assert!(result.verdict() && !result.is_binary());
    assert_eq!(result.markdown.as_deref(), Some("# Blue kettle\n\n$19.90"));
    assert_eq!(
        result.extracted_data.as_ref().expect("data")["title"],
        "Blue kettle"
    );
    assert!(
        result.unknown.is_empty(),
        "every field has its place: {:?}",
        result.unknown
    );
    assert_eq!(answer.guidance().credits_charged, Some(5));
}

#[tokio::test]
async fn a_blocked_page_is_a_result_with_advice() {
    let answer = scraped(ok(include_str!("fixtures/scrape_blocked.json"))).await;
    assert!(!answer.value.verdict());
    let guidance = answer.guidance();
    assert_eq!(guidance.error_type.as_deref(), Some("captcha"));
    assert_eq!(guidance.credits_refunded, Some(true));
    let suggested = guidance.suggested_request.expect("a suggestion");
    assert!(suggested.browser && suggested.retry_on_block);
}

#[tokio::test]
async fn a_failure_in_the_body_of_a_200_gets_its_guidance() {
    let body = include_str!("fixtures/scrape_in_body_500.json");
    let answer = scraped(ok(body).insert_header("x-credits-charged", "0")).await;
    assert!(!answer.value.verdict());
    assert_eq!(answer.value.guidance, None, "the service sent none");
    let guidance = answer.guidance();
    assert_eq!(guidance.error_type.as_deref(), Some("failed"));
    assert_eq!(
        (guidance.credits_charged, guidance.credits_refunded),
        (Some(0), Some(true))
    );
    let message = answer.value.message.expect("the service's words");
    assert!(
        message.contains("succesfully"),
        "as the service spells it: {message}"
    );
    assert_eq!(
        answer.value.url.as_deref(),
        Some("https://shop.example/"),
        "from the request"
    );
}

#[tokio::test]
async fn a_real_5xx_that_carries_a_result_is_one() {
    let body = include_str!("fixtures/scrape_in_body_500.json");
    for (status, body) in [
        (500, body),
        (502, body),
        (
            500,
            r#"{"message": "Request to https://shop.example/ failed: reset"}"#,
        ),
        (500, r#"{"statusCode": 403}"#),
    ] {
        let answer = scraped(error(status, body)).await;
        assert!(!answer.value.verdict(), "{status} {body}");
        assert_eq!(answer.meta.status, status, "the call's own status is kept");
    }
}

#[tokio::test]
async fn a_real_5xx_without_a_result_is_an_error() {
    for body in [
        "",
        "<h1>Bad Gateway</h1>",
        "null",
        "[]",
        r#"{"detail": "Down"}"#,
        r#"{"message": null}"#,
    ] {
        let server = answering(error(502, body)).await;
        let failure = client(&server.uri())
            .scrape()
            .create(&page())
            .await
            .expect_err(body);
        assert!(matches!(failure, Error::Server(_)), "{body}: {failure:?}");
        assert!(!failure.surely_never_began(), "it may have been charged");
    }
}

#[tokio::test]
async fn one_odd_field_does_not_cost_the_page() {
    let result = scraped(ok(include_str!("fixtures/scrape_odd.json")))
        .await
        .value;
    assert_eq!(result.html.as_deref(), Some("<p>Paid for</p>"));
    assert_eq!(result.status_code, Some(200), "written as a text");
    assert_eq!(
        result.content_type.as_deref(),
        Some("text/html"),
        "in the other spelling"
    );
    assert_eq!(result.message, None);
    assert_eq!(result.potentially_blocked_by_captcha, None);
    assert_eq!(result.execution_time, None);
    let calls = result
        .network_requests
        .as_deref()
        .expect("the readable entry");
    assert_eq!(calls.len(), 1, "null and 5 are no calls");
    assert_eq!(
        (calls[0].status, calls[0].unknown["cache"].as_str()),
        (Some(200), Some("hit"))
    );
    let guidance = result.guidance.as_ref().expect("an object");
    assert!(guidance.success, "nothing said, and the page has content");
    assert!(guidance.next_steps.is_empty() && guidance.suggested_request.is_none());
    assert!(
        result.cookies.as_ref().is_some_and(Value::is_array),
        "kept as it came"
    );
    for raw in [
        "custom_id",
        "executionTime",
        "extracted_data",
        "evaluate_results",
        "queue",
    ] {
        assert!(
            result.unknown.contains_key(raw),
            "{raw} is kept for the details view"
        );
    }
}

#[test]
fn the_verdict_without_guidance_needs_a_good_status_and_content() {
    let verdict = |answer: Value| {
        serde_json::from_value::<ScrapeResponse>(answer)
            .expect("an object")
            .verdict()
    };
    for good in [
        json!({"statusCode": 200, "html": "x"}),
        json!({"statusCode": 299, "markdown": "x"}),
        json!({"statusCode": 200, "body_base64": "eA=="}),
        json!({"statusCode": 200, "extracted_data": {"a": null}}),
        json!({"statusCode": 404, "guidance": {"success": true}}),
    ] {
        assert!(verdict(good.clone()), "{good}");
    }
    for bad in [
        json!({}),
        json!({"html": "x"}),
        json!({"statusCode": 200}),
        json!({"statusCode": 200, "html": "", "markdown": "", "extracted_data": {}}),
        json!({"statusCode": 301, "html": "x"}),
        json!({"statusCode": 404, "html": "x"}),
        json!({"statusCode": 200, "html": "x", "guidance": {"success": false}}),
        json!({"statusCode": 403, "html": "x", "guidance": {}}),
    ] {
        assert!(!verdict(bad.clone()), "{bad}");
    }
}

#[test]
fn a_failure_without_guidance_is_named_in_the_services_words() {
    for (answer, name) in [
        (json!({"statusCode": 404, "html": "x"}), Some("http_404")),
        (
            json!({"statusCode": 500, "message": "The job failed"}),
            Some("failed"),
        ),
        (
            json!({"statusCode": 500, "message": "Navigation timed out"}),
            Some("timeout"),
        ),
        (
            json!({"statusCode": 403, "potentiallyBlockedByCaptcha": true}),
            Some("captcha"),
        ),
        (json!({"statusCode": 200}), Some("failed")),
        (json!({}), Some("failed")),
        (json!({"statusCode": 200, "html": "x"}), None),
    ] {
        let result: ScrapeResponse = serde_json::from_value(answer.clone()).expect("an object");
        let guidance = result.guidance_or_synthesised(None);
        assert_eq!(guidance.error_type.as_deref(), name, "{answer}");
        assert_eq!(guidance.success, name.is_none(), "{answer}");
        assert_eq!(
            guidance.credits_charged, None,
            "a price nobody stated is not made up"
        );
    }
}

#[tokio::test]
async fn the_price_and_what_is_left_come_from_the_headers() {
    let body = include_str!("fixtures/scrape_success.json");
    let answer = ok(body)
        .insert_header("X-RateLimit-Limit", "60")
        .insert_header("X-RateLimit-Remaining", "59")
        .insert_header("X-RateLimit-Reset", "1775401200")
        .insert_header("X-Quota-Limit", "0")
        .insert_header("X-Quota-Used", "12")
        .insert_header("X-Quota-Remaining", "unlimited")
        .insert_header("X-Credits-Charged", "5");
    let server = answering(answer).await;
    let client = client(&server.uri());
    let meta = client
        .scrape()
        .create(&page())
        .await
        .expect("a result")
        .meta;
    assert_eq!((meta.status, meta.credits_charged), (200, Some(5)));
    let rate = meta.rate_limit.expect("stated");
    assert_eq!(
        (rate.limit, rate.remaining, rate.reset),
        (Some(60), Some(59), Some(1_775_401_200))
    );
    let quota = meta.quota.expect("stated");
    assert_eq!(quota.limit, None, "0 means not stated");
    assert_eq!(quota.remaining, Some(CreditsLeft::Unlimited));
    assert_eq!(
        client.rate_limit(Bucket::Write),
        Some(rate),
        "a scrape writes"
    );
    assert_eq!(
        client.rate_limit(Bucket::Read),
        None,
        "reads are counted apart"
    );
    assert_eq!(client.quota(), Some(quota));
}

#[tokio::test]
async fn headers_that_make_no_sense_are_as_good_as_missing() {
    let answer = ok("{}")
        .insert_header("X-RateLimit-Limit", "many")
        .insert_header("X-Quota-Remaining", "-3")
        .insert_header("X-Quota-Limit", "1e6")
        .insert_header("X-Credits-Charged", "99999999999");
    let meta = scraped(answer).await.meta;
    assert_eq!(
        (meta.rate_limit, meta.quota, meta.credits_charged),
        (None, None, None)
    );
}

#[tokio::test]
async fn an_error_also_tells_what_is_left() {
    let answer = error(429, r#"{"detail": "Monthly quota exceeded"}"#)
        .insert_header("X-Quota-Limit", "1000")
        .insert_header("X-Quota-Remaining", "0");
    let server = answering(answer).await;
    let client = client(&server.uri());
    let failure = client.scrape().create(&page()).await.expect_err("used up");
    let quota = failure.meta().and_then(|meta| meta.quota).expect("stated");
    assert_eq!(
        (quota.limit, quota.remaining),
        (Some(1000), Some(CreditsLeft::Credits(0)))
    );
    assert_eq!(client.quota(), Some(quota));
}

#[tokio::test]
async fn a_watcher_sees_the_answer_arrive() {
    let body = format!(
        r#"{{"statusCode": 200, "html": "{}"}}"#,
        "x".repeat(300_000)
    );
    let server = answering(ok(&body)).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    let options = CallOptions {
        on_received: Some(Arc::new(move |bytes| {
            sink.lock().expect("no panic").push(bytes)
        })),
        ..CallOptions::default()
    };
    client(&server.uri())
        .scrape()
        .create_with(&page(), &options)
        .await
        .expect("a result");
    let seen = seen.lock().expect("no panic");
    assert!(seen.is_sorted(), "only ever more: {seen:?}");
    assert_eq!(seen.last(), Some(&(body.len() as u64)), "to the last byte");
}

#[tokio::test]
async fn patience_depends_on_what_is_asked_for() {
    let server = answering(ok("{}").set_delay(Duration::from_secs(30))).await;
    for (browser, retry_on_block) in [(false, false), (true, false), (false, true), (true, true)] {
        let client = client_with(&server.uri(), |config| {
            let short = Duration::from_millis(50);
            let timeouts = &mut config.timeouts;
            let slot = match (browser, retry_on_block) {
                (_, true) => &mut timeouts.retry_on_block,
                (true, false) => &mut timeouts.browser,
                (false, false) => &mut timeouts.scrape,
            };
            *slot = short;
        });
        let request = ScrapeRequest {
            browser,
            retry_on_block,
            ..page()
        };
        let failure = client
            .scrape()
            .create(&request)
            .await
            .expect_err("too slow");
        assert!(
            failure.is_timeout(),
            "{browser} {retry_on_block}: {failure:?}"
        );
    }
}

#[tokio::test]
async fn an_answer_with_a_byte_order_mark_or_broken_letters_is_still_read() {
    let mut body = b"\xef\xbb\xbf{\"statusCode\": 200, \"html\": \"caf\xe9\"}".to_vec();
    for _ in 0..2 {
        let server = answering(
            wiremock::ResponseTemplate::new(200).set_body_raw(body.clone(), "application/json"),
        )
        .await;
        let answer = client(&server.uri())
            .scrape()
            .create(&page())
            .await
            .expect("a result");
        assert_eq!(answer.value.html.as_deref(), Some("caf\u{fffd}"));
        body.drain(..3);
    }
}
