//! Runs and their jobs as the window shows them.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::AppError;
use crate::results::{ChangeView, ResultView};
use crate::scrape::{CostView, ScrapeForm};

/// What the person agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
pub struct StartRunForm {
    pub collection_id: String,
    /// The most it may cost, as it was shown; 0 where it is free. Refused when it has changed.
    pub confirmed_ceiling: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Written down here, and on its way to the service, or to be asked about after a crash.
    Sending,
    /// The service works on it, and results are taken in as they arrive.
    Running,
    /// Every page has come to an end and is on disk.
    Finished,
    /// Never started: `trouble` says why. Nothing was charged.
    NotStarted,
    /// The person stopped watching: the service may go on.
    WatchingStopped,
}

/// A line in lists of runs. `submitted = queued + left_out + refused + duplicates` and
/// `queued = success + failed + timed_out + waiting`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct RunSummary {
    pub id: String,
    /// Counts the collection's runs, from 1.
    pub number: u32,
    /// Empty when the collection was made elsewhere.
    pub collection_id: String,
    pub collection_name: String,
    pub account_name: String,
    pub local: bool,
    pub state: RunState,
    /// Pages of the list.
    pub submitted: u32,
    /// Not sent, because the report found them wrong.
    pub left_out: u32,
    /// Sent, and not taken by the service.
    pub refused: u32,
    pub duplicates: u32,
    pub queued: u32,
    pub success: u32,
    pub failed: u32,
    pub timed_out: u32,
    pub waiting: u32,
    /// The most it can cost; 0 where it is free.
    pub ceiling: u32,
    /// What the service said it charged so far.
    pub credits: u32,
    /// Pages whose credits came back.
    pub refunded: u32,
    /// Unix seconds.
    pub started_at: u32,
    /// Unix seconds; none until it has ended.
    pub ended_at: Option<u32>,
}

/// A run on the screen; sent anew, at most four times a second, while it is watched.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct RunView {
    pub run: RunSummary,
    /// Of the last minutes; none before there is something to count, and after the end.
    pub pages_per_minute: Option<u32>,
    pub seconds_left: Option<u32>,
    /// The most frequent first.
    pub causes: Vec<CauseView>,
    /// What holds it up now, or why it was never started. It goes on by itself but for a missing key.
    pub trouble: Option<AppError>,
}

/// Pages that failed for the same reason.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct CauseView {
    /// For filters and retries: `captcha`, `http_404`, `missing`, …
    pub id: String,
    /// "The site showed a captcha."
    pub words: String,
    /// What to do; may be empty.
    pub advice: String,
    pub count: u32,
    pub timed_out: bool,
    /// None when trying again is futile, and `stop_reason` says why.
    pub retry: Option<RetryOffer>,
    pub stop_reason: String,
}

/// "37 need a browser: at most 185 credits."
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct RetryOffer {
    /// How many of the pages would be tried again.
    pub count: u32,
    /// What the service suggests to do differently; empty: the same again.
    pub changes: Vec<ChangeView>,
    /// At most, all pages together.
    pub cost: CostView,
}

/// Which failed pages to run again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
pub struct RetryForm {
    pub run_id: String,
    /// Ids of causes; empty: all that offer it.
    pub causes: Vec<String>,
    /// The sum of the offers' costs, as shown.
    pub confirmed_ceiling: u32,
}

/// Which runs to list, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
pub struct RunsQuery {
    /// Empty: of all collections.
    pub collection_id: String,
    /// Only those that have not ended.
    pub unfinished: bool,
    pub offset: u32,
    /// At most 500.
    pub limit: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct RunsPage {
    pub rows: Vec<RunSummary>,
    pub found: u32,
}

/// Which jobs of a run, and in which order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
pub struct RunJobsQuery {
    pub run_id: String,
    pub filter: JobsFilter,
    /// Part of the address or the label.
    pub search: String,
    /// Id of a cause; empty: any.
    pub cause: String,
    pub sort: JobsSort,
    pub descending: bool,
    pub offset: u32,
    /// At most 500.
    pub limit: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum JobsFilter {
    /// All that were sent.
    All,
    Success,
    Failed,
    TimedOut,
    Waiting,
    /// Not taken by the service, or there twice.
    NotTaken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum JobsSort {
    /// As they stand in the list.
    Place,
    Address,
    Label,
    Outcome,
    Duration,
    Credits,
    /// As they ended.
    Ended,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct RunJobsPage {
    pub rows: Vec<JobRow>,
    /// How many there are with this filter, cause and search.
    pub found: u32,
}

/// A page of the list in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct JobRow {
    /// Names the job within its run.
    pub id: String,
    pub address: String,
    pub label: String,
    pub outcome: JobOutcome,
    /// "Success", "The site showed a captcha."
    pub words: String,
    /// Id of the cause; empty unless it failed.
    pub cause: String,
    pub duration_ms: Option<u32>,
    /// What was charged; none when the service did not say.
    pub credits: Option<u32>,
    /// Unix seconds.
    pub ended_at: Option<u32>,
    /// None until there is one, and when the service has lost it.
    pub result_id: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum JobOutcome {
    Waiting,
    Success,
    Failed,
    TimedOut,
    Refused,
    Duplicate,
}

/// One job, with the ones before and after it in the table as it is filtered and sorted.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct JobView {
    pub job: JobRow,
    pub result: Option<ResultView>,
    pub previous: Option<String>,
    pub next: Option<String>,
    /// Place in the table, from 0.
    pub position: u32,
}

/// Two runs of a collection, page by page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
pub struct ComparisonQuery {
    /// The older one.
    pub before: String,
    pub after: String,
    pub filter: ComparisonFilter,
    pub offset: u32,
    /// At most 500.
    pub limit: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ComparisonFilter {
    /// All that are not the same.
    Changed,
    Verdict,
    Data,
    OnlyOne,
    All,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ComparisonPage {
    pub rows: Vec<ComparisonRow>,
    /// With this filter.
    pub found: u32,
    pub same: u32,
    pub verdict_changed: u32,
    pub data_changed: u32,
    pub only_before: u32,
    pub only_after: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ComparisonRow {
    pub address: String,
    pub label: String,
    /// None when the page is in one of them only.
    pub before: Option<JobRow>,
    pub after: Option<JobRow>,
    /// Extracted values that differ.
    pub values: Vec<ValueChange>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ValueChange {
    pub name: String,
    pub before: String,
    pub after: String,
}

/// "Try 5 first": a few pages of a list, spread over it.
#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
pub struct TrialForm {
    pub collection_id: String,
    /// Names the trial, so that it can be cancelled.
    pub trial_id: String,
    /// At most 10.
    pub pages: u32,
    /// The most it may cost, as it was shown; refused when it can cost more.
    pub confirmed_ceiling: u32,
}

/// Tried so far.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct TrialView {
    pub pages: Vec<TrialPage>,
    /// All that are to be tried have been.
    pub done: bool,
    pub credits: u32,
    /// How long a page took.
    pub average_ms: u32,
    /// What the service suggests for those that failed, as options for every page.
    pub suggestion: Option<TrialSuggestion>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct TrialPage {
    pub address: String,
    pub label: String,
    pub result: Option<ResultView>,
    /// Why it could not be tried.
    pub error: Option<AppError>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct TrialSuggestion {
    pub options: ScrapeForm,
    pub changes: Vec<ChangeView>,
    /// A page.
    pub cost: CostView,
}
