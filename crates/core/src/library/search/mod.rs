//! Finding results: the words of each, kept beside it, and lists of those that match.

mod fill;
mod list;
mod reading;
mod view;
mod words;

pub use view::*;

pub(super) use fill::{fill, read_all};
pub(super) use list::{Lists, filters, tags};
pub(crate) use reading::Kinds;
pub(super) use reading::{Names, Reading, SeenPart};
