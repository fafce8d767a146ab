//! What goes: results that were deleted, results past their time, and the space they took. Whatever an
//! unfinished run needs stays, and so does what has a tag.

use rusqlite::{Connection, OptionalExtension as _, params};
use time::OffsetDateTime;

use super::rows::narrow;
use super::search::{LibraryFacts, RunOf, tags};
use super::{LibraryError, Shelf};
use crate::{AppError, FieldProblem};

/// Results that go in one transaction.
const STEP: u32 = 200;
const DAY: i64 = 86_400;
const LONGEST_TAG: usize = 40;
const MOST_TAGS: usize = 20;
/// Free space in the file that is worth writing it anew: bytes, and a share of the file.
const WORTH_SHRINKING: (i64, i64) = (32 << 20, 4);
/// A run that goes on takes in its own results, and is compared with those before it.
const NOT_NEEDED: &str =
    "run NOT IN (SELECT number FROM runs WHERE state NOT IN ('finished', 'not_started'))
    AND (collection_id = '' OR collection_id NOT IN
        (SELECT collection_id FROM runs WHERE state NOT IN ('finished', 'not_started')))
    AND NOT EXISTS (SELECT 1 FROM jobs JOIN runs ON runs.number = jobs.run
        WHERE jobs.result_id = results.id AND state NOT IN ('finished', 'not_started'))";
const OVERDUE: &str = "deleted_at IS NULL AND created_at < ?1 AND indexed <> 0
    AND NOT EXISTS (SELECT 1 FROM result_tags WHERE result = results.number)";

/// Hides results, or shows them again. Answers with how many changed.
pub fn set_deleted(shelf: &Shelf, ids: &[String], deleted: bool) -> Result<u32, LibraryError> {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    shelf.database.transaction(|transaction| {
        let mut update = transaction.prepare_cached(
            "UPDATE results SET deleted_at = ?2 WHERE id = ?1 AND (deleted_at IS NULL) = (?2 IS NOT NULL)",
        )?;
        let mut changed = 0;
        for id in ids {
            changed += update.execute(params![id, deleted.then_some(now)])?;
        }
        Ok(narrow(changed as u64))
    })
}

/// Forgets what was deleted before, as far as nothing needs it. Answers with how many went.
pub fn purge(shelf: &Shelf) -> Result<u32, LibraryError> {
    remove(
        shelf,
        &format!("deleted_at IS NOT NULL AND deleted_at <= ?1 AND {NOT_NEEDED}"),
        OffsetDateTime::now_utc().unix_timestamp(),
    )
}

/// Forgets what is older than `days`; 0: nothing is too old.
pub fn remove_overdue(shelf: &Shelf, days: u32) -> Result<u32, LibraryError> {
    match oldest(days) {
        Some(oldest) => remove(shelf, &format!("{OVERDUE} AND {NOT_NEEDED}"), oldest),
        None => Ok(0),
    }
}

/// Hides all that no unfinished run needs, tags or not.
pub fn delete_all(shelf: &Shelf) -> Result<u32, LibraryError> {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    shelf.database.transaction(|transaction| {
        let changed = transaction.execute(
            &format!(
                "UPDATE results SET deleted_at = ?1 WHERE deleted_at IS NULL AND {NOT_NEEDED}"
            ),
            [now],
        )?;
        Ok(narrow(changed as u64))
    })
}

pub fn count_overdue(connection: &Connection, days: u32) -> Result<u32, LibraryError> {
    let Some(oldest) = oldest(days) else {
        return Ok(0);
    };
    Ok(connection.query_row(
        &format!("SELECT count(*) FROM results WHERE {OVERDUE} AND {NOT_NEEDED}"),
        [oldest],
        |row| row.get(0),
    )?)
}

fn oldest(days: u32) -> Option<i64> {
    (days > 0).then(|| OffsetDateTime::now_utc().unix_timestamp() - i64::from(days) * DAY)
}

