//! What is repeated and what is not. Each server counts every call it gets.
#![allow(clippy::expect_used, reason = "a test stops where it fails")]

mod wire;

use std::time::{Duration, SystemTime};

use scrapingpros::{Error, RetryPolicy, types::DownloadRequest};
use wire::{RudeServer, answering, calls, client, client_with, error, json, page, patience};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

#[tokio::test]
async fn a_read_is_repeated_three_times_and_then_gives_up() {
    for status in [429, 500, 502, 503, 504] {
        let server = answering(error(status, r#"{"detail": "Later"}"#)).await;
        let failure = client(&server.uri())
            .usage()
            .billing(None)
            .await
            .expect_err("never better");
        assert_eq!(failure.status(), Some(status));
        assert_eq!(
            calls(&server).await,
            4,
            "{status}: once and three times more"
        );
    }
}

#[tokio::test]
async fn a_read_succeeds_as_soon_as_the_service_does() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(error(503, ""))
        .up_to_n_times(2)
        .mount(&server)
        .await;
    Mock::given(any())
        .respond_with(json(r#"{"month": "2026-05"}"#))
        .mount(&server)
        .await;
    let answer = client(&server.uri())
        .usage()
        .billing(None)
        .await
        .expect("the third answer");
    assert_eq!(answer.value.month.as_deref(), Some("2026-05"));
    assert_eq!(calls(&server).await, 3);
}

#[tokio::test]
async fn what_will_not_pass_is_not_asked_again() {
    for (status, body) in [
        (400, r#"{"detail": "Bad month"}"#),
        (401, r#"{"detail": "Unauthorized"}"#),
        (403, r#"{"detail": "No"}"#),
        (404, r#"{"detail": "No"}"#),
        (422, r#"{"detail": "Bad month"}"#),
        (429, r#"{"detail": "Monthly quota exceeded"}"#),
    ] {
        let server = answering(error(status, body)).await;
        client(&server.uri())
            .usage()
            .billing(None)
            .await
            .expect_err(body);
        assert_eq!(calls(&server).await, 1, "{status} {body}");
    }
}

#[tokio::test]
async fn a_slow_read_is_not_repeated_behind_the_persons_back() {
    let server = answering(json("{}").set_delay(Duration::from_secs(30))).await;
    let client = client_with(&server.uri(), |config| {
        config.timeouts.read = Duration::from_millis(100);
    });
    let failure = client.usage().billing(None).await.expect_err("too slow");
    assert!(failure.is_timeout(), "{failure:?}");
    assert_eq!(calls(&server).await, 1);
}

#[tokio::test]
async fn health_is_asked_once() {
    let server = answering(error(503, r#"{"detail": "Redis is down"}"#)).await;
    let failure = client(&server.uri())
        .health()
        .get()
        .await
        .expect_err("down");
    assert!(matches!(failure, Error::Server(_)), "{failure:?}");
    assert_eq!(failure.refusal().expect("words").text, "Redis is down");
    assert_eq!(calls(&server).await, 1);
}

#[tokio::test]
async fn a_call_that_spends_is_never_repeated_once_it_was_sent() {
    let download = DownloadRequest {
        url: "https://shop.example/a.pdf".into(),
        use_proxy: None,
    };
    let answers = [
        error(500, r#"{"detail": "Broken"}"#),
        error(502, ""),
        error(503, ""),
        error(504, "gateway"),
        error(429, r#"{"detail": "Too many requests"}"#).insert_header("retry-after", "1"),
        json("{}").set_delay(Duration::from_secs(30)),
    ];
    for answer in answers {
        let server = answering(answer).await;
        let client = client(&server.uri());
        let options = patience(Duration::from_millis(300));
        client
            .scrape()
            .create_with(&page(), &options)
            .await
            .expect_err("a failure");
        assert_eq!(calls(&server).await, 1, "the scrape was sent once");
        client
            .downloads()
            .create_with(&download, &options)
            .await
            .expect_err("a failure");
        assert_eq!(calls(&server).await, 2, "the download was sent once");
    }
}

/// TLS fails against a server that speaks none, so the call itself is never sent, and connections can be counted.
#[tokio::test]
async fn a_call_that_was_never_sent_is_repeated() {
    let server = RudeServer::start(b"what?\r\n").await;
    let client = client(&format!("https://127.0.0.1:{}", server.port));
    let failure = client
        .scrape()
        .create(&page())
        .await
        .expect_err("no TLS here");
    assert!(matches!(failure, Error::Connect { .. }), "{failure:?}");
    assert_eq!(server.connections(), 2, "a scrape: once more");
    client.usage().billing(None).await.expect_err("no TLS here");
    assert_eq!(server.connections(), 2 + 4, "a read: three times more");
    client.health().get().await.expect_err("no TLS here");
    assert_eq!(server.connections(), 2 + 4 + 1, "health: never");
}

#[tokio::test]
async fn a_read_that_broke_off_is_repeated() {
    let server = RudeServer::start(b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{\"mo").await;
    let client = client(&format!("http://127.0.0.1:{}", server.port));
    let failure = client.usage().billing(None).await.expect_err("cut off");
    assert!(matches!(failure, Error::Interrupted { .. }), "{failure:?}");
    assert_eq!(server.connections(), 4);
}

#[tokio::test]
async fn no_repetition_when_none_is_wanted() {
    let server = answering(error(500, "")).await;
    let client = client_with(&server.uri(), |config| config.retry = RetryPolicy::never());
    client.usage().billing(None).await.expect_err("broken");
    assert_eq!(calls(&server).await, 1);
}

#[tokio::test]
async fn the_service_may_say_how_long_to_wait_in_seconds_or_as_a_date() {
    let in_an_hour = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3600));
    let an_hour_ago = httpdate::fmt_http_date(SystemTime::now() - Duration::from_secs(3600));
    let cases = [
        ("7", Some(7)),
        ("2.5", Some(3)),
        (in_an_hour.as_str(), Some(3600)),
        (an_hour_ago.as_str(), None),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("NaN", None),
        ("1e400", None),
    ];
    for (header, seconds) in cases {
        let answer = error(429, r#"{"detail": "Rate limit exceeded"}"#);
        let server = answering(answer.insert_header("retry-after", header)).await;
        let failure = client(&server.uri())
            .scrape()
            .create(&page())
            .await
            .expect_err("429");
        let Error::RateLimited { retry_after, .. } = failure else {
            panic!("a rate limit, not {failure:?}");
        };
        let near = retry_after.map(|wait| wait.as_secs_f64());
        match (near, seconds) {
            (Some(near), Some(seconds)) => {
                let off = (near - f64::from(seconds)).abs();
                assert!(
                    off < 60.0 && near.ceil() <= f64::from(seconds),
                    "{header}: {near}"
                );
            }
            (near, seconds) => assert_eq!(near.is_some(), seconds.is_some(), "{header}"),
        }
    }
}

/// The wait is cut to `longest_delay`, so it can be measured without waiting for it.
#[tokio::test]
async fn a_read_waits_as_long_as_it_is_told_within_its_limit() {
    let in_an_hour = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3600));
    for header in ["30", in_an_hour.as_str()] {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(429).insert_header("retry-after", header))
            .up_to_n_times(1)
            .mount(&server)
            .await;
        Mock::given(any())
            .respond_with(json("{}"))
            .mount(&server)
            .await;
        let longest = Duration::from_millis(200);
        let client = client_with(&server.uri(), |config| config.retry.longest_delay = longest);
        let started = std::time::Instant::now();
        client
            .usage()
            .billing(None)
            .await
            .expect("the second answer");
        assert!(
            started.elapsed() >= longest,
            "{header}: waited {:?}",
            started.elapsed()
        );
        assert_eq!(calls(&server).await, 2, "{header}");
    }
}
