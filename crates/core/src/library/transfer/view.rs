//! Exports and imports of the library, as the window shows them.

use serde::Serialize;
use specta::Type;

use crate::results::SavedView;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct TransferProgress {
    /// Results.
    pub done: u32,
    pub total: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct LibraryExported {
    pub file: SavedView,
    pub results: u32,
    /// Results that could not be read and are not in the file.
    pub lost: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct LibraryImported {
    pub added: u32,
    /// Results that were there already.
    pub known: u32,
    /// The person stopped it before its end.
    pub cancelled: bool,
}
