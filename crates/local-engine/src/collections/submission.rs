//! Reads the body of a create or update call: the envelope as a whole, each request by itself, so that
//! one bad request costs only itself (contract §4.10).

use std::collections::HashMap;
use std::fmt;

use axum::body::Bytes;
use scrapingpros::types::ScrapeRequest;
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use url::Url;

use crate::check::{self, Problem, Rejection};
use crate::proxies::Proxies;

use super::Refusal;

/// More than this in one call is refused as a whole: each could ask for a line in the answer.
const MAX_REQUESTS: usize = 200_000;

/// What a body asks for.
pub struct Submission {
    pub name: String,
    /// None: not spoken of. Some(None): none.
    pub callback_url: Option<Option<String>>,
    /// None: not spoken of.
    pub requests: Option<Requests>,
}

/// The requests of a body, read but not yet admitted.
#[derive(Default)]
pub struct Requests {
    pub sound: Vec<Candidate>,
    /// Scheme, host and port of each website, once.
    pub websites: Vec<Url>,
    pub invalid: Vec<InvalidItem>,
    pub blocked: Vec<BlockedUrl>,
}

/// A request that is right in itself.
pub struct Candidate {
    pub index: usize,
    pub url: String,
    pub custom_id: Option<String>,
    /// JSON of the request.
    pub request: String,
    /// Index into [`Requests::websites`].
    pub website: usize,
}

#[derive(Debug, Serialize)]
pub struct InvalidItem {
    index: usize,
    url: Option<String>,
    errors: Vec<ItemError>,
}

#[derive(Debug, Serialize)]
struct ItemError {
    field: String,
    error_type: &'static str,
    message: String,
}

#[derive(Debug, Serialize)]
pub struct BlockedUrl {
    pub index: usize,
    pub url: String,
    pub reason: &'static str,
    pub message: String,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(default)]
    name: Value,
    #[serde(borrow)]
    requests: Option<&'a RawValue>,
    #[serde(default, deserialize_with = "present")]
    callback_url: Option<Value>,
}

/// Blocking: reads tens of megabytes at the most.
pub fn read(body: &Bytes, proxies: &Proxies) -> Result<Submission, Refusal> {
    let envelope: Envelope<'_> = check::read(body).map_err(envelope_problem)?;
    let name = match envelope.name {
        Value::Null => return Err(problem("name", "Field required", "missing").into()),
        Value::String(name) if name.trim().is_empty() => {
            let msg = "String should have at least 1 character";
            return Err(problem("name", msg, "string_too_short").into());
        }
        Value::String(name) => name,
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            return Err(problem("name", "Input should be a valid string", "string_type").into());
        }
    };
    Ok(Submission {
        name,
        callback_url: envelope.callback_url.map(callback_url).transpose()?,
        requests: envelope
            .requests
            .map(|raw| requests(raw, proxies))
            .transpose()?,
    })
}

/// Where to report a run's end: an http or https address, or nothing.
pub fn callback_url(value: Value) -> Result<Option<String>, Refusal> {
    let Value::String(text) = value else {
        if value.is_null() {
            return Ok(None);
        }
        let msg = "Input should be a valid string";
        return Err(problem("callback_url", msg, "string_type").into());
    };
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let fits = Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !fits {
        let msg = "The address must start with http:// or https://";
        return Err(problem("callback_url", msg, "url_parsing").into());
    }
    Ok(Some(text.to_owned()))
}

fn requests(raw: &RawValue, proxies: &Proxies) -> Result<Requests, Refusal> {
    let refused = |reason: &str| Refusal::Requests(reason.to_owned());
    if !raw.get().starts_with('[') {
        return Err(refused("`requests` must be a list."));
    }
    let Items(items) = serde_json::from_str(raw.get())
        .map_err(|_| refused(&format!("More than {MAX_REQUESTS} requests.")))?;
    let mut requests = Requests::default();
    let mut seen = HashMap::new();
    for (index, item) in items.into_iter().enumerate() {
        requests.sort_in(index, item, &mut seen, proxies);
    }
    Ok(requests)
}

