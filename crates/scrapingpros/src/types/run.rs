//! Runs: one working-off of a collection (contract §3.4).

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value};

use super::words::open_words;
use super::{lenient, time};

/// A run and its counters (contract §3.4). At the end `total = success + failed + timeout`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Run {
    /// Opaque.
    pub run_id: String,
    /// Opaque.
    pub collection_id: Option<String>,
    /// How far it is.
    pub status: RunStatus,
    /// Queued jobs, without what was refused when the collection was made.
    pub total_requests: u64,
    /// Jobs with usable content.
    pub success_requests: u64,
    /// Jobs that failed, or whose page is an error or a block page (contract §3.6).
    pub failed_requests: u64,
    /// Jobs that took too long.
    pub timeout_requests: u64,
    /// Some of the failed ones.
    pub failed_jobs: Vec<FailedJob>,
    /// In no order, absent in lists, empty after old runs: the jobs listing says more (contract §9 row 9).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_ids: Option<Vec<String>>,
    /// Told when the run ends (contract §6).
    pub callback_url: Option<String>,
    /// Whether it was told.
    pub callback_status: Option<CallbackStatus>,
    /// Absent for old ones.
    #[serde(serialize_with = "time::as_epoch")]
    pub created_at: Option<Timestamp>,
    /// By which rules a job counts as a success.
    pub success_criterion: Option<SuccessCriterion>,
    /// True once every job stands in the jobs listing; unknown for old runs.
    pub all_jobs_persisted: Option<bool>,
    /// Fields this version does not know, and those above when they are not what is expected.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

impl Run {
    /// How many jobs have come to an end, whatever it was (contract §3.4).
    pub fn ended(&self) -> u64 {
        self.success_requests
            .saturating_add(self.failed_requests)
            .saturating_add(self.timeout_requests)
    }

    /// Whether the jobs listing has still rows to come beyond the `listed` ones: the run goes on, or the listing lags
    /// behind the counters (contract §9 row 8). A listing may lack a job for good, so bound the waiting.
    pub fn awaits_more_than(&self, listed: u64) -> bool {
        !self.status.is_terminal() || self.ended() > listed
    }
}

open_words! {
    /// How far a run or a viability test is (contract §3.4, §5.5). What is not known counts as running (contract §9
    /// row 24).
    RunStatus {
        /// Being worked off.
        InProgress = "in_progress",
        /// Ended.
        Completed = "completed",
        /// Ended by a fault of the service.
        Failed = "failed",
        /// Ended by somebody.
        Cancelled = "cancelled",
    }
}

impl RunStatus {
    /// Whether nothing more will come (contract §9 row 24).
    pub fn is_terminal(&self) -> bool {
        match self {
            Self::Completed | Self::Failed | Self::Cancelled => true,
            Self::InProgress | Self::Other(_) => false,
        }
    }
}

open_words! {
    /// Whether the webhook was delivered (contract §3.4, §6).
    CallbackStatus {
        /// Not yet tried.
        Pending = "pending",
        /// Delivered.
        Sent = "sent",
        /// Given up.
        Failed = "failed",
        /// Tried in vain, to be tried again.
        Retrying = "retrying",
    }
}

/// One failed job of a run (contract §3.4).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FailedJob {
    /// Opaque.
    #[serde(deserialize_with = "lenient::optional")]
    pub job_id: Option<String>,
    /// The address.
    #[serde(deserialize_with = "lenient::optional")]
    pub url: Option<String>,
    /// The service's words.
    #[serde(deserialize_with = "lenient::optional")]
    pub error: Option<String>,
    /// `failed`, `timeout`, …
    #[serde(deserialize_with = "lenient::optional")]
    pub status: Option<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

/// By which rules a job counts as a success (contract §3.4, §3.6).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SuccessCriterion {
    /// Such as `content_success_v1`.
    #[serde(deserialize_with = "lenient::optional")]
    pub version: Option<String>,
    /// In the service's own notation.
    #[serde(deserialize_with = "lenient::null_as_default")]
    pub rules: Vec<String>,
}

impl<'de> Deserialize<'de> for Run {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut row = Map::deserialize(deserializer)?;
        let run_id = lenient::take_id(&mut row, "run_id");
        Ok(Self {
            run_id: run_id.ok_or_else(|| de::Error::missing_field("run_id"))?,
            collection_id: lenient::take_id(&mut row, "collection_id"),
            status: lenient::take(&mut row, "status").unwrap_or_default(),
            total_requests: lenient::take_count(&mut row, "total_requests"),
            success_requests: lenient::take_count(&mut row, "success_requests"),
            failed_requests: lenient::take_count(&mut row, "failed_requests"),
            timeout_requests: lenient::take_count(&mut row, "timeout_requests"),
            failed_jobs: lenient::take_moved(&mut row, "failed_jobs", lenient::known)
                .unwrap_or_default(),
            job_ids: lenient::take_moved(&mut row, "job_ids", lenient::texts),
            callback_url: lenient::take_text(&mut row, "callback_url"),
            callback_status: lenient::take(&mut row, "callback_status"),
            created_at: lenient::take_time(&mut row, "created_at"),
            success_criterion: lenient::take(&mut row, "success_criterion"),
            all_jobs_persisted: lenient::take(&mut row, "all_jobs_persisted"),
            unknown: row,
        })
    }
}
