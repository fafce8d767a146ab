//! The Scraping Pros API served on this computer, by real fetching and a real browser.

pub mod browser;
mod check;
mod collections;
mod database;
mod depth;
mod extract;
pub mod fetch;
pub mod guard;
mod ledger;
mod markdown;
pub mod page;
mod page_text;
mod proxies;
mod queue;
mod scrape;
mod server;
pub mod shop;
mod verdict;
mod viability;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Notify, broadcast};
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use browser::Browser;
use collections::Collections;
use database::Database;
use fetch::Fetcher;
use guard::{Guard, GuardProxy};
use ledger::{ApiAnswers, Ledger};
use page::Stage;
use proxies::Proxies;
use queue::Queue;
use scrape::Scraper;
use server::{RateLimits, Shared};
use viability::Viability;

pub use proxies::{CountryProxy, ProxyProblem, ProxyTrial, TriedProxy};
pub use server::Rates;

/// Stages that a slow listener may lag behind.
const STAGE_BACKLOG: usize = 256;

/// How long connections get to end by themselves.
const FAREWELL: Duration = Duration::from_secs(2);

/// How the engine is started. By default on a free port, with a random key, in the current folder.
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
    /// Requests a minute.
    pub rates: Rates,
    /// Proxies of the person's own.
    pub proxies: Vec<CountryProxy>,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self {
            addr: ([127, 0, 0, 1], 0).into(),
            data_dir: PathBuf::from("."),
            key: None,
            allowed_hosts: Vec::new(),
            rates: Rates::default(),
            proxies: Vec::new(),
        }
    }
}

/// A running engine. Dropping it stops it without ceremony; [`Engine::stop`] ends it cleanly.
pub struct Engine {
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
    counting: JoinHandle<()>,
    queue: Queue,
    webhook_secret: String,
    _stopped: DropGuard,
}

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
    #[error("{0}")]
    Proxy(#[from] ProxyProblem),
    #[error("could not read this computer's certificates: {0}")]
    Certificates(String),
}

impl Engine {
    pub async fn start(options: EngineOptions) -> Result<Self, EngineError> {
        if !options.addr.ip().is_loopback() {
            return Err(EngineError::NotLoopback(options.addr));
        }
        let database = open_database(&options.data_dir)?;
        let secret = queue::open_secret(&options.data_dir).map_err(|error| EngineError::Data {
            path: options.data_dir.clone(),
            message: error.to_string(),
        })?;
        let webhook_secret = secret.text().to_owned();
        let (listener, addr) = listen(options.addr).await?;
        let (shop_listener, shop) = listen(SocketAddr::from(([127, 0, 0, 1], 0))).await?;

        let guard = Arc::new(Guard::new(shop, &options.allowed_hosts));
        let fetcher = Fetcher::new(guard.clone())
            .map_err(|error| EngineError::Certificates(error.to_string()))?;
        let proxy =
            GuardProxy::start(guard.clone())
                .await
                .map_err(|source| EngineError::Listen {
                    addr: SocketAddr::from(([127, 0, 0, 1], 0)),
                    source,
                })?;
        let browser = Browser::new(proxy, options.data_dir.join("browser"));

        let proxies = Proxies::new(guard.clone(), database.clone(), &options.proxies)?;
        let stopped = CancellationToken::new();
        let jobs_wait = Arc::<Notify>::default();
        let scraper = Arc::new(Scraper::new(
            guard.clone(),
            proxies.clone(),
            fetcher,
            browser,
            Ledger::new(database.clone()),
        ));
        let viability = Viability::new(database.clone(), scraper.clone(), stopped.clone());
        let shared = Arc::new(Shared {
            collections: Collections::new(
                database.clone(),
                guard.clone(),
                proxies.clone(),
                jobs_wait.clone(),
            ),
            scraper,
            proxies,
            viability,
            database,
            jobs_wait,
            key: options.key.unwrap_or_else(random_key),
            stages: broadcast::Sender::new(STAGE_BACKLOG),
            stopped: stopped.clone(),
            shop,
            addr,
            limits: RateLimits::new(options.rates),
            api_answers: ApiAnswers::default(),
            #[cfg(feature = "faults")]
            faults: server::Faults::default(),
        });
        tokio::spawn(shared.viability.clone().resume());
        let counting = tokio::spawn(server::keep_counting(shared.clone()));
        let queue = Queue::start(queue::Parts {
            database: shared.database.clone(),
            scraper: shared.scraper.clone(),
            jobs_wait: shared.jobs_wait.clone(),
            stopped: stopped.clone(),
            secret,
            url: format!("http://{addr}"),
        });
        tokio::spawn(server::listen::serve(
            shop_listener,
            shop::router(),
            stopped.clone(),
        ));
        let serving = tokio::spawn(server::serve(listener, shared.clone()));
        Ok(Self {
            shared,
            serving,
            counting,
            queue,
            webhook_secret,
            _stopped: stopped.drop_guard(),
        })
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://{}", self.shared.addr)
    }

