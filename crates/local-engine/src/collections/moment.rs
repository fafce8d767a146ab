//! The service's three ways of writing a time: seconds since 1970 (collections, runs), ISO-8601 without
//! a zone (jobs) and with `Z` (errors). Jobs keep milliseconds.

use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Iso8601;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime};

const NAIVE: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]");

pub fn now_ms() -> i64 {
    to_ms(OffsetDateTime::now_utc())
}

pub fn now_seconds() -> f64 {
    to_seconds(OffsetDateTime::now_utc())
}

/// Rounded down, so that "strictly later" means the same before and after.
pub fn to_ms(moment: OffsetDateTime) -> i64 {
    let ms = moment.unix_timestamp_nanos().div_euclid(1_000_000);
    i64::try_from(ms).unwrap_or_default()
}

pub fn to_seconds(moment: OffsetDateTime) -> f64 {
    moment.unix_timestamp() as f64 + f64::from(moment.microsecond()) / 1e6
}

/// `2026-04-24T12:00:05.100`, in UTC.
pub fn iso(ms: i64) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000)
        .ok()
        .and_then(|moment| moment.format(NAIVE).ok())
        .unwrap_or_default()
}

/// With `Z`, with an offset, or without either, which means UTC; a day alone means its first moment.
/// A plus that a query string turned into a space is read as a plus.
pub fn parse(text: &str) -> Option<OffsetDateTime> {
    let mut text = text.trim().to_owned();
    let bytes = text.as_bytes();
    if let Some(at) = bytes.len().checked_sub(6)
        && at > 10
        && bytes[at] == b' '
    {
        text.replace_range(at..=at, "+");
    }
    if text.as_bytes().get(10) == Some(&b' ') {
        text.replace_range(10..=10, "T");
    }
    OffsetDateTime::parse(&text, &Iso8601::DEFAULT)
        .or_else(|_| {
            PrimitiveDateTime::parse(&text, &Iso8601::DEFAULT).map(PrimitiveDateTime::assume_utc)
        })
        .or_else(|_| Date::parse(&text, &Iso8601::DATE).map(|date| date.midnight().assume_utc()))
        .ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::UtcOffset;

    use super::*;

    #[test]
    fn every_form_of_one_moment_is_the_same() {
        let forms = [
            "2026-04-24T12:00:05.100",
            "2026-04-24T12:00:05.100Z",
            "2026-04-24T12:00:05.1004Z",
            "2026-04-24 12:00:05.100",
            "2026-04-24T14:00:05.100+02:00",
            "2026-04-24T14:00:05.100 02:00",
            "2026-04-24T09:30:05.100-02:30",
            " 2026-04-24T12:00:05.100Z ",
        ];
        for form in forms {
            let moment = parse(form).unwrap_or_else(|| panic!("{form:?} is a time"));
            assert_eq!(to_ms(moment), 1_777_032_005_100, "{form:?}");
        }
        assert_eq!(iso(1_777_032_005_100), "2026-04-24T12:00:05.100");
        let day = parse("2026-04-24").expect("a day alone");
        assert_eq!(iso(to_ms(day)), "2026-04-24T00:00:00.000");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "yesterday",
            "2026-13-01T00:00:00Z",
            "2026-04-24T25:00:00",
            "1777032005",
            "2026-04-24T12:00:05.100+2",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_written_time_is_read_back(ms in 0_i64..4_000_000_000_000, hours in -12_i8..=14, minutes in 0_i8..60) {
            let naive = iso(ms);
            prop_assert_eq!(parse(&naive).map(to_ms), Some(ms));
            prop_assert_eq!(parse(&format!("{naive}Z")).map(to_ms), Some(ms));
            let offset = UtcOffset::from_hms(hours, minutes * hours.signum(), 0).expect("an offset");
            let moment = parse(&naive).expect("a time").to_offset(offset);
            let local = iso(ms + i64::from(offset.whole_seconds()) * 1000);
            let sign = if offset.is_negative() { '-' } else { '+' };
            let text = format!("{local}{sign}{:02}:{:02}", offset.whole_hours().abs(), offset.minutes_past_hour().abs());
            prop_assert_eq!(parse(&text).map(to_ms), Some(to_ms(moment)), "{}", text);
        }

        #[test]
        fn nothing_makes_it_panic(text in "\\PC{0,40}") {
            let _ = parse(&text);
        }
    }
}
