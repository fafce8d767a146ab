//! `POST /v1/sync/scrape`, the request (contract §2.1, §2.3 to §2.6).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Action, lenient};

/// What to scrape and how. `None` and empty fields are left off the wire, so the server's defaults hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ScrapeRequest {
    /// Public http or https address, with its scheme.
    pub url: String,
    /// Whether `html` or `markdown` is filled in the answer. Server default: html.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Renders in a real browser (5 credits instead of 1).
    #[serde(
        default,
        skip_serializing_if = "is_false",
        deserialize_with = "lenient::null_as_default"
    )]
    pub browser: bool,
    /// Soft-deprecated: left out, the server routes by itself. Open set on read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser_type: Option<String>,
    /// Through which proxy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_proxy: Option<Proxy>,
    /// Full-page PNG; needs `browser`.
    #[serde(
        default,
        skip_serializing_if = "is_false",
        deserialize_with = "lenient::null_as_default"
    )]
    pub screenshot: bool,
    /// Browser steps, in order.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub actions: Option<Vec<Action>>,
    /// Accept-Language and browser locale, such as `es-AR`.
    #[serde(default, skip_serializing_if = "is_blank")]
    pub language: Option<String>,
    /// GET when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_method: Option<HttpMethod>,
    /// Extra request headers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<BTreeMap<String, String>>,
    /// `desktop`, `mobile`, `any` or empty.
    #[serde(default, skip_serializing_if = "is_blank")]
    pub window_size: Option<String>,
    /// Name to value, set before the page loads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cookies: Option<Map<String, Value>>,
    /// Field name to where on the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extract: Option<Extract>,
    /// Records what the page loads; needs `browser`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_capture: Option<NetworkCapture>,
    /// Up to three more tries on a captcha or refusal; only the one that works is charged.
    #[serde(
        default,
        skip_serializing_if = "is_false",
        deserialize_with = "lenient::null_as_default"
    )]
    pub retry_on_block: bool,
    /// Kinds not to load (`image`, `font`, …); needs `browser`.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub block_resources: Option<Vec<String>>,
    /// Parts of addresses not to load, whatever their case; needs `browser`.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub block_requests: Option<Vec<String>>,
    /// Label of at most 255 characters, echoed everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_id: Option<String>,
}

fn is_false(value: &bool) -> bool {
    !*value
}

fn is_empty<T>(value: &Option<Vec<T>>) -> bool {
    value.as_ref().is_none_or(Vec::is_empty)
}

fn is_blank(value: &Option<String>) -> bool {
    value.as_ref().is_none_or(String::is_empty)
}

/// Which text form the answer carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// The page's HTML.
    Html,
    /// Its Markdown.
    Markdown,
}

/// `use_proxy`: a word (`any`, or an ISO country code that needs approval) or the long form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Proxy {
    /// `any` or a country code.
    Code(String),
    /// With its own retry rule.
    Config(ProxyConfig),
}

/// Long form of `use_proxy` (contract §2.5).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProxyConfig {
    /// `any` or a country code.
    pub proxy: String,
    /// Default 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<u32>,
    /// Default 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_seconds: Option<f64>,
    /// Default 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backoff_factor: Option<f64>,
}

/// `extract`: field name to rule, in the person's order (contract §2.3).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Extract(pub Map<String, Value>);

impl Extract {
    /// Each field with its rule; `Err` carries the field whose rule is neither form.
    pub fn rules(&self) -> impl Iterator<Item = (&str, Result<ExtractRule, String>)> {
        self.0.iter().map(|(name, value)| {
            let rule = serde_json::from_value::<RuleForm>(value.clone())
                .map(ExtractRule::from)
                .map_err(|error| error.to_string());
            (name.as_str(), rule)
        })
    }
}

impl FromIterator<(String, ExtractRule)> for Extract {
    fn from_iter<T: IntoIterator<Item = (String, ExtractRule)>>(rules: T) -> Self {
        Self(
            rules
                .into_iter()
                .map(|(name, rule)| (name, rule.to_value()))
                .collect(),
        )
    }
}

/// Where on the page one field is.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtractRule {
    /// Starts with `css:` or `xpath:`.
    pub selector: String,
    /// All matches as a list instead of the first.
    pub multiple: bool,
    /// Reads this attribute instead of the text.
    pub attribute: Option<String>,
}

impl ExtractRule {
    fn to_value(&self) -> Value {
        if !self.multiple && self.attribute.is_none() {
            return Value::String(self.selector.clone());
        }
        let mut rule = Map::new();
        rule.insert("selector".into(), self.selector.clone().into());
        if self.multiple {
            rule.insert("multiple".into(), true.into());
        }
        if let Some(attribute) = &self.attribute {
            rule.insert("attribute".into(), attribute.clone().into());
        }
        Value::Object(rule)
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RuleForm {
    Short(String),
    Long {
        selector: String,
        #[serde(default, deserialize_with = "lenient::null_as_default")]
        multiple: bool,
        #[serde(default)]
        attribute: Option<String>,
    },
}

impl From<RuleForm> for ExtractRule {
    fn from(form: RuleForm) -> Self {
        match form {
            RuleForm::Short(selector) => Self {
                selector,
                multiple: false,
                attribute: None,
            },
            RuleForm::Long {
                selector,
                multiple,
                attribute,
            } => Self {
                selector,
                multiple,
                attribute,
            },
        }
    }
}

/// `http_method` (contract §2.4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "lowercase")]
pub enum HttpMethod {
    /// Opens the page.
    Get,
    /// Sends a form or JSON.
    Post {
        /// Object, array or nothing.
        #[serde(default)]
        payload: Value,
        /// Where it goes, when not to the page itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
        /// How the payload is written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content_type: Option<PostEncoding>,
    },
}

/// How a POST's payload is written. Server default: json.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PostEncoding {
    /// `application/json`
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
}

/// `network_capture` (contract §2.6).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NetworkCapture {
    /// Such as `xhr` and `fetch`; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_types: Option<Vec<String>>,
    /// Goes on listening this long after the page has loaded, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listen_after_load_ms: Option<u64>,
    /// One glob; answers whose address matches carry their body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_pattern: Option<String>,
}
