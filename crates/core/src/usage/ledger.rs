//! What this app itself knows of its spending: single calls from the journal, pages of runs one by one.

use rusqlite::{Connection, params};

use super::calendar::CalendarMonth;
use super::{BillView, BudgetState, BudgetView, LedgerReason, LedgerView};
use crate::accounts::LOCAL_ID;
use crate::library::narrow;

/// Of an account in a month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    pub pages: u32,
    pub credits: u32,
    /// Calls whose charge nobody confirmed.
    pub unconfirmed: u32,
    pub unconfirmed_credits: u32,
    /// Credits by day of the month, from 1.
    pub days: [u32; 31],
}

const CALLS: &str = "SELECT started_at, state = 'kept', credits, credits_at_most FROM journal
    WHERE account_id = ?1 AND kind <> 'run' AND started_at >= ?2 AND started_at < ?3";

/// One row a day and kind of end, so that a run of a hundred thousand pages is summed by the database.
const JOBS: &str = "SELECT coalesce(jobs.ended_at, runs.started_at) / 86400, count(*),
        coalesce(sum(jobs.credits), 0), sum(jobs.credits IS NULL)
    FROM runs JOIN jobs ON jobs.run = runs.number
    WHERE runs.account_id = ?1 AND runs.started_at < ?3 AND coalesce(runs.ended_at, ?2) >= ?2
        AND jobs.outcome IN (1, 2, 3)
        AND coalesce(jobs.ended_at, runs.started_at) >= ?2
        AND coalesce(jobs.ended_at, runs.started_at) < ?3
    GROUP BY 1";

/// `page_price` is the most that a page can cost.
pub fn own(
    connection: &Connection,
    account_id: &str,
    month: CalendarMonth,
    page_price: u32,
) -> rusqlite::Result<Own> {
    let span = month.span();
    let mut own = Own::default();
    let of_month = params![account_id, span.start, span.end];
    let mut calls = connection.prepare_cached(CALLS)?;
    let mut rows = calls.query(of_month)?;
    while let Some(row) = rows.next()? {
        let (at, kept): (i64, bool) = (row.get(0)?, row.get(1)?);
        own.pages += u32::from(kept);
        match row.get::<_, Option<u32>>(2)? {
            Some(credits) => own.spent((at - span.start) / 86_400, credits),
            None => own.unconfirmed(1, row.get(3)?),
        }
    }
    let mut jobs = connection.prepare_cached(JOBS)?;
    let mut rows = jobs.query(of_month)?;
    while let Some(row) = rows.next()? {
        let day: i64 = row.get(0)?;
        own.pages = own.pages.saturating_add(told(row.get(1)?));
        own.spent(day - span.start / 86_400, told(row.get(2)?));
        let unsaid: u32 = row.get(3)?;
        own.unconfirmed(unsaid, unsaid.saturating_mul(page_price));
    }
    Ok(own)
}

/// SQLite's sums as the window counts.
fn told(sum: i64) -> u32 {
    narrow(sum.max(0).unsigned_abs())
}

impl Own {
    fn spent(&mut self, day: i64, credits: u32) {
        self.credits = self.credits.saturating_add(credits);
        let day = usize::try_from(day)
            .ok()
            .and_then(|day| self.days.get_mut(day));
        if let Some(sum) = day {
            *sum = sum.saturating_add(credits);
        }
    }

    fn unconfirmed(&mut self, calls: u32, credits: u32) {
        self.unconfirmed = self.unconfirmed.saturating_add(calls);
        self.unconfirmed_credits = self.unconfirmed_credits.saturating_add(credits);
    }

    /// On this computer nobody pays: only pages are compared.
    pub fn beside(&self, bill: &BillView, local: bool) -> LedgerView {
        let (own_credits, service_credits) = match local {
            true => (0, 0),
            false => (self.credits, bill.credits),
        };
        let more = |a: u32, b: u32| a.saturating_sub(b);
        let (pages, credits) = (
            more(bill.pages, self.pages),
            more(service_credits, own_credits),
        );
        let mut reasons = Vec::new();
        if self.unconfirmed > 0 && !local {
            reasons.push(LedgerReason::Unconfirmed {
                calls: self.unconfirmed,
                credits_at_most: self.unconfirmed_credits,
            });
        }
        if pages > 0 || credits > 0 {
            reasons.push(LedgerReason::Elsewhere { pages, credits });
        }
        let (pages, credits) = (
            more(self.pages, bill.pages),
            more(own_credits, service_credits),
        );
        if pages > 0 || credits > 0 {
            reasons.push(LedgerReason::Behind { pages, credits });
        }
        LedgerView {
            own_pages: self.pages,
            own_credits,
            service_pages: bill.pages,
            service_credits,
            reasons,
        }
    }
}

/// What calls of this app cost since the month began (UTC, as the service counts); where nobody
/// said, what they can have cost.
pub fn spent_this_month(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row(
        "SELECT min(coalesce(sum(coalesce(credits, credits_at_most)), 0), 4294967295) FROM journal
         WHERE started_at >= unixepoch('now', 'start of month') AND account_id <> ?1",
        [LOCAL_ID],
        |row| row.get(0),
    )
}

/// How the person's own line stands once `cost` more is spent; none without a line.
pub fn budget(budget: u32, spent: u32, cost: u32) -> Option<BudgetView> {
    let after = u64::from(spent) + u64::from(cost);
    let line = u64::from(budget);
    let state = match after {
        after if after > line => BudgetState::Over,
        after if after * 5 >= line * 4 => BudgetState::Near,
        _ => BudgetState::Within,
    };
    (budget > 0).then_some(BudgetView {
        budget,
        spent,
        state,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_near_at_four_fifths_and_crossed_only_above_it() {
        let state = |spent, cost| budget(100, spent, cost).map(|view| view.state);
        assert_eq!(state(79, 0), Some(BudgetState::Within));
        assert_eq!(state(79, 1), Some(BudgetState::Near));
        assert_eq!(
            state(99, 1),
            Some(BudgetState::Near),
            "all of it may be spent"
        );
        assert_eq!(state(99, 2), Some(BudgetState::Over));
        assert_eq!(state(u32::MAX, u32::MAX), Some(BudgetState::Over));
        assert_eq!(budget(0, 9, 9), None, "no line");
    }

    #[test]
    fn both_counts_are_explained() {
        let own = Own {
            pages: 10,
            credits: 12,
            ..Own::default()
        };
        let bill = |pages, credits| BillView {
            pages,
            credits,
            ..BillView::default()
        };
        assert_eq!(own.beside(&bill(10, 12), false).reasons, [], "they agree");
        assert_eq!(
            own.beside(&bill(15, 20), false).reasons,
            [LedgerReason::Elsewhere {
                pages: 5,
                credits: 8
            }]
        );
        let unsure = Own {
            unconfirmed: 2,
            unconfirmed_credits: 6,
            ..own.clone()
        };
        assert_eq!(
            unsure.beside(&bill(9, 12), false).reasons,
            [
                LedgerReason::Unconfirmed {
                    calls: 2,
                    credits_at_most: 6
                },
                LedgerReason::Behind {
                    pages: 1,
                    credits: 0
                },
            ]
        );
        assert_eq!(
            unsure.beside(&bill(10, 99), true).reasons,
            [],
            "on this computer credits are nobody's"
        );
    }
}
