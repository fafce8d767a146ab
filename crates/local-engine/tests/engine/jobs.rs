//! Contract §5.2 and §5.3 over HTTP.

use serde_json::{Value, json};

use super::caller::Caller;
use super::seeded::{HOUR, Job, Seeded, now};

/// 2026-04-24T12:00:05.100
const MOMENT: i64 = 1_777_032_005_100;

fn ids(page: &Value) -> Vec<String> {
    page["items"]
        .as_array()
        .unwrap_or_else(|| panic!("items: {page}"))
        .iter()
        .map(|job| job["job_public_id"].as_str().expect("an id").to_owned())
        .collect()
}

/// All pages, through their cursors.
async fn walk(caller: &Caller, seeded: &Seeded, query: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = caller
            .get(&seeded.path(&format!("/jobs?{query}{cursor}")))
            .await;
        assert_eq!(page.status, 200, "{}", page.body);
        all.extend(ids(&page.body));
        assert!(all.len() <= 100, "the walk doesn't end");
        let next = page.body["cursor_next"].as_str();
        assert_eq!(page.body["has_more"], next.is_some());
        let Some(next) = next else {
            return all;
        };
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test]
async fn a_row_has_every_field() {
    let caller = Caller::new(&[]).await;
    let seeded = Seeded::new(&caller).await;
    let id = seeded.add(&Job::ended("completed", MOMENT));
    let page = caller.get(&seeded.path("/jobs")).await;
    assert_ne!(page.header("x-ratelimit-limit"), "");
    assert_ne!(page.header("x-quota-remaining"), "");
    assert_eq!(page.header("content-type"), "application/json");
    let expected = json!({
        "has_more": false,
        "cursor_next": null,
        "items": [{
            "job_public_id": id,
            "run_public_id": seeded.run_id,
            "collection_id": seeded.collection_id,
            "client_id": "local",
            "status": "completed",
            "status_code": 200,
            "is_success": true,
            "message": "OK",
            "url": "http://shop.example/item",
            "url_truncated": false,
            "custom_id": "sku-1",
            "queued_at": "2026-04-24T12:00:00.123",
            "started_at": "2026-04-24T12:00:02.267",
            "completed_at": "2026-04-24T12:00:05.100",
            "execution_time_ms": 1370,
            "retries_attempted": 0,
            "block_reason": "none",
            "protection_stack": ["cloudflare"],
            "rule_hits": [],
            "validator_version": env!("CARGO_PKG_VERSION"),
            "has_extractable_data": false,
            "result": null,
        }],
    });
    assert_eq!(page.body, expected);
}

#[tokio::test]
async fn long_addresses_are_cut_and_waiting_jobs_are_processing() {
    let caller = Caller::new(&[]).await;
    let seeded = Seeded::new(&caller).await;
    let address = |length: usize| format!("http://shop.example/{}", "é".repeat(length - 20));
    for length in [2048, 2049] {
        seeded.add(&Job {
            url: address(length),
            ..Job::ended("completed", MOMENT)
        });
    }
    seeded.add(&Job::in_work("processing"));
    let page = caller.get(&seeded.path("/jobs")).await.body;
    assert_eq!(page["items"][0]["url"], address(2048));
    assert_eq!(page["items"][0]["url_truncated"], false);
    assert_eq!(
        page["items"][1]["url"],
        address(2048),
        "cut at 2048 characters"
    );
    assert_eq!(page["items"][1]["url_truncated"], true);
    assert_eq!(page["items"][2]["completed_at"], Value::Null);

    let collection = json!({"name": "a", "requests": [{"url": "http://sample.shop/"}]});
    let created = caller.post("/v1/async/collections", collection).await.body;
    let path = format!(
        "/v1/async/collections/{}",
        created["id"].as_str().expect("an id")
    );
    let run = caller.post(&format!("{path}/run"), json!({})).await.body;
    let jobs = caller
        .get(&format!(
            "{path}/runs/{}/jobs",
            run["run_id"].as_str().expect("an id")
        ))
        .await
        .body;
    let status = jobs["items"][0]["status"].as_str();
    assert!(
        matches!(status, Some("processing" | "completed")),
        "no one is told of the queue: {jobs}"
    );
}

