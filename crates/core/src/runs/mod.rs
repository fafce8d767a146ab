//! Runs: a collection worked off by an account, its results taken in as they arrive and kept. A run goes
//! on without a window and without this app; at the next start it is caught up with.

mod begin;
mod causes;
mod compare;
mod drain;
mod headless;
mod live;
mod notification;
mod retry;
pub(crate) mod rows;
mod send;
mod trial;
mod view;
mod work;

pub use headless::{Drained, drain_run};
pub use notification::{Notification, notification};
pub use view::*;

use std::sync::{Arc, Mutex};

use rusqlite::Connection;
use scrapingpros::{Client, Error};

use crate::accounts::{Account, Accounts, circumstances};
use crate::collections::Collections;
use crate::database::Database;
use crate::journal::Journal;
use crate::library::{Library, LibraryError};
use crate::scrape::Scrapes;
use crate::{Answer, AppError, ErrorCode};
use causes::PagePrices;
use live::Registry;
use rows::StoredRun;

/// Told of each run that has ended while the app was open.
pub type OnEnded = Arc<dyn Fn(RunSummary) + Send + Sync>;

/// All runs; cheap to clone.
#[derive(Clone)]
pub struct Runs {
    accounts: Accounts,
    collections: Collections,
    library: Library,
    journal: Journal,
    scrapes: Scrapes,
    registry: Arc<Registry>,
    on_ended: Arc<Mutex<Option<OnEnded>>>,
    /// One start at a time.
    starting: Arc<tokio::sync::Mutex<()>>,
}

impl Runs {
    pub fn new(
        accounts: Accounts,
        collections: Collections,
        library: Library,
        journal: Journal,
        scrapes: Scrapes,
    ) -> Self {
        Self {
            accounts,
            collections,
            library,
            journal,
            scrapes,
            registry: Arc::default(),
            on_ended: Arc::default(),
            starting: Arc::default(),
        }
    }

    /// Newest first.
    pub async fn list(&self, query: RunsQuery) -> Answer<RunsPage> {
        self.database()
            .call(move |connection| rows::page(connection, &query))
            .await
    }

    pub async fn get(&self, id: String) -> Answer<RunView> {
        let run = self.stored(id.clone()).await?;
        let prices = self.prices(&run.account_id).await;
        let mut view = self
            .database()
            .call(move |connection| view(connection, run, prices))
            .await?;
        if let Some(live) = self.registry.get(&id) {
            live.complete(&mut view);
        }
        Ok(view)
    }

    /// The jobs of a run: filtered, sorted, searched, in bounded pages.
    pub async fn jobs(&self, query: RunJobsQuery) -> Answer<RunJobsPage> {
        self.database()
            .call(move |connection| rows::jobs(connection, &query))
            .await
    }

    /// One job, and those before and after it in the table that `query` describes.
    pub async fn job(&self, query: RunJobsQuery, job_id: String) -> Answer<JobView> {
        let (job, near) = self
            .database()
            .call(move |connection| {
                let run = rows::number(connection, &query.run_id)?;
                let job = rows::job(connection, run, &job_id)?;
                let near = rows::neighbours(connection, &query, &job_id)?;
                Ok::<_, LibraryError>((job, near))
            })
            .await?;
        let result = match &job.result_id {
            Some(id) => match self.library.view(id.clone()).await {
                // It was deleted from the library: the job is told all the same.
                Err(error) if error.code == ErrorCode::NotFound => None,
                found => Some(found?),
            },
            None => None,
        };
        Ok(JobView {
            job,
            result,
            previous: near.previous,
            next: near.next,
            position: near.position,
        })
    }

    async fn stored(&self, id: String) -> Answer<StoredRun> {
        self.database()
            .call(move |connection| rows::run(connection, &id))
            .await
    }

    /// What the run's account pays for a page; nothing once it is forgotten.
    async fn prices(&self, account_id: &str) -> PagePrices {
        match self.accounts.get(account_id).await {
            Ok(account) if !account.is_local() => {
                PagePrices::from(account.prices.unwrap_or_default())
            }
            Ok(_) | Err(_) => PagePrices::FREE,
        }
    }

    async fn client(&self, account: &Account) -> Answer<Client> {
        Ok(self.accounts.connect(account).await?.client)
    }

    async fn explain(&self, run: &StoredRun, error: &Error) -> AppError {
        match self.accounts.get(&run.account_id).await {
            Ok(account) => circumstances(&account).explain(error),
            Err(gone) => gone,
        }
    }

    fn database(&self) -> &Database {
        self.library.database()
    }
}

fn view(
    connection: &Connection,
    run: StoredRun,
    prices: PagePrices,
) -> Result<RunView, LibraryError> {
    let causes = causes::of_run(connection, run.number, &run.form, prices)?;
    let trouble: Option<AppError> = match run.trouble.as_str() {
        "" => None,
        json => serde_json::from_str(json)?,
    };
    Ok(RunView {
        run: run.summary,
        pages_per_minute: None,
        seconds_left: None,
        causes,
        trouble,
    })
}
