//! What was used, as the API tells it, and how many calls a minute may hold.

use local_engine::{EngineOptions, Rates};
use serde_json::json;

use crate::caller::{Answer, Caller};
use crate::site::Site;

fn problem(answer: &Answer) -> (u16, String) {
    let problem = &answer.body["detail"][0];
    (
        answer.status,
        format!("{} {}", problem["loc"], problem["msg"]),
    )
}

#[tokio::test]
async fn figures_are_of_what_really_happened() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    for path in ["/page", "/page", "/status/404"] {
        caller.scrape(json!({"url": site.url(path)})).await;
    }
    caller
        .post("/v1/sync/download", json!({"url": "http://sample.shop/"}))
        .await;

    let metrics = caller.get("/v1/sync/client-metrics").await;
    assert_eq!(
        metrics.body["scrape_type"],
        json!({"simple": 4, "browser": 0})
    );
    assert!(
        metrics.body["url"].is_null() && metrics.body["hourly"].is_null(),
        "only what was asked: {}",
        metrics.body
    );
    let today = metrics.body["date"].as_str().expect("a date").to_owned();
    let all = caller
        .get(&format!(
            "/v1/sync/client-metrics?date={today}&hourly=true&detail=urls"
        ))
        .await;
    assert_eq!(
        all.body["url"]["127.0.0.1"],
        json!({"total": 3, "success": 2, "failed": 1, "credits": 2})
    );
    assert_eq!(all.body["url"]["sample.shop"]["total"], 1);
    let hours = all.body["hourly"].as_object().expect("hours");
    let simple: i64 = hours
        .values()
        .filter_map(|hour| hour["simple"].as_i64())
        .sum();
    assert_eq!((hours.len(), simple), (24, 4), "{hours:?}");

    let billing = caller.get("/v1/sync/billing?detail=urls").await;
    let own = &billing.body["clients"]["local"];
    assert_eq!(own["credits"]["total"], 3, "the 404 was free");
    assert_eq!(own["by_url"]["127.0.0.1"]["failed"], 1);

    let month = &today[..7];
    for span in [format!("{today}:{today}"), month.to_owned()] {
        let path = format!("/v1/sync/client-metrics?date={span}");
        let answer = caller.get(&path).await;
        assert_eq!(answer.body["date"], span);
        assert_eq!(answer.body["scrape_type"]["simple"], 4, "{span}");
    }
    caller.engine.stop().await;
}

#[tokio::test]
async fn metrics_tell_hosts_proxies_and_the_answers_themselves() {
    let caller = Caller::new(&[]).await;
    caller
        .scrape(json!({"url": "http://sample.shop/", "use_proxy": "any"}))
        .await;
    caller
        .get("/v1/async/collections/00000000-0000-0000-0000-000000000000")
        .await;
    let metrics = caller.get("/v1/sync/metrics").await;
    let day = &metrics.body["data"][0];
    assert_eq!(day["url"]["sample.shop"]["success"], 1, "{day}");
    assert_eq!(day["proxy"]["none"]["credits"], 1, "{day}");
    assert_eq!(
        day["api_codes"],
        json!({"200": 1, "404": 1}),
        "this very answer is not counted yet"
    );
    let codes = caller.get("/v1/sync/metrics?metric=api_codes").await;
    assert!(codes.body["data"][0]["url"].is_null(), "{}", codes.body);
    assert_eq!(codes.body["data"][0]["api_codes"]["200"], 2);
    let nothing = caller
        .get("/v1/sync/metrics?date=2020-01-01:2020-12-31")
        .await;
    assert_eq!(nothing.body["data"], json!([]));
    caller.engine.stop().await;
}

#[tokio::test]
async fn a_bad_date_is_said_in_words() {
    let caller = Caller::new(&[]).await;
    let form = "Input should be YYYY-MM-DD, YYYY-MM-DD:YYYY-MM-DD or YYYY-MM";
    for (path, field, msg) in [
        ("client-metrics?date=yesterday", "date", form),
        ("client-metrics?date=2026-02-30", "date", form),
        ("metrics?date=2026-13", "date", form),
        (
            "metrics?date=2026-05-03:2026-05-01",
            "date",
            "The first day should not be after the last",
        ),
        (
            "metrics?date=2020-01-01:2026-05-01",
            "date",
            "At most 366 days can be asked for at once",
        ),
        (
            "client-metrics?date=2026-05&hourly=true",
            "hourly",
            "Hours are told for a single day only",
        ),
        (
            "metrics?metric=weather",
            "metric",
            "Input should be 'url', 'proxy' or 'api_codes'",
        ),
        ("billing?month=2026-5", "month", "Input should be YYYY-MM"),
    ] {
        let answer = caller.get(&format!("/v1/sync/{path}")).await;
        let expected = format!("{} {}", json!(["query", field]), json!(msg));
        assert_eq!(problem(&answer), (422, expected), "{path}");
    }
    caller.engine.stop().await;
}

#[tokio::test]
async fn reads_and_writes_have_buckets_of_their_own() {
    let caller = Caller::with(EngineOptions {
        rates: Rates {
            reads_per_minute: 3,
            writes_per_minute: 1,
        },
        ..EngineOptions::default()
    })
    .await;
    let scrape = json!({"url": "http://sample.shop/"});
    let first = caller.scrape(scrape.clone()).await;
    assert_eq!(
        (first.status, first.header("x-ratelimit-remaining")),
        (200, "0")
    );
    let refused = caller.scrape(scrape).await;
    assert_eq!(
        (refused.status, &refused.body),
        (429, &json!({"detail": "Rate limit exceeded"}))
    );
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(refused.header("x-ratelimit-limit"), "1");

    let read = caller.get("/v1/sync/billing").await;
    assert_eq!(
        (read.status, read.header("x-ratelimit-limit")),
        (200, "3"),
        "reading is not writing"
    );
    assert_eq!(
        (
            read.header("x-quota-limit"),
            read.header("x-quota-remaining")
        ),
        ("0", "unlimited")
    );
    assert_eq!(
        (
            read.header("x-quota-used"),
            read.header("x-credits-charged")
        ),
        ("1", ""),
        "the refused one cost nothing, and reading costs nothing"
    );
    let plan = caller.get("/v1/plans").await.body["plans"][0].clone();
    assert_eq!(
        (
            &plan["rate_limit_per_minute"],
            &plan["read_limit_per_minute"]
        ),
        (&json!(1), &json!(3)),
        "the plan says the same"
    );
    for _ in 0..2 {
        assert_eq!(caller.get("/v1/sync/billing").await.status, 200);
    }
    assert_eq!(caller.get("/v1/sync/billing").await.status, 429);
    caller.engine.stop().await;
}
