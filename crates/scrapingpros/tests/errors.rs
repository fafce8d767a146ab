//! Each way a call can fail, with what the service really answers (contract §1.3 to §1.5).
#![allow(clippy::expect_used, reason = "a test stops where it fails")]

mod wire;

use std::time::Duration;

use scrapingpros::{Error, types::DownloadRequest};
use wire::{
    CANARY, RudeServer, answering, calls, client, client_with, error, json, page, patience,
};
use wiremock::ResponseTemplate;

async fn scrape_error(answer: ResponseTemplate) -> Error {
    let server = answering(answer).await;
    let failure = client(&server.uri()).scrape().create(&page()).await;
    assert_eq!(
        calls(&server).await,
        1,
        "a scrape that was answered is never repeated"
    );
    failure.expect_err("the answer is an error")
}

/// The variant's name, its text, and whether the work surely never began.
fn summary(error: &Error) -> (String, String, bool) {
    let name = format!("{error:?}");
    let name = name
        .split(['(', ' ', '{'])
        .next()
        .unwrap_or_default()
        .to_owned();
    let text = error
        .refusal()
        .map_or_else(String::new, |refusal| refusal.text.clone());
    (name, text, error.surely_never_began())
}

#[tokio::test]
async fn each_status_has_its_class_and_keeps_the_words() {
    let invalid = "There is a problem with the collection. Please check the requests. url";
    let nested = r#"{"detail": {"error_code": "result_expired", "message": "Too late."}}"#;
    let cases: &[(u16, &str, &str, &str, bool)] = &[
        (
            400,
            &format!(r#"{{"detail": "{invalid}"}}"#),
            "Invalid",
            invalid,
            true,
        ),
        (
            401,
            r#"{"detail": "Unauthorized"}"#,
            "Unauthorized",
            "Unauthorized",
            true,
        ),
        (
            403,
            r#"{"detail": "Country proxy not approved"}"#,
            "CountryNotApproved",
            "Country proxy not approved",
            true,
        ),
        (
            403,
            r#"{"detail": "Account suspended"}"#,
            "Forbidden",
            "Account suspended",
            true,
        ),
        (403, "<h1>No</h1>", "Forbidden", "<h1>No</h1>", true),
        (
            404,
            r#"{"detail": "Collection not found."}"#,
            "NotFound",
            "Collection not found.",
            true,
        ),
        (404, nested, "NotFound", "Too late.", true),
        (
            409,
            r#"{"error_code": "busy", "message": "Busy"}"#,
            "Refused",
            "Busy",
            false,
        ),
        (
            422,
            r#"{"detail": "URL blocked by SSRF protection"}"#,
            "UrlBlocked",
            "URL blocked by SSRF protection",
            true,
        ),
        (
            400,
            r#"{"detail": "URL blocked: Blocked IP: 10.0.0.1"}"#,
            "UrlBlocked",
            "URL blocked: Blocked IP: 10.0.0.1",
            true,
        ),
        (
            429,
            r#"{"detail": "Too many requests"}"#,
            "RateLimited",
            "Too many requests",
            true,
        ),
        (
            429,
            r#"{"detail": "Monthly quota exceeded"}"#,
            "QuotaExceeded",
            "Monthly quota exceeded",
            true,
        ),
        (
            500,
            r#"{"detail": "Request to https://a.example failed: reset"}"#,
            "Server",
            "Request to https://a.example failed: reset",
            false,
        ),
        (502, "", "Server", "Bad Gateway", false),
        (
            503,
            r#"{"detail": "Service unavailable, please try again later."}"#,
            "Server",
            "Service unavailable, please try again later.",
            false,
        ),
        (
            504,
            "upstream timed out",
            "Server",
            "upstream timed out",
            false,
        ),
    ];
    for (status, body, class, text, never_began) in cases {
        let failure = scrape_error(error(*status, body)).await;
        assert_eq!(failure.status(), Some(*status), "{body}");
        let expected = ((*class).to_owned(), (*text).to_owned(), *never_began);
        assert_eq!(summary(&failure), expected, "{status} {body}");
        assert!(!failure.to_string().is_empty());
    }
}

#[tokio::test]
async fn the_services_code_is_kept_with_and_without_its_wrapper() {
    for body in [
        r#"{"detail": {"error_code": "result_lost", "message": "Gone."}}"#,
        r#"{"error_code": "result_lost", "message": "Gone."}"#,
    ] {
        let failure = scrape_error(error(404, body)).await;
        let refusal = failure.refusal().expect("the service's words");
        assert_eq!(refusal.code.as_deref(), Some("result_lost"), "{body}");
        assert_eq!(refusal.text, "Gone.", "{body}");
    }
}

#[tokio::test]
async fn wrong_fields_are_named_one_by_one() {
    let body = r#"{"detail": [
        {"loc": ["body", "extract", "title", 0], "msg": "Field required", "type": "missing"},
        {"loc": ["body"], "msg": "Invalid body", "type": "x"},
        {"msg": "No place"}, null, {"loc": null}
    ]}"#;
    let failure = scrape_error(error(422, body)).await;
    assert!(matches!(failure, Error::Invalid(_)), "{failure:?}");
    let refusal = failure.refusal().expect("the service's words");
    let fields: Vec<(&str, &str)> = refusal
        .fields
        .iter()
        .map(|field| (field.path.as_str(), field.message.as_str()))
        .collect();
    let expected = [
        ("extract.title.0", "Field required"),
        ("", "Invalid body"),
        ("", "No place"),
    ];
    assert_eq!(fields, expected);
    assert_eq!(refusal.text, "0: Field required; Invalid body; No place");
}

