//! What was scraped and charged, kept in `engine.db`.

use rusqlite::{Connection, params};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use crate::database::Database;

/// Credits of a page without a browser.
pub const SIMPLE_CREDITS: u32 = 1;
/// Credits of a page with a browser.
pub const BROWSER_CREDITS: u32 = 5;

/// One finished scrape or download.
#[derive(Debug, Clone)]
pub struct Entry {
    pub host: String,
    pub browser: bool,
    pub success: bool,
    /// 0 when refunded.
    pub credits: u32,
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
            .write_now(|transaction| insert(transaction, entry))
    }

    /// Whether it can be read; for the health check.
    pub fn check(&self) -> rusqlite::Result<()> {
        self.database.read_now(|connection| {
            connection.query_row("SELECT count(*) FROM scrapes WHERE id = 0", [], |_| Ok(()))
        })
    }

    /// Credits of the current month.
    pub fn credits_this_month(&self) -> rusqlite::Result<i64> {
        self.database.read_now(|connection| {
            connection
                .prepare_cached("SELECT coalesce(sum(credits), 0) FROM scrapes WHERE month = ?1")?
                .query_row([month_of(OffsetDateTime::now_utc())], |row| row.get(0))
        })
    }

    /// The month's sums as `ClientBilling` (contract §4.5); `month` is `YYYY-MM`.
    pub fn billing(&self, month: &str, by_host: bool) -> rusqlite::Result<Value> {
        self.database
            .read_now(|connection| billing(connection, month, by_host))
    }
}

/// Writes one entry together with what else the transaction holds.
pub fn insert(connection: &Connection, entry: &Entry) -> rusqlite::Result<()> {
    let now = OffsetDateTime::now_utc();
    connection
        .prepare_cached(
            "INSERT INTO scrapes (finished_at, month, host, browser, success, credits)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            now.unix_timestamp(),
            month_of(now),
            entry.host,
            entry.browser,
            entry.success,
            entry.credits
        ])
        .map(drop)
}

fn billing(connection: &Connection, month: &str, by_host: bool) -> rusqlite::Result<Value> {
    let mut sums = connection.prepare(
            "SELECT coalesce(sum(NOT browser AND success), 0), coalesce(sum(NOT browser AND NOT success), 0),
                    coalesce(sum(browser AND success), 0), coalesce(sum(browser AND NOT success), 0),
                    coalesce(sum(iif(browser, 0, credits)), 0), coalesce(sum(iif(browser, credits, 0)), 0)
             FROM scrapes WHERE month = ?1",
        )?;
    let mut billing = sums.query_row([month], |row| {
        let [
            simple_ok,
            simple_bad,
            browser_ok,
            browser_bad,
            simple,
            browser,
        ]: [i64; 6] = [
            row.get(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
            row.get(5)?,
        ];
        Ok(json!({
            "simple_success": simple_ok,
            "simple_failed": simple_bad,
            "simple_total": simple_ok + simple_bad,
            "browser_success": browser_ok,
            "browser_failed": browser_bad,
            "browser_total": browser_ok + browser_bad,
            "total_requests": simple_ok + simple_bad + browser_ok + browser_bad,
            "total_success": simple_ok + browser_ok,
            "total_failed": simple_bad + browser_bad,
            "credits": {"simple": simple, "browser": browser, "total": simple + browser},
        }))
    })?;
    if by_host {
        let mut hosts = connection.prepare(
            "SELECT host, count(*), sum(success), sum(credits) FROM scrapes
                 WHERE month = ?1 GROUP BY host ORDER BY 2 DESC, 1",
        )?;
        let rows = hosts.query_map([month], |row| {
            let (host, total, success, credits): (String, i64, i64, i64) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok((
                host,
                json!({"total": total, "success": success, "credits": credits}),
            ))
        })?;
        billing["by_url"] = Value::Object(rows.collect::<rusqlite::Result<Map<_, _>>>()?);
    }
    Ok(billing)
}

/// `YYYY-MM` of now, in UTC.
pub fn this_month() -> String {
    month_of(OffsetDateTime::now_utc())
}

fn month_of(moment: OffsetDateTime) -> String {
    format!("{:04}-{:02}", moment.year(), u8::from(moment.month()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_survive_a_restart() {
        let dir = tempfile::tempdir().expect("a folder");
        let entry = |browser, success, credits| Entry {
            host: "a.example".into(),
            browser,
            success,
            credits,
        };
        {
            let ledger = Ledger::new(Database::open(dir.path()).expect("opens"));
            for entry in [
                entry(false, true, 1),
                entry(true, true, 5),
                entry(true, false, 0),
            ] {
                ledger.write(&entry).expect("writes");
            }
        }
        let ledger = Ledger::new(Database::open(dir.path()).expect("opens again"));
        assert_eq!(ledger.credits_this_month().expect("reads"), 6);
        let billing = ledger.billing(&this_month(), true).expect("reads");
        assert_eq!(billing["browser_failed"], 1);
        assert_eq!(billing["total_requests"], 3);
        assert_eq!(
            billing["credits"],
            json!({"simple": 1, "browser": 5, "total": 6})
        );
        assert_eq!(billing["by_url"]["a.example"]["total"], 3);
        assert_eq!(
            ledger.billing("1999-01", false).expect("reads")["total_requests"],
            0
        );
    }
}
