//! Takes in what a run brings: looks at the run, lists what has ended since, keeps it, until every job
//! is on disk (contract §8.1, §8.2). May be cut off at any point and begun again: what is on disk is not
//! taken in twice, and what is not is asked for again.

mod digest;
mod look;
mod pace;
mod store;
mod twin;

use std::collections::HashSet;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::StreamExt as _;
use scrapingpros::types::{Job, JobsPage, Run, RunStatus, ScrapeResponse};
use scrapingpros::{Answered, Client, Error, JobsQuery, MissingReason, ResultError, Timestamp};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

pub use pace::{Cadence, Speed};
pub use store::finish;
pub use twin::twin;

use super::causes::{EXPIRED, LOST, MISSING};
use crate::database::Database;
use crate::library::{LibraryError, Owner, narrow};
use digest::{Collector, Digested, Side, digest_page};
use look::{Batches, Failure, Look, Settled, digest, settled};

/// The listing is asked again from a little before the last job taken in: of jobs that ended in the same
/// millisecond some may not have been listed yet.
const SLACK: Duration = Duration::from_secs(1);
/// Refused connections in a row, after which the engine may be at another address.
const CONNECTS: u32 = 3;
/// Results asked for at the same time.
const WORKERS: usize = 5;
/// Looks past the end that bring nothing, before what lacks is given up.
const QUIET_LOOKS: u32 = 6;
/// Tries to get a result that its job's row promises.
const MOST_TRIES: u32 = 6;
/// So many results to ask for are remembered while the listing goes on.
const MOST_WAITING: usize = 100;
/// Pages written in one go, when so many are ready.
const AT_ONCE: usize = 4;

/// Which run, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrainOf {
    /// Its row here.
    pub run: i64,
    pub owner: Owner,
    pub browser: bool,
    pub service_collection: String,
    pub service_run: String,
    pub cadence: Cadence,
}

/// Told of what happens; must not block.
pub trait Watcher: Send + Sync {
    /// More is on disk, or the counters have moved.
    fn moved(&self, ended: u32);
    /// Something holds it up; `None`: no longer.
    fn trouble(&self, error: Option<&Error>);
}

/// Why a drain has ended.
#[derive(Debug)]
pub enum Ended {
    /// All there is, is on disk; what never came is marked so.
    Whole,
    /// The service no longer takes the key.
    KeyRefused(Error),
    /// Nobody answers at the address that the client knows.
    Unreachable,
    /// The disk does not take it.
    Disk(LibraryError),
}

/// One run being taken in.
pub struct Drain {
    client: Client,
    database: Database,
    of: Arc<DrainOf>,
    watcher: Arc<dyn Watcher>,
    seen: Arc<Seen>,
    /// Jobs whose result is still to come.
    waiting: Vec<Waiting>,
    /// On disk.
    ended: u32,
    queued: u32,
    /// By the service's clock, milliseconds.
    listed_until: Option<i64>,
}

struct Waiting {
    job: Job,
    tries: u32,
}

/// Hashes of the ids of jobs that were met.
#[derive(Default)]
struct Seen(Mutex<HashSet<u64, BuildHasherDefault<DefaultHasher>>>);

impl Seen {
    /// False when it was there.
    fn add(&self, id: &str) -> bool {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(id);
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(hash)
    }
}

impl Drain {
    /// Reads what is on disk of it.
    pub async fn open(
        client: Client,
        database: Database,
        of: DrainOf,
        watcher: Arc<dyn Watcher>,
    ) -> Result<Self, LibraryError> {
        let run = of.run;
        let seen = Arc::new(Seen::default());
        let known = Arc::clone(&seen);
        let work = database.clone();
        let read = move || {
            work.with(|connection| {
                let mut ids = connection
                    .prepare("SELECT service_job FROM jobs WHERE run = ?1 AND service_job <> ''")?;
                let mut rows = ids.query([run])?;
                while let Some(row) = rows.next()? {
                    known.add(row.get_ref(0)?.as_str()?);
                }
                connection.query_row(
                    "SELECT success + failed + timed_out, queued, taken_until FROM runs WHERE number = ?1",
                    [run],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
                )
            })
        };
        let (ended, queued, listed_until) = tokio::task::spawn_blocking(read).await??;
        Ok(Self {
            client,
            database,
            of: Arc::new(of),
            watcher,
            seen,
            waiting: Vec::new(),
            ended,
            queued,
            listed_until,
        })
    }