#[tokio::test]
async fn a_body_that_is_no_json_is_kept_up_to_500_characters() {
    let body = "ñ".repeat(2000);
    let failure = scrape_error(ResponseTemplate::new(502).set_body_string(&body)).await;
    let refusal = failure.refusal().expect("an answer");
    assert_eq!(refusal.excerpt.as_deref(), Some("ñ".repeat(500).as_str()));
    assert_eq!(
        refusal.text.chars().count(),
        300,
        "the text is shorter still"
    );
    let spoken = scrape_error(error(503, r#"{"detail": "Down"}"#)).await;
    assert_eq!(
        spoken.refusal().expect("an answer").excerpt,
        None,
        "it was JSON"
    );
}

#[tokio::test]
async fn what_is_no_api_is_told_apart_from_an_api_in_trouble() {
    let page_of_a_portal = "<html><body>Please sign in</body></html>";
    let cases = [
        (
            ResponseTemplate::new(200).set_body_raw(page_of_a_portal, "text/html"),
            200,
        ),
        (
            ResponseTemplate::new(200).set_body_raw(page_of_a_portal, "application/json"),
            200,
        ),
        (ResponseTemplate::new(200).set_body_string("hello"), 200),
        (ResponseTemplate::new(200), 200),
        (
            ResponseTemplate::new(404).set_body_raw(page_of_a_portal, "text/html"),
            404,
        ),
        (ResponseTemplate::new(404), 404),
        (
            ResponseTemplate::new(405).set_body_string("no POST here"),
            405,
        ),
        (ResponseTemplate::new(304), 304),
    ];
    for (answer, status) in cases {
        let failure = scrape_error(answer).await;
        let Error::NotAnApi(about) = &failure else {
            panic!("{status} is not from an API, but read as {failure:?}");
        };
        assert_eq!(about.status, status);
        assert_eq!(failure.status(), Some(status));
        assert_eq!(failure.surely_never_began(), status >= 300, "{status}");
    }
}

#[tokio::test]
async fn a_redirect_is_told_and_never_followed() {
    let elsewhere = answering(json("{}")).await;
    let to = format!(
        "{}/v1/sync/scrape",
        elsewhere.uri().replace("127.0.0.1", "localhost")
    );
    for status in [301, 302, 307, 308] {
        let moved = ResponseTemplate::new(status).insert_header("location", to.as_str());
        let server = answering(moved).await;
        let client = client(&server.uri());
        for failure in [
            client
                .scrape()
                .create(&page())
                .await
                .map(|_| ())
                .expect_err("a redirect"),
            client
                .usage()
                .billing(None)
                .await
                .map(|_| ())
                .expect_err("a redirect"),
        ] {
            let Error::NotAnApi(about) = failure else {
                panic!("{status} is not from the API, but read as {failure:?}");
            };
            assert_eq!(about.location.as_deref(), Some(to.as_str()));
            assert!(
                about.to_string().contains(&to),
                "says where it leads: {about}"
            );
        }
        assert_eq!(calls(&server).await, 2, "one call each");
    }
    assert_eq!(
        calls(&elsewhere).await,
        0,
        "the key never went to another host"
    );
}

#[tokio::test]
async fn an_answer_in_another_form_is_named_with_its_path_and_an_excerpt() {
    let body = r#"["2026-05"]"#;
    let server = answering(json(body)).await;
    let failure = client(&server.uri())
        .usage()
        .billing(None)
        .await
        .expect_err("a list");
    let Error::Parse(about) = &failure else {
        panic!("JSON in another form is a parse failure, not {failure:?}");
    };
    assert_eq!(about.path, ".");
    assert!(about.excerpt.contains("2026-05"), "{}", about.excerpt);
    assert_eq!(failure.status(), Some(200));
    assert_eq!(calls(&server).await, 1, "asking again changes nothing");
}

#[tokio::test]
async fn a_scrape_that_can_not_be_read_may_have_been_charged() {
    for body in ["[]", "7", r#"{"html": "cut"#] {
        let answer = json(body).insert_header("x-credits-charged", "5");
        let failure = scrape_error(answer).await;
        let Error::Parse(about) = &failure else {
            panic!("{body} read as {failure:?}");
        };
        assert_eq!(about.meta.credits_charged, Some(5), "the price is kept");
        assert!(!failure.surely_never_began(), "{body}");
    }
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_not_read_to_its_end() {
    let server = answering(json(&format!(r#"{{"html": "{}"}}"#, "x".repeat(5000)))).await;
    let client = client_with(&server.uri(), |config| config.answer_limit = 4096);
    let failure = client.scrape().create(&page()).await.expect_err("too long");
    assert!(
        matches!(failure, Error::TooLarge { limit: 4096 }),
        "{failure:?}"
    );
    assert!(failure.to_string().contains("4096"), "{failure}");
    assert!(!failure.surely_never_began());
}

#[tokio::test]
async fn no_answer_in_time_may_still_be_charged() {
    let slow = json("{}").set_delay(Duration::from_secs(30));
    let server = answering(slow).await;
    let options = patience(Duration::from_millis(100));
    let failure = client(&server.uri())
        .scrape()
        .create_with(&page(), &options)
        .await
        .expect_err("the patience is over");
    assert!(
        matches!(failure, Error::Timeout { sent: true }),
        "{failure:?}"
    );
    assert!(failure.is_timeout() && !failure.surely_never_began());
    assert_eq!(failure.status(), None);
}

#[tokio::test]
async fn a_connection_that_never_stands_was_never_charged() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let port = silent.local_addr().expect("its address").port();
    // The port accepts, but nobody ever shakes hands.
    let client = client_with(&format!("https://127.0.0.1:{port}"), |config| {
        config.timeouts.connect = Duration::from_millis(100);
    });
    let failure = client
        .scrape()
        .create(&page())
        .await
        .expect_err("no hands to shake");
    assert!(
        matches!(failure, Error::Timeout { sent: false }),
        "{failure:?}"
    );
    assert!(failure.surely_never_began());
}

#[tokio::test]
async fn a_connection_that_breaks_off_may_have_been_charged() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{\"html\"";
    for words in [&b""[..], &half[..]] {
        let server = RudeServer::start(words).await;
        let client = client(&format!("http://127.0.0.1:{}", server.port));
        let failure = client.scrape().create(&page()).await.expect_err("cut off");
        assert!(matches!(failure, Error::Interrupted { .. }), "{failure:?}");
        assert!(!failure.surely_never_began());
        assert_eq!(
            server.connections(),
            1,
            "a scrape that was sent is not repeated"
        );
    }
}

#[tokio::test]
async fn a_header_that_is_none_is_refused_before_anything_is_sent() {
    let server = answering(json("{}")).await;
    for (name, value) in [("X Scrape", "1"), ("X-Scrape", "1\r\nX-Evil: 1")] {
        let options = scrapingpros::CallOptions {
            headers: vec![(name.into(), value.into())],
            ..Default::default()
        };
        let failure = client(&server.uri())
            .scrape()
            .create_with(&page(), &options)
            .await
            .expect_err(name);
        assert!(matches!(failure, Error::Unsendable(_)), "{failure:?}");
        assert!(failure.surely_never_began());
    }
    assert_eq!(calls(&server).await, 0);
}

#[tokio::test]
async fn a_server_that_quotes_the_key_does_not_put_it_into_the_error() {
    let quoting = [
        error(401, &format!(r#"{{"detail": "Invalid key {CANARY}"}}"#)),
        error(
            422,
            &format!(r#"{{"detail": [{{"loc": ["body"], "msg": "Bearer {CANARY}"}}]}}"#),
        ),
        error(
            404,
            &format!(r#"{{"error_code": "{CANARY}", "message": "x"}}"#),
        ),
        error(502, &format!("{}{CANARY}", "x".repeat(495))),
        error(404, &format!("<p>{CANARY}</p>")),
        json(&format!(r#"["{CANARY}"]"#)),
        json(&format!(r#""{CANARY}""#)),
        json(&format!("<p>{CANARY}</p>")),
        ResponseTemplate::new(302)
            .insert_header("location", format!("https://evil.example/?k={CANARY}")),
    ];
    for answer in quoting {
        let failure = scrape_error(answer).await;
        let mut shown = format!("{failure} {failure:?}");
        let mut source = std::error::Error::source(&failure);
        while let Some(cause) = source {
            shown = format!("{shown} {cause} {cause:?}");
            source = cause.source();
        }
        assert!(!shown.contains(&CANARY[..8]), "the key shows in {shown}");
    }
}

#[tokio::test]
async fn a_refused_connection_says_so_without_the_key() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let port = listener.local_addr().expect("its address").port();
    drop(listener);
    let client = client(&format!("http://127.0.0.1:{port}"));
    let request = DownloadRequest {
        url: "https://shop.example/a.pdf".into(),
        use_proxy: None,
    };
    let failure = client
        .downloads()
        .create(&request)
        .await
        .expect_err("nobody is there");
    assert!(matches!(failure, Error::Connect { .. }), "{failure:?}");
    assert!(failure.surely_never_began() && !failure.is_timeout());
    assert!(
        failure.to_string().contains("refused"),
        "says why: {failure}"
    );
    assert!(!format!("{failure:?}").contains(CANARY));
}
