//! Light and dark pictures of each screen of the real window, and what axe says about them.

use scrapingpros_tests::{App, Desktop, KeychainKind, until};

async fn frame_is_loaded(app: &App) {
    until("the preview", async || {
        let loaded = "const frame = document.querySelector('iframe'); return !!frame && frame.clientWidth > 0 && performance.getEntriesByType('resource').length >= 0";
        (app.script(loaded).await == true).then_some(())
    })
    .await;
}

#[tokio::test]
async fn every_screen_is_accessible_in_both_themes() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let app = desktop.open_app().await;
    app.sees("Welcome to Scraping Pros").await;
    app.look("welcome").await;
    app.press("Work on this computer").await;
    app.field("Page address").await;
    app.look("scrape-ready").await;

    app.switch("Render in a real browser", true).await;
    app.switch("Take a screenshot", true).await;
    app.press("Add by hand").await;
    app.fill("Field name", "name").await;
    app.fill("Where name is on the page", ".card .name").await;
    app.press("More for name").await;
    app.switch("All matches, not only the first", true).await;
    app.scrape("http://sample.shop/shop").await;
    app.sees("Scraped").await;
    frame_is_loaded(&app).await;
    app.look("scrape-preview").await;
    for tab in [
        "Screenshot",
        "Data",
        "Source",
        "Markdown",
        "Network",
        "Details",
    ] {
        app.press(tab).await;
        app.look(&format!("scrape-{}", tab.to_lowercase())).await;
    }
    app.press("Settings").await;
    for pane in ["Accounts", "Appearance", "Saving", "Network", "About"] {
        app.press(pane).await;
        app.look(&format!("settings-{}", pane.to_lowercase())).await;
    }
    app.quit().await;
}
