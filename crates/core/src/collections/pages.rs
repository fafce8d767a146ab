//! The rows of pages in the library's database. A page's id is its place in its collection: given
//! once and never moved, so that the table is read in order and a change touches its rows alone.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension as _, Statement, Transaction, params};

use super::judge::{Judged, JudgedRow, Page, Side, words};
use super::own::OwnOptions;
use super::reading::{Reach, Reading};
use super::store::Stored;
use super::{PageColumn, PageForm, PageRow, PageSelection, PagesPage, PagesQuery};
use crate::library::{LibraryError, narrow};
use crate::scrape::trimmed;

const MOST_ROWS: u32 = 500;
const MOST_PAGES: u32 = 1_000_000;
/// Of a cell, in characters; only what is no address is longer.
const MOST_SHOWN: usize = 4000;
const TOO_MANY: &str =
    "A collection holds at most 1,000,000 pages. Make a second one for the others.";
const PAGE_NOT_THERE: &str = "This page is not in the collection any more.";

/// A page that is about to be put into a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewPage {
    pub address: String,
    pub label: String,
    pub own: OwnOptions,
}

impl NewPage {
    pub fn set(&mut self, column: PageColumn, value: &str) {
        match column {
            PageColumn::Address => self.address = cell(value),
            PageColumn::Label => self.label = cell(value),
            PageColumn::Browser
            | PageColumn::Location
            | PageColumn::Language
            | PageColumn::Format
            | PageColumn::Screenshot
            | PageColumn::WindowSize
            | PageColumn::RetryOnBlock => self.own.set(column, value),
        }
    }

    pub fn is_blank(&self) -> bool {
        self.address.is_empty() && self.label.is_empty()
    }
}

impl From<PageForm> for NewPage {
    fn from(form: PageForm) -> Self {
        Self {
            address: cell(&form.address),
            label: cell(&form.label),
            own: OwnOptions::default(),
        }
    }
}

/// Puts pages at the end of a list, or beside it while they are `hidden`; answers with the first
/// and the last id.
pub fn add(
    transaction: &Transaction<'_>,
    list: &Stored,
    pages: &[NewPage],
    hidden: i64,
) -> Result<(u32, u32), LibraryError> {
    let added = narrow(pages.len() as u64);
    let first: u32 = transaction
        .prepare_cached("SELECT next_place FROM collections WHERE number = ?1")?
        .query_row([list.number], |row| row.get(0))?;
    if list.pages.saturating_add(added) > MOST_PAGES || first.checked_add(added).is_none() {
        return Err(LibraryError::TooLarge(TOO_MANY));
    }
    let mut insert = transaction.prepare_cached(
        "INSERT INTO pages (collection, place, hidden, address, label, own, reach, site, twin)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for (place, page) in (first..).zip(pages) {
        let reading = Reading::of(&page.address, &page.label);
        insert.execute(params![
            list.number,
            place,
            hidden,
            page.address,
            page.label,
            page.own.written(),
            reading.reach as i64,
            reading.site,
            reading.twin,
        ])?;
    }
    let shown = if hidden == 0 { added } else { 0 };
    transaction
        .prepare_cached(
            "UPDATE collections SET next_place = next_place + ?2, pages = pages + ?3,
                 revision = revision + 1, leftovers = leftovers OR ?4, changed_at = unixepoch()
             WHERE number = ?1",
        )?
        .execute(params![list.number, added, shown, hidden != 0])?;
    Ok((first, (first + added).saturating_sub(1)))
}

/// Changes one cell; an own option that is emptied is again that of every page.
pub fn edit(
    transaction: &Transaction<'_>,
    list: &Stored,
    id: u32,
    column: PageColumn,
    value: &str,
) -> Result<(), LibraryError> {
    let mut page = transaction
        .prepare_cached(
            "SELECT address, label, own FROM pages
             WHERE collection = ?1 AND place = ?2 AND hidden = 0",
        )?
        .query_row(params![list.number, id], |row| {
            Ok(NewPage {
                address: row.get(0)?,
                label: row.get(1)?,
                own: OwnOptions::read(&row.get::<_, String>(2)?),
            })
        })
        .optional()?
        .ok_or(LibraryError::Missing(PAGE_NOT_THERE))?;
    page.set(column, value);
    let reading = Reading::of(&page.address, &page.label);
    transaction
        .prepare_cached(
            "UPDATE pages SET address = ?3, label = ?4, own = ?5, reach = ?6, site = ?7, twin = ?8,
                 refusal = ''
             WHERE collection = ?1 AND place = ?2",
        )?
        .execute(params![
            list.number,
            id,
            page.address,
            page.label,
            page.own.written(),
            reading.reach as i64,
            reading.site,
            reading.twin,
        ])?;
    changed(transaction, list, 0, false)
}

