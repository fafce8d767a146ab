//! Why a call about collections is refused, in the service's own words (contract §1.5, §5.2, §5.3).

use serde_json::{Value, json};

use crate::check::Problem;
use crate::database::DatabaseError;

use super::moment;

#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("the envelope is invalid")]
    Invalid(Vec<Problem>),
    #[error("There is a problem with the collection. Please check the requests. {0}")]
    Requests(String),
    #[error("Idempotency-Key reused with a different payload.")]
    KeyReused,
    #[error("An Idempotency-Key has 1 to 200 characters, none of them white space or a colon.")]
    KeyUnfit,
    #[error("Collection not found.")]
    NoCollection,
    #[error("Collection not exists or Collection does not requests associated.")]
    NothingToRun,
    #[error("Run not found.")]
    NoRun,
    #[error("Run not found for the given collection.")]
    ForeignRun,
    /// A query parameter that is not one.
    #[error("{0}")]
    Query(String),
    #[error("{}", .0.message())]
    NoResult(NoResult),
    #[error("an earlier call with the same key has not ended")]
    Busy,
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Invalid(vec![problem])
    }
}

/// Why a job has no result; times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoResult {
    Pending,
    Expired { completed_at: i64, now: i64 },
    Lost { completed_at: i64, now: i64 },
    UnknownJob,
}

impl NoResult {
    /// The `detail` of the typed 404.
    pub fn detail(self) -> Value {
        let times = match self {
            Self::Expired { completed_at, now } | Self::Lost { completed_at, now } => {
                Some((completed_at, now))
            }
            Self::Pending | Self::UnknownJob => None,
        };
        json!({
            "error_code": self.code(),
            "message": self.message(),
            "completed_at": times.map(|(completed_at, _)| moment::iso(completed_at) + "Z"),
            "age_hours": times.map(|(completed_at, now)| ((now - completed_at) as f64 / 360_000.0).round() / 10.0),
        })
    }

    fn code(self) -> &'static str {
        match self {
            Self::Pending => "result_pending",
            Self::Expired { .. } => "result_expired",
            Self::Lost { .. } => "result_lost",
            Self::UnknownJob => "job_id_invalid",
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::Pending => "The job has not finished yet.",
            Self::Expired { .. } => "The stored result has expired.",
            Self::Lost { .. } => "The stored result was lost before its time.",
            Self::UnknownJob => "There is no such job in this run.",
        }
    }
}
