//! Answers in the forms of contract §1.3 and §1.5.

use axum::Json;
use axum::body::to_bytes;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use crate::check::Rejection;

/// What refuses a scrape for its address starts so; clients look for these words.
const SSRF: &str = "URL blocked by SSRF protection";

const MOST_WORDS: usize = 64 * 1024;

/// `{"detail": …}`
pub fn detail(status: StatusCode, detail: impl Serialize) -> Response {
    (status, Json(json!({ "detail": detail }))).into_response()
}

/// What was found, or why not.
pub fn told<T: Serialize, E: IntoResponse>(found: Result<T, E>) -> Response {
    match found {
        Ok(found) => Json(found).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// The engine is ending, or could not do its part.
pub fn unavailable() -> Response {
    detail(
        StatusCode::SERVICE_UNAVAILABLE,
        "Service unavailable, please try again later.",
    )
}

/// What was refused before a handler saw it (a query or path that can't be read) is said in the same form.
pub async fn refused_in_json(response: Response) -> Response {
    let is_plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|mime| mime.as_bytes().starts_with(b"text/plain"));
    let status = response.status();
    if !status.is_client_error() || !is_plain {
        return response;
    }
    let words = to_bytes(response.into_body(), MOST_WORDS).await;
    detail(status, String::from_utf8_lossy(&words.unwrap_or_default()))
}

/// Pages and sums are of this moment.
pub async fn never_cached(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        match self {
            Self::Invalid(problems) => detail(StatusCode::UNPROCESSABLE_ENTITY, problems),
            Self::CountryProxy => detail(StatusCode::FORBIDDEN, "Country proxy not approved"),
            Self::Blocked(message) => detail(
                StatusCode::UNPROCESSABLE_ENTITY,
                format!("{SSRF}: {message}"),
            ),
        }
    }
}
