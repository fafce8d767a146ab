//! Taken jobs on their way to disk: their results, their rows and the counters, all in one transaction.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use time::OffsetDateTime;

use super::super::rows::{outcome_number, state_name};
use super::super::{JobOutcome, RunState};
use super::digest::{Digested, TakenJob};
use super::twin::twin;
use crate::library::{LibraryError, Owner, insert_row};

/// What a batch added to a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Added {
    pub success: u32,
    pub failed: u32,
    pub timed_out: u32,
    pub credits: u32,
    pub refunded: u32,
}

impl Added {
    pub fn jobs(self) -> u32 {
        self.success + self.failed + self.timed_out
    }

    fn count(&mut self, job: &TakenJob) {
        match job.outcome {
            JobOutcome::Success => self.success += 1,
            JobOutcome::Failed => self.failed += 1,
            JobOutcome::TimedOut => self.timed_out += 1,
            JobOutcome::Waiting | JobOutcome::Refused | JobOutcome::Duplicate => {}
        }
        self.credits += job.credits.unwrap_or_default();
        self.refunded += u32::from(job.refunded);
    }
}

/// Writes what is not there yet. `until`: no job that ended before needs to be asked about again.
pub fn write(
    transaction: &Transaction<'_>,
    run: i64,
    owner: &Owner,
    batch: &[Digested],
    until: Option<i64>,
) -> Result<Added, LibraryError> {
    let mut added = Added::default();
    for digested in batch {
        let mut fresh = Vec::with_capacity(digested.jobs.len());
        for job in &digested.jobs {
            fresh.push(write_job(transaction, run, job)?);
        }
        let wanted: Vec<bool> = digested
            .jobs
            .iter()
            .zip(&fresh)
            .filter(|(job, _)| job.result.is_some())
            .map(|(_, fresh)| *fresh)
            .collect();
        let mut places = digested.packs.insert(transaction, &wanted)?.into_iter();
        for (job, fresh) in digested.jobs.iter().zip(fresh) {
            let place = job.result.as_ref().and_then(|_| places.next());
            if !fresh {
                continue;
            }
            added.count(job);
            if let (Some(facts), Some(place)) = (&job.result, place) {
                insert_row(transaction, owner, run, &job.label, facts, place)?;
            }
        }
    }
    transaction
        .prepare_cached(
            "UPDATE runs SET success = success + ?2, failed = failed + ?3, timed_out = timed_out + ?4,
                credits = credits + ?5, refunded = refunded + ?6,
                queued = max(queued, success + failed + timed_out + ?2 + ?3 + ?4),
                submitted = max(submitted, left_out + refused + duplicates
                    + max(queued, success + failed + timed_out + ?2 + ?3 + ?4)),
                taken_until = coalesce(max(taken_until, ?7), taken_until, ?7)
             WHERE number = ?1",
        )?
        .execute(params![
            run,
            added.success,
            added.failed,
            added.timed_out,
            added.credits,
            added.refunded,
            until
        ])?;
    Ok(added)
}

/// False when it was there already.
fn write_job(
    transaction: &Transaction<'_>,
    run: i64,
    job: &TakenJob,
) -> Result<bool, LibraryError> {
    let known = transaction
        .prepare_cached(
            "SELECT 1 FROM jobs WHERE run = ?1 AND service_job = ?2 AND service_job <> ''",
        )?
        .exists(params![run, job.service_job])?;
    if known {
        return Ok(false);
    }
    let waiting: Option<i64> = transaction
        .prepare_cached(
            // The planner would walk through the whole run.
            "SELECT place FROM jobs INDEXED BY jobs_by_twin WHERE run = ?1 AND twin = ?2 AND outcome = 0 ORDER BY place LIMIT 1",
        )?
        .query_row(params![run, twin(&job.address, &job.label)], |row| row.get(0))
        .optional()?;
    let place = match waiting {
        Some(place) => place,
        None => new_place(transaction, run, job)?,
    };
    transaction
        .prepare_cached(
            "UPDATE jobs SET outcome = ?3, cause = ?4, suggestion = ?5, stop_reason = ?6, service_job = ?7,
                duration_ms = ?8, credits = ?9, ended_at = ?10, result_id = ?11, data_hash = ?12
             WHERE run = ?1 AND place = ?2",
        )?
        .execute(params![
            run,
            place,
            outcome_number(job.outcome),
            job.cause,
            job.suggestion,
            job.stop_reason,
            job.service_job,
            job.duration_ms,
            job.credits,
            job.ended_at.map(|ended| ended.div_euclid(1000)),
            job.result.as_ref().map(|facts| &facts.id),
            job.data_hash,
        ])?;
    Ok(true)
}

/// For a page that the list did not hold, or a list that is not known.
fn new_place(transaction: &Transaction<'_>, run: i64, job: &TakenJob) -> Result<i64, LibraryError> {
    let place = transaction
        .prepare_cached("SELECT coalesce(max(place) + 1, 0) FROM jobs WHERE run = ?1")?
        .query_row([run], |row| row.get(0))?;
    transaction
        .prepare_cached(
            "INSERT INTO jobs (run, place, address, label, twin) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            run,
            place,
            job.address,
            job.label,
            twin(&job.address, &job.label)
        ])?;
    Ok(place)
}

/// Marks what never came: every page that still waits, and one for each that the list did not hold.
pub fn write_missing(
    transaction: &Transaction<'_>,
    run: i64,
    cause: &str,
) -> Result<u32, LibraryError> {
    let (queued, ended): (u32, u32) = transaction.query_row(
        "SELECT queued, success + failed + timed_out FROM runs WHERE number = ?1",
        [run],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let missing = queued.saturating_sub(ended);
    let marked = transaction.execute(
        "UPDATE jobs SET outcome = 2, cause = ?2 WHERE run = ?1 AND place IN
             (SELECT place FROM jobs WHERE run = ?1 AND outcome = 0 ORDER BY place LIMIT ?3)",
        params![run, cause, missing],
    )?;
    for _ in marked..missing as usize {
        transaction.execute(
            "INSERT INTO jobs (run, place, address, label, twin, outcome, cause)
             SELECT ?1, coalesce(max(place) + 1, 0), '', '', 0, 2, ?2 FROM jobs WHERE run = ?1",
            params![run, cause],
        )?;
    }
    transaction.execute(
        "UPDATE runs SET failed = failed + ?2 WHERE number = ?1",
        params![run, missing],
    )?;
    Ok(missing)
}

/// All is here. A page that came under another address than it was sent with leaves its own row behind.
pub fn finish(connection: &mut Connection, run: i64) -> Result<(), LibraryError> {
    let transaction = connection.transaction()?;
    transaction.execute("DELETE FROM jobs WHERE run = ?1 AND outcome = 0", [run])?;
    transaction.execute(
        "UPDATE runs SET state = ?2, trouble = '', ended_at = ?3 WHERE number = ?1",
        params![
            run,
            state_name(RunState::Finished),
            OffsetDateTime::now_utc().unix_timestamp()
        ],
    )?;
    transaction.execute(
        "UPDATE journal SET credits = (SELECT credits FROM runs WHERE number = ?1)
         WHERE id = (SELECT journal_id FROM runs WHERE number = ?1)",
        [run],
    )?;
    transaction.commit()?;
    Ok(())
}
