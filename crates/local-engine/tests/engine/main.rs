//! The engine as its callers see it: over HTTP on loopback, with sites of this test's own.

mod api;
mod caller;
mod fetching;
mod guarding;
mod program;
mod refusals;
mod results;
mod site;
