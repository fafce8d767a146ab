//! Writing a part where the person wants it: whole or not at all.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::bodies::sync_folder;
use super::file_name::numbered;
use super::rows::narrow;
use super::{LibraryError, SaveName};
use crate::results::SavedView;
use crate::settings::Settings;

/// Where saved files go when the person named no folder, or one that is gone.
pub fn save_folder(settings: &Settings) -> PathBuf {
    let chosen = PathBuf::from(&settings.save_folder);
    if chosen.is_absolute() && chosen.is_dir() {
        return chosen;
    }
    let documents = directories::UserDirs::new().map(|dirs| match dirs.document_dir() {
        Some(folder) if folder.is_dir() => folder.to_owned(),
        Some(_) | None => dirs.home_dir().to_owned(),
    });
    documents.unwrap_or_else(std::env::temp_dir)
}

/// A name that nothing has yet, numbered when needed.
pub fn free_path(name: &SaveName) -> PathBuf {
    let wanted = name.folder.join(&name.file_name);
    let mut path = wanted;
    let mut number = 2;
    // A dangling link counts as taken.
    while path.symlink_metadata().is_ok() {
        path = name.folder.join(numbered(&name.file_name, number));
        number += 1;
    }
    path
}

/// Writes beside the target, flushes, then renames over it. A link at `path` is replaced, not
/// followed, and on any error nothing is left behind.
pub fn write_whole(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> Result<(), LibraryError>,
) -> Result<SavedView, LibraryError> {
    if path.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory).into());
    }
    let folder = path.parent().filter(|folder| folder.is_dir());
    let folder = folder.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
    let mut file = temporary(folder)?;
    let mut buffered = BufWriter::new(file.as_file_mut());
    fill(&mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    file.as_file().sync_all()?;
    let size = file.as_file().metadata()?.len();
    file.persist(path).map_err(io::Error::from)?;
    sync_folder(folder);
    Ok(SavedView {
        path: path.to_string_lossy().into_owned(),
        name: path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        folder: folder.to_string_lossy().into_owned(),
        size: narrow(size),
    })
}

/// With the permissions of any new file, not the private ones of a temporary one.
fn temporary(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".unfinished-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
