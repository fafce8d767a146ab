//! Two starts on one data folder would write over each other: the second says so and ends.

use std::process::Stdio;

use scrapingpros_tests::{Desktop, KeychainKind, built, until};

#[tokio::test]
async fn a_second_start_is_told_in_words_and_ends() {
    let desktop = Desktop::start(KeychainKind::Missing).await;
    let first = desktop.open_app().await;
    first.sees("Welcome to Scraping Pros").await;

    let mut second = desktop
        .command(&built("scrapingpros-desktop").to_string_lossy())
        .env_remove("TAURI_WEBVIEW_AUTOMATION")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let dialog = until("the dialog of the second start", async || {
        let found = desktop
            .command("xdotool")
            .args(["search", "--onlyvisible", "--pid", &second.id().to_string()])
            .output()
            .unwrap();
        let windows = String::from_utf8_lossy(&found.stdout).into_owned();
        windows.lines().last().map(str::to_owned)
    })
    .await;
    let status = until("the second start to end", async || {
        desktop
            .command("xdotool")
            .args(["windowfocus", &dialog, "key", "Return"])
            .stderr(Stdio::null())
            .status()
            .unwrap();
        second.try_wait().unwrap()
    })
    .await;
    assert_eq!(status.code(), Some(1), "it failed in order, not by a crash");
    let told = second.wait_with_output().unwrap().stderr;
    assert!(
        String::from_utf8_lossy(&told).contains("The app is already open"),
        "the reason is in the log too"
    );

    first.sees("Welcome to Scraping Pros").await;
    first.quit().await;
}
