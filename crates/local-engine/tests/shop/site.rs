//! The shop as a whole: every link leads somewhere, and nowhere but to the shop.

use std::collections::BTreeSet;

use crate::visitor::{Shop, attributes, header};

/// Names of vocabularies, written as addresses and never fetched.
const VOCABULARIES: [&str; 3] = [
    "https://schema.org",
    "http://www.w3.org/2000/svg",
    "http://www.sitemaps.org/schemas/sitemap/0.9",
];

/// What the sitemap does not list.
const UNLISTED: [&str; 13] = [
    "/account",
    "/basket",
    "/feed/more?from=20",
    "/checkpoint",
    "/checkpoint?browser=1",
    "/slow?seconds=0",
    "/gone",
    "/broken",
    "/latin1",
    "/sitemap.xml",
    "/api/products.json",
    "/style.css",
    "/images/spice-mill.svg",
];

#[tokio::test]
async fn nothing_in_the_shop_leads_out_of_it() {
    let shop = Shop::open().await;
    let listed = listed_pages(&shop).await;
    for address in listed.iter().map(String::as_str).chain(UNLISTED) {
        let bytes = shop.bytes(address).await;
        let text = String::from_utf8_lossy(&bytes);
        let outside: Vec<&str> = ["http://", "https://"]
            .into_iter()
            .flat_map(|scheme| text.match_indices(scheme))
            .map(|(at, _)| &text[at..])
            .filter(|rest| !rest.starts_with(&shop.url))
            .filter(|rest| !VOCABULARIES.iter().any(|name| rest.starts_with(name)))
            .filter_map(|rest| rest.split(['"', '\'', ' ', '<', ')']).next())
            .collect();
        assert!(outside.is_empty(), "{address} names {outside:?}");
        assert!(
            !text.contains("\"//") && !text.contains("url("),
            "{address} names a host without a scheme, or a resource in its styles"
        );
    }
}

#[tokio::test]
async fn every_link_leads_somewhere() {
    let shop = Shop::open().await;
    let listed = listed_pages(&shop).await;
    let mut links = BTreeSet::new();
    for address in listed.iter().map(String::as_str).chain(UNLISTED) {
        let bytes = shop.bytes(address).await;
        let text = String::from_utf8_lossy(&bytes);
        if text.starts_with("<!doctype html>") {
            links.extend(attributes(&text, "a[href]", "href"));
        }
    }
    assert!(links.len() > 50, "only {} links found", links.len());
    // Slow and big have tests of their own.
    links.retain(|link| link != "/slow" && link != "/big");
    let unhappy = [
        "/checkpoint",
        "/checkpoint?browser=1",
        "/gone",
        "/broken",
        "/moved",
    ];
    for link in links {
        let status = shop.get(&link).await.status();
        assert!(
            status.is_success() || unhappy.contains(&link.as_str()),
            "{link} answers {status}"
        );
    }
}

#[tokio::test]
async fn the_sitemap_lists_the_shop_on_the_host_that_was_asked() {
    let shop = Shop::open().await;
    let listed = listed_pages(&shop).await;
    assert_eq!(listed.len(), 37, "9 pages, 4 departments, 24 products");
    let different: BTreeSet<&String> = listed.iter().collect();
    assert_eq!(different.len(), 37, "none twice");
    for address in &listed {
        let status = shop.get(address).await.status();
        assert!(status.is_success(), "{address} answers {status}");
    }
    let robots = shop.text("/robots.txt").await;
    assert!(
        robots.contains(&format!("{}/sitemap.xml", shop.url)),
        "robots.txt names the sitemap"
    );
}

#[tokio::test]
async fn pages_are_asked_for_again_and_pictures_are_kept() {
    let shop = Shop::open().await;
    for (address, rule) in [
        ("/shop", "no-cache"),
        ("/checkpoint", "no-store"),
        ("/style.css", "public, max-age=3600"),
        ("/images/linen-apron.svg", "public, max-age=3600"),
    ] {
        let answer = shop.get(address).await;
        assert_eq!(header(&answer, "cache-control"), rule, "of {address}");
    }
}

async fn listed_pages(shop: &Shop) -> Vec<String> {
    let sitemap = shop.text("/sitemap.xml").await;
    sitemap
        .split("<loc>")
        .skip(1)
        .filter_map(|rest| rest.split("</loc>").next())
        .map(|url| {
            url.strip_prefix(&shop.url)
                .expect("its own host")
                .to_owned()
        })
        .collect()
}
