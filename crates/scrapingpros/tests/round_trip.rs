//! The contract's own examples, there and back, and answers nobody expects.
#![allow(clippy::expect_used, reason = "a test stops where it fails")]

use proptest::prelude::*;
use scrapingpros::types::{
    Action, BillingResponse, DownloadRequest, DownloadResponse, Guidance, HealthResponse,
    PlansResponse, ScrapeRequest, ScrapeResponse,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

fn there_and_back<T: Serialize + DeserializeOwned>(text: &str) -> (Value, Value) {
    let original: Value = serde_json::from_str(text).expect("JSON");
    let read: T = serde_json::from_str(text).expect("the contract's own example");
    (original, serde_json::to_value(&read).expect("JSON again"))
}

/// Absent and null mean the same (contract §1.6).
fn without_nulls(value: Value) -> Value {
    if let Value::Object(fields) = value {
        let stated = fields.into_iter().filter(|(_, value)| !value.is_null());
        return stated
            .map(|(name, value)| (name, without_nulls(value)))
            .collect();
    }
    if let Value::Array(entries) = value {
        return entries.into_iter().map(without_nulls).collect();
    }
    value
}

#[test]
fn requests_survive_to_the_letter() {
    for text in [
        include_str!("fixtures/scrape_request_minimal.json"),
        include_str!("fixtures/scrape_request_full.json"),
    ] {
        let (original, again) = there_and_back::<ScrapeRequest>(text);
        assert_eq!(original, again);
    }
}

#[test]
fn answers_survive_but_for_nulls() {
    let same = |(original, again): (Value, Value)| {
        assert_eq!(without_nulls(original), without_nulls(again));
    };
    same(there_and_back::<ScrapeResponse>(include_str!(
        "fixtures/scrape_success.json"
    )));
    same(there_and_back::<ScrapeResponse>(include_str!(
        "fixtures/scrape_in_body_500.json"
    )));
    same(there_and_back::<DownloadResponse>(include_str!(
        "fixtures/download_success.json"
    )));
    same(there_and_back::<DownloadResponse>(include_str!(
        "fixtures/download_failed.json"
    )));
    same(there_and_back::<BillingResponse>(include_str!(
        "fixtures/billing.json"
    )));
    same(there_and_back::<ScrapeResponse>(include_str!(
        "fixtures/scrape_blocked.json"
    )));
}

#[test]
fn what_this_version_does_not_know_is_kept() {
    let text = r#"{"statusCode": 200, "html": "x", "queue": {"a": [1]}, "timings": {"new_ms": 3},
        "network_requests": [{"url": "u", "cache": "hit"}]}"#;
    let (original, again) = there_and_back::<ScrapeResponse>(text);
    assert_eq!(without_nulls(original), without_nulls(again));
}

#[test]
fn every_known_field_may_be_null() {
    let nulls = |names: &[&str]| -> Value {
        names
            .iter()
            .map(|name| ((*name).to_owned(), Value::Null))
            .collect::<Map<_, _>>()
            .into()
    };
    let names = [
        "url",
        "custom_id",
        "html",
        "markdown",
        "statusCode",
        "message",
        "screenshot",
        "executionTime",
        "extracted_data",
        "evaluate_results",
        "network_requests",
        "cookies",
        "potentiallyBlockedByCaptcha",
        "timings",
        "guidance",
        "content_type",
        "contentType",
        "body_base64",
        "body_url",
    ];
    let result: ScrapeResponse = serde_json::from_value(nulls(&names)).expect("nulls");
    assert_eq!(
        result,
        ScrapeResponse::default(),
        "null is as good as absent"
    );
    let names = [
        "success",
        "error_type",
        "error_provider",
        "credits_charged",
        "credits_refunded",
        "next_steps",
        "suggested_request",
        "stop_reason",
    ];
    let guidance: Guidance = serde_json::from_value(nulls(&names)).expect("nulls");
    assert_eq!(guidance, Guidance::default());
    let names = ["month", "clients", "credit_system"];
    let billing: BillingResponse = serde_json::from_value(nulls(&names)).expect("nulls");
    assert_eq!(billing, BillingResponse::default());
}

