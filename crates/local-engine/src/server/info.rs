//! `GET /v1/health` and `/v1/plans` (contract §4.9, §5.7).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};
use tokio::net::TcpStream;

use crate::browser::Browser;
use crate::scrape::BROWSER_PAGES;

use super::Shared;

/// What each part says of itself right now. Without a browser the engine still serves simple pages.
pub async fn health(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let (database, shop, browser) = tokio::join!(
        queue(&shared),
        TcpStream::connect(shared.shop),
        tokio::task::spawn_blocking(Browser::installed),
    );
    let browser = browser.ok().flatten();
    let healthy = database.is_ok() && shop.is_ok() && browser.is_some();
    let browser = match browser {
        Some(browser) => json!({"status": "healthy", "name": browser.name, "path": browser.path}),
        None => json!({
            "status": "not found",
            "message": "Install Google Chrome, Chromium or Microsoft Edge for pages that need a browser.",
        }),
    };
    Json(json!({
        "status": if healthy { "healthy" } else { "degraded" },
        "components": {
            "api": {"status": "healthy", "version": env!("CARGO_PKG_VERSION")},
            "database": part(database.clone().map(|_| Map::new())),
            "queue": part(database),
            "shop": part(shop.as_ref().map(|_| Map::new())),
            "browser": browser,
        },
    }))
}

/// How much is still to be done.
async fn queue(shared: &Shared) -> Result<Map<String, Value>, String> {
    let counted = shared.database.read(|connection| {
        connection.query_row(
            "SELECT count(*), coalesce(sum(total - success - failed - timeout), 0)
             FROM runs WHERE status = 'in_progress'",
            [],
            |row| Ok([row.get(0)?, row.get(1)?]),
        )
    });
    let [runs, jobs]: [i64; 2] = counted.await.map_err(|error| error.to_string())?;
    Ok(Map::from_iter([
        ("open_runs".to_owned(), json!(runs)),
        ("open_jobs".to_owned(), json!(jobs)),
    ]))
}

fn part<E: ToString>(state: Result<Map<String, Value>, E>) -> Value {
    match state {
        Ok(mut figures) => {
            figures.insert("status".into(), json!("healthy"));
            Value::Object(figures)
        }
        Err(error) => json!({"status": "failed", "message": error.to_string()}),
    }
}

/// There is one plan here, and it costs nothing. No credits a month means no end of them.
pub async fn plans(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(json!({"plans": [{
        "name": "local",
        "display_name": "On this computer",
        "price_monthly": 0,
        "credits_monthly": 0,
        "credits_unlimited": true,
        "rate_limit_per_minute": shared.limits.rates.writes_per_minute,
        "read_limit_per_minute": shared.limits.rates.reads_per_minute,
        "max_concurrent_jobs": BROWSER_PAGES,
    }]}))
}
