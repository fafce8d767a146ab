//! The list: what is filtered is kept in its order while somebody types and scrolls, so that a letter
//! more costs one look at the words and a page costs its rows.

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params, params_from_iter};

use super::reading::Kinds;
use super::view::*;
use super::words;
use crate::library::rows::{verdict_name, verdict_named};
use crate::library::{LastUsed, LibraryError, narrow};

const MOST_ROWS: u32 = 500;
const MOST_SITES: u32 = 200;

/// Lists that were just asked for.
pub struct Lists {
    filtered: LastUsed<(i64, LibraryQuery), Filtered>,
    found: LastUsed<(i64, LibraryQuery), Found>,
}

/// All kinds, in order.
struct Filtered(Vec<(u32, Kinds)>);

/// Of one kind, in order, with the numbers of each kind.
struct Found {
    numbers: Vec<u32>,
    all: u32,
    data: u32,
    screenshots: u32,
    files: u32,
    newer: u32,
}

impl Lists {
    pub fn new() -> Self {
        Self {
            filtered: LastUsed::new(2),
            found: LastUsed::new(2),
        }
    }

    /// `connection` must be one that others write beside: a change is seen by its version.
    pub fn page(
        &self,
        connection: &Connection,
        query: &LibraryQuery,
    ) -> Result<LibraryPage, LibraryError> {
        let version: i64 = connection.query_row("PRAGMA data_version", [], |row| row.get(0))?;
        let newest: u32 =
            connection.query_row("SELECT coalesce(max(number), 0) FROM results", [], |row| {
                row.get(0)
            })?;
        let until = if query.until == 0 {
            newest
        } else {
            query.until
        };
        let asked = LibraryQuery {
            until,
            offset: 0,
            limit: 0,
            ..query.clone()
        };
        let plain = LibraryQuery {
            find: String::new(),
            kind: LibraryKind::All,
            until: 0,
            ..asked.clone()
        };
        let found = self.found.get((version, asked.clone()), || {
            let filtered = self
                .filtered
                .get((version, plain.clone()), || filtered(connection, &plain))?;
            find(connection, &asked, &filtered)
        })?;
        let wanted = found
            .numbers
            .iter()
            .skip(query.offset as usize)
            .take(query.limit.min(MOST_ROWS) as usize);
        let rows = wanted.filter_map(|number| row(connection, *number).transpose());
        Ok(LibraryPage {
            rows: rows.collect::<Result<_, _>>()?,
            found: narrow(found.numbers.len() as u64),
            all: found.all,
            data: found.data,
            screenshots: found.screenshots,
            files: found.files,
            until,
            newer: found.newer,
            unread: connection.query_row(
                "SELECT count(*) FROM results INDEXED BY results_to_read WHERE indexed = 0",
                [],
                |row| row.get(0),
            )?,
        })
    }
}

fn filtered(connection: &Connection, query: &LibraryQuery) -> Result<Filtered, LibraryError> {
    let mut conditions = vec!["deleted_at IS NULL"];
    let mut values: Vec<Sql> = Vec::new();
    for (condition, value) in [
        ("account_id = ?", &query.account_id),
        ("site = ?", &query.site),
        ("collection_id = ?", &query.collection_id),
        (
            "number IN (SELECT result FROM result_tags WHERE tag = ?)",
            &query.tag,
        ),
    ] {
        if !value.is_empty() {
            conditions.push(condition);
            values.push(value.clone().into());
        }
    }
    if let Some(verdict) = query.verdict {
        conditions.push("verdict = ?");
        values.push(verdict_name(verdict).to_owned().into());
    }
    if query.since > 0 {
        conditions.push("created_at >= ?");
        values.push(i64::from(query.since).into());
    }
    if query.before > 0 {
        conditions.push("created_at < ?");
        values.push(i64::from(query.before).into());
    }
    let index = match query.sort {
        // The planner would go through the websites and look at every row.
        LibrarySort::Website => "INDEXED BY results_listed",
        LibrarySort::Newest | LibrarySort::Oldest | LibrarySort::Title => "",
    };
    let order = match query.sort {
        LibrarySort::Newest => "created_at DESC, number DESC",
        LibrarySort::Oldest => "created_at, number",
        LibrarySort::Title => "title COLLATE NOCASE, number",
        LibrarySort::Website => "site, created_at DESC, number DESC",
    };
    let mut select = connection.prepare_cached(&format!(
        "SELECT number, kinds FROM results {index} WHERE {} ORDER BY {order}",
        conditions.join(" AND ")
    ))?;
    let rows = select.query_map(params_from_iter(values), |row| {
        Ok((row.get(0)?, Kinds(row.get(1)?)))
    })?;
    Ok(Filtered(rows.collect::<rusqlite::Result<_>>()?))
}