#[test]
fn a_suggestion_full_of_nulls_is_still_one() {
    let suggestion = json!({
        "url": "https://a.example/", "browser": null, "screenshot": null, "retry_on_block": null,
        "use_proxy": null, "actions": null, "extract": {"a": {"selector": "css:a", "multiple": null}},
        "browser_type": "flex", "language": "", "from_the_future": 1
    });
    let guidance = json!({"success": false, "suggested_request": suggestion, "next_steps": "Wait"});
    let guidance: Guidance = serde_json::from_value(guidance).expect("guidance");
    assert_eq!(guidance.next_steps, ["Wait"], "one sentence on its own");
    let request = guidance.suggested_request.expect("a suggestion");
    assert_eq!(request.browser_type.as_deref(), Some("flex"), "an open set");
    let extract = request.extract.expect("fields");
    let (_, rule) = extract.rules().next().expect("one field");
    assert!(!rule.expect("a rule").multiple);
}

#[test]
fn a_loop_inside_a_loop_is_refused() {
    let step = |inner: Value| {
        json!({"type": "while", "actions": [inner],
        "condition": {"type": "selector-visible", "selector": "css:a"}})
    };
    let click = json!({"type": "click", "selector": "css:a", "optional": null});
    assert!(serde_json::from_value::<Action>(step(click.clone())).is_ok());
    assert!(serde_json::from_value::<Action>(step(step(click))).is_err());
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    // The names the parsers look for, so that they meet values they do not expect.
    let name = prop_oneof![
        Just("guidance".to_owned()),
        Just("html".to_owned()),
        Just("statusCode".to_owned()),
        Just("network_requests".to_owned()),
        Just("contentType".to_owned()),
        Just("content_type".to_owned()),
        Just("extracted_data".to_owned()),
        Just("suggested_request".to_owned()),
        Just("next_steps".to_owned()),
        Just("success".to_owned()),
        Just("status".to_owned()),
        Just("plans".to_owned()),
        Just("credits_monthly".to_owned()),
        Just("clients".to_owned()),
        Just("simple_total".to_owned()),
        Just("url".to_owned()),
        "[a-z_]{0,8}",
    ];
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

#[test]
fn of_two_spellings_the_readable_one_survives_storing() {
    let answer = json!({"contentType": "text/html", "content_type": ["odd"]});
    let read: ScrapeResponse = serde_json::from_value(answer).expect("an object is a result");
    assert_eq!(read.content_type.as_deref(), Some("text/html"));
    assert_eq!(
        read.unknown["contentType"],
        json!(["odd"]),
        "nothing that arrived is lost"
    );
    let stored = serde_json::to_value(&read).expect("JSON");
    let again: ScrapeResponse = serde_json::from_value(stored).expect("our own JSON");
    assert_eq!(again, read);
}

proptest! {
    #[test]
    fn no_answer_makes_a_parser_panic(answer in any_json()) {
        let _ = serde_json::from_value::<ScrapeRequest>(answer.clone());
        let _ = serde_json::from_value::<DownloadRequest>(answer.clone());
        let _ = serde_json::from_value::<BillingResponse>(answer.clone());
        let _ = serde_json::from_value::<Guidance>(answer.clone());
        let _ = HealthResponse::from(answer.clone()).is_good();
        let scraped = serde_json::from_value::<ScrapeResponse>(answer.clone());
        let downloaded = serde_json::from_value::<DownloadResponse>(answer.clone());
        let plans = serde_json::from_value::<PlansResponse>(answer.clone());
        prop_assert_eq!(scraped.is_ok(), answer.is_object(), "an object is always a result");
        prop_assert_eq!(downloaded.is_ok(), answer.is_object());
        prop_assert_eq!(plans.is_ok(), answer.is_object() || answer.is_array());
        if let Ok(scraped) = scraped {
            prop_assert_eq!(scraped.guidance_or_synthesised(None).success, scraped.verdict());
            let _ = (scraped.body(), scraped.screenshot_png());
        }
    }

    #[test]
    fn a_result_that_was_read_can_be_stored_and_read_again(answer in any_json()) {
        if let Ok(read) = serde_json::from_value::<ScrapeResponse>(answer) {
            let stored = serde_json::to_value(&read).expect("JSON");
            let again: ScrapeResponse = serde_json::from_value(stored).expect("our own JSON");
            prop_assert_eq!(again, read);
        }
    }
}
