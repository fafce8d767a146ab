//! Reading on a leash: a file can be stopped at any byte, and no single record, however hostile,
//! grows beyond a bound, because its bytes are not handed out.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio_util::sync::CancellationToken;

use super::ImportError;

/// Longer than any honest row, tag or cell.
pub const LONGEST_RECORD: u64 = 4 << 20;
/// Out of a file, compressed or not.
pub const MOST_BYTES: u64 = 512 << 20;

const CANCELLED: &str = "cancelled by the person";
const TOO_LONG: &str = "one record is too long";
const TOO_MUCH: &str = "more than the most bytes";

/// What was read since the last record; shared by a reader and whoever counts its records.
#[derive(Clone, Default)]
pub struct Slack(Arc<AtomicU64>);

impl Slack {
    /// A record is complete.
    pub fn give(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    fn take(&self, bytes: u64) -> u64 {
        self.0.fetch_add(bytes, Ordering::Relaxed) + bytes
    }
}

pub struct Leash<R> {
    reader: R,
    slack: Slack,
    left: u64,
    stop: CancellationToken,
}

impl<R> Leash<R> {
    pub fn new(reader: R, slack: &Slack, stop: &CancellationToken) -> Self {
        Self {
            reader,
            slack: slack.clone(),
            left: MOST_BYTES,
            stop: stop.clone(),
        }
    }
}

impl<R: Read> Read for Leash<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stop.is_cancelled() {
            return Err(io::Error::other(CANCELLED));
        }
        let read = self.reader.read(buffer)?;
        if self.slack.take(read as u64) > LONGEST_RECORD {
            return Err(io::Error::other(TOO_LONG));
        }
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or_else(|| io::Error::other(TOO_MUCH))?;
        Ok(read)
    }
}

/// Tells a leash that was pulled from a trouble of the disk; `row` is the one being read.
pub fn explain(error: io::Error, row: u32) -> ImportError {
    match error.get_ref().map(ToString::to_string).as_deref() {
        Some(CANCELLED) => ImportError::Cancelled,
        Some(TOO_LONG) => ImportError::LongRow(row),
        Some(TOO_MUCH) => too_much(),
        Some(_) | None => ImportError::File(error),
    }
}

pub fn too_much() -> ImportError {
    ImportError::unfit(
        "This file holds more text than can be imported at once. Split it, or check that it is the right one.",
    )
}
