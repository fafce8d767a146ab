//! Everything ever scraped: one row per result in SQLite, bodies as content-addressed files.

mod bodies;
mod compare;
mod disk;
mod error;
mod file_name;
mod keep;
mod managing;
mod open;
mod packed;
mod preview;
mod rows;
mod saving;
mod search;
mod shelf;
mod tidy;
mod transfer;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use compare::*;
pub use disk::LibraryDisk;
pub use error::{LibraryError, file_words};
pub use file_name::is_treacherous;
pub(crate) use file_name::{extension, file_name, kind_of, safe_stem, with_extension};
pub(crate) use open::LastUsed;
pub(crate) use packed::{Owner, PackedFacts, Packer, Packs, insert_row};
pub(crate) use rows::{narrow, usual};
pub use search::*;
pub use transfer::*;

pub(crate) use saving::{free_path, save_folder, write_folder_as, write_whole, write_whole_as};
pub(crate) use search::Kinds;
pub(crate) use shelf::Shelf;

use file_name::file_kind;

use crate::Answer;
use crate::database::Database;
use crate::results::details::details;
use crate::results::network::{network_body, network_page};
use crate::results::*;
use crate::scrape::UsualView;
use crate::settings::Settings;
use crate::start::NoticeView;

/// The open library; cheap to clone.
#[derive(Clone)]
pub struct Library {
    shelf: Arc<Shelf>,
    sweep: TaskTracker,
    filling: TaskTracker,
    stop: CancellationToken,
    transfers: Transfers,
}

/// Where the save dialog starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaveName {
    pub folder: PathBuf,
    /// Safe on all three systems, with its extension.
    pub file_name: String,
    /// "PNG picture"
    pub filter_name: String,
    pub extension: String,
}

/// A body for the preview protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewBody {
    pub bytes: Vec<u8>,
    pub content_type: String,
    /// The whole Content-Security-Policy header, `sandbox` included.
    pub policy: String,
}

impl Library {
    /// Opens the data folder. What was deleted before this start and orphaned bodies go in the background.
    pub async fn open(data_dir: &Path) -> Answer<Self> {
        let data_dir = data_dir.to_owned();
        let opened = tokio::task::spawn_blocking(move || Shelf::open(&data_dir)).await;
        let shelf = Arc::new(opened.map_err(LibraryError::from)??);
        let library = Self {
            shelf: shelf.clone(),
            sweep: TaskTracker::new(),
            filling: TaskTracker::new(),
            stop: CancellationToken::new(),
            transfers: Transfers::default(),
        };
        library.sweep.spawn_blocking(move || {
            let swept = tidy::purge(&shelf).and_then(|_| shelf.bodies.sweep(&shelf.database));
            match swept {
                Ok(0) => {}
                Ok(swept) => tracing::info!(swept, "bodies without a result were deleted"),
                Err(error) => tracing::warn!(%error, "the sweep of bodies stopped early"),
            }
        });
        library.sweep.close();
        library.read_in_background();
        Ok(library)
    }

    /// Returns once the background sweep has ended; a clean close waits for it.
    pub async fn swept(&self) {
        self.sweep.wait().await;
    }

    /// The file that the journal shares with the library.
    pub fn database(&self) -> &Database {
        &self.shelf.database
    }

    /// Puts a finished scrape on disk: bodies first, then its row, in one transaction.
    pub async fn keep(&self, outcome: Outcome) -> Answer<ResultView> {
        self.call(move |shelf| {
            let id = keep::keep(&shelf.database, &shelf.bodies, outcome)?;
            Ok(shelf.kept(&id)?.view)
        })
        .await
    }

    /// How long `host` took before, with or without a browser.
    pub async fn usual(&self, host: &str, browser: bool) -> Answer<Option<UsualView>> {
        let site = host.strip_prefix("www.").unwrap_or(host).to_owned();
        self.database()
            .call(move |connection| rows::usual(connection, &site, browser))
            .await
    }

    pub async fn view(&self, id: String) -> Answer<ResultView> {
        self.call(move |shelf| Ok(shelf.kept(&id)?.view)).await
    }

    /// Newest first; `find` searches title and address.
    pub async fn recent(&self, find: String, limit: u32) -> Answer<Vec<ResultSummary>> {
        self.database()
            .call(move |connection| rows::summaries(connection, &find, limit))
            .await
    }

