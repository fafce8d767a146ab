//! The person's own line: said before a page, and before it is crossed.

use scrapingpros_core::scrape::ScrapeForm;
use scrapingpros_core::usage::BudgetState;
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::{Bench, KEY};

#[tokio::test]
async fn a_page_that_would_cross_the_line_is_said_to_before_it_is_sent() {
    let service = MockServer::start().await;
    let bill = json!({"month": "2026-05", "clients": {}, "credit_system": {"simple_request": 1, "browser_request": 5}});
    Mock::given(method("GET"))
        .and(path("/v1/sync/billing"))
        .respond_with(ResponseTemplate::new(200).set_body_json(bill))
        .mount(&service)
        .await;
    let bench = Bench::with_account(&service.uri(), KEY).await;
    let state = async |browser: bool| {
        let form = ScrapeForm {
            address: "https://shop.example/".into(),
            browser,
            ..ScrapeForm::default()
        };
        let check = bench.core.scrapes.check(form).await.unwrap();
        check.budget.map(|budget| (budget.spent, budget.state))
    };
    assert_eq!(state(true).await, None, "no line, no word");
    let mut settings = bench.core.settings.read();
    settings.monthly_budget = 10;
    bench.core.settings.update(settings).await.unwrap();
    assert_eq!(state(true).await, Some((0, BudgetState::Within)));
    bench
        .core
        .library
        .database()
        .call(|db| {
            db.execute_batch(
                "INSERT INTO journal (id, started_at, account_id, address, kind, credits_at_most, state, credits)
                 VALUES ('1', unixepoch(), 'acme', '', 'scrape', 10, 'kept', 7)",
            )
        })
        .await
        .unwrap();
    assert_eq!(state(false).await, Some((7, BudgetState::Near)));
    assert_eq!(state(true).await, Some((7, BudgetState::Over)));
    let view = bench.core.usage.month(String::new()).await.unwrap();
    let budget = view.budget.unwrap();
    assert_eq!(
        (budget.budget, budget.spent, budget.state),
        (10, 7, BudgetState::Within)
    );
    bench.core.accounts.select("local".into()).await.unwrap();
    assert_eq!(state(true).await, None, "on this computer nothing is paid");
    bench.core.close().await;
}
