//! Contract §4.14, §4.15 and §5.1 over HTTP: what is told of runs. That they are worked off is tested
//! elsewhere.

use serde_json::{Value, json};

use super::caller::Caller;
use super::seeded::{Job, Seeded, now};

const PATH: &str = "/v1/async/collections";

async fn collection(caller: &Caller, body: Value) -> String {
    let created = caller.post(PATH, body).await;
    assert_eq!(created.status, 201, "{}", created.body);
    format!("{PATH}/{}", created.body["id"].as_str().expect("an id"))
}

fn two_pages() -> Value {
    json!([{"url": "http://sample.shop/"}, {"url": "http://sample.shop/about"}])
}

#[tokio::test]
async fn a_run_starts_with_all_its_jobs() {
    let caller = Caller::new(&[]).await;
    let path = collection(&caller, json!({"name": "a", "requests": two_pages()})).await;
    // As the official client does it: no body, but its content type.
    let request = caller
        .http
        .post(caller.url(&format!("{path}/run")))
        .header("Content-Type", "application/json")
        .bearer_auth(super::caller::KEY);
    let started = super::caller::answer(request).await;
    assert_eq!(started.status, 200, "{}", started.body);
    let run = started.body;
    assert_eq!(run["status"], "in_progress");
    assert_eq!(run["total_requests"], 2);
    for counter in ["success_requests", "failed_requests", "timeout_requests"] {
        assert_eq!(run[counter], 0, "{counter}");
    }
    assert_eq!(run["callback_url"], Value::Null);
    assert_eq!(run["callback_status"], Value::Null);
    assert_eq!(run["all_jobs_persisted"], false);
    assert!(run["created_at"].is_f64(), "{run}");
    let ids = run["job_ids"].as_array().expect("ids");
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);

    let told = caller
        .get(&format!(
            "{path}/runs/{}",
            run["run_id"].as_str().expect("an id")
        ))
        .await;
    assert_eq!(told.body["job_ids"], run["job_ids"], "they are told again");
    assert_eq!(told.body["created_at"], run["created_at"]);
}

#[tokio::test]
async fn the_jobs_of_a_run_are_its_own() {
    let caller = Caller::new(&[]).await;
    let path = collection(&caller, json!({"name": "a", "requests": two_pages()})).await;
    let first = caller.post(&format!("{path}/run"), json!({})).await.body;
    let changed = json!({"name": "a", "requests": [{"url": "http://sample.shop/"}]});
    assert_eq!(caller.put(&path, changed).await.status, 200);
    let second = caller.post(&format!("{path}/run"), json!({})).await.body;
    assert_eq!(second["total_requests"], 1);
    assert_ne!(first["run_id"], second["run_id"], "each call starts a run");
    let run = caller
        .get(&format!(
            "{path}/runs/{}",
            first["run_id"].as_str().expect("an id")
        ))
        .await;
    assert_eq!(
        run.body["total_requests"], 2,
        "what is running doesn't change"
    );
}

#[tokio::test]
async fn nothing_to_run_is_said() {
    let caller = Caller::new(&[]).await;
    let empty = collection(&caller, json!({"name": "empty"})).await;
    let rejected = collection(
        &caller,
        json!({"name": "all rejected", "requests": [5, {"url": "http://10.0.0.1/"}]}),
    )
    .await;
    for path in [empty, rejected, format!("{PATH}/no-such")] {
        let answer = caller.post(&format!("{path}/run"), json!({})).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(
            answer.body,
            json!({"detail": "Collection not exists or Collection does not requests associated."})
        );
    }
    let runs: i64 = caller
        .database()
        .query_row("SELECT count(*) FROM runs", [], |row| row.get(0))
        .expect("counts");
    assert_eq!(runs, 0);
}

#[tokio::test]
async fn a_callback_may_be_the_runs_own() {
    let caller = Caller::new(&[]).await;
    let hook = "http://127.0.0.1:1/hook";
    let body = json!({"name": "a", "callback_url": hook, "requests": two_pages()});
    let path = collection(&caller, body).await;
    let run = caller.post(&format!("{path}/run"), json!({})).await.body;
    assert_eq!(
        (&run["callback_url"], &run["callback_status"]),
        (&json!(hook), &json!("pending"))
    );
    let own = "http://127.0.0.1:1/own";
    let run = caller
        .post(&format!("{path}/run"), json!({"callback_url": own}))
        .await
        .body;
    assert_eq!(run["callback_url"], own);
    let refused = caller
        .post(&format!("{path}/run"), json!({"callback_url": "mailto:a"}))
        .await;
    assert_eq!(refused.status, 422, "{}", refused.body);

    caller.put(&path, json!({"name": "a"})).await;
    let run = caller.post(&format!("{path}/run"), json!({})).await.body;
    assert_eq!(
        run["callback_url"], hook,
        "a change that doesn't speak of it keeps it"
    );
    caller
        .put(&path, json!({"name": "a", "callback_url": null}))
        .await;
    let run = caller.post(&format!("{path}/run"), json!({})).await.body;
    assert_eq!(run["callback_url"], Value::Null);
}

