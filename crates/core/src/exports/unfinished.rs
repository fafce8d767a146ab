//! What an export leaves behind when the app is killed in the middle of it, found again at the next start.
//!
//! A note in the data folder says where an export is being written and how its unfinished files begin;
//! it goes when the export has ended. One that is still there at the start is of an app that was killed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

/// Beside the library.
const FOLDER: &str = "exports";

#[derive(Debug, Clone)]
pub struct Unfinished {
    notes: PathBuf,
}

/// One export's note; gone when dropped.
#[derive(Debug)]
pub struct Note {
    file: PathBuf,
    /// Begins the names of what is not finished.
    pub prefix: String,
}

impl Unfinished {
    pub fn new(data_dir: &Path) -> Self {
        Self {
            notes: data_dir.join(FOLDER),
        }
    }

    /// On disk before anything is written to `folder`.
    pub fn note(&self, folder: &Path) -> io::Result<Note> {
        fs::create_dir_all(&self.notes)?;
        let id = Uuid::new_v4().simple().to_string();
        let file = self.notes.join(&id);
        fs::write(&file, folder.to_string_lossy().as_bytes())?;
        Ok(Note {
            file,
            prefix: prefix(&id),
        })
    }

    /// The notes that are there now.
    pub fn notes(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(&self.notes) else {
            return Vec::new();
        };
        entries.flatten().map(|entry| entry.path()).collect()
    }

    /// Removes what killed exports left. A folder that can't be reached now is looked at again next time.
    pub fn sweep(notes: &[PathBuf]) {
        for note in notes {
            if let Err(error) = sweep_one(note) {
                tracing::warn!(%error, note = %note.display(), "an unfinished export is still there");
            }
        }
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.file) {
            tracing::warn!(%error, "the note of an export that has ended stays");
        }
    }
}

fn prefix(id: &str) -> String {
    format!(".unfinished-{id}-")
}

fn sweep_one(note: &Path) -> io::Result<()> {
    let id = note.file_name().unwrap_or_default().to_string_lossy();
    // Only notes of this module name files to remove.
    if Uuid::try_parse(&id).is_err() {
        return Ok(());
    }
    let folder = PathBuf::from(fs::read_to_string(note)?);
    let prefix = prefix(&id);
    for entry in fs::read_dir(folder)?.flatten() {
        if !entry.file_name().to_string_lossy().starts_with(&prefix) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    fs::remove_file(note)
}
