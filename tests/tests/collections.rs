//! A list of pages in the real window: imported, mended, tried, run, retried and exported.

use std::path::Path;

use calamine::{DataType as _, Reader as _, Xlsx, open_workbook};
use scrapingpros_tests::{App, Desktop, KeychainKind, Notifications, Shown, until};
use thirtyfour::prelude::*;

const GOOD: usize = 300;
/// A robot check that lets a real browser pass.
const NEED_BROWSER: usize = 3;

fn list(path: &Path) {
    let mut text = String::from("product_url,sku\n");
    for page in 0..GOOD {
        text += &format!("http://sample.shop/shop?visit={page},SKU-{page:03}\n");
    }
    for page in 0..NEED_BROWSER {
        text += &format!("http://sample.shop/checkpoint?browser=1&visit={page},CHECK-{page}\n");
    }
    // One to be mended, and two to be left out.
    text += "sample shop latest,=1+1\n";
    text += "http://192.168.0.14/stock,PRIVATE\n";
    text += "http://sample.shop/shop?visit=0,SKU-000\n";
    std::fs::write(path, text).unwrap();
}

async fn with_a_list(desktop: &Desktop) -> App {
    let file = desktop.path("home/Documents/suppliers.csv");
    list(&file);
    let app = desktop.open_app().await;
    app.press("Work on this computer").await;
    app.press("Collections").await;
    app.press("New collection").await;
    app.fill("Name", "Autumn price check").await;
    app.press("Create collection").await;
    app.press("Import…").await;
    desktop.open_dialog("Import pages", &file).await;
    app.sees("Say what each column is").await;
    app.look("import").await;
    app.press("Add 306 pages").await;
    app
}

/// Types into the address of a row that shows, as one who presses twice on it.
async fn mend(app: &App, row: &str, address: &str) {
    let cell = app.words(row).await;
    let twice = app.driver().action_chain().double_click_element(&cell);
    twice.perform().await.unwrap();
    let input = app
        .driver()
        .query(By::Css(".cellinput"))
        .first()
        .await
        .unwrap();
    input.send_keys(Key::Control + "a").await.unwrap();
    input.send_keys(address).await.unwrap();
    input.send_keys(Key::Enter + "").await.unwrap();
}

/// Presses what confirms the dialog that shows.
async fn confirm(app: &App) {
    let button = By::Css("[role=dialog] button[type=submit]");
    let button = app.driver().query(button).and_clickable().first().await;
    button.unwrap().click().await.unwrap();
}

#[tokio::test]
async fn a_list_is_imported_mended_tried_run_retried_and_exported() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let app = with_a_list(&desktop).await;

    app.sees("3 of 306 pages need a look").await;
    app.press("Show only these").await;
    app.sees("Not an address").await;
    app.look("collection-problems").await;
    mend(&app, "sample shop latest", "http://sample.shop/new").await;
    app.sees("2 of 306 pages need a look").await;
    app.press("Leave them out").await;
    until("no page to need a look", async || {
        (!app.shows("need a look").await).then_some(())
    })
    .await;

    app.press("Edit…").await;
    app.press("Add by hand").await;
    app.fill("Field name", "heading").await;
    app.fill("Where heading is on the page", "h1").await;
    app.press("Done").await;
    app.sees("heading").await;

    app.press("Try 5").await;
    app.sees(" worked, ").await;
    app.look("collection-tried").await;

    app.press("Run…").await;
    app.sees("304 pages").await;
    app.look("collection-run").await;
    app.press("Run 304 pages").await;
    app.sees("Run 1").await;
    app.finished().await;
    app.sees("The site showed a captcha").await;
    app.look("run-finished").await;

    let saved = desktop.path("home/Documents/autumn prices.xlsx");
    app.press("Export…").await;
    app.sees("Which pages").await;
    app.press("Also list the 3 that failed, with the reason")
        .await;
    app.look("run-export").await;
    confirm(&app).await;
    desktop.save_dialog(&saved).await;
    app.sees("Exported 304 pages to autumn prices.xlsx").await;
    let inside = "const toast = document.querySelector('.toast').getBoundingClientRect();
        const close = document.querySelector('.toast [aria-label=Dismiss]').getBoundingClientRect();
        return close.right <= toast.right && toast.right <= innerWidth";
    assert_eq!(
        app.script(inside).await,
        true,
        "a long path leaves the message's button where it can be pressed"
    );
    read_back(&saved);

    app.press("Retry 3 failed…").await;
    app.sees("Retry 3 pages").await;
    app.look("run-retry").await;
    app.press("Retry 3 pages").await;
    app.sees("Run 2").await;
    app.finished().await;
    app.sees("3 of 3").await;
    app.pressable("Success 3").await;
    app.look("run-retried").await;

    app.press("Collections").await;
    app.sees("3 of 3").await;
    app.look("collections").await;
    app.press("Settings").await;
    app.press("Runs").await;
    app.look("settings-runs").await;
    app.quit().await;
}

