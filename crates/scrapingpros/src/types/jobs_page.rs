//! A page of the jobs listing (contract §5.2). Pages carry results and are megabytes long, so results stay where they
//! are and the rest is read in one go. Only a page with an odd row is read as a whole, row by row.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::listing::{Name, RawList};
use super::outline::Outline;
use super::{InlineResult, Job, Row, lenient};
use crate::call::{BOM, Unreadable};

/// Some rows of the jobs listing, and where the next ones are (contract §5.2).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JobsPage {
    /// Each row, read or not.
    pub rows: Vec<Row<Job>>,
    /// Opaque; leads to the next page under the same order only.
    pub cursor_next: Option<String>,
    /// Whether there are more rows; unknown when the service does not say.
    pub has_more: Option<bool>,
    /// Fields this version does not know, and those above when they are not what is expected.
    pub unknown: Map<String, Value>,
}

impl JobsPage {
    /// Where the next page is. `None` on the last one: without a cursor, or without more rows (contract §5.2).
    pub fn next(&self) -> Option<&str> {
        let cursor = self.cursor_next.as_deref()?;
        (self.has_more != Some(false) && !cursor.is_empty()).then_some(cursor)
    }

    /// Reads a page from its bytes, of which inline results remain parts (contract §5.2).
    pub fn from_json(page: impl Into<Bytes>) -> serde_json::Result<Self> {
        Self::parse(page.into()).map_err(|failure| failure.cause)
    }

    pub(crate) fn parse(page: Bytes) -> Result<Self, Unreadable> {
        straight(&page).map_or_else(|| row_by_row(page), Ok)
    }

    fn set(&mut self, name: Cow<'_, str>, value: Value) {
        let odd = match name.as_ref() {
            "cursor_next" => lenient::id(value).map(|cursor| self.cursor_next = Some(cursor)),
            "has_more" => lenient::boolean(value).map(|more| self.has_more = Some(more)),
            _ => Err(value),
        };
        if let Err(odd) = odd
            && !odd.is_null()
        {
            self.unknown.insert(name.into_owned(), odd);
        }
    }
}

/// Reads a page at once. `None` when anything in it is odd.
fn straight(page: &Bytes) -> Option<JobsPage> {
    let outline = Outline::of(page)?;
    let text = std::str::from_utf8(&outline.json).ok()?;
    let mut deserializer = serde_json::Deserializer::from_str(text.trim_start_matches(BOM));
    let results = Results::Cut(&outline.results);
    let read = PageSeed(results).deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()?;
    Some(read)
}

/// Reads a page of which an odd row costs nothing but itself.
fn row_by_row(page: Bytes) -> Result<JobsPage, Unreadable> {
    let page = match String::from_utf8_lossy(&page) {
        Cow::Borrowed(_) => page,
        Cow::Owned(repaired) => repaired.into(),
    };
    let mut list = RawList::parse(std::str::from_utf8(&page).unwrap_or_default())?;
    let mut read = JobsPage::default();
    let entries = list.entries.iter().enumerate();
    read.rows = entries
        .map(|(index, entry)| {
            let mut deserializer = serde_json::Deserializer::from_str(entry.get());
            let row = RowSeed(Results::Within(&page)).deserialize(&mut deserializer);
            row.map_err(|cause| list.unreadable(index, ".", cause.to_string()))
        })
        .collect();
    for name in ["cursor_next", "has_more"] {
        if let Some(value) = list.take(name) {
            read.set(name.into(), value);
        }
    }
    read.unknown.extend(list.unknown());
    Ok(read)
}

/// Where inline results are.
#[derive(Clone, Copy)]
enum Results<'p> {
    /// Here, by their numbers, which stand in the rows.
    Cut(&'p [Bytes]),
    /// In the rows, which are parts of this page.
    Within(&'p Bytes),
}

impl Results<'_> {
    fn read<'de, A: MapAccess<'de>>(self, map: &mut A) -> Result<Option<InlineResult>, A::Error> {
        match self {
            Self::Within(page) => Ok(InlineResult::within(page, map.next_value::<&RawValue>()?)),
            Self::Cut(results) => {
                let Some(number) = map.next_value::<Option<usize>>()? else {
                    return Ok(None);
                };
                let result = results.get(number).cloned();
                let result = result.ok_or_else(|| A::Error::custom("a result that was not cut"))?;
                Ok(Some(InlineResult::cut(result)))
            }
        }
    }
}

struct PageSeed<'p>(Results<'p>);

impl<'de> DeserializeSeed<'de> for PageSeed<'_> {
    type Value = JobsPage;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<JobsPage, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for PageSeed<'_> {
    type Value = JobsPage;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with items")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JobsPage, A::Error> {
        let mut page = JobsPage::default();
        let mut rows = None;
        while let Some(Name(name)) = map.next_key()? {
            if name == "items" {
                rows = Some(map.next_value_seed(RowsSeed(self.0))?);
            } else {
                page.set(name, map.next_value()?);
            }
        }
        page.rows = rows.ok_or_else(|| A::Error::missing_field("items"))?;
        Ok(page)
    }
}

struct RowsSeed<'p>(Results<'p>);

impl<'de> DeserializeSeed<'de> for RowsSeed<'_> {
    type Value = Vec<Row<Job>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for RowsSeed<'_> {
    type Value = Vec<Row<Job>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of jobs")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut rows = Vec::new();
        while let Some(job) = list.next_element_seed(RowSeed(self.0))? {
            rows.push(Ok(job));
        }
        Ok(rows)
    }
}

struct RowSeed<'p>(Results<'p>);

impl<'de> DeserializeSeed<'de> for RowSeed<'_> {
    type Value = Job;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Job, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RowSeed<'_> {
    type Value = Job;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a job")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Job, A::Error> {
        let mut job = Job::default();
        while let Some(Name(name)) = map.next_key()? {
            if name == "result" {
                job.result = self.0.read(&mut map)?;
            } else {
                job.set(name, map.next_value()?);
            }
        }
        if job.job_public_id.is_empty() {
            return Err(A::Error::missing_field("job_public_id"));
        }
        Ok(job)
    }
}
