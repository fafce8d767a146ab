//! Pages that list products: the catalogue, the search and the trade price list.

use std::collections::HashMap;

use axum::extract::Query;
use axum::response::{IntoResponse, Response};

use super::faults;
use super::goods::{Department, GOODS, Product};
use super::layout::{Page, band, cards, escape};

const PER_PAGE: usize = 12;

/// What trade customers order most, in the order of the printed list.
pub const TRADE: [&str; 7] = [
    "espresso-cup-set",
    "cast-iron-kettle",
    "oak-serving-board",
    "linen-tea-towel",
    "pour-over-stand",
    "stoneware-jug",
    "tea-strainer",
];

pub async fn show(Query(query): Query<HashMap<String, String>>) -> Response {
    let department = query.get("in").and_then(|key| Department::from_key(key));
    let goods: Vec<&Product> = GOODS
        .iter()
        .filter(|product| department.is_none_or(|only| product.department == only))
        .collect();
    let last = goods.len().div_ceil(PER_PAGE);
    let page = query
        .get("page")
        .and_then(|text| text.parse().ok())
        .unwrap_or(1);
    if !(1..=last).contains(&page) {
        return faults::not_found().await;
    }

    let address = department.map_or_else(|| "/shop".into(), Department::address);
    let title = department.map_or("Everything for the kitchen", Department::label);
    let body = format!(
        r#"{band}
<section class="wide"><div class="bar">{chips}<p class="count">{count} products · page {page} of {last}</p></div>
{cards}
{pages}</section>"#,
        band = band(title, lead(department), &goods),
        chips = chips(department),
        count = goods.len(),
        cards = cards(goods.into_iter().skip((page - 1) * PER_PAGE).take(PER_PAGE)),
        pages = pages(&address, page, last),
    );
    Page::new(title, body).current(address).into_response()
}

pub async fn search(Query(query): Query<HashMap<String, String>>) -> Page {
    let asked = query.get("q").map_or("", |text| text.trim());
    let wanted = asked.to_lowercase();
    let found: Vec<&Product> = GOODS
        .iter()
        .filter(|product| !wanted.is_empty() && says(product, &wanted))
        .collect();
    let shown = escape(asked);
    let outcome = match (wanted.is_empty(), found.len()) {
        (true, _) => "Type what you are looking for, for example <em>oak</em>.".into(),
        (false, 0) => format!("Nothing found for “{shown}”."),
        (false, 1) => format!("1 product for “{shown}”"),
        (false, count) => format!("{count} products for “{shown}”"),
    };
    let body = format!(
        r#"<section class="wide"><h1>Search</h1><form class="bar" action="/search"><span class="find" style="margin:0"><input type="search" name="q" value="{shown}" aria-label="Search for"></span><button class="button" type="submit">Search</button></form><p class="lead outcome">{outcome}</p>{}</section>"#,
        cards(found)
    );
    Page::new("Search", body)
}

pub async fn trade() -> Page {
    let rows: String = TRADE
        .iter()
        .filter_map(|slug| Product::find(slug))
        .map(|product| {
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                escape(product.name),
                product.code,
                product.price(),
                product.stock.words()
            )
        })
        .collect();
    let body = format!(
        r#"<section class="wide"><h1>Trade price list</h1><p class="lead">What cafés and restaurants order most. Prices are for one piece and include VAT.</p>
<table class="list"><thead><tr><th>Product</th><th>Code</th><th>Price</th><th>Availability</th></tr></thead><tbody>
{rows}</tbody></table>
<p><a class="button" href="/files/price-list.pdf">Download as PDF</a></p></section>"#
    );
    Page::new("Trade price list", body)
}

fn says(product: &Product, wanted: &str) -> bool {
    [product.name, product.short, product.long, product.code]
        .iter()
        .any(|text| text.to_lowercase().contains(wanted))
}

fn lead(department: Option<Department>) -> &'static str {
    match department {
        None => "24 things, each of them the one we use ourselves",
        Some(Department::Tea) => "From the first cup to the last pot",
        Some(Department::Cooking) => "Iron, copper and steel that outlive their owners",
        Some(Department::Table) => "Boards, jugs and bowls to sit down to",
        Some(Department::Linen) => "Woven dense, washed soft",
    }
}

fn chips(chosen: Option<Department>) -> String {
    let chip = |address: &str, label: &str, on: bool| {
        let mark = if on { r#" aria-current="true""# } else { "" };
        format!(
            r#"<a class="chip" href="{address}"{mark}>{}</a>"#,
            escape(label)
        )
    };
    let mut chips = chip("/shop", "All", chosen.is_none());
    for department in Department::ALL {
        chips += &chip(
            &department.address(),
            department.label(),
            chosen == Some(department),
        );
    }
    chips
}

fn pages(address: &str, page: usize, last: usize) -> String {
    if last == 1 {
        return String::new();
    }
    let joint = if address.contains('?') { "&amp;" } else { "?" };
    let link = |to: usize, label: &str, rel: &str| {
        format!(r#"<a href="{address}{joint}page={to}"{rel}>{label}</a>"#)
    };
    let mut links = String::new();
    if page > 1 {
        links += &link(page - 1, "Previous", r#" class="previous" rel="prev""#);
    }
    for number in 1..=last {
        links += &if number == page {
            format!(r#"<span aria-current="page">{number}</span>"#)
        } else {
            link(number, &number.to_string(), "")
        };
    }
    if page < last {
        links += &link(page + 1, "Next", r#" class="next" rel="next""#);
    }
    format!(r#"<nav class="pages" aria-label="Pages">{links}</nav>"#)
}
