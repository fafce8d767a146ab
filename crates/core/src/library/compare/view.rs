//! Two results side by side, as the window shows them.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Which of two results differs how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ResultComparison {
    /// None when neither has any text.
    pub text: Option<DifferenceCount>,
    /// None when neither has extracted values.
    pub data: Option<DifferenceCount>,
    /// Whether both have a screenshot.
    pub pictures: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct DifferenceCount {
    /// Lines that are only in the later one.
    pub added: u32,
    /// Lines that are only in the earlier one.
    pub removed: u32,
    /// Lines side by side, with those that are the same.
    pub rows: u32,
    /// The same with only some lines around each change.
    pub changed_rows: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceOf {
    /// What a reader of the page sees, as Markdown.
    Text,
    /// The extracted values, a line each.
    Data,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
pub struct DifferenceQuery {
    pub before: String,
    pub after: String,
    pub of: DifferenceOf,
    /// Leaves out what is the same, but for some lines around each change.
    pub only_changes: bool,
    pub offset: u32,
    /// At most 500.
    pub limit: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct DifferenceRow {
    pub kind: DifferenceKind,
    /// None where the earlier one has nothing.
    pub before: Option<DifferenceLine>,
    pub after: Option<DifferenceLine>,
    /// Lines that are left out here; 0 but for [`DifferenceKind::Skipped`].
    pub skipped: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    Same,
    Changed,
    Added,
    Removed,
    Skipped,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct DifferenceLine {
    /// From 1.
    pub number: u32,
    pub pieces: Vec<DifferencePiece>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct DifferencePiece {
    pub text: String,
    pub changed: bool,
}

/// Two screenshots laid over each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct PictureComparison {
    /// Pixels of the picture that the preview protocol serves as `difference-{id of the later}`.
    pub width: u32,
    pub height: u32,
    /// Places that differ, in thousandths of all; at least 1 when any does.
    pub changed: u32,
}
