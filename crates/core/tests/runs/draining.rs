//! What a run has brought is on disk, whole and once, whatever the service does on the way.

use axum::http::Method;
use proptest::prelude::*;
use scrapingpros_core::library::{Library, LibraryKind, LibraryQuery, LibrarySort};
use scrapingpros_core::results::{DataQuery, Part, TextQuery, Verdict};
use scrapingpros_core::runs::{Drained, drain_run};
use tempfile::TempDir;

use crate::client;
use crate::service::{Fault, Script, Service};

async fn drain(service: &Service, library: &Library, ids: &(String, String)) -> Drained {
    drain_run(library, client(&service.address), &ids.0, &ids.1)
        .await
        .unwrap()
}

/// Distinct jobs, jobs, results, and packs that no result names.
async fn rows(library: &Library) -> (u32, u32, u32, u32) {
    library
        .database()
        .call(|connection| {
            connection.query_row(
                "SELECT (SELECT count(DISTINCT service_job) FROM jobs), (SELECT count(*) FROM jobs),
                    (SELECT count(*) FROM results),
                    (SELECT count(*) FROM packs WHERE number NOT IN (SELECT pack FROM results))",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
            )
        })
        .await
        .unwrap()
}

async fn open() -> (TempDir, Library) {
    let folder = TempDir::new().unwrap();
    let library = Library::open(folder.path()).await.unwrap();
    (folder, library)
}

#[tokio::test]
async fn every_result_is_in_the_library_like_any_other() {
    let service = Service::start(Script {
        size: 20_000,
        ..Script::default()
    })
    .await;
    let (_folder, library) = open().await;
    let ids = service.ready_run(250);
    let drained = drain(&service, &library, &ids).await;
    assert_eq!(
        (drained.jobs, drained.stored, drained.success),
        (250, 250, 250)
    );
    assert_eq!(rows(&library).await, (250, 250, 250, 0), "each once");
    let found = library.recent("item 137".into(), 10).await.unwrap();
    let id = found
        .first()
        .expect("a result is found by its title")
        .id
        .clone();
    let view = library.view(id.clone()).await.unwrap();
    assert_eq!(view.address, "https://shop.example/item/137");
    assert_eq!(view.title, "Page https://shop.example/item/137");
    assert_eq!((view.verdict, view.status), (Verdict::Success, 200));
    assert_eq!(view.credits, Some(1), "the service said so");
    assert_eq!(view.duration_ms, 1237);
    let parts: Vec<Part> = view.parts.iter().map(|part| part.part).collect();
    assert_eq!(parts, [Part::Page, Part::Markdown, Part::Data]);
    let page = library.copy_text(id.clone(), Part::Page).await.unwrap();
    assert!(page.starts_with("<html>") && page.ends_with("</html>") && page.len() > 19_000);
    let data = library
        .data(DataQuery {
            result_id: id.clone(),
            offset: 0,
            limit: 10,
            find: String::new(),
            sort: String::new(),
            descending: false,
        })
        .await
        .unwrap();
    assert_eq!(data.total, 1, "the extracted table is there");
    let preview = library.preview(&format!("/{id}/page")).await.unwrap();
    assert!(String::from_utf8_lossy(&preview.bytes).contains("warm and dry"));
    let details = library.details(id.clone()).await.unwrap();
    assert!(
        format!("{details:?}").contains("kept in the library"),
        "the raw answer names its bodies and does not hold them"
    );
    let text = library
        .text(TextQuery {
            result_id: id,
            part: Part::Page,
            offset: 0,
            limit: 10,
        })
        .await
        .unwrap();
    assert!(text.total > 0);
}

#[tokio::test]
async fn odd_rows_cost_nothing_but_themselves() {
    let service = Service::start(Script {
        odd: 10,
        ..Script::default()
    })
    .await;
    let (_folder, library) = open().await;
    let ids = service.ready_run(1_000);
    let drained = drain(&service, &library, &ids).await;
    assert_eq!(
        drained,
        Drained {
            jobs: 1_000,
            stored: 1_000,
            success: 700,
            failed: 200,
            timed_out: 100,
            missing: 0
        },
        "results left out of the listing or malformed in it were asked for on their own"
    );
    let asked = service.calls("GET", "/result");
    assert_eq!(asked, 200, "and only those");
}

