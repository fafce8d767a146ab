//! `POST /v1/sync/scrape` and `POST /v1/sync/download` (contract §4.1, §4.2).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use scrapingpros::types::{DownloadRequest, ScrapeRequest};
use serde::de::DeserializeOwned;

use crate::StageEvent;
use crate::check;
use crate::page::StageTeller;

use super::listen::LATE;
use super::{Shared, answers};

const CREDITS_CHARGED: HeaderName = HeaderName::from_static("x-credits-charged");
const SCRAPE_ID: HeaderName = HeaderName::from_static("x-scrape-id");

/// A caller who goes away drops this future, and with it the scrape, before anything is charged.
pub async fn scrape(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let request: ScrapeRequest = match read(&headers, body) {
        Ok(request) => request,
        Err(refusal) => return *refusal,
    };
    let stages = stage_teller(&shared, &headers);
    let scrape = shared.scraper.scrape(&request, &stages);
    match shared.stopped.run_until_cancelled(scrape).await {
        None => answers::unavailable(),
        Some(Err(rejection)) => rejection.into_response(),
        Some(Ok(scraped)) => charged(scraped.credits, Json(scraped.response)),
    }
}

pub async fn download(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let request: DownloadRequest = match read(&headers, body) {
        Ok(request) => request,
        Err(refusal) => return *refusal,
    };
    let download = shared.scraper.download(&request);
    match shared.stopped.run_until_cancelled(download).await {
        None => answers::unavailable(),
        Some(Err(rejection)) => rejection.into_response(),
        Some(Ok(file)) => {
            let status = if file.failed {
                StatusCode::INTERNAL_SERVER_ERROR
            } else {
                StatusCode::OK
            };
            charged(file.credits, (status, Json(file.response)))
        }
    }
}

fn charged(credits: u32, answer: impl IntoResponse) -> Response {
    ([(CREDITS_CHARGED, credits.to_string())], answer).into_response()
}

/// The request, or how its body is refused.
pub fn read<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<T, Box<Response>> {
    let body = json_body(headers, body)?;
    check::read(&body).map_err(|error| Box::new(error.into_response()))
}

/// A body that is said to be JSON and is not too large.
pub fn json_body(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Bytes, Box<Response>> {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|mime| mime.to_str().ok())
        .and_then(|mime| mime.split(';').next())
        .is_some_and(|mime| mime.trim().eq_ignore_ascii_case("application/json"));
    if !is_json {
        return Err(Box::new(answers::detail(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body must be application/json.",
        )));
    }
    body.map_err(|error| {
        let words = error.body_text();
        let status = if words.contains(LATE) {
            StatusCode::REQUEST_TIMEOUT
        } else {
            error.status()
        };
        Box::new(answers::detail(status, words))
    })
}

fn stage_teller(shared: &Shared, headers: &HeaderMap) -> StageTeller {
    let Some(scrape_id) = headers
        .get(SCRAPE_ID)
        .and_then(|id| id.to_str().ok())
        .map(str::to_owned)
    else {
        return StageTeller::default();
    };
    let stages = shared.stages.clone();
    StageTeller::new(move |stage| {
        let event = StageEvent {
            scrape_id: scrape_id.clone(),
            stage,
        };
        // No one listening is no error.
        let _ = stages.send(event);
    })
}
