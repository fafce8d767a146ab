//! The stored answer of one job, readable for a day after its end (contract §5.3).

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::json;

use super::{Collections, NoResult, Refusal, moment, runs};

/// How long a result can be read.
pub const RESULT_KEPT_MS: i64 = 24 * 3600 * 1000;

/// A stored result, still packed.
pub struct Packed {
    pub body: Vec<u8>,
    /// Of the JSON inside, in bytes.
    pub size: usize,
}

/// Unpacks results one after another into a growing text.
pub struct Unpacker(zstd::bulk::Decompressor<'static>);

impl Unpacker {
    pub fn new() -> std::io::Result<Self> {
        zstd::bulk::Decompressor::new().map(Self)
    }

    /// Appends the JSON; a damaged one leaves `text` as it was and is told by `false`.
    pub fn append(&mut self, packed: &Packed, text: &mut Vec<u8>) -> bool {
        let start = text.len();
        text.resize(start + packed.size, 0);
        let unpacked = self
            .0
            .decompress_to_buffer(&packed.body, &mut text[start..]);
        let whole = unpacked.is_ok_and(|size| size == packed.size);
        if !whole {
            text.truncate(start);
        }
        whole
    }
}

impl Collections {
    /// JSON of the job's answer.
    pub async fn result(
        &self,
        id: String,
        run_id: String,
        job_id: String,
    ) -> Result<Vec<u8>, Refusal> {
        self.database
            .read(move |connection| {
                let run = match runs::find_run(connection, &id, &run_id)? {
                    Ok(run) => run,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                let found = result_of(connection, run, &job_id, moment::now_ms())?;
                Ok(found.map_err(Refusal::NoResult))
            })
            .await?
    }
}

/// The packed result of a job, if it has one.
pub fn packed(connection: &Connection, job: i64) -> rusqlite::Result<Option<Packed>> {
    connection
        .prepare_cached("SELECT body, size FROM results WHERE job = ?1")?
        .query_row([job], packed_row)
        .optional()
}

/// As [`packed`], when its JSON has no more than `most` bytes.
pub fn packed_within(
    connection: &Connection,
    job: i64,
    most: usize,
) -> rusqlite::Result<Option<Packed>> {
    connection
        .prepare_cached("SELECT body, size FROM results WHERE job = ?1 AND size <= ?2")?
        .query_row(
            params![job, i64::try_from(most).unwrap_or(i64::MAX)],
            packed_row,
        )
        .optional()
}

fn packed_row(row: &Row<'_>) -> rusqlite::Result<Packed> {
    Ok(Packed {
        body: row.get(0)?,
        size: row.get::<_, u32>(1)? as usize,
    })
}

struct Ended {
    job: i64,
    status: String,
    completed_at: Option<i64>,
    url: String,
    custom_id: Option<String>,
    message: Option<String>,
}

fn result_of(
    connection: &Connection,
    run: i64,
    job_id: &str,
    now: i64,
) -> rusqlite::Result<Result<Vec<u8>, NoResult>> {
    let job = connection
        .prepare_cached(
            "SELECT id, status, completed_at, url, custom_id, message FROM jobs
             WHERE public_id = ?1 AND run = ?2",
        )?
        .query_row(params![job_id, run], |row| {
            Ok(Ended {
                job: row.get(0)?,
                status: row.get(1)?,
                completed_at: row.get(2)?,
                url: row.get(3)?,
                custom_id: row.get(4)?,
                message: row.get(5)?,
            })
        })
        .optional()?;
    let Some(job) = job else {
        return Ok(Err(NoResult::UnknownJob));
    };
    let Some(completed_at) = job.completed_at else {
        return Ok(Err(NoResult::Pending));
    };
    if now - completed_at > RESULT_KEPT_MS {
        return Ok(Err(NoResult::Expired { completed_at, now }));
    }
    if let Some(packed) = packed(connection, job.job)? {
        let mut text = Vec::new();
        let unpacked =
            Unpacker::new().is_ok_and(|mut unpacker| unpacker.append(&packed, &mut text));
        if unpacked {
            return Ok(Ok(text));
        }
        tracing::error!(job = job_id, "a stored result is damaged");
    } else if job.status != "completed" {
        return Ok(Ok(failure(&job)));
    }
    Ok(Err(NoResult::Lost { completed_at, now }))
}

/// A job without a page has the service's six keys (contract §1.5), and says whose they are.
fn failure(job: &Ended) -> Vec<u8> {
    let message = job
        .message
        .as_deref()
        .unwrap_or("The job wasn't succesfully completed due to an unknown error.");
    json!({
        "html": null,
        "statusCode": 500,
        "message": message,
        "executionTime": null,
        "screenshot": null,
        "extracted_data": null,
        "url": job.url,
        "custom_id": job.custom_id,
    })
    .to_string()
    .into_bytes()
}
