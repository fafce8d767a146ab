//! What only the system can do: dialogs, the clipboard, the file manager, the person's own browser.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use scrapingpros_core::results::{Part, SaveKind, SavedView};
use scrapingpros_core::scrape::{ScrapeForm, SnippetKind};
use scrapingpros_core::{Answer, AppError, ErrorCode};
use tauri::{AppHandle, State};
use tauri_plugin_clipboard_manager::ClipboardExt as _;
use tauri_plugin_opener::OpenerExt as _;

use super::AppCore;
use crate::dialogs::{ask_folder, ask_where};
use crate::window::is_web_link;

/// Files this app wrote: the only ones it shows in the file manager.
#[derive(Default)]
pub struct SavedFiles(Mutex<HashSet<PathBuf>>);

impl SavedFiles {
    pub fn remember(&self, path: PathBuf) {
        self.paths().insert(path);
    }

    fn holds(&self, path: &PathBuf) -> bool {
        self.paths().contains(path)
    }

    fn paths(&self) -> std::sync::MutexGuard<'_, HashSet<PathBuf>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Files that the person dropped on the window: the only ones the page may name.
#[derive(Default)]
pub struct DroppedFiles(Mutex<HashSet<PathBuf>>);

impl DroppedFiles {
    /// Instead of those dropped before.
    pub fn remember(&self, paths: &[PathBuf]) {
        let mut dropped = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *dropped = paths.iter().cloned().collect();
    }

    /// The file, if it was dropped.
    pub fn take(&self, path: String) -> Answer<PathBuf> {
        let path = PathBuf::from(path);
        let dropped = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if dropped.contains(&path) {
            return Ok(path);
        }
        Err(AppError::new(
            ErrorCode::NotFound,
            "This file was not dropped on the window. Drop it again, or choose it.",
        ))
    }
}

/// Opens the save dialog (or saves at once, as the settings say). None when the person cancelled.
#[tauri::command]
#[specta::specta]
pub async fn save_part(
    app: AppHandle,
    core: AppCore<'_>,
    saved_files: State<'_, SavedFiles>,
    id: String,
    kind: SaveKind,
) -> Answer<Option<SavedView>> {
    let settings = core.settings.read();
    let path = if settings.ask_where {
        let name = core.library.save_name(id.clone(), kind, &settings).await?;
        let Some(path) = ask_where(&app, name).await else {
            return Ok(None);
        };
        path
    } else {
        core.library.free_path(id.clone(), kind, &settings).await?
    };
    let saved = core.library.save(id, kind, path.clone(), &settings).await?;
    saved_files.remember(path);
    Ok(Some(saved))
}

/// Puts a part on the clipboard; answers with the number of characters.
#[tauri::command]
#[specta::specta]
pub async fn copy_part(app: AppHandle, core: AppCore<'_>, id: String, part: Part) -> Answer<u32> {
    let text = core.library.copy_text(id, part).await?;
    let count = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    app.clipboard().write_text(text).map_err(|error| {
        AppError::new(ErrorCode::Unexpected, "The clipboard could not be used.").with_details(error)
    })?;
    Ok(count)
}

/// Puts a form on the clipboard as a request that other programs send; the key is not in it.
#[tauri::command]
#[specta::specta]
pub async fn copy_request(
    app: AppHandle,
    core: AppCore<'_>,
    form: ScrapeForm,
    kind: SnippetKind,
) -> Answer<()> {
    let text = core.scrapes.snippet(form, kind).await?;
    app.clipboard().write_text(text).map_err(|error| {
        AppError::new(ErrorCode::Unexpected, "The clipboard could not be used.").with_details(error)
    })
}

/// Shows a file that this app saved in the file manager.
#[tauri::command]
#[specta::specta]
pub async fn show_in_folder(
    app: AppHandle,
    saved_files: State<'_, SavedFiles>,
    path: String,
) -> Answer<()> {
    let path = PathBuf::from(path);
    if !saved_files.holds(&path) {
        return Err(AppError::new(
            ErrorCode::NotFound,
            "This app did not save that file.",
        ));
    }
    if app.opener().reveal_item_in_dir(&path).is_ok() {
        return Ok(());
    }
    let folder = path
        .parent()
        .unwrap_or(&path)
        .to_string_lossy()
        .into_owned();
    app.opener()
        .open_path(folder, None::<&str>)
        .map_err(|error| {
            AppError::new(ErrorCode::Unexpected, "No file manager could be opened.")
                .with_details(error)
        })
}

/// Opens an http or https address in the person's own browser.
#[tauri::command]
#[specta::specta]
pub async fn open_link(app: AppHandle, core: AppCore<'_>, address: String) -> Answer<()> {
    let refused = || {
        AppError::new(
            ErrorCode::AddressRefused,
            "Only web addresses can be opened in your browser.",
        )
    };
    let address: url::Url = address.parse().map_err(|_| refused())?;
    if !is_web_link(&address) {
        return Err(refused());
    }
    let address = core.external_address(address).await?;
    app.opener()
        .open_url(address, None::<&str>)
        .map_err(|error| {
            AppError::new(ErrorCode::Unexpected, "Your browser could not be opened.")
                .with_details(error)
        })
}

/// Opens the folder dialog for the save folder. None when the person cancelled.
#[tauri::command]
#[specta::specta]
pub async fn choose_save_folder(app: AppHandle) -> Answer<Option<String>> {
    let folder = ask_folder(&app, "Folder for saved files", None).await;
    Ok(folder.map(|path| path.to_string_lossy().into_owned()))
}
