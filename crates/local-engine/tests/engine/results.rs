//! What a scrape answers with: parts, verdict and price.

use serde_json::{Value, json};

use crate::caller::Caller;
use crate::site::Site;

#[tokio::test]
async fn a_page_has_all_its_parts() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let answer = caller
        .scrape(
            json!({"url": site.url("/page"), "custom_id": "sku-42", "extract": {
            "title": "css:h1", "prices": {"selector": "xpath://li", "multiple": true},
            "link": {"selector": "css:a", "attribute": "href"}, "none": "css:.none"}}),
        )
        .await;
    let body = &answer.body;
    assert_eq!(
        (&body["statusCode"], &body["message"], &body["custom_id"]),
        (&json!(200), &json!("OK"), &json!("sku-42"))
    );
    assert_eq!(
        (&body["url"], &body["markdown"], &body["screenshot"]),
        (&json!(site.url("/page")), &Value::Null, &Value::Null)
    );
    assert_eq!(
        body["extracted_data"],
        json!({"title": "Blue kettle", "prices": ["$1", "$2"], "link": "/buy?a=1", "none": null})
    );
    assert!(
        body["executionTime"]
            .as_f64()
            .is_some_and(|seconds| seconds > 0.0)
    );
    assert!(body["timings"]["fetch_ms"].is_u64(), "{body}");
    assert_eq!(body["potentiallyBlockedByCaptcha"], false);
    assert_eq!(
        body["guidance"],
        json!({"success": true, "error_type": null, "error_provider": null, "credits_charged": 1,
        "credits_refunded": false, "next_steps": [], "suggested_request": null, "stop_reason": null})
    );
}

#[tokio::test]
async fn markdown_stands_in_for_html() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let body = caller
        .scrape(json!({"url": site.url("/page"), "format": "markdown"}))
        .await
        .body;
    let markdown = body["markdown"].as_str().unwrap_or_default();
    assert!(
        body["html"].is_null() && markdown.contains("# Blue **kettle**"),
        "{markdown}"
    );
    assert!(
        markdown.contains(&format!("[Buy]({})", site.url("/buy?a=1")))
            && !markdown.contains("hidden"),
        "{markdown}"
    );
}

#[tokio::test]
async fn an_xpath_that_fails_on_the_page_names_its_field() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let answer = caller
        .scrape(json!({"url": site.url("/page"), "extract": {"price": "xpath:nonsense(//a)"}}))
        .await;
    assert_eq!(
        (answer.status, &answer.body["detail"][0]["loc"]),
        (422, &json!(["body", "extract", "price"])),
        "{}",
        answer.body
    );
    assert_eq!(
        caller.get("/v1/sync/billing").await.body["clients"]["local"]["credits"]["total"],
        0
    );
}

#[tokio::test]
async fn statuses_of_the_page_are_told_and_refunded() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    for (status, message, error_type) in [
        (404, "NOT FOUND", "site_error"),
        (403, "FORBIDDEN", "blocked"),
        (429, "TOO MANY REQUESTS", "rate_limit"),
        (500, "INTERNAL SERVER ERROR", "site_error"),
    ] {
        let answer = caller
            .scrape(json!({"url": site.url(&format!("/status/{status}"))}))
            .await;
        assert_eq!(
            (
                answer.status,
                &answer.body["statusCode"],
                &answer.body["message"]
            ),
            (200, &json!(status), &json!(message))
        );
        assert_eq!(
            (answer.guidance("error_type"), answer.guidance("success")),
            (&json!(error_type), &json!(false))
        );
        assert_eq!(
            (
                answer.header("x-credits-charged"),
                answer.guidance("credits_refunded")
            ),
            ("0", &json!(true))
        );
        assert!(
            answer.body["html"]
                .as_str()
                .is_some_and(|html| html.contains("site says")),
            "the page is kept"
        );
    }
}

#[tokio::test]
async fn a_captcha_is_honestly_told() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let request = json!({"url": site.url("/captcha"), "custom_id": "7", "language": "es-AR"});
    let answer = caller.scrape(request).await;
    assert_eq!(
        (
            answer.guidance("error_type"),
            answer.guidance("error_provider")
        ),
        (&json!("captcha"), &json!("cloudflare"))
    );
    assert_eq!(answer.body["potentiallyBlockedByCaptcha"], true);
    assert_eq!(
        answer.guidance("suggested_request"),
        &json!({"url": site.url("/captcha"), "browser": true, "language": "es-AR", "retry_on_block": true, "custom_id": "7"})
    );
    assert_eq!(site.visits(), 1, "no tries that were not asked for");
}

#[tokio::test]
async fn more_tries_only_when_asked_and_charged_once() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let answer = caller
        .scrape(json!({"url": site.url("/blocked-once"), "retry_on_block": true}))
        .await;
    assert_eq!(
        (
            answer.guidance("success"),
            answer.header("x-credits-charged"),
            site.visits()
        ),
        (&json!(true), "1", 2),
        "{}",
        answer.body
    );
    let blocked = Site::open().await;
    caller.engine.allow_hosts(vec![blocked.host()]);
    let answer = caller
        .scrape(json!({"url": blocked.url("/captcha"), "retry_on_block": true}))
        .await;
    assert_eq!(
        (
            answer.guidance("success"),
            answer.header("x-credits-charged"),
            blocked.visits()
        ),
        (&json!(false), "0", 4),
        "three more tries, all free"
    );
    let sums = caller.get("/v1/sync/billing").await.body["clients"]["local"].clone();
    assert_eq!(
        (&sums["total_requests"], &sums["credits"]["total"]),
        (&json!(2), &json!(1)),
        "one entry a scrape"
    );
}

#[tokio::test]
async fn the_sample_shop_is_always_there() {
    let caller = Caller::new(&[]).await;
    let home = caller.scrape(json!({"url": "http://sample.shop/"})).await;
    assert_eq!(home.guidance("success"), true, "{}", home.body);
    let cases = [
        ("/checkpoint", json!("captcha")),
        ("/account", json!("login_wall")),
        ("/gone", json!("site_error")),
        ("/broken", json!("site_error")),
        ("/moved", Value::Null),
        ("/shop?page=2", Value::Null),
        ("/big", Value::Null),
        ("/latin1", Value::Null),
        ("/files/price-list.pdf", Value::Null),
        ("/files/kettle.png", Value::Null),
    ];
    for (path, error_type) in cases {
        let answer = caller
            .scrape(json!({"url": format!("http://sample.shop{path}")}))
            .await;
        assert_eq!(
            answer.guidance("error_type"),
            &error_type,
            "{path}: {}",
            answer.body["guidance"]
        );
    }
    assert!(
        !caller
            .html("http://sample.shop/latin1")
            .await
            .contains('\u{fffd}')
    );
    let names = json!({"names": {"selector": "css:.card .name", "multiple": true}, "links": {"selector": "xpath://a[contains(@class,'card')]/@href", "multiple": true}});
    let list = caller
        .scrape(json!({"url": "http://sample.shop/shop", "extract": names}))
        .await
        .body;
    assert!(
        list["extracted_data"]["links"]
            .as_array()
            .is_some_and(|links| links.len() >= 12),
        "{}",
        list["extracted_data"]
    );
}
