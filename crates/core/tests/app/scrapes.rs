//! One page through the house: checked, written down, sent once, kept or explained.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use scrapingpros_core::ErrorCode;
use scrapingpros_core::results::Verdict;
use scrapingpros_core::scrape::{CostView, FieldForm, ScrapeForm, ScrapeProgress};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use wiremock::matchers::path;
use wiremock::{Mock, ResponseTemplate};

use crate::{Bench, PAGE, Silent, page_answer, page_form};

fn detail(status: u16, detail: impl Into<Value>) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"detail": detail.into()}))
}

#[tokio::test]
async fn a_page_is_kept_with_its_price_before_it_is_shown() {
    let bench = Bench::with_account().await;
    let answer = ResponseTemplate::new(200)
        .insert_header("x-credits-charged", "1")
        .insert_header("x-quota-remaining", "41249")
        .set_body_json(page_answer());
    bench.answer_scrapes(answer).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let form = ScrapeForm {
        address: " shop.example/tents ".into(),
        ..ScrapeForm::default()
    };
    let result = bench
        .core
        .scrapes
        .run("s1".into(), form, move |step| {
            tell.lock().unwrap().push(step)
        })
        .await
        .unwrap();
    assert_eq!(
        (result.verdict, result.title.as_str()),
        (Verdict::Success, "Tents")
    );
    assert_eq!((result.credits, result.local), (Some(1), false));
    let kept = bench.core.library.view(result.id.clone()).await.unwrap();
    assert_eq!(kept, result, "what is shown is what is on disk");
    assert_eq!(bench.journal().await, [("kept".into(), Some(1))]);
    let credits = bench.account("Acme").await.credits.unwrap();
    assert_eq!(credits.left, Some(41_249), "from the answer's headers");

    let told = told.lock().unwrap().clone();
    assert_eq!(
        told[..2],
        [ScrapeProgress::Sending, ScrapeProgress::Waiting]
    );
    assert!(matches!(told[2], ScrapeProgress::Receiving { bytes } if bytes > 0));
    assert_eq!(told.last(), Some(&ScrapeProgress::Saving));
    let requests = bench.service.received_requests().await.unwrap();
    let sent: Value = requests.last().unwrap().body_json().unwrap();
    assert_eq!(
        sent,
        json!({"url": PAGE, "format": "html"}),
        "nothing unasked"
    );
}

#[tokio::test]
async fn a_page_that_was_blocked_is_a_result_with_a_way_on() {
    let bench = Bench::with_account().await;
    let blocked = json!({
        "url": PAGE, "html": "<p>Verify you are human</p>", "statusCode": 403,
        "message": "FORBIDDEN", "guidance": {
            "success": false, "error_type": "captcha", "error_provider": "cloudflare",
            "credits_charged": 0, "credits_refunded": true, "next_steps": ["Use a browser"],
            "suggested_request": {"url": PAGE, "browser": true, "retry_on_block": true}
        }
    });
    bench
        .answer_scrapes(ResponseTemplate::new(200).set_body_json(blocked))
        .await;
    let result = bench.scrape(page_form()).await.unwrap();
    assert_eq!(result.verdict, Verdict::Blocked);
    assert_eq!((result.credits, result.refunded), (Some(0), true));
    let suggestion = result.suggestion.unwrap();
    assert!(suggestion.form.browser && suggestion.form.retry_on_block);
    let titles: Vec<&str> = suggestion
        .changes
        .iter()
        .map(|c| c.title.as_str())
        .collect();
    assert_eq!(
        titles,
        ["Use a real browser", "Let the service try again if blocked"]
    );

    bench.service.reset().await;
    let in_body = json!({
        "html": null, "statusCode": 500, "executionTime": null, "screenshot": null,
        "message": "The job wasn't succesfully completed due to an unknown error.",
        "extracted_data": null
    });
    bench
        .answer_scrapes(ResponseTemplate::new(500).set_body_json(in_body))
        .await;
    let failed = bench.scrape(page_form()).await.unwrap();
    assert_eq!(
        failed.verdict,
        Verdict::Failed,
        "kept, also without guidance"
    );
}

