//! Options under a name: kept, changed, given back.

use scrapingpros_core::ErrorCode;
use scrapingpros_core::library::Library;
use scrapingpros_core::scrape::ScrapeForm;
use scrapingpros_core::templates::{TemplateForm, Templates};
use tempfile::TempDir;

fn form(name: &str, browser: bool) -> TemplateForm {
    TemplateForm {
        name: name.into(),
        options: ScrapeForm {
            address: "https://private.example/?token=1".into(),
            browser,
            ..ScrapeForm::default()
        },
    }
}

#[tokio::test]
async fn a_template_keeps_options_and_no_address() {
    let folder = TempDir::new().unwrap();
    let library = Library::open(folder.path()).await.unwrap();
    let templates = Templates::open(library.clone()).await.unwrap();
    let shop = templates
        .create(form("  Shop  list\n", true))
        .await
        .unwrap();
    assert_eq!(
        (shop.name.as_str(), shop.options.address.as_str()),
        ("Shop list", "")
    );
    templates.create(form("articles", false)).await.unwrap();
    let names = async || -> Vec<String> {
        let all = templates.list().await.unwrap();
        all.into_iter().map(|one| one.name).collect()
    };
    assert_eq!(
        names().await,
        ["articles", "Shop list"],
        "by name, whatever the case"
    );
    for (wrong, words) in [
        ("", "Type"),
        (" \t", "Type"),
        ("SHOP LIST", "There is"),
        (&"x".repeat(81), "at most"),
    ] {
        let error = templates.create(form(wrong, true)).await.unwrap_err();
        assert_eq!(error.problems[0].field, "name", "{wrong}");
        assert!(error.problems[0].message.contains(words), "{wrong}");
    }
    let changed = templates
        .update(shop.id.clone(), form("shop list", false))
        .await
        .unwrap();
    assert!(
        !changed.options.browser && changed.name == "shop list",
        "its own name is free to it"
    );

    templates.delete(shop.id.clone()).await.unwrap();
    assert_eq!(names().await, ["articles"]);
    templates.create(form("Shop list", true)).await.unwrap();
    templates.restore(shop.id.clone()).await.unwrap();
    assert_eq!(
        names().await,
        ["articles", "Shop list", "shop list (restored)"]
    );

    templates.delete(shop.id.clone()).await.unwrap();
    let error = templates
        .update(shop.id.clone(), form("again", true))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    let templates = Templates::open(library).await.unwrap();
    assert_eq!(
        templates.restore(shop.id).await.unwrap_err().code,
        ErrorCode::NotFound
    );
}
