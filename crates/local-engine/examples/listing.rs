//! How long a page of the jobs listing takes in a run of 1,000 and in one of 1,000,000 jobs, and how
//! long a finished run of 10,000 jobs with results of 20 KB takes to be read over HTTP.
//!
//! `cargo run --release -p local-engine --example listing [-- JOBS]`

#![allow(clippy::print_stdout, reason = "it is a program that prints")]

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use local_engine::{Engine, EngineOptions, Rates};
use rusqlite::{Connection, params};
use serde::Deserialize;

type Done<T> = Result<T, Box<dyn Error>>;

const PAGE: usize = 100;
const TRIES: usize = 41;

#[derive(Deserialize)]
struct Page {
    cursor_next: Option<String>,
}

#[tokio::main]
async fn main() -> Done<()> {
    let large = std::env::args()
        .nth(1)
        .map_or(Ok(1_000_000), |jobs| jobs.parse())?;
    let data = tempfile::tempdir()?;
    start(data.path()).await?.stop().await;
    let started = Instant::now();
    seed(data.path(), "small", 1_000, 1_000)?;
    seed(data.path(), "large", large, 1_000)?;
    seed(data.path(), "drain", 10_000, 20_000)?;
    println!("seeded in {:.1?}", started.elapsed());

    let engine = start(data.path()).await?;
    let caller = Caller {
        http: reqwest::Client::builder().no_proxy().build()?,
        key: engine.key().to_owned(),
        runs: format!("{}/v1/async/collections/bench/runs", engine.url()),
    };
    let cases = [
        "order_by=id",
        "order_by=id&order_dir=desc",
        "order_by=id&status_filter=timeout",
        "order_by=id&status_filter=failed,timeout",
        "order_by=completed_at",
        "order_by=completed_at&order_dir=desc",
        "order_by=completed_at&status_filter=failed,timeout",
        "order_by=completed_at&status_filter=completed,failed,timeout&include_results=true",
    ];
    println!(
        "{:<84} {:>10} {:>10} {:>6}",
        "page of 100", "1,000", large, "ratio"
    );
    for case in cases {
        let small = caller.places("small", case).await?;
        let large = caller.places("large", case).await?;
        for ((place, small), (_, large)) in small.into_iter().zip(large) {
            let small = caller.median(&small).await?;
            let large = caller.median(&large).await?;
            let ratio = large.as_secs_f64() / small.as_secs_f64();
            println!(
                "{:<84} {small:>10.2?} {large:>10.2?} {ratio:>6.2}",
                format!("{case} {place}")
            );
        }
    }
    for _ in 0..3 {
        caller.drain().await?;
    }
    engine.stop().await;
    Ok(())
}

struct Caller {
    http: reqwest::Client,
    key: String,
    runs: String,
}

impl Caller {
    /// Addresses of the first, the middle and the last page.
    async fn places(&self, run: &str, case: &str) -> Done<Vec<(&'static str, String)>> {
        let jobs = format!("{}/{run}/jobs", self.runs);
        // Cursors hold for pages of any size, so the way to the end is made in large ones.
        let steps = case.replace("&include_results=true", "");
        let mut cursors = vec![String::new()];
        while let Some(last) = cursors.last() {
            let page = self
                .get(&format!("{jobs}?limit=1000&{steps}{last}"))
                .await?;
            let page: Page = serde_json::from_slice(&page)?;
            let Some(cursor) = page.cursor_next else {
                break;
            };
            cursors.push(format!("&cursor={cursor}"));
        }
        let place = |number: usize| {
            let cursor = cursors.get(number).map_or("", String::as_str);
            format!("{jobs}?limit={PAGE}&{case}{cursor}")
        };
        Ok(vec![
            ("first", place(0)),
            ("middle", place(cursors.len() / 2)),
            ("last", place(cursors.len() - 1)),
        ])
    }

    async fn median(&self, url: &str) -> Done<Duration> {
        let mut times = Vec::new();
        for _ in 0..TRIES {
            let started = Instant::now();
            self.get(url).await?;
            times.push(started.elapsed());
        }
        times.sort_unstable();
        Ok(times[TRIES / 2])
    }

