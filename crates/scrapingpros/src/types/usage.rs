//! What was used: `GET /v1/sync/client-metrics` and `GET /v1/sync/billing` (contract §4.4, §4.5). The service names no
//! required key, so none is required here.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::lenient;

/// What this account used in a day, some days or a month (contract §4.4). Inner shapes are not documented: see
/// [`numbers`].
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ClientMetrics {
    /// As it was asked for.
    pub date: Option<String>,
    /// By kind of scrape.
    pub scrape_type: Option<Map<String, Value>>,
    /// By domain, when asked for.
    pub url: Option<Map<String, Value>>,
    /// By hour, when asked for.
    pub hourly: Option<Map<String, Value>>,
    /// Fields this version does not know, and those above when they are not what is expected.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

impl<'de> Deserialize<'de> for ClientMetrics {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut answer = Map::deserialize(deserializer)?;
        Ok(Self {
            date: lenient::take_text(&mut answer, "date"),
            scrape_type: lenient::take_object(&mut answer, "scrape_type"),
            url: lenient::take_object(&mut answer, "url"),
            hourly: lenient::take_object(&mut answer, "hourly"),
            unknown: answer,
        })
    }
}

/// Every number of a free-form answer with its path, such as `scrape_type.simple` (contract §4.3, §4.4, §9 row 25).
pub fn numbers(answer: &Value) -> Vec<(String, f64)> {
    let mut found = Vec::new();
    collect_numbers(answer, String::new(), &mut found);
    found
}

fn collect_numbers(value: &Value, path: String, found: &mut Vec<(String, f64)>) {
    let under = |name: &str| match path.as_str() {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    match value {
        Value::Number(number) => found.extend(number.as_f64().map(|number| (path, number))),
        Value::Array(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                collect_numbers(entry, under(&index.to_string()), found);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                collect_numbers(field, under(name), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// What was used in one month.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BillingResponse {
    /// `YYYY-MM`.
    #[serde(deserialize_with = "lenient::optional")]
    pub month: Option<String>,
    /// Client name to what it used; a normal key sees itself only. An entry that is no object is left out.
    #[serde(deserialize_with = "lenient::readable_entries")]
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
