//! The whole library as one file, and such a file into a library. Results go through one at a time,
//! whatever their number; what was taken in before a cancel or a damage stays, and is not taken in twice.
//!
//! The file is a ZIP. `library.json` says what it is; `results/000001` and so on hold results one after
//! the other: a line of JSON, then the bytes of its parts.

mod read;
mod view;
mod write;

pub use view::*;

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

use super::{Library, LibraryError, SaveName, Shelf, file_words, save_folder};
use crate::settings::Settings;
use crate::{Answer, AppError, ErrorCode, FieldProblem};

const MANIFEST: &str = "library.json";
const FORMAT: u32 = 1;
const EXTENSION: &str = "zip";
/// How often an app that closes looks whether they have ended.
const LOOK: Duration = Duration::from_millis(10);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Manifest {
    scrapingpros_library: u32,
    results: u32,
    chunks: u32,
}

/// The first line of a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Entry {
    id: String,
    address: String,
    title: String,
    verdict: String,
    browser: bool,
    account_name: String,
    local: bool,
    credits: Option<u32>,
    duration_ms: u32,
    created_at: u32,
    label: String,
    tags: Vec<String>,
    form: serde_json::Value,
    request: serde_json::Value,
    answer: serde_json::Value,
    parts: Vec<EntryPart>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct EntryPart {
    name: String,
    content_type: String,
    size: u64,
    count: u32,
    width: u32,
    height: u32,
}

#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    #[error(transparent)]
    Library(#[from] LibraryError),
    #[error("cancelled")]
    Cancelled,
    /// What the file is instead, in a sentence.
    #[error("{0}")]
    Unfit(&'static str),
    /// After so many results that were read.
    #[error("damaged after {0} results: {1}")]
    Damaged(u32, String),
}

impl From<io::Error> for TransferError {
    fn from(error: io::Error) -> Self {
        Self::Library(error.into())
    }
}

impl From<TransferError> for AppError {
    fn from(error: TransferError) -> Self {
        let refused = |words: String| Self::invalid(vec![FieldProblem::new("file", words)]);
        match error {
            TransferError::Library(LibraryError::Files(error)) => {
                Self::new(ErrorCode::Storage, file_words(error.kind())).with_details(error)
            }
            TransferError::Library(error) => error.into(),
            TransferError::Cancelled => Self::new(ErrorCode::Cancelled, "Cancelled."),
            TransferError::Unfit(words) => refused(words.to_owned()),
            TransferError::Damaged(0, details) => {
                refused("This file is damaged. Nothing was imported.".into()).with_details(details)
            }
            TransferError::Damaged(read, details) => refused(format!(
                "This file is damaged. {read} results before the damage are in the library now."
            ))
            .with_details(details),
        }
    }
}

/// Exports and imports that go on, by the ids the window gave them.
#[derive(Clone, Default)]
pub(super) struct Transfers(Arc<Mutex<HashMap<String, CancellationToken>>>);

/// A place among them; gone when dropped.
pub struct TransferTicket {
    id: String,
    all: Transfers,
    stop: CancellationToken,
}

impl Transfers {
    fn change<T>(&self, work: impl FnOnce(&mut HashMap<String, CancellationToken>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns once they have cleaned up.
    pub(super) async fn end_all(&self) {
        self.change(|all| all.values().for_each(CancellationToken::cancel));
        while self.change(|all| !all.is_empty()) {
            tokio::time::sleep(LOOK).await;
        }
    }
}

impl Drop for TransferTicket {
    fn drop(&mut self) {
        self.all.change(|all| all.remove(&self.id));
    }
}

impl Library {
    /// Makes it possible to cancel before it has begun.
    pub fn begin_transfer(&self, id: &str) -> Answer<TransferTicket> {
        let stop = CancellationToken::new();
        let known = self
            .transfers
            .change(|all| all.insert(id.to_owned(), stop.clone()));
        if let Some(other) = known {
            self.transfers
                .change(|all| all.insert(id.to_owned(), other));
            let words = "This is already going on.";
            return Err(AppError::new(ErrorCode::Unexpected, words));
        }
        Ok(TransferTicket {
            id: id.to_owned(),
            all: self.transfers.clone(),
            stop,
        })
    }

    pub fn cancel_transfer(&self, id: &str) {
        self.transfers
            .change(|all| all.get(id).map(CancellationToken::cancel));
    }

    /// Where the save dialog starts.
    pub fn transfer_name(&self, settings: &Settings) -> SaveName {
        let today = OffsetDateTime::now_local().unwrap_or_else(|_| OffsetDateTime::now_utc());
        SaveName {
            folder: save_folder(settings),
            file_name: format!("Scraping Pros library {}.{EXTENSION}", today.date()),
            filter_name: "Library".into(),
            extension: EXTENSION.into(),
        }
    }

    /// Every result that is not deleted, into one file: whole or not at all.
    pub async fn export(
        &self,
        ticket: TransferTicket,
        path: PathBuf,
        tell: impl Fn(TransferProgress) + Send + 'static,
    ) -> Answer<LibraryExported> {
        let stop = ticket.stop.clone();
        let done = self.with_shelf(move |shelf| write::write(shelf, &path, &stop, &tell));
        done.await
    }

    /// Takes in what is not there yet.
    pub async fn import(
        &self,
        ticket: TransferTicket,
        path: PathBuf,
        tell: impl Fn(TransferProgress) + Send + 'static,
    ) -> Answer<LibraryImported> {
        let stop = ticket.stop.clone();
        let done = self.with_shelf(move |shelf| read::read(shelf, &path, &stop, &tell));
        done.await
    }

    /// For work that has an error of its own.
    async fn with_shelf<T, E>(
        &self,
        work: impl FnOnce(&Shelf) -> Result<T, E> + Send + 'static,
    ) -> Answer<T>
    where
        T: Send + 'static,
        E: Into<AppError> + Send + 'static,
    {
        let shelf = self.shelf.clone();
        let done = tokio::task::spawn_blocking(move || work(&shelf)).await;
        done.map_err(LibraryError::from)?.map_err(Into::into)
    }
}
