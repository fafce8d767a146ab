//! Results on their way into a file.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use tokio_util::sync::CancellationToken;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::{
    Entry, EntryPart, FORMAT, LibraryExported, MANIFEST, Manifest, TransferError, TransferProgress,
};
use crate::library::rows::{THUMBNAIL, verdict_name};
use crate::library::saving::write_whole_as;
use crate::library::search::tags;
use crate::library::{LibraryError, Shelf, narrow};

const UNFINISHED: &str = ".unfinished-";
/// One entry of the archive holds at most so many results, and little more than so many bytes.
const CHUNK: (u32, u64) = (500, 16 << 20);
const STEP: u32 = 200;

/// What is read of a row.
struct Row {
    number: u32,
    id: String,
    label: String,
    browser: bool,
}

pub fn write(
    shelf: &Shelf,
    path: &Path,
    stop: &CancellationToken,
    tell: &dyn Fn(TransferProgress),
) -> Result<LibraryExported, TransferError> {
    let total = shelf.database.read(|db| {
        let sql = "SELECT count(*) FROM results WHERE deleted_at IS NULL";
        Ok(db.query_row(sql, [], |row| row.get(0))?)
    })?;
    let written = write_whole_as(path, UNFINISHED, |file| {
        let mut work = Work {
            archive: ZipWriter::new(BufWriter::new(file)),
            chunks: 0,
            open: None,
            results: 0,
            lost: 0,
        };
        let mut last = 0;
        loop {
            let rows = next_rows(shelf, last)?;
            let Some(end) = rows.last() else {
                break;
            };
            last = end.number;
            for row in &rows {
                if stop.is_cancelled() {
                    return Err(io::Error::other("cancelled by the person").into());
                }
                work.add(shelf, row)?;
            }
            tell(TransferProgress {
                done: work.results + work.lost,
                total,
            });
        }
        work.finish()
    });
    match written {
        Ok((file, (results, lost))) => Ok(LibraryExported {
            file,
            results,
            lost,
        }),
        Err(_) if stop.is_cancelled() => Err(TransferError::Cancelled),
        Err(error) => Err(error.into()),
    }
}

struct Work<'a> {
    archive: ZipWriter<BufWriter<&'a mut File>>,
    chunks: u32,
    /// Results and bytes in the entry that is written.
    open: Option<(u32, u64)>,
    results: u32,
    lost: u32,
}

impl Work<'_> {
    fn add(&mut self, shelf: &Shelf, row: &Row) -> Result<(), LibraryError> {
        // One that is damaged costs only itself.
        let (line, bodies) = match read_result(shelf, row) {
            Ok(read) => read,
            Err(LibraryError::Damaged(_) | LibraryError::Missing(_) | LibraryError::Json(_)) => {
                self.lost += 1;
                return Ok(());
            }
            Err(LibraryError::Files(error)) if error.kind() == io::ErrorKind::NotFound => {
                self.lost += 1;
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let (most, largest) = CHUNK;
        let (count, bytes) = match self.open {
            Some((count, bytes)) if count < most && bytes < largest => (count, bytes),
            Some(_) | None => {
                self.chunks += 1;
                let name = super::read::chunk_name(self.chunks);
                self.archive
                    .start_file(name, SimpleFileOptions::default())
                    .map_err(io::Error::from)?;
                (0, 0)
            }
        };
        self.archive.write_all(&line)?;
        self.archive.write_all(b"\n")?;
        let mut size = line.len() as u64;
        for body in &bodies {
            self.archive.write_all(body)?;
            size += body.len() as u64;
        }
        self.open = Some((count + 1, bytes + size));
        self.results += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<(u32, u32), LibraryError> {
        let manifest = Manifest {
            scrapingpros_library: FORMAT,
            results: self.results,
            chunks: self.chunks,
        };
        self.archive
            .start_file(MANIFEST, SimpleFileOptions::default())
            .map_err(io::Error::from)?;
        self.archive.write_all(&serde_json::to_vec(&manifest)?)?;
        let mut file = self.archive.finish().map_err(io::Error::from)?;
        file.flush()?;
        Ok((self.results, self.lost))
    }
}

fn next_rows(shelf: &Shelf, last: u32) -> Result<Vec<Row>, LibraryError> {
    shelf.database.read(|db| {
        let mut select = db.prepare_cached(
            "SELECT number, id, label, browser FROM results WHERE number > ?1 AND deleted_at IS NULL
             ORDER BY number LIMIT ?2",
        )?;
        let rows = select.query_map([last, STEP], |row| {
            Ok(Row {
                number: row.get(0)?,
                id: row.get(1)?,
                label: row.get(2)?,
                browser: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    })
}

fn read_result(shelf: &Shelf, row: &Row) -> Result<(Vec<u8>, Vec<Vec<u8>>), LibraryError> {
    let kept = shelf.kept(&row.id)?;
    let tags = shelf.database.read(|db| tags(db, row.number))?;
    let mut parts = Vec::new();
    let mut bodies = Vec::new();
    for part in kept.stored.iter().filter(|part| part.name != THUMBNAIL) {
        let (bytes, content_type) = shelf.body(&row.id, &part.name)?;
        parts.push(EntryPart {
            name: part.name.clone(),
            content_type,
            size: bytes.len() as u64,
            count: part.view.count,
            width: part.view.width,
            height: part.view.height,
        });
        bodies.push(bytes);
    }
    let view = kept.view;
    let entry = Entry {
        id: view.id,
        address: view.address,
        title: view.title,
        verdict: verdict_name(view.verdict).to_owned(),
        browser: row.browser,
        account_name: view.account_name,
        local: view.local,
        credits: view.credits,
        duration_ms: view.duration_ms,
        created_at: view.created_at,
        label: row.label.clone(),
        tags,
        form: serde_json::to_value(&view.form)?,
        request: kept.request,
        answer: kept.raw_answer,
        parts,
    };
    debug_assert!(narrow(bodies.len() as u64) as usize == entry.parts.len());
    Ok((serde_json::to_vec(&entry)?, bodies))
}
