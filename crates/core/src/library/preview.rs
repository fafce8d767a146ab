//! Bodies for the preview scheme. Whatever is asked, only parts of known results are answered, each
//! with a policy under which it can do nothing.

use uuid::Uuid;

use super::rows::{THUMBNAIL, part_name};
use super::{LibraryError, PreviewBody, Shelf};
use crate::results::clean_page::clean_page;
use crate::results::picture::is_plain_picture;
use crate::results::{Part, markdown};

const STRICT: &str = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
    font-src data:; form-action 'none'; base-uri http: https:";
const WITH_EXTERNAL: &str = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline' http: https:; \
    img-src data: http: https:; font-src data: http: https:; media-src http: https:; form-action 'none'; \
    base-uri http: https:";
const NOT_THERE: &str = "There is no such part of a result.";
const HTML: &str = "text/html; charset=utf-8";

/// Answers `/{id}/page` and the like; blocks.
pub fn preview(shelf: &Shelf, path: &str) -> Result<PreviewBody, LibraryError> {
    let (id, part) = parse(path).ok_or(LibraryError::Missing(NOT_THERE))?;
    let policy = if shelf.is_external_allowed(&id) {
        WITH_EXTERNAL
    } else {
        STRICT
    };
    let (bytes, content_type) = match part {
        "page" => {
            let page = shelf.string(&id, part_name(Part::Page))?;
            (clean_page(&page, &shelf.base_address(&id)?), HTML.into())
        }
        "markdown" => {
            let text = shelf.markdown(&id)?;
            (
                markdown::to_page(&text, &shelf.base_address(&id)?),
                HTML.into(),
            )
        }
        THUMBNAIL => shelf.thumbnail(&id)?,
        "screenshot" => shelf.body(&id, part_name(Part::Screenshot))?,
        "file" => harmless(shelf.body(&id, part_name(Part::File))?),
        _ => (difference(shelf, &id, part)?, "image/png".into()),
    };
    Ok(PreviewBody {
        bytes,
        content_type,
        policy: policy.to_owned(),
    })
}

/// The pictures of two results laid over each other.
fn difference(shelf: &Shelf, id: &str, part: &str) -> Result<Vec<u8>, LibraryError> {
    let other = part.strip_prefix("difference-").and_then(parse_id);
    let other = other.ok_or(LibraryError::Missing(NOT_THERE))?;
    Ok(shelf.overlay(id, &other)?.png.clone())
}

/// An id as this app writes it; nothing else ever reaches the database or the disk.
pub fn parse_id(id: &str) -> Option<String> {
    let uuid = Uuid::try_parse(id).ok()?;
    (uuid.to_string() == id).then(|| id.to_owned())
}

fn parse(path: &str) -> Option<(String, &str)> {
    let path = path.split(['?', '#']).next()?;
    let (id, part) = path.strip_prefix('/')?.split_once('/')?;
    Some((parse_id(id)?, part))
}

/// Only pictures are shown in place; a webview offers the rest as a download, and draws none of it.
fn harmless((bytes, content_type): (Vec<u8>, String)) -> (Vec<u8>, String) {
    if is_plain_picture(&content_type) {
        (bytes, content_type)
    } else {
        (bytes, "application/octet-stream".into())
    }
}
