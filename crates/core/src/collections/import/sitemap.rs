//! Sitemaps. Nothing is fetched: of an index only those sitemaps are read that lie beside it.
//! Entities that a file defines itself are never expanded.

use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use tokio_util::sync::CancellationToken;

use super::leash::{Leash, Slack, explain};
use super::{ImportError, Rows, unpacked_file};

/// No honest sitemap is nested deeper.
const DEEPEST: usize = 100;
const MOST_SITEMAPS: usize = 50_000;

/// A sitemap, or those of an index that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitemap {
    pub files: Vec<PathBuf>,
    /// Named by the index and not beside it.
    pub missing: u32,
}

impl Sitemap {
    pub fn open(path: &Path, stop: &CancellationToken) -> Result<Self, ImportError> {
        let mut locations = Locations::open(path, stop)?;
        if !locations.is_index {
            return Ok(Self {
                files: vec![path.to_owned()],
                missing: 0,
            });
        }
        let mut sitemap = Self {
            files: Vec::new(),
            missing: 0,
        };
        while let Some(address) = locations.next()? {
            match beside(path, &address) {
                Some(file) if sitemap.files.len() < MOST_SITEMAPS => sitemap.files.push(file),
                Some(_) | None => sitemap.missing += 1,
            }
        }
        if sitemap.files.is_empty() {
            return Err(ImportError::unfit(
                "This is an index of sitemaps, without pages of its own. Save the sitemaps it names in the same folder and import it again.",
            ));
        }
        Ok(sitemap)
    }

    pub fn rows(&self, stop: &CancellationToken) -> SitemapRows {
        SitemapRows {
            left: self.files.clone().into_iter(),
            open: None,
            stop: stop.clone(),
        }
    }
}

pub struct SitemapRows {
    left: std::vec::IntoIter<PathBuf>,
    open: Option<Locations>,
    stop: CancellationToken,
}

impl Rows for SitemapRows {
    fn next_row(&mut self, row: &mut Vec<String>) -> Result<bool, ImportError> {
        row.clear();
        loop {
            if let Some(open) = &mut self.open
                && let Some(address) = open.next()?
            {
                row.push(address);
                return Ok(true);
            }
            let Some(file) = self.left.next() else {
                return Ok(false);
            };
            let locations = Locations::open(&file, &self.stop)?;
            if locations.is_index {
                return Err(ImportError::unfit(
                    "This index names another index. Import that one by itself.",
                ));
            }
            self.open = Some(locations);
        }
    }
}

/// The addresses of one file, in order.
struct Locations {
    reader: Reader<BufReader<Leash<Box<dyn Read>>>>,
    slack: Slack,
    buffer: Vec<u8>,
    depth: usize,
    found: u32,
    is_index: bool,
}

impl Locations {
    fn open(path: &Path, stop: &CancellationToken) -> Result<Self, ImportError> {
        let slack = Slack::default();
        let leash = Leash::new(unpacked_file(path)?, &slack, stop);
        let mut reader = Reader::from_reader(BufReader::new(leash));
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_dangling_amp = true;
        let mut locations = Self {
            reader,
            slack,
            buffer: Vec::new(),
            depth: 0,
            found: 0,
            is_index: false,
        };
        locations.is_index = locations.read_root()?;
        Ok(locations)
    }

    /// Whether it is an index.
    fn read_root(&mut self) -> Result<bool, ImportError> {
        loop {
            let event = self.read()?;
            if matches!(event, Event::Eof) {
                return Err(ImportError::Damaged("no root".into()));
            }
            let root = if let Event::Start(tag) = event {
                Some(local_name(&tag))
            } else {
                None
            };
            if let Some(root) = root {
                self.depth = 1;
                return Ok(root == "sitemapindex");
            }
        }
    }

    /// `<urlset><url><loc>`: pictures of a page have their own addresses one level deeper.
    fn next(&mut self) -> Result<Option<String>, ImportError> {
        let mut text: Option<String> = None;
        loop {
            let depth = self.depth;
            let step = match self.read()? {
                Event::Start(tag) if depth == 2 && local_name(&tag) == "loc" => Step::Begin,
                Event::Start(_) => Step::Deeper,
                Event::End(_) => Step::Up,
                Event::Text(part) if text.is_some() => Step::More(part.xml10_content().into()),
                Event::CData(part) if text.is_some() => Step::More(part.xml10_content().into()),
                Event::GeneralRef(name) if text.is_some() => Step::More(referred(&name)),
                Event::Eof => return Ok(None),
                Event::Empty(_)
                | Event::Text(_)
                | Event::CData(_)
                | Event::GeneralRef(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_) => Step::Past,
            };
            match step {
                Step::Begin => {
                    text = Some(String::new());
                    self.depth += 1;
                }
                Step::Deeper => self.depth += 1,
                Step::Up => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 2
                        && let Some(address) = text.take()
                    {
                        self.found += 1;
                        return Ok(Some(address.trim().to_owned()));
                    }
                }
                Step::More(part) => {
                    if let Some(text) = &mut text {
                        text.push_str(&part);
                    }
                }
                Step::Past => {}
            }
            if self.depth > DEEPEST {
                return Err(ImportError::Damaged("nested too deeply".into()));
            }
        }
    }

    fn read(&mut self) -> Result<Event<'_>, ImportError> {
        self.slack.give();
        self.buffer.clear();
        let row = self.found + 1;
        self.reader
            .read_event_into(&mut self.buffer)
            .map_err(|error| {
                let words = error.to_string();
                let quick_xml::Error::Io(error) = error else {
                    return ImportError::Damaged(words);
                };
                let kind = error.kind();
                match std::sync::Arc::try_unwrap(error) {
                    Ok(error) => explain(error, row),
                    Err(_) => ImportError::File(kind.into()),
                }
            })
    }
}

enum Step {
    Begin,
    Deeper,
    Up,
    More(String),
    Past,
}

fn local_name(tag: &BytesStart<'_>) -> String {
    tag.local_name().as_ref().to_owned()
}

/// `&amp;` and its like; what else a file defines stays as it is written.
fn referred(name: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(letter)) = name.resolve_char_ref() {
        return letter.to_string();
    }
    let name = name.xml10_content();
    match quick_xml::escape::resolve_xml_entity(&name) {
        Some(text) => text.to_owned(),
        None => format!("&{name};"),
    }
}

/// The file that an index means, if it lies in the index's own folder.
fn beside(index: &Path, address: &str) -> Option<PathBuf> {
    let url = url::Url::parse(address.trim()).ok()?;
    let name = url.path_segments()?.next_back()?.to_owned();
    if name.is_empty() || name.contains(['/', '\\', '%', ':']) || name.starts_with('.') {
        return None;
    }
    let file = index.with_file_name(name);
    (file != index && file.is_file()).then_some(file)
}
