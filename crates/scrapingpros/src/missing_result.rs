//! Why a job has no result: the typed 404 (contract §5.3).

use jiff::Timestamp;

use crate::types::{Job, JobStatus, time};
use crate::{Error, Refusal};

/// Why the result of a job could not be had (contract §5.3).
#[derive(Debug, thiserror::Error)]
pub enum ResultError {
    /// The service says that there is none.
    #[error("the job has no result ({0})")]
    Missing(Box<MissingResult>),
    /// The call itself failed.
    #[error(transparent)]
    Call(Error),
}

/// What the service says about a result that is not there (contract §5.3).
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{refusal}")]
pub struct MissingResult {
    /// Why.
    pub reason: MissingReason,
    /// When the job ended.
    pub completed_at: Option<Timestamp>,
    /// How long ago that was, in hours.
    pub age_hours: Option<f64>,
    /// The service's own words.
    pub refusal: Refusal,
}

/// Why a result is not there (contract §5.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MissingReason {
    /// The job has not ended: ask again later.
    Pending,
    /// It was kept for its time and then deleted: only a new scrape brings it back.
    Expired,
    /// It should be there and is not: a fault of the service.
    Lost,
    /// The run has no such job.
    JobIdInvalid,
    /// An old server, which does not say why. See [`MissingReason::resolved`].
    Unstated,
    /// A code this version does not know, as it came.
    Other(String),
}

impl MissingReason {
    /// What a reason that is not stated comes to, going by the job's row (contract §5.3): not there yet while the job
    /// is running or ended less than 24 hours before `now`, else expired.
    pub fn resolved(&self, job: &Job, now: Timestamp) -> Self {
        if *self != Self::Unstated {
            return self.clone();
        }
        let is_kept = job
            .completed_at
            .is_none_or(|ended| ended.duration_until(now) < KEPT);
        match job.status {
            JobStatus::Processing | JobStatus::Other(_) => Self::Pending,
            JobStatus::Completed | JobStatus::Failed | JobStatus::Timeout if is_kept => {
                Self::Pending
            }
            JobStatus::Completed | JobStatus::Failed | JobStatus::Timeout => Self::Expired,
        }
    }
}

/// How long results are surely kept (contract §1.7, §9 row 6).
const KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

impl ResultError {
    /// What the service says about a result that is not there (contract §5.3).
    pub fn missing(&self) -> Option<&MissingResult> {
        match self {
            Self::Missing(missing) => Some(missing),
            Self::Call(_) => None,
        }
    }
}

impl From<Error> for ResultError {
    fn from(error: Error) -> Self {
        let Error::NotFound(refusal) = error else {
            return Self::Call(error);
        };
        let reason = match refusal.code.as_deref() {
            Some("result_pending") => MissingReason::Pending,
            Some("result_expired") => MissingReason::Expired,
            Some("result_lost") => MissingReason::Lost,
            Some("job_id_invalid") => MissingReason::JobIdInvalid,
            Some(code) => MissingReason::Other(code.to_owned()),
            None if is_about_the_run(&refusal.text) => return Self::Call(Error::NotFound(refusal)),
            None => MissingReason::Unstated,
        };
        Self::Missing(Box::new(MissingResult {
            reason,
            completed_at: refusal.details.get("completed_at").and_then(time::read),
            age_hours: refusal
                .details
                .get("age_hours")
                .and_then(|age| age.as_f64()),
            refusal: *refusal,
        }))
    }
}

/// The run or the collection is unknown, as opposed to the result (contract §1.5).
fn is_about_the_run(text: &str) -> bool {
    let text = text.to_lowercase();
    [
        "run not found",
        "collection not found",
        "collection not exists",
    ]
    .iter()
    .any(|words| text.starts_with(words))
}
