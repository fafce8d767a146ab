//! The contract's examples against the engine: for each object the engine tells every key of the example,
//! in values of the same kind, and no key that the contract does not name.

use std::net::TcpListener;
use std::path::Path;

use reqwest::{Client, Method};
use scrapingpros::types::{
    BillingResponse, ClientMetrics, Collection, CollectionReceipt, CountryRequested,
    DownloadResponse, Job, ProxyCountries, ProxyStatus, Run, ScrapeResponse, ViabilityRun,
};
use scrapingpros_tests::{EngineProgram, until};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const SCRAPE: &[&str] = &[
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
    "body_base64",
    "body_url",
];
const DOWNLOAD: &[&str] = &[
    "content",
    "contentType",
    "statusCode",
    "message",
    "executionTime",
];
const COLLECTION: &[&str] = &["id", "name", "created_at", "updated_at"];
const RECEIPT: &[&str] = &[
    "id",
    "name",
    "message",
    "duplicates_skipped",
    "blocked_urls",
    "invalid_items",
    "duplicate_urls",
];
const RUN: &[&str] = &[
    "run_id",
    "collection_id",
    "status",
    "total_requests",
    "success_requests",
    "failed_requests",
    "timeout_requests",
    "failed_jobs",
    "job_ids",
    "callback_url",
    "callback_status",
    "created_at",
    "success_criterion",
    "all_jobs_persisted",
];
const JOB: &[&str] = &[
    "job_public_id",
    "run_public_id",
    "collection_id",
    "client_id",
    "status",
    "status_code",
    "message",
    "url",
    "url_truncated",
    "custom_id",
    "queued_at",
    "started_at",
    "completed_at",
    "execution_time_ms",
    "retries_attempted",
    "is_success",
    "block_reason",
    "protection_stack",
    "rule_hits",
    "validator_version",
    "has_extractable_data",
    "result",
];
const RUNS: &[&str] = &["items", "total"];
const JOBS: &[&str] = &["items", "cursor_next", "has_more"];
const BILLING: &[&str] = &["month", "clients", "credit_system"];
const METRICS: &[&str] = &["date", "scrape_type", "url", "hourly"];
const COUNTRIES: &[&str] = &["countries", "error"];
const REQUESTED: &[&str] = &["status", "country_code", "message"];
const PROXIES: &[&str] = &[
    "client_id",
    "approved_countries",
    "pending_countries",
    "error",
];
const VIABILITY: &[&str] = &[
    "run_id",
    "status",
    "total_urls",
    "completed_urls",
    "depth",
    "results",
];

/// Objects inside others, by the field that holds them. Those of no list here have keys of their own.
fn inside(field: &str) -> Option<&'static [&'static str]> {
    Some(match field {
        "result" => SCRAPE,
        "guidance" => &[
            "success",
            "error_type",
            "error_provider",
            "credits_charged",
            "credits_refunded",
            "next_steps",
            "suggested_request",
            "stop_reason",
        ],
        "blocked_urls" => &["index", "url", "reason", "message"],
        "invalid_items" => &["index", "url", "errors"],
        "errors" => &["field", "error_type", "message"],
        "success_criterion" => &["version", "rules"],
        "failed_jobs" => &["job_id", "url", "error", "status"],
        "detail" => &["error_code", "message", "completed_at", "age_hours"],
        "credits" => &["simple", "browser", "total"],
        "credit_system" => &["simple_request", "browser_request"],
        "clients" => &[
            "simple_success",
            "simple_failed",
            "simple_total",
            "browser_success",
            "browser_failed",
            "browser_total",
            "total_requests",
            "total_success",
            "total_failed",
            "credits",
            "by_url",
        ],
        "results" => &[
            "url",
            "captcha_detected",
            "captcha_providers",
            "javascript_detected",
            "javascript_required",
            "browser_confidence",
            "content_type",
            "rate_limited",
            "soft_block",
            "retry_after",
            "login_wall",
            "status_code",
            "redirect_chain",
            "protection_signals",
            "api_detected",
            "api_endpoints",
            "graphql_detected",
            "api_auth_required",
            "cloudflare_level",
            "can_use_simple_request",
            "can_use_extract_html",
            "can_use_browser",
            "recommended_strategy",
            "suggested_action",
            "blocked_by",
            "difficulty",
            "suggested_params",
            "proxy_recommended",
            "proxy_type",
            "modes_tested",
            "best_mode",
            "total_credits_used",
        ],
        "modes_tested" => &[
            "success",
            "blocked",
            "captcha_type",
            "time_ms",
            "credits",
            "error",
        ],
        _ => return None,
    })
}

