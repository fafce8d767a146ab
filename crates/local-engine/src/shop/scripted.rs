//! Pages that need a browser: the news drawn by JavaScript, and the notes that grow as one scrolls.

use std::collections::HashMap;

use axum::Json;
use axum::extract::Query;
use serde_json::{Value, json};

use super::goods::GOODS;
use super::layout::{Page, band, escape};

const NOTES: usize = 60;
const NOTES_PER_SCROLL: usize = 20;

pub async fn new_in() -> Page {
    let newest: Vec<_> = GOODS.iter().rev().collect();
    let body = format!(
        r#"{}
<section class="wide"><div class="grid" id="products" aria-live="polite"></div><noscript><p class="lead">This page is drawn by JavaScript. Open it in a browser to see it.</p></noscript></section>
<script>{}</script>"#,
        band(
            "New in",
            "Fresh from the kiln, the forge and the loom",
            &newest
        ),
        include_str!("new.js")
    );
    Page::new("New in", body).current("/new")
}

/// What the page of news is drawn from.
pub async fn products() -> Json<Value> {
    let products: Vec<Value> = GOODS
        .iter()
        .rev()
        .map(|product| {
            json!({
                "code": product.code,
                "name": product.name,
                "short": product.short,
                "price": product.price(),
                "rating": product.rating(),
                "ratings": product.ratings,
                "stock": product.stock.words(),
                "stock_class": product.stock.class(),
                "department": product.department.label(),
                "url": product.address(),
                "image": product.image(),
            })
        })
        .collect();
    Json(json!({ "count": products.len(), "products": products }))
}

pub async fn feed() -> Page {
    let body = format!(
        r#"<section class="narrow"><h1>Kitchen notes</h1><p class="lead">What people make with our things. Scroll for more.</p><div class="notes" id="notes">
{}</div><p class="lead" id="end" role="status" style="margin-top:28px">More notes below…</p></section>
<script>{}</script>"#,
        notes_from(0),
        include_str!("feed.js")
    );
    Page::new("Kitchen notes", body)
}

/// The next notes as JSON: `html` to append, `next` or null when there are no more.
pub async fn feed_more(Query(query): Query<HashMap<String, String>>) -> Json<Value> {
    let first = query
        .get("from")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0)
        .min(NOTES);
    let next = first + NOTES_PER_SCROLL;
    Json(json!({ "html": notes_from(first), "next": (next < NOTES).then_some(next) }))
}

fn notes_from(first: usize) -> String {
    (first..(first + NOTES_PER_SCROLL).min(NOTES))
        .map(note)
        .collect()
}

fn note(place: usize) -> String {
    const PEOPLE: [&str; 12] = [
        "Maya", "Tomas", "Ingrid", "Samuel", "Priya", "Owen", "Lucia", "Ben", "Aoife", "Kofi",
        "Hana", "Walter",
    ];
    const WORDS: [&str; 10] = [
        "Sunday soup for nine, and not a drop left in the pot.",
        "First loaf that my grandmother would have approved of.",
        "Forty minutes of peace before the children woke up.",
        "Dropped it, swore, picked it up. Not a scratch.",
        "Everyone asked where it came from. I said nothing.",
        "Took it camping. It now smells of woodsmoke and so do I.",
        "Three generations in one kitchen and one good thing to share.",
        "The neighbours borrowed it and we had to go and fetch it.",
        "Marmalade season: eleven jars and a very sticky floor.",
        "I make worse coffee everywhere else now.",
    ];
    let person = PEOPLE[place % PEOPLE.len()];
    let words = WORDS[(place * 7 + place / 10) % WORDS.len()];
    let product = &GOODS[(place * 5) % GOODS.len()];
    format!(
        r#"<article class="note" id="note-{number}"><span class="face" aria-hidden="true">{initial}</span><p class="words">{words}</p><footer><span class="person">{person}</span> about <a href="{address}">{name}</a> · note {number}</footer></article>
"#,
        number = place + 1,
        initial = &person[..1],
        address = product.address(),
        name = escape(product.name),
    )
}
