//! One scrape from request to answer: tries, verdict, extraction, price. The wire's own errors are left
//! to the server.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use scrapingpros::types::{
    DownloadRequest, DownloadResponse, Format, ScrapeRequest, ScrapeResponse,
};
use serde_json::{Map, Value};
use tokio::sync::Semaphore;
use url::Url;

use crate::browser::Browser;
use crate::check::{self, Rejection};
use crate::extract;
use crate::fetch::Fetcher;
use crate::guard::Guard;
use crate::ledger::{Entry, Ledger};
use crate::markdown;
use crate::page::{FetchedPage, PageBody, PageError, Stage, StageTeller};
use crate::page_text::PageText;
use crate::proxies::{Gate, Patience, Proxies};
use crate::verdict::{self, Verdict};

const SIMPLE_LIMIT: Duration = Duration::from_secs(60);
const BROWSER_LIMIT: Duration = Duration::from_secs(150);
const MORE_TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(400);

/// Browser pages open at once.
pub const BROWSER_PAGES: usize = 4;

/// The reference's own words for a scrape that failed for no known reason.
const UNKNOWN_ERROR: &str = "The job wasn't succesfully completed due to an unknown error.";

/// Does the scrapes.
pub struct Scraper {
    pub guard: Arc<Guard>,
    pub proxies: Proxies,
    pub browser: Browser,
    pub ledger: Ledger,
    pub fetcher: Fetcher,
    browser_slots: Semaphore,
    simple_limit: RwLock<Duration>,
}

/// A finished scrape and its price.
pub struct Scraped {
    pub response: ScrapeResponse,
    pub credits: u32,
}

/// A finished download and its price; a failed one is answered with HTTP 500.
pub struct Downloaded {
    pub response: DownloadResponse,
    pub credits: u32,
    pub failed: bool,
}

/// A scrape that was worked off, but is not in the ledger yet.
pub struct Worked {
    pub response: ScrapeResponse,
    pub ending: Ending,
    pub retries: u32,
    pub has_extractable_data: bool,
    /// None: nothing was sent.
    pub entry: Option<Entry>,
}

/// How far a scrape came; the verdict on its page is another matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Arrived,
    Failed,
    TimedOut,
}

/// What one try came to, its parts already taken.
struct Attempt {
    ending: Ending,
    verdict: Verdict,
    response: ScrapeResponse,
}

impl Scraper {
    pub fn new(
        guard: Arc<Guard>,
        proxies: Proxies,
        fetcher: Fetcher,
        browser: Browser,
        ledger: Ledger,
    ) -> Self {
        Self {
            guard,
            proxies,
            browser,
            ledger,
            fetcher,
            browser_slots: Semaphore::new(BROWSER_PAGES),
            simple_limit: RwLock::new(SIMPLE_LIMIT),
        }
    }

    /// How long a page without a browser may take.
    pub fn limit_simple_pages(&self, limit: Duration) {
        *self
            .simple_limit
            .write()
            .unwrap_or_else(PoisonError::into_inner) = limit;
    }

