//! A request that is copied for other programs does there what it does here, and has no key in it.

use std::process::Command;

use scrapingpros_tests::{App, Desktop, EngineProgram, KeychainKind, python_with_sdk};
use thirtyfour::prelude::*;

async fn copied_as(app: &App, desktop: &Desktop, name: &str) -> String {
    let address = app.field("Page address").await;
    address.send_keys(Key::Control + "k").await.unwrap();
    app.fill(
        "Search places, pages and actions",
        &format!("request as {name}"),
    )
    .await;
    app.press(&format!("Copy request as {name}")).await;
    app.sees(&format!("Copied the request as {name}")).await;
    desktop.copied()
}

fn answer_of(command: &mut Command, service: &EngineProgram) -> String {
    let done = command.env("SP_TOKEN", &service.key).output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?}: {said}{complaint}");
    said
}

#[tokio::test]
async fn a_copied_request_runs_elsewhere_and_has_no_key_in_it() {
    let service = EngineProgram::start(&[]);
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let app = desktop.open_app().await;
    app.fill("Your API key", &service.key).await;
    app.press("Server address").await;
    app.fill("Server address", &service.url).await;
    app.press("Connect").await;
    app.fill("Page address", "http://sample.shop/shop?it's=a&$HOME\"")
        .await;
    let curl = copied_as(&app, &desktop, "cURL").await;
    let python = copied_as(&app, &desktop, "Python").await;
    let json = copied_as(&app, &desktop, "JSON").await;
    for text in [&curl, &python, &json] {
        assert!(!text.contains(&service.key), "no key in {text}");
        assert!(text.contains("sample.shop"), "{text}");
    }
    app.quit().await;

    let from_curl = answer_of(Command::new("sh").arg("-c").arg(&curl), &service);
    let answer: serde_json::Value = serde_json::from_str(&from_curl).unwrap();
    assert_eq!(answer["guidance"]["success"], true, "{from_curl}");
    let program = desktop.path("copied.py");
    std::fs::write(&program, &python).unwrap();
    let from_python = answer_of(Command::new(python_with_sdk()).arg(&program), &service);
    assert!(from_python.contains("<h1"), "{from_python}");
}
