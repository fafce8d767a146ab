//! A product's own page, readable by people, search engines and link previews.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::drawing;
use super::faults;
use super::goods::{GOODS, Product};
use super::layout::{Page, breadcrumbs, cards, escape};
use super::site;

/// Stars, who, and what they said; each product shows three that follow one another.
const REVIEWS: [(u32, &str, &str); 8] = [
    (
        5,
        "Maya, Leeds",
        "Feels as if it had always been in our kitchen. Heavier than I thought, in a good way.",
    ),
    (
        5,
        "Tomas, Bristol",
        "Bought one for my sister and kept it. Had to order a second.",
    ),
    (
        4,
        "Ingrid, Glasgow",
        "Lovely to hold. One star less because it took a week to arrive.",
    ),
    (
        5,
        "Samuel, York",
        "Three years of daily use and it only looks better.",
    ),
    (
        4,
        "Priya, Leicester",
        "Does one thing and does it well. The colour is a little warmer than on my screen.",
    ),
    (
        5,
        "Owen, Cardiff",
        "They mended the handle for nothing after I dropped it. Who does that?",
    ),
    (
        5,
        "Lucia, London",
        "Simple, solid, and made by people who cook.",
    ),
    (
        3,
        "Ben, Norwich",
        "Good, but read the care notes first. I did not.",
    ),
];

pub async fn show(Path(slug): Path<String>, headers: HeaderMap) -> Response {
    let Some(product) = Product::find(&slug) else {
        return faults::not_found().await;
    };
    let origin = site::origin(&headers);
    Page::new(product.name, body(product))
        .described(product.long)
        .current(product.department.address())
        .head(head(product, &origin))
        .into_response()
}

fn body(product: &Product) -> String {
    let department = product.department;
    let also = GOODS
        .iter()
        .filter(|other| other.department == department && other.slug != product.slug)
        .take(4);
    let specification: String = product
        .specification
        .iter()
        .chain([&("Article", product.code)])
        .map(|(what, value)| {
            format!(
                "<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n",
                escape(what),
                escape(value)
            )
        })
        .collect();
    format!(
        r#"<section class="wide">{crumbs}
<article class="product"><a href="{image}">{picture}</a>
<div><h1>{name}</h1><p class="rating"><i aria-hidden="true">★★★★★</i> {rating} · {ratings} reviews</p><p class="price">{price}</p><p class="stock {class}">{stock}</p>
<p class="description">{long}</p>
<form class="buy" method="post" action="/basket/add"><input type="hidden" name="product" value="{slug}"><button class="button" type="submit">Add to basket</button><a class="button quiet" href="/contact?about={slug}">Ask about it</a></form>
<table class="specification"><caption class="visually-hidden">Specification</caption><tbody>
{specification}</tbody></table></div></article></section>
<section class="wide" style="padding-top:0"><h2 class="big" style="margin-bottom:20px">What people say</h2><div class="reviews">{reviews}</div>
<h2 class="big" style="margin-bottom:20px">More from {label}</h2>{also}</section>"#,
        crumbs = breadcrumbs(
            &[
                ("/", "Home"),
                ("/shop", "Shop"),
                (&department.address(), department.label())
            ],
            product.name
        ),
        image = product.image(),
        picture = drawing::inline(product),
        name = escape(product.name),
        rating = product.rating(),
        ratings = product.ratings,
        price = product.price(),
        class = product.stock.class(),
        stock = product.stock.words(),
        long = escape(product.long),
        slug = product.slug,
        reviews = reviews(product).map(review).collect::<String>(),
        label = escape(department.label()),
        also = cards(also),
    )
}

fn reviews(product: &Product) -> impl Iterator<Item = &'static (u32, &'static str, &'static str)> {
    REVIEWS
        .iter()
        .cycle()
        .skip(product.ratings as usize % REVIEWS.len())
        .take(3)
}

fn review((stars, who, words): &(u32, &str, &str)) -> String {
    let full = "★".repeat(*stars as usize);
    let empty = "☆".repeat(5 - *stars as usize);
    format!(
        r#"<article class="review"><p class="rating"><i role="img" aria-label="{stars} of 5 stars">{full}{empty}</i></p><p>{}</p><footer>{}</footer></article>"#,
        escape(words),
        escape(who)
    )
}

fn head(product: &Product, origin: &str) -> String {
    let address = format!("{origin}{}", product.address());
    let image = format!("{origin}{}", product.image());
    let facts = json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.name,
        "description": product.long,
        "sku": product.code,
        "category": product.department.label(),
        "image": image,
        "url": address,
        "brand": { "@type": "Brand", "name": "Kettle & Oak" },
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": product.rating(),
            "reviewCount": product.ratings,
        },
        "offers": {
            "@type": "Offer",
            "price": product.amount(),
            "priceCurrency": "GBP",
            "availability": product.stock.schema(),
            "url": address,
        },
        "review": reviews(product).map(|(stars, who, words)| json!({
            "@type": "Review",
            "author": { "@type": "Person", "name": who },
            "reviewRating": { "@type": "Rating", "ratingValue": stars, "bestRating": 5 },
            "reviewBody": words,
        })).collect::<Vec<_>>(),
    });
    // A "<" inside a script could end it.
    let facts = facts.to_string().replace('<', "\\u003c");
    format!(
        r#"<link rel="canonical" href="{address}">
<meta property="og:type" content="product">
<meta property="og:site_name" content="Kettle &amp; Oak">
<meta property="og:title" content="{name}">
<meta property="og:description" content="{long}">
<meta property="og:url" content="{address}">
<meta property="og:image" content="{image}">
<meta property="product:price:amount" content="{amount}">
<meta property="product:price:currency" content="GBP">
<script type="application/ld+json">{facts}</script>
"#,
        name = escape(product.name),
        long = escape(product.long),
        amount = product.amount(),
    )
}
