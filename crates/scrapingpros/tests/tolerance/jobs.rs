//! Rows about runs, jobs and results.

use scrapingpros::types::{Job, JobStatus, JobsPage, Run, RunStatus, ScrapeResponse};
use scrapingpros::{CollectionFilter, JobsQuery, MissingReason};
use serde_json::json;

use crate::job;
use crate::wire::{answering, client, error, json as ok};

fn run(fields: &str) -> Run {
    let row = format!(r#"{{"run_id": "r1"{fields}}}"#);
    serde_json::from_str(&row).expect("a run")
}

#[tokio::test]
async fn row_06_the_code_says_whether_a_result_is_gone_not_its_age() {
    for (code, age, reason) in [
        ("result_expired", 25.0, MissingReason::Expired),
        ("result_expired", 49.0, MissingReason::Expired),
        ("result_pending", 49.0, MissingReason::Pending),
        ("result_lost", 1.0, MissingReason::Lost),
    ] {
        let detail = json!({"detail": {"error_code": code, "message": "No.", "age_hours": age}});
        let server = answering(error(404, &detail.to_string())).await;
        let result = client(&server.uri()).jobs().result("c", "r", "j").await;
        let failure = result.expect_err("no result");
        assert_eq!(failure.missing().expect("a reason").reason, reason);
    }
    let server = answering(ok(r#"{"statusCode": 200, "html": "x"}"#)).await;
    let kept = client(&server.uri()).jobs().result("c", "r", "j").await;
    kept.expect("whatever its age, a result that comes is one");
}

#[tokio::test]
async fn row_07_the_wanted_statuses_are_always_sent() {
    let server = answering(ok(r#"{"items": []}"#)).await;
    let client = client(&server.uri());
    for query in [JobsQuery::default(), JobsQuery::finished_with_results(None)] {
        client.jobs().list("c", "r", &query).await.expect("a page");
    }
    let sent = server.received_requests().await.expect("recording is on");
    for (call, statuses) in sent.iter().zip([
        "processing,completed,failed,timeout",
        "completed,failed,timeout",
    ]) {
        let mut query = call.url.query_pairs();
        let filter = query.find(|(name, _)| name == "status_filter");
        assert_eq!(filter.expect("always").1, statuses);
    }
}

#[test]
fn row_08_a_run_that_is_over_may_still_lack_rows() {
    let over = r#", "status": "completed", "total_requests": 10, "success_requests": 7, "failed_requests": 2, "timeout_requests": 1"#;
    let over = run(over);
    assert!(over.awaits_more_than(9), "the listing lags behind");
    assert!(!over.awaits_more_than(10), "all are here");
    let running = run(r#", "status": "in_progress", "success_requests": 3"#);
    assert!(running.awaits_more_than(3), "more will end");
    let odd = run(r#", "status": "completed""#);
    assert!(
        !odd.awaits_more_than(0),
        "without counters nothing is awaited"
    );
}

#[test]
fn row_09_job_ids_may_be_kept_empty_or_absent() {
    for (fields, ids) in [
        (r#", "job_ids": ["a", "b"]"#, Some(2)),
        (r#", "job_ids": []"#, Some(0)),
        (r#", "job_ids": null"#, None),
        ("", None),
        (r#", "job_ids": {"a": 1}"#, None),
    ] {
        assert_eq!(run(fields).job_ids.map(|ids| ids.len()), ids, "{fields}");
    }
}

#[test]
fn row_10_a_result_without_guidance_takes_its_verdict_from_the_row() {
    let without = |status: i64| ScrapeResponse {
        status_code: Some(status),
        html: Some("<p>x</p>".into()),
        ..ScrapeResponse::default()
    };
    for (row, status, success, why) in [
        (r#", "is_success": true"#, 200, true, None),
        (
            r#", "is_success": false, "block_reason": "captcha""#,
            200,
            false,
            Some("captcha"),
        ),
        (
            r#", "is_success": false, "block_reason": "none""#,
            200,
            false,
            None,
        ),
        (
            r#", "is_success": null, "status_code": 404"#,
            404,
            false,
            Some("http_404"),
        ),
        ("", 200, true, None),
    ] {
        let mut result = without(status);
        job(row).complete(&mut result);
        let guidance = result.guidance.expect("made up");
        assert_eq!(guidance.success, success, "{row}");
        assert_eq!(guidance.error_type.as_deref(), why, "{row}");
        assert_eq!(guidance.credits_charged, None, "nobody said what it cost");
    }
    let mut with: ScrapeResponse =
        serde_json::from_str(r#"{"statusCode": 200, "html": "x", "guidance": {"success": false}}"#)
            .expect("a result");
    job(r#", "is_success": null"#).complete(&mut with);
    assert!(
        !with.guidance.expect("its own").success,
        "the service's own stays"
    );
}

#[tokio::test]
async fn row_19_lists_come_bare_or_inside_an_object() {
    for body in [
        r#"[{"id": "x", "run_id": "x", "job_public_id": "x"}]"#,
        r#"{"items": [{"id": "x", "run_id": "x", "job_public_id": "x"}], "total": 1}"#,
        r#"{"total": 1, "items": [{"id": "x", "run_id": "x", "job_public_id": "x"}], "page": 1}"#,
    ] {
        let server = answering(ok(body)).await;
        let client = client(&server.uri());
        let collections = client
            .collections()
            .list(&CollectionFilter::default())
            .await;
        let collections = collections.expect(body).value;
        assert_eq!(collections.readable().count(), 1, "{body}");
        let runs = client.runs().list("c", None).await.expect(body).value;
        assert_eq!(runs.readable().count(), 1, "{body}");
        assert_eq!(runs.total, body.contains("total").then_some(1));
        assert_eq!(runs.unknown.contains_key("page"), body.contains("page"));
        let jobs = client.jobs().list("c", "r", &JobsQuery::default()).await;
        let jobs = jobs.expect(body).value;
        assert_eq!(jobs.rows.len(), 1, "{body}");
        assert_eq!(jobs.next(), None);
    }
}

#[test]
fn row_20_lists_of_words_are_lists_whatever_their_form() {
    for (form, words) in [
        (r#"["cloudflare", "akamai"]"#, &["cloudflare", "akamai"][..]),
        (
            r#""[\"cloudflare\", \"akamai\"]""#,
            &["cloudflare", "akamai"],
        ),
        (r#""cloudflare, akamai""#, &["cloudflare", "akamai"]),
        (r#""cloudflare""#, &["cloudflare"]),
        (r#""[]""#, &[]),
        (r#""""#, &[]),
        (r#""null""#, &[]),
        ("null", &[]),
        ("[]", &[]),
    ] {
        let row = job(&format!(
            r#", "protection_stack": {form}, "rule_hits": {form}"#
        ));
        assert_eq!(row.protection_stack, words, "{form}");
        assert_eq!(row.rule_hits, words, "{form}");
        assert!(row.unknown.is_empty(), "{form}");
    }
    for odd in ["7", r#"[1, "a"]"#, r#""[1, 2""#, r#"{"a": 1}"#] {
        let row = job(&format!(r#", "rule_hits": {odd}"#));
        assert!(row.rule_hits.is_empty(), "{odd}");
        assert!(
            row.unknown.contains_key("rule_hits"),
            "{odd}: kept as it came"
        );
    }
}

#[test]
fn row_21_an_inline_result_may_be_missing_partial_or_malformed() {
    let page = |result: &str| -> Job {
        let page = format!(
            r#"{{"items": [{{"job_public_id": "j", "status": "completed", "is_success": true,
            "custom_id": "sku", "result": {result}}}], "has_more": false}}"#
        );
        let read = JobsPage::from_json(page).expect("a page");
        read.rows
            .into_iter()
            .next()
            .expect("one row")
            .expect("readable")
    };
    let whole = page(r#"{"statusCode": 200, "html": "x", "message": null}"#);
    let result = whole.inline_result().expect("whole");
    assert_eq!(result.custom_id.as_deref(), Some("sku"));
    assert!(result.guidance.expect("from the row").success);
    for unusable in [
        "null",
        "{}",
        r#"{"statusCode": 200}"#,
        r#"{"statusCode": 200, "html": "", "markdown": null}"#,
        r#"{"html": "x"}"#,
        r#""<p>x</p>""#,
        "[1, 2]",
        "7",
        "false",
    ] {
        let row = page(unusable);
        assert_eq!(
            row.inline_result(),
            None,
            "{unusable}: ask for it on its own"
        );
        assert_eq!(row.job_public_id, "j", "{unusable}: the row stays");
    }
    let failed = r#"{"job_public_id": "j", "is_success": false, "result": {"statusCode": 404}}"#;
    let failed: Job = serde_json::from_str(failed).expect("a row");
    assert!(
        failed.inline_result().is_some(),
        "a failed page may well be empty"
    );
}

#[test]
fn row_21_one_odd_row_costs_only_itself() {
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    let page = format!(
        r#"{{"items": [
            {{"job_public_id": "a", "status": "completed", "result": {{"statusCode": 200, "html": "x"}}}},
            {{"status": "completed", "result": {{"html": "no id"}}}},
            {{"job_public_id": "b", "protection_stack": null, "status": "paused"}},
            "not a row",
            {{"job_public_id": null}},
            {{"job_public_id": "deep", "new": {deep}}},
            {{"job_public_id": "c"}}
        ], "cursor_next": "next", "has_more": true, "took_ms": 4}}"#
    );
    let page = JobsPage::from_json(page).expect("a page");
    let ids: Vec<Result<&str, &str>> = page
        .rows
        .iter()
        .map(|row| match row {
            Ok(job) => Ok(job.job_public_id.as_str()),
            Err(odd) => Err(odd.path.as_str()),
        })
        .collect();
    assert_eq!(
        ids,
        [
            Ok("a"),
            Err("items[1]"),
            Ok("b"),
            Err("items[3]"),
            Err("items[4]"),
            Err("items[5]"),
            Ok("c")
        ]
    );
    let odd = page.rows[3].as_ref().expect_err("a text");
    assert_eq!(odd.json, r#""not a row""#, "as it came");
    let result = page.rows[0].as_ref().expect("a row").inline_result();
    assert!(result.is_some(), "results are there all the same");
    assert_eq!(page.next(), Some("next"), "and the next page too");
    assert_eq!(page.unknown["took_ms"], 4);
}

#[test]
fn row_21_a_broken_result_costs_neither_its_row_nor_its_page() {
    for broken in [
        r#"{"statusCode": 200 "html": "x"}"#,
        r#"{"statusCode": 200, "html": "\x"}"#,
        r#"{"statusCode": truth}"#,
        "{,}",
        "nul",
    ] {
        let page = format!(
            r#"{{"items": [{{"job_public_id": "a", "result": {broken}, "status": "completed"}},
            {{"job_public_id": "b"}}], "cursor_next": "n"}}"#
        );
        let page = JobsPage::from_json(page).expect(broken);
        let row = page.rows[0].as_ref().expect(broken);
        assert_eq!(row.status, JobStatus::Completed, "{broken}");
        let result = row.result.as_ref().expect("as it came");
        assert_eq!(result.json(), broken.as_bytes());
        assert!(row.inline_result().is_none(), "{broken}");
        assert_eq!((page.rows.len(), page.next()), (2, Some("n")));
        let stored = serde_json::to_value(row).expect("it can be stored");
        assert_eq!(stored["result"], broken, "as a text");
    }
}

#[test]
fn row_21_only_the_rows_own_result_is_one() {
    let text = r#" {"result": {"a": "]"}, "seen": [{"b": {"result": 5}}], "items" : [
        {"x": {"result": {"q": 1}}, "y": "\"result\": {", "result" : {"html": "a\\\"}{[", "statusCode": 200} ,
         "job_public_id": "a", "z": [{"result": 7}]},
        {"job_public_id": "b", "result": 12},
        {"result": null, "job_public_id": "c"},
        {"job_public_id": "d", "result": "\"" }
    ], "after": [[{"result": {"r": 2}}]]} "#;
    let page = JobsPage::from_json(text).expect("a page");
    let results: Vec<Option<&[u8]>> = page
        .rows
        .iter()
        .map(|row| {
            let job = row.as_ref().expect("readable");
            job.result
                .as_ref()
                .map(scrapingpros::types::InlineResult::json)
        })
        .collect();
    let own = br#"{"html": "a\\\"}{[", "statusCode": 200}"#;
    assert_eq!(
        results,
        [
            Some(&own[..]),
            Some(&b"12"[..]),
            None,
            Some(&br#""\"""#[..])
        ]
    );
    let job = page.rows[0].as_ref().expect("readable");
    assert_eq!(job.unknown["x"], json!({"result": {"q": 1}}));
    assert_eq!(job.unknown["y"], json!(r#""result": {"#));
    assert_eq!(job.unknown["z"], json!([{"result": 7}]));
    assert_eq!(page.unknown["result"], json!({"a": "]"}));
    assert_eq!(page.unknown["seen"], json!([{"b": {"result": 5}}]));
    assert_eq!(page.unknown["after"], json!([[{"result": {"r": 2}}]]));
}

#[test]
fn row_24_three_words_end_a_run_and_no_other_does() {
    for (word, status, ends) in [
        ("in_progress", RunStatus::InProgress, false),
        ("completed", RunStatus::Completed, true),
        ("failed", RunStatus::Failed, true),
        ("cancelled", RunStatus::Cancelled, true),
        ("paused", RunStatus::Other("paused".into()), false),
    ] {
        let read = run(&format!(r#", "status": "{word}""#));
        assert_eq!(read.status, status);
        assert_eq!(read.status.is_terminal(), ends, "{word}");
        assert_eq!(serde_json::to_value(&read).expect("JSON")["status"], word);
    }
    assert!(!run("").status.is_terminal());
    assert_eq!(
        job(r#", "status": "paused""#).status,
        JobStatus::from("paused")
    );
    assert!(!job(r#", "status": 7"#).status.is_terminal());
}
