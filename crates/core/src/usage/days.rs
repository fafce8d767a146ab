//! Credits of days and pages of hours, out of answers whose inner form nobody documents
//! (contract §4.3, §4.4).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::bill::Bill;
use super::calendar::{CalendarMonth, day_of};
use super::free_form::{count, field, free_form};
use super::{FreeForm, HourUsage};
use crate::library::narrow;

/// Credits of one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    pub simple: u32,
    pub browser: u32,
    /// Pages times their price.
    pub worked_out: bool,
}

/// The service's metrics of a month, when they tell the credits of its days. Days on which nothing
/// happened are left out by the service.
pub fn from_metrics(answer: &Value, month: CalendarMonth) -> Option<BTreeMap<u8, Day>> {
    let entries = match answer {
        Value::Array(entries) => entries,
        Value::Object(_) => answer.get("data")?.as_array()?,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
    };
    let mut days = BTreeMap::new();
    for entry in entries {
        let date = day_of(entry.get("date")?.as_str()?)?;
        if CalendarMonth::of(date) != month {
            return None;
        }
        let kinds = entry.get("scrape_type")?;
        let credits = |kind: &str| match kinds.get(kind) {
            Some(figures) => field(figures, &["credits"]),
            None => Some(0),
        };
        let day: &mut Day = days.entry(date.day()).or_default();
        day.simple = day.simple.saturating_add(narrow(credits("simple")?));
        day.browser = day.browser.saturating_add(narrow(credits("browser")?));
    }
    Some(days)
}

/// Whether the days are of this account: metrics may be those of the whole service.
pub fn add_up_to(days: &BTreeMap<u8, Day>, bill: &Bill) -> bool {
    let sum = |of: fn(&Day) -> u32| days.values().map(|day| u64::from(of(day))).sum::<u64>();
    sum(|day| day.simple) == u64::from(bill.sums.simple_credits)
        && sum(|day| day.browser) == u64::from(bill.sums.browser_credits)
}

/// A day's `scrape_type` of the client's metrics; none when it says nothing that can be read.
pub fn from_kinds(kinds: &Map<String, Value>, bill: &Bill) -> Option<Day> {
    let kind = |name: &str, price: u32| -> Option<(u64, bool)> {
        let value = match kinds.get(name) {
            None | Some(Value::Null) => return Some((0, false)),
            Some(value) => value,
        };
        if let Some(credits) = field(value, &["credits"]) {
            return Some((credits, false));
        }
        let pages = pages(value)?;
        Some((pages.saturating_mul(u64::from(price)), pages > 0))
    };
    if !kinds.is_empty() && !kinds.contains_key("simple") && !kinds.contains_key("browser") {
        return None;
    }
    let (simple, simple_worked_out) = kind("simple", bill.simple_price)?;
    let (browser, browser_worked_out) = kind("browser", bill.browser_price)?;
    Some(Day {
        simple: narrow(simple),
        browser: narrow(browser),
        worked_out: simple_worked_out || browser_worked_out,
    })
}

/// The hours of a day in order, and what could not be read as one. No hours at all are none.
pub fn hours(hourly: Option<&Map<String, Value>>) -> (Vec<HourUsage>, Option<FreeForm>) {
    let mut rows: Vec<HourUsage> = (0..24)
        .map(|hour| HourUsage {
            hour,
            ..HourUsage::default()
        })
        .collect();
    let (mut known, mut unread) = (false, Map::new());
    for (name, value) in hourly.into_iter().flatten() {
        let row = hour_of(name).and_then(|hour| rows.get_mut(hour));
        match (row, kinds(value)) {
            (Some(row), Some((simple, browser))) => {
                row.simple = row.simple.saturating_add(narrow(simple));
                row.browser = row.browser.saturating_add(narrow(browser));
                known = true;
            }
            (Some(_), None) | (None, _) => {
                unread.insert(name.clone(), value.clone());
            }
        }
    }
    if !known {
        rows.clear();
    }
    (rows, free_form(&Value::Object(unread)))
}

