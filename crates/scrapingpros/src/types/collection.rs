//! Collections: lists of addresses to scrape (contract §3.3, §4.10 to §4.13).

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value};

use super::words::open_words;
use super::{ScrapeRequest, lenient, time};

/// Body of `POST /v1/async/collections` (contract §4.10.1).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NewCollection {
    /// Not unique. A suffix of one's own makes it findable when the answer is lost (contract §7).
    pub name: String,
    /// What to scrape. The service never gives it back: keep it.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub requests: Vec<ScrapeRequest>,
    /// Told when a run ends (contract §6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_url: Option<String>,
}

/// Body of `PUT /v1/async/collections/{id}` (contract §4.13).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CollectionChange {
    /// Always sent, also when it stays.
    pub name: String,
    /// Replaces the list; `None` keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<Vec<ScrapeRequest>>,
}

/// A collection as the service lists it, without its requests (contract §3.3).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Collection {
    /// Opaque.
    pub id: String,
    /// Not unique.
    pub name: String,
    /// Absent for old ones (contract §9 row 11).
    #[serde(serialize_with = "time::as_epoch")]
    pub created_at: Option<Timestamp>,
    /// Absent for old ones (contract §9 row 11).
    #[serde(serialize_with = "time::as_epoch")]
    pub updated_at: Option<Timestamp>,
    /// Fields this version does not know, and those above when they are not what is expected.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

/// What became of the submitted requests (contract §4.10.3). The service says it once and never again: keep it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CollectionReceipt {
    /// Opaque. Contract §4.13: an update may leave it out.
    pub id: Option<String>,
    /// As submitted.
    pub name: Option<String>,
    /// The service's words.
    pub message: Option<String>,
    /// How many requests were there twice. See [`CollectionReceipt::duplicates`].
    pub duplicates_skipped: u64,
    /// Requests whose address is private or malformed.
    pub blocked_urls: Vec<BlockedUrl>,
    /// Requests that are wrong in another way.
    pub invalid_items: Vec<InvalidItem>,
    /// One entry for each request that was left out because it was there already.
    pub duplicate_urls: Vec<String>,
    /// Fields this version does not know, and those above when they are not what is expected.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

impl CollectionReceipt {
    /// How many requests were there twice, from whichever field the service fills (contract §4.10.3).
    pub fn duplicates(&self) -> u64 {
        match self.duplicate_urls.len() {
            0 => self.duplicates_skipped,
            some => some as u64,
        }
    }

    /// How many of the `submitted` requests a run will work off (contract §4.10.3): all but the blocked, the invalid
    /// and the duplicates.
    pub fn queued(&self, submitted: u64) -> u64 {
        let refused = self.blocked_urls.len() as u64 + self.invalid_items.len() as u64;
        submitted.saturating_sub(refused.saturating_add(self.duplicates()))
    }
}

/// A request whose address the service does not open (contract §4.10.3).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BlockedUrl {
    /// Place in the submitted `requests`, from 0.
    #[serde(deserialize_with = "lenient::optional")]
    pub index: Option<u64>,
    /// The address.
    #[serde(deserialize_with = "lenient::optional")]
    pub url: Option<String>,
    /// Why.
    #[serde(deserialize_with = "lenient::null_as_default")]
    pub reason: BlockedReason,
    /// The service's words.
    #[serde(deserialize_with = "lenient::optional")]
    pub message: Option<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

open_words! {
    /// Why an address is not opened (contract §4.10.3).
    BlockedReason {
        /// Inside a private network, or this computer.
        PrivateIp = "private_ip",
        /// No such host.
        DnsFailed = "dns_failed",
        /// A host that is never opened.
        BlockedHostname = "blocked_hostname",
        /// Neither http nor https.
        InvalidProtocol = "invalid_protocol",
        /// A port that is never opened.
        InvalidPort = "invalid_port",
        /// Not an address.
        MalformedUrl = "malformed_url",
        /// For a reason not told.
        Blocked = "blocked",
    }
}

/// A request that is wrong (contract §4.10.3).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct InvalidItem {
    /// Place in the submitted `requests`, from 0.
    pub index: Option<u64>,
    /// The address, when there is one.
    pub url: Option<String>,
    /// What is wrong with it.
    pub errors: Vec<ItemError>,
    /// Fields this version does not know, and those above when they are not what is expected.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

/// One wrong field of a request in a collection (contract §4.10.3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemError {
    /// Dotted path such as `actions.0.selector`, or `<root>`.
    #[serde(deserialize_with = "lenient::null_as_default")]
    pub field: String,
    /// Open set: `string_too_long`, `missing`, `param_invalid`, …
    #[serde(deserialize_with = "lenient::null_as_default")]
    pub error_type: String,
    /// The service's words.
    #[serde(deserialize_with = "lenient::null_as_default")]
    pub message: String,
}

impl<'de> Deserialize<'de> for Collection {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut row = Map::deserialize(deserializer)?;
        Ok(Self {
            id: lenient::take_id(&mut row, "id").ok_or_else(|| de::Error::missing_field("id"))?,
            name: lenient::take_text(&mut row, "name").unwrap_or_default(),
            created_at: lenient::take_time(&mut row, "created_at"),
            updated_at: lenient::take_time(&mut row, "updated_at"),
            unknown: row,
        })
    }
}

impl<'de> Deserialize<'de> for CollectionReceipt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut answer = Map::deserialize(deserializer)?;
        Ok(Self {
            id: lenient::take_id(&mut answer, "id"),
            name: lenient::take_text(&mut answer, "name"),
            message: lenient::take_text(&mut answer, "message"),
            duplicates_skipped: lenient::take_count(&mut answer, "duplicates_skipped"),
            blocked_urls: lenient::take_moved(&mut answer, "blocked_urls", lenient::known)
                .unwrap_or_default(),
            invalid_items: lenient::take_moved(&mut answer, "invalid_items", lenient::known)
                .unwrap_or_default(),
            duplicate_urls: lenient::take_texts(&mut answer, "duplicate_urls"),
            unknown: answer,
        })
    }
}

impl<'de> Deserialize<'de> for InvalidItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut item = Map::deserialize(deserializer)?;
        Ok(Self {
            index: lenient::take_moved(&mut item, "index", lenient::natural),
            url: lenient::take_text(&mut item, "url"),
            errors: lenient::take_moved(&mut item, "errors", lenient::known).unwrap_or_default(),
            unknown: item,
        })
    }
}
