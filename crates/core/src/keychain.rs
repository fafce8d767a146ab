//! The only place that touches the system's keychain. The store is injected, so tests use a mock.
//!
//! A keychain fails in four ways. Each has its code, its words and a way out that always works: the
//! key is kept in memory until the app quits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use keyring::api::CredentialStore;
use keyring::{Entry, Error as StoreError};
use scrapingpros::ApiKey;
use zeroize::Zeroizing;

use crate::{AppError, ErrorCode};

const SERVICE: &str = "com.scrapingpros.desktop";

type Opener = dyn Fn() -> Result<Arc<CredentialStore>, StoreError> + Send + Sync;

/// Where keys are kept; cheap to clone.
#[derive(Clone)]
pub struct Keychain {
    open: Arc<Opener>,
    store: Arc<Mutex<Option<Arc<CredentialStore>>>>,
    session: Arc<Mutex<HashMap<String, Zeroizing<String>>>>,
}

/// Why a key could not be stored or read. The text is the system's own.
#[derive(Debug, thiserror::Error)]
pub enum KeychainError {
    #[error("no keychain service: {0}")]
    Missing(String),
    #[error("no default collection: {0}")]
    NoCollection(String),
    #[error("locked or denied: {0}")]
    Locked(String),
    #[error("{0}")]
    Other(String),
}

impl Keychain {
    /// The system's own: Secret Service, macOS Keychain or Windows Credential Manager. It is
    /// opened at the first use, and again after a failure.
    pub fn system() -> Self {
        Self::with_opener(open_system)
    }

    /// A store that is already open.
    pub fn with_store(store: Arc<CredentialStore>) -> Self {
        Self::with_opener(move || Ok(Arc::clone(&store)))
    }

