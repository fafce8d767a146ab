//! What was used, as the window shows it. Counts that would be too large are told as the largest number.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::AppError;

/// One month of the account in use.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct UsageView {
    /// `YYYY-MM`, as the service counts: UTC.
    pub month: String,
    /// `YYYY-MM-DD`, the same way.
    pub today: String,
    /// How many days the month has.
    pub length: u32,
    /// It goes on.
    pub current: bool,
    pub account_id: String,
    pub account_name: String,
    /// Work on this computer: its credits are what the pages would cost at the service.
    pub local: bool,
    pub bill: BillView,
    /// By name; more than one when the service reports several.
    pub clients: Vec<ClientUsage>,
    pub sites: SitesView,
    /// Of this month's plan; none when not stated, unlimited, or for an earlier month.
    pub left: Option<u32>,
    pub limit: Option<u32>,
    /// None for an earlier month, and on its first day.
    pub forecast: Option<ForecastView>,
    /// None without a budget, and for an earlier month.
    pub budget: Option<BudgetView>,
    pub ledger: LedgerView,
    /// Unix seconds of the service's answer.
    pub fetched_at: u32,
    /// Why the service could not be asked now: what shows was kept before.
    pub trouble: Option<AppError>,
}

/// The service's count of a month (contract §4.5), of all clients together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct BillView {
    pub credits: u32,
    pub simple_credits: u32,
    pub browser_credits: u32,
    /// The service named no credits: successful pages times their price.
    pub worked_out: bool,
    pub pages: u32,
    pub success: u32,
    pub failed: u32,
    pub simple_success: u32,
    pub simple_failed: u32,
    pub browser_success: u32,
    pub browser_failed: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ClientUsage {
    pub name: String,
    pub credits: u32,
    pub pages: u32,
    pub success: u32,
    pub failed: u32,
}

/// `by_url` of a bill, in whatever form it came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SitesView {
    /// The most used first.
    pub rows: Vec<SiteUsage>,
    /// All that are not in `rows`; none when those are all.
    pub others: Option<OtherSites>,
    /// What could not be read as a website's figures.
    pub unread: Option<FreeForm>,
}

/// What the service did not say is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SiteUsage {
    pub site: String,
    pub credits: Option<u32>,
    pub pages: Option<u32>,
    pub success: Option<u32>,
    pub failed: Option<u32>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct OtherSites {
    pub count: u32,
    pub credits: u32,
    pub pages: u32,
}

/// An answer whose form nobody documents: each of its values under its name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FreeForm {
    pub rows: Vec<FreeRow>,
    /// How many more there are than are told here.
    pub more: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FreeRow {
    /// "2026-10-16 › scrape type › simple"
    pub name: String,
    pub value: String,
    pub number: bool,
}

/// At the pace of the month so far.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ForecastView {
    /// By the end of the month.
    pub credits: u32,
    /// Credits a day.
    pub pace: u32,
    /// `YYYY-MM-DD` on which the plan's credits are used up; none when they last.
    pub runs_out: Option<String>,
}

/// The person's own line, over all accounts but this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct BudgetView {
    /// Credits a month.
    pub budget: u32,
    /// By calls of this app since the month began; where nobody said, what they can have cost.
    pub spent: u32,
    pub state: BudgetState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum BudgetState {
    Within,
    /// Four fifths are spent, or would be.
    Near,
    /// More than all of it is spent, or would be.
    Over,
}

/// This app's own book of a month beside the service's count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct LedgerView {
    pub own_pages: u32,
    pub own_credits: u32,
    pub service_pages: u32,
    pub service_credits: u32,
    /// Why they may differ, the surest first; empty when they agree.
    pub reasons: Vec<LedgerReason>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum LedgerReason {
    /// Calls whose charge nobody confirmed.
    Unconfirmed { calls: u32, credits_at_most: u32 },
    /// The service counts more: the account is used elsewhere too.
    Elsewhere { pages: u32, credits: u32 },
    /// The service counts less: it has not counted all, or gave credits back.
    Behind { pages: u32, credits: u32 },
}

/// Credits a day.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct DaysView {
    pub month: String,
    /// Each day that has begun.
    pub rows: Vec<DayUsage>,
    /// The service tells pages of a day, not credits: pages times their price, failed ones too.
    pub worked_out: bool,
    /// Of the known days.
    pub total: u32,
    /// Of the bill, asked for at the same time.
    pub billed: u32,
    /// Days that could not be asked about.
    pub missing: u32,
    /// Why.
    pub trouble: Option<AppError>,
}

/// While a month is asked for day by day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct DaysProgress {
    pub asked: u32,
    pub of: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct DayUsage {
    /// Of the month, from 1.
    pub day: u32,
    /// False: nobody said, and the numbers are 0.
    pub known: bool,
    pub simple: u32,
    pub browser: u32,
    /// By calls of this app.
    pub own: u32,
}

/// Pages of one day by the hour, UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct HoursView {
    /// `YYYY-MM-DD`.
    pub day: String,
    /// All 24, or none when the service tells no hours.
    pub rows: Vec<HourUsage>,
    /// What could not be read as an hour.
    pub unread: Option<FreeForm>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
pub struct HourUsage {
    /// 0 to 23.
    pub hour: u32,
    pub simple: u32,
    pub browser: u32,
}

/// The last months, the oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct TrendView {
    pub months: Vec<MonthUsage>,
    /// Why some are not known.
    pub trouble: Option<AppError>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct MonthUsage {
    /// `YYYY-MM`.
    pub month: String,
    /// None when the service could not be asked.
    pub credits: Option<u32>,
    pub pages: u32,
    pub failed: u32,
}

/// Which figures of the whole service are asked for (contract §4.3).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
pub struct MetricsForm {
    /// `YYYY-MM-DD`.
    pub from: String,
    /// `YYYY-MM-DD`.
    pub to: String,
    pub metric: Metric,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    All,
    Url,
    Proxy,
    ApiCodes,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct MetricsView {
    /// The service does not show them to this account.
    pub refused: bool,
    pub figures: FreeForm,
}

/// What the service sells (contract §5.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct PlansView {
    pub plans: Vec<PlanView>,
    /// What came instead of plans.
    pub unread: Option<FreeForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct PlanView {
    pub name: String,
    /// It has as many credits as this account.
    pub yours: bool,
    pub credits: Option<u32>,
    /// Everything else that the service says of it.
    pub facts: FreeForm,
}

/// The table beside a chart, as it is saved.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
pub struct ChartTable {
    /// Names the file.
    pub title: String,
    pub columns: Vec<String>,
    /// Numbers plain, as `1234.5`.
    pub rows: Vec<Vec<String>>,
}

/// A chart as it is saved.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
pub struct ChartPicture {
    /// Names the file.
    pub title: String,
    /// The drawing, with its text and colours and without anything from elsewhere.
    pub svg: String,
}
