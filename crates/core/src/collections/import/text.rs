//! Tables and lists as text: CSV, TSV, one address a line; in any encoding.

use std::io::Read;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;
use tokio_util::sync::CancellationToken;

use super::leash::{Leash, Slack, explain};
use super::{ImportError, Rows};

/// Stands for "no separator": no text holds it, because a file with it is no text.
pub const LINES: u8 = 0;
/// In the order of trust: the first of two that fit equally well is taken.
const SEPARATORS: [u8; 4] = [b'\t', b';', b',', b'|'];
/// Looked at to find the separator.
const SAMPLE_ROWS: usize = 200;

pub struct TextRows {
    reader: csv::Reader<Box<dyn Read>>,
    record: csv::StringRecord,
    slack: Slack,
    row: u32,
}

impl TextRows {
    pub fn new(
        bytes: impl Read + 'static,
        encoding: &'static Encoding,
        separator: u8,
        stop: &CancellationToken,
    ) -> Self {
        let slack = Slack::default();
        let decoded = DecodeReaderBytesBuilder::new()
            .encoding(Some(encoding))
            .strip_bom(true)
            .build(bytes);
        let leashed: Box<dyn Read> = Box::new(Leash::new(decoded, &slack, stop));
        Self {
            reader: builder(separator).from_reader(leashed),
            record: csv::StringRecord::new(),
            slack,
            row: 0,
        }
    }
}

impl Rows for TextRows {
    fn next_row(&mut self, row: &mut Vec<String>) -> Result<bool, ImportError> {
        self.slack.give();
        self.row += 1;
        let read = self.reader.read_record(&mut self.record);
        let read = read.map_err(|error| {
            let words = error.to_string();
            if let csv::ErrorKind::Io(error) = error.into_kind() {
                return explain(error, self.row);
            }
            ImportError::Damaged(words)
        })?;
        row.clear();
        row.extend(self.record.iter().map(str::to_owned));
        Ok(read)
    }
}

/// None: it is no text.
pub fn find_encoding(sample: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(sample) {
        return Some(encoding);
    }
    if sample.contains(&0) {
        return wide(sample);
    }
    // A letter may be cut at the end of the sample.
    match std::str::from_utf8(sample) {
        Ok(_) => return Some(UTF_8),
        Err(error) if error.error_len().is_none() => return Some(UTF_8),
        Err(_) => {}
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    Some(detector.guess(None, Utf8Detection::Deny))
}

/// Addresses are mostly ASCII: in UTF-16 every other byte is 0.
fn wide(sample: &[u8]) -> Option<&'static Encoding> {
    let zeros = |first: usize| {
        let bytes = sample.iter().skip(first).step_by(2);
        bytes.filter(|byte| **byte == 0).count() * 10 / (sample.len() / 2).max(1)
    };
    match (zeros(0), zeros(1)) {
        (0..=1, 4..) => Some(UTF_16LE),
        (4.., 0..=1) => Some(UTF_16BE),
        _ => None,
    }
}

/// The separator that cuts (nearly) every line into as many cells; where one is not sure, as in a
/// plain list of addresses that hold commas, every line must agree.
pub fn find_separator(sample: &str, sure: bool) -> u8 {
    let score = |separator: u8| {
        let widths = widths(sample, separator);
        let usual = mode(&widths);
        let alike = widths.iter().filter(|width| **width == usual).count();
        let percent = alike * 100 / widths.len().max(1);
        let enough = if sure { 80 } else { 100 };
        let lines = sure || separator == b'\t' || widths.len() > 1;
        (usual > 1 && percent >= enough && lines).then_some((percent >= 95, usual))
    };
    let best = SEPARATORS
        .into_iter()
        .rev()
        .filter_map(|separator| Some((score(separator)?, separator)))
        .max_by_key(|(score, _)| *score);
    match best {
        Some((_, separator)) => separator,
        None if sure => separator_of_first_row(sample),
        None => LINES,
    }
}

/// For a ragged table: what cuts its first row into the most cells.
fn separator_of_first_row(sample: &str) -> u8 {
    let width = |separator: u8| widths(sample, separator).first().copied().unwrap_or(0);
    let most = SEPARATORS.into_iter().rev().max_by_key(|one| width(*one));
    most.filter(|one| width(*one) > 1).unwrap_or(LINES)
}

fn widths(sample: &str, separator: u8) -> Vec<usize> {
    let mut reader = builder(separator).from_reader(sample.as_bytes());
    let records = reader.records().map_while(Result::ok).take(SAMPLE_ROWS);
    records.map(|record| record.len()).collect()
}

fn mode(widths: &[usize]) -> usize {
    let count = |width: usize| widths.iter().filter(|other| **other == width).count();
    widths
        .iter()
        .copied()
        .max_by_key(|width| (count(*width), *width))
        .unwrap_or_default()
}

fn builder(separator: u8) -> csv::ReaderBuilder {
    let mut builder = csv::ReaderBuilder::new();
    builder
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .quoting(separator != LINES);
    builder
}
