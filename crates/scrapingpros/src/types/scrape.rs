//! `POST /v1/sync/scrape`: request (contract §2.1, §2.3 to §2.6) and answer (§3.1).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Action, Guidance};

/// What to scrape and how. `None` and empty fields are left off the wire, so the server's defaults hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ScrapeRequest {
    /// Public http or https address, with its scheme.
    pub url: String,
    /// Whether `html` or `markdown` is filled in the answer. Server default: html.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Renders in a real browser (5 credits instead of 1).
    #[serde(default, skip_serializing_if = "is_false")]
    pub browser: bool,
    /// Soft-deprecated: left out, the server routes by itself. Open set on read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser_type: Option<String>,
    /// Through which proxy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_proxy: Option<Proxy>,
    /// Full-page PNG; needs `browser`.
    #[serde(default, skip_serializing_if = "is_false")]
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
    #[serde(default, skip_serializing_if = "is_false")]
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
        #[serde(default)]
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

/// What came back for one page. Every field may be absent (contract §3.1, §9).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScrapeResponse {
    /// The page.
    pub url: Option<String>,
    /// The request's label.
    pub custom_id: Option<String>,
    /// Set when `format` is html.
    pub html: Option<String>,
    /// Set when `format` is markdown.
    pub markdown: Option<String>,
    /// The *page's* HTTP status, not the call's.
    #[serde(rename = "statusCode")]
    pub status_code: Option<i64>,
    /// The service's words.
    pub message: Option<String>,
    /// PNG, base64.
    pub screenshot: Option<String>,
    /// Seconds.
    #[serde(rename = "executionTime")]
    pub execution_time: Option<f64>,
    /// Values under the names of `extract`.
    pub extracted_data: Option<Map<String, Value>>,
    /// One per `evaluate` step, in order.
    pub evaluate_results: Option<Vec<Value>>,
    /// What the page loaded, when capture was asked for.
    pub network_requests: Option<Vec<NetworkRequest>>,
    /// Raw: the service does not document its form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cookies: Option<Value>,
    /// Legacy flag; `guidance.success` is better.
    #[serde(rename = "potentiallyBlockedByCaptcha")]
    pub potentially_blocked_by_captcha: Option<bool>,
    /// Free-form milliseconds.
    pub timings: Option<Map<String, Value>>,
    /// Verdict and advice; see [`ScrapeResponse::verdict`] for when it is absent.
    pub guidance: Option<Guidance>,
    /// MIME type of the page.
    #[serde(alias = "contentType")]
    pub content_type: Option<String>,
    /// Raw bytes of a PDF, image, archive…, base64.
    pub body_base64: Option<String>,
    /// Where a body over 5 MB can be fetched, without the key.
    pub body_url: Option<String>,
    /// Fields this version does not know, kept for the details view.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

impl ScrapeResponse {
    /// Whether usable content was obtained: the service's own verdict, or else a status of 2xx with something in it
    /// (contract §3.1).
    pub fn verdict(&self) -> bool {
        self.guidance
            .as_ref()
            .map_or_else(|| self.looks_usable(), |guidance| guidance.success)
    }

    /// The service's guidance, or what can be said without it (contract §8.5 row 5). `charged` is what the answer's
    /// headers say was paid; it fills a price that the guidance leaves open.
    pub fn guidance_or_synthesised(&self, charged: Option<u32>) -> Guidance {
        let mut guidance = self.guidance.clone().unwrap_or_else(|| Guidance {
            success: self.looks_usable(),
            error_type: self.failure(),
            ..Guidance::default()
        });
        guidance.credits_charged = guidance.credits_charged.or(charged);
        guidance.credits_refunded = guidance
            .credits_refunded
            .or(guidance.credits_charged.map(|credits| credits == 0));
        guidance
    }

    fn looks_usable(&self) -> bool {
        let has_text = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        let has_content = has_text(&self.html)
            || has_text(&self.markdown)
            || has_text(&self.body_base64)
            || self
                .extracted_data
                .as_ref()
                .is_some_and(|data| !data.is_empty());
        self.status_code
            .is_some_and(|status| (200..300).contains(&status))
            && has_content
    }

    /// In the words that the service itself uses (contract §3.2).
    fn failure(&self) -> Option<String> {
        if self.looks_usable() {
            return None;
        }
        let message = self.message.as_deref().unwrap_or_default().to_lowercase();
        if self.potentially_blocked_by_captcha == Some(true) {
            return Some("captcha".to_owned());
        }
        if message.contains("timeout") || message.contains("timed out") {
            return Some("timeout".to_owned());
        }
        match self.status_code {
            // 500 is also what the service writes when its own job failed.
            Some(status) if !(200..300).contains(&status) && status != 500 => {
                Some(format!("http_{status}"))
            }
            Some(_) | None => Some("failed".to_owned()),
        }
    }

    /// Whether the page is a file rather than text.
    pub fn is_binary(&self) -> bool {
        self.body_base64.is_some() || self.body_url.is_some()
    }

    /// The file's bytes. `None` when there is no inline body or it is not base64.
    pub fn body(&self) -> Option<Vec<u8>> {
        decode(self.body_base64.as_deref()?)
    }

    /// The picture's bytes. `None` when there is none or it is not base64.
    pub fn screenshot_png(&self) -> Option<Vec<u8>> {
        decode(self.screenshot.as_deref()?)
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text.trim()).ok()
}

/// One call the page made (contract §3.1.1).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkRequest {
    /// Address.
    pub url: Option<String>,
    /// HTTP method.
    pub method: Option<String>,
    /// HTTP status.
    pub status: Option<i64>,
    /// `document`, `xhr`, `image`, …
    pub resource_type: Option<String>,
    /// MIME type.
    pub content_type: Option<String>,
    /// Present when `url_pattern` matched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// `utf-8` or `base64`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_encoding: Option<String>,
    /// True over 64 KB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_truncated: Option<bool>,
    /// Why there is no body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_error: Option<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}
