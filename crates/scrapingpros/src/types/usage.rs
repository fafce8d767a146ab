//! `GET /v1/sync/billing` (contract §4.5). The service names no required key, so none is required here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::lenient;

/// What was used in one month.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BillingResponse {
    /// `YYYY-MM`.
    #[serde(deserialize_with = "lenient::optional")]
    pub month: Option<String>,
    /// Client name to what it used; a normal key sees itself only.
    #[serde(deserialize_with = "lenient::null_as_default")]
    pub clients: BTreeMap<String, ClientBilling>,
    /// Price list.
    #[serde(deserialize_with = "lenient::optional")]
    pub credit_system: Option<CreditSystem>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

/// Calls and credits of one client. A count that is missing or unreadable is 0.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientBilling {
    /// Scrapes without a browser that worked.
    #[serde(deserialize_with = "lenient::count")]
    pub simple_success: u64,
    /// Scrapes without a browser that failed.
    #[serde(deserialize_with = "lenient::count")]
    pub simple_failed: u64,
    /// Scrapes without a browser.
    #[serde(deserialize_with = "lenient::count")]
    pub simple_total: u64,
    /// Scrapes with a browser that worked.
    #[serde(deserialize_with = "lenient::count")]
    pub browser_success: u64,
    /// Scrapes with a browser that failed.
    #[serde(deserialize_with = "lenient::count")]
    pub browser_failed: u64,
    /// Scrapes with a browser.
    #[serde(deserialize_with = "lenient::count")]
    pub browser_total: u64,
    /// All calls.
    #[serde(deserialize_with = "lenient::count")]
    pub total_requests: u64,
    /// All that worked.
    #[serde(deserialize_with = "lenient::count")]
    pub total_success: u64,
    /// All that failed.
    #[serde(deserialize_with = "lenient::count")]
    pub total_failed: u64,
    /// Credits, already multiplied by their price.
    #[serde(
        deserialize_with = "lenient::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub credits: Option<CreditsSpent>,
    /// Per domain, when asked for; its form is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_url: Option<Value>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

/// Credits spent, by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreditsSpent {
    /// Without a browser.
    #[serde(deserialize_with = "lenient::count")]
    pub simple: u64,
    /// With a browser.
    #[serde(deserialize_with = "lenient::count")]
    pub browser: u64,
    /// Together.
    #[serde(deserialize_with = "lenient::count")]
    pub total: u64,
}

/// What one call costs, by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreditSystem {
    /// Without a browser.
    #[serde(deserialize_with = "lenient::count")]
    pub simple_request: u64,
    /// With a browser.
    #[serde(deserialize_with = "lenient::count")]
    pub browser_request: u64,
}
