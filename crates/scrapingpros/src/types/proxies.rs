//! Countries to scrape from (contract §4.6 to §4.8).

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value};

use super::lenient;
use super::words::open_words;

/// Countries the service has proxies in (contract §4.6).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ProxyCountries {
    /// ISO codes.
    pub countries: Vec<String>,
    /// The service's words when it could not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Fields this version does not know, and those above when they are not what is expected.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

/// Body of `POST /v1/proxy/request-country` (contract §4.7).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountryRequest {
    /// ISO code.
    pub country_code: String,
    /// What it is for; always sent, also when empty.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub reason: String,
}

/// What became of a request for a country (contract §4.7).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CountryRequested {
    /// Whether somebody still has to approve it.
    pub status: CountryStatus,
    /// ISO code.
    pub country_code: Option<String>,
    /// The service's words.
    pub message: Option<String>,
    /// Fields this version does not know, and those above when they are not what is expected.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

open_words! {
    /// Whether a country may be scraped from (contract §4.7).
    CountryStatus {
        /// Somebody has to approve it.
        Pending = "pending",
        /// It may be used.
        AlreadyApproved = "already_approved",
    }
}

/// Which countries this account may scrape from (contract §4.8).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ProxyStatus {
    /// Whose they are.
    pub client_id: Option<String>,
    /// ISO codes that may be used.
    pub approved_countries: Vec<String>,
    /// ISO codes that wait for approval.
    pub pending_countries: Vec<String>,
    /// The service's words when it could not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Fields this version does not know, and those above when they are not what is expected.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

impl<'de> Deserialize<'de> for ProxyCountries {
    /// `{"countries": […]}` or the bare list (contract §4.6).
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut answer = match Value::deserialize(deserializer)? {
            Value::Object(answer) => answer,
            list @ Value::Array(_) => Map::from_iter([("countries".to_owned(), list)]),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                return Err(de::Error::custom(
                    "neither a list of countries nor an object",
                ));
            }
        };
        Ok(Self {
            countries: lenient::take_texts(&mut answer, "countries"),
            error: lenient::take_text(&mut answer, "error"),
            unknown: answer,
        })
    }
}

impl<'de> Deserialize<'de> for CountryRequested {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut answer = Map::deserialize(deserializer)?;
        Ok(Self {
            status: lenient::take(&mut answer, "status").unwrap_or_default(),
            country_code: lenient::take_text(&mut answer, "country_code"),
            message: lenient::take_text(&mut answer, "message"),
            unknown: answer,
        })
    }
}

impl<'de> Deserialize<'de> for ProxyStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut answer = Map::deserialize(deserializer)?;
        Ok(Self {
            client_id: lenient::take_id(&mut answer, "client_id"),
            approved_countries: lenient::take_texts(&mut answer, "approved_countries"),
            pending_countries: lenient::take_texts(&mut answer, "pending_countries"),
            error: lenient::take_text(&mut answer, "error"),
            unknown: answer,
        })
    }
}