fn remove(shelf: &Shelf, condition: &str, time: i64) -> Result<u32, LibraryError> {
    let mut gone = 0;
    loop {
        let step = shelf.database.transaction(|transaction| {
            Ok(transaction.execute(
                &format!("DELETE FROM results WHERE number IN (SELECT number FROM results WHERE {condition} LIMIT {STEP})"),
                [time],
            )?)
        })?;
        gone += narrow(step as u64);
        if step < STEP as usize {
            return Ok(gone);
        }
    }
}

/// Gives the space of what is gone back to the disk.
pub fn free_space(shelf: &Shelf) -> Result<(), LibraryError> {
    shelf.bodies.remove_free(&shelf.database)?;
    shelf.database.with(|connection| {
        let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get(0));
        let (page, pages, free): (i64, i64, i64) = (
            number("page_size")?,
            number("page_count")?,
            number("freelist_count")?,
        );
        let (least, share) = WORTH_SHRINKING;
        if free * page >= least && free >= pages / share {
            connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")?;
        }
        Ok::<_, LibraryError>(())
    })
}

pub fn facts(
    connection: &Connection,
    id: &str,
    keep_days: u32,
) -> Result<LibraryFacts, LibraryError> {
    let found = connection
        .prepare_cached(
            "SELECT results.number, label, size, results.created_at, runs.id, runs.nth, runs.collection_name
             FROM results LEFT JOIN runs ON runs.number = results.run WHERE results.id = ?1",
        )?
        .query_row([id], |row| {
            let run_id: Option<String> = row.get(4)?;
            let run = match run_id {
                Some(id) => Some(RunOf {
                    id,
                    number: row.get(5)?,
                    collection_name: row.get(6)?,
                }),
                None => None,
            };
            let size: i64 = row.get(2)?;
            let numbers: (u32, u32) = (row.get(0)?, row.get(3)?);
            Ok((numbers, row.get(1)?, narrow(size.unsigned_abs()), run))
        })
        .optional()?;
    let ((number, created_at), label, size, run) =
        found.ok_or(LibraryError::Missing(super::rows::NOT_THERE))?;
    let tags = tags(connection, number)?;
    let stays = keep_days == 0 || !tags.is_empty();
    Ok(LibraryFacts {
        run,
        label,
        tags,
        size,
        kept_until: (!stays)
            .then(|| created_at.saturating_add(keep_days.saturating_mul(DAY as u32))),
    })
}

/// Puts a tag on results, or takes it off.
pub fn set_tag(shelf: &Shelf, ids: &[String], tag: &str, on: bool) -> Result<(), LibraryError> {
    shelf.database.transaction(|transaction| {
        // A tag that is there already is written as it was.
        let known: Option<String> = transaction
            .prepare_cached("SELECT tag FROM result_tags WHERE tag = ?1 COLLATE NOCASE LIMIT 1")?
            .query_row([tag], |row| row.get(0))
            .optional()?;
        let tag = known.as_deref().unwrap_or(tag);
        let sql = if on {
            "INSERT OR IGNORE INTO result_tags (tag, result) SELECT ?2, number FROM results WHERE id = ?1
                AND (SELECT count(*) FROM result_tags WHERE result = number) < ?3"
        } else {
            "DELETE FROM result_tags WHERE tag = ?2 AND result = (SELECT number FROM results WHERE id = ?1) AND ?3 > 0"
        };
        let mut change = transaction.prepare_cached(sql)?;
        for id in ids {
            change.execute(params![id, tag, MOST_TAGS as i64])?;
        }
        Ok(())
    })
}

/// The tag as it is kept.
pub fn checked_tag(typed: &str) -> Result<String, AppError> {
    let tag = typed
        .split(|one: char| one.is_whitespace() || one.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let problem = if tag.is_empty() {
        "Type a name for the tag."
    } else if tag.chars().count() > LONGEST_TAG {
        "A tag has at most 40 characters."
    } else {
        return Ok(tag);
    };
    Err(AppError::invalid(vec![FieldProblem::new("tag", problem)]))
}
