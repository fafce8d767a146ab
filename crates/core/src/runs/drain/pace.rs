//! When to ask again, and how fast a run goes. By this computer's steady clock: one that is set anew
//! changes neither.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// What the speed is counted over.
const WINDOW: Duration = Duration::from_secs(120);
/// Less says nothing yet.
const SHORTEST: Duration = Duration::from_secs(3);

/// Waits between two looks at a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cadence {
    /// On this computer asking costs nothing.
    pub local: bool,
}

impl Cadence {
    /// Contract §8.1.
    pub fn between_looks(self, queued: u32) -> Duration {
        if self.local {
            return Duration::from_secs(1);
        }
        Duration::from_secs(match queued {
            0..100 => 5,
            100..500 => 10,
            500..2000 => 15,
            2000.. => 30,
        })
    }

    /// Once the run has ended and the listing still lacks some.
    pub fn after_the_end(self, quiet: u32) -> Duration {
        let first = Duration::from_millis(if self.local { 200 } else { 2_000 });
        first * (quiet + 1)
    }

    /// After so many failures in a row; a longer wait that the service asks for is kept.
    pub fn after_failures(self, failures: u32, asked: Option<Duration>) -> Duration {
        let doubled = Duration::from_secs(1) * 2_u32.saturating_pow(failures.min(6));
        asked
            .unwrap_or_default()
            .max(doubled.min(Duration::from_secs(60)))
    }
}

/// How many jobs had ended when, of late.
#[derive(Debug, Default)]
pub struct Speed {
    seen: VecDeque<(Instant, u32)>,
}

impl Speed {
    pub fn note(&mut self, now: Instant, ended: u32) {
        if self.seen.back().is_some_and(|(_, last)| *last > ended) {
            return;
        }
        self.seen.push_back((now, ended));
        while self.seen.len() > 2
            && self
                .seen
                .get(1)
                .is_some_and(|(at, _)| now.duration_since(*at) > WINDOW)
        {
            self.seen.pop_front();
        }
    }

    pub fn pages_per_minute(&self) -> Option<u32> {
        let rate = self.per_second()?;
        Some((rate * 60.0).round() as u32)
    }

    pub fn seconds_left(&self, queued: u32) -> Option<u32> {
        let rate = self.per_second()?;
        let (_, ended) = self.seen.back()?;
        let left = queued.saturating_sub(*ended);
        (rate > 0.0).then(|| (f64::from(left) / rate).ceil() as u32)
    }

    fn per_second(&self) -> Option<f64> {
        let ((from, first), (to, last)) = (self.seen.front()?, self.seen.back()?);
        let time = to.duration_since(*from);
        (time >= SHORTEST).then(|| f64::from(last - first) / time.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speed_is_that_of_the_last_minutes_alone() {
        let start = Instant::now();
        let mut speed = Speed::default();
        speed.note(start, 5_000);
        assert_eq!(speed.pages_per_minute(), None, "one look says nothing");
        for second in 1..=600 {
            // What was there before this start does not count.
            speed.note(
                start + Duration::from_secs(second),
                5_000 + second as u32 * 2,
            );
        }
        assert_eq!(speed.pages_per_minute(), Some(120));
        assert_eq!(
            speed.seconds_left(6_400),
            Some(100),
            "200 pages at 2 a second"
        );
        speed.note(start + Duration::from_secs(601), 10);
        assert_eq!(
            speed.pages_per_minute(),
            Some(120),
            "a counter that goes back is not believed"
        );
    }

    #[test]
    fn waits_follow_the_contract_and_the_service() {
        let cloud = Cadence { local: false };
        let seconds = [50, 100, 1999, 2000].map(|queued| cloud.between_looks(queued).as_secs());
        assert_eq!(seconds, [5, 10, 15, 30]);
        let asked = Some(Duration::from_secs(90));
        assert_eq!(
            cloud.after_failures(0, asked).as_secs(),
            90,
            "not shortened"
        );
        assert_eq!(cloud.after_failures(40, None).as_secs(), 60, "bounded");
    }
}