#[tokio::test]
async fn a_run_that_grows_is_taken_in_as_it_goes() {
    let service = Service::start(Script {
        step: 300,
        ..Script::default()
    })
    .await;
    let (_folder, library) = open().await;
    let ids = service.ready_run(1_000);
    let drained = drain(&service, &library, &ids).await;
    assert_eq!((drained.jobs, drained.missing), (1_000, 0));
    assert_eq!(
        rows(&library).await,
        (1_000, 1_000, 1_000, 0),
        "nothing twice, though asked with slack"
    );
}

#[tokio::test]
async fn what_never_comes_is_said_and_not_waited_for_without_end() {
    let service = Service::start(Script {
        never_listed: 7,
        ..Script::default()
    })
    .await;
    let (_folder, library) = open().await;
    let ids = service.ready_run(100);
    let drained = drain(&service, &library, &ids).await;
    assert_eq!(
        (drained.jobs, drained.success, drained.missing),
        (100, 93, 7)
    );
}

#[tokio::test]
async fn an_expired_result_is_a_failure_with_that_name() {
    let service = Service::start(Script {
        expired: 3,
        ..Script::default()
    })
    .await;
    let (_folder, library) = open().await;
    let ids = service.ready_run(10);
    let drained = drain(&service, &library, &ids).await;
    assert_eq!((drained.success, drained.failed, drained.stored), (7, 3, 7));
    let causes: String = library
        .database()
        .call(|connection| {
            connection.query_row(
                "SELECT group_concat(DISTINCT cause) FROM jobs WHERE outcome = 2",
                [],
                |row| row.get(0),
            )
        })
        .await
        .unwrap();
    assert_eq!(causes, "result_expired");
}

#[tokio::test]
async fn storms_and_broken_connections_never_end_it() {
    let service = Service::start(Script {
        step: 150,
        odd: 10,
        ..Script::default()
    })
    .await;
    let (_folder, library) = open().await;
    let ids = service.ready_run(300);
    let http_date = httpdate(1);
    for (path_end, fault) in [
        ("r0", Fault::Answer(503, vec![])),
        ("r0", Fault::Answer(429, vec![("retry-after", "1".into())])),
        ("r0", Fault::DropBefore),
        ("r0", Fault::Cut),
        ("jobs", Fault::Answer(502, vec![])),
        ("jobs", Fault::Answer(429, vec![("retry-after", http_date)])),
        ("jobs", Fault::Cut),
        ("jobs", Fault::DropBefore),
        ("result", Fault::Answer(500, vec![])),
        ("result", Fault::Cut),
        ("result", Fault::DropAfter),
    ] {
        service.break_next(Method::GET, path_end, fault);
    }
    let drained = drain(&service, &library, &ids).await;
    assert_eq!(
        (drained.jobs, drained.stored, drained.missing),
        (300, 300, 0)
    );
    assert_eq!(rows(&library).await, (300, 300, 300, 0), "each once");
}

