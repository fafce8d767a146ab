//! The drain is killed at twenty points and begun again: nothing is lost, nothing is there twice.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::service::{KEY, Script, Service};

const JOBS: usize = 5_000;

/// The program as it is now: a test that is run alone does not build it.
fn program() -> PathBuf {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--example", "drain"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .unwrap();
    assert!(built.success(), "the example builds");
    let tests = std::env::current_exe().unwrap();
    tests.ancestors().nth(2).unwrap().join("examples/drain")
}

fn drain(program: &Path, service: &Service, ids: &(String, String), folder: &TempDir) -> Child {
    Command::new(program)
        .args(["--base-url", &service.address, "--key", KEY])
        .args(["--collection", &ids.0, "--run", &ids.1])
        .arg("--data-dir")
        .arg(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_twenty_points_nothing_is_lost_and_nothing_is_twice() {
    let service = Service::start(Script {
        size: 2_000,
        odd: 500,
        ..Script::default()
    })
    .await;
    let program = tokio::task::spawn_blocking(program).await.unwrap();
    let folder = TempDir::new().unwrap();
    let ids = service.ready_run(JOBS);
    for kill in 0..20 {
        let mut child = drain(&program, &service, &ids, &folder);
        let listed = service.calls("GET", "/jobs");
        let deadline = std::time::Instant::now() + Duration::from_secs(20);
        // Each time a little further: at the start, between pages, within them.
        while service.calls("GET", "/jobs") < listed + kill % 7
            && child.try_wait().unwrap().is_none()
            && std::time::Instant::now() < deadline
        {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(kill as u64 * 3 % 17)).await;
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let output = tokio::task::spawn_blocking({
        let child = drain(&program, &service, &ids, &folder);
        move || child.wait_with_output().unwrap()
    })
    .await
    .unwrap();
    let line: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(line["jobs"], JOBS, "{line}");
    assert_eq!(line["stored"], JOBS, "{line}");
    assert_eq!(line["missing"], 0, "{line}");
    let database = rusqlite::Connection::open(folder.path().join("library.db")).unwrap();
    let (distinct, jobs, results): (u32, u32, u32) = database
        .query_row(
            "SELECT (SELECT count(DISTINCT service_job) FROM jobs), (SELECT count(*) FROM jobs),
                (SELECT count(*) FROM results)",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .unwrap();
    assert_eq!(
        (distinct, jobs, results),
        (5_000, 5_000, 5_000),
        "each once"
    );
}
