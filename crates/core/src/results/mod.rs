//! A kept result: how it reads, its pages of data, text and calls, and its safe preview.

pub mod clean_page;
pub mod data;
pub mod details;
pub mod export;
pub mod markdown;
pub(crate) mod markup;
pub mod network;
pub mod number;
mod outcome;
pub mod picture;
pub mod text;
pub mod title;
pub mod verdict;
mod view;

pub use outcome::*;
pub use view::*;
