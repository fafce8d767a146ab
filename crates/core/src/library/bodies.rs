//! Bodies as content-addressed files: `bodies/ab/cdef…`, named by the SHA-256 of what they hold.
//!
//! The database counts references; a file without a row is an orphan of a crash and is swept.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};
use std::time::SystemTime;

use rusqlite::OptionalExtension as _;
use sha2::{Digest as _, Sha256};

use super::LibraryError;
use crate::database::{BODIES, Database};

/// Largest body that is read into memory.
pub const LARGEST: u64 = 256 << 20;
const COMPRESSED: &str = "zst";
/// Below this a compressed file takes the same block on disk.
const WORTH_COMPRESSING: usize = 512;

/// The folder of bodies.
pub struct Bodies {
    folder: PathBuf,
    /// Held for reading while a body is written and its row committed, for writing by the sweep.
    turn: RwLock<()>,
    opened: SystemTime,
}

/// A body that is on disk, ready to be named in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub hash: String,
    pub size: u64,
    pub stored_size: u64,
}

impl Bodies {
    pub fn open(data_dir: &Path) -> io::Result<Self> {
        let folder = data_dir.join(BODIES);
        fs::create_dir_all(&folder)?;
        Ok(Self {
            folder,
            turn: RwLock::new(()),
            opened: SystemTime::now(),
        })
    }

    /// Keeps the sweep away until the rows of the written bodies are committed.
    pub fn turn(&self) -> RwLockReadGuard<'_, ()> {
        self.turn.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a body unless it is there already. `text` is compressed.
    pub fn write(&self, bytes: &[u8], text: bool) -> io::Result<Stored> {
        self.write_with(bytes, text, true)
    }

    /// The same, but only [`sync_all`] makes it survive a power cut.
    pub fn write_unflushed(&self, bytes: &[u8], text: bool) -> io::Result<Stored> {
        // Only Linux can flush many at once.
        self.write_with(bytes, text, !cfg!(target_os = "linux"))
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn write_with(&self, bytes: &[u8], text: bool, flush: bool) -> io::Result<Stored> {
        let hash = hash(bytes);
        let plain = self.path(&hash);
        let packed = plain.with_extension(COMPRESSED);
        let target = if text && bytes.len() >= WORTH_COMPRESSING {
            &packed
        } else {
            &plain
        };
        let stored_size = match size_of(&packed).or_else(|| size_of(&plain)) {
            Some(size) => size,
            None if *target == packed => write_file(target, &zstd::encode_all(bytes, 3)?, flush)?,
            None => write_file(target, bytes, flush)?,
        };
        Ok(Stored {
            hash,
            size: bytes.len() as u64,
            stored_size,
        })
    }

    /// The whole body, checked against its name: one that changed on disk is never shown.
    pub fn read(&self, wanted: &str) -> Result<Vec<u8>, LibraryError> {
        let plain = self.path(wanted);
        let packed = plain.with_extension(COMPRESSED);
        let bytes = if packed.exists() {
            bounded(zstd::Decoder::new(File::open(packed)?)?)?
        } else {
            bounded(File::open(plain)?)?
        };
        if hash(&bytes) != wanted {
            return Err(LibraryError::Damaged(format!(
                "body {wanted} changed on disk"
            )));
        }
        Ok(bytes)
    }

    /// Deletes what no row refers to: bodies of forgotten results, and files older than this start
    /// whose row was never committed. Answers with how many files went.
    pub fn sweep(&self, database: &Database) -> Result<u32, LibraryError> {
        let mut swept = 0;
        for folder in fs::read_dir(&self.folder)?.flatten() {
            let Ok(files) = fs::read_dir(folder.path()) else {
                continue;
            };
            for file in files.flatten() {
                swept += u32::from(self.sweep_file(database, &file.path())?);
            }
        }
        Ok(swept)
    }

    /// Deletes the bodies of results that are gone, however young they are.
    pub fn remove_free(&self, database: &Database) -> Result<(), LibraryError> {
        loop {
            let free: Vec<String> = database.with(|connection| {
                let mut select = connection
                    .prepare_cached("SELECT hash FROM bodies WHERE refs <= 0 LIMIT 100")?;
                let rows = select.query_map([], |row| row.get(0))?;
                rows.collect::<rusqlite::Result<_>>()
            })?;
            if free.is_empty() {
                return Ok(());
            }
            for hash in free {
                let _turn = self.turn.write().unwrap_or_else(PoisonError::into_inner);
                if is_referred(database, &hash)? {
                    continue;
                }
                let plain = self.path(&hash);
                for file in [plain.with_extension(COMPRESSED), plain] {
                    match fs::remove_file(file) {
                        Err(error) if error.kind() != io::ErrorKind::NotFound => {
                            return Err(error.into());
                        }
                        Ok(()) | Err(_) => {}
                    }
                }
            }
        }
    }

    fn sweep_file(&self, database: &Database, file: &Path) -> Result<bool, LibraryError> {
        let _turn = self.turn.write().unwrap_or_else(PoisonError::into_inner);
        let older = fs::metadata(file)
            .and_then(|data| data.modified())
            .is_ok_and(|changed| changed < self.opened);
        if !older || is_referred(database, &hash_of(file))? {
            return Ok(false);
        }
        fs::remove_file(file)?;
        Ok(true)
    }

    fn path(&self, hash: &str) -> PathBuf {
        let (folder, name) = hash.split_at(hash.len().min(2));
        self.folder.join(folder).join(name)
    }
}

fn is_referred(database: &Database, hash: &str) -> Result<bool, LibraryError> {
    database.transaction(|transaction| {
        transaction.execute("DELETE FROM bodies WHERE hash = ?1 AND refs <= 0", [hash])?;
        let row: Option<u32> = transaction
            .query_row("SELECT 1 FROM bodies WHERE hash = ?1", [hash], |row| {
                row.get(0)
            })
            .optional()?;
        Ok(row.is_some())
    })
}

fn hash_of(file: &Path) -> String {
    let part =
        |name: Option<&std::ffi::OsStr>| name.unwrap_or_default().to_string_lossy().into_owned();
    part(file.parent().and_then(Path::file_name)) + &part(file.file_stem())
}

fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            for half in [byte >> 4, byte & 15] {
                text.push(char::from(b"0123456789abcdef"[usize::from(half)]));
            }
            text
        })
}

fn size_of(file: &Path) -> Option<u64> {
    fs::metadata(file).ok().map(|data| data.len())
}

fn bounded(source: impl io::Read) -> Result<Vec<u8>, LibraryError> {
    let mut bytes = Vec::new();
    source.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(LibraryError::TooLarge(
            "This is larger than 256 MB and can't be shown.",
        ));
    }
    Ok(bytes)
}

fn write_file(target: &Path, bytes: &[u8], flush: bool) -> io::Result<u64> {
    let folder = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix("unfinished-")
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    if flush {
        file.as_file().sync_all()?;
    }
    file.persist(target)?;
    if flush {
        sync_folder(folder);
    }
    Ok(bytes.len() as u64)
}

/// Flushes all that was written unflushed.
#[cfg(target_os = "linux")]
pub fn sync_all(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

#[cfg(not(target_os = "linux"))]
pub fn sync_all(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// The rename itself must survive a power cut; only Unix can ask for that.
pub fn sync_folder(folder: &Path) {
    if cfg!(unix)
        && let Err(error) = File::open(folder).and_then(|folder| folder.sync_all())
    {
        tracing::warn!(%error, folder = %folder.display(), "the folder could not be flushed");
    }
}
