//! Simple pages: what is sent, what comes back, and what ends badly.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use local_engine::fetch::Fetcher;
use local_engine::guard::Guard;
use local_engine::page::PageError;
use scrapingpros::types::ScrapeRequest;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use crate::caller::{Answer, Caller};
use crate::site::Site;

async fn visit(extra: Value) -> (String, Answer) {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let mut request = json!({"url": site.url("/echo")});
    for (name, value) in extra.as_object().expect("an object") {
        request[name] = value.clone();
    }
    let answer = caller.scrape(request).await;
    (
        answer.body["html"].as_str().unwrap_or_default().to_owned(),
        answer,
    )
}

#[tokio::test]
async fn it_introduces_itself_as_a_browser() {
    let (seen, _) = visit(json!({})).await;
    assert!(
        seen.starts_with("GET /echo")
            && seen.contains("Windows NT 10.0")
            && seen.contains("accept-language: en-US"),
        "{seen}"
    );
    assert!(
        seen.contains("gzip") && seen.contains("br") && seen.contains("zstd"),
        "{seen}"
    );
    let (seen, _) = visit(json!({"window_size": "mobile", "language": "es-AR"})).await;
    assert!(
        seen.contains("Mobile Safari") && seen.contains("accept-language: es-AR,es;q=0.9"),
        "{seen}"
    );
    let (seen, _) = visit(json!({"headers": {"User-Agent": "mine", "X-Test": "1"}, "cookies": {"session": "abc", "n": 7}})).await;
    assert!(
        seen.contains("user-agent: mine") && seen.contains("x-test: 1"),
        "{seen}"
    );
    assert!(
        seen.contains("session=abc") && seen.contains("n=7"),
        "{seen}"
    );
}

