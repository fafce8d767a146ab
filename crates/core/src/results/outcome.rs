//! A finished scrape on its way into the library.

use scrapingpros::types::{ScrapeRequest, ScrapeResponse};

use crate::scrape::ScrapeForm;

/// Everything known about one scrape once its answer is here.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// As the person filled it in.
    pub form: ScrapeForm,
    /// As it was sent.
    pub request: ScrapeRequest,
    pub response: ScrapeResponse,
    pub account_id: String,
    pub account_name: String,
    /// True when the local engine did it.
    pub local: bool,
    /// What was charged; none when the service did not say.
    pub credits: Option<u32>,
    pub duration_ms: u32,
    /// Unix seconds.
    pub started_at: u32,
}
