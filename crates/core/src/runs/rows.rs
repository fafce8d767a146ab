//! Rows of runs and jobs, read as the window's views.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row, params_from_iter};

use super::causes;
use super::{
    JobOutcome, JobRow, JobsFilter, JobsSort, RunJobsPage, RunJobsQuery, RunState, RunSummary,
    RunsPage, RunsQuery,
};
use crate::library::{LibraryError, narrow};
use crate::scrape::ScrapeForm;

pub const MOST_ROWS: u32 = 500;
const NOT_THERE: &str = "This run is not there any more.";
const NO_JOB: &str = "This page is not in the run.";
const SUMMARY: &str = "number, id, nth, collection_id, collection_name, account_name, local, state,
    submitted, left_out, refused, duplicates, queued, success, failed, timed_out, ceiling, credits,
    refunded, started_at, ended_at, account_id, form, trouble";
const JOB: &str =
    "place, address, label, outcome, cause, duration_ms, credits, ended_at, result_id";

/// A run as its row has it, but for what is about to be sent.
#[derive(Debug, Clone)]
pub struct StoredRun {
    pub number: i64,
    pub summary: RunSummary,
    pub account_id: String,
    pub form: ScrapeForm,
    /// JSON of an error; empty without one.
    pub trouble: String,
}

pub fn run(connection: &Connection, id: &str) -> Result<StoredRun, LibraryError> {
    let found = connection
        .prepare_cached(&format!("SELECT {SUMMARY} FROM runs WHERE id = ?1"))?
        .query_row([id], read)
        .optional()?;
    found.ok_or(LibraryError::Missing(NOT_THERE))?
}

pub fn page(connection: &Connection, query: &RunsQuery) -> Result<RunsPage, LibraryError> {
    let filter = "(?1 = '' OR collection_id = ?1)
         AND (NOT ?2 OR state IN ('sending', 'running'))";
    let found = connection
        .prepare_cached(&format!("SELECT count(*) FROM runs WHERE {filter}"))?
        .query_row((&query.collection_id, query.unfinished), |row| row.get(0))?;
    let mut select = connection.prepare_cached(&format!(
        "SELECT {SUMMARY} FROM runs WHERE {filter} ORDER BY number DESC LIMIT ?3 OFFSET ?4"
    ))?;
    let rows = select.query_map(
        (
            &query.collection_id,
            query.unfinished,
            query.limit.min(MOST_ROWS),
            query.offset,
        ),
        read,
    )?;
    let rows = rows
        .map(|row| Ok(row??.summary))
        .collect::<Result<_, LibraryError>>()?;
    Ok(RunsPage { rows, found })
}

/// The jobs of a run, filtered and sorted.
pub fn jobs(connection: &Connection, query: &RunJobsQuery) -> Result<RunJobsPage, LibraryError> {
    let run = number(connection, &query.run_id)?;
    let (filter, mut values) = job_filter(run, query);
    let found = connection
        .prepare_cached(&format!("SELECT count(*) FROM jobs WHERE {filter}"))?
        .query_row(params_from_iter(&values), |row| row.get(0))?;
    let order = job_order(query);
    values.push(query.limit.min(MOST_ROWS).into());
    values.push(query.offset.into());
    let mut select = connection.prepare_cached(&format!(
        "SELECT {JOB} FROM jobs WHERE {filter} ORDER BY {order} LIMIT ? OFFSET ?"
    ))?;
    let rows = select.query_map(params_from_iter(&values), read_job)?;
    Ok(RunJobsPage {
        rows: rows.collect::<rusqlite::Result<_>>()?,
        found,
    })
}

pub fn job(connection: &Connection, run: i64, id: &str) -> Result<JobRow, LibraryError> {
    let place: i64 = id.parse().map_err(|_| LibraryError::Missing(NO_JOB))?;
    let found = connection
        .prepare_cached(&format!(
            "SELECT {JOB} FROM jobs WHERE run = ?1 AND place = ?2"
        ))?
        .query_row((run, place), read_job)
        .optional()?;
    found.ok_or(LibraryError::Missing(NO_JOB))
}

