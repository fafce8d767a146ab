//! What a request asks of the page itself: how it is opened, what it is told, what comes back.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod browser_lab;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{any, get};
use browser_lab::{Lab, PIXEL, bytes, html, page, png_size, sent};
use local_engine::page::{PageError, Stage};
use serde_json::{Value, json};

#[tokio::test]
async fn headers_cookies_and_language_reach_the_page_and_its_host_only() {
    let body = "<script>
        window.seen = [navigator.language, new Intl.NumberFormat().resolvedOptions().locale, document.cookie, navigator.userAgent];
        fetch('/own'); fetch(`http://localhost:${location.port}/foreign`, {mode: 'no-cors'});
        </script>";
    let site = Router::new()
        .route("/", page(body))
        .route("/own", sent("text/plain", "own"))
        .route("/foreign", sent("text/plain", "foreign"));
    let lab = Lab::start(site).await;
    let opened = lab
        .open(
            "/",
            json!({
                "language": "es-AR", "headers": {"X-Test": "1", "Cookie": "h=2"},
                "cookies": {"session": "abc", "n": 5, "yes": true},
                "actions": [{"type": "evaluate", "script": "seen"}],
            }),
        )
        .await
        .unwrap();
    let first = &lab.visits("/")[0];
    assert_eq!(first.header("x-test"), "1");
    assert!(
        first.header("accept-language").starts_with("es-AR"),
        "{first:?}"
    );
    let mut cookies: Vec<_> = first.header("cookie").split("; ").collect();
    cookies.sort_unstable();
    assert_eq!(cookies, ["h=2", "n=5", "session=abc", "yes=true"]);
    assert_eq!(lab.visits("/own")[0].header("x-test"), "1");
    assert_eq!(
        lab.visits("/foreign")[0].header("x-test"),
        "",
        "other hosts learn nothing"
    );

    let seen = &opened.evaluate_results[0];
    assert_eq!(seen[0], "es-AR");
    assert_eq!(seen[1], "es-AR", "the page formats in this language");
    assert!(!seen[3].as_str().unwrap().contains("Headless"), "{seen}");
    assert_eq!(opened.cookies["session"], "abc");
    assert_eq!(opened.status, 200);
    assert_eq!(
        opened.content_type.as_deref(),
        Some("text/html; charset=utf-8")
    );
    assert!(
        html(&opened).starts_with("<!DOCTYPE html>"),
        "with its doctype"
    );
}

#[tokio::test]
async fn window_sizes() {
    let lab = Lab::start(Router::new().route("/", page("<p>x</p>"))).await;
    let script = "[innerWidth, innerHeight, 'ontouchstart' in window, navigator.maxTouchPoints > 0, devicePixelRatio, /Android.*Mobile/.test(navigator.userAgent)]";
    for (size, expected) in [
        ("", json!([1280, 800, false, false, 1, false])),
        ("desktop", json!([1280, 800, false, false, 1, false])),
        ("any", json!([1280, 800, false, false, 1, false])),
    ] {
        let opened = lab
            .open(
                "/",
                json!({"window_size": size, "actions": [{"type": "evaluate", "script": script}]}),
            )
            .await
            .unwrap();
        assert_eq!(opened.evaluate_results[0], expected, "window_size {size:?}");
    }
    let viewport = "<meta name=viewport content='width=device-width'><p>x</p>";
    let lab = Lab::start(Router::new().route("/", page(viewport))).await;
    let mobile = lab
        .open(
            "/",
            json!({"window_size": "mobile", "actions": [{"type": "evaluate", "script": script}]}),
        )
        .await
        .unwrap();
    assert_eq!(
        mobile.evaluate_results[0],
        json!([390, 844, true, true, 2, true])
    );
    assert!(lab.visits("/")[0].header("user-agent").contains("Mobile"));
}

