//! Exports: what a run has brought, as one file or folder for other programs.
//!
//! Everything is streamed: a few packs of results are in memory, whatever the run's size. It is
//! written beside the target under a name that says "unfinished", flushed and renamed, so that a
//! cancelled or failed export leaves nothing.

mod bundle;
mod columns;
mod names;
mod offer;
mod pages;
mod records;
mod sheet;
mod table;
mod unfinished;
mod view;
mod watch;
mod write;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use view::*;

use unfinished::Unfinished;

use crate::library::{Library, LibraryError, SaveName, free_path, save_folder};
use crate::runs::rows;
use crate::settings::SettingsStore;
use crate::{Answer, AppError, ErrorCode, FieldProblem};

/// How often an app that closes looks whether its exports have ended.
const LOOK: Duration = Duration::from_millis(10);

/// All exports; cheap to clone.
#[derive(Clone)]
pub struct Exports {
    library: Library,
    settings: SettingsStore,
    unfinished: Unfinished,
    running: Arc<Mutex<HashMap<String, CancellationToken>>>,
    sweep: TaskTracker,
}

/// An export's place among the running ones; gone when dropped.
pub struct ExportTicket {
    id: String,
    running: Arc<Mutex<HashMap<String, CancellationToken>>>,
    stop: CancellationToken,
}

impl Exports {
    /// What exports of an app that was killed have left is removed in the background.
    pub fn open(data_dir: &Path, library: Library, settings: SettingsStore) -> Self {
        let unfinished = Unfinished::new(data_dir);
        let sweep = TaskTracker::new();
        let left = unfinished.notes();
        if !left.is_empty() {
            sweep.spawn_blocking(move || Unfinished::sweep(&left));
        }
        sweep.close();
        Self {
            library,
            settings,
            unfinished,
            running: Arc::default(),
            sweep,
        }
    }

    /// Returns once the background sweep has ended.
    pub async fn swept(&self) {
        self.sweep.wait().await;
    }

    pub async fn offer(&self, run_id: String) -> Answer<ExportOffer> {
        let folder = save_folder(&self.settings.read());
        self.library
            .database()
            .call(move |connection| offer::offer(connection, &run_id, &folder))
            .await
    }

    pub async fn check(&self, form: ExportForm) -> Answer<ExportCheck> {
        self.library
            .database()
            .call(move |connection| offer::check(connection, &form))
            .await
    }

    /// Where the save dialog starts. For a folder, its name is that of the folder to be made.
    pub async fn save_name(&self, form: &ExportForm) -> Answer<SaveName> {
        let settings = self.settings.read();
        let (id, format) = (form.run_id.clone(), form.format);
        self.library
            .database()
            .call(move |connection| {
                let run = rows::run(connection, &id)?;
                Ok::<_, LibraryError>(offer::save_name(&run.summary, format, &settings))
            })
            .await
    }

    /// Where the export goes when the person is not asked: a free name in the save folder, or that
    /// folder itself.
    pub async fn usual_target(&self, form: &ExportForm) -> Answer<PathBuf> {
        let name = self.save_name(form).await?;
        Ok(match form.format {
            ExportFormat::Folder => name.folder,
            ExportFormat::Xlsx
            | ExportFormat::Csv
            | ExportFormat::Json
            | ExportFormat::Jsonl
            | ExportFormat::Zip => free_path(&name),
        })
    }

    /// Makes it possible to cancel the export before it has begun to write.
    pub fn begin(&self, export_id: &str) -> Answer<ExportTicket> {
        let mut running = lock(&self.running);
        if running.contains_key(export_id) {
            return Err(AppError::new(
                ErrorCode::Unexpected,
                "This export is already running.",
            ));
        }
        let stop = CancellationToken::new();
        running.insert(export_id.to_owned(), stop.clone());
        Ok(ExportTicket {
            id: export_id.to_owned(),
            running: Arc::clone(&self.running),
            stop,
        })
    }

    /// Writes to the file `target`, or makes a new folder in it.
    pub async fn export(
        &self,
        ticket: ExportTicket,
        form: ExportForm,
        target: PathBuf,
        tell: impl Fn(ExportProgress) + Send + Sync + 'static,
    ) -> Answer<ExportedView> {
        let checked = self.check(form.clone()).await?;
        if !checked.problem.is_empty() {
            return Err(AppError::invalid(vec![FieldProblem::new(
                "form",
                checked.problem,
            )]));
        }
        let settings = self.settings.read();
        let unfinished = self.unfinished.clone();
        let stop = ticket.stop.clone();
        let written = self
            .library
            .call(move |shelf| {
                let export = write::Export {
                    form: &form,
                    target: &target,
                    settings: &settings,
                    unfinished: &unfinished,
                };
                export.write(shelf, &stop, &tell)
            })
            .await;
        if written.is_err() && ticket.stop.is_cancelled() {
            return Err(AppError::new(ErrorCode::Cancelled, "Cancelled."));
        }
        written
    }

    pub fn cancel(&self, export_id: &str) {
        if let Some(stop) = lock(&self.running).get(export_id) {
            stop.cancel();
        }
    }

    /// Cancels all, and returns once they have cleaned up.
    pub async fn close(&self) {
        for stop in lock(&self.running).values() {
            stop.cancel();
        }
        while !lock(&self.running).is_empty() {
            tokio::time::sleep(LOOK).await;
        }
    }
}

impl Drop for ExportTicket {
    fn drop(&mut self) {
        lock(&self.running).remove(&self.id);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
