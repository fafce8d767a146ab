//! `/v1/async/viability-test` (contract §5.5, §5.6).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use scrapingpros::types::ViabilityRequest;

use crate::viability::NotBegun;

use super::sync::read;
use super::{Shared, answers};

pub async fn start(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let request: ViabilityRequest = match read(&headers, body) {
        Ok(request) => request,
        Err(refusal) => return *refusal,
    };
    match shared.viability.start(request).await {
        Ok(run) => Json(run).into_response(),
        Err(NotBegun::Rejected(rejection)) => rejection.into_response(),
        Err(NotBegun::Database(error)) => {
            tracing::error!(%error, "a viability test could not be kept");
            answers::unavailable()
        }
    }
}

pub async fn get(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    match shared.viability.get(id).await {
        Ok(Some(run)) => Json(run).into_response(),
        Ok(None) => answers::detail(StatusCode::NOT_FOUND, "Run not found."),
        Err(error) => {
            tracing::error!(%error, "a viability test could not be read");
            answers::unavailable()
        }
    }
}