    async fn drain(&self) -> Done<()> {
        let base = format!(
            "{}/drain/jobs?limit=100&order_by=completed_at&status_filter=completed,failed,timeout&include_results=true",
            self.runs
        );
        let started = Instant::now();
        let (mut url, mut bytes, mut pages) = (base.clone(), 0, 0);
        loop {
            let body = self.get(&url).await?;
            (bytes, pages) = (bytes + body.len(), pages + 1);
            // The cursor is at the front; the rest is read raw.
            let head = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
            let cursor = head
                .split_once("\"cursor_next\":\"")
                .and_then(|(_, rest)| rest.split('"').next());
            let Some(cursor) = cursor else {
                break;
            };
            url = format!("{base}&cursor={cursor}");
        }
        println!(
            "drained {pages} pages, {:.1} MB in {:.1?}",
            bytes as f64 / 1e6,
            started.elapsed()
        );
        Ok(())
    }

    async fn get(&self, url: &str) -> Done<Vec<u8>> {
        let response = self.http.get(url).bearer_auth(&self.key).send().await?;
        Ok(response.error_for_status()?.bytes().await?.to_vec())
    }
}

async fn start(data_dir: &Path) -> Done<Engine> {
    let options = EngineOptions {
        data_dir: data_dir.to_owned(),
        rates: Rates {
            reads_per_minute: u32::MAX,
            writes_per_minute: u32::MAX,
        },
        ..EngineOptions::default()
    };
    Ok(Engine::start(options).await?)
}

/// A finished run in the collection `bench`.
fn seed(data_dir: &Path, run_id: &str, jobs: usize, result_bytes: usize) -> Done<()> {
    let mut connection = Connection::open(data_dir.join("engine.db"))?;
    let transaction = connection.transaction()?;
    transaction.execute(
        "INSERT OR IGNORE INTO collections (public_id, name, created_at, updated_at) VALUES ('bench', 'bench', 1, 1)",
        [],
    )?;
    transaction.execute(
        "INSERT INTO runs (public_id, collection, collection_id, status, total, created_at)
         SELECT ?1, id, public_id, 'completed', ?2, 1 FROM collections WHERE public_id = 'bench'",
        params![run_id, i64::try_from(jobs)?],
    )?;
    let run = transaction.last_insert_rowid();
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
    let mut insert = transaction.prepare(
        "INSERT INTO jobs (public_id, run, status, browser, url, custom_id, request, status_code, is_success, message,
             block_reason, protection_stack, rule_hits, queued_at, started_at, completed_at, execution_time_ms)
         VALUES (?1, ?2, ?3, 0, ?4, ?5, '{}', 200, 1, 'OK', 'none', '[]', '[]', ?6, ?6, ?7, 20)",
    )?;
    let mut keep = transaction
        .prepare("INSERT INTO results (job, completed_at, body, size) VALUES (?1, ?2, ?3, ?4)")?;
    for number in 0..jobs {
        let status = match number % 1000 {
            // In a thousand as in a million jobs, more than one page of each.
            0..200 => "timeout",
            200..400 => "failed",
            _ => "completed",
        };
        let end = now - 3_600_000 + i64::try_from(number / 50)?;
        insert.execute(params![
            format!("{run_id}-{:032x}", number.wrapping_mul(0x9e37_79b9)),
            run,
            if result_bytes > 10_000 {
                "completed"
            } else {
                status
            },
            format!("http://shop.example/item/{number}"),
            format!("sku-{number}"),
            now - 7_200_000,
            end
        ])?;
        let json = page(number, result_bytes);
        let packed = zstd::encode_all(json.as_bytes(), 1)?;
        keep.execute(params![
            transaction.last_insert_rowid(),
            end,
            packed,
            i64::try_from(json.len())?
        ])?;
    }
    drop((insert, keep));
    transaction.commit()?;
    Ok(())
}

/// A page with some order and some chance in it, as pages have.
fn page(number: usize, bytes: usize) -> String {
    let mut html = String::with_capacity(bytes);
    let mut dice = number as u64 + 1;
    while html.len() < bytes {
        dice = dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        html += &format!(
            "<li class='item'><a href='/item/{}'>Kettle {}</a> <b>${}</b></li>",
            dice >> 40,
            dice >> 50,
            dice >> 55
        );
    }
    serde_json::json!({"statusCode": 200, "message": "OK", "html": html}).to_string()
}
