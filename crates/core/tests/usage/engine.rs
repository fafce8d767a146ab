//! Whatever the charts show is what the bill says: the engine counts, the app adds up.

use local_engine::{Engine, EngineOptions};
use scrapingpros_core::usage::{LedgerReason, Metric, MetricsForm, UsageView};
use tempfile::TempDir;

use crate::Bench;

const GOOD: [&str; 3] = [
    "http://sample.shop/shop",
    "http://sample.shop/new",
    "http://sample.shop/shop?visit=2",
];
const GONE: &str = "http://sample.shop/no-such-page";

/// Every figure of the screen is the bill's.
async fn agrees(bench: &Bench) -> UsageView {
    let usage = &bench.core.usage;
    let view = usage.month(String::new()).await.unwrap();
    assert_eq!(view.trouble, None, "{:?}", view.trouble);
    let bill = &view.bill;

    let days = usage.days(view.month.clone(), |_| {}).await.unwrap();
    assert_eq!(days.trouble, None, "{:?}", days.trouble);
    assert_eq!((days.missing, days.worked_out), (0, false), "{days:?}");
    assert_eq!((days.total, days.billed), (bill.credits, bill.credits));
    let simple: u32 = days.rows.iter().map(|day| day.simple).sum();
    assert_eq!(simple, bill.simple_credits, "simple pages, day by day");
    assert_eq!(
        days.rows.len().to_string(),
        view.today[8..].trim_start_matches('0'),
        "a row for each day that has begun"
    );

    let trend = usage.trend().await.unwrap();
    let last = trend.months.last().unwrap();
    assert_eq!((trend.months.len(), &last.month), (6, &view.month));
    assert_eq!(last.credits, Some(bill.credits));
    assert_eq!((last.pages, last.failed), (bill.pages, bill.failed));
    assert_eq!(trend.months[0].credits, Some(0), "before the app was there");

    let sites = &view.sites;
    assert_eq!((&sites.unread, &sites.others), (&None, &None));
    let credits: u32 = sites.rows.iter().filter_map(|site| site.credits).sum();
    let pages: u32 = sites.rows.iter().filter_map(|site| site.pages).sum();
    assert_eq!((credits, pages), (bill.credits, bill.pages), "by website");

    let hours = usage.hours(view.today.clone()).await.unwrap();
    assert_eq!((hours.rows.len(), &hours.unread), (24, &None));
    let pages: u32 = hours
        .rows
        .iter()
        .map(|hour| hour.simple + hour.browser)
        .sum();
    assert_eq!(pages, bill.pages, "all of it is of today, hour by hour");

    assert_eq!(view.clients.len(), 1);
    assert_eq!(view.clients[0].credits, bill.credits);
    view
}

#[tokio::test]
async fn on_this_computer_all_figures_agree_and_nobody_pays() {
    let bench = Bench::new().await;
    let empty = agrees(&bench).await;
    assert_eq!((empty.bill.pages, empty.local), (0, true));

    for address in GOOD {
        bench.scrape(address).await.unwrap();
    }
    bench.scrape(GONE).await.unwrap();
    let view = agrees(&bench).await;
    assert_eq!((view.bill.pages, view.bill.success), (4, 3));
    assert_eq!(
        (view.bill.failed, view.bill.credits),
        (1, 3),
        "what failed is free"
    );
    assert_eq!(view.ledger.own_pages, 4, "in the app's own book too");
    assert_eq!(
        (view.ledger.own_credits, view.ledger.service_credits),
        (0, 0)
    );
    assert_eq!(view.ledger.reasons, []);
    assert_eq!((view.left, view.limit, view.budget), (None, None, None));

    let form = MetricsForm {
        from: view.today.clone(),
        to: view.today.clone(),
        metric: Metric::Url,
    };
    let metrics = bench.core.usage.metrics(form).await.unwrap();
    let credits = format!("data › {} › url › sample.shop › credits", view.today);
    let row = metrics.figures.rows.iter().find(|row| row.name == credits);
    assert_eq!(
        row.unwrap().value,
        "3",
        "the whole service is this computer"
    );
    let plans = bench.core.usage.plans().await.unwrap();
    assert_eq!(plans.plans[0].name, "On this computer");
    bench.core.close().await;
}

#[tokio::test]
async fn an_account_of_another_server_is_counted_there_and_in_the_apps_own_book() {
    let folder = TempDir::new().unwrap();
    let engine = Engine::start(EngineOptions {
        addr: ([127, 0, 0, 1], 0).into(),
        data_dir: folder.path().into(),
        ..EngineOptions::default()
    })
    .await
    .unwrap();
    let bench = Bench::with_account(&engine.url(), engine.key()).await;
    for address in GOOD {
        bench.scrape(address).await.unwrap();
    }
    bench.scrape(GONE).await.unwrap();
    let view = agrees(&bench).await;
    assert_eq!((view.bill.credits, view.local), (3, false));
    let ledger = &view.ledger;
    assert_eq!((ledger.own_pages, ledger.own_credits), (4, 3));
    assert_eq!(ledger.reasons, [], "both books agree");
    let days = bench.core.usage.days(String::new(), |_| {}).await.unwrap();
    assert_eq!(days.rows.last().unwrap().own, 3, "on this day");

    // Another app works with the same account.
    let other = Bench::with_account(&engine.url(), engine.key()).await;
    other.scrape(GOOD[0]).await.unwrap();
    let view = agrees(&other).await;
    assert_eq!(
        view.ledger.reasons,
        [LedgerReason::Elsewhere {
            pages: 4,
            credits: 3
        }]
    );
    bench.core.close().await;
    other.core.close().await;
    engine.stop().await;
}