/// Pages without and with a browser; a bare number is of no kind and counts as simple.
fn kinds(value: &Value) -> Option<(u64, u64)> {
    if let Some(pages) = count(value) {
        return Some((pages, 0));
    }
    let value = value.get("scrape_type").unwrap_or(value);
    let kind = |name: &str| value.get(name).and_then(pages);
    match (kind("simple"), kind("browser")) {
        (None, None) => pages(value).map(|pages| (pages, 0)),
        (simple, browser) => Some((simple.unwrap_or(0), browser.unwrap_or(0))),
    }
}

fn pages(value: &Value) -> Option<u64> {
    count(value)
        .or_else(|| {
            field(
                value,
                &["total", "total_requests", "requests", "pages", "count"],
            )
        })
        .or_else(|| Some(field(value, &["success"])? + field(value, &["failed"]).unwrap_or(0)))
}

/// "7", "07", "07:00" and "2026-10-16T07:00:00Z" are the same hour.
fn hour_of(name: &str) -> Option<usize> {
    let clock = name.rsplit(['T', ' ']).next().unwrap_or(name);
    let digits = clock.split([':', 'h']).next().unwrap_or(clock);
    let hour: usize = digits.parse().ok()?;
    (digits.len() <= 2 && hour < 24).then_some(hour)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn month() -> CalendarMonth {
        CalendarMonth::parse("2026-10").expect("a month")
    }

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn metrics_count_only_when_they_tell_each_days_credits() {
        let day = |kinds: Value| json!({"data": [{"date": "2026-10-02", "scrape_type": kinds}]});
        let good = day(json!({"simple": {"credits": 3}, "browser": {"credits": 10}}));
        let days = from_metrics(&good, month()).expect("days");
        assert_eq!(
            days.get(&2).map(|day| (day.simple, day.browser)),
            Some((3, 10))
        );
        assert_eq!(
            from_metrics(&json!({"data": []}), month()),
            Some(BTreeMap::new())
        );
        for odd in [
            day(json!({"simple": 3})),
            json!({"data": [{"date": "2026-09-02", "scrape_type": {}}]}),
            json!({"data": [{"scrape_type": {}}]}),
            json!({"data": {"a": 1}}),
            json!("none"),
        ] {
            assert_eq!(from_metrics(&odd, month()), None, "{odd}");
        }
        let mut bill = Bill::default();
        assert!(!add_up_to(&days, &bill), "those of the whole service");
        (bill.sums.simple_credits, bill.sums.browser_credits) = (3, 10);
        assert!(add_up_to(&days, &bill));
    }

    #[test]
    fn pages_of_a_day_are_counted_at_their_price() {
        let bill = Bill {
            simple_price: 1,
            browser_price: 5,
            ..Bill::default()
        };
        let day = |kinds: Value| from_kinds(&object(kinds), &bill);
        let told = |day: Option<Day>| day.map(|day| (day.simple, day.browser, day.worked_out));
        assert_eq!(
            told(day(json!({"simple": 40, "browser": 10}))),
            Some((40, 50, true))
        );
        assert_eq!(
            told(day(json!({"browser": {"credits": 7, "total": 9}}))),
            Some((0, 7, false))
        );
        assert_eq!(
            told(day(json!({"simple": {"success": 2, "failed": 1}}))),
            Some((3, 0, true))
        );
        assert_eq!(
            told(day(json!({}))),
            Some((0, 0, false)),
            "nothing happened"
        );
        assert_eq!(day(json!({"simple": [1]})), None);
        assert_eq!(day(json!({"quick": 4})), None);
    }

    #[test]
    fn hours_have_many_names() {
        let hourly = object(json!({
            "00": {"simple": 1, "browser": 2}, "7": 3, "09:00": {"total": 4},
            "2026-10-16T23:00:00Z": {"scrape_type": {"simple": {"success": 1, "failed": 1}}},
            "24": 9, "noon": {"simple": 1}, "12": {"odd": []},
        }));
        let (rows, unread) = hours(Some(&hourly));
        let at = |hour: usize| (rows[hour].simple, rows[hour].browser);
        assert_eq!(
            (at(0), at(7), at(9), at(23)),
            ((1, 2), (3, 0), (4, 0), (2, 0))
        );
        let unread = unread.expect("the others").rows;
        assert_eq!(unread.len(), 2, "“24” and “noon”: {unread:?}");
        assert_eq!(hours(None), (Vec::new(), None));
    }
}
