//! How fast a run is worked off with everything kept, and what it costs. One line of JSON.
//!
//! ```text
//! cargo bench -p local-engine --bench run_throughput                       2,000 pages of 20 KB from loopback
//! SCRAPY_PYTHON=/path/to/python cargo bench …                              the same pages by Scrapy, and the ratio
//! cargo bench … -- --scale 50000                                           pages of the sample shop, and memory
//! ```

#![allow(clippy::expect_used, reason = "a bench fails loudly")]
#![allow(clippy::print_stdout, reason = "what it found is its output")]

mod program;
mod site;

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use program::Program;

const PAGES: usize = 2_000;
const SITE: &str = "site";
const OWN: &str = "RssAnon";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1)?.parse::<usize>().ok()
    };
    if arguments.first().is_some_and(|first| first == SITE) {
        return site::serve().await;
    }
    let found = match after("--scale") {
        Some(pages) => scale(pages).await,
        None => throughput(after("--pages").unwrap_or(PAGES)).await,
    };
    println!("{found}");
}

async fn throughput(pages: usize) -> Value {
    let site = site::Process::start();
    let engine = Program::start(&["--allow-host", &site.host]).await;
    let requests = (0..pages).map(|page| {
        json!({
            "url": format!("http://{}/{page}", site.host),
            "extract": {
                "title": "css:h1",
                "prices": {"selector": "css:.price", "multiple": true},
                "links": {"selector": "css:a", "attribute": "href", "multiple": true},
            },
        })
    });
    let collection = engine.collect(requests.collect()).await;
    let (cpu, site_cpu, started) = (engine.cpu(), site.cpu(), Instant::now());
    let ended = engine.run_to_its_end(&collection).await;
    let seconds = started.elapsed().as_secs_f64();
    assert_eq!(
        ended["success_requests"], pages,
        "every page is good: {ended}"
    );
    let rate = pages as f64 / seconds;
    let per_page = |cpu: Duration| cpu.as_secs_f64() * 1000.0 / pages as f64;
    let mut found = json!({
        "pages": pages,
        "seconds": seconds,
        "pages_per_second": rate,
        "cpu_ms_per_page": per_page(engine.cpu() - cpu),
        "site_cpu_ms_per_page": per_page(site.cpu() - site_cpu),
        "peak_mb": engine.memory_mb("VmHWM"),
    });
    engine.stop().await;
    if let Some(python) = std::env::var_os("SCRAPY_PYTHON") {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/scrapy_peer.py");
        let peer = std::process::Command::new(python)
            .args([script, &site.host, &pages.to_string()])
            .output()
            .expect("Scrapy runs");
        let peer: Value = serde_json::from_slice(&peer.stdout).expect("one line of JSON");
        let its_rate = peer["pages_per_second"].as_f64().expect("a rate");
        found["scrapy"] = peer;
        found["times_scrapy"] = json!(rate / its_rate);
    }
    found
}

/// Memory of the program's own each second, from the upload of the collection to the end of its run. The
/// database's file is mapped besides: those pages are the system's cache, and its to take back.
async fn scale(pages: usize) -> Value {
    let engine = Program::start(&[]).await;
    let start = engine.memory_mb(OWN);
    let shop = ["/", "/shop", "/contact", "/trade/price-list"];
    let requests = (0..pages).map(|page| {
        let path = shop[page % shop.len()];
        json!({"url": format!("http://sample.shop{path}?visit={page}"), "custom_id": format!("visit-{page}")})
    });
    let clock = Instant::now();
    let collection = engine.collect(requests.collect()).await;
    let (uploaded, after_upload) = (clock.elapsed().as_secs_f64(), engine.memory_mb(OWN));
    let mut memory = Vec::new();
    let clock = Instant::now();
    let run = engine.run_to_its_end(&collection);
    let watch = async {
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            memory.push(engine.memory_mb(OWN));
        }
    };
    let ended = tokio::select! {
        ended = run => ended,
        () = watch => unreachable!("it watches for ever"),
    };
    let found = json!({
        "pages": pages,
        "upload_seconds": uploaded,
        "seconds": clock.elapsed().as_secs_f64(),
        "counted": {
            "success": ended["success_requests"],
            "failed": ended["failed_requests"],
            "timeout": ended["timeout_requests"],
        },
        "start_mb": start,
        "after_upload_mb": after_upload,
        "end_mb": engine.memory_mb(OWN),
        "mapped_file_mb": engine.memory_mb("RssFile"),
        "peak_with_file_mb": engine.memory_mb("VmHWM"),
        "each_second_mb": memory,
    });
    engine.stop().await;
    found
}
