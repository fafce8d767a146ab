//! A service that answers in forms of its own, refuses, or is not there.

use std::sync::{Arc, Mutex};

use scrapingpros_core::ErrorCode;
use scrapingpros_core::usage::{DaysProgress, Metric, MetricsForm};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::{Bench, KEY, form};

fn bill() -> Value {
    json!({
        "month": "2026-05",
        "clients": {
            "shop": {
                "simple_success": 80, "simple_failed": 4, "browser_success": 20, "browser_failed": 1,
                "total_requests": 105, "total_success": 100, "total_failed": 5,
                "credits": {"simple": 80, "browser": 100, "total": 180},
                "by_url": [{"domain": "a.example", "requests": 100, "credits": 175}, {"odd": [[]]}, 7]
            },
            "tests": {"simple_success": 3, "credits": {"simple": 3, "total": 3}, "by_url": "later"},
            "broken": ["nothing"]
        },
        "credit_system": {"simple_request": 1, "browser_request": 5}
    })
}

async fn answer(service: &MockServer, endpoint: &str, answer: ResponseTemplate) {
    Mock::given(method("GET"))
        .and(path(endpoint))
        .respond_with(answer)
        .mount(service)
        .await;
}

async fn service(metrics: ResponseTemplate, client_metrics: Value) -> MockServer {
    let service = MockServer::start().await;
    let billed = ResponseTemplate::new(200)
        .insert_header("x-quota-limit", "1000")
        .insert_header("x-quota-remaining", "100")
        .set_body_json(bill());
    answer(&service, "/v1/sync/billing", billed).await;
    answer(&service, "/v1/sync/metrics", metrics).await;
    let told = ResponseTemplate::new(200).set_body_json(client_metrics);
    answer(&service, "/v1/sync/client-metrics", told).await;
    service
}

async fn asked(service: &MockServer, endpoint: &str) -> usize {
    let requests = service.received_requests().await.unwrap();
    let asked = requests
        .iter()
        .filter(|request| request.url.path() == endpoint);
    asked.count()
}

/// `YYYY-MM` of the month before this one. On the first day of a month it is not settled yet.
fn last_month() -> String {
    let now = OffsetDateTime::now_utc();
    let before = now.date().replace_day(1).unwrap() - Duration::DAY;
    before.to_string()[..7].to_owned()
}

fn long_ago() -> String {
    "2025-02".into()
}

#[tokio::test]
async fn several_clients_and_websites_of_any_form_show() {
    let service = service(ResponseTemplate::new(403), json!({})).await;
    let bench = Bench::with_account(&service.uri(), KEY).await;
    let view = bench.core.usage.month(String::new()).await.unwrap();
    assert_eq!((view.bill.credits, view.bill.pages), (183, 108));
    let clients: Vec<_> = view
        .clients
        .iter()
        .map(|client| (client.name.as_str(), client.credits))
        .collect();
    assert_eq!(
        clients,
        [("shop", 180), ("tests", 3)],
        "the broken one costs itself"
    );
    assert_eq!((view.left, view.limit), (Some(100), Some(1000)));
    assert_eq!(view.sites.rows[0].site, "a.example");
    let unread = view.sites.unread.unwrap();
    assert!(
        unread.rows.iter().any(|row| row.value == "later"),
        "{unread:?}"
    );
    let all = view.ledger;
    assert_eq!(
        (all.own_pages, all.service_pages),
        (0, 108),
        "used elsewhere"
    );
}

#[tokio::test]
async fn days_are_asked_for_one_by_one_where_the_metrics_are_not_the_accounts() {
    let of_all = ResponseTemplate::new(200).set_body_json(json!({"data": [
        {"date": "2025-02-03", "scrape_type": {"simple": {"credits": 9000}, "browser": {"credits": 1}}}
    ]}));
    let service = service(of_all, json!({"scrape_type": {"simple": 3, "browser": 1}})).await;
    let mut bench = Bench::with_account(&service.uri(), KEY).await;
    let days = bench.core.usage.days(long_ago(), |_| {}).await.unwrap();
    assert_eq!(
        (days.rows.len(), days.missing, days.worked_out),
        (28, 0, true)
    );
    assert_eq!(
        (days.rows[0].simple, days.rows[0].browser),
        (3, 5),
        "pages at their price"
    );
    assert_eq!(
        (days.total, days.billed),
        (28 * 8, 183),
        "the difference can be told"
    );
    assert_eq!(asked(&service, "/v1/sync/client-metrics").await, 28);

    let bills = asked(&service, "/v1/sync/billing").await;
    bench.restart().await;
    // The session's key is gone; what is over needs none.
    let again = bench.core.usage.days(long_ago(), |_| {}).await.unwrap();
    assert_eq!(again, days, "from the disk");
    let view = bench.core.usage.month(long_ago()).await.unwrap();
    assert_eq!(
        (view.bill.credits, view.trouble, view.current),
        (183, None, false)
    );
    assert_eq!(
        (view.left, view.forecast, view.budget),
        (None, None, None),
        "it is over"
    );
    assert_eq!(
        asked(&service, "/v1/sync/client-metrics").await,
        28,
        "not asked again"
    );
    assert_eq!(asked(&service, "/v1/sync/billing").await, bills);
}