#[tokio::test]
async fn every_order_is_walked_through_ties() {
    let caller = Caller::new(&[]).await;
    let seeded = Seeded::new(&caller).await;
    let ends = [
        ("completed", 2),
        ("failed", 1),
        ("completed", 2),
        ("timeout", 2),
        ("completed", 1),
        ("failed", 3),
    ];
    let mut jobs: Vec<(i64, usize, String)> = ends
        .into_iter()
        .enumerate()
        .map(|(number, (status, end))| (end, number, seeded.add(&Job::ended(status, MOMENT + end))))
        .collect();
    let running = seeded.add(&Job::in_work("processing"));

    let inserted: Vec<String> = jobs
        .iter()
        .map(|(_, _, id)| id.clone())
        .chain([running.clone()])
        .collect();
    jobs.sort();
    let ended: Vec<String> = jobs.into_iter().map(|(_, _, id)| id).collect();
    let turned = |ids: &[String]| ids.iter().rev().cloned().collect::<Vec<_>>();
    for limit in 1..=8 {
        let walk =
            async |query: &str| walk(&caller, &seeded, &format!("limit={limit}{query}")).await;
        assert_eq!(
            walk("").await,
            inserted,
            "insertion, ascending, is what is not said"
        );
        assert_eq!(walk("&order_by=id&order_dir=desc").await, turned(&inserted));
        assert_eq!(
            walk("&order_by=completed_at").await,
            ended,
            "what runs has no end"
        );
        assert_eq!(
            walk("&order_by=completed_at&order_dir=desc").await,
            turned(&ended)
        );
        assert_eq!(
            walk("&status_filter=completed,failed,timeout&order_by=completed_at").await,
            ended
        );
        assert_eq!(walk("&status_filter=processing").await, [&*running]);
        assert_eq!(
            walk("&status_filter=processing&order_by=completed_at").await,
            [""; 0]
        );
        let some = walk("&status_filter=failed%2Ctimeout").await;
        assert_eq!(some, [&*inserted[1], &*inserted[3], &*inserted[5]]);
    }
}

#[tokio::test]
async fn since_means_strictly_later() {
    let caller = Caller::new(&[]).await;
    let seeded = Seeded::new(&caller).await;
    seeded.add(&Job::ended("completed", MOMENT));
    let later = seeded.add(&Job::ended("completed", MOMENT + 1));
    seeded.add(&Job::in_work("processing"));
    for order in [
        "order_by=id",
        "order_by=completed_at",
        "order_by=completed_at&order_dir=desc",
    ] {
        for since in [
            "2026-04-24T12:00:05.100",
            "2026-04-24T12:00:05.100Z",
            "2026-04-24T14:00:05.100%2B02:00",
            "2026-04-24T12:00:05.1009",
        ] {
            let found = walk(
                &caller,
                &seeded,
                &format!("{order}&since_completed_at={since}"),
            )
            .await;
            assert_eq!(found, [&*later], "{order} {since}");
        }
        let all = walk(
            &caller,
            &seeded,
            &format!("{order}&since_completed_at=2026-04-24T12:00:05.099"),
        )
        .await;
        assert_eq!(all.len(), 2, "{order}");
    }
}