    pub async fn data(&self, query: DataQuery) -> Answer<DataPage> {
        self.call(move |shelf| Ok(shelf.table(&query.result_id)?.page(query)))
            .await
    }

    pub async fn text(&self, query: TextQuery) -> Answer<TextPage> {
        self.call(move |shelf| {
            Ok(shelf
                .text(&query.result_id, query.part)?
                .page(query.offset, query.limit))
        })
        .await
    }

    pub async fn search_text(&self, query: TextSearch) -> Answer<TextHits> {
        self.call(move |shelf| {
            Ok(shelf
                .text(&query.result_id, query.part)?
                .search(&query.query))
        })
        .await
    }

    pub async fn network(&self, query: NetworkQuery) -> Answer<NetworkPage> {
        self.call(move |shelf| Ok(network_page(&shelf.calls(&query.result_id)?, &query)))
            .await
    }

    pub async fn network_body(&self, id: String, index: u32) -> Answer<NetworkBody> {
        self.call(move |shelf| {
            let calls = shelf.calls(&id)?;
            let body = calls.get(index as usize).and_then(network_body);
            body.ok_or(LibraryError::Missing("No body was kept for this."))
        })
        .await
    }

    pub async fn details(&self, id: String) -> Answer<DetailsView> {
        self.call(move |shelf| {
            let kept = shelf.kept(&id)?;
            let sizes: Vec<_> = kept
                .stored
                .iter()
                .map(|part| (part.name.as_str(), part.view.size))
                .collect();
            let answer = keep::strip_bodies(kept.raw_answer, &sizes);
            Ok(details(&kept.view, kept.request, &kept.answer, answer))
        })
        .await
    }

    pub async fn save_name(
        &self,
        id: String,
        kind: SaveKind,
        settings: &Settings,
    ) -> Answer<SaveName> {
        let settings = settings.clone();
        self.call(move |shelf| shelf.save_name(&id, kind, &settings))
            .await
    }

    /// Writes the part to `path` (temp file, fsync, rename).
    pub async fn save(
        &self,
        id: String,
        kind: SaveKind,
        path: PathBuf,
        settings: &Settings,
    ) -> Answer<SavedView> {
        let style = settings.csv;
        self.call(move |shelf| shelf.save(&id, kind, &path, style))
            .await
    }

    /// A free name in the save folder for saving without a dialog.
    pub async fn free_path(
        &self,
        id: String,
        kind: SaveKind,
        settings: &Settings,
    ) -> Answer<PathBuf> {
        let name = self.save_name(id, kind, settings).await?;
        self.call(move |_| Ok(saving::free_path(&name))).await
    }

    /// Text for the clipboard: page, Markdown, or data as tab-separated rows. At most 32 MB.
    pub async fn copy_text(&self, id: String, part: Part) -> Answer<String> {
        self.call(move |shelf| shelf.copy_text(&id, part)).await
    }

    /// `path` is what follows the host: `/{id}/page`, `/markdown`, `/screenshot`, `/file`, `/thumbnail`.
    pub async fn preview(&self, path: &str) -> Answer<PreviewBody> {
        let path = path.to_owned();
        self.call(move |shelf| preview::preview(shelf, &path)).await
    }

    /// Lets the preview of one result fetch images and styles, until the app quits.
    pub async fn allow_external(&self, id: String, allow: bool) -> Answer<()> {
        self.call(move |shelf| {
            let known = shelf.kept(&id)?.view.id;
            shelf.allow_external(known, allow);
            Ok(())
        })
        .await
    }

    /// The extracted values of a result; none when it has none.
    pub(crate) async fn extracted(&self, id: String) -> Answer<Map<String, Value>> {
        self.call(move |shelf| match shelf.body(&id, "data") {
            Ok((bytes, _)) => Ok(serde_json::from_slice(&bytes)?),
            Err(LibraryError::Missing(_)) => Ok(Map::new()),
            Err(error) => Err(error),
        })
        .await
    }

    pub async fn notices(&self) -> Answer<Vec<NoticeView>> {
        self.database().notices().await
    }

    pub async fn dismiss_notice(&self, id: String) -> Answer<()> {
        self.database().dismiss_notice(id).await
    }

    pub(crate) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shelf) -> Result<T, LibraryError> + Send + 'static,
    ) -> Answer<T> {
        let shelf = self.shelf.clone();
        let done = tokio::task::spawn_blocking(move || work(&shelf)).await;
        Ok(done.map_err(LibraryError::from)??)
    }
}
