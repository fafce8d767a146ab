//! A scraped page made fit to look at: nothing in it runs, loads by itself, sends or leads astray.
//!
//! The preview's sandbox and policy already stop all of that; this is the second wall, and it makes
//! links open outside. It is not a sanitiser for pages that would run with rights.

use std::cell::Cell;

use lol_html::html_content::{ContentType, Element};
use lol_html::{HtmlRewriter, Settings, element};

/// Elements that go with all that is in them. Without scripts a browser would show `noscript`,
/// but its content has been read as text here and is unchecked.
const REMOVED: [&str; 15] = [
    "script",
    "noscript",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "portal",
    "fencedframe",
    "base",
    "animate",
    "set",
    "animatemotion",
    "bgsound",
];
/// Attributes that act, whatever they hold.
const ACTIVE: [&str; 18] = [
    "action",
    "formaction",
    "srcdoc",
    "ping",
    "autofocus",
    "autoplay",
    "target",
    "formtarget",
    "nonce",
    "integrity",
    "crossorigin",
    "manifest",
    "attributionsrc",
    "accesskey",
    "contenteditable",
    "download",
    "profile",
    "longdesc",
];
const LINKS: [&str; 2] = ["href", "xlink:href"];
const DANGEROUS: [&str; 7] = [
    "javascript:",
    "vbscript:",
    "livescript:",
    "mocha:",
    "data:text",
    "data:application",
    "filesystem:",
];

/// The page with `address` as its base. One that can't be read without doubt comes as its source.
pub fn clean_page(html: &str, address: &str) -> Vec<u8> {
    rewrite(html, address).unwrap_or_else(|error| {
        tracing::info!(%error, "a page could not be cleaned and is shown as source");
        let source = html_escape::encode_text(html);
        format!(
            "<!doctype html><meta charset=utf-8><pre style=\"white-space:pre-wrap\">{source}</pre>"
        )
        .into_bytes()
    })
}

fn rewrite(html: &str, address: &str) -> Result<Vec<u8>, lol_html::errors::RewritingError> {
    let mut clean = Vec::with_capacity(html.len() + 256);
    let based = Cell::new(false);
    let base = format!(
        "<base href=\"{}\" target=\"_blank\">",
        html_escape::encode_double_quoted_attribute(address)
    );
    let handler = element!("*", |element: &mut Element<'_, '_>| {
        clean_element(element)?;
        place_base(element, &base, &based);
        Ok(())
    });
    let mut rewriter = HtmlRewriter::new(
        Settings::new().append_element_content_handler(handler),
        |chunk: &[u8]| {
            clean.extend_from_slice(chunk);
        },
    );
    rewriter.write(html.as_bytes())?;
    rewriter.end()?;
    Ok(clean)
}

/// In the head where there is one, else before the first element: before the doctype it would
/// change how the page is drawn.
fn place_base(element: &mut Element<'_, '_>, base: &str, done: &Cell<bool>) {
    let name = element.tag_name();
    if done.get() || name == "html" {
        return;
    }
    if name == "head" && !element.removed() {
        element.prepend(base, ContentType::Html);
    } else {
        element.before(base, ContentType::Html);
    }
    done.set(true);
}

fn clean_element(
    element: &mut Element<'_, '_>,
) -> Result<(), lol_html::errors::AttributeNameError> {
    let name = element.tag_name();
    let gone = REMOVED.contains(&name.as_str())
        || (name == "meta" && element.has_attribute("http-equiv"))
        || (name == "link" && !is_stylesheet(element));
    if gone {
        element.remove();
        return Ok(());
    }
    let doomed: Vec<String> = element
        .attributes()
        .iter()
        .filter(|one| acts(&name, &one.name(), &one.value()))
        .map(lol_html::html_content::Attribute::name)
        .collect();
    for attribute in doomed {
        element.remove_attribute(&attribute);
    }
    if matches!(name.as_str(), "input" | "button" | "select" | "textarea") {
        element.set_attribute("inert", "")?;
    }
    Ok(())
}

fn is_stylesheet(link: &Element<'_, '_>) -> bool {
    let relations = link
        .get_attribute("rel")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let mut words = relations.split_ascii_whitespace();
    words.clone().any(|word| word == "stylesheet")
        && words.all(|word| matches!(word, "stylesheet" | "alternate"))
}

fn acts(element: &str, attribute: &str, value: &str) -> bool {
    if attribute.starts_with("on") || ACTIVE.contains(&attribute) {
        return true;
    }
    // A scheme needs a colon, plain or as an entity.
    if !value.contains([':', '&']) {
        return false;
    }
    let value = readable(value);
    let is_link =
        LINKS.contains(&attribute) && matches!(element, "a" | "area" | "math" | "maction");
    DANGEROUS.iter().any(|scheme| value.starts_with(scheme)) || (is_link && !is_safe_link(&value))
}

/// As a browser reads an address: entities decoded, white space and control characters left out.
fn readable(value: &str) -> String {
    html_escape::decode_html_entities(value)
        .chars()
        .filter(|character| !character.is_whitespace() && !character.is_control())
        .flat_map(char::to_lowercase)
        .take(64)
        .collect()
}

fn is_safe_link(value: &str) -> bool {
    let scheme_end = value.find([':', '/', '?', '#']);
    match scheme_end.map(|end| value.split_at(end)) {
        Some((scheme, rest)) if rest.starts_with(':') => {
            matches!(scheme, "http" | "https" | "mailto" | "tel")
        }
        Some(_) | None => true,
    }
}
