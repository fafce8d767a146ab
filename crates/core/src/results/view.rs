//! A kept result as the window shows it: words, numbers and ids, never a body.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::scrape::{CostView, ScrapeForm};

/// One result.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ResultView {
    pub id: String,
    pub address: String,
    /// Site without scheme and `www.`.
    pub site: String,
    /// The page's own title, or its address.
    pub title: String,
    pub verdict: Verdict,
    /// One sentence: "The site showed a captcha."
    pub headline: String,
    /// What it means and what to do; may be empty.
    pub explanation: String,
    /// Open set from the service (`captcha`, `blocked`, …); empty on success.
    pub error_type: String,
    pub error_provider: String,
    /// The page's HTTP status; 0 when there was none.
    pub status: u32,
    /// The service's own words, for the details.
    pub message: String,
    pub account_name: String,
    /// True when the local engine did it.
    pub local: bool,
    /// What was charged; none when the service did not say.
    pub credits: Option<u32>,
    pub refunded: bool,
    pub duration_ms: u32,
    /// Size of the page or file, bytes.
    pub size: u32,
    /// Unix seconds.
    pub created_at: u32,
    /// The request as it was filled in.
    pub form: ScrapeForm,
    pub parts: Vec<PartView>,
    pub next_steps: Vec<String>,
    pub suggestion: Option<SuggestionView>,
    /// Not empty: trying again will not help, and why.
    pub stop_reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Usable content.
    Success,
    /// The site refused: captcha, block, login wall.
    Blocked,
    /// No page: timeout, no such site, worker failure…
    Failed,
}

/// A part that can be shown and saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct PartView {
    pub part: Part,
    /// Bytes; 0 when made on demand.
    pub size: u32,
    /// Rows of data, calls of network; 0 elsewhere.
    pub count: u32,
    /// Pixels; 0 but for pictures.
    pub width: u32,
    pub height: u32,
    /// MIME type.
    pub content_type: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// HTML of the page.
    Page,
    /// Markdown, from the service or made here from the page.
    Markdown,
    /// Full-page PNG.
    Screenshot,
    /// The extracted fields.
    Data,
    /// What the page loaded.
    Network,
    /// A PDF, picture, archive… that stood at the address.
    File,
}

/// The service's own suggestion, ready to run.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct SuggestionView {
    pub form: ScrapeForm,
    pub changes: Vec<ChangeView>,
    pub cost: CostView,
}

/// "Render in a real browser: Off → On".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ChangeView {
    pub title: String,
    pub explanation: String,
    pub from: String,
    pub to: String,
}

/// A line in lists of results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ResultSummary {
    pub id: String,
    pub title: String,
    pub address: String,
    pub verdict: Verdict,
    /// Unix seconds.
    pub created_at: u32,
    pub has_thumbnail: bool,
}

/// Which rows of the extracted table.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct DataQuery {
    pub result_id: String,
    pub offset: u32,
    pub limit: u32,
    /// Only rows that contain this; empty for all.
    pub find: String,
    /// Column name; empty keeps the page's order.
    pub sort: String,
    pub descending: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct DataPage {
    pub columns: Vec<String>,
    pub rows: Vec<DataRow>,
    /// Rows that match `find`.
    pub matching: u32,
    pub total: u32,
    /// Values that are missing in the whole table.
    pub empty_values: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct DataRow {
    /// From 1, in the page's order.
    pub number: u32,
    /// One per column; none where the page had nothing.
    pub cells: Vec<Option<String>>,
}

/// Which lines of a text.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct TextQuery {
    pub result_id: String,
    /// `page` or `markdown`.
    pub part: Part,
    /// Display line to start at, from 0.
    pub offset: u32,
    pub limit: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct TextPage {
    pub lines: Vec<TextLine>,
    /// Display lines in all.
    pub total: u32,
    /// Longest display line, characters.
    pub widest: u32,
}

/// A display line: a source line, or a piece of one that is too long to draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct TextLine {
    /// Source line, from 1; 0 when it continues the line above.
    pub number: u32,
    pub spans: Vec<TextSpan>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct TextSpan {
    pub kind: SpanKind,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SpanKind {
    Text,
    Tag,
    Attribute,
    Value,
    Comment,
}

#[derive(Debug, Clone, Deserialize, Type)]
pub struct TextSearch {
    pub result_id: String,
    pub part: Part,
    pub query: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct TextHits {
    /// The first 10,000, in order.
    pub hits: Vec<TextHit>,
    pub total: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct TextHit {
    /// Display line, from 0.
    pub line: u32,
    /// Characters (UTF-16 units, as the window counts) from the line's start.
    pub start: u32,
    pub length: u32,
}

#[derive(Debug, Clone, Deserialize, Type)]
pub struct NetworkQuery {
    pub result_id: String,
    pub offset: u32,
    pub limit: u32,
    /// Only addresses that contain this.
    pub find: String,
    pub kind: NetworkFilter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum NetworkFilter {
    All,
    /// xhr, fetch, websocket, eventsource.
    Data,
    Images,
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct NetworkPage {
    pub rows: Vec<NetworkRow>,
    pub matching: u32,
    pub all: u32,
    pub data: u32,
    pub images: u32,
    pub other: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct NetworkRow {
    /// Place in the whole list, for [`NetworkBody`].
    pub index: u32,
    pub address: String,
    pub method: String,
    /// "Page", "Data", "Image", "Style", "Script", "Font", "Media", "Other".
    pub kind: String,
    /// "OK", "Not found", "Skipped", …
    pub answer: String,
    pub failed: bool,
    pub status: u32,
    pub content_type: String,
    /// Bytes of the kept body; 0 when none was kept.
    pub body_size: u32,
}

/// One kept body, at most 64 KB.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct NetworkBody {
    pub text: String,
    pub content_type: String,
    pub truncated: bool,
    /// True when it was not text; `text` is then a description.
    pub binary: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct DetailsView {
    pub facts: Vec<Fact>,
    /// Where the time went, in the service's order.
    pub timings: Vec<Timing>,
    /// Values of script steps, in order, as JSON.
    pub script_values: Vec<String>,
    /// Request and answer as JSON, bodies left out.
    pub technical: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Fact {
    pub label: String,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Timing {
    pub label: String,
    pub ms: u32,
}

/// What to save.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SaveKind {
    Page,
    Markdown,
    Screenshot,
    File,
    DataCsv,
    DataJson,
    NetworkJson,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct SavedView {
    pub path: String,
    pub name: String,
    pub folder: String,
    /// Bytes.
    pub size: u32,
}