    /// Takes it all in. Dropping the future ends it, and nothing is lost.
    pub async fn run(mut self) -> Ended {
        let mut failures = 0;
        let mut quiet = 0;
        let mut counted = None;
        loop {
            let ended_before = self.ended;
            let wait = match self.look(&mut counted).await {
                Ok(Look::Running) => {
                    failures = 0;
                    self.of.cadence.between_looks(self.queued)
                }
                Ok(Look::AllHere) => {
                    return Ended::Whole;
                }
                Ok(Look::SomeLack) => {
                    failures = 0;
                    quiet = if self.ended > ended_before {
                        0
                    } else {
                        quiet + 1
                    };
                    if quiet > QUIET_LOOKS {
                        return self.give_up().await;
                    }
                    self.of.cadence.after_the_end(quiet)
                }
                Err(Failure::Disk(error)) => return Ended::Disk(error),
                Err(Failure::Call(error)) => {
                    if matches!(error, Error::Unauthorized(_)) {
                        return Ended::KeyRefused(error);
                    }
                    self.watcher.trouble(Some(&error));
                    failures += 1;
                    if matches!(error, Error::Connect { .. }) && failures > CONNECTS {
                        return Ended::Unreachable;
                    }
                    // The service has forgotten the run: there is nothing to wait for.
                    if matches!(error, Error::NotFound(_)) && failures > QUIET_LOOKS {
                        return self.give_up().await;
                    }
                    self.of
                        .cadence
                        .after_failures(failures - 1, error.retry_after())
                }
            };
            tokio::time::sleep(wait).await;
        }
    }

    async fn look(&mut self, counted: &mut Option<u64>) -> Result<Look, Failure> {
        let DrainOf {
            service_collection,
            service_run,
            ..
        } = &*self.of;
        let run = self
            .client
            .runs()
            .get(service_collection, service_run)
            .await?
            .value;
        self.watcher.trouble(None);
        self.note_total(&run).await?;
        if *counted != Some(run.ended()) || u64::from(self.ended) < run.ended() {
            self.list(self.listed_until).await?;
            *counted = Some(run.ended());
        }
        self.ask_for_waiting().await?;
        if !run.status.is_terminal() {
            self.watcher.moved(narrow(run.ended()).max(self.ended));
            return Ok(Look::Running);
        }
        let wanted = match run.status {
            RunStatus::Completed => run.total_requests.max(run.ended()),
            RunStatus::Failed | RunStatus::Cancelled => run.ended(),
            RunStatus::InProgress | RunStatus::Other(_) => u64::MAX,
        };
        if u64::from(self.ended) < wanted && self.waiting.is_empty() {
            self.find_overlooked().await?;
        }
        self.watcher.moved(self.ended);
        Ok(
            if u64::from(self.ended) >= wanted && self.waiting.is_empty() {
                if self.ended < self.queued {
                    // The run was ended by somebody before it was through.
                    return Ok(Look::SomeLack);
                }
                Look::AllHere
            } else {
                Look::SomeLack
            },
        )
    }

    /// Lists what has ended since and keeps it: the next page is fetched and read while one is written.
    async fn list(&mut self, since: Option<i64>) -> Result<(), Failure> {
        let since = since
            .map(|until| until - SLACK.as_millis() as i64)
            .and_then(|from| Timestamp::from_millisecond(from).ok());
        let query = JobsQuery::finished_with_results(since);
        let mut batches = self.fetch(query);
        let mut trouble = None;
        while let Some(first) = batches.recv().await {
            let mut ready = vec![first];
            while ready.len() < AT_ONCE
                && let Some(next) = batches.try_recv()
            {
                ready.push(next);
            }
            let mut batch = Vec::with_capacity(ready.len());
            for page in ready {
                match page {
                    Ok(page) => batch.push(page),
                    Err(failure) => trouble = Some(failure),
                }
            }
            self.keep(batch).await?;
            // What was read is kept in any case.
            if self.waiting.len() > MOST_WAITING
                && let Err(failure) = self.ask_for_waiting().await
            {
                trouble = Some(failure);
            }
        }
        trouble.map_or(Ok(()), Err)
    }

    /// Pages as they are ready to be written.
    fn fetch(&self, query: JobsQuery) -> Batches {
        let of = &self.of;
        let pages = self
            .client
            .jobs()
            .pages(&of.service_collection, &of.service_run, query);
        let side = self.side();
        let seen = Arc::clone(&self.seen);
        let (send, batches) = mpsc::channel(AT_ONCE);
        let reading = tokio::spawn(async move {
            let mut digested = pages
                .map(|page| {
                    let seen = Arc::clone(&seen);
                    async move {
                        match page {
                            Ok(page) => digest(page.value, side, seen).await,
                            Err(error) => Err(Failure::Call(error)),
                        }
                    }
                })
                .buffered(2);
            while let Some(page) = digested.next().await {
                if send.send(page).await.is_err() {
                    return;
                }
            }
        });
        Batches {
            batches,
            _reading: AbortOnDropHandle::new(reading),
        }
    }

    /// Writes pages down in one transaction. Jobs without a result in the listing are remembered.
    async fn keep(&mut self, mut batch: Vec<Digested>) -> Result<(), Failure> {
        if batch.is_empty() {
            return Ok(());
        }
        for digested in &mut batch {
            let newest = digested.jobs.iter().filter_map(|job| job.ended_at);
            let without = std::mem::take(&mut digested.without_result);
            let promised = without
                .iter()
                .filter_map(|job| job.completed_at.map(|at| at.as_millisecond()));
            self.listed_until = newest.chain(promised).max().max(self.listed_until);
            self.waiting
                .extend(without.into_iter().map(|job| Waiting { job, tries: 0 }));
        }
        self.write(batch).await
    }

