//! Countries, and scraping through the proxies that a person entered for them.

use std::time::{Duration, Instant};

use local_engine::{CountryProxy, EngineOptions, TriedProxy};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::caller::{Answer, Caller};
use crate::relay::{LOGIN, Relay};
use crate::site::Site;

fn entered(country: &str, url: String) -> CountryProxy {
    CountryProxy {
        country: country.into(),
        url,
    }
}

async fn with_proxies(site: &Site, proxies: Vec<CountryProxy>) -> Caller {
    Caller::with(EngineOptions {
        allowed_hosts: vec![site.host()],
        proxies,
        ..EngineOptions::default()
    })
    .await
}

/// A port that nobody listens on.
async fn dead() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("its address").to_string()
}

async fn through(caller: &Caller, url: &str, country: &str, browser: bool) -> Answer {
    caller
        .scrape(json!({"url": url, "use_proxy": country, "browser": browser}))
        .await
}

#[tokio::test]
async fn a_country_is_pending_until_its_proxy_is_entered() {
    let caller = Caller::new(&[]).await;
    let countries = caller.get("/v1/proxy/countries").await.body;
    let codes = countries["countries"].as_array().expect("a list");
    assert!(
        codes.len() > 200 && codes.contains(&json!("DE")),
        "{countries}"
    );

    let ask = async |code: Value| {
        let body = json!({"country_code": code, "reason": ""});
        caller.post("/v1/proxy/request-country", body).await
    };
    let asked = ask(json!("de")).await;
    assert_eq!(
        (
            asked.status,
            &asked.body["status"],
            &asked.body["country_code"]
        ),
        (200, &json!("pending"), &json!("DE")),
        "{}",
        asked.body
    );
    assert!(asked.body["message"].is_string());
    assert_eq!(
        caller.get("/v1/proxy/status").await.body,
        json!({"client_id": "local", "approved_countries": [], "pending_countries": ["DE"], "error": null})
    );

    caller
        .engine
        .set_proxies(&[entered("DE", "socks5://127.0.0.1:1".into())])
        .expect("it fits");
    assert_eq!(ask(json!("DE")).await.body["status"], "already_approved");
    let status = caller.get("/v1/proxy/status").await.body;
    assert_eq!(
        (&status["approved_countries"], &status["pending_countries"]),
        (&json!(["DE"]), &json!([]))
    );

    for unknown in ["ZZ", "", "Germany", "D\0"] {
        let refused = ask(json!(unknown)).await;
        let problem = &refused.body["detail"][0];
        assert_eq!(
            (refused.status, &problem["loc"]),
            (422, &json!(["body", "country_code"])),
            "{unknown:?}: {}",
            refused.body
        );
    }
    let missing = caller.post("/v1/proxy/request-country", json!({})).await;
    assert_eq!(missing.body["detail"][0]["type"], "missing");
    caller.engine.stop().await;
}

#[tokio::test]
async fn simple_pages_and_files_go_through_the_countrys_proxy() {
    let site = Site::open().await;
    let (us, de) = (Relay::http().await, Relay::socks().await);
    let caller = with_proxies(
        &site,
        vec![
            entered("US", format!("http://{LOGIN}@{}", us.addr)),
            entered("DE", format!("socks5://{LOGIN}@{}", de.addr)),
        ],
    )
    .await;
    for (country, relay, asked) in [("US", &us, "CONNECT"), ("de", &de, "SOCKS")] {
        let page = through(&caller, &site.url("/page"), country, false).await;
        assert_eq!(page.guidance("success"), true, "{}", page.body);
        assert_eq!(
            relay.asked(),
            [format!("{asked} {}", site.addr)],
            "the proxy is asked for the admitted address"
        );
        let file = caller
            .post(
                "/v1/sync/download",
                json!({"url": site.url("/file/a.pdf"), "use_proxy": {"proxy": country}}),
            )
            .await;
        assert_eq!(
            (file.status, relay.asked().len()),
            (200, 2),
            "{}",
            file.body
        );
    }
    let redirected = through(&caller, &site.url("/set-and-go"), "US", false).await;
    assert_eq!(redirected.guidance("success"), true, "{}", redirected.body);
    assert_eq!(us.asked().len(), 4, "each hop goes through it");

    let before = (us.asked().len(), de.asked().len());
    for _ in 0..4 {
        through(&caller, &site.url("/page"), "any", false).await;
    }
    assert_eq!(
        (us.asked().len() - before.0, de.asked().len() - before.1),
        (2, 2),
        "any takes them in turn"
    );
    let direct = caller.scrape(json!({"url": site.url("/page")})).await;
    assert_eq!(direct.guidance("success"), true);
    assert_eq!(us.asked().len() + de.asked().len(), before.0 + before.1 + 4);

    let metrics = caller.get("/v1/sync/metrics?metric=proxy").await.body;
    let proxies = &metrics["data"][0]["proxy"];
    assert_eq!(
        (
            &proxies["US"]["total"],
            &proxies["DE"]["total"],
            &proxies["none"]["total"]
        ),
        (&json!(5), &json!(4), &json!(1)),
        "{metrics}"
    );
    caller.engine.stop().await;
}

