//! Takes in finished runs to durable disk, next to reading the same bytes, to the client's stream alone and,
//! when `SDK_PYTHON` names a Python that has it, to the vendor's own SDK, which store nothing. Each in a process of its own,
//! so that memory and processor time are its alone; the server is this process.
//!
//! `cargo bench -p scrapingpros-core --bench drain -- [jobs…]`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::collections::HashMap;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Path, Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::{Json, Router, routing::get};
use futures::StreamExt as _;
use scrapingpros::{ApiKey, Client, Config, JobsQuery};
use scrapingpros_core::library::Library;
use scrapingpros_core::runs::drain_run;
use serde_json::{Value, json};

const KEY: &str = "bench-key-0123456789";
const PAGE: usize = 100;
const BODY: usize = 20_000;
const EPOCH: i64 = 1_777_809_600_000;
const SDK: &str = r#"
import sys, time, resource
from scrapingpros import SyncClient
url, run = sys.argv[1], sys.argv[2]
client = SyncClient("bench-key-0123456789", base_url=url)
started = time.time(); first = None; count = 0
for result in client.iter_results("c0", run):
    first = first or time.time() - started
    count += 1
usage = resource.getrusage(resource.RUSAGE_SELF)
print(count, int((time.time() - started) * 1000), int((usage.ru_utime + usage.ru_stime) * 1000), usage.ru_maxrss // 1024, int(first * 1000))
"#;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|one| one != "--bench")
        .collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    match arguments.first().map(String::as_str) {
        Some("child-drain") => {
            runtime.block_on(child_drain(&arguments[1], &arguments[2], &arguments[3]))
        }
        Some("child-client") => runtime.block_on(child_client(&arguments[1], &arguments[2], false)),
        Some("child-parsed") => runtime.block_on(child_client(&arguments[1], &arguments[2], true)),
        Some("child-raw") => runtime.block_on(child_raw(&arguments[1], &arguments[2])),
        Some(_) | None => {
            let sizes: Vec<usize> = arguments
                .iter()
                .filter_map(|one| one.parse().ok())
                .collect();
            let sizes = if sizes.is_empty() {
                vec![1_000, 10_000, 100_000]
            } else {
                sizes
            };
            runtime.block_on(compare(&sizes));
        }
    }
}

async fn compare(sizes: &[usize]) {
    let address = serve().await;
    println!(
        "{:>8}  {:<24} {:>9} {:>9} {:>9} {:>9}",
        "jobs", "what", "wall ms", "cpu ms", "peak MB", "first ms"
    );
    for jobs in sizes {
        let run = format!("r{jobs}");
        line(
            *jobs,
            "raw read",
            &child(&["child-raw", &address, &run]).await,
        );
        line(
            *jobs,
            "client, results as bytes",
            &child(&["child-client", &address, &run]).await,
        );
        line(
            *jobs,
            "client, results parsed",
            &child(&["child-parsed", &address, &run]).await,
        );
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_string_lossy().into_owned();
        line(
            *jobs,
            "drain to disk",
            &child(&["child-drain", &address, &run, &path]).await,
        );
        let size: u64 = std::fs::metadata(folder.path().join("library.db"))
            .unwrap()
            .len();
        println!("{jobs:>8}  {:<24} {:>9}", "library on disk, MB", size >> 20);
        if let Ok(python) = std::env::var("SDK_PYTHON") {
            let mut command = Command::new(python);
            command.args(["-c", SDK, &address, &run]);
            line(*jobs, "SDK, storing nothing", &output(command).await);
        }
    }
}

async fn child(arguments: &[&str]) -> Vec<String> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(arguments);
    output(command).await
}