/// The jobs before and after one in the table, and its place in it.
pub struct Neighbours {
    pub previous: Option<String>,
    pub next: Option<String>,
    pub position: u32,
}

pub fn neighbours(
    connection: &Connection,
    query: &RunJobsQuery,
    id: &str,
) -> Result<Neighbours, LibraryError> {
    let run = number(connection, &query.run_id)?;
    let (filter, mut values) = job_filter(run, query);
    let order = job_order(query);
    let place: i64 = id.parse().map_err(|_| LibraryError::Missing(NO_JOB))?;
    values.push(place.into());
    let found = connection
        .prepare_cached(&format!(
            "SELECT before, after, position FROM (
                 SELECT place, row_number() OVER sorted - 1 AS position,
                     lag(place) OVER sorted AS before, lead(place) OVER sorted AS after
                 FROM jobs WHERE {filter} WINDOW sorted AS (ORDER BY {order})
             ) WHERE place = ?"
        ))?
        .query_row(params_from_iter(&values), |row| {
            let id = |place: Option<i64>| place.map(|place| place.to_string());
            Ok(Neighbours {
                previous: id(row.get(0)?),
                next: id(row.get(1)?),
                position: row.get(2)?,
            })
        })
        .optional()?;
    // A job that the filter no longer shows stays open, alone.
    Ok(found.unwrap_or(Neighbours {
        previous: None,
        next: None,
        position: 0,
    }))
}

pub fn number(connection: &Connection, id: &str) -> Result<i64, LibraryError> {
    let found = connection
        .prepare_cached("SELECT number FROM runs WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    found.ok_or(LibraryError::Missing(NOT_THERE))
}

pub fn state_name(state: RunState) -> &'static str {
    match state {
        RunState::Sending => "sending",
        RunState::Running => "running",
        RunState::Finished => "finished",
        RunState::NotStarted => "not_started",
        RunState::WatchingStopped => "watching_stopped",
    }
}

pub fn outcome_number(outcome: JobOutcome) -> u8 {
    match outcome {
        JobOutcome::Waiting => 0,
        JobOutcome::Success => 1,
        JobOutcome::Failed => 2,
        JobOutcome::TimedOut => 3,
        JobOutcome::Refused => 4,
        JobOutcome::Duplicate => 5,
    }
}

