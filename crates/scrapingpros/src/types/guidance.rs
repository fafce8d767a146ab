//! The service's verdict on one page, and what to do next (contract §3.2).

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{ScrapeRequest, lenient};

/// Verdict, price and advice.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Guidance {
    /// Usable content was obtained.
    #[serde(deserialize_with = "lenient::flag")]
    pub success: bool,
    /// Open set: `captcha`, `blocked`, `timeout`, `login_wall`, …
    #[serde(deserialize_with = "lenient::optional")]
    pub error_type: Option<String>,
    /// Open set: `cloudflare`, `datadome`, …
    #[serde(deserialize_with = "lenient::optional")]
    pub error_provider: Option<String>,
    /// 0 when refunded.
    #[serde(deserialize_with = "lenient::optional")]
    pub credits_charged: Option<u32>,
    /// True when credits came back.
    #[serde(deserialize_with = "lenient::optional")]
    pub credits_refunded: Option<bool>,
    /// Sentences for a person.
    #[serde(deserialize_with = "sentences")]
    pub next_steps: Vec<String>,
    /// Ready to send as it is. A suggestion this version can't read is no suggestion.
    #[serde(deserialize_with = "lenient::optional")]
    pub suggested_request: Option<ScrapeRequest>,
    /// Set when trying again is futile.
    #[serde(deserialize_with = "lenient::optional")]
    pub stop_reason: Option<String>,
}

/// A list, or one sentence on its own.
fn sentences<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let entries = match value {
        Value::Array(entries) => entries,
        single @ Value::String(_) => vec![single],
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    };
    Ok(lenient::readable(entries))
}