async fn output(mut command: Command) -> Vec<String> {
    let run = move || {
        command
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().map(str::to_owned).collect()
}

fn line(jobs: usize, what: &str, numbers: &[String]) {
    let [count, wall, cpu, peak, first] = numbers else {
        return println!("{jobs:>8}  {what:<24} failed: {numbers:?}");
    };
    assert_eq!(count, &jobs.to_string(), "{what} took in every job");
    println!("{jobs:>8}  {what:<24} {wall:>9} {cpu:>9} {peak:>9} {first:>9}");
}

async fn child_drain(address: &str, run: &str, folder: &str) {
    let client = Client::new(
        Config::for_server(address).unwrap(),
        Some(ApiKey::parse(KEY).unwrap()),
    )
    .unwrap();
    let library = Library::open(folder.as_ref()).await.unwrap();
    let started = Instant::now();
    let look = library.clone();
    let first = tokio::spawn(async move {
        while look.recent(String::new(), 1).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        started.elapsed().as_millis()
    });
    let drained = drain_run(&library, client, "c0", run).await.unwrap();
    let wall = started.elapsed().as_millis();
    println!(
        "{} {wall} {} {} {}",
        drained.stored,
        cpu_ms(),
        peak_mb(),
        first.await.unwrap()
    );
}

/// Every job with its result at hand, as bytes until it is asked for: what the drain builds upon.
async fn child_client(address: &str, run: &str, parsed: bool) {
    let client = Client::new(
        Config::for_server(address).unwrap(),
        Some(ApiKey::parse(KEY).unwrap()),
    )
    .unwrap();
    let started = Instant::now();
    let (mut count, mut first) = (0, None);
    let mut jobs = client
        .jobs()
        .stream("c0", run, JobsQuery::finished_with_results(None));
    while let Some(job) = jobs.next().await {
        let job = job.unwrap().expect("every row can be read");
        let result = job.result.expect("every job has its result");
        if parsed {
            assert_eq!(result.parse().unwrap().status_code, Some(200));
        }
        first.get_or_insert(started.elapsed().as_millis());
        count += 1;
    }
    println!(
        "{count} {} {} {} {}",
        started.elapsed().as_millis(),
        cpu_ms(),
        peak_mb(),
        first.unwrap()
    );
}

async fn child_raw(address: &str, run: &str) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let started = Instant::now();
    let (mut cursor, mut count, mut first) = (0_usize, 0, None);
    loop {
        let url = format!(
            "{address}/v1/async/collections/c0/runs/{run}/jobs?limit=100&include_results=true&cursor={cursor}"
        );
        let bytes = client
            .get(url)
            .bearer_auth(KEY)
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap();
        first.get_or_insert(started.elapsed().as_millis());
        count += PAGE;
        cursor += PAGE;
        if bytes.ends_with(b"\"has_more\":false}") {
            break;
        }
    }
    println!(
        "{count} {} {} {} {}",
        started.elapsed().as_millis(),
        cpu_ms(),
        peak_mb(),
        first.unwrap()
    );
}

fn cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let ticks = |place: usize| {
        fields
            .get(place)
            .and_then(|ticks| ticks.parse::<u64>().ok())
            .unwrap_or(0)
    };
    (ticks(11) + ticks(12)) * 10
}

fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| {
        line.trim()
            .trim_end_matches(" kB")
            .trim()
            .parse::<u64>()
            .ok()
    })
    .unwrap_or(0)
        / 1024
}

/// Results, already JSON, that are handed out in turn.
struct Pages {
    results: Vec<String>,
}

