//! Jobs: what a run has made of one address (contract §3.5).

use std::borrow::Cow;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value};

use super::words::open_words;
use super::{Guidance, InlineResult, ScrapeResponse, lenient, time};

/// A row of the jobs listing (contract §3.5).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Job {
    /// Opaque; names the job where its result is asked for.
    pub job_public_id: String,
    /// Opaque.
    pub run_public_id: Option<String>,
    /// Opaque.
    pub collection_id: Option<String>,
    /// Whose it is.
    pub client_id: Option<String>,
    /// How far it is.
    pub status: JobStatus,
    /// The *page's* HTTP status.
    pub status_code: Option<i64>,
    /// The service's verdict; unknown for old rows and unfinished jobs.
    pub is_success: Option<bool>,
    /// The service's words.
    pub message: Option<String>,
    /// The page; its first 2,048 characters.
    pub url: Option<String>,
    /// Whether the address is longer than that.
    pub url_truncated: bool,
    /// The request's label.
    pub custom_id: Option<String>,
    /// When it was taken in.
    #[serde(serialize_with = "time::as_naive")]
    pub queued_at: Option<Timestamp>,
    /// When it began.
    #[serde(serialize_with = "time::as_naive")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(serialize_with = "time::as_naive")]
    pub completed_at: Option<Timestamp>,
    /// Milliseconds. See [`Job::execution_time`].
    pub execution_time_ms: Option<u64>,
    /// Seconds, in old rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub execution_time_sec: Option<f64>,
    /// How often the service tried again.
    pub retries_attempted: Option<u64>,
    /// Open set, in which `none` means not blocked. See [`Job::blocked_by`].
    pub block_reason: Option<String>,
    /// Which protections the page has.
    pub protection_stack: Vec<String>,
    /// Which rules spoke for the verdict.
    pub rule_hits: Vec<String>,
    /// Version of those rules.
    pub validator_version: Option<String>,
    /// Whether the page holds structured data.
    pub has_extractable_data: Option<bool>,
    /// The result, when it was asked for, is there and is not too large. See [`Job::inline_result`].
    pub result: Option<InlineResult>,
    /// Fields this version does not know, and those above when they are not what is expected.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

impl Job {
    /// The inline result, when it is whole. `None`: ask for it on its own, as it may be missing, partial or malformed
    /// in the listing (contract §3.5, §9 row 21).
    pub fn inline_result(&self) -> Option<ScrapeResponse> {
        let mut result = self.result.as_ref()?.parse().ok()?;
        let is_whole =
            result.status_code.is_some() && (result.has_content() || !self.verdict_of(&result));
        is_whole.then(|| {
            self.complete(&mut result);
            result
        })
    }

    /// Whether usable content was obtained (contract §3.1): the row's verdict, or else the result's.
    pub fn verdict_of(&self, result: &ScrapeResponse) -> bool {
        self.is_success.unwrap_or_else(|| result.verdict())
    }

    /// Fills from the row what a result may lack: address, label, verdict (contract §5.3, §9 row 10).
    pub fn complete(&self, result: &mut ScrapeResponse) {
        if result.url.is_none() {
            result.url.clone_from(&self.url);
        }
        if result.custom_id.is_none() {
            result.custom_id.clone_from(&self.custom_id);
        }
        if result.guidance.is_none() {
            let mut guidance = result.guidance_or_synthesised(None);
            guidance.success = self.verdict_of(result);
            guidance.error_type = (!guidance.success)
                .then(|| self.failure().or(guidance.error_type))
                .flatten();
            result.guidance = Some(guidance);
        }
    }

    /// What stands for the result of a job that failed or took too long, and so has none (contract §8.2).
    pub fn synthesised_result(&self) -> ScrapeResponse {
        ScrapeResponse {
            url: self.url.clone(),
            custom_id: self.custom_id.clone(),
            status_code: self.status_code,
            message: self.message.clone(),
            execution_time: self.execution_time().map(|time| time.as_secs_f64()),
            guidance: Some(Guidance {
                success: false,
                error_type: Some(self.failure().unwrap_or_else(|| "failed".to_owned())),
                credits_charged: Some(0),
                ..Guidance::default()
            }),
            ..ScrapeResponse::default()
        }
    }

    /// Why the page was blocked (contract §3.5); the service's `none` is none.
    pub fn blocked_by(&self) -> Option<&str> {
        let reason = self.block_reason.as_deref()?.trim();
        (!reason.is_empty() && !reason.eq_ignore_ascii_case("none")).then_some(reason)
    }

