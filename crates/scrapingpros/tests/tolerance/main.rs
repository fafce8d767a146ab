//! What sources disagree about, or old and new servers do differently: each row of contract §9 has its tests, named
//! after it.
#![allow(clippy::expect_used, reason = "a test stops where it fails")]

mod calls;
mod jobs;
mod values;
#[path = "../wire/mod.rs"]
mod wire;

use scrapingpros::types::Job;

fn job(fields: &str) -> Job {
    let row = format!(r#"{{"job_public_id": "j1"{fields}}}"#);
    serde_json::from_str(&row).expect("a row")
}

/// A row without a test would be a promise without proof.
#[test]
fn every_row_has_a_test() {
    let tests = [
        include_str!("calls.rs"),
        include_str!("jobs.rs"),
        include_str!("values.rs"),
    ]
    .concat();
    for row in 1..=26 {
        assert!(tests.contains(&format!("fn row_{row:02}_")), "row {row}");
    }
}
