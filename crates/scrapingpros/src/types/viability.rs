//! Viability tests: how an address is best scraped (contract §5.5, §5.6).

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value};

use super::words::open_words;
use super::{Action, RunStatus, lenient};

/// Body of `POST /v1/async/viability-test` (contract §5.5).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ViabilityRequest {
    /// Which addresses.
    pub urls: Vec<String>,
    /// How much is tried. Server default: full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth: Option<Depth>,
    /// Browser steps to try, in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<Action>>,
}

open_words! {
    /// How much a viability test tries, hence what it costs (contract §1.8, §5.5).
    Depth {
        /// About 1 credit an address.
        Quick = "quick",
        /// Up to 7 credits an address.
        Standard = "standard",
        /// Up to 12 credits an address.
        Full = "full",
    }
}

impl Depth {
    /// Most credits that one address can cost, as far as it is known (contract §1.8).
    pub fn most_credits(&self) -> Option<u32> {
        match self {
            Self::Quick => Some(1),
            Self::Standard => Some(7),
            Self::Full => Some(12),
            Self::Other(_) => None,
        }
    }
}

/// A viability test (contract §5.5).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ViabilityRun {
    /// Opaque.
    pub run_id: String,
    /// How far it is.
    pub status: RunStatus,
    /// Addresses to try.
    pub total_urls: u64,
    /// Addresses tried.
    pub completed_urls: u64,
    /// How much is tried.
    pub depth: Option<Depth>,
    /// One for each address; none until it is ready.
    pub results: Option<Vec<ViabilityResult>>,
    /// Fields this version does not know, and those above when they are not what is expected.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

/// What was found out about one address (contract §5.6).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ViabilityResult {
    /// The address.
    pub url: String,
    /// A captcha was seen.
    pub captcha_detected: Option<bool>,
    /// Whose.
    pub captcha_providers: Vec<String>,
    /// The page runs scripts.
    pub javascript_detected: Option<bool>,
    /// Without scripts it says nothing.
    pub javascript_required: Option<bool>,
    /// How sure it is that a browser is needed, 0 to 1.
    pub browser_confidence: Option<f64>,
    /// MIME type of the page.
    pub content_type: Option<String>,
    /// The page limits how often it is asked.
    pub rate_limited: Option<bool>,
    /// The page answers, but with nothing.
    pub soft_block: Option<bool>,
    /// Seconds the page asks to wait.
    pub retry_after: Option<i64>,
    /// The page wants a log-in.
    pub login_wall: Option<bool>,
    /// HTTP status of the page.
    pub status_code: Option<i64>,
    /// Addresses on the way to the page.
    pub redirect_chain: Vec<String>,
    /// Signs of protection.
    pub protection_signals: Option<Map<String, Value>>,
    /// The page takes its data from an API.
    pub api_detected: Option<bool>,
    /// Where that is.
    pub api_endpoints: Vec<String>,
    /// It is a GraphQL one.
    pub graphql_detected: Option<bool>,
    /// It wants a key.
    pub api_auth_required: Option<bool>,
    /// How far Cloudflare guards it.
    pub cloudflare_level: Option<String>,
    /// A scrape without a browser works.
    pub can_use_simple_request: Option<bool>,
    /// Data can be extracted from its HTML.
    pub can_use_extract_html: Option<bool>,
    /// A scrape with a browser works.
    pub can_use_browser: Option<bool>,
    /// In the service's words.
    pub recommended_strategy: Option<String>,
    /// In the service's words.
    pub suggested_action: Option<String>,
    /// What stood in the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocked_by: Vec<String>,
    /// How hard the page is.
    pub difficulty: Option<Difficulty>,
    /// Ready to be fed to a scrape.
    pub suggested_params: Option<Map<String, Value>>,
    /// A proxy helps.
    pub proxy_recommended: Option<bool>,
    /// Which kind.
    pub proxy_type: Option<String>,
    /// Mode such as `simple` or `browser_proxy`, to what came of it.
    pub modes_tested: Option<Map<String, Value>>,
    /// The best of them.
    pub best_mode: Option<String>,
    /// What the test of this address cost.
    pub total_credits_used: Option<i64>,
    /// Fields this version does not know, and those above when they are not what is expected.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

