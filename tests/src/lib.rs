//! A private desktop for tests of the real window: display, session bus, keychain, WebDriver and the
//! app itself, each in folders of its own and ended with the test.

mod app;
mod desktop;
mod dialog;
mod engine;
mod hand_over;
mod notifications;
mod process;
mod python;
mod window;

pub use app::App;
pub use desktop::{Desktop, KeychainKind};
pub use engine::EngineProgram;
pub use notifications::{Notifications, Shown};
pub use python::python_with_sdk;

use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Longest wait for anything a person would wait for.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Asks again until the answer is `Some`; `what` says what never came.
pub async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A program built beside this one: tests stand one folder deeper than programs.
pub fn built(program: &str) -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let found = here
        .ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(program))
        .find(|path| path.exists());
    found.unwrap_or_else(|| panic!("{program} is missing: run `cargo build --workspace` first"))
}

/// Where pictures of the window are kept for people to look at.
pub fn pictures() -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/window-shots");
    std::fs::create_dir_all(folder).unwrap();
    folder.into()
}