#[tokio::test]
async fn asking_day_by_day_is_told_can_be_stopped_and_goes_on_where_it_was() {
    let kinds = json!({"scrape_type": {"simple": 1, "browser": 0}});
    let service = service(ResponseTemplate::new(403), kinds).await;
    let bench = Bench::with_account(&service.uri(), KEY).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let (tell, usage) = (Arc::clone(&told), bench.core.usage.clone());
    let stopping = move |step: DaysProgress| {
        tell.lock().unwrap().push((step.asked, step.of));
        if step.asked == 2 {
            usage.stop_days();
        }
    };
    let days = bench.core.usage.days(long_ago(), stopping).await.unwrap();
    assert_eq!(*told.lock().unwrap(), [(0, 28), (1, 28), (2, 28)]);
    assert_eq!((days.total, days.missing, days.trouble), (2, 26, None));
    let sent = asked(&service, "/v1/sync/client-metrics").await;
    assert!(sent < 10, "{sent} questions, though nobody listens");
    let days = bench.core.usage.days(long_ago(), |_| {}).await.unwrap();
    assert_eq!((days.total, days.missing), (28, 0));
    let again = asked(&service, "/v1/sync/client-metrics").await - sent;
    assert_eq!(again, 26, "what was told is not asked again");
}

#[tokio::test]
async fn nonsense_of_a_day_leaves_a_gap_and_a_refusal_keeps_what_is_known() {
    let odd = service(
        ResponseTemplate::new(403),
        json!({"scrape_type": {"simple": [[]]}}),
    )
    .await;
    let bench = Bench::with_account(&odd.uri(), KEY).await;
    let days = bench.core.usage.days(long_ago(), |_| {}).await.unwrap();
    assert_eq!((days.missing, days.trouble), (28, None), "nobody said");
    let hours = bench.core.usage.hours("2025-02-03".into()).await.unwrap();
    assert_eq!(hours.rows, [], "no hours were told");

    let slow = MockServer::start().await;
    let billed = ResponseTemplate::new(200).set_body_json(bill());
    answer(&slow, "/v1/sync/billing", billed).await;
    Mock::given(method("GET"))
        .and(path("/v1/sync/client-metrics"))
        .and(query_param("date", "2025-02-01"))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(json!({"scrape_type": {"simple": 2}})),
        )
        .mount(&slow)
        .await;
    let wait = ResponseTemplate::new(429)
        .insert_header("retry-after", "1")
        .set_body_json(json!({"detail": "Rate limit exceeded"}));
    answer(&slow, "/v1/sync/client-metrics", wait).await;
    bench
        .core
        .accounts
        .add(form_named(&slow.uri(), "Slow"))
        .await
        .unwrap();
    let days = bench.core.usage.days(long_ago(), |_| {}).await.unwrap();
    assert_eq!(
        (days.rows[0].simple, days.missing),
        (2, 27),
        "what was told stays"
    );
    assert_eq!(days.trouble.unwrap().code, ErrorCode::RateLimited);
}

fn form_named(server: &str, name: &str) -> scrapingpros_core::accounts::AccountForm {
    let mut form = form(server, KEY);
    form.name = name.into();
    form
}

#[tokio::test]
async fn without_the_service_the_last_known_figures_show_and_others_keys_show_none() {
    let service = service(ResponseTemplate::new(403), json!({})).await;
    let bench = Bench::with_account(&service.uri(), KEY).await;
    let before = bench.core.usage.month(String::new()).await.unwrap();
    assert_eq!(before.trouble, None);
    service.reset().await;
    answer(&service, "/v1/sync/billing", ResponseTemplate::new(503)).await;
    let after = bench.core.usage.month(String::new()).await.unwrap();
    assert_eq!(
        (&after.bill, after.fetched_at),
        (&before.bill, before.fetched_at)
    );
    assert_eq!(after.trouble.unwrap().code, ErrorCode::ServiceProblem);
    let error = bench.core.usage.month(last_month()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::ServiceProblem, "never known");

    let id = after.account_id;
    service.reset().await;
    let other = json!({"month": "2026-05", "clients": {}, "credit_system": {}});
    answer(
        &service,
        "/v1/sync/billing",
        ResponseTemplate::new(200).set_body_json(other),
    )
    .await;
    let key = form(&service.uri(), "another-customer-of-theirs");
    bench
        .core
        .accounts
        .replace_key(id.clone(), key)
        .await
        .unwrap();
    let theirs = bench.core.usage.month(String::new()).await.unwrap();
    assert_eq!(theirs.bill.credits, 0, "not the earlier customer's");
    let file = bench.folder.path().join(format!("data/usage/{id}.json"));
    assert!(file.exists());
    bench.core.accounts.forget(id).await.unwrap();
    let mut bench = bench;
    bench.restart().await;
    assert!(!file.exists(), "a forgotten account leaves nothing");
}