#[tokio::test]
async fn browser_pages_go_through_it_with_all_they_fetch() {
    let site = Site::open().await;
    let (us, de) = (Relay::http().await, Relay::socks().await);
    let caller = with_proxies(
        &site,
        vec![
            entered("US", format!("http://{LOGIN}@{}", us.addr)),
            entered("DE", format!("socks5://{LOGIN}@{}", de.addr)),
        ],
    )
    .await;
    for (country, relay) in [("US", &us), ("DE", &de)] {
        let page = through(&caller, &site.url("/page"), country, true).await;
        assert_eq!(page.guidance("success"), true, "{}", page.body);
        let asked = relay.asked();
        let own = site.addr.to_string();
        assert!(
            !asked.is_empty() && asked.iter().all(|asked| asked.ends_with(&own)),
            "{country}: {asked:?}"
        );
    }
    let before = us.asked().len() + de.asked().len();
    let direct = caller
        .scrape(json!({"url": site.url("/page"), "browser": true}))
        .await;
    assert_eq!(direct.guidance("success"), true, "{}", direct.body);
    assert_eq!(
        us.asked().len() + de.asked().len(),
        before,
        "without a proxy nothing goes there"
    );
    caller.engine.stop().await;
}

#[tokio::test]
async fn the_target_is_guarded_before_a_proxy_is_asked() {
    let site = Site::open().await;
    let us = Relay::http().await;
    let caller = with_proxies(
        &site,
        vec![entered("US", format!("http://{LOGIN}@{}", us.addr))],
    )
    .await;
    let elsewhere = Site::open().await;
    for browser in [false, true] {
        for url in [elsewhere.url("/page"), "http://169.254.169.254/".into()] {
            let refused = through(&caller, &url, "US", browser).await;
            assert_eq!(refused.status, 422, "{url}: {}", refused.body);
        }
        let hop = site.url(&format!("/to/{}", elsewhere.url("/page")));
        let refused = through(&caller, &hop, "US", browser).await;
        assert_eq!(refused.status, 422, "a redirect is guarded too");
    }
    assert_eq!(elsewhere.visits(), 0);
    assert!(
        us.asked()
            .iter()
            .all(|asked| asked.ends_with(&site.addr.to_string())),
        "{:?}",
        us.asked()
    );
    let shop = through(&caller, "http://sample.shop/", "US", false).await;
    assert_eq!(
        shop.guidance("success"),
        true,
        "the shop is in this computer: it needs no proxy"
    );
    caller.engine.stop().await;
}

#[tokio::test]
async fn a_proxy_that_fails_is_named_and_not_the_site() {
    let site = Site::open().await;
    let (us, de) = (Relay::http().await, Relay::socks().await);
    let caller = with_proxies(
        &site,
        vec![
            entered("US", format!("http://me:wrong@{}", us.addr)),
            entered("DE", format!("socks5://{}", de.addr)),
            entered("FR", format!("http://{}", dead().await)),
            entered("ES", format!("socks5://{}", dead().await)),
        ],
    )
    .await;
    let login = "wants another user name or password";
    for (country, browser, why) in [
        ("US", false, login),
        ("US", true, login),
        ("DE", false, login),
        ("DE", true, login),
        ("FR", false, "failed"),
        ("FR", true, "failed"),
        ("ES", false, "failed"),
    ] {
        let answer = through(&caller, &site.url("/page"), country, browser).await;
        let words = answer.guidance("next_steps")[0]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert_eq!(
            (answer.status, answer.guidance("error_type")),
            (200, &json!("proxy_error")),
            "{country}, browser {browser}: {}",
            answer.body
        );
        assert!(
            words.contains(&format!("The proxy for {country} {why}"))
                && words.contains("The site itself was not reached"),
            "{words}"
        );
        assert!(
            answer.guidance("suggested_request")["use_proxy"].is_null(),
            "what is suggested goes without it"
        );
        assert_eq!(answer.header("x-credits-charged"), "0");
        assert!(!answer.body.to_string().contains("wrong"), "no password");
    }
    assert_eq!(site.visits(), 0);
    let file = caller
        .post(
            "/v1/sync/download",
            json!({"url": site.url("/page"), "use_proxy": "FR"}),
        )
        .await;
    assert_eq!(file.status, 500);
    assert!(
        file.body["message"]
            .as_str()
            .is_some_and(|message| message.starts_with("the proxy for FR failed")),
        "{}",
        file.body
    );
    caller.engine.stop().await;
}