async fn serve() -> String {
    let pages = Arc::new(Pages {
        results: (0..32).map(result).collect(),
    });
    let router = Router::new()
        .route("/v1/async/collections/{collection}/runs/{run}", get(run))
        .route(
            "/v1/async/collections/{collection}/runs/{run}/jobs",
            get(jobs),
        )
        .with_state(pages);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn run(Path((_, run)): Path<(String, String)>) -> Json<Value> {
    let jobs = count(&run);
    Json(
        json!({"run_id": run, "collection_id": "c0", "status": "completed", "total_requests": jobs,
        "success_requests": jobs, "failed_requests": 0, "timeout_requests": 0, "failed_jobs": [], "job_ids": [],
        "callback_url": null, "callback_status": null, "created_at": EPOCH as f64 / 1000.0, "all_jobs_persisted": true}),
    )
}

async fn jobs(
    State(pages): State<Arc<Pages>>,
    Path((_, run)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> impl IntoResponse {
    let jobs = count(&run);
    let with_results = query.contains_key("include_results");
    let from: usize = query
        .get("cursor")
        .map_or(0, |cursor| cursor.parse().unwrap());
    let from = from.max(since(&query).min(jobs));
    let limit = query
        .get("limit")
        .and_then(|limit| limit.parse().ok())
        .unwrap_or(PAGE);
    let to = jobs.min(from + if with_results { limit.min(PAGE) } else { limit });
    let mut body = String::with_capacity((to - from) * (BODY + 800) + 100);
    body.push_str("{\"items\":[");
    for job in from..to {
        if job > from {
            body.push(',');
        }
        let ended = jiff::Timestamp::from_millisecond(EPOCH + job as i64).unwrap();
        let ended = format!("{ended:.3}");
        let result = if with_results {
            &pages.results[job % pages.results.len()]
        } else {
            "null"
        };
        body.push_str(&format!(
            "{{\"job_public_id\":\"00000000-0000-4000-8000-{job:012}\",\"run_public_id\":\"{run}\",\"collection_id\":\"c0\",\
             \"client_id\":\"bench\",\"status\":\"completed\",\"status_code\":200,\"is_success\":true,\"message\":\"OK\",\
             \"url\":\"https://shop.example/item/{job}\",\"url_truncated\":false,\"custom_id\":\"sku-{job}\",\
             \"completed_at\":\"{}\",\"execution_time_ms\":1370,\"retries_attempted\":0,\"block_reason\":\"none\",\
             \"protection_stack\":[],\"rule_hits\":[],\"validator_version\":\"0.1.6\",\"has_extractable_data\":false,\"result\":{result}}}",
            ended.trim_end_matches('Z'),
        ));
    }
    let next = if to < jobs {
        format!("\"{to}\"")
    } else {
        "null".to_owned()
    };
    body.push_str(&format!(
        "],\"cursor_next\":{next},\"has_more\":{}}}",
        to < jobs
    ));
    ([(CONTENT_TYPE, "application/json")], body)
}

fn since(query: &HashMap<String, String>) -> usize {
    let since = query
        .get("since_completed_at")
        .and_then(|since| since.parse::<jiff::Timestamp>().ok());
    since.map_or(0, |since| {
        usize::try_from(since.as_millisecond() + 1 - EPOCH).unwrap_or(0)
    })
}

fn count(run: &str) -> usize {
    run.trim_start_matches('r').parse().unwrap()
}

/// A page of a shop: markup that repeats, words that do not.
fn result(seed: usize) -> String {
    const WORDS: [&str; 16] = [
        "tent", "kettle", "warm", "light", "trail", "stove", "rain", "pack", "wool", "river",
        "blue", "night", "pole", "camp", "fell", "rope",
    ];
    let mut state = seed as u64 * 7919 + 1;
    let mut next = || {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 33) as usize
    };
    let mut html = format!("<!doctype html><html><head><title>Item {seed}</title></head><body>");
    while html.len() < BODY {
        let (word, other, number) = (WORDS[next() % 16], WORDS[next() % 16], next() % 100_000);
        html.push_str(&format!(
            "<li class=\"product card\"><a href=\"/p/{number}\"><h3>{word} {other}</h3></a><span class=\"price\">€{}.{:02}</span></li>\n",
            number / 100,
            number % 100
        ));
    }
    json!({"url": format!("https://shop.example/item/{seed}"), "custom_id": null, "html": html, "markdown": null,
        "statusCode": 200, "message": "OK", "screenshot": null, "executionTime": 1.37, "extracted_data": null,
        "evaluate_results": null, "network_requests": null, "potentiallyBlockedByCaptcha": false, "timings": null,
        "guidance": {"success": true, "error_type": null, "error_provider": null, "credits_charged": 1,
            "credits_refunded": false, "next_steps": [], "suggested_request": null, "stop_reason": null}})
    .to_string()
}