fn httpdate(seconds: u64) -> String {
    let at = jiff::Timestamp::now() + std::time::Duration::from_secs(seconds);
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[tokio::test]
async fn a_refused_key_stops_it_and_a_good_one_goes_on() {
    let service = Service::start(Script::default()).await;
    let (_folder, library) = open().await;
    let ids = service.ready_run(10);
    service.refuse_key(true);
    let error = drain_run(&library, client(&service.address), &ids.0, &ids.1)
        .await
        .unwrap_err();
    assert_eq!(error.code, scrapingpros_core::ErrorCode::KeyRejected);
    service.refuse_key(false);
    assert_eq!(drain(&service, &library, &ids).await.stored, 10);
}

#[tokio::test]
async fn taken_in_again_nothing_is_there_twice() {
    let service = Service::start(Script {
        odd: 10,
        ..Script::default()
    })
    .await;
    let (_folder, library) = open().await;
    let ids = service.ready_run(120);
    let once = drain(&service, &library, &ids).await;
    let twice = drain(&service, &library, &ids).await;
    assert_eq!(once, twice);
    assert_eq!(rows(&library).await, (120, 120, 120, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_funnel_adds_up(pages in 1_usize..400, odd in 5_usize..12, step in 0_usize..200) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            // Of six or more jobs one is odd in each way; below, none is.
            let odd = if odd < 6 { 0 } else { odd };
            let step = if step == 0 { 0 } else { step.max(pages / 3) };
            let service = Service::start(Script { odd, step, ..Script::default() }).await;
            let (_folder, library) = open().await;
            let ids = service.ready_run(pages);
            let drained = drain(&service, &library, &ids).await;
            assert_eq!(drained.jobs as usize, pages, "queued");
            assert_eq!(drained.jobs, drained.success + drained.failed + drained.timed_out);
            assert_eq!(drained.missing, 0);
            let all = drained.jobs;
            assert_eq!(rows(&library).await, (all, all, all, 0), "each once");
        });
    }
}

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_is_lost_once_there_is_room() {
    let service = Service::start(Script {
        size: 20_000,
        ..Script::default()
    })
    .await;
    let (_folder, library) = open().await;
    let ids = service.ready_run(500);
    let room = |pages: u32| {
        let change = move |connection: &mut rusqlite::Connection| {
            connection.pragma_update(None, "max_page_count", pages)
        };
        library.database().call(change)
    };
    let used: u32 = library
        .database()
        .call(|connection| connection.query_row("PRAGMA page_count", [], |row| row.get(0)))
        .await
        .unwrap();
    room(used + 40).await.unwrap();
    let error = drain_run(&library, client(&service.address), &ids.0, &ids.1)
        .await
        .unwrap_err();
    assert_eq!(error.code, scrapingpros_core::ErrorCode::Storage);
    assert!(error.message.contains("disk is full"), "{error:?}");
    room(u32::MAX - 2).await.unwrap();
    assert_eq!(drain(&service, &library, &ids).await.stored, 500);
    assert_eq!(rows(&library).await, (500, 500, 500, 0), "each once");
}

fn search(find: &str) -> LibraryQuery {
    LibraryQuery {
        find: find.into(),
        kind: LibraryKind::All,
        account_id: String::new(),
        site: String::new(),
        collection_id: String::new(),
        verdict: None,
        tag: String::new(),
        since: 0,
        before: 0,
        sort: LibrarySort::Newest,
        until: 0,
        offset: 0,
        limit: 500,
    }
}

#[tokio::test]
async fn words_of_a_runs_pages_are_found_and_go_with_them_into_a_file() {
    let service = Service::start(Script {
        size: 5_000,
        ..Script::default()
    })
    .await;
    let (folder, library) = open().await;
    let ids = service.ready_run(120);
    drain(&service, &library, &ids).await;
    let before = library.page(search("")).await.unwrap();
    assert_eq!(
        (before.found, before.data),
        (120, 120),
        "what they hold is known before their words are"
    );
    library.all_read().await.unwrap();
    let page = library.page(search("warm dry")).await.unwrap();
    assert_eq!((page.found, page.unread), (120, 0), "words of the text");
    let row = &library.page(search("item 77")).await.unwrap().rows[0];
    assert_eq!(row.address, "https://shop.example/item/77");
    assert!(row.data_fields > 0 && row.size > 5_000);
    let facts = library.facts(row.id.clone(), 0).await.unwrap();
    assert!(facts.run.is_some(), "it knows its run");

    let path = folder.path().join("library.zip");
    let ticket = library.begin_transfer("out").unwrap();
    let exported = library.export(ticket, path.clone(), |_| {}).await.unwrap();
    assert_eq!((exported.results, exported.lost), (120, 0));
    let (_other, elsewhere) = open().await;
    let ticket = elsewhere.begin_transfer("in").unwrap();
    let imported = elsewhere.import(ticket, path, |_| {}).await.unwrap();
    assert_eq!(imported.added, 120);
    for part in [Part::Page, Part::Markdown, Part::Data] {
        assert_eq!(
            elsewhere.copy_text(row.id.clone(), part).await.unwrap(),
            library.copy_text(row.id.clone(), part).await.unwrap(),
            "{part:?}"
        );
    }
    assert_eq!(elsewhere.page(search("warm dry")).await.unwrap().found, 120);
}
