//! A broken disk, a full one, a newer app: nothing is lost silently, nothing is overwritten.

use std::fs;

use scrapingpros_core::ErrorCode;
use scrapingpros_core::library::Library;
use tempfile::TempDir;

use crate::{Bench, PAGE, files_in, outcome};

#[tokio::test]
async fn a_damaged_database_is_set_aside_with_its_bodies_and_said_aloud() {
    let bench = Bench::new().await;
    bench.library.keep(outcome(PAGE)).await.unwrap();
    let Bench { library, folder } = bench;
    library.swept().await;
    library.close().await;
    drop(library);
    let file = folder.path().join("library.db");
    let damaged = vec![b'x'; 9_000];
    fs::write(&file, &damaged).unwrap();

    let library = Library::open(folder.path())
        .await
        .expect("a damaged library is replaced");
    let notices = library.notices().await.unwrap();
    assert_eq!(notices.len(), 1, "the person is told once");
    assert!(
        notices[0].text.contains("damaged-"),
        "and told where: {}",
        notices[0].text
    );
    assert_eq!(library.recent(String::new(), 9).await.unwrap(), []);
    let aside = fs::read_dir(folder.path())
        .unwrap()
        .flatten()
        .find(|entry| entry.file_name().to_string_lossy().starts_with("damaged-"));
    let aside = aside.expect("the old files are kept").path();
    assert_eq!(
        fs::read(aside.join("library.db")).unwrap(),
        damaged,
        "the damaged file is untouched"
    );
    assert_eq!(
        files_in(&aside.join("bodies")).len(),
        1,
        "its bodies are safe from the sweep"
    );

    library.dismiss_notice(notices[0].id.clone()).await.unwrap();
    assert_eq!(library.notices().await.unwrap(), [], "dismissed is gone");
    library
        .keep(outcome(PAGE))
        .await
        .expect("the new library works");
}

#[tokio::test]
async fn damage_in_the_middle_of_the_file_is_found_at_the_start() {
    let bench = Bench::new().await;
    for number in 0..40 {
        bench
            .library
            .keep(outcome(&format!("<title>{number}</title>")))
            .await
            .unwrap();
    }
    let Bench { library, folder } = bench;
    library.swept().await;
    library.close().await;
    drop(library);
    let file = folder.path().join("library.db");
    let mut bytes = fs::read(&file).unwrap();
    assert!(
        bytes.len() > 40_000,
        "the log was written back when the file was closed"
    );
    let end = bytes.len();
    bytes[8_192..end].fill(0x5a);
    fs::write(&file, bytes).unwrap();
    let library = Library::open(folder.path()).await.expect("replaced");
    assert_eq!(library.notices().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_newer_library_is_refused_and_left_alone() {
    let bench = Bench::new().await;
    bench.library.keep(outcome(PAGE)).await.unwrap();
    bench
        .library
        .database()
        .call(|connection| connection.pragma_update(None, "user_version", 99))
        .await
        .unwrap();
    let Bench { library, folder } = bench;
    library.swept().await;
    library.close().await;
    drop(library);
    let error = Library::open(folder.path())
        .await
        .err()
        .expect("a newer library can't be read");
    assert_eq!(error.code, ErrorCode::Storage);
    assert!(error.message.contains("newer version"), "{}", error.message);
    let names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert!(
        names.iter().any(|name| name == "library.db")
            && !names
                .iter()
                .any(|name| name.to_string_lossy().starts_with("damaged")),
        "{names:?}"
    );
}

#[tokio::test]
async fn a_library_of_the_first_version_opens_with_all_it_holds() {
    let folder = TempDir::new().unwrap();
    let first = rusqlite::Connection::open(folder.path().join("library.db")).unwrap();
    first
        .execute_batch(include_str!("../../src/database/001-library.sql"))
        .unwrap();
    first.execute_batch(
        "PRAGMA user_version = 1;
         INSERT INTO results (id, address, site, title, verdict, browser, account_id, account_name, local, credits,
            duration_ms, created_at, form, request, answer)
         VALUES ('6f1b9d7e-0000-4000-8000-000000000000', 'https://a.example/', 'a.example', 'Old page', 'success', 0,
            'local', 'On this computer', 1, 1, 900, 1780000000, '{}', '{\"url\":\"https://a.example/\"}', '{}');",
    ).unwrap();
    drop(first);
    let library = Library::open(folder.path())
        .await
        .expect("an old library opens");
    let found = library.recent("old".into(), 5).await.unwrap();
    assert_eq!(found.len(), 1, "its results are found");
    let count: u32 = library.database().call(|connection| {
        connection.query_row("SELECT count(*) FROM pragma_table_list WHERE name IN ('results', 'bodies', 'result_parts', 'journal', 'notices', 'results_fts')", [], |row| row.get(0))
    }).await.unwrap();
    assert_eq!(count, 6, "every table is there");
}

#[tokio::test]
async fn a_body_that_changed_on_disk_is_not_shown() {
    let bench = Bench::new().await;
    let kept = bench.library.keep(outcome(PAGE)).await.unwrap();
    fs::write(&bench.bodies()[0], "something else").unwrap();
    let error = bench
        .library
        .preview(&format!("/{}/page", kept.id))
        .await
        .expect_err("it is not what was kept");
    assert_eq!(error.code, ErrorCode::Storage);
}

#[tokio::test]
async fn a_folder_that_is_a_file_is_a_storage_problem_in_words() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("taken");
    fs::write(&path, "not a folder").unwrap();
    let error = Library::open(&path.join("data"))
        .await
        .err()
        .expect("there is no such folder");
    assert_eq!(error.code, ErrorCode::Storage);
    assert!(
        error.message.ends_with('.') && !error.message.contains("os error"),
        "{}",
        error.message
    );
}