#[tokio::test]
async fn post_sends_json_or_a_form_once() {
    let site = Router::new()
        .route("/post", page("<h1>Thanks</h1>"))
        .route("/see-other", any(|| async { Redirect::to("/post") }));
    let lab = Lab::start(site).await;
    let post = |rest: Value| {
        let mut method = json!({"method": "post"});
        method
            .as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        json!({"http_method": method})
    };
    let opened = lab
        .open("/post", post(json!({"payload": {"a": [1, "ü"]}})))
        .await
        .unwrap();
    assert!(html(&opened).contains("Thanks"));
    let visit = lab.visits("/post").pop().unwrap();
    assert_eq!(visit.method, "POST");
    assert_eq!(visit.header("content-type"), "application/json");
    assert_eq!(visit.body, "{\"a\":[1,\"ü\"]}");

    let form = post(
        json!({"payload": {"q": "a b", "n": 2}, "content_type": "form", "url": lab.url("/see-other")}),
    );
    let opened = lab.open("/elsewhere", form).await.unwrap();
    let sent = lab.visits("/see-other").pop().unwrap();
    assert_eq!(
        (sent.method.as_str(), sent.body.as_str()),
        ("POST", "q=a+b&n=2")
    );
    assert_eq!(
        sent.header("content-type"),
        "application/x-www-form-urlencoded"
    );
    assert_eq!(
        lab.visits("/post").pop().unwrap().method,
        "GET",
        "what the answer leads to is only read"
    );
    assert_eq!(opened.final_url, lab.url("/post"));
    assert!(
        lab.visits("/elsewhere").is_empty(),
        "its own address was used instead"
    );
}

#[tokio::test]
async fn screenshot_shows_the_whole_page() {
    let body = "<div style='height:3000px;background:linear-gradient(red,blue)'></div><img loading=lazy src=/lazy.png width=10 height=10>";
    let site = Router::new()
        .route("/", page(body))
        .route("/tall", page("<div style='height:40000px'></div>"))
        .route("/lazy.png", sent("image/png", PIXEL));
    let lab = Lab::start(site).await;
    let opened = lab.open("/", json!({"screenshot": true})).await.unwrap();
    let (width, height) = png_size(opened.screenshot.as_ref().unwrap());
    assert_eq!(width, 1280);
    assert!(
        (3000..3100).contains(&height),
        "the full page, not the window: {height}"
    );
    assert_eq!(
        lab.visits("/lazy.png").len(),
        1,
        "what loads when seen was loaded"
    );
    assert!(opened.timings["screenshot_ms"].is_u64());
    assert!(lab.stages.lock().unwrap().contains(&Stage::Screenshot));

    let tall = lab
        .open("/tall", json!({"screenshot": true}))
        .await
        .unwrap();
    assert_eq!(png_size(tall.screenshot.as_ref().unwrap()).1, 16_384);
}

#[tokio::test]
async fn files_come_as_bytes_and_text_as_it_was_sent() {
    let pdf: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF";
    let site = Router::new()
        .route("/a.pdf", sent("application/pdf", pdf))
        .route("/a.png", sent("image/png", PIXEL))
        .route(
            "/a.csv",
            get(|| async {
                (
                    [
                        ("content-type", "text/csv"),
                        ("content-disposition", "attachment; filename=a.csv"),
                    ],
                    "a;b",
                )
            }),
        )
        .route("/a.json", sent("application/json", "{\"a\": \"<b>\"}"))
        .route(
            "/none",
            get(|| async {
                let mut response = PIXEL.into_response();
                response.headers_mut().remove("content-type");
                response
            }),
        )
        .route("/moved", get(|| async { Redirect::permanent("/a.pdf") }))
        .route("/link", page("<a href=/a.pdf>get</a>"));
    let lab = Lab::start(site).await;
    for path in ["/a.pdf", "/moved"] {
        let file = lab.open(path, json!({"screenshot": true})).await.unwrap();
        assert_eq!(bytes(&file), pdf);
        assert_eq!(file.final_url, lab.url("/a.pdf"));
        assert_eq!(
            (file.status, file.content_type.as_deref()),
            (200, Some("application/pdf"))
        );
    }
    let picture = lab
        .open("/a.png", json!({"screenshot": true}))
        .await
        .unwrap();
    assert_eq!(bytes(&picture), PIXEL);
    assert!(picture.screenshot.is_some(), "a picture can be shown");
    let csv = lab.open("/a.csv", json!({})).await.unwrap();
    assert_eq!(html(&csv), "a;b");
    let json_page = lab.open("/a.json", json!({})).await.unwrap();
    assert_eq!(
        html(&json_page),
        "{\"a\": \"<b>\"}",
        "not the browser's view of it"
    );
    let sniffed = lab.open("/none", json!({})).await.unwrap();
    assert_eq!(
        (bytes(&sniffed), sniffed.content_type.as_deref()),
        (PIXEL, Some("image/png"))
    );
    let clicked = lab
        .steps(
            "/link",
            json!([{"type": "click", "selector": "css:a", "wait_for_navigation": true}]),
        )
        .await
        .unwrap();
    assert_eq!(
        bytes(&clicked),
        pdf,
        "a click that leads to a file brings the file"
    );
}

