//! Private addresses are refused on the first hop and on every other.

use serde_json::json;

use crate::caller::Caller;
use crate::site::Site;

async fn assert_blocked(caller: &Caller, url: &str) {
    let answer = caller.scrape(json!({ "url": url })).await;
    assert_eq!(answer.status, 422, "{url}: {}", answer.body);
    let detail = answer.body["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("SSRF"), "{url}: {detail}");
    let download = caller
        .post("/v1/sync/download", json!({ "url": url }))
        .await;
    assert_eq!(download.status, 422, "download of {url}");
}

#[tokio::test]
async fn private_addresses_are_refused() {
    let site = Site::open().await;
    let caller = Caller::new(&[]).await;
    assert_blocked(&caller, &site.url("/page")).await;
    assert_blocked(&caller, &caller.engine.shop_url()).await;
    assert_blocked(&caller, &caller.engine.url()).await;
    for url in [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost./",
        "http://169.254.169.254/latest/",
    ] {
        assert_blocked(&caller, url).await;
    }
    assert_eq!(site.visits(), 0, "nobody came");
}

#[tokio::test]
async fn redirects_to_private_addresses_are_refused() {
    let open = Site::open().await;
    let secret = Site::open().await;
    let caller = Caller::new(&[&open.host()]).await;
    for target in [
        secret.url("/page"),
        "http://127.0.0.1/".into(),
        "http://[::1]:80/".into(),
        "file:///etc/passwd".into(),
    ] {
        assert_blocked(&caller, &open.url(&format!("/to/{target}"))).await;
        assert_blocked(&caller, &open.url(&format!("/again/{target}"))).await;
    }
    assert_eq!(secret.visits(), 0, "nobody came");
    let billing = caller.get("/v1/sync/billing").await.body;
    assert_eq!(
        billing["clients"]["local"]["credits"]["total"], 0,
        "nothing was charged"
    );
}

#[tokio::test]
async fn a_post_target_is_judged_too() {
    let secret = Site::open().await;
    let caller = Caller::new(&[]).await;
    let post = json!({"method": "post", "url": secret.url("/echo"), "payload": {"a": 1}});
    let answer = caller
        .scrape(json!({"url": "http://sample.shop/", "http_method": post}))
        .await;
    assert_eq!(
        (answer.status, secret.visits()),
        (422, 0),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn allowed_hosts_can_change_while_it_runs() {
    let site = Site::open().await;
    let caller = Caller::new(&[]).await;
    assert_blocked(&caller, &site.url("/page")).await;
    caller.engine.allow_hosts(vec![site.host()]);
    assert!(caller.html(&site.url("/page")).await.contains("kettle"));
    caller.engine.allow_hosts(vec![]);
    assert_blocked(&caller, &site.url("/page")).await;
}

#[tokio::test]
async fn a_host_header_leads_nowhere_else() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let answer = caller
        .scrape(json!({"url": site.url("/echo"), "headers": {"Host": "evil.example", "Content-Length": "7", "X-Mine": "1"}}))
        .await;
    let seen = answer.body["html"].as_str().unwrap_or_default();
    assert!(
        seen.contains(&format!("host: {}", site.host())) && seen.contains("x-mine: 1"),
        "{seen}"
    );
    assert!(!seen.contains("evil.example"), "{seen}");
}
