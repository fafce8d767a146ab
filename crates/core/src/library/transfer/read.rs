//! A file on its way into the library. It may come from anybody: every size is bounded before it is
//! believed, and every field is what this app would have written, or the file is damaged.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::Path;

use rusqlite::{Transaction, params};
use scrapingpros::types::ScrapeResponse;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use url::Url;
use zip::ZipArchive;
use zip::result::ZipError;

use super::{
    Entry, EntryPart, FORMAT, LibraryImported, MANIFEST, Manifest, TransferError, TransferProgress,
};
use crate::library::bodies::{LARGEST, Stored, sync_all};
use crate::library::keep::{NewPart, insert_part, small_picture};
use crate::library::preview::parse_id;
use crate::library::rows::{part_name, part_named};
use crate::library::search::{Names, Reading, SeenPart};
use crate::library::{LibraryError, Shelf, tidy};
use crate::results::title;
use crate::scrape::ScrapeForm;
use crate::{Answer, AppError};

/// The line of a result without its parts.
const LONGEST_LINE: u64 = 8 << 20;
const LONGEST_MANIFEST: u64 = 64 << 10;
const MOST_CHUNKS: u32 = 1_000_000;
const LONGEST_ADDRESS: usize = 20_000;
/// Results of one transaction, and their bytes.
const BATCH: (usize, u64) = (50, 64 << 20);
/// No honest file holds more bytes than this, and more than so many times its own.
const BOMB: (u64, u64) = (1 << 30, 200);
const NO_LIBRARY: &str = "This file is no library that this app exported.";
const NEWER: &str =
    "This library was exported by a newer version of this app. Update the app to import it.";

pub fn chunk_name(number: u32) -> String {
    format!("results/{number:06}")
}

pub fn read(
    shelf: &Shelf,
    path: &Path,
    stop: &CancellationToken,
    tell: &dyn Fn(TransferProgress),
) -> Result<LibraryImported, TransferError> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| {
        if let ZipError::Io(error) = error
            && error.kind() != io::ErrorKind::UnexpectedEof
        {
            return TransferError::from(error);
        }
        TransferError::Unfit(NO_LIBRARY)
    })?;
    let manifest = manifest(&mut archive)?;
    let mut import = Import {
        shelf,
        batch: Vec::new(),
        bytes: 0,
        most: BOMB.0.max(length.saturating_mul(BOMB.1)),
        imported: LibraryImported {
            added: 0,
            known: 0,
            cancelled: false,
        },
    };
    let mut done = 0;
    for number in 1..=manifest.chunks {
        let damaged = |import: &Import<'_>, error: String| {
            TransferError::Damaged(import.imported.added + import.imported.known, error)
        };
        let chunk = match archive.by_name(&chunk_name(number)) {
            Ok(chunk) => chunk,
            Err(error) => {
                import.write()?;
                return Err(damaged(&import, error.to_string()));
            }
        };
        let mut source = BufReader::with_capacity(64 << 10, chunk);
        loop {
            if stop.is_cancelled() {
                import.write()?;
                import.imported.cancelled = true;
                return Ok(import.imported);
            }
            match next(&mut source) {
                Ok(Some(result)) if result.size <= import.most => import.add(result)?,
                Ok(Some(_)) => {
                    import.write()?;
                    return Err(damaged(&import, "it holds far more than its size".into()));
                }
                Ok(None) => break,
                Err(error) => {
                    import.write()?;
                    return Err(damaged(&import, error));
                }
            }
            done += 1;
            if done % 20 == 0 {
                tell(TransferProgress {
                    done,
                    total: manifest.results.max(done),
                });
            }
        }
    }
    import.write()?;
    tell(TransferProgress { done, total: done });
    Ok(import.imported)
}

