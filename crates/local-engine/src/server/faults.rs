//! Answers that go wrong when told to, for tests of those who call the engine. Compiled only with the
//! feature `faults`. `POST /faults` takes one fault: which path (one `*` may stand for anything), how
//! many answers, and what is wrong with them; `DELETE /faults` forgets all.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Shared, answers};

const MOST_BYTES: usize = 256 * 1024 * 1024;

/// What is still to go wrong.
#[derive(Default)]
pub struct Faults {
    planned: Mutex<Vec<Fault>>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Fault {
    path: String,
    #[serde(default = "once")]
    times: u32,
    /// Only this method's requests.
    #[serde(default)]
    method: Option<String>,
    #[serde(flatten)]
    kind: Kind,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Kind {
    /// The reference's failure of a scrape, with status 200.
    InBody500,
    /// A real status; 502 comes without a body, as from a gateway.
    Status {
        code: u16,
    },
    RateLimit {
        retry_after: u32,
    },
    Quota,
    Forbidden,
    Slow {
        ms: u64,
    },
    DropBefore,
    /// Hangs up after the request was worked off.
    DropAfter,
    ResultPending,
    ResultExpired,
    ResultLost,
    /// Inline results that are too large to be told.
    OversizeResult,
    MalformedResult,
    /// Status 200, but nothing usable.
    SoftBlock,
}

/// In an answer's extensions: nothing is sent.
#[derive(Clone)]
struct HungUp;

pub fn is_hung_up(response: &Response) -> bool {
    response.extensions().get::<HungUp>().is_some()
}

pub async fn plan(State(shared): State<Arc<Shared>>, Json(fault): Json<Fault>) -> Json<Value> {
    shared.faults.planned().push(fault);
    Json(json!({"planned": shared.faults.planned().len()}))
}

pub async fn forget(State(shared): State<Arc<Shared>>) -> Json<Value> {
    shared.faults.planned().clear();
    Json(json!({"planned": 0}))
}

pub async fn interfere(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let Some(kind) = shared.faults.take(&path, request.method().as_str()) else {
        return next.run(request).await;
    };
    match kind {
        Kind::InBody500 => Json(json!({
            "html": null, "statusCode": 500,
            "message": "The job wasn't succesfully completed due to an unknown error.",
            "executionTime": null, "screenshot": null, "extracted_data": null,
        }))
        .into_response(),
        Kind::Status { code } => status(code),
        Kind::RateLimit { retry_after } => {
            let mut response =
                answers::detail(StatusCode::TOO_MANY_REQUESTS, "Rate limit exceeded");
            let wait = HeaderValue::from(retry_after);
            response.headers_mut().insert(header::RETRY_AFTER, wait);
            response
        }
        Kind::Quota => {
            let mut response =
                answers::detail(StatusCode::TOO_MANY_REQUESTS, "Monthly quota exceeded");
            let remaining = HeaderName::from_static("x-quota-remaining");
            response
                .headers_mut()
                .insert(remaining, HeaderValue::from(0));
            response
        }
        Kind::Forbidden => answers::detail(StatusCode::FORBIDDEN, "Country proxy not approved"),
        Kind::Slow { ms } => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            next.run(request).await
        }
        Kind::DropBefore => hung_up(),
        Kind::DropAfter => {
            next.run(request).await;
            hung_up()
        }
        Kind::ResultPending => no_result("result_pending", "The job has not ended yet."),
        Kind::ResultExpired => no_result("result_expired", "The stored result has expired."),
        Kind::ResultLost => no_result("result_lost", "The stored result was lost."),
        Kind::OversizeResult => {
            changed(next.run(request).await, |page| {
                each_result(page, || Value::Null);
            })
            .await
        }
        Kind::MalformedResult => {
            changed(next.run(request).await, |page| {
                each_result(page, || json!({"html": ["torn"], "message": 5}));
            })
            .await
        }
        Kind::SoftBlock => {
            changed(next.run(request).await, |answer| {
                answer["guidance"] = json!({
                    "success": false, "error_type": "soft_block", "error_provider": null,
                    "credits_charged": 0, "credits_refunded": true,
                    "next_steps": ["Scrape it again with a browser."],
                    "suggested_request": null, "stop_reason": null,
                });
            })
            .await
        }
    }
}

impl Faults {
    fn planned(&self) -> std::sync::MutexGuard<'_, Vec<Fault>> {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first that fits; each time counts.
    fn take(&self, path: &str, method: &str) -> Option<Kind> {
        let mut planned = self.planned();
        let fault = planned.iter_mut().find(|fault| fault.fits(path, method))?;
        fault.times = fault.times.saturating_sub(1);
        let kind = fault.kind.clone();
        planned.retain(|fault| fault.times > 0);
        Some(kind)
    }
}

impl Fault {
    fn fits(&self, path: &str, method: &str) -> bool {
        let fits = |own: &String| own.eq_ignore_ascii_case(method);
        if self.times == 0 || !self.method.as_ref().is_none_or(fits) {
            return false;
        }
        match self.path.split_once('*') {
            None => self.path == path,
            Some((start, end)) => {
                path.len() >= start.len() + end.len()
                    && path.starts_with(start)
                    && path.ends_with(end)
            }
        }
    }
}

fn once() -> u32 {
    1
}

fn status(code: u16) -> Response {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if status == StatusCode::BAD_GATEWAY {
        return status.into_response();
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        return answers::unavailable();
    }
    answers::detail(status, status.canonical_reason().unwrap_or("Failed"))
}

fn hung_up() -> Response {
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(HungUp);
    response
}

fn no_result(code: &str, message: &str) -> Response {
    let detail =
        json!({"error_code": code, "message": message, "completed_at": null, "age_hours": null});
    answers::detail(StatusCode::NOT_FOUND, detail)
}

fn each_result(page: &mut Value, result: fn() -> Value) {
    for row in page["items"].as_array_mut().into_iter().flatten() {
        row["result"] = result();
    }
}

/// The answer's JSON, changed.
async fn changed(response: Response, change: impl FnOnce(&mut Value)) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, MOST_BYTES)
        .await
        .unwrap_or_default();
    let Ok(mut json) = serde_json::from_slice::<Value>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    change(&mut json);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(json.to_string()))
}
