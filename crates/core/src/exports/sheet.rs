//! An Excel workbook, written as a stream.
//!
//! `rust_xlsxwriter` was tried first: with its constant memory a full disk is a panic, which ends the
//! app. What a table of texts needs of the format is little: each text is an inline string, so that
//! nothing in it can be a formula, a link or a date.

use std::fmt::Write as _;
use std::io::{self, Seek, Write};

use jiff::civil::date;
use quick_xml::escape::escape;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::columns::{Cell, Columns, local_time};
use super::records::Records;
use crate::library::LibraryError;

/// What Excel opens, with the headings.
const MOST_ROWS: u32 = 1_048_576;
/// An entry of four gigabytes has another form, which LibreOffice does not open at any size.
const MOST_BYTES: u64 = 3 << 30;
/// UTF-16 units of a cell.
const LONGEST: usize = 32_767;
const CUT: &str = " … (cut: Excel takes no more)";
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// The table on as many sheets as it needs, and a sheet of notes if something is to be said about it.
pub fn write_sheets(
    records: &Records<'_>,
    columns: &Columns,
    target: impl Write + Seek,
) -> Result<(), LibraryError> {
    write_workbook(records, columns, target, MOST_ROWS)
}

fn write_workbook(
    records: &Records<'_>,
    columns: &Columns,
    target: impl Write + Seek,
    most_rows: u32,
) -> Result<(), LibraryError> {
    let headings: Vec<Cell> = columns
        .headings()
        .into_iter()
        .map(|name| Cell::Text(name.to_owned()))
        .collect();
    let mut book = Workbook::new(target, most_rows, headings)?;
    records.each(|record| Ok(book.row(&columns.cells(record))?))?;
    let notes = notes(book.cut, records.lost);
    Ok(book.finish(&notes)?)
}

fn notes(cut: u32, lost: u32) -> Vec<String> {
    let mut notes = Vec::new();
    if cut > 0 {
        notes.push(format!(
            "{cut} cells are cut, since Excel takes no more than 32,767 characters in one. CSV and JSON hold them whole."
        ));
    }
    if lost > 0 {
        notes.push(format!(
            "{lost} pages were scraped, but their results are not in the library any more. Their values are empty."
        ));
    }
    notes
}

struct Workbook<W: Write + Seek> {
    archive: ZipWriter<W>,
    headings: Vec<Cell>,
    sheets: Vec<String>,
    /// Of the open sheet.
    rows: u32,
    bytes: u64,
    most_rows: u32,
    cut: u32,
    line: String,
}