#[tokio::test]
async fn answers_that_are_no_success_are_still_answers() {
    let site = Router::new()
        .route(
            "/404",
            get(|| async {
                (
                    StatusCode::NOT_FOUND,
                    axum::response::Html("<h1>Nothing</h1>"),
                )
            }),
        )
        .route("/500", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
        .route("/204", get(|| async { StatusCode::NO_CONTENT }))
        .route(
            "/401",
            get(|| async {
                (
                    StatusCode::UNAUTHORIZED,
                    [("www-authenticate", "Basic realm=x")],
                    "log in",
                )
            }),
        )
        .route("/redirects", get(|| async { Redirect::temporary("/echo") }))
        .route(
            "/echo",
            get(|headers: HeaderMap| async move { format!("{headers:?}") }),
        )
        .route("/loop", get(|| async { Redirect::temporary("/loop") }));
    let lab = Lab::start(site).await;
    for (path, status, part) in [
        ("/404", 404, "<h1>Nothing</h1>"),
        ("/500", 500, ""),
        ("/204", 204, ""),
        ("/401", 401, "log in"),
    ] {
        let opened = lab
            .open(path, json!({}))
            .await
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(opened.status, status);
        assert!(html(&opened).contains(part), "{path}: {}", html(&opened));
    }
    let moved = lab
        .open("/redirects", json!({"headers": {"X-Test": "again"}}))
        .await
        .unwrap();
    assert_eq!(moved.final_url, lab.url("/echo"));
    assert!(
        html(&moved).contains("again"),
        "sent again after a redirect"
    );
    let endless = lab.open("/loop", json!({})).await;
    assert!(
        matches!(endless, Err(PageError::TooManyRedirects { .. })),
        "{endless:?}"
    );
}

#[tokio::test]
async fn what_the_guard_refuses_is_refused_in_the_browser_too() {
    let site = Router::new()
        .route(
            "/to-private",
            get(|| async { Redirect::temporary("http://10.0.0.1/") }),
        )
        .route("/link", page("<a href='http://169.254.169.254/'>x</a>"));
    let lab = Lab::start(site).await;
    for url in [
        "http://192.168.0.1/",
        "https://10.1.2.3/",
        "http://127.0.0.1:1/",
    ] {
        let refused = lab.open("/", json!({"url": url})).await;
        assert!(
            matches!(refused, Err(PageError::Refused { .. })),
            "{url}: {refused:?}"
        );
    }
    let led = lab.open("/to-private", json!({})).await;
    assert!(
        matches!(
            led,
            Err(PageError::Refused {
                reason: "private_ip",
                ..
            })
        ),
        "{led:?}"
    );
    let clicked = lab
        .steps(
            "/link",
            json!([{"type": "click", "selector": "css:a", "wait_for_navigation": true}]),
        )
        .await;
    assert!(
        matches!(clicked, Err(PageError::Step { .. })),
        "{clicked:?}"
    );
    let unknown = lab
        .open("/", json!({"url": "http://no-such-name.invalid/"}))
        .await;
    assert!(matches!(unknown, Err(PageError::Dns { .. })), "{unknown:?}");
}

#[tokio::test]
async fn a_page_drawn_by_scripts_is_read_when_it_is_drawn() {
    let body = "<ul id=list></ul><script>
        fetch('/items').then((r) => r.json()).then((items) => { list.innerHTML = items.map((i) => `<li>${i}</li>`).join(''); });
        </script>";
    let site = Router::new().route("/", page(body)).route(
        "/items",
        get(|| async {
            tokio::time::sleep(std::time::Duration::from_millis(700)).await;
            axum::Json(["one", "two"])
        }),
    );
    let lab = Lab::start(site).await;
    let opened = lab.open("/", json!({})).await.unwrap();
    assert!(html(&opened).contains("<li>two</li>"), "{}", html(&opened));
}
