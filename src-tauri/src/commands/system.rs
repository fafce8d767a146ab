//! What only the system can do: dialogs, the clipboard, the file manager, the person's own browser.

use scrapingpros_core::Answer;
use scrapingpros_core::results::{Part, SaveKind, SavedView};

use super::AppCore;

/// Opens the save dialog (or saves at once, as the settings say). None when the person cancelled.
#[tauri::command]
#[specta::specta]
pub async fn save_part(
    _app: tauri::AppHandle,
    _core: AppCore<'_>,
    _id: String,
    _kind: SaveKind,
) -> Answer<Option<SavedView>> {
    todo!()
}

/// Puts a part on the clipboard; answers with the number of characters.
#[tauri::command]
#[specta::specta]
pub async fn copy_part(
    _app: tauri::AppHandle,
    _core: AppCore<'_>,
    _id: String,
    _part: Part,
) -> Answer<u32> {
    todo!()
}

/// Shows a file that this app saved in the file manager.
#[tauri::command]
#[specta::specta]
pub async fn show_in_folder(_app: tauri::AppHandle, _path: String) -> Answer<()> {
    todo!()
}

/// Opens an http or https address in the person's own browser.
#[tauri::command]
#[specta::specta]
pub async fn open_link(_app: tauri::AppHandle, _address: String) -> Answer<()> {
    todo!()
}

/// Opens the folder dialog for the save folder. None when the person cancelled.
#[tauri::command]
#[specta::specta]
pub async fn choose_save_folder(_app: tauri::AppHandle) -> Answer<Option<String>> {
    todo!()
}