/// Takes pages out of the list; answers with how many, and the number that brings them back.
pub fn hide(
    transaction: &Transaction<'_>,
    list: &Stored,
    places: impl IntoIterator<Item = u32>,
) -> Result<(u32, u32), LibraryError> {
    let batch = list.revision + 1;
    let mut update = transaction.prepare_cached(
        "UPDATE pages SET hidden = ?3 WHERE collection = ?1 AND place = ?2 AND hidden = 0",
    )?;
    let mut removed: u32 = 0;
    for place in places {
        removed += narrow(update.execute(params![list.number, place, batch])? as u64);
    }
    if removed == 0 {
        return Ok((0, 0));
    }
    changed(transaction, list, -i64::from(removed), true)?;
    Ok((removed, narrow(batch.unsigned_abs())))
}

/// Brings back what `batch` took out, or shows what it added.
pub fn show(transaction: &Transaction<'_>, list: &Stored, batch: i64) -> Result<u32, LibraryError> {
    if batch == 0 {
        return Ok(0);
    }
    let shown = transaction.execute(
        "UPDATE pages SET hidden = 0 WHERE collection = ?1 AND hidden = ?2",
        [list.number, batch],
    )?;
    let shown = narrow(shown as u64);
    if list.pages.saturating_add(shown) > MOST_PAGES {
        return Err(LibraryError::TooLarge(TOO_MANY));
    }
    changed(transaction, list, shown.into(), false)?;
    Ok(shown)
}

/// Forgets what an import that was not finished had put aside.
pub fn drop_hidden(
    transaction: &Transaction<'_>,
    number: i64,
    batch: i64,
) -> Result<(), LibraryError> {
    transaction.execute(
        "DELETE FROM pages WHERE collection = ?1 AND hidden = ?2",
        [number, batch],
    )?;
    Ok(())
}

/// Keeps why the service did not take some pages, instead of what it said before.
pub fn refuse(
    transaction: &Transaction<'_>,
    number: i64,
    refusals: &[(u32, String)],
) -> Result<(), LibraryError> {
    transaction.execute(
        "UPDATE pages SET refusal = '' WHERE collection = ?1 AND refusal <> ''",
        [number],
    )?;
    let mut update = transaction
        .prepare_cached("UPDATE pages SET refusal = ?3 WHERE collection = ?1 AND place = ?2")?;
    for (place, words) in refusals {
        update.execute(params![number, place, words])?;
    }
    transaction.execute(
        "UPDATE collections SET revision = revision + 1 WHERE number = ?1",
        [number],
    )?;
    Ok(())
}

pub fn page(
    connection: &Connection,
    list: &Stored,
    judged: &Judged,
    side: &Side,
    query: &PagesQuery,
) -> Result<PagesPage, LibraryError> {
    let found = found(connection, list, judged, &query.find, query.only_problems)?;
    let mut reader = RowReader::new(connection, list, judged, side)?;
    let rows = found
        .iter()
        .skip(query.offset as usize)
        .take(query.limit.min(MOST_ROWS) as usize)
        .map(|index| reader.row(*index))
        .collect::<Result<_, _>>()?;
    Ok(PagesPage {
        rows,
        found: narrow(found.len() as u64),
        all: narrow(judged.rows.len() as u64),
    })
}

/// One row as it is now.
pub fn row(
    connection: &Connection,
    list: &Stored,
    judged: &Judged,
    side: &Side,
    id: u32,
) -> Result<PageRow, LibraryError> {
    let index = judged
        .rows
        .binary_search_by_key(&id, |row| row.place)
        .map_err(|_| LibraryError::Missing(PAGE_NOT_THERE))?;
    RowReader::new(connection, list, judged, side)?.row(index)
}

