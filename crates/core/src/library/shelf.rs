//! The library's insides, for blocking threads: rows, bodies, and what is open.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use scrapingpros::types::NetworkRequest;
use serde_json::{Map, Value};

use super::bodies::Bodies;
use super::compare::{Compared, Difference, Overlaid, Overlay};
use super::file_name::{extension, file_name, kind_of};
use super::keep::{self, small_picture};
use super::open::LastUsed;
use super::packed::{self, Unpacked};
use super::rows::{self, Kept, THUMBNAIL, part_name};
use super::search::Lists;
use super::{LibraryError, SaveName, saving};
use crate::database::Database;
use crate::results::data::{OpenTable, Table};
use crate::results::details::local_date;
use crate::results::text::TextIndex;
use crate::results::{Part, SaveKind, SavedView, export, markdown};
use crate::settings::{CsvStyle, Settings};

const NO_PART: &str = "This result has no such part.";
const LARGEST_COPY: usize = 32 << 20;
const TOO_LARGE_TO_COPY: &str = "This is larger than 32 MB. Save it to a file instead.";

pub struct Shelf {
    pub database: Database,
    pub bodies: Bodies,
    tables: LastUsed<String, OpenTable>,
    texts: LastUsed<(String, Part), TextIndex>,
    calls: LastUsed<String, Vec<NetworkRequest>>,
    made_markdown: LastUsed<String, String>,
    packs: LastUsed<i64, Vec<u8>>,
    unpacked: LastUsed<String, Unpacked>,
    external: Mutex<HashSet<String>>,
    pub lists: Lists,
    /// Held while unread results are read.
    pub reading: Mutex<()>,
    /// Held while a picture is made.
    pub drawing: Mutex<()>,
    pub differences: LastUsed<Compared, Difference>,
    pub overlays: LastUsed<Overlaid, Overlay>,
}

impl Shelf {
    pub fn open(data_dir: &Path) -> Result<Self, LibraryError> {
        Ok(Self {
            database: Database::open(data_dir)?,
            bodies: Bodies::open(data_dir)?,
            tables: LastUsed::new(1),
            texts: LastUsed::new(2),
            calls: LastUsed::new(1),
            made_markdown: LastUsed::new(2),
            packs: LastUsed::new(4),
            unpacked: LastUsed::new(2),
            external: Mutex::new(HashSet::new()),
            lists: Lists::new(),
            reading: Mutex::new(()),
            drawing: Mutex::new(()),
            differences: LastUsed::new(2),
            overlays: LastUsed::new(1),
        })
    }

    pub fn kept(&self, id: &str) -> Result<Kept, LibraryError> {
        let unpacked = self.unpacked(id)?;
        self.database
            .with(|connection| rows::kept(connection, id, unpacked.as_deref()))
    }

    /// Bytes and MIME type of a part that is on disk.
    pub fn body(&self, id: &str, name: &str) -> Result<(Vec<u8>, String), LibraryError> {
        if let Some(unpacked) = self.unpacked(id)? {
            return unpacked.body(name).ok_or(LibraryError::Missing(NO_PART));
        }
        self.file(id, name)?.ok_or(LibraryError::Missing(NO_PART))
    }

    /// The small picture of a result. One that must be made first is made once, and one at a time, since
    /// a whole page takes a lot of memory.
    pub fn thumbnail(&self, id: &str) -> Result<(Vec<u8>, String), LibraryError> {
        if let Some(kept) = self.file(id, THUMBNAIL)? {
            return Ok(kept);
        }
        let _turn = self.drawing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = self.file(id, THUMBNAIL)? {
            return Ok(kept);
        }
        let unpacked = self.unpacked(id)?;
        let made = unpacked.and_then(|unpacked| small_picture(unpacked.parts()));
        let made = made.ok_or(LibraryError::Missing(NO_PART))?;
        keep::add_part(&self.database, &self.bodies, id, &made)?;
        Ok((made.bytes, made.content_type))
    }

    fn file(&self, id: &str, name: &str) -> Result<Option<(Vec<u8>, String)>, LibraryError> {
        let row = self.database.read(|db| rows::body_row(db, id, name))?;
        match row {
            Some(row) => Ok(Some((self.bodies.read(&row.hash)?, row.content_type))),
            None => Ok(None),
        }
    }

