//! The native file dialogs, driven as a person would: by keyboard.

use std::path::Path;

use crate::{Desktop, until};

const SAVE: &str = "Save as";

impl Desktop {
    /// Waits for the save dialog, types a path and confirms.
    pub async fn save_dialog(&self, path: &Path) {
        self.type_over(SAVE, path).await;
        self.confirm(SAVE).await;
        until("the file to be saved", async || path.exists().then_some(())).await;
    }

    /// Waits for the dialog of this title that asks for a file, types its path and confirms.
    pub async fn open_dialog(&self, title: &str, path: &Path) {
        // A slash opens the field for a location.
        self.focus(title).await;
        self.key(&["key", "slash"]);
        self.type_over(title, path).await;
        self.confirm(title).await;
    }

    /// Waits for the save dialog and leaves it by Escape.
    pub async fn leave_dialog(&self) {
        self.focus(SAVE).await;
        self.key(&["key", "Escape"]);
    }

    async fn type_over(&self, title: &str, path: &Path) {
        self.focus(title).await;
        self.key(&["key", "--window", "0", "ctrl+a"]);
        self.key(&["type", "--delay", "12", &path.to_string_lossy()]);
    }

    /// The dialog looks the folder up while one types; a Return before that is lost. One after it would
    /// press something in the app's own window.
    async fn confirm(&self, title: &str) {
        until("the dialog to be gone", async || {
            self.key(&["key", "Return"]);
            tokio::time::sleep(std::time::Duration::from_millis(400)).await;
            self.window(title).is_none().then_some(())
        })
        .await;
    }

    async fn focus(&self, title: &str) {
        let what = format!("the native dialog “{title}”");
        let dialog = until(&what, async || self.window(title)).await;
        self.key(&["windowfocus", "--sync", &dialog]);
    }

    pub(crate) fn window(&self, title: &str) -> Option<String> {
        let name = format!("^{title}$");
        let found = self
            .command("xdotool")
            .args(["search", "--onlyvisible", "--name", &name])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&found.stdout).into_owned();
        text.lines().last().map(str::to_owned)
    }

    pub(crate) fn key(&self, arguments: &[&str]) {
        self.command("xdotool").args(arguments).status().unwrap();
    }
}
