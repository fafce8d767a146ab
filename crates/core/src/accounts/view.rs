//! Accounts as the window shows and fills them in. A key only ever goes inwards.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::ErrorCode;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct AccountView {
    pub id: String,
    pub name: String,
    pub kind: AccountKind,
    /// Empty for the local engine.
    pub server: String,
    /// Last four characters of the key; empty when there is none.
    pub key_hint: String,
    pub key_state: KeyState,
    pub active: bool,
    /// Last known; none before the first answer.
    pub credits: Option<CreditsView>,
    /// Why the account does not work, from its last call.
    pub problem: Option<ErrorCode>,
    /// Unix seconds of the last answer; 0 before the first.
    pub checked_at: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// The engine in this app.
    Local,
    /// The service's public try-out key.
    Demo,
    Cloud,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    NotNeeded,
    /// In the system's keychain.
    Stored,
    /// In memory until the app quits.
    Session,
    /// Nowhere: it must be entered again.
    Missing,
}

/// From the quota headers; `limit` 0 and `unlimited` mean "not stated".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct CreditsView {
    /// None when unlimited.
    pub left: Option<u32>,
    /// None when not stated.
    pub limit: Option<u32>,
}

/// A cloud account as it is typed.
#[derive(Clone, Deserialize, Type)]
pub struct AccountForm {
    pub name: String,
    pub key: String,
    /// Empty: the service's own address.
    pub server: String,
    pub keep: KeepKey,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum KeepKey {
    Keychain,
    /// Until the app quits.
    Session,
}

/// What the service said to a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct AccountCheck {
    /// Host of the server that was asked.
    pub server: String,
    pub credits: Option<CreditsView>,
    pub plan: String,
    pub rate_per_minute: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct HealthView {
    pub state: HealthState,
    /// "Everything works."
    pub sentence: String,
    pub components: Vec<ComponentView>,
    pub latency_ms: u32,
    /// Unix seconds.
    pub checked_at: u32,
    pub details: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    Good,
    Degraded,
    Down,
    Offline,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ComponentView {
    pub name: String,
    pub state: HealthState,
    pub word: String,
}
