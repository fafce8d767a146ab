//! Scraping Pros Desktop without its window.
//!
//! [`Core`] is opened once on a data folder and handed to whoever shows it. It knows no Tauri: the
//! window calls it, a test calls it, a script could.

pub mod accounts;
pub mod database;
pub mod error;
pub mod keychain;
pub mod library;
pub mod results;
pub mod scrape;
pub mod settings;
pub mod start;

use std::path::PathBuf;
use std::sync::Arc;

pub use error::{AppError, ErrorCode, FieldProblem};

/// Everything a command may answer with.
pub type Answer<T> = Result<T, AppError>;

/// What differs between a real start and a test.
pub struct CoreConfig {
    /// All files of the app live here.
    pub data_dir: PathBuf,
    /// Where keys are kept.
    pub keychain: keychain::Keychain,
}

/// The application.
pub struct Core {
    pub accounts: accounts::Accounts,
    pub library: library::Library,
    pub scrapes: scrape::Scrapes,
    pub settings: settings::SettingsStore,
}

impl Core {
    /// Opens the data folder, mends what a crash left behind and sweeps orphans.
    pub async fn open(_config: CoreConfig) -> Answer<Arc<Self>> {
        todo!()
    }

    /// What the window needs for its first paint.
    pub async fn start_view(&self) -> Answer<start::StartView> {
        todo!()
    }

    /// Where the person's own browser finds `address`: itself, but for pages of the sample shop, which
    /// live on the engine's loopback port.
    pub async fn external_address(&self, _address: url::Url) -> Answer<String> {
        todo!()
    }

    /// Ends the engine and its browser.
    pub async fn close(&self) {
        todo!()
    }
}

/// The folder this system keeps application data in; none when it names no home.
pub fn default_data_dir() -> Option<PathBuf> {
    directories::ProjectDirs::from("com", "scrapingpros", "Scraping Pros")
        .map(|folders| folders.data_dir().to_owned())
}
