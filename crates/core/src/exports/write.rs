//! One export from the first result to the renamed file.

use std::io::Write as _;
use std::path::Path;

use tokio_util::sync::CancellationToken;

use super::columns::Columns;
use super::names::Pattern;
use super::offer::save_name;
use super::pages::{self, Fields, Selection};
use super::records::{Records, Take};
use super::unfinished::Unfinished;
use super::watch::{Sink, Tell, Watch};
use super::{ExportForm, ExportFormat, ExportWhich, ExportedView, bundle, sheet, table};
use crate::library::{LibraryError, Shelf, narrow, write_folder_as, write_whole_as};
use crate::results::SavedView;
use crate::runs::rows;
use crate::settings::{CsvStyle, Settings};

/// What is asked for.
pub struct Export<'a> {
    pub form: &'a ExportForm,
    pub target: &'a Path,
    pub settings: &'a Settings,
    pub unfinished: &'a Unfinished,
}

/// An export while it is written.
pub struct Work<'a> {
    form: &'a ExportForm,
    shelf: &'a Shelf,
    selection: &'a Selection,
    fields: Fields,
    pub pattern: Pattern,
    pub style: CsvStyle,
    pub watch: &'a Watch<'a>,
}

impl Export<'_> {
    pub fn write(
        &self,
        shelf: &Shelf,
        stop: &CancellationToken,
        tell: &Tell,
    ) -> Result<ExportedView, LibraryError> {
        let form = self.form;
        let (run, selection, counts, fields) = shelf.database.with(|connection| {
            let run = rows::run(connection, &form.run_id)?;
            let selection = Selection::read(connection, form)?;
            let counts = pages::counts(connection, run.number)?;
            let fields = pages::fields(connection, &run)?;
            Ok::<_, LibraryError>((run, selection, counts, fields))
        })?;
        // Results are read in one, and each table takes another.
        let passes = if form.format.is_bundle() { 3 } else { 2 };
        let watch = Watch::new(stop, tell, selection.count(), passes);
        let work = Work {
            form,
            shelf,
            selection: &selection,
            fields: Fields::of(fields),
            // Only a bundle's files are named by it, and then it was checked.
            pattern: Pattern::parse(&form.file_names, counts.all).unwrap_or_default(),
            style: self.settings.csv,
            watch: &watch,
        };
        let (saved, lost) = match form.format {
            ExportFormat::Folder => {
                let note = self.unfinished.note(self.target)?;
                let name = save_name(&run.summary, form.format, self.settings).file_name;
                write_folder_as(self.target, &name, &note.prefix, |root| {
                    bundle::write_folder(&work, root, self.target)
                })?
            }
            ExportFormat::Zip => {
                self.file(&work, |folder, sink| bundle::write_zip(&work, folder, sink))?
            }
            ExportFormat::Xlsx => self.table(&work, |records, columns, sink| {
                sheet::write_sheets(records, columns, sink)
            })?,
            ExportFormat::Csv => self.table(&work, |records, columns, sink| {
                table::write_csv(records, columns, work.style, sink)
            })?,
            ExportFormat::Json => self.table(&work, |records, columns, sink| {
                table::write_json(records, columns, sink)
            })?,
            ExportFormat::Jsonl => self.table(&work, |records, columns, sink| {
                table::write_json_lines(records, columns, sink)
            })?,
        };
        watch.end();
        Ok(ExportedView {
            path: saved.path,
            name: saved.name,
            folder: saved.folder,
            size: if form.format == ExportFormat::Folder {
                narrow(watch.bytes())
            } else {
                saved.size
            },
            results: selection.count(),
            left_out: lost,
        })
    }

    fn table(
        &self,
        work: &Work<'_>,
        write: impl FnOnce(&Records<'_>, &Columns, &mut Sink<'_>) -> Result<(), LibraryError>,
    ) -> Result<(SavedView, u32), LibraryError> {
        self.file(work, |folder, mut sink| {
            let records = work.records(folder, None)?;
            let columns = work.columns(&records);
            write(&records, &columns, &mut sink)?;
            sink.flush()?;
            Ok(records.lost)
        })
    }

    fn file(
        &self,
        work: &Work<'_>,
        write: impl FnOnce(&Path, Sink<'_>) -> Result<u32, LibraryError>,
    ) -> Result<(SavedView, u32), LibraryError> {
        let folder = self.target.parent().unwrap_or(Path::new("."));
        let note = self.unfinished.note(folder)?;
        write_whole_as(self.target, &note.prefix, |file| {
            write(folder, Sink::new(file, work.watch))
        })
    }
}

impl<'a> Work<'a> {
    /// Reads every result once; `take` gets the files of those that succeeded.
    pub fn records(
        &self,
        folder: &Path,
        take: Option<&mut Take<'_>>,
    ) -> Result<Records<'a>, LibraryError> {
        Records::read(
            self.shelf,
            self.selection,
            self.watch,
            folder,
            self.fields.clone(),
            take,
        )
    }

    pub fn columns(&self, records: &Records<'_>) -> Columns {
        let reasons = self.form.failures && self.form.which != ExportWhich::Successful;
        let files = self.form.format.is_bundle();
        Columns::new(self.form, reasons, files, records.fields.clone())
    }
}