fn outcome(number: u8) -> JobOutcome {
    match number {
        1 => JobOutcome::Success,
        2 => JobOutcome::Failed,
        3 => JobOutcome::TimedOut,
        4 => JobOutcome::Refused,
        5 => JobOutcome::Duplicate,
        _ => JobOutcome::Waiting,
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Result<StoredRun, LibraryError>> {
    let state: String = row.get("state")?;
    let state = [
        RunState::Sending,
        RunState::Running,
        RunState::Finished,
        RunState::NotStarted,
        RunState::WatchingStopped,
    ]
    .into_iter()
    .find(|known| state_name(*known) == state)
    .unwrap_or(RunState::WatchingStopped);
    let [queued, success, failed, timed_out]: [u32; 4] = [
        row.get("queued")?,
        row.get("success")?,
        row.get("failed")?,
        row.get("timed_out")?,
    ];
    let summary = RunSummary {
        id: row.get("id")?,
        number: row.get("nth")?,
        collection_id: row.get("collection_id")?,
        collection_name: row.get("collection_name")?,
        account_name: row.get("account_name")?,
        local: row.get("local")?,
        state,
        submitted: row.get("submitted")?,
        left_out: row.get("left_out")?,
        refused: row.get("refused")?,
        duplicates: row.get("duplicates")?,
        queued,
        success,
        failed,
        timed_out,
        waiting: queued.saturating_sub(success + failed + timed_out),
        ceiling: row.get("ceiling")?,
        credits: row.get("credits")?,
        refunded: row.get("refunded")?,
        started_at: row.get("started_at")?,
        ended_at: row.get("ended_at")?,
    };
    let (number, account_id, trouble) = (
        row.get("number")?,
        row.get("account_id")?,
        row.get("trouble")?,
    );
    let form = serde_json::from_str(&row.get::<_, String>("form")?);
    Ok(form.map_err(LibraryError::from).map(|form| StoredRun {
        number,
        summary,
        account_id,
        form,
        trouble,
    }))
}

fn read_job(row: &Row<'_>) -> rusqlite::Result<JobRow> {
    let outcome = outcome(row.get(3)?);
    let cause: String = row.get(4)?;
    Ok(JobRow {
        id: row.get::<_, i64>(0)?.to_string(),
        address: row.get(1)?,
        label: row.get(2)?,
        outcome,
        words: match outcome {
            JobOutcome::Waiting => "Waiting".into(),
            JobOutcome::Success => "Success".into(),
            JobOutcome::Refused => cause.clone(),
            JobOutcome::Duplicate => "There is another page like it".into(),
            JobOutcome::Failed | JobOutcome::TimedOut => causes::words(&cause).0,
        },
        cause: match outcome {
            JobOutcome::Failed | JobOutcome::TimedOut => cause,
            JobOutcome::Waiting
            | JobOutcome::Success
            | JobOutcome::Refused
            | JobOutcome::Duplicate => String::new(),
        },
        duration_ms: row.get(5)?,
        credits: row.get(6)?,
        ended_at: row.get(7)?,
        result_id: row.get(8)?,
    })
}

fn job_filter(run: i64, query: &RunJobsQuery) -> (String, Vec<Value>) {
    let mut filter = String::from("run = ?");
    let mut values: Vec<Value> = vec![run.into()];
    filter.push_str(match query.filter {
        JobsFilter::All => "",
        JobsFilter::Success => " AND outcome = 1",
        JobsFilter::Failed => " AND outcome = 2",
        JobsFilter::TimedOut => " AND outcome = 3",
        JobsFilter::Waiting => " AND outcome = 0",
        JobsFilter::NotTaken => " AND outcome IN (4, 5)",
    });
    if !query.cause.is_empty() {
        filter.push_str(" AND outcome IN (2, 3) AND cause = ?");
        values.push(query.cause.clone().into());
    }
    let search = query.search.trim();
    if !search.is_empty() {
        filter.push_str(" AND (address LIKE ? ESCAPE '\\' OR label LIKE ? ESCAPE '\\')");
        let part = format!(
            "%{}%",
            search
                .replace('\\', "\\\\")
                .replace('%', "\\%")
                .replace('_', "\\_")
        );
        values.extend([part.clone().into(), part.into()]);
    }
    (filter, values)
}

/// What is not known yet comes last, whichever way round.
fn job_order(query: &RunJobsQuery) -> String {
    let way = if query.descending { "DESC" } else { "ASC" };
    let column = match query.sort {
        JobsSort::Place => return format!("place {way}"),
        JobsSort::Address => "address",
        JobsSort::Label => "label",
        JobsSort::Outcome => "outcome",
        JobsSort::Duration => "duration_ms",
        JobsSort::Credits => "credits",
        JobsSort::Ended => "ended_at",
    };
    format!("{column} {way} NULLS LAST, place {way}")
}

/// How many jobs ended for a cause.
pub fn count_cause(connection: &Connection, run: i64, cause: &str) -> Result<u32, LibraryError> {
    let count: i64 = connection
        .prepare_cached("SELECT count(*) FROM jobs WHERE run = ?1 AND cause = ?2")?
        .query_row((run, cause), |row| row.get(0))?;
    Ok(narrow(count.unsigned_abs()))
}
