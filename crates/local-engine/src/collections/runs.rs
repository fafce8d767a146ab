//! Runs of a collection: started here in one transaction with their jobs, and told (contract §3.4).

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Collections, Refusal, find, moment};

/// Jobs that never came to a page are told of, but not without end.
const MAX_FAILED_JOBS: i64 = 1000;

/// A run as it is told.
#[derive(Debug, Serialize)]
pub struct RunPublic {
    run_id: String,
    collection_id: String,
    status: String,
    total_requests: i64,
    success_requests: i64,
    failed_requests: i64,
    timeout_requests: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_jobs: Option<Vec<FailedJob>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_ids: Option<Vec<String>>,
    callback_url: Option<String>,
    callback_status: Option<String>,
    created_at: f64,
    success_criterion: Value,
    all_jobs_persisted: bool,
}

#[derive(Debug, Serialize)]
struct FailedJob {
    job_id: String,
    url: String,
    error: Option<String>,
    status: String,
}

#[derive(Debug, Serialize)]
pub struct RunList {
    items: Vec<RunPublic>,
    total: usize,
}

const COLUMNS: &str = "public_id, collection_id, status, total, success, failed, timeout, callback_url, callback_status, created_at";

/// Makes a run and its jobs. None: there is no such collection, or nothing in it. `callback_url`
/// goes before the collection's own.
pub fn start(
    transaction: &Transaction<'_>,
    collection_id: &str,
    callback_url: Option<&String>,
) -> rusqlite::Result<Option<RunPublic>> {
    let Some(collection) = find(transaction, collection_id)? else {
        return Ok(None);
    };
    let run_id = uuid::Uuid::new_v4().to_string();
    transaction.execute(
        "INSERT INTO runs (public_id, collection, collection_id, status, total, callback_url, callback_status, created_at)
         SELECT ?1, id, public_id, 'in_progress', 0, coalesce(?3, callback_url),
                iif(coalesce(?3, callback_url) IS NULL, NULL, 'pending'), ?4
         FROM collections WHERE id = ?2",
        params![run_id, collection, callback_url, moment::now_seconds()],
    )?;
    let run = transaction.last_insert_rowid();
    let job_ids = insert_jobs(transaction, collection, run)?;
    if job_ids.is_empty() {
        transaction.execute("DELETE FROM runs WHERE id = ?1", [run])?;
        return Ok(None);
    }
    transaction.execute(
        "UPDATE runs SET total = ?2 WHERE id = ?1",
        params![run, i64::try_from(job_ids.len()).unwrap_or(i64::MAX)],
    )?;
    let mut started = read(transaction, run)?;
    started.job_ids = Some(job_ids);
    started.failed_jobs = Some(Vec::new());
    Ok(Some(started))
}

impl Collections {
    pub async fn run(&self, id: String, run_id: String) -> Result<RunPublic, Refusal> {
        self.database
            .read(move |connection| {
                let run = match find_run(connection, &id, &run_id)? {
                    Ok(run) => run,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                let mut told = read(connection, run)?;
                told.failed_jobs = Some(failed_jobs(connection, run)?);
                told.job_ids = Some(job_ids(connection, run)?);
                Ok(Ok(told))
            })
            .await?
    }

    /// Newest first. `status` is the filter, None all.
    pub async fn runs(&self, id: String, status: Option<String>) -> Result<RunList, Refusal> {
        if let Some(status) = &status
            && !matches!(status.as_str(), "in_progress" | "completed")
        {
            return Err(Refusal::Query(format!(
                "Unknown status_filter '{status}'; use in_progress or completed"
            )));
        }
        let listed = self.database.read(move |connection| {
            let Some(collection) = find(connection, &id)? else {
                return Ok(None);
            };
            let mut select = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM runs WHERE collection = ?1 AND (?2 IS NULL OR status = ?2)
                 ORDER BY created_at DESC, id DESC"
            ))?;
            let rows = select.query_map(params![collection, status], public)?;
            rows.collect::<rusqlite::Result<Vec<_>>>().map(Some)
        });
        let items = listed.await?.ok_or(Refusal::NoCollection)?;
        Ok(RunList {
            total: items.len(),
            items,
        })
    }
}

