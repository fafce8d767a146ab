//! A finished scrape on its way to disk: bodies first, then one transaction with everything that names them.

use rusqlite::{Transaction, params};
use scrapingpros::types::ScrapeResponse;
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use super::bodies::{Bodies, Stored};
use super::rows::{THUMBNAIL, part_name, verdict_name};
use super::search::{Names, Reading, SeenPart};
use super::{LibraryError, file_kind};
use crate::database::Database;
use crate::results::picture::{picture_size, png_size, thumbnail};
use crate::results::{Outcome, Part, title, verdict};

/// A part before it is on disk.
pub struct NewPart {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    /// Whether compressing it is worth a try.
    text: bool,
    pub count: usize,
    pub size: (u32, u32),
    pub content_type: String,
}

impl NewPart {
    /// One that was kept before, perhaps elsewhere.
    pub fn kept(
        name: &'static str,
        bytes: Vec<u8>,
        content_type: &str,
        count: u32,
        size: (u32, u32),
    ) -> Self {
        Self {
            name,
            text: content_type.starts_with("text/") || content_type.contains("json"),
            bytes,
            count: count as usize,
            size,
            content_type: content_type.to_owned(),
        }
    }

    pub fn is_text(&self) -> bool {
        self.text
    }
}

/// Answers with the new result's id. Blocks.
pub fn keep(
    database: &Database,
    bodies: &Bodies,
    mut outcome: Outcome,
) -> Result<String, LibraryError> {
    let id = Uuid::new_v4().to_string();
    let row = NewRow::new(id.clone(), &outcome);
    let mut parts = take_parts(&mut outcome.response, &row.address)?;
    parts.extend(small_picture(&parts));
    let names = Names {
        address: &row.address,
        title: &row.title,
        label: "",
    };
    let reading = Reading::of(names, parts.iter().map(SeenPart::from));
    let _turn = bodies.turn();
    let mut stored = Vec::with_capacity(parts.len());
    for part in parts {
        stored.push((bodies.write(&part.bytes, part.text)?, part));
    }
    let form = serde_json::to_string(&outcome.form)?;
    let request = serde_json::to_string(&outcome.request)?;
    let answer = serde_json::to_string(&outcome.response)?;
    database.transaction(|transaction| {
        row.insert(transaction, &outcome, [&form, &request, &answer])?;
        reading.write(transaction, transaction.last_insert_rowid(), 1)?;
        stored
            .iter()
            .try_for_each(|(body, part)| insert_part(transaction, &row.id, body, part))
    })?;
    Ok(id)
}

/// A part that was made later.
pub fn add_part(
    database: &Database,
    bodies: &Bodies,
    id: &str,
    part: &NewPart,
) -> Result<(), LibraryError> {
    let _turn = bodies.turn();
    let body = bodies.write(&part.bytes, part.text)?;
    database.transaction(|transaction| insert_part(transaction, id, &body, part))
}

struct NewRow {
    id: String,
    address: String,
    site: String,
    title: String,
    verdict: &'static str,
}

impl NewRow {
    fn new(id: String, outcome: &Outcome) -> Self {
        let response = &outcome.response;
        let address = outcome.request.url.clone();
        let url = Url::parse(&address).ok();
        let guidance = response.guidance_or_synthesised(outcome.credits);
        let from_page = response.html.as_deref().and_then(title::page_title);
        let named = from_page
            .or_else(|| response.markdown.as_deref().and_then(title::markdown_title))
            .or_else(|| {
                url.as_ref()
                    .filter(|_| response.is_binary())
                    .and_then(title::file_title)
            });
        Self {
            id,
            site: url.as_ref().map(title::site).unwrap_or_default(),
            title: named.unwrap_or_else(|| title::short_address(&address)),
            verdict: verdict_name(verdict::words(response, &guidance).verdict),
            address,
        }
    }

    fn insert(
        &self,
        transaction: &Transaction<'_>,
        outcome: &Outcome,
        json: [&str; 3],
    ) -> Result<(), LibraryError> {
        let [form, request, answer] = json;
        transaction.execute(
            "INSERT INTO results (id, address, site, title, verdict, browser, account_id, account_name, local,
                credits, duration_ms, created_at, form, request, answer)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            params![
                self.id,
                self.address,
                self.site,
                self.title,
                self.verdict,
                outcome.request.browser,
                outcome.account_id,
                outcome.account_name,
                outcome.local,
                outcome.credits,
                outcome.duration_ms,
                outcome.started_at,
                form,
                request,
                answer,
            ],
        )?;
        Ok(())
    }
}

