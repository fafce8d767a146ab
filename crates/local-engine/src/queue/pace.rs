//! How many simple pages are opened at once: as many as bring more pages per second. Where the sites are
//! slow that is many; where this computer is the limit, a few.

use std::time::{Duration, Instant};

const START: usize = 32;
const LEAST: usize = 16;
const MOST: usize = 128;

const WINDOW: Duration = Duration::from_secs(1);
/// A change of less than this is noise.
const NOTABLE: f64 = 0.05;

pub struct Pace {
    limit: usize,
    grows: bool,
    last_rate: f64,
    since: Instant,
    ended: usize,
    /// Whether the limit was what held the work back.
    was_full: bool,
}

impl Pace {
    pub fn new(now: Instant) -> Self {
        Self {
            limit: START,
            grows: true,
            last_rate: 0.0,
            since: now,
            ended: 0,
            was_full: true,
        }
    }

    pub fn limit(&self) -> usize {
        self.limit
    }

    /// A job ended; `is_full` tells whether others waited for its place alone.
    pub fn ended(&mut self, now: Instant, is_full: bool) {
        self.ended += 1;
        self.was_full &= is_full;
        let passed = now.saturating_duration_since(self.since);
        if passed < WINDOW || self.ended < self.limit {
            return;
        }
        let rate = self.ended as f64 / passed.as_secs_f64();
        if self.was_full {
            self.step(rate);
        }
        self.since = now;
        self.ended = 0;
        self.was_full = true;
    }

    fn step(&mut self, rate: f64) {
        let gain = rate / self.last_rate.max(f64::MIN_POSITIVE) - 1.0;
        // Growth must pay; shrinking must only cost nothing.
        let goes_on = if self.grows {
            gain > NOTABLE
        } else {
            gain > -NOTABLE
        };
        if !goes_on {
            self.grows = !self.grows;
        }
        self.limit = if self.grows {
            self.limit * 5 / 4
        } else {
            self.limit * 4 / 5
        }
        .clamp(LEAST, MOST);
        self.last_rate = rate;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The limits over a minute on a site whose pages per second follow from the limit.
    fn limits(rate: impl Fn(usize) -> f64) -> Vec<usize> {
        let mut now = Instant::now();
        let mut pace = Pace::new(now);
        let mut limits = Vec::new();
        for _ in 0..60 {
            let in_a_second = rate(pace.limit()).ceil();
            for _ in 0..in_a_second as usize {
                now += Duration::from_secs_f64(1.001 / in_a_second);
                pace.ended(now, true);
            }
            limits.push(pace.limit());
        }
        limits
    }

    #[test]
    fn slow_sites_get_many_visitors() {
        let limits = limits(|limit| limit as f64 / 0.5);
        assert!(
            limits.iter().any(|limit| *limit > 100),
            "half a second a page: {limits:?}"
        );
    }

    #[test]
    fn a_busy_computer_gets_few() {
        let limits = limits(|limit| 1_500.0_f64.min(limit as f64 * 100.0));
        assert!(
            limits[10..].iter().all(|limit| *limit <= 40),
            "15 at once are all it can: {limits:?}"
        );
    }

    #[test]
    fn few_jobs_teach_nothing() {
        let mut now = Instant::now();
        let mut pace = Pace::new(now);
        for _ in 0..1_000 {
            now += Duration::from_millis(5);
            pace.ended(now, false);
        }
        assert_eq!(pace.limit(), START);
    }
}
