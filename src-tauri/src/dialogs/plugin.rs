//! macOS and Windows: their own dialogs, by Tauri's plugin.

use std::path::PathBuf;

use tauri::{AppHandle, WebviewWindow};
use tauri_plugin_dialog::DialogExt as _;
use tokio::sync::oneshot;

use super::{Action, Question};

pub async fn ask(
    app: &AppHandle,
    window: Option<WebviewWindow>,
    question: Question,
) -> Option<PathBuf> {
    let mut dialog = app.dialog().file().set_title(question.title);
    if let Some(window) = window {
        dialog = dialog.set_parent(&window);
    }
    if let Some(folder) = question.folder {
        dialog = dialog.set_directory(folder);
    }
    if let Some(name) = question.file_name {
        dialog = dialog.set_file_name(name);
    }
    for filter in &question.filters {
        let extensions: Vec<&str> = filter.extensions.iter().map(String::as_str).collect();
        dialog = dialog.add_filter(&filter.name, &extensions);
    }
    let (answer, chosen) = oneshot::channel();
    let tell = move |path| {
        answer.send(path).ok();
    };
    match question.action {
        Action::Save => dialog.save_file(tell),
        Action::OpenFile => dialog.pick_file(tell),
        Action::OpenFolder => dialog.pick_folder(tell),
    }
    // A dialog that vanished with the app means "not now".
    chosen.await.ok()??.into_path().ok()
}
