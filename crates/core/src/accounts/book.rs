//! The list of accounts and its file `accounts.json`. Keys are not in it.

use std::path::{Path, PathBuf};

use scrapingpros::{CreditsLeft, Quota};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::{Mutex, MutexGuard};

use super::{AccountKind, CreditsView};
use crate::stored_file::{Found, StoredFile};
use crate::{Answer, AppError, ErrorCode};

/// The id of the engine in this app.
pub const LOCAL_ID: &str = "local";
pub(super) const LOCAL_NAME: &str = "On this computer";

/// One account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    pub id: String,
    pub name: String,
    pub kind: AccountKind,
    /// Empty: the service's own address.
    #[serde(default)]
    pub server: String,
    #[serde(default)]
    pub key_hint: String,
    /// Its key was put into the keychain.
    #[serde(default)]
    pub in_keychain: bool,
    #[serde(default)]
    pub credits: Option<Credits>,
    /// What the service last said a page costs.
    #[serde(default)]
    pub prices: Option<Prices>,
    #[serde(default)]
    pub checked_at: u32,
    /// Why the last call failed. Not kept: the next start is a new try.
    #[serde(skip)]
    pub problem: Option<ErrorCode>,
}

/// The quota headers as last seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credits {
    /// None when unlimited.
    pub left: Option<u32>,
    pub limit: Option<u32>,
}

/// Credits a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices {
    pub simple: u32,
    pub browser: u32,
}

impl Default for Prices {
    fn default() -> Self {
        Self {
            simple: 1,
            browser: 5,
        }
    }
}

impl Account {
    pub fn is_local(&self) -> bool {
        self.kind == AccountKind::Local
    }

    pub(super) fn new(id: &str, name: &str, kind: AccountKind) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            kind,
            server: String::new(),
            key_hint: String::new(),
            in_keychain: false,
            credits: None,
            prices: None,
            checked_at: 0,
            problem: None,
        }
    }
}

impl Credits {
    /// None when the answer said nothing of what is left.
    pub fn from_quota(quota: &Quota) -> Option<Self> {
        let left = match quota.remaining? {
            CreditsLeft::Credits(left) => Some(left.try_into().unwrap_or(u32::MAX)),
            CreditsLeft::Unlimited => None,
        };
        let limit = quota
            .limit
            .map(|limit| limit.try_into().unwrap_or(u32::MAX));
        Some(Self { left, limit })
    }

    pub(super) fn view(self) -> CreditsView {
        CreditsView {
            left: self.left,
            limit: self.limit,
        }
    }
}

/// All accounts, the local one first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Book {
    pub active: Option<String>,
    pub accounts: Vec<Account>,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            active: None,
            accounts: vec![Account::new(LOCAL_ID, LOCAL_NAME, AccountKind::Local)],
        }
    }
}

impl Book {
    pub fn get(&self, id: &str) -> Answer<&Account> {
        self.accounts
            .iter()
            .find(|account| account.id == id)
            .ok_or_else(gone)
    }

    pub fn get_mut(&mut self, id: &str) -> Answer<&mut Account> {
        self.accounts
            .iter_mut()
            .find(|account| account.id == id)
            .ok_or_else(gone)
    }

    /// Whether another account than `id` is called so, whatever the case.
    pub fn is_taken(&self, name: &str, id: Option<&str>) -> bool {
        let name = name.to_lowercase();
        self.accounts
            .iter()
            .any(|account| Some(account.id.as_str()) != id && account.name.to_lowercase() == name)
    }

    /// `name`, or `name 2`, `name 3`…
    pub fn free_name(&self, name: &str) -> String {
        let numbered = (2..).map(|number| format!("{name} {number}"));
        std::iter::once(name.to_owned())
            .chain(numbered)
            .find(|name| !self.is_taken(name, None))
            .unwrap_or_default()
    }

    fn from_stored(stored: Map<String, Value>) -> Option<Self> {
        let mut book: Self = serde_json::from_value(Value::Object(stored)).ok()?;
        book.accounts.retain(|account| account.id != LOCAL_ID);
        book.accounts.splice(0..0, Self::default().accounts);
        book.active = book
            .active
            .filter(|id| book.accounts.iter().any(|a| a.id == *id));
        Some(book)
    }
}

/// The book and its file. Changes are on disk before they hold.
pub(super) struct Shelf {
    file: StoredFile,
    book: Mutex<Book>,
}

impl Shelf {
    pub fn open(data_dir: &Path) -> Answer<(Self, Option<PathBuf>)> {
        let file = StoredFile::new(data_dir, "accounts.json", "book");
        let (book, set_aside) = match file.read()? {
            Found::Nothing => (Book::default(), None),
            Found::SetAside(path) => (Book::default(), Some(path)),
            Found::Content(stored) => match Book::from_stored(stored) {
                Some(book) => (book, None),
                None => (Book::default(), Some(file.set_aside()?)),
            },
        };
        let book = Mutex::new(book);
        Ok((Self { file, book }, set_aside))
    }

    pub async fn read(&self) -> MutexGuard<'_, Book> {
        self.book.lock().await
    }

    /// Changes a copy, writes it, and only then lets it hold.
    pub async fn change<T>(&self, change: impl FnOnce(&mut Book) -> Answer<T>) -> Answer<T> {
        let mut book = self.book.lock().await;
        let mut changed = book.clone();
        let value = change(&mut changed)?;
        if changed != *book {
            self.file.write(&changed).await?;
            *book = changed;
        }
        Ok(value)
    }
}

fn gone() -> AppError {
    AppError::new(ErrorCode::NotFound, "This account is not there any more.")
}
