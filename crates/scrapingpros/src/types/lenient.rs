//! Reading what the service really sends: `null` is as good as absent (contract §1.6), and one field of a wrong type
//! does not cost the person the whole answer.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::time;

/// `null` reads as the type's default.
pub(super) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A value of another type reads as none.
pub(super) fn optional<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(T::deserialize(Value::deserialize(deserializer)?).ok())
}

/// Anything but `true` reads as false.
pub(super) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_bool() == Some(true))
}

/// Anything but a whole number reads as 0.
pub(super) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(whole(&value)
        .and_then(|number| number.try_into().ok())
        .unwrap_or_default())
}

/// Takes a value out of an object. One of another type stays in, for the details view.
pub(super) fn take<T: DeserializeOwned>(object: &mut Map<String, Value>, name: &str) -> Option<T> {
    let found = T::deserialize(object.get(name)?).ok();
    if found.is_some() || object.get(name).is_some_and(Value::is_null) {
        object.shift_remove(name);
    }
    found
}

/// [`take`] for texts, which can be a hundred megabytes and are moved, not copied.
pub(super) fn take_text(object: &mut Map<String, Value>, name: &str) -> Option<String> {
    take_moved(object, name, text)
}

/// [`take`] for ids, which are opaque: a number is as good as a text.
pub(super) fn take_id(object: &mut Map<String, Value>, name: &str) -> Option<String> {
    take_moved(object, name, id)
}

/// [`take`] for times in any of their forms (contract §9 row 13).
pub(super) fn take_time(object: &mut Map<String, Value>, name: &str) -> Option<Timestamp> {
    take_moved(object, name, moment)
}

/// [`take`] for lists of texts in any of their forms (contract §9 row 20); none is an empty one.
pub(super) fn take_texts(object: &mut Map<String, Value>, name: &str) -> Vec<String> {
    take_moved(object, name, texts).unwrap_or_default()
}

/// [`take`] for counts; none is 0.
pub(super) fn take_count(object: &mut Map<String, Value>, name: &str) -> u64 {
    take_moved(object, name, natural).unwrap_or_default()
}

/// [`take`] for objects, moved.
pub(super) fn take_object(
    object: &mut Map<String, Value>,
    name: &str,
) -> Option<Map<String, Value>> {
    take_moved(object, name, |value| {
        if let Value::Object(fields) = value {
            return Ok(fields);
        }
        Err(value)
    })
}

/// [`take`] for lists, moved.
pub(super) fn take_list(object: &mut Map<String, Value>, name: &str) -> Option<Vec<Value>> {
    take_moved(object, name, |value| {
        if let Value::Array(entries) = value {
            return Ok(entries);
        }
        Err(value)
    })
}

/// `content_type` or `contentType` (contract §9 row 16). Should only the second be readable, what stands in
/// the first moves to the second's name: under its own it would be read back instead of the readable one.
pub(super) fn take_content_type(object: &mut Map<String, Value>) -> Option<String> {
    let camel = take_text(object, "contentType");
    let snake = take_text(object, "content_type");
    if snake.is_none()
        && camel.is_some()
        && let Some(unreadable) = object.shift_remove("content_type")
    {
        object.insert("contentType".to_owned(), unreadable);
    }
    snake.or(camel)
}

/// The entries of an object that can be read; one that can't does not cost the others. Anything but an
/// object reads as an empty one.
pub(super) fn readable_entries<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let Value::Object(entries) = Value::deserialize(deserializer)? else {
        return Ok(BTreeMap::new());
    };
    let read = |(name, entry)| Some((name, T::deserialize(entry).ok()?));
    Ok(entries.into_iter().filter_map(read).collect())
}

/// The entries of a list that can be read; one that can't does not cost the others.
pub(super) fn readable<T: DeserializeOwned>(entries: Vec<Value>) -> Vec<T> {
    entries
        .into_iter()
        .filter_map(|entry| T::deserialize(entry).ok())
        .collect()
}

/// [`take`] for whole numbers, also written `200.0` or `"200"`.
pub(super) fn take_whole(object: &mut Map<String, Value>, name: &str) -> Option<i64> {
    let value = object.get(name)?;
    let found = whole(value);
    if found.is_some() || value.is_null() {
        object.shift_remove(name);
    }
    found
}

/// Takes a value out of an object with a reader that gives back what it can't read; that stays in, but for `null`.
pub(super) fn take_moved<T>(
    object: &mut Map<String, Value>,
    name: &str,
    read: impl FnOnce(Value) -> Result<T, Value>,
) -> Option<T> {
    match read(object.shift_remove(name)?) {
        Ok(found) => Some(found),
        Err(Value::Null) => None,
        Err(other) => {
            object.insert(name.to_owned(), other);
            None
        }
    }
}

pub(super) fn text(value: Value) -> Result<String, Value> {
    if let Value::String(text) = value {
        return Ok(text);
    }
    Err(value)
}

pub(super) fn id(value: Value) -> Result<String, Value> {
    if let Value::Number(number) = &value {
        return Ok(number.to_string());
    }
    text(value)
}

pub(super) fn boolean(value: Value) -> Result<bool, Value> {
    value.as_bool().ok_or(value)
}

pub(super) fn number(value: Value) -> Result<f64, Value> {
    value.as_f64().ok_or(value)
}

/// A whole number, also written `200.0` or `"200"`.
pub(super) fn integer(value: Value) -> Result<i64, Value> {
    whole(&value).ok_or(value)
}

/// [`integer`] that is not negative.
pub(super) fn natural(value: Value) -> Result<u64, Value> {
    value
        .as_u64()
        .or_else(|| whole(&value)?.try_into().ok())
        .ok_or(value)
}

pub(super) fn moment(value: Value) -> Result<Timestamp, Value> {
    time::read(&value).ok_or(value)
}

/// A value of any type that serde knows.
pub(super) fn known<T: DeserializeOwned>(value: Value) -> Result<T, Value> {
    T::deserialize(&value).map_err(|_| value)
}

/// A list of texts; also a JSON list inside a text, or words between commas.
pub(super) fn texts(value: Value) -> Result<Vec<String>, Value> {
    match value {
        Value::Array(entries) if entries.iter().all(Value::is_string) => Ok(readable(entries)),
        Value::String(packed) => {
            if let Ok(list) = serde_json::from_str::<Vec<String>>(&packed) {
                return Ok(list);
            }
            let is_nothing = matches!(packed.trim(), "" | "null" | "[]");
            if !is_nothing && packed.trim_start().starts_with(['[', '{']) {
                return Err(Value::String(packed));
            }
            let words = packed.split(',').map(str::trim);
            Ok(words
                .filter(|word| !is_nothing && !word.is_empty())
                .map(str::to_owned)
                .collect())
        }
        other @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Array(_)
        | Value::Object(_)) => Err(other),
    }
}

fn whole(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| value.as_str()?.trim().parse().ok())
        .or_else(|| {
            let number = value.as_f64()?;
            // Beyond 2^53 a float names no exact whole number.
            (number.fract() == 0.0 && number.abs() < 9.0e15).then_some(number as i64)
        })
}
