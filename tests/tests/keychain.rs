//! Keys in a real Secret Service, and what happens without one.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use scrapingpros_tests::{App, Desktop, EngineProgram, KeychainKind, until};

async fn connect(app: &App, engine: &EngineProgram, key: &str) {
    app.sees("Welcome to Scraping Pros").await;
    app.fill("Your API key", key).await;
    app.press("Server address").await;
    app.fill("Server address", &engine.url).await;
    app.press("Connect").await;
}

fn stored(desktop: &Desktop) -> Output {
    desktop
        .command("secret-tool")
        .args(["search", "--all", "service", "com.scrapingpros.desktop"])
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn a_key_is_kept_found_after_a_restart_and_forgotten_on_demand() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let engine = EngineProgram::start(&[]);
    let app = desktop.open_app().await;
    // A key copied with a line break and spaces is the same key.
    connect(&app, &engine, &format!("  {}\u{a0}", engine.key)).await;
    app.field("Page address").await;
    assert!(
        text(&stored(&desktop)).contains(&engine.key),
        "the key is in the keychain"
    );
    app.quit().await;

    let app = desktop.open_app().await;
    app.scrape("http://sample.shop/").await;
    app.sees("Scraped").await;
    for file in std::fs::read_dir(desktop.data()).unwrap() {
        let path = file.unwrap().path();
        let bytes = if path.is_file() {
            std::fs::read(&path).unwrap()
        } else {
            Vec::new()
        };
        let holds_key = bytes
            .windows(engine.key.len())
            .any(|window| window == engine.key.as_bytes());
        assert!(!holds_key, "{} holds the key", path.display());
    }

    app.press("Settings").await;
    let host = engine.url.trim_start_matches("http://");
    app.press(&format!("More for {host}")).await;
    app.press("Remove…").await;
    app.press("Remove account").await;
    until("the key to be forgotten", async || {
        (!text(&stored(&desktop)).contains(&engine.key)).then_some(())
    })
    .await;
    app.quit().await;
}

#[tokio::test]
async fn a_wrong_key_is_refused_in_words() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let engine = EngineProgram::start(&[]);
    let app = desktop.open_app().await;
    connect(&app, &engine, "not-the-key").await;
    app.sees("The key was not accepted").await;
    let typed = app.field("Your API key").await.value().await.unwrap();
    assert_eq!(
        typed.as_deref(),
        Some("not-the-key"),
        "what was typed stays"
    );
    app.quit().await;
}

async fn works_until_quit(keychain: KeychainKind) {
    let desktop = Desktop::start(keychain).await;
    let engine = EngineProgram::start(&[]);
    let app = desktop.open_app().await;
    connect(&app, &engine, &engine.key).await;
    app.press("Keep it until I quit").await;
    app.field("Page address").await;
    app.scrape("http://sample.shop/").await;
    app.sees("Scraped").await;
    app.quit().await;
}

#[tokio::test]
async fn without_a_keychain_the_key_is_kept_until_the_app_quits() {
    works_until_quit(KeychainKind::Missing).await;
}

#[tokio::test]
async fn with_a_locked_keychain_the_key_is_kept_until_the_app_quits() {
    works_until_quit(KeychainKind::Locked).await;
}

/// The tests of `core` that need a session of a certain kind, as `test.sh` has built them.
fn tests_of_core() -> PathBuf {
    let built = Command::new(env!("CARGO"))
        .args(["test", "--workspace", "--features", "local-engine/faults"])
        .args([
            "--test",
            "app",
            "--no-run",
            "--locked",
            "--message-format=json",
        ])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    text(&built)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == "app")
        .find_map(|message| Some(message["executable"].as_str()?.into()))
        .expect("the tests of core compile")
}

#[tokio::test]
async fn each_kind_of_keychain_has_its_own_failure() {
    let program = tests_of_core();
    for (kind, test) in [
        (
            KeychainKind::Unlocked,
            "the_systems_own_keychain_keeps_a_key",
        ),
        (KeychainKind::Missing, "a_system_without_a_keychain_says_so"),
        (
            KeychainKind::Empty,
            "a_keychain_that_was_never_set_up_says_so",
        ),
    ] {
        let desktop = Desktop::start(kind).await;
        let done = desktop
            .command(&program.to_string_lossy())
            .args(["--ignored", "--exact", &format!("keychains::{test}")])
            .output()
            .unwrap();
        let told = text(&done);
        assert!(
            done.status.success() && told.contains("1 passed"),
            "{test}: {told}{}",
            String::from_utf8_lossy(&done.stderr)
        );
    }
}
