//! What a run has to export, what is wrong with a form, and what the file would be called.

use std::path::Path;

use rusqlite::Connection;
use time::OffsetDateTime;

use super::names::{self, Pattern};
use super::pages::{self, Selection};
use super::{ExportCheck, ExportForm, ExportFormat, ExportOffer, ExportWhich};
use crate::library::{LibraryError, SaveName, file_name, kind_of, narrow, safe_stem, save_folder};
use crate::results::details::local_date;
use crate::runs::{RunSummary, rows};
use crate::settings::Settings;

pub fn offer(
    connection: &Connection,
    run_id: &str,
    folder: &Path,
) -> Result<ExportOffer, LibraryError> {
    let run = rows::run(connection, run_id)?;
    let counts = pages::counts(connection, run.number)?;
    let file_names = names::offered(counts.labelled);
    let first = Selection::first(connection, run.number)?;
    let pattern = file_names
        .first()
        .map(|text| Pattern::parse(text, counts.all));
    let file_name_example = match (first, pattern) {
        (Some(page), Some(Ok(pattern))) => format!("{}.html", pattern.stem(&page)),
        _ => String::new(),
    };
    Ok(ExportOffer {
        successful: counts.successful,
        failed: counts.failed,
        waiting: counts.waiting,
        fields: pages::fields(connection, &run)?,
        file_names,
        file_name_example,
        folder: folder.to_string_lossy().into_owned(),
    })
}

/// Says in a sentence what keeps the form from being exported.
pub fn check(connection: &Connection, form: &ExportForm) -> Result<ExportCheck, LibraryError> {
    let run = rows::run(connection, &form.run_id)?;
    let selection = Selection::read(connection, form)?;
    let counts = pages::counts(connection, run.number)?;
    let pattern = Pattern::parse(&form.file_names, counts.all);
    let example = match &pattern {
        Ok(pattern) if selection.count() > 0 => {
            format!("{}.html", pattern.stem(&selection.page(connection, 0)?))
        }
        Ok(_) | Err(_) => String::new(),
    };
    let nothing = if form.which == ExportWhich::Chosen && form.job_ids.is_empty() {
        "Choose pages in the table first."
    } else if counts.successful + counts.failed == 0 {
        "No page of this run has ended yet."
    } else {
        "None of these pages has a result. List the failed too, or choose others."
    };
    let problem = if selection.count() == 0 {
        nothing.to_owned()
    } else if form.format.is_bundle() {
        pattern.err().unwrap_or_default()
    } else if !form.label_and_address && !form.fields {
        "Choose what the table has: label and address, the extracted fields, or both.".to_owned()
    } else {
        String::new()
    };
    Ok(ExportCheck {
        problem,
        example,
        count: selection.count(),
    })
}

/// For a folder, its name has no extension.
pub fn save_name(run: &RunSummary, format: ExportFormat, settings: &Settings) -> SaveName {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let date = local_date(narrow(now.unsigned_abs()));
    let title = format!("run {}", run.number);
    let extension = match format {
        ExportFormat::Xlsx => "xlsx",
        ExportFormat::Csv => "csv",
        ExportFormat::Json => "json",
        ExportFormat::Jsonl => "jsonl",
        ExportFormat::Zip => "zip",
        ExportFormat::Folder => "",
    };
    let file_name = if format == ExportFormat::Folder {
        safe_stem(&format!("{} {title} {date}", run.collection_name))
    } else {
        file_name(&run.collection_name, &title, &date, extension)
    };
    SaveName {
        folder: save_folder(settings),
        file_name,
        filter_name: kind_of(extension),
        extension: extension.to_owned(),
    }
}
