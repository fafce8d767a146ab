//! The person's choices, in one versioned file written atomically.

use serde::{Deserialize, Serialize};
use specta::Type;

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
    /// Dims bright pages in the dark theme.
    pub dim_previews: bool,
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
            dim_previews: false,
        }
    }
}

pub struct SettingsStore;

impl SettingsStore {
    pub fn read(&self) -> Settings {
        todo!()
    }
    /// Checks and writes; answers with what now holds.
    pub async fn update(&self, _settings: Settings) -> crate::Answer<Settings> {
        todo!()
    }
}
