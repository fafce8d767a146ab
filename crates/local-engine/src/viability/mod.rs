//! How an address is best scraped, found out by scraping it (contract §5.5, §5.6): cheap ways first, and
//! no dearer one once a way works. What was found is written together with its price, address by
//! address, so that a restart goes on where it was.

mod protection;
mod report;
mod sight;
mod store;
mod trial;

use std::sync::Arc;

use futures::StreamExt as _;
use scrapingpros::types::{Action, Depth, ScrapeRequest, ViabilityRequest, ViabilityRun};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::check::{self, Problem, Rejection};
use crate::database::{Database, DatabaseError};
use crate::page::PageError;
use crate::scrape::Scraper;

use store::Open;

/// Addresses of one test.
const MOST_URLS: usize = 500;
/// Addresses tried at once, over all tests.
const AT_ONCE: usize = 4;

/// All tests.
#[derive(Clone)]
pub struct Viability {
    database: Database,
    scraper: Arc<Scraper>,
    stopped: CancellationToken,
    places: Arc<Semaphore>,
}

/// Why a test is not begun.
#[derive(Debug, thiserror::Error)]
pub enum NotBegun {
    #[error("the request is refused")]
    Rejected(Rejection),
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// What an address is tried with.
struct Wish {
    depth: Depth,
    actions: Option<Vec<Action>>,
}

impl Viability {
    pub fn new(database: Database, scraper: Arc<Scraper>, stopped: CancellationToken) -> Self {
        Self {
            database,
            scraper,
            stopped,
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Goes on with what an earlier process left, and forgets what is old.
    pub async fn resume(self) {
        match store::open_runs(&self.database).await {
            Ok(runs) => {
                for run in runs {
                    self.begin(run);
                }
            }
            Err(error) => tracing::error!(%error, "viability tests were not gone on with"),
        }
    }

    pub async fn start(&self, request: ViabilityRequest) -> Result<ViabilityRun, NotBegun> {
        self.check(&request).await.map_err(NotBegun::Rejected)?;
        let depth = request.depth.unwrap_or(Depth::Full);
        let actions = request.actions.filter(|actions| !actions.is_empty());
        let id = format!("vt-{}", uuid::Uuid::new_v4());
        let run = store::insert(&self.database, id.clone(), depth, actions, request.urls).await?;
        let started = store::read(&self.database, id).await?.unwrap_or_default();
        self.begin(run);
        Ok(started)
    }

    pub async fn get(&self, id: String) -> Result<Option<ViabilityRun>, DatabaseError> {
        store::read(&self.database, id).await
    }

    async fn check(&self, request: &ViabilityRequest) -> Result<(), Rejection> {
        let field = |name: &str| json!(["body", name]);
        match request.urls.len() {
            0 => return Err(unfit(field("urls"), "At least one address", "too_short")),
            1..=MOST_URLS => {}
            _ => {
                let msg = format!("At most {MOST_URLS} addresses");
                return Err(unfit(field("urls"), &msg, "too_long"));
            }
        }
        if let Some(Depth::Other(_)) = &request.depth {
            let msg = "Input should be 'quick', 'standard' or 'full'";
            return Err(unfit(field("depth"), msg, "literal_error"));
        }
        let mut hosts = std::collections::HashSet::new();
        for (index, url) in request.urls.iter().enumerate() {
            check::address(url, json!(["body", "urls", index]))?;
            let Ok(url) = Url::parse(url.trim()) else {
                continue;
            };
            if hosts.insert(url.origin().ascii_serialization())
                // A name that does not exist is a finding of the test.
                && let Err(PageError::Refused { message, .. }) = self.scraper.guard.admit(&url).await
            {
                return Err(Rejection::Blocked(format!("{url}: {message}")));
            }
        }
        let steps = ScrapeRequest {
            url: "http://sample.shop/".into(),
            browser: true,
            actions: request.actions.clone(),
            ..ScrapeRequest::default()
        };
        check::scrape(&steps)
    }

    fn begin(&self, run: Open) {
        let viability = self.clone();
        let stopped = self.stopped.clone();
        tokio::spawn(async move { stopped.run_until_cancelled(viability.work_off(run)).await });
    }

    async fn work_off(&self, run: Open) {
        let wish = Arc::new(Wish {
            depth: run.depth,
            actions: run.actions,
        });
        let tries = run.untried.into_iter().map(|(position, url)| {
            let wish = wish.clone();
            async move {
                let Ok(_place) = self.places.acquire().await else {
                    return;
                };
                let (result, entries) = trial::of(&self.scraper, &wish, &url).await;
                let written = store::write(&self.database, run.id, position, result, entries);
                if let Err(error) = written.await {
                    // It is tried again at the next start.
                    tracing::error!(%error, "a viability result could not be written");
                }
            }
        });
        futures::stream::iter(tries)
            .buffer_unordered(AT_ONCE)
            .collect::<()>()
            .await;
    }
}

fn unfit(loc: Value, msg: &str, kind: &'static str) -> Rejection {
    let loc = loc.as_array().cloned().unwrap_or_default();
    Rejection::from(Problem {
        loc,
        msg: msg.to_owned(),
        kind,
    })
}
