//! Collections as the window shows them and fills them in.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::OwnOption;
use crate::FieldProblem;
use crate::runs::RunState;
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
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
    pub state: RunState,
    /// It is being sent or worked off.
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

/// Which pages of a collection to show.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
pub struct PagesQuery {
    pub collection_id: String,
    /// Part of the address or the label.
    pub find: String,
    /// Only those that need a look.
    pub only_problems: bool,
    pub offset: u32,
    /// At most 500.
    pub limit: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct PagesPage {
    pub rows: Vec<PageRow>,
    /// How many there are with this filter and search.
    pub found: u32,
    /// How many pages the collection has.
    pub all: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct PageRow {
    /// Stays with the page; other collections may have it too.
    pub id: u32,
    /// Its row, from 1, as the list is now.
    pub number: u32,
    /// As typed.
    pub address: String,
    pub label: String,
    /// Its own options; empty: those for every page hold.
    pub own: Vec<OwnOption>,
    pub problem: Option<PageProblem>,
}

/// Why a page needs a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct PageProblem {
    pub kind: ProblemKind,
    /// A sentence: why, and what to do.
    pub words: String,
    /// The row that is the same; 0 but for duplicates.
    pub same_as: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// Not a page address.
    Malformed,
    /// Out of reach for this account: this computer or its network.
    Private,
    /// More than 255 characters.
    LabelTooLong,
    /// One of its own options can't be.
    WrongOption,
    /// The same address and label as a row above.
    Duplicate,
    /// The service did not take it last time. It is sent again all the same.
    Refused,
}

/// A page as it is added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Type)]
pub struct PageForm {
    pub address: String,
    pub label: String,
}

/// Pages that are added are at the end of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct PagesAdded {
    pub added: u32,
    /// For `take_back_pages`.
    pub first_id: u32,
    pub last_id: u32,
    pub report: ReportView,
}

/// Which pages are meant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
pub struct PageSelection {
    pub collection_id: String,
    /// False: those in `ids`. True: all that are found with `find` and `only_problems`, but for
    /// those in `ids`.
    pub all: bool,
    pub ids: Vec<u32>,
    pub find: String,
    pub only_problems: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct PagesRemoved {
    pub removed: u32,
    /// For `restore_pages`; 0 when nothing was removed.
    pub undo: u32,
    pub report: ReportView,
}

/// What is wrong with a list before it is run with the account in use.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ReportView {
    /// All pages of the list.
    pub rows: u32,
    /// Those that a run would send.
    pub will_run: u32,
    /// Those that need a look.
    pub problems: u32,
    /// How many of each kind; kinds without any are left out.
    pub counts: Vec<ProblemCount>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ProblemCount {
    pub kind: ProblemKind,
    pub count: u32,
}

/// What some more credits would cross.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct SpendingView {
    /// At most.
    pub credits: u32,
    /// Of the account; none when it is not stated.
    pub left: Option<u32>,
    pub over_quota: bool,
    /// The person's own, a month; none without one.
    pub budget: Option<u32>,
    /// Of it, so far.
    pub spent: u32,
    pub over_budget: bool,
}

/// What a run of the list costs at most, with the account in use.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct EstimateView {
    pub account_name: String,
    /// On this computer.
    pub free: bool,
    /// How many pages a run would send.
    pub pages: u32,
    pub simple_pages: u32,
    pub browser_pages: u32,
    /// Credits for one page, as the service last said.
    pub simple_price: u32,
    pub browser_price: u32,
    /// At most.
    pub credits: u32,
    /// None when not known, or unlimited.
    pub left: Option<u32>,
    /// Of a month; none when not stated.
    pub limit: Option<u32>,
    /// At least so many are left afterwards; below 0 when they do not suffice.
    pub left_after: Option<f64>,
    /// It can cost more than is left.
    pub over_quota: bool,
    /// The person's own limit for a month, from the settings; none without one.
    pub budget: Option<u32>,
    /// What this app has spent of it this month, at most.
    pub spent: u32,
    /// It can cost more than is left of the budget.
    pub over_budget: bool,
    /// None when there is nothing to go by.
    pub time: Option<TimeView>,
}

/// How long a run may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct TimeView {
    pub low_seconds: u32,
    pub high_seconds: u32,
    /// From earlier runs of this collection; else from single scrapes of these sites.
    pub from_runs: bool,
}

/// A collection of the account that was not made in this app, or is not known to it any more: its
/// pages can't be known here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ElsewhereView {
    pub id: String,
    pub name: String,
    /// Unix seconds; none when not stated.
    pub created_at: Option<u32>,
}
