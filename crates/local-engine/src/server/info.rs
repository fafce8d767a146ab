//! `GET /v1/health`, `/v1/plans` and `/v1/sync/billing` (contract §4.5, §4.9, §5.7).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::browser::Browser;
use crate::check::{Problem, Rejection};
use crate::ledger::{self, BROWSER_CREDITS, SIMPLE_CREDITS};

use super::{Shared, answers};

/// The one client of one computer.
const CLIENT: &str = "local";

/// What each part says of itself right now. Without a browser the engine still serves simple pages.
pub async fn health(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let ledger = shared.scraper.ledger.check();
    let shop = TcpStream::connect(shared.shop).await;
    let browser = tokio::task::spawn_blocking(Browser::installed)
        .await
        .ok()
        .flatten();
    let healthy = ledger.is_ok() && shop.is_ok() && browser.is_some();
    Json(json!({
        "status": if healthy { "healthy" } else { "degraded" },
        "components": {
            "api": {"status": "healthy", "version": env!("CARGO_PKG_VERSION")},
            "ledger": part(ledger.map_err(|error| error.to_string())),
            "shop": part(shop.map(drop).map_err(|error| error.to_string())),
            "browser": match browser {
                Some(browser) => json!({"status": "healthy", "name": browser.name, "path": browser.path}),
                None => json!({"status": "not found", "message": "Install Google Chrome, Chromium or Microsoft Edge for pages that need a browser."}),
            },
        },
    }))
}

fn part(state: Result<(), String>) -> Value {
    match state {
        Ok(()) => json!({"status": "healthy"}),
        Err(message) => json!({"status": "failed", "message": message}),
    }
}

/// There is one plan here, and it costs nothing.
pub async fn plans() -> Json<Value> {
    Json(json!({"plans": [{
        "name": "local",
        "display_name": "On this computer",
        "price_monthly": 0,
        "credits_monthly": 0,
        "max_concurrent_jobs": 4,
    }]}))
}

#[derive(Deserialize)]
pub struct BillingQuery {
    month: Option<String>,
    detail: Option<String>,
}

pub async fn billing(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<BillingQuery>,
) -> Response {
    let month = query.month.unwrap_or_else(ledger::this_month);
    if !is_month(&month) {
        return Rejection::from(Problem {
            loc: vec![json!("query"), json!("month")],
            msg: "String should be YYYY-MM".into(),
            kind: "string_pattern_mismatch",
        })
        .into_response();
    }
    let by_host = query.detail.as_deref() == Some("urls");
    match shared.scraper.ledger.billing(&month, by_host) {
        Ok(sums) => {
            let answer = json!({
                "month": month,
                "clients": {CLIENT: sums},
                "credit_system": {"simple_request": SIMPLE_CREDITS, "browser_request": BROWSER_CREDITS},
            });
            (StatusCode::OK, Json(answer)).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "could not read the ledger");
            answers::unavailable()
        }
    }
}

fn is_month(text: &str) -> bool {
    text.split_once('-').is_some_and(|(year, month)| {
        year.len() == 4
            && month.len() == 2
            && year.parse::<u16>().is_ok()
            && month
                .parse()
                .is_ok_and(|month: u8| (1..=12).contains(&month))
    })
}
