//! Everything ever scraped: one row per result in SQLite, bodies as content-addressed files.

mod error;

use std::path::{Path, PathBuf};

pub use error::{LibraryError, file_words};

use crate::Answer;
use crate::database::Database;
use crate::results::*;
use crate::scrape::UsualView;
use crate::settings::Settings;

/// The open library; cheap to clone.
#[derive(Clone)]
pub struct Library {
    database: Database,
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
    /// Opens the data folder. Orphaned bodies are swept in the background.
    pub async fn open(_data_dir: &Path) -> Answer<Self> {
        todo!()
    }
    /// The file that the journal shares with the library.
    pub fn database(&self) -> &Database {
        &self.database
    }
    /// Puts a finished scrape on disk: bodies first, then its row, in one transaction.
    pub async fn keep(&self, _outcome: Outcome) -> Answer<ResultView> {
        todo!()
    }
    /// How long `host` took before, with or without a browser.
    pub async fn usual(&self, _host: &str, _browser: bool) -> Answer<Option<UsualView>> {
        todo!()
    }
    pub async fn view(&self, _id: String) -> Answer<ResultView> {
        todo!()
    }
    /// Newest first; `find` searches title and address.
    pub async fn recent(&self, _find: String, _limit: u32) -> Answer<Vec<ResultSummary>> {
        todo!()
    }
    pub async fn data(&self, _query: DataQuery) -> Answer<DataPage> {
        todo!()
    }
    pub async fn text(&self, _query: TextQuery) -> Answer<TextPage> {
        todo!()
    }
    pub async fn search_text(&self, _query: TextSearch) -> Answer<TextHits> {
        todo!()
    }
    pub async fn network(&self, _query: NetworkQuery) -> Answer<NetworkPage> {
        todo!()
    }
    pub async fn network_body(&self, _id: String, _index: u32) -> Answer<NetworkBody> {
        todo!()
    }
    pub async fn details(&self, _id: String) -> Answer<DetailsView> {
        todo!()
    }
    pub async fn save_name(
        &self,
        _id: String,
        _kind: SaveKind,
        _settings: &Settings,
    ) -> Answer<SaveName> {
        todo!()
    }
    /// Writes the part to `path` (temp file, fsync, rename).
    pub async fn save(
        &self,
        _id: String,
        _kind: SaveKind,
        _path: PathBuf,
        _settings: &Settings,
    ) -> Answer<SavedView> {
        todo!()
    }
    /// A free name in the save folder for saving without a dialog.
    pub async fn free_path(
        &self,
        _id: String,
        _kind: SaveKind,
        _settings: &Settings,
    ) -> Answer<PathBuf> {
        todo!()
    }
    /// Text for the clipboard: page, Markdown, or data as tab-separated rows. At most 32 MB.
    pub async fn copy_text(&self, _id: String, _part: Part) -> Answer<String> {
        todo!()
    }
    /// `path` is what follows the host: `/{id}/page`, `/markdown`, `/screenshot`, `/file`, `/thumbnail`.
    pub async fn preview(&self, _path: &str) -> Answer<PreviewBody> {
        todo!()
    }
    /// Lets the preview of one result fetch images and styles, until the app quits.
    pub async fn allow_external(&self, _id: String, _allow: bool) -> Answer<()> {
        todo!()
    }
    pub async fn dismiss_notice(&self, _id: String) -> Answer<()> {
        todo!()
    }
}
