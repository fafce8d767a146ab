//! The sample shop answers each of its addresses with what it promises.
#![cfg(test)]

mod files;
mod pages;
mod site;
mod visitor;
mod visits;
