//! A run of 100,000 pages in the window: its first rows, scrolling through them, and the last one.

use std::time::Duration;

use scrapingpros_tests::{App, Desktop, KeychainKind};
use serde_json::json;

use crate::{in_window, median, report};

const PAGES: usize = 100_000;
const OPENINGS: usize = 5;

/// The whole run, with room for a slow machine.
const WORKED_OFF: Duration = Duration::from_secs(600);

pub async fn a_large_run() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let list = desktop.path("home/Documents/pages.csv");
    let mut text = String::from("address,label\n");
    for page in 0..PAGES {
        text += &format!("http://sample.shop/contact?visit={page},PAGE-{page:06}\n");
    }
    std::fs::write(&list, text).unwrap();
    let app = desktop.open_app().await;
    app.press("Work on this computer").await;
    app.press("Collections").await;
    app.press("New collection").await;
    app.press("Create collection").await;
    app.press("Import…").await;
    desktop.open_dialog("Import pages", &list).await;
    app.press("Add 100,000 pages").await;
    app.press("Run…").await;
    app.press("Run 100,000 pages").await;
    app.ends_within(WORKED_OFF).await;

    let (mut open, mut frames, mut last) = (Vec::new(), Vec::new(), Vec::new());
    for zoom in [100, 225] {
        app.script(&format!("document.documentElement.style.zoom = '{zoom}%'"))
            .await;
        for _ in 0..OPENINGS {
            measure(&app, &mut open, &mut frames, &mut last).await;
        }
        report(json!({
            "figure": "run of 100,000 pages", "unit": "ms", "runs": OPENINGS, "zoom": zoom,
            "open to first rows": median(open.drain(..)), "last row": median(last.drain(..)),
            "frames while scrolling": frames.len(), "median frame": median(frames.iter().copied()),
            "frames over 100": frames.iter().filter(|&&frame| frame > 100.0).count(),
            "longest frame": frames.drain(..).fold(0.0, f64::max),
        }));
    }
    app.quit().await;
}

async fn measure(app: &App, open: &mut Vec<f64>, frames: &mut Vec<f64>, last: &mut Vec<f64>) {
    let times = in_window(app, RUN).await;
    open.push(times["open"].as_f64().unwrap());
    let taken = times["frames"].as_array().unwrap();
    frames.extend(taken.iter().map(|frame| frame.as_f64().unwrap()));
    last.push(times["last"].as_f64().unwrap());
}

const RUN: &str = "
    const grid = () => document.querySelector('[role=grid][aria-label=\"Jobs table\"]');
    const isThere = (row) => grid()?.querySelector(`[role=row][aria-rowindex=\"${row}\"][aria-busy=false]`)?.textContent.includes('PAGE-');
    const link = (name) => [...document.querySelectorAll('a')].find(it => it.textContent.trim() === name);
    link('Collections').click();
    const finished = await until(() => document.querySelector('button[title^=\"Open run\"]'));
    const start = performance.now();
    finished.click();
    await until(() => isThere(2));
    await painted();
    const open = performance.now() - start;
    const scroller = grid();
    const frames = [];
    let before = performance.now();
    for (let turn = 0; turn < 120; turn++) {
        scroller.scrollTop += scroller.scrollHeight / 130;
        const now = await new Promise(requestAnimationFrame);
        frames.push(now - before);
        before = now;
    }
    const leap = performance.now();
    const end = scroller.getAttribute('aria-rowcount');
    await until(() => { scroller.scrollTop = scroller.scrollHeight; return isThere(end); });
    await painted();
    return { open, frames, last: performance.now() - leap };
";
