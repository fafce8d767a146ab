//! Writes the ends of jobs, many in one transaction: the job's row, its result, its credits and its run's
//! counters change together or not at all.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, params};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use crate::collections::moment;
use crate::database::Database;
use crate::ledger::Ledger;
use crate::scrape::Ending;

use super::job::Finished;

/// Ends in one transaction.
const BATCH: usize = 256;
/// How long the first waits for others.
const COMPANY: Duration = Duration::from_millis(10);
/// After a write that failed.
const PAUSE: Duration = Duration::from_secs(1);

pub struct Book {
    pub database: Database,
    pub stopped: CancellationToken,
    /// Told when a run with a webhook ended.
    pub calls_wait: Arc<Notify>,
}

impl Book {
    /// Writes until all senders are gone.
    pub async fn keep(self, mut ends: mpsc::Receiver<Finished>) {
        let mut last = 0;
        loop {
            let mut batch = Vec::new();
            if ends.recv_many(&mut batch, BATCH).await == 0 {
                return;
            }
            let company = async {
                while batch.len() < BATCH && ends.recv_many(&mut batch, BATCH).await > 0 {}
            };
            let _ = tokio::time::timeout(COMPANY, company).await;
            // Whoever reads up to one batch's moment and asks for what came later misses nothing.
            last = moment::now_ms().max(last + 1);
            if !self.write(Arc::new(batch), last).await {
                return;
            }
        }
    }

    /// A full disk, say, holds the queue up; nothing is lost by it. False: told to stop meanwhile.
    async fn write(&self, batch: Arc<Vec<Finished>>, now: i64) -> bool {
        loop {
            let ends = batch.clone();
            let written = self
                .database
                .write(move |transaction| write(transaction, &ends, now));
            match written.await {
                Ok(calls) => {
                    if calls {
                        self.calls_wait.notify_one();
                    }
                    return true;
                }
                Err(error) => tracing::error!(%error, "results could not be written; trying again"),
            }
            let pause = tokio::time::sleep(PAUSE);
            if self.stopped.run_until_cancelled(pause).await.is_none() {
                return false;
            }
        }
    }
}

#[derive(Default)]
struct Counts {
    success: i64,
    failed: i64,
    timeout: i64,
}

/// Whether a run with a webhook ended.
fn write(connection: &Connection, ends: &[Finished], now: i64) -> rusqlite::Result<bool> {
    let mut runs: BTreeMap<i64, Counts> = BTreeMap::new();
    for end in ends {
        if !write_job(connection, end, now)? {
            continue;
        }
        let counts = runs.entry(end.run).or_default();
        match end.ending {
            Ending::TimedOut => counts.timeout += 1,
            Ending::Arrived if end.is_success => counts.success += 1,
            Ending::Arrived | Ending::Failed => counts.failed += 1,
        }
    }
    let mut calls = false;
    for (run, counts) in runs {
        calls |= count(connection, run, &counts, now)?;
    }
    Ok(calls)
}

/// False when the job had ended before.
fn write_job(connection: &Connection, end: &Finished, now: i64) -> rusqlite::Result<bool> {
    let status = match end.ending {
        Ending::Arrived => "completed",
        Ending::Failed => "failed",
        Ending::TimedOut => "timeout",
    };
    let credits = end.entry.as_ref().map_or(0, |entry| entry.credits);
    let changed = connection
        .prepare_cached(
            "UPDATE jobs SET status = ?2, status_code = ?3, is_success = ?4, message = ?5,
                 block_reason = ?6, protection_stack = ?7, rule_hits = ?8, has_extractable_data = ?9,
                 credits = ?10, attempts = ?11, started_at = ?12, completed_at = ?13,
                 execution_time_ms = ?14, retries_attempted = ?15
             WHERE id = ?1 AND status = 'queued'",
        )?
        .execute(params![
            end.job,
            status,
            end.status_code,
            end.is_success,
            end.message,
            end.block_reason,
            end.protection_stack,
            end.rule_hits,
            end.has_extractable_data,
            credits,
            end.retries + 1,
            end.started_at,
            now,
            end.execution_ms,
            end.retries,
        ])?;
    if changed == 0 {
        return Ok(false);
    }
    if end.result.size > 0 {
        connection
            .prepare_cached(
                "INSERT INTO results (job, completed_at, body, size) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                end.job,
                now,
                end.result.bytes,
                i64::try_from(end.result.size).unwrap_or(i64::MAX)
            ])?;
    }
    if let Some(entry) = &end.entry {
        Ledger::write_in(connection, entry)?;
    }
    Ok(true)
}

/// The last job's end is the run's.
fn count(connection: &Connection, run: i64, counts: &Counts, now: i64) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "UPDATE runs SET success = success + ?2, failed = failed + ?3, timeout = timeout + ?4
             WHERE id = ?1",
        )?
        .execute(params![run, counts.success, counts.failed, counts.timeout])?;
    let ended = connection
        .prepare_cached(
            "UPDATE runs SET status = 'completed', finished_at = ?2,
                 callback_next_at = iif(callback_url IS NULL, NULL, ?2)
             WHERE id = ?1 AND status = 'in_progress' AND success + failed + timeout >= total
             RETURNING callback_url IS NOT NULL",
        )?
        .query_map(params![run, now as f64 / 1000.0], |row| {
            row.get::<_, bool>(0)
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(ended.contains(&true))
}
