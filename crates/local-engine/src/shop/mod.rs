//! The sample shop: a small shop to practise on, with no network at all. Known to the engine as
//! `http://sample.shop/`. Kettle & Oak sells 24 things for the kitchen and none of them is real.
//!
//! | Address | What it is for |
//! |---|---|
//! | `/` | home page |
//! | `/shop`, `/shop?page=2`, `/shop?in=tea` | catalogue, 12 `.card` to a page, numbered pages and Next |
//! | `/shop/cast-iron-kettle` | product: breadcrumbs, specification, reviews, JSON-LD, OpenGraph |
//! | `/trade/price-list` | a plain table of seven rows |
//! | `/search?q=oak` | form sent by GET |
//! | `/contact` | form sent by POST, shows what arrived |
//! | `/basket`, `/basket/add` | kept in a cookie |
//! | `/new` | drawn by JavaScript from `/api/products.json`: cookie notice, Load more, six at a time |
//! | `/feed` | grows as it is scrolled: 20 `.note` at a time, up to 60 |
//! | `/account`, `/account/login`, `/account/orders` | login wall; user `guest`, password `kettle` |
//! | `/checkpoint` | captcha-looking, always 403, with or without a browser |
//! | `/checkpoint?browser=1` | captcha-looking and 403 to a simple request; a page whose JavaScript runs sets a cookie, reloads and gets the members' offers with 200 |
//! | `/slow?seconds=5` | waits first; at most 60 seconds |
//! | `/gone`, `/broken`, `/moved` | 404, 500, 301 to `/shop` |
//! | `/files/price-list.pdf`, `kettle.png`, `catalogue.zip`, `prices.csv` | downloads |
//! | `/big`, `/latin1` | 10 MB of table; a page in ISO-8859-1 |
//! | `/images/{slug}.svg`, `/style.css`, `/robots.txt`, `/sitemap.xml` | the rest of a real site |
//!
//! Pages carry their styles and pictures inside themselves, so a copy of one looks right with no
//! network. Deliberately not here: sessions, a database, or anything that remembers a visitor.

mod account;
mod catalogue;
mod checkpoint;
mod contact;
mod cookies;
mod drawing;
mod faults;
mod files;
mod forms;
mod goods;
mod home;
mod layout;
mod listing;
mod pdf;
mod product;
mod scripted;
mod site;
mod zip;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{get, post};

/// The shop's host name inside the engine.
pub const HOST: &str = "sample.shop";

/// The shop as a router of its own.
pub fn router() -> Router {
    Router::new()
        .route("/", get(home::show))
        .route("/shop", get(listing::show))
        .route("/shop/{slug}", get(product::show))
        .route("/trade/price-list", get(listing::trade))
        .route("/search", get(listing::search))
        .route("/contact", get(contact::form).post(contact::send))
        .route("/basket", get(contact::basket))
        .route("/basket/add", post(contact::add_to_basket))
        .route("/new", get(scripted::new_in))
        .route("/api/products.json", get(scripted::products))
        .route("/feed", get(scripted::feed))
        .route("/feed/more", get(scripted::feed_more))
        .route("/account", get(account::form))
        .route("/account/login", post(account::log_in))
        .route("/account/orders", get(account::orders))
        .route("/account/logout", post(account::log_out))
        .route("/checkpoint", get(checkpoint::show))
        .route("/slow", get(faults::slow))
        .route("/gone", get(faults::gone))
        .route("/broken", get(faults::broken))
        .route("/moved", get(faults::moved))
        .route("/big", get(faults::big))
        .route("/latin1", get(faults::latin1))
        .route("/files/{name}", get(files::download))
        .route("/images/{name}", get(files::picture))
        .route("/style.css", get(site::style))
        .route("/robots.txt", get(site::robots))
        .route("/sitemap.xml", get(site::sitemap))
        .fallback(faults::not_found)
        .layer(map_response(cache))
}

/// Pages are asked for again each time; styles, pictures and files may be kept for an hour.
async fn cache(mut response: Response) -> Response {
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_none_or(|kind| kind.starts_with("text/html") || kind.starts_with("application/json"));
    let rule = if is_page {
        "no-cache"
    } else {
        "public, max-age=3600"
    };
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static(rule));
    response
}
