//! Collections as the window shows them and fills them in.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::FieldProblem;
use crate::scrape::ScrapeForm;

/// A collection as it is filled in.
#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
pub struct CollectionForm {
    /// Empty for a new one: the app finds a name.
    pub name: String,
    /// Options for every page; the address is not used.
    pub options: ScrapeForm,
}

/// A collection that is open for editing, without its pages.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct CollectionView {
    pub id: String,
    pub name: String,
    pub options: ScrapeForm,
    /// What must be changed in the options before a run.
    pub problems: Vec<FieldProblem>,
    pub pages: u32,
    /// Unix seconds.
    pub created_at: u32,
    /// Unix seconds.
    pub changed_at: u32,
    pub last_run: Option<LastRunView>,
}

/// Which collections to list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
pub struct CollectionsQuery {
    /// Part of the name.
    pub find: String,
    pub filter: CollectionsFilter,
    pub sort: CollectionsSort,
    pub offset: u32,
    /// At most 500.
    pub limit: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CollectionsFilter {
    All,
    Running,
    /// The last run ended with less than nine pages of ten.
    NeedLook,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CollectionsSort {
    /// Running ones first, then the last to be run; those never run are last, newest first.
    LastRun,
    Name,
    /// The most first.
    Pages,
    /// The newest first.
    Made,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct CollectionsPage {
    pub rows: Vec<CollectionRow>,
    /// How many there are with this filter and search.
    pub found: u32,
    /// The counts of the filters, with this search.
    pub all: u32,
    pub running: u32,
    pub need_look: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct CollectionRow {
    pub id: String,
    pub name: String,
    pub pages: u32,
    /// Unix seconds.
    pub created_at: u32,
    pub last_run: Option<LastRunView>,
    /// Success of the last eight ended runs in percent, oldest first.
    pub history: Vec<u32>,
}

/// The latest run of a collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct LastRunView {
    pub id: String,
    /// Counts the collection's runs, from 1.
    pub number: u32,
    pub account_name: String,
    pub local: bool,
    pub running: bool,
    pub total: u32,
    pub success: u32,
    pub failed: u32,
    pub timed_out: u32,
    /// Unix seconds.
    pub started_at: u32,
    /// Unix seconds; none while it runs.
    pub ended_at: Option<u32>,
}
