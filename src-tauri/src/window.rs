//! The one window: where it stands, and that nothing leads it away.

use std::path::PathBuf;
use std::sync::Arc;

use scrapingpros_core::Core;
use scrapingpros_core::runs::{Notification, notification};
use scrapingpros_core::settings::Theme;
use tauri::webview::NewWindowResponse;
use tauri::{
    App, AppHandle, DragDropEvent, Manager as _, Url, WebviewUrl, WebviewWindowBuilder, WindowEvent,
};
use tauri_plugin_window_state::{StateFlags, WindowExt as _};
use tauri_specta::Event as _;

use crate::bindings::{CountryIsApproved, FilesDropped, LinkPressed, RunEnded};
use crate::commands::system::DroppedFiles;

pub const LABEL: &str = "main";

/// What the window comes back with. The plugin drops a place that no monitor shows any more.
pub fn remembered() -> StateFlags {
    StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED
}

/// Builds the window as it was left.
pub fn open(app: &App, core: &Core) -> tauri::Result<()> {
    let handle = app.handle().clone();
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Scraping Pros")
        .inner_size(1280.0, 800.0)
        .min_inner_size(960.0, 640.0)
        .theme(native_theme(core.settings.read().theme))
        .on_navigation(is_own_page)
        .on_new_window(move |address, _| {
            if is_web_link(&address) {
                let pressed = LinkPressed {
                    address: address.to_string(),
                };
                if let Err(error) = pressed.emit(&handle) {
                    tracing::warn!("a pressed link was not told to the page: {error}");
                }
            }
            NewWindowResponse::Deny
        })
        .build()?;
    let handle = app.handle().clone();
    window.on_window_event(move |event| {
        if let WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) = event {
            tell_dropped(&handle, paths);
        }
    });
    if let Err(error) = window.restore_state(remembered()) {
        tracing::warn!("the window's place is not known: {error}");
    }
    Ok(())
}

/// Each run that ends is an event for the page; the desktop tells who wants it and looks elsewhere.
pub fn tell_ended_runs(app: &AppHandle, core: &Core) {
    let handle = app.clone();
    let settings = core.settings.clone();
    core.runs.on_ended(Arc::new(move |run| {
        let (app, settings, ended) = (handle.clone(), settings.read(), run.clone());
        // Both the window and the desktop may let it wait.
        tauri::async_runtime::spawn_blocking(move || {
            if let Some(words) = notification(&ended, &settings, is_focused(&app)) {
                notify(&app, &words);
            }
        });
        if let Err(error) = (RunEnded { run }).emit(&handle) {
            tracing::warn!("the end of a run was not told to the page: {error}");
        }
    }));
}

/// Each country that was approved is an event for the page.
pub fn tell_approved_countries(app: &AppHandle, core: &Core) {
    let handle = app.clone();
    core.proxies.on_approved(Arc::new(move |country| {
        if let Err(error) = (CountryIsApproved { country }).emit(&handle) {
            tracing::warn!("an approved country was not told to the page: {error}");
        }
    }));
}

fn is_focused(app: &AppHandle) -> bool {
    app.get_webview_window(LABEL)
        .is_some_and(|window| window.is_focused().unwrap_or_default())
}

/// The page has no way to do this.
fn notify(app: &AppHandle, words: &Notification) {
    let mut shown = notify_rust::Notification::new();
    shown
        .appname(&app.package_info().name)
        .summary(&words.title)
        .body(&words.body)
        .auto_icon();
    name_sender(&mut shown, &app.config().identifier);
    if let Err(error) = shown.show() {
        tracing::warn!("the desktop was not told of the end of a run: {error}");
    }
}

/// macOS and Windows show notifications of installed apps, by their identifiers.
#[cfg(target_os = "macos")]
fn name_sender(_shown: &mut notify_rust::Notification, identifier: &str) {
    if let Err(error) = notify_rust::set_application(identifier) {
        tracing::debug!("notifications have another sender: {error}");
    }
}

#[cfg(windows)]
fn name_sender(shown: &mut notify_rust::Notification, identifier: &str) {
    // A build that was not installed is known to nobody, and would show nothing.
    if !cfg!(debug_assertions) {
        shown.app_id(identifier);
    }
}

#[cfg(not(any(target_os = "macos", windows)))]
fn name_sender(_shown: &mut notify_rust::Notification, _identifier: &str) {}

/// Makes the frame and the previews follow the person's theme.
pub fn follow_theme(app: &tauri::AppHandle, theme: Theme) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    if let Err(error) = window.set_theme(native_theme(theme)) {
        tracing::warn!("the window keeps its theme: {error}");
    }
}

fn tell_dropped(app: &AppHandle, paths: &[PathBuf]) {
    app.state::<DroppedFiles>().remember(paths);
    let paths = paths.iter().map(|path| path.to_string_lossy().into_owned());
    let dropped = FilesDropped {
        paths: paths.collect(),
    };
    if let Err(error) = dropped.emit(app) {
        tracing::warn!("dropped files were not told to the page: {error}");
    }
}

fn native_theme(theme: Theme) -> Option<tauri::Theme> {
    match theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    }
}

/// The app's own page, and the frames of previews.
fn is_own_page(address: &Url) -> bool {
    let local = ["tauri", crate::preview::SCHEME];
    match address.scheme() {
        "http" | "https" => address
            .host_str()
            .and_then(|host| host.strip_suffix(".localhost"))
            .is_some_and(|name| local.contains(&name)),
        "about" => address.path() == "blank",
        scheme => local.contains(&scheme),
    }
}

/// The only addresses that may be handed to the person's browser.
pub fn is_web_link(address: &Url) -> bool {
    matches!(address.scheme(), "http" | "https") && address.host_str().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn only_the_app_and_previews_may_be_navigated_to() {
        for own in [
            "tauri://localhost/",
            "http://tauri.localhost/",
            "preview://localhost/1/page",
            "http://preview.localhost/1/page",
            "about:blank",
        ] {
            assert!(is_own_page(&url(own)), "{own} is ours");
        }
        for foreign in [
            "https://example.com/",
            "http://localhost/",
            "http://evil-tauri.localhost.example/",
            "file:///etc/passwd",
            "data:text/html,x",
            "javascript:alert(1)",
            "about:srcdoc",
        ] {
            assert!(
                !is_own_page(&url(foreign)),
                "{foreign} would lead the window away"
            );
        }
    }

    #[test]
    fn only_web_addresses_leave_the_app() {
        assert!(is_web_link(&url("https://example.com/a")), "a web address");
        for other in [
            "file:///etc/passwd",
            "smb://host/x",
            "javascript:1",
            "mailto:a@b.c",
        ] {
            assert!(!is_web_link(&url(other)), "{other} could start something");
        }
    }
}
