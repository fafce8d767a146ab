//! Viability tests over HTTP; those that need a browser need a Chromium on this computer.

use std::time::{Duration, Instant};

use local_engine::{Engine, EngineOptions};
use serde_json::{Value, json};

use crate::caller::{Caller, KEY, answer};
use crate::site::Site;

/// Every field of contract §5.6 that may not be missing.
const FIELDS: [&str; 29] = [
    "url",
    "captcha_detected",
    "captcha_providers",
    "javascript_detected",
    "javascript_required",
    "browser_confidence",
    "content_type",
    "rate_limited",
    "soft_block",
    "login_wall",
    "status_code",
    "redirect_chain",
    "protection_signals",
    "api_detected",
    "api_endpoints",
    "graphql_detected",
    "api_auth_required",
    "cloudflare_level",
    "can_use_simple_request",
    "can_use_extract_html",
    "can_use_browser",
    "recommended_strategy",
    "difficulty",
    "suggested_params",
    "proxy_recommended",
    "proxy_type",
    "modes_tested",
    "best_mode",
    "total_credits_used",
];

async fn completed(caller: &Caller, id: &str) -> Value {
    let deadline = Instant::now() + Duration::from_secs(90);
    loop {
        let run = caller.get(&format!("/v1/async/viability-test/{id}")).await;
        assert_eq!(run.status, 200, "{}", run.body);
        if run.body["status"] == "completed" {
            return run.body;
        }
        assert!(run.body["results"].is_null(), "none until it is over");
        assert!(Instant::now() < deadline, "it does not end: {}", run.body);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn test(caller: &Caller, body: Value) -> Value {
    let started = caller.post("/v1/async/viability-test", body).await;
    assert_eq!(
        (started.status, &started.body["status"]),
        (200, &json!("in_progress")),
        "{}",
        started.body
    );
    completed(caller, started.body["run_id"].as_str().expect("an id")).await
}

#[tokio::test]
async fn an_easy_page_is_tried_once_and_every_field_is_told() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let run = test(
        &caller,
        json!({"urls": [site.url("/page"), site.url("/set-and-go")], "depth": "standard"}),
    )
    .await;
    assert_eq!(
        (&run["depth"], &run["total_urls"], &run["completed_urls"]),
        (&json!("standard"), &json!(2), &json!(2))
    );
    let page = &run["results"][0];
    for field in FIELDS {
        assert!(page.get(field).is_some(), "{field} is missing: {page}");
    }
    for (field, value) in [
        ("best_mode", json!("simple")),
        ("difficulty", json!("easy")),
        ("status_code", json!(200)),
        ("content_type", json!("text/html")),
        ("javascript_detected", json!(true)),
        ("javascript_required", json!(false)),
        ("redirect_chain", json!([])),
        ("cloudflare_level", json!("none")),
        ("can_use_extract_html", json!(true)),
        ("suggested_params", json!({"browser": false})),
        ("total_credits_used", json!(1)),
    ] {
        assert_eq!(page[field], value, "{field}: {page}");
    }
    let modes = page["modes_tested"].as_object().expect("modes");
    assert_eq!(modes.len(), 1, "the cheap way works, no other is paid for");
    let simple = &modes["simple"];
    assert_eq!(
        (&simple["success"], &simple["credits"], &simple["error"]),
        (&json!(true), &json!(1), &Value::Null)
    );
    assert!(simple["time_ms"].is_u64(), "{simple}");
    assert_eq!(
        run["results"][1]["redirect_chain"],
        json!([site.url("/set-and-go"), site.url("/echo")])
    );
    let billing = caller.get("/v1/sync/billing").await;
    assert_eq!(billing.body["clients"]["local"]["credits"]["total"], 2);
    caller.engine.stop().await;
}

#[tokio::test]
async fn what_stands_in_the_way_is_named() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let run = test(
        &caller,
        json!({"depth": "quick", "urls": [
            site.url("/captcha"), site.url("/status/429"), "http://sample.shop/account", site.url("/file/a.pdf"),
            "http://no-such-name.invalid/",
        ]}),
    )
    .await;
    let results = run["results"].as_array().expect("results");
    let [captcha, slow, login, file, nobody] = results.as_slice() else {
        panic!("five in their order: {run}");
    };
    assert_eq!(
        (&captcha["captcha_detected"], &captcha["captcha_providers"]),
        (&json!(true), &json!(["cloudflare"]))
    );
    assert_eq!(
        (&captcha["cloudflare_level"], &captcha["best_mode"]),
        (&json!("challenge"), &Value::Null)
    );
    assert_eq!(
        captcha["modes_tested"]["simple"]["captcha_type"],
        "cloudflare"
    );
    assert_eq!(captcha["suggested_params"]["browser"], true);
    assert_eq!(captcha["total_credits_used"], 0, "what fails is free");
    assert_eq!(
        (&slow["rate_limited"], &slow["status_code"]),
        (&json!(true), &json!(429))
    );
    assert_eq!(login["login_wall"], true, "{login}");
    assert!(login["suggested_action"].is_string(), "{login}");
    assert_eq!(
        (&file["content_type"], &file["can_use_extract_html"]),
        (&json!("application/pdf"), &json!(false))
    );
    assert_eq!(file["can_use_simple_request"], true);
    assert_eq!(nobody["blocked_by"], json!(["dns_fail"]), "{nobody}");
    assert_eq!(
        (&nobody["status_code"], &nobody["difficulty"]),
        (&json!(0), &json!("hard"))
    );
    caller.engine.stop().await;
}

