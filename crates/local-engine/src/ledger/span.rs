//! The days that figures are asked for: `YYYY-MM-DD`, `YYYY-MM-DD:YYYY-MM-DD` or `YYYY-MM`, in UTC.

use std::ops::RangeInclusive;

use time::format_description::BorrowedFormatItem;
use time::macros::{date, format_description};
use time::{Date, Duration, Month, OffsetDateTime};

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const EPOCH: Date = date!(1970 - 01 - 01);
const MOST_DAYS: i64 = 366;
const HOURS: i64 = 24;

/// Whole days, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// As it was asked for.
    pub text: String,
    first: Date,
    last: Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    #[error("Input should be YYYY-MM-DD, YYYY-MM-DD:YYYY-MM-DD or YYYY-MM")]
    Form,
    #[error("Input should be YYYY-MM")]
    MonthForm,
    #[error("The first day should not be after the last")]
    Reversed,
    #[error("At most {MOST_DAYS} days can be asked for at once")]
    TooLong,
}

impl Span {
    pub fn today() -> Self {
        let today = OffsetDateTime::now_utc().date();
        Self {
            text: name_of(today),
            first: today,
            last: today,
        }
    }

    pub fn this_month() -> Self {
        let today = OffsetDateTime::now_utc().date();
        month_of(today.year(), today.month()).unwrap_or_else(Self::today)
    }

    pub fn parse(text: &str) -> Result<Self, SpanError> {
        let text = text.trim();
        if let Ok(month) = Self::parse_month(text) {
            return Ok(month);
        }
        let (first, last) = text.split_once(':').unwrap_or((text, text));
        let (first, last) = (day(first)?, day(last)?);
        if first > last {
            return Err(SpanError::Reversed);
        }
        if (last - first).whole_days() >= MOST_DAYS {
            return Err(SpanError::TooLong);
        }
        Ok(Self {
            text: text.to_owned(),
            first,
            last,
        })
    }

    pub fn parse_month(text: &str) -> Result<Self, SpanError> {
        let text = text.trim();
        let first = day(&format!("{text}-01")).map_err(|_| SpanError::MonthForm)?;
        month_of(first.year(), first.month()).ok_or(SpanError::MonthForm)
    }

    pub fn is_single_day(&self) -> bool {
        self.first == self.last
    }

    /// Counted from 1970.
    pub fn days(&self) -> RangeInclusive<i64> {
        number_of(self.first)..=number_of(self.last)
    }

    /// Counted from 1970.
    pub fn hours(&self) -> RangeInclusive<i64> {
        number_of(self.first) * HOURS..=number_of(self.last) * HOURS + HOURS - 1
    }
}

/// `YYYY-MM-DD` of a day counted from 1970.
pub fn day_name(number: i64) -> String {
    EPOCH
        .checked_add(Duration::days(number))
        .map(name_of)
        .unwrap_or_default()
}

pub fn number_of(day: Date) -> i64 {
    (day - EPOCH).whole_days()
}

fn month_of(year: i32, month: Month) -> Option<Span> {
    let first = Date::from_calendar_date(year, month, 1).ok()?;
    Some(Span {
        text: format!("{year:04}-{:02}", u8::from(month)),
        first,
        last: first.replace_day(month.length(year)).ok()?,
    })
}

fn day(text: &str) -> Result<Date, SpanError> {
    let plain = text.len() == 10 && text.is_ascii() && !text.starts_with(['+', '-']);
    plain
        .then(|| Date::parse(text, DAY).ok())
        .flatten()
        .ok_or(SpanError::Form)
}

fn name_of(day: Date) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        day.year(),
        u8::from(day.month()),
        day.day()
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_three_forms() {
        let days = |text| Span::parse(text).map(|span| span.days().count());
        assert_eq!(days("2026-05-03"), Ok(1));
        assert_eq!(days("2026-05-03:2026-05-04"), Ok(2));
        assert_eq!(days("2024-02"), Ok(29), "a leap year");
        assert_eq!(days("2026-01-01:2026-12-31"), Ok(365));
        assert_eq!(days("2025-01-01:2026-12-31"), Err(SpanError::TooLong));
        assert_eq!(days("2026-05-04:2026-05-03"), Err(SpanError::Reversed));
        for wrong in [
            "",
            "yesterday",
            "2026",
            "2026-13",
            "2026-00",
            "2026-02-30",
            "2026-5-3",
            "+2026-05-3",
            "2026-05-03:",
            ":",
            "2026-05:2026-06",
            "2026-05-03:2026-05-04:2026-05-05",
        ] {
            assert_eq!(days(wrong), Err(SpanError::Form), "{wrong:?}");
        }
        assert_eq!(Span::parse_month("2026-05-03"), Err(SpanError::MonthForm));
    }

    #[test]
    fn days_are_counted_from_1970() {
        let span = Span::parse("1970-01-02").expect("a day");
        assert_eq!((span.days(), span.hours()), (1..=1, 24..=47));
        assert_eq!(day_name(20_000), "2024-10-04");
    }

    proptest! {
        #[test]
        fn a_day_keeps_its_name(number in 0_i64..60_000) {
            let span = Span::parse(&day_name(number)).expect("a day");
            prop_assert_eq!(span.days(), number..=number);
        }

        #[test]
        fn nothing_makes_it_panic(text in "\\PC{0,24}") {
            let _ = Span::parse(&text);
        }
    }
}
