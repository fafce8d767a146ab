//! A collection as it will be sent, to be stored before it is (contract §4.10.2, §7).

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Error;
use crate::types::NewCollection;

/// Body and `Idempotency-Key` of one creation (contract §4.10.2). Serialised once: whether the service compares bodies
/// by byte or by meaning is unknown, so it gets the same bytes each time. Can itself be stored and read back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreparedCollection {
    key: String,
    name: String,
    items: usize,
    body: String,
}

impl PreparedCollection {
    pub(crate) fn new(collection: &NewCollection) -> Result<Self, Error> {
        let body = serde_json::to_string(collection)
            .map_err(|error| Error::Unsendable(error.to_string()))?;
        Ok(Self {
            key: Uuid::new_v4().simple().to_string(),
            name: collection.name.clone(),
            items: collection.requests.len(),
            body,
        })
    }

    /// Puts together what was stored apart: the key, and the body as it was sent (contract §4.10.2).
    pub fn from_parts(key: String, body: String) -> serde_json::Result<Self> {
        let collection: NewCollection = serde_json::from_str(&body)?;
        Ok(Self {
            key,
            name: collection.name,
            items: collection.requests.len(),
            body,
        })
    }

    /// The `Idempotency-Key` (contract §1.1): 32 hexadecimal digits.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The collection's name, by which it is found when the key is no longer remembered (contract §7).
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many requests it submits (contract §4.10.3).
    pub fn items(&self) -> usize {
        self.items
    }

    /// The JSON that is sent (contract §4.10.2).
    pub fn body(&self) -> &str {
        &self.body
    }

    pub(crate) fn bytes(&self) -> Bytes {
        Bytes::copy_from_slice(self.body.as_bytes())
    }

    pub(crate) fn patience(&self, base: Duration) -> Duration {
        patience(base, self.items)
    }
}

impl std::fmt::Debug for PreparedCollection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PreparedCollection")
            .field("key", &self.key)
            .field("name", &self.name)
            .field("items", &self.items)
            .finish_non_exhaustive()
    }
}

/// The service has been seen to take in 200 requests a second and better (contract §4.10.5); a quarter of that is
/// waited for.
pub(crate) fn patience(base: Duration, items: usize) -> Duration {
    base + Duration::from_millis(20).saturating_mul(items.try_into().unwrap_or(u32::MAX))
}
