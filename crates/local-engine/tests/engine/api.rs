//! Keys, hosts, headers, and the endpoints that tell about the engine.

use std::time::Duration;

use local_engine::page::Stage;
use local_engine::{Engine, EngineError, EngineOptions};
use serde_json::json;

use crate::caller::{Caller, KEY, answer};
use crate::site::Site;

#[tokio::test]
async fn only_the_key_opens() {
    let caller = Caller::new(&[]).await;
    let url = caller.url("/v1/sync/billing");
    let refused = [
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Basic test-key-1234",
        "test-key-1234",
        "Bearer test-key-12345",
        "Bearer test-key-123",
    ];
    for authorization in refused {
        let answer = answer(caller.http.get(&url).header("Authorization", authorization)).await;
        assert_eq!(answer.status, 401, "{authorization:?}");
        assert_eq!(
            answer.body,
            json!({"detail": "Unauthorized"}),
            "{authorization:?}"
        );
    }
    let scrape = caller
        .http
        .post(caller.url("/v1/sync/scrape"))
        .json(&json!({"url": "http://sample.shop/"}));
    assert_eq!(answer(scrape).await.status, 401, "no key at all");
    let other_case = caller
        .http
        .get(&url)
        .header("Authorization", format!("bearer  {KEY}"));
    assert_eq!(
        answer(other_case).await.status,
        200,
        "the scheme has no case"
    );
    for open in ["/v1/health", "/v1/plans"] {
        assert_eq!(
            answer(caller.http.get(caller.url(open))).await.status,
            200,
            "{open} needs no key"
        );
    }
}

#[tokio::test]
async fn foreign_host_names_are_refused_and_no_website_is_let_in() {
    let caller = Caller::new(&[]).await;
    let port = caller
        .engine
        .url()
        .rsplit(':')
        .next()
        .expect("a port")
        .to_owned();
    let ask = |host: String| {
        answer(
            caller
                .http
                .get(caller.url("/v1/health"))
                .header("Host", host)
                .header("Origin", "http://evil.example"),
        )
    };
    for foreign in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        "127.0.0.1".into(),
        "127.0.0.1:1".into(),
        format!("127.0.0.1.evil.example:{port}"),
    ] {
        assert_eq!(ask(foreign.clone()).await.status, 403, "{foreign}");
    }
    for own in ["127.0.0.1", "localhost", "[::1]", "LOCALHOST"] {
        let answer = ask(format!("{own}:{port}")).await;
        assert_eq!(answer.status, 200, "{own}");
        assert!(
            !answer
                .headers
                .keys()
                .any(|name| name.as_str().starts_with("access-control")),
            "no CORS permission"
        );
    }
    let preflight = caller
        .http
        .request(reqwest::Method::OPTIONS, caller.url("/v1/sync/scrape"))
        .header("Origin", "http://evil.example");
    let preflight = preflight.send().await.expect("an answer");
    assert!(
        !preflight
            .headers()
            .contains_key("access-control-allow-origin"),
        "no preflight succeeds"
    );
}

#[tokio::test]
async fn answers_carry_rates_quota_and_charge() {
    let caller = Caller::new(&[]).await;
    let first = caller.scrape(json!({"url": "http://sample.shop/"})).await;
    assert_eq!(first.status, 200, "{}", first.body);
    assert_eq!(first.header("x-credits-charged"), "1");
    assert_eq!(first.header("x-quota-used"), "1", "this scrape is counted");
    assert_eq!(
        (
            first.header("x-quota-limit"),
            first.header("x-quota-remaining")
        ),
        ("0", "unlimited")
    );
    let second = caller
        .scrape(json!({"url": "http://sample.shop/gone"}))
        .await;
    assert_eq!(
        (
            second.header("x-credits-charged"),
            second.header("x-quota-used")
        ),
        ("0", "1"),
        "a missing page is refunded"
    );
    let left = |answer: &crate::caller::Answer| {
        answer
            .header("x-ratelimit-remaining")
            .parse::<u32>()
            .expect("a number")
    };
    assert_eq!(left(&first) - left(&second), 1, "writes count down");
    let read = caller.get("/v1/sync/billing").await;
    assert!(
        left(&read) > left(&second),
        "reads are a bucket of their own"
    );
    assert!(
        read.header("x-ratelimit-reset")
            .parse::<i64>()
            .expect("seconds")
            > 1_700_000_000
    );
}

#[tokio::test]
async fn unknown_paths_and_methods_have_their_words() {
    let caller = Caller::new(&[]).await;
    for path in ["/", "/v1", "/v1/nothing", "/v1/sync/scrape/x"] {
        let answer = caller.get(path).await;
        assert_eq!(
            (answer.status, &answer.body),
            (404, &json!({"detail": "Not Found"})),
            "{path}"
        );
    }
    let answer = caller.get("/v1/sync/scrape").await;
    assert_eq!(
        (answer.status, answer.body),
        (405, json!({"detail": "Method Not Allowed"}))
    );
}

#[tokio::test]
async fn health_tells_of_each_part() {
    let caller = Caller::new(&[]).await;
    let health = caller.get("/v1/health").await.body;
    for part in ["api", "database", "queue", "shop"] {
        assert_eq!(health["components"][part]["status"], "healthy", "{health}");
    }
    let found = local_engine::browser::Browser::installed().is_some();
    assert_eq!(
        health["components"]["browser"]["status"] == "healthy",
        found,
        "{health}"
    );
    assert_eq!(health["status"] == "healthy", found, "{health}");
}