#[tokio::test]
async fn posts_json_and_forms() {
    let (seen, _) =
        visit(json!({"http_method": {"method": "post", "payload": {"q": "tea", "n": [1, 2]}}}))
            .await;
    assert!(
        seen.starts_with("POST")
            && seen.contains("content-type: application/json")
            && seen.ends_with(r#"{"q":"tea","n":[1,2]}"#),
        "{seen}"
    );
    let form = json!({"method": "post", "payload": {"q": "a b&c", "n": [1, 2], "none": null, "yes": true}, "content_type": "form"});
    let (seen, _) = visit(json!({ "http_method": form })).await;
    assert!(
        seen.contains("x-www-form-urlencoded")
            && seen.ends_with("q=a+b%26c&n=1&n=2&none=&yes=true"),
        "{seen}"
    );
    let (seen, _) = visit(json!({"http_method": {"method": "post", "payload": [1, "two"]}})).await;
    assert!(seen.ends_with(r#"[1,"two"]"#), "{seen}");
    let (seen, _) = visit(json!({"http_method": {"method": "post"}})).await;
    assert!(
        seen.starts_with("POST") && seen.contains("content-length: 0"),
        "{seen}"
    );
}

#[tokio::test]
async fn cookies_live_across_redirects() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let answer = caller
        .scrape(json!({"url": site.url("/set-and-go"), "cookies": {"mine": "1"}}))
        .await;
    let seen = answer.body["html"].as_str().unwrap_or_default();
    assert!(
        seen.contains("session=abc") && seen.contains("mine=1") && !seen.contains("elsewhere"),
        "{seen}"
    );
    assert_eq!(
        answer.body["cookies"]["session"], "abc",
        "{}",
        answer.body["cookies"]
    );
}

#[tokio::test]
async fn secrets_do_not_follow_to_another_site() {
    let (site, other) = (Site::open().await, Site::open().await);
    let caller = Caller::new(&[&site.host(), &other.host()]).await;
    let url = site.url(&format!("/to/{}", other.url("/echo")));
    let answer = caller
        .scrape(json!({"url": url, "headers": {"Authorization": "Bearer secret", "X-Plain": "1"}}))
        .await;
    let seen = answer.body["html"].as_str().unwrap_or_default();
    assert!(
        seen.contains("x-plain: 1") && !seen.contains("secret"),
        "{seen}"
    );
    let same = caller
        .scrape(
            json!({"url": site.url("/to//echo"), "headers": {"Authorization": "Bearer secret"}}),
        )
        .await;
    assert!(
        same.body["html"]
            .as_str()
            .unwrap_or_default()
            .contains("secret"),
        "the same site keeps them"
    );
}

#[tokio::test]
async fn redirects_change_the_method_as_browsers_do() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let post = json!({"method": "post", "payload": {"a": 1}});
    let found = caller
        .scrape(json!({"url": site.url("/to//echo"), "http_method": post}))
        .await;
    let seen = found.body["html"].as_str().unwrap_or_default();
    assert!(
        seen.starts_with("GET") && !seen.contains("content-type"),
        "{seen}"
    );
    let repeated = caller
        .scrape(json!({"url": site.url("/again//echo"), "http_method": post}))
        .await;
    let seen = repeated.body["html"].as_str().unwrap_or_default();
    assert!(
        seen.starts_with("POST") && seen.ends_with(r#"{"a":1}"#),
        "{seen}"
    );
}

#[tokio::test]
async fn a_circle_of_redirects_ends() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let answer = caller.scrape(json!({"url": site.url("/circle")})).await;
    assert_eq!(
        answer.guidance("error_type"),
        "site_error",
        "{}",
        answer.body
    );
    assert_eq!(
        (answer.body["message"].as_str(), site.visits()),
        (Some("more than 10 redirects"), 11)
    );
}

#[tokio::test]
async fn charsets_become_utf8() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let cases = [
        ("latin1-header", "café € end"),
        ("windows1251-meta", "Привет"),
        ("sjis-http-equiv", "日本"),
        ("sjis-guessed", "商品の一覧を見る"),
        ("utf8-bom", "<p>žluťoučký"),
        ("utf16-bom", "<p>žluťoučký"),
        ("utf8-unlabelled", "žluťoučký"),
        ("lies", "žluťoučký"),
    ];
    for (name, text) in cases {
        let html = caller.html(&site.url(&format!("/charset/{name}"))).await;
        assert!(html.contains(text), "{name}: {html}");
        assert!(!html.contains('\u{feff}'), "{name}: the mark is no text");
    }
}

#[tokio::test]
async fn packed_pages_are_unpacked() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    for how in ["gzip", "deflate", "br", "zstd"] {
        assert_eq!(
            caller.html(&site.url(&format!("/packed/{how}"))).await,
            format!("<p>unpacked by {how}</p>")
        );
    }
}

