//! The one SQLite file: results, journal and notices. Opened once, used only off the async threads.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Transaction, params};
use rusqlite_migration::{M, Migrations};
use time::OffsetDateTime;
use tokio::sync::Notify;

use crate::Answer;
use crate::library::LibraryError;
use crate::start::NoticeView;

const FILE: &str = "library.db";
pub const BODIES: &str = "bodies";
/// Checking costs about a second per gigabyte; past this only after a crash.
const ALWAYS_CHECKED: u64 = 64 << 20;
const PATIENCE: Duration = Duration::from_secs(5);

/// Never change one that was released: add the next.
const STEPS: [M<'_>; 4] = [
    M::up(include_str!("database/001-library.sql")),
    M::up(include_str!("database/002-collections.sql")),
    M::up(include_str!("database/003-runs.sql")),
    M::up(include_str!("database/004-library.sql")),
];

/// Shared handle on the open file.
#[derive(Clone)]
pub struct Database {
    /// Only reads, and waits for nobody who writes. Closed before the other, which writes back the log.
    reader: Arc<Mutex<Connection>>,
    connection: Arc<Mutex<Connection>>,
    written: Arc<Notify>,
}

impl Database {
    /// Opens or makes `library.db` in `data_dir`. A damaged one is set aside together with its
    /// bodies, and a notice says where.
    pub fn open(data_dir: &Path) -> Result<Self, LibraryError> {
        fs::create_dir_all(data_dir)?;
        let connection = connect(&data_dir.join(FILE)).or_else(|error| {
            if error.is_damage() {
                return recreate(data_dir, &error);
            }
            Err(error)
        })?;
        let reader = Connection::open_with_flags(
            data_dir.join(FILE),
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        reader.busy_timeout(PATIENCE)?;
        reader.pragma_update(None, "cache_size", -16_000)?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            reader: Arc::new(Mutex::new(reader)),
            written: Arc::default(),
        })
    }

    /// Woken when a transaction was committed.
    pub fn written(&self) -> Arc<Notify> {
        Arc::clone(&self.written)
    }

    /// Reads what is committed, for code that already runs on a blocking thread.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, LibraryError>,
    ) -> Result<T, LibraryError> {
        work(&self.reader.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs `work` on the connection, away from the async threads.
    pub async fn call<T, E>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Answer<T>
    where
        T: Send + 'static,
        E: Into<LibraryError> + Send + 'static,
    {
        let database = self.clone();
        let done = tokio::task::spawn_blocking(move || database.with(work)).await;
        Ok(done.map_err(LibraryError::from)??)
    }

    /// The same for code that already runs on a blocking thread.
    pub fn with<T, E: Into<LibraryError>>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, LibraryError> {
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        work(&mut connection).map_err(Into::into)
    }

    /// All or nothing, for code that already runs on a blocking thread.
    pub fn transaction<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, LibraryError>,
    ) -> Result<T, LibraryError> {
        self.with(|connection| {
            let transaction = connection.transaction()?;
            let value = work(&transaction)?;
            transaction.commit()?;
            self.written.notify_one();
            Ok::<_, LibraryError>(value)
        })
    }

    /// Tells the person at the next start, or on this one when it is still to be painted.
    pub async fn add_notice(&self, title: String, text: String) -> Answer<()> {
        self.call(move |connection| insert_notice(connection, &title, &text))
            .await
    }

    /// Oldest first.
    pub async fn notices(&self) -> Answer<Vec<NoticeView>> {
        self.call(|connection| {
            let mut select = connection
                .prepare("SELECT id, title, text FROM notices ORDER BY created_at, rowid")?;
            let rows = select.query_map([], |row| {
                Ok(NoticeView {
                    id: row.get(0)?,
                    title: row.get(1)?,
                    text: row.get(2)?,
                })
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        })
        .await
    }

    pub async fn dismiss_notice(&self, id: String) -> Answer<()> {
        self.call(move |connection| {
            connection
                .execute("DELETE FROM notices WHERE id = ?1", [id])
                .map(|_| ())
        })
        .await
    }
}

fn connect(file: &Path) -> Result<Connection, LibraryError> {
    let crashed = file.with_extension("db-wal").exists();
    let size = fs::metadata(file).map_or(0, |data| data.len());
    let mut connection = Connection::open(file)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // 16 MB: a run that comes in fast would else be copied over every few pages.
    connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    // Kilobytes when negative.
    connection.pragma_update(None, "cache_size", -16_000)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    if crashed || size <= ALWAYS_CHECKED {
        check(&connection)?;
    }
    Migrations::from_slice(&STEPS).to_latest(&mut connection)?;
    Ok(connection)
}

fn check(connection: &Connection) -> Result<(), LibraryError> {
    let verdict: Option<String> = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .optional()?;
    match verdict {
        Some(words) if words != "ok" => Err(LibraryError::Damaged(words)),
        Some(_) | None => Ok(()),
    }
}

/// The bodies go with their database: without its rows the sweep would delete them.
fn recreate(data_dir: &Path, cause: &LibraryError) -> Result<Connection, LibraryError> {
    let now = OffsetDateTime::now_utc();
    let aside = free_folder(
        data_dir,
        &format!("damaged-{}-{}", now.date(), now.unix_timestamp()),
    );
    fs::create_dir_all(&aside)?;
    for name in [FILE, "library.db-wal", "library.db-shm", BODIES] {
        let from = data_dir.join(name);
        if from.exists() {
            fs::rename(from, aside.join(name))?;
        }
    }
    tracing::error!(error = %cause, folder = %aside.display(), "the library was damaged and set aside");
    let connection = connect(&data_dir.join(FILE))?;
    let text = format!(
        "The library could not be read and a new, empty one was started. The old one is kept in {}.",
        aside.display()
    );
    insert_notice(&connection, "The library was damaged", &text)?;
    Ok(connection)
}

fn free_folder(data_dir: &Path, name: &str) -> PathBuf {
    let mut folder = data_dir.join(name);
    let mut number = 2;
    while folder.exists() {
        folder = data_dir.join(format!("{name}-{number}"));
        number += 1;
    }
    folder
}

fn insert_notice(connection: &Connection, title: &str, text: &str) -> rusqlite::Result<()> {
    let id = uuid::Uuid::new_v4().to_string();
    let now = OffsetDateTime::now_utc().unix_timestamp();
    connection.execute(
        "INSERT INTO notices (id, title, text, created_at) VALUES (?1, ?2, ?3, ?4)",
        params![id, title, text, now],
    )?;
    Ok(())
}
