//! The Scraping Pros API served on this computer, by real fetching and a real browser.

pub mod browser;
pub mod guard;
pub mod page;
pub mod shop;

use std::net::SocketAddr;
use std::path::PathBuf;

use page::Stage;

/// How the engine is started.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// Loopback only; port 0 picks a free one.
    pub addr: SocketAddr,
    /// Ledger and browser profile live here.
    pub data_dir: PathBuf,
    /// None: a random key.
    pub key: Option<String>,
    /// Private hosts that may be opened: `host` or `host:port`.
    pub allowed_hosts: Vec<String>,
}

/// A running engine. Dropping it stops it without ceremony; [`Engine::stop`] ends it cleanly.
pub struct Engine {}

/// Stage of the scrape that was sent with the header `X-Scrape-Id`.
#[derive(Debug, Clone)]
pub struct StageEvent {
    pub scrape_id: String,
    pub stage: Stage,
}

#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error("the engine listens on loopback only, not on {0}")]
    NotLoopback(SocketAddr),
    #[error("could not listen on {addr}: {source}")]
    Listen {
        addr: SocketAddr,
        source: std::io::Error,
    },
    #[error("could not use the folder {path}: {message}")]
    Data { path: PathBuf, message: String },
}

impl Engine {
    pub async fn start(_options: EngineOptions) -> Result<Self, EngineError> {
        todo!()
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        todo!()
    }

    pub fn key(&self) -> &str {
        todo!()
    }

    /// Where the sample shop can be opened by any browser on this computer: `http://127.0.0.1:PORT2`
    pub fn shop_url(&self) -> String {
        todo!()
    }

    /// Replaces the list of private hosts that may be opened.
    pub fn allow_hosts(&self, _hosts: Vec<String>) {
        todo!()
    }

    /// Stages of scrapes from now on.
    pub fn stages(&self) -> tokio::sync::broadcast::Receiver<StageEvent> {
        todo!()
    }

    /// Stops listening, ends running scrapes and the browser.
    pub async fn stop(self) {
        todo!()
    }
}
