//! What comes into the app from others: dragged and copied.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use crate::process::Process;
use crate::{Desktop, built, until};

/// A place in the window's page, where no dialog lies over it.
const OVER_THE_APP: (i32, i32) = (640, 400);

impl Desktop {
    /// Drags a file from another app's window into the middle of this one, and lets go of it.
    pub async fn drop_file(&self, file: &Path) {
        let mut source = self.command(&built("drag_source").to_string_lossy());
        let _source = Process::spawn(source.arg(file));
        until("the window to drag from", async || {
            self.window("Drag from here")
        })
        .await;
        self.key(&["mousemove", "50", "850", "mousedown", "1"]);
        let (x, y) = OVER_THE_APP;
        // A drag begins with a small move, and is told to each window it comes over.
        for step in 0..=20 {
            let along = |from: i32, to: i32| (from + (to - from) * step / 20).to_string();
            self.key(&["mousemove", &along(60, x), &along(845, y)]);
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        self.key(&["mouseup", "1"]);
    }

    /// Puts text on the clipboard, as another app would.
    pub fn copy(&self, text: &str) {
        let mut xclip = self
            .command("xclip")
            .args(["-selection", "clipboard"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = xclip.stdin.take().unwrap();
        input.write_all(text.as_bytes()).unwrap();
        drop(input);
        // It goes on as a child of its own until somebody else copies, or the display ends.
        assert!(xclip.wait().unwrap().success(), "xclip copies");
    }

    /// What the app has put on the clipboard.
    pub fn copied(&self) -> String {
        let xclip = self
            .command("xclip")
            .args(["-selection", "clipboard", "-o"])
            .output()
            .unwrap();
        String::from_utf8(xclip.stdout).unwrap()
    }

    /// Presses keys in the window that has the focus, as `xdotool` names them.
    pub fn press_keys(&self, keys: &str) {
        self.key(&["key", keys]);
    }
}
