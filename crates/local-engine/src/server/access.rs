//! Who may call: requests for this host, with the key, and not too many of them. No CORS permission is
//! given, so that no website can read an answer.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use subtle::ConstantTimeEq as _;
use time::OffsetDateTime;

use super::{Shared, answers};

const WINDOW_SECONDS: i64 = 60;

/// How many requests are answered in a minute. The defaults are out of the way of any program that
/// does not run wild.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// GET and HEAD.
    pub reads_per_minute: u32,
    /// All others.
    pub writes_per_minute: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            reads_per_minute: 10_000,
            writes_per_minute: 2_000,
        }
    }
}

/// Requests of the current minute; reads and writes are counted apart.
pub struct RateLimits {
    pub rates: Rates,
    reads: Mutex<Bucket>,
    writes: Mutex<Bucket>,
}

struct Bucket {
    limit: u32,
    used: u32,
    resets_at: i64,
}

/// A request's place in its bucket.
struct Place {
    limit: u32,
    remaining: u32,
    resets_at: i64,
    granted: bool,
}

impl RateLimits {
    pub fn new(rates: Rates) -> Self {
        let bucket = |limit| {
            Mutex::new(Bucket {
                limit,
                used: 0,
                resets_at: 0,
            })
        };
        Self {
            rates,
            reads: bucket(rates.reads_per_minute),
            writes: bucket(rates.writes_per_minute),
        }
    }

    fn take(&self, method: &Method, now: i64) -> Place {
        let bucket = if method.is_safe() {
            &self.reads
        } else {
            &self.writes
        };
        let mut bucket = bucket.lock().unwrap_or_else(PoisonError::into_inner);
        if now >= bucket.resets_at {
            bucket.used = 0;
            bucket.resets_at = now + WINDOW_SECONDS;
        }
        let granted = bucket.used < bucket.limit;
        bucket.used += u32::from(granted);
        Place {
            limit: bucket.limit,
            remaining: bucket.limit - bucket.used,
            resets_at: bucket.resets_at,
            granted,
        }
    }
}

/// Refuses names that a hostile DNS server may have pointed here.
pub async fn own_host(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let port = shared.addr.port();
    let own = [
        shared.addr.to_string(),
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("[::1]:{port}"),
    ];
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    if !host.is_some_and(|host| own.iter().any(|own| own.eq_ignore_ascii_case(host))) {
        return answers::detail(StatusCode::FORBIDDEN, "This host name is not served here.");
    }
    next.run(request).await
}

/// Asks for the key, counts the request, and tells both in the headers of the answer.
pub async fn with_key(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if !bears_key(request.headers(), &shared.key) {
        return answers::detail(StatusCode::UNAUTHORIZED, "Unauthorized");
    }
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let place = shared.limits.take(request.method(), now);
    let mut response = if place.granted {
        next.run(request).await
    } else {
        let mut response = answers::detail(StatusCode::TOO_MANY_REQUESTS, "Rate limit exceeded");
        let wait = HeaderValue::from((place.resets_at - now).max(1));
        response.headers_mut().insert(header::RETRY_AFTER, wait);
        response
    };
    let used = shared
        .scraper
        .ledger
        .credits_this_month()
        .unwrap_or_else(|error| {
            tracing::error!(%error, "could not read the ledger");
            0
        });
    let told: [(&'static str, HeaderValue); 6] = [
        ("x-ratelimit-limit", place.limit.into()),
        ("x-ratelimit-remaining", place.remaining.into()),
        ("x-ratelimit-reset", place.resets_at.into()),
        ("x-quota-limit", HeaderValue::from_static("0")),
        ("x-quota-used", used.into()),
        ("x-quota-remaining", HeaderValue::from_static("unlimited")),
    ];
    for (name, value) in told {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), value);
    }
    response
}

/// Counts every answer by its status.
pub async fn counted(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    shared.api_answers.count(response.status().as_u16());
    response
}

fn bears_key(headers: &HeaderMap, key: &str) -> bool {
    let Some(sent) = headers
        .get(header::AUTHORIZATION)
        .map(HeaderValue::as_bytes)
    else {
        return false;
    };
    let Some((scheme, token)) = sent.split_at_checked(7) else {
        return false;
    };
    scheme.eq_ignore_ascii_case(b"bearer ") && bool::from(token.trim_ascii().ct_eq(key.as_bytes()))
}
