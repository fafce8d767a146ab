//! One file, whatever it is: recognised, read through once, shown, read again when it is imported.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use encoding_rs::Encoding;
use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::read::MultiGzDecoder;
use tokio_util::sync::CancellationToken;

use super::guess;
use super::sheet::Workbook;
use super::sitemap::Sitemap;
use super::text::{LINES, TextRows, find_encoding, find_separator};
use super::{
    ImportChoice, ImportColumn, ImportError, ImportKind, ImportProgress, ImportView, MOST_COLUMNS,
    Rows, Tell,
};

const LARGEST_FILE: u64 = 512 << 20;
const MOST_ROWS: u32 = 1_000_000;
const SAMPLE_BYTES: u64 = 256 << 10;
pub const SAMPLE_ROWS: usize = 200;
const SAMPLE_LETTERS: usize = 80;
const TELL_EVERY: u32 = 2_000;
const GZIP: [u8; 2] = [0x1f, 0x8b];

const ENCODINGS: [&str; 12] = [
    "UTF-8",
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "ISO-8859-2",
    "UTF-16LE",
    "UTF-16BE",
    "Shift_JIS",
    "gb18030",
    "EUC-KR",
];

/// A file that can be imported.
pub struct Table {
    path: PathBuf,
    stamp: Stamp,
    source: Source,
    has_header: bool,
    width: usize,
    sample: Vec<Vec<String>>,
    rows: u32,
    unreadable: u32,
    cut: bool,
}

#[derive(Clone)]
enum Source {
    Text {
        encoding: &'static Encoding,
        separator: u8,
    },
    Workbook {
        sheets: Vec<String>,
        sheet: String,
    },
    Sitemap(Sitemap),
}

/// Tells whether a file is still the one that was shown.
#[derive(Clone, PartialEq, Eq)]
struct Stamp {
    size: u64,
    changed: Option<SystemTime>,
}

impl Table {
    /// Finds out what the file is and reads it through.
    pub fn open(path: &Path, stop: &CancellationToken, tell: &Tell) -> Result<Self, ImportError> {
        let stamp = Stamp::of(path)?;
        let source = recognise(path, stop)?;
        Self::scan(path, stamp, source, None, stop, tell)
    }

    /// Reads it through again, in another way.
    pub fn with(
        &self,
        choice: &ImportChoice,
        stop: &CancellationToken,
        tell: &Tell,
    ) -> Result<Self, ImportError> {
        self.unchanged()?;
        let source = match &self.source {
            Source::Text { .. } => Source::Text {
                encoding: Encoding::for_label(choice.encoding.as_bytes())
                    .ok_or_else(|| ImportError::unfit("Choose an encoding from the list."))?,
                separator: choice.separator.bytes().next().unwrap_or(LINES),
            },
            Source::Workbook { sheets, .. } if sheets.contains(&choice.sheet) => Source::Workbook {
                sheets: sheets.clone(),
                sheet: choice.sheet.clone(),
            },
            Source::Workbook { .. } => {
                return Err(ImportError::unfit("Choose a sheet from the list."));
            }
            Source::Sitemap(sitemap) => Source::Sitemap(sitemap.clone()),
        };
        let header = Some(choice.has_header);
        Self::scan(&self.path, self.stamp.clone(), source, header, stop, tell)
    }

    pub fn view(&self, import_id: &str) -> ImportView {
        let names = self.names();
        let rows = self.data_sample();
        let mut meanings = guess::meanings(&names, rows, self.has_header);
        let columns = names
            .into_iter()
            .enumerate()
            .map(|(column, name)| ImportColumn {
                name,
                samples: samples(rows, column),
                meaning: meanings.get_mut(column).and_then(Option::take),
            })
            .collect();
        let (kind, choice, sheets) = self.reading();
        ImportView {
            import_id: import_id.to_owned(),
            file_name: file_name(&self.path),
            kind,
            rows: self.rows(),
            columns,
            choice,
            encodings: self.encodings(),
            sheets,
            notes: self.notes(),
        }
    }

    /// Without the header.
    pub fn rows(&self) -> u32 {
        self.rows - u32::from(self.has_header && self.rows > 0)
    }

    pub fn width(&self) -> usize {
        self.width
    }

    /// Hands every row but the header to `take`.
    pub fn read(
        &self,
        stop: &CancellationToken,
        take: &mut dyn FnMut(&[String]) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        self.unchanged()?;
        let mut header = self.has_header;
        for_rows(&self.path, &self.source, stop, &mut |row| {
            if std::mem::take(&mut header) {
                return Ok(());
            }
            take(row)
        })
    }

