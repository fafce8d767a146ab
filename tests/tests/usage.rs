//! What was used, in the real window: two pages are counted, drawn, read as a table and saved.

use scrapingpros_tests::{App, Desktop, KeychainKind, until};
use thirtyfour::prelude::*;

/// Addresses, and what the pages call themselves.
const PAGES: [(&str, &str); 2] = [
    ("http://sample.shop/shop", "Everything for the kitchen"),
    ("http://sample.shop/new", "New in"),
];

/// The numbers of the last day in the table of the days: real browser, simple, total.
async fn last_day(app: &App) -> Vec<u32> {
    let script = "const rows = document.querySelectorAll('[aria-label=\"Table of Credits per day\"] tbody tr');
        return [...rows[rows.length - 1].querySelectorAll('td')].map((cell) => Number(cell.innerText))";
    serde_json::from_value(app.script(script).await).unwrap()
}

/// A Return too many for the native dialog opens the menu again that led to it.
async fn menu_is_closed(app: &App) {
    until("the menu to be closed", async || {
        let open = "return document.querySelector('[role=menu]') !== null";
        if app.script(open).await == false {
            return Some(());
        }
        let focused = app.driver().active_element().await.unwrap();
        focused.send_keys(Key::Escape + "").await.unwrap();
        None
    })
    .await;
}

#[tokio::test]
async fn two_pages_are_counted_drawn_and_saved_as_they_were() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let app = desktop.open_app().await;
    app.press("Work on this computer").await;
    for (page, title) in PAGES {
        app.scrape(page).await;
        app.sees(title).await;
    }

    app.press("Usage & billing").await;
    app.sees("Work on this computer is free.").await;
    app.sees("2 of 2 pages").await;
    app.sees("2 credits in").await;
    app.sees("sample.shop is the only website: 2 credits").await;
    app.sees("Both books agree.").await;
    let drawn = "return document.querySelectorAll('.chart__svg > svg path').length > 0
        && [...document.querySelectorAll('.chart__svg')].every((chart) => chart.querySelector('svg'))";
    until(
        "the charts to be drawn under the window's policy",
        async || (app.script(drawn).await == true).then_some(()),
    )
    .await;
    app.look("usage").await;

    app.press("Table").await;
    until("the table of the days", async || {
        app.shows("Real browser").await.then_some(())
    })
    .await;
    assert_eq!(last_day(&app).await, [0, 2, 2], "the bill's two credits");
    app.look("usage-table").await;

    let table = desktop.path("home/Documents/days.csv");
    app.press("Save Credits per day").await;
    app.press("Table (CSV)…").await;
    desktop.save_dialog(&table).await;
    app.sees("Saved days.csv").await;
    menu_is_closed(&app).await;
    let text = std::fs::read_to_string(&table).unwrap();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    assert_eq!(lines.next(), Some("Day,Real browser,Simple,Total"));
    let last = lines.next_back().unwrap();
    assert!(last.ends_with(",0,2,2"), "today: {last}");

    let picture = desktop.path("home/Documents/days.png");
    app.press("Save Credits per day").await;
    app.press("Picture (PNG)…").await;
    desktop.save_dialog(&picture).await;
    app.sees("Saved days.png").await;
    menu_is_closed(&app).await;
    let drawn = image::open(&picture).unwrap();
    assert_eq!(
        drawn.width(),
        2 * (960 + 48),
        "twice as fine as on the screen"
    );

    app.press("Hours of").await;
    app.sees("2 pages on").await;
    app.look("usage-hours").await;
    app.quit().await;
}