/// The places that are meant.
pub fn selected(
    connection: &Connection,
    list: &Stored,
    judged: &Judged,
    selection: &PageSelection,
) -> Result<Vec<u32>, LibraryError> {
    if !selection.all {
        return Ok(selection.ids.clone());
    }
    let left: HashSet<u32> = selection.ids.iter().copied().collect();
    let found = found(
        connection,
        list,
        judged,
        &selection.find,
        selection.only_problems,
    )?;
    Ok(found
        .into_iter()
        .map(|index| judged.rows[index].place)
        .filter(|place| !left.contains(place))
        .collect())
}

/// Indices of the rows that are looked for.
fn found(
    connection: &Connection,
    list: &Stored,
    judged: &Judged,
    find: &str,
    only_problems: bool,
) -> Result<Vec<usize>, LibraryError> {
    let wanted = |row: &JudgedRow| !only_problems || row.problem.is_some();
    let find = find.trim();
    let rows = judged.rows.iter().enumerate();
    if find.is_empty() {
        return Ok(rows
            .filter(|(_, row)| wanted(row))
            .map(|(index, _)| index)
            .collect());
    }
    let matching = matching(connection, list, find)?;
    Ok(rows
        .filter(|(_, row)| wanted(row) && matching.contains(&row.place))
        .map(|(index, _)| index)
        .collect())
}

fn matching(
    connection: &Connection,
    list: &Stored,
    find: &str,
) -> Result<HashSet<u32>, LibraryError> {
    let mut pattern = String::from("%");
    for letter in find.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    let mut select = connection.prepare_cached(
        r"SELECT place FROM pages WHERE collection = ?1 AND hidden = 0
          AND (address LIKE ?2 ESCAPE '\' OR label LIKE ?2 ESCAPE '\')",
    )?;
    let places = select.query_map(params![list.number, pattern], |row| row.get(0))?;
    Ok(places.collect::<rusqlite::Result<_>>()?)
}

struct RowReader<'a> {
    select: Statement<'a>,
    list: &'a Stored,
    judged: &'a Judged,
    side: &'a Side,
}

impl<'a> RowReader<'a> {
    fn new(
        connection: &'a Connection,
        list: &'a Stored,
        judged: &'a Judged,
        side: &'a Side,
    ) -> Result<Self, LibraryError> {
        Ok(Self {
            select: connection.prepare(
                "SELECT address, label, own, reach, refusal FROM pages
                 WHERE collection = ?1 AND place = ?2",
            )?,
            list,
            judged,
            side,
        })
    }

    fn row(&mut self, index: usize) -> Result<PageRow, LibraryError> {
        let judged = self.judged.rows[index];
        let key = params![self.list.number, judged.place];
        let (address, label, own, reach, refusal) = self.select.query_row(key, |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, i64>(3)?,
                row.get::<_, String>(4)?,
            ))
        })?;
        let page = Page {
            address: &address,
            label: &label,
            own: &own,
            reach: Reach::from_number(reach),
            twin: &[],
            refused: !refusal.is_empty(),
        };
        let options = &self.list.options;
        let problem = judged
            .problem
            .map(|kind| words(kind, &page, &refusal, judged.twin + 1, options, self.side));
        Ok(PageRow {
            id: judged.place,
            number: narrow(index as u64 + 1),
            own: OwnOptions::read(&own).list(),
            problem,
            address: shown(address),
            label: shown(label),
        })
    }
}

fn changed(
    transaction: &Transaction<'_>,
    list: &Stored,
    more: i64,
    leftovers: bool,
) -> Result<(), LibraryError> {
    transaction
        .prepare_cached(
            "UPDATE collections SET pages = pages + ?2, revision = revision + 1,
                 leftovers = leftovers OR ?3, changed_at = unixepoch()
             WHERE number = ?1",
        )?
        .execute(params![list.number, more, leftovers])?;
    Ok(())
}

fn cell(value: &str) -> String {
    trimmed(value).to_owned()
}

fn shown(text: String) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