#[tokio::test]
async fn billing_sums_what_was_done() {
    let caller = Caller::new(&[]).await;
    for path in ["/", "/gone", "/shop"] {
        caller
            .scrape(json!({"url": format!("http://sample.shop{path}")}))
            .await;
    }
    let billing = caller.get("/v1/sync/billing?detail=urls").await.body;
    let sums = &billing["clients"]["local"];
    assert_eq!(
        (
            &sums["simple_success"],
            &sums["simple_failed"],
            &sums["total_requests"]
        ),
        (&json!(2), &json!(1), &json!(3)),
        "{billing}"
    );
    assert_eq!(
        sums["credits"],
        json!({"simple": 2, "browser": 0, "total": 2})
    );
    assert_eq!(sums["by_url"]["sample.shop"]["total"], 3);
    assert_eq!(
        billing["credit_system"],
        json!({"simple_request": 1, "browser_request": 5})
    );
    assert_eq!(
        caller.get("/v1/sync/billing?month=2001-01").await.body["clients"]["local"]["total_requests"],
        0
    );
    let wrong = caller.get("/v1/sync/billing?month=2001-13").await;
    assert_eq!(
        (wrong.status, &wrong.body["detail"][0]["loc"]),
        (422, &json!(["query", "month"]))
    );
    assert_eq!(
        caller.get("/v1/plans").await.body["plans"][0]["display_name"],
        "On this computer"
    );
}

#[tokio::test]
async fn stages_are_told_to_whoever_embeds_the_engine() {
    let caller = Caller::new(&[]).await;
    let mut stages = caller.engine.stages();
    let request = caller
        .http
        .post(caller.url("/v1/sync/scrape"))
        .bearer_auth(KEY)
        .header("X-Scrape-Id", "scrape-7");
    answer(request.json(&json!({"url": "http://sample.shop/"}))).await;
    let event = stages.try_recv().expect("a stage was told");
    assert_eq!(
        (event.scrape_id.as_str(), event.stage),
        ("scrape-7", Stage::Fetching)
    );
    caller.scrape(json!({"url": "http://sample.shop/"})).await;
    assert!(
        stages.try_recv().is_err(),
        "without the header nothing is told"
    );
}

#[tokio::test]
async fn a_caller_who_goes_away_is_not_charged() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let mut stages = caller.engine.stages();
    let request = caller
        .http
        .post(caller.url("/v1/sync/scrape"))
        .bearer_auth(KEY)
        .header("X-Scrape-Id", "gone");
    let call = tokio::spawn(request.json(&json!({"url": site.url("/stuck")})).send());
    stages.recv().await.expect("it has begun");
    call.abort();
    let _ = call.await;
    let billing = caller.get("/v1/sync/billing").await.body;
    assert_eq!(
        billing["clients"]["local"]["total_requests"], 0,
        "{billing}"
    );
}

#[tokio::test]
async fn stopping_ends_running_scrapes_and_the_port() {
    let site = Site::open().await;
    let Caller { engine, http, .. } = Caller::new(&[&site.host()]).await;
    let url = format!("{}/v1/sync/scrape", engine.url());
    let mut stages = engine.stages();
    let request = http
        .post(&url)
        .bearer_auth(KEY)
        .header("X-Scrape-Id", "s")
        .json(&json!({"url": site.url("/stuck")}));
    let running = tokio::spawn(answer(request));
    stages.recv().await.expect("it has begun");
    tokio::time::timeout(Duration::from_secs(10), engine.stop())
        .await
        .expect("it ends");
    let ended = running.await.expect("an answer");
    assert_eq!(
        (ended.status, ended.body),
        (
            503,
            json!({"detail": "Service unavailable, please try again later."})
        )
    );
    assert!(
        http.get(&url)
            .send()
            .await
            .is_err_and(|error| error.is_connect()),
        "nobody listens any more"
    );
}

#[tokio::test]
async fn it_listens_on_loopback_only() {
    let data = tempfile::tempdir().expect("a folder");
    let options = |addr: &str| EngineOptions {
        addr: addr.parse().expect("an address"),
        data_dir: data.path().to_owned(),
        key: None,
        allowed_hosts: vec![],
        ..EngineOptions::default()
    };
    for addr in ["0.0.0.0:0", "192.168.1.5:0", "[::]:0"] {
        let refused = Engine::start(options(addr)).await.err();
        assert!(
            matches!(refused, Some(EngineError::NotLoopback(_))),
            "{addr}"
        );
    }
    let first = Engine::start(options("127.0.0.1:0")).await.expect("starts");
    let second = Engine::start(options("127.0.0.1:0")).await.expect("starts");
    assert!(
        first.key().len() > 30 && first.key() != second.key(),
        "keys are random"
    );
    let taken = first.url().replace("http://", "");
    assert!(matches!(
        Engine::start(options(&taken)).await.err(),
        Some(EngineError::Listen { .. })
    ));
    let file = data.path().join("file");
    std::fs::write(&file, "").expect("writes");
    let unusable = EngineOptions {
        data_dir: file,
        ..options("127.0.0.1:0")
    };
    assert!(matches!(
        Engine::start(unusable).await.err(),
        Some(EngineError::Data { .. })
    ));
    let shop = reqwest::get(first.shop_url())
        .await
        .expect("the shop is open");
    assert_eq!(shop.status(), 200, "any browser can open the shop");
}
