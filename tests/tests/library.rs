//! The library in the real window: two pages are scraped, one is found by a word of its text, opened, tagged,
//! deleted and brought back.

use scrapingpros_tests::{App, Desktop, KeychainKind, until};
use thirtyfour::prelude::*;

const SHOP: &str = "http://sample.shop/shop";
const PRICES: &str = "http://sample.shop/trade/price-list";

/// Titles of the cards that show.
async fn cards(app: &App) -> Vec<String> {
    let list = app
        .script(
            "return [...document.querySelectorAll('.libcard__t')].map((one) => one.textContent)",
        )
        .await;
    let titles = list.as_array().cloned().unwrap_or_default();
    titles
        .iter()
        .filter_map(|title| title.as_str().map(str::to_owned))
        .collect()
}

async fn shows_cards(app: &App, what: &str, wanted: usize) -> Vec<String> {
    until(what, async || {
        let cards = cards(app).await;
        (cards.len() == wanted).then_some(cards)
    })
    .await
}

#[tokio::test]
async fn a_result_is_found_by_a_word_of_its_text_opened_tagged_deleted_and_brought_back() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let app = desktop.open_app().await;
    app.press("Work on this computer").await;
    app.field("Page address").await;
    app.scrape(SHOP).await;
    app.sees("Scraped").await;
    app.scrape(PRICES).await;
    app.sees("Trade price list").await;
    app.press("Library").await;
    app.sees("2 results kept on this computer").await;
    let all = shows_cards(&app, "both pages", 2).await;
    app.look("library").await;

    app.fill("Search the library", "restaurants zebra").await;
    app.sees("Nothing holds").await;
    // It stands in the text of the price list alone.
    app.fill("Search the library", "restau").await;
    let found = shows_cards(&app, "the price list", 1).await;
    assert_eq!(found[0], all[0], "the last one scraped");

    let card = app
        .driver()
        .query(By::Css(".libcard"))
        .first()
        .await
        .unwrap();
    card.click().await.unwrap();
    app.press("Tag…").await;
    let tag = app.field("Tag").await;
    tag.send_keys("Prices" + Key::Enter).await.unwrap();
    app.sees("Prices").await;

    app.press("Open").await;
    app.press("Markdown").await;
    app.press("Back to the library").await;
    assert_eq!(
        shows_cards(&app, "the place one came from", 1).await,
        found,
        "the search is as it was"
    );

    let list = app.driver().query(By::Css(".cards")).first().await.unwrap();
    list.send_keys(Key::Delete + "").await.unwrap();
    app.sees("Deleted “").await;
    shows_cards(&app, "nothing", 0).await;
    app.press("Undo").await;
    shows_cards(&app, "the price list again", 1).await;

    app.press("List").await;
    app.look("library-list").await;
    app.quit().await;

    let app = desktop.open_app().await;
    app.press("Library").await;
    until("the list, as it was chosen, with both results", async || {
        let script = "return [...document.querySelectorAll('.liblist .cell-2')].map((one) => one.innerText).join()";
        let rows = app.script(script).await;
        let rows = rows.as_str().unwrap_or_default();
        all.iter().all(|title| rows.contains(title.as_str())).then_some(())
    })
    .await;
    app.quit().await;
}

/// Waits until every picture that the selector finds, and at least one, is drawn.
async fn drawn(app: &App, selector: &str, at_least: usize) {
    let script = format!(
        "return [...document.querySelectorAll('{selector}')].filter((one) => one.complete && one.naturalWidth > 0).length"
    );
    until(&format!("{at_least} pictures of {selector}"), async || {
        let count = app.script(&script).await.as_u64().unwrap_or_default();
        (count as usize >= at_least).then_some(())
    })
    .await;
}

#[tokio::test]
async fn two_results_are_compared_and_the_library_goes_into_a_file_and_back() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let app = desktop.open_app().await;
    app.press("Work on this computer").await;
    app.field("Page address").await;
    app.switch("Render in a real browser", true).await;
    app.switch("Take a screenshot", true).await;
    app.scrape(SHOP).await;
    app.sees("Scraped").await;
    app.scrape(PRICES).await;
    app.sees("Trade price list").await;
    app.press("Library").await;
    shows_cards(&app, "both pages", 2).await;
    drawn(&app, ".libcard img", 2).await;
    app.look("library-pictures").await;

    let cards = app
        .driver()
        .query(By::Css(".libcard"))
        .all_from_selector()
        .await
        .unwrap();
    cards[0].click().await.unwrap();
    let both = app.driver().action_chain().key_down(Key::Control);
    let both = both.click_element(&cards[1]).key_up(Key::Control);
    both.perform().await.unwrap();
    app.sees("2 chosen").await;
    app.press("Compare").await;
    app.sees("Only what changed").await;
    app.press("Screenshots").await;
    app.sees("of the picture changed").await;
    drawn(&app, ".pictures img", 1).await;
    app.look("library-compare").await;
    app.press("Back to the library").await;

    app.press("Settings").await;
    let tab = app
        .driver()
        .query(By::Css("#tab-library"))
        .first()
        .await
        .unwrap();
    tab.click().await.unwrap();
    app.press("Export…").await;
    let file = desktop.path("home/Documents/my library.zip");
    desktop.save_dialog(&file).await;
    app.sees("Saved my library.zip").await;
    app.press("Clear…").await;
    app.press("Delete everything").await;
    app.sees("0 results").await;
    assert!(
        std::fs::read_dir(desktop.data().join("bodies"))
            .unwrap()
            .flatten()
            .all(|folder| std::fs::read_dir(folder.path()).unwrap().count() == 0),
        "no page and no picture is left"
    );
    app.press("Import…").await;
    desktop.open_dialog("Import a library", &file).await;
    app.sees("Imported 2 results").await;
    app.press("Open the library").await;
    shows_cards(&app, "both pages again", 2).await;
    drawn(&app, ".libcard img", 2).await;
    app.quit().await;
}