#[tokio::test]
async fn each_refusal_has_its_code_and_is_sent_once() {
    let quota =
        ResponseTemplate::new(429).set_body_json(json!({"detail": "Monthly quota exceeded"}));
    let rate = ResponseTemplate::new(429)
        .insert_header("retry-after", "23")
        .insert_header("x-ratelimit-limit", "60")
        .set_body_json(json!({"detail": "Too many requests"}));
    for (answer, code, word, journal) in [
        (
            detail(401, "Unauthorized"),
            ErrorCode::KeyRejected,
            "may have been replaced",
            ("refused", Some(0)),
        ),
        (
            detail(403, "Country proxy not approved"),
            ErrorCode::CountryNotApproved,
            "Germany is not approved",
            ("refused", Some(0)),
        ),
        (
            detail(422, "URL blocked by SSRF protection"),
            ErrorCode::AddressRefused,
            "private",
            ("refused", Some(0)),
        ),
        (
            detail(400, "There is a problem. Please check the requests."),
            ErrorCode::OptionsRefused,
            "do not go together",
            ("refused", Some(0)),
        ),
        (
            rate,
            ErrorCode::RateLimited,
            "60 scrapes a minute",
            ("refused", Some(0)),
        ),
        (
            quota,
            ErrorCode::QuotaUsedUp,
            "No credits left",
            ("refused", Some(0)),
        ),
        (
            detail(503, "Service unavailable, please try again later."),
            ErrorCode::ServiceProblem,
            "You were not charged",
            ("refused", Some(0)),
        ),
        (
            ResponseTemplate::new(502),
            ErrorCode::ServiceProblem,
            "may have been charged",
            ("unknown", None),
        ),
        (
            ResponseTemplate::new(200).set_body_string("<html>hotel log-in</html>"),
            ErrorCode::NotAnApi,
            "does not answer like",
            ("refused", Some(0)),
        ),
    ] {
        let bench = Bench::with_account().await;
        bench.answer_scrapes(answer).await;
        let form = ScrapeForm {
            location: "DE".into(),
            ..page_form()
        };
        let error = bench.scrape(form).await.unwrap_err();
        assert_eq!(error.code, code, "{error:?}");
        assert!(error.message.contains(word), "{code:?}: {}", error.message);
        assert!(
            error.details.is_some(),
            "{code:?} keeps the service's own words"
        );
        if code == ErrorCode::RateLimited {
            assert_eq!(error.retry_after, Some(23));
        }
        let (state, credits) = journal;
        assert_eq!(bench.journal().await, [(state.into(), credits)], "{code:?}");
        assert_eq!(bench.scrapes_sent().await, 1, "{code:?} is not repeated");
        assert!(
            bench
                .core
                .library
                .recent(String::new(), 9)
                .await
                .unwrap()
                .is_empty()
        );
    }
}

#[tokio::test]
async fn fields_that_the_service_refuses_are_shown_at_their_rows() {
    let bench = Bench::with_account().await;
    let refused = json!([
        {"loc": ["body", "extract", "old.price", "selector"], "msg": "Value error, not a selector", "type": "x"},
        {"loc": ["body", "url"], "msg": "no such name", "type": "x"},
    ]);
    bench.answer_scrapes(detail(422, refused)).await;
    let column = |name: &str, selector: &str| FieldForm {
        name: name.into(),
        selector: selector.into(),
        ..FieldForm::default()
    };
    let form = ScrapeForm {
        extract: vec![
            column("title", "h1"),
            FieldForm::default(),
            column("old.price", "b[["),
        ],
        ..page_form()
    };
    let error = bench.scrape(form).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidForm);
    let shown: Vec<(&str, &str)> = error
        .problems
        .iter()
        .map(|problem| (problem.field.as_str(), problem.message.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            ("extract.2.selector", "Not a selector."),
            ("address", "No such name.")
        ]
    );
}

