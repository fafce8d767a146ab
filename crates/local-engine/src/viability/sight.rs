//! What is seen of a page that was opened: all that a report is made of, so that the page itself can go.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use scrapingpros::types::{NetworkRequest, ScrapeRequest};
use url::Url;

use crate::page::{FetchedPage, PageBody, PageError};
use crate::page_text::PageText;
use crate::verdict::{self, Verdict};

use super::protection;

/// Words beyond these make no difference.
const MOST_WORDS: usize = 5_000;
const FEW_WORDS: usize = 150;
const MOST_CALLS: usize = 50;

pub struct Sight {
    pub verdict: Verdict,
    /// The page's own words on why it never came.
    pub error: Option<String>,
    pub status: Option<u16>,
    pub content_type: Option<String>,
    pub is_text: bool,
    pub words: usize,
    pub has_scripts: bool,
    pub speaks_of_graphql: bool,
    /// Addresses that led on, and the page's own; empty when none did.
    pub redirects: Vec<String>,
    pub retry_after: Option<i64>,
    /// Sign to where it was seen.
    pub protection: BTreeMap<&'static str, String>,
    pub calls: Calls,
}

/// Calls of the page's scripts that brought data.
#[derive(Default)]
pub struct Calls {
    /// Without their queries.
    pub endpoints: BTreeSet<String>,
    pub graphql: bool,
    /// One of them was refused for want of a log-in.
    pub refused: bool,
}

impl Sight {
    pub fn of_error(request: &ScrapeRequest, error: &PageError) -> Self {
        Self {
            verdict: verdict::of_error(request, error),
            error: Some(error.to_string()),
            status: None,
            content_type: None,
            is_text: false,
            words: 0,
            has_scripts: false,
            speaks_of_graphql: false,
            redirects: Vec::new(),
            retry_after: None,
            protection: BTreeMap::new(),
            calls: Calls::default(),
        }
    }

    /// Blocking: parses the page.
    pub fn of_page(request: &ScrapeRequest, mut page: FetchedPage) -> Self {
        let body = std::mem::take(&mut page.body);
        let calls = page.network.take().unwrap_or_default();
        let redirects = redirects(&page, &calls);
        let mut sight = Self {
            verdict: verdict::of_file(request, page.status),
            error: None,
            status: Some(page.status),
            content_type: page.content_type.clone(),
            is_text: false,
            words: 0,
            has_scripts: false,
            speaks_of_graphql: false,
            redirects,
            retry_after: retry_after(&page),
            protection: protection::signs(&page),
            calls: Calls::read(&calls),
        };
        let PageBody::Text(html) = body else {
            return sight;
        };
        let text = PageText::new(&html);
        sight.is_text = true;
        sight.verdict = verdict::of_text(request, &page, &text);
        if !text.is_endless() {
            sight.words = verdict::words_of(text.tree(), MOST_WORDS);
        }
        let lower = html.to_ascii_lowercase();
        sight.has_scripts = lower.contains("<script");
        sight.speaks_of_graphql = lower.contains("/graphql") || lower.contains("__apollo_state__");
        sight
    }

    /// Whether its scripts may bring what it is visited for.
    pub fn may_be_drawn(&self) -> bool {
        self.has_scripts && self.words < FEW_WORDS
    }

    pub fn error_type(&self) -> &str {
        let guidance = &self.verdict.guidance;
        guidance.error_type.as_deref().unwrap_or_default()
    }
}

impl Calls {
    fn read(calls: &[NetworkRequest]) -> Self {
        let mut found = Self::default();
        for call in calls {
            let kind = call.resource_type.as_deref();
            let (true, Some(url)) = (matches!(kind, Some("xhr" | "fetch")), &call.url) else {
                continue;
            };
            found.refused |= matches!(call.status, Some(401 | 403));
            let brings_data = call
                .content_type
                .as_deref()
                .is_some_and(|mime| mime.contains("json") || mime.contains("graphql"));
            let Ok(mut url) = Url::parse(url) else {
                continue;
            };
            let is_graphql = url.path().to_ascii_lowercase().contains("graphql");
            found.graphql |= is_graphql;
            if (brings_data || is_graphql) && found.endpoints.len() < MOST_CALLS {
                url.set_query(None);
                url.set_fragment(None);
                found.endpoints.insert(url.to_string());
            }
        }
        found
    }
}

/// The browser tells them among its calls.
fn redirects(page: &FetchedPage, calls: &[NetworkRequest]) -> Vec<String> {
    let mut chain = page.redirects.clone();
    let hops = calls.iter().filter(|call| {
        call.resource_type.as_deref() == Some("document")
            && call
                .status
                .is_some_and(|status| (300..400).contains(&status))
    });
    chain.extend(hops.filter_map(|hop| hop.url.clone()));
    if !chain.is_empty() {
        chain.push(page.final_url.clone());
    }
    chain
}

/// Seconds, from either form of the header.
fn retry_after(page: &FetchedPage) -> Option<i64> {
    let (_, value) = page
        .headers
        .iter()
        .find(|(name, _)| name == "retry-after")?;
    let value = value.trim();
    if let Ok(seconds) = value.parse::<i64>() {
        return Some(seconds).filter(|seconds| *seconds >= 0);
    }
    let moment = httpdate::parse_http_date(value).ok()?;
    let wait = moment.duration_since(SystemTime::now()).unwrap_or_default();
    i64::try_from(wait.as_secs()).ok()
}
