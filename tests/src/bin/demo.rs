//! Does the main job once in the real window on a private display, as a new user would, and keeps
//! pictures of each stop: `demo FOLDER`.

use std::path::PathBuf;

use scrapingpros_tests::{Desktop, KeychainKind};

#[tokio::main]
async fn main() {
    let folder = std::env::args().nth(1).expect("usage: demo FOLDER");
    std::fs::create_dir_all(&folder).unwrap();
    let folder = std::fs::canonicalize(folder).unwrap();
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let app = desktop.open_app().await;

    app.sees("Welcome to Scraping Pros").await;
    app.picture_in(&folder, "1-welcome").await;
    app.press("Work on this computer").await;

    app.fill("Page address", "http://sample.shop/shop").await;
    app.switch("Render in a real browser", true).await;
    app.switch("Take a screenshot", true).await;
    app.picture_in(&folder, "2-ready").await;
    app.scrape("http://sample.shop/shop").await;
    app.sees("Scraped").await;
    app.picture_in(&folder, "3-preview").await;

    app.press("Screenshot").await;
    app.pressable("Save PNG…").await;
    app.picture_in(&folder, "4-screenshot").await;
    let saved: PathBuf = folder.join("sample-shop.png");
    if saved.exists() {
        std::fs::remove_file(&saved).unwrap();
    }
    app.press("Save PNG…").await;
    desktop.save_dialog(&saved).await;
    app.sees("Saved").await;
    app.picture_in(&folder, "5-saved").await;
    app.quit().await;
}
