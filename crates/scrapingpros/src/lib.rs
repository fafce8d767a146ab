//! Typed client for the Scraping Pros REST API.

pub mod types;
