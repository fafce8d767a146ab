//! The rows of collections in the library's database.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use time::OffsetDateTime;

use super::last_runs::{RunHistory, last_runs};
use super::{CollectionRow, CollectionView};
use crate::library::LibraryError;
use crate::scrape::ScrapeForm;

pub const NOT_THERE: &str = "This collection is not there any more.";

/// A collection as its row has it.
pub struct Stored {
    pub number: i64,
    pub id: String,
    pub name: String,
    pub options: ScrapeForm,
    pub pages: u32,
    pub revision: i64,
    pub created_at: u32,
    pub changed_at: u32,
}

impl Stored {
    pub fn view(self, history: RunHistory) -> CollectionView {
        CollectionView {
            id: self.id,
            name: self.name,
            options: self.options,
            problems: Vec::new(),
            pages: self.pages,
            created_at: self.created_at,
            changed_at: self.changed_at,
            last_run: history.last,
        }
    }
}

pub fn get(connection: &Connection, id: &str) -> Result<Stored, LibraryError> {
    let row = connection
        .prepare_cached(
            "SELECT number, id, name, options, pages, revision, created_at, changed_at
             FROM collections WHERE id = ?1 AND deleted_at IS NULL",
        )?
        .query_row([id], |row| {
            let options: String = row.get(3)?;
            Ok((
                options,
                Stored {
                    number: row.get(0)?,
                    id: row.get(1)?,
                    name: row.get(2)?,
                    options: ScrapeForm::default(),
                    pages: row.get(4)?,
                    revision: row.get(5)?,
                    created_at: row.get(6)?,
                    changed_at: row.get(7)?,
                },
            ))
        })
        .optional()?;
    let (options, stored) = row.ok_or(LibraryError::Missing(NOT_THERE))?;
    Ok(Stored {
        options: serde_json::from_str(&options)?,
        ..stored
    })
}

pub fn view(connection: &Connection, id: &str) -> Result<CollectionView, LibraryError> {
    let stored = get(connection, id)?;
    let history = last_runs(connection, &[id.to_owned()])?.remove(id);
    Ok(stored.view(history.unwrap_or_default()))
}

pub fn create(
    transaction: &Transaction<'_>,
    name: &str,
    options: &ScrapeForm,
) -> Result<String, LibraryError> {
    let id = uuid::Uuid::new_v4().to_string();
    transaction.execute(
        "INSERT INTO collections (id, name, options, created_at, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?4)",
        params![id, name, written(options)?, now()],
    )?;
    Ok(id)
}

pub fn update(
    transaction: &Transaction<'_>,
    id: &str,
    name: &str,
    options: &ScrapeForm,
) -> Result<(), LibraryError> {
    let changed = transaction.execute(
        "UPDATE collections SET name = ?2, options = ?3, changed_at = ?4, revision = revision + 1
         WHERE id = ?1 AND deleted_at IS NULL",
        params![id, name, written(options)?, now()],
    )?;
    found(changed)
}

/// A copy with all pages of the list, under its own name.
pub fn duplicate(
    transaction: &Transaction<'_>,
    id: &str,
    name: &str,
) -> Result<String, LibraryError> {
    let from = get(transaction, id)?;
    let copy = create(transaction, name, &from.options)?;
    let number = get(transaction, &copy)?.number;
    transaction.execute(
        "INSERT INTO pages (collection, place, address, label, own, reach, site, twin)
         SELECT ?2, row_number() OVER (ORDER BY place), address, label, own, reach, site, twin
         FROM pages WHERE collection = ?1 AND hidden = 0",
        [from.number, number],
    )?;
    transaction.execute(
        "UPDATE collections SET pages = ?2, next_place = ?2 + 1 WHERE number = ?1",
        params![number, from.pages],
    )?;
    Ok(copy)
}

pub fn delete(transaction: &Transaction<'_>, id: &str) -> Result<(), LibraryError> {
    let changed = transaction.execute(
        "UPDATE collections SET deleted_at = ?2 WHERE id = ?1 AND deleted_at IS NULL",
        params![id, now()],
    )?;
    found(changed)
}

pub fn restore(transaction: &Transaction<'_>, id: &str) -> Result<(), LibraryError> {
    // Without options it was purged.
    let changed = transaction.execute(
        "UPDATE collections SET deleted_at = NULL WHERE id = ?1 AND options <> ''",
        [id],
    )?;
    found(changed)
}

/// Forgets what can't come back any more: pages taken out, imports that never ended, deleted
/// collections. Of these the name stays, for their runs.
pub fn purge(transaction: &Transaction<'_>) -> Result<(), LibraryError> {
    transaction.execute_batch(
        "DELETE FROM pages WHERE collection IN
             (SELECT number FROM collections WHERE deleted_at IS NOT NULL AND options <> '');
         UPDATE collections SET options = '', pages = 0, leftovers = 0
             WHERE deleted_at IS NOT NULL AND options <> '';
         DELETE FROM pages WHERE hidden <> 0
             AND collection IN (SELECT number FROM collections WHERE leftovers <> 0);
         UPDATE collections SET leftovers = 0 WHERE leftovers <> 0;",
    )?;
    Ok(())
}

/// All that are not deleted, with what their runs tell.
pub fn rows(connection: &Connection) -> Result<Vec<CollectionRow>, LibraryError> {
    let mut select = connection.prepare_cached(
        "SELECT id, name, pages, created_at FROM collections
         WHERE deleted_at IS NULL ORDER BY number DESC",
    )?;
    let rows = select.query_map([], |row| {
        Ok(CollectionRow {
            id: row.get(0)?,
            name: row.get(1)?,
            pages: row.get(2)?,
            created_at: row.get(3)?,
            last_run: None,
            history: Vec::new(),
        })
    })?;
    let mut rows: Vec<CollectionRow> = rows.collect::<rusqlite::Result<_>>()?;
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let mut histories = last_runs(connection, &ids)?;
    for row in &mut rows {
        let history = histories.remove(&row.id).unwrap_or_default();
        row.last_run = history.last;
        row.history = history.success;
    }
    Ok(rows)
}

/// `name`, or `name 2` and so on when there is one of this name.
pub fn free_name(connection: &Connection, name: &str) -> Result<String, LibraryError> {
    let mut select = connection
        .prepare_cached("SELECT 1 FROM collections WHERE name = ?1 AND deleted_at IS NULL")?;
    let mut free = name.to_owned();
    let mut number = 2;
    while select.exists([&free])? {
        free = format!("{name} {number}");
        number += 1;
    }
    Ok(free)
}

fn found(changed: usize) -> Result<(), LibraryError> {
    if changed == 0 {
        return Err(LibraryError::Missing(NOT_THERE));
    }
    Ok(())
}

/// The address belongs to the pages.
fn written(options: &ScrapeForm) -> Result<String, LibraryError> {
    let options = ScrapeForm {
        address: String::new(),
        ..options.clone()
    };
    Ok(serde_json::to_string(&options)?)
}

fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}
