//! What the window shows while a scrape is prepared and while it runs.

use serde::Serialize;
use specta::Type;

use crate::error::FieldProblem;
use crate::usage::BudgetView;

/// What is known about a form before it is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct FormCheck {
    /// Empty when it can be sent. A wholly empty address is not a problem yet.
    pub problems: Vec<FieldProblem>,
    pub cost: CostView,
    /// How the person's own line stands with this page; none without one, and where nothing is paid.
    pub budget: Option<BudgetView>,
    /// How long this site took before, in this mode; none without history.
    pub usual: Option<UsualView>,
}

/// What the scrape will cost at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct CostView {
    /// 0 on this computer.
    pub credits: u32,
    /// True for the local engine.
    pub free: bool,
}

/// Middle of what this site took before (10th and 90th percentile).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct UsualView {
    pub low_ms: u32,
    pub high_ms: u32,
    /// From how many earlier scrapes.
    pub count: u32,
}

/// Facts about a running scrape; never a guess.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum ScrapeProgress {
    Sending,
    Waiting,
    /// Local engine: fetching without a browser.
    Fetching,
    /// Local engine: the browser is starting.
    StartingBrowser,
    /// Local engine: the page is being opened.
    Opening,
    /// Local engine: step `index` (from 1) of `total`.
    Step {
        index: u32,
        total: u32,
    },
    /// Local engine: taking the screenshot.
    Screenshot,
    /// Local engine: reading the data.
    Collecting,
    /// Bytes of the answer received so far.
    Receiving {
        bytes: u32,
    },
    Saving,
}
