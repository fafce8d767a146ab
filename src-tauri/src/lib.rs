//! The window of Scraping Pros Desktop: native dialogs, the preview protocol, thin commands.

pub mod bindings;
pub mod commands;
mod dialogs;
mod preview;
mod window;

include!("command_names.rs");

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use scrapingpros_core::keychain::Keychain;
use scrapingpros_core::{Core, CoreConfig};
use tauri::Manager as _;

/// How the app is started.
#[derive(Debug, clap::Parser)]
#[command(version, about = "Scrape web pages, see them, save them")]
pub struct Options {
    /// Folder for everything the app keeps.
    #[arg(long, env = "SCRAPINGPROS_DATA_DIR")]
    data_dir: Option<PathBuf>,
}

/// Opens the window and stays until the person quits.
pub fn run(options: Options) -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("SCRAPINGPROS_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .init();
    match start(options) {
        Ok(app) => {
            app.run(|app, event| {
                if let tauri::RunEvent::Exit = event {
                    let core = app.state::<Arc<Core>>().inner().clone();
                    tauri::async_runtime::block_on(core.close());
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!("could not start: {error}");
            rfd::MessageDialog::new()
                .set_level(rfd::MessageLevel::Error)
                .set_title("Scraping Pros could not start")
                .set_description(error.to_string())
                .show();
            ExitCode::FAILURE
        }
    }
}

type StartError = Box<dyn std::error::Error>;

fn start(options: Options) -> Result<tauri::App, StartError> {
    let data_dir = match options.data_dir {
        Some(folder) => std::path::absolute(folder)?,
        None => scrapingpros_core::default_data_dir().ok_or("this system names no data folder")?,
    };
    // Before any window: a second start, or a folder that can't be used, is told by a dialog alone.
    let core = tauri::async_runtime::block_on(Core::open(CoreConfig {
        data_dir: data_dir.clone(),
        keychain: Keychain::system(),
    }))?;
    let app = build(&data_dir, core).build(tauri::generate_context!())?;
    Ok(app)
}

fn build(data_dir: &Path, core: Arc<Core>) -> tauri::Builder<tauri::Wry> {
    let bindings = bindings::builder();
    let window_file = data_dir.join("window.json");
    let builder = tauri::Builder::default();
    #[cfg(not(target_os = "linux"))]
    let builder = builder.plugin(tauri_plugin_dialog::init());
    builder
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(
            tauri_plugin_window_state::Builder::new()
                // An absolute name takes the file out of the config folder into the data folder.
                .with_filename(window_file.to_string_lossy())
                .with_state_flags(window::remembered())
                .build(),
        )
        .register_asynchronous_uri_scheme_protocol(preview::SCHEME, preview::answer)
        .invoke_handler(bindings.invoke_handler())
        .setup(move |app| {
            bindings.mount_events(app);
            app.manage(core.clone());
            app.manage(commands::system::SavedFiles::default());
            app.manage(commands::system::DroppedFiles::default());
            window::open(app, &core)?;
            window::tell_ended_runs(app.handle(), &core);
            window::tell_approved_countries(app.handle(), &core);
            Ok(())
        })
}
