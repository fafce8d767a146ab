//! A result that stands inside a row of the jobs listing (contract §3.5), read only when it is wanted.

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::ScrapeResponse;

/// JSON of a result, a part of the page's own bytes (contract §3.5). Keeping one keeps its whole page in memory; see
/// [`InlineResult::detached`].
#[derive(Clone, PartialEq, Eq)]
pub struct InlineResult(Bytes);

impl InlineResult {
    /// Reads it. It may be partial or malformed while a run is going on (contract §9 row 21).
    pub fn parse(&self) -> serde_json::Result<ScrapeResponse> {
        serde_json::from_str(&String::from_utf8_lossy(&self.0))
    }

    /// Its JSON, as it came (contract §3.5).
    pub fn json(&self) -> &[u8] {
        &self.0
    }

    /// A copy that keeps nothing else in memory (contract §3.5).
    pub fn detached(&self) -> Self {
        Self(Bytes::copy_from_slice(&self.0))
    }

    /// The part of a page that a raw value borrows from it. `null` is none.
    pub(super) fn within(page: &Bytes, raw: &RawValue) -> Option<Self> {
        let json = raw.get();
        (json != "null").then(|| Self(page.slice_ref(json.as_bytes())))
    }

    /// A part of a page that was cut out of it and is not `null`.
    pub(super) fn cut(json: Bytes) -> Self {
        Self(json)
    }

    pub(super) fn of(value: &Value) -> Option<Self> {
        let is_there = !value.is_null();
        is_there.then(|| Self(value.to_string().into()))
    }
}

impl std::fmt::Debug for InlineResult {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "InlineResult({} bytes)", self.0.len())
    }
}

impl Serialize for InlineResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serde_json::from_slice::<&RawValue>(&self.0) {
            Ok(json) => json.serialize(serializer),
            // Malformed (contract §9 row 21): kept as the text it is.
            Err(_) => String::from_utf8_lossy(&self.0).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for InlineResult {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Value::deserialize(deserializer)?.to_string().into()))
    }
}
