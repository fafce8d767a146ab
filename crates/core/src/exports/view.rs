//! An export as the window asks for it and hears of it.

use serde::{Deserialize, Serialize};
use specta::Type;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    Xlsx,
    Csv,
    /// One list of objects.
    Json,
    /// One object a line.
    Jsonl,
    /// Pages, pictures and files with an index, in one archive.
    Zip,
    /// The same in a new folder.
    Folder,
}

impl ExportFormat {
    /// Files of pages, and not only a table of them.
    pub fn is_bundle(self) -> bool {
        match self {
            Self::Zip | Self::Folder => true,
            Self::Xlsx | Self::Csv | Self::Json | Self::Jsonl => false,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ExportWhich {
    /// Every page that has come to its end.
    All,
    Successful,
    /// Those of `job_ids`.
    Chosen,
}

/// What is to be exported of a run, and as what.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
pub struct ExportForm {
    pub run_id: String,
    pub which: ExportWhich,
    /// Only with [`ExportWhich::Chosen`].
    pub job_ids: Vec<String>,
    pub format: ExportFormat,
    pub label_and_address: bool,
    /// The extracted values.
    pub fields: bool,
    /// Lists the failed among them too, each with its reason; else they are left out.
    pub failures: bool,
    /// Names of the files in a ZIP or a folder: `{number}`, `{label}`, `{title}`, `{site}`, `{date}`.
    pub file_names: String,
}

/// What was chosen for the last export, so that the next needs one press.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ExportChoices {
    pub which: ExportWhich,
    pub format: ExportFormat,
    pub label_and_address: bool,
    pub fields: bool,
    pub failures: bool,
    /// Empty: the pattern that fits the run best.
    pub file_names: String,
}

impl Default for ExportChoices {
    fn default() -> Self {
        Self {
            which: ExportWhich::All,
            format: ExportFormat::Xlsx,
            label_and_address: true,
            fields: true,
            failures: false,
            file_names: String::new(),
        }
    }
}

/// What a run has to export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ExportOffer {
    pub successful: u32,
    /// Failed, timed out, or not taken by the service.
    pub failed: u32,
    pub waiting: u32,
    /// Names of the extracted fields, in the order of the form.
    pub fields: Vec<String>,
    /// Patterns to choose from, the most fitting first.
    pub file_names: Vec<String>,
    /// What the first pattern calls the first page.
    pub file_name_example: String,
    /// Where the dialog starts.
    pub folder: String,
}

/// What would come of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ExportCheck {
    /// What must be changed first; empty when it can be exported.
    pub problem: String,
    /// What the pattern calls the first page.
    pub example: String,
    /// Rows of the table or the index.
    pub count: u32,
}

/// Told at most ten times a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct ExportProgress {
    /// Pages.
    pub done: u32,
    pub total: u32,
    /// Written so far.
    pub bytes: u32,
}

/// An export that is on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ExportedView {
    pub path: String,
    pub name: String,
    pub folder: String,
    /// Bytes.
    pub size: u32,
    /// Rows of the table or the index.
    pub results: u32,
    /// Those among them whose result is not in the library any more: their values are empty.
    pub left_out: u32,
}