pub fn insert_part(
    transaction: &Transaction<'_>,
    id: &str,
    body: &Stored,
    part: &NewPart,
) -> Result<(), LibraryError> {
    transaction.execute(
        "INSERT OR IGNORE INTO bodies (hash, size, stored_size) VALUES (?1, ?2, ?3)",
        params![body.hash, body.size as i64, body.stored_size as i64],
    )?;
    transaction.execute(
        "INSERT INTO result_parts (result_id, part, hash, count, width, height, content_type)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            id,
            part.name,
            body.hash,
            part.count as i64,
            part.size.0,
            part.size.1,
            part.content_type
        ],
    )?;
    Ok(())
}

/// Moves the bodies out of the answer, so that what remains is small enough for a row.
pub fn take_parts(
    response: &mut ScrapeResponse,
    address: &str,
) -> Result<Vec<NewPart>, LibraryError> {
    let mut parts = Vec::new();
    let content_type = response.content_type.clone().unwrap_or_default();
    let file = take_file(response, address, &content_type);
    let html = response.html.take().filter(|html| !html.trim().is_empty());
    if let Some(html) = html.filter(|_| file.is_none()) {
        let kind = if content_type.is_empty() {
            "text/html"
        } else {
            &content_type
        };
        parts.push(text_part(Part::Page, html.into_bytes(), 0, kind));
    }
    if let Some(markdown) = response
        .markdown
        .take()
        .filter(|text| !text.trim().is_empty())
    {
        parts.push(text_part(
            Part::Markdown,
            markdown.into_bytes(),
            0,
            "text/markdown",
        ));
    }
    if let Some(data) = response
        .extracted_data
        .take()
        .filter(|data| !data.is_empty())
    {
        let rows = data
            .values()
            .map(|value| value.as_array().map_or(1, Vec::len))
            .max()
            .unwrap_or(0);
        parts.push(text_part(
            Part::Data,
            serde_json::to_vec(&data)?,
            rows,
            "application/json",
        ));
    }
    if let Some(calls) = response.network_requests.take() {
        parts.push(text_part(
            Part::Network,
            serde_json::to_vec(&calls)?,
            calls.len(),
            "application/json",
        ));
    }
    let picture = take_screenshot(response, file.is_some());
    parts.extend(picture);
    parts.extend(file);
    Ok(parts)
}

/// For lists: the screenshot, or the file when it is a picture.
pub fn small_picture(parts: &[NewPart]) -> Option<NewPart> {
    let png = parts.iter().rev().find_map(|part| {
        part.content_type
            .starts_with("image/")
            .then(|| thumbnail(&part.bytes))?
    })?;
    Some(NewPart {
        name: THUMBNAIL,
        size: png_size(&png).unwrap_or_default(),
        bytes: png,
        text: false,
        count: 0,
        content_type: "image/png".into(),
    })
}

fn text_part(part: Part, bytes: Vec<u8>, count: usize, content_type: &str) -> NewPart {
    NewPart {
        name: part_name(part),
        bytes,
        text: true,
        count,
        size: (0, 0),
        content_type: content_type.to_owned(),
    }
}

/// What calls itself a PNG but is none is kept as the file it is, unless there is a file already.
fn take_screenshot(response: &mut ScrapeResponse, has_file: bool) -> Option<NewPart> {
    let bytes = response.screenshot_png().filter(|bytes| !bytes.is_empty());
    response.screenshot = None;
    let bytes = bytes?;
    let Some(size) = png_size(&bytes) else {
        return (!has_file).then(|| file_part(bytes, "", ""));
    };
    Some(NewPart {
        name: part_name(Part::Screenshot),
        bytes,
        text: false,
        count: 0,
        size,
        content_type: "image/png".into(),
    })
}

fn take_file(response: &mut ScrapeResponse, address: &str, content_type: &str) -> Option<NewPart> {
    let bytes = response.body().filter(|bytes| !bytes.is_empty());
    response.body_base64 = None;
    Some(file_part(bytes?, content_type, address))
}

fn file_part(bytes: Vec<u8>, said: &str, address: &str) -> NewPart {
    let content_type = file_kind(&bytes, said, address);
    NewPart {
        name: part_name(Part::File),
        size: picture_size(&bytes),
        text: content_type.starts_with("text/") || content_type == "application/json",
        count: 0,
        content_type,
        bytes,
    }
}

/// The small rest of an answer, for the details.
pub fn strip_bodies(answer: Value, sizes: &[(&str, u32)]) -> Value {
    let Value::Object(mut fields) = answer else {
        return answer;
    };
    for (part, field) in [
        (Part::Page, "html"),
        (Part::Markdown, "markdown"),
        (Part::Screenshot, "screenshot"),
        (Part::Data, "extracted_data"),
        (Part::Network, "network_requests"),
        (Part::File, "body_base64"),
    ] {
        let size = sizes.iter().find(|(name, _)| *name == part_name(part));
        if let Some((_, size)) = size {
            fields.insert(
                field.into(),
                format!("{size} bytes, kept in the library").into(),
            );
        }
    }
    Value::Object(fields)
}
