//! What is made of a result's parts, without a library: texts, numbers, tables, pictures, words.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod export;
mod numbers;
mod pictures;
mod texts;
mod titles;
mod verdicts;
