//! `/v1/async/collections` (contract §4.10 to §4.14, §5.4).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::check::Problem;
use crate::collections::{Filter, Refusal, moment};

use super::{Shared, answers};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

pub async fn create(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match super::sync::json_body(&headers, body) {
        Ok(body) => body,
        Err(refusal) => return *refusal,
    };
    let key = match headers.get(IDEMPOTENCY_KEY).map(HeaderValue::to_str) {
        None => None,
        Some(Ok(key)) => Some(key.to_owned()),
        Some(Err(_)) => return Refusal::KeyUnfit.into_response(),
    };
    match shared.collections.create(key, body).await {
        Err(refusal) => refusal.into_response(),
        Ok(created) => {
            let mut response = (StatusCode::CREATED, json_bytes(created.answer)).into_response();
            if let Some(replayed) = created.replayed {
                let replayed = if replayed { "true" } else { "false" };
                response
                    .headers_mut()
                    .insert(REPLAYED, HeaderValue::from_static(replayed));
            }
            response
        }
    }
}

#[derive(Deserialize)]
pub struct ListQuery {
    name: Option<String>,
    name_prefix: Option<String>,
    since: Option<String>,
}

pub async fn list(State(shared): State<Arc<Shared>>, Query(query): Query<ListQuery>) -> Response {
    let since = match query.since.map(|text| moment::parse(&text)) {
        None => None,
        Some(Some(since)) => Some(since),
        Some(None) => {
            let problem = Problem {
                loc: vec![json!("query"), json!("since")],
                msg: "Input should be a valid datetime".into(),
                kind: "datetime_parsing",
            };
            return Refusal::from(problem).into_response();
        }
    };
    let filter = Filter {
        name: query.name,
        name_prefix: query.name_prefix,
        since,
    };
    answers::told(shared.collections.list(filter).await)
}

pub async fn get(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    answers::told(shared.collections.get(id).await)
}

pub async fn update(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match super::sync::json_body(&headers, body) {
        Ok(body) => body,
        Err(refusal) => return *refusal,
    };
    match shared.collections.update(id, body).await {
        Ok(answer) => json_bytes(answer).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

pub async fn delete(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let deleted = shared.collections.delete(id).await;
    answers::told(deleted.map(|()| json!({"message": "Collection deleted successfully."})))
}

/// JSON that is written already.
pub fn json_bytes(json: Vec<u8>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], json)
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Invalid(problems) => {
                return answers::detail(StatusCode::UNPROCESSABLE_ENTITY, problems);
            }
            Self::NoResult(why) => return answers::detail(StatusCode::NOT_FOUND, why.detail()),
            Self::Busy => return answers::unavailable(),
            Self::Database(error) => {
                tracing::error!(%error, "the database could not be used");
                return answers::unavailable();
            }
            Self::Requests(_) | Self::Query(_) => StatusCode::BAD_REQUEST,
            Self::KeyReused | Self::KeyUnfit => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NoCollection | Self::NothingToRun | Self::NoRun | Self::ForeignRun => {
                StatusCode::NOT_FOUND
            }
        };
        answers::detail(status, self.to_string())
    }
}