/// Fields whose object has a name for each of its values, such as a client or a mode.
const NAMED: [&str; 2] = ["clients", "modes_tested"];

/// An engine of the test's own, spoken to without the client.
struct Wire {
    engine: EngineProgram,
    http: Client,
}

impl Wire {
    async fn call(&self, method: Method, path: &str, body: Value) -> Value {
        let mut request = self
            .http
            .request(method, format!("{}/v1{path}", self.engine.url))
            .bearer_auth(&self.engine.key);
        if !body.is_null() {
            request = request.json(&body);
        }
        request.send().await.unwrap().json().await.unwrap()
    }

    async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, Value::Null).await
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.call(Method::POST, path, body).await
    }
}

fn example(name: &str) -> Value {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/scrapingpros/tests/fixtures");
    let text = std::fs::read(folder.join(name)).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// The example and what the engine told are of one kind, and the client reads both.
fn agree<T: DeserializeOwned>(name: &str, told: &Value, fields: &[&str]) {
    let example = example(name);
    read::<T>(name, &example);
    read::<T>(name, told);
    compare(name, &example, told, Some(fields));
}

fn read<T: DeserializeOwned>(name: &str, value: &Value) {
    if let Err(error) = serde_json::from_value::<T>(value.clone()) {
        panic!("{name}: the client can't read {value}: {error}");
    }
}

fn compare(place: &str, example: &Value, told: &Value, fields: Option<&[&str]>) {
    if let (Some(examples), Some(tolds)) = (example.as_array(), told.as_array()) {
        if let (Some(example), Some(told)) = (examples.first(), tolds.first()) {
            compare(&format!("{place}[0]"), example, told, fields);
        }
        return;
    }
    if !example.is_null() && !told.is_null() {
        assert_eq!(kind(example), kind(told), "the kind of {place}: {told}");
    }
    let (Some(examples), Some(tolds)) = (example.as_object(), told.as_object()) else {
        return;
    };
    let Some(fields) = fields else { return };
    for (field, example) in examples {
        let told = tolds
            .get(field)
            .unwrap_or_else(|| panic!("{place} has no {field}: {told}"));
        let place = format!("{place}.{field}");
        if NAMED.contains(&field.as_str()) {
            let first = |value: &Value| value.as_object()?.values().next().cloned();
            let (example, told) = (first(example).unwrap(), first(told).unwrap());
            compare(&place, &example, &told, inside(field));
        } else {
            compare(&place, example, told, inside(field));
        }
    }
    for field in tolds.keys() {
        assert!(
            fields.contains(&field.as_str()),
            "the contract knows no {place}.{field}"
        );
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

fn wire(allowed: &[&str]) -> Wire {
    Wire {
        engine: EngineProgram::start(allowed),
        http: Client::new(),
    }
}

#[tokio::test]
async fn scrapes_and_downloads() {
    // A port where nobody listens.
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let wire = wire(&[&nobody.to_string()]);

    let mut request = example("scrape_request_full.json");
    request["url"] = json!("http://sample.shop/new");
    request["actions"][0]["selector"] = json!("css:.card");
    let page = wire.post("/sync/scrape", request).await;
    agree::<ScrapeResponse>("scrape_success.json", &page, SCRAPE);
    assert_eq!(page["custom_id"], "sku-42");

    let minimal = json!({"url": "http://sample.shop/checkpoint"});
    let blocked = wire.post("/sync/scrape", minimal).await;
    agree::<ScrapeResponse>("scrape_blocked.json", &blocked, SCRAPE);

    let file = json!({"url": "http://sample.shop/files/price-list.pdf"});
    let file = wire.post("/sync/download", file).await;
    agree::<DownloadResponse>("download_success.json", &file, DOWNLOAD);

    let file = json!({"url": format!("http://{nobody}/price-list.pdf")});
    let file = wire.post("/sync/download", file).await;
    agree::<DownloadResponse>("download_failed.json", &file, DOWNLOAD);
}

#[tokio::test]
async fn collections_runs_and_jobs() {
    let wire = wire(&[]);
    let kettle = "http://sample.shop/shop/cast-iron-kettle";
    let requests = json!({"name": "kettles", "requests": [
        {"url": "http://sample.shop/gone", "custom_id": "sku-77"},
        {"url": kettle},
        {"url": kettle},
        {"url": "http://192.168.1.10/"},
        {"url": kettle, "custom_id": "x".repeat(256)},
    ]});
    let made = wire.post("/async/collections", requests).await;
    agree::<CollectionReceipt>("collection_created.json", &made, RECEIPT);
    let at = format!("/async/collections/{}", made["id"].as_str().unwrap());

    let listed = wire.get("/async/collections").await;
    agree::<Vec<Collection>>("collections.json", &listed, COLLECTION);
    agree::<Collection>("collection.json", &wire.get(&at).await, COLLECTION);
    let changed = json!({"name": "kettles v2"});
    let changed = wire.call(Method::PUT, &at, changed).await;
    agree::<CollectionReceipt>("collection_updated.json", &changed, RECEIPT);

    let started = wire.post(&format!("{at}/run"), Value::Null).await;
    agree::<Run>("run_started.json", &started, RUN);
    let run_at = format!("{at}/runs/{}", started["run_id"].as_str().unwrap());
    let ended = until("the end of the run", async || {
        let run = wire.get(&run_at).await;
        (run["status"] == "completed").then_some(run)
    })
    .await;
    agree::<Run>("run_completed.json", &ended, RUN);

    let runs = wire.get(&format!("{at}/runs")).await;
    compare("runs.json", &example("runs.json"), &runs, Some(RUNS));
    compare(
        "runs.json",
        &example("runs.json")["items"],
        &runs["items"],
        Some(RUN),
    );
    read::<Run>("runs.json", &runs["items"][0]);

    let page = wire
        .get(&format!("{run_at}/jobs?include_results=true&limit=1"))
        .await;
    let page_example = example("jobs_page.json");
    compare("jobs_page.json", &page_example, &page, Some(JOBS));
    compare(
        "jobs_page.json",
        &page_example["items"],
        &page["items"],
        Some(JOB),
    );
    agree::<Job>("job.json", &page["items"][0], JOB);

    let missing = wire.get(&format!("{run_at}/jobs/none/result")).await;
    compare(
        "result_expired.json",
        &example("result_expired.json"),
        &missing,
        Some(&["detail"]),
    );
}

#[tokio::test]
async fn usage_proxies_and_viability() {
    let wire = wire(&[]);
    let shop = json!({"url": "http://sample.shop/"});
    wire.post("/sync/scrape", shop).await;

    let metrics = wire.get("/sync/client-metrics").await;
    agree::<ClientMetrics>("client_metrics.json", &metrics, METRICS);
    let bill = wire.get("/sync/billing?detail=urls").await;
    agree::<BillingResponse>("billing.json", &bill, BILLING);

    let countries = wire.get("/proxy/countries").await;
    agree::<ProxyCountries>("proxy_countries.json", &countries, COUNTRIES);
    let country = json!({"country_code": "DE", "reason": "Prices in euros"});
    let requested = wire.post("/proxy/request-country", country).await;
    agree::<CountryRequested>("proxy_requested.json", &requested, REQUESTED);
    let status = wire.get("/proxy/status").await;
    agree::<ProxyStatus>("proxy_status.json", &status, PROXIES);

    let test = json!({"urls": ["http://sample.shop/"], "depth": "standard"});
    let started = wire.post("/async/viability-test", test).await;
    agree::<ViabilityRun>("viability_started.json", &started, VIABILITY);
    let at = format!(
        "/async/viability-test/{}",
        started["run_id"].as_str().unwrap()
    );
    let ended = until("the end of the viability test", async || {
        let test = wire.get(&at).await;
        (test["status"] == "completed").then_some(test)
    })
    .await;
    agree::<ViabilityRun>("viability_completed.json", &ended, VIABILITY);
}
