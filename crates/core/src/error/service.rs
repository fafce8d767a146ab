//! What the service said, in plain words.

use scrapingpros::{Error, Meta, Refusal};
use time::OffsetDateTime;

use super::{AppError, ErrorCode};

/// What must be known about a call to say why it failed.
#[derive(Debug, Clone, Default)]
pub struct Circumstances {
    /// The engine on this computer was asked.
    pub local: bool,
    /// The server's host when it is not the service's own.
    pub other_server: Option<String>,
    /// The call costs credits.
    pub spends: bool,
    /// The country that was asked for, by name.
    pub country: Option<String>,
    /// How long an answer was waited for.
    pub patience_seconds: u64,
}

impl Circumstances {
    /// The error for the window, with the service's own words as details.
    pub fn explain(&self, error: &Error) -> AppError {
        let (code, message) = self.words(error);
        let mut explained = AppError::new(code, message).with_details(details(error));
        if let Error::RateLimited { refusal, .. } = error {
            explained.retry_after = Some(wait_seconds(&refusal.meta));
        }
        explained
    }

    /// Somebody answers, but not as the API does.
    pub fn not_an_api(&self, details: &impl ToString) -> AppError {
        AppError::new(ErrorCode::NotAnApi, self.another_answers()).with_details(details.to_string())
    }

    fn words(&self, error: &Error) -> (ErrorCode, String) {
        match error {
            Error::Unauthorized(_) if self.local => self.engine_trouble(),
            Error::Unauthorized(_) => (
                ErrorCode::KeyRejected,
                "The key was not accepted. It may have been replaced.".into(),
            ),
            Error::CountryNotApproved(_) if self.local => (
                ErrorCode::CountryNotApproved,
                format!(
                    "This computer has no proxy for {}.",
                    self.country.as_deref().unwrap_or("this country")
                ),
            ),
            Error::CountryNotApproved(_) => (
                ErrorCode::CountryNotApproved,
                format!(
                    "{} is not approved for you yet.",
                    self.country.as_deref().unwrap_or("This proxy")
                ),
            ),
            Error::Forbidden(refusal) => (
                ErrorCode::OptionsRefused,
                format!("Your account does not allow this: {}", sentence(refusal)),
            ),
            Error::UrlBlocked(_) if self.local => (
                ErrorCode::AddressRefused,
                "This address is private. Allow it in Settings to open it from this computer."
                    .into(),
            ),
            Error::UrlBlocked(_) => (
                ErrorCode::AddressRefused,
                "This address is private, so the service cannot open it.".into(),
            ),
            Error::Invalid(refusal) => (
                ErrorCode::OptionsRefused,
                format!("Some options do not go together. {}", sentence(refusal)),
            ),
            Error::RateLimited { refusal, .. } => (ErrorCode::RateLimited, too_fast(&refusal.meta)),
            Error::QuotaExceeded(_) => (
                ErrorCode::QuotaUsedUp,
                format!(
                    "No credits left this month. New credits on 1 {}.",
                    OffsetDateTime::now_utc().month().next()
                ),
            ),
            Error::Server(_) if self.local => self.engine_trouble(),
            Error::Server(refusal) => (ErrorCode::ServiceProblem, self.service_problem(refusal)),
            Error::Refused(refusal) => (
                ErrorCode::Unexpected,
                format!("{} refused this: {}", self.name(), sentence(refusal)),
            ),
            Error::Connect { .. } | Error::Timeout { sent: false } => self.unreachable(),
            Error::Timeout { sent: true } => (
                ErrorCode::NoAnswer,
                format!(
                    "No answer in {} seconds.{}",
                    self.patience_seconds,
                    self.perhaps_charged()
                ),
            ),
            Error::Interrupted { .. } if self.local => self.engine_trouble(),
            Error::Interrupted { .. } => (
                ErrorCode::NoAnswer,
                format!(
                    "The connection to {} broke off before the answer was here.{}",
                    self.name(),
                    self.perhaps_charged()
                ),
            ),
            Error::NotAnApi(_) | Error::NotFound(_) => {
                (ErrorCode::NotAnApi, self.another_answers())
            }
            Error::Parse(_) => (
                ErrorCode::Unexpected,
                format!(
                    "{} answered in a form that this version of the app does not know.{}",
                    self.name(),
                    self.perhaps_charged()
                ),
            ),
            Error::TooLarge { limit } => (
                ErrorCode::Unexpected,
                format!(
                    "The answer is larger than {} MB, the most this app takes.{}",
                    limit >> 20,
                    self.perhaps_charged()
                ),
            ),
            Error::Unsendable(_) => (
                ErrorCode::Unexpected,
                "This could not be sent. Nothing was charged.".into(),
            ),
        }
    }

