//! Results that come by the thousand. One file each would cost a flush each, so the answers are kept
//! as they came, a few hundred kilobytes compressed together in a row of the database, and their
//! parts are read out when somebody looks.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use scrapingpros::types::{ScrapeRequest, ScrapeResponse};
use serde_json::{Map, Value};

use super::LibraryError;
use super::keep::{NewPart, take_parts};
use super::rows::{StoredPart, narrow, part_named, verdict_name};
use super::search::Kinds;
use crate::results::{Part, PartView, Verdict};
use crate::scrape::{ScrapeForm, request_from_form};

/// So much is compressed together: enough to compress well, little enough to read one result fast.
const PACK: usize = 256 << 10;
const LEVEL: i32 = 1;
const GONE: &str = "the pack of a result is not there";

/// Where an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub pack: i64,
    pub start: usize,
    pub size: usize,
}

/// What is known of a result before anybody looks into its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct PackedFacts {
    /// A UUID.
    pub id: String,
    pub address: String,
    pub site: String,
    pub title: String,
    pub verdict: Verdict,
    pub browser: bool,
    pub credits: Option<u32>,
    pub duration_ms: u32,
    /// Unix seconds.
    pub created_at: u32,
    pub has_picture: bool,
    pub kinds: Kinds,
}

/// Whose results they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    pub account_id: String,
    pub account_name: String,
    pub local: bool,
}

/// Answers being put together, away from the database.
#[derive(Default)]
pub struct Packer {
    open: Vec<u8>,
    entries: Vec<(usize, usize)>,
    packs: Vec<Pack>,
    compressor: Option<zstd::bulk::Compressor<'static>>,
}

/// One row of packs, and where each entry stands in it.
pub struct Pack {
    size: usize,
    data: Vec<u8>,
    entries: Vec<(usize, usize)>,
}

/// Compressed answers, in the order in which they were added.
pub struct Packs(Vec<Pack>);

impl Packer {
    /// An answer as it came, and a JSON object of fields for those that it leaves out, or nothing.
    pub fn add(&mut self, answer: &[u8], fill: &str) -> Result<(), LibraryError> {
        let start = self.open.len();
        self.open
            .extend_from_slice(&narrow(fill.len() as u64).to_le_bytes());
        self.open.extend_from_slice(fill.as_bytes());
        self.open.extend_from_slice(answer);
        self.entries.push((start, self.open.len() - start));
        if self.open.len() >= PACK {
            self.close()?;
        }
        Ok(())
    }

    pub fn finish(mut self) -> Result<Packs, LibraryError> {
        if !self.open.is_empty() {
            self.close()?;
        }
        Ok(Packs(self.packs))
    }

    fn close(&mut self) -> Result<(), LibraryError> {
        let compressor = match &mut self.compressor {
            Some(compressor) => compressor,
            empty => {
                let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
                compressor.set_parameter(zstd::zstd_safe::CParameter::ChecksumFlag(true))?;
                empty.insert(compressor)
            }
        };
        self.packs.push(Pack {
            size: self.open.len(),
            data: compressor.compress(&self.open)?,
            entries: std::mem::take(&mut self.entries),
        });
        self.open.clear();
        Ok(())
    }
}

impl Packs {
    /// Writes those packs of which an entry is wanted. Answers with the place of each entry, in order;
    /// `wanted` says of each whether a row will name it.
    pub fn insert(
        &self,
        transaction: &Transaction<'_>,
        wanted: &[bool],
    ) -> Result<Vec<Place>, LibraryError> {
        let mut insert = transaction
            .prepare_cached("INSERT INTO packs (size, refs, data) VALUES (?1, ?2, ?3)")?;
        let mut places = Vec::with_capacity(wanted.len());
        let mut wanted = wanted;
        for pack in &self.0 {
            let (mine, others) = wanted.split_at(pack.entries.len().min(wanted.len()));
            wanted = others;
            let refs = mine.iter().filter(|wanted| **wanted).count();
            let number = if refs > 0 {
                insert.insert(params![pack.size as i64, refs as i64, pack.data])?
            } else {
                0
            };
            places.extend(pack.entries.iter().map(|(start, size)| Place {
                pack: number,
                start: *start,
                size: *size,
            }));
        }
        Ok(places)
    }
}

/// The row of a result whose answer is in a pack.
pub fn insert_row(
    transaction: &Transaction<'_>,
    owner: &Owner,
    run: i64,
    label: &str,
    facts: &PackedFacts,
    place: Place,
) -> Result<(), LibraryError> {
    transaction
        .prepare_cached(
            "INSERT INTO results (id, address, site, title, verdict, browser, account_id, account_name, local,
                credits, duration_ms, created_at, form, request, answer, pack, pack_start, pack_size, has_picture,
                kinds, run, label, collection_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, '', '', '', ?13, ?14, ?15, ?16,
                ?17, ?18, ?19, coalesce((SELECT collection_id FROM runs WHERE number = ?18), ''))",
        )?
        .execute(params![
            facts.id,
            facts.address,
            facts.site,
            facts.title,
            verdict_name(facts.verdict),
            facts.browser,
            owner.account_id,
            owner.account_name,
            owner.local,
            facts.credits,
            facts.duration_ms,
            facts.created_at,
            place.pack,
            place.start as i64,
            place.size as i64,
            facts.has_picture,
            facts.kinds.0,
            run,
            label,
        ])?;
    Ok(())
}

