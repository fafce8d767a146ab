//! The sums as the API tells them. Shapes that the contract leaves open are made of named numbers only,
//! so that any reader can show them.

use rusqlite::{Connection, Row, params};
use serde_json::{Map, Value, json};

use super::span::{Span, day_name};

/// Which figures of a day.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    urls: bool,
    proxies: bool,
    api_codes: bool,
}

impl Wanted {
    pub fn named(metric: Option<&str>) -> Option<Self> {
        let only = |urls, proxies, api_codes| Self {
            urls,
            proxies,
            api_codes,
        };
        match metric {
            None | Some("") => Some(only(true, true, true)),
            Some("url") => Some(only(true, false, false)),
            Some("proxy") => Some(only(false, true, false)),
            Some("api_codes") => Some(only(false, false, true)),
            Some(_) => None,
        }
    }
}

/// Sums of pages with or without a browser.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    success: i64,
    failed: i64,
    credits: i64,
}

impl Sums {
    fn read(row: &Row<'_>, from: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            success: row.get(from)?,
            failed: row.get(from + 1)?,
            credits: row.get(from + 2)?,
        })
    }

    fn total(&self) -> i64 {
        self.success + self.failed
    }

    fn told(&self) -> Value {
        json!({
            "total": self.total(),
            "success": self.success,
            "failed": self.failed,
            "credits": self.credits,
        })
    }
}

pub fn credits(connection: &Connection, span: &Span) -> rusqlite::Result<i64> {
    let hours = span.hours();
    connection
        .prepare_cached(
            "SELECT coalesce(sum(credits), 0) FROM usage_hours WHERE hour BETWEEN ?1 AND ?2",
        )?
        .query_row(params![hours.start(), hours.end()], |row| row.get(0))
}

pub fn billing(connection: &Connection, month: &Span, by_host: bool) -> rusqlite::Result<Value> {
    let [simple, browser] = by_type(connection, month)?;
    let mut billing = json!({
        "simple_success": simple.success,
        "simple_failed": simple.failed,
        "simple_total": simple.total(),
        "browser_success": browser.success,
        "browser_failed": browser.failed,
        "browser_total": browser.total(),
        "total_requests": simple.total() + browser.total(),
        "total_success": simple.success + browser.success,
        "total_failed": simple.failed + browser.failed,
        "credits": {
            "simple": simple.credits,
            "browser": browser.credits,
            "total": simple.credits + browser.credits,
        },
    });
    if by_host {
        billing["by_url"] = Value::Object(grouped(connection, month, "host")?);
    }
    Ok(billing)
}

pub fn client_metrics(
    connection: &Connection,
    span: &Span,
    hourly: bool,
    by_host: bool,
) -> rusqlite::Result<Value> {
    let [simple, browser] = by_type(connection, span)?;
    let url = by_host.then(|| grouped(connection, span, "host"));
    let hours = hourly.then(|| by_hour(connection, span));
    Ok(json!({
        "date": span.text,
        "scrape_type": {"simple": simple.total(), "browser": browser.total()},
        "url": url.transpose()?,
        "hourly": hours.transpose()?,
    }))
}

/// A day on which nothing happened is left out.
pub fn metrics(connection: &Connection, span: &Span, wanted: Wanted) -> rusqlite::Result<Value> {
    let mut data = Vec::new();
    for number in days_of_use(connection, span)? {
        let Ok(day) = Span::parse(&day_name(number)) else {
            continue;
        };
        let [simple, browser] = by_type(connection, &day)?;
        let mut figures = json!({
            "date": day.text,
            "scrape_type": {"simple": simple.told(), "browser": browser.told()},
        });
        if wanted.urls {
            figures["url"] = Value::Object(grouped(connection, &day, "host")?);
        }
        if wanted.proxies {
            let own = "iif(proxy = '', 'none', proxy)";
            figures["proxy"] = Value::Object(grouped(connection, &day, own)?);
        }
        if wanted.api_codes {
            figures["api_codes"] = Value::Object(api_codes(connection, number)?);
        }
        data.push(figures);
    }
    Ok(json!({"date": span.text, "data": data}))
}

/// Without a browser, and with one.
fn by_type(connection: &Connection, span: &Span) -> rusqlite::Result<[Sums; 2]> {
    let hours = span.hours();
    let mut select = connection.prepare_cached(
        "SELECT browser, sum(success), sum(failed), sum(credits) FROM usage_hours
         WHERE hour BETWEEN ?1 AND ?2 GROUP BY browser",
    )?;
    let mut rows = select.query(params![hours.start(), hours.end()])?;
    let [mut simple, mut browser] = [Sums::default(); 2];
    while let Some(row) = rows.next()? {
        let sums = Sums::read(row, 1)?;
        if row.get(0)? {
            browser = sums;
        } else {
            simple = sums;
        }
    }
    Ok([simple, browser])
}

/// `group` is one of this module's own expressions. The most used come first.
fn grouped(
    connection: &Connection,
    span: &Span,
    group: &'static str,
) -> rusqlite::Result<Map<String, Value>> {
    let days = span.days();
    let mut select = connection.prepare_cached(&format!(
        "SELECT {group}, sum(success), sum(failed), sum(credits) FROM usage_hosts
         WHERE day BETWEEN ?1 AND ?2 GROUP BY 1 ORDER BY sum(success) + sum(failed) DESC, 1"
    ))?;
    let rows = select.query_map(params![days.start(), days.end()], |row| {
        Ok((row.get(0)?, Sums::read(row, 1)?.told()))
    })?;
    rows.collect()
}

/// All 24 of a day.
fn by_hour(connection: &Connection, day: &Span) -> rusqlite::Result<Map<String, Value>> {
    let hours = day.hours();
    let first = *hours.start();
    let mut counts = [(0_i64, 0_i64); 24];
    let mut select = connection.prepare_cached(
        "SELECT hour, browser, success + failed FROM usage_hours WHERE hour BETWEEN ?1 AND ?2",
    )?;
    let mut rows = select.query(params![hours.start(), hours.end()])?;
    while let Some(row) = rows.next()? {
        let hour: i64 = row.get(0)?;
        let place = usize::try_from(hour - first).unwrap_or(usize::MAX);
        if let Some((simple, browser)) = counts.get_mut(place) {
            let is_browser = row.get(1)?;
            *(if is_browser { browser } else { simple }) = row.get(2)?;
        }
    }
    let told = counts.iter().enumerate().map(|(hour, (simple, browser))| {
        (
            format!("{hour:02}"),
            json!({"simple": simple, "browser": browser}),
        )
    });
    Ok(told.collect())
}

fn days_of_use(connection: &Connection, span: &Span) -> rusqlite::Result<Vec<i64>> {
    let days = span.days();
    let mut select = connection.prepare_cached(
        "SELECT DISTINCT hour / 24 FROM usage_hours WHERE hour BETWEEN ?1 * 24 AND ?2 * 24 + 23
         UNION SELECT day FROM api_answers WHERE day BETWEEN ?1 AND ?2 ORDER BY 1",
    )?;
    let rows = select.query_map(params![days.start(), days.end()], |row| row.get(0))?;
    rows.collect()
}

fn api_codes(connection: &Connection, day: i64) -> rusqlite::Result<Map<String, Value>> {
    let mut select = connection
        .prepare_cached("SELECT status, answers FROM api_answers WHERE day = ?1 ORDER BY 1")?;
    let rows = select.query_map([day], |row| {
        let (status, answers): (i64, i64) = (row.get(0)?, row.get(1)?);
        Ok((status.to_string(), json!(answers)))
    })?;
    rows.collect()
}
