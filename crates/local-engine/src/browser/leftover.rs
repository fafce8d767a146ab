//! Browsers that an earlier engine left running because it was killed: ended at the next start, found
//! by their profiles.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::browser::CloseParams;
use tokio::sync::mpsc;

use super::cdp::Cdp;

const FAREWELL: Duration = Duration::from_secs(5);
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(100);

/// The folder of profiles, owned by one engine at a time; freed by the system when its process ends.
pub struct Profiles {
    _lock: File,
    leftovers: Vec<PathBuf>,
}

impl Profiles {
    /// None: another engine uses this folder right now, and nothing in it is left over.
    pub fn own(folder: &Path) -> Option<Self> {
        std::fs::create_dir_all(folder.parent()?).ok()?;
        let lock = File::create(folder.with_extension("lock")).ok()?;
        lock.try_lock().ok()?;
        let leftovers = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        Some(Self {
            _lock: lock,
            leftovers,
        })
    }

    /// Ends what runs on the profiles of an earlier engine and removes them.
    pub fn sweep(&mut self) -> impl Future<Output = ()> + Send + use<> {
        let leftovers = std::mem::take(&mut self.leftovers);
        async move {
            for profile in leftovers {
                let ended = tokio::time::timeout(FAREWELL, end(&profile)).await;
                tracing::info!(profile = %profile.display(), running = ?ended, "a profile was left over");
                remove(&profile).await;
            }
        }
    }
}

/// A browser that ends writes to its profile for a moment after its socket has closed.
async fn remove(profile: &Path) {
    for _ in 0..TRIES {
        match tokio::fs::remove_dir_all(profile).await {
            Ok(()) => return,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
    tracing::warn!(profile = %profile.display(), "a profile could not be removed");
}

/// Whether a browser ran there. The secret in its socket's address makes sure that it is this one.
async fn end(profile: &Path) -> bool {
    let Ok(written) = tokio::fs::read_to_string(profile.join("DevToolsActivePort")).await else {
        return false;
    };
    let Some((port, path)) = written.split_once('\n') else {
        return false;
    };
    let address = format!("ws://127.0.0.1:{}{}", port.trim(), path.trim());
    let (rest, _) = mpsc::unbounded_channel();
    let Ok(browser) = Cdp::connect(&address, rest).await else {
        return false;
    };
    browser.browser().tell(CloseParams::default());
    browser.closed().await;
    true
}
