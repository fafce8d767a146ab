//! Works off the jobs of all runs: fairly between runs, politely to sites, as fast as this computer and
//! the sites allow.
//!
//! A job is queued until its end is written, and nothing is written before. So a program that is killed
//! starts again where the file says: what was in the works is done again, and nothing twice.

mod book;
mod callback;
mod job;
mod lanes;
mod pace;
mod secret;
mod sweep;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::{BoxFuture, FutureExt as _, OptionFuture};
use rusqlite::{Connection, params};
use tokio::sync::{Notify, mpsc};
use tokio::task::{JoinError, JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::database::{Database, DatabaseError};
use crate::scrape::{BROWSER_PAGES, Scraper};

use book::Book;
use callback::Callbacks;
use job::Finished;
use lanes::{Found, Job, Lanes, Want};
use pace::Pace;

pub use secret::Secret;

/// Ended jobs that wait to be written; more hold the workers up.
const UNWRITTEN: usize = 64;
/// Request texts read at once, in bytes, beyond the first.
const READ_BYTES: usize = 1024 * 1024;
/// Runs looked up at once.
const RUNS: usize = 256;
/// After a read that failed.
const PAUSE: Duration = Duration::from_secs(1);

/// The running queue. It ends with its token.
pub struct Queue {
    ended: Vec<JoinHandle<()>>,
}

/// What the queue works with.
pub struct Parts {
    pub database: Database,
    pub scraper: Arc<Scraper>,
    pub jobs_wait: Arc<Notify>,
    pub stopped: CancellationToken,
    pub secret: Secret,
    /// Where the engine can be called, for links in webhooks.
    pub url: String,
}

impl Queue {
    /// Goes on with what an earlier process left.
    pub fn start(parts: Parts) -> Self {
        let calls_wait = Arc::<Notify>::default();
        let (sender, ends) = mpsc::channel(UNWRITTEN);
        let book = Book {
            database: parts.database.clone(),
            stopped: parts.stopped.clone(),
            calls_wait: calls_wait.clone(),
        };
        let callbacks = Callbacks {
            database: parts.database.clone(),
            scraper: parts.scraper.clone(),
            secret: parts.secret,
            url: parts.url,
            calls_wait,
        };
        let (calling, sweeping) = (parts.stopped.clone(), parts.stopped.clone());
        let database = parts.database.clone();
        let dispatcher = Dispatcher {
            database: parts.database,
            scraper: parts.scraper,
            jobs_wait: parts.jobs_wait,
            stopped: parts.stopped,
            ends: sender,
            lanes: Lanes::default(),
            last_run: 0,
            pace: Pace::new(Instant::now()),
            working: JoinSet::new(),
            simple: 0,
            browser: 0,
        };
        let ended = vec![
            tokio::spawn(dispatcher.dispatch()),
            tokio::spawn(book.keep(ends)),
            tokio::spawn(async move {
                calling.run_until_cancelled(callbacks.deliver()).await;
            }),
            tokio::spawn(async move {
                sweeping
                    .run_until_cancelled(sweep::keep_clean(database))
                    .await;
            }),
        ];
        Self { ended }
    }

    /// After its token was cancelled: waits until what had ended is written.
    pub async fn ended(self) {
        futures::future::join_all(self.ended).await;
    }
}

/// Reads or makes the webhooks' secret.
pub fn open_secret(data_dir: &Path) -> std::io::Result<Secret> {
    Secret::open(data_dir)
}

struct Dispatcher {
    database: Database,
    scraper: Arc<Scraper>,
    jobs_wait: Arc<Notify>,
    stopped: CancellationToken,
    ends: mpsc::Sender<Finished>,
    lanes: Lanes,
    /// The newest run that has lanes.
    last_run: i64,
    pace: Pace,
    working: JoinSet<Done>,
    simple: usize,
    browser: usize,
}

/// A place that is free again.
struct Done {
    host: String,
    browser: bool,
}

/// New runs and jobs.
type Supply = (Vec<i64>, Vec<Found>);

impl Dispatcher {
    async fn dispatch(mut self) {
        let jobs_wait = self.jobs_wait.clone();
        let stopped = self.stopped.clone();
        let mut reading = None;
        let mut is_stale = true;
        loop {
            self.give_work();
            if reading.is_none() && (is_stale || !self.lanes.wants().is_empty()) {
                is_stale = false;
                reading = Some(self.read(Duration::ZERO));
            }
            tokio::select! {
                () = stopped.cancelled() => return,
                Some(supply) = OptionFuture::from(reading.as_mut()) => {
                    reading = match supply {
                        Ok(supply) => {
                            is_stale |= self.stock(supply);
                            None
                        }
                        Err(error) => {
                            tracing::error!(%error, "jobs could not be read; trying again");
                            Some(self.read(PAUSE))
                        }
                    };
                }
                // A reading under way may have begun before these came.
                () = jobs_wait.notified() => is_stale = true,
                Some(done) = self.working.join_next() => self.free(done),
            }
        }
    }

    fn give_work(&mut self) {
        while self.simple < self.pace.limit()
            && let Some(job) = self.lanes.next(false)
        {
            self.simple += 1;
            self.begin(job);
        }
        while self.browser < BROWSER_PAGES
            && let Some(job) = self.lanes.next(true)
        {
            self.browser += 1;
            self.begin(job);
        }
    }

    fn begin(&mut self, job: Job) {
        let (scraper, ends) = (self.scraper.clone(), self.ends.clone());
        self.working.spawn(async move {
            let finished = job::work_off(&scraper, &job).await;
            // The book is closed only after this task has been ended.
            let _ = ends.send(finished).await;
            Done {
                host: job.host,
                browser: job.browser,
            }
        });
    }

    fn free(&mut self, done: Result<Done, JoinError>) {
        let done = match done {
            Ok(done) => done,
            Err(error) => {
                tracing::error!(%error, "a worker broke off");
                return;
            }
        };
        self.lanes.ended(&done.host);
        if done.browser {
            self.browser -= 1;
            return;
        }
        let is_full = self.simple >= self.pace.limit() && self.lanes.has_waiting(false);
        self.pace.ended(Instant::now(), is_full);
        self.simple -= 1;
    }

    fn read(&self, pause: Duration) -> BoxFuture<'static, Result<Supply, DatabaseError>> {
        let (database, wants, last_run) =
            (self.database.clone(), self.lanes.wants(), self.last_run);
        async move {
            tokio::time::sleep(pause).await;
            database
                .read(move |connection| {
                    let runs = new_runs(connection, last_run)?;
                    let found = wants.into_iter().map(|want| find(connection, want));
                    Ok((runs, found.collect::<rusqlite::Result<_>>()?))
                })
                .await
        }
        .boxed()
    }

    /// Whether there may be still more runs.
    fn stock(&mut self, (runs, found): Supply) -> bool {
        for found in found {
            self.lanes.fill(found);
        }
        for run in &runs {
            self.lanes.add_run(*run);
            self.last_run = *run;
        }
        runs.len() == RUNS
    }
}