    fn scan(
        path: &Path,
        stamp: Stamp,
        source: Source,
        header: Option<bool>,
        stop: &CancellationToken,
        tell: &Tell,
    ) -> Result<Self, ImportError> {
        let mut table = Self {
            path: path.to_owned(),
            stamp,
            has_header: false,
            width: 0,
            sample: Vec::new(),
            rows: 0,
            unreadable: 0,
            cut: false,
            source: source.clone(),
        };
        for_rows(path, &source, stop, &mut |row| {
            table.count(row)?;
            if table.rows.is_multiple_of(TELL_EVERY) {
                tell(ImportProgress {
                    rows: table.rows,
                    total: 0,
                });
            }
            Ok(())
        })?;
        let is_sitemap = matches!(table.source, Source::Sitemap(_));
        table.has_header = match header {
            Some(chosen) => chosen && !is_sitemap,
            None => !is_sitemap && guess::has_header(&table.sample),
        };
        if table.rows() == 0 {
            return Err(ImportError::unfit("There are no pages in this file."));
        }
        Ok(table)
    }

    fn count(&mut self, row: &[String]) -> Result<(), ImportError> {
        self.rows += 1;
        if self.rows > MOST_ROWS {
            return Err(ImportError::unfit(
                "This file has more than 1,000,000 rows. Split it and import the parts.",
            ));
        }
        self.cut |= row.len() > MOST_COLUMNS;
        self.width = self.width.max(row.len()).min(MOST_COLUMNS);
        if row.iter().any(|cell| cell.contains('\u{fffd}')) {
            self.unreadable += 1;
        }
        if self.sample.len() < SAMPLE_ROWS {
            let cells = row.iter().take(MOST_COLUMNS);
            self.sample.push(cells.map(|cell| cut(cell, 300)).collect());
        }
        Ok(())
    }

    fn unchanged(&self) -> Result<(), ImportError> {
        if Stamp::of(&self.path)? == self.stamp {
            return Ok(());
        }
        Err(ImportError::unfit(
            "This file was changed in the meantime. Choose it again.",
        ))
    }

    fn names(&self) -> Vec<String> {
        if let Source::Sitemap(_) = self.source {
            return vec!["loc".to_owned()];
        }
        let header = self.sample.first().filter(|_| self.has_header);
        (0..self.width)
            .map(|column| guess::column_name(header.and_then(|row| row.get(column)), column))
            .collect()
    }

    fn data_sample(&self) -> &[Vec<String>] {
        let skip = usize::from(self.has_header).min(self.sample.len());
        &self.sample[skip..]
    }

    /// The usual ones, and the one that was found.
    fn encodings(&self) -> Vec<String> {
        let Source::Text { encoding, .. } = &self.source else {
            return Vec::new();
        };
        let found = (!ENCODINGS.contains(&encoding.name())).then_some(encoding.name());
        let all = ENCODINGS.into_iter().chain(found);
        all.map(str::to_owned).collect()
    }

    fn reading(&self) -> (ImportKind, ImportChoice, Vec<String>) {
        let mut choice = ImportChoice {
            separator: String::new(),
            encoding: String::new(),
            has_header: self.has_header,
            sheet: String::new(),
        };
        match &self.source {
            Source::Text {
                encoding,
                separator,
            } => {
                choice.encoding = encoding.name().to_owned();
                if *separator == LINES {
                    return (ImportKind::Lines, choice, Vec::new());
                }
                choice.separator = char::from(*separator).to_string();
                (ImportKind::Table, choice, Vec::new())
            }
            Source::Workbook { sheets, sheet } => {
                choice.sheet.clone_from(sheet);
                (ImportKind::Workbook, choice, sheets.clone())
            }
            Source::Sitemap(_) => (ImportKind::Sitemap, choice, Vec::new()),
        }
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.unreadable > 0 {
            notes.push(match self.source {
                Source::Text { .. } => format!(
                    "{} of the rows hold letters that can't be read. Try another encoding.",
                    self.unreadable
                ),
                Source::Workbook { .. } | Source::Sitemap(_) => {
                    format!(
                        "{} of the rows hold letters that can't be read.",
                        self.unreadable
                    )
                }
            });
        }
        if self.cut {
            notes.push(format!("Only the first {MOST_COLUMNS} columns are shown."));
        }
        if let Source::Sitemap(Sitemap { missing, .. }) = &self.source
            && *missing > 0
        {
            notes.push(format!(
                "{missing} of the sitemaps that this index names are not in its folder and are left out."
            ));
        }
        notes
    }
}

impl Stamp {
    fn of(path: &Path) -> Result<Self, ImportError> {
        let data = fs::metadata(path)?;
        if !data.is_file() {
            return Err(ImportError::unfit("This is a folder. Choose a file."));
        }
        if data.len() > LARGEST_FILE {
            return Err(super::leash::too_much());
        }
        Ok(Self {
            size: data.len(),
            changed: data.modified().ok(),
        })
    }
}

