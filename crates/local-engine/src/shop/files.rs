//! Downloads and pictures.

use std::fmt::Write as _;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::goods::{GOODS, Product};
use super::{drawing, faults, pdf, zip};

const KETTLE: &[u8] = include_bytes!("kettle.png");

pub async fn download(Path(name): Path<String>) -> Response {
    match name.as_str() {
        "price-list.pdf" => file("application/pdf", pdf::price_list()),
        "kettle.png" => file("image/png", KETTLE),
        "catalogue.zip" => file("application/zip", catalogue()),
        "prices.csv" => file("text/csv; charset=utf-8", prices()),
        _ => faults::not_found().await,
    }
}

pub async fn picture(Path(name): Path<String>) -> Response {
    match name.strip_suffix(".svg").and_then(Product::find) {
        Some(product) => file("image/svg+xml", drawing::file(product)),
        None => faults::not_found().await,
    }
}

fn file(kind: &'static str, bytes: impl IntoResponse) -> Response {
    ([(header::CONTENT_TYPE, kind)], bytes).into_response()
}

fn catalogue() -> Vec<u8> {
    let mut entries = vec![
        ("prices.csv".to_owned(), prices().into_bytes()),
        (
            "read-me.txt".to_owned(),
            b"Kettle & Oak: 24 products, their prices and their pictures.\nA sample shop: nothing here is for sale.\n".to_vec(),
        ),
    ];
    for product in &GOODS {
        let name = format!("pictures/{}.svg", product.slug);
        entries.push((name, drawing::file(product).into_bytes()));
    }
    zip::store(&entries)
}

fn prices() -> String {
    let mut csv = String::from("code,name,department,price,currency,availability\r\n");
    for product in &GOODS {
        // Writing to a String cannot fail.
        let _ = write!(
            csv,
            "{},\"{}\",{},{},GBP,{}\r\n",
            product.code,
            product.name,
            product.department.label(),
            product.amount(),
            product.stock.words()
        );
    }
    csv
}
