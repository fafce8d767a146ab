//! Lists, as the service really sends them: bare or inside `{"items": …}` (contract §9 row 19), and with a row now and
//! then that can't be read, which costs nothing but itself (contract §8.5 row 6).

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Error as _};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::lenient;
use crate::call::{BOM, Unreadable};

/// One entry of a list: read, or kept as it came (contract §8.5 row 6).
pub type Row<T> = Result<T, UnreadableRow>;

/// An entry that is not what the contract names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at {path}: {message}")]
pub struct UnreadableRow {
    /// JSON path of the entry or of what is wrong inside it: `items[3]`.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// The entry as it came.
    pub json: String,
}

/// A whole list (contract §4.11, §5.1), in the service's order.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing<T> {
    /// Each entry, read or not.
    pub rows: Vec<Row<T>>,
    /// How many there are in all, when the service says.
    pub total: Option<u64>,
    /// Fields beside the list that this version does not know.
    pub unknown: Map<String, Value>,
}

impl<T> Listing<T> {
    /// The entries that could be read (contract §8.5 row 6).
    pub fn readable(&self) -> impl Iterator<Item = &T> {
        self.rows.iter().flatten()
    }

    /// The entries that could not (contract §8.5 row 6).
    pub fn unreadable(&self) -> impl Iterator<Item = &UnreadableRow> {
        self.rows.iter().filter_map(|row| row.as_ref().err())
    }

    /// The readable entries, without the rest (contract §8.5 row 6).
    pub fn into_readable(self) -> impl Iterator<Item = T> {
        self.rows.into_iter().flatten()
    }
}

impl<T: DeserializeOwned> Listing<T> {
    pub(crate) fn parse(text: &str) -> Result<Self, Unreadable> {
        let mut list = RawList::parse(text)?;
        let rows = list.rows();
        let total = list
            .take("total")
            .and_then(|raw| lenient::natural(raw).ok());
        Ok(Self {
            rows,
            total,
            unknown: list.unknown(),
        })
    }
}

/// A list whose entries are still text.
pub(super) struct RawList<'a> {
    pub entries: Vec<&'a RawValue>,
    beside: Vec<(Cow<'a, str>, &'a RawValue)>,
    is_bare: bool,
}

impl<'a> RawList<'a> {
    pub fn parse(text: &'a str) -> Result<Self, Unreadable> {
        let text = text.trim_start_matches(BOM).trim_start();
        if text.starts_with('[') {
            return Ok(Self {
                entries: serde_json::from_str(text)?,
                beside: Vec::new(),
                is_bare: true,
            });
        }
        let Fields(mut beside) = serde_json::from_str(text)?;
        let place = beside.iter().position(|(name, _)| name == "items");
        let Some(place) = place else {
            return Err(
                serde_json::Error::custom("neither a list nor an object with items").into(),
            );
        };
        let (_, items) = beside.swap_remove(place);
        let entries =
            serde_json::from_str::<Option<_>>(items.get()).map_err(|cause| Unreadable {
                path: "items".to_owned(),
                cause,
            })?;
        Ok(Self {
            entries: entries.unwrap_or_default(),
            beside,
            is_bare: false,
        })
    }

    pub fn rows<T: DeserializeOwned>(&self) -> Vec<Row<T>> {
        let entries = self.entries.iter().enumerate();
        entries
            .map(|(index, entry)| {
                let mut deserializer = serde_json::Deserializer::from_str(entry.get());
                serde_path_to_error::deserialize(&mut deserializer).map_err(|failure| {
                    let inside = failure.path().to_string();
                    self.unreadable(index, &inside, failure.inner().to_string())
                })
            })
            .collect()
    }

    pub fn unreadable(&self, index: usize, inside: &str, message: String) -> UnreadableRow {
        let list = if self.is_bare { "" } else { "items" };
        let (dot, inside) = match inside {
            "." => ("", ""),
            deeper => (".", deeper),
        };
        UnreadableRow {
            path: format!("{list}[{index}]{dot}{inside}"),
            message,
            json: self.entries[index].get().to_owned(),
        }
    }

    /// A field beside the list.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        let place = self.beside.iter().position(|(known, _)| known == name)?;
        Some(value(self.beside.swap_remove(place).1))
    }

    pub fn unknown(self) -> Map<String, Value> {
        let beside = self.beside.into_iter();
        beside
            .map(|(name, raw)| (name.into_owned(), value(raw)))
            .collect()
    }
}

/// What is nested too deeply to be read is kept as text.
fn value(raw: &RawValue) -> Value {
    serde_json::from_str(raw.get()).unwrap_or_else(|_| Value::String(raw.get().to_owned()))
}

/// An object whose values are still text.
struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

/// A name, borrowed unless it is escaped.
#[derive(Deserialize)]
pub(super) struct Name<'a>(#[serde(borrow)] pub Cow<'a, str>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> serde::de::Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a list or an object with items")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(Name(name)) = map.next_key()? {
            fields.push((name, map.next_value()?));
        }
        Ok(Fields(fields))
    }
}
