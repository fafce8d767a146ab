//! Data as other programs read it: CSV for spreadsheets, tabs for the clipboard.

use std::io::{self, Write};

use csv::WriterBuilder;

use super::data::{Table, cell};
use super::number;
use crate::settings::CsvStyle;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// RFC 4180 with a byte-order mark, which is how Excel knows UTF-8.
pub fn write_csv(table: &Table, style: CsvStyle, target: impl Write) -> io::Result<()> {
    let mut writer = csv_writer(style, target)?;
    writer.write_record(table.columns.iter().map(|name| guarded(name.clone())))?;
    for row in &table.rows {
        writer.write_record(
            row.iter()
                .map(|value| guarded(cell(value).unwrap_or_default())),
        )?;
    }
    writer.flush()
}

/// A writer whose cells must still be [`guarded`].
pub(crate) fn csv_writer<W: Write>(style: CsvStyle, mut target: W) -> io::Result<csv::Writer<W>> {
    target.write_all(BYTE_ORDER_MARK)?;
    let delimiter = match style {
        CsvStyle::Comma => b',',
        CsvStyle::Semicolon => b';',
    };
    Ok(WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(csv::Terminator::CRLF)
        .from_writer(target))
}

/// One line per row, cells parted by tabs.
pub fn to_tabs(table: &Table) -> String {
    let plain = |text: String| guarded(text.replace(['\t', '\n', '\r'], " "));
    let mut lines = vec![
        table
            .columns
            .iter()
            .cloned()
            .map(plain)
            .collect::<Vec<_>>()
            .join("\t"),
    ];
    for row in &table.rows {
        let cells = row
            .iter()
            .map(|value| plain(cell(value).unwrap_or_default()));
        lines.push(cells.collect::<Vec<_>>().join("\t"));
    }
    lines.join("\n") + "\n"
}

/// A spreadsheet runs a cell that starts like a formula; an apostrophe makes it text.
pub(crate) fn guarded(text: String) -> String {
    if is_formula(&text) {
        format!("'{text}")
    } else {
        text
    }
}

fn is_formula(text: &str) -> bool {
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    let inner = text.trim_start_matches(|c: char| {
        c.is_whitespace() || c.is_control() || c == '"' || c == '\'' || c == '\u{feff}'
    });
    match inner.chars().next() {
        Some('=' | '+' | '@' | '＝' | '＋' | '－' | '＠') => true,
        // "-4.50" is an amount; "-2+3" is a formula.
        Some('-') => text.contains(['\'', '"']) || number::read(text).is_none(),
        Some(_) | None => false,
    }
}
