//! A page of the run as a row of a table, or as an object.
//!
//! One row a page. A field with several values fills one cell, a line each; in JSON it stays the list it
//! is. What `collect` steps took is a field like the others.

use jiff::civil::DateTime;
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::ExportForm;
use super::pages::{Fields, Page};
use crate::results::data::cell;
use crate::runs::JobOutcome;

/// A spreadsheet has 16,384 columns; so many fields make a table that nobody reads.
const MOST_FIELDS: usize = 500;
const OTHERS: &str = "Other fields";

/// A page, and what its result holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub page: Page,
    pub fields: Map<String, Value>,
    pub files: Vec<File>,
    /// Its result can't be read any more.
    pub lost: bool,
}

/// A file of the archive or the folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub kind: FileKind,
    pub path: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileKind {
    Page,
    Markdown,
    Screenshot,
    File,
}

/// All kinds, in the order of their columns.
pub const FILE_KINDS: [FileKind; 4] = [
    FileKind::Page,
    FileKind::Markdown,
    FileKind::Screenshot,
    FileKind::File,
];

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Number(f64),
    /// Unix seconds.
    Time(u32),
}

impl Cell {
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Time(seconds) => local_time(*seconds)
                .map(|moment| moment.strftime("%Y-%m-%d %H:%M:%S").to_string())
                .unwrap_or_default(),
        }
    }
}

/// Which columns the export has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    label_and_address: bool,
    fields: Vec<String>,
    others: bool,
    reasons: bool,
    files: bool,
}

impl Columns {
    /// `fields`: of the forms, then whatever else the results have.
    pub fn new(form: &ExportForm, reasons: bool, files: bool, fields: Fields) -> Self {
        let mut fields = if form.fields {
            fields.names
        } else {
            Vec::new()
        };
        let others = fields.len() > MOST_FIELDS;
        fields.truncate(MOST_FIELDS);
        Self {
            label_and_address: form.label_and_address,
            fields,
            others,
            reasons,
            files,
        }
    }

    pub fn headings(&self) -> Vec<&str> {
        let mut headings = Vec::new();
        if self.label_and_address {
            headings.extend(["Label", "Address"]);
        }
        headings.extend(self.fields.iter().map(String::as_str));
        if self.others {
            headings.push(OTHERS);
        }
        if self.reasons {
            headings.extend(["Result", "Reason"]);
        }
        headings.extend(["Seconds", "Credits", "Ended"]);
        if self.files {
            headings.extend(FILE_KINDS.map(FileKind::heading));
        }
        headings
    }

    pub fn cells(&self, record: &Record) -> Vec<Cell> {
        let job = &record.page.job;
        let mut cells = Vec::new();
        if self.label_and_address {
            cells.extend([text(&job.label), text(&job.address)]);
        }
        let fields = self.fields.iter();
        cells.extend(fields.map(|name| record.fields.get(name).map_or(Cell::Empty, value)));
        if self.others {
            cells.push(self.other_fields(record));
        }
        if self.reasons {
            cells.extend([text(outcome_words(job.outcome)), text(reason(record))]);
        }
        cells.push(job.duration_ms.map_or(Cell::Empty, seconds));
        cells.push(
            job.credits
                .map_or(Cell::Empty, |credits| Cell::Number(credits.into())),
        );
        cells.push(job.ended_at.map_or(Cell::Empty, Cell::Time));
        if self.files {
            cells.extend(FILE_KINDS.map(|kind| text(record.path(kind).unwrap_or_default())));
        }
        cells
    }

