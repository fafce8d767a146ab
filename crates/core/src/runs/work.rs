//! A run being worked on: sent if need be, taken in, ended. Each in a task of its own.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use rusqlite::params;
use scrapingpros::{Client, Error};
use time::OffsetDateTime;

use super::drain::{Cadence, Drain, DrainOf, Ended, Watcher, finish};
use super::live::{Live, is_unfinished};
use super::rows::{StoredRun, state_name};
use super::send::NotSent;
use super::{OnEnded, RunState, RunView, Runs, RunsQuery};
use crate::accounts::{Account, circumstances};
use crate::library::{LibraryError, Owner};
use crate::{Answer, AppError, ErrorCode};

/// A disk that took nothing may have room again.
const DISK_PATIENCE: Duration = Duration::from_secs(10);
const MOST_RUNS: u32 = 500;
const NO_PAGES: &str = "The service took none of the pages, so there is nothing to run.";

/// How the work on a run has ended.
enum WorkEnd {
    Whole,
    NotStarted(AppError),
    /// Waits for the person.
    Held(AppError),
}

impl Runs {
    /// Goes on with every run that has not ended. Called once, after the start.
    pub async fn catch_up(&self) -> Answer<()> {
        let unfinished = RunsQuery {
            collection_id: String::new(),
            unfinished: true,
            offset: 0,
            limit: MOST_RUNS,
        };
        for run in self.list(unfinished).await?.rows {
            self.work_on(run.id).await;
        }
        Ok(())
    }

    /// Leaves the run to the service. What it has brought is kept.
    pub async fn stop_watching(&self, id: String) -> Answer<RunView> {
        let run = self.stored(id.clone()).await?;
        if is_unfinished(run.summary.state) {
            if let Some(live) = self.registry.get(&id) {
                live.cancelled.cancel();
            }
            self.set_state(run.number, RunState::WatchingStopped, None)
                .await?;
            self.registry.changed(&id);
        }
        self.get(id).await
    }

    /// Goes on with a run whose watching was stopped, or that waits for a key.
    pub async fn resume(&self, id: String) -> Answer<RunView> {
        let run = self.stored(id.clone()).await?;
        match run.summary.state {
            RunState::WatchingStopped => {
                let number = run.number;
                self.database()
                    .call(move |connection| {
                        connection.execute(
                            "UPDATE runs SET trouble = '', ended_at = NULL,
                                state = CASE service_run WHEN '' THEN ?2 ELSE ?3 END
                             WHERE number = ?1",
                            params![
                                number,
                                state_name(RunState::Sending),
                                state_name(RunState::Running)
                            ],
                        )
                    })
                    .await?;
                self.work_anew(&id).await;
            }
            RunState::Sending | RunState::Running => self.work_anew(&id).await,
            RunState::Finished | RunState::NotStarted => {}
        }
        self.get(id).await
    }

