//! Runs from their start to the last result on disk, against a scripted service that breaks in every way.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod draining;
mod kills;
mod lifecycle;
mod retrying;
mod service;

use scrapingpros::{ApiKey, Client, Config, RetryPolicy};

/// As the app makes them, but for waits.
pub fn client(address: &str) -> Client {
    let mut config = Config::for_server(address).unwrap();
    config.retry = RetryPolicy {
        reads: 1,
        first_delay: std::time::Duration::from_millis(1),
        ..RetryPolicy::default()
    };
    Client::new(config, Some(ApiKey::parse(service::KEY).unwrap())).unwrap()
}
