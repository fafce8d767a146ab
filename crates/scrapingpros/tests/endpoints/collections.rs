//! Contract §4.10 to §4.13 and §5.4.

use std::time::Duration;

use scrapingpros::types::{BlockedReason, CollectionChange, NewCollection, ScrapeRequest};
use scrapingpros::{CollectionFilter, Deletion, Error, PreparedCollection};
use serde_json::{Value, json};
use wiremock::matchers::{body_json, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::wire::{RudeServer, answering, calls, client, client_with, error, json as ok, page};
use crate::{lines, received};

fn kettles() -> NewCollection {
    NewCollection {
        name: "kettles-9f3a".into(),
        requests: vec![
            ScrapeRequest {
                custom_id: Some("sku-42".into()),
                ..page()
            },
            page(),
        ],
        callback_url: Some("https://me.example/done".into()),
    }
}

#[tokio::test]
async fn a_collection_is_made_and_its_refused_requests_are_told() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/async/collections"))
        .and(body_json(json!({
            "name": "kettles-9f3a",
            "requests": [
                {"url": "https://shop.example/", "custom_id": "sku-42"},
                {"url": "https://shop.example/"}
            ],
            "callback_url": "https://me.example/done"
        })))
        .respond_with(error(
            201,
            include_str!("../fixtures/collection_created.json"),
        ))
        .expect(1)
        .mount(&server)
        .await;
    let answer = client(&server.uri())
        .collections()
        .create(&kettles())
        .await
        .expect("made");
    let receipt = answer.value;
    assert_eq!(
        receipt.id.as_deref(),
        Some("7d1c2f54-2222-4a0b-8a57-6f0d9f1f2b33")
    );
    assert_eq!(receipt.blocked_urls[0].index, Some(3));
    assert_eq!(receipt.blocked_urls[0].reason, BlockedReason::PrivateIp);
    assert_eq!(receipt.invalid_items[0].errors[0].field, "custom_id");
    assert_eq!(receipt.duplicates(), 1);
    assert_eq!(receipt.queued(8), 5, "8 less one blocked, invalid, double");
    assert!(!answer.meta.replayed, "nothing said so");
}