#[tokio::test]
async fn what_can_not_be_asked_is_refused() {
    let caller = Caller::new(&[]).await;
    let seeded = Seeded::new(&caller).await;
    for _ in 0..3 {
        seeded.add(&Job::ended("completed", MOMENT));
    }
    let refusal = async |query: &str| {
        let answer = caller.get(&seeded.path(&format!("/jobs?{query}"))).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.body);
        answer.body["detail"].as_str().expect("words").to_owned()
    };
    let page = caller
        .get(&seeded.path("/jobs?limit=1&order_by=completed_at"))
        .await
        .body;
    let cursor = page["cursor_next"].as_str().expect("there is more");
    assert_eq!(
        refusal(&format!("limit=1&order_by=id&cursor={cursor}")).await,
        "cursor was generated with order_by=completed_at, received order_by=id; start a new pagination"
    );
    assert_eq!(
        refusal(&format!("cursor={cursor}")).await,
        "cursor was generated with order_by=completed_at, received order_by=id; start a new pagination"
    );
    assert_eq!(
        refusal(&format!(
            "order_by=completed_at&order_dir=desc&cursor={cursor}"
        ))
        .await,
        "cursor was generated with order_dir=asc, received order_dir=desc; start a new pagination"
    );
    for broken in ["", "x", "AAAA", &cursor[1..], &format!("{cursor}AAAA")] {
        let words = refusal(&format!("order_by=completed_at&cursor={broken}")).await;
        assert_eq!(
            words, "cursor is malformed; start a new pagination",
            "{broken:?}"
        );
    }
    assert_eq!(
        refusal("status_filter=completed,all").await,
        "Unknown status_filter 'all'; use one or more of processing, completed, failed, timeout"
    );
    assert_eq!(
        refusal("order_by=url").await,
        "Unknown order_by 'url'; use id or completed_at"
    );
    assert_eq!(
        refusal("order_dir=up").await,
        "Unknown order_dir 'up'; use asc or desc"
    );
    assert_eq!(
        refusal("since_completed_at=soon").await,
        "since_completed_at 'soon' is not an ISO-8601 time"
    );
    for limit in ["0", "-1", "many"] {
        assert_eq!(
            refusal(&format!("limit={limit}")).await,
            format!("limit '{limit}' is not a number from 1 to 1000")
        );
    }
    assert_eq!(
        refusal("include_results=maybe").await,
        "Unknown include_results 'maybe'; use true or false"
    );

    caller
        .database()
        .execute("DELETE FROM jobs", [])
        .expect("purges");
    let past = caller
        .get(&seeded.path(&format!("/jobs?order_by=completed_at&cursor={cursor}")))
        .await;
    assert_eq!(
        past.body,
        json!({"has_more": false, "cursor_next": null, "items": []}),
        "past what is gone is the end"
    );
}

#[tokio::test]
async fn results_come_along_within_bounds() {
    let caller = Caller::new(&[]).await;
    let seeded = Seeded::new(&caller).await;
    let result = |bytes: usize| {
        let shell = json!({"message": "OK", "html": ""}).to_string().len();
        json!({"message": "OK", "html": "é<\"\n".repeat(bytes / 8) + &"x".repeat((bytes - shell) - (bytes / 8) * 7)}).to_string()
    };
    let (largest, larger) = (result(256 * 1024), result(256 * 1024 + 1));
    assert_eq!(
        (largest.len(), larger.len()),
        (256 * 1024, 256 * 1024 + 1),
        "made to measure"
    );
    seeded.add(
        &Job::ended("completed", now())
            .with_result(json!({"message": "OK", "statusCode": 200}).to_string()),
    );
    seeded.add(&Job::ended("completed", now()).with_result(largest.clone()));
    seeded.add(&Job::ended("completed", now()).with_result(larger.clone()));
    seeded.add(&Job::ended("failed", now()).with_result("{}".into()));
    seeded.add(&Job::ended("completed", now() - 24 * HOUR - 1000).with_result("{}".into()));
    seeded.add(&Job::ended("completed", now()));
    seeded.add(&Job::ended("completed", now()));
    seeded.keep(now(), b"not packed", 10);
    seeded.add(&Job::ended("completed", now()).with_result("{\"last\":1}".into()));

    let page = caller
        .get(&seeded.path("/jobs?include_results=true"))
        .await
        .body;
    let results: Vec<&Value> = (0..8)
        .map(|number| &page["items"][number]["result"])
        .collect();
    assert_eq!(results[0], &json!({"message": "OK", "statusCode": 200}));
    assert!(
        results[1] == &serde_json::from_str::<Value>(&largest).expect("JSON"),
        "256 KB fit"
    );
    for (number, why) in [
        (2, "too large"),
        (3, "not completed"),
        (4, "expired"),
        (5, "lost"),
        (6, "damaged"),
    ] {
        assert!(results[number].is_null(), "{why}");
    }
    assert_eq!(
        results[7],
        &json!({"last": 1}),
        "what follows a damaged one is whole"
    );

    let page = caller
        .get(&seeded.path("/jobs?include_results=false"))
        .await
        .body;
    assert_eq!(page["items"][0]["result"], Value::Null);
    for _ in 8..101 {
        seeded.add(&Job::ended("completed", now()));
    }
    for (query, rows) in [
        ("limit=1000&include_results=true", 100),
        ("include_results=true", 100),
        ("limit=1000", 101),
        ("limit=5000", 101),
        ("limit=7&include_results=true", 7),
    ] {
        let page = caller
            .get(&seeded.path(&format!("/jobs?{query}")))
            .await
            .body;
        assert_eq!(ids(&page).len(), rows, "{query}");
    }
}

