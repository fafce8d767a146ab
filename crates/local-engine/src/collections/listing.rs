//! One page of the jobs listing: read by an index that already has the asked order, so that a page
//! costs the same wherever it is and however long the run. Stored results go into the answer as they
//! are, without being parsed.

use axum::body::Bytes;
use futures::{Stream, stream};
use rusqlite::{Connection, Row, params_from_iter};
use serde::Serialize;

use super::cursor::{Cursor, Position};
use super::jobs::{Direction, JobQuery, Order, Statuses};
use super::results::{self, Packed, RESULT_KEPT_MS, Unpacker};
use super::{Collections, Refusal, moment, runs};

/// The one client of one computer.
const CLIENT: &str = "local";
/// Larger results are not inlined.
const MOST_INLINE: usize = 256 * 1024;
const MOST_URL: usize = 2048;
/// How much of an answer is made at once.
const PIECE: usize = 128 * 1024;

const COLUMNS: &str = "id, public_id, status, status_code, is_success, message, url, custom_id, queued_at, \
     started_at, completed_at, execution_time_ms, retries_attempted, block_reason, protection_stack, \
     rule_hits, has_extractable_data";

/// A page, ready to be written out.
pub struct JobPage {
    rows: Vec<PageRow>,
    cursor_next: Option<String>,
}

struct PageRow {
    /// JSON object of the row, still without `result`.
    json: Vec<u8>,
    result: Option<Packed>,
}

/// Contract §3.5, without `result`.
#[derive(Serialize)]
struct JobPublic<'a> {
    job_public_id: &'a str,
    run_public_id: &'a str,
    collection_id: &'a str,
    client_id: &'static str,
    status: &'a str,
    status_code: Option<i64>,
    is_success: Option<bool>,
    message: Option<&'a str>,
    url: &'a str,
    url_truncated: bool,
    custom_id: Option<&'a str>,
    queued_at: Option<String>,
    started_at: Option<String>,
    completed_at: Option<String>,
    execution_time_ms: Option<i64>,
    retries_attempted: Option<i64>,
    block_reason: Option<&'a str>,
    protection_stack: Vec<String>,
    rule_hits: Vec<String>,
    validator_version: &'static str,
    has_extractable_data: Option<bool>,
}

/// Whose jobs are listed.
struct Owner {
    run: i64,
    run_id: String,
    collection_id: String,
}

