//! The browser's own life: started once, survived, cancelled, ended.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]
#![cfg(target_os = "linux")]

mod browser_lab;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use browser_lab::{Lab, eventually, html, page, processes_with, renderers_under};
use local_engine::page::{PageError, Stage};
use serde_json::json;

#[tokio::test]
async fn two_at_once_start_one_browser_and_share_no_cookies() {
    let body = "<script>document.cookie = location.search.slice(1); localStorage.seen = (localStorage.seen || '') + location.search; window.got = [document.cookie, localStorage.seen];</script>";
    let lab = Lab::start(Router::new().route("/", page(body))).await;
    let steps = json!({"actions": [{"type": "wait-for-timeout", "time": 300}, {"type": "evaluate", "script": "[document.cookie, localStorage.seen]"}]});
    let (a, b) = tokio::join!(
        lab.open("/?a=1", steps.clone()),
        lab.open("/?b=2", steps.clone())
    );
    assert_eq!(a.unwrap().evaluate_results[0], json!(["a=1", "?a=1"]));
    assert_eq!(b.unwrap().evaluate_results[0], json!(["b=2", "?b=2"]));
    let starts = |lab: &Lab| {
        let stages = lab.stages.lock().unwrap();
        stages
            .iter()
            .filter(|stage| **stage == Stage::StartingBrowser)
            .count()
    };
    assert_eq!(starts(&lab), 1, "one browser for both");
    let third = lab.open("/?c=3", steps).await.unwrap();
    assert_eq!(
        third.evaluate_results[0],
        json!(["c=3", "?c=3"]),
        "nothing stays from earlier"
    );
    assert!(
        !third.timings.contains_key("browser_launch_ms"),
        "it was warm"
    );
    assert_eq!(starts(&lab), 1);
}

#[tokio::test]
async fn a_cancelled_scrape_closes_its_page() {
    let body = "<script>setInterval(() => fetch('/alive'), 50)</script>";
    let site = Router::new()
        .route("/", page(body))
        .route("/alive", page("yes"));
    let lab = Arc::new(Lab::start(site).await);
    let scraping = tokio::spawn({
        let lab = lab.clone();
        async move {
            lab.steps("/", json!([{"type": "wait-for-timeout", "time": 60_000}]))
                .await
        }
    });
    eventually("the page is alive", || !lab.visits("/alive").is_empty()).await;
    scraping.abort();
    let mut last = (0, Instant::now());
    eventually("the page is closed", || {
        let now = lab.visits("/alive").len();
        if now != last.0 {
            last = (now, Instant::now());
        }
        last.1.elapsed() > Duration::from_millis(800)
    })
    .await;
    lab.open("/", json!({}))
        .await
        .expect("the browser itself goes on");
}

#[tokio::test]
async fn a_killed_browser_ends_the_scrape_and_the_next_one_starts_afresh() {
    let site = Router::new().route("/", page("<h1>x</h1>"));
    let lab = Arc::new(Lab::start(site).await);
    let scraping = tokio::spawn({
        let lab = lab.clone();
        async move {
            lab.steps("/", json!([{"type": "wait-for-timeout", "time": 60_000}]))
                .await
        }
    });
    eventually("the page is open", || !lab.visits("/").is_empty()).await;
    for pid in lab.processes() {
        kill(pid);
    }
    let ended = tokio::time::timeout(Duration::from_secs(10), scraping)
        .await
        .expect("it is noticed at once");
    assert!(
        matches!(ended.unwrap(), Err(PageError::Browser { .. })),
        "the running scrape says why"
    );
    let again = lab
        .open("/", json!({}))
        .await
        .expect("a fresh browser is started");
    assert!(html(&again).contains("<h1>x</h1>"));
    assert!(again.timings.contains_key("browser_launch_ms"));
}

#[tokio::test]
async fn a_page_whose_process_crashes_ends_alone() {
    let lab = Arc::new(Lab::start(Router::new().route("/", page("<h1>x</h1>"))).await);
    let scraping = tokio::spawn({
        let lab = lab.clone();
        async move {
            lab.steps("/", json!([{"type": "wait-for-timeout", "time": 60_000}]))
                .await
        }
    });
    eventually("the page waits", || {
        let stages = lab.stages.lock().unwrap();
        stages
            .iter()
            .any(|stage| matches!(stage, Stage::Step { .. }))
    })
    .await;
    for pid in renderers_under(&lab.processes()) {
        kill(pid);
    }
    let ended = tokio::time::timeout(Duration::from_secs(10), scraping)
        .await
        .expect("it is noticed at once");
    assert_eq!(
        ended.unwrap().unwrap_err(),
        PageError::Browser {
            message: "the page made its process crash".into()
        }
    );
    let next = lab.open("/", json!({})).await.expect("others go on");
    assert!(
        !next.timings.contains_key("browser_launch_ms"),
        "in the same browser"
    );
}

fn kill(pid: u32) {
    let killed = std::process::Command::new("kill")
        .args(["-9", &pid.to_string()])
        .status();
    assert!(killed.unwrap().success(), "process {pid}");
}

#[tokio::test]
async fn close_ends_every_process_and_removes_the_profile() {
    let lab = Lab::start(Router::new().route("/", page("x"))).await;
    lab.open("/", json!({})).await.unwrap();
    assert!(!lab.processes().is_empty(), "it runs");
    lab.browser.close().await;
    eventually("no process is left", || lab.processes().is_empty()).await;
    assert!(!lab.profile().exists(), "the profile is removed");
    let closed = lab.open("/", json!({})).await;
    assert!(
        matches!(closed, Err(PageError::Browser { .. })),
        "it is not started again: {closed:?}"
    );
}

#[tokio::test]
async fn dropping_the_browser_leaves_no_process() {
    let lab = Lab::start(Router::new().route("/", page("x"))).await;
    lab.open("/", json!({})).await.unwrap();
    let profile = lab.profile();
    assert!(!processes_with(&profile).is_empty());
    drop(lab);
    eventually("no process is left", || processes_with(&profile).is_empty()).await;
}

#[tokio::test]
async fn the_limit_holds_for_a_server_that_never_answers_and_for_one_that_never_ends() {
    let site = Router::new()
        .route("/silent", get(std::future::pending::<&'static str>))
        .route("/hanging", page("<h1>Here</h1><img src=/silent>"));
    let lab = Lab::start(site).await;
    let silent = lab
        .open_within(Duration::from_secs(3), "/silent", json!({}))
        .await;
    assert_eq!(silent.unwrap_err(), PageError::Timeout { seconds: 3 });
    let started = Instant::now();
    let hanging = lab.open("/hanging", json!({})).await.unwrap();
    assert!(html(&hanging).contains("<h1>Here</h1>"), "taken as it is");
    let took = started.elapsed();
    assert!(
        (15..20).contains(&took.as_secs()),
        "after about 15 seconds: {took:?}"
    );
}
