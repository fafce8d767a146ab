//! What was used: `GET /v1/sync/billing`, `/v1/sync/client-metrics` and `/v1/sync/metrics`
//! (contract §4.3 to §4.5). Nobody but the one client of this computer is known here.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::check::{Problem, Rejection};
use crate::database::DatabaseError;
use crate::ledger::{BROWSER_CREDITS, SIMPLE_CREDITS, Span, SpanError};

use super::{CLIENT, Shared, answers};

/// The one word that `detail` may be.
const BY_HOST: &str = "urls";

#[derive(Deserialize)]
pub struct BillingQuery {
    month: Option<String>,
    detail: Option<String>,
}

#[derive(Deserialize)]
pub struct ClientMetricsQuery {
    date: Option<String>,
    hourly: Option<String>,
    detail: Option<String>,
}

#[derive(Deserialize)]
pub struct MetricsQuery {
    date: Option<String>,
    metric: Option<String>,
}

pub async fn billing(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<BillingQuery>,
) -> Response {
    let month = match query.month.as_deref().map(Span::parse_month) {
        None => Span::this_month(),
        Some(Ok(month)) => month,
        Some(Err(error)) => return unfit("month", error),
    };
    let name = month.text.clone();
    let by_host = query.detail.as_deref() == Some(BY_HOST);
    let sums = shared.scraper.ledger.billing(month, by_host).await;
    told(sums.map(|sums| {
        json!({
            "month": name,
            "clients": {CLIENT: sums},
            "credit_system": {"simple_request": SIMPLE_CREDITS, "browser_request": BROWSER_CREDITS},
        })
    }))
}

pub async fn client_metrics(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<ClientMetricsQuery>,
) -> Response {
    let span = match span_of(query.date.as_deref()) {
        Ok(span) => span,
        Err(error) => return unfit("date", error),
    };
    let hourly = query
        .hourly
        .is_some_and(|word| matches!(word.to_ascii_lowercase().as_str(), "true" | "1" | "yes"));
    if hourly && !span.is_single_day() {
        return unfit("hourly", "Hours are told for a single day only");
    }
    let by_host = query.detail.as_deref() == Some(BY_HOST);
    let ledger = &shared.scraper.ledger;
    told(ledger.client_metrics(span, hourly, by_host).await)
}

pub async fn metrics(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<MetricsQuery>,
) -> Response {
    let span = match span_of(query.date.as_deref()) {
        Ok(span) => span,
        Err(error) => return unfit("date", error),
    };
    if let Err(error) = shared.api_answers.write(&shared.database).await {
        tracing::error!(%error, "the latest answers are not counted yet");
    }
    let metrics = shared.scraper.ledger.metrics(span, query.metric.as_deref());
    match metrics.await {
        Ok(Some(metrics)) => Json(metrics).into_response(),
        Ok(None) => unfit("metric", "Input should be 'url', 'proxy' or 'api_codes'"),
        Err(error) => told(Err(error)),
    }
}

fn span_of(date: Option<&str>) -> Result<Span, SpanError> {
    date.map_or_else(|| Ok(Span::today()), Span::parse)
}

fn told(figures: Result<Value, DatabaseError>) -> Response {
    match figures {
        Ok(figures) => Json(figures).into_response(),
        Err(error) => {
            tracing::error!(%error, "the ledger could not be read");
            answers::unavailable()
        }
    }
}

fn unfit(parameter: &str, msg: impl ToString) -> Response {
    Rejection::from(Problem {
        loc: vec![json!("query"), json!(parameter)],
        msg: msg.to_string(),
        kind: "value_error",
    })
    .into_response()
}
