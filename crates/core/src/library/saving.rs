//! Writing a part where the person wants it: whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::bodies::sync_folder;
use super::file_name::numbered;
use super::rows::narrow;
use super::{LibraryError, SaveName};
use crate::results::SavedView;
use crate::settings::Settings;

/// Begins the names of files that are not finished.
const UNFINISHED: &str = ".unfinished-";

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
    let written = write_whole_as(path, UNFINISHED, |file| {
        let mut buffered = BufWriter::new(file);
        fill(&mut buffered)?;
        Ok(buffered.flush()?)
    });
    Ok(written?.0)
}

/// The same under an unfinished name that begins with `prefix`, unbuffered.
pub fn write_whole_as<T>(
    path: &Path,
    prefix: &str,
    fill: impl FnOnce(&mut File) -> Result<T, LibraryError>,
) -> Result<(SavedView, T), LibraryError> {
    if path.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory).into());
    }
    let folder = path.parent().filter(|folder| folder.is_dir());
    let folder = folder.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
    let mut file = unfinished(prefix, 0o666).tempfile_in(folder)?;
    let value = fill(file.as_file_mut())?;
    file.as_file().sync_all()?;
    let size = file.as_file().metadata()?.len();
    file.persist(path).map_err(io::Error::from)?;
    sync_folder(folder);
    Ok((saved(path, folder, size), value))
}

/// Makes a new folder in `folder`, called `name` or that with a number; what is there already is never
/// touched. On any error nothing is left behind.
pub fn write_folder_as<T>(
    folder: &Path,
    name: &str,
    prefix: &str,
    fill: impl FnOnce(&Path) -> Result<T, LibraryError>,
) -> Result<(SavedView, T), LibraryError> {
    let made = unfinished(prefix, 0o777).tempdir_in(folder)?;
    let value = fill(made.path())?;
    flush_all(made.path())?;
    let mut path = folder.join(name);
    let mut number = 2;
    while path.symlink_metadata().is_ok() {
        path = folder.join(format!("{name} ({number})"));
        number += 1;
    }
    fs::rename(made.path(), &path)?;
    // It has another name now, under which it stays.
    drop(made.keep());
    sync_folder(folder);
    Ok((saved(&path, folder, 0), value))
}

fn saved(path: &Path, folder: &Path, size: u64) -> SavedView {
    SavedView {
        path: path.to_string_lossy().into_owned(),
        name: path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        folder: folder.to_string_lossy().into_owned(),
        size: narrow(size),
    }
}

/// With the permissions of any new file or folder, not the private ones of a temporary one.
fn unfinished(prefix: &str, mode: u32) -> tempfile::Builder<'_, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = mode;
    builder
}

/// All that was written to the folder's file system; elsewhere than on Linux each file was flushed by
/// itself.
#[cfg(target_os = "linux")]
fn flush_all(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

#[cfg(not(target_os = "linux"))]
fn flush_all(folder: &Path) -> io::Result<()> {
    sync_folder(folder);
    Ok(())
}