    /// The values as they came, and codes that never change their words.
    pub fn object(&self, record: &Record) -> Value {
        let job = &record.page.job;
        let mut object = Map::new();
        let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
        if self.label_and_address {
            put("label", json!(job.label));
            put("address", json!(job.address));
        }
        if !self.fields.is_empty() {
            put("fields", json!(record.fields));
        }
        put("result", json!(outcome_code(job.outcome)));
        if self.reasons {
            put("reason", json!(reason(record)));
        }
        put(
            "seconds",
            json!(job.duration_ms.map(|ms| f64::from(ms) / 1000.0)),
        );
        put("credits", json!(job.credits));
        put("ended", json!(job.ended_at.map(universal_time)));
        if self.files {
            let files = FILE_KINDS
                .into_iter()
                .filter_map(|kind| Some((kind.name().to_owned(), json!(record.path(kind)?))));
            put("files", Value::Object(files.collect()));
        }
        Value::Object(object)
    }

    fn other_fields(&self, record: &Record) -> Cell {
        let others: Map<String, Value> = record
            .fields
            .iter()
            .filter(|(name, _)| !self.fields.contains(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        if others.is_empty() {
            return Cell::Empty;
        }
        Cell::Text(Value::Object(others).to_string())
    }
}

impl Record {
    fn path(&self, kind: FileKind) -> Option<&str> {
        let file = self.files.iter().find(|file| file.kind == kind)?;
        Some(&file.path)
    }
}

impl FileKind {
    /// Of the part in the library, and of the field in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Markdown => "markdown",
            Self::Screenshot => "screenshot",
            Self::File => "file",
        }
    }

    pub fn folder(self) -> &'static str {
        match self {
            Self::Page => "pages",
            Self::Markdown => "markdown",
            Self::Screenshot => "screenshots",
            Self::File => "files",
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::Page => "Page",
            Self::Markdown => "Markdown",
            Self::Screenshot => "Screenshot",
            Self::File => "File",
        }
    }
}

/// By the person's own clock.
pub fn local_time(seconds: u32) -> Option<DateTime> {
    let moment = Timestamp::from_second(i64::from(seconds)).ok()?;
    Some(moment.to_zoned_datetime(TimeZone::system()).datetime())
}

/// Such as `2026-05-03T12:00:00Z`.
fn universal_time(seconds: u32) -> String {
    Timestamp::from_second(i64::from(seconds))
        .map(|moment| moment.to_string())
        .unwrap_or_default()
}

fn text(text: &str) -> Cell {
    if text.is_empty() {
        Cell::Empty
    } else {
        Cell::Text(text.to_owned())
    }
}

fn seconds(milliseconds: u32) -> Cell {
    Cell::Number(f64::from(milliseconds) / 1000.0)
}

fn value(value: &Value) -> Cell {
    match value {
        Value::Number(number) => exact(number),
        Value::Array(list) => {
            let lines: Vec<String> = list
                .iter()
                .map(|value| cell(value).unwrap_or_default())
                .collect();
            text(&lines.join("\n"))
        }
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Object(_) => {
            cell(value).map_or(Cell::Empty, Cell::Text)
        }
    }
}

/// A number that a spreadsheet would round stays text.
fn exact(number: &serde_json::Number) -> Cell {
    let written = number.to_string();
    match number.as_f64() {
        Some(float) if float.abs() < 1e15 && float.to_string() == written => Cell::Number(float),
        Some(_) | None => Cell::Text(written),
    }
}

fn outcome_words(outcome: JobOutcome) -> &'static str {
    match outcome {
        JobOutcome::Success => "Success",
        JobOutcome::Failed => "Failed",
        JobOutcome::TimedOut => "No answer in time",
        JobOutcome::Refused => "Not taken",
        JobOutcome::Duplicate => "Twice in the list",
        JobOutcome::Waiting => "Waiting",
    }
}

fn outcome_code(outcome: JobOutcome) -> &'static str {
    match outcome {
        JobOutcome::Success => "success",
        JobOutcome::Failed => "failed",
        JobOutcome::TimedOut => "timed_out",
        JobOutcome::Refused => "refused",
        JobOutcome::Duplicate => "duplicate",
        JobOutcome::Waiting => "waiting",
    }
}

fn reason(record: &Record) -> &str {
    if record.page.succeeded() {
        ""
    } else {
        &record.page.job.words
    }
}
