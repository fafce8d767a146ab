use serde_json::{Map, json};

use crate::page::PageBody;

use super::*;

fn request() -> ScrapeRequest {
    ScrapeRequest {
        url: "https://shop.example/item/42".into(),
        custom_id: Some("sku-42".into()),
        ..ScrapeRequest::default()
    }
}

fn page(status: u16, html: &str) -> FetchedPage {
    FetchedPage {
        final_url: "https://shop.example/item/42".into(),
        status,
        content_type: Some("text/html".into()),
        body: PageBody::Text(html.into()),
        ..FetchedPage::default()
    }
}

fn of_page(request: &ScrapeRequest, page: &FetchedPage) -> Verdict {
    match &page.body {
        PageBody::Text(html) => of_text(request, page, &PageText::new(html)),
        PageBody::Bytes(_) => of_file(request, page.status),
    }
}

fn judge(status: u16, html: &str) -> Guidance {
    of_page(&request(), &page(status, html)).guidance
}

fn article(extra: &str) -> String {
    format!(
        "<title>Kettles</title><p>{}</p>{extra}",
        "A kettle for every stove. ".repeat(60)
    )
}

#[test]
fn a_good_page_costs_what_it_costs() {
    let guidance = judge(200, &article(""));
    assert!(guidance.success);
    assert_eq!(guidance.credits_charged, Some(1));
    assert_eq!(guidance.credits_refunded, Some(false));
    let with_browser = ScrapeRequest {
        browser: true,
        ..request()
    };
    assert_eq!(
        of_page(&with_browser, &page(200, "<p>short"))
            .guidance
            .credits_charged,
        Some(5)
    );
}

#[test]
fn captchas_are_known_by_their_makers() {
    let cases = [
        (403, "<div class='cf-turnstile'></div>", "cloudflare"),
        (
            503,
            "<title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x.js'></script>",
            "cloudflare",
        ),
        (
            200,
            "<form><div class='g-recaptcha'></div></form>",
            "recaptcha",
        ),
        (200, "<div class=h-captcha></div>", "hcaptcha"),
        (
            403,
            "<script src='https://ct.captcha-delivery.com/c.js'></script>",
            "datadome",
        ),
        (403, "<div id='px-captcha'></div>", "perimeterx"),
        (
            403,
            "<h1>Access Denied</h1>Reference #18 https://errors.edgesuite.net/18",
            "akamai",
        ),
    ];
    for (status, html, provider) in cases {
        let verdict = of_page(&request(), &page(status, html));
        assert!(verdict.captcha && verdict.is_block(), "{html}");
        assert_eq!(
            verdict.guidance.error_type.as_deref(),
            Some("captcha"),
            "{html}"
        );
        assert_eq!(
            verdict.guidance.error_provider.as_deref(),
            Some(provider),
            "{html}"
        );
        assert_eq!(
            verdict.guidance.credits_charged,
            Some(0),
            "a captcha is refunded"
        );
        let suggested = verdict.guidance.suggested_request.expect("a suggestion");
        assert!(suggested.browser && suggested.retry_on_block);
        assert_eq!(
            suggested.custom_id.as_deref(),
            Some("sku-42"),
            "the whole request is kept"
        );
    }
    let nameless = of_page(&request(), &page(200, "<h1>Verify you are human</h1>"));
    assert_eq!(nameless.guidance.error_type.as_deref(), Some("captcha"));
    assert_eq!(nameless.guidance.error_provider, None);
}

#[test]
fn a_page_that_only_has_a_captcha_on_it_is_a_page() {
    assert!(judge(200, &article("<div class='g-recaptcha'></div>")).success);
    assert!(judge(200, &article("<p>Why sites ask to verify you are human")).success);
}

#[test]
fn log_in_walls_stop() {
    let form = "<form>Name<input name=u><input type=password name=p></form>";
    let wall = judge(200, form);
    assert_eq!(wall.error_type.as_deref(), Some("login_wall"));
    assert!(wall.stop_reason.is_some() && wall.credits_refunded == Some(true));
    let mut sent_away = page(200, &article(form));
    sent_away.final_url = "https://shop.example/login?next=/item/42".into();
    assert_eq!(
        of_page(&request(), &sent_away)
            .guidance
            .error_type
            .as_deref(),
        Some("login_wall")
    );
    assert!(
        judge(200, &article(form)).success,
        "a form in a page's corner is no wall"
    );
    let asked = ScrapeRequest {
        url: "https://shop.example/login".into(),
        ..request()
    };
    assert!(
        of_page(&asked, &page(200, form)).guidance.success,
        "who asks for the log-in page gets it"
    );
}

