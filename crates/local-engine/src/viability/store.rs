//! Tests and their results in the database.

use rusqlite::{OptionalExtension as _, Row, params};
use scrapingpros::types::{Action, Depth, RunStatus, ViabilityResult, ViabilityRun};
use serde_json::Map;

use crate::collections::moment;
use crate::database::{Database, DatabaseError};
use crate::ledger::{Entry, Ledger};

const KEPT_MS: i64 = 30 * 24 * 3_600_000;

/// A test with addresses that are not tried yet.
pub struct Open {
    pub id: i64,
    pub depth: Depth,
    pub actions: Option<Vec<Action>>,
    /// Position and address.
    pub untried: Vec<(i64, String)>,
}

pub async fn insert(
    database: &Database,
    public_id: String,
    depth: Depth,
    actions: Option<Vec<Action>>,
    urls: Vec<String>,
) -> Result<Open, DatabaseError> {
    let word = depth.as_str().to_owned();
    let steps = actions.as_ref().map(json);
    let untried: Vec<(i64, String)> = (0..).zip(urls).collect();
    let rows = untried.clone();
    let id = database.write(move |transaction| {
        let now = moment::now_ms();
        transaction.execute(
            "DELETE FROM viability_runs WHERE created_at < ?1",
            [now - KEPT_MS],
        )?;
        transaction.execute(
            "INSERT INTO viability_runs (public_id, depth, actions, created_at) VALUES (?1, ?2, ?3, ?4)",
            params![public_id, word, steps, now],
        )?;
        let id = transaction.last_insert_rowid();
        let mut insert = transaction
            .prepare_cached("INSERT INTO viability_urls (run, position, url) VALUES (?1, ?2, ?3)")?;
        for (position, url) in rows {
            insert.execute(params![id, position, url])?;
        }
        Ok(id)
    });
    Ok(Open {
        id: id.await?,
        depth,
        actions,
        untried,
    })
}

/// The result and what its tries cost, all or nothing.
pub async fn write(
    database: &Database,
    run: i64,
    position: i64,
    result: ViabilityResult,
    entries: Vec<Entry>,
) -> Result<(), DatabaseError> {
    let result = json(&result);
    database
        .write(move |transaction| {
            for entry in &entries {
                Ledger::write_in(transaction, entry)?;
            }
            transaction
                .prepare_cached(
                    "UPDATE viability_urls SET result = ?3 WHERE run = ?1 AND position = ?2",
                )?
                .execute(params![run, position, result])
                .map(drop)
        })
        .await
}

pub async fn read(
    database: &Database,
    public_id: String,
) -> Result<Option<ViabilityRun>, DatabaseError> {
    database
        .read(move |connection| {
            let run = connection
                .prepare_cached("SELECT id, depth FROM viability_runs WHERE public_id = ?1")?
                .query_row([&public_id], |row| {
                    Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
                })
                .optional()?;
            let Some((id, depth)) = run else {
                return Ok(None);
            };
            let mut select = connection.prepare_cached(
                "SELECT result FROM viability_urls WHERE run = ?1 ORDER BY position",
            )?;
            let results: Vec<Option<String>> = select
                .query_map([id], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            let (total, tried) = (results.len(), results.iter().flatten().count());
            let is_over = tried == total;
            let results = is_over.then(|| {
                let texts = results.iter().flatten();
                texts
                    .filter_map(|text| serde_json::from_str(text).ok())
                    .collect()
            });
            Ok(Some(ViabilityRun {
                run_id: public_id,
                status: if is_over {
                    RunStatus::Completed
                } else {
                    RunStatus::InProgress
                },
                total_urls: u64::try_from(total).unwrap_or_default(),
                completed_urls: u64::try_from(tried).unwrap_or_default(),
                depth: Some(Depth::from(depth)),
                results,
                unknown: Map::new(),
            }))
        })
        .await
}

pub async fn open_runs(database: &Database) -> Result<Vec<Open>, DatabaseError> {
    database
        .read(|connection| {
            let mut runs = connection.prepare(
                "SELECT id, depth, actions FROM viability_runs
                 WHERE id IN (SELECT run FROM viability_urls WHERE result IS NULL) ORDER BY id",
            )?;
            let mut urls = connection.prepare(
                "SELECT position, url FROM viability_urls
                 WHERE run = ?1 AND result IS NULL ORDER BY position",
            )?;
            let open = |row: &Row<'_>| {
                let id: i64 = row.get(0)?;
                let actions: Option<String> = row.get(2)?;
                let untried = urls.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(Open {
                    id,
                    depth: Depth::from(row.get::<_, String>(1)?),
                    actions: actions.and_then(|text| serde_json::from_str(&text).ok()),
                    untried: untried.collect::<rusqlite::Result<_>>()?,
                })
            };
            runs.query_map([], open)?.collect()
        })
        .await
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| {
        tracing::error!(%error, "could not be written as JSON");
        "null".into()
    })
}