    /// A store that is opened when it is first needed.
    pub fn with_opener(
        open: impl Fn() -> Result<Arc<CredentialStore>, StoreError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            open: Arc::new(open),
            store: Arc::default(),
            session: Arc::default(),
        }
    }

    /// Stores an account's key for good.
    pub async fn put(&self, account_id: &str, key: &ApiKey) -> Result<(), KeychainError> {
        self.put_secret(account_id, key.expose()).await
    }

    /// Keeps an account's key until the app quits.
    pub fn hold(&self, account_id: &str, key: &ApiKey) {
        self.hold_secret(account_id, key.expose());
    }

    /// The account's key at hand, in memory or stored. None when there is none.
    pub async fn get(&self, account_id: &str) -> Result<Option<ApiKey>, KeychainError> {
        let found = self.get_secret(account_id).await?;
        // What is stored and no key at all was not put there by this app: as good as none.
        Ok(found.and_then(|text| ApiKey::parse(&text).ok()))
    }

    /// The key that is kept until the app quits.
    pub fn held(&self, account_id: &str) -> Option<ApiKey> {
        let text = self.session().get(account_id).cloned()?;
        ApiKey::parse(&text).ok()
    }

    /// Whether a secret is kept until the app quits.
    pub fn holds(&self, name: &str) -> bool {
        self.session().contains_key(name)
    }

    /// Stores a secret under a name for good.
    pub async fn put_secret(&self, name: &str, secret: &str) -> Result<(), KeychainError> {
        let secret = Zeroizing::new(secret.to_owned());
        self.with_entry(name, move |entry| entry.set_password(&secret))
            .await?;
        self.forget_session(name);
        Ok(())
    }

    /// Keeps a secret until the app quits.
    pub fn hold_secret(&self, name: &str, secret: &str) {
        let secret = Zeroizing::new(secret.to_owned());
        self.session().insert(name.to_owned(), secret);
    }

    /// The secret at hand, in memory or stored. None when there is none.
    pub async fn get_secret(&self, name: &str) -> Result<Option<Zeroizing<String>>, KeychainError> {
        if let Some(secret) = self.session().get(name).cloned() {
            return Ok(Some(secret));
        }
        self.with_entry(name, |entry| match entry.get_password() {
            Ok(text) => Ok(Some(Zeroizing::new(text))),
            Err(StoreError::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    /// Forgets a secret wherever it is; a missing one is fine.
    pub async fn remove(&self, name: &str) -> Result<(), KeychainError> {
        self.with_entry(name, |entry| match entry.delete_credential() {
            Ok(()) | Err(StoreError::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
        .await?;
        self.forget_session(name);
        Ok(())
    }

    pub fn forget_session(&self, name: &str) {
        self.session().remove(name);
    }

    fn session(&self) -> std::sync::MutexGuard<'_, HashMap<String, Zeroizing<String>>> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every call may wait for the person to unlock the keychain.
    async fn with_entry<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(Entry) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let keychain = self.clone();
        let name = name.to_owned();
        tokio::task::spawn_blocking(move || {
            let store = keychain.opened().map_err(|error| not_opened(&error))?;
            let done = store.build(SERVICE, &name, None).and_then(work);
            done.inspect_err(|_| keychain.close())
                .map_err(|error| not_used(&error))
        })
        .await
        .map_err(|error| KeychainError::Other(error.to_string()))?
    }

    fn opened(&self) -> Result<Arc<CredentialStore>, StoreError> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(store) = &*store {
            return Ok(Arc::clone(store));
        }
        let opened = (self.open)()?;
        *store = Some(Arc::clone(&opened));
        Ok(opened)
    }

    /// The next call opens the store anew: its service may have come back.
    fn close(&self) {
        *self.store.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl From<KeychainError> for AppError {
    fn from(error: KeychainError) -> Self {
        let (code, words) = match &error {
            KeychainError::Missing(_) => (
                ErrorCode::KeychainMissing,
                "This computer has no keychain that the app can use. The key can be kept until you quit.",
            ),
            KeychainError::NoCollection(_) => (
                ErrorCode::KeychainNoCollection,
                "The keychain of this computer is not set up yet. Set it up and try again, or keep the key until you quit.",
            ),
            KeychainError::Locked(_) => (
                ErrorCode::KeychainLocked,
                "The keychain is locked, or it refused this app. Unlock it and try again, or keep the key until you quit.",
            ),
            KeychainError::Other(_) => (
                ErrorCode::KeychainOther,
                "The keychain did not do its work. Try again, or keep the key until you quit.",
            ),
        };
        Self::new(code, words).with_details(error)
    }
}

/// Opening fails when there is no bus, or nothing on the bus that keeps secrets.
fn not_opened(error: &StoreError) -> KeychainError {
    match not_used(error) {
        KeychainError::Other(words) => KeychainError::Missing(words),
        known @ (KeychainError::Missing(_)
        | KeychainError::NoCollection(_)
        | KeychainError::Locked(_)) => known,
    }
}

fn not_used(error: &StoreError) -> KeychainError {
    let words = error.to_string();
    if matches!(error, StoreError::NoStorageAccess(_)) {
        // The Secret Service answers a write with no result while no collection exists.
        return if words.contains("result not returned") {
            KeychainError::NoCollection(words)
        } else {
            KeychainError::Locked(words)
        };
    }
    if matches!(error, StoreError::NoDefaultStore) || is_gone(&words) {
        return KeychainError::Missing(words);
    }
    KeychainError::Other(words)
}

fn is_gone(words: &str) -> bool {
    [
        "ServiceUnknown",
        "Failed to connect",
        "no secret service provider",
        "NameHasNoOwner",
    ]
    .iter()
    .any(|sign| words.contains(sign))
}

#[cfg(target_os = "linux")]
fn open_system() -> Result<Arc<CredentialStore>, StoreError> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn open_system() -> Result<Arc<CredentialStore>, StoreError> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(target_os = "windows")]
fn open_system() -> Result<Arc<CredentialStore>, StoreError> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
fn open_system() -> Result<Arc<CredentialStore>, StoreError> {
    Err(StoreError::NoDefaultStore)
}
