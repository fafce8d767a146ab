//! One job from its request to what is written of it. It can't fail: whatever happens is an end.

use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use futures::FutureExt as _;
use scrapingpros::types::{Guidance, ScrapeRequest, ScrapeResponse};

use crate::check::Rejection;
use crate::collections::moment;
use crate::ledger::Entry;
use crate::page::StageTeller;
use crate::scrape::{Ending, Scraper, Worked};

use super::lanes::Job;

/// Larger answers are packed on a blocking thread.
const PACKED_AT_ONCE: usize = 256 * 1024;
const PACKING_LEVEL: i32 = 1;

/// The reference's own words.
const UNKNOWN_ERROR: &str = "The job wasn't succesfully completed due to an unknown error.";

/// A job's end, ready to be written.
pub struct Finished {
    pub job: i64,
    pub run: i64,
    pub ending: Ending,
    pub is_success: bool,
    pub status_code: Option<i64>,
    pub message: Option<String>,
    pub block_reason: Option<&'static str>,
    /// JSON lists.
    pub protection_stack: String,
    pub rule_hits: String,
    pub has_extractable_data: bool,
    pub retries: u32,
    pub started_at: i64,
    pub execution_ms: i64,
    /// None: nothing was sent, nothing is charged.
    pub entry: Option<Entry>,
    pub result: Packed,
}

/// JSON of the answer.
#[derive(Default)]
pub struct Packed {
    pub bytes: Vec<u8>,
    pub size: usize,
}

pub async fn work_off(scraper: &Scraper, job: &Job) -> Finished {
    let started_at = moment::now_ms();
    let clock = Instant::now();
    let work = AssertUnwindSafe(scrape(scraper, job)).catch_unwind();
    let worked = match work.await {
        Ok(worked) => worked,
        Err(_) => {
            tracing::error!(job = job.id, "a job broke off");
            refused(job, "worker_error", UNKNOWN_ERROR.into())
        }
    };
    let Worked {
        response,
        ending,
        retries,
        has_extractable_data,
        entry,
    } = worked;
    let guidance = response.guidance.as_ref();
    let error_type = guidance.and_then(|guidance| guidance.error_type.as_deref());
    let provider = guidance.and_then(|guidance| guidance.error_provider.clone());
    let arrived = ending == Ending::Arrived;
    let mut finished = Finished {
        job: job.id,
        run: job.run,
        ending,
        is_success: arrived && guidance.is_some_and(|guidance| guidance.success),
        status_code: response.status_code,
        message: response.message.clone(),
        block_reason: arrived.then(|| block_reason(error_type)),
        protection_stack: list(provider),
        rule_hits: list(error_type.map(str::to_owned).filter(|_| arrived)),
        has_extractable_data,
        retries,
        started_at,
        execution_ms: 0,
        entry,
        result: pack(response).await,
    };
    finished.execution_ms = i64::try_from(clock.elapsed().as_millis()).unwrap_or(i64::MAX);
    finished
}

async fn scrape(scraper: &Scraper, job: &Job) -> Worked {
    let request: ScrapeRequest = match serde_json::from_str(&job.request) {
        Ok(request) => request,
        Err(error) => return refused(job, "failed", error.to_string()),
    };
    let stages = StageTeller::default();
    match scraper.work(&request, &stages).await {
        Ok(worked) => worked,
        Err(Rejection::Blocked(message)) => {
            let message = format!("URL blocked by SSRF protection: {message}");
            refused(job, "blocked", message)
        }
        Err(Rejection::CountryProxy) => refused(job, "failed", "Country proxy not approved".into()),
        Err(Rejection::Invalid(problems)) => {
            let problems = problems.into_iter().map(|problem| {
                let place = problem.loc.last().map(ToString::to_string);
                format!(
                    "{}: {}",
                    place.unwrap_or_default().trim_matches('"'),
                    problem.msg
                )
            });
            let message = problems.collect::<Vec<_>>().join("; ");
            refused(job, "failed", message)
        }
    }
}

/// Nothing was sent.
fn refused(job: &Job, error_type: &str, message: String) -> Worked {
    Worked {
        response: ScrapeResponse {
            url: Some(job.url.clone()),
            custom_id: job.custom_id.clone(),
            guidance: Some(Guidance {
                success: false,
                error_type: Some(error_type.to_owned()),
                credits_charged: Some(0),
                credits_refunded: Some(true),
                next_steps: vec![message.clone()],
                ..Guidance::default()
            }),
            message: Some(message),
            ..ScrapeResponse::default()
        },
        ending: Ending::Failed,
        retries: 0,
        has_extractable_data: false,
        entry: None,
    }
}

/// The verdict in the listing's words (contract §3.5).
fn block_reason(error_type: Option<&str>) -> &'static str {
    match error_type {
        Some("captcha") => "captcha",
        Some("blocked") => "ip_block",
        Some("rate_limit") => "rate_limit",
        Some("soft_block") => "soft_block_empty_shell",
        Some("login_wall") => "login_wall",
        Some(_) | None => "none",
    }
}

fn list(one: Option<String>) -> String {
    serde_json::json!(one.as_slice()).to_string()
}

async fn pack(response: ScrapeResponse) -> Packed {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let size = text(&response.html)
        + text(&response.markdown)
        + text(&response.screenshot)
        + text(&response.body_base64);
    if size <= PACKED_AT_ONCE && response.network_requests.is_none() {
        return pack_now(&response);
    }
    let packed = tokio::task::spawn_blocking(move || pack_now(&response)).await;
    packed.unwrap_or_else(|error| {
        tracing::error!(%error, "a result could not be packed");
        Packed::default()
    })
}

fn pack_now(response: &ScrapeResponse) -> Packed {
    thread_local! {
        static PACKER: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
    }
    let json = match serde_json::to_vec(response) {
        Ok(json) => json,
        Err(error) => {
            tracing::error!(%error, "a result could not be written as JSON");
            return Packed::default();
        }
    };
    let bytes = PACKER.with_borrow_mut(|packer| {
        if packer.is_none() {
            *packer = Some(zstd::bulk::Compressor::new(PACKING_LEVEL)?);
        }
        packer
            .as_mut()
            .map_or_else(|| Ok(Vec::new()), |packer| packer.compress(&json))
    });
    match bytes {
        Ok(bytes) => Packed {
            bytes,
            size: json.len(),
        },
        Err(error) => {
            tracing::error!(%error, "a result could not be packed");
            Packed::default()
        }
    }
}
