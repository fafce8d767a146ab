//! What a site keeps for machines: its own address, style sheet, robots.txt and sitemap.

use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;

use super::HOST;
use super::goods::{Department, GOODS};
use super::layout::{STYLE, escape};

const PAGES: [&str; 9] = [
    "/",
    "/shop",
    "/shop?page=2",
    "/new",
    "/feed",
    "/trade/price-list",
    "/contact",
    "/search",
    "/account",
];

/// `http://` and the host the visitor used, when it is a plain one.
pub fn origin(headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .filter(|host| {
            host.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".:-[]".contains(&byte))
        })
        .unwrap_or(HOST);
    format!("http://{host}")
}

pub async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

pub async fn robots(headers: HeaderMap) -> impl IntoResponse {
    let text = format!(
        "User-agent: *\nAllow: /\nDisallow: /account\nDisallow: /basket\nSitemap: {}/sitemap.xml\n",
        origin(&headers)
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
}

pub async fn sitemap(headers: HeaderMap) -> impl IntoResponse {
    let origin = origin(&headers);
    let addresses: String = PAGES
        .iter()
        .map(|page| (*page).to_owned())
        .chain(Department::ALL.into_iter().map(Department::address))
        .chain(GOODS.iter().map(|product| product.address()))
        .map(|address| format!("<url><loc>{origin}{}</loc></url>\n", escape(&address)))
        .collect();
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{addresses}</urlset>\n"
    );
    (
        [(header::CONTENT_TYPE, "application/xml; charset=utf-8")],
        xml,
    )
}
