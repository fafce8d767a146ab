//! What is deleted, comes back, is tagged, and goes for good; and what never goes.

use scrapingpros_core::ErrorCode;
use scrapingpros_core::library::LibraryQuery;
use scrapingpros_core::results::Outcome;

use crate::finding::{query, titles};
use crate::{Bench, PAGE, outcome};

const DAY: u32 = 86_400;

fn now() -> u32 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs() as u32
}

fn aged(days: u32, title: &str) -> Outcome {
    let mut one = outcome(&PAGE.replace("Tents", title));
    one.started_at = now() - days * DAY - 60;
    one
}

async fn shown(bench: &Bench) -> Vec<String> {
    let page = bench.library.page(query("")).await.unwrap();
    page.rows.into_iter().map(|row| row.id).collect()
}

#[tokio::test]
async fn what_is_deleted_comes_back_until_the_next_start() {
    let bench = Bench::new().await;
    let first = bench.library.keep(aged(0, "Kettles")).await.unwrap().id;
    let second = bench.library.keep(aged(0, "Stoves")).await.unwrap().id;
    assert_eq!(bench.library.delete(vec![first.clone()]).await.unwrap(), 1);
    assert_eq!(
        bench.library.delete(vec![first.clone()]).await.unwrap(),
        0,
        "once"
    );
    assert_eq!(shown(&bench).await, [second.as_str()]);
    assert_eq!(bench.library.page(query("kettles")).await.unwrap().found, 0);
    assert_eq!(bench.library.recent("kettles".into(), 5).await.unwrap(), []);
    assert!(
        bench.library.view(first.clone()).await.is_ok(),
        "it is only hidden"
    );
    bench.library.restore(vec![first.clone()]).await.unwrap();
    assert_eq!(bench.library.page(query("kettles")).await.unwrap().found, 1);

    bench.library.delete(vec![first.clone()]).await.unwrap();
    let bench = bench.reopen().await;
    bench.library.swept().await;
    assert_eq!(
        bench.library.restore(vec![first.clone()]).await.unwrap(),
        0,
        "too late"
    );
    assert_eq!(
        bench.library.view(first).await.unwrap_err().code,
        ErrorCode::NotFound
    );
    assert_eq!(bench.bodies().len(), 1, "its page went with it");
    assert_eq!(shown(&bench).await, [second]);
}

#[tokio::test]
async fn old_results_go_but_for_those_with_a_tag() {
    let bench = Bench::new().await;
    let young = bench.library.keep(aged(89, "Young")).await.unwrap().id;
    let old = bench.library.keep(aged(90, "Old")).await.unwrap().id;
    let tagged = bench.library.keep(aged(400, "Tagged")).await.unwrap().id;
    bench
        .library
        .set_tag(vec![tagged.clone()], "Keep".into(), true)
        .await
        .unwrap();
    let facts = bench.library.facts(old.clone(), 90).await.unwrap();
    assert!(
        facts.kept_until.is_some_and(|until| until <= now()),
        "it is told: {facts:?}"
    );
    assert_eq!(
        bench
            .library
            .facts(tagged.clone(), 90)
            .await
            .unwrap()
            .kept_until,
        None
    );
    assert_eq!(
        bench
            .library
            .facts(old.clone(), 0)
            .await
            .unwrap()
            .kept_until,
        None
    );
    assert_eq!(bench.library.disk(90).await.unwrap().overdue, 1);

    assert_eq!(
        bench.library.clean_up(0).await.unwrap().results,
        3,
        "nothing is too old"
    );
    let before = bench.bodies().len();
    let disk = bench.library.clean_up(90).await.unwrap();
    assert_eq!((disk.results, disk.overdue), (2, 0));
    assert_eq!(shown(&bench).await, [young, tagged]);
    assert_eq!(
        bench.bodies().len(),
        before - 1,
        "its space is free at once"
    );
}

/// A run with two results that are a year old, one of them deleted by hand.
async fn run_with_old_results(bench: &Bench, state: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for title in ["One", "Two"] {
        ids.push(bench.library.keep(aged(365, title)).await.unwrap().id);
    }
    let state = state.to_owned();
    bench
        .library
        .database()
        .call(move |connection| {
            connection.execute_batch(&format!(
                "INSERT INTO runs (number, id, collection_id, collection_name, nth, account_id, account_name, local,
                    form, state, started_at)
                 VALUES (7, 'run-7', 'list', 'List', 1, 'a', 'A', 1, '{{}}', '{state}', 1);
                 UPDATE results SET run = 7;"
            ))
        })
        .await
        .unwrap();
    bench.library.delete(ids[..1].to_vec()).await.unwrap();
    ids
}