/// The file's bytes; those of a `.gz` unpacked.
pub fn unpacked_file(path: &Path) -> Result<Box<dyn Read>, ImportError> {
    let mut file = File::open(path)?;
    let mut head = [0; 2];
    let read = file.read(&mut head)?;
    let whole = head[..read].to_vec();
    let all = std::io::Cursor::new(whole).chain(file);
    if head == GZIP {
        return Ok(Box::new(MultiGzDecoder::new(BufReader::new(all))));
    }
    Ok(Box::new(BufReader::new(all)))
}

/// The separator of a text whose columns nobody is asked about.
pub fn separator_of(text: &str) -> u8 {
    find_separator(text, false)
}

fn recognise(path: &Path, stop: &CancellationToken) -> Result<Source, ImportError> {
    let mut sample = Vec::new();
    unpacked_file(path)?
        .take(SAMPLE_BYTES)
        .read_to_end(&mut sample)
        .map_err(|error| ImportError::Damaged(error.to_string()))?;
    if sample.starts_with(b"PK\x03\x04") {
        let sheets = Workbook::open(path, stop)?.sheets();
        let sheet = sheets.first().cloned();
        let sheet =
            sheet.ok_or_else(|| ImportError::unfit("There is no sheet in this workbook."))?;
        return Ok(Source::Workbook { sheets, sheet });
    }
    if sample.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(ImportError::unfit(
            "This is an old or protected workbook. Open it, save it as XLSX or CSV without a password, and import that.",
        ));
    }
    let not_text = || {
        ImportError::unfit(
            "This is not a table or a list. Choose a CSV, TSV, TXT, XLSX or sitemap file.",
        )
    };
    if sample.starts_with(b"%PDF") {
        return Err(not_text());
    }
    let encoding = find_encoding(&sample).ok_or_else(not_text)?;
    let mut text = String::new();
    DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding))
        .strip_bom(true)
        .build(sample.as_slice())
        .read_to_string(&mut text)?;
    if text.trim_start().starts_with('<') {
        return markup(path, &text, stop);
    }
    let name = file_name(path).to_lowercase();
    let sure = name.contains(".csv") || name.contains(".tsv") || name.contains(".tab");
    Ok(Source::Text {
        encoding,
        separator: find_separator(whole_lines(&text), sure),
    })
}

fn markup(path: &Path, text: &str, stop: &CancellationToken) -> Result<Source, ImportError> {
    let lower = text.to_lowercase();
    let head: String = lower.chars().take(100_000).collect();
    if head.contains("urlset") || head.contains("sitemapindex") {
        return Ok(Source::Sitemap(Sitemap::open(path, stop)?));
    }
    Err(ImportError::unfit(if head.contains("<html") {
        "This is a web page, not a list of pages. Choose a CSV, TSV, TXT, XLSX or sitemap file."
    } else {
        "This is not a sitemap. Choose a CSV, TSV, TXT, XLSX or sitemap file."
    }))
}

/// The last line of a sample may be cut.
fn whole_lines(sample: &str) -> &str {
    if (sample.len() as u64) < SAMPLE_BYTES / 4 {
        return sample;
    }
    sample.rfind('\n').map_or(sample, |end| &sample[..end])
}

/// Rows with nothing in them are not handed on.
fn for_rows(
    path: &Path,
    source: &Source,
    stop: &CancellationToken,
    take: &mut dyn FnMut(&[String]) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let mut each = |rows: &mut dyn Rows| {
        let mut row = Vec::new();
        while rows.next_row(&mut row)? {
            if stop.is_cancelled() {
                return Err(ImportError::Cancelled);
            }
            if row.iter().any(|cell| !cell.trim().is_empty()) {
                take(&row)?;
            }
        }
        Ok(())
    };
    match source {
        Source::Text {
            encoding,
            separator,
        } => each(&mut TextRows::new(
            unpacked_file(path)?,
            encoding,
            *separator,
            stop,
        )),
        Source::Workbook { sheet, .. } => Workbook::open_again(path)?.read(sheet, &mut each),
        Source::Sitemap(sitemap) => each(&mut sitemap.rows(stop)),
    }
}

fn samples(rows: &[Vec<String>], column: usize) -> Vec<String> {
    let cells = rows.iter().filter_map(|row| row.get(column));
    cells
        .map(|cell| cell.trim())
        .filter(|cell| !cell.is_empty())
        .take(3)
        .map(|cell| cut(cell, SAMPLE_LETTERS))
        .collect()
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