fn manifest(archive: &mut ZipArchive<BufReader<File>>) -> Result<Manifest, TransferError> {
    let unfit = || TransferError::Unfit(NO_LIBRARY);
    let entry = archive.by_name(MANIFEST).map_err(|_| unfit())?;
    let mut text = Vec::new();
    entry
        .take(LONGEST_MANIFEST)
        .read_to_end(&mut text)
        .map_err(|_| unfit())?;
    let format: Value = serde_json::from_slice(&text).map_err(|_| unfit())?;
    match format.get("scrapingpros_library").and_then(Value::as_u64) {
        Some(format) if format > u64::from(FORMAT) => return Err(TransferError::Unfit(NEWER)),
        Some(_) => {}
        None => return Err(unfit()),
    }
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|_| unfit())?;
    if manifest.chunks > MOST_CHUNKS {
        return Err(unfit());
    }
    Ok(manifest)
}

/// A result that was read and found whole.
struct ReadResult {
    entry: Entry,
    parts: Vec<NewPart>,
    size: u64,
}

/// None at the end of the chunk.
fn next(source: &mut impl io::BufRead) -> Result<Option<ReadResult>, String> {
    let mut line = Vec::new();
    source
        .by_ref()
        .take(LONGEST_LINE)
        .read_until(b'\n', &mut line)
        .map_err(|error| error.to_string())?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.pop() != Some(b'\n') {
        return Err("a result is cut short".into());
    }
    let mut entry: Entry = serde_json::from_slice(&line).map_err(|error| error.to_string())?;
    check(&mut entry)?;
    let mut parts: Vec<NewPart> = Vec::with_capacity(entry.parts.len());
    let mut size = 0;
    for part in &entry.parts {
        let name = known_part(part, &parts)?;
        if part.size > LARGEST {
            return Err("a part is larger than any that is kept".into());
        }
        // Nothing is put aside for what is only said to come.
        let mut bytes = Vec::new();
        source
            .by_ref()
            .take(part.size)
            .read_to_end(&mut bytes)
            .map_err(|error| error.to_string())?;
        if bytes.len() as u64 != part.size {
            return Err("a part is cut short".into());
        }
        size += part.size;
        let dimensions = (part.width, part.height);
        parts.push(NewPart::kept(
            name,
            bytes,
            &part.content_type,
            part.count,
            dimensions,
        ));
    }
    parts.extend(small_picture(&parts));
    Ok(Some(ReadResult { entry, parts, size }))
}

fn known_part(part: &EntryPart, before: &[NewPart]) -> Result<&'static str, String> {
    let name = part_named(&part.name).map(part_name);
    let name = name.ok_or_else(|| "a part of an unknown kind".to_owned())?;
    let plain = part.content_type.len() <= 200
        && part
            .content_type
            .bytes()
            .all(|one| (b' '..0x7f).contains(&one));
    if !plain || before.iter().any(|other| other.name == name) {
        return Err("a part that this app would not write".into());
    }
    Ok(name)
}

fn check(entry: &mut Entry) -> Result<(), String> {
    if parse_id(&entry.id).is_none() {
        return Err("a result without an id".into());
    }
    if !matches!(entry.verdict.as_str(), "success" | "blocked" | "failed") {
        return Err("an unknown verdict".into());
    }
    let url = Url::parse(&entry.address).ok();
    let is_web = url.is_some_and(|url| matches!(url.scheme(), "http" | "https"));
    if !is_web || entry.address.len() > LONGEST_ADDRESS {
        return Err("a result without an address".into());
    }
    let wrong = |error: serde_json::Error| error.to_string();
    serde_json::from_value::<ScrapeForm>(entry.form.clone()).map_err(wrong)?;
    serde_json::from_value::<ScrapeResponse>(entry.answer.clone()).map_err(wrong)?;
    if !entry.request.is_object() {
        return Err("a result without its request".into());
    }
    entry.title = title::plain(&entry.title);
    entry.account_name = title::plain(&entry.account_name);
    entry.label = title::plain(&entry.label);
    entry.tags.truncate(20);
    let tags = entry.tags.iter().map(|tag| tidy::checked_tag(tag));
    entry.tags = tags
        .collect::<Answer<_>>()
        .map_err(|error: AppError| error.message)?;
    Ok(())
}

