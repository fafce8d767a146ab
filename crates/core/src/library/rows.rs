//! Rows of the database as the window's views.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use scrapingpros::types::{ScrapeRequest, ScrapeResponse};
use serde_json::Value;

use super::LibraryError;
use super::packed::Unpacked;
use crate::results::verdict::{self, Words};
use crate::results::{Part, PartView, ResultSummary, ResultView, SuggestionView, Verdict};
use crate::scrape::{CostView, ScrapeForm, UsualView, changes, form_from_request};

/// Made here for lists; not a [`Part`] that can be saved.
pub const THUMBNAIL: &str = "thumbnail";
pub const NOT_THERE: &str = "This result is not in the library any more.";
const MOST_SUMMARIES: u32 = 500;
/// Older scrapes of a site say little about it today.
const REMEMBERED: u32 = 50;
const BROWSER_CREDITS: u32 = 5;

/// A kept result with everything about it but its bodies.
pub struct Kept {
    pub view: ResultView,
    pub request: Value,
    pub answer: ScrapeResponse,
    pub raw_answer: Value,
    pub stored: Vec<StoredPart>,
}

pub struct StoredPart {
    pub name: String,
    pub view: PartView,
}

/// One body of a result.
#[derive(Debug, Clone)]
pub struct BodyRow {
    pub hash: String,
    pub content_type: String,
}

pub fn part_name(part: Part) -> &'static str {
    match part {
        Part::Page => "page",
        Part::Markdown => "markdown",
        Part::Screenshot => "screenshot",
        Part::Data => "data",
        Part::Network => "network",
        Part::File => "file",
    }
}

pub fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Success => "success",
        Verdict::Blocked => "blocked",
        Verdict::Failed => "failed",
    }
}

/// `unpacked` when the result is in a pack.
pub fn kept(
    connection: &Connection,
    id: &str,
    unpacked: Option<&Unpacked>,
) -> Result<Kept, LibraryError> {
    let mut row = connection
        .query_row("SELECT * FROM results WHERE id = ?1", [id], RawRow::read)
        .optional()?
        .ok_or(LibraryError::Missing(NOT_THERE))?;
    let Some(unpacked) = unpacked else {
        return row.into_kept(parts(connection, id)?);
    };
    row.form.clone_from(&unpacked.form);
    row.request.clone_from(&unpacked.request);
    row.answer.clone_from(&unpacked.answer);
    row.into_kept(unpacked.stored())
}

pub fn body_row(
    connection: &Connection,
    id: &str,
    name: &str,
) -> Result<Option<BodyRow>, LibraryError> {
    let row = connection
        .query_row(
            "SELECT hash, content_type FROM result_parts WHERE result_id = ?1 AND part = ?2",
            [id, name],
            |row| {
                Ok(BodyRow {
                    hash: row.get(0)?,
                    content_type: row.get(1)?,
                })
            },
        )
        .optional()?;
    Ok(row)
}

