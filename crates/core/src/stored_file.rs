//! A small versioned JSON file that is never half-written and never overwritten unread.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use crate::library::file_words;
use crate::{Answer, AppError, ErrorCode};

const VERSION: u64 = 1;

/// `{"version": 1, "<section>": {…}}` at `path`.
#[derive(Debug, Clone)]
pub struct StoredFile {
    path: PathBuf,
    section: &'static str,
}

/// What was found at the start.
pub enum Found {
    Nothing,
    Content(Map<String, Value>),
    /// Not readable by this version; now under another name.
    SetAside(PathBuf),
}

impl StoredFile {
    pub fn new(folder: &Path, name: &str, section: &'static str) -> Self {
        Self {
            path: folder.join(name),
            section,
        }
    }

    /// Blocks; meant for the start.
    pub fn read(&self) -> Answer<Found> {
        let text = match fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
            Err(error) => return Err(self.trouble(&error)),
        };
        match content(&text, self.section) {
            Some(map) => Ok(Found::Content(map)),
            None => self.set_aside().map(Found::SetAside),
        }
    }

    /// Writes beside the file, then puts the new one in its place.
    pub async fn write(&self, content: &impl Serialize) -> Answer<()> {
        let document = json!({"version": VERSION, self.section: content});
        let file = self.clone();
        let written = tokio::task::spawn_blocking(move || replace(&file.path, &document)).await;
        match written {
            Ok(done) => done.map_err(|error| self.trouble(&error)),
            Err(error) => Err(self.trouble(&io::Error::other(error))),
        }
    }

    /// Gives an unreadable file another name.
    pub fn set_aside(&self) -> Answer<PathBuf> {
        let time = OffsetDateTime::now_utc().unix_timestamp();
        let mut aside = self.path.clone().into_os_string();
        aside.push(format!(".broken-{time}"));
        let aside = PathBuf::from(aside);
        fs::rename(&self.path, &aside).map_err(|error| self.trouble(&error))?;
        Ok(aside)
    }

    fn trouble(&self, error: &io::Error) -> AppError {
        AppError::new(ErrorCode::Storage, file_words(error.kind()))
            .with_details(format!("{}: {error}", self.path.display()))
    }
}

/// Lays what was stored over the defaults, field by field, so that a missing, unknown or mistyped
/// one costs only itself.
pub fn over_defaults<T>(stored: Map<String, Value>) -> T
where
    T: Default + Serialize + DeserializeOwned,
{
    let mut best = T::default();
    let Ok(Value::Object(mut fields)) = serde_json::to_value(&best) else {
        return best;
    };
    for (name, value) in stored {
        let Some(previous) = fields.get(&name).cloned() else {
            continue;
        };
        fields.insert(name.clone(), value);
        match serde_json::from_value(Value::Object(fields.clone())) {
            Ok(better) => best = better,
            Err(_) => {
                fields.insert(name, previous);
            }
        }
    }
    best
}

fn content(text: &[u8], section: &str) -> Option<Map<String, Value>> {
    let mut document: Map<String, Value> = serde_json::from_slice(text).ok()?;
    if document.get("version").and_then(Value::as_u64) != Some(VERSION) {
        return None;
    }
    match document.remove(section)? {
        Value::Object(content) => Some(content),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            None
        }
    }
}

fn replace(path: &Path, document: &Value) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer_pretty(&mut file, document)?;
    file.write_all(b"\n")?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    sync_folder(folder)
}

/// A rename is only safe from a power cut once its folder is.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