impl Requests {
    fn sort_in(
        &mut self,
        index: usize,
        item: &RawValue,
        seen: &mut HashMap<String, usize>,
        proxies: &Proxies,
    ) {
        if !item.get().starts_with('{') {
            let error = ItemError {
                field: "<root>".into(),
                error_type: "not_a_dict",
                message: "Input should be a valid dictionary".into(),
            };
            self.invalid.push(InvalidItem {
                index,
                url: None,
                errors: vec![error],
            });
            return;
        }
        let request: ScrapeRequest = match check::read(item.get().as_bytes()) {
            Ok(request) => request,
            Err(rejection) => {
                let url = url_of(item);
                return self.invalid.push(invalid(index, url, rejection));
            }
        };
        let address = request.url.trim();
        let url = match Url::parse(address) {
            Ok(url) => url,
            // Empty is a missing address, not a malformed one.
            Err(error) if !address.is_empty() => {
                return self.blocked.push(BlockedUrl {
                    index,
                    reason: "malformed_url",
                    message: format!("The address can't be read: {error}"),
                    url: request.url,
                });
            }
            Err(_) => return self.check(index, request, None, proxies),
        };
        if !matches!(url.scheme(), "http" | "https") {
            return self.blocked.push(BlockedUrl {
                index,
                reason: "invalid_protocol",
                message: format!(
                    "Only http and https pages can be opened, not {}:",
                    url.scheme()
                ),
                url: request.url,
            });
        }
        let origin = url.origin().ascii_serialization();
        let website = *seen.entry(origin).or_insert_with(|| {
            self.websites.push(url);
            self.websites.len() - 1
        });
        self.check(index, request, Some(website), proxies);
    }

    fn check(
        &mut self,
        index: usize,
        request: ScrapeRequest,
        website: Option<usize>,
        proxies: &Proxies,
    ) {
        let proxy = || proxies.check(request.use_proxy.as_ref());
        if let Err(rejection) = check::scrape(&request).and_then(|()| proxy()) {
            return self
                .invalid
                .push(invalid(index, Some(request.url), rejection));
        }
        // What passed the check can be written, and has an address.
        if let (Ok(json), Some(website)) = (serde_json::to_string(&request), website) {
            self.sound.push(Candidate {
                index,
                url: request.url.trim().to_owned(),
                custom_id: request.custom_id,
                request: json,
                website,
            });
        }
    }
}

fn invalid(index: usize, url: Option<String>, rejection: Rejection) -> InvalidItem {
    let single = |field: &str, message: String| {
        vec![ItemError {
            field: field.to_owned(),
            error_type: "value_error",
            message,
        }]
    };
    let errors = match rejection {
        Rejection::Invalid(problems) => problems.into_iter().map(ItemError::from).collect(),
        Rejection::CountryProxy => single("use_proxy", "Country proxy not approved".into()),
        // The request's own address is sorted out before: this is where a POST goes.
        Rejection::Blocked(message) => single("http_method.url", message),
    };
    InvalidItem { index, url, errors }
}

impl From<Problem> for ItemError {
    fn from(problem: Problem) -> Self {
        let path: Vec<String> = problem
            .loc
            .iter()
            .skip(1)
            .map(|part| {
                part.as_str()
                    .map_or_else(|| part.to_string(), str::to_owned)
            })
            .collect();
        Self {
            field: if path.is_empty() {
                "<root>".into()
            } else {
                path.join(".")
            },
            error_type: problem.kind,
            message: problem.msg,
        }
    }
}

/// The address of a request that is otherwise wrong.
fn url_of(item: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Address {
        url: Value,
    }
    let address: Address = serde_json::from_str(item.get()).ok()?;
    address.url.as_str().map(str::to_owned)
}

pub fn envelope_problem(rejection: Rejection) -> Refusal {
    match rejection {
        Rejection::Invalid(problems) => Refusal::Invalid(problems),
        Rejection::CountryProxy | Rejection::Blocked(_) => Refusal::Invalid(Vec::new()),
    }
}

fn problem(field: &str, msg: &str, kind: &'static str) -> Problem {
    Problem {
        loc: vec![json!("body"), json!(field)],
        msg: msg.to_owned(),
        kind,
    }
}

/// Tells `null` from nothing.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// The elements of a list as they stand, no more than may be.
struct Items<'a>(Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements;
        impl<'de> Visitor<'de> for Elements {
            type Value = Vec<&'de RawValue>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while items.len() < MAX_REQUESTS {
                    let Some(item) = list.next_element()? else {
                        return Ok(items);
                    };
                    items.push(item);
                }
                match list.next_element::<IgnoredAny>()? {
                    None => Ok(items),
                    Some(_) => Err(serde::de::Error::custom("too many")),
                }
            }
        }
        deserializer.deserialize_seq(Elements).map(Items)
    }
}