    pub fn key(&self) -> &str {
        &self.shared.key
    }

    /// Where the sample shop can be opened by any browser on this computer: `http://127.0.0.1:PORT2`
    pub fn shop_url(&self) -> String {
        format!("http://{}", self.shared.shop)
    }

    /// Replaces the list of private hosts that may be opened.
    pub fn allow_hosts(&self, hosts: Vec<String>) {
        self.shared.scraper.guard.allow_hosts(&hosts);
    }

    /// How long a page without a browser may take.
    pub fn limit_simple_pages(&self, limit: Duration) {
        self.shared.scraper.limit_simple_pages(limit);
    }

    /// With what webhooks are signed; also in the file `webhook-secret` of the data folder.
    pub fn webhook_secret(&self) -> &str {
        &self.webhook_secret
    }

    /// Replaces the proxies that may be used; when one is unfit, nothing changes.
    pub fn set_proxies(&self, proxies: &[CountryProxy]) -> Result<(), ProxyProblem> {
        self.shared.proxies.set(proxies)
    }

    /// Tries a proxy before it is entered.
    pub fn try_proxy(&self, proxy: &CountryProxy) -> Result<ProxyTrial, ProxyProblem> {
        let scraper = self.shared.scraper.clone();
        self.shared.proxies.trial(scraper, proxy)
    }

    /// Stages of scrapes from now on.
    pub fn stages(&self) -> broadcast::Receiver<StageEvent> {
        self.shared.stages.subscribe()
    }

    /// Stops listening, ends running scrapes and the browser.
    pub async fn stop(mut self) {
        self.shared.stopped.cancel();
        if tokio::time::timeout(FAREWELL, &mut self.serving)
            .await
            .is_err()
        {
            self.serving.abort();
        }
        // What has ended is written; the rest stays queued.
        let _ = tokio::time::timeout(FAREWELL, self.queue.ended()).await;
        self.shared.scraper.browser.close().await;
        if let Err(error) = self.counting.await {
            tracing::error!(%error, "the latest answers were not counted");
        }
    }
}

fn open_database(data_dir: &Path) -> Result<Database, EngineError> {
    let failed = |message: String| EngineError::Data {
        path: data_dir.to_owned(),
        message,
    };
    std::fs::create_dir_all(data_dir).map_err(|error| failed(error.to_string()))?;
    Database::open(data_dir).map_err(|error| failed(error.to_string()))
}

async fn listen(addr: SocketAddr) -> Result<(TcpListener, SocketAddr), EngineError> {
    let failed = |source| EngineError::Listen { addr, source };
    let listener = TcpListener::bind(addr).await.map_err(failed)?;
    let addr = listener.local_addr().map_err(failed)?;
    Ok((listener, addr))
}

fn random_key() -> String {
    format!("local_{}", uuid::Uuid::new_v4().simple())
}
