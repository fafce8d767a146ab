//! Where the month is going at its pace so far.

use time::{Date, Duration, OffsetDateTime};

use super::ForecastView;
use super::calendar::{CalendarMonth, day_name};

const DAY: f64 = 86_400.0;

/// `left` of the plan. None on the first day, whose pace says nothing.
pub fn forecast(
    month: CalendarMonth,
    now: OffsetDateTime,
    used: u32,
    left: Option<u32>,
) -> Option<ForecastView> {
    let span = month.span();
    let gone = (now.unix_timestamp() - span.start) as f64 / DAY;
    if gone < 1.0 || now.unix_timestamp() >= span.end {
        return None;
    }
    let pace = f64::from(used) / gone;
    let days = f64::from(month.length());
    let runs_out = left.filter(|_| pace > 0.0).and_then(|left| {
        let after = gone + f64::from(left) / pace;
        (after < days).then(|| day_after(month.first(), after))
    });
    Some(ForecastView {
        credits: whole(pace * days).max(used),
        pace: whole(pace),
        runs_out,
    })
}

fn day_after(first: Date, days: f64) -> String {
    day_name(first.saturating_add(Duration::days(days.floor() as i64)))
}

fn whole(number: f64) -> u32 {
    // Saturates.
    number.round() as u32
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn october(now: OffsetDateTime, used: u32, left: Option<u32>) -> Option<ForecastView> {
        forecast(
            CalendarMonth::parse("2026-10").expect("a month"),
            now,
            used,
            left,
        )
    }

    #[test]
    fn the_pace_goes_on() {
        let now = datetime!(2026-10-11 00:00 UTC);
        let view = october(now, 1_000, Some(500)).expect("a forecast");
        assert_eq!((view.credits, view.pace), (3_100, 100));
        assert_eq!(
            view.runs_out.as_deref(),
            Some("2026-10-16"),
            "five days later"
        );
        let enough = october(now, 1_000, Some(2_100)).expect("a forecast");
        assert_eq!(enough.runs_out, None, "it lasts to the last day");
        let nothing = october(now, 0, Some(0)).expect("a forecast");
        assert_eq!((nothing.credits, nothing.runs_out), (0, None));
    }

    #[test]
    fn the_first_day_and_another_month_say_nothing() {
        assert_eq!(october(datetime!(2026-10-01 23:59 UTC), 900, None), None);
        assert_eq!(october(datetime!(2026-11-01 00:00 UTC), 900, None), None);
        assert_eq!(october(datetime!(2026-09-30 12:00 UTC), 900, None), None);
    }
}
