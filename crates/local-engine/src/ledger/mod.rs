//! What was scraped and charged, kept in `engine.db`; sums of it are kept beside it by the database.

mod answers;
mod figures;
mod span;

use rusqlite::{Connection, params};
use serde_json::Value;
use time::OffsetDateTime;

use crate::database::{Database, DatabaseError};

pub use answers::ApiAnswers;
pub use span::{Span, SpanError};

use figures::Wanted;

/// Credits of a page without a browser.
pub const SIMPLE_CREDITS: u32 = 1;
/// Credits of a page with a browser.
pub const BROWSER_CREDITS: u32 = 5;

/// One finished scrape or download.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    pub host: String,
    pub browser: bool,
    pub success: bool,
    /// 0 when refunded.
    pub credits: u32,
    /// The country whose proxy it went through.
    pub proxy: Option<String>,
}

/// The book.
#[derive(Clone)]
pub struct Ledger {
    database: Database,
}

impl Ledger {
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    pub fn write(&self, entry: &Entry) -> rusqlite::Result<()> {
        self.database
            .write_now(|transaction| Self::write_in(transaction, entry))
    }

    /// Writes one entry together with what else the transaction holds.
    pub fn write_in(transaction: &Connection, entry: &Entry) -> rusqlite::Result<()> {
        let now = OffsetDateTime::now_utc();
        transaction
            .prepare_cached(
                "INSERT INTO scrapes (finished_at, month, host, browser, success, credits, proxy)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                now.unix_timestamp(),
                format!("{:04}-{:02}", now.year(), u8::from(now.month())),
                entry.host,
                entry.browser,
                entry.success,
                entry.credits,
                entry.proxy,
            ])
            .map(drop)
    }

    /// Credits of the current month.
    pub fn credits_this_month(&self) -> rusqlite::Result<i64> {
        let month = Span::this_month();
        self.database
            .read_now(|connection| figures::credits(connection, &month))
    }

    /// A month's sums as `ClientBilling` (contract §4.5).
    pub async fn billing(&self, month: Span, by_host: bool) -> Result<Value, DatabaseError> {
        self.database
            .read(move |connection| figures::billing(connection, &month, by_host))
            .await
    }

    /// As `ClientMetricsResponse` (contract §4.4).
    pub async fn client_metrics(
        &self,
        span: Span,
        hourly: bool,
        by_host: bool,
    ) -> Result<Value, DatabaseError> {
        self.database
            .read(move |connection| figures::client_metrics(connection, &span, hourly, by_host))
            .await
    }

    /// Day by day; `metric` of contract §4.3, all of them when it is left out. None: there is no such
    /// metric.
    pub async fn metrics(
        &self,
        span: Span,
        metric: Option<&str>,
    ) -> Result<Option<Value>, DatabaseError> {
        let Some(wanted) = Wanted::named(metric) else {
            return Ok(None);
        };
        self.database
            .read(move |connection| figures::metrics(connection, &span, wanted).map(Some))
            .await
    }
}

#[cfg(test)]
mod tests;
