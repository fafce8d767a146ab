//! Times of the real window on a private display: start and memory against an empty window built the
//! same way, and big results from the server's answer to what a person can use. Prints one JSON line
//! per figure; `scripts/bench.sh` builds what it needs. A part alone: `-- start`, `results` or `run`.

mod memory;
mod runs;
mod screen;
mod server;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use scrapingpros_tests::{App, Desktop, KeychainKind, built};
use serde_json::{Value, json};

use screen::Screen;
use server::Server;

const STARTS: usize = 9;
const ROUNDS: usize = 7;

/// After this a window that nobody touches has ended what its start began.
const SETTLED: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let wants = |part: &str| {
        let parts = ["start", "results", "run"];
        !asked.iter().any(|one| parts.contains(&one.as_str()))
            || asked.iter().any(|one| one == part)
    };
    if wants("start") {
        starts_and_memory().await;
    }
    if wants("results") {
        big_results().await;
    }
    if wants("run") {
        runs::a_large_run().await;
    }
}

async fn starts_and_memory() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let screen = Screen::of(&desktop.screen());
    let (mut first_start, mut app, mut empty) = (Vec::new(), Vec::new(), Vec::new());
    // The first round fills the system's caches and is not counted.
    for round in 0..=STARTS {
        let fresh = desktop.path(&format!("fresh-{round}"));
        let figures = [
            start(&desktop, &screen, "scrapingpros-desktop", &fresh).await,
            start(&desktop, &screen, "scrapingpros-desktop", &fresh).await,
            start(&desktop, &screen, "examples/empty_window", &fresh).await,
        ];
        if round == 0 {
            continue;
        }
        let [one, two, three] = figures;
        first_start.push(one);
        app.push(two);
        empty.push(three);
    }
    let paint = |runs: &[(f64, f64)]| median(runs.iter().map(|run| run.0));
    let memory = |runs: &[(f64, f64)]| median(runs.iter().map(|run| run.1));
    report(json!({
        "figure": "start to first paint", "unit": "ms", "runs": STARTS,
        "app": paint(&app), "app, first start in a new folder": paint(&first_start),
        "empty window": paint(&empty), "ratio": paint(&app) / paint(&empty),
    }));
    report(json!({
        "figure": "memory of all processes (PSS)", "unit": "MB", "runs": STARTS,
        "app": memory(&app), "empty window": memory(&empty), "ratio": memory(&app) / memory(&empty),
    }));
}

/// Milliseconds to the first paint, and megabytes once settled.
async fn start(desktop: &Desktop, screen: &Screen, program: &str, data: &Path) -> (f64, f64) {
    screen.cleared().await;
    let mut command = desktop.command(&built(program).to_string_lossy());
    command
        .env("SCRAPINGPROS_DATA_DIR", data)
        .env_remove("TAURI_WEBVIEW_AUTOMATION")
        .stdout(Stdio::null());
    let begin = Instant::now();
    let mut child = command.spawn().unwrap();
    let paint = screen.accent_painted().await - begin;
    tokio::time::sleep(SETTLED).await;
    let bytes = memory::of_tree(child.id());
    end(&mut child);
    (milliseconds(paint), bytes as f64 / 1e6)
}

fn end(child: &mut Child) {
    Command::new("kill")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    child.wait().unwrap();
}

async fn big_results() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let server = Server::start().await;
    let app = desktop.open_app().await;
    app.sees("Welcome to Scraping Pros").await;
    app.fill("Your API key", "sp_bench_key").await;
    app.press("Server address").await;
    app.fill("Server address", &server.url).await;
    app.press("Connect").await;
    app.fill("Page address", "https://shop.example/").await;

    one_megabyte(&app, &server).await;
    ten_megabytes(&app, &server).await;
    twenty_megabyte_screenshot(&app, &server).await;
    app.quit().await;
}

/// From the pressed button to the result on the screen, and what of it a raw call of the same answer takes.
async fn one_megabyte(app: &App, server: &Server) {
    server.prepare(&server::answer(&server::page(1_000_000)));
    let (mut known, mut shown, mut raw) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let begin = Instant::now();
        let answer = reqwest::Client::new()
            .post(format!("{}/v1/sync/scrape", server.url))
            .json(&json!({ "url": "https://shop.example/" }))
            .send()
            .await
            .unwrap();
        let bytes = answer.bytes().await.unwrap();
        let call = milliseconds(begin.elapsed());
        assert!(bytes.len() > 1_000_000, "the whole answer was read");
        let window = in_window(app, SCRAPE).await;
        if round > 0 {
            raw.push(call);
            known.push(window["known"].as_f64().unwrap());
            shown.push(window["ms"].as_f64().unwrap());
        }
    }
    let (known, shown, raw) = (median(known), median(shown), median(raw));
    report(json!({
        "figure": "1 MB page, pressed to shown", "unit": "ms", "runs": ROUNDS,
        "app": shown, "app, verdict in the head": known, "raw call": raw, "added": shown - raw,
    }));
}

