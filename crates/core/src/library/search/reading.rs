//! What a look into a result's parts tells of it: its words, and what it holds.

use rusqlite::{Transaction, params};
use serde_json::{Map, Value};

use super::words::Words;
use crate::library::LibraryError;
use crate::library::keep::NewPart;
use crate::library::rows::{THUMBNAIL, part_named};
use crate::results::Part;

/// Bits of `results.kinds`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kinds(pub u8);

impl Kinds {
    pub const PAGE: Self = Self(1);
    pub const MARKDOWN: Self = Self(2);
    pub const SCREENSHOT: Self = Self(4);
    pub const DATA: Self = Self(8);
    pub const NETWORK: Self = Self(16);
    pub const FILE: Self = Self(32);
    /// There is a small picture for lists, or one can be made.
    pub const THUMBNAIL: Self = Self(64);

    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub fn with(self, other: Self, there: bool) -> Self {
        if there { Self(self.0 | other.0) } else { self }
    }

    fn of(part: &str) -> Self {
        match part_named(part) {
            Some(Part::Page) => Self::PAGE,
            Some(Part::Markdown) => Self::MARKDOWN,
            Some(Part::Screenshot) => Self::SCREENSHOT,
            Some(Part::Data) => Self::DATA,
            Some(Part::Network) => Self::NETWORK,
            Some(Part::File) => Self::FILE,
            None if part == THUMBNAIL => Self::THUMBNAIL,
            None => Self::default(),
        }
    }
}

/// A part as far as it is looked at.
pub struct SeenPart<'a> {
    pub name: &'a str,
    pub content_type: &'a str,
    pub size: u64,
    /// Only of those that [`is_read`].
    pub bytes: &'a [u8],
}

impl<'a> From<&'a NewPart> for SeenPart<'a> {
    fn from(part: &'a NewPart) -> Self {
        Self {
            name: part.name,
            content_type: &part.content_type,
            size: part.bytes.len() as u64,
            bytes: &part.bytes,
        }
    }
}

/// Whether the words of a part can be found.
pub fn is_read(name: &str, content_type: &str) -> bool {
    match part_named(name) {
        Some(Part::Page | Part::Markdown | Part::Data) => true,
        Some(Part::File) => content_type.starts_with("text/") || content_type == "application/json",
        Some(Part::Screenshot | Part::Network) | None => false,
    }
}

/// What is known of a result before its parts are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names<'a> {
    pub address: &'a str,
    pub title: &'a str,
    pub label: &'a str,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    kinds: Kinds,
    data_rows: usize,
    data_fields: usize,
    size: u64,
    file_type: String,
    words: String,
}

impl Reading {
    pub fn of<'a>(names: Names<'_>, parts: impl IntoIterator<Item = SeenPart<'a>>) -> Self {
        let mut words = Words::default();
        for name in [names.title, names.label, names.address] {
            words.add(name);
        }
        let mut reading = Self::default();
        let mut markdown = None;
        for part in parts {
            let kind = Kinds::of(part.name);
            reading.kinds = reading.kinds.with(kind, true);
            if kind != Kinds::THUMBNAIL {
                reading.size += part.size;
            }
            let text = || String::from_utf8_lossy(part.bytes);
            match kind {
                Kinds::PAGE => words.add_page(&text()),
                Kinds::MARKDOWN => markdown = Some(text().into_owned()),
                Kinds::DATA => reading.read_data(part.bytes, &mut words),
                Kinds::FILE => {
                    part.content_type.clone_into(&mut reading.file_type);
                    if is_read(part.name, part.content_type) {
                        words.add(&text());
                    }
                }
                _ => {}
            }
        }
        // It says what the page says.
        if let Some(markdown) = markdown
            && !reading.kinds.has(Kinds::PAGE)
        {
            words.add(&markdown);
        }
        reading.words = words.finish();
        reading
    }

    fn read_data(&mut self, bytes: &[u8], words: &mut Words) {
        let Ok(data) = serde_json::from_slice::<Map<String, Value>>(bytes) else {
            return;
        };
        self.data_fields = data.len();
        let rows = data
            .values()
            .map(|value| value.as_array().map_or(1, Vec::len));
        self.data_rows = rows.max().unwrap_or_default();
        data.values().for_each(|value| words.add_values(value));
    }

    /// Writes it down, unless that was done. `state`: 1 read, 2 its parts can't be read.
    pub fn write(
        &self,
        transaction: &Transaction<'_>,
        number: i64,
        state: u8,
    ) -> Result<(), LibraryError> {
        let changed = transaction
            .prepare_cached(
                "UPDATE results SET indexed = ?2, kinds = kinds | ?3 | iif(has_picture, 64, 0), data_rows = ?4, data_fields = ?5,
                    size = ?6, file_type = ?7
                 WHERE number = ?1 AND indexed = 0",
            )?
            .execute(params![
                number,
                state,
                self.kinds.0,
                self.data_rows as i64,
                self.data_fields as i64,
                self.size as i64,
                self.file_type,
            ])?;
        if changed == 1 {
            transaction
                .prepare_cached("INSERT INTO result_words (rowid, words) VALUES (?1, ?2)")?
                .execute(params![number, self.words])?;
        }
        Ok(())
    }
}
