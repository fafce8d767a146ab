//! The application without its window: a scripted service, a mock keychain with faults, real files.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accounts;
mod crash;
mod engine;
mod files;
mod forms;
mod keychains;
mod proxies;
mod scrapes;
mod secrets;
mod templates;

use std::any::Any;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use keyring::api::{CredentialStore, CredentialStoreApi};
use keyring::{Entry, Error as StoreError, mock};
use scrapingpros_core::accounts::{AccountForm, AccountView, KeepKey};
use scrapingpros_core::keychain::Keychain;
use scrapingpros_core::results::ResultView;
use scrapingpros_core::scrape::ScrapeForm;
use scrapingpros_core::{Answer, Core, CoreConfig};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::mpsc;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

pub const KEY: &str = "canary-5f2b91c7d4e8-key";
pub const PAGE: &str = "https://shop.example/tents";

/// An open app in a folder of its own, and the service it talks to.
pub struct Bench {
    pub core: Arc<Core>,
    pub folder: TempDir,
    pub keychain: Arc<FaultyStore>,
    pub service: MockServer,
}

impl Bench {
    pub async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let keychain = FaultyStore::new();
        Self {
            core: open(&folder, &keychain).await.unwrap(),
            folder,
            keychain,
            service: MockServer::start().await,
        }
    }

    /// With a cloud account that works, as the app works with it.
    pub async fn with_account() -> Self {
        let bench = Self::new().await;
        bench.bill().await;
        bench.core.accounts.add(bench.form(KEY)).await.unwrap();
        bench
    }

    /// The app after a restart; keys that were held in memory are gone.
    pub async fn restart(&mut self) {
        self.core.close().await;
        self.core = open(&self.folder, &self.keychain).await.unwrap();
    }

    /// The service knows the key.
    pub async fn bill(&self) {
        Mock::given(method("GET"))
            .and(path("/v1/sync/billing"))
            .and(header("authorization", format!("Bearer {KEY}")))
            .respond_with(bill())
            .mount(&self.service)
            .await;
    }

    pub async fn answer_scrapes(&self, answer: impl Respond + 'static) {
        Mock::given(method("POST"))
            .and(path("/v1/sync/scrape"))
            .respond_with(answer)
            .mount(&self.service)
            .await;
    }

    pub fn form(&self, key: &str) -> AccountForm {
        AccountForm {
            name: "Acme".into(),
            key: key.into(),
            server: self.service.uri(),
            keep: KeepKey::Keychain,
        }
    }

    pub async fn account(&self, name: &str) -> AccountView {
        let accounts = self.core.accounts.list().await.unwrap();
        let found = accounts.into_iter().find(|account| account.name == name);
        found.unwrap_or_else(|| panic!("there is no account named {name}"))
    }

    pub async fn scrape(&self, form: ScrapeForm) -> Answer<ResultView> {
        self.core.scrapes.run("s1".into(), form, |_| {}).await
    }

    /// How often the service was asked to scrape.
    pub async fn scrapes_sent(&self) -> usize {
        let requests = self.service.received_requests().await.unwrap();
        let scrapes = requests
            .iter()
            .filter(|request| request.url.path() == "/v1/sync/scrape");
        scrapes.count()
    }

    /// State and credits of each journal row, oldest first.
    pub async fn journal(&self) -> Vec<(String, Option<u32>)> {
        self.core
            .library
            .database()
            .call(|connection| {
                let mut select =
                    connection.prepare("SELECT state, credits FROM journal ORDER BY rowid")?;
                let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                rows.collect::<rusqlite::Result<Vec<_>>>()
            })
            .await
            .unwrap()
    }
}

pub async fn open(folder: &TempDir, keychain: &Arc<FaultyStore>) -> Answer<Arc<Core>> {
    open_in(folder.path(), keychain).await
}

pub async fn open_in(folder: &Path, keychain: &Arc<FaultyStore>) -> Answer<Arc<Core>> {
    let store: Arc<CredentialStore> = keychain.clone();
    Core::open(CoreConfig {
        data_dir: folder.join("data"),
        keychain: Keychain::with_store(store),
    })
    .await
}

pub fn page_form() -> ScrapeForm {
    ScrapeForm {
        address: PAGE.into(),
        ..ScrapeForm::default()
    }
}

pub fn bill() -> ResponseTemplate {
    ResponseTemplate::new(200)
        .insert_header("x-quota-limit", "100000")
        .insert_header("x-quota-remaining", "41250")
        .insert_header("x-ratelimit-limit", "60")
        .set_body_json(json!({
            "month": "2026-05", "clients": {},
            "credit_system": {"simple_request": 2, "browser_request": 7}
        }))
}

pub fn page_answer() -> Value {
    json!({
        "url": PAGE, "html": "<html><title>Tents</title><body>Skarv 2</body></html>",
        "statusCode": 200, "message": "OK", "executionTime": 0.4,
        "guidance": {"success": true, "credits_charged": 1, "credits_refunded": false, "next_steps": []}
    })
}

/// Says when a call arrived, then answers only after the test is long over.
pub struct Silent(pub mpsc::UnboundedSender<()>);

impl Respond for Silent {
    fn respond(&self, _request: &Request) -> ResponseTemplate {
        self.0.send(()).ok();
        ResponseTemplate::new(200).set_delay(Duration::from_secs(600))
    }
}

/// A keychain that can be told to fail its next uses.
#[derive(Debug)]
pub struct FaultyStore {
    kept: Arc<mock::Store>,
    fault: Mutex<Option<fn() -> StoreError>>,
}

impl FaultyStore {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            kept: mock::Store::new().unwrap(),
            fault: Mutex::default(),
        })
    }

    pub fn fail_with(&self, fault: fn() -> StoreError) {
        *self.fault.lock().unwrap() = Some(fault);
    }

    pub fn work_again(&self) {
        *self.fault.lock().unwrap() = None;
    }

    pub fn stored(&self, account_id: &str) -> Option<String> {
        let entry = self
            .kept
            .build("com.scrapingpros.desktop", account_id, None);
        entry.unwrap().get_password().ok()
    }
}

impl CredentialStoreApi for FaultyStore {
    fn vendor(&self) -> String {
        self.kept.vendor()
    }

    fn id(&self) -> String {
        self.kept.id()
    }

    fn build(
        &self,
        service: &str,
        user: &str,
        modifiers: Option<&HashMap<&str, &str>>,
    ) -> keyring::Result<Entry> {
        let entry = self.kept.build(service, user, modifiers)?;
        if let Some(fault) = *self.fault.lock().unwrap() {
            let credential: &mock::Cred = entry.as_any().downcast_ref().unwrap();
            credential.set_error(fault());
        }
        Ok(entry)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
