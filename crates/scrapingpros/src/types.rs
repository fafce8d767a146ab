//! The wire: requests and answers exactly as the service names them. Nothing here talks to a network.

mod action;
mod download;
mod guidance;
mod health;
mod lenient;
mod plans;
mod scrape;
mod scrape_response;
mod usage;

pub use action::{Action, Condition, LoopAction, WaitState};
pub use download::{DownloadRequest, DownloadResponse};
pub use guidance::Guidance;
pub use health::{HealthComponent, HealthResponse};
pub use plans::{Plan, PlansResponse};
pub use scrape::{
    Extract, ExtractRule, Format, HttpMethod, NetworkCapture, PostEncoding, Proxy, ProxyConfig,
    ScrapeRequest,
};
pub use scrape_response::{NetworkRequest, ScrapeResponse};
pub use usage::{BillingResponse, ClientBilling, CreditSystem, CreditsSpent};
