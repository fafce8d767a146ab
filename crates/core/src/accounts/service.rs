//! Clients for accounts: one each, kept while its key, server and settings stay the same.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use local_engine::StageEvent;
use scrapingpros::{ApiKey, Client, Config, DEFAULT_SERVER, Error, Meta, Quota};
use tokio::sync::broadcast;

use super::book::{Account, Prices};
use super::form::host;
use super::{AccountKind, HealthView, health};
use crate::engine::LocalEngine;
use crate::error::Circumstances;
use crate::keychain::Keychain;
use crate::settings::SettingsStore;
use crate::{Answer, AppError, ErrorCode};

/// A client, and the engine's stages when it is the engine's.
pub struct Connection {
    pub client: Client,
    pub stages: Option<broadcast::Receiver<StageEvent>>,
}

pub(super) struct Clients {
    keychain: Keychain,
    engine: Arc<LocalEngine>,
    settings: SettingsStore,
    made: Mutex<HashMap<String, Made>>,
}

/// What the service said to a key.
pub(super) struct Checked {
    pub meta: Meta,
    pub prices: Option<Prices>,
}

/// A client and what it was made from.
struct Made {
    client: Client,
    server: String,
    system_proxy: bool,
}

impl Clients {
    pub fn new(keychain: Keychain, engine: Arc<LocalEngine>, settings: SettingsStore) -> Self {
        Self {
            keychain,
            engine,
            settings,
            made: Mutex::default(),
        }
    }

    /// Starts the engine or fetches the key, as the account needs.
    pub async fn connect(&self, account: &Account) -> Answer<Connection> {
        if account.is_local() {
            let access = self.engine.ready().await?;
            let client = match self.kept(account, &access.url) {
                Some(client) => client,
                None => self.make(account, &access.url, access.key)?,
            };
            let stages = Some(access.stages);
            return Ok(Connection { client, stages });
        }
        let client = match self.kept(account, &account.server) {
            Some(client) => client,
            None => self.make(account, &account.server, self.key(account).await?)?,
        };
        Ok(Connection {
            client,
            stages: None,
        })
    }

    /// The next call makes a client anew.
    pub fn forget(&self, id: &str) {
        self.made().remove(id);
    }

    /// Asks the service about a key that is not stored yet. Spends nothing.
    pub async fn try_key(&self, server: &str, key: &ApiKey) -> Answer<Checked> {
        let client = self.client(server, Some(key.clone()))?;
        ask(&client, &at(server)).await
    }

    /// The same with the key at hand. The engine is asked how it is.
    pub async fn probe(&self, account: &Account) -> Answer<Checked> {
        let client = self.connect(account).await?.client;
        if account.is_local() {
            let answer = client.health().get().await;
            let circumstances = circumstances(account);
            return answer
                .map(|answer| Checked {
                    meta: answer.meta,
                    prices: None,
                })
                .map_err(|error| circumstances.explain(&error));
        }
        ask(&client, &circumstances(account)).await
    }

    /// The name of the plan that has this many credits; empty when nobody says.
    pub async fn plan(&self, server: &str, quota: Option<&Quota>) -> String {
        let Some(limit) = quota.and_then(|quota| quota.limit) else {
            return String::new();
        };
        let Ok(client) = self.client(server, None) else {
            return String::new();
        };
        let plans = match client.plans().list().await {
            Ok(answer) => answer.value.plans,
            Err(error) => {
                tracing::debug!(%error, "no list of plans");
                return String::new();
            }
        };
        plans
            .into_iter()
            .find(|plan| plan.credits_monthly == Some(limit))
            .and_then(|plan| plan.display_name)
            .unwrap_or_default()
    }

    pub async fn health(&self, account: &Account) -> HealthView {
        let client = if account.is_local() {
            self.connect(account)
                .await
                .map(|connection| connection.client)
        } else {
            self.client(&account.server, None)
        };
        match client {
            Ok(client) => health::ask(&client, &circumstances(account)).await,
            Err(error) => health::down(&error),
        }
    }

    async fn key(&self, account: &Account) -> Answer<ApiKey> {
        if account.kind == AccountKind::Demo {
            return Ok(ApiKey::demo());
        }
        let missing = || {
            AppError::new(
                ErrorCode::KeyMissing,
                format!(
                    "The key of “{}” is not at hand. Enter it again.",
                    account.name
                ),
            )
        };
        if !account.in_keychain {
            return self.keychain.held(&account.id).ok_or_else(missing);
        }
        self.keychain.get(&account.id).await?.ok_or_else(missing)
    }

    fn kept(&self, account: &Account, server: &str) -> Option<Client> {
        let system_proxy = self.settings.read().system_proxy;
        self.made()
            .get(&account.id)
            .filter(|made| made.server == server && made.system_proxy == system_proxy)
            .map(|made| made.client.clone())
    }

    fn make(&self, account: &Account, server: &str, key: ApiKey) -> Answer<Client> {
        let client = self.client(server, Some(key))?;
        let made = Made {
            client: client.clone(),
            server: server.to_owned(),
            system_proxy: client.config().system_proxy,
        };
        self.made().insert(account.id.clone(), made);
        Ok(client)
    }

    fn client(&self, server: &str, key: Option<ApiKey>) -> Answer<Client> {
        let address = if server.is_empty() {
            DEFAULT_SERVER
        } else {
            server
        };
        let mut config = Config::for_server(address).map_err(|error| {
            AppError::new(ErrorCode::NotAnApi, "The server address can't be used.")
                .with_details(error)
        })?;
        config.system_proxy = self.settings.read().system_proxy;
        // A person waits: one more try, then the words.
        config.retry.reads = 1;
        Client::new(config, key).map_err(|error| at(server).explain(&error))
    }

    fn made(&self) -> std::sync::MutexGuard<'_, HashMap<String, Made>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is known about an account's calls.
pub(crate) fn circumstances(account: &Account) -> Circumstances {
    Circumstances {
        local: account.is_local(),
        ..at(&account.server)
    }
}

fn at(server: &str) -> Circumstances {
    Circumstances {
        other_server: (!server.is_empty()).then(|| host(server)),
        ..Circumstances::default()
    }
}

async fn ask(client: &Client, circumstances: &Circumstances) -> Answer<Checked> {
    let answer = client.usage().billing(None).await.map_err(|error| {
        if matches!(error, Error::Parse(_)) {
            circumstances.not_an_api(&error)
        } else {
            circumstances.explain(&error)
        }
    })?;
    let bill = &answer.value;
    let says_nothing =
        bill.month.is_none() && bill.clients.is_empty() && bill.credit_system.is_none();
    if says_nothing && answer.meta.quota.is_none() {
        return Err(circumstances.not_an_api(&"the answer is not a bill"));
    }
    Ok(Checked {
        prices: bill.credit_system.map(|system| Prices {
            simple: price(system.simple_request, Prices::default().simple),
            browser: price(system.browser_request, Prices::default().browser),
        }),
        meta: answer.meta,
    })
}

/// 0 stands for "not stated": nothing is free in the cloud.
fn price(stated: u64, usual: u32) -> u32 {
    match stated.try_into() {
        Ok(0) | Err(_) => usual,
        Ok(credits) => credits,
    }
}
