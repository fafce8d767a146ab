//! Markdown: made from a page when the service sent none, and laid out for reading.

use htmd::HtmlToMarkdown;
use pulldown_cmark::{Event, Options, Parser, html};

use super::clean_page::clean_page;
use crate::library::LibraryError;

/// The converter goes down the page's tree by recursion; deeper pages are only seen in attacks.
const DEEPEST: usize = 20_000;
/// Address space, not memory: only what is used is taken.
const STACK: usize = 1 << 30;
const TOO_DEEP: &str = "This page is nested too deeply to be turned into Markdown.";
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr", "param",
];

/// Markdown of a page, without its scripts and styles. Large pages take seconds.
pub fn from_page(page: String) -> Result<String, LibraryError> {
    if depth(&page) > DEEPEST {
        return Err(LibraryError::TooLarge(TOO_DEEP));
    }
    let convert = move || {
        HtmlToMarkdown::builder()
            .skip_tags(vec![
                "script", "style", "noscript", "template", "svg", "head", "iframe",
            ])
            .build()
            .convert(&page)
    };
    let worker = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(convert)?;
    let converted = worker
        .join()
        .map_err(|_| LibraryError::TooLarge(TOO_DEEP))?;
    Ok(converted?)
}

/// A page to read: HTML inside the Markdown is shown as it is written, never obeyed.
pub fn to_page(markdown: &str, address: &str) -> Vec<u8> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    let events = Parser::new_ext(markdown, options).map(|event| {
        if let Event::Html(text) | Event::InlineHtml(text) = event {
            Event::Text(text)
        } else {
            event
        }
    });
    let mut body = String::with_capacity(markdown.len() * 5 / 4);
    html::push_html(&mut body, events);
    let page = format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"><style>{}</style></head><body><main>{body}</main></body></html>",
        include_str!("markdown.css")
    );
    clean_page(&page, address)
}

/// Open elements at the deepest point, counted from the tags alone.
fn depth(page: &str) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    for tag in page.split('<').skip(1) {
        if tag.starts_with('/') {
            open = open.saturating_sub(1);
        } else if tag.starts_with(|first: char| first.is_ascii_alphabetic()) {
            let end = tag
                .find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/')
                .unwrap_or(tag.len());
            open += usize::from(
                !VOID
                    .iter()
                    .any(|void| tag[..end].eq_ignore_ascii_case(void)),
            );
            deepest = deepest.max(open);
        }
    }
    deepest
}