/// One row a page, each value as it was on the page, and no formula.
fn read_back(file: &Path) {
    let mut book: Xlsx<_> = open_workbook(file).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let text = |row: usize, column: usize| {
        let cell = sheet.get((row, column));
        cell.and_then(|cell| cell.as_string()).unwrap_or_default()
    };
    let column = |name: &str| {
        let names = (0..sheet.width()).position(|column| text(0, column) == name);
        names.unwrap_or_else(|| panic!("a column {name}"))
    };
    let (label, address, heading) = (column("Label"), column("Address"), column("heading"));
    assert_eq!(sheet.height(), 1 + GOOD + NEED_BROWSER + 1, "a row a page");
    assert_eq!(text(1, label), "SKU-000");
    assert_eq!(text(1, address), "http://sample.shop/shop?visit=0");
    assert_eq!(text(1, heading), text(GOOD, heading), "the same page");
    assert!(!text(1, heading).is_empty(), "what was extracted");
    assert_eq!(text(GOOD + 1, label), "CHECK-0", "the failed ones too");
    let last = GOOD + NEED_BROWSER + 1;
    assert_eq!(text(last, label), "=1+1", "as text");
    let name = book.sheet_names()[0].clone();
    let formulas = book.worksheet_formula(&name).unwrap();
    assert!(formulas.is_empty(), "nothing is computed");
}

#[tokio::test]
async fn a_run_goes_on_after_the_app_was_closed() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let app = with_a_list(&desktop).await;
    app.sees("3 of 306 pages need a look").await;
    app.press("Run…").await;
    app.press("Run 303 pages").await;
    app.sees("Run 1").await;
    app.quit().await;

    let app = desktop.open_app().await;
    app.press("Collections").await;
    app.press("Autumn price check").await;
    app.press("Run 1").await;
    app.finished().await;
    app.sees("303 of 303").await;
    app.pressable("Success 300").await;
    app.sees("Of 306 pages in the list, 303 went into this run: 3 left out")
        .await;
    app.quit().await;
}

#[tokio::test]
async fn pages_come_from_a_spreadsheet_and_by_a_dropped_file() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let app = with_a_list(&desktop).await;
    // The table may be drawn anew while the list is judged.
    until("a row that can be pressed", async || {
        app.words("SKU-000").await.click().await.ok()
    })
    .await;

    desktop.copy("http://sample.shop/contact\tA-1\nhttp://sample.shop/blog\tB-2\n");
    desktop.press_keys("ctrl+v");
    app.sees("2 pages added").await;
    app.sees("B-2").await;

    let file = desktop.path("home/Documents/more.csv");
    std::fs::write(&file, "address,label\nhttp://sample.shop/about,MORE-1\n").unwrap();
    desktop.drop_file(&file).await;
    app.sees("more.csv").await;
    app.press("Add 1 page").await;
    app.sees("MORE-1").await;
    app.quit().await;
}

#[tokio::test]
async fn the_desktop_tells_of_the_end_to_one_who_looks_elsewhere() {
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let notifications = Notifications::start(&desktop).await;
    let app = with_a_list(&desktop).await;
    app.press("Run…").await;
    // Before it begins: a quick machine would have ended it meanwhile.
    let _elsewhere = desktop.look_elsewhere();
    app.press("Run 303 pages").await;
    assert_eq!(
        notifications.first().await,
        Shown {
            title: "“Autumn price check” is done".into(),
            text: "Run 1: 300 pages scraped, 3 failed.".into(),
        }
    );
    app.finished().await;
    assert_eq!(notifications.all().len(), 1, "told once");
    app.quit().await;
}
