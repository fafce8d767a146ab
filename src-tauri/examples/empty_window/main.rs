//! A window with one still page and no command, built as the app is: what the app's start and memory
//! are measured against.

fn main() {
    let context = tauri::generate_context!("examples/empty_window/tauri.conf.json");
    if let Err(error) = tauri::Builder::default().run(context) {
        tracing::error!("could not start: {error}");
    }
}