/// A packed result, read out: the texts of its row and its parts.
pub struct Unpacked {
    pub form: String,
    pub request: String,
    /// The answer without its bodies.
    pub answer: String,
    parts: Vec<NewPart>,
}

impl Unpacked {
    /// `pack` is the whole pack.
    pub fn read(pack: &[u8], found: &Found) -> Result<Self, LibraryError> {
        let damaged = || LibraryError::Damaged("a packed result is cut short".into());
        let Place { start, size, .. } = found.place;
        let entry = pack.get(start..start + size).ok_or_else(damaged)?;
        let (length, rest) = entry.split_first_chunk::<4>().ok_or_else(damaged)?;
        let (fill, answer) = rest
            .split_at_checked(u32::from_le_bytes(*length) as usize)
            .ok_or_else(damaged)?;
        let mut response = response(answer, fill)?;
        if found.local
            && let Some(guidance) = &mut response.guidance
        {
            // Here nobody pays and nothing comes back.
            guidance.credits_charged = Some(0);
            guidance.credits_refunded = None;
        }
        let parts = take_parts(&mut response, &found.form.address)?;
        Ok(Self {
            form: serde_json::to_string(&found.form)?,
            request: serde_json::to_string(&found.request())?,
            answer: serde_json::to_string(&response)?,
            parts,
        })
    }

    pub fn parts(&self) -> &[NewPart] {
        &self.parts
    }

    pub fn stored(&self) -> Vec<StoredPart> {
        let parts = self.parts.iter().map(|part| StoredPart {
            name: part.name.to_owned(),
            view: PartView {
                part: part_named(part.name).unwrap_or(Part::Screenshot),
                size: narrow(part.bytes.len() as u64),
                count: narrow(part.count as u64),
                width: part.size.0,
                height: part.size.1,
                content_type: part.content_type.clone(),
            },
        });
        parts.collect()
    }

    /// Bytes and MIME type.
    pub fn body(&self, name: &str) -> Option<(Vec<u8>, String)> {
        let part = self.parts.iter().find(|part| part.name == name)?;
        Some((part.bytes.clone(), part.content_type.clone()))
    }
}

/// A result in a pack, and how it was asked for.
pub struct Found {
    pub place: Place,
    local: bool,
    form: ScrapeForm,
    label: String,
}

impl Found {
    /// As it was sent: the same form makes the same request.
    fn request(&self) -> ScrapeRequest {
        let host = url::Url::parse(&self.form.address)
            .ok()
            .and_then(|url| Some(url.host_str()?.to_owned()));
        let request = request_from_form(&self.form, &Vec::from_iter(host));
        ScrapeRequest {
            custom_id: (!self.label.is_empty()).then(|| self.label.clone()),
            ..request.unwrap_or_else(|_| ScrapeRequest {
                url: self.form.address.clone(),
                ..ScrapeRequest::default()
            })
        }
    }
}

/// None when the parts of the result are files.
pub fn find(connection: &Connection, id: &str) -> Result<Option<Found>, LibraryError> {
    let found = connection
        .prepare_cached(
            "SELECT pack, pack_start, pack_size, results.address, results.local,
                coalesce(nullif(own, ''), runs.form, ''), coalesce(jobs.label, '')
             FROM results
             LEFT JOIN jobs ON jobs.result_id = results.id
             LEFT JOIN runs ON runs.number = jobs.run
             WHERE results.id = ?1 AND pack IS NOT NULL",
        )?
        .query_row([id], |row| {
            let form: String = row.get(5)?;
            let form: ScrapeForm = serde_json::from_str(&form).unwrap_or_default();
            Ok(Found {
                place: Place {
                    pack: row.get(0)?,
                    start: row.get::<_, u32>(1)? as usize,
                    size: row.get::<_, u32>(2)? as usize,
                },
                form: ScrapeForm {
                    address: row.get(3)?,
                    ..form
                },
                local: row.get(4)?,
                label: row.get(6)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// A whole pack, checked by its own checksum.
pub fn read_pack(connection: &Connection, number: i64) -> Result<Vec<u8>, LibraryError> {
    let found: Option<(u32, Vec<u8>)> = connection
        .prepare_cached("SELECT size, data FROM packs WHERE number = ?1")?
        .query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (size, data) = found.ok_or_else(|| LibraryError::Damaged(GONE.into()))?;
    zstd::bulk::decompress(&data, size as usize)
        .map_err(|error| LibraryError::Damaged(format!("a pack can't be read: {error}")))
}

fn response(answer: &[u8], fill: &[u8]) -> Result<ScrapeResponse, LibraryError> {
    if fill.is_empty() {
        return Ok(serde_json::from_slice(answer)?);
    }
    let mut fields: Map<String, Value> = serde_json::from_slice(answer)?;
    let fill: Map<String, Value> = serde_json::from_slice(fill)?;
    for (name, value) in fill {
        if fields.get(&name).is_none_or(Value::is_null) {
            fields.insert(name, value);
        }
    }
    Ok(serde_json::from_value(Value::Object(fields))?)
}
