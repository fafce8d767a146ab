//! Workbooks (XLSX). Before a cell is read the archive is unpacked once into nothing, to know that
//! it stays within bounds; then the cells are streamed, so that a lonely one at the far corner costs
//! nothing.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use calamine::{Data, DataRef, Reader as _, Xlsx, XlsxCellReader};
use tokio_util::sync::CancellationToken;
use zip::ZipArchive;

use super::leash::{LONGEST_RECORD, MOST_BYTES, too_much};
use super::{ImportError, MOST_COLUMNS, Rows};

/// Of all texts together, because they are kept in memory.
const MOST_TEXT: u64 = 128 << 20;
const MOST_PARTS: usize = 10_000;
/// `<si><t/></si>`: no text takes less.
const SMALLEST_TEXT: u64 = 10;

/// A workbook that was found harmless.
pub struct Workbook(Xlsx<BufReader<File>>);

impl Workbook {
    pub fn open(path: &Path, stop: &CancellationToken) -> Result<Self, ImportError> {
        inspect(path, stop)?;
        Self::open_again(path)
    }

    /// One that was inspected and has not changed since.
    pub fn open_again(path: &Path) -> Result<Self, ImportError> {
        let file = BufReader::new(File::open(path)?);
        Ok(Self(Xlsx::new(file).map_err(damaged)?))
    }

    /// Those with cells.
    pub fn sheets(&self) -> Vec<String> {
        let sheets = self.0.sheets_metadata().iter();
        sheets
            .filter(|sheet| sheet.typ == calamine::SheetType::WorkSheet)
            .map(|sheet| sheet.name.clone())
            .collect()
    }

    /// The rows of a sheet go to `take` until it answers that it has enough.
    pub fn read(
        &mut self,
        sheet: &str,
        take: &mut dyn FnMut(&mut dyn Rows) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        let cells = self.0.worksheet_cells_reader(sheet).map_err(damaged)?;
        take(&mut SheetRows {
            cells,
            ahead: None,
            ended: false,
        })
    }
}

struct SheetRows<'a> {
    cells: XlsxCellReader<'a, BufReader<File>>,
    /// The first cell of the next row.
    ahead: Option<(u32, u32, String)>,
    ended: bool,
}

impl Rows for SheetRows<'_> {
    fn next_row(&mut self, row: &mut Vec<String>) -> Result<bool, ImportError> {
        row.clear();
        let mut number = None;
        if let Some((first, column, text)) = self.ahead.take() {
            number = Some(first);
            put(row, column, text);
        }
        while !self.ended {
            let Some(cell) = self.cells.next_cell().map_err(damaged)? else {
                self.ended = true;
                break;
            };
            let (at, column) = cell.get_position();
            let text = words(cell.get_value());
            if text.is_empty() {
                continue;
            }
            if number.is_some_and(|number| number != at) {
                self.ahead = Some((at, column, text));
                return Ok(true);
            }
            number = Some(at);
            put(row, column, text);
        }
        Ok(number.is_some())
    }
}

fn put(row: &mut Vec<String>, column: u32, text: String) {
    let column = column as usize;
    if column >= MOST_COLUMNS {
        return;
    }
    if row.len() <= column {
        row.resize_with(column + 1, String::new);
    }
    row[column] = text;
}

/// What the cell shows. Of a formula that is what it came to.
fn words(value: &DataRef<'_>) -> String {
    if let DataRef::SharedString(text) = value {
        return (*text).to_owned();
    }
    if matches!(value, DataRef::Empty | DataRef::Error(_)) {
        return String::new();
    }
    Data::from(value.clone()).to_string()
}

/// A zip may say anything of what it holds: only unpacking tells.
fn inspect(path: &Path, stop: &CancellationToken) -> Result<(), ImportError> {
    let mut archive = ZipArchive::new(BufReader::new(File::open(path)?))
        .map_err(|error| damaged(error.into()))?;
    if archive.len() > MOST_PARTS {
        return Err(too_much());
    }
    let mut is_workbook = false;
    let mut all = 0;
    for index in 0..archive.len() {
        let mut part = archive
            .by_index(index)
            .map_err(|error| damaged(error.into()))?;
        let name = part
            .name()
            .map_err(|error| damaged(error.into()))?
            .to_lowercase();
        is_workbook |= name.ends_with("workbook.xml");
        // Any other part may still be named as a sheet: pictures alone are looked at less closely.
        let is_picture = name.starts_with("xl/media/");
        let is_texts = name.ends_with("sharedstrings.xml");
        let size = unpacked(&mut part, is_texts, is_picture, stop)?;
        all += size;
        if all > MOST_BYTES || (is_texts && size > MOST_TEXT) {
            return Err(too_much());
        }
    }
    if is_workbook {
        return Ok(());
    }
    Err(ImportError::unfit(
        "This is not an Excel workbook. Save the table as XLSX or CSV and import that.",
    ))
}

/// How many bytes a part unpacks to. Texts are counted by their own list before there is room for
/// them, so that number must be possible.
fn unpacked(
    part: &mut impl Read,
    is_texts: bool,
    is_picture: bool,
    stop: &CancellationToken,
) -> Result<u64, ImportError> {
    let mut chunk = vec![0; 64 << 10];
    let (mut size, mut since_tag, mut promised) = (0_u64, 0_u64, 0);
    loop {
        if stop.is_cancelled() {
            return Err(ImportError::Cancelled);
        }
        let read = match part.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => &chunk[..read],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(ImportError::Damaged(error.to_string())),
        };
        if is_texts && size == 0 {
            promised = promised_texts(read);
        }
        size += read.len() as u64;
        since_tag = match read.iter().rposition(|byte| *byte == b'<') {
            Some(place) => (read.len() - place) as u64,
            None => since_tag + read.len() as u64,
        };
        if since_tag > LONGEST_RECORD && !is_picture {
            return Err(ImportError::Damaged("a cell that never ends".into()));
        }
        if size > MOST_BYTES {
            return Err(too_much());
        }
    }
    if promised > size / SMALLEST_TEXT + 1 {
        return Err(ImportError::Damaged(format!(
            "{promised} texts in {size} bytes"
        )));
    }
    Ok(size)
}

fn promised_texts(head: &[u8]) -> u64 {
    let plain: String = head
        .iter()
        .filter(|byte| **byte != 0)
        .map(|byte| char::from(*byte))
        .collect();
    let Some((_, after)) = plain.split_once("uniqueCount") else {
        return 0;
    };
    let digits: String = after
        .chars()
        .skip_while(|letter| !letter.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().unwrap_or(u64::MAX)
}

fn damaged(error: calamine::XlsxError) -> ImportError {
    if matches!(error, calamine::XlsxError::Password) {
        return ImportError::unfit(
            "This workbook is protected by a password. Save it without one and import that.",
        );
    }
    ImportError::Damaged(error.to_string())
}
