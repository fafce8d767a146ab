//! Pages answer with their status and type, and hold what a scraper looks for.

use std::collections::BTreeSet;

use reqwest::StatusCode;

use crate::visitor::{Shop, attributes, header, texts};

#[tokio::test]
async fn every_address_answers_with_its_status_and_type() {
    let shop = Shop::open().await;
    let html = "text/html; charset=utf-8";
    let expected = [
        ("/", 200, html),
        ("/shop", 200, html),
        ("/shop?page=2", 200, html),
        ("/shop?page=3", 404, html),
        ("/shop/cast-iron-kettle", 200, html),
        ("/shop/no-such-thing", 404, html),
        ("/trade/price-list", 200, html),
        ("/search?q=oak", 200, html),
        ("/contact", 200, html),
        ("/basket", 200, html),
        ("/new", 200, html),
        ("/api/products.json", 200, "application/json"),
        ("/feed", 200, html),
        ("/account", 200, html),
        ("/checkpoint", 403, html),
        ("/checkpoint?browser=1", 403, html),
        ("/slow?seconds=0", 200, html),
        ("/gone", 404, html),
        ("/broken", 500, html),
        ("/latin1", 200, "text/html; charset=iso-8859-1"),
        ("/files/price-list.pdf", 200, "application/pdf"),
        ("/files/kettle.png", 200, "image/png"),
        ("/files/catalogue.zip", 200, "application/zip"),
        ("/files/prices.csv", 200, "text/csv; charset=utf-8"),
        ("/files/passwords.txt", 404, html),
        ("/images/oak-serving-board.svg", 200, "image/svg+xml"),
        ("/style.css", 200, "text/css; charset=utf-8"),
        ("/robots.txt", 200, "text/plain; charset=utf-8"),
        ("/sitemap.xml", 200, "application/xml; charset=utf-8"),
        ("/nowhere/at/all", 404, html),
    ];
    for (address, status, kind) in expected {
        let answer = shop.get(address).await;
        assert_eq!(answer.status().as_u16(), status, "status of {address}");
        assert_eq!(header(&answer, "content-type"), kind, "type of {address}");
    }

    let moved = shop.get("/moved").await;
    assert_eq!(moved.status(), StatusCode::MOVED_PERMANENTLY);
    assert_eq!(header(&moved, "location"), "/shop", "where it moved to");
}

#[tokio::test]
async fn the_catalogue_shows_24_different_products_over_two_pages() {
    let shop = Shop::open().await;
    let first = shop.text("/shop").await;
    let second = shop.text("/shop?page=2").await;
    let parts = [
        "a.card",
        ".card .name",
        ".card .price",
        ".card .rating",
        ".card .stock",
        ".card svg.picture[aria-label]",
    ];
    for (page, html) in [(1, &first), (2, &second)] {
        for part in parts {
            assert_eq!(texts(html, part).len(), 12, "{part} on page {page}");
        }
    }
    let links: BTreeSet<String> = [&first, &second]
        .into_iter()
        .flat_map(|html| attributes(html, "a.card", "href"))
        .collect();
    assert_eq!(links.len(), 24, "no product is shown twice");
    assert_eq!(attributes(&first, "a.next", "href"), ["/shop?page=2"]);
    assert!(
        attributes(&second, "a.next", "href").is_empty(),
        "the last page has no Next"
    );

    let mut in_departments = 0;
    for department in ["tea", "cooking", "table", "linen"] {
        let html = shop.text(&format!("/shop?in={department}")).await;
        in_departments += texts(&html, "a.card").len();
    }
    assert_eq!(in_departments, 24, "each product is in one department");
}

#[tokio::test]
async fn a_product_describes_itself_to_people_and_machines() {
    let shop = Shop::open().await;
    let html = shop.text("/shop/cast-iron-kettle").await;
    assert_eq!(texts(&html, "h1"), ["Cast-iron kettle 1.2 L"]);
    assert_eq!(texts(&html, ".product .price"), ["£64.00"]);
    assert_eq!(texts(&html, ".crumbs li").len(), 4, "breadcrumbs");
    assert_eq!(texts(&html, ".specification tr").len(), 5, "specification");
    assert_eq!(texts(&html, ".review").len(), 3, "reviews");

    let script = texts(&html, r#"script[type="application/ld+json"]"#);
    let facts: serde_json::Value = serde_json::from_str(&script[0]).unwrap();
    assert_eq!(facts["@type"], "Product");
    assert_eq!(facts["offers"]["price"], "64.00");
    assert_eq!(facts["offers"]["priceCurrency"], "GBP");

    let picture = &attributes(&html, r#"meta[property="og:image"]"#, "content")[0];
    let address = picture
        .strip_prefix(&shop.url)
        .expect("the picture is on the host that was asked");
    assert!(
        shop.text(address).await.starts_with("<svg"),
        "the picture exists"
    );
}

#[tokio::test]
async fn the_trade_list_has_seven_rows() {
    let shop = Shop::open().await;
    let html = shop.text("/trade/price-list").await;
    let products = texts(&html, "td:nth-child(1)");
    let prices = texts(&html, "td:nth-child(3)");
    assert_eq!(products.len(), 7, "rows");
    assert_eq!(products[2], "Oak serving board");
    assert_eq!(prices[2], "£36.50");
}

#[tokio::test]
async fn scripted_pages_are_empty_without_a_script_and_have_what_it_needs() {
    let shop = Shop::open().await;
    let page = shop.text("/new").await;
    assert!(
        texts(&page, ".card").is_empty(),
        "nothing is drawn without JavaScript"
    );
    let answer: serde_json::Value = shop.get("/api/products.json").await.json().await.unwrap();
    assert_eq!(answer["products"].as_array().unwrap().len(), 24);

    let feed = shop.text("/feed").await;
    let mut seen: BTreeSet<String> = attributes(&feed, ".note", "id").into_iter().collect();
    assert_eq!(seen.len(), 20, "notes before any scrolling");
    let mut next = Some(20);
    while let Some(from) = next {
        let address = format!("/feed/more?from={from}");
        let more: serde_json::Value = shop.get(&address).await.json().await.unwrap();
        seen.extend(attributes(more["html"].as_str().unwrap(), ".note", "id"));
        next = more["next"].as_u64();
    }
    assert_eq!(seen.len(), 60, "notes at the end");
}

#[tokio::test]
async fn the_slow_page_waits_as_long_as_asked() {
    let shop = Shop::open().await;
    let before = std::time::Instant::now();
    let html = shop.text("/slow?seconds=1").await;
    let waited = before.elapsed();
    assert!(waited.as_millis() >= 1000, "answered after {waited:?}");
    assert_eq!(texts(&html, ".waited"), ["1 second"]);
}