    /// How long it took, from either field (contract §1.6).
    pub fn execution_time(&self) -> Option<Duration> {
        let millis = self.execution_time_ms.map(Duration::from_millis);
        millis.or_else(|| Duration::try_from_secs_f64(self.execution_time_sec?).ok())
    }

    /// In the words that the service and its tools use (contract §3.2).
    fn failure(&self) -> Option<String> {
        if let Some(reason) = self.blocked_by() {
            return Some(reason.to_owned());
        }
        match (&self.status, self.status_code) {
            (JobStatus::Timeout, _) => Some("worker_timeout".to_owned()),
            (JobStatus::Failed, None) => Some("worker_error".to_owned()),
            (_, Some(status)) if !(200..300).contains(&status) => Some(format!("http_{status}")),
            (
                JobStatus::Failed
                | JobStatus::Completed
                | JobStatus::Processing
                | JobStatus::Other(_),
                _,
            ) => None,
        }
    }

    /// Takes over one field. One that is not what is expected goes to `unknown` under its own name.
    pub(super) fn set(&mut self, name: Cow<'_, str>, value: Value) {
        let odd = match name.as_ref() {
            "run_public_id" => keep(&mut self.run_public_id, value, lenient::id),
            "collection_id" => keep(&mut self.collection_id, value, lenient::id),
            "client_id" => keep(&mut self.client_id, value, lenient::id),
            "status_code" => keep(&mut self.status_code, value, lenient::integer),
            "is_success" => keep(&mut self.is_success, value, lenient::boolean),
            "message" => keep(&mut self.message, value, lenient::text),
            "url" => keep(&mut self.url, value, lenient::text),
            "custom_id" => keep(&mut self.custom_id, value, lenient::text),
            "queued_at" => keep(&mut self.queued_at, value, lenient::moment),
            "started_at" => keep(&mut self.started_at, value, lenient::moment),
            "completed_at" => keep(&mut self.completed_at, value, lenient::moment),
            "execution_time_ms" => keep(&mut self.execution_time_ms, value, lenient::natural),
            "execution_time_sec" => keep(&mut self.execution_time_sec, value, lenient::number),
            "retries_attempted" => keep(&mut self.retries_attempted, value, lenient::natural),
            "block_reason" => keep(&mut self.block_reason, value, lenient::text),
            "validator_version" => keep(&mut self.validator_version, value, lenient::text),
            "has_extractable_data" => keep(&mut self.has_extractable_data, value, lenient::boolean),
            "job_public_id" => fill(&mut self.job_public_id, value, lenient::id),
            "status" => fill(&mut self.status, value, lenient::known),
            "url_truncated" => fill(&mut self.url_truncated, value, lenient::boolean),
            "protection_stack" => fill(&mut self.protection_stack, value, lenient::texts),
            "rule_hits" => fill(&mut self.rule_hits, value, lenient::texts),
            _ => Some(value),
        };
        if let Some(odd) = odd {
            self.unknown.insert(name.into_owned(), odd);
        }
    }
}

open_words! {
    /// How far a job is (contract §3.5). What is not known counts as running.
    JobStatus {
        /// Being worked on.
        Processing = "processing",
        /// Ended with an answer of the page, good or bad.
        Completed = "completed",
        /// Ended without one.
        Failed = "failed",
        /// Ended because it took too long.
        Timeout = "timeout",
    }
}

impl JobStatus {
    /// Whether nothing more will come (contract §3.5).
    pub fn is_terminal(&self) -> bool {
        match self {
            Self::Completed | Self::Failed | Self::Timeout => true,
            Self::Processing | Self::Other(_) => false,
        }
    }
}

impl<'de> Deserialize<'de> for Job {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut job = Self::default();
        for (name, value) in Map::deserialize(deserializer)? {
            if name == "result" {
                job.result = InlineResult::of(&value);
            } else {
                job.set(name.into(), value);
            }
        }
        if job.job_public_id.is_empty() {
            return Err(de::Error::missing_field("job_public_id"));
        }
        Ok(job)
    }
}

/// Gives back what does not fit, but for `null`.
fn keep<T>(
    slot: &mut Option<T>,
    value: Value,
    read: fn(Value) -> Result<T, Value>,
) -> Option<Value> {
    match read(value) {
        Ok(found) => {
            *slot = Some(found);
            None
        }
        Err(odd) => Some(odd).filter(|odd| !odd.is_null()),
    }
}

fn fill<T>(slot: &mut T, value: Value, read: fn(Value) -> Result<T, Value>) -> Option<Value> {
    let mut found = None;
    let odd = keep(&mut found, value, read);
    if let Some(found) = found {
        *slot = found;
    }
    odd
}
