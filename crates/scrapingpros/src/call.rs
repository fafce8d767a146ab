//! One call before it is sent and its answer before it is understood.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{CallOptions, Error, Meta, OnReceived};

/// What a call does, which decides whether it may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Changes nothing.
    Reads,
    /// Changes nothing, and a failure is the answer.
    Probes,
    /// Changes something, and the same however often it is made.
    Settles,
    /// Costs credits each time it is made.
    Spends,
}

/// One call, ready to be sent as often as its effect allows.
pub(crate) struct Call {
    pub method: Method,
    /// Such as `/sync/scrape`.
    pub path: Cow<'static, str>,
    pub query: Vec<(&'static str, String)>,
    pub headers: HeaderMap,
    /// Serialised once, so that a repeated call is the same to the byte.
    pub body: Option<Bytes>,
    pub effect: Effect,
    pub with_key: bool,
    /// A 5xx in the shape of a result is an answer about the page, not a failed call (contract §4.1.6, §4.2).
    pub failure_is_result: bool,
    pub patience: Duration,
    pub on_received: Option<OnReceived>,
}

impl Call {
    pub fn get(path: impl Into<Cow<'static, str>>, effect: Effect, patience: Duration) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: None,
            effect,
            with_key: true,
            failure_is_result: false,
            patience,
            on_received: None,
        }
    }

    pub fn post(path: impl Into<Cow<'static, str>>, effect: Effect, patience: Duration) -> Self {
        Self {
            method: Method::POST,
            ..Self::get(path, effect, patience)
        }
    }

    /// A call that replaces or removes what its path names.
    pub fn settle(method: Method, path: String, patience: Duration) -> Self {
        Self {
            method,
            ..Self::get(path, Effect::Settles, patience)
        }
    }

    pub fn without_key(self) -> Self {
        Self {
            with_key: false,
            ..self
        }
    }

    pub fn query(mut self, pair: Option<(&'static str, &str)>) -> Self {
        self.query
            .extend(pair.map(|(name, value)| (name, value.to_owned())));
        self
    }

    pub fn json(mut self, body: &impl Serialize) -> Result<Self, Error> {
        let bytes =
            serde_json::to_vec(body).map_err(|error| Error::Unsendable(error.to_string()))?;
        self.body = Some(bytes.into());
        Ok(self)
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Result<Self, Error> {
        let value = HeaderValue::from_str(value)
            .map_err(|_| Error::Unsendable(format!("{value:?} can't stand in {name}")))?;
        self.headers.insert(name, value);
        Ok(self)
    }

    pub fn with(mut self, options: &CallOptions) -> Result<Self, Error> {
        for (name, value) in &options.headers {
            let unsendable = || Error::Unsendable(format!("{name} is not a header"));
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsendable())?;
            let value = HeaderValue::from_str(value).map_err(|_| unsendable())?;
            self.headers.append(name, value);
        }
        self.patience = options.timeout.unwrap_or(self.patience);
        self.on_received = options.on_received.clone();
        Ok(self)
    }
}

/// A path whose ids are opaque (contract §1.6): each segment is escaped. One that would lead elsewhere is refused.
pub(crate) fn path(segments: &[&str]) -> Result<String, Error> {
    let mut path = String::new();
    for segment in segments {
        if matches!(*segment, "" | "." | "..") {
            return Err(Error::Unsendable(format!("{segment:?} is no id")));
        }
        path.push('/');
        path.extend(utf8_percent_encode(segment, RESERVED));
    }
    Ok(path)
}

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// An answer as bytes.
pub(crate) struct Reply {
    pub meta: Meta,
    pub body: Bytes,
    pub location: Option<String>,
}

impl Reply {
    /// Reads an answer to its end, or to the limit.
    pub async fn receive(
        mut response: Response,
        limit: u64,
        on_received: Option<&OnReceived>,
    ) -> Result<Self, Error> {
        let meta = Meta::read(response.status().as_u16(), response.headers());
        let location = response.headers().get(reqwest::header::LOCATION);
        let location = location.map(|to| String::from_utf8_lossy(to.as_bytes()).into_owned());
        let announced = response.content_length().unwrap_or_default();
        let mut body = Vec::with_capacity(announced.min(limit).min(TRUSTED) as usize);
        while let Some(chunk) = response.chunk().await.map_err(Error::from_transport)? {
            body.extend_from_slice(&chunk);
            let received = body.len() as u64;
            if received > limit {
                return Err(Error::TooLarge { limit });
            }
            if let Some(on_received) = on_received {
                on_received(received);
            }
        }
        Ok(Self {
            meta,
            body: body.into(),
            location,
        })
    }

    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.meta.status)
    }

    /// A 5xx that tells how the work went rather than that the service broke.
    pub fn holds_failed_result(&self) -> bool {
        self.meta.status >= 500
            && serde_json::from_slice::<Value>(&self.body).is_ok_and(|json| {
                json.get("statusCode").is_some_and(Value::is_number)
                    || json.get("message").is_some_and(Value::is_string)
            })
    }

    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The answer as the type that the contract names for it.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Unreadable> {
        let text = self.text();
        let mut deserializer = serde_json::Deserializer::from_str(text.trim_start_matches(BOM));
        serde_path_to_error::deserialize(&mut deserializer).map_err(|failure| Unreadable {
            path: failure.path().to_string(),
            cause: failure.into_inner(),
        })
    }
}

/// Why an answer is not what it should be, and where.
pub(crate) struct Unreadable {
    /// `.` for the whole answer.
    pub path: String,
    pub cause: serde_json::Error,
}

impl From<serde_json::Error> for Unreadable {
    fn from(cause: serde_json::Error) -> Self {
        Self {
            path: ".".to_owned(),
            cause,
        }
    }
}

pub(crate) const BOM: char = '\u{feff}';

/// How much memory the word of a server alone is worth.
const TRUSTED: u64 = 8 * 1024 * 1024;
