//! Rows about calls, statuses and headers.

use scrapingpros::types::{
    CollectionChange, NewCollection, Proxy, ScrapeRequest, ViabilityRequest,
};
use scrapingpros::{Bucket, CollectionFilter, CreditsLeft, Error};
use serde_json::json;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::wire::{answering, client, error, json as ok, page};

const REFERENCE: &str =
    "There is a problem with the collection. Please check the requests. url is missing";

fn new_collection() -> NewCollection {
    NewCollection {
        name: "kettles".into(),
        requests: vec![page()],
        callback_url: None,
    }
}

#[tokio::test]
async fn row_01_wrong_parameters_are_one_error_in_every_form() {
    let list = r#"{"detail": [{"loc": ["body", "requests", 0, "url"], "msg": "Field required", "type": "missing"}]}"#;
    for (status, body, words, fields) in [
        (400, json!({"detail": REFERENCE}).to_string(), REFERENCE, 0),
        (
            422,
            r#"{"detail": "name is missing"}"#.to_owned(),
            "name is missing",
            0,
        ),
        (422, list.to_owned(), "url: Field required", 1),
    ] {
        let server = answering(error(status, &body)).await;
        let failure = client(&server.uri())
            .collections()
            .create(&new_collection())
            .await
            .expect_err(&body);
        let Error::Invalid(refusal) = failure else {
            panic!("{body}: invalid, not {failure:?}");
        };
        assert_eq!(
            (refusal.text.as_str(), refusal.fields.len()),
            (words, fields)
        );
    }
}

#[tokio::test]
async fn row_02_a_bad_item_fails_the_call_or_stands_in_the_answer() {
    let whole = answering(error(400, &json!({"detail": REFERENCE}).to_string())).await;
    let failure = client(&whole.uri())
        .collections()
        .create(&new_collection())
        .await;
    assert!(matches!(failure, Err(Error::Invalid(_))), "{failure:?}");

    let partial = answering(error(
        201,
        include_str!("../fixtures/collection_created.json"),
    ))
    .await;
    let receipt = client(&partial.uri())
        .collections()
        .create(&new_collection())
        .await;
    let receipt = receipt.expect("partly taken in").value;
    assert_eq!(
        (receipt.blocked_urls.len(), receipt.invalid_items.len()),
        (1, 1)
    );

    let bare = answering(ok(
        r#"{"id": "c1", "name": "kettles", "message": "Created"}"#,
    ))
    .await;
    let receipt = client(&bare.uri())
        .collections()
        .create(&new_collection())
        .await;
    let receipt = receipt.expect("an old server").value;
    assert_eq!(receipt.queued(3), 3, "no bucket, nothing refused");

    let odd = r#"{"id": "c1", "blocked_urls": null, "duplicates_skipped": 2, "duplicate_urls": [],
        "invalid_items": [{"index": "4", "url": null, "errors": [{"field": null}]}], "new": 1}"#;
    let odd = answering(ok(odd)).await;
    let receipt = client(&odd.uri())
        .collections()
        .create(&new_collection())
        .await;
    let receipt = receipt.expect("a newer server").value;
    assert_eq!(receipt.invalid_items[0].index, Some(4));
    assert_eq!(
        receipt.duplicates(),
        2,
        "the list is empty, so the number counts"
    );
    assert_eq!(receipt.unknown["new"], 1);
}

