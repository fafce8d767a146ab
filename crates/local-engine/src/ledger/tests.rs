use std::time::{Duration, Instant};

use serde_json::json;

use super::*;

fn entry(host: &str, browser: bool, success: bool, credits: u32) -> Entry {
    Entry {
        host: host.into(),
        browser,
        success,
        credits,
        proxy: None,
    }
}

#[tokio::test]
async fn sums_survive_a_restart() {
    let dir = tempfile::tempdir().expect("a folder");
    {
        let ledger = Ledger::new(Database::open(dir.path()).expect("opens"));
        for entry in [
            entry("a.example", false, true, 1),
            entry("a.example", true, true, 5),
            entry("b.example", true, false, 0),
        ] {
            ledger.write(&entry).expect("writes");
        }
    }
    let ledger = Ledger::new(Database::open(dir.path()).expect("opens again"));
    assert_eq!(ledger.credits_this_month().expect("reads"), 6);
    let billing = ledger
        .billing(Span::this_month(), true)
        .await
        .expect("reads");
    assert_eq!(billing["browser_failed"], 1);
    assert_eq!(billing["total_requests"], 3);
    assert_eq!(
        billing["credits"],
        json!({"simple": 1, "browser": 5, "total": 6})
    );
    assert_eq!(
        billing["by_url"],
        json!({
            "a.example": {"total": 2, "success": 2, "failed": 0, "credits": 6},
            "b.example": {"total": 1, "success": 0, "failed": 1, "credits": 0},
        })
    );
    let empty = Span::parse("1999-01").expect("a month");
    let billing = ledger.billing(empty, false).await.expect("reads");
    assert_eq!(billing["total_requests"], 0);
}

#[tokio::test]
async fn what_an_earlier_version_wrote_is_summed() {
    let dir = tempfile::tempdir().expect("a folder");
    let old = rusqlite::Connection::open(dir.path().join("engine.db")).expect("opens");
    old.execute_batch(include_str!("../migrations/001-ledger.sql"))
        .expect("the first version's table");
    old.execute_batch(
        "INSERT INTO scrapes VALUES (1, 1777000000, '2026-04', 'a.example', 0, 1, 1);
         INSERT INTO scrapes VALUES (2, 1777000001, '2026-04', 'a.example', 0, 0, 0);",
    )
    .expect("two scrapes");
    drop(old);
    let ledger = Ledger::new(Database::open(dir.path()).expect("opens"));
    let april = Span::parse("2026-04").expect("a month");
    let billing = ledger.billing(april, true).await.expect("reads");
    assert_eq!(
        (&billing["simple_success"], &billing["simple_failed"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(billing["by_url"]["a.example"]["total"], 2);
}

#[tokio::test]
async fn answers_are_counted_by_status() {
    let dir = tempfile::tempdir().expect("a folder");
    let database = Database::open(dir.path()).expect("opens");
    let answers = ApiAnswers::default();
    for status in [200, 200, 404] {
        answers.count(status);
    }
    answers.write(&database).await.expect("writes");
    answers.count(200);
    answers.write(&database).await.expect("writes");
    answers.write(&database).await.expect("nothing to write");
    let metrics = Ledger::new(database)
        .metrics(Span::today(), Some("api_codes"))
        .await
        .expect("reads")
        .expect("a known metric");
    assert_eq!(
        metrics["data"][0]["api_codes"],
        json!({"200": 3, "404": 1}),
        "{metrics}"
    );
    assert!(metrics["data"][0]["url"].is_null(), "only what was asked");
}

/// The sums are what the entries are, and they are told as fast as if there were few.
#[tokio::test]
async fn a_full_month_is_told_at_once() {
    const ENTRIES: i64 = 100_000;
    let dir = tempfile::tempdir().expect("a folder");
    let database = Database::open(dir.path()).expect("opens");
    database
        .write_now(|transaction| {
            transaction.execute(
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 - 1)
                 INSERT INTO scrapes (finished_at, month, host, browser, success, credits, proxy)
                 SELECT 1777593600 + i * 20, '2026-05', 'host' || (i % 500) || '.example', i % 5 = 0, i % 10 <> 0,
                        iif(i % 10 = 0, 0, iif(i % 5 = 0, 5, 1)), iif(i % 3 = 0, 'US', NULL)
                 FROM n",
                [ENTRIES],
            )
        })
        .expect("all entries");
    let ledger = Ledger::new(database);
    let may = || Span::parse("2026-05").expect("a month");
    let started = Instant::now();
    let billing = ledger.billing(may(), true).await.expect("reads");
    let metrics = ledger
        .client_metrics(may(), false, true)
        .await
        .expect("reads");
    let day = Span::parse("2026-05-02").expect("a day");
    let hourly = ledger
        .client_metrics(day, true, false)
        .await
        .expect("reads");
    let elapsed = started.elapsed();
    assert_eq!(billing["total_requests"], ENTRIES);
    assert_eq!(billing["total_failed"], ENTRIES / 10);
    assert_eq!(billing["credits"]["total"], 80_000 + 10_000 * 5);
    let hosts = billing["by_url"].as_object().expect("hosts");
    assert_eq!(hosts.len(), 500);
    assert_eq!(
        metrics["scrape_type"],
        json!({"simple": 80_000, "browser": 20_000})
    );
    assert_eq!(
        hourly["hourly"]["13"],
        json!({"simple": 144, "browser": 36}),
        "one every twenty seconds"
    );
    assert!(
        elapsed < Duration::from_millis(500),
        "three questions took {elapsed:?}"
    );
}
