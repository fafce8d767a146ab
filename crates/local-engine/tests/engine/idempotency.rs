//! Contract §4.10.2 over HTTP: one collection per key.

use local_engine::{Engine, EngineOptions};
use serde_json::{Value, json};

use super::caller::{Caller, KEY, answer};
use super::collections::{PATH, names, page, with_key};

#[tokio::test]
async fn a_key_makes_one_collection() {
    let caller = Caller::new(&[]).await;
    let body = r#"{"name": "once", "requests": [{"url": "http://sample.shop/"}]}"#;
    let first = with_key(&caller, "0f4c", body).await;
    assert_eq!(
        (first.status, first.header("idempotency-replayed")),
        (201, "false")
    );
    let again = with_key(&caller, "0f4c", body).await;
    assert_eq!(
        (again.status, again.header("idempotency-replayed")),
        (201, "true")
    );
    assert_eq!(again.body, first.body, "the same answer, and the same id");
    let other = with_key(&caller, "0f4c", r#"{"name": "other"}"#).await;
    assert_eq!(other.status, 422);
    assert_eq!(
        other.body,
        json!({"detail": "Idempotency-Key reused with a different payload."})
    );
    assert_eq!(names(&caller.get(PATH).await), ["once"]);

    let day = 24.0 * 3600.0 + 1.0;
    caller
        .database()
        .execute("UPDATE idempotency SET created_at = created_at - ?1", [day])
        .expect("makes it old");
    let next_day = with_key(&caller, "0f4c", r#"{"name": "other"}"#).await;
    assert_eq!(
        (next_day.status, next_day.header("idempotency-replayed")),
        (201, "false")
    );
}

#[tokio::test]
async fn keys_have_rules_and_failures_release_them() {
    let caller = Caller::new(&[]).await;
    let body = r#"{"name": "a"}"#;
    for key in ["", "a b", "a:b", &"k".repeat(201)] {
        let refused = with_key(&caller, key, body).await;
        assert_eq!(refused.status, 422, "{key:?}");
        assert_eq!(
            refused.body["detail"],
            "An Idempotency-Key has 1 to 200 characters, none of them white space or a colon."
        );
    }
    let failed = with_key(&caller, "k", r#"{"name": ""}"#).await;
    assert_eq!(failed.status, 422);
    let repaired = with_key(&caller, "k", body).await;
    assert_eq!(
        repaired.status, 201,
        "a failed call leaves its key free: {}",
        repaired.body
    );
}

#[tokio::test]
async fn simultaneous_calls_with_a_key_get_one_answer() {
    let caller = Caller::new(&[]).await;
    let requests: Vec<Value> = (0..2000).map(page).collect();
    let body = json!({"name": "once", "requests": requests}).to_string();
    let calls = (0..8).map(|_| with_key(&caller, "k", &body));
    let answers = futures::future::join_all(calls).await;
    for answer in &answers {
        assert_eq!(answer.status, 201, "{}", answer.body);
        assert_eq!(answer.body, answers[0].body);
    }
    let firsts = answers
        .iter()
        .filter(|answer| answer.header("idempotency-replayed") == "false");
    assert_eq!(firsts.count(), 1, "one call did it, the others waited");
    assert_eq!(names(&caller.get(PATH).await), ["once"]);
}

#[tokio::test]
async fn collections_and_keys_survive_a_restart() {
    let data = tempfile::tempdir().expect("a folder");
    let http = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let mut ids = Vec::new();
    for _ in 0..2 {
        let options = EngineOptions {
            addr: "127.0.0.1:0".parse().expect("an address"),
            data_dir: data.path().to_owned(),
            key: Some(KEY.into()),

            ..EngineOptions::default()
        };
        let engine = Engine::start(options).await.expect("it starts");
        let request = http
            .post(format!("{}{PATH}", engine.url()))
            .header("Idempotency-Key", "k")
            .json(&json!({"name": "kept"}))
            .bearer_auth(KEY);
        ids.push(answer(request).await.body["id"].clone());
        let list = answer(http.get(format!("{}{PATH}", engine.url())).bearer_auth(KEY)).await;
        assert_eq!(names(&list), ["kept"]);
        engine.stop().await;
    }
    assert_eq!(
        ids[0], ids[1],
        "the second engine knows the first one's answer"
    );
}
