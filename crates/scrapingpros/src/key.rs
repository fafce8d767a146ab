//! The account's secret. One type carries it from the keychain to the request header and nowhere else.

use std::fmt;

use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

/// Public try-out key that the vendor prints in its own documentation (contract §1.1). Anyone may use it; it shares
/// 5,000 credits a month and 30 calls a minute with everybody else.
pub const DEMO_KEY: &str = "demo_6x595maoA6GdOdVb";

/// An API key: visible ASCII, wiped from memory when dropped, never shown and never serialised.
#[derive(Clone)]
pub struct ApiKey(Zeroizing<String>);

impl ApiKey {
    /// Takes a key as it was pasted: white space and invisible marks around it are left away.
    pub fn parse(pasted: &str) -> Result<Self, KeyError> {
        let key = pasted.trim_matches(is_invisible);
        if key.is_empty() {
            return Err(KeyError::Empty);
        }
        match key.chars().position(|letter| !letter.is_ascii_graphic()) {
            Some(index) => Err(KeyError::Malformed {
                position: index + 1,
            }),
            None => Ok(Self(Zeroizing::new(key.to_owned()))),
        }
    }

    /// The vendor's public try-out key.
    pub fn demo() -> Self {
        Self(Zeroizing::new(DEMO_KEY.to_owned()))
    }

    /// The key itself, for the keychain. Keep it out of logs, files and messages.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What may be shown of the key: its last four characters, nothing of a key too short to spare them.
    pub fn last4(&self) -> &str {
        match self.0.len() {
            0..8 => "",
            length => &self.0[length - 4..],
        }
    }

    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let bearer = Zeroizing::new(format!("Bearer {}", *self.0));
        let mut value = HeaderValue::from_str(&bearer).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiKey([redacted])")
    }
}

/// Why a text can't be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Nothing but white space.
    #[error("the key is empty")]
    Empty,
    /// A space, control character or a letter outside ASCII stands inside the key.
    #[error("character {position} of the key can't be part of a key")]
    Malformed {
        /// Counted from 1 after trimming.
        position: usize,
    },
}

/// White space, and the marks that ride along when text is copied from a web page.
fn is_invisible(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}
