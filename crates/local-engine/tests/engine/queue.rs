//! Runs worked off: how each kind of job ends, what is counted and charged, and whose turn it is.

use std::time::Duration;

use local_engine::browser::Browser;
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::site::Site;

/// A port on which nobody listens.
async fn dead_host() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    listener.local_addr().expect("its address").to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_job_ends_as_its_page_did() {
    let site = Site::open().await;
    let dead = dead_host().await;
    let caller = Caller::new(&[&site.host(), &dead]).await;
    caller.engine.limit_simple_pages(Duration::from_secs(2));
    let mut requests = vec![
        json!({"url": site.url("/page"), "custom_id": "good", "extract": {"title": "css:h1"}}),
        json!({"url": site.url("/status/404"), "custom_id": "gone"}),
        json!({"url": site.url("/status/500"), "custom_id": "broken"}),
        json!({"url": site.url("/captcha"), "custom_id": "captcha", "retry_on_block": true}),
        json!({"url": site.url("/stuck"), "custom_id": "stuck"}),
        json!({"url": format!("http://{dead}/"), "custom_id": "dead"}),
        json!({"url": site.url("/file/a.pdf"), "custom_id": "file"}),
    ];
    let mut wanted = vec![
        ("good", "completed", json!(200), true, json!("none"), 1),
        ("gone", "completed", json!(404), false, json!("none"), 0),
        ("broken", "completed", json!(500), false, json!("none"), 0),
        (
            "captcha",
            "completed",
            json!(403),
            false,
            json!("captcha"),
            0,
        ),
        ("stuck", "timeout", json!(null), false, json!(null), 0),
        ("dead", "failed", json!(null), false, json!(null), 0),
        ("file", "completed", json!(200), true, json!("none"), 1),
    ];
    if Browser::installed().is_some() {
        requests.push(json!({"url": site.url("/page"), "custom_id": "drawn", "browser": true}));
        requests.push(json!({
            "url": site.url("/page"), "custom_id": "script", "browser": true,
            "actions": [{"type": "evaluate", "script": "((("}],
        }));
        wanted.push(("drawn", "completed", json!(200), true, json!("none"), 5));
        wanted.push(("script", "failed", json!(null), false, json!(null), 0));
    }
    let total = requests.len();
    let run = caller.run(json!(requests)).await;
    let ended = caller.ended(&run).await;

    let jobs = caller.jobs(&run).await;
    for (name, status, status_code, is_success, block_reason, _) in &wanted {
        let job = jobs
            .iter()
            .find(|job| job["custom_id"] == *name)
            .expect("a row");
        let got = (
            &job["status"],
            &job["status_code"],
            &job["is_success"],
            &job["block_reason"],
        );
        assert_eq!(
            got,
            (
                &json!(status),
                status_code,
                &json!(is_success),
                block_reason
            ),
            "{name}: {job}"
        );
        for time in [
            "queued_at",
            "started_at",
            "completed_at",
            "execution_time_ms",
        ] {
            assert!(!job[time].is_null(), "{name} has its {time}: {job}");
        }
        let retries = if *name == "captcha" { 3 } else { 0 };
        assert_eq!(job["retries_attempted"], retries, "{name}");
    }
    let count = |wanted: &str| {
        jobs.iter()
            .filter(|job| match job["status"].as_str() {
                Some("timeout") => wanted == "timeout",
                Some(_) if job["is_success"] == true => wanted == "success",
                Some(_) | None => wanted == "failed",
            })
            .count()
    };
    for kind in ["success", "failed", "timeout"] {
        assert_eq!(
            ended[format!("{kind}_requests")],
            count(kind),
            "{kind}: {ended}"
        );
    }
    assert_eq!(jobs.len(), total);
    assert_eq!(
        (&ended["total_requests"], &ended["all_jobs_persisted"]),
        (&json!(total), &json!(true))
    );
    let failed: Vec<&Value> = ended["failed_jobs"]
        .as_array()
        .into_iter()
        .flatten()
        .collect();
    let without_page = jobs
        .iter()
        .filter(|job| job["status"] != "completed")
        .count();
    assert_eq!(
        failed.len(),
        without_page,
        "those that never came to a page: {ended}"
    );

    let credits: u64 = wanted.iter().map(|(.., credits)| credits).sum();
    let billing = caller.get("/v1/sync/billing").await.body;
    let local = &billing["clients"]["local"];
    assert_eq!(
        local["credits"]["total"], credits,
        "only what was worth it is charged"
    );
    assert_eq!(local["total_requests"], total, "{local}");

    let good = jobs
        .iter()
        .find(|job| job["custom_id"] == "good")
        .expect("a row");
    let id = good["job_public_id"].as_str().expect("an id");
    let result = caller
        .get(&format!("{}/jobs/{id}/result", run.path))
        .await
        .body;
    assert_eq!(result["extracted_data"], json!({"title": "Blue kettle"}));
    assert_eq!(result["custom_id"], "good");
    assert_eq!(result["guidance"]["credits_charged"], 1);
    let stuck = jobs
        .iter()
        .find(|job| job["custom_id"] == "stuck")
        .expect("a row");
    let id = stuck["job_public_id"].as_str().expect("an id");
    let result = caller
        .get(&format!("{}/jobs/{id}/result", run.path))
        .await
        .body;
    assert_eq!(
        result["guidance"]["error_type"], "timeout",
        "advice is kept too: {result}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_run_ends_long_before_a_large_one() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let many = |name: &str, count: usize| -> Value {
        (0..count)
            .map(|number| json!({"url": site.url("/page"), "custom_id": format!("{name}{number}")}))
            .collect()
    };
    let large = caller.run(many("large", 3_000)).await;
    let small = caller.run(many("small", 30)).await;
    let small = caller.ended(&small).await;
    assert_eq!(small["success_requests"], 30);
    let meanwhile = caller.get(&large.path).await.body;
    assert_eq!(
        meanwhile["status"], "in_progress",
        "the large run goes on: {}",
        meanwhile["success_requests"]
    );
    let large = caller.ended(&large).await;
    assert_eq!(large["success_requests"], 3_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_address_became_forbidden_fails() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let body = json!({"name": "later", "requests": [{"url": site.url("/page")}]});
    let made = caller.post("/v1/async/collections", body).await.body;
    let id = made["id"].as_str().expect("an id");
    caller.engine.allow_hosts(Vec::new());
    let started = caller
        .post(&format!("/v1/async/collections/{id}/run"), json!({}))
        .await
        .body;
    let run = crate::caller::Run {
        path: format!(
            "/v1/async/collections/{id}/runs/{}",
            started["run_id"].as_str().expect("an id")
        ),
    };
    let ended = caller.ended(&run).await;
    assert_eq!(ended["failed_requests"], 1);
    let error = ended["failed_jobs"][0]["error"]
        .as_str()
        .unwrap_or_default();
    assert!(
        error.starts_with("URL blocked by SSRF protection"),
        "{ended}"
    );
    assert_eq!(site.visits(), 0, "nothing was sent");
}
