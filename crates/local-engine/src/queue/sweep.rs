//! Forgets what is past its time: results after a day, ended runs after 90, answers to idempotency keys
//! after a day. In small bites, so that no one waits for it.

use std::time::Duration;

use rusqlite::{Connection, params};

use crate::collections::{KEY_KEPT_SECONDS, RESULT_KEPT_MS, moment};
use crate::database::Database;

const RUN_KEPT_SECONDS: f64 = 90.0 * 24.0 * 3600.0;

const EVERY: Duration = Duration::from_secs(10 * 60);
/// Between two bites, for others.
const PAUSE: Duration = Duration::from_millis(20);
/// Rows in one bite.
const BITE: i64 = 500;
/// Pages given back to the system after a bite.
const FREED_PAGES: i64 = 2_000;

/// Sweeps now and then, for ever.
pub async fn keep_clean(database: Database) {
    let mut clock = tokio::time::interval(EVERY);
    loop {
        clock.tick().await;
        sweep(&database, moment::now_ms()).await;
    }
}

/// Everything that is past its time at `now`, in ms.
async fn sweep(database: &Database, now: i64) {
    loop {
        match database
            .write(move |transaction| bite(transaction, now))
            .await
        {
            Ok(0) => return,
            Ok(_) => tokio::time::sleep(PAUSE).await,
            Err(error) => {
                tracing::error!(%error, "what is past its time could not be removed");
                return;
            }
        }
    }
}

/// Removes a few rows and tells how many; none means that it is done.
fn bite(connection: &Connection, now: i64) -> rusqlite::Result<usize> {
    let seconds = now as f64 / 1000.0;
    let results = connection
        .prepare_cached(
            "DELETE FROM results WHERE job IN
                 (SELECT job FROM results WHERE completed_at < ?1 ORDER BY completed_at LIMIT ?2)",
        )?
        .execute(params![now - RESULT_KEPT_MS, BITE])?;
    let keys = connection
        .prepare_cached(
            "DELETE FROM idempotency WHERE key IN
                 (SELECT key FROM idempotency WHERE created_at <= ?1 LIMIT ?2)",
        )?
        .execute(params![seconds - KEY_KEPT_SECONDS, BITE])?;
    let old_run = seconds - RUN_KEPT_SECONDS;
    let jobs = connection
        .prepare_cached(
            "DELETE FROM jobs WHERE id IN
                 (SELECT id FROM jobs WHERE run =
                     (SELECT id FROM runs WHERE finished_at < ?1 AND id < (SELECT max(id) FROM runs)
                      ORDER BY finished_at LIMIT 1)
                  LIMIT ?2)",
        )?
        .execute(params![old_run, BITE])?;
    // The newest run stays, so that no later one gets its number.
    let runs = connection
        .prepare_cached(
            "DELETE FROM runs WHERE id =
                 (SELECT id FROM runs WHERE finished_at < ?1 AND id < (SELECT max(id) FROM runs)
                  ORDER BY finished_at LIMIT 1)
               AND NOT EXISTS (SELECT 1 FROM jobs WHERE run = runs.id)",
        )?
        .execute([old_run])?;
    let removed = results + keys + jobs + runs;
    if removed > 0 {
        let mut free = connection.prepare(&format!("PRAGMA incremental_vacuum({FREED_PAGES})"))?;
        let mut pages = free.query([])?;
        while pages.next()?.is_some() {}
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 3600 * 1000;

    fn counts(database: &Database) -> [i64; 4] {
        let count = |connection: &Connection, table| {
            connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
                row.get(0)
            })
        };
        database
            .read_now(|connection| {
                Ok([
                    count(connection, "results")?,
                    count(connection, "jobs")?,
                    count(connection, "runs")?,
                    count(connection, "idempotency")?,
                ])
            })
            .expect("counts")
    }

    #[tokio::test]
    async fn each_thing_goes_when_its_time_is_over() {
        let dir = tempfile::tempdir().expect("a folder");
        let database = Database::open(dir.path()).expect("opens");
        database
            .write_now(|transaction| {
                for run in 1..=3 {
                    transaction.execute(
                        "INSERT INTO runs (id, public_id, collection, collection_id, status, total, created_at, finished_at)
                         VALUES (?1, 'run ' || ?1, 1, 'c', iif(?1 = 2, 'in_progress', 'completed'), 700, 0, iif(?1 = 2, NULL, 0))",
                        [run],
                    )?;
                }
                for job in 1..=2_100 {
                    transaction.execute(
                        "INSERT INTO jobs (id, public_id, run, status, browser, queued_at, completed_at, url, request)
                         VALUES (?1, 'job ' || ?1, 1 + (?1 - 1) / 700, 'completed', 0, 0, 0, 'u', '{}')",
                        [job],
                    )?;
                    transaction.execute(
                        "INSERT INTO results VALUES (?1, 0, randomblob(5000), 5000)",
                        [job],
                    )?;
                }
                transaction.execute(
                    "INSERT INTO idempotency VALUES ('k', x'00', 201, x'00', 0)",
                    [],
                )
            })
            .expect("rows of 1970");

        sweep(&database, DAY).await;
        assert_eq!(
            counts(&database),
            [2_100, 2_100, 3, 0],
            "a day is not over, the key's is"
        );
        let size = || {
            std::fs::metadata(dir.path().join("engine.db"))
                .map(|file| file.len())
                .expect("a file")
        };
        sweep(&database, DAY + 1).await;
        assert_eq!(counts(&database), [0, 2_100, 3, 0], "results last a day");
        database
            .write_now(|transaction| transaction.execute("DELETE FROM idempotency", []))
            .expect("writes");
        database.write(|_| Ok(())).await.expect("writes");
        let checkpointed = rusqlite::Connection::open(dir.path().join("engine.db")).expect("opens");
        checkpointed
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .expect("writes back");
        assert!(
            size() < 3_000_000,
            "the space of 10 MB is given back, not {}",
            size()
        );
        sweep(&database, 90 * DAY).await;
        assert_eq!(counts(&database), [0, 2_100, 3, 0], "90 days are not over");
        sweep(&database, 90 * DAY + 1).await;
        assert_eq!(
            counts(&database),
            [0, 1_400, 2, 0],
            "the ended run is gone with its jobs; one goes on, and the newest keeps its number"
        );
    }
}
