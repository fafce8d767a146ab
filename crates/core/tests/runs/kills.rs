//! Killed at twenty points and begun again: nothing is lost, nothing is there twice, nothing is paid twice.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use keyring::mock;
use scrapingpros_core::accounts::{AccountForm, KeepKey};
use scrapingpros_core::collections::{
    CollectionForm, CollectionsFilter, CollectionsQuery, CollectionsSort, PageForm,
};
use scrapingpros_core::keychain::Keychain;
use scrapingpros_core::runs::{RunState, RunsQuery, StartRunForm};
use scrapingpros_core::scrape::ScrapeForm;
use tempfile::TempDir;

use crate::lifecycle;
use crate::service::{KEY, Script, Service};

const JOBS: usize = 5_000;

/// The program as it is now: a test that is run alone does not build it. With the features of
/// `scripts/test.sh`, so that there it is built already.
fn program() -> PathBuf {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--workspace", "--example", "drain"])
        .args(["--features", "local-engine/faults"])
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

const FOLDER: &str = "KILLED_RUNS_FOLDER";
const SERVER: &str = "KILLED_RUNS_SERVER";
const ROUND: &str = "KILLED_RUNS_ROUND";

fn app(service: &Service, folder: &TempDir, round: usize) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "kills::the_app_that_is_killed"])
        .env(FOLDER, folder.path())
        .env(SERVER, &service.address)
        .env(ROUND, round.to_string())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_killed_while_it_sends_a_list_sends_it_once() {
    let service = Service::start(Script {
        step: 10,
        ..Script::default()
    })
    .await;
    let folder = TempDir::new().unwrap();
    let calls = || service.state().log.len();
    for round in 0..20 {
        let mut child = app(&service, &folder, round);
        let before = calls();
        // The key's check, the list, the start, looks, pages: each time a little further.
        let wanted = before + round % 6;
        while calls() < wanted && child.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(round as u64 * 7 % 19)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        let mut child = app(&service, &folder, round);
        let ended = tokio::task::spawn_blocking(move || child.wait().unwrap());
        assert!(ended.await.unwrap().success(), "round {round} ends");
        assert_eq!(service.collections_made(), round + 1, "round {round}");
        assert_eq!(service.runs_started(), round + 1, "round {round}");
    }
}

/// Goes on with what there is; makes and starts what there is not yet.
#[tokio::test]
#[ignore = "started and killed by the test above"]
async fn the_app_that_is_killed() {
    let folder = std::env::var_os(FOLDER).expect("the folder of the test");
    let round = std::env::var(ROUND).unwrap();
    let keychain = Keychain::with_store(mock::Store::new().unwrap());
    let core = lifecycle::open(folder.as_ref(), &keychain).await;
    let form = AccountForm {
        name: "Acme".into(),
        key: KEY.into(),
        server: std::env::var(SERVER).unwrap(),
        keep: KeepKey::Session,
    };
    let accounts = core.accounts.list().await.unwrap();
    let known = accounts.into_iter().find(|account| account.name == "Acme");
    match known {
        Some(account) => core.accounts.replace_key(account.id, form).await.unwrap(),
        None => core.accounts.add(form).await.unwrap(),
    };
    let query = CollectionsQuery {
        find: format!("list {round}."),
        filter: CollectionsFilter::All,
        sort: CollectionsSort::Made,
        offset: 0,
        limit: 1,
    };
    let found = core.collections.list(query).await.unwrap().rows;
    let collection = match found.into_iter().next() {
        Some(row) => row.id,
        None => {
            let form = CollectionForm {
                name: format!("list {round}."),
                options: ScrapeForm::default(),
            };
            core.collections.create(form).await.unwrap().id
        }
    };
    if core
        .collections
        .get(collection.clone())
        .await
        .unwrap()
        .pages
        == 0
    {
        let pages = (0..30).map(|page| PageForm {
            address: format!("https://shop.example/{round}/{page}"),
            label: String::new(),
        });
        core.collections
            .add_pages(collection.clone(), pages.collect())
            .await
            .unwrap();
    }
    let query = RunsQuery {
        collection_id: collection.clone(),
        unfinished: false,
        offset: 0,
        limit: 1,
    };
    let started = core.runs.list(query).await.unwrap().rows;
    let run = match started.into_iter().next() {
        // It waited for its key.
        Some(run) => core.runs.resume(run.id).await.unwrap(),
        None => {
            let form = StartRunForm {
                collection_id: collection,
                confirmed_ceiling: 30,
            };
            core.runs.start(form).await.unwrap()
        }
    };
    let end = lifecycle::ended(&core, &run.run.id).await;
    assert_eq!((end.run.state, end.run.success), (RunState::Finished, 30));
}
