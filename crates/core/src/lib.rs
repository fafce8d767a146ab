//! Scraping Pros Desktop without its window.
//!
//! [`Core`] is opened once on a data folder and handed to whoever shows it. It knows no Tauri: the
//! window calls it, a test calls it, a script could.

pub mod accounts;
pub mod collections;
pub mod database;
pub mod engine;
pub mod error;
pub mod exports;
pub mod journal;
pub mod keychain;
pub mod library;
pub mod proxies;
pub mod results;
pub mod runs;
pub mod scrape;
pub mod settings;
pub mod start;
mod stored_file;
pub mod templates;
pub mod usage;

pub use error::{AppError, ErrorCode, FieldProblem};
pub use start::{Core, CoreConfig, default_data_dir};

/// Everything a command may answer with.
pub type Answer<T> = Result<T, AppError>;