    fn simple_limit(&self) -> Duration {
        *self
            .simple_limit
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Works the request off and books it.
    pub async fn scrape(
        &self,
        request: &ScrapeRequest,
        stages: &StageTeller,
    ) -> Result<Scraped, Rejection> {
        let worked = self.work(request, stages).await?;
        let credits = worked.entry.as_ref().map_or(0, |entry| entry.credits);
        if let Some(entry) = worked.entry {
            self.book(entry).await;
        }
        Ok(Scraped {
            response: worked.response,
            credits,
        })
    }

    /// Leaves the ledger to the caller, who books it together with what else is to be kept.
    pub async fn work(
        &self,
        request: &ScrapeRequest,
        stages: &StageTeller,
    ) -> Result<Worked, Rejection> {
        check::scrape(request)?;
        let started = Instant::now();
        let wanted = request.use_proxy.as_ref();
        let mut retries = 0;
        let mut gate = self.proxies.choose(wanted)?;
        let mut attempt = self.attempt(request, gate.as_deref(), stages).await?;
        while let Some(pause) = pause_before(retries + 1, request, &attempt) {
            retries += 1;
            tokio::time::sleep(pause).await;
            gate = self.proxies.choose(wanted)?;
            attempt = self.attempt(request, gate.as_deref(), stages).await?;
        }
        let Attempt {
            ending,
            verdict,
            mut response,
        } = attempt;
        let entry = Entry {
            host: host(&request.url),
            browser: request.browser,
            success: verdict.guidance.success,
            credits: verdict.guidance.credits_charged.unwrap_or_default(),
            proxy: gate.map(|gate| gate.country().to_owned()),
        };
        response.url = Some(request.url.clone());
        response.custom_id = request.custom_id.clone();
        response.execution_time = Some(started.elapsed().as_secs_f64());
        response.potentially_blocked_by_captcha = Some(verdict.captcha);
        // The reference's failure for unknown reasons has no guidance.
        response.guidance =
            (response.message.as_deref() != Some(UNKNOWN_ERROR)).then_some(verdict.guidance);
        Ok(Worked {
            response,
            ending,
            retries,
            has_extractable_data: verdict.has_extractable_data,
            entry: Some(entry),
        })
    }

    pub async fn download(&self, request: &DownloadRequest) -> Result<Downloaded, Rejection> {
        check::address(&request.url, serde_json::json!(["body", "url"]))?;
        let gate = self.proxies.choose(request.use_proxy.as_ref())?;
        let started = Instant::now();
        let page = ScrapeRequest {
            url: request.url.clone(),
            ..ScrapeRequest::default()
        };
        let limit = self.simple_limit();
        let fetched = match &gate {
            None => self.fetcher.file(&page, limit).await,
            Some(gate) => match gate.door().await {
                Ok(door) => self.fetcher.through(door.clone()).file(&page, limit).await,
                Err(error) => Err(error),
            },
        };
        let (mut response, failed) = match fetched {
            Err(error) => (failed_download(unless_rejected(error)?.to_string()), true),
            Ok(page) if page.status >= 400 => {
                let reason = format!(
                    "The site answered with status {}: {}",
                    page.status,
                    phrase(page.status)
                );
                (failed_download(reason), true)
            }
            Ok(page) => (file(page), false),
        };
        let credits = if failed { 0 } else { verdict::price(&page) };
        self.book(Entry {
            host: host(&request.url),
            browser: false,
            success: !failed,
            credits,
            proxy: gate.map(|gate| gate.country().to_owned()),
        })
        .await;
        if !failed {
            response.execution_time = Some(started.elapsed().as_secs_f64());
        }
        Ok(Downloaded {
            response,
            credits,
            failed,
        })
    }

    async fn attempt(
        &self,
        request: &ScrapeRequest,
        gate: Option<&Gate>,
        stages: &StageTeller,
    ) -> Result<Attempt, Rejection> {
        let error = match self.open(request, gate, stages).await {
            Ok(page) => {
                let asked = request.clone();
                let judged = tokio::task::spawn_blocking(move || take_parts(&asked, page)).await;
                match judged {
                    Ok(Ok(attempt)) => return Ok(attempt),
                    Ok(Err(error)) => error,
                    Err(panicked) => {
                        tracing::error!(%panicked, "a page could not be worked off");
                        return Ok(unknown_failure(request));
                    }
                }
            }
            Err(error) => error,
        };
        let error = unless_rejected(error)?;
        let ending = if matches!(error, PageError::Timeout { .. }) {
            Ending::TimedOut
        } else {
            Ending::Failed
        };
        Ok(Attempt {
            ending,
            verdict: verdict::of_error(request, &error),
            response: ScrapeResponse {
                message: Some(error.to_string()),
                ..ScrapeResponse::default()
            },
        })
    }

    /// One try: the page as it arrives, with a browser or without, through this gate or none.
    pub async fn open(
        &self,
        request: &ScrapeRequest,
        gate: Option<&Gate>,
        stages: &StageTeller,
    ) -> Result<FetchedPage, PageError> {
        let door = match gate {
            Some(gate) => Some(gate.door().await?.clone()),
            None => None,
        };
        if !request.browser {
            stages.tell(Stage::Fetching);
            let limit = self.simple_limit();
            return match door {
                None => self.fetcher.open(request, limit).await,
                Some(door) => self.fetcher.through(door).open(request, limit).await,
            };
        }
        // Said before a browser starts for an address that it may not open.
        let url = Url::parse(request.url.trim()).map_err(|error| PageError::Refused {
            reason: "malformed_url",
            message: error.to_string(),
        })?;
        self.guard.admit(&url).await?;
        let queued = Instant::now();
        let _slot = self.browser_slots.acquire().await;
        let waited = u64::try_from(queued.elapsed().as_millis()).unwrap_or(u64::MAX);
        let browser = &self.browser;
        let door = door.as_ref().unwrap_or_else(|| browser.own_door());
        let mut page = browser
            .open_through(door, request, BROWSER_LIMIT, stages)
            .await?;
        page.timings.insert("queue_wait_ms".into(), waited.into());
        Ok(page)
    }

    /// A ledger that can't be written must not cost the person their page.
    async fn book(&self, entry: Entry) {
        let ledger = self.ledger.clone();
        let written = tokio::task::spawn_blocking(move || ledger.write(&entry)).await;
        match written {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "could not write the ledger"),
            Err(error) => tracing::error!(%error, "could not write the ledger"),
        }
    }
}