struct Import<'a> {
    shelf: &'a Shelf,
    batch: Vec<ReadResult>,
    bytes: u64,
    /// Bytes that may still come.
    most: u64,
    imported: LibraryImported,
}

impl Import<'_> {
    fn add(&mut self, result: ReadResult) -> Result<(), LibraryError> {
        self.bytes += result.size;
        self.most -= result.size;
        self.batch.push(result);
        let (most, largest) = BATCH;
        if self.batch.len() < most && self.bytes < largest {
            return Ok(());
        }
        self.write()
    }

    fn write(&mut self) -> Result<(), LibraryError> {
        let batch = std::mem::take(&mut self.batch);
        self.bytes = 0;
        let mut fresh = Vec::with_capacity(batch.len());
        for result in batch {
            let id = &result.entry.id;
            let known = self.shelf.database.read(|db| {
                let mut select = db.prepare_cached("SELECT 1 FROM results WHERE id = ?1")?;
                Ok(select.exists([id])?)
            })?;
            if !known {
                fresh.push(result);
            } else if tidy::set_deleted(self.shelf, std::slice::from_ref(id), false)? > 0 {
                // It was deleted a moment ago, and is here again.
                self.imported.added += 1;
            } else {
                self.imported.known += 1;
            }
        }
        if fresh.is_empty() {
            return Ok(());
        }
        let bodies = &self.shelf.bodies;
        let _turn = bodies.turn();
        let mut stored: Vec<Vec<Stored>> = Vec::with_capacity(fresh.len());
        for result in &fresh {
            let parts = result.parts.iter();
            stored.push(
                parts
                    .map(|part| bodies.write_unflushed(&part.bytes, part.is_text()))
                    .collect::<io::Result<_>>()?,
            );
        }
        sync_all(bodies.folder())?;
        let added = self.shelf.database.transaction(|transaction| {
            let mut added = 0;
            for (result, stored) in fresh.iter().zip(&stored) {
                added += u32::from(insert(transaction, result, stored)?);
            }
            Ok(added)
        })?;
        self.imported.added += added;
        self.imported.known += fresh.len() as u32 - added;
        Ok(())
    }
}

/// False when the file holds it twice.
fn insert(
    transaction: &Transaction<'_>,
    result: &ReadResult,
    stored: &[Stored],
) -> Result<bool, LibraryError> {
    let entry = &result.entry;
    let site = Url::parse(&entry.address).ok();
    let inserted = transaction
        .prepare_cached(
            "INSERT OR IGNORE INTO results (id, address, site, title, verdict, browser, account_id, account_name, local,
                credits, duration_ms, created_at, form, request, answer, label)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            entry.id,
            entry.address,
            site.as_ref().map(title::site).unwrap_or_default(),
            entry.title,
            entry.verdict,
            entry.browser,
            entry.account_name,
            entry.local,
            entry.credits,
            entry.duration_ms,
            entry.created_at,
            entry.form.to_string(),
            entry.request.to_string(),
            entry.answer.to_string(),
            entry.label,
        ])?;
    if inserted == 0 {
        return Ok(false);
    }
    let number = transaction.last_insert_rowid();
    let names = Names {
        address: &entry.address,
        title: &entry.title,
        label: &entry.label,
    };
    Reading::of(names, result.parts.iter().map(SeenPart::from)).write(transaction, number, 1)?;
    for (part, body) in result.parts.iter().zip(stored) {
        insert_part(transaction, &entry.id, body, part)?;
    }
    let mut tag = transaction
        .prepare_cached("INSERT OR IGNORE INTO result_tags (tag, result) VALUES (?1, ?2)")?;
    for name in &entry.tags {
        tag.execute(params![name, number])?;
    }
    Ok(true)
}
