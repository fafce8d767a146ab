//! Failed pages once more, what that can cross, and what changed against the run before.

use scrapingpros_core::runs::{ComparisonFilter, ComparisonQuery, RetryForm, RunState, RunsQuery};
use scrapingpros_core::scrape::ScrapeForm;

use crate::lifecycle::Bench;
use crate::service::Script;

#[tokio::test]
async fn failed_pages_run_again_as_the_service_suggests_and_runs_compare() {
    let bench = Bench::new(Script {
        odd: 10,
        ..Script::default()
    })
    .await;
    let collection = bench.collection(50, ScrapeForm::default()).await;
    let first = bench.start(&collection, 50).await.run.id;
    bench.ended(&first).await;
    let form = RetryForm {
        run_id: first.clone(),
        causes: vec!["captcha".into()],
        confirmed_ceiling: 25,
    };
    let mut settings = bench.core.settings.read();
    let asked = bench.core.runs.check_retry(form.clone()).await.unwrap();
    assert!(!asked.over_budget, "no line of one's own: {asked:?}");
    settings.monthly_budget = asked.spent + 24;
    bench.core.settings.update(settings).await.unwrap();
    let asked = bench.core.runs.check_retry(form.clone()).await.unwrap();
    assert!(asked.over_budget && asked.credits == 25, "{asked:?}");
    let retried = bench.core.runs.retry(form).await.unwrap();
    assert_eq!((retried.run.queued, retried.run.ceiling), (5, 25));
    let end = bench.ended(&retried.run.id).await;
    assert_eq!(end.run.state, RunState::Finished);
    let sent = bench.service.request(1, 0);
    assert_eq!(sent["browser"], true, "the suggestion is applied: {sent}");
    let query = ComparisonQuery {
        before: first,
        after: retried.run.id,
        filter: ComparisonFilter::Verdict,
        offset: 0,
        limit: 100,
    };
    let page = bench.core.runs.compare(query).await.unwrap();
    assert_eq!(page.only_before, 45, "the others were not run again");
    assert_eq!(page.verdict_changed + page.same + page.data_changed, 5);
    assert_eq!(page.rows.len() as u32, page.verdict_changed);
    let history = RunsQuery {
        collection_id: collection,
        unfinished: false,
        offset: 0,
        limit: 10,
    };
    let history = bench.core.runs.list(history).await.unwrap();
    let numbers: Vec<u32> = history.rows.iter().map(|run| run.number).collect();
    assert_eq!(numbers, [2, 1], "newest first");
}