/// Newest first. Each word of `find` is the start of a word in the title or the address.
pub fn summaries(
    connection: &Connection,
    find: &str,
    limit: u32,
) -> Result<Vec<ResultSummary>, LibraryError> {
    let words = search_words(find);
    if words.is_empty() && !find.trim().is_empty() {
        return Ok(Vec::new());
    }
    let filter = if words.is_empty() {
        "?1 = ''"
    } else {
        "number IN (SELECT rowid FROM results_fts WHERE results_fts MATCH ?1)"
    };
    let mut select = connection.prepare_cached(&format!(
        "SELECT id, title, address, verdict, created_at,
            has_picture OR EXISTS (
                SELECT 1 FROM result_parts WHERE result_id = results.id AND part = '{THUMBNAIL}')
         FROM results WHERE deleted_at IS NULL AND {filter} ORDER BY created_at DESC, number DESC LIMIT ?2"
    ))?;
    let rows = select.query_map(params![words, limit.min(MOST_SUMMARIES)], |row| {
        Ok(ResultSummary {
            id: row.get(0)?,
            title: row.get(1)?,
            address: row.get(2)?,
            verdict: verdict_named(&row.get::<_, String>(3)?),
            created_at: row.get(4)?,
            has_thumbnail: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What a site took before; failures say more about the failure than about the site.
pub fn usual(
    connection: &Connection,
    site: &str,
    browser: bool,
) -> Result<Option<UsualView>, LibraryError> {
    let mut select = connection.prepare_cached(
        "SELECT duration_ms FROM results WHERE site = ?1 AND browser = ?2 AND verdict <> 'failed'
         ORDER BY number DESC LIMIT ?3",
    )?;
    let rows = select.query_map(params![site, browser, REMEMBERED], |row| row.get(0))?;
    let mut times: Vec<u32> = rows.collect::<rusqlite::Result<_>>()?;
    times.sort_unstable();
    let at = |percent: usize| {
        times
            .get((times.len().saturating_sub(1) * percent + 50) / 100)
            .copied()
    };
    let range = at(10).zip(at(90));
    Ok(range.map(|(low_ms, high_ms)| UsualView {
        low_ms,
        high_ms,
        count: narrow(times.len() as u64),
    }))
}

/// Sizes larger than the wire's numbers are shown as the largest.
pub fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn parts(connection: &Connection, id: &str) -> Result<Vec<StoredPart>, LibraryError> {
    let mut select = connection.prepare_cached(
        "SELECT part, size, count, width, height, content_type
         FROM result_parts JOIN bodies USING (hash) WHERE result_id = ?1",
    )?;
    let rows = select.query_map([id], |row| {
        let name: String = row.get(0)?;
        Ok(StoredPart {
            view: PartView {
                part: part_named(&name).unwrap_or(Part::Screenshot),
                size: narrow(row.get::<_, i64>(1)?.unsigned_abs()),
                count: row.get(2)?,
                width: row.get(3)?,
                height: row.get(4)?,
                content_type: row.get(5)?,
            },
            name,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn part_named(name: &str) -> Option<Part> {
    let all = [
        Part::Page,
        Part::Markdown,
        Part::Screenshot,
        Part::Data,
        Part::Network,
        Part::File,
    ];
    all.into_iter().find(|part| part_name(*part) == name)
}

pub fn verdict_named(name: &str) -> Verdict {
    match name {
        "success" => Verdict::Success,
        "blocked" => Verdict::Blocked,
        _ => Verdict::Failed,
    }
}

/// An FTS5 query in which nothing of the person's text is syntax.
fn search_words(find: &str) -> String {
    let word = |word: &str| format!("\"{}\"*", word.replace('"', " "));
    let words = find
        .split(|character: char| !character.is_alphanumeric())
        .filter(|part| !part.is_empty());
    words.take(20).map(word).collect::<Vec<_>>().join(" ")
}

struct RawRow {
    id: String,
    address: String,
    site: String,
    title: String,
    account_name: String,
    local: bool,
    credits: Option<u32>,
    duration_ms: u32,
    created_at: u32,
    form: String,
    request: String,
    answer: String,
    verdict: String,
}

impl RawRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            address: row.get("address")?,
            site: row.get("site")?,
            title: row.get("title")?,
            account_name: row.get("account_name")?,
            local: row.get("local")?,
            credits: row.get("credits")?,
            duration_ms: row.get("duration_ms")?,
            created_at: row.get("created_at")?,
            form: row.get("form")?,
            request: row.get("request")?,
            answer: row.get("answer")?,
            verdict: row.get("verdict")?,
        })
    }

    fn into_kept(self, stored: Vec<StoredPart>) -> Result<Kept, LibraryError> {
        let form: ScrapeForm = serde_json::from_str(&self.form)?;
        let request: Value = serde_json::from_str(&self.request)?;
        let raw_answer: Value = serde_json::from_str(&self.answer)?;
        let answer: ScrapeResponse = serde_json::from_value(raw_answer.clone())?;
        let mut guidance = answer.guidance_or_synthesised(self.credits);
        // Without its bodies the answer can't be judged again.
        guidance.success = self.verdict == verdict_name(Verdict::Success);
        let Words {
            headline,
            mut explanation,
            ..
        } = verdict::words(&answer, &guidance);
        let parts = part_views(&stored);
        if form.screenshot
            && guidance.success
            && !parts.iter().any(|part| part.part == Part::Screenshot)
        {
            explanation = "No picture of the page came back.".into();
        }
        let refunded = guidance.credits_refunded == Some(true) && !guidance.success;
        let view = ResultView {
            id: self.id,
            address: self.address,
            site: self.site,
            title: self.title,
            verdict: verdict_named(&self.verdict),
            headline,
            explanation,
            error_type: guidance
                .error_type
                .filter(|_| !guidance.success)
                .unwrap_or_default(),
            error_provider: guidance.error_provider.unwrap_or_default(),
            status: answer
                .status_code
                .and_then(|status| u32::try_from(status).ok())
                .unwrap_or_default(),
            message: answer.message.clone().unwrap_or_default(),
            account_name: self.account_name,
            local: self.local,
            credits: guidance.credits_charged.or(self.credits),
            refunded,
            duration_ms: self.duration_ms,
            size: main_size(&parts),
            created_at: self.created_at,
            suggestion: guidance
                .suggested_request
                .and_then(|request| suggestion(&request, &form, self.local)),
            form,
            parts,
            next_steps: guidance.next_steps,
            stop_reason: guidance.stop_reason.unwrap_or_default(),
        };
        Ok(Kept {
            view,
            request,
            answer,
            raw_answer,
            stored,
        })
    }
}

/// In the order of the tabs; Markdown is offered wherever there is a page to make it from.
fn part_views(stored: &[StoredPart]) -> Vec<PartView> {
    let mut views: Vec<PartView> = stored
        .iter()
        .filter(|part| part.name != THUMBNAIL)
        .map(|part| part.view.clone())
        .collect();
    let has = |part: Part, views: &[PartView]| views.iter().any(|view| view.part == part);
    if has(Part::Page, &views) && !has(Part::Markdown, &views) {
        views.push(PartView {
            part: Part::Markdown,
            size: 0,
            count: 0,
            width: 0,
            height: 0,
            content_type: "text/markdown".into(),
        });
    }
    views.sort_by_key(|view| view.part as u8);
    views
}

fn main_size(parts: &[PartView]) -> u32 {
    let size = |wanted: Part| {
        parts
            .iter()
            .find(|part| part.part == wanted)
            .map(|part| part.size)
    };
    let first = [Part::File, Part::Page, Part::Markdown, Part::Screenshot]
        .into_iter()
        .find_map(size);
    first.unwrap_or_default()
}

/// None when it would send the same again.
fn suggestion(request: &ScrapeRequest, form: &ScrapeForm, local: bool) -> Option<SuggestionView> {
    let suggested = form_from_request(request, form);
    let changes = changes(form, &suggested);
    let price = if suggested.browser {
        BROWSER_CREDITS
    } else {
        1
    };
    (!changes.is_empty()).then_some(SuggestionView {
        form: suggested,
        changes,
        cost: CostView {
            credits: if local { 0 } else { price },
            free: local,
        },
    })
}