#[test]
fn an_empty_shell_wants_a_browser() {
    for html in [
        "<html><body><div id=root></div><script src=app.js></script></body></html>",
        "<noscript>You need to enable JavaScript to run this app.</noscript><div></div><script>x</script>",
        "<div id=__next></div><script type=module src=x></script>",
        "",
    ] {
        let guidance = judge(200, html);
        assert_eq!(guidance.error_type.as_deref(), Some("soft_block"), "{html}");
        assert!(
            guidance
                .suggested_request
                .is_some_and(|request| request.browser),
            "{html}"
        );
    }
    assert!(judge(200, "<p>Hello</p>").success, "short is not empty");
    assert!(
        judge(
            200,
            &format!("{}<div id=root></div><script>x</script>", article(""))
        )
        .success
    );
    let mut json = page(200, "{}");
    json.content_type = Some("application/json".into());
    assert!(of_page(&request(), &json).guidance.success);
}

#[test]
fn statuses_have_their_names() {
    let cases = [
        (401, "login_wall", true),
        (403, "blocked", false),
        (404, "site_error", true),
        (410, "site_error", true),
        (418, "site_error", false),
        (429, "rate_limit", false),
        (500, "site_error", false),
        (503, "site_error", false),
    ];
    for (status, error_type, stops) in cases {
        let guidance = judge(status, &article(""));
        assert_eq!(guidance.error_type.as_deref(), Some(error_type), "{status}");
        assert_eq!(guidance.stop_reason.is_some(), stops, "{status}");
        assert!(
            !guidance.success && !guidance.next_steps.is_empty(),
            "{status}"
        );
        assert_eq!(guidance.credits_charged, Some(0), "{status}");
    }
}

#[test]
fn errors_have_their_names() {
    let host = || "a.example".to_owned();
    let message = || "why".to_owned();
    let cases = [
        (PageError::Dns { host: host() }, "dns_fail"),
        (
            PageError::Connect {
                host: host(),
                message: message(),
            },
            "network",
        ),
        (
            PageError::Tls {
                host: host(),
                message: message(),
            },
            "ssl_error",
        ),
        (PageError::Timeout { seconds: 60 }, "timeout"),
        (PageError::TooManyRedirects { limit: 10 }, "site_error"),
        (PageError::TooLarge { limit_mb: 50 }, "site_error"),
        (
            PageError::Step {
                index: "2".into(),
                kind: "click",
                message: message(),
            },
            "failed",
        ),
        (
            PageError::NoBrowser {
                looked_for: "chromium".into(),
            },
            "no_browser",
        ),
        (PageError::Browser { message: message() }, "worker_error"),
    ];
    for (error, error_type) in cases {
        let guidance = of_error(&request(), &error).guidance;
        assert_eq!(guidance.error_type.as_deref(), Some(error_type));
        assert!(
            !guidance.success && !guidance.next_steps.is_empty(),
            "{error}"
        );
    }
}

#[test]
fn no_browser_suggests_going_without_only_where_that_works() {
    let error = PageError::NoBrowser {
        looked_for: "chromium".into(),
    };
    let plain = ScrapeRequest {
        browser: true,
        ..request()
    };
    assert!(
        of_error(&plain, &error)
            .guidance
            .suggested_request
            .is_some_and(|request| !request.browser)
    );
    let with_picture = ScrapeRequest {
        browser: true,
        screenshot: true,
        ..request()
    };
    assert_eq!(
        of_error(&with_picture, &error).guidance.suggested_request,
        None
    );
    let with_cookies = ScrapeRequest {
        cookies: Some(Map::from_iter([("a".into(), json!(1))])),
        ..plain
    };
    let suggested = of_error(&with_cookies, &error).guidance.suggested_request;
    assert!(
        suggested.is_some_and(|request| request.cookies.is_some()),
        "the rest is kept"
    );
}
