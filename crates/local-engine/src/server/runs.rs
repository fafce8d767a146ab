//! Starting and reading runs (contract §4.14, §4.15, §5.1).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::{Shared, answers};

/// Needs no body, and takes `{"callback_url": …}`.
pub async fn start(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match body {
        Ok(body) => answers::told(shared.collections.start_run(id, &body).await),
        Err(error) => answers::detail(error.status(), error.body_text()),
    }
}

#[derive(Deserialize)]
pub struct ListQuery {
    status_filter: Option<String>,
}

pub async fn list(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    Query(query): Query<ListQuery>,
) -> Response {
    answers::told(shared.collections.runs(id, query.status_filter).await)
}

pub async fn get(
    State(shared): State<Arc<Shared>>,
    Path((id, run_id)): Path<(String, String)>,
) -> Response {
    answers::told(shared.collections.run(id, run_id).await)
}
