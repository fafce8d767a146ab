//! Two results of the library side by side: their text, their values, their pictures.

mod picture;
mod text;
mod view;

pub use view::*;

pub(super) use picture::Overlay;
pub(super) use text::Difference;

use std::sync::{Arc, PoisonError};

use serde_json::{Map, Value};

use super::rows::part_name;
use super::{Library, LibraryError, Shelf};
use crate::Answer;
use crate::results::Part;

/// Two results and what of them is compared.
pub(super) type Compared = (String, String, DifferenceOf);
/// Two results whose pictures are laid over each other.
pub(super) type Overlaid = (String, String);

const NO_PICTURES: &str = "Both results need a screenshot to be compared.";

impl Library {
    pub async fn compare(&self, before: String, after: String) -> Answer<ResultComparison> {
        self.call(move |shelf| {
            let has = |id: &str, part: Part| match shelf.kept(id) {
                Ok(kept) => Ok(kept.view.parts.iter().any(|view| view.part == part)),
                Err(error) => Err(error),
            };
            let either =
                |part: Part| Ok::<_, LibraryError>(has(&before, part)? || has(&after, part)?);
            let count = |of: DifferenceOf| {
                let difference = shelf.difference(&before, &after, of)?;
                Ok::<_, LibraryError>(difference.count())
            };
            let has_text = either(Part::Markdown)? || either(Part::File)?;
            let text = has_text.then(|| count(DifferenceOf::Text)).transpose()?;
            let data = either(Part::Data)?.then(|| count(DifferenceOf::Data));
            Ok(ResultComparison {
                // A file that is no text has no lines.
                text: text.filter(|count| count.rows > 0),
                data: data.transpose()?,
                pictures: has(&before, Part::Screenshot)? && has(&after, Part::Screenshot)?,
            })
        })
        .await
    }

    pub async fn difference(&self, query: DifferenceQuery) -> Answer<Vec<DifferenceRow>> {
        self.call(move |shelf| {
            let difference = shelf.difference(&query.before, &query.after, query.of)?;
            Ok(difference.page(&query))
        })
        .await
    }

    /// After that the preview protocol serves the picture at `/{before}/difference-{after}`.
    pub async fn compare_pictures(
        &self,
        before: String,
        after: String,
    ) -> Answer<PictureComparison> {
        self.call(move |shelf| Ok(shelf.overlay(&before, &after)?.seen))
            .await
    }
}

impl Shelf {
    fn difference(
        &self,
        before: &str,
        after: &str,
        of: DifferenceOf,
    ) -> Result<Arc<Difference>, LibraryError> {
        let key = (before.to_owned(), after.to_owned(), of);
        self.differences.get(key, || {
            Ok(Difference::of(
                &self.compared_text(before, of)?,
                &self.compared_text(after, of)?,
            ))
        })
    }

    pub fn overlay(&self, before: &str, after: &str) -> Result<Arc<Overlay>, LibraryError> {
        let _turn = self.drawing.lock().unwrap_or_else(PoisonError::into_inner);
        self.overlays
            .get((before.to_owned(), after.to_owned()), || {
                let picture = |id: &str| match self.body(id, part_name(Part::Screenshot)) {
                    Err(LibraryError::Missing(_)) => Err(LibraryError::Missing(NO_PICTURES)),
                    found => Ok(found?.0),
                };
                picture::overlay(&picture(before)?, &picture(after)?)
            })
    }

    /// Empty where there is none.
    fn compared_text(&self, id: &str, of: DifferenceOf) -> Result<String, LibraryError> {
        let found = match of {
            DifferenceOf::Text => match self.markdown(id) {
                Err(LibraryError::Missing(_)) => self.file_text(id),
                found => found.map(|text| text.as_ref().clone()),
            },
            DifferenceOf::Data => self.data_lines(id),
        };
        match found {
            Err(LibraryError::Missing(_)) => Ok(String::new()),
            found => found,
        }
    }

    fn file_text(&self, id: &str) -> Result<String, LibraryError> {
        let (bytes, content_type) = self.body(id, part_name(Part::File))?;
        if content_type.starts_with("text/") || content_type == "application/json" {
            return Ok(String::from_utf8_lossy(&bytes).into_owned());
        }
        Ok(String::new())
    }

    /// "name: Skarv 2", a line for each value, row by row.
    fn data_lines(&self, id: &str) -> Result<String, LibraryError> {
        let (bytes, _) = self.body(id, part_name(Part::Data))?;
        let data: Map<String, Value> = serde_json::from_slice(&bytes)?;
        let text = |value: &Value| match value.as_str() {
            Some(text) => text.replace('\n', " "),
            None => value.to_string(),
        };
        let rows = data
            .values()
            .map(|value| value.as_array().map_or(1, Vec::len))
            .max()
            .unwrap_or_default();
        let mut lines = Vec::new();
        for row in 0..rows {
            for (name, value) in &data {
                let value = match value.as_array() {
                    Some(values) => values.get(row),
                    None => (row == 0).then_some(value),
                };
                lines.extend(value.map(|value| format!("{name}: {}", text(value))));
            }
        }
        Ok(lines.join("\n"))
    }
}
