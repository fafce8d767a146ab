//! Everything that can go wrong with a call. No error ever holds the key.

use std::time::Duration;

use crate::{Meta, Refusal};

/// Why a call has no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 401: the key is missing or not accepted.
    #[error("the service refused the key ({0})")]
    Unauthorized(Box<Refusal>),
    /// 403 about a country's proxy.
    #[error("the proxy of this country is not approved ({0})")]
    CountryNotApproved(Box<Refusal>),
    /// Any other 403; not every one is about a country (contract §8.5 row 12).
    #[error("the service does not allow this ({0})")]
    Forbidden(Box<Refusal>),
    /// 404 from the API itself.
    #[error("not found ({0})")]
    NotFound(Box<Refusal>),
    /// 400 or 422: the address is private or blocked.
    #[error("the service does not open this address ({0})")]
    UrlBlocked(Box<Refusal>),
    /// 400 or 422: the request is wrong; [`Refusal::fields`] says where, when the service does (contract §9 row 1).
    #[error("the service refused the request ({0})")]
    Invalid(Box<Refusal>),
    /// 429: too many calls. Nothing was begun.
    #[error("too many calls ({refusal})")]
    RateLimited {
        /// What the service said.
        refusal: Box<Refusal>,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// 429: no credits left this month.
    #[error("no credits left ({0})")]
    QuotaExceeded(Box<Refusal>),
    /// 5xx.
    #[error("the service has a problem ({0})")]
    Server(Box<Refusal>),
    /// Any other status outside 2xx.
    #[error("the service refused the call ({0})")]
    Refused(Box<Refusal>),
    /// No connection was made; nothing was sent.
    #[error("no connection to the service: {}", cause(source))]
    Connect {
        /// The transport's own words.
        source: reqwest::Error,
    },
    /// No answer in time.
    #[error("no answer in time")]
    Timeout {
        /// False when not even the connection was made in time. True: the service may be working on it, and charge.
        sent: bool,
    },
    /// The connection broke before the whole answer was here. The service may have done the work, and charge.
    #[error("the connection broke off: {}", cause(source))]
    Interrupted {
        /// The transport's own words.
        source: reqwest::Error,
    },
    /// The answer is not from an API: a web page, a redirect, a portal that wants a log-in.
    #[error("the server does not answer like the API ({0})")]
    NotAnApi(Box<NotAnApi>),
    /// JSON, but not in the form the contract names.
    #[error("the answer could not be read ({0})")]
    Parse(Box<ParseFailure>),
    /// The answer is longer than [`Config::answer_limit`](crate::Config::answer_limit).
    #[error("the answer is longer than {limit} bytes, the most this client reads")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// The call could not be put together: a header that is none, a client without TLS.
    #[error("the call could not be made: {0}")]
    Unsendable(String),
}

/// An answer that no API gives.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("HTTP {status}{}", .location.as_ref().map(|to| format!(", redirects to {to}")).unwrap_or_default())]
pub struct NotAnApi {
    /// HTTP status.
    pub status: u16,
    /// What the answer says it is.
    pub content_type: Option<String>,
    /// Where a redirect leads. It is never followed: the key stays with its server.
    pub location: Option<String>,
    /// First 500 characters of the body.
    pub excerpt: String,
}

/// Where an answer departs from the contract.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at {path}: {message}")]
pub struct ParseFailure {
    /// JSON path of the value, `.` for the whole answer.
    pub path: String,
    /// What is wrong with it.
    pub message: String,
    /// First 500 characters of the body.
    pub excerpt: String,
    /// Status and headers: credits may have been charged.
    pub meta: Meta,
}

impl Error {
    /// HTTP status, when there was an answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::NotAnApi(answer) => Some(answer.status),
            Self::Parse(failure) => Some(failure.meta.status),
            Self::Unauthorized(_)
            | Self::CountryNotApproved(_)
            | Self::Forbidden(_)
            | Self::NotFound(_)
            | Self::UrlBlocked(_)
            | Self::Invalid(_)
            | Self::RateLimited { .. }
            | Self::QuotaExceeded(_)
            | Self::Server(_)
            | Self::Refused(_)
            | Self::Connect { .. }
            | Self::Timeout { .. }
            | Self::Interrupted { .. }
            | Self::TooLarge { .. }
            | Self::Unsendable(_) => self.refusal().map(|refusal| refusal.status),
        }
    }

    /// What the service said, when it refused the call itself.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Unauthorized(refusal)
            | Self::CountryNotApproved(refusal)
            | Self::Forbidden(refusal)
            | Self::NotFound(refusal)
            | Self::UrlBlocked(refusal)
            | Self::Invalid(refusal)
            | Self::RateLimited { refusal, .. }
            | Self::QuotaExceeded(refusal)
            | Self::Server(refusal)
            | Self::Refused(refusal) => Some(refusal),
            Self::Connect { .. }
            | Self::Timeout { .. }
            | Self::Interrupted { .. }
            | Self::NotAnApi(_)
            | Self::Parse(_)
            | Self::TooLarge { .. }
            | Self::Unsendable(_) => None,
        }
    }

    /// Status and headers, when the API answered.
    pub fn meta(&self) -> Option<&Meta> {
        if let Self::Parse(failure) = self {
            return Some(&failure.meta);
        }
        self.refusal().map(|refusal| &refusal.meta)
    }

    /// How long the service asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.refusal()?.meta.retry_after
    }

    /// Whether the patience ran out.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Timeout { .. })
    }

    /// Whether the work surely never began, so that nothing was charged and the call may be made again: it was not
    /// sent, or it was turned away at the door.
    pub fn surely_never_began(&self) -> bool {
        match self {
            Self::Unauthorized(_)
            | Self::CountryNotApproved(_)
            | Self::Forbidden(_)
            | Self::NotFound(_)
            | Self::UrlBlocked(_)
            | Self::Invalid(_)
            | Self::RateLimited { .. }
            | Self::QuotaExceeded(_)
            | Self::Connect { .. }
            | Self::Unsendable(_) => true,
            Self::NotAnApi(answer) => answer.status >= 300,
            Self::Timeout { sent } => !sent,
            Self::Server(_)
            | Self::Refused(_)
            | Self::Interrupted { .. }
            | Self::Parse(_)
            | Self::TooLarge { .. } => false,
        }
    }

    /// Whether not a byte of the call left this computer.
    pub(crate) fn never_sent(&self) -> bool {
        matches!(self, Self::Connect { .. } | Self::Timeout { sent: false })
    }

    pub(crate) fn from_transport(error: reqwest::Error) -> Self {
        let source = error.without_url();
        match (source.is_timeout(), source.is_connect()) {
            (true, connecting) => Self::Timeout { sent: !connecting },
            (false, true) => Self::Connect { source },
            (false, false) if source.is_builder() => Self::Unsendable(cause(&source)),
            (false, false) => Self::Interrupted { source },
        }
    }
}

/// The innermost reason: "Connection refused" says more than "error sending request".
fn cause(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
