//! An import as the window shows it before it is done.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::super::PageColumn;

/// What was found in a file, and what it is taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ImportView {
    pub import_id: String,
    pub file_name: String,
    pub kind: ImportKind,
    /// Without the row that names the columns, and without blank ones.
    pub rows: u32,
    pub columns: Vec<ImportColumn>,
    pub choice: ImportChoice,
    /// The encodings to choose from; empty where there is no choice.
    pub encodings: Vec<String>,
    /// The sheets to choose from; empty where there is no choice.
    pub sheets: Vec<String>,
    /// Sentences about what is not as it should be: unreadable letters, missing sitemaps, more
    /// columns than are shown.
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    /// CSV and its like.
    Table,
    /// One address a line.
    Lines,
    Workbook,
    Sitemap,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ImportColumn {
    /// From the first row, or "Column 2".
    pub name: String,
    /// The first three that are not empty, shortened.
    pub samples: Vec<String>,
    /// What it is taken for; none: left out.
    pub meaning: Option<PageColumn>,
}

/// How the file is read; what does not matter for its kind is ignored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ImportChoice {
    /// `,` `;` `|`, a tab, or empty: one address a line.
    pub separator: String,
    /// Such as `UTF-8` or `windows-1252`.
    pub encoding: String,
    /// The first row names the columns.
    pub has_header: bool,
    pub sheet: String,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct ImportProgress {
    pub rows: u32,
    /// 0 while the rows are being counted.
    pub total: u32,
}
