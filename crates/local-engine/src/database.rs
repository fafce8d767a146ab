//! The engine's one SQLite file: ledger, collections, runs, jobs and results. One connection writes,
//! a few read beside it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations};
use tokio::sync::Semaphore;

const FILE: &str = "engine.db";
const READERS: usize = 4;
const STATEMENTS: usize = 64;

/// Never change one that was released: add the next.
const STEPS: [M<'_>; 6] = [
    M::up(include_str!("migrations/001-ledger.sql")),
    M::up(include_str!("migrations/002-collections.sql")),
    M::up(include_str!("migrations/003-runs.sql")),
    M::up(include_str!("migrations/004-usage.sql")),
    M::up(include_str!("migrations/005-proxies.sql")),
    M::up(include_str!("migrations/006-viability.sql")),
];

/// Shared handle on the open file.
#[derive(Clone)]
pub struct Database {
    file: Arc<File>,
}

struct File {
    path: PathBuf,
    writer: Mutex<Connection>,
    idle_readers: Mutex<Vec<Connection>>,
    reading: Arc<Semaphore>,
}

#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error(transparent)]
    Migration(#[from] rusqlite_migration::Error),
    /// The work panicked, or the program is ending.
    #[error("the work on the database was broken off: {0}")]
    BrokenOff(#[from] tokio::task::JoinError),
}

impl Database {
    /// Opens or makes `engine.db` in `data_dir`, and brings one of an earlier version up to date.
    pub fn open(data_dir: &Path) -> Result<Self, DatabaseError> {
        let path = data_dir.join(FILE);
        let mut writer = Connection::open(&path)?;
        prepare(&writer)?;
        give_space_back(&writer)?;
        writer.pragma_update(None, "journal_mode", "WAL")?;
        // In WAL mode a crash of the program loses nothing, one of the whole computer the last moments.
        writer.pragma_update(None, "synchronous", "NORMAL")?;
        writer.pragma_update(None, "foreign_keys", true)?;
        Migrations::from_slice(&STEPS).to_latest(&mut writer)?;
        Ok(Self {
            file: Arc::new(File {
                path,
                writer: Mutex::new(writer),
                idle_readers: Mutex::default(),
                reading: Arc::new(Semaphore::new(READERS)),
            }),
        })
    }

    /// Reads one moment's state, away from the async threads.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, DatabaseError> {
        // Goes along, as the reading goes on when the caller goes away.
        let turn = self.file.reading.clone().acquire_owned().await;
        let database = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            database.read_now(work)
        })
        .await;
        Ok(done??)
    }

    /// All or nothing, away from the async threads. Goes on to its end even when the caller goes away.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, DatabaseError> {
        let database = self.clone();
        let done = tokio::task::spawn_blocking(move || database.write_now(work)).await;
        Ok(done??)
    }

    /// As [`Database::read`], for code that already runs on a blocking thread.
    pub fn read_now<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let mut reader = self.reader()?;
        // Several statements of one read see the same state.
        let snapshot = reader.transaction()?;
        let value = work(&snapshot)?;
        snapshot.finish()?;
        let mut idle = lock(&self.file.idle_readers);
        if idle.len() < READERS {
            idle.push(reader);
        }
        Ok(value)
    }

    /// As [`Database::write`], for code that already runs on a blocking thread.
    pub fn write_now<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let mut writer = lock(&self.file.writer);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = work(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }

    fn reader(&self) -> rusqlite::Result<Connection> {
        if let Some(reader) = lock(&self.file.idle_readers).pop() {
            return Ok(reader);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let reader = Connection::open_with_flags(&self.file.path, flags)?;
        prepare(&reader)?;
        Ok(reader)
    }
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Results are read straight from the file's pages.
    connection.pragma_update(None, "mmap_size", 1_i64 << 30)
}

/// Lets `incremental_vacuum` shrink the file after results expire. Files of the first version are
/// small, so that rebuilding one costs nothing.
fn give_space_back(connection: &Connection) -> rusqlite::Result<()> {
    let mode: i64 = connection.query_row("PRAGMA auto_vacuum", [], |row| row.get(0))?;
    if mode == 0 {
        connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL; VACUUM")?;
    }
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_valid() {
        Migrations::from_slice(&STEPS)
            .validate()
            .expect("every step runs on an empty file");
    }

    #[test]
    fn a_file_of_the_first_version_opens_with_its_ledger() {
        let dir = tempfile::tempdir().expect("a folder");
        let old = Connection::open(dir.path().join(FILE)).expect("opens");
        old.execute_batch(
            "PRAGMA journal_mode = WAL;
             CREATE TABLE IF NOT EXISTS scrapes (
                 id INTEGER PRIMARY KEY, finished_at INTEGER NOT NULL, month TEXT NOT NULL, host TEXT NOT NULL,
                 browser INTEGER NOT NULL, success INTEGER NOT NULL, credits INTEGER NOT NULL
             ) STRICT;
             CREATE INDEX IF NOT EXISTS scrapes_by_month ON scrapes (month);
             INSERT INTO scrapes VALUES (1, 1, '2026-05', 'a.example', 0, 1, 1);",
        )
        .expect("the first version's table");
        drop(old);

        for visit in ["the first", "the second"] {
            let database = Database::open(dir.path()).expect("opens");
            let (scrapes, jobs, vacuum): (i64, i64, i64) = database
                .read_now(|connection| {
                    Ok((
                        connection
                            .query_row("SELECT count(*) FROM scrapes", [], |row| row.get(0))?,
                        connection.query_row("SELECT count(*) FROM jobs", [], |row| row.get(0))?,
                        connection.query_row("PRAGMA auto_vacuum", [], |row| row.get(0))?,
                    ))
                })
                .expect("reads");
            assert_eq!((scrapes, jobs, vacuum), (1, 0, 2), "at {visit} opening");
        }
    }

    #[test]
    fn a_failed_write_leaves_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        let database = Database::open(dir.path()).expect("opens");
        let failed = database.write_now(|transaction| {
            transaction.execute(
                "INSERT INTO collections (public_id, name, created_at, updated_at) VALUES ('a', 'a', 1, 1)",
                [],
            )?;
            transaction.execute("INSERT INTO nowhere VALUES (1)", [])
        });
        assert!(failed.is_err(), "there is no such table");
        let left: i64 = database
            .read_now(|connection| {
                connection.query_row("SELECT count(*) FROM collections", [], |row| row.get(0))
            })
            .expect("reads");
        assert_eq!(left, 0, "the first row went back with the second");
    }
}
