//! What the service says when it refuses a call: its error envelope in every known shape (contract §1.3 to §1.5).

use std::fmt;

use serde_json::{Map, Value};

use crate::call::Unreadable;
use crate::{Error, Meta, NotAnApi, ParseFailure};

/// Most characters of a body that was not JSON.
const EXCERPT: usize = 500;

/// The service's own words, with the status and headers they came with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// The service's text; the status' usual name when it said nothing.
    pub text: String,
    /// The service's `error_code`, such as `result_expired`.
    pub code: Option<String>,
    /// Which fields are wrong, when the service lists them.
    pub fields: Vec<FieldError>,
    /// What else the service says beside its words, such as when a result expired (contract §5.3).
    pub details: Map<String, Value>,
    /// First 500 characters of a body that was not JSON.
    pub excerpt: Option<String>,
    /// Status, quota and rate limit of the answer.
    pub meta: Meta,
}

/// One wrong field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Where it is: `extract.title.selector`; empty for the whole request.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "HTTP {}: {}", self.status, self.text)
    }
}

/// The error that an answer outside 2xx stands for. `body` and `location` no longer hold the key.
pub(crate) fn classify(body: &str, location: Option<String>, meta: Meta) -> Error {
    let status = meta.status;
    let json = serde_json::from_str::<Value>(body).ok();
    if (300..400).contains(&status) || (json.is_none() && matches!(status, 404 | 405)) {
        return not_an_api(body, location, meta);
    }
    let refusal = Box::new(read(body, json.as_ref(), meta));
    let text = refusal.text.to_lowercase();
    match status {
        401 => Error::Unauthorized(refusal),
        403 if text.contains("countr") || text.contains("proxy") => {
            Error::CountryNotApproved(refusal)
        }
        403 => Error::Forbidden(refusal),
        404 => Error::NotFound(refusal),
        400 | 422 if is_blocked_address(&text) => Error::UrlBlocked(refusal),
        400 | 422 => Error::Invalid(refusal),
        429 if body.to_lowercase().contains("quota") => Error::QuotaExceeded(refusal),
        429 => Error::RateLimited {
            retry_after: refusal.meta.retry_after,
            refusal,
        },
        500..600 => Error::Server(refusal),
        _ => Error::Refused(refusal),
    }
}

/// The error that a 2xx answer stands for when it can't be read: no API at all, or one that departs from the
/// contract. `body` no longer holds the key.
pub(crate) fn unreadable(failure: &Unreadable, message: String, body: &str, meta: Meta) -> Error {
    let says_json = meta
        .content_type
        .as_deref()
        .is_some_and(|kind| kind.to_ascii_lowercase().contains("json"));
    let body = body.trim_start();
    let is_page = body.is_empty() || body.starts_with('<');
    if !failure.cause.is_data() && (is_page || !says_json) {
        return not_an_api(body, None, meta);
    }
    Error::Parse(Box::new(ParseFailure {
        path: failure.path.clone(),
        message,
        excerpt: excerpt(body),
        meta,
    }))
}

fn not_an_api(body: &str, location: Option<String>, meta: Meta) -> Error {
    Error::NotAnApi(Box::new(NotAnApi {
        status: meta.status,
        content_type: meta.content_type,
        location,
        excerpt: excerpt(body),
    }))
}

fn excerpt(body: &str) -> String {
    body.chars().take(EXCERPT).collect()
}

fn is_blocked_address(text: &str) -> bool {
    ["ssrf", "url blocked", "blocked url", "blocked ip"]
        .iter()
        .any(|words| text.contains(words))
}

fn read(body: &str, json: Option<&Value>, meta: Meta) -> Refusal {
    let detail = json.and_then(|json| json.get("detail"));
    let fields = detail.map(field_errors).unwrap_or_default();
    let text = json
        .and_then(|json| words(json, detail, &fields))
        .or_else(|| said(body.chars().take(300).collect()))
        .unwrap_or_else(|| reason(meta.status));
    let code = detail
        .and_then(|detail| detail.get("error_code"))
        .or_else(|| json?.get("error_code"))
        .and_then(Value::as_str);
    Refusal {
        status: meta.status,
        text,
        code: code.map(str::to_owned),
        details: json.map(|json| details(json, detail)).unwrap_or_default(),
        fields,
        excerpt: json.is_none().then(|| excerpt(body)).and_then(said),
        meta,
    }
}

/// The order of contract §1.3.
fn words(json: &Value, detail: Option<&Value>, fields: &[FieldError]) -> Option<String> {
    let text = |value: Option<&Value>| said(value?.as_str()?.to_owned());
    text(json.get("message"))
        .or_else(|| text(detail))
        .or_else(|| text(detail?.get("message")))
        .or_else(|| said(fields.iter().map(sentence).collect::<Vec<_>>().join("; ")))
}

fn sentence(field: &FieldError) -> String {
    match field.path.rsplit('.').next() {
        Some("") | None => field.message.clone(),
        Some(name) => format!("{name}: {}", field.message),
    }
}

/// The entries of `detail[]`; their `loc` starts with `body` or `query`, which says nothing to anybody.
fn field_errors(detail: &Value) -> Vec<FieldError> {
    let Some(entries) = detail.as_array() else {
        return Vec::new();
    };
    entries
        .iter()
        .filter_map(|entry| {
            let message = entry.get("msg").and_then(Value::as_str)?.to_owned();
            let place = entry.get("loc").and_then(Value::as_array);
            let steps: Vec<String> = place.into_iter().flatten().map(step).collect();
            let named = match steps.first().map(String::as_str) {
                Some("body" | "query" | "path" | "header") => &steps[1..],
                Some(_) | None => &steps[..],
            };
            Some(FieldError {
                path: named.join("."),
                message,
            })
        })
        .collect()
}

fn step(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The fields of `detail`, or of the whole answer when it has no such wrapper, but for those that are read above.
fn details(json: &Value, detail: Option<&Value>) -> Map<String, Value> {
    let object = detail.unwrap_or(json).as_object();
    object
        .into_iter()
        .flatten()
        .filter(|(name, _)| !matches!(name.as_str(), "message" | "error_code"))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn said(text: String) -> Option<String> {
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

fn reason(status: u16) -> String {
    reqwest::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("no explanation")
        .to_owned()
}
