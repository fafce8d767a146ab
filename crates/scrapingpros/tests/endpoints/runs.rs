//! Contract §4.14, §4.15, §5.1, and what to do when the answer to a start is lost (§7).

use scrapingpros::types::{CallbackStatus, RunStatus};
use scrapingpros::{Error, RunAttempt, Timestamp};
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::wire::{answering, calls, client, error, json as ok};
use crate::{lines, received};

const AT: i64 = 1_777_853_217;

fn attempt() -> RunAttempt {
    RunAttempt {
        collection_id: "c1".into(),
        attempted_at: Timestamp::from_second(AT).expect("a time"),
        known_runs: vec!["known".into()],
    }
}

/// A server that answers a start with `started`, and lists `runs`.
async fn server(started: ResponseTemplate, runs: serde_json::Value) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/async/collections/c1/run"))
        .respond_with(started)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(path("/v1/async/collections/c1/runs"))
        .respond_with(ok(&json!({"items": runs, "total": 1}).to_string()))
        .mount(&server)
        .await;
    server
}

#[tokio::test]
async fn a_run_is_started_without_a_body() {
    let server = answering(error(202, include_str!("../fixtures/run_started.json"))).await;
    let run = client(&server.uri()).runs().start("c1").await;
    let run = run.expect("started").value;
    assert_eq!(run.status, RunStatus::InProgress);
    assert_eq!((run.total_requests, run.ended()), (3, 0));
    assert_eq!(run.job_ids.as_ref().map(Vec::len), Some(3));
    assert!(run.awaits_more_than(0));
    let sent = received(&server).await;
    assert_eq!(lines(&server).await, ["POST /v1/async/collections/c1/run"]);
    assert!(sent[0].body.is_empty());
    assert_eq!(sent[0].headers["content-type"], "application/json");
    assert!(
        !sent[0].headers.contains_key("idempotency-key"),
        "it has none"
    );
}

#[tokio::test]
async fn a_collection_without_requests_cant_run() {
    let words = "Collection not exists or Collection does not requests associated.";
    let server = answering(error(404, &json!({"detail": words}).to_string())).await;
    let failure = client(&server.uri()).runs().start("c1").await;
    let failure = failure.expect_err("nothing to run");
    assert!(matches!(failure, Error::NotFound(_)), "{failure:?}");
    assert_eq!(failure.refusal().expect("words").text, words);
}

