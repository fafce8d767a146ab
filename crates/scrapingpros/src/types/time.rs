//! Times. The service writes them in three forms (contract §1.6): seconds since 1970 as a float for collections and
//! runs, ISO without a zone for jobs, ISO with `Z` elsewhere. Each field is read in all of them (contract §9 row 13),
//! and written in its own.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// A time in any form of the contract (§1.6, §9 row 13): a number or text of seconds since 1970, ISO 8601 with `Z` or
/// an offset, ISO 8601 without either, which is UTC. `None` for anything else.
pub fn read(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(seconds) => from_epoch(seconds.as_f64()?),
        Value::String(text) => read_text(text.trim()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Seconds since 1970, as collections and runs carry them (contract §1.6). Exact to the microsecond.
pub fn epoch(time: Timestamp) -> f64 {
    time.as_microsecond() as f64 / MICROSECONDS
}

/// ISO 8601 without a zone, UTC, to the millisecond, as jobs carry it (contract §1.6). Finer parts are kept.
pub fn naive(time: Timestamp) -> String {
    let form = if time.subsec_nanosecond() % 1_000_000 == 0 {
        "%Y-%m-%dT%H:%M:%S%.3f"
    } else {
        "%Y-%m-%dT%H:%M:%S%.f"
    };
    time.strftime(form).to_string()
}

/// ISO 8601 with `Z`, as filters take it and errors carry it (contract §1.6, §4.11).
pub fn zulu(time: Timestamp) -> String {
    time.to_string()
}

fn read_text(text: &str) -> Option<Timestamp> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    if let Ok(seconds) = text.parse::<f64>() {
        return from_epoch(seconds);
    }
    let naive = text.parse::<DateTime>().ok()?;
    TimeZone::UTC.to_timestamp(naive).ok()
}

fn from_epoch(seconds: f64) -> Option<Timestamp> {
    let micros = (seconds * MICROSECONDS).round();
    if !micros.is_finite() || micros.abs() > 9.0e17 {
        return None;
    }
    Timestamp::from_microsecond(micros as i64).ok()
}

const MICROSECONDS: f64 = 1_000_000.0;

pub(super) fn as_epoch<S: Serializer>(
    time: &Option<Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    time.map(epoch).serialize(serializer)
}

pub(super) fn as_naive<S: Serializer>(
    time: &Option<Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    time.map(naive).serialize(serializer)
}
