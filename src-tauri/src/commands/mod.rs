//! What the page may ask for. Each command hands over to `core` and holds no rule of its own.

pub mod accounts;
pub mod collections;
pub mod exports;
pub mod library;
pub mod proxies;
pub mod runs;
pub mod scrape;
pub mod settings;
pub mod system;
pub mod templates;
pub mod usage;

use std::sync::Arc;

use scrapingpros_core::Core;

/// The application, as commands see it.
pub type AppCore<'a> = tauri::State<'a, Arc<Core>>;