#[tokio::test]
async fn a_start_is_never_sent_twice() {
    for answer in [
        error(500, ""),
        error(
            503,
            r#"{"detail": "Service unavailable, please try again later."}"#,
        ),
        error(504, ""),
        error(429, r#"{"detail": "Too many requests"}"#),
    ] {
        let server = answering(answer).await;
        let failure = client(&server.uri()).runs().start("c1").await;
        failure.expect_err("no run");
        assert_eq!(calls(&server).await, 1);
    }
}

#[tokio::test]
async fn one_run_and_all_runs_are_shown() {
    let server = answering(ok(include_str!("../fixtures/run_completed.json"))).await;
    let run = client(&server.uri()).runs().get("c1", "r 1").await;
    let run = run.expect("there").value;
    assert_eq!(run.status, RunStatus::Completed);
    assert_eq!(run.ended(), run.total_requests);
    assert_eq!(run.all_jobs_persisted, Some(true));
    let criterion = run.success_criterion.expect("rules");
    assert_eq!(criterion.version.as_deref(), Some("content_success_v1"));
    assert_eq!(criterion.rules.len(), 4);
    assert_eq!(
        lines(&server).await,
        ["GET /v1/async/collections/c1/runs/r%201"]
    );

    let server = answering(ok(include_str!("../fixtures/runs.json"))).await;
    let client = client(&server.uri());
    let runs = client.runs().list("c1", None).await.expect("a list").value;
    assert_eq!(runs.total, Some(1));
    assert_eq!(runs.readable().next().expect("one").success_requests, 60);
    let status = RunStatus::InProgress;
    client
        .runs()
        .list("c1", Some(&status))
        .await
        .expect("a list");
    assert_eq!(
        lines(&server).await,
        [
            "GET /v1/async/collections/c1/runs",
            "GET /v1/async/collections/c1/runs?status_filter=in_progress"
        ]
    );
}

#[tokio::test]
async fn the_webhooks_fate_is_told() {
    for (word, status) in [
        ("pending", CallbackStatus::Pending),
        ("sent", CallbackStatus::Sent),
        ("failed", CallbackStatus::Failed),
        ("retrying", CallbackStatus::Retrying),
        ("lost", CallbackStatus::Other("lost".into())),
    ] {
        let body = json!({"run_id": "r", "callback_status": word}).to_string();
        let server = answering(ok(&body)).await;
        let run = client(&server.uri()).runs().get("c", "r").await;
        assert_eq!(run.expect("a run").value.callback_status, Some(status));
    }
}

#[tokio::test]
async fn a_start_that_is_answered_needs_no_list() {
    let server = server(
        ok(r#"{"run_id": "r1", "status": "in_progress"}"#),
        json!([]),
    )
    .await;
    let started = client(&server.uri())
        .runs()
        .start_or_adopt(&attempt())
        .await;
    let started = started.expect("started");
    assert!(!started.adopted);
    assert_eq!(started.run.value.run_id, "r1");
    assert_eq!(calls(&server).await, 1);
}

#[tokio::test]
async fn a_start_whose_answer_is_lost_adopts_its_own_run() {
    let own = json!({"run_id": "own", "status": "in_progress", "created_at": AT + 1});
    let others = json!([
        {"run_id": "known", "status": "in_progress", "created_at": AT},
        {"run_id": "undated", "status": "in_progress"},
        {"run_id": "over", "status": "completed", "created_at": AT},
        {"run_id": "before", "status": "in_progress", "created_at": AT - 3600},
        {"run_id": "next", "status": "in_progress", "created_at": AT + 50},
        {"odd": true},
        own
    ]);
    for lost in [error(504, ""), error(502, "<p>bad gateway</p>"), ok("[]")] {
        let server = server(lost, others.clone()).await;
        let started = client(&server.uri())
            .runs()
            .start_or_adopt(&attempt())
            .await;
        let started = started.expect("found");
        assert!(started.adopted);
        assert_eq!(started.run.value.run_id, "own");
        assert_eq!(
            lines(&server).await,
            [
                "POST /v1/async/collections/c1/run",
                "GET /v1/async/collections/c1/runs"
            ],
            "started once, then looked for"
        );
    }
}

#[tokio::test]
async fn a_start_whose_run_is_not_found_says_what_went_wrong() {
    let known = json!([{"run_id": "known", "status": "in_progress", "created_at": AT}]);
    let server = server(error(504, ""), known).await;
    let failure = client(&server.uri())
        .runs()
        .start_or_adopt(&attempt())
        .await;
    let failure = failure.expect_err("nobody knows");
    assert_eq!(failure.status(), Some(504), "the start's own error");
    assert!(!failure.surely_never_began(), "it may still turn up");
    // An old server without the list (contract §5.1).
    let old = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(error(504, ""))
        .mount(&old)
        .await;
    Mock::given(method("GET"))
        .respond_with(error(404, r#"{"detail": "Not Found"}"#))
        .mount(&old)
        .await;
    let failure = client(&old.uri()).runs().start_or_adopt(&attempt()).await;
    assert_eq!(failure.expect_err("nobody knows").status(), Some(504));
}

#[tokio::test]
async fn a_start_that_was_refused_looks_for_nothing() {
    let refused = error(429, r#"{"detail": "Monthly quota exceeded"}"#);
    let server = server(refused, json!([{"run_id": "r", "created_at": AT + 1}])).await;
    let failure = client(&server.uri())
        .runs()
        .start_or_adopt(&attempt())
        .await;
    assert!(
        matches!(failure, Err(Error::QuotaExceeded(_))),
        "{failure:?}"
    );
    assert_eq!(calls(&server).await, 1);
}

#[tokio::test]
async fn an_attempt_from_before_a_crash_finds_its_run() {
    let runs = json!([{"run_id": "r9", "status": "completed", "created_at": AT + 2}]);
    let server = server(error(500, ""), runs).await;
    let stored = serde_json::to_string(&attempt()).expect("it can be stored");
    let restored: RunAttempt = serde_json::from_str(&stored).expect("and read back");
    let found = client(&server.uri()).runs().adopt(&restored).await;
    let found = found.expect("a list").expect("its run").value;
    assert_eq!(found.run_id, "r9", "also when it is over by now");
    assert_eq!(calls(&server).await, 1, "nothing was started");
    let clock_ahead = RunAttempt {
        attempted_at: Timestamp::from_second(AT + 30).expect("a time"),
        ..restored
    };
    let found = client(&server.uri()).runs().adopt(&clock_ahead).await;
    assert!(found.expect("a list").is_some(), "clocks differ");
    let made_now = RunAttempt::now("c1", Vec::new());
    let found = client(&server.uri()).runs().adopt(&made_now).await;
    assert_eq!(found.expect("a list"), None, "that run is older");
}