impl ViabilityResult {
    /// What came of each mode that was tried, in the service's order (contract §5.6).
    pub fn modes(&self) -> impl Iterator<Item = (&str, TestedMode)> {
        let modes = self.modes_tested.iter().flatten();
        modes.map(|(mode, tested)| {
            (
                mode.as_str(),
                TestedMode::deserialize(tested).unwrap_or_default(),
            )
        })
    }
}

open_words! {
    /// How hard a page is to scrape (contract §5.6).
    Difficulty {
        /// A simple request does.
        Easy = "easy",
        /// A browser or a proxy is needed.
        Medium = "medium",
        /// Both, and luck.
        Hard = "hard",
    }
}

/// What came of one mode (contract §5.6).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TestedMode {
    /// Usable content was obtained.
    #[serde(deserialize_with = "lenient::optional")]
    pub success: Option<bool>,
    /// The page refused.
    #[serde(deserialize_with = "lenient::optional")]
    pub blocked: Option<bool>,
    /// Which captcha it showed.
    #[serde(deserialize_with = "lenient::optional")]
    pub captcha_type: Option<String>,
    /// Milliseconds.
    #[serde(deserialize_with = "lenient::optional")]
    pub time_ms: Option<f64>,
    /// What it cost.
    #[serde(deserialize_with = "lenient::optional")]
    pub credits: Option<f64>,
    /// The service's words.
    #[serde(deserialize_with = "lenient::optional")]
    pub error: Option<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

impl<'de> Deserialize<'de> for ViabilityRun {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut answer = Map::deserialize(deserializer)?;
        let run_id = lenient::take_id(&mut answer, "run_id");
        Ok(Self {
            run_id: run_id.ok_or_else(|| de::Error::missing_field("run_id"))?,
            status: lenient::take(&mut answer, "status").unwrap_or_default(),
            total_urls: lenient::take_count(&mut answer, "total_urls"),
            completed_urls: lenient::take_count(&mut answer, "completed_urls"),
            depth: lenient::take(&mut answer, "depth"),
            results: lenient::take_list(&mut answer, "results").map(lenient::readable),
            unknown: answer,
        })
    }
}

impl<'de> Deserialize<'de> for ViabilityResult {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut row = Map::deserialize(deserializer)?;
        let url = lenient::take_text(&mut row, "url");
        let row = &mut row;
        Ok(Self {
            url: url.ok_or_else(|| de::Error::missing_field("url"))?,
            captcha_detected: lenient::take(row, "captcha_detected"),
            captcha_providers: lenient::take_texts(row, "captcha_providers"),
            javascript_detected: lenient::take(row, "javascript_detected"),
            javascript_required: lenient::take(row, "javascript_required"),
            browser_confidence: lenient::take(row, "browser_confidence"),
            content_type: lenient::take_text(row, "content_type"),
            rate_limited: lenient::take(row, "rate_limited"),
            soft_block: lenient::take(row, "soft_block"),
            retry_after: lenient::take_whole(row, "retry_after"),
            login_wall: lenient::take(row, "login_wall"),
            status_code: lenient::take_whole(row, "status_code"),
            redirect_chain: lenient::take_texts(row, "redirect_chain"),
            protection_signals: lenient::take_object(row, "protection_signals"),
            api_detected: lenient::take(row, "api_detected"),
            api_endpoints: lenient::take_texts(row, "api_endpoints"),
            graphql_detected: lenient::take(row, "graphql_detected"),
            api_auth_required: lenient::take(row, "api_auth_required"),
            cloudflare_level: lenient::take_text(row, "cloudflare_level"),
            can_use_simple_request: lenient::take(row, "can_use_simple_request"),
            can_use_extract_html: lenient::take(row, "can_use_extract_html"),
            can_use_browser: lenient::take(row, "can_use_browser"),
            recommended_strategy: lenient::take_text(row, "recommended_strategy"),
            suggested_action: lenient::take_text(row, "suggested_action"),
            blocked_by: lenient::take_texts(row, "blocked_by"),
            difficulty: lenient::take(row, "difficulty"),
            suggested_params: lenient::take_object(row, "suggested_params"),
            proxy_recommended: lenient::take(row, "proxy_recommended"),
            proxy_type: lenient::take_text(row, "proxy_type"),
            modes_tested: lenient::take_object(row, "modes_tested"),
            best_mode: lenient::take_text(row, "best_mode"),
            total_credits_used: lenient::take_whole(row, "total_credits_used"),
            unknown: std::mem::take(row),
        })
    }
}
