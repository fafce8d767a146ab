//! What was last known of each account's countries, so that they can be shown without the service, and
//! an approval is noticed that came while the app was closed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::Answer;
use crate::stored_file::{Found, StoredFile};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Countries {
    pub all: BTreeSet<String>,
    pub approved: BTreeSet<String>,
    pub pending: BTreeSet<String>,
    /// Unix seconds.
    pub checked_at: u32,
}

#[derive(Clone)]
pub(super) struct Known {
    file: StoredFile,
    accounts: Arc<Mutex<BTreeMap<String, Countries>>>,
}

#[derive(Default, Serialize, Deserialize)]
struct Stored {
    accounts: BTreeMap<String, Countries>,
}

impl Known {
    pub fn open(data_dir: &Path) -> Answer<(Self, Option<PathBuf>)> {
        let file = StoredFile::new(data_dir, "countries.json", "known");
        let (stored, set_aside) = match file.read()? {
            Found::Nothing => (Stored::default(), None),
            Found::SetAside(path) => (Stored::default(), Some(path)),
            Found::Content(map) => (serde_json::from_value(map.into()).unwrap_or_default(), None),
        };
        let accounts = Arc::new(Mutex::new(stored.accounts));
        Ok((Self { file, accounts }, set_aside))
    }

    pub async fn of(&self, account_id: &str) -> Countries {
        let accounts = self.accounts.lock().await;
        accounts.get(account_id).cloned().unwrap_or_default()
    }

    /// Accounts that wait for a country.
    pub async fn waiting(&self) -> Vec<String> {
        let accounts = self.accounts.lock().await;
        let waiting = accounts.iter().filter(|(_, it)| !it.pending.is_empty());
        waiting.map(|(id, _)| id.clone()).collect()
    }

    /// Keeps what the service says now; answers with what was pending and is approved.
    pub async fn learn(&self, account_id: &str, now: Countries) -> Answer<Vec<String>> {
        let mut accounts = self.accounts.lock().await;
        let before = accounts.get(account_id);
        let approved = before.map_or_else(Vec::new, |before| {
            now.approved
                .intersection(&before.pending)
                .cloned()
                .collect()
        });
        let mut changed = accounts.clone();
        changed.insert(account_id.to_owned(), now);
        let stored = Stored { accounts: changed };
        self.file.write(&stored).await?;
        *accounts = stored.accounts;
        Ok(approved)
    }

    pub async fn forget(&self, account_id: &str) {
        self.accounts.lock().await.remove(account_id);
    }
}
