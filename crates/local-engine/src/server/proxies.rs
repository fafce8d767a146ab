//! `/v1/proxy/…` (contract §4.6 to §4.8).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use scrapingpros::types::CountryRequest;
use serde_json::{Value, json};

use crate::check::{Problem, Rejection};
use crate::proxies::{Asked, Proxies};

use super::sync::read;
use super::{CLIENT, Shared, answers};

/// Longer reasons are no reasons.
const MOST_REASON: usize = 2_000;

pub async fn countries() -> Json<Value> {
    Json(json!({"countries": Proxies::countries(), "error": null}))
}

pub async fn status(State(shared): State<Arc<Shared>>) -> Response {
    match shared.proxies.pending().await {
        Ok(pending) => Json(json!({
            "client_id": CLIENT,
            "approved_countries": shared.proxies.approved(),
            "pending_countries": pending,
            "error": null,
        }))
        .into_response(),
        Err(error) => {
            tracing::error!(%error, "the asked-for countries could not be read");
            answers::unavailable()
        }
    }
}

pub async fn request_country(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let CountryRequest {
        country_code,
        reason,
    } = match read(&headers, body) {
        Ok(request) => request,
        Err(refusal) => return *refusal,
    };
    let Some(country) = Proxies::country(&country_code) else {
        return unfit(
            "country_code",
            "Input should be an ISO 3166-1 alpha-2 country code",
            "value_error",
        );
    };
    if reason.chars().count() > MOST_REASON {
        return unfit(
            "reason",
            "String should have at most 2000 characters",
            "string_too_long",
        );
    }
    let (status, message) = match shared.proxies.ask_for(country, reason).await {
        Ok(Asked::Approved) => (
            "already_approved",
            format!("A proxy for {country} was entered: it may be used."),
        ),
        Ok(Asked::Pending) => (
            "pending",
            format!(
                "This computer has no proxy in {country}. Enter one of your own, and it may be used at once."
            ),
        ),
        Err(error) => {
            tracing::error!(%error, "the country could not be noted");
            return answers::unavailable();
        }
    };
    Json(json!({"status": status, "country_code": country, "message": message})).into_response()
}

fn unfit(field: &str, msg: &str, kind: &'static str) -> Response {
    Rejection::from(Problem {
        loc: vec![json!("body"), json!(field)],
        msg: msg.into(),
        kind,
    })
    .into_response()
}
