//! The jobs of a run and their results (contract §5.2, §5.3).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::collections::jobs::JobParameters;

use super::Shared;
use super::collections::json_bytes;

pub async fn list(
    State(shared): State<Arc<Shared>>,
    Path((id, run_id)): Path<(String, String)>,
    Query(parameters): Query<JobParameters>,
) -> Response {
    let query = match parameters.read() {
        Ok(query) => query,
        Err(refusal) => return refusal.into_response(),
    };
    match shared.collections.jobs(id, run_id, query).await {
        Ok(page) => {
            let json = [(header::CONTENT_TYPE, "application/json")];
            (json, Body::from_stream(page.into_stream())).into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

pub async fn result(
    State(shared): State<Arc<Shared>>,
    Path((id, run_id, job_id)): Path<(String, String, String)>,
) -> Response {
    match shared.collections.result(id, run_id, job_id).await {
        Ok(json) => json_bytes(json).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}
