//! From the list to the last result, through the app: one collection and one run at the service, whatever
//! breaks on the way, and nothing paid twice.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use keyring::mock;
use scrapingpros_core::accounts::{AccountForm, KeepKey};
use scrapingpros_core::collections::{CollectionForm, PageForm};
use scrapingpros_core::keychain::Keychain;
use scrapingpros_core::runs::{
    JobOutcome, JobsFilter, JobsSort, RunJobsQuery, RunState, RunView, StartRunForm, TrialForm,
};
use scrapingpros_core::scrape::ScrapeForm;
use scrapingpros_core::{Core, CoreConfig, ErrorCode};
use tempfile::TempDir;
use tokio::sync::mpsc;

use crate::service::{Fault, KEY, Script, Service};

pub struct Bench {
    pub core: Arc<Core>,
    pub service: Service,
    folder: TempDir,
    keychain: Keychain,
}

impl Bench {
    pub async fn new(script: Script) -> Self {
        let service = Service::start(script).await;
        let folder = TempDir::new().unwrap();
        let keychain = Keychain::with_store(mock::Store::new().unwrap());
        let core = open(folder.path(), &keychain).await;
        let form = AccountForm {
            name: "Acme".into(),
            key: KEY.into(),
            server: service.address.clone(),
            keep: KeepKey::Keychain,
        };
        core.accounts.add(form).await.unwrap();
        Self {
            core,
            service,
            folder,
            keychain,
        }
    }

    pub async fn collection(&self, pages: usize, options: ScrapeForm) -> String {
        let form = CollectionForm {
            name: "Tents".into(),
            options,
        };
        let id = self.core.collections.create(form).await.unwrap().id;
        let pages = (0..pages).map(|page| PageForm {
            address: format!("https://shop.example/item/{page}"),
            label: format!("sku-{page}"),
        });
        self.core
            .collections
            .add_pages(id.clone(), pages.collect())
            .await
            .unwrap();
        id
    }

    pub async fn start(&self, collection_id: &str, ceiling: u32) -> RunView {
        let form = StartRunForm {
            collection_id: collection_id.to_owned(),
            confirmed_ceiling: ceiling,
        };
        self.core.runs.start(form).await.unwrap()
    }

    /// The last view of a run that is told.
    pub async fn ended(&self, id: &str) -> RunView {
        ended(&self.core, id).await
    }

    async fn restart(&mut self) {
        self.core.close().await;
        self.core = open(self.folder.path(), &self.keychain).await;
    }

    async fn journal(&self) -> Vec<(String, String)> {
        self.core
            .library
            .database()
            .call(|connection| {
                let mut select =
                    connection.prepare("SELECT kind, state FROM journal ORDER BY rowid")?;
                let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                rows.collect::<rusqlite::Result<Vec<_>>>()
            })
            .await
            .unwrap()
    }
}

pub async fn open(folder: &Path, keychain: &Keychain) -> Arc<Core> {
    Core::open(CoreConfig {
        data_dir: folder.to_owned(),
        keychain: keychain.clone(),
    })
    .await
    .unwrap()
}

pub async fn ended(core: &Core, id: &str) -> RunView {
    let (send, mut views) = mpsc::unbounded_channel();
    let tell = move |view| {
        send.send(view).ok();
    };
    core.runs
        .watch(format!("watch-{id}"), id.to_owned(), tell)
        .await
        .unwrap();
    let mut last = None;
    let wait = async {
        while let Some(view) = views.recv().await {
            last = Some(view);
        }
    };
    tokio::time::timeout(Duration::from_secs(90), wait)
        .await
        .expect("the run ends");
    last.expect("a view is told at once")
}

fn adds_up(view: &RunView) {
    let run = &view.run;
    assert_eq!(
        run.submitted,
        run.queued + run.left_out + run.refused + run.duplicates,
        "{run:?}"
    );
    assert_eq!(
        run.queued,
        run.success + run.failed + run.timed_out + run.waiting,
        "{run:?}"
    );
}

fn jobs(run_id: &str) -> RunJobsQuery {
    RunJobsQuery {
        run_id: run_id.to_owned(),
        filter: JobsFilter::All,
        search: String::new(),
        cause: String::new(),
        sort: JobsSort::Place,
        descending: false,
        offset: 0,
        limit: 500,
    }
}

