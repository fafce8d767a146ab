//! The result of one job, and why there may be none: contract §5.3.

use scrapingpros::types::{Job, JobStatus};
use scrapingpros::{Error, MissingReason, ResultError, Timestamp};
use serde_json::json;

use crate::lines;
use crate::wire::{answering, calls, client, error, json as ok};

async fn missing(body: &str) -> ResultError {
    let server = answering(error(404, body)).await;
    let result = client(&server.uri()).jobs().result("c1", "r1", "j1").await;
    assert_eq!(calls(&server).await, 1, "a 404 is not asked again at once");
    result.expect_err(body)
}

#[tokio::test]
async fn a_result_is_fetched_and_filled_from_its_row() {
    let server = answering(ok(
        r#"{"statusCode": 404, "html": "<p>gone</p>", "message": null}"#,
    ))
    .await;
    let result = client(&server.uri()).jobs().result("c1", "r1", "j/1").await;
    let mut result = result.expect("a result").value;
    assert_eq!(
        lines(&server).await,
        ["GET /v1/async/collections/c1/runs/r1/jobs/j%2F1/result"]
    );
    let row: Job = serde_json::from_str(include_str!("../fixtures/job.json")).expect("a row");
    row.complete(&mut result);
    assert_eq!(result.custom_id.as_deref(), Some("sku-77"));
    assert_eq!(result.url.as_deref(), Some("https://shop.example/gone"));
    let guidance = result.guidance.expect("made up from the row");
    assert!(!guidance.success);
    assert_eq!(guidance.error_type.as_deref(), Some("http_404"));
}

#[tokio::test]
async fn each_code_is_a_reason_with_and_without_its_wrapper() {
    for (code, reason) in [
        ("result_pending", MissingReason::Pending),
        ("result_expired", MissingReason::Expired),
        ("result_lost", MissingReason::Lost),
        ("job_id_invalid", MissingReason::JobIdInvalid),
        (
            "result_archived",
            MissingReason::Other("result_archived".into()),
        ),
    ] {
        let bare = json!({"error_code": code, "message": "No.", "completed_at": "2026-05-01T09:30:00Z", "age_hours": 26.4});
        for body in [json!({"detail": bare.clone()}), bare] {
            let failure = missing(&body.to_string()).await;
            let said = failure.missing().expect("a reason");
            assert_eq!(said.reason, reason, "{body}");
            assert_eq!(said.refusal.text, "No.");
            assert_eq!(said.age_hours, Some(26.4));
            let completed = said.completed_at.expect("a time").to_string();
            assert_eq!(completed, "2026-05-01T09:30:00Z");
        }
    }
    let failure = missing(include_str!("../fixtures/result_expired.json")).await;
    let said = failure.missing().expect("a reason");
    assert_eq!(said.reason, MissingReason::Expired);
    assert!(
        failure
            .to_string()
            .contains("The stored result has expired.")
    );
}

#[tokio::test]
async fn a_reason_needs_neither_time_nor_age() {
    let body = r#"{"detail": {"error_code": "result_pending", "message": "Later", "completed_at": null, "age_hours": "x"}}"#;
    let failure = missing(body).await;
    let said = failure.missing().expect("a reason");
    assert_eq!((said.completed_at, said.age_hours), (None, None));
}

#[tokio::test]
async fn an_old_servers_plain_words_are_judged_by_the_row() {
    let old = r#"{"detail": "Job result not found. Results are available for 24 hours after completion."}"#;
    let failure = missing(old).await;
    let said = failure.missing().expect("a reason");
    assert_eq!(said.reason, MissingReason::Unstated);
    assert!(said.refusal.text.starts_with("Job result not found."));

    let now: Timestamp = "2026-05-03T12:00:00Z".parse().expect("a time");
    let row = |status: &str, ended: Option<&str>| Job {
        status: JobStatus::from(status),
        completed_at: ended.map(|ended| ended.parse().expect("a time")),
        ..Job::default()
    };
    let yesterday = Some("2026-05-02T12:00:01Z");
    let before = Some("2026-05-02T11:59:59Z");
    for (job, reason) in [
        (row("processing", None), MissingReason::Pending),
        (row("from the future", before), MissingReason::Pending),
        (row("completed", yesterday), MissingReason::Pending),
        (row("completed", None), MissingReason::Pending),
        (row("completed", before), MissingReason::Expired),
        (row("failed", before), MissingReason::Expired),
    ] {
        assert_eq!(said.reason.resolved(&job, now), reason, "{job:?}");
    }
    let stated = MissingReason::Lost.resolved(&row("completed", before), now);
    assert_eq!(stated, MissingReason::Lost, "what is stated holds");
}

#[tokio::test]
async fn a_missing_run_is_not_a_missing_result() {
    for words in [
        "Run not found.",
        "Run not found for the given collection.",
        "Collection not found.",
    ] {
        let failure = missing(&json!({"detail": words}).to_string()).await;
        let ResultError::Call(Error::NotFound(refusal)) = failure else {
            panic!("{words}: not {failure:?}");
        };
        assert_eq!(refusal.text, words);
    }
    let failure = missing("<h1>404</h1>").await;
    assert!(
        matches!(failure, ResultError::Call(Error::NotAnApi(_))),
        "a web page is no answer of the API: {failure:?}"
    );
}

#[tokio::test]
async fn other_failures_are_those_of_every_call() {
    for (status, body) in [(401, r#"{"detail": "Unauthorized"}"#), (500, "")] {
        let server = answering(error(status, body)).await;
        let result = client(&server.uri()).jobs().result("c", "r", "j").await;
        let failure = result.expect_err("refused");
        assert!(failure.missing().is_none());
        assert!(matches!(failure, ResultError::Call(_)), "{failure:?}");
    }
}

#[test]
fn a_job_that_failed_has_a_result_of_its_own_making() {
    let job = |json: &str| -> Job { serde_json::from_str(json).expect("a row") };
    for (row, why) in [
        (
            r#"{"job_public_id": "j", "status": "timeout"}"#,
            "worker_timeout",
        ),
        (
            r#"{"job_public_id": "j", "status": "failed"}"#,
            "worker_error",
        ),
        (
            r#"{"job_public_id": "j", "status": "failed", "status_code": 503}"#,
            "http_503",
        ),
        (
            r#"{"job_public_id": "j", "status": "failed", "block_reason": "ip_block", "status_code": 403}"#,
            "ip_block",
        ),
        (
            r#"{"job_public_id": "j", "status": "failed", "block_reason": "none", "status_code": 200}"#,
            "failed",
        ),
    ] {
        let result = job(row).synthesised_result();
        assert!(!result.verdict());
        let guidance = result.guidance.expect("always");
        assert_eq!(guidance.error_type.as_deref(), Some(why), "{row}");
        assert_eq!(guidance.credits_charged, Some(0));
    }
}