    pub fn string(&self, id: &str, name: &str) -> Result<String, LibraryError> {
        let (bytes, _) = self.body(id, name)?;
        Ok(String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    /// From the service, else made from the page.
    pub fn markdown(&self, id: &str) -> Result<Arc<String>, LibraryError> {
        self.made_markdown.get(id.to_owned(), || {
            let own = self.string(id, part_name(Part::Markdown));
            if matches!(own, Err(LibraryError::Missing(_))) {
                return markdown::from_page(self.string(id, part_name(Part::Page))?);
            }
            own
        })
    }

    /// Where the page's own links start from: the address it ended at, when that is known.
    pub fn base_address(&self, id: &str) -> Result<String, LibraryError> {
        let kept = self.kept(id)?;
        let ended_at = kept
            .answer
            .url
            .filter(|url| url.starts_with("http://") || url.starts_with("https://"));
        Ok(ended_at.unwrap_or(kept.view.address))
    }

    pub fn table(&self, id: &str) -> Result<Arc<OpenTable>, LibraryError> {
        self.tables.get(id.to_owned(), || {
            let (bytes, _) = self.body(id, part_name(Part::Data))?;
            let data: Map<String, Value> = serde_json::from_slice(&bytes)?;
            Ok(OpenTable::new(Table::new(data)))
        })
    }

    /// Page or Markdown as lines to draw.
    pub fn text(&self, id: &str, part: Part) -> Result<Arc<TextIndex>, LibraryError> {
        self.texts.get((id.to_owned(), part), || {
            Ok(TextIndex::new(self.plain_text(id, part)?, part))
        })
    }

    pub fn calls(&self, id: &str) -> Result<Arc<Vec<NetworkRequest>>, LibraryError> {
        self.calls.get(id.to_owned(), || {
            let (bytes, _) = self.body(id, part_name(Part::Network))?;
            Ok(serde_json::from_slice(&bytes)?)
        })
    }

    pub fn copy_text(&self, id: &str, part: Part) -> Result<String, LibraryError> {
        let text = match part {
            Part::Data => export::to_tabs(&self.table(id)?.table),
            Part::Page | Part::Markdown | Part::Screenshot | Part::Network | Part::File => {
                self.plain_text(id, part)?
            }
        };
        if text.len() > LARGEST_COPY {
            return Err(LibraryError::TooLarge(TOO_LARGE_TO_COPY));
        }
        Ok(text)
    }

    pub fn save_name(
        &self,
        id: &str,
        kind: SaveKind,
        settings: &Settings,
    ) -> Result<SaveName, LibraryError> {
        let kept = self.kept(id)?;
        let extension = match kind {
            SaveKind::Page => "html".to_owned(),
            SaveKind::Markdown => "md".to_owned(),
            SaveKind::Screenshot => "png".to_owned(),
            SaveKind::DataCsv => "csv".to_owned(),
            SaveKind::DataJson | SaveKind::NetworkJson => "json".to_owned(),
            SaveKind::File => {
                let (bytes, content_type) = self.body(id, part_name(Part::File))?;
                extension(&bytes, &content_type, &kept.view.address)
            }
        };
        let title = match kind {
            SaveKind::File => without_extension(&kept.view.title),
            SaveKind::NetworkJson => "network",
            SaveKind::Page
            | SaveKind::Markdown
            | SaveKind::Screenshot
            | SaveKind::DataCsv
            | SaveKind::DataJson => &kept.view.title,
        };
        let date = local_date(kept.view.created_at);
        Ok(SaveName {
            folder: saving::save_folder(settings),
            file_name: file_name(&kept.view.site, title, &date, &extension),
            filter_name: kind_of(&extension),
            extension,
        })
    }

    pub fn save(
        &self,
        id: &str,
        kind: SaveKind,
        path: &Path,
        style: CsvStyle,
    ) -> Result<SavedView, LibraryError> {
        let body = |part: Part| Ok::<_, LibraryError>(self.body(id, part_name(part))?.0);
        let bytes = match kind {
            SaveKind::Page => body(Part::Page)?,
            SaveKind::Markdown => self.markdown(id)?.as_bytes().to_vec(),
            SaveKind::Screenshot => body(Part::Screenshot)?,
            SaveKind::File => body(Part::File)?,
            SaveKind::DataCsv => {
                let open = self.table(id)?;
                return saving::write_whole(path, |file| {
                    Ok(export::write_csv(&open.table, style, file)?)
                });
            }
            SaveKind::DataJson => serde_json::to_vec_pretty(&self.table(id)?.table.to_json())?,
            SaveKind::NetworkJson => {
                serde_json::to_vec_pretty(&serde_json::from_slice::<Value>(&body(Part::Network)?)?)?
            }
        };
        saving::write_whole(path, |file| Ok(file.write_all(&bytes)?))
    }

    pub fn allow_external(&self, id: String, allow: bool) {
        let mut external = self.external.lock().unwrap_or_else(PoisonError::into_inner);
        if allow {
            external.insert(id);
        } else {
            external.remove(&id);
        }
    }

    pub fn is_external_allowed(&self, id: &str) -> bool {
        self.external
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(id)
    }

    /// A result that is kept in a pack, read out; none when its parts are files.
    fn unpacked(&self, id: &str) -> Result<Option<Arc<Unpacked>>, LibraryError> {
        let found = self.database.read(|db| packed::find(db, id))?;
        let Some(found) = found else {
            return Ok(None);
        };
        let unpacked = self.unpacked.get(id.to_owned(), || {
            let number = found.place.pack;
            let pack = self.packs.get(number, || {
                self.database.read(|db| packed::read_pack(db, number))
            })?;
            Unpacked::read(&pack, &found)
        });
        unpacked.map(Some)
    }

    fn plain_text(&self, id: &str, part: Part) -> Result<String, LibraryError> {
        match part {
            Part::Page => self.string(id, part_name(Part::Page)),
            Part::Markdown => Ok(self.markdown(id)?.as_ref().clone()),
            Part::Screenshot | Part::Data | Part::Network | Part::File => {
                Err(LibraryError::Missing(NO_PART))
            }
        }
    }
}

fn without_extension(title: &str) -> &str {
    match title.rsplit_once('.') {
        Some((stem, ends)) if !stem.is_empty() && ends.len() <= 5 => stem,
        Some(_) | None => title,
    }
}
