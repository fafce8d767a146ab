//! Addresses that do what addresses do on a bad day: slow, gone, broken, moved, huge, old-fashioned.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Query;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::goods::GOODS;
use super::layout::{Page, cards, escape};

const MOST_SECONDS: u64 = 60;
const BIG_ROWS: usize = 60_000;
const ROWS_PER_PIECE: usize = 500;

pub async fn slow(Query(query): Query<HashMap<String, String>>) -> Page {
    let seconds = query
        .get("seconds")
        .and_then(|text| text.parse().ok())
        .unwrap_or(5)
        .min(MOST_SECONDS);
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let unit = if seconds == 1 { "second" } else { "seconds" };
    Page::new(
        "Slow page",
        format!(
            r#"<section class="narrow"><h1>Good things take time</h1><p class="lead">This page waited <b class="waited">{seconds} {unit}</b> before it answered.</p><a class="button" href="/shop">To the shop</a></section>"#
        ),
    )
}

pub async fn gone() -> Response {
    not_found().await
}

pub async fn not_found() -> Response {
    let body = format!(
        r#"<section class="wide"><h1>This page has left the kitchen</h1><p class="lead">There is nothing at this address. These are still here:</p>{}</section>"#,
        cards(&GOODS[..4])
    );
    Page::new("Page not found", body).with_status(StatusCode::NOT_FOUND)
}

pub async fn broken() -> Response {
    Page::new(
        "Something broke",
        r#"<section class="narrow"><h1>Something broke</h1><p class="lead">It was not you. Somebody is sweeping up the pieces; please try again in a while.</p><a class="button" href="/">Back home</a></section>"#,
    )
    .with_status(StatusCode::INTERNAL_SERVER_ERROR)
}

pub async fn moved() -> impl IntoResponse {
    (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, "/shop")])
}

/// Ten megabytes of stock movements, sent piece by piece as they are written.
pub async fn big() -> impl IntoResponse {
    let head = simple_head("utf-8", "Stock movements")
        + "<main class=\"wide\"><h1>Stock movements</h1><p class=\"lead\">60,000 rows, about ten megabytes.</p><table class=\"list\"><thead><tr><th>No.</th><th>Product</th><th>Code</th><th>Pieces</th><th>Shelf</th><th>Note</th></tr></thead><tbody>\n";
    let pieces = (0..BIG_ROWS).step_by(ROWS_PER_PIECE).map(rows_from);
    let whole = std::iter::once(head)
        .chain(pieces)
        .chain(["</tbody></table></main></body></html>\n".to_owned()])
        .map(|piece| Ok::<_, Infallible>(Bytes::from(piece)));
    (
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        Body::from_stream(futures::stream::iter(whole)),
    )
}

pub async fn latin1() -> impl IntoResponse {
    let page = simple_head("iso-8859-1", "Café Noël")
        + "<main class=\"narrow\"><h1>Café Noël à la carte</h1><p class=\"lead\">Crème brûlée £6.50 · Käsespätzle £11.00 · Piñata cake £4.75 · Smørrebrød £7.25</p><p>This page is written in ISO-8859-1, as pages were in 1998: one byte for each é, ü, ñ, ø, ß and £.</p></main></body></html>\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&page);
    (
        [(header::CONTENT_TYPE, "text/html; charset=iso-8859-1")],
        bytes.into_owned(),
    )
}

fn rows_from(first: usize) -> String {
    let mut rows = String::with_capacity(ROWS_PER_PIECE * 180);
    for number in first..first + ROWS_PER_PIECE {
        let product = &GOODS[number % GOODS.len()];
        let moved = (number * 7) % 23 + 1;
        let direction = if number % 3 == 0 {
            "Sent out"
        } else {
            "Brought in"
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            rows,
            r#"<tr class="movement"><td>{:06}</td><td>{}</td><td>{}</td><td>{moved}</td><td>{}-{:02}</td><td>{direction}, counted twice and signed for by the storekeeper</td></tr>"#,
            number + 1,
            escape(product.name),
            product.code,
            ["A", "B", "C", "D"][number % 4],
            number % 40 + 1,
        );
    }
    rows
}

/// Pages that are no part of the shop's frame take its style from the sheet.
fn simple_head(charset: &str, title: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"{charset}\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} · Kettle &amp; Oak</title><link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"/style.css\"></head><body>"
    )
}
