//! The person's choices, in one versioned file written atomically.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::collections::CollectionsSort;
use crate::exports::ExportChoices;
use crate::library::LibrarySort;
use crate::stored_file::{Found, StoredFile, over_defaults};
use crate::{Answer, AppError, FieldProblem};

const GIVE_UP_SECONDS: RangeInclusive<u32> = 10..=600;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Settings {
    pub theme: Theme,
    pub text_size: TextSize,
    pub reduce_motion: bool,
    /// Opens the save dialog each time; else files go to `save_folder` at once.
    pub ask_where: bool,
    /// Empty: the Documents folder.
    pub save_folder: String,
    pub csv: CsvStyle,
    /// Longest wait for one page, seconds (10 to 600).
    pub give_up_seconds: u32,
    /// Uses the system's proxy to reach the service.
    pub system_proxy: bool,
    /// Private hosts the local engine may open: `host` or `host:port`.
    pub allowed_hosts: Vec<String>,
    pub options_open: bool,
    /// The one-time hint on this computer was dismissed.
    pub local_hint_dismissed: bool,
    /// The most credits a month that the person wants to spend; 0: no such limit.
    pub monthly_budget: u32,
    /// Dims bright pages in the dark theme.
    pub dim_previews: bool,
    /// A desktop notification when a run ends.
    pub notify_runs: bool,
    pub collections_sort: CollectionsSort,
    /// The countries stand in a list and not in tiles.
    pub countries_as_list: bool,
    pub export: ExportChoices,
    /// Charts that show as their tables, by name.
    pub charts_as_tables: Vec<String>,
    /// Days after which results are deleted; 0: they stay.
    pub keep_days: u32,
    pub library_view: LibraryLook,
    pub library_sort: LibrarySort,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LibraryLook {
    Grid,
    List,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    System,
    Light,
    Dark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TextSize {
    Small,
    Normal,
    Large,
    Larger,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CsvStyle {
    /// UTF-8 with BOM and commas: opens in Excel, LibreOffice and Numbers.
    Comma,
    /// UTF-8 with BOM and semicolons: Excel where the comma is the decimal sign.
    Semicolon,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            text_size: TextSize::Normal,
            reduce_motion: false,
            ask_where: true,
            save_folder: String::new(),
            csv: CsvStyle::Comma,
            give_up_seconds: 120,
            system_proxy: true,
            allowed_hosts: Vec::new(),
            options_open: true,
            local_hint_dismissed: false,
            monthly_budget: 0,
            dim_previews: false,
            notify_runs: true,
            collections_sort: CollectionsSort::LastRun,
            countries_as_list: false,
            export: ExportChoices::default(),
            charts_as_tables: Vec::new(),
            keep_days: 0,
            library_view: LibraryLook::Grid,
            library_sort: LibrarySort::Newest,
        }
    }
}

/// The settings that hold now, and their file; cheap to clone.
#[derive(Clone)]
pub struct SettingsStore {
    file: StoredFile,
    current: Arc<RwLock<Settings>>,
}

impl SettingsStore {
    /// Reads `settings.json`. The path is where an unreadable one was put aside.
    pub fn open(data_dir: &Path) -> Answer<(Self, Option<PathBuf>)> {
        let file = StoredFile::new(data_dir, "settings.json", "settings");
        let (settings, set_aside) = match file.read()? {
            Found::Nothing => (Settings::default(), None),
            Found::Content(stored) => (over_defaults(stored), None),
            Found::SetAside(path) => (Settings::default(), Some(path)),
        };
        let current = Arc::new(RwLock::new(settings));
        Ok((Self { file, current }, set_aside))
    }

    pub fn read(&self) -> Settings {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Checks and writes; answers with what now holds.
    pub async fn update(&self, settings: Settings) -> Answer<Settings> {
        let settings = checked(settings).map_err(AppError::invalid)?;
        self.file.write(&settings).await?;
        self.current
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&settings);
        Ok(settings)
    }
}

fn checked(mut settings: Settings) -> Result<Settings, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    if !GIVE_UP_SECONDS.contains(&settings.give_up_seconds) {
        problems.push(FieldProblem::new(
            "give_up_seconds",
            "Choose between 10 and 600 seconds.",
        ));
    }
    if !settings.save_folder.is_empty() && !Path::new(&settings.save_folder).is_absolute() {
        problems.push(FieldProblem::new(
            "save_folder",
            "Choose a folder by its whole path.",
        ));
    }
    let mut hosts: Vec<String> = Vec::new();
    for (row, typed) in settings.allowed_hosts.iter().enumerate() {
        match allowed_host(typed) {
            Ok(host) if host.is_empty() || hosts.contains(&host) => {}
            Ok(host) => hosts.push(host),
            Err(message) => {
                problems.push(FieldProblem::new(format!("allowed_hosts.{row}"), message));
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    settings.allowed_hosts = hosts;
    Ok(settings)
}

/// `host` or `host:port` in lower case, also out of a pasted address; empty stays empty.
fn allowed_host(typed: &str) -> Result<String, &'static str> {
    const WORDS: &str = "Enter a name like localhost:3000 or 192.168.1.20.";
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(String::new());
    }
    let address = if typed.contains("://") {
        typed.to_owned()
    } else {
        // An unknown scheme has no port of its own, so that `:80` is not lost.
        format!("host://{typed}")
    };
    let url = url::Url::parse(&address).map_err(|_| WORDS)?;
    let pasted = matches!(url.scheme(), "http" | "https");
    let bare = url.path().trim_matches('/').is_empty() && url.query().is_none();
    let host = url.host_str().unwrap_or_default().to_lowercase();
    let plain = host
        .chars()
        .all(|c| c.is_alphanumeric() || "-._[]:".contains(c));
    if host.is_empty() || !plain || !(pasted || bare) || !url.username().is_empty() {
        return Err(WORDS);
    }
    Ok(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}
