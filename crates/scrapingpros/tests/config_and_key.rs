//! Server addresses and keys, as people paste them.
#![allow(clippy::expect_used, reason = "a test stops where it fails")]

mod wire;

use proptest::prelude::*;
use scrapingpros::{ApiKey, Client, Config, ConfigError, DEMO_KEY, KeyError};
use wire::{CANARY, answering, calls, json};

#[test]
fn every_form_of_an_address_is_the_same_server() {
    for form in [
        "https://api.scrapingpros.com",
        "https://api.scrapingpros.com/",
        "https://api.scrapingpros.com/v1",
        "https://api.scrapingpros.com/v1/",
        "https://api.scrapingpros.com//v1//",
        "  https://API.scrapingpros.com:443/v1\n",
        "api.scrapingpros.com",
        "api.scrapingpros.com/v1",
    ] {
        let config = Config::for_server(form).expect(form);
        assert_eq!(config, Config::default(), "{form:?} is the service itself");
    }
}

#[test]
fn ports_and_paths_are_kept() {
    for (form, server) in [
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080"),
        (
            "https://proxy.example/pros/v1/",
            "https://proxy.example/pros",
        ),
        (
            "https://proxy.example/v1/pros",
            "https://proxy.example/v1/pros",
        ),
        ("http://[::1]:9000", "http://[::1]:9000"),
        ("localhost:8080", "https://localhost:8080"),
    ] {
        assert_eq!(
            Config::for_server(form).expect(form).server(),
            server,
            "{form}"
        );
    }
}

#[test]
fn only_this_computer_is_reached_without_the_system_proxy() {
    for (form, loopback) in [
        ("http://127.0.0.1:8080", true),
        ("http://localhost:8080", true),
        ("http://[::1]:8080", true),
        ("http://10.0.0.5", false),
        ("https://localhost.example", false),
    ] {
        let config = Config::for_server(form).expect(form);
        assert_eq!(config.is_loopback(), loopback, "{form}");
    }
}

#[test]
fn addresses_that_are_none_are_refused() {
    let refused = |form| Config::for_server(form).expect_err(form);
    assert_eq!(refused(" \n"), ConfigError::Empty);
    assert_eq!(refused("ftp://host"), ConfigError::Scheme("ftp".into()));
    assert_eq!(refused("file:///etc"), ConfigError::Scheme("file".into()));
    for form in [
        "https://me:secret@host",
        "https://me@host",
        "https://host/?key=1",
        "https://host/#v1",
    ] {
        assert_eq!(refused(form), ConfigError::NotPlain, "{form}");
    }
    for form in ["https://", "https://a b", "https://host:99999"] {
        assert!(
            matches!(refused(form), ConfigError::Malformed(_)),
            "{form} is no address"
        );
    }
}

#[tokio::test]
async fn both_forms_of_an_address_reach_the_same_endpoint() {
    let server = answering(json("{}")).await;
    for form in [server.uri(), format!("{}/v1/", server.uri())] {
        wire::client(&form)
            .usage()
            .billing(None)
            .await
            .expect("an answer");
    }
    let requests = server.received_requests().await.expect("recording is on");
    let paths: Vec<&str> = requests.iter().map(|request| request.url.path()).collect();
    assert_eq!(paths, ["/v1/sync/billing"; 2], "never /v1/v1");
}

#[test]
fn what_surrounds_a_pasted_key_is_left_away() {
    for pasted in [
        format!("{CANARY}\n"),
        format!("\u{a0}{CANARY}\u{a0}"),
        format!("\r\n\t {CANARY} \u{2007}\u{202f}\u{3000}"),
        format!("\u{feff}{CANARY}\u{200b}"),
    ] {
        let key = ApiKey::parse(&pasted).expect("the canary with white space around it");
        assert_eq!(key.expose(), CANARY, "from {pasted:?}");
    }
}

#[test]
fn what_can_not_be_a_key_is_told_apart() {
    for empty in ["", "  ", "\n", "\u{a0}\u{feff}"] {
        assert_eq!(
            ApiKey::parse(empty).err(),
            Some(KeyError::Empty),
            "{empty:?}"
        );
    }
    for (malformed, position) in [
        ("abc def", 4),
        (" abc\u{a0}def", 4),
        ("abc\ndef", 4),
        ("contraseña", 9),
        ("a\u{7f}", 2),
        ("\u{1F511}key", 1),
    ] {
        assert_eq!(
            ApiKey::parse(malformed).err(),
            Some(KeyError::Malformed { position }),
            "{malformed:?}"
        );
    }
}

#[test]
fn a_key_shows_four_characters_at_most() {
    let key = ApiKey::parse(CANARY).expect("the canary");
    assert_eq!(key.last4(), "5a2c");
    assert_eq!(
        ApiKey::parse("short-7").expect("a key").last4(),
        "",
        "too short to spare any"
    );
    let client = Client::new(Config::default(), Some(key.clone())).expect("a client");
    for shown in [format!("{key:?}"), format!("{client:?}")] {
        assert!(!shown.contains(CANARY), "the key shows in {shown}");
        assert!(!shown.contains("5a2c"), "part of the key shows in {shown}");
    }
}

#[test]
fn the_demo_key_is_a_key() {
    assert_eq!(
        ApiKey::parse(DEMO_KEY).expect("the demo key").expose(),
        ApiKey::demo().expose()
    );
}

#[tokio::test]
async fn the_key_goes_where_it_is_needed_and_nowhere_else() {
    let server = answering(json("{}")).await;
    let client = wire::client(&server.uri());
    client.usage().billing(None).await.expect("billing");
    client
        .scrape()
        .create(&wire::page())
        .await
        .expect("a scrape");
    client.health().get().await.expect("health");
    client.plans().list().await.expect("plans");
    assert_eq!(calls(&server).await, 4);
    for request in server.received_requests().await.expect("recording is on") {
        let path = request.url.path();
        let sent = request.headers.get("authorization");
        if matches!(path, "/v1/health" | "/v1/plans") {
            assert_eq!(sent, None, "{path} is public");
        } else {
            let expected = format!("Bearer {CANARY}");
            assert_eq!(sent.expect(path).as_bytes(), expected.as_bytes(), "{path}");
        }
        let kind = request.headers.get("content-type").expect(path);
        assert_eq!(kind, "application/json", "{path}, also without a body");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_key_or_a_reason(text in any::<String>()) {
        match ApiKey::parse(&text) {
            Ok(key) => {
                prop_assert!(!key.expose().is_empty());
                prop_assert!(key.expose().bytes().all(|byte| byte.is_ascii_graphic()));
                prop_assert!(text.contains(key.expose()));
                prop_assert!(key.last4().len() <= 4);
            }
            Err(KeyError::Empty) => prop_assert!(!text.chars().any(|letter| letter.is_ascii_graphic())),
            Err(KeyError::Malformed { position }) => prop_assert!(position >= 1),
        }
    }

    #[test]
    fn visible_ascii_survives_white_space(key in "[!-~]{1,80}", before in "\\s{0,4}", after in "\\s{0,4}") {
        let parsed = ApiKey::parse(&format!("{before}{key}{after}")).expect("visible ASCII");
        prop_assert_eq!(parsed.expose(), key);
    }

    #[test]
    fn no_address_makes_the_parser_panic(text in any::<String>(), tail in "(/v1)?/*") {
        let _ = Config::for_server(&text);
        if let Ok(config) = Config::for_server(&format!("https://host.example{tail}")) {
            prop_assert!(!config.server().ends_with('/') && !config.server().ends_with("/v1"));
        }
    }
}
