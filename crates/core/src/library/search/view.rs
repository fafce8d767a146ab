//! The library as the window lists it: bounded pages of short rows.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::results::Verdict;

/// Which results, in which order, and which stretch of them. Empty and 0 mean "any".
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
pub struct LibraryQuery {
    /// As typed. Each word is the begin of a word of the address, title, label, text or extracted values.
    pub find: String,
    pub kind: LibraryKind,
    pub account_id: String,
    /// Without scheme and `www.`.
    pub site: String,
    pub collection_id: String,
    pub verdict: Option<Verdict>,
    pub tag: String,
    /// Unix seconds; the second itself included.
    pub since: u32,
    /// Unix seconds; the second itself not included.
    pub before: u32,
    pub sort: LibrarySort,
    /// As a page before answered: results that came later are left out, so that nothing moves while
    /// somebody scrolls. 0: all there are now.
    pub until: u32,
    pub offset: u32,
    /// At most 500.
    pub limit: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LibraryKind {
    All,
    /// With extracted values.
    Data,
    Screenshots,
    /// What stood at the address was no page.
    Files,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LibrarySort {
    Newest,
    Oldest,
    Title,
    Website,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct LibraryPage {
    pub rows: Vec<LibraryRow>,
    /// Results that match everything.
    pub found: u32,
    /// The same, but of every kind, and of one kind each.
    pub all: u32,
    pub data: u32,
    pub screenshots: u32,
    pub files: u32,
    /// Send it with the next page.
    pub until: u32,
    /// Matching results that have come since.
    pub newer: u32,
    /// Results whose text can't be found yet: it is being read.
    pub unread: u32,
}

/// A result in the grid or the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct LibraryRow {
    pub id: String,
    pub title: String,
    pub address: String,
    pub site: String,
    pub verdict: Verdict,
    /// Unix seconds.
    pub created_at: u32,
    pub has_thumbnail: bool,
    pub has_page: bool,
    pub has_screenshot: bool,
    pub has_markdown: bool,
    /// MIME type of the file that stood at the address; empty for a page.
    pub file_type: String,
    /// Of the extracted table; 0 without one.
    pub data_rows: u32,
    pub data_fields: u32,
    /// Bytes of all parts, as they came.
    pub size: u32,
    pub tags: Vec<String>,
}

/// What the filters offer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Type)]
pub struct LibraryFilters {
    pub accounts: Vec<FilterChoice>,
    /// Those with the most results, at most 200, by name.
    pub sites: Vec<String>,
    pub collections: Vec<FilterChoice>,
    pub tags: Vec<String>,
    /// All results, whatever is filtered.
    pub total: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct FilterChoice {
    pub id: String,
    pub name: String,
}

/// Where a result came from and how long it stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct LibraryFacts {
    /// None for a scrape of its own.
    pub run: Option<RunOf>,
    /// As the collection names the page; may be empty.
    pub label: String,
    pub tags: Vec<String>,
    /// Bytes of all parts, as they came.
    pub size: u32,
    /// Unix seconds after which it is deleted; none when it stays.
    pub kept_until: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct RunOf {
    pub id: String,
    pub number: u32,
    pub collection_name: String,
}
