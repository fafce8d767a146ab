//! A page that looks like the ones that stop robots. Nothing is checked and nobody else is asked.
//!
//! `/checkpoint` never lets anyone pass. `/checkpoint?browser=1` lets pass whoever runs JavaScript:
//! its script sets a cookie that lives for a minute and loads the page again.

use std::collections::HashMap;

use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::cookies;
use super::goods::GOODS;
use super::layout::{Page, band, cards};

const COOKIE: &str = "checkpoint";
const PASSED: &str = "passed";

/// Loads again only once the cookie is really there: a visitor without cookies stays, not loops.
const SCRIPT: &str = r#"<script>
document.cookie = "checkpoint=passed; path=/checkpoint; max-age=60; samesite=lax";
if (document.cookie.includes("checkpoint=passed")) location.reload();
</script>
"#;

pub async fn show(headers: HeaderMap, Query(query): Query<HashMap<String, String>>) -> Response {
    let lets_browsers_pass = query.get("browser").is_some_and(|value| value == "1");
    if lets_browsers_pass && cookies::read(&headers, COOKIE) == Some(PASSED) {
        return offers().into_response();
    }
    let script = if lets_browsers_pass { SCRIPT } else { "" };
    let page = include_str!("checkpoint.html").replace("<!-- script -->", script);
    (
        StatusCode::FORBIDDEN,
        [(header::CACHE_CONTROL, "no-store")],
        Html(page),
    )
        .into_response()
}

fn offers() -> Page {
    let offered: Vec<_> = GOODS[8..12].iter().collect();
    let body = format!(
        r#"{}<section class="wide"><p class="lead">Use the code <b class="code">OAK20</b> at the till, as often as you like.</p>{}</section>"#,
        band(
            "Members’ offers",
            "Four of our favourites, 20% off until the end of the month",
            &offered
        ),
        cards(offered)
    );
    Page::new("Members’ offers", body)
}
