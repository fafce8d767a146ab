//! What was used, without a window: against the engine in this app, the engine as another server, and a
//! service that answers with nonsense.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod budgets;
mod engine;
mod files;
mod scripted;

use std::path::Path;
use std::sync::Arc;

use keyring::api::CredentialStore;
use keyring::mock;
use scrapingpros_core::accounts::{AccountForm, KeepKey, LOCAL_ID};
use scrapingpros_core::keychain::Keychain;
use scrapingpros_core::results::ResultView;
use scrapingpros_core::scrape::ScrapeForm;
use scrapingpros_core::{Answer, Core, CoreConfig};
use tempfile::TempDir;

pub const KEY: &str = "canary-7d40c2a91be6-key";

/// An open app in a folder of its own.
pub struct Bench {
    pub core: Arc<Core>,
    pub folder: TempDir,
}

impl Bench {
    /// Works on this computer.
    pub async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let core = open(folder.path()).await;
        core.accounts.select(LOCAL_ID.into()).await.unwrap();
        Self { core, folder }
    }

    /// Works as an account of a server.
    pub async fn with_account(server: &str, key: &str) -> Self {
        let bench = Self::new().await;
        bench.core.accounts.add(form(server, key)).await.unwrap();
        bench
    }

    /// The app after a restart.
    pub async fn restart(&mut self) {
        self.core.close().await;
        self.core = open(self.folder.path()).await;
    }

    pub async fn scrape(&self, address: &str) -> Answer<ResultView> {
        let form = ScrapeForm {
            address: address.into(),
            ..ScrapeForm::default()
        };
        let id = address.to_owned();
        self.core.scrapes.run(id, form, |_| {}).await
    }
}

async fn open(folder: &Path) -> Arc<Core> {
    let store: Arc<CredentialStore> = mock::Store::new().unwrap();
    Core::open(CoreConfig {
        data_dir: folder.join("data"),
        keychain: Keychain::with_store(store),
    })
    .await
    .unwrap()
}

pub fn form(server: &str, key: &str) -> AccountForm {
    AccountForm {
        name: "Acme".into(),
        key: key.into(),
        server: server.into(),
        keep: KeepKey::Session,
    }
}
