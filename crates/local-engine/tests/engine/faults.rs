//! Answers that go wrong when told to: there with the feature `faults`, unknown without it.

use serde_json::json;

use crate::caller::Caller;

#[cfg(not(feature = "faults"))]
#[tokio::test]
async fn without_the_feature_there_is_no_such_place() {
    let caller = Caller::new(&[]).await;
    let fault = json!({"path": "*", "kind": "quota"});
    assert_eq!(caller.post("/faults", fault).await.status, 404);
    assert_eq!(caller.get("/v1/sync/billing").await.status, 200);
    caller.engine.stop().await;
}

#[cfg(feature = "faults")]
mod with_the_feature {
    use std::time::{Duration, Instant};

    use serde_json::Value;

    use crate::caller::{KEY, answer};

    use super::*;

    async fn plan(caller: &Caller, fault: Value) {
        let planned = caller.post("/faults", fault).await;
        assert_eq!(planned.status, 200, "{}", planned.body);
    }

    #[tokio::test]
    async fn each_goes_wrong_as_often_as_was_told_and_then_right_again() {
        let caller = Caller::new(&[]).await;
        let billing = "/v1/sync/billing";
        for (kind, status, detail) in [
            (
                json!({"kind": "status", "code": 500}),
                500,
                "Internal Server Error",
            ),
            (
                json!({"kind": "status", "code": 503}),
                503,
                "Service unavailable, please try again later.",
            ),
            (json!({"kind": "quota"}), 429, "Monthly quota exceeded"),
            (
                json!({"kind": "forbidden"}),
                403,
                "Country proxy not approved",
            ),
            (
                json!({"kind": "rate_limit", "retry_after": 7}),
                429,
                "Rate limit exceeded",
            ),
        ] {
            let mut fault = json!({"path": billing, "times": 2});
            fault
                .as_object_mut()
                .expect("an object")
                .extend(kind.as_object().cloned().expect("an object"));
            plan(&caller, fault).await;
            for _ in 0..2 {
                let wrong = caller.get(billing).await;
                assert_eq!(
                    (wrong.status, &wrong.body["detail"]),
                    (status, &json!(detail)),
                    "{kind}"
                );
                if status == 429 && detail.starts_with("Rate") {
                    assert_eq!(wrong.header("retry-after"), "7");
                }
            }
            assert_eq!(caller.get(billing).await.status, 200, "{kind} is over");
        }
        caller.engine.stop().await;
    }

    #[tokio::test]
    async fn scrapes_fail_in_the_body_and_softly_and_slowly() {
        let caller = Caller::new(&[]).await;
        let page = json!({"url": "http://sample.shop/"});
        plan(
            &caller,
            json!({"path": "/v1/sync/scrape", "kind": "in_body500"}),
        )
        .await;
        let failed = caller.scrape(page.clone()).await;
        assert_eq!(
            (failed.status, &failed.body["statusCode"]),
            (200, &json!(500))
        );
        assert_eq!(failed.body.as_object().map(serde_json::Map::len), Some(6));

        plan(
            &caller,
            json!({"path": "/v1/sync/scrape", "kind": "soft_block"}),
        )
        .await;
        let soft = caller.scrape(page.clone()).await;
        assert_eq!(
            (soft.guidance("success"), soft.guidance("error_type")),
            (&json!(false), &json!("soft_block"))
        );
        assert!(soft.body["html"].is_string(), "the rest is as it was");

        plan(&caller, json!({"path": "*", "kind": "slow", "ms": 300})).await;
        let started = Instant::now();
        assert_eq!(caller.scrape(page).await.status, 200);
        assert!(started.elapsed() >= Duration::from_millis(300));
        caller.engine.stop().await;
    }

    #[tokio::test]
    async fn a_connection_that_drops_after_the_work_leaves_the_work_done() {
        let caller = Caller::new(&[]).await;
        let list = json!({"name": "once", "requests": [{"url": "http://sample.shop/"}]});
        let create = || {
            let request = caller.http.post(caller.url("/v1/async/collections"));
            let request = request.bearer_auth(KEY).header("Idempotency-Key", "abc");
            request.json(&list)
        };
        for kind in ["drop_before", "drop_after"] {
            let fault = json!({"path": "/v1/async/collections", "method": "POST", "kind": kind});
            plan(&caller, fault).await;
            assert!(create().send().await.is_err(), "{kind}: no answer comes");
        }
        let again = answer(create()).await;
        assert_eq!(
            (again.status, again.header("idempotency-replayed")),
            (201, "true"),
            "the second was worked off"
        );
        let listed = caller.get("/v1/async/collections").await;
        assert_eq!(
            listed.body.as_array().map(Vec::len),
            Some(1),
            "and once only"
        );
        caller.engine.stop().await;
    }

    #[tokio::test]
    async fn results_are_pending_expired_lost_too_large_and_torn() {
        let caller = Caller::new(&[]).await;
        let run = caller.run(json!([{"url": "http://sample.shop/"}])).await;
        caller.ended(&run).await;
        let id = caller.jobs(&run).await[0]["job_public_id"]
            .as_str()
            .expect("an id")
            .to_owned();
        let result = format!("{}/jobs/{id}/result", run.path);
        for code in ["result_pending", "result_expired", "result_lost"] {
            plan(&caller, json!({"path": "/v1/async/*/result", "kind": code})).await;
            let gone = caller.get(&result).await;
            assert_eq!(
                (gone.status, &gone.body["detail"]["error_code"]),
                (404, &json!(code))
            );
        }
        assert_eq!(caller.get(&result).await.status, 200);
        let rows = format!("{}/jobs?include_results=true", run.path);
        for (kind, is_torn) in [("oversize_result", false), ("malformed_result", true)] {
            plan(&caller, json!({"path": "*/jobs", "kind": kind})).await;
            let row = caller.get(&rows).await.body["items"][0].clone();
            assert_eq!(row["result"]["html"].is_array(), is_torn, "{row}");
            assert_eq!(row["job_public_id"], id, "the row itself is whole");
        }
        caller.engine.stop().await;
    }
}