#[tokio::test]
async fn a_list_becomes_results() {
    let bench = Bench::new(Script {
        odd: 10,
        step: 60,
        ..Script::default()
    })
    .await;
    let collection = bench.collection(100, ScrapeForm::default()).await;
    let run = bench.start(&collection, 100).await;
    adds_up(&run);
    let end = bench.ended(&run.run.id).await;
    adds_up(&end);
    assert_eq!(end.run.state, RunState::Finished, "{:?}", end.trouble);
    assert_eq!(
        (end.run.success, end.run.failed, end.run.timed_out),
        (70, 20, 10)
    );
    assert_eq!(end.run.credits, 70, "as the service says");
    assert_eq!(end.run.refunded, 20, "pages whose credits came back");
    let causes: Vec<(&str, u32, bool)> = end
        .causes
        .iter()
        .map(|cause| (cause.id.as_str(), cause.count, cause.retry.is_some()))
        .collect();
    assert!(causes.contains(&("captcha", 10, true)), "{causes:?}");
    assert!(
        causes.contains(&("http_404", 10, false)),
        "a page that is gone is not offered again: {causes:?}"
    );
    let offer = end
        .causes
        .iter()
        .find(|cause| cause.id == "captcha")
        .and_then(|cause| cause.retry.as_ref())
        .unwrap();
    assert_eq!(
        (offer.count, offer.cost.credits),
        (10, 50),
        "with a browser"
    );
    let page = bench.core.runs.jobs(jobs(&run.run.id)).await.unwrap();
    assert_eq!(page.found, 100);
    assert!(
        page.rows.iter().enumerate().all(|(place, row)| row.address
            == format!("https://shop.example/item/{place}")
            && row.outcome != JobOutcome::Waiting),
        "in the order of the list"
    );
    let blocked = RunJobsQuery {
        cause: "captcha".into(),
        ..jobs(&run.run.id)
    };
    let found = bench.core.runs.jobs(blocked.clone()).await.unwrap();
    assert_eq!(found.found, 10);
    let view = bench
        .core
        .runs
        .job(blocked.clone(), found.rows[1].id.clone())
        .await
        .unwrap();
    assert_eq!(view.previous.as_deref(), Some(found.rows[0].id.as_str()));
    assert_eq!(view.next.as_deref(), Some(found.rows[2].id.as_str()));
    assert_eq!(view.position, 1);
    let result = view.result.unwrap();
    assert_eq!(result.headline, "The site showed a captcha.");
    assert!(result.suggestion.is_some(), "with the service's suggestion");
    bench.core.library.delete(vec![result.id]).await.unwrap();
    bench.core.library.clean_up(0).await.unwrap();
    let view = bench.core.runs.job(blocked, found.rows[1].id.clone());
    assert_eq!(view.await.unwrap().result, None, "told without it");
    assert_eq!(
        (
            bench.service.collections_made(),
            bench.service.runs_started()
        ),
        (1, 1)
    );
    assert_eq!(bench.journal().await, [("run".into(), "begun".into())]);
}

#[tokio::test]
async fn the_price_that_was_shown_is_the_one_that_counts() {
    let bench = Bench::new(Script::default()).await;
    let collection = bench.collection(10, ScrapeForm::default()).await;
    let form = StartRunForm {
        collection_id: collection,
        confirmed_ceiling: 9,
    };
    let error = bench.core.runs.start(form).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::PriceChanged);
    assert_eq!(
        bench.service.calls("POST", "collections"),
        0,
        "nothing was sent"
    );
}

#[tokio::test]
async fn whatever_breaks_there_is_one_collection_and_one_run() {
    let post = Method::POST;
    let faults: Vec<(Method, &'static str, Vec<Fault>)> = vec![
        (
            post.clone(),
            "collections",
            vec![Fault::Answer(503, vec![]); 3],
        ),
        (
            post.clone(),
            "collections",
            vec![Fault::Answer(429, vec![("retry-after", "1".into())])],
        ),
        (post.clone(), "collections", vec![Fault::DropBefore]),
        (post.clone(), "collections", vec![Fault::DropAfter]),
        (post.clone(), "collections", vec![Fault::AnswerAfter(504)]),
        (post.clone(), "collections", vec![Fault::Cut]),
        (
            post.clone(),
            "run",
            vec![Fault::Answer(429, vec![("retry-after", "1".into())])],
        ),
        (post.clone(), "run", vec![Fault::Answer(503, vec![])]),
        (post.clone(), "run", vec![Fault::DropBefore]),
        (post.clone(), "run", vec![Fault::DropAfter]),
        (post.clone(), "run", vec![Fault::AnswerAfter(502)]),
        (post, "run", vec![Fault::Cut]),
        (Method::GET, "runs", vec![Fault::Answer(503, vec![])]),
    ];
    let all = faults
        .into_iter()
        .map(|(method, path_end, faults)| async move {
            let bench = Bench::new(Script::default()).await;
            let collection = bench.collection(5, ScrapeForm::default()).await;
            let what = format!("{method} {path_end} {faults:?}");
            if path_end == "runs" {
                // Only asked for when the start's answer was lost.
                bench
                    .service
                    .break_next(Method::POST, "run", Fault::DropAfter);
            }
            for fault in faults {
                bench.service.break_next(method.clone(), path_end, fault);
            }
            let run = bench.start(&collection, 5).await;
            let end = bench.ended(&run.run.id).await;
            adds_up(&end);
            assert_eq!(
                end.run.state,
                RunState::Finished,
                "{what}: {:?}",
                end.trouble
            );
            assert_eq!(end.run.success, 5, "{what}");
            assert_eq!(bench.service.collections_made(), 1, "{what}");
            assert_eq!(bench.service.runs_started(), 1, "{what}");
        });
    futures::future::join_all(all).await;
}

