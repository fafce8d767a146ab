//! What can go wrong on the way to the disk, in words.

use std::io;

use crate::{AppError, ErrorCode};

/// Why the library could not read or write.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    #[error(transparent)]
    Migration(#[from] rusqlite_migration::Error),
    #[error(transparent)]
    Files(#[from] io::Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error("the database failed its check: {0}")]
    Damaged(String),
    #[error("{0}")]
    Missing(&'static str),
    #[error("{0}")]
    TooLarge(&'static str),
    #[error("the background task ended early: {0}")]
    Task(#[from] tokio::task::JoinError),
}

impl LibraryError {
    /// Whether the database file itself is broken, so that it must be set aside.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Damaged(_) => true,
            Self::Database(error)
            | Self::Migration(rusqlite_migration::Error::RusqliteError { err: error, .. }) => {
                matches!(
                    error.sqlite_error_code(),
                    Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase)
                )
            }
            Self::Migration(_)
            | Self::Files(_)
            | Self::Json(_)
            | Self::Missing(_)
            | Self::TooLarge(_)
            | Self::Task(_) => false,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Database(error) | Self::Migration(rusqlite_migration::Error::RusqliteError { err: error, .. }) => {
                database_words(error.sqlite_error_code()).into()
            }
            Self::Migration(_) => "The library was written by a newer version of this app. Install that version to open it.".into(),
            Self::Files(error) => file_words(error.kind()).into(),
            Self::Json(_) | Self::Damaged(_) => "The library is damaged. Quit and open the app again to have it checked.".into(),
            Self::Missing(words) | Self::TooLarge(words) => (*words).into(),
            Self::Task(_) => "The work was interrupted. Try again.".into(),
        }
    }
}

impl From<LibraryError> for AppError {
    fn from(error: LibraryError) -> Self {
        let code = match &error {
            LibraryError::Database(_)
            | LibraryError::Migration(_)
            | LibraryError::Files(_)
            | LibraryError::Json(_)
            | LibraryError::Damaged(_) => ErrorCode::Storage,
            LibraryError::Missing(_) => ErrorCode::NotFound,
            LibraryError::TooLarge(_) | LibraryError::Task(_) => ErrorCode::Unexpected,
        };
        Self::new(code, error.words()).with_details(error)
    }
}

fn database_words(code: Option<rusqlite::ErrorCode>) -> &'static str {
    use rusqlite::ErrorCode as Sqlite;
    if code == Some(Sqlite::DiskFull) {
        return file_words(io::ErrorKind::StorageFull);
    }
    if matches!(
        code,
        Some(Sqlite::ReadOnly | Sqlite::CannotOpen | Sqlite::PermissionDenied)
    ) {
        return file_words(io::ErrorKind::PermissionDenied);
    }
    if matches!(code, Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked)) {
        return "Another program is using the library. Close it and try again.";
    }
    if matches!(code, Some(Sqlite::DatabaseCorrupt | Sqlite::NotADatabase)) {
        return "The library is damaged. Quit and open the app again to have it checked.";
    }
    "The library could not be read or written."
}

/// A sentence for a file trouble, fit for any folder.
pub fn file_words(kind: io::ErrorKind) -> &'static str {
    let is = |wanted: &[io::ErrorKind]| wanted.contains(&kind);
    if is(&[io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded]) {
        return "The disk is full. Free some space and try again.";
    }
    if is(&[io::ErrorKind::FileTooLarge]) {
        return "This disk takes no file as large as this one. Choose another disk.";
    }
    if is(&[
        io::ErrorKind::PermissionDenied,
        io::ErrorKind::ReadOnlyFilesystem,
    ]) {
        return "This folder can't be written. Choose another folder or change its permissions.";
    }
    if is(&[io::ErrorKind::NotFound, io::ErrorKind::NotADirectory]) {
        return "The folder or file is not there any more.";
    }
    "The file could not be read or written."
}
