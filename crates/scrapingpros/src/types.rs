//! The wire: requests and answers exactly as the service names them. Nothing here talks to a network.

mod action;
mod collection;
mod download;
mod guidance;
mod health;
mod inline_result;
mod job;
mod jobs_page;
mod lenient;
mod listing;
mod outline;
mod plans;
mod proxies;
mod run;
mod scrape;
mod scrape_response;
pub mod time;
mod usage;
mod viability;
mod words;

pub use action::{Action, Condition, LoopAction, WaitState};
pub use collection::{
    BlockedReason, BlockedUrl, Collection, CollectionChange, CollectionReceipt, InvalidItem,
    ItemError, NewCollection,
};
pub use download::{DownloadRequest, DownloadResponse};
pub use guidance::Guidance;
pub use health::{HealthComponent, HealthResponse};
pub use inline_result::InlineResult;
pub use job::{Job, JobStatus};
pub use jobs_page::JobsPage;
pub use listing::{Listing, Row, UnreadableRow};
pub use plans::{Plan, PlansResponse};
pub use proxies::{CountryRequest, CountryRequested, CountryStatus, ProxyCountries, ProxyStatus};
pub use run::{CallbackStatus, FailedJob, Run, RunStatus, SuccessCriterion};
pub use scrape::{
    Extract, ExtractRule, Format, HttpMethod, NetworkCapture, PostEncoding, Proxy, ProxyConfig,
    ScrapeRequest,
};
pub use scrape_response::{NetworkRequest, ScrapeResponse};
pub use usage::{
    BillingResponse, ClientBilling, ClientMetrics, CreditSystem, CreditsSpent, numbers,
};
pub use viability::{
    Depth, Difficulty, TestedMode, ViabilityRequest, ViabilityResult, ViabilityRun,
};
