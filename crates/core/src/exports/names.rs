//! What the files of an export are called: the person's pattern, filled in for each page.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher as _, RandomState};

use super::pages::Page;
use crate::library::{safe_stem, with_extension};
use crate::results::details::local_date;

const PLACES: [&str; 5] = ["number", "label", "title", "site", "date"];
const KNOWN: &str = "Use {number}, {label}, {title}, {site} and {date}.";

/// A pattern such as `{number} {label}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pattern {
    pieces: Vec<Piece>,
    /// Digits of the largest number, so that names sort as the pages do.
    digits: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Place(&'static str),
}

impl Pattern {
    /// `pages`: of the whole run. Says what is wrong in a sentence.
    pub fn parse(text: &str, pages: u32) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err(format!("Say how the files are to be named. {KNOWN}"));
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                return Err(format!("A {{ has no }} after it. {KNOWN}"));
            };
            let place = PLACES
                .into_iter()
                .find(|place| place.eq_ignore_ascii_case(name.trim()));
            let Some(place) = place else {
                return Err(format!("Nothing is called {{{name}}}. {KNOWN}"));
            };
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::Place(place));
            rest = after;
        }
        if rest.contains('}') {
            return Err(format!("A }} has no {{ before it. {KNOWN}"));
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Ok(Self {
            pieces,
            digits: pages.max(1).to_string().len(),
        })
    }

    /// Safe on all three systems, without an extension.
    pub fn stem(&self, page: &Page) -> String {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Place("number") => format!("{:0digits$}", page.number, digits = self.digits),
            Piece::Place("label") => page.job.label.clone(),
            Piece::Place("title") => page.title.clone(),
            Piece::Place("site") => page.site.clone(),
            Piece::Place(_) => page.job.ended_at.map(local_date).unwrap_or_default(),
        });
        safe_stem(&pieces.collect::<String>())
    }
}

/// The patterns to choose from; a list without labels is better named by titles.
pub fn offered(labels: bool) -> Vec<String> {
    let mut patterns = vec!["{number} {label}", "{number} {title}"];
    if !labels {
        patterns.reverse();
    }
    patterns.extend(["{label}", "{number}", "{site} {title} {date}"]);
    patterns.into_iter().map(str::to_owned).collect()
}

/// The names given so far. Only their hashes are kept: a run may have a hundred thousand.
pub struct Names {
    /// With the number to try next, so that a thousand pages of one name are not tried a thousand times each.
    taken: HashMap<u64, u32>,
    hasher: RandomState,
}

impl Names {
    pub fn new() -> Self {
        Self {
            taken: HashMap::new(),
            hasher: RandomState::new(),
        }
    }

    /// A name in `folder` that no file has yet, whatever the case of its letters.
    pub fn free(&mut self, folder: &str, stem: &str, extension: &str) -> String {
        let wanted = format!("{folder}/{}", with_extension(stem, extension));
        let key = self.hash(&wanted);
        let Some(next) = self.taken.get(&key).copied() else {
            self.taken.insert(key, 2);
            return wanted;
        };
        let mut number = next;
        let name = loop {
            let stem = format!("{stem} ({number})");
            let name = format!("{folder}/{}", with_extension(&stem, extension));
            number += 1;
            let own = self.hash(&name);
            if let Entry::Vacant(free) = self.taken.entry(own) {
                free.insert(2);
                break name;
            }
        };
        self.taken.insert(key, number);
        name
    }

    /// File systems that fold letters do it their own way: upper case first meets more of them.
    fn hash(&self, name: &str) -> u64 {
        self.hasher.hash_one(name.to_uppercase().to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_numbered_without_meeting_those_that_look_numbered() {
        let mut names = Names::new();
        let mut free = |stem: &str| names.free("pages", stem, "html");
        assert_eq!(free("Tent"), "pages/Tent.html");
        assert_eq!(free("tent (2)"), "pages/tent (2).html");
        assert_eq!(free("TENT"), "pages/TENT (3).html");
        assert_eq!(free("Tent"), "pages/Tent (4).html");
        assert_eq!(free("Tent (2)"), "pages/Tent (2) (2).html");
    }

    #[test]
    fn a_hundred_thousand_pages_of_one_name_are_no_trouble() {
        let mut names = Names::new();
        let last = (0..100_000)
            .map(|_| names.free("pages", "x", "html"))
            .last();
        assert_eq!(last.as_deref(), Some("pages/x (100000).html"));
    }
}