impl Collections {
    pub async fn jobs(
        &self,
        collection_id: String,
        run_id: String,
        query: JobQuery,
    ) -> Result<JobPage, Refusal> {
        self.database
            .read(move |connection| {
                let run = match runs::find_run(connection, &collection_id, &run_id)? {
                    Ok(run) => run,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                let position = match position(run, &query) {
                    Ok(position) => position,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                let owner = Owner {
                    run,
                    run_id,
                    collection_id,
                };
                page(connection, &owner, &query, position).map(Ok)
            })
            .await?
    }
}

impl JobPage {
    /// The answer in pieces, results unpacked as they are sent. The cursor comes first: a caller can
    /// ask for the next page while this one arrives.
    pub fn into_stream(self) -> impl Stream<Item = std::io::Result<Bytes>> {
        let head = serde_json::json!({
            "has_more": self.cursor_next.is_some(),
            "cursor_next": self.cursor_next,
        })
        .to_string();
        let mut text = head.into_bytes();
        // The object goes on.
        text.pop();
        text.extend_from_slice(br#","items":["#);
        let writer = Writer {
            rows: self.rows.into_iter(),
            unpacker: None,
            text,
            first: true,
        };
        stream::try_unfold(Some(writer), async |writer| {
            let Some(mut writer) = writer else {
                return Ok(None);
            };
            let more = writer.fill()?;
            let piece = Bytes::from(std::mem::take(&mut writer.text));
            Ok(Some((piece, more.then_some(writer))))
        })
    }
}

struct Writer {
    rows: std::vec::IntoIter<PageRow>,
    unpacker: Option<Unpacker>,
    text: Vec<u8>,
    first: bool,
}

impl Writer {
    /// False: the text is at its end.
    fn fill(&mut self) -> std::io::Result<bool> {
        self.text.reserve(PIECE);
        while self.text.len() < PIECE {
            let Some(row) = self.rows.next() else {
                self.text.extend_from_slice(b"]}");
                return Ok(false);
            };
            if !std::mem::take(&mut self.first) {
                self.text.push(b',');
            }
            self.text.extend_from_slice(&row.json);
            self.text.pop();
            self.text.extend_from_slice(br#","result":"#);
            let unpacked = match &row.result {
                None => false,
                Some(packed) => {
                    let mut unpacker = match self.unpacker.take() {
                        Some(unpacker) => unpacker,
                        None => Unpacker::new()?,
                    };
                    let unpacked = unpacker.append(packed, &mut self.text);
                    self.unpacker = Some(unpacker);
                    unpacked
                }
            };
            self.text
                .extend_from_slice(if unpacked { b"}" } else { b"null}" });
        }
        Ok(true)
    }
}

/// Where to go on, None at the start.
fn position(run: i64, query: &JobQuery) -> Result<Option<Position>, Refusal> {
    let Some(text) = &query.cursor else {
        return Ok(None);
    };
    let cursor = Cursor::read(text)
        .ok_or_else(|| Refusal::Query("cursor is malformed; start a new pagination".into()))?;
    match cursor.mismatch(run, query) {
        Some(words) => Err(Refusal::Query(words)),
        None => Ok(Some(cursor.position)),
    }
}

fn page(
    connection: &Connection,
    owner: &Owner,
    query: &JobQuery,
    position: Option<Position>,
) -> rusqlite::Result<JobPage> {
    let Some(select) = Select::new(owner.run, query, position) else {
        return Ok(JobPage {
            rows: Vec::new(),
            cursor_next: None,
        });
    };
    let readable_from = moment::now_ms() - RESULT_KEPT_MS;
    let mut statement = connection.prepare_cached(&select.sql)?;
    let mut found = statement.query(params_from_iter(&select.values))?;
    let mut rows = Vec::with_capacity(query.limit);
    let mut last = None;
    while let Some(row) = found.next()? {
        if rows.len() == query.limit {
            let cursor = last.map(|position| Cursor {
                run: owner.run,
                order: query.order,
                direction: query.direction,
                statuses: query.statuses,
                position,
            });
            return Ok(JobPage {
                rows,
                cursor_next: cursor.map(|cursor| cursor.write()),
            });
        }
        let id: i64 = row.get(0)?;
        let completed_at: Option<i64> = row.get(10)?;
        let readable = query.include_results
            && row.get_ref(2)?.as_str()? == "completed"
            && completed_at.is_some_and(|completed_at| completed_at >= readable_from);
        rows.push(PageRow {
            json: public(row, owner)?,
            result: if readable {
                results::packed_within(connection, id, MOST_INLINE)?
            } else {
                None
            },
        });
        last = Some(Position {
            completed_at: match query.order {
                Order::Id => 0,
                Order::CompletedAt => completed_at.unwrap_or_default(),
            },
            id,
        });
    }
    Ok(JobPage {
        rows,
        cursor_next: None,
    })
}

fn public(row: &Row<'_>, owner: &Owner) -> rusqlite::Result<Vec<u8>> {
    let time = |index| -> rusqlite::Result<Option<String>> {
        Ok(row.get::<_, Option<i64>>(index)?.map(moment::iso))
    };
    let words = |index| -> rusqlite::Result<Vec<String>> {
        let list = row.get_ref(index)?.as_str_or_null()?.unwrap_or_default();
        Ok(serde_json::from_str(list).unwrap_or_default())
    };
    let whole = row.get_ref(6)?.as_str()?;
    let url = whole
        .char_indices()
        .nth(MOST_URL)
        .map_or(whole, |(end, _)| &whole[..end]);
    let status = row.get_ref(2)?.as_str()?;
    let job = JobPublic {
        job_public_id: row.get_ref(1)?.as_str()?,
        run_public_id: &owner.run_id,
        collection_id: &owner.collection_id,
        client_id: CLIENT,
        status: if status == "queued" {
            "processing"
        } else {
            status
        },
        status_code: row.get(3)?,
        is_success: row.get(4)?,
        message: row.get_ref(5)?.as_str_or_null()?,
        url,
        url_truncated: url.len() < whole.len(),
        custom_id: row.get_ref(7)?.as_str_or_null()?,
        queued_at: time(8)?,
        started_at: time(9)?,
        completed_at: time(10)?,
        execution_time_ms: row.get(11)?,
        retries_attempted: row.get(12)?,
        block_reason: row.get_ref(13)?.as_str_or_null()?,
        protection_stack: words(14)?,
        rule_hits: words(15)?,
        validator_version: env!("CARGO_PKG_VERSION"),
        has_extractable_data: row.get(16)?,
    };
    // Texts and numbers can always be written.
    Ok(serde_json::to_vec(&job).unwrap_or_default())
}

/// The statement for a page and its values.
struct Select {
    sql: String,
    values: Vec<i64>,
}

impl Select {
    /// None: nothing can match. One arm for each status, merged by SQLite in the order they share.
    fn new(run: i64, query: &JobQuery, position: Option<Position>) -> Option<Self> {
        let by_end = query.order == Order::CompletedAt;
        let possible = if by_end {
            Statuses::ENDED
        } else {
            Statuses::ALL
        };
        let statuses = query.statuses.and(possible)?;
        let (comes_after, word) = match query.direction {
            Direction::Asc => (">", "ASC"),
            Direction::Desc => ("<", "DESC"),
        };
        // Two arms for the order by end: SQLite would look through all that ended in the same
        // millisecond if asked for both columns at once.
        let (places, order) = if by_end {
            let same = format!("completed_at = ?2 AND id {comes_after} ?3");
            let beyond = format!("completed_at {comes_after} ?2");
            (
                vec![same, beyond],
                format!("completed_at {word}, id {word}"),
            )
        } else {
            // The second parameter has no part in this order.
            (vec![format!("id {comes_after} ?3")], format!("id {word}"))
        };
        let since = query.since.map_or("", |_| " AND completed_at > ?5");
        let index = match (statuses == possible, by_end) {
            (true, false) => "jobs_of_run",
            (true, true) => "jobs_of_run_by_end",
            (false, false) => "jobs_of_run_by_status",
            (false, true) => "jobs_of_run_by_status_and_end",
        };
        let filters: Vec<String> = if statuses == possible {
            vec![String::new()]
        } else {
            let filter = |status| format!(" AND status = '{status}'");
            statuses.stored().map(filter).collect()
        };
        let arms: Vec<String> = filters
            .iter()
            .flat_map(|filter| places.iter().map(move |place| (filter, place)))
            .map(|(filter, place)| {
                format!("SELECT {COLUMNS} FROM jobs INDEXED BY {index} WHERE run = ?1{filter} AND {place}{since}")
            })
            .collect();
        let sql = format!("{} ORDER BY {order} LIMIT ?4", arms.join(" UNION ALL "));
        let Position { completed_at, id } = start(query, position);
        let one_more = i64::try_from(query.limit + 1).unwrap_or(i64::MAX);
        let values = [run, completed_at, id, one_more]
            .into_iter()
            .chain(query.since)
            .collect();
        Some(Self { sql, values })
    }
}

/// The place before the first row that is wanted. Ascending by end, a time to start from is a place;
/// so that nothing before it is looked at.
fn start(query: &JobQuery, position: Option<Position>) -> Position {
    let at = |edge| Position {
        completed_at: edge,
        id: edge,
    };
    match query.direction {
        Direction::Desc => position.unwrap_or(at(i64::MAX)),
        Direction::Asc => {
            let position = position.unwrap_or(at(i64::MIN));
            match query.since {
                Some(since)
                    if query.order == Order::CompletedAt && position.completed_at <= since =>
                {
                    Position {
                        completed_at: since,
                        id: i64::MAX,
                    }
                }
                Some(_) | None => position,
            }
        }
    }
}

#[cfg(test)]
mod tests;
