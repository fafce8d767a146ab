//! The tables: CSV, and JSON as a list or by lines. [`super::sheet`] has Excel's.

use std::io::Write;

use serde_json::Value;

use super::columns::{Cell, Columns};
use super::records::Records;
use crate::library::LibraryError;
use crate::results::export::{csv_writer, guarded};
use crate::settings::CsvStyle;

/// With the guard against formulas; only numbers of the app itself, and those that JSON had, go without.
pub fn write_csv(
    records: &Records<'_>,
    columns: &Columns,
    style: CsvStyle,
    target: impl Write,
) -> Result<(), LibraryError> {
    let mut writer = csv_writer(style, target)?;
    let headings = columns.headings();
    write(
        &mut writer,
        headings.iter().map(|name| guarded((*name).to_owned())),
    )?;
    records.each(|record| {
        let cells = columns.cells(record);
        write(&mut writer, cells.iter().map(csv_cell))
    })?;
    Ok(writer.flush()?)
}

/// A list of objects, one a line.
pub fn write_json(
    records: &Records<'_>,
    columns: &Columns,
    mut target: impl Write,
) -> Result<(), LibraryError> {
    let mut before = "[\n";
    records.each(|record| {
        target.write_all(before.as_bytes())?;
        before = ",\n";
        write_object(&mut target, &columns.object(record))
    })?;
    // Without a record the list was never begun.
    let end = if before == "[\n" { "[]\n" } else { "\n]\n" };
    Ok(target.write_all(end.as_bytes())?)
}

/// An object a line.
pub fn write_json_lines(
    records: &Records<'_>,
    columns: &Columns,
    mut target: impl Write,
) -> Result<(), LibraryError> {
    records.each(|record| {
        write_object(&mut target, &columns.object(record))?;
        Ok(target.write_all(b"\n")?)
    })
}

fn write_object(target: &mut impl Write, object: &Value) -> Result<(), LibraryError> {
    // What fails here is the file: the object is known to be one.
    serde_json::to_writer(target, object).map_err(|error| LibraryError::Files(error.into()))
}

fn csv_cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => guarded(text.clone()),
        Cell::Empty | Cell::Number(_) | Cell::Time(_) => cell.text(),
    }
}

fn write<W: Write>(
    writer: &mut csv::Writer<W>,
    cells: impl Iterator<Item = String>,
) -> Result<(), LibraryError> {
    writer
        .write_record(cells)
        .map_err(|error| LibraryError::Files(error.into()))
}