#[tokio::test]
async fn the_long_form_tries_again_with_the_next_one() {
    let site = Site::open().await;
    let us = Relay::http().await;
    let caller = with_proxies(
        &site,
        vec![
            entered("FR", format!("http://{}", dead().await)),
            entered("US", format!("http://{LOGIN}@{}", us.addr)),
        ],
    )
    .await;
    let patient = json!({"url": site.url("/page"),
        "use_proxy": {"proxy": "any", "max_retries": 1, "delay_seconds": 0.2, "backoff_factor": 1}});
    for _ in 0..2 {
        let answer = caller.scrape(patient.clone()).await;
        assert_eq!(answer.guidance("success"), true, "{}", answer.body);
    }
    let started = Instant::now();
    let answer = caller
        .scrape(json!({"url": site.url("/page"),
            "use_proxy": {"proxy": "FR", "max_retries": 2, "delay_seconds": 0.2, "backoff_factor": 2}}))
        .await;
    assert_eq!(answer.guidance("error_type"), "proxy_error");
    let waited = started.elapsed();
    assert!(
        waited >= Duration::from_millis(600),
        "0.2 and 0.4 seconds, not {waited:?}"
    );
    caller.engine.stop().await;
}

#[tokio::test]
async fn a_list_keeps_what_has_a_proxy_and_names_what_has_none() {
    let site = Site::open().await;
    let us = Relay::http().await;
    let caller = with_proxies(
        &site,
        vec![entered("US", format!("http://{LOGIN}@{}", us.addr))],
    )
    .await;
    let made = caller
        .post(
            "/v1/async/collections",
            json!({"name": "list", "requests": [
                {"url": site.url("/page"), "use_proxy": "US"},
                {"url": site.url("/page"), "use_proxy": "DE", "custom_id": "de"},
            ]}),
        )
        .await;
    let invalid = &made.body["invalid_items"];
    assert_eq!(
        (&invalid[0]["index"], &invalid[0]["errors"][0]["field"]),
        (&json!(1), &json!("use_proxy")),
        "{}",
        made.body
    );
    let run = caller
        .run(json!([{"url": site.url("/page"), "use_proxy": "US"}]))
        .await;
    assert_eq!(caller.ended(&run).await["success_requests"], 1);
    assert_eq!(us.asked().len(), 1, "a run's pages go through it too");
    caller.engine.stop().await;
}

#[tokio::test]
async fn a_proxy_is_tried_before_it_is_entered() {
    let site = Site::open().await;
    let us = Relay::http().await;
    let caller = with_proxies(&site, vec![]).await;
    let tried = async |url: String| {
        let trial = caller.engine.try_proxy(&entered("US", url)).expect("fits");
        trial.open(&site.url("/page")).await
    };
    assert_eq!(
        tried(format!("http://{LOGIN}@{}", us.addr)).await,
        TriedProxy::Answered { status: 200 }
    );
    assert_eq!(us.asked().len(), 1, "it went through the proxy");
    let refused = tried(format!("http://me:wrong@{}", us.addr)).await;
    assert_eq!(
        refused,
        TriedProxy::NotThere {
            words: "wants another user name or password".into()
        }
    );
    let absent = tried(format!("socks5://{}", dead().await)).await;
    assert!(matches!(absent, TriedProxy::NotThere { .. }), "{absent:?}");

    let trial = caller
        .engine
        .try_proxy(&entered("US", format!("http://{LOGIN}@{}", us.addr)))
        .expect("fits");
    let private = trial.open("http://169.254.169.254/").await;
    assert!(matches!(private, TriedProxy::NoPage { .. }), "{private:?}");
    let status = caller.get("/v1/proxy/status").await.body;
    assert_eq!(status["approved_countries"], json!([]), "nothing is kept");
    let metrics = caller.get("/v1/sync/metrics?metric=proxy").await.body;
    assert_eq!(
        metrics["data"][0]["proxy"],
        json!({}),
        "and nothing counted"
    );
    caller.engine.stop().await;
}
