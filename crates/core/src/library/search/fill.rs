//! Reads what came faster than it could be read, and libraries from before there was a search: a few
//! results at a time, the newest first, while nobody is kept waiting.

use std::sync::{PoisonError, Weak};
use std::time::{Duration, Instant};

use rusqlite::{OptionalExtension as _, Transaction, params};
use tokio_util::sync::CancellationToken;

use super::reading::{Names, Reading, SeenPart, is_read};
use crate::library::packed::{self, Unpacked};
use crate::library::{LibraryError, Shelf};

/// Results of one transaction: some milliseconds of work.
const STEP: u32 = 32;
/// At least so long, and as long as the step took, whatever else waits for the database goes first.
const PAUSE: Duration = Duration::from_millis(5);
/// What is written comes in bursts.
const SETTLE: Duration = Duration::from_millis(200);

/// A row whose parts were not looked at.
struct Unread {
    number: i64,
    id: String,
    address: String,
    title: String,
    label: String,
}

/// Until `stop`, or until the shelf is gone: reads whenever something was written.
pub async fn fill(shelf: Weak<Shelf>, stop: CancellationToken) {
    loop {
        let Some(open) = shelf.upgrade() else {
            return;
        };
        let written = open.database.written();
        let begun = Instant::now();
        let step = tokio::task::spawn_blocking(move || read_some(&open)).await;
        if stop.is_cancelled() {
            return;
        }
        let wait = async {
            match step {
                Ok(Ok(0)) => {
                    written.notified().await;
                    tokio::time::sleep(SETTLE).await;
                }
                Ok(Ok(_)) => tokio::time::sleep(begun.elapsed().max(PAUSE)).await,
                Ok(Err(error)) => {
                    tracing::warn!(%error, "results could not be read for the search");
                    written.notified().await;
                    tokio::time::sleep(SETTLE).await;
                }
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = wait => {}
        }
    }
}

/// One step. Answers with how many results were looked at; 0: all are read.
pub fn read_some(shelf: &Shelf) -> Result<usize, LibraryError> {
    let _turn = shelf.reading.lock().unwrap_or_else(PoisonError::into_inner);
    let unread = shelf.database.with(unread)?;
    let mut pack = None;
    let mut readings = Vec::with_capacity(unread.len());
    for row in &unread {
        match read(shelf, row, &mut pack) {
            Ok(reading) => readings.push((row.number, reading, 1)),
            // Its name can be found all the same, and opening it says what is wrong.
            Err(error) => {
                tracing::warn!(%error, id = row.id, "a result could not be read for the search");
                readings.push((row.number, Reading::of(names(row), []), 2));
            }
        }
    }
    if !readings.is_empty() {
        shelf.database.transaction(|transaction| {
            for (number, reading, state) in &readings {
                note_run(transaction, *number)?;
                reading.write(transaction, *number, *state)?;
            }
            Ok(())
        })?;
    }
    Ok(readings.len())
}

fn unread(connection: &mut rusqlite::Connection) -> rusqlite::Result<Vec<Unread>> {
    let mut select = connection.prepare_cached(
        "SELECT results.number, results.id, results.address, title, coalesce(nullif(results.label, ''), jobs.label, '')
         FROM results INDEXED BY results_to_read LEFT JOIN jobs ON jobs.result_id = results.id
         WHERE indexed = 0 GROUP BY results.number ORDER BY results.number DESC LIMIT ?1",
    )?;
    let rows = select.query_map([STEP], |row| {
        Ok(Unread {
            number: row.get(0)?,
            id: row.get(1)?,
            address: row.get(2)?,
            title: row.get(3)?,
            label: row.get(4)?,
        })
    })?;
    rows.collect()
}

fn names(row: &Unread) -> Names<'_> {
    Names {
        address: &row.address,
        title: &row.title,
        label: &row.label,
    }
}

/// `pack`: the one that was read last.
fn read(
    shelf: &Shelf,
    row: &Unread,
    pack: &mut Option<(i64, Vec<u8>)>,
) -> Result<Reading, LibraryError> {
    let found = shelf
        .database
        .with(|connection| packed::find(connection, &row.id))?;
    let Some(found) = found else {
        return read_files(shelf, row);
    };
    let number = found.place.pack;
    if pack.as_ref().is_none_or(|(open, _)| *open != number) {
        let bytes = shelf
            .database
            .with(|connection| packed::read_pack(connection, number))?;
        *pack = Some((number, bytes));
    }
    let bytes = pack.as_ref().map(|(_, bytes)| bytes.as_slice());
    let unpacked = Unpacked::read(bytes.unwrap_or_default(), &found)?;
    Ok(Reading::of(
        names(row),
        unpacked.parts().iter().map(SeenPart::from),
    ))
}

fn read_files(shelf: &Shelf, row: &Unread) -> Result<Reading, LibraryError> {
    type File = (String, String, u64, String);
    let files: Vec<File> = shelf.database.with(|connection| {
        let mut select = connection.prepare_cached(
            "SELECT part, content_type, size, hash FROM result_parts JOIN bodies USING (hash) WHERE result_id = ?1",
        )?;
        let rows = select.query_map([&row.id], |row| {
            let size: i64 = row.get(2)?;
            Ok((row.get(0)?, row.get(1)?, size.unsigned_abs(), row.get(3)?))
        })?;
        rows.collect::<rusqlite::Result<_>>()
    })?;
    let mut bodies = Vec::with_capacity(files.len());
    for (name, content_type, _, hash) in &files {
        bodies.push(match is_read(name, content_type) {
            true => shelf.bodies.read(hash)?,
            false => Vec::new(),
        });
    }
    let parts = files
        .iter()
        .zip(&bodies)
        .map(|((name, content_type, size, _), bytes)| SeenPart {
            name,
            content_type,
            size: *size,
            bytes,
        });
    Ok(Reading::of(names(row), parts))
}

/// Results from before there was a library screen do not know their run.
fn note_run(transaction: &Transaction<'_>, number: i64) -> Result<(), LibraryError> {
    let found: Option<(i64, String, String)> = transaction
        .prepare_cached(
            "SELECT runs.number, runs.collection_id, jobs.label
             FROM results JOIN jobs ON jobs.result_id = results.id JOIN runs ON runs.number = jobs.run
             WHERE results.number = ?1 AND results.run = 0",
        )?
        .query_row([number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    if let Some((run, collection, label)) = found {
        transaction
            .prepare_cached(
                "UPDATE results SET run = ?2, collection_id = ?3, label = ?4 WHERE number = ?1",
            )?
            .execute(params![number, run, collection, label])?;
    }
    Ok(())
}

/// Reads all at once, for whoever waits for it.
pub fn read_all(shelf: &Shelf) -> Result<(), LibraryError> {
    while read_some(shelf)? > 0 {}
    Ok(())
}