#[tokio::test]
async fn a_refused_start_is_told_and_costs_nothing() {
    for (status, words, code) in [
        (429, "Monthly quota exceeded", ErrorCode::QuotaUsedUp),
        (
            404,
            "Collection not exists or Collection does not requests associated.",
            ErrorCode::NotFound,
        ),
    ] {
        let bench = Bench::new(Script::default()).await;
        let collection = bench.collection(5, ScrapeForm::default()).await;
        bench
            .service
            .break_next(Method::POST, "run", Fault::Refuse(status, words));
        let run = bench.start(&collection, 5).await;
        let end = bench.ended(&run.run.id).await;
        assert_eq!(end.run.state, RunState::NotStarted, "{words}");
        assert_eq!(
            end.trouble.map(|trouble| trouble.code),
            Some(code),
            "{words}"
        );
        assert_eq!(bench.service.runs_started(), 0);
        assert_eq!(bench.journal().await, [("run".into(), "refused".into())]);
    }
}

#[tokio::test]
async fn a_run_goes_on_at_the_next_start_wherever_the_app_was_closed() {
    let mut bench = Bench::new(Script {
        step: 40,
        ..Script::default()
    })
    .await;
    let collection = bench.collection(200, ScrapeForm::default()).await;
    let run = bench.start(&collection, 200).await;
    // Closed at once, while sending, and again while results come in.
    bench.restart().await;
    bench.restart().await;
    let end = bench.ended(&run.run.id).await;
    assert_eq!((end.run.state, end.run.success), (RunState::Finished, 200));
    assert_eq!(
        (
            bench.service.collections_made(),
            bench.service.runs_started()
        ),
        (1, 1)
    );
    assert!(
        bench.core.library.notices().await.unwrap().is_empty(),
        "a run that goes on is not told as lost"
    );
}

#[tokio::test]
async fn a_key_that_is_refused_holds_the_run_until_it_is_good_again() {
    let bench = Bench::new(Script::default()).await;
    let collection = bench.collection(5, ScrapeForm::default()).await;
    bench.service.refuse_key(true);
    let run = bench.start(&collection, 5).await;
    let held = loop {
        let view = bench.core.runs.get(run.run.id.clone()).await.unwrap();
        if view.trouble.is_some() {
            break view;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(
        held.trouble.map(|trouble| trouble.code),
        Some(ErrorCode::KeyRejected)
    );
    bench.service.refuse_key(false);
    bench.core.runs.resume(run.run.id.clone()).await.unwrap();
    let end = bench.ended(&run.run.id).await;
    assert_eq!((end.run.state, end.trouble), (RunState::Finished, None));
    assert_eq!(bench.service.runs_started(), 1);
}

#[tokio::test]
async fn watching_can_be_stopped_and_taken_up_again() {
    let bench = Bench::new(Script {
        step: 10,
        ..Script::default()
    })
    .await;
    let collection = bench.collection(30, ScrapeForm::default()).await;
    let run = bench.start(&collection, 30).await;
    let stopped = bench
        .core
        .runs
        .stop_watching(run.run.id.clone())
        .await
        .unwrap();
    assert_eq!(stopped.run.state, RunState::WatchingStopped);
    bench.core.runs.resume(run.run.id.clone()).await.unwrap();
    let end = bench.ended(&run.run.id).await;
    assert_eq!((end.run.state, end.run.success), (RunState::Finished, 30));
    assert_eq!(bench.service.runs_started(), 1);
}

#[tokio::test]
async fn a_spread_sample_is_tried_first() {
    let bench = Bench::new(Script::default()).await;
    let collection = bench.collection(100, ScrapeForm::default()).await;
    let form = TrialForm {
        collection_id: collection,
        trial_id: "t1".into(),
        pages: 5,
        confirmed_ceiling: 5,
    };
    let view = bench.core.runs.try_first(form, |_| {}).await.unwrap();
    assert!(view.done);
    let tried: Vec<&str> = view.pages.iter().map(|page| page.label.as_str()).collect();
    assert_eq!(tried, ["sku-0", "sku-24", "sku-49", "sku-74", "sku-99"]);
    assert!(
        view.pages.iter().all(|page| page.result.is_some()),
        "{view:?}"
    );
    assert_eq!(view.credits, 5);
}

#[tokio::test]
async fn a_trial_costs_at_most_what_was_agreed() {
    let bench = Bench::new(Script::default()).await;
    let collection = bench.collection(100, ScrapeForm::default()).await;
    let form = |trial_id: &str, confirmed_ceiling| TrialForm {
        collection_id: collection.clone(),
        trial_id: trial_id.into(),
        pages: 5,
        confirmed_ceiling,
    };
    let refused = bench.core.runs.try_first(form("t1", 4), |_| {}).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::PriceChanged);
    let view = bench.core.runs.try_first(form("t2", 25), |_| {}).await;
    let view = view.unwrap();
    assert_eq!(view.credits, 5, "less than was agreed to is tried");
}
