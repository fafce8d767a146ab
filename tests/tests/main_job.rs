//! The main job in the real window: scrape a page on this computer, see it, save it.

use std::path::{Path, PathBuf};

use scrapingpros_tests::{App, Desktop, EngineProgram, KeychainKind, until};

const SHOP: &str = "http://sample.shop/shop";

async fn working_here(desktop: &Desktop) -> App {
    let app = desktop.open_app().await;
    app.sees("Welcome to Scraping Pros").await;
    app.press("Work on this computer").await;
    app.field("Page address").await;
    app
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}

#[tokio::test]
async fn a_page_is_scraped_seen_in_every_view_and_its_picture_saved() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let app = working_here(&desktop).await;
    app.switch("Render in a real browser", true).await;
    app.switch("Take a screenshot", true).await;
    app.press("Add by hand").await;
    app.fill("Field name", "name").await;
    app.fill("Where name is on the page", ".card .name").await;
    app.scrape(SHOP).await;
    app.sees("Scraped").await;

    app.press("Source").await;
    app.sees("<!DOCTYPE html>").await;
    app.press("Markdown").await;
    app.press("Plain").await;
    app.sees("Kettle").await;
    app.press("Data").await;
    app.sees("1 row").await;
    app.press("Details").await;
    app.sees("Where the time went").await;
    app.press("Screenshot").await;

    let saved = desktop.path("home/Documents/shop picture.png");
    app.press("Save PNG…").await;
    desktop.save_dialog(&saved).await;
    app.sees("Saved").await;
    let bytes = std::fs::read(&saved).unwrap();
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n", "the file is a picture");
    let kept = files(&desktop.data().join("bodies"));
    assert!(
        kept.iter()
            .any(|file| std::fs::read(file).unwrap() == bytes),
        "the saved picture is byte for byte the one that was kept"
    );

    app.press("Show in folder").await;
    let folder = saved.parent().unwrap().to_string_lossy().into_owned();
    until("the folder to be opened", async || {
        desktop
            .opened()
            .iter()
            .any(|opened| opened.contains(&folder))
            .then_some(())
    })
    .await;
    app.quit().await;
}

#[tokio::test]
async fn a_table_is_saved_as_csv_through_the_native_dialog() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let app = working_here(&desktop).await;
    app.press("Add by hand").await;
    app.fill("Field name", "product").await;
    app.fill("Where product is on the page", "td:nth-child(1)")
        .await;
    app.press("More for product").await;
    app.switch("All matches, not only the first", true).await;
    app.scrape("sample.shop/trade/price-list").await;
    app.sees("Scraped").await;
    app.press("Data").await;
    app.press("Save as CSV").await;
    let saved = desktop.path("home/Documents/prices.csv");
    desktop.save_dialog(&saved).await;
    app.sees("Saved").await;

    let engine = EngineProgram::start(&[]);
    let page = engine.download("http://sample.shop/trade/price-list").await;
    let page = String::from_utf8(page).unwrap();
    let names = first_cells(&page);
    assert!(names.len() > 5, "the price list has rows");
    let mut expected = String::from("\u{feff}product\r\n");
    for name in names {
        if name.contains(',') {
            expected.push_str(&format!("\"{name}\"\r\n"));
        } else {
            expected.push_str(&format!("{name}\r\n"));
        }
    }
    assert_eq!(
        std::fs::read_to_string(&saved).unwrap(),
        expected,
        "the CSV"
    );
    app.quit().await;
}

/// Text of the first cell of each table row.
fn first_cells(page: &str) -> Vec<String> {
    page.split("<tr>")
        .filter_map(|row| row.split_once("<td")?.1.split_once('>'))
        .filter_map(|(_, rest)| rest.split_once("</td>"))
        .map(|(cell, _)| {
            let mut text = String::new();
            let mut inside_tag = false;
            for character in cell.chars() {
                match character {
                    '<' => inside_tag = true,
                    '>' => inside_tag = false,
                    other if !inside_tag => text.push(other),
                    _ => {}
                }
            }
            text.replace("&amp;", "&")
                .replace("&#39;", "'")
                .trim()
                .to_owned()
        })
        .collect()
}

#[tokio::test]
async fn a_pdf_is_saved_byte_for_byte() {
    let address = "http://sample.shop/files/price-list.pdf";
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let app = working_here(&desktop).await;
    app.scrape(address).await;
    app.sees("PDF").await;
    app.press("Save file…").await;
    let saved = desktop.path("home/Documents/list.pdf");
    desktop.save_dialog(&saved).await;
    app.sees("Saved").await;
    let expected = EngineProgram::start(&[]).download(address).await;
    assert_eq!(std::fs::read(&saved).unwrap(), expected, "the PDF");
    app.quit().await;
}

#[tokio::test]
async fn a_blocked_page_is_explained_and_its_suggestion_works() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let app = working_here(&desktop).await;
    app.scrape("http://sample.shop/checkpoint?browser=1").await;
    app.sees("The site showed a captcha").await;
    app.accessible("blocked").await;
    app.picture("blocked").await;
    app.press("Try again with a real browser").await;
    app.sees("Scraped").await;
    app.quit().await;
}

#[tokio::test]
async fn a_running_scrape_is_cancelled_and_nothing_is_lost() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let app = working_here(&desktop).await;
    let address = "http://sample.shop/slow?seconds=50";
    app.scrape(address).await;
    app.pressable("Cancel").await;
    app.picture("running").await;
    app.press("Cancel").await;
    app.pressable("Clear the address").await;
    let typed = app.field("Page address").await.value().await.unwrap();
    assert_eq!(typed.as_deref(), Some(address), "what was typed stays");
    app.quit().await;
}

#[tokio::test]
async fn the_address_and_options_come_back_after_a_restart() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let app = working_here(&desktop).await;
    app.switch("Render in a real browser", true).await;
    app.fill("Page address", SHOP).await;
    until("the draft on disk", async || {
        let draft = std::fs::read_to_string(desktop.data().join("draft.json")).ok()?;
        (draft.contains(SHOP) && draft.contains("\"browser\":true")
            || draft.contains("\"browser\": true") && draft.contains(SHOP))
        .then_some(())
    })
    .await;
    app.quit().await;

    let app = desktop.open_app().await;
    let typed = app.field("Page address").await.value().await.unwrap();
    assert_eq!(typed.as_deref(), Some(SHOP), "the last address");
    let browser = app.field("Render in a real browser").await;
    assert!(browser.is_selected().await.unwrap(), "the last options");
    app.quit().await;
}

#[tokio::test]
async fn bad_addresses_get_a_sentence_and_stay_typed() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let app = working_here(&desktop).await;
    for address in [
        "ftp://sample.shop/x",
        "javascript:alert(1)",
        "/relative",
        "http://10.0.0.1/",
    ] {
        app.scrape(address).await;
        until("a problem under the address", async || {
            let problem = app.script("const f = document.querySelector('[aria-label=\"Page address\"]'); return f.getAttribute('aria-invalid') === 'true' || document.body.innerText.includes('private')").await;
            (problem == true).then_some(())
        })
        .await;
        let typed = app.field("Page address").await.value().await.unwrap();
        assert_eq!(typed.as_deref(), Some(address), "what was typed stays");
    }
    app.quit().await;
}
