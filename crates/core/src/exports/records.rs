//! The results of the pages, read as they are stored and given back in the order of the list.
//!
//! Results come in as pages end, not as they are listed. Reading them in the list's order would open a
//! pack again for each of its pages; so what a row needs is laid down in a nameless file first.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use serde_json::{Map, Value};

use super::columns::{self, FileKind, Record};
use super::pages::{Fields, Page, Selection};
use super::watch::Watch;
use crate::library::{LibraryError, Shelf, narrow};

/// What to do with the body of a file.
pub type Take<'t> = dyn FnMut(&Page, FileKind, &[u8], &str) -> Result<String, LibraryError> + 't;

/// Everything that rows are made of.
pub struct Records<'a> {
    shelf: &'a Shelf,
    selection: &'a Selection,
    watch: &'a Watch<'a>,
    laid_down: File,
    /// Where in the file the page's is, by its index: start and length.
    at: Vec<(u64, u32)>,
    /// Those of the forms, then those that only results have.
    pub fields: Fields,
    /// Pages whose result can't be read any more.
    pub lost: u32,
    /// Bytes of all that was laid down.
    pub size: u64,
}

impl<'a> Records<'a> {
    /// Reads every result once. `folder` takes the nameless file; `take` gets the files of each page that
    /// succeeded, if they are wanted.
    pub fn read(
        shelf: &'a Shelf,
        selection: &'a Selection,
        watch: &'a Watch<'a>,
        folder: &Path,
        fields: Fields,
        mut take: Option<&mut Take<'_>>,
    ) -> Result<Self, LibraryError> {
        let mut file = BufWriter::new(tempfile::tempfile_in(folder)?);
        let mut records = Self {
            shelf,
            selection,
            watch,
            laid_down: file.get_ref().try_clone()?,
            at: vec![(0, 0); selection.count() as usize],
            fields,
            lost: 0,
            size: 0,
        };
        for index in selection.in_stored_order() {
            let page = records.page(*index)?;
            let read = records.open(&page, take.as_deref_mut())?;
            let laid = serde_json::to_vec(&Laid::from(&read))?;
            file.write_all(&laid)?;
            if let Some(at) = records.at.get_mut(*index as usize) {
                *at = (records.size, narrow(laid.len() as u64));
            }
            records.size += laid.len() as u64;
            records.lost += u32::from(read.lost);
            for name in read.fields.keys() {
                records.fields.add(name);
            }
            watch.step()?;
        }
        file.flush()?;
        Ok(records)
    }

    /// Gives each record, in the order of the list.
    pub fn each(
        &self,
        mut give: impl FnMut(&Record) -> Result<(), LibraryError>,
    ) -> Result<(), LibraryError> {
        let mut file = BufReader::new(&self.laid_down);
        let mut laid = Vec::new();
        let mut position = file.seek(SeekFrom::Start(0))?;
        for (index, (start, length)) in self.at.iter().enumerate() {
            let page = self.page(narrow(index as u64))?;
            file.seek_relative(start.cast_signed() - position.cast_signed())?;
            laid.resize(*length as usize, 0);
            file.read_exact(&mut laid)?;
            position = start + u64::from(*length);
            let laid: Laid = serde_json::from_slice(&laid)?;
            give(&laid.into_record(page))?;
            self.watch.step()?;
        }
        Ok(())
    }

    fn page(&self, index: u32) -> Result<Page, LibraryError> {
        self.shelf
            .database
            .with(|connection| self.selection.page(connection, index))
    }

    fn open(&self, page: &Page, take: Option<&mut Take<'_>>) -> Result<Record, LibraryError> {
        let mut record = Record {
            page: page.clone(),
            fields: Map::new(),
            files: Vec::new(),
            lost: page.succeeded() && !page.kept,
        };
        let Some(id) = page.job.result_id.as_deref().filter(|_| page.kept) else {
            return Ok(record);
        };
        match self.part(id, "data")? {
            Part::Read(bytes, _) => match serde_json::from_slice(&bytes) {
                Ok(fields) => record.fields = fields,
                Err(_) => record.lost = page.succeeded(),
            },
            Part::None => {}
            Part::Lost => record.lost = page.succeeded(),
        }
        let Some(take) = take.filter(|_| page.succeeded()) else {
            return Ok(record);
        };
        for kind in columns::FILE_KINDS {
            match self.part(id, kind.name())? {
                Part::Read(bytes, content_type) => record.files.push(columns::File {
                    kind,
                    path: take(page, kind, &bytes, &content_type)?,
                }),
                Part::None => {}
                Part::Lost => record.lost = true,
            }
        }
        Ok(record)
    }

    fn part(&self, id: &str, name: &str) -> Result<Part, LibraryError> {
        match self.shelf.body(id, name) {
            Ok((bytes, content_type)) => Ok(Part::Read(bytes, content_type)),
            Err(LibraryError::Missing(_)) => Ok(Part::None),
            // One that is damaged does not keep the others from their person.
            Err(
                error @ (LibraryError::Files(_)
                | LibraryError::Damaged(_)
                | LibraryError::Json(_)
                | LibraryError::TooLarge(_)),
            ) => {
                tracing::warn!(%error, result = id, part = name, "a part is left out of the export");
                Ok(Part::Lost)
            }
            Err(
                error @ (LibraryError::Database(_)
                | LibraryError::Migration(_)
                | LibraryError::Task(_)),
            ) => Err(error),
        }
    }
}

enum Part {
    Read(Vec<u8>, String),
    None,
    Lost,
}

/// What of a record is laid down; the rest is in its row.
#[derive(serde::Serialize, serde::Deserialize)]
struct Laid {
    fields: Map<String, Value>,
    files: Vec<columns::File>,
    lost: bool,
}

impl From<&Record> for Laid {
    fn from(record: &Record) -> Self {
        Self {
            fields: record.fields.clone(),
            files: record.files.clone(),
            lost: record.lost,
        }
    }
}

impl Laid {
    fn into_record(self, page: Page) -> Record {
        Record {
            page,
            fields: self.fields,
            files: self.files,
            lost: self.lost,
        }
    }
}
