//! `POST /v1/sync/scrape`, the answer (contract §3.1). Read field by field: one of a wrong type stays in `unknown`
//! under its own name, and the rest of an answer that was paid for is kept.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::{Guidance, lenient};

/// What came back for one page. Every field may be absent (contract §3.1, §9).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
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
        self.status_code
            .is_some_and(|status| (200..300).contains(&status))
            && self.has_content()
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

    /// Whether there is anything in it: text, a file, extracted values (contract §3.1).
    pub fn has_content(&self) -> bool {
        let has_text = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        has_text(&self.html)
            || has_text(&self.markdown)
            || has_text(&self.body_base64)
            || has_text(&self.body_url)
            || self
                .extracted_data
                .as_ref()
                .is_some_and(|data| !data.is_empty())
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

impl<'de> Deserialize<'de> for ScrapeResponse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut answer = Map::deserialize(deserializer)?;
        let says_success = answer
            .get("guidance")
            .and_then(|guidance| guidance.get("success"))
            .is_some_and(Value::is_boolean);
        let mut result = Self {
            url: lenient::take_text(&mut answer, "url"),
            custom_id: lenient::take_text(&mut answer, "custom_id"),
            html: lenient::take_text(&mut answer, "html"),
            markdown: lenient::take_text(&mut answer, "markdown"),
            status_code: lenient::take_whole(&mut answer, "statusCode"),
            message: lenient::take_text(&mut answer, "message"),
            screenshot: lenient::take_text(&mut answer, "screenshot"),
            execution_time: lenient::take(&mut answer, "executionTime"),
            extracted_data: lenient::take_object(&mut answer, "extracted_data"),
            evaluate_results: lenient::take_list(&mut answer, "evaluate_results"),
            network_requests: lenient::take_list(&mut answer, "network_requests")
                .map(lenient::readable),
            cookies: answer.shift_remove("cookies").filter(|raw| !raw.is_null()),
            potentially_blocked_by_captcha: lenient::take(
                &mut answer,
                "potentiallyBlockedByCaptcha",
            ),
            timings: lenient::take_object(&mut answer, "timings"),
            guidance: lenient::take(&mut answer, "guidance"),
            content_type: lenient::take_content_type(&mut answer),
            body_base64: lenient::take_text(&mut answer, "body_base64"),
            body_url: lenient::take_text(&mut answer, "body_url"),
            unknown: answer,
        };
        let usable = result.looks_usable();
        if let Some(guidance) = &mut result.guidance
            && !says_success
        {
            guidance.success = usable;
        }
        Ok(result)
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text.trim()).ok()
}

/// One call the page made (contract §3.1.1).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
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

impl<'de> Deserialize<'de> for NetworkRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut call = Map::deserialize(deserializer)?;
        Ok(Self {
            url: lenient::take_text(&mut call, "url"),
            method: lenient::take_text(&mut call, "method"),
            status: lenient::take_whole(&mut call, "status"),
            resource_type: lenient::take_text(&mut call, "resource_type"),
            content_type: lenient::take_content_type(&mut call),
            body: lenient::take_text(&mut call, "body"),
            body_encoding: lenient::take_text(&mut call, "body_encoding"),
            body_truncated: lenient::take(&mut call, "body_truncated"),
            body_error: lenient::take_text(&mut call, "body_error"),
            unknown: call,
        })
    }
}