#[tokio::test]
async fn a_prepared_collection_is_sent_to_the_byte_as_before_also_after_it_was_stored() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(
            error(201, r#"{"id": "c1", "name": "kettles-9f3a"}"#)
                .insert_header("Idempotency-Replayed", "false"),
        )
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .respond_with(
            error(201, r#"{"id": "c1", "name": "kettles-9f3a"}"#)
                .insert_header("Idempotency-Replayed", "True"),
        )
        .mount(&server)
        .await;
    let client = client(&server.uri());
    let prepared = client.collections().prepare(&kettles()).expect("prepared");
    let stored = serde_json::to_string(&prepared).expect("it can be stored");
    let first = client.collections().create_prepared(&prepared).await;
    assert!(!first.expect("made").meta.replayed, "made now");

    let restored: PreparedCollection = serde_json::from_str(&stored).expect("and read back");
    assert_eq!(restored, prepared);
    let apart = PreparedCollection::from_parts(prepared.key().into(), prepared.body().into());
    assert_eq!(apart.expect("a body"), prepared, "stored in two columns");
    let again = client.collections().create_prepared(&restored).await;
    assert!(again.expect("known").meta.replayed, "made before");

    let sent = received(&server).await;
    assert_eq!(sent[0].body, sent[1].body, "the same bytes");
    assert_eq!(sent[0].body, prepared.body().as_bytes());
    let key = sent[0].headers.get("idempotency-key").expect("a key");
    assert_eq!(Some(key), sent[1].headers.get("idempotency-key"));
    assert_eq!(key.to_str().expect("ASCII"), prepared.key());
    assert_eq!(prepared.key().len(), 32, "as the service's own tools do");
    assert!(
        prepared
            .key()
            .bytes()
            .all(|digit| digit.is_ascii_hexdigit())
    );
    let other = client.collections().prepare(&kettles()).expect("prepared");
    assert_ne!(other.key(), prepared.key(), "another creation");
}

#[tokio::test]
async fn a_creation_is_repeated_like_a_read_since_its_key_makes_it_one() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(error(502, ""))
        .up_to_n_times(2)
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .respond_with(error(201, r#"{"id": "c1"}"#))
        .mount(&server)
        .await;
    let receipt = client(&server.uri())
        .collections()
        .create(&kettles())
        .await
        .expect("the third answer");
    assert_eq!(receipt.value.id.as_deref(), Some("c1"));
    let sent = received(&server).await;
    assert_eq!(sent.len(), 3);
    for call in &sent {
        assert_eq!(call.body, sent[0].body, "the same bytes");
        assert_eq!(
            call.headers.get("idempotency-key"),
            sent[0].headers.get("idempotency-key"),
            "the same key"
        );
    }
    let cut = RudeServer::start(b"HTTP/1.1 201 Created\r\ncontent-length: 90\r\n\r\n{").await;
    client_with(&format!("http://127.0.0.1:{}", cut.port), |_| {})
        .collections()
        .create(&kettles())
        .await
        .expect_err("always cut off");
    assert_eq!(cut.connections(), 4, "once and three times more");
}

#[tokio::test]
async fn a_key_with_another_body_is_an_error_with_the_services_words() {
    let words = "Idempotency-Key reused with a different payload.";
    let server = answering(error(422, &json!({"detail": words}).to_string())).await;
    let failure = client(&server.uri())
        .collections()
        .create(&kettles())
        .await
        .expect_err("422");
    assert!(matches!(failure, Error::Invalid(_)), "{failure:?}");
    assert_eq!(failure.refusal().expect("words").text, words);
    assert_eq!(calls(&server).await, 1, "it will not get better");
}

#[tokio::test]
async fn a_stored_key_that_no_header_can_carry_is_refused_before_it_is_sent() {
    let server = answering(ok("{}")).await;
    let odd = PreparedCollection::from_parts("a\r\nb".into(), r#"{"name": "x"}"#.into());
    let failure = client(&server.uri())
        .collections()
        .create_prepared(&odd.expect("a body"))
        .await
        .expect_err("no header");
    assert!(matches!(failure, Error::Unsendable(_)), "{failure:?}");
    assert_eq!(calls(&server).await, 0);
}

#[tokio::test]
async fn a_long_list_is_given_more_time() {
    let slow = ok(r#"{"id": "c1"}"#).set_delay(Duration::from_millis(400));
    let server = answering(slow).await;
    let client = client_with(&server.uri(), |config| {
        config.timeouts.submit = Duration::from_millis(50);
    });
    let mut collection = kettles();
    let failure = client.collections().create(&collection).await;
    assert!(failure.expect_err("90 ms at most").is_timeout());
    collection.requests = vec![page(); 1000];
    let made = client.collections().create(&collection).await;
    made.expect("a thousand requests are waited for longer");
}

#[tokio::test]
async fn filters_are_sent_and_applied_here_as_well() {
    let server = answering(ok(r#"[
        {"id": "c4", "name": "kettles-b", "created_at": 1777853300.0},
        {"id": "c3", "name": "kettles-a", "created_at": 1777853200.0},
        {"id": "c2", "name": "kettles-a", "created_at": null},
        {"id": "c1", "name": "pots", "created_at": 1777853400.0}
    ]"#))
    .await;
    let client = client(&server.uri());
    let ids = async |filter: CollectionFilter| -> Vec<String> {
        let listed = client.collections().list(&filter).await.expect("a list");
        let found = listed.value.into_readable();
        found.map(|collection| collection.id).collect()
    };
    let name = |name: &str| Some(name.to_owned());
    let since = Some("2026-05-04T00:07:00+00:00".parse().expect("a time"));
    assert_eq!(ids(CollectionFilter::default()).await.len(), 4, "all");
    let of_name = CollectionFilter {
        name: name("kettles-a"),
        ..Default::default()
    };
    assert_eq!(ids(of_name.clone()).await, ["c3", "c2"]);
    let of_prefix = CollectionFilter {
        name_prefix: name("kettles"),
        since,
        ..Default::default()
    };
    assert_eq!(ids(of_prefix).await, ["c4"], "later, and so called");
    let all = CollectionFilter {
        name: name("kettles-a"),
        name_prefix: name("kettles+ü&"),
        since,
    };
    assert_eq!(ids(all).await.len(), 0);
    let sent = lines(&server).await;
    assert_eq!(sent[0], "GET /v1/async/collections");
    assert_eq!(sent[1], "GET /v1/async/collections?name=kettles-a");
    assert_eq!(
        sent[3],
        "GET /v1/async/collections?name=kettles-a&name_prefix=kettles%2B%C3%BC%26\
         &since=2026-05-04T00%3A07%3A00Z"
    );
}

#[tokio::test]
async fn a_lost_creation_is_found_again_by_its_name() {
    let server = answering(ok(r#"[
        {"id": "new", "name": "kettles-9f3a", "created_at": 1777853300.5},
        {"id": "newest", "name": "kettles-9f3a", "created_at": 1777853300.75},
        {"id": "old", "name": "kettles-9f3a", "created_at": 1777853100.0},
        {"id": "undated", "name": "kettles-9f3a"},
        {"id": "other", "name": "kettles-9f3a-2", "created_at": 1777853400.0}
    ]"#))
    .await;
    let client = client(&server.uri());
    let since = scrapingpros::Timestamp::from_second(1_777_853_200).expect("a time");
    let found = client
        .collections()
        .find_newest("kettles-9f3a", since)
        .await
        .expect("a list");
    assert_eq!(found.expect("one fits").id, "newest");
    let later = scrapingpros::Timestamp::from_second(1_777_853_500).expect("a time");
    let none = client
        .collections()
        .find_newest("kettles-9f3a", later)
        .await;
    assert_eq!(none.expect("a list"), None);
}

#[tokio::test]
async fn one_collection_is_shown_changed_and_removed() {
    let server = MockServer::start().await;
    let id = "7d1c2f54-2222-4a0b-8a57-6f0d9f1f2b33";
    let at = format!("/v1/async/collections/{id}");
    Mock::given(method("GET"))
        .and(path(&at))
        .respond_with(ok(include_str!("../fixtures/collection.json")))
        .mount(&server)
        .await;
    Mock::given(method("PUT"))
        .and(path(&at))
        .and(body_json(json!({"name": "kettles v2"})))
        .respond_with(ok(include_str!("../fixtures/collection_updated.json")))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(method("PUT"))
        .and(path(&at))
        .and(body_json(
            json!({"name": "kettles v3", "requests": [{"url": "https://shop.example/"}]}),
        ))
        .respond_with(ok(include_str!("../fixtures/collection_updated.json")))
        .expect(1)
        .mount(&server)
        .await;
    let client = client(&server.uri());
    let shown = client.collections().get(id).await.expect("there").value;
    assert_eq!(shown.name, "kettles-2026-05-03-9f3a");
    let created = shown.created_at.expect("a time");
    assert_eq!(created.to_string(), "2026-05-04T00:06:40.5Z");
    let renamed = CollectionChange {
        name: "kettles v2".into(),
        requests: None,
    };
    let answer = client.collections().update(id, &renamed).await;
    let message = answer.expect("changed").value.message;
    assert_eq!(message.as_deref(), Some("Collection updated successfully."));
    let replaced = CollectionChange {
        name: "kettles v3".into(),
        requests: Some(vec![page()]),
    };
    let answer = client.collections().update(id, &replaced).await;
    answer.expect("changed, with another list");
}

#[tokio::test]
async fn a_removal_needs_no_body_and_no_collection() {
    let gone = r#"{"detail": "Collection not found."}"#;
    for (answer, outcome) in [
        (ok("{}"), Deletion::Deleted),
        (ResponseTemplate::new(204), Deletion::Deleted),
        (
            ResponseTemplate::new(200).set_body_string("ok"),
            Deletion::Deleted,
        ),
        (error(404, gone), Deletion::AlreadyGone),
    ] {
        let server = answering(answer).await;
        let removed = client(&server.uri()).collections().delete("c1").await;
        assert_eq!(removed.expect("removed").value, outcome);
        assert_eq!(lines(&server).await, ["DELETE /v1/async/collections/c1"]);
    }
    let server = answering(error(401, r#"{"detail": "Unauthorized"}"#)).await;
    let failure = client(&server.uri()).collections().delete("c1").await;
    assert!(matches!(failure, Err(Error::Unauthorized(_))));
}

#[tokio::test]
async fn ids_are_opaque_and_lead_nowhere_else() {
    let server = answering(ok(r#"{"id": "x"}"#)).await;
    let client = client(&server.uri());
    for (id, escaped) in [
        ("a/../../plans", "a%2F..%2F..%2Fplans"),
        ("x?name=y#z", "x%3Fname%3Dy%23z"),
        ("50% ü", "50%25%20%C3%BC"),
        ("...", "..."),
    ] {
        client.collections().get(id).await.expect(id);
        let sent = lines(&server).await;
        assert_eq!(
            sent.last().expect("a call"),
            &format!("GET /v1/async/collections/{escaped}")
        );
    }
    let before = calls(&server).await;
    for id in ["", ".", ".."] {
        let failure = client.collections().get(id).await.expect_err("no id");
        assert!(
            matches!(failure, Error::Unsendable(_)),
            "{id:?}: {failure:?}"
        );
    }
    assert_eq!(calls(&server).await, before, "nothing was sent");
}

#[tokio::test]
async fn a_row_that_cant_be_read_costs_only_itself() {
    let server = answering(ok(
        r#"[{"id": "c1", "name": "a"}, {"name": "b"}, 7, {"id": "c4"}]"#,
    ))
    .await;
    let listed = client(&server.uri())
        .collections()
        .list(&CollectionFilter::default())
        .await
        .expect("a list")
        .value;
    let ids: Vec<&str> = listed.readable().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["c1", "c4"]);
    let odd: Vec<(&str, &str)> = listed
        .unreadable()
        .map(|row| (row.path.as_str(), row.json.as_str()))
        .collect();
    assert_eq!(odd, [("[1]", r#"{"name": "b"}"#), ("[2]", "7")]);
}

#[tokio::test]
async fn what_is_no_list_is_an_error_with_its_place() {
    for (body, place) in [
        (r#"{"collections": []}"#, "."),
        ("7", "."),
        ("null", "."),
        (r#"{"items": 7}"#, "items"),
        (r#"{"items": [}"#, "."),
    ] {
        let server = answering(ok(body)).await;
        let failure = client(&server.uri())
            .collections()
            .list(&CollectionFilter::default())
            .await
            .expect_err(body);
        let Error::Parse(failure) = failure else {
            panic!("{body}: a parse failure, not {failure:?}");
        };
        assert_eq!(failure.path, place, "{body}");
        assert_eq!(failure.excerpt, body);
    }
    let none: Value = json!({"items": null});
    let server = answering(ok(&none.to_string())).await;
    let listed = client(&server.uri())
        .collections()
        .list(&CollectionFilter::default())
        .await
        .expect("null is as good as absent");
    assert_eq!(listed.value.rows.len(), 0);
}