#[tokio::test]
async fn an_unreadable_file_costs_nothing_but_a_question() {
    let service = service(ResponseTemplate::new(403), json!({})).await;
    let mut bench = Bench::with_account(&service.uri(), KEY).await;
    let view = bench.core.usage.month(long_ago()).await.unwrap();
    let file = bench
        .folder
        .path()
        .join(format!("data/usage/{}.json", view.account_id));
    std::fs::write(
        &file,
        "{\"version\": 1, \"usage\": {\"key\": 7, \"months\": [",
    )
    .unwrap();
    bench.restart().await;
    let key = form(&service.uri(), KEY);
    bench
        .core
        .accounts
        .replace_key(view.account_id.clone(), key)
        .await
        .unwrap();
    let again = bench.core.usage.month(long_ago()).await.unwrap();
    assert_eq!(again.bill, view.bill);
}

#[tokio::test]
async fn what_has_not_begun_and_what_is_no_date_is_named() {
    let bench = Bench::new().await;
    let problem = async |month: &str| {
        let error = bench.core.usage.month(month.into()).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidForm);
        let problem = error.problems.into_iter().next().unwrap();
        (problem.field, problem.message)
    };
    let (field, message) = problem("2999-01").await;
    assert_eq!(field, "month");
    assert!(message.contains("not begun"), "{message}");
    for odd in ["2026-13", "October", "2026-10-01", "../../etc", "2026-1"] {
        assert!(problem(odd).await.1.contains("Choose a month"), "{odd}");
    }
    let metrics = async |from: &str, to: &str| {
        let form = MetricsForm {
            from: from.into(),
            to: to.into(),
            metric: Metric::All,
        };
        let error = bench.core.usage.metrics(form).await.unwrap_err();
        let fields = error.problems.into_iter().map(|problem| problem.field);
        fields.collect::<Vec<_>>()
    };
    assert_eq!(metrics("soon", "2999-01-01").await, ["from", "to"]);
    assert_eq!(metrics("2026-05-02", "2026-05-01").await, ["to"]);
    assert_eq!(metrics("2020-01-01", "2026-05-01").await, ["from"]);
    let error = bench
        .core
        .usage
        .hours("2999-01-01".into())
        .await
        .unwrap_err();
    assert_eq!(error.problems[0].field, "day");
    bench.core.close().await;
}

#[tokio::test]
async fn plans_and_metrics_show_whatever_they_are() {
    let nested = json!({"data": {"a_b": [{"name": "x", "deep": {"er": [1, null, "two"]}}]}});
    let service = service(ResponseTemplate::new(200).set_body_json(nested), json!({})).await;
    let plans = json!([
        {"display_name": "Growth", "credits_monthly": 1000, "price_monthly": 69, "perks": {"sso": true}},
        {"name": "free", "credits": "250"}, {}, 5
    ]);
    answer(
        &service,
        "/v1/plans",
        ResponseTemplate::new(200).set_body_json(plans),
    )
    .await;
    let bench = Bench::with_account(&service.uri(), KEY).await;
    let form = MetricsForm {
        from: "2026-05-01".into(),
        to: "2026-05-03".into(),
        metric: Metric::ApiCodes,
    };
    let metrics = bench.core.usage.metrics(form.clone()).await.unwrap();
    let rows: Vec<_> = metrics
        .figures
        .rows
        .iter()
        .map(|row| (row.name.as_str(), row.value.as_str()))
        .collect();
    assert_eq!(
        rows,
        [
            ("data › a b › x › deep › er › 1", "1"),
            ("data › a b › x › deep › er › 3", "two")
        ]
    );
    let plans = bench.core.usage.plans().await.unwrap().plans;
    let named: Vec<_> = plans
        .iter()
        .map(|plan| (plan.name.as_str(), plan.yours))
        .collect();
    assert_eq!(
        named,
        [("Growth", true), ("free", false), ("Plan 3", false)]
    );
    assert!(
        plans[0]
            .facts
            .rows
            .iter()
            .any(|fact| fact.name == "perks › sso")
    );

    service.reset().await;
    answer(&service, "/v1/sync/metrics", ResponseTemplate::new(401)).await;
    answer(
        &service,
        "/v1/plans",
        ResponseTemplate::new(200).set_body_json(json!("none")),
    )
    .await;
    let metrics = bench.core.usage.metrics(form).await.unwrap();
    assert!(metrics.refused, "not shown to this account");
    let accounts = bench.core.accounts.list().await.unwrap();
    let problem = accounts.iter().find_map(|account| account.problem);
    assert_eq!(problem, None, "a refusal there says nothing of the key");
    assert!(bench.core.usage.plans().await.unwrap().unread.is_some());
}
