//! The engine in this app: no account, no network, no credits.

use std::sync::{Arc, Mutex};

use scrapingpros_core::ErrorCode;
use scrapingpros_core::accounts::HealthState;
use scrapingpros_core::results::Verdict;
use scrapingpros_core::scrape::{FieldForm, ScrapeForm, ScrapeProgress};

use crate::Bench;

async fn here() -> Bench {
    let bench = Bench::new().await;
    bench.core.accounts.select("local".into()).await.unwrap();
    bench
}

fn shop_form() -> ScrapeForm {
    ScrapeForm {
        address: "sample.shop/shop".into(),
        ..ScrapeForm::default()
    }
}

#[tokio::test]
async fn the_sample_shop_is_scraped_on_this_computer_for_nothing() {
    let bench = here().await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let result = bench
        .core
        .scrapes
        .run("s1".into(), shop_form(), move |step| {
            tell.lock().unwrap().push(step);
        })
        .await
        .unwrap();
    assert_eq!(result.verdict, Verdict::Success, "{result:?}");
    assert_eq!((result.local, result.credits), (true, Some(0)));
    assert_eq!(bench.journal().await, [("kept".into(), Some(0))]);
    let told = told.lock().unwrap().clone();
    assert!(
        told.contains(&ScrapeProgress::Fetching),
        "the engine's own stage: {told:?}"
    );

    let usual = bench.core.scrapes.check(shop_form()).await.unwrap().usual;
    assert_eq!(usual.map(|usual| usual.count), Some(1), "known from now on");
    bench.core.close().await;
}

#[tokio::test]
async fn callers_at_the_same_time_share_one_engine_and_a_closed_app_starts_none() {
    let bench = here().await;
    let scrapes = ["a", "b", "c"].map(|id| {
        let scrapes = bench.core.scrapes.clone();
        tokio::spawn(async move { scrapes.run(id.into(), shop_form(), |_| {}).await })
    });
    let health = bench.core.accounts.health("local".into()).await.unwrap();
    assert_ne!(health.state, HealthState::Offline, "{health:?}");
    for scrape in scrapes {
        scrape.await.unwrap().unwrap();
    }
    assert_eq!(bench.journal().await.len(), 3);

    bench.core.close().await;
    let error = bench.scrape(shop_form()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::EngineStopped, "{error:?}");
}

#[tokio::test]
async fn a_selector_that_can_not_be_read_is_shown_at_its_row() {
    let bench = here().await;
    let form = ScrapeForm {
        extract: vec![
            FieldForm::default(),
            FieldForm {
                name: "price".into(),
                selector: "b[[".into(),
                ..FieldForm::default()
            },
        ],
        ..shop_form()
    };
    let error = bench.scrape(form).await.unwrap_err();
    let fields: Vec<&str> = error.problems.iter().map(|p| p.field.as_str()).collect();
    assert_eq!(fields, ["extract.1.selector"], "{error:?}");
    bench.core.close().await;
}

#[tokio::test]
async fn a_private_address_is_refused_until_the_person_allows_it() {
    let bench = here().await;
    let address = bench.service.address().to_string();
    let form = ScrapeForm {
        address: format!("{address}/page"),
        ..ScrapeForm::default()
    };
    let error = bench.scrape(form.clone()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::AddressRefused, "{error:?}");
    assert!(
        error.message.contains("Settings"),
        "says how: {}",
        error.message
    );

    let mut settings = bench.core.settings.read();
    settings.allowed_hosts = vec![address];
    bench.core.settings.update(settings).await.unwrap();
    let result = bench.scrape(form).await.unwrap();
    assert_eq!(
        result.status, 404,
        "the running engine opened it: {result:?}"
    );
    bench.core.close().await;
}
