//! On the window's own thread: with a second thread in GTK's loop either of both may run what is meant
//! for the window.

use std::path::PathBuf;

use gtk::prelude::*;
use tauri::{AppHandle, WebviewWindow};
use tokio::sync::oneshot;

use super::{Action, Filter, Question};

pub async fn ask(
    app: &AppHandle,
    window: Option<WebviewWindow>,
    question: Question,
) -> Option<PathBuf> {
    let (answer, chosen) = oneshot::channel();
    app.run_on_main_thread(move || {
        gtk::glib::MainContext::default().spawn_local(async move {
            answer.send(run(window, question).await).ok();
        });
    })
    .ok()?;
    // A dialog that vanished with the app means "not now".
    chosen.await.ok()?
}

async fn run(window: Option<WebviewWindow>, question: Question) -> Option<PathBuf> {
    let parent = window.and_then(|window| window.gtk_window().ok());
    let action = match question.action {
        Action::Save => gtk::FileChooserAction::Save,
        Action::OpenFile => gtk::FileChooserAction::Open,
        Action::OpenFolder => gtk::FileChooserAction::SelectFolder,
    };
    let dialog =
        gtk::FileChooserNative::new(Some(&question.title), parent.as_ref(), action, None, None);
    dialog.set_modal(true);
    dialog.set_local_only(true);
    dialog.set_do_overwrite_confirmation(true);
    dialog.set_create_folders(true);
    if let Some(folder) = question.folder {
        dialog.set_current_folder(folder);
    }
    if let Some(name) = question.file_name {
        dialog.set_current_name(&name);
    }
    for filter in &question.filters {
        dialog.add_filter(to_gtk(filter));
    }
    let response = dialog.run_future().await;
    let path = dialog.filename();
    dialog.destroy();
    (response == gtk::ResponseType::Accept).then_some(path)?
}

fn to_gtk(filter: &Filter) -> gtk::FileFilter {
    let shown = gtk::FileFilter::new();
    shown.set_name(Some(&filter.name));
    for extension in &filter.extensions {
        if extension == "*" {
            shown.add_pattern("*");
        } else {
            shown.add_pattern(&format!("*.{extension}"));
            shown.add_pattern(&format!("*.{}", extension.to_uppercase()));
        }
    }
    shown
}
