//! The sample shop: a small shop to practise on, with no network at all. Known to the engine as
//! `http://sample.shop/`.

use axum::Router;

/// The shop's host name inside the engine.
pub const HOST: &str = "sample.shop";

/// The shop as a router of its own.
pub fn router() -> Router {
    Router::new()
}