impl<W: Write + Seek> Workbook<W> {
    fn new(target: W, most_rows: u32, headings: Vec<Cell>) -> io::Result<Self> {
        let mut book = Self {
            archive: ZipWriter::new(target),
            headings,
            sheets: Vec::new(),
            rows: 0,
            bytes: 0,
            most_rows,
            cut: 0,
            line: String::new(),
        };
        book.begin_table()?;
        Ok(book)
    }

    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        if self.rows >= self.most_rows || self.bytes >= MOST_BYTES {
            self.end_sheet()?;
            self.begin_table()?;
        }
        self.write_row(cells, Style::Plain)
    }

    fn finish(mut self, notes: &[String]) -> io::Result<()> {
        self.end_sheet()?;
        if !notes.is_empty() {
            self.begin_sheet(
                "Notes".into(),
                "<cols><col min=\"1\" max=\"1\" width=\"100\" customWidth=\"1\"/></cols>",
            )?;
            for note in notes {
                self.write_row(&[Cell::Text(note.clone())], Style::Plain)?;
            }
            self.end_sheet()?;
        }
        let parts = [
            ("xl/workbook.xml", workbook(&self.sheets)),
            ("xl/_rels/workbook.xml.rels", relations(self.sheets.len())),
            ("xl/styles.xml", styles()),
            ("_rels/.rels", root_relations()),
            ("[Content_Types].xml", content_types(self.sheets.len())),
        ];
        for (name, text) in parts {
            self.archive.start_file(name, options())?;
            self.archive.write_all(text.as_bytes())?;
        }
        self.archive.finish()?.flush()
    }

    fn begin_table(&mut self) -> io::Result<()> {
        let name = match self.sheets.len() {
            0 => "Pages".to_owned(),
            more => format!("Pages {}", more + 1),
        };
        let widths: String = (1..=self.headings.len())
            .zip(&self.headings)
            .map(|(column, heading)| {
                let width = if *heading == Cell::Text("Address".into()) {
                    48
                } else {
                    22
                };
                format!(
                    "<col min=\"{column}\" max=\"{column}\" width=\"{width}\" customWidth=\"1\"/>"
                )
            })
            .collect();
        let head = format!(
            "<sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>{widths}</cols>"
        );
        self.begin_sheet(name, &head)?;
        let headings = self.headings.clone();
        self.write_row(&headings, Style::Heading)
    }

    fn begin_sheet(&mut self, name: String, head: &str) -> io::Result<()> {
        self.sheets.push(name);
        let file = format!("xl/worksheets/sheet{}.xml", self.sheets.len());
        self.archive.start_file(file, options())?;
        write!(
            self.archive,
            "{XML}<worksheet xmlns=\"{MAIN}\">{head}<sheetData>"
        )?;
        self.rows = 0;
        self.bytes = 0;
        Ok(())
    }

    fn end_sheet(&mut self) -> io::Result<()> {
        self.archive.write_all(b"</sheetData></worksheet>")
    }

    fn write_row(&mut self, cells: &[Cell], style: Style) -> io::Result<()> {
        self.rows += 1;
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        write!(line, "<row r=\"{}\">", self.rows).map_err(io::Error::other)?;
        for (column, cell) in cells.iter().enumerate() {
            self.cell(&mut line, column, cell, style)
                .map_err(io::Error::other)?;
        }
        line.push_str("</row>");
        self.archive.write_all(line.as_bytes())?;
        self.bytes += line.len() as u64;
        self.line = line;
        Ok(())
    }

    fn cell(
        &mut self,
        line: &mut String,
        column: usize,
        cell: &Cell,
        style: Style,
    ) -> std::fmt::Result {
        let name = column_name(column);
        let row = self.rows;
        match cell {
            Cell::Empty => Ok(()),
            Cell::Number(number) => write!(line, "<c r=\"{name}{row}\"><v>{number}</v></c>"),
            Cell::Time(seconds) => match serial(*seconds) {
                Some(days) => write!(line, "<c r=\"{name}{row}\" s=\"2\"><v>{days}</v></c>"),
                None => Ok(()),
            },
            Cell::Text(text) => {
                let short = shortened(text);
                self.cut += u32::from(short.is_some());
                let text = writable(short.as_deref().unwrap_or(text));
                let style = match style {
                    Style::Plain => "",
                    Style::Heading => " s=\"1\"",
                };
                write!(
                    line,
                    "<c r=\"{name}{row}\"{style} t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                    escape(&text)
                )
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Style {
    Plain,
    Heading,
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated)
}

/// `A` to `Z`, `AA` and so on.
fn column_name(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(b'A' + (column % 26) as u8);
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    letters
        .iter()
        .rev()
        .map(|letter| char::from(*letter))
        .collect()
}

/// Days since Excel's own beginning of time.
fn serial(seconds: u32) -> Option<f64> {
    let moment = local_time(seconds)?;
    let since = moment.duration_since(date(1899, 12, 30).at(0, 0, 0, 0));
    Some(since.as_secs_f64() / 86_400.0)
}

/// The text when it is too long for a cell, cut between characters.
fn shortened(text: &str) -> Option<String> {
    let units = |text: &str| text.encode_utf16().count();
    if text.len() <= LONGEST || units(text) <= LONGEST {
        return None;
    }
    let mut room = LONGEST - units(CUT);
    let kept: String = text
        .chars()
        .take_while(|character| {
            let fits = character.len_utf16() <= room;
            room = room.saturating_sub(character.len_utf16());
            fits
        })
        .collect();
    Some(kept + CUT)
}

/// XML takes no control characters; `_x0041_` would be read as the character of that number.
fn writable(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let clean: String = lines
        .chars()
        .map(|character| match character {
            '\n' | '\t' => character,
            '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
            other if other < ' ' => '\u{fffd}',
            other => other,
        })
        .collect();
    let mut written = String::with_capacity(clean.len());
    let mut rest = clean.as_str();
    while let Some(place) = rest.find("_x") {
        let (before, after) = rest.split_at(place);
        written.push_str(before);
        let is_code = after
            .as_bytes()
            .get(2..7)
            .is_some_and(|code| code[..4].iter().all(u8::is_ascii_hexdigit) && code[4] == b'_');
        written.push_str(if is_code { "_x005F_" } else { "_" });
        rest = &after[1..];
    }
    written.push_str(rest);
    written
}

fn workbook(sheets: &[String]) -> String {
    let sheets: String = (1..)
        .zip(sheets)
        .map(|(number, name)| {
            format!("<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>")
        })
        .collect();
    format!(
        "{XML}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{sheets}</sheets></workbook>"
    )
}

fn relations(sheets: usize) -> String {
    let styles = sheets + 1;
    let sheets: String = (1..=sheets)
        .map(|number| {
            format!("<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>")
        })
        .collect();
    format!(
        "{XML}<Relationships xmlns=\"{PACKAGE}/relationships\">{sheets}<Relationship Id=\"rId{styles}\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>"
    )
}

fn root_relations() -> String {
    format!(
        "{XML}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    )
}

fn content_types(sheets: usize) -> String {
    const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let sheets: String = (1..=sheets)
        .map(|number| {
            format!("<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"{KIND}.worksheet+xml\"/>")
        })
        .collect();
    format!(
        "{XML}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{KIND}.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"{KIND}.styles+xml\"/>{sheets}</Types>"
    )
}

/// Plain, headings in bold, and moments.
fn styles() -> String {
    format!(
        "{XML}<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/></numFmts><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"3\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/><xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/><xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
    )
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader as _, Xlsx};

    use super::*;

    fn book(most_rows: u32, rows: &[Vec<Cell>], notes: &[String]) -> Vec<u8> {
        let headings = vec![Cell::Text("Name".into()), Cell::Text("Address".into())];
        let mut bytes = Cursor::new(Vec::new());
        let mut book = Workbook::new(&mut bytes, most_rows, headings).expect("a book");
        for row in rows {
            book.row(row).expect("a row");
        }
        book.finish(notes).expect("an end");
        bytes.into_inner()
    }

    #[test]
    fn more_rows_than_a_sheet_takes_go_on_on_the_next() {
        let rows: Vec<_> = (0..7)
            .map(|row| vec![Cell::Number(f64::from(row))])
            .collect();
        let bytes = book(4, &rows, &["Something to say.".into()]);
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
        assert_eq!(book.sheet_names(), ["Pages", "Pages 2", "Pages 3", "Notes"]);
        let mut numbers = Vec::new();
        for name in ["Pages", "Pages 2", "Pages 3"] {
            let range = book.worksheet_range(name).expect(name);
            assert_eq!(
                range.get((0, 0)),
                Some(&Data::String("Name".into())),
                "{name}"
            );
            assert!(range.height() <= 4, "{name} holds the rows it may");
            numbers.extend(range.rows().skip(1).map(|row| row[0].clone()));
        }
        let all: Vec<_> = (0..7).map(|row| Data::Float(f64::from(row))).collect();
        assert_eq!(numbers, all, "each row once, in order");
    }

    #[test]
    fn columns_have_the_names_of_spreadsheets() {
        for (column, name) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(column_name(column), name, "column {column}");
        }
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_between_characters_and_says_so() {
        assert_eq!(shortened(&"é".repeat(LONGEST)), None, "so much fits");
        let cut = shortened(&"💥".repeat(LONGEST)).expect("too long");
        assert!(cut.ends_with(CUT) && cut.starts_with("💥💥"));
        assert!(cut.encode_utf16().count() <= LONGEST);
    }
}