#[tokio::test]
async fn bombs_and_endless_pages_end() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    for path in ["/bomb", "/endless"] {
        let answer = caller.scrape(json!({"url": site.url(path)})).await;
        assert_eq!(
            answer.body["message"], "the page is larger than 50 MB",
            "{path}: {}",
            answer.body["message"]
        );
        assert_eq!(
            (answer.status, answer.header("x-credits-charged")),
            (200, "0"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_page_that_never_comes_ends_in_time() {
    let site = Site::open().await;
    let shop = ([127, 0, 0, 1], 1).into();
    let guard = std::sync::Arc::new(Guard::new(shop, &[site.host()]));
    let fetcher = Fetcher::new(guard).expect("certificates");
    let request = ScrapeRequest {
        url: site.url("/stuck"),
        ..ScrapeRequest::default()
    };
    let ended = fetcher.open(&request, Duration::from_secs(1)).await;
    assert_eq!(ended.err(), Some(PageError::Timeout { seconds: 1 }));
}

#[tokio::test]
async fn files_stay_bytes() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let cases = [
        ("a.pdf", "application/pdf", true),
        ("lies.html", "application/pdf", true),
        ("nameless", "image/png", true),
        ("data.bin", "application/octet-stream", true),
        ("data.json", "application/json", false),
        ("pic.svg", "image/svg+xml", false),
        ("empty.zip", "application/zip", true),
    ];
    for (name, mime, is_file) in cases {
        let answer = caller
            .scrape(json!({"url": site.url(&format!("/file/{name}"))}))
            .await;
        assert_eq!(answer.body["content_type"], mime, "{name}");
        assert_eq!(answer.body["body_base64"].is_string(), is_file, "{name}");
        assert_eq!(answer.body["html"].is_null(), is_file, "{name}");
        assert_eq!(answer.guidance("success"), true, "{name}");
    }
    let pdf = caller.scrape(json!({"url": site.url("/file/a.pdf")})).await;
    let bytes = BASE64.decode(pdf.body["body_base64"].as_str().unwrap_or_default());
    assert_eq!(bytes.as_deref(), Ok(&b"%PDF-1.4\n%\xff\xff"[..]));
}

#[tokio::test]
async fn downloads_are_the_bytes_that_were_sent() {
    let site = Site::open().await;
    let caller = Caller::new(&[&site.host()]).await;
    let file = caller
        .post(
            "/v1/sync/download",
            json!({"url": site.url("/file/latin1.csv")}),
        )
        .await;
    assert_eq!(
        (file.status, file.header("x-credits-charged")),
        (200, "1"),
        "{}",
        file.body
    );
    let bytes = BASE64.decode(file.body["content"].as_str().unwrap_or_default());
    assert_eq!(
        bytes.as_deref(),
        Ok(&b"caf\xe9;1\n"[..]),
        "no charset was touched"
    );
    assert_eq!(
        (&file.body["statusCode"], &file.body["message"]),
        (&json!(200), &json!("OK"))
    );
    assert_eq!(file.body["contentType"], "text/csv; charset=iso-8859-1");

    let failed = caller
        .post("/v1/sync/download", json!({"url": site.url("/status/404")}))
        .await;
    assert_eq!(
        (failed.status, failed.header("x-credits-charged")),
        (500, "0")
    );
    let keys: Vec<&String> = failed.body.as_object().expect("an object").keys().collect();
    assert_eq!(
        keys,
        [
            "content",
            "contentType",
            "statusCode",
            "message",
            "executionTime"
        ]
    );
    assert_eq!(
        (&failed.body["content"], &failed.body["statusCode"]),
        (&Value::Null, &json!(500))
    );
}

#[tokio::test]
async fn what_is_not_there_has_its_own_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let closed = listener.local_addr().expect("its address").to_string();
    drop(listener);
    let plain = Site::open().await;
    let rude = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let rude_host = rude.local_addr().expect("its address").to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = rude.accept().await {
            let _ = stream.write_all(b"SSH-2.0-OpenSSH\r\n\r\n").await;
        }
    });
    let caller = Caller::new(&[&closed, &plain.host(), &rude_host]).await;
    let cases = [
        (format!("http://{closed}/"), "network"),
        (format!("https://{}/", plain.host()), "ssl_error"),
        (format!("http://{rude_host}/"), "network"),
        (
            "http://this-name-does-not-exist.invalid/".to_owned(),
            "dns_fail",
        ),
    ];
    for (url, error_type) in cases {
        let answer = caller.scrape(json!({ "url": url })).await;
        assert_eq!(
            (answer.status, answer.guidance("error_type")),
            (200, &json!(error_type)),
            "{url}: {}",
            answer.body
        );
        assert_eq!(
            (&answer.body["html"], &answer.body["statusCode"]),
            (&Value::Null, &Value::Null),
            "{url}"
        );
        assert!(answer.body["message"].is_string(), "{url}");
        assert_eq!(
            (
                answer.guidance("credits_charged"),
                answer.header("x-credits-charged")
            ),
            (&json!(0), "0"),
            "{url}"
        );
    }
}
