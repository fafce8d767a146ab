//! Earlier months on disk, a file for each account. What is over and settled is not asked for again;
//! the latest of the current month shows when the service can't be asked.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, MutexGuard};

use super::bill::Bill;
use super::days::Day;
use crate::accounts::Account;
use crate::stored_file::{Found, StoredFile, over_defaults};
use crate::{Answer, AppError, ErrorCode};

const FOLDER: &str = "usage";
/// The oldest go.
const MOST_MONTHS: usize = 60;

/// What is kept of an account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Months {
    /// Whose figures these are: another key may be another customer's.
    key: String,
    /// By `YYYY-MM`.
    pub months: BTreeMap<String, Month>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Month {
    pub bill: Option<KeptBill>,
    /// Settled days only.
    pub days: BTreeMap<u8, Day>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct KeptBill {
    pub bill: Bill,
    /// Unix seconds.
    pub fetched_at: u32,
    /// Asked for so long after the month's end that nothing changes any more.
    pub settled: bool,
}

/// All files, each read when first needed.
pub struct Kept {
    folder: PathBuf,
    accounts: Mutex<HashMap<String, Months>>,
}

impl Kept {
    /// Forgets what is kept of accounts that are not `known` any more. Blocks; meant for the start.
    pub fn open(data_dir: &Path, known: &[String]) -> Answer<Self> {
        let folder = data_dir.join(FOLDER);
        let trouble = |error: io::Error| {
            AppError::new(ErrorCode::Storage, crate::library::file_words(error.kind()))
                .with_details(format!("{}: {error}", folder.display()))
        };
        fs::create_dir_all(&folder).map_err(trouble)?;
        for file in fs::read_dir(&folder).map_err(trouble)?.flatten() {
            let name = file.file_name();
            let name = name.to_string_lossy();
            let is_of_known = known
                .iter()
                .any(|id| name.starts_with(&format!("{id}.json")));
            if !is_of_known && let Err(error) = fs::remove_file(file.path()) {
                tracing::warn!(%error, file = %name, "figures of a forgotten account stay");
            }
        }
        Ok(Self {
            folder,
            accounts: Mutex::default(),
        })
    }

    pub async fn month(&self, account: &Account, month: &str) -> Answer<Month> {
        let mut accounts = self.accounts.lock().await;
        let months = self.of(&mut accounts, account).await?;
        Ok(months.months.get(month).cloned().unwrap_or_default())
    }

    /// On disk when this returns.
    pub async fn change(
        &self,
        account: &Account,
        month: &str,
        change: impl FnOnce(&mut Month),
    ) -> Answer<()> {
        let mut accounts = self.accounts.lock().await;
        let months = self.of(&mut accounts, account).await?;
        let before = months.clone();
        change(months.months.entry(month.to_owned()).or_default());
        while months.months.len() > MOST_MONTHS {
            months.months.pop_first();
        }
        if *months == before {
            return Ok(());
        }
        self.file(account).write(months).await
    }

    async fn of<'a>(
        &self,
        accounts: &'a mut MutexGuard<'_, HashMap<String, Months>>,
        account: &Account,
    ) -> Answer<&'a mut Months> {
        if !accounts.contains_key(&account.id) {
            let file = self.file(account);
            let read = tokio::task::spawn_blocking(move || file.read()).await;
            let read = read.map_err(crate::library::LibraryError::from)?;
            // An unreadable one is set aside: everything in it can be asked for again.
            let months = match read? {
                Found::Content(stored) => over_defaults(stored),
                Found::Nothing | Found::SetAside(_) => Months::default(),
            };
            accounts.insert(account.id.clone(), months);
        }
        let key = format!("{} {}", account.server, account.key_hint);
        let months = accounts.entry(account.id.clone()).or_default();
        if months.key != key {
            *months = Months {
                key,
                ..Months::default()
            };
        }
        Ok(months)
    }

    fn file(&self, account: &Account) -> StoredFile {
        StoredFile::new(&self.folder, &format!("{}.json", account.id), FOLDER)
    }
}