fn find(
    connection: &Connection,
    query: &LibraryQuery,
    filtered: &Filtered,
) -> Result<Found, LibraryError> {
    let matching = matching(connection, &query.find)?;
    let mut found = Found {
        numbers: Vec::new(),
        all: 0,
        data: 0,
        screenshots: 0,
        files: 0,
        newer: 0,
    };
    for (number, kinds) in &filtered.0 {
        if matching.as_ref().is_some_and(|set| !set.has(*number)) {
            continue;
        }
        let [data, screenshot, file] =
            [Kinds::DATA, Kinds::SCREENSHOT, Kinds::FILE].map(|kind| kinds.has(kind));
        let shown = match query.kind {
            LibraryKind::All => true,
            LibraryKind::Data => data,
            LibraryKind::Screenshots => screenshot,
            LibraryKind::Files => file,
        };
        if *number > query.until {
            found.newer += u32::from(shown);
            continue;
        }
        found.all += 1;
        found.data += u32::from(data);
        found.screenshots += u32::from(screenshot);
        found.files += u32::from(file);
        if shown {
            found.numbers.push(*number);
        }
    }
    Ok(found)
}

/// One bit for each result.
#[derive(Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn add(&mut self, number: u32) {
        let (place, bit) = (number as usize / 64, number % 64);
        if self.0.len() <= place {
            self.0.resize(place + 1, 0);
        }
        self.0[place] |= 1 << bit;
    }

    fn has(&self, number: u32) -> bool {
        let word = self
            .0
            .get(number as usize / 64)
            .copied()
            .unwrap_or_default();
        word >> (number % 64) & 1 == 1
    }
}

/// Those that have all words; none when nothing was typed.
fn matching(connection: &Connection, find: &str) -> Result<Option<Bits>, LibraryError> {
    if find.trim().is_empty() {
        return Ok(None);
    }
    let mut bits = Bits::default();
    // Signs alone are in no result.
    let Some(query) = words::query(find) else {
        return Ok(Some(bits));
    };
    let mut select =
        connection.prepare_cached("SELECT rowid FROM result_words WHERE result_words MATCH ?1")?;
    let mut rows = select.query([query])?;
    while let Some(row) = rows.next()? {
        bits.add(row.get(0)?);
    }
    Ok(Some(bits))
}

fn row(connection: &Connection, number: u32) -> Result<Option<LibraryRow>, LibraryError> {
    let mut select = connection.prepare_cached(
        "SELECT id, title, address, site, verdict, created_at, kinds, file_type, data_rows, data_fields, size
         FROM results WHERE number = ?1",
    )?;
    let mut rows = select.query([number])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let kinds = Kinds(row.get(6)?);
    Ok(Some(LibraryRow {
        id: row.get(0)?,
        title: row.get(1)?,
        address: row.get(2)?,
        site: row.get(3)?,
        verdict: verdict_named(row.get_ref(4)?.as_str().unwrap_or_default()),
        created_at: row.get(5)?,
        has_thumbnail: kinds.has(Kinds::THUMBNAIL),
        has_page: kinds.has(Kinds::PAGE),
        has_screenshot: kinds.has(Kinds::SCREENSHOT),
        has_markdown: kinds.has(Kinds::MARKDOWN),
        file_type: row.get(7)?,
        data_rows: row.get(8)?,
        data_fields: row.get(9)?,
        size: narrow(row.get::<_, i64>(10)?.unsigned_abs()),
        tags: tags(connection, number)?,
    }))
}

pub fn tags(connection: &Connection, number: u32) -> Result<Vec<String>, LibraryError> {
    let mut select =
        connection.prepare_cached("SELECT tag FROM result_tags WHERE result = ?1 ORDER BY tag")?;
    let rows = select.query_map([number], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn filters(connection: &Connection) -> Result<LibraryFilters, LibraryError> {
    let choices = |sql: &str| -> Result<Vec<FilterChoice>, LibraryError> {
        let mut select = connection.prepare_cached(sql)?;
        let rows = select.query_map([], |row| {
            Ok(FilterChoice {
                id: row.get(0)?,
                name: row.get(1)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    let texts = |sql: &str, most: u32| -> Result<Vec<String>, LibraryError> {
        let mut select = connection.prepare_cached(sql)?;
        let rows = select.query_map(params![most], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    let mut sites = texts(
        "SELECT site FROM results INDEXED BY results_listed WHERE deleted_at IS NULL AND site <> ''
         GROUP BY site ORDER BY count(*) DESC LIMIT ?1",
        MOST_SITES,
    )?;
    sites.sort_unstable();
    Ok(LibraryFilters {
        accounts: choices(
            "SELECT known.account_id, account_name FROM results JOIN
                 (SELECT account_id, max(number) AS last FROM results WHERE deleted_at IS NULL GROUP BY account_id) known
                 ON number = last
             ORDER BY account_name",
        )?,
        sites,
        collections: choices(
            // The name of its last run.
            "SELECT collection_id, collection_name, max(number) FROM runs WHERE collection_id <> ''
             GROUP BY collection_id ORDER BY collection_name",
        )?,
        tags: texts("SELECT DISTINCT tag FROM result_tags ORDER BY tag LIMIT ?1", MOST_ROWS)?,
        total: connection.query_row(
            "SELECT count(*) FROM results WHERE deleted_at IS NULL",
            [],
            |row| row.get(0),
        )?,
    })
}
