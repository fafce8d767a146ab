//! `GET /v1/health` (contract §4.9). Its shape is not documented, so only its words are read.

use serde::Serialize;
use serde_json::{Map, Value};

/// Any 2xx answer: reachable.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HealthResponse {
    /// The service's own word, when it sends one.
    pub status: Option<String>,
    /// Each nested object with a `status` of its own.
    pub components: Vec<HealthComponent>,
    /// The whole answer; `Null` when it was not JSON.
    pub raw: Value,
}

/// One part of the service.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HealthComponent {
    /// Its key in the answer.
    pub name: String,
    /// Its own word.
    pub status: String,
    /// Whatever else it says.
    pub details: Map<String, Value>,
}

impl HealthResponse {
    /// `ok`, `healthy`, `up` and `pass`, whatever their case; `None` when nothing was said.
    pub fn is_good(&self) -> Option<bool> {
        self.status.as_deref().map(is_good_word)
    }
}

impl HealthComponent {
    /// See [`HealthResponse::is_good`].
    pub fn is_good(&self) -> bool {
        is_good_word(&self.status)
    }
}

fn is_good_word(word: &str) -> bool {
    ["ok", "healthy", "up", "pass"]
        .iter()
        .any(|good| word.trim().eq_ignore_ascii_case(good))
}

impl From<Value> for HealthResponse {
    fn from(raw: Value) -> Self {
        let status = raw.get("status").and_then(Value::as_str).map(str::to_owned);
        let mut components = Vec::new();
        collect_components(&raw, &mut components);
        Self {
            status,
            components,
            raw,
        }
    }
}

fn collect_components(value: &Value, found: &mut Vec<HealthComponent>) {
    let Some(object) = value.as_object() else {
        return;
    };
    for (name, child) in object {
        if let Some(status) = child.get("status").and_then(Value::as_str) {
            let mut details = child.as_object().cloned().unwrap_or_default();
            details.remove("status");
            found.push(HealthComponent {
                name: name.clone(),
                status: status.to_owned(),
                details,
            });
        } else {
            collect_components(child, found);
        }
    }
}
