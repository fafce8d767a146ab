//! What the display shows, read from its frame buffer file: no client takes part in what is measured.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The app's accent (a primary button), and the whole page of the empty window.
const ACCENT: [u8; 3] = [0x2a, 0x5c, 0xda];

/// A primary button's worth of pixels.
const ENOUGH_PIXELS: usize = 800;

const NEVER: Duration = Duration::from_secs(30);

/// A frame buffer in the XWD format.
pub struct Screen(PathBuf);

impl Screen {
    pub fn of(file: &Path) -> Self {
        Self(file.to_owned())
    }

    /// Waits until the accent colour has been painted; the moment it was seen.
    pub async fn accent_painted(&self) -> Instant {
        let start = Instant::now();
        while self.accent_pixels() < ENOUGH_PIXELS {
            assert!(start.elapsed() < NEVER, "nothing was painted");
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        Instant::now()
    }

    /// Waits until the accent colour is gone, so that the next start begins with an empty screen.
    pub async fn cleared(&self) {
        let start = Instant::now();
        while self.accent_pixels() > 0 {
            assert!(start.elapsed() < NEVER, "the window stayed");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn accent_pixels(&self) -> usize {
        let file = std::fs::read(&self.0).unwrap();
        let number = |at: usize| {
            let bytes: [u8; 4] = file[at * 4..at * 4 + 4].try_into().unwrap();
            u32::from_be_bytes(bytes) as usize
        };
        let (header, colours) = (number(0), number(19));
        let [red, green, blue] = ACCENT;
        file[header + colours * 12..]
            .chunks_exact(4)
            .filter(|pixel| pixel[..3] == [blue, green, red])
            .count()
    }
}