/// The row id of a run, which must be the collection's. A deleted collection's runs are found.
pub fn find_run(
    connection: &Connection,
    collection_id: &str,
    run_id: &str,
) -> rusqlite::Result<Result<i64, Refusal>> {
    let known = connection
        .prepare_cached("SELECT 1 FROM collections WHERE public_id = ?1")?
        .exists([collection_id])?;
    if !known {
        return Ok(Err(Refusal::NoCollection));
    }
    let run: Option<(i64, String)> = connection
        .prepare_cached("SELECT id, collection_id FROM runs WHERE public_id = ?1")?
        .query_row([run_id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(match run {
        None => Err(Refusal::NoRun),
        Some((_, owner)) if owner != collection_id => Err(Refusal::ForeignRun),
        Some((run, _)) => Ok(run),
    })
}

fn insert_jobs(
    transaction: &Transaction<'_>,
    collection: i64,
    run: i64,
) -> rusqlite::Result<Vec<String>> {
    let mut requests = transaction.prepare_cached(
        "SELECT url, custom_id, request, coalesce(request ->> '$.browser', 0)
         FROM collection_requests WHERE collection = ?1 ORDER BY position",
    )?;
    let mut insert = transaction.prepare_cached(
        "INSERT INTO jobs (public_id, run, status, url, custom_id, request, browser, queued_at)
         VALUES (?1, ?2, 'queued', ?3, ?4, ?5, ?6, ?7)",
    )?;
    let now = moment::now_ms();
    let mut job_ids = Vec::new();
    let mut rows = requests.query([collection])?;
    while let Some(row) = rows.next()? {
        let job_id = uuid::Uuid::new_v4().to_string();
        insert.execute(params![
            job_id,
            run,
            ToSqlOutput::Borrowed(row.get_ref(0)?),
            ToSqlOutput::Borrowed(row.get_ref(1)?),
            ToSqlOutput::Borrowed(row.get_ref(2)?),
            ToSqlOutput::Borrowed(row.get_ref(3)?),
            now
        ])?;
        job_ids.push(job_id);
    }
    Ok(job_ids)
}

fn read(connection: &Connection, run: i64) -> rusqlite::Result<RunPublic> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM runs WHERE id = ?1"))?
        .query_row([run], public)
}

fn public(row: &Row<'_>) -> rusqlite::Result<RunPublic> {
    let status: String = row.get(2)?;
    Ok(RunPublic {
        run_id: row.get(0)?,
        collection_id: row.get(1)?,
        // Jobs are listed from the start on; what a reader waits for is their ends.
        all_jobs_persisted: status == "completed",
        status,
        total_requests: row.get(3)?,
        success_requests: row.get(4)?,
        failed_requests: row.get(5)?,
        timeout_requests: row.get(6)?,
        failed_jobs: None,
        job_ids: None,
        callback_url: row.get(7)?,
        callback_status: row.get(8)?,
        created_at: row.get(9)?,
        success_criterion: json!({
            "version": "content_success_v1",
            "rules": [
                "status == 'completed'",
                "200 <= status_code < 300",
                "no captcha flag",
                "block_reason null or 'none'",
            ],
        }),
    })
}

fn job_ids(connection: &Connection, run: i64) -> rusqlite::Result<Vec<String>> {
    let mut select =
        connection.prepare_cached("SELECT public_id FROM jobs WHERE run = ?1 ORDER BY id")?;
    select.query_map([run], |row| row.get(0))?.collect()
}

fn failed_jobs(connection: &Connection, run: i64) -> rusqlite::Result<Vec<FailedJob>> {
    let mut select = connection.prepare_cached(
        "SELECT public_id, url, message, status FROM jobs INDEXED BY jobs_of_run_by_status
         WHERE run = ?1 AND status = 'failed'
         UNION ALL
         SELECT public_id, url, message, status FROM jobs INDEXED BY jobs_of_run_by_status
         WHERE run = ?1 AND status = 'timeout'
         LIMIT ?2",
    )?;
    let rows = select.query_map([run, MAX_FAILED_JOBS], |row| {
        Ok(FailedJob {
            job_id: row.get(0)?,
            url: row.get(1)?,
            error: row.get(2)?,
            status: row.get(3)?,
        })
    })?;
    rows.collect()
}
