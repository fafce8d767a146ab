//! Who the app works as: the engine on this computer, and any number of cloud accounts.
//!
//! Which accounts there are stands in `accounts.json`; their keys are in the keychain or, until the
//! app quits, in memory. Nothing is half-made: a key that cannot be kept leaves no account behind.

mod book;
mod form;
mod health;
mod service;
mod view;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use scrapingpros::{ApiKey, DEFAULT_SERVER, Meta};
use time::OffsetDateTime;

use book::{Book, Shelf};
use form::NewAccount;
use service::Clients;

pub use book::{Account, Credits, LOCAL_ID, Prices};
pub use service::Connection;
pub(crate) use service::circumstances;
pub use view::*;

use crate::engine::LocalEngine;
use crate::keychain::{Keychain, KeychainError};
use crate::settings::SettingsStore;
use crate::{Answer, AppError, ErrorCode, FieldProblem};

/// All accounts; cheap to clone.
#[derive(Clone)]
pub struct Accounts {
    shelf: Arc<Shelf>,
    keychain: Keychain,
    clients: Arc<Clients>,
}

impl Accounts {
    /// Reads `accounts.json`. The path is where an unreadable one was put aside.
    pub fn open(
        data_dir: &Path,
        keychain: Keychain,
        engine: Arc<LocalEngine>,
        settings: SettingsStore,
    ) -> Answer<(Self, Option<PathBuf>)> {
        let (shelf, set_aside) = Shelf::open(data_dir)?;
        let accounts = Self {
            shelf: Arc::new(shelf),
            clients: Arc::new(Clients::new(keychain.clone(), engine, settings)),
            keychain,
        };
        Ok((accounts, set_aside))
    }

    pub async fn list(&self) -> Answer<Vec<AccountView>> {
        let book = self.shelf.read().await;
        Ok(book
            .accounts
            .iter()
            .map(|account| self.view(account, &book))
            .collect())
    }

    /// Asks the service about a key; stores nothing and spends nothing.
    pub async fn check(&self, form: AccountForm) -> Answer<AccountCheck> {
        let wanted = NewAccount::read(&form, &*self.shelf.read().await)?;
        let checked = self.clients.try_key(&wanted.server, &wanted.key).await?;
        let meta = &checked.meta;
        let quota = meta.quota.as_ref();
        Ok(AccountCheck {
            server: wanted.host,
            credits: quota.and_then(Credits::from_quota).map(Credits::view),
            plan: self.clients.plan(&wanted.server, quota).await,
            rate_per_minute: meta.rate_limit.and_then(|rate| rate.limit?.try_into().ok()),
        })
    }

    /// Checks, stores the key, makes the account active.
    pub async fn add(&self, form: AccountForm) -> Answer<Vec<AccountView>> {
        let wanted = NewAccount::read(&form, &*self.shelf.read().await)?;
        let checked = self.clients.try_key(&wanted.server, &wanted.key).await?;
        let id = uuid::Uuid::new_v4().to_string();
        let mut account = Account::new(&id, "", AccountKind::Cloud);
        account.server = wanted.server;
        self.keep_key(&mut account, &wanted.key, form.keep).await?;
        account.learn(&checked.meta, checked.prices);
        let added = self
            .shelf
            .change(|book| {
                account.name = book.free_name(&wanted.name);
                book.accounts.push(account);
                book.active = Some(id.clone());
                Ok(())
            })
            .await;
        if let Err(error) = added {
            self.drop_key(&id).await;
            return Err(error);
        }
        self.list().await
    }

    /// Offers the service's public key under its own name; there is one demo account at most.
    pub async fn add_demo(&self) -> Answer<Vec<AccountView>> {
        let id = self
            .shelf
            .change(|book| {
                let known = book.accounts.iter().find(|a| a.kind == AccountKind::Demo);
                let id = match known {
                    Some(account) => account.id.clone(),
                    None => {
                        let id = uuid::Uuid::new_v4().to_string();
                        let name = book.free_name("Demo account");
                        book.accounts
                            .push(Account::new(&id, &name, AccountKind::Demo));
                        id
                    }
                };
                book.active = Some(id.clone());
                Ok(id)
            })
            .await?;
        self.test(id).await
    }

