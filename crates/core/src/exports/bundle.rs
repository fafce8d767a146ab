//! Pages, pictures and files under the names that the person wants, with an index: as an archive, or as
//! a folder.
//!
//! The failed are listed in the index; files are there of pages that succeeded.

use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::path::Path;

use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime};

use super::columns::{FileKind, local_time};
use super::names::Names;
use super::pages::Page;
use super::records::Records;
use super::table::{write_csv, write_json};
use super::watch::Sink;
use super::write::Work;
use crate::library::{LibraryError, extension};

const INDEX: &str = "index.csv";
/// The same with all values whole, for programs.
const INDEX_JSON: &str = "index.json";

/// Answers with how many results could not be read.
pub fn write_zip(
    work: &Work<'_>,
    folder: &Path,
    target: impl Write + Seek,
) -> Result<u32, LibraryError> {
    let mut archive = ZipWriter::new(target);
    let mut names = Names::new();
    let mut take = |page: &Page, kind: FileKind, bytes: &[u8], content_type: &str| {
        let path = path(work, &mut names, page, kind, bytes, content_type);
        archive
            .start_file(path.as_str(), options(page, kind))
            .map_err(io::Error::from)?;
        archive.write_all(bytes)?;
        Ok(path)
    };
    let records = work.records(folder, Some(&mut take))?;
    let columns = work.columns(&records);
    archive
        .start_file(INDEX, table_options(&records))
        .map_err(io::Error::from)?;
    write_csv(&records, &columns, work.style, &mut archive)?;
    archive
        .start_file(INDEX_JSON, table_options(&records))
        .map_err(io::Error::from)?;
    write_json(&records, &columns, &mut archive)?;
    archive.finish().map_err(io::Error::from)?.flush()?;
    Ok(records.lost)
}

/// Fills `root`, which nobody sees yet. The nameless file is beside it.
pub fn write_folder(work: &Work<'_>, root: &Path, beside: &Path) -> Result<u32, LibraryError> {
    let mut names = Names::new();
    let mut take = |page: &Page, kind: FileKind, bytes: &[u8], content_type: &str| {
        fs::create_dir_all(root.join(kind.folder()))?;
        loop {
            let path = path(work, &mut names, page, kind, bytes, content_type);
            // A file system may take two names for one where the names here are two.
            match File::create_new(root.join(&path)) {
                Ok(file) => {
                    write_file(work, file, |sink| Ok(sink.write_all(bytes)?))?;
                    return Ok(path);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error.into()),
            }
        }
    };
    let records: Records<'_> = work.records(beside, Some(&mut take))?;
    let columns = work.columns(&records);
    write_file(work, File::create_new(root.join(INDEX))?, |sink| {
        write_csv(&records, &columns, work.style, sink)
    })?;
    write_file(work, File::create_new(root.join(INDEX_JSON))?, |sink| {
        write_json(&records, &columns, sink)
    })?;
    Ok(records.lost)
}

fn write_file(
    work: &Work<'_>,
    mut file: File,
    fill: impl FnOnce(&mut Sink<'_>) -> Result<(), LibraryError>,
) -> Result<(), LibraryError> {
    let mut sink = Sink::new(&mut file, work.watch);
    fill(&mut sink)?;
    sink.flush()?;
    drop(sink);
    // On Linux all are flushed at once in the end: one by one, fifty thousand take minutes.
    if !cfg!(target_os = "linux") {
        file.sync_all()?;
    }
    Ok(())
}

fn path(
    work: &Work<'_>,
    names: &mut Names,
    page: &Page,
    kind: FileKind,
    bytes: &[u8],
    content_type: &str,
) -> String {
    let ends = match kind {
        FileKind::Page => "html".to_owned(),
        FileKind::Markdown => "md".to_owned(),
        FileKind::Screenshot => "png".to_owned(),
        FileKind::File => extension(bytes, content_type, &page.job.address),
    };
    names.free(kind.folder(), &work.pattern.stem(page), &ends)
}

/// Pictures and most files are compressed already.
fn options(page: &Page, kind: FileKind) -> SimpleFileOptions {
    let method = match kind {
        FileKind::Page | FileKind::Markdown => CompressionMethod::Deflated,
        FileKind::Screenshot | FileKind::File => CompressionMethod::Stored,
    };
    SimpleFileOptions::default()
        .compression_method(method)
        .unix_permissions(0o644)
        .last_modified_time(page.job.ended_at.and_then(moment).unwrap_or_default())
}

/// Past four gigabytes an entry has another form, which not every program opens.
fn table_options(records: &Records<'_>) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .unix_permissions(0o644)
        .large_file(records.size > 1 << 30)
}

fn moment(seconds: u32) -> Option<DateTime> {
    let at = local_time(seconds)?;
    let part = |number: i8| u8::try_from(number).ok();
    DateTime::from_date_and_time(
        u16::try_from(at.year()).ok()?,
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
    .ok()
}