    /// Waits for a task that is on its way out: two would not work on one run.
    async fn work_anew(&self, id: &str) {
        while let Some(live) = self.registry.get(id) {
            live.cancelled.cancel();
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.work_on(id.to_owned()).await;
    }

    /// Called with each run that has ended, in place of whoever was called before.
    pub fn on_ended(&self, tell: OnEnded) {
        *self.on_ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(tell);
    }

    /// Ends the work on all runs; the next start goes on with them.
    pub fn close(&self) {
        self.registry.cancel_all();
    }

    /// Does nothing when it is worked on already.
    pub(super) async fn work_on(&self, id: String) {
        let runs = self.clone();
        let circumstances = match self.stored(id.clone()).await {
            Ok(run) => match self.accounts.get(&run.account_id).await {
                Ok(account) => circumstances(&account),
                Err(error) => return self.hold(&run, error).await,
            },
            Err(error) => return tracing::error!(%error, run = id, "a run can't be read"),
        };
        let Some(live) = self.registry.begin(&id, circumstances) else {
            return;
        };
        tokio::spawn(async move {
            let work = runs.work_to_end(&id, &live);
            live.cancelled.run_until_cancelled(work).await;
            runs.registry.end(&id);
        });
    }

    async fn work_to_end(&self, id: &str, live: &Arc<Live>) {
        let end = match self.work(id, live).await {
            Ok(end) => end,
            Err(error) => WorkEnd::Held(error),
        };
        let Ok(run) = self.stored(id.to_owned()).await else {
            return;
        };
        let kept = match end {
            WorkEnd::Whole => self.finish(&run).await,
            WorkEnd::NotStarted(error) => {
                self.set_state(run.number, RunState::NotStarted, Some(error))
                    .await
            }
            WorkEnd::Held(error) => {
                self.hold(&run, error).await;
                Ok(())
            }
        };
        if let Err(error) = kept {
            tracing::error!(%error, run = id, "the end of a run could not be written down");
        }
    }

    async fn work(&self, id: &str, live: &Arc<Live>) -> Answer<WorkEnd> {
        let mut run = self.stored(id.to_owned()).await?;
        let account = self.accounts.get(&run.account_id).await?;
        if !run.trouble.is_empty() {
            self.set_state(run.number, run.summary.state, None).await?;
        }
        let mut failures = 0;
        loop {
            let client = match self.connected(&account, live).await {
                Ok(client) => client,
                Err(error) => return Ok(WorkEnd::Held(error)),
            };
            if run.summary.state == RunState::Sending {
                match self.send(&client, &run, live).await {
                    Ok(()) => {}
                    Err(NotSent::Refused(error)) => {
                        let explained = if matches!(error, Error::NotFound(_)) {
                            AppError::new(ErrorCode::NotFound, NO_PAGES).with_details(error)
                        } else {
                            self.explain(&run, &error).await
                        };
                        return Ok(WorkEnd::NotStarted(explained));
                    }
                    Err(NotSent::NoKey(error)) => return self.key_refused(&run, error).await,
                    Err(NotSent::Disk(error)) => {
                        live.set_trouble(Some(error));
                        tokio::time::sleep(DISK_PATIENCE).await;
                        continue;
                    }
                }
                run = self.stored(id.to_owned()).await?;
            }
            let of = self.drain_of(&run, &account).await?;
            let cadence = of.cadence;
            let watcher: Arc<dyn Watcher> = Arc::clone(live) as Arc<dyn Watcher>;
            let ended = match Drain::open(client, self.database().clone(), of, watcher).await {
                Ok(drain) => drain.run().await,
                Err(error) => Ended::Disk(error),
            };
            match ended {
                Ended::Whole => return Ok(WorkEnd::Whole),
                Ended::KeyRefused(error) => {
                    let explained = self.explain(&run, &error).await;
                    return self.key_refused(&run, explained).await;
                }
                Ended::Unreachable => {
                    tokio::time::sleep(cadence.after_failures(failures, None)).await;
                    failures += 1;
                }
                Ended::Disk(error) => {
                    live.set_trouble(Some(error.into()));
                    tokio::time::sleep(DISK_PATIENCE).await;
                }
            }
        }
    }

    /// Waits for an engine or a keychain that is not ready; a key that is not there is the person's to bring.
    async fn connected(&self, account: &Account, live: &Live) -> Answer<Client> {
        let cadence = Cadence { local: true };
        let mut failures = 0;
        loop {
            match self.client(account).await {
                Ok(client) => return Ok(client),
                Err(error) if error.code != ErrorCode::EngineStopped => return Err(error),
                Err(error) => {
                    live.set_trouble(Some(error));
                    tokio::time::sleep(cadence.after_failures(failures, None)).await;
                    failures += 1;
                }
            }
        }
    }

    async fn key_refused(&self, run: &StoredRun, error: AppError) -> Answer<WorkEnd> {
        self.accounts
            .note_problem(&run.account_id, error.code)
            .await?;
        Ok(WorkEnd::Held(error))
    }

    async fn drain_of(&self, run: &StoredRun, account: &Account) -> Answer<DrainOf> {
        let number = run.number;
        let (service_collection, service_run) = self
            .database()
            .call(move |connection| {
                connection.query_row(
                    "SELECT service_collection, service_run FROM runs WHERE number = ?1",
                    [number],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
            })
            .await?;
        Ok(DrainOf {
            run: run.number,
            owner: Owner {
                account_id: account.id.clone(),
                account_name: run.summary.account_name.clone(),
                local: account.is_local(),
            },
            browser: run.form.browser,
            service_collection,
            service_run,
            cadence: Cadence {
                local: account.is_local(),
            },
        })
    }

    async fn finish(&self, run: &StoredRun) -> Answer<()> {
        let number = run.number;
        self.database()
            .call(move |connection| finish(connection, number))
            .await?;
        let summary = self.stored(run.summary.id.clone()).await?.summary;
        let tell = self
            .on_ended
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(tell) = tell {
            tell(summary);
        }
        Ok(())
    }

    /// Remembers why it waits; the next start, or the person, goes on with it.
    async fn hold(&self, run: &StoredRun, error: AppError) {
        let state = run.summary.state;
        if let Err(failure) = self.set_state(run.number, state, Some(error)).await {
            tracing::error!(error = %failure, "what holds a run up could not be written down");
        }
    }

    async fn set_state(&self, run: i64, state: RunState, trouble: Option<AppError>) -> Answer<()> {
        let ended = !is_unfinished(state) && state != RunState::WatchingStopped;
        self.database()
            .call(move |connection| {
                let trouble = match trouble {
                    Some(error) => serde_json::to_string(&error)?,
                    None => String::new(),
                };
                let now = ended.then(|| OffsetDateTime::now_utc().unix_timestamp());
                connection.execute(
                    "UPDATE runs SET state = ?2, trouble = ?3, ended_at = ?4 WHERE number = ?1",
                    params![run, state_name(state), trouble, now],
                )?;
                Ok::<_, LibraryError>(())
            })
            .await
    }
}
