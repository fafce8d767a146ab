//! The ways in which one address is tried.

use std::time::Instant;

use scrapingpros::types::{Depth, NetworkCapture, ScrapeRequest, ViabilityResult};
use url::Url;

use crate::ledger::Entry;
use crate::page::{PageError, StageTeller};
use crate::proxies::Gate;
use crate::scrape::Scraper;

use super::sight::Sight;
use super::{Wish, report};

/// How long a page's calls are listened to after it has loaded.
const LISTEN_MS: u64 = 500;

/// What one way came to.
pub struct Try {
    pub mode: &'static str,
    pub browser: bool,
    pub through: Option<String>,
    pub time_ms: u64,
    pub sight: Sight,
}

impl Try {
    pub fn works(&self) -> bool {
        self.sight.verdict.guidance.success
    }

    pub fn credits(&self) -> u32 {
        self.sight.verdict.guidance.credits_charged.unwrap_or(0)
    }
}

/// What was found out, and what each try has to be booked with.
pub async fn of(scraper: &Scraper, wish: &Wish, url: &str) -> (ViabilityResult, Vec<Entry>) {
    let mut tries = Vec::new();
    // Steps are a browser's: a simple page proves nothing then.
    let needs_steps = wish.actions.is_some();
    let any = scrapingpros::types::Proxy::Code("any".into());
    let gate = scraper.proxies.choose(Some(&any)).ok().flatten();
    for (mode, browser, gate) in [
        ("simple", false, None),
        ("browser", true, None),
        ("simple_proxy", false, gate.as_deref()),
        ("browser_proxy", true, gate.as_deref()),
    ] {
        let by_proxy = mode.ends_with("_proxy");
        let is_wished = match wish.depth {
            Depth::Quick => !browser && !by_proxy,
            Depth::Standard => !by_proxy,
            Depth::Full | Depth::Other(_) => !by_proxy || gate.is_some(),
        };
        if !is_wished || (by_proxy && !browser && needs_steps) {
            continue;
        }
        let tried = attempt(scraper, wish, url, mode, browser, gate).await;
        // With all that may be spent, a thin page with scripts is looked at as a visitor sees it.
        let may_be_drawn = wish.depth == Depth::Full && !browser && tried.sight.may_be_drawn();
        let is_enough = tried.works() && !may_be_drawn && (browser || !needs_steps);
        let is_futile = matches!(
            tried.sight.verdict.guidance.error_type.as_deref(),
            Some("dns_fail" | "ssl_error")
        );
        tries.push(tried);
        if is_enough || is_futile {
            break;
        }
    }
    let host = Url::parse(url.trim())
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default();
    let entries = tries.iter().map(|tried| Entry {
        host: host.clone(),
        browser: tried.browser,
        success: tried.works(),
        credits: tried.credits(),
        proxy: tried.through.clone(),
    });
    let entries = entries.collect();
    (report::of(url, wish, &tries), entries)
}

async fn attempt(
    scraper: &Scraper,
    wish: &Wish,
    url: &str,
    mode: &'static str,
    browser: bool,
    gate: Option<&Gate>,
) -> Try {
    let request = ScrapeRequest {
        url: url.to_owned(),
        browser,
        actions: wish.actions.clone().filter(|_| browser),
        network_capture: browser.then(|| NetworkCapture {
            resource_types: Some(["document", "xhr", "fetch"].map(str::to_owned).to_vec()),
            listen_after_load_ms: Some(LISTEN_MS),
            url_pattern: None,
        }),
        ..ScrapeRequest::default()
    };
    let started = Instant::now();
    let opened = scraper.open(&request, gate, &StageTeller::default()).await;
    let time_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let sight = match opened {
        Err(error) => Sight::of_error(&request, &error),
        Ok(page) => {
            let asked = request.clone();
            let seen = tokio::task::spawn_blocking(move || Sight::of_page(&asked, page)).await;
            seen.unwrap_or_else(|panicked| {
                tracing::error!(%panicked, "a page could not be looked at");
                let error = PageError::Browser {
                    message: "the page could not be looked at".into(),
                };
                Sight::of_error(&request, &error)
            })
        }
    };
    Try {
        mode,
        browser,
        through: gate.map(|gate| gate.country().to_owned()),
        time_ms,
        sight,
    }
}
