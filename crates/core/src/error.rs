//! The one error that crosses to the window: a code it acts on, a plain sentence, details for the curious.

mod service;

use serde::{Deserialize, Serialize};
use specta::Type;

pub use service::{Circumstances, may_be_charged};

/// What went wrong, as the window needs to know it. Each code has words and a way out in the UI's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// A form field is wrong; `problems` says which.
    InvalidForm,
    /// The service refused the key (401).
    KeyRejected,
    /// The account has no key at hand.
    KeyMissing,
    /// The key holds characters no key can hold.
    KeyMalformed,
    /// The country's proxy is not approved (403).
    CountryNotApproved,
    /// Private or blocked address (422).
    AddressRefused,
    /// The service refused the options (400, 422).
    OptionsRefused,
    /// Too many calls a minute (429).
    RateLimited,
    /// No credits left this month (429, quota).
    QuotaUsedUp,
    /// The service has a problem (5xx).
    ServiceProblem,
    /// No connection to the service.
    Unreachable,
    /// No answer in time; a spending call may have been charged.
    NoAnswer,
    /// The server address does not answer like the API.
    NotAnApi,
    /// No keychain service on this system.
    KeychainMissing,
    /// A keychain service without a default collection.
    KeychainNoCollection,
    /// The keychain is locked or the person denied access.
    KeychainLocked,
    /// Any other keychain trouble.
    KeychainOther,
    /// The local engine could not start or stopped.
    EngineStopped,
    /// The result or account is not there any more.
    NotFound,
    /// What a run can cost at most is no longer what the person agreed to.
    PriceChanged,
    /// The disk is full, read-only or the library is damaged.
    Storage,
    /// The person cancelled; never shown as an error.
    Cancelled,
    /// Anything else.
    Unexpected,
}

/// One field of a form that must be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FieldProblem {
    /// Path in the form: `address`, `extract.0.selector`, `steps.2.selector`, `headers.1.name`, `key`, `server`.
    pub field: String,
    /// A plain sentence that says what to do.
    pub message: String,
}

impl FieldProblem {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

/// Crosses IPC as the rejection of a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, thiserror::Error)]
#[error("{message}")]
pub struct AppError {
    /// What the window acts on.
    pub code: ErrorCode,
    /// A plain sentence.
    pub message: String,
    /// Technical details: status, the server's own text, a path. Never a key.
    pub details: Option<String>,
    /// Only with [`ErrorCode::InvalidForm`].
    pub problems: Vec<FieldProblem>,
    /// Only with [`ErrorCode::RateLimited`]: seconds until the next try makes sense.
    pub retry_after: Option<u32>,
    /// Result kept for a call that failed after it was sent, so that nothing is lost.
    pub result_id: Option<String>,
}

impl AppError {
    /// An error with no details.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            details: None,
            problems: Vec::new(),
            retry_after: None,
            result_id: None,
        }
    }

    /// Adds technical details.
    pub fn with_details(mut self, details: impl ToString) -> Self {
        self.details = Some(details.to_string());
        self
    }

    /// A form that must be changed before anything is sent.
    pub fn invalid(problems: Vec<FieldProblem>) -> Self {
        let message = problems
            .first()
            .map_or_else(String::new, |problem| problem.message.clone());
        Self {
            problems,
            ..Self::new(ErrorCode::InvalidForm, message)
        }
    }
}