fn new_runs(connection: &Connection, last_run: i64) -> rusqlite::Result<Vec<i64>> {
    connection
        .prepare_cached("SELECT id FROM runs WHERE status = 'in_progress' AND id > ?1 ORDER BY id")?
        .query_map([last_run], |row| row.get(0))?
        .take(RUNS)
        .collect()
}

fn find(connection: &Connection, want: Want) -> rusqlite::Result<Found> {
    let mut select = connection.prepare_cached(
        "SELECT id, url, custom_id, request FROM jobs INDEXED BY jobs_queued
         WHERE run = ?1 AND browser = ?2 AND status = 'queued' AND id > ?3 ORDER BY id",
    )?;
    let mut rows = select.query(params![want.run, want.browser, want.after])?;
    let mut jobs = Vec::new();
    let mut bytes = 0;
    while jobs.len() < want.count && bytes < READ_BYTES {
        let Some(row) = rows.next()? else {
            return Ok(Found {
                want,
                jobs,
                is_end: true,
            });
        };
        let url: String = row.get(1)?;
        let request: String = row.get(3)?;
        bytes += request.len();
        jobs.push(Job {
            id: row.get(0)?,
            run: want.run,
            browser: want.browser,
            host: lanes::host_of(&url),
            url,
            custom_id: row.get(2)?,
            request,
        });
    }
    Ok(Found {
        want,
        jobs,
        is_end: false,
    })
}
