//! A run taken in without an app around it: by scripts, tests and benches, through the same code.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{OptionalExtension as _, params};
use scrapingpros::{Client, Error};
use time::OffsetDateTime;
use uuid::Uuid;

use super::RunState;
use super::causes::MISSING;
use super::drain::{Cadence, Drain, DrainOf, Ended, Watcher, finish};
use super::rows::{self, state_name};
use crate::Answer;
use crate::error::Circumstances;
use crate::library::{Library, LibraryError, Owner};
use crate::scrape::ScrapeForm;

/// What is on disk of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drained {
    pub jobs: u32,
    /// Results in the library.
    pub stored: u32,
    pub success: u32,
    pub failed: u32,
    pub timed_out: u32,
    /// Counted by the service, and never listed; not among the failed.
    pub missing: u32,
}

/// Takes in a run that was started elsewhere, to its end. May be cut off at any point and called again.
pub async fn drain_run(
    library: &Library,
    client: Client,
    service_collection: &str,
    service_run: &str,
) -> Answer<Drained> {
    let (collection, run) = (service_collection.to_owned(), service_run.to_owned());
    let number = library
        .database()
        .call(move |connection| adopt(connection, &collection, &run))
        .await?;
    let of = DrainOf {
        run: number,
        owner: Owner {
            account_id: String::new(),
            account_name: String::new(),
            local: false,
        },
        browser: false,
        service_collection: service_collection.to_owned(),
        service_run: service_run.to_owned(),
        cadence: Cadence {
            local: client.config().is_loopback(),
        },
    };
    loop {
        let quiet = Arc::new(LastTrouble::default());
        let watcher: Arc<dyn Watcher> = quiet.clone();
        let drain = Drain::open(
            client.clone(),
            library.database().clone(),
            of.clone(),
            watcher,
        );
        match drain.await?.run().await {
            Ended::Whole => break,
            Ended::Unreachable => tokio::time::sleep(of.cadence.after_failures(0, None)).await,
            Ended::KeyRefused(error) => return Err(Circumstances::default().explain(&error)),
            Ended::Disk(error) => return Err(error.into()),
        }
        if let Some(words) = quiet.take() {
            tracing::warn!(words, "the run is waited for");
        }
    }
    library
        .database()
        .call(move |connection| {
            finish(connection, number)?;
            drained(connection, number)
        })
        .await
}

fn adopt(
    connection: &mut rusqlite::Connection,
    collection: &str,
    run: &str,
) -> Result<i64, LibraryError> {
    let known = connection
        .query_row(
            "SELECT number FROM runs WHERE service_collection = ?1 AND service_run = ?2",
            [collection, run],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(number) = known {
        return Ok(number);
    }
    connection.execute(
        "INSERT INTO runs (id, collection_id, collection_name, nth, account_id, account_name, local, form,
             state, started_at, service_collection, service_run)
         VALUES (?1, '', ?2, 1, '', '', 0, ?3, ?4, ?5, ?2, ?6)",
        params![
            Uuid::new_v4().to_string(),
            collection,
            serde_json::to_string(&ScrapeForm::default())?,
            state_name(RunState::Running),
            OffsetDateTime::now_utc().unix_timestamp(),
            run,
        ],
    )?;
    Ok(connection.last_insert_rowid())
}

fn drained(connection: &rusqlite::Connection, run: i64) -> Result<Drained, LibraryError> {
    let missing = rows::count_cause(connection, run, MISSING)?;
    let drained = connection.query_row(
        "SELECT success, failed, timed_out,
            (SELECT count(*) FROM jobs WHERE run = ?1 AND result_id IS NOT NULL)
         FROM runs WHERE number = ?1",
        [run],
        |row| {
            let [success, failed, timed_out]: [u32; 3] = [row.get(0)?, row.get(1)?, row.get(2)?];
            Ok(Drained {
                jobs: success + failed + timed_out,
                stored: row.get(3)?,
                success,
                failed: failed.saturating_sub(missing),
                timed_out,
                missing,
            })
        },
    )?;
    Ok(drained)
}

/// Nobody looks on; the last trouble is told when it is over.
#[derive(Default)]
struct LastTrouble(Mutex<Option<String>>);

impl LastTrouble {
    fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Watcher for LastTrouble {
    fn moved(&self, _ended: u32) {}

    fn trouble(&self, error: Option<&Error>) {
        let words = error.map(ToString::to_string);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = words;
    }
}
