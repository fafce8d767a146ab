//! Countries and proxies as the window shows and fills them in. A password only ever goes inwards.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::AppError;
use crate::accounts::KeepKey;

/// The countries of one account.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct CountriesView {
    pub account_id: String,
    /// On this computer a country is there once a proxy of one's own is entered for it.
    pub local: bool,
    /// By code.
    pub countries: Vec<CountryView>,
    /// Only on this computer.
    pub own: Vec<OwnProxyView>,
    /// Unix seconds; 0: the service has not been asked yet.
    pub checked_at: u32,
    /// Why this is what was known before.
    pub problem: Option<AppError>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct CountryView {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    pub state: CountryState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CountryState {
    /// Pages can be visited from there.
    Approved,
    /// It was asked for; somebody has to approve it.
    Pending,
    /// It can be asked for.
    Available,
}

/// A country to be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
pub struct CountryForm {
    pub code: String,
    pub reason: String,
}

/// What the service made of it.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct CountryAsked {
    pub state: CountryState,
    /// The service's own words.
    pub message: String,
    pub view: CountriesView,
}

/// A country has been approved since it was last looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct CountryApproved {
    pub account_id: String,
    pub account_name: String,
    pub code: String,
}

/// A proxy of the person's own, without its password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct OwnProxyView {
    pub country: String,
    /// `http://host:port` or `socks5://host:port`.
    pub address: String,
    pub user: String,
    pub has_password: bool,
    /// False: the password is kept until the app quits.
    pub in_keychain: bool,
    /// The password has to be entered again.
    pub password_missing: bool,
}

/// A proxy as it is typed.
#[derive(Clone, Deserialize, Type)]
pub struct OwnProxyForm {
    pub country: String,
    /// `host:port`, with or without `http://` or `socks5://`; also `host:port:user:password`.
    pub address: String,
    pub user: String,
    /// Empty: the one that is kept for this country, if user and address are the same.
    pub password: String,
    pub keep: KeepKey,
}

/// What one page brought through a proxy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct OwnProxyTrial {
    pub works: bool,
    /// In plain words.
    pub sentence: String,
    /// The technical cause; empty when it works.
    pub details: String,
    pub elapsed_ms: u32,
}
