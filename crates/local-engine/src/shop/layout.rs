//! The frame around every page of the shop, and the pieces more than one page is made of.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::drawing;
use super::goods::{Department, Product};

pub const STYLE: &str = include_str!("style.css");

const KETTLE_MARK: &str = r##"<svg width="32" height="30" viewBox="0 0 32 30" aria-hidden="true"><path d="M9 14C7-2 27-2 25 14" fill="none" stroke="#b4592a" stroke-width="2.6"/><path d="M9 24C3 23 3 17 0 15l4-3c4 2 4 6 7 7Z" fill="#7a3f1d"/><path d="M6 20c0-6 4-9 11-9s11 3 11 9-4 9-11 9-11-3-11-9Z" fill="#7a3f1d"/><path d="M11 21c1-3 3-5 6-5" fill="none" stroke="#e9c9a4" stroke-width="2" stroke-linecap="round"/></svg>"##;

/// A page before its frame.
pub struct Page {
    title: String,
    description: String,
    /// Address of the navigation link that is marked as current.
    current: String,
    head: String,
    body: String,
}

impl Page {
    /// `body` is HTML already; `title` is text.
    pub fn new(title: impl Into<String>, body: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            description: "Kettle & Oak: good tools for a warm kitchen.".into(),
            current: String::new(),
            head: String::new(),
            body: body.into(),
        }
    }

    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    pub fn current(mut self, address: impl Into<String>) -> Self {
        self.current = address.into();
        self
    }

    /// More HTML for the head.
    pub fn head(mut self, head: impl Into<String>) -> Self {
        self.head = head.into();
        self
    }

    pub fn with_status(self, status: StatusCode) -> Response {
        (status, self).into_response()
    }

    /// The whole document as text.
    pub fn document(&self) -> String {
        format!(
            r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Kettle &amp; Oak</title>
<meta name="description" content="{description}">
<link rel="icon" href="data:,">
<style>{STYLE}</style>
{head}</head>
<body>
{header}
<main>
{body}
</main>
{footer}
</body>
</html>
"#,
            title = escape(&self.title),
            description = escape(&self.description),
            head = self.head,
            header = self.header(),
            body = self.body,
            footer = footer(),
        )
    }

    fn header(&self) -> String {
        let mut links = self.link("/new", "New") + &self.link("/shop", "All");
        for department in Department::ALL {
            links += &self.link(&department.address(), department.label());
        }
        format!(
            r#"<p class="promise">Free delivery over £50 · 60-day returns</p>
<header class="top">
<a class="logo" href="/">{KETTLE_MARK}Kettle &amp; Oak</a>
<nav aria-label="Shop">{links}</nav>
<form class="find" action="/search" role="search"><input type="search" name="q" aria-label="Search the shop" placeholder="Search the shop"></form>
<div class="own"><a href="/account">Account</a><a href="/basket">Basket</a></div>
</header>"#
        )
    }

    fn link(&self, address: &str, label: &str) -> String {
        let mark = if address == self.current {
            r#" aria-current="page""#
        } else {
            ""
        };
        format!(r#"<a href="{address}"{mark}>{}</a>"#, escape(label))
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        Html(self.document()).into_response()
    }
}

/// The wide heading of a list, with a few of its things on a shelf.
pub fn band(title: &str, lead: &str, shown: &[&Product]) -> String {
    let things: String = shown
        .iter()
        .filter(|product| !product.form.hangs())
        .take(3)
        .enumerate()
        .map(|(place, product)| {
            format!(
                r#"<g transform="translate({} 22) scale(.9)">{}</g>"#,
                place * 190,
                drawing::form(product.form, product.colour)
            )
        })
        .collect();
    format!(
        r##"<section class="band"><div><h1>{}</h1><p>{}</p></div><svg viewBox="0 0 600 172" aria-hidden="true"><circle cx="110" cy="104" r="84" fill="#ecd6ba"/><circle cx="300" cy="104" r="84" fill="#ecd6ba"/><circle cx="490" cy="104" r="84" fill="#ecd6ba"/>{things}<path d="M10 159h580v8H10Z" fill="#c9925a"/><path d="M10 167h580v5H10Z" fill="#5c2e14"/></svg></section>"##,
        escape(title),
        escape(lead)
    )
}

/// A product as the catalogue shows it.
pub fn card(product: &Product) -> String {
    format!(
        r#"<a class="card" href="{address}" data-code="{code}" data-image="{image}">{picture}<div class="in"><h2 class="name">{name}</h2><p class="meta">{short}</p><p class="row"><span class="price">{price}</span><span class="rating"><i aria-hidden="true">★</i> {rating} ({ratings})</span></p><p class="stock {class}">{stock}</p></div></a>
"#,
        address = product.address(),
        code = product.code,
        image = product.image(),
        picture = drawing::inline(product),
        name = escape(product.name),
        short = escape(product.short),
        price = product.price(),
        rating = product.rating(),
        ratings = product.ratings,
        class = product.stock.class(),
        stock = product.stock.words(),
    )
}

pub fn cards<'a>(products: impl IntoIterator<Item = &'a Product>) -> String {
    let cards: String = products.into_iter().map(card).collect();
    format!("<div class=\"grid\">\n{cards}</div>")
}

/// The way back: pairs of address and label, then where the reader is.
pub fn breadcrumbs(way: &[(&str, &str)], here: &str) -> String {
    let steps: String = way
        .iter()
        .map(|(address, label)| format!(r#"<li><a href="{address}">{}</a></li>"#, escape(label)))
        .collect();
    format!(
        r#"<nav class="crumbs" aria-label="Breadcrumbs"><ol>{steps}<li aria-current="page">{}</li></ol></nav>"#,
        escape(here)
    )
}

/// Text made safe between tags and inside quoted attributes.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

fn footer() -> &'static str {
    r#"<footer class="bottom">
<div><b>Kettle &amp; Oak</b><p>Good tools for a warm kitchen. This is a sample shop to practise on: nothing here is for sale.</p></div>
<div><b>Help</b><a href="/contact">Contact</a><a href="/account">Your account</a><a href="/feed">Kitchen notes</a></div>
<div><b>Trade</b><a href="/trade/price-list">Trade price list</a><a href="/files/price-list.pdf">Price list (PDF)</a><a href="/files/prices.csv">Prices (CSV)</a><a href="/files/catalogue.zip">Catalogue (ZIP)</a><a href="/files/kettle.png">Press picture (PNG)</a></div>
<div><b>For practice</b><a href="/checkpoint">Human check</a><a href="/checkpoint?browser=1">Members’ offers</a><a href="/slow">Slow page</a><a href="/big">Big page</a><a href="/latin1">Old page</a><a href="/gone">Missing page</a><a href="/broken">Broken page</a><a href="/moved">Moved page</a></div>
</footer>"#
}