/// Opening the source of a 10 MB page, searching it, and its last line.
async fn ten_megabytes(app: &App, server: &Server) {
    server.prepare(&server::answer(&server::page(10_000_000)));
    in_window(app, SCRAPE).await;
    let (mut open, mut search, mut last, mut frame) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        app.press("Preview").await;
        let times = in_window(app, SOURCE).await;
        open.push(times["open"].as_f64().unwrap());
        search.push(times["search"].as_f64().unwrap());
        last.push(times["last"].as_f64().unwrap());
        frame.push(times["frame"].as_f64().unwrap());
    }
    report(json!({
        "figure": "10 MB source", "unit": "ms", "runs": ROUNDS,
        "first, on opening": open[0], "open": median(open), "search (from typed to counted)": median(search),
        "jump to the last line": median(last), "longest frame": frame.iter().copied().fold(0.0, f64::max),
    }));
}

async fn twenty_megabyte_screenshot(app: &App, server: &Server) {
    let png = server::noise(2_000, 3_340);
    server.prepare(&server::answer_with_screenshot(&png));
    app.switch("Render in a real browser", true).await;
    app.switch("Take a screenshot", true).await;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        in_window(app, SCREENSHOT).await;
        times.push(milliseconds(server.answered().elapsed()));
        // A new picture each time: the next result's address differs.
        app.press("Preview").await;
    }
    report(json!({
        "figure": "screenshot, answer to pixels", "unit": "ms", "runs": ROUNDS,
        "megabytes": png.len() as f64 / 1e6, "app": median(times),
    }));
}

const WAITING: &str = r#"
    const done = arguments[arguments.length - 1];
    const painted = () => new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go)));
    const until = async (ask) => { for (;;) { const it = ask(); if (it) return it; await new Promise(go => requestAnimationFrame(go)); } };
    const named = (name) => [...document.querySelectorAll('button, [role=tab]')].find(it => (it.ariaLabel ?? it.textContent).trim().startsWith(name));
    const press = async () => {
        const before = document.querySelector('.result__head p')?.closest('.result__head');
        const go = [...document.querySelectorAll('button[type=submit]')].find(it => it.textContent.trim() === 'Scrape');
        const start = performance.now();
        go.click();
        await until(() => !named('Scrape') || document.querySelector('.result__head') !== before || named('Cancel'));
        await until(() => document.querySelector('.result__head') && !named('Cancel'));
        return start;
    };
"#;

const SCRAPE: &str = "
    const start = await press();
    const known = performance.now() - start;
    await painted();
    return { known, ms: performance.now() - start };
";

const SOURCE: &str = "
    let frame = 0, before = performance.now(), watching = true;
    const watch = (now) => { frame = Math.max(frame, now - before); before = now; if (watching) requestAnimationFrame(watch); };
    const start = performance.now();
    named('Source').click();
    await until(() => document.querySelector('.source .code-line')?.textContent.includes('Goods'));
    await painted();
    const open = performance.now() - start;
    before = performance.now();
    requestAnimationFrame(watch);
    const scroller = document.querySelector('.source');
    const leap = performance.now();
    const seen = () => [...document.querySelectorAll('.source .code-line')].some(it => it.textContent.includes('The very end'));
    await until(() => { scroller.scrollTop = scroller.scrollHeight; return seen(); });
    await painted();
    const last = performance.now() - leap;
    const field = document.querySelector('.viewbar__find input');
    const typed = performance.now();
    field.value = 'SKU-4321';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await until(() => document.querySelector('.viewbar [role=status]')?.textContent.includes(' of '));
    await painted();
    const search = performance.now() - typed;
    watching = false;
    return { open, last, search, frame };
";

const SCREENSHOT: &str = "
    await press();
    named('Screenshot').click();
    const image = await until(() => { const it = document.querySelector('.shotview img'); return it?.complete && it.naturalWidth > 0 && it; });
    await image.decode();
    await painted();
    return {};
";

async fn in_window(app: &App, script: &str) -> Value {
    let whole = format!(
        "{WAITING} (async () => {{ {script} }})().then(done, cause => done({{ error: String(cause) }}));"
    );
    let answer = app.driver().execute_async(whole, vec![]).await.unwrap();
    let answer = answer.json().clone();
    assert!(answer["error"].is_null(), "{answer}");
    answer
}

fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.into_iter().collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn report(mut figure: Value) {
    for value in figure.as_object_mut().unwrap().values_mut() {
        if let Some(number) = value.as_f64().filter(|_| value.is_f64()) {
            *value = json!((number * 100.0).round() / 100.0);
        }
    }
    println!("{figure}");
}
