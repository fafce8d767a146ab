//! Why a file can't be imported, in words.

use std::io;

use crate::library::{LibraryError, file_words};
use crate::{AppError, ErrorCode, FieldProblem};

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    File(#[from] io::Error),
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The person stopped it.
    #[error("cancelled")]
    Cancelled,
    /// A sentence that says what the file is and what to do.
    #[error("{0}")]
    Unfit(String),
    /// One record is longer than any honest one.
    #[error("row {0} is too long")]
    LongRow(u32),
    #[error("{0}")]
    Damaged(String),
}

impl ImportError {
    pub fn unfit(words: impl Into<String>) -> Self {
        Self::Unfit(words.into())
    }
}

impl From<ImportError> for AppError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::File(error) => {
                Self::new(ErrorCode::Storage, file_words(error.kind())).with_details(error)
            }
            ImportError::Library(error) => error.into(),
            ImportError::Cancelled => Self::new(ErrorCode::Cancelled, "Cancelled."),
            ImportError::Unfit(words) => refused(words),
            ImportError::LongRow(row) => refused(format!(
                "Row {row} never seems to end. A quotation mark that is opened and not closed can be why."
            )),
            ImportError::Damaged(details) => {
                refused("This file is damaged or protected. Open it in its own program, save it as CSV and import that.".into())
                    .with_details(details)
            }
        }
    }
}

fn refused(words: String) -> AppError {
    AppError::invalid(vec![FieldProblem::new("file", words)])
}