    pub async fn select(&self, id: String) -> Answer<Vec<AccountView>> {
        self.shelf
            .change(|book| {
                book.get(&id)?;
                book.active = Some(id);
                Ok(())
            })
            .await?;
        self.list().await
    }

    pub async fn rename(&self, id: String, name: String) -> Answer<Vec<AccountView>> {
        self.shelf
            .change(|book| {
                let name = form::checked_name(&name, book, Some(&id)).map_err(|message| {
                    AppError::invalid(vec![FieldProblem::new("name", message)])
                })?;
                let account = book.get_mut(&id)?;
                if account.is_local() || name.is_empty() {
                    let message = if account.is_local() {
                        "This account is always called so."
                    } else {
                        "Enter a name."
                    };
                    return Err(AppError::invalid(vec![FieldProblem::new("name", message)]));
                }
                account.name = name;
                Ok(())
            })
            .await?;
        self.list().await
    }

    /// Checks and stores a new key for an account; name and server of the form are ignored.
    pub async fn replace_key(&self, id: String, form: AccountForm) -> Answer<Vec<AccountView>> {
        let key = form::checked_key(&form.key)?;
        let mut account = self.shelf.read().await.get(&id)?.clone();
        if account.kind != AccountKind::Cloud {
            return Err(AppError::new(
                ErrorCode::Unexpected,
                "This account needs no key of yours.",
            ));
        }
        let checked = self.clients.try_key(&account.server, &key).await?;
        self.keep_key(&mut account, &key, form.keep).await?;
        self.clients.forget(&id);
        self.shelf
            .change(|book| {
                let kept = book.get_mut(&id)?;
                kept.key_hint = account.key_hint;
                kept.in_keychain = account.in_keychain;
                kept.learn(&checked.meta, checked.prices);
                Ok(())
            })
            .await?;
        self.list().await
    }

    /// Removes the account and its key.
    pub async fn forget(&self, id: String) -> Answer<Vec<AccountView>> {
        let account = self.shelf.read().await.get(&id)?.clone();
        if account.is_local() {
            return Err(AppError::new(
                ErrorCode::Unexpected,
                "This computer is always there. Choose another account to work with.",
            ));
        }
        if account.in_keychain {
            self.remove_stored(&id).await?;
        }
        self.keychain.forget_session(&id);
        self.clients.forget(&id);
        self.shelf
            .change(|book| {
                book.accounts.retain(|account| account.id != id);
                if book.active.as_ref() == Some(&id) {
                    book.active = Some(LOCAL_ID.to_owned());
                }
                Ok(())
            })
            .await?;
        self.list().await
    }

    /// Tries the stored key again and refreshes the credits; spends nothing. What is wrong is the
    /// account's `problem`.
    pub async fn test(&self, id: String) -> Answer<Vec<AccountView>> {
        let account = self.shelf.read().await.get(&id)?.clone();
        match self.clients.probe(&account).await {
            Ok(checked) => {
                self.shelf
                    .change(|book| {
                        book.get_mut(&id)?.learn(&checked.meta, checked.prices);
                        Ok(())
                    })
                    .await?;
            }
            Err(error) => self.note_problem(&id, error.code).await?,
        }
        self.list().await
    }

    pub async fn health(&self, id: String) -> Answer<HealthView> {
        let account = self.shelf.read().await.get(&id)?.clone();
        Ok(self.clients.health(&account).await)
    }

    /// The account the app works as.
    pub async fn active(&self) -> Answer<Account> {
        let book = self.shelf.read().await;
        let Some(id) = &book.active else {
            return Err(AppError::new(
                ErrorCode::NotFound,
                "Choose how to work first: on this computer or with an account.",
            ));
        };
        book.get(id).cloned()
    }

    /// An account by its id.
    pub async fn get(&self, id: &str) -> Answer<Account> {
        self.shelf.read().await.get(id).cloned()
    }

    /// A client that is ready to work for the account.
    pub async fn connect(&self, account: &Account) -> Answer<Connection> {
        let connected = self.clients.connect(account).await;
        if let Err(error) = &connected {
            self.note_problem(&account.id, error.code).await?;
        }
        connected
    }

    /// Remembers what an answer said about credits, and that the account works.
    pub async fn note_answer(&self, id: &str, meta: &Meta) -> Answer<()> {
        self.shelf
            .change(|book| {
                book.get_mut(id)?.learn(meta, None);
                Ok(())
            })
            .await
    }

