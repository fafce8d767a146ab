//! Pages by the user's own Chrome, Chromium or Edge over CDP: one warm browser, a fresh incognito
//! context per scrape.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use scrapingpros::types::ScrapeRequest;

use crate::guard::GuardProxy;
use crate::page::{FetchedPage, PageError, StageTeller};

/// A browser found on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledBrowser {
    /// "Google Chrome", "Chromium", "Microsoft Edge"
    pub name: String,
    pub path: PathBuf,
}

/// The one warm browser. Starts on the first scrape, restarts after a crash.
pub struct Browser {
    _proxy: Arc<GuardProxy>,
}

impl Browser {
    /// `proxy`: the engine's own guarding proxy on loopback (see `guard`), through which *all* of the
    /// browser's traffic goes, loopback included. `profile_dir`: removed on close.
    pub fn new(proxy: Arc<GuardProxy>, _profile_dir: PathBuf) -> Self {
        Self { _proxy: proxy }
    }

    /// What would be started; looks in the usual places of Linux, macOS and Windows.
    pub fn installed() -> Option<InstalledBrowser> {
        todo!()
    }

    /// Opens the page in a fresh incognito context and works off the request's browser part.
    /// Dropping the future closes the context.
    pub async fn open(
        &self,
        _request: &ScrapeRequest,
        _limit: Duration,
        _stages: &StageTeller,
    ) -> Result<FetchedPage, PageError> {
        todo!()
    }

    /// Ends the browser and removes its profile.
    pub async fn close(&self) {}
}