#[tokio::test]
async fn a_finished_run_is_told_whole() {
    let caller = Caller::new(&[]).await;
    let seeded = Seeded::new(&caller).await;
    let ids: Vec<String> = ["completed", "failed", "timeout"]
        .into_iter()
        .map(|status| seeded.add(&Job::ended(status, now())))
        .collect();
    let run = caller.get(&seeded.path("")).await;
    let url = "http://shop.example/item";
    let expected = json!({
        "run_id": seeded.run_id,
        "collection_id": seeded.collection_id,
        "status": "completed",
        "total_requests": 6,
        "success_requests": 3,
        "failed_requests": 2,
        "timeout_requests": 1,
        "failed_jobs": [
            {"job_id": ids[1], "url": url, "error": "OK", "status": "failed"},
            {"job_id": ids[2], "url": url, "error": "OK", "status": "timeout"},
        ],
        "job_ids": ids,
        "callback_url": null,
        "callback_status": null,
        "created_at": 1_777_853_217.82,
        "success_criterion": {
            "version": "content_success_v1",
            "rules": [
                "status == 'completed'",
                "200 <= status_code < 300",
                "no captcha flag",
                "block_reason null or 'none'",
            ],
        },
        "all_jobs_persisted": true,
    });
    assert_eq!(run.body, expected);
}

#[tokio::test]
async fn runs_are_listed_newest_first() {
    let caller = Caller::new(&[]).await;
    let seeded = Seeded::new(&caller).await;
    let path = format!("{PATH}/{}", seeded.collection_id);
    caller
        .database()
        .execute_batch(
            "INSERT INTO runs (public_id, collection, collection_id, status, total, created_at)
             SELECT 'newer', collection, collection_id, 'in_progress', 1, created_at + 1 FROM runs;
             INSERT INTO runs (public_id, collection, collection_id, status, total, created_at)
             SELECT 'older', collection, collection_id, 'completed', 1, 1 FROM runs LIMIT 1;",
        )
        .expect("more runs");
    let list = async |query: &str| {
        let list = caller.get(&format!("{path}/runs{query}")).await.body;
        let ids: Vec<String> = list["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|run| {
                assert!(run.get("job_ids").is_none(), "a list is short: {run}");
                run["run_id"].as_str().expect("an id").to_owned()
            })
            .collect();
        assert_eq!(list["total"], ids.len());
        ids
    };
    assert_eq!(list("").await, ["newer", &seeded.run_id, "older"]);
    assert_eq!(list("?status_filter=in_progress").await, ["newer"]);
    assert_eq!(
        list("?status_filter=completed").await,
        [&seeded.run_id, "older"]
    );
    let refused = caller.get(&format!("{path}/runs?status_filter=done")).await;
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.body["detail"],
        "Unknown status_filter 'done'; use in_progress or completed"
    );
}

#[tokio::test]
async fn what_is_not_there_has_its_words() {
    let caller = Caller::new(&[]).await;
    let (own, other) = (Seeded::new(&caller).await, Seeded::new(&caller).await);
    let run = |collection: &str, run: &str| format!("{PATH}/{collection}/runs/{run}");
    for (path, words) in [
        (run("no-such", &own.run_id), "Collection not found."),
        (run(&own.collection_id, "no-such"), "Run not found."),
        (
            run(&own.collection_id, &other.run_id),
            "Run not found for the given collection.",
        ),
    ] {
        for rest in ["", "/jobs", "/jobs/no-such/result"] {
            let answer = caller.get(&format!("{path}{rest}")).await;
            assert_eq!(answer.status, 404, "{path}{rest}");
            assert_eq!(answer.body, json!({"detail": words}), "{path}{rest}");
        }
    }
    let list = caller.get(&format!("{PATH}/no-such/runs")).await;
    assert_eq!(
        (list.status, list.body),
        (404, json!({"detail": "Collection not found."}))
    );
}

#[tokio::test]
async fn runs_outlive_their_collection() {
    let caller = Caller::new(&[]).await;
    let seeded = Seeded::new(&caller).await;
    let job =
        seeded.add(&Job::ended("completed", now()).with_result("{\"message\":\"OK\"}".into()));
    let path = format!("{PATH}/{}", seeded.collection_id);
    assert_eq!(caller.delete(&path).await.status, 200);
    assert_eq!(caller.get(&seeded.path("")).await.body["total_requests"], 6);
    assert_eq!(
        caller.get(&seeded.path("/jobs")).await.body["items"][0]["job_public_id"],
        json!(job)
    );
    assert_eq!(
        caller
            .get(&seeded.path(&format!("/jobs/{job}/result")))
            .await
            .body["message"],
        "OK"
    );
    assert_eq!(
        caller.post(&format!("{path}/run"), json!({})).await.status,
        404
    );
}
