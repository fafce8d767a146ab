//! The system's own dialogs for files and folders.

#[cfg(target_os = "linux")]
#[path = "gtk.rs"]
mod platform;
#[cfg(not(target_os = "linux"))]
#[path = "plugin.rs"]
mod platform;

use std::path::{Path, PathBuf};

use scrapingpros_core::library::SaveName;
use tauri::{AppHandle, Manager as _, WebviewWindow};

/// What a dialog asks for.
struct Question {
    action: Action,
    title: String,
    /// Where it begins; none: where the system likes.
    folder: Option<PathBuf>,
    /// The name it offers for a new file.
    file_name: Option<String>,
    filters: Vec<Filter>,
}

#[derive(Clone, Copy)]
enum Action {
    Save,
    OpenFile,
    OpenFolder,
}

struct Filter {
    name: String,
    /// Without the dot; `*` for every file.
    extensions: Vec<String>,
}

impl Filter {
    fn new(name: &str, extensions: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            extensions: extensions.iter().map(|&it| it.to_owned()).collect(),
        }
    }
}

/// Opens the save dialog; none when the person cancelled.
pub async fn ask_where(app: &AppHandle, name: SaveName) -> Option<PathBuf> {
    let question = Question {
        action: Action::Save,
        title: "Save as".to_owned(),
        folder: Some(name.folder),
        file_name: Some(name.file_name),
        filters: vec![Filter::new(&name.filter_name, &[&name.extension])],
    };
    let mut path = platform::ask(app, window(app), question).await?;
    if path.extension().is_none() {
        path.set_extension(&name.extension);
    }
    Some(path)
}

/// Opens the folder dialog, in `folder` where one is given; none when the person cancelled.
pub async fn ask_folder(app: &AppHandle, title: &str, folder: Option<&Path>) -> Option<PathBuf> {
    let question = Question {
        action: Action::OpenFolder,
        title: title.to_owned(),
        folder: folder.map(Path::to_path_buf),
        file_name: None,
        filters: Vec::new(),
    };
    platform::ask(app, window(app), question).await
}

/// Opens the dialog for one file; none when the person cancelled.
pub async fn ask_file(
    app: &AppHandle,
    title: &str,
    kind: &str,
    extensions: &[&str],
) -> Option<PathBuf> {
    let question = Question {
        action: Action::OpenFile,
        title: title.to_owned(),
        folder: None,
        file_name: None,
        filters: vec![
            Filter::new(kind, extensions),
            Filter::new("All files", &["*"]),
        ],
    };
    platform::ask(app, window(app), question).await
}

fn window(app: &AppHandle) -> Option<WebviewWindow> {
    app.get_webview_window(crate::window::LABEL)
}
