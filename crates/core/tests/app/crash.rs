//! The app is killed while a scrape is out: the next start says so and sends nothing.

use std::env;
use std::process::{Command, Stdio};

use scrapingpros_core::accounts::{AccountForm, KeepKey};
use tokio::sync::mpsc;

use crate::{Bench, FaultyStore, KEY, Silent, open, open_in, page_form};

const FOLDER: &str = "CRASH_TEST_FOLDER";
const SERVER: &str = "CRASH_TEST_SERVER";

#[tokio::test]
async fn a_scrape_cut_off_by_a_crash_is_told_and_never_sent_again() {
    let mut bench = Bench::new().await;
    bench.core.close().await;
    bench.bill().await;
    let (arrived, mut calls) = mpsc::unbounded_channel();
    bench.answer_scrapes(Silent(arrived)).await;

    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "crash::the_app_that_is_killed"])
        .env(FOLDER, bench.folder.path())
        .env(SERVER, bench.service.uri())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    calls.recv().await.expect("the child sent its scrape");
    child.kill().unwrap();
    child.wait().unwrap();

    bench.core = open(&bench.folder, &bench.keychain).await.unwrap();
    let notices = bench.core.start_view().await.unwrap().notices;
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(
        notices[0].text.contains(crate::PAGE) && notices[0].text.contains("charged 2 credits"),
        "says which page and at what price: {}",
        notices[0].text
    );
    assert_eq!(bench.journal().await, [("interrupted".into(), None)]);
    assert_eq!(bench.scrapes_sent().await, 1, "never a second charge");

    bench.restart().await;
    let notices = bench.core.start_view().await.unwrap().notices;
    assert_eq!(notices.len(), 1, "told once, kept until it is dismissed");
}

#[tokio::test]
#[ignore = "started and killed by the test above"]
async fn the_app_that_is_killed() {
    let folder = env::var_os(FOLDER).expect("the folder of the test");
    let core = open_in(folder.as_ref(), &FaultyStore::new()).await.unwrap();
    let account = AccountForm {
        name: "Acme".into(),
        key: KEY.into(),
        server: env::var(SERVER).unwrap(),
        keep: KeepKey::Session,
    };
    core.accounts.add(account).await.unwrap();
    core.scrapes
        .run("s1".into(), page_form(), |_| {})
        .await
        .ok();
}
