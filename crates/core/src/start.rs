//! The app from its start to its end, and what the window needs for its first paint.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use specta::Type;

use crate::accounts::{AccountView, Accounts};
use crate::collections::Collections;
use crate::engine::LocalEngine;
use crate::exports::Exports;
use crate::journal::Journal;
use crate::keychain::Keychain;
use crate::library::{Library, file_words};
use crate::proxies::{OwnProxies, Proxies};
use crate::runs::Runs;
use crate::scrape::{ScrapeForm, Scrapes};
use crate::settings::{Settings, SettingsStore};
use crate::templates::Templates;
use crate::usage::Usage;
use crate::{Answer, AppError, ErrorCode};

/// A page of the sample shop, to try the app with.
const SAMPLE_ADDRESS: &str = "http://sample.shop/shop";

/// How long an app that closes may take to let go of its folder.
const CLOSING: Duration = Duration::from_secs(3);

/// What differs between a real start and a test.
pub struct CoreConfig {
    /// All files of the app live here.
    pub data_dir: PathBuf,
    /// Where keys are kept.
    pub keychain: Keychain,
}

/// The application.
pub struct Core {
    pub accounts: Accounts,
    pub collections: Collections,
    pub exports: Exports,
    pub library: Library,
    pub proxies: Proxies,
    pub runs: Runs,
    pub scrapes: Scrapes,
    pub settings: SettingsStore,
    pub usage: Usage,
    pub templates: Templates,
    data_dir: PathBuf,
    engine: Arc<LocalEngine>,
    /// Held while the app is open, so that no second one works in the same folder.
    lock: Mutex<Option<File>>,
}

impl Core {
    /// Opens the data folder, mends what a crash left behind and sweeps orphans.
    pub async fn open(config: CoreConfig) -> Answer<Arc<Self>> {
        let data_dir = config.data_dir;
        make_private(&data_dir).map_err(|error| trouble(&data_dir, &error))?;
        let lock = lock(&data_dir).await?;
        let (settings, broken_settings) = SettingsStore::open(&data_dir)?;
        let library = Library::open(&data_dir).await?;
        library.tidy(settings.read().keep_days);
        let (own_proxies, broken_proxies) = OwnProxies::open(&data_dir, config.keychain.clone())?;
        let engine = LocalEngine::new(&data_dir, settings.clone(), own_proxies.clone());
        let engine = Arc::new(engine);
        let (accounts, broken_accounts) = Accounts::open(
            &data_dir,
            config.keychain,
            Arc::clone(&engine),
            settings.clone(),
        )?;
        let (proxies, broken_countries) = Proxies::open(
            &data_dir,
            accounts.clone(),
            Arc::clone(&engine),
            own_proxies,
        )?;
        let journal = Journal::new(library.database().clone());
        journal.tell_interrupted().await?;
        let (scrapes, broken_draft) = Scrapes::open(
            &data_dir,
            accounts.clone(),
            library.clone(),
            journal.clone(),
            settings.clone(),
        )?;
        let collections =
            Collections::open(accounts.clone(), library.clone(), settings.clone()).await?;
        let runs = Runs::new(
            accounts.clone(),
            collections.clone(),
            library.clone(),
            journal,
            scrapes.clone(),
        );
        runs.catch_up().await?;
        proxies.watch();
        let templates = Templates::open(library.clone()).await?;
        let exports = Exports::open(&data_dir, library.clone(), settings.clone());
        let usage = Usage::open(
            &data_dir,
            accounts.clone(),
            library.clone(),
            settings.clone(),
        )
        .await?;
        for (what, kept) in [
            ("The settings", broken_settings),
            ("The list of accounts", broken_accounts),
            ("The list of your own proxies", broken_proxies),
            ("What was known of countries", broken_countries),
            ("The last scrape form", broken_draft),
        ] {
            if let Some(kept) = kept {
                let text = format!(
                    "The app starts with new ones. The old file is kept as {}.",
                    kept.display()
                );
                let title = format!("{what} could not be read");
                library.database().add_notice(title, text).await?;
            }
        }
        Ok(Arc::new(Self {
            accounts,
            collections,
            exports,
            library,
            proxies,
            runs,
            scrapes,
            settings,
            usage,
            templates,
            data_dir,
            engine,
            lock: Mutex::new(Some(lock)),
        }))
    }

    /// What the window needs for its first paint.
    pub async fn start_view(&self) -> Answer<StartView> {
        Ok(StartView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data_dir: self.data_dir.display().to_string(),
            settings: self.settings.read(),
            accounts: self.accounts.list().await?,
            draft: self.scrapes.draft(),
            sample_address: SAMPLE_ADDRESS.to_owned(),
            notices: self.library.database().notices().await?,
        })
    }

    /// Where the person's own browser finds `address`: itself, but for pages of the sample shop, which
    /// live on the engine's loopback port.
    pub async fn external_address(&self, address: url::Url) -> Answer<String> {
        if address.host_str() != Some(local_engine::shop::HOST) {
            return Ok(address.into());
        }
        let shop = self.engine.ready().await?.shop_url;
        let page = &address[url::Position::BeforePath..];
        Ok(format!("{shop}{page}"))
    }

    /// Ends the engine and its browser.
    pub async fn close(&self) {
        self.runs.close();
        self.proxies.close();
        tokio::time::timeout(CLOSING / 2, self.library.close())
            .await
            .ok();
        // What is left after that is swept at the next start.
        tokio::time::timeout(CLOSING / 2, self.exports.close())
            .await
            .ok();
        self.engine.close().await;
        self.lock
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct StartView {
    pub version: String,
    pub data_dir: String,
    pub settings: Settings,
    /// None is active before the person has chosen: the window then shows Welcome.
    pub accounts: Vec<AccountView>,
    /// The form as it was left.
    pub draft: ScrapeForm,
    /// The address of a page of the sample shop, to try the app with.
    pub sample_address: String,
    pub notices: Vec<NoticeView>,
}

/// Something that happened while no window was open: settings set aside, a scrape interrupted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct NoticeView {
    pub id: String,
    pub title: String,
    pub text: String,
}

/// The folder this system keeps application data in; none when it names no home.
pub fn default_data_dir() -> Option<PathBuf> {
    directories::ProjectDirs::from("com", "scrapingpros", "Scraping Pros")
        .map(|folders| folders.data_dir().to_owned())
}

/// Pages, cookies and headers are nobody else's business.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// An app that was just closed may still be putting things away: it gets a moment.
async fn lock(data_dir: &Path) -> Answer<File> {
    let path = data_dir.join("lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| trouble(&path, &error))?;
    let patience = Instant::now() + CLOSING;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < patience => {
                tokio::time::sleep(CLOSING / 60).await;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(AppError::new(
                    ErrorCode::Storage,
                    "The app is already open. Close it before you open it again.",
                )
                .with_details(path.display()));
            }
            Err(TryLockError::Error(error)) => return Err(trouble(&path, &error)),
        }
    }
}

fn trouble(path: &Path, error: &io::Error) -> AppError {
    AppError::new(ErrorCode::Storage, file_words(error.kind()))
        .with_details(format!("{}: {error}", path.display()))
}