#[tokio::test]
async fn a_form_with_problems_is_not_sent() {
    let bench = Bench::with_account().await;
    let form = ScrapeForm {
        address: "javascript:alert(1)".into(),
        screenshot: true,
        ..ScrapeForm::default()
    };
    let error = bench.scrape(form.clone()).await.unwrap_err();
    let fields: Vec<&str> = error.problems.iter().map(|p| p.field.as_str()).collect();
    assert_eq!(fields, ["address", "screenshot"]);
    assert_eq!(
        bench.core.scrapes.check(form).await.unwrap().problems,
        error.problems
    );
    assert!(bench.journal().await.is_empty(), "nothing was begun");
    assert_eq!(bench.scrapes_sent().await, 0);
}

#[tokio::test]
async fn the_price_is_the_services_own_and_nothing_here() {
    let bench = Bench::with_account().await;
    let browser = ScrapeForm {
        browser: true,
        ..ScrapeForm::default()
    };
    let check = bench.core.scrapes.check(browser.clone()).await.unwrap();
    assert_eq!(
        check.cost,
        CostView {
            credits: 7,
            free: false
        },
        "as the bill says"
    );
    assert!(
        check.problems.is_empty(),
        "an empty address is not a problem yet"
    );
    bench.core.accounts.select("local".into()).await.unwrap();
    let check = bench.core.scrapes.check(browser).await.unwrap();
    assert_eq!(
        check.cost,
        CostView {
            credits: 0,
            free: true
        }
    );
}

#[tokio::test]
async fn cancel_stops_waiting_and_says_that_credits_may_go() {
    let bench = Bench::with_account().await;
    let (arrived, mut calls) = mpsc::unbounded_channel();
    bench.answer_scrapes(Silent(arrived)).await;
    let scrapes = bench.core.scrapes.clone();
    let running = tokio::spawn(async move { scrapes.run("s7".into(), page_form(), |_| {}).await });
    calls.recv().await.unwrap();
    let twice = bench
        .core
        .scrapes
        .run("s7".into(), page_form(), |_| {})
        .await;
    assert!(twice.is_err(), "one id, one scrape");
    assert!(
        bench.core.scrapes.cancel("s7".into()).await.unwrap(),
        "it was sent, so it may be charged"
    );
    let error = running.await.unwrap().unwrap_err();
    assert_eq!(error.code, ErrorCode::Cancelled);
    assert_eq!(bench.journal().await, [("cancelled".into(), None)]);

    let early = bench.core.scrapes.cancel("s8".into()).await.unwrap();
    assert!(!early, "nothing was sent");
    let error = bench
        .core
        .scrapes
        .run("s8".into(), page_form(), |_| {})
        .await
        .unwrap_err();
    assert_eq!(
        error.code,
        ErrorCode::Cancelled,
        "a cancel may overtake its scrape"
    );
    assert_eq!(bench.scrapes_sent().await, 1, "s8 was never sent");
}

#[tokio::test]
async fn silence_ends_at_the_persons_limit() {
    let bench = Bench::with_account().await;
    let mut settings = bench.core.settings.read();
    settings.give_up_seconds = 10;
    bench.core.settings.update(settings).await.unwrap();
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(600));
    Mock::given(path("/v1/sync/scrape"))
        .respond_with(slow)
        .mount(&bench.service)
        .await;
    let error = bench.scrape(page_form()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NoAnswer, "{error:?}");
    assert_eq!(
        error.message,
        "No answer in 10 seconds. It may have been charged."
    );
    assert_eq!(bench.journal().await, [("unknown".into(), None)]);
    assert_eq!(
        bench.scrapes_sent().await,
        1,
        "silence is not a reason to pay twice"
    );
}

#[tokio::test]
async fn before_an_account_is_chosen_nothing_is_sent() {
    let bench = Bench::new().await;
    let error = bench.scrape(page_form()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    assert!(bench.journal().await.is_empty());
}
