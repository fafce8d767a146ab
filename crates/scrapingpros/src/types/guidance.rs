//! The service's verdict on one page, and what to do next (contract §3.2).

use serde::{Deserialize, Deserializer, Serialize};

use super::ScrapeRequest;

/// Verdict, price and advice.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Guidance {
    /// Usable content was obtained.
    pub success: bool,
    /// Open set: `captcha`, `blocked`, `timeout`, `login_wall`, …
    pub error_type: Option<String>,
    /// Open set: `cloudflare`, `datadome`, …
    pub error_provider: Option<String>,
    /// 0 when refunded.
    pub credits_charged: Option<u32>,
    /// True when credits came back.
    pub credits_refunded: Option<bool>,
    /// Sentences for a person.
    #[serde(deserialize_with = "null_as_empty")]
    pub next_steps: Vec<String>,
    /// Ready to send as it is.
    #[serde(deserialize_with = "lenient_request")]
    pub suggested_request: Option<ScrapeRequest>,
    /// Set when trying again is futile.
    pub stop_reason: Option<String>,
}

fn null_as_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A suggestion this version can't read is no suggestion; the result itself is kept.
fn lenient_request<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<ScrapeRequest>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(deserializer)?;
    Ok(value.and_then(|value| serde_json::from_value(value).ok()))
}
