//! The window of Scraping Pros Desktop.

pub mod bindings;
pub mod commands;