/// Whether this number of retry is worth it, and after which pause: `retry_on_block` tries again what was
/// refused, a proxy's own rule also what did not get through.
fn pause_before(retry: u32, request: &ScrapeRequest, attempt: &Attempt) -> Option<Duration> {
    let is_block = attempt.verdict.is_block();
    let for_block =
        (request.retry_on_block && is_block && retry <= MORE_TRIES).then(|| PAUSE * retry);
    let patience = Patience::of(request.use_proxy.as_ref())
        .filter(|patience| retry <= patience.retries)
        .filter(|_| is_block || attempt.verdict.is_lost_on_the_way())
        .map(|patience| patience.pause(retry));
    for_block.max(patience)
}

fn host(url: &str) -> String {
    Url::parse(url.trim())
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Errors of the request itself are answered as such; all others are a page's.
fn unless_rejected(error: PageError) -> Result<PageError, Rejection> {
    if let PageError::Refused { message, .. } = error {
        return Err(Rejection::Blocked(message));
    }
    if let Some(problem) = check::selector_problem(&error) {
        return Err(problem.into());
    }
    Ok(error)
}

/// Blocking: parses the page.
fn take_parts(request: &ScrapeRequest, mut page: FetchedPage) -> Result<Attempt, PageError> {
    let mut response = ScrapeResponse {
        status_code: Some(page.status.into()),
        message: Some(phrase(page.status)),
        screenshot: page.screenshot.take().map(|png| BASE64.encode(png)),
        evaluate_results: (!page.evaluate_results.is_empty())
            .then(|| std::mem::take(&mut page.evaluate_results)),
        network_requests: page.network.take(),
        content_type: page.content_type.clone(),
        cookies: Some(Value::Object(std::mem::take(&mut page.cookies))),
        timings: Some(std::mem::take(&mut page.timings)),
        ..ScrapeResponse::default()
    };
    let collected = std::mem::take(&mut page.collected);
    let mut extracted = Map::new();
    let verdict;
    match std::mem::take(&mut page.body) {
        PageBody::Text(html) => {
            let text = PageText::new(&html);
            verdict = verdict::of_text(request, &page, &text);
            let wants_parts = request.extract.is_some() || request.format == Some(Format::Markdown);
            if wants_parts && text.is_endless() {
                return Err(PageError::Protocol {
                    message: "the page's elements are nested without end".into(),
                });
            }
            if let Some(wanted) = &request.extract {
                extracted = extract::extract(text.tree(), wanted)?;
            }
            if request.format == Some(Format::Markdown) {
                response.markdown = Some(markdown::markdown(&text, &page.final_url));
            } else {
                response.html = Some(html);
            }
        }
        PageBody::Bytes(bytes) => {
            verdict = verdict::of_file(request, page.status);
            response.body_base64 = Some(BASE64.encode(bytes));
        }
    }
    let anything_asked = request.extract.is_some() || !collected.is_empty();
    append(&mut extracted, collected);
    response.extracted_data = anything_asked.then_some(extracted);
    Ok(Attempt {
        ending: Ending::Arrived,
        verdict,
        response,
    })
}

/// Lists of `collect` steps go behind what the end of the page gave under the same name.
fn append(extracted: &mut Map<String, Value>, collected: Map<String, Value>) {
    for (name, values) in collected {
        match extracted.get_mut(&name) {
            None | Some(Value::Null) => {
                extracted.insert(name, values);
            }
            Some(own) => {
                let mut list = as_list(own.take());
                list.extend(as_list(values));
                *own = Value::Array(list);
            }
        }
    }
}

fn as_list(value: Value) -> Vec<Value> {
    if let Value::Array(list) = value {
        return list;
    }
    vec![value]
}

fn unknown_failure(request: &ScrapeRequest) -> Attempt {
    let message = PageError::Browser {
        message: UNKNOWN_ERROR.into(),
    };
    Attempt {
        ending: Ending::Failed,
        verdict: verdict::of_error(request, &message),
        response: ScrapeResponse {
            status_code: Some(500),
            message: Some(UNKNOWN_ERROR.into()),
            ..ScrapeResponse::default()
        },
    }
}

fn file(page: FetchedPage) -> DownloadResponse {
    let bytes = match page.body {
        PageBody::Text(text) => text.into_bytes(),
        PageBody::Bytes(bytes) => bytes,
    };
    DownloadResponse {
        content: Some(BASE64.encode(bytes)),
        content_type: page.content_type,
        status_code: Some(page.status.into()),
        message: Some(phrase(page.status)),
        execution_time: None,
    }
}

fn failed_download(message: String) -> DownloadResponse {
    DownloadResponse {
        status_code: Some(500),
        message: Some(message),
        ..DownloadResponse::default()
    }
}

/// `OK`, `NOT FOUND`, …
fn phrase(status: u16) -> String {
    StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .map_or_else(|| format!("STATUS {status}"), str::to_uppercase)
}
