//! When a call is repeated. Reads are free to repeat, and so is what comes to the same however often it is made: a
//! keyed creation (contract §4.10.2), an update, a deletion. What spends credits is repeated only when it surely never
//! began, since a repeated scrape is charged again (contract §8.5 row 13).

use std::time::Duration;

use crate::Error;
use crate::call::Effect;

/// How often and how fast calls are repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Most repetitions of a call that only reads, or comes to the same however often it is made.
    pub reads: u32,
    /// Most repetitions of a spending call whose connection was never made.
    pub unsent: u32,
    /// Wait before the first repetition; each further one waits twice as long, minus a random part.
    pub first_delay: Duration,
    /// Longest wait, also when the service asks for a longer one.
    pub longest_delay: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            reads: 3,
            unsent: 1,
            first_delay: Duration::from_millis(500),
            longest_delay: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// Never repeats anything.
    pub fn never() -> Self {
        Self {
            reads: 0,
            unsent: 0,
            ..Self::default()
        }
    }

    /// How long to wait before the call is repeated; `None` when it must not be.
    pub(crate) fn delay(&self, effect: Effect, repeated: u32, error: &Error) -> Option<Duration> {
        let allowed = match effect {
            Effect::Reads | Effect::Settles if is_passing(error) => self.reads,
            Effect::Spends if error.never_sent() => self.unsent,
            Effect::Reads | Effect::Settles | Effect::Spends | Effect::Probes => 0,
        };
        (repeated < allowed).then(|| self.wait(repeated, error.retry_after(), fastrand::f64()))
    }

    /// Spread over 75 to 100 % so that many clients do not come back at once. A wait that the service asked for is
    /// not shortened.
    fn wait(&self, repeated: u32, asked: Option<Duration>, random: f64) -> Duration {
        let doubled = self
            .first_delay
            .saturating_mul(2_u32.saturating_pow(repeated));
        asked
            .unwrap_or_else(|| {
                doubled
                    .min(self.longest_delay)
                    .mul_f64(0.75 + 0.25 * random)
            })
            .min(self.longest_delay)
    }
}

fn is_passing(error: &Error) -> bool {
    error.never_sent()
        || matches!(
            error,
            Error::RateLimited { .. } | Error::Server(_) | Error::Interrupted { .. }
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_stay_within_a_quarter() {
        let policy = RetryPolicy::default();
        for (repeated, full) in [(0, 500), (1, 1000), (2, 2000), (7, 60_000), (40, 60_000)] {
            let full = Duration::from_millis(full);
            assert_eq!(
                policy.wait(repeated, None, 1.0),
                full,
                "longest wait {repeated}"
            );
            assert_eq!(
                policy.wait(repeated, None, 0.0),
                full.mul_f64(0.75),
                "shortest wait {repeated}"
            );
        }
    }

    #[test]
    fn a_wait_the_service_asks_for_is_kept_up_to_a_minute() {
        let policy = RetryPolicy::default();
        let seven = Duration::from_secs(7);
        assert_eq!(policy.wait(0, Some(seven), 0.0), seven, "not shortened");
        let hour = Duration::from_secs(3600);
        assert_eq!(
            policy.wait(0, Some(hour), 0.5),
            Duration::from_secs(60),
            "an hour is more than a person waits for"
        );
    }
}