#[tokio::test]
async fn a_page_of_scripts_is_tried_with_a_browser_and_its_calls_are_told() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let run = test(
        &caller,
        json!({"urls": [site.url("/drawn"), "http://sample.shop/new"]}),
    )
    .await;
    let page = &run["results"][0];
    for (field, value) in [
        ("javascript_required", json!(true)),
        ("browser_confidence", json!(1.0)),
        ("best_mode", json!("browser")),
        ("difficulty", json!("medium")),
        ("soft_block", json!(true)),
        ("api_endpoints", json!([site.url("/file/data.json")])),
        ("graphql_detected", json!(false)),
        ("suggested_params", json!({"browser": true})),
        ("total_credits_used", json!(5)),
    ] {
        assert_eq!(page[field], value, "{field}: {page}");
    }
    assert_eq!(
        page["modes_tested"].as_object().map(serde_json::Map::len),
        Some(2)
    );
    let sparse = &run["results"][1];
    assert_eq!(
        (&sparse["api_detected"], &sparse["total_credits_used"]),
        (&json!(true), &json!(6)),
        "few words and scripts: worth a look with a browser: {sparse}"
    );
    let stepped = test(
        &caller,
        json!({"urls": ["http://sample.shop/"], "depth": "standard",
            "actions": [{"type": "wait-for-selector", "selector": "css:h1", "time": 5000}]}),
    )
    .await;
    let page = &stepped["results"][0];
    assert_eq!(
        page["best_mode"], "browser",
        "steps are a browser's, though the page is simple: {page}"
    );
    assert_eq!(page["suggested_params"]["actions"][0]["selector"], "css:h1");
    caller.engine.stop().await;
}

#[tokio::test]
async fn wrong_requests_are_refused_and_nothing_is_tried() {
    let site = Site::open().await;
    let caller = Caller::new(&[]).await;
    let ok = "http://sample.shop/";
    for (body, loc) in [
        (json!({}), json!(["body", "urls"])),
        (json!({"urls": []}), json!(["body", "urls"])),
        (json!({"urls": vec![ok; 501]}), json!(["body", "urls"])),
        (
            json!({"urls": [ok, "no address"]}),
            json!(["body", "urls", 1]),
        ),
        (
            json!({"urls": [ok], "depth": "deep"}),
            json!(["body", "depth"]),
        ),
        (
            json!({"urls": [ok], "actions": [{"type": "click", "selector": "h1"}]}),
            json!(["body", "actions", 0, "selector"]),
        ),
    ] {
        let refused = caller.post("/v1/async/viability-test", body).await;
        assert_eq!(
            (refused.status, &refused.body["detail"][0]["loc"]),
            (422, &loc),
            "{}",
            refused.body
        );
    }
    for private in [site.url("/page"), "http://169.254.169.254/".into()] {
        let refused = caller
            .post("/v1/async/viability-test", json!({"urls": [ok, private]}))
            .await;
        let words = refused.body["detail"].as_str().unwrap_or_default();
        assert!(
            refused.status == 422 && words.contains("SSRF") && words.contains(&private),
            "{}",
            refused.body
        );
    }
    assert_eq!(site.visits(), 0);
    let unknown = caller.get("/v1/async/viability-test/vt-0").await;
    assert_eq!(
        (unknown.status, unknown.body),
        (404, json!({"detail": "Run not found."}))
    );
    caller.engine.stop().await;
}

#[tokio::test]
async fn a_test_that_an_engine_left_is_finished_by_the_next() {
    let site = Site::open().await;
    let data = tempfile::tempdir().expect("a folder");
    let options = || EngineOptions {
        data_dir: data.path().to_owned(),
        key: Some(KEY.into()),
        allowed_hosts: vec![site.host()],
        ..EngineOptions::default()
    };
    let first = Engine::start(options()).await.expect("it starts");
    let http = reqwest::Client::new();
    let url = format!("{}/v1/async/viability-test", first.url());
    // The second page never answers.
    let body = json!({"urls": [site.url("/page"), site.url("/stuck")], "depth": "quick"});
    let started = answer(http.post(&url).bearer_auth(KEY).json(&body)).await;
    let id = started.body["run_id"].as_str().expect("an id").to_owned();
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let run = answer(http.get(format!("{url}/{id}")).bearer_auth(KEY)).await;
        if run.body["completed_urls"] == 1 {
            break;
        }
        assert!(Instant::now() < deadline, "{}", run.body);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    first.stop().await;
    let before = site.visits();

    let second = Engine::start(options()).await.expect("it starts again");
    second.limit_simple_pages(Duration::from_millis(300));
    let url = format!("{}/v1/async/viability-test/{id}", second.url());
    loop {
        let run = answer(http.get(&url).bearer_auth(KEY)).await;
        if run.body["status"] == "completed" {
            let results = &run.body["results"];
            assert_eq!(results[0]["best_mode"], "simple", "{}", run.body);
            assert_eq!(
                results[1]["modes_tested"]["simple"]["success"], false,
                "{}",
                run.body
            );
            break;
        }
        assert!(
            Instant::now() < deadline + Duration::from_secs(90),
            "{}",
            run.body
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(
        site.visits(),
        before + 1,
        "what had a result was not tried again"
    );
    second.stop().await;
}
