//! How long an export of a run takes and how much memory, per format, each in a process of its own:
//! `cargo bench -p scrapingpros-core --bench exports -- [pages…]`, 5,000 and 50,000 without an argument.
//! Flat means: ten times the pages, the same memory, but for what an archive must know of its entries.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Path as UrlPath, Query};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::{Json, Router, routing::get};
use keyring::api::CredentialStore;
use scrapingpros::{ApiKey, Client, Config};
use scrapingpros_core::exports::{ExportForm, ExportFormat, ExportWhich};
use scrapingpros_core::keychain::Keychain;
use scrapingpros_core::runs::{RunsQuery, drain_run};
use scrapingpros_core::{Core, CoreConfig};
use serde_json::json;

const KEY: &str = "bench-key-0123456789";
const EPOCH: i64 = 1_777_809_600_000;
/// Bytes of HTML a page.
const BODY: usize = 20_000;
const FORMATS: [(&str, ExportFormat); 6] = [
    ("run.xlsx", ExportFormat::Xlsx),
    ("run.csv", ExportFormat::Csv),
    ("run.json", ExportFormat::Json),
    ("run.jsonl", ExportFormat::Jsonl),
    ("run.zip", ExportFormat::Zip),
    ("folder", ExportFormat::Folder),
];

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    if let [child, folder, name] = arguments.as_slice()
        && child == "child"
    {
        return export(Path::new(folder), name).await;
    }
    let sizes: Vec<usize> = arguments
        .iter()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let sizes = if sizes.is_empty() {
        vec![5_000, 50_000]
    } else {
        sizes
    };
    println!(
        "{:>8}  {:<10} {:>9} {:>12} {:>9} {:>9}",
        "pages", "what", "wall ms", "first row ms", "peak MB", "size MB"
    );
    for pages in sizes {
        let folder = tempfile::tempdir().unwrap();
        let core = open(folder.path()).await;
        let address = serve().await;
        let config = Config::for_server(&address).unwrap();
        let client = Client::new(config, Some(ApiKey::parse(KEY).unwrap())).unwrap();
        let drained = drain_run(&core.library, client, "c0", &format!("r{pages}")).await;
        assert_eq!(drained.unwrap().stored as usize, pages);
        core.close().await;
        drop(core);
        // The library's own, with which the others are to be compared.
        println!("{pages:>8}  {}", child(folder.path(), "nothing"));
        for (name, _) in FORMATS {
            println!("{pages:>8}  {}", child(folder.path(), name));
        }
    }
}

fn child(folder: &Path, name: &str) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["child", &folder.to_string_lossy(), name])
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout)
        .trim_end()
        .to_owned()
}

async fn export(folder: &Path, name: &str) {
    let core = open(folder).await;
    let query = RunsQuery {
        collection_id: String::new(),
        unfinished: false,
        offset: 0,
        limit: 1,
    };
    let run_id = core.runs.list(query).await.unwrap().rows[0].id.clone();
    let begin = Instant::now();
    let mut size = 0;
    let mut first = Duration::ZERO;
    if let Some((_, format)) = FORMATS.iter().find(|(known, _)| *known == name) {
        let form = ExportForm {
            run_id,
            which: ExportWhich::All,
            job_ids: Vec::new(),
            format: *format,
            label_and_address: true,
            fields: true,
            failures: true,
            file_names: "{number} {label}".into(),
        };
        let target = if *format == ExportFormat::Folder {
            folder.to_owned()
        } else {
            folder.join(name)
        };
        let (tell, told) = std::sync::mpsc::channel();
        let ticket = core.exports.begin("bench").unwrap();
        let export = core.exports.export(ticket, form, target, move |_| {
            tell.send(Instant::now()).ok();
        });
        let exported = export.await.unwrap();
        first = told.recv().unwrap() - begin;
        size = exported.size / 1_000_000;
    }
    println!(
        "{name:<10} {:>9} {:>12} {:>9} {size:>9}",
        begin.elapsed().as_millis(),
        first.as_millis(),
        peak_mb()
    );
    core.close().await;
}

