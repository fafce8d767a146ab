//! A kept result: how it reads, its pages of data, text and calls, and its safe preview.

mod outcome;
mod view;

pub use outcome::*;
pub use view::*;