#[tokio::test]
async fn a_result_or_the_reason_why_not() {
    let caller = Caller::new(&[]).await;
    let seeded = Seeded::new(&caller).await;
    let result = async |job: &str| {
        caller
            .get(&seeded.path(&format!("/jobs/{job}/result")))
            .await
    };

    let kept = json!({"message": "OK", "statusCode": 200, "html": "<h1>é</h1>"});
    let job = seeded.add(&Job::ended("completed", now()).with_result(kept.to_string()));
    let answer = result(&job).await;
    assert_eq!((answer.status, answer.body), (200, kept));
    assert_eq!(answer.headers["content-type"], "application/json");

    let failed = seeded.add(&Job::ended("timeout", now()));
    let answer = result(&failed).await;
    let expected = json!({
        "html": null, "statusCode": 500, "message": "OK", "executionTime": null, "screenshot": null,
        "extracted_data": null, "url": "http://shop.example/item", "custom_id": "sku-1",
    });
    assert_eq!(
        (answer.status, answer.body),
        (200, expected),
        "a job without a page"
    );

    let pending = seeded.add(&Job::in_work("processing"));
    // Swept away or still there: a day later it can't be read.
    let day_ago = now() - 26 * HOUR;
    let expired = seeded.add(&Job::ended("completed", day_ago).with_result("{}".into()));
    let lost = seeded.add(&Job::ended("completed", now() - HOUR));
    let damaged = seeded.add(&Job::ended("completed", now() - HOUR));
    seeded.keep(now(), b"not packed", 10);
    let foreign = Seeded::new(&caller)
        .await
        .add(&Job::ended("completed", now()));
    for (job, code, message, age) in [
        (
            &*pending,
            "result_pending",
            "The job has not finished yet.",
            None,
        ),
        (
            &*expired,
            "result_expired",
            "The stored result has expired.",
            Some(26.0),
        ),
        (
            &*lost,
            "result_lost",
            "The stored result was lost before its time.",
            Some(1.0),
        ),
        (
            &*damaged,
            "result_lost",
            "The stored result was lost before its time.",
            Some(1.0),
        ),
        (
            "no-such",
            "job_id_invalid",
            "There is no such job in this run.",
            None,
        ),
        (
            &*foreign,
            "job_id_invalid",
            "There is no such job in this run.",
            None,
        ),
    ] {
        let answer = result(job).await;
        assert_eq!(answer.status, 404, "{code}");
        let detail = &answer.body["detail"];
        assert_eq!(
            (&detail["error_code"], &detail["message"]),
            (&json!(code), &json!(message))
        );
        assert_eq!(detail["age_hours"].as_f64(), age, "{code}");
        let completed_at = detail["completed_at"].as_str();
        assert_eq!(completed_at.is_some(), age.is_some(), "{code}");
        assert!(
            completed_at.is_none_or(|time| time.ends_with('Z') && time.len() == 24),
            "{detail}"
        );
    }
}
