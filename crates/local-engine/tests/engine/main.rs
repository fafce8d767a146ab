//! The engine as its callers see it: over HTTP on loopback, with sites of this test's own.

#![allow(
    clippy::expect_used,
    reason = "helpers of tests fail as loudly as tests"
)]

mod api;
mod browsing;
mod caller;
mod collections;
mod faults;
mod fetching;
mod fuzz;
mod guarding;
mod hostile;
mod idempotency;
mod jobs;
mod program;
mod proxies;
mod queue;
#[cfg(unix)]
mod queue_restart;
mod queue_webhook;
mod refusals;
mod relay;
mod results;
mod runs;
mod seeded;
mod site;
mod usage;
mod viability;
