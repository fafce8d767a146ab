//! The native save dialog, driven as a person would: by keyboard.

use std::path::Path;

use crate::{Desktop, until};

impl Desktop {
    /// Waits for the save dialog, types a path and confirms.
    pub async fn save_dialog(&self, path: &Path) {
        let dialog = self.dialog_window().await;
        self.key(&["windowfocus", "--sync", &dialog]);
        self.key(&["key", "--window", "0", "ctrl+a"]);
        self.key(&["type", "--delay", "12", &path.to_string_lossy()]);
        // The dialog looks the folder up while one types; a Return before that is lost.
        until("the file to be saved", async || {
            self.key(&["key", "Return"]);
            tokio::time::sleep(std::time::Duration::from_millis(400)).await;
            path.exists().then_some(())
        })
        .await;
    }

    /// Waits for the save dialog and leaves it by Escape.
    pub async fn leave_dialog(&self) {
        let dialog = self.dialog_window().await;
        self.key(&["windowfocus", "--sync", &dialog]);
        self.key(&["key", "Escape"]);
    }

    async fn dialog_window(&self) -> String {
        until("the native save dialog", async || {
            let found = self
                .command("xdotool")
                .args(["search", "--onlyvisible", "--name", "^Save as$"])
                .output()
                .unwrap();
            let text = String::from_utf8_lossy(&found.stdout).into_owned();
            text.lines().last().map(str::to_owned)
        })
        .await
    }

    fn key(&self, arguments: &[&str]) {
        self.command("xdotool").args(arguments).status().unwrap();
    }
}
