//! Runs: a collection worked off by an account, its results taken in as they arrive and kept.

mod causes;
mod rows;
mod view;

pub use view::*;

use rusqlite::Connection;

use crate::accounts::Accounts;
use crate::database::Database;
use crate::library::{Library, LibraryError};
use crate::{Answer, AppError};
use causes::PagePrices;
use rows::StoredRun;

/// All runs; cheap to clone.
#[derive(Clone)]
pub struct Runs {
    accounts: Accounts,
    library: Library,
}

impl Runs {
    pub fn new(accounts: Accounts, library: Library) -> Self {
        Self { accounts, library }
    }

    /// Newest first.
    pub async fn list(&self, query: RunsQuery) -> Answer<RunsPage> {
        self.database()
            .call(move |connection| rows::page(connection, &query))
            .await
    }

    pub async fn get(&self, id: String) -> Answer<RunView> {
        let run = self.stored(id).await?;
        let prices = self.prices(&run.account_id).await;
        self.database()
            .call(move |connection| view(connection, run, prices))
            .await
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
            Some(id) => Some(self.library.view(id.clone()).await?),
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
