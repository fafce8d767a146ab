//! Months and days as the service counts them: in UTC.

use std::ops::Range;

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, Month, OffsetDateTime, Time};

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const SECONDS_A_DAY: i64 = 86_400;

/// A month of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarMonth {
    first: Date,
}

impl CalendarMonth {
    /// `YYYY-MM`, and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        day_of(&format!("{text}-01")).map(|first| Self { first })
    }

    pub fn of(day: Date) -> Self {
        Self {
            first: day.replace_day(1).unwrap_or(day),
        }
    }

    pub fn before(self) -> Self {
        Self::of(self.first.previous_day().unwrap_or(self.first))
    }

    /// `YYYY-MM`.
    pub fn name(self) -> String {
        format!(
            "{:04}-{:02}",
            self.first.year(),
            u8::from(self.first.month())
        )
    }

    pub fn length(self) -> u8 {
        let month: Month = self.first.month();
        month.length(self.first.year())
    }

    pub fn first(self) -> Date {
        self.first
    }

    pub fn last(self) -> Date {
        self.first.replace_day(self.length()).unwrap_or(self.first)
    }

    pub fn day(self, day: u8) -> Option<Date> {
        self.first.replace_day(day).ok()
    }

    /// Unix seconds.
    pub fn span(self) -> Range<i64> {
        let begins = midnight(self.first);
        begins..begins + i64::from(self.length()) * SECONDS_A_DAY
    }

    /// How many of its days have begun.
    pub fn days_begun(self, today: Date) -> u8 {
        if today < self.first {
            return 0;
        }
        if Self::of(today) == self {
            return today.day();
        }
        self.length()
    }
}

/// `YYYY-MM-DD`, and nothing else.
pub fn day_of(text: &str) -> Option<Date> {
    let plain = text.len() == 10 && text.is_ascii() && !text.starts_with(['+', '-']);
    plain.then(|| Date::parse(text, DAY).ok()).flatten()
}

/// `YYYY-MM-DD`.
pub fn day_name(day: Date) -> String {
    let (year, month) = (day.year(), u8::from(day.month()));
    format!("{year:04}-{month:02}-{:02}", day.day())
}

/// Unix seconds of the end of a day.
pub fn end_of(day: Date) -> i64 {
    midnight(day) + SECONDS_A_DAY
}

/// What the service counts after that is not of this day any more; it settles for so long.
pub fn is_settled(end: i64, now: OffsetDateTime) -> bool {
    now.unix_timestamp() >= end + SECONDS_A_DAY
}

fn midnight(day: Date) -> i64 {
    day.with_time(Time::MIDNIGHT).assume_utc().unix_timestamp()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn months_are_read_strictly() {
        for odd in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "26-10",
            "2026-10-01",
            "+026-10",
            " 2026-10",
            "2026-1",
        ] {
            assert_eq!(CalendarMonth::parse(odd), None, "{odd:?}");
        }
        let leap = CalendarMonth::parse("2024-02").expect("a month");
        assert_eq!((leap.length(), leap.name().as_str()), (29, "2024-02"));
        assert_eq!(leap.before().before().before().name(), "2023-11");
        assert_eq!(leap.last(), date!(2024 - 02 - 29));
        assert_eq!(leap.span().end - leap.span().start, 29 * SECONDS_A_DAY);
    }

    #[test]
    fn days_that_have_begun() {
        let month = CalendarMonth::parse("2026-10").expect("a month");
        let begun = |day| month.days_begun(day);
        assert_eq!(begun(date!(2026 - 09 - 30)), 0, "not begun");
        assert_eq!(begun(date!(2026 - 10 - 01)), 1);
        assert_eq!(begun(date!(2026 - 10 - 31)), 31);
        assert_eq!(begun(date!(2027 - 01 - 01)), 31, "past");
    }
}