    fn name(&self) -> String {
        match &self.other_server {
            _ if self.local => "The engine on this computer".into(),
            Some(host) => host.clone(),
            None => "Scraping Pros".into(),
        }
    }

    fn engine_trouble(&self) -> (ErrorCode, String) {
        (
            ErrorCode::EngineStopped,
            "The engine on this computer had a problem. Try again.".into(),
        )
    }

    fn unreachable(&self) -> (ErrorCode, String) {
        if self.local {
            return self.engine_trouble();
        }
        (
            ErrorCode::Unreachable,
            format!("This computer cannot reach {}.", self.name()),
        )
    }

    fn another_answers(&self) -> String {
        match &self.other_server {
            Some(host) => format!(
                "{host} does not answer like Scraping Pros. Check the server address."
            ),
            None => "Something else answered instead of Scraping Pros, perhaps the log-in page of this network.".into(),
        }
    }

    fn service_problem(&self, refusal: &Refusal) -> String {
        let charged = match refusal.meta.credits_charged {
            _ if !self.spends => String::new(),
            Some(0) => " You were not charged.".into(),
            Some(1) => " You were charged 1 credit.".into(),
            Some(credits) => format!(" You were charged {credits} credits."),
            // Contract §1.4: 503 is answered before anything is begun.
            None if refusal.status == 503 => " You were not charged.".into(),
            None => self.perhaps_charged().into(),
        };
        format!("{} has a problem right now.{charged}", self.name())
    }

    fn perhaps_charged(&self) -> &'static str {
        if self.spends && !self.local {
            " It may have been charged."
        } else {
            ""
        }
    }
}

/// Whether the service may have done the work although no result came.
pub fn may_be_charged(error: &Error) -> bool {
    match error {
        Error::Timeout { sent } => *sent,
        Error::Interrupted { .. } | Error::Parse(_) | Error::TooLarge { .. } => true,
        Error::Server(refusal) => match refusal.meta.credits_charged {
            Some(credits) => credits > 0,
            None => refusal.status != 503,
        },
        Error::Unauthorized(_)
        | Error::CountryNotApproved(_)
        | Error::Forbidden(_)
        | Error::NotFound(_)
        | Error::UrlBlocked(_)
        | Error::Invalid(_)
        | Error::RateLimited { .. }
        | Error::QuotaExceeded(_)
        | Error::Refused(_)
        | Error::Connect { .. }
        | Error::NotAnApi(_)
        | Error::Unsendable(_) => false,
    }
}

fn too_fast(meta: &Meta) -> String {
    match meta.rate_limit.and_then(|rate| rate.limit) {
        Some(limit) => format!("A little too fast. Your plan allows {limit} scrapes a minute."),
        None => "A little too fast.".into(),
    }
}

/// What the service asks for, or until its window starts anew, or half a minute.
fn wait_seconds(meta: &Meta) -> u32 {
    let asked = meta
        .retry_after
        .map(|wait| wait.as_secs_f64().ceil() as u64);
    let reset = meta.rate_limit.and_then(|rate| rate.reset).map(|reset| {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        reset
            .saturating_sub(now.try_into().unwrap_or(0))
            .clamp(1, 60)
    });
    asked.or(reset).unwrap_or(30).try_into().unwrap_or(u32::MAX)
}

/// The service's own text as a sentence.
fn sentence(refusal: &Refusal) -> String {
    let text = refusal.text.trim();
    let end = if text.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{text}{end}")
}

fn details(error: &Error) -> String {
    let excerpt = if let Error::NotAnApi(answer) = error {
        Some(&answer.excerpt)
    } else if let Error::Parse(failure) = error {
        Some(&failure.excerpt)
    } else {
        error.refusal().and_then(|refusal| refusal.excerpt.as_ref())
    };
    match excerpt {
        Some(excerpt) if !excerpt.is_empty() => format!("{error}\n{excerpt}"),
        Some(_) | None => error.to_string(),
    }
}
