//! How much room the library takes.

use rusqlite::Connection;
use serde::Serialize;
use specta::Type;

use super::rows::narrow;
use super::{LibraryError, tidy};

/// Kilobytes of 1,024 bytes, as they lie on the disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
pub struct LibraryDisk {
    pub results: u32,
    pub total: u32,
    pub screenshots: u32,
    /// Pages, files, extracted values and what pages loaded.
    pub pages: u32,
    /// Results of runs, which are kept together.
    pub runs: u32,
    /// Lists, collections and the words of the search.
    pub lists: u32,
    /// Results that the keep-for rule would delete now.
    pub overdue: u32,
}

pub fn disk(connection: &Connection, keep_days: u32) -> Result<LibraryDisk, LibraryError> {
    let sum = |sql: &str| -> Result<u64, LibraryError> {
        let sum: i64 = connection.query_row(sql, [], |row| row.get(0))?;
        Ok(sum.unsigned_abs())
    };
    let bodies = sum("SELECT coalesce(sum(stored_size), 0) FROM bodies")?;
    let pictures = sum(
        "SELECT coalesce(sum(stored_size), 0) FROM bodies WHERE hash IN
             (SELECT hash FROM result_parts WHERE part IN ('screenshot', 'thumbnail'))",
    )?;
    let runs = sum("SELECT coalesce(sum(length(data)), 0) FROM packs")?;
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let pages = number("page_count")? - number("freelist_count")?;
    let file = (pages * number("page_size")?).unsigned_abs();
    let kilobytes = |bytes: u64| narrow(bytes.div_ceil(1024));
    Ok(LibraryDisk {
        results: narrow(sum(
            "SELECT count(*) FROM results WHERE deleted_at IS NULL",
        )?),
        total: kilobytes(bodies + file),
        screenshots: kilobytes(pictures),
        pages: kilobytes(bodies.saturating_sub(pictures)),
        runs: kilobytes(runs),
        lists: kilobytes(file.saturating_sub(runs)),
        overdue: tidy::count_overdue(connection, keep_days)?,
    })
}
