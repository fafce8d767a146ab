//! Typed client for the Scraping Pros REST API.
//!
//! ```no_run
//! use scrapingpros::{ApiKey, Client, Config, types::ScrapeRequest};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new(Config::default(), Some(ApiKey::parse("the key")?))?;
//! let request = ScrapeRequest { url: "https://shop.example/".into(), ..Default::default() };
//! let answer = client.scrape().create(&request).await?;
//! assert!(answer.value.verdict());
//! # Ok(())
//! # }
//! ```
//!
//! One file per group of endpoints; [`Client`] owns the transport, [`Error`] says what went wrong, [`types`] is the
//! wire. The client knows no window, no keychain, no disk, and no wording for a person.

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod answer;
mod call;
mod client;
mod collections;
mod config;
mod downloads;
mod error;
mod headers;
mod health;
mod job_pages;
mod jobs;
mod key;
mod missing_result;
mod plans;
mod prepared;
mod proxies;
mod refusal;
mod retry;
mod runs;
mod scrape;
pub mod types;
mod usage;
mod viability;

pub use answer::Answered;
pub use client::{CallOptions, Client, OnReceived};
pub use collections::{CollectionFilter, Collections, Deletion};
pub use config::{Config, ConfigError, DEFAULT_SERVER, Timeouts};
pub use downloads::Downloads;
pub use error::{Error, NotAnApi, ParseFailure};
pub use headers::{Bucket, CreditsLeft, Meta, Quota, RateLimit};
pub use health::Health;
pub use jiff::Timestamp;
pub use jobs::{Direction, Jobs, JobsOrder, JobsQuery};
pub use key::{ApiKey, DEMO_KEY, KeyError};
pub use missing_result::{MissingReason, MissingResult, ResultError};
pub use plans::Plans;
pub use prepared::PreparedCollection;
pub use proxies::Proxies;
pub use refusal::{FieldError, Refusal};
pub use retry::RetryPolicy;
pub use runs::{RunAttempt, Runs, StartedRun};
pub use scrape::Scrape;
pub use usage::{ClientMetricsQuery, Usage};
pub use viability::Viability;
