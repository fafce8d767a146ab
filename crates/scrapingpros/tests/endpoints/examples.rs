//! The contract's own examples, there and back; and what a future service may add.

use scrapingpros::types::{
    ClientMetrics, Collection, CollectionReceipt, CountryRequested, Job, ProxyCountries,
    ProxyStatus, Run, ViabilityRun,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Absent, null and empty mean the same (contract §1.6).
fn stated(value: Value) -> Value {
    if let Value::Object(fields) = value {
        return fields
            .into_iter()
            .map(|(name, value)| (name, stated(value)))
            .filter(|(_, value)| !value.is_null() && *value != json!([]) && *value != json!(0))
            .collect();
    }
    if let Value::Array(entries) = value {
        return entries.into_iter().map(stated).collect();
    }
    value
}

fn survives<T: Serialize + DeserializeOwned>(text: &str) {
    let mut original: Value = serde_json::from_str(text).expect("JSON");
    let check = |original: &Value| {
        let read: T = serde_json::from_value(original.clone()).expect("readable");
        let again = serde_json::to_value(&read).expect("JSON again");
        assert_eq!(stated(again), stated(original.clone()));
    };
    check(&original);
    let fields = original.as_object_mut().expect("an object");
    fields.insert("from_the_future".into(), json!({"a": [1, {"b": 0.5}]}));
    check(&original);
}

#[test]
fn answers_survive_with_what_is_not_known_yet() {
    survives::<Collection>(include_str!("../fixtures/collection.json"));
    survives::<CollectionReceipt>(include_str!("../fixtures/collection_created.json"));
    survives::<CollectionReceipt>(include_str!("../fixtures/collection_updated.json"));
    survives::<Run>(include_str!("../fixtures/run_started.json"));
    survives::<Run>(include_str!("../fixtures/run_completed.json"));
    survives::<Job>(include_str!("../fixtures/job.json"));
    survives::<ViabilityRun>(include_str!("../fixtures/viability_started.json"));
    survives::<ViabilityRun>(include_str!("../fixtures/viability_completed.json"));
    survives::<ProxyCountries>(include_str!("../fixtures/proxy_countries.json"));
    survives::<CountryRequested>(include_str!("../fixtures/proxy_requested.json"));
    survives::<ProxyStatus>(include_str!("../fixtures/proxy_status.json"));
    survives::<ClientMetrics>(include_str!("../fixtures/client_metrics.json"));
}

#[test]
fn a_row_with_its_result_survives() {
    let mut page: Value =
        serde_json::from_str(include_str!("../fixtures/jobs_page.json")).expect("JSON");
    page["items"][0]["url_truncated"] = json!(false);
    survives::<Job>(&page["items"][0].to_string());
    let runs: Value = serde_json::from_str(include_str!("../fixtures/runs.json")).expect("JSON");
    survives::<Run>(&runs["items"][0].to_string());
}

#[test]
fn every_field_but_the_id_may_be_anything() {
    for odd in [
        json!(null),
        json!(7),
        json!("x"),
        json!([[]]),
        json!({"a": 1}),
        json!(true),
    ] {
        let fields = |text: &str, id: &str| -> Value {
            let example: Value = serde_json::from_str(text).expect("JSON");
            let names = example.as_object().expect("an object").keys();
            names
                .map(|name| {
                    (
                        name.clone(),
                        if name == id { json!("id") } else { odd.clone() },
                    )
                })
                .collect()
        };
        let run = fields(include_str!("../fixtures/run_completed.json"), "run_id");
        let run: Run = serde_json::from_value(run).expect("a run all the same");
        assert!(!run.status.is_terminal());
        let job = fields(include_str!("../fixtures/job.json"), "job_public_id");
        let job: Job = serde_json::from_value(job).expect("a job all the same");
        assert!(!job.status.is_terminal());
        let collection = fields(include_str!("../fixtures/collection.json"), "id");
        let collection: Collection = serde_json::from_value(collection).expect("a collection");
        assert_eq!(collection.id, "id");
    }
}
