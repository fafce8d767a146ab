//! What a run of a list can cost and how long it may take. Credits are the service's own prices and
//! a ceiling: pages that fail because of the service are not charged.

use rusqlite::Connection;

use super::contents::Open;
use super::last_runs::last_runs;
use super::{Collections, EstimateView, SpendingView, TimeView};
use crate::Answer;
use crate::accounts::Account;
use crate::library::{LibraryError, narrow, usual};
use crate::usage::spent_this_month;

/// The sites with the most pages speak for the others.
const SITES: u32 = 50;
/// Pages at the same time: as many as the engine works on, and as the smallest plan allows.
const LOCAL_AT_ONCE: u64 = 4;
const CLOUD_AT_ONCE: u64 = 5;

impl Collections {
    /// With the account in use; before one is chosen, on this computer.
    pub async fn estimate(&self, collection_id: String) -> Answer<EstimateView> {
        let account = self.accounts.active().await.ok();
        let desk = self.clone();
        let side = self.side().await;
        let budget = self.settings.read().monthly_budget;
        self.database()
            .call(move |db| {
                let open = desk.open_list(db, &collection_id, side)?;
                let time = time(db, &open)?;
                let spent = spent_this_month(db)?;
                let view = estimate(&open, account.as_ref(), time);
                Ok::<_, LibraryError>(over(view, budget, spent))
            })
            .await
    }
}

impl Collections {
    /// What spending `credits` more with an account would cross; nothing on this computer.
    pub(crate) async fn spending(&self, account: &Account, credits: u32) -> Answer<SpendingView> {
        let known = account.credits.filter(|_| !account.is_local());
        let left = known.and_then(|credits| credits.left);
        let credits = if account.is_local() { 0 } else { credits };
        let budget = self.settings.read().monthly_budget;
        let spent = self
            .database()
            .call(|db| Ok::<_, LibraryError>(spent_this_month(db)?))
            .await?;
        let crosses = crosses_budget(budget, spent, credits);
        Ok(SpendingView {
            credits,
            left,
            over_quota: left.is_some_and(|left| credits > left),
            budget: (budget > 0).then_some(budget),
            spent,
            over_budget: crosses,
        })
    }
}

fn crosses_budget(budget: u32, spent: u32, credits: u32) -> bool {
    budget > 0 && credits > 0 && spent.saturating_add(credits) > budget
}

fn estimate(open: &Open, account: Option<&Account>, time: Option<TimeView>) -> EstimateView {
    let browser_pages = narrow(open.judged.running().filter(|row| row.browser).count() as u64);
    let pages = narrow(open.judged.running().count() as u64);
    let simple_pages = pages - browser_pages;
    let paid = account.filter(|account| !account.is_local());
    let prices = paid.map(|account| account.prices.unwrap_or_default());
    let (simple_price, browser_price) =
        prices.map_or((0, 0), |prices| (prices.simple, prices.browser));
    let credits = u64::from(simple_pages) * u64::from(simple_price)
        + u64::from(browser_pages) * u64::from(browser_price);
    let known = paid.and_then(|account| account.credits);
    let left = known.and_then(|credits| credits.left);
    EstimateView {
        account_name: account.map_or_else(String::new, |account| account.name.clone()),
        free: paid.is_none(),
        pages,
        simple_pages,
        browser_pages,
        simple_price,
        browser_price,
        credits: narrow(credits),
        left,
        limit: known.and_then(|credits| credits.limit),
        left_after: left.map(|left| f64::from(left) - credits as f64),
        over_quota: left.is_some_and(|left| credits > u64::from(left)),
        budget: None,
        spent: 0,
        over_budget: false,
        time,
    }
}

fn over(view: EstimateView, budget: u32, spent: u32) -> EstimateView {
    EstimateView {
        budget: (budget > 0).then_some(budget),
        spent,
        over_budget: crosses_budget(budget, spent, view.credits),
        ..view
    }
}

fn time(connection: &Connection, open: &Open) -> Result<Option<TimeView>, LibraryError> {
    let pages = open.judged.running().count() as u64;
    if pages == 0 {
        return Ok(None);
    }
    match from_runs(connection, open, pages)? {
        Some(time) => Ok(Some(time)),
        None => from_sites(connection, open, pages),
    }
}

/// At the pace of the last run, which knows the sites, the options and the plan.
fn from_runs(
    connection: &Connection,
    open: &Open,
    pages: u64,
) -> Result<Option<TimeView>, LibraryError> {
    let id = &open.list.id;
    let history = last_runs(connection, std::slice::from_ref(id))?.remove(id);
    let last = history.and_then(|history| history.last);
    Ok(last.and_then(|run| {
        let took = run.ended_at?.checked_sub(run.started_at)?.max(1);
        if run.local != open.side.local || run.total == 0 {
            return None;
        }
        let seconds = u64::from(took) * pages / u64::from(run.total);
        Some(TimeView {
            low_seconds: narrow(seconds * 8 / 10).max(1),
            high_seconds: narrow(seconds * 13 / 10 + 1),
            from_runs: true,
        })
    }))
}

fn from_sites(
    connection: &Connection,
    open: &Open,
    pages: u64,
) -> Result<Option<TimeView>, LibraryError> {
    let mut select = connection.prepare_cached(
        "SELECT site, count(*) FROM pages WHERE collection = ?1 AND hidden = 0 AND site <> ''
         GROUP BY site ORDER BY count(*) DESC LIMIT ?2",
    )?;
    let sites = select.query_map(rusqlite::params![open.list.number, SITES], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?))
    })?;
    let (mut known, mut low, mut high) = (0, 0, 0);
    for site in sites {
        let (site, count) = site?;
        if let Some(usual) = usual(connection, &site, open.list.options.browser)? {
            known += u64::from(count);
            low += u64::from(count) * u64::from(usual.low_ms);
            high += u64::from(count) * u64::from(usual.high_ms);
        }
    }
    if known == 0 {
        return Ok(None);
    }
    let at_once = if open.side.local {
        LOCAL_AT_ONCE
    } else {
        CLOUD_AT_ONCE
    };
    let seconds = |all: u64| narrow((all * pages / known).div_ceil(at_once * 1000)).max(1);
    Ok(Some(TimeView {
        low_seconds: seconds(low),
        high_seconds: seconds(high),
        from_runs: false,
    }))
}
