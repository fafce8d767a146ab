//! What fetching a page, with or without a browser, ends in.

use scrapingpros::types::NetworkRequest;
use serde_json::{Map, Value};

/// A page or file that arrived. Its own status may be an error; that is for the verdict to say.
#[derive(Debug, Clone, Default)]
pub struct FetchedPage {
    /// After redirects.
    pub final_url: String,
    /// Addresses that only led on, in order. The browser tells them among its calls instead.
    pub redirects: Vec<String>,
    /// The page's HTTP status.
    pub status: u16,
    /// MIME type as the page sent it, or sniffed.
    pub content_type: Option<String>,
    /// Response headers of the final answer, lower-case names.
    pub headers: Vec<(String, String)>,
    pub body: PageBody,
    /// PNG of the full page.
    pub screenshot: Option<Vec<u8>>,
    /// One per `evaluate` step, in order.
    pub evaluate_results: Vec<Value>,
    /// What `collect` steps took: field name to values in order.
    pub collected: Map<String, Value>,
    /// None when capture was not asked for.
    pub network: Option<Vec<NetworkRequest>>,
    /// Name to value at the end.
    pub cookies: Map<String, Value>,
    /// Milliseconds by stage: `fetch_ms`, `browser_launch_ms`, `open_ms`, `steps_ms`, `screenshot_ms`, …
    pub timings: Map<String, Value>,
}

/// Text is decoded to UTF-8; everything else stays bytes.
#[derive(Debug, Clone)]
pub enum PageBody {
    Text(String),
    Bytes(Vec<u8>),
}

impl Default for PageBody {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

/// Why there is no page. `reason()` of each is what guidance shows.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PageError {
    /// Private, loopback, odd port, other scheme: answered with 422. `reason` is one of the service's
    /// own words (`private_ip`, `blocked_hostname`, `invalid_protocol`, `invalid_port`, `malformed_url`).
    #[error("URL blocked: {message}")]
    Refused {
        reason: &'static str,
        message: String,
    },
    #[error("the name {host} does not exist")]
    Dns { host: String },
    #[error("{host} refused the connection: {message}")]
    Connect { host: String, message: String },
    /// The person's own proxy, not the site.
    #[error("the proxy for {country} {message}")]
    Proxy { country: String, message: String },
    #[error("the security certificate of {host} has a problem: {message}")]
    Tls { host: String, message: String },
    #[error("no answer within {seconds} seconds")]
    Timeout { seconds: u64 },
    #[error("more than {limit} redirects")]
    TooManyRedirects { limit: usize },
    #[error("the page is larger than {limit_mb} MB")]
    TooLarge { limit_mb: u64 },
    /// Which field of `extract`, or which step, has a selector that can't be read: answered with 422.
    #[error("{field}: {message}")]
    InvalidSelector { field: String, message: String },
    /// A step that never matched or failed; `index` from 0, inner steps as `3.1`.
    #[error("step {index} ({kind}): {message}")]
    Step {
        index: String,
        kind: &'static str,
        message: String,
    },
    /// No Chrome, Chromium or Edge on this computer.
    #[error("no browser was found on this computer")]
    NoBrowser { looked_for: String },
    #[error("the browser stopped: {message}")]
    Browser { message: String },
    #[error("{message}")]
    Protocol { message: String },
}

/// A fact about a running scrape, for whoever embeds the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    Fetching,
    StartingBrowser,
    Opening,
    /// From 1.
    Step {
        index: u32,
        total: u32,
    },
    Screenshot,
    Collecting,
}

/// Hands stages to whoever listens; cheap when nobody does.
#[derive(Clone, Default)]
pub struct StageTeller(Option<std::sync::Arc<dyn Fn(Stage) + Send + Sync>>);

impl StageTeller {
    pub fn new(tell: impl Fn(Stage) + Send + Sync + 'static) -> Self {
        Self(Some(std::sync::Arc::new(tell)))
    }

    pub fn tell(&self, stage: Stage) {
        if let Some(tell) = &self.0 {
            tell(stage);
        }
    }
}