    async fn write(&mut self, batch: Vec<Digested>) -> Result<(), Failure> {
        let of = Arc::clone(&self.of);
        let database = self.database.clone();
        let until = self.kept_until();
        let write = move || {
            database.transaction(|transaction| {
                store::write(transaction, of.run, &of.owner, &batch, until)
            })
        };
        let added = tokio::task::spawn_blocking(write)
            .await
            .map_err(LibraryError::from)??;
        self.ended += added.jobs();
        self.queued = self.queued.max(self.ended);
        self.watcher.moved(self.ended);
        Ok(())
    }

    /// After a crash the listing is asked again from here: not past a result that is still to come.
    fn kept_until(&self) -> Option<i64> {
        let oldest = self
            .waiting
            .iter()
            .map(|waiting| {
                waiting
                    .job
                    .completed_at
                    .map_or(0, Timestamp::as_millisecond)
            })
            .min();
        match oldest {
            Some(oldest) => self.listed_until.map(|until| until.min(oldest - 1)),
            None => self.listed_until,
        }
    }

    /// Asks once for each result that was not in the listing, a few at a time.
    async fn ask_for_waiting(&mut self) -> Result<(), Failure> {
        let mut turn = self.waiting.len();
        while turn > 0 {
            let count = turn.min(WORKERS * 4);
            turn -= count;
            let some: Vec<Waiting> = self.waiting.drain(..count).collect();
            let jobs = &self.client.jobs();
            let of: &DrainOf = &self.of;
            let answers: Vec<_> = futures::stream::iter(some)
                .map(|waiting| async move {
                    let id = &waiting.job.job_public_id;
                    let answer = jobs
                        .result(&of.service_collection, &of.service_run, id)
                        .await;
                    (waiting, answer)
                })
                .buffer_unordered(WORKERS)
                .collect()
                .await;
            let mut collected = Collector::new(self.side());
            let mut failure = None;
            for (waiting, answer) in answers {
                match settled(&waiting, answer) {
                    Settled::Here(response) => collected.add_response(&waiting.job, *response)?,
                    Settled::Gone(cause) => collected.add_without(&waiting.job, cause),
                    Settled::Later => self.waiting.push(Waiting {
                        tries: waiting.tries + 1,
                        ..waiting
                    }),
                    Settled::Failed(error) => {
                        self.waiting.push(waiting);
                        failure = Some(error);
                    }
                }
            }
            self.write(vec![collected.finish()?]).await?;
            if let Some(error) = failure {
                return Err(Failure::Call(error));
            }
        }
        Ok(())
    }

    /// The run has ended and the listing by time lacks some: goes through the ids of all of them.
    async fn find_overlooked(&mut self) -> Result<(), Failure> {
        let of = Arc::clone(&self.of);
        let query = JobsQuery {
            limit: Some(1000),
            statuses: JobsQuery::finished_with_results(None).statuses,
            ..JobsQuery::default()
        };
        let mut pages = self
            .client
            .jobs()
            .pages(&of.service_collection, &of.service_run, query);
        while let Some(page) = pages.next().await {
            let page = page?.value;
            let digested = digest(page, self.side(), Arc::clone(&self.seen)).await?;
            self.keep(vec![digested]).await?;
            self.ask_for_waiting().await?;
        }
        Ok(())
    }

    async fn note_total(&mut self, run: &Run) -> Result<(), Failure> {
        let total = narrow(run.total_requests.max(run.ended()));
        if total <= self.queued {
            return Ok(());
        }
        self.queued = total;
        let database = self.database.clone();
        let number = self.of.run;
        let write = move || {
            database.with(|connection| {
                connection.execute(
                    "UPDATE runs SET queued = max(queued, ?2),
                        submitted = max(submitted, left_out + refused + duplicates + max(queued, ?2))
                     WHERE number = ?1",
                    (number, total),
                )
            })
        };
        tokio::task::spawn_blocking(write)
            .await
            .map_err(LibraryError::from)??;
        Ok(())
    }

    /// What has not come by now never will.
    async fn give_up(self) -> Ended {
        let database = self.database.clone();
        let run = self.of.run;
        let write = move || {
            database.transaction(|transaction| store::write_missing(transaction, run, MISSING))
        };
        match tokio::task::spawn_blocking(write).await {
            Ok(Ok(_)) => Ended::Whole,
            Ok(Err(error)) => Ended::Disk(error),
            Err(error) => Ended::Disk(error.into()),
        }
    }

    fn side(&self) -> Side {
        Side {
            local: self.of.owner.local,
            browser: self.of.browser,
        }
    }
}
