//! What an answer's headers say (contract §1.2). Any may be missing; one that makes no sense is as good as missing.

use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};

/// Status and headers of one answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meta {
    /// HTTP status of the call, not of the scraped page.
    pub status: u16,
    /// Calls left in this minute, for the bucket the call belongs to.
    pub rate_limit: Option<RateLimit>,
    /// Credits left this month.
    pub quota: Option<Quota>,
    /// Credits charged for this call; 0 when refunded.
    pub credits_charged: Option<u32>,
    /// How long the service asks to wait. 0 counts as not stated.
    pub retry_after: Option<Duration>,
    /// The answer was given before, to the same `Idempotency-Key`; nothing was created now (contract §4.10.2).
    pub replayed: bool,
    /// MIME type of the answer itself.
    pub content_type: Option<String>,
    /// From sending to the last byte, this attempt only.
    pub elapsed: Duration,
}

/// `X-RateLimit-*`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RateLimit {
    /// Calls allowed in the window.
    pub limit: Option<u64>,
    /// Calls left in it.
    pub remaining: Option<u64>,
    /// When it starts anew, Unix seconds.
    pub reset: Option<u64>,
}

/// `X-Quota-*`. `used` and `limit` are not comparable when the limit is not stated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quota {
    /// Credits a month; `None` when not stated, which the service also writes as 0.
    pub limit: Option<u64>,
    /// Credits used this month.
    pub used: Option<u64>,
    /// Credits left.
    pub remaining: Option<CreditsLeft>,
}

/// `X-Quota-Remaining`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreditsLeft {
    /// This many.
    Credits(u64),
    /// No limit.
    Unlimited,
}

/// The service counts reads and writes apart (contract §9 row 18).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// GET.
    Read,
    /// POST, PUT, DELETE.
    Write,
}

impl Meta {
    pub(crate) fn read(status: u16, headers: &HeaderMap) -> Self {
        Self {
            status,
            rate_limit: rate_limit(headers),
            quota: quota(headers),
            credits_charged: number(headers, "x-credits-charged")
                .and_then(|credits| credits.try_into().ok()),
            retry_after: text(headers, RETRY_AFTER.as_str())
                .and_then(|value| retry_after(value, SystemTime::now())),
            replayed: text(headers, "idempotency-replayed")
                .is_some_and(|value| value.eq_ignore_ascii_case("true")),
            content_type: text(headers, CONTENT_TYPE.as_str()).map(str::to_owned),
            elapsed: Duration::ZERO,
        }
    }
}

/// Seconds (whole or not) or an HTTP date. 0 and the past mean nothing.
pub(crate) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let wait = match value.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok()?,
        Err(_) => httpdate::parse_http_date(value)
            .ok()?
            .duration_since(now)
            .ok()?,
    };
    (!wait.is_zero()).then_some(wait)
}

fn rate_limit(headers: &HeaderMap) -> Option<RateLimit> {
    let stated = RateLimit {
        limit: number(headers, "x-ratelimit-limit"),
        remaining: number(headers, "x-ratelimit-remaining"),
        reset: number(headers, "x-ratelimit-reset"),
    };
    (stated != RateLimit::default()).then_some(stated)
}

fn quota(headers: &HeaderMap) -> Option<Quota> {
    let remaining = text(headers, "x-quota-remaining").and_then(|value| {
        if value.eq_ignore_ascii_case("unlimited") {
            return Some(CreditsLeft::Unlimited);
        }
        value.parse().ok().map(CreditsLeft::Credits)
    });
    let stated = Quota {
        limit: number(headers, "x-quota-limit").filter(|limit| *limit > 0),
        used: number(headers, "x-quota-used"),
        remaining,
    };
    (stated != Quota::default()).then_some(stated)
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    text(headers, name)?.parse().ok()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}