    /// Remembers why a call failed, when it says something about the account.
    pub async fn note_problem(&self, id: &str, code: ErrorCode) -> Answer<()> {
        if code == ErrorCode::KeyRejected {
            self.clients.forget(id);
        }
        self.shelf
            .change(|book| {
                book.get_mut(id)?.problem = is_of_account(code).then_some(code);
                Ok(())
            })
            .await
    }

    fn view(&self, account: &Account, book: &Book) -> AccountView {
        AccountView {
            id: account.id.clone(),
            name: account.name.clone(),
            kind: account.kind,
            server: match account.kind {
                AccountKind::Local => String::new(),
                AccountKind::Demo | AccountKind::Cloud if account.server.is_empty() => {
                    DEFAULT_SERVER.to_owned()
                }
                AccountKind::Demo | AccountKind::Cloud => account.server.clone(),
            },
            key_hint: account.key_hint.clone(),
            key_state: self.key_state(account),
            active: book.active.as_ref() == Some(&account.id),
            credits: account.credits.map(Credits::view),
            problem: account.problem,
            checked_at: account.checked_at,
        }
    }

    fn key_state(&self, account: &Account) -> KeyState {
        if account.kind != AccountKind::Cloud {
            return KeyState::NotNeeded;
        }
        if self.keychain.held(&account.id).is_some() {
            return KeyState::Session;
        }
        if account.in_keychain {
            KeyState::Stored
        } else {
            KeyState::Missing
        }
    }

    async fn keep_key(&self, account: &mut Account, key: &ApiKey, keep: KeepKey) -> Answer<()> {
        match keep {
            KeepKey::Keychain => {
                self.keychain.put(&account.id, key).await?;
                account.in_keychain = true;
            }
            KeepKey::Session => {
                if account.in_keychain {
                    self.drop_key(&account.id).await;
                }
                self.keychain.hold(&account.id, key);
                account.in_keychain = false;
            }
        }
        account.key_hint = key.last4().to_owned();
        Ok(())
    }

    /// For a key that is of no use any more; nobody waits for it to go.
    async fn drop_key(&self, id: &str) {
        if let Err(error) = self.keychain.remove(id).await {
            tracing::warn!(%error, "a key that is not used any more stayed in the keychain");
        }
        self.keychain.forget_session(id);
    }

    /// A keychain that is not there holds nothing that could still be removed.
    async fn remove_stored(&self, id: &str) -> Answer<()> {
        match self.keychain.remove(id).await {
            Err(KeychainError::Missing(_) | KeychainError::NoCollection(_)) | Ok(()) => Ok(()),
            Err(error @ (KeychainError::Locked(_) | KeychainError::Other(_))) => Err(error.into()),
        }
    }
}

impl Account {
    fn learn(&mut self, meta: &Meta, prices: Option<Prices>) {
        self.problem = None;
        self.checked_at = OffsetDateTime::now_utc()
            .unix_timestamp()
            .try_into()
            .unwrap_or(0);
        if self.is_local() {
            return;
        }
        self.prices = prices.or(self.prices);
        let stated = meta.quota.as_ref().and_then(Credits::from_quota);
        self.credits = stated.or(self.credits);
    }
}

/// The others say something about one form or one address, and that the account works.
fn is_of_account(code: ErrorCode) -> bool {
    match code {
        ErrorCode::KeyRejected
        | ErrorCode::KeyMissing
        | ErrorCode::KeyMalformed
        | ErrorCode::QuotaUsedUp
        | ErrorCode::ServiceProblem
        | ErrorCode::Unreachable
        | ErrorCode::NotAnApi
        | ErrorCode::KeychainMissing
        | ErrorCode::KeychainNoCollection
        | ErrorCode::KeychainLocked
        | ErrorCode::KeychainOther
        | ErrorCode::EngineStopped => true,
        ErrorCode::InvalidForm
        | ErrorCode::CountryNotApproved
        | ErrorCode::AddressRefused
        | ErrorCode::OptionsRefused
        | ErrorCode::RateLimited
        | ErrorCode::NoAnswer
        | ErrorCode::NotFound
        | ErrorCode::PriceChanged
        | ErrorCode::Storage
        | ErrorCode::Cancelled
        | ErrorCode::Unexpected => false,
    }
}