#[tokio::test]
async fn row_03_a_failed_scrape_is_a_result_in_every_form() {
    let in_body = include_str!("../fixtures/scrape_in_body_500.json");
    for (form, answer) in [
        ("200 that says 500", ok(in_body)),
        ("a real 500", error(500, in_body)),
        (
            "a real 502",
            error(502, r#"{"statusCode": 502, "message": "Request failed"}"#),
        ),
        (
            "200 with a bad verdict",
            ok(r#"{"statusCode": 200, "html": "x", "guidance": {"success": false}}"#),
        ),
    ] {
        let server = answering(answer).await;
        let result = client(&server.uri()).scrape().create(&page()).await;
        let result = result.expect(form);
        assert!(!result.value.verdict(), "{form}");
        assert!(!result.guidance().success, "{form}");
    }
    let gateway = answering(error(502, "")).await;
    let failure = client(&gateway.uri()).scrape().create(&page()).await;
    assert!(
        matches!(failure, Err(Error::Server(_))),
        "no result at all: {failure:?}"
    );
}

#[tokio::test]
async fn row_04_any_2xx_is_a_success() {
    for status in [200, 201, 202] {
        let server = answering(error(
            status,
            r#"{"id": "c1", "run_id": "r1", "name": "x"}"#,
        ))
        .await;
        let client = client(&server.uri());
        let receipt = client.collections().create(&new_collection()).await;
        assert_eq!(receipt.expect("made").meta.status, status);
        client.runs().start("c1").await.expect("started");
        let change = CollectionChange::default();
        client
            .collections()
            .update("c1", &change)
            .await
            .expect("changed");
        client.collections().delete("c1").await.expect("removed");
        let test = ViabilityRequest::default();
        client.viability().start(&test).await.expect("started");
    }
}

#[tokio::test]
async fn row_05_every_status_has_its_class() {
    for (status, body, class) in [
        (400, r#"{"detail": "x"}"#, "Invalid"),
        (401, r#"{"detail": "Unauthorized"}"#, "Unauthorized"),
        (403, r#"{"detail": "x"}"#, "Forbidden"),
        (404, r#"{"detail": "Run not found."}"#, "NotFound"),
        (422, r#"{"detail": "x"}"#, "Invalid"),
        (429, r#"{"detail": "Rate limit exceeded"}"#, "RateLimited"),
        (
            429,
            r#"{"detail": "Monthly quota exceeded"}"#,
            "QuotaExceeded",
        ),
        (500, r#"{"detail": "x"}"#, "Server"),
        (502, "", "Server"),
        (
            503,
            r#"{"detail": "Service unavailable, please try again later."}"#,
            "Server",
        ),
        (504, "<p>timeout</p>", "Server"),
    ] {
        let server = answering(error(status, body)).await;
        let failure = client(&server.uri()).runs().get("c", "r").await;
        let failure = failure.expect_err(body);
        assert!(
            format!("{failure:?}").starts_with(class),
            "{status}: {failure:?}"
        );
        assert_eq!(failure.status(), Some(status));
    }
}

#[tokio::test]
async fn row_12_an_update_answers_with_either_shape() {
    for (body, name) in [
        (
            include_str!("../fixtures/collection_updated.json"),
            Some("kettles v2"),
        ),
        (
            r#"{"id": "c1", "name": "a", "created_at": 1.5, "updated_at": 2.5}"#,
            Some("a"),
        ),
        (r#"{"message": "Collection updated successfully."}"#, None),
        ("{}", None),
    ] {
        let server = answering(ok(body)).await;
        let change = CollectionChange::default();
        let answer = client(&server.uri())
            .collections()
            .update("c1", &change)
            .await;
        assert_eq!(answer.expect(body).value.name.as_deref(), name, "{body}");
    }
}

#[tokio::test]
async fn row_17_a_quota_is_a_number_a_word_or_not_stated() {
    for (limit, remaining, quota) in [
        (
            "5000",
            "4990",
            Some((Some(5000), Some(CreditsLeft::Credits(4990)))),
        ),
        ("0", "unlimited", Some((None, Some(CreditsLeft::Unlimited)))),
        (
            "0",
            "99999999",
            Some((None, Some(CreditsLeft::Credits(99_999_999)))),
        ),
        ("plenty", "-1", None),
    ] {
        let answer = ok("[]")
            .insert_header("x-quota-limit", limit)
            .insert_header("x-quota-remaining", remaining);
        let server = answering(answer).await;
        let client = client(&server.uri());
        let list = client
            .collections()
            .list(&CollectionFilter::default())
            .await;
        let stated = list.expect("a list").meta.quota;
        let stated = stated.map(|quota| (quota.limit, quota.remaining));
        assert_eq!(stated, quota, "{limit}, {remaining}");
        assert_eq!(
            client.quota().map(|quota| (quota.limit, quota.remaining)),
            quota
        );
    }
}

#[tokio::test]
async fn row_18_each_bucket_keeps_its_own_limit() {
    let server = MockServer::start().await;
    let limited =
        |answer: ResponseTemplate, limit: &str| answer.insert_header("x-ratelimit-limit", limit);
    Mock::given(method("GET"))
        .respond_with(limited(ok(r#"{"items": []}"#), "10000"))
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .respond_with(limited(
            error(429, r#"{"detail": "Too many requests"}"#),
            "30",
        ))
        .mount(&server)
        .await;
    let client = client(&server.uri());
    client.runs().list("c", None).await.expect("a list");
    client.runs().start("c").await.expect_err("429");
    let limit = |bucket| client.rate_limit(bucket).and_then(|rate| rate.limit);
    assert_eq!(limit(Bucket::Read), Some(10_000));
    assert_eq!(limit(Bucket::Write), Some(30), "also from a refusal");
}

#[tokio::test]
async fn row_23_the_proxy_is_sent_as_it_was_chosen() {
    let server = answering(error(201, r#"{"id": "c1"}"#)).await;
    let collection = NewCollection {
        requests: vec![
            ScrapeRequest {
                use_proxy: Some(Proxy::Code("any".into())),
                ..page()
            },
            page(),
        ],
        ..new_collection()
    };
    let made = client(&server.uri())
        .collections()
        .create(&collection)
        .await;
    made.expect("made");
    let sent = server.received_requests().await.expect("recording is on");
    let body: serde_json::Value = serde_json::from_slice(&sent[0].body).expect("JSON");
    assert_eq!(body["requests"][0]["use_proxy"], "any");
    assert_eq!(
        body["requests"][1].get("use_proxy"),
        None,
        "none was chosen"
    );
}

#[tokio::test]
async fn row_25_free_forms_are_taken_as_they_are() {
    for body in [r#"{"data": []}"#, "[1, 2]", "7", r#""none""#, "null"] {
        let server = answering(ok(body)).await;
        let client = client(&server.uri());
        let metrics = client.usage().metrics(None, None).await.expect(body).value;
        assert_eq!(
            metrics,
            serde_json::from_str::<serde_json::Value>(body).expect("JSON")
        );
        client.health().get().await.expect(body);
    }
    for body in [
        r#"{"plans": [{"name": "x", "credits": 5, "perks": ["a"]}]}"#,
        "[]",
        "{}",
    ] {
        let server = answering(ok(body)).await;
        client(&server.uri()).plans().list().await.expect(body);
    }
    let odd = r#"{"date": 20260503, "scrape_type": [4], "url": {"a.example": {"simple": 1}}}"#;
    let server = answering(ok(odd)).await;
    let metrics = client(&server.uri())
        .usage()
        .client_metrics(&Default::default())
        .await;
    let metrics = metrics.expect(odd).value;
    assert_eq!((metrics.date, metrics.scrape_type), (None, None));
    assert_eq!(
        metrics.unknown["scrape_type"],
        json!([4]),
        "kept for the details"
    );
}

#[tokio::test]
async fn row_26_the_demo_key_may_be_refused_a_country() {
    for (words, is_country) in [
        ("Country proxy not approved", true),
        ("This feature is not part of the demo plan", false),
    ] {
        let server = answering(error(403, &json!({"detail": words}).to_string())).await;
        let failure = client(&server.uri()).scrape().create(&page()).await;
        let failure = failure.expect_err("refused");
        assert_eq!(matches!(failure, Error::CountryNotApproved(_)), is_country);
        assert_eq!(matches!(failure, Error::Forbidden(_)), !is_country);
        assert_eq!(
            failure.refusal().expect("words").text,
            words,
            "the service's own"
        );
        assert!(failure.surely_never_began());
    }
}