#[tokio::test]
async fn nothing_goes_that_an_unfinished_run_needs() {
    for state in ["running", "sending", "watching_stopped"] {
        let bench = Bench::new().await;
        let ids = run_with_old_results(&bench, state).await;
        bench.library.clean_up(30).await.unwrap();
        bench.library.clear(30).await.unwrap();
        let bench = bench.reopen().await;
        bench.library.swept().await;
        for id in &ids {
            assert!(bench.library.view(id.clone()).await.is_ok(), "{state}");
        }
    }
    let bench = Bench::new().await;
    let ids = run_with_old_results(&bench, "finished").await;
    let facts = bench.library.facts(ids[1].clone(), 0).await.unwrap();
    let run = facts.run.expect("it knows its run");
    assert_eq!((run.number, run.collection_name.as_str()), (1, "List"));
    bench.library.clean_up(30).await.unwrap();
    for id in &ids {
        assert!(
            bench.library.view(id.clone()).await.is_err(),
            "the run has ended"
        );
    }
}

#[tokio::test]
async fn results_from_before_the_search_are_cleared_too_but_for_those_of_an_unfinished_run() {
    let bench = Bench::new().await;
    let ids = run_with_old_results(&bench, "running").await;
    let needed = ids[1].clone();
    bench
        .library
        .database()
        .call(move |connection| {
            connection.execute_batch(&format!(
                "UPDATE results SET run = 0, indexed = 0, deleted_at = NULL;
                 INSERT INTO jobs (run, place, address, label, twin, result_id)
                 VALUES (7, 0, 'https://a.example/', '', 1, '{needed}');"
            ))
        })
        .await
        .unwrap();
    bench.library.clear(0).await.unwrap();
    assert_eq!(shown(&bench).await, [ids[1].as_str()]);
}

#[tokio::test]
async fn a_clean_up_gives_the_space_in_the_database_back() {
    let bench = Bench::new().await;
    let kept = bench.library.keep(aged(0, "Kept")).await.unwrap().id;
    let fill = bench.library.database().call(|connection| {
        connection.execute_batch(
            "INSERT INTO packs (size, refs, data) VALUES (1, 1, randomblob(48000000)); DELETE FROM packs;",
        )
    });
    fill.await.unwrap();
    let size = || {
        let files = ["library.db", "library.db-wal"];
        let sizes = files.map(|name| std::fs::metadata(bench.folder.path().join(name)));
        sizes
            .into_iter()
            .flatten()
            .map(|data| data.len())
            .sum::<u64>()
    };
    assert!(size() > 40_000_000);
    bench.library.clean_up(0).await.unwrap();
    assert!(size() < 2_000_000, "{} bytes", size());
    assert_eq!(
        shown(&bench).await,
        [kept.as_str()],
        "the rest is as it was"
    );
    assert_eq!(bench.library.page(query("kept")).await.unwrap().found, 1);
}

#[tokio::test]
async fn clearing_leaves_nothing_behind() {
    let bench = Bench::new().await;
    for number in 0..5 {
        bench
            .library
            .keep(aged(0, &format!("Page {number}")))
            .await
            .unwrap();
    }
    let disk = bench.library.clear(0).await.unwrap();
    assert_eq!((disk.results, disk.pages), (0, 0));
    assert!(bench.bodies().is_empty());
    assert_eq!(bench.library.page(query("page")).await.unwrap().found, 0);
}

#[tokio::test]
async fn tags_are_filters_and_are_written_one_way() {
    let bench = Bench::new().await;
    let first = bench.library.keep(aged(0, "First")).await.unwrap().id;
    let second = bench.library.keep(aged(0, "Second")).await.unwrap().id;
    let both = vec![first.clone(), second.clone()];
    bench
        .library
        .set_tag(both, "  Winter \n sale ".into(), true)
        .await
        .unwrap();
    bench
        .library
        .set_tag(vec![first.clone()], "WINTER SALE".into(), true)
        .await
        .unwrap();
    assert_eq!(bench.library.filters().await.unwrap().tags, ["Winter sale"]);
    let tagged = LibraryQuery {
        tag: "Winter sale".into(),
        ..query("")
    };
    let page = bench.library.page(tagged.clone()).await.unwrap();
    assert_eq!(titles(&page).len(), 2);
    assert_eq!(page.rows[0].tags, ["Winter sale"]);
    bench
        .library
        .set_tag(vec![first], "winter sale".into(), false)
        .await
        .unwrap();
    assert_eq!(bench.library.page(tagged).await.unwrap().found, 1);
    for wrong in ["", " \n", &"x".repeat(41)] {
        let error = bench
            .library
            .set_tag(vec![second.clone()], wrong.to_owned(), true)
            .await
            .unwrap_err();
        assert_eq!(error.problems[0].field, "tag", "{wrong:?}");
    }
}