async fn open(folder: &Path) -> Arc<Core> {
    let store: Arc<CredentialStore> = keyring::mock::Store::new().unwrap();
    Core::open(CoreConfig {
        data_dir: folder.join("data"),
        keychain: Keychain::with_store(store),
    })
    .await
    .unwrap()
}

/// The program's own memory at its highest; of the database only what is in the cache.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok());
    kilobytes.unwrap_or(0_u64) / 1024
}

async fn serve() -> String {
    let router = Router::new()
        .route("/v1/async/collections/{collection}/runs/{run}", get(run))
        .route(
            "/v1/async/collections/{collection}/runs/{run}/jobs",
            get(jobs),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn run(UrlPath((_, run)): UrlPath<(String, String)>) -> impl IntoResponse {
    let pages = count(&run);
    Json(
        json!({"run_id": run, "collection_id": "c0", "status": "completed", "total_requests": pages,
        "success_requests": pages, "failed_requests": 0, "timeout_requests": 0,
        "created_at": EPOCH as f64 / 1000.0, "all_jobs_persisted": true}),
    )
}

async fn jobs(
    UrlPath((_, run)): UrlPath<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> impl IntoResponse {
    let get = |wanted: &str| {
        let found = query.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.clone())
    };
    let pages = count(&run);
    let since = get("since_completed_at").and_then(|since| since.parse::<jiff::Timestamp>().ok());
    let since = since.map_or(0, |since| {
        usize::try_from(since.as_millisecond() + 1 - EPOCH).unwrap_or(0)
    });
    let from = get("cursor").map_or(0, |cursor| cursor.parse().unwrap());
    let from = since.max(from).min(pages);
    let to = pages.min(from + 100);
    let items: Vec<String> = (from..to).map(item).collect();
    let next = if to < pages {
        format!("\"{to}\"")
    } else {
        "null".to_owned()
    };
    let body = format!(
        "{{\"items\":[{}],\"cursor_next\":{next},\"has_more\":{}}}",
        items.join(","),
        to < pages
    );
    ([(CONTENT_TYPE, "application/json")], body)
}

fn count(run: &str) -> usize {
    run.trim_start_matches('r').parse().unwrap()
}

fn item(job: usize) -> String {
    const WORDS: [&str; 8] = [
        "tent", "kettle", "trail", "stove", "wool", "river", "pole", "rope",
    ];
    let address = format!("https://shop.example/item/{job}");
    let mut html = format!("<!doctype html><html><head><title>Item {job}</title></head><body>");
    let mut state = job * 7919 + 1;
    while html.len() < BODY {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let (word, number) = (WORDS[state >> 40 & 7], state >> 33 & 0xffff);
        html.push_str(&format!(
            "<li class=\"card\"><a href=\"/p/{number}\"><h3>{word}</h3></a></li>\n"
        ));
    }
    let sizes: Vec<String> = (0..job % 9).map(|size| format!("size {size}")).collect();
    let ended = jiff::Timestamp::from_millisecond(EPOCH + job as i64).unwrap();
    let ended = format!("{ended:.3}");
    json!({
        "job_public_id": format!("j{job}"), "run_public_id": "r0", "status": "completed", "status_code": 200,
        "is_success": true, "url": address, "custom_id": format!("sku-{job}"),
        "completed_at": ended.trim_end_matches('Z'), "execution_time_ms": 1370, "block_reason": "none",
        "result": {"url": address, "html": html, "statusCode": 200, "message": "OK",
            "extracted_data": {"name": format!("Item {job}"), "price": format!("€{job}.00"), "sizes": sizes},
            "guidance": {"success": true, "credits_charged": 1, "credits_refunded": false}},
    })
    .to_string()
}
