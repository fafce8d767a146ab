//! A page as Markdown, with whole addresses in its links, each link in one line.

use std::cell::Cell;
use std::rc::Rc;

use htmd::element_handler::{HandlerResult, Handlers};
use htmd::{Element, HtmlToMarkdown};
use lol_html::html_content::{ContentType, Element as Tag};
use lol_html::{
    HandlerResult as Rewritten, RewriteStrSettings, element, end_tag, rewrite_str, text,
};
use scraper::{Html, Selector};
use url::Url;

use crate::page_text::PageText;

/// Elements that are no part of what a page says.
const SKIPPED: [&str; 8] = [
    "script", "style", "noscript", "template", "svg", "iframe", "head", "canvas",
];

/// Deeper pages are not written by people; the converter walks them by recursion.
const MAX_DEPTH: usize = 1_000;
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Blocking: for a thread of its own.
pub fn markdown(page: &PageText<'_>, base: &str) -> String {
    let tree = page.tree();
    if is_too_deep(tree) {
        return tree.root_element().text().collect();
    }
    let whole = base_of(tree, base)
        .and_then(|base| with_whole_addresses(page.html, &base))
        .unwrap_or_else(|| page.html.to_owned());
    let converted = std::thread::Builder::new()
        .name("markdown".into())
        .stack_size(STACK_BYTES)
        .spawn(move || {
            HtmlToMarkdown::builder()
                .skip_tags(SKIPPED.to_vec())
                .add_handler(vec!["a"], link)
                .build()
                .convert(&whole)
        });
    converted
        .ok()
        .and_then(|thread| thread.join().ok()?.ok())
        .unwrap_or_default()
}

fn is_too_deep(page: &Html) -> bool {
    let mut depth = 0_usize;
    page.tree.root().traverse().any(|edge| {
        match edge {
            ego_tree::iter::Edge::Open(_) => depth += 1,
            ego_tree::iter::Edge::Close(_) => depth -= 1,
        }
        depth > MAX_DEPTH
    })
}

/// Cards are often one link around a picture, a heading and a price: Markdown's links hold one line, so
/// their blocks are joined; a lone heading stays one.
fn link(handlers: &dyn Handlers, element: Element) -> Option<HandlerResult> {
    let mut result = handlers.fallback(element)?;
    let written = result.content.trim();
    let parts = written
        .strip_prefix('[')
        .and_then(|rest| rest.rsplit_once("]("));
    let Some((inside, target)) =
        parts.filter(|(inside, _)| inside.contains('\n') || unmarked(inside) != *inside)
    else {
        return Some(result);
    };
    let lines: Vec<&str> = inside
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let heading = match lines[..] {
        [line] => line.split_once(' ').map_or("", |(mark, _)| mark),
        _ => "",
    };
    let heading = if is_heading(heading) {
        format!("{heading} ")
    } else {
        String::new()
    };
    let words: Vec<&str> = lines.iter().map(|line| unmarked(line)).collect();
    result.content = format!("\n\n{heading}[{}]({target}\n\n", words.join(" "));
    Some(result)
}

fn is_heading(mark: &str) -> bool {
    (1..=6).contains(&mark.len()) && mark.bytes().all(|byte| byte == b'#')
}

/// A line without the mark of its heading, list or quotation.
fn unmarked(line: &str) -> &str {
    match line.split_once(' ') {
        Some((mark, rest)) if is_heading(mark) || matches!(mark, "*" | "-" | ">") => {
            rest.trim_start()
        }
        _ => line,
    }
}

fn with_whole_addresses(html: &str, base: &Url) -> Option<String> {
    let whole = |attribute: &'static str| {
        let base = base.clone();
        move |tag: &mut Tag<'_, '_>| {
            let written = tag.get_attribute(attribute).unwrap_or_default();
            if !written.starts_with('#')
                && let Ok(url) = base.join(&html_escape::decode_html_entities(&written))
            {
                tag.set_attribute(attribute, &url.as_str().replace('&', "&amp;"))?;
            }
            Ok(())
        }
    };
    // Menus set their links apart by style sheets alone: a link right behind another gets a space.
    let behind_link = Rc::new(Cell::new(false));
    let (opened, read) = (behind_link.clone(), behind_link.clone());
    let set_apart = move |tag: &mut Tag<'_, '_>| -> Rewritten {
        if opened.take() && tag.tag_name() == "a" {
            tag.before(" ", ContentType::Text);
        }
        if tag.tag_name() == "a"
            && let Some(ends) = tag.end_tag_handlers()
        {
            let closed = opened.clone();
            ends.push(end_tag!(move |_| {
                closed.set(true);
                Ok(())
            }));
        }
        Ok(())
    };
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(element!("*", set_apart))
        .append_element_content_handler(text!("*", move |chunk| {
            if !chunk.as_str().is_empty() {
                read.set(false);
            }
            Ok(())
        }))
        .append_element_content_handler(element!("a[href]", whole("href")))
        .append_element_content_handler(element!("img[src]", whole("src")));
    rewrite_str(html, settings).ok()
}

/// The page's own `<base href>` counts, as in a browser.
fn base_of(html: &Html, page: &str) -> Option<Url> {
    let page = Url::parse(page).ok()?;
    let selector = Selector::parse("base[href]").ok()?;
    let own = html.select(&selector).next();
    let own = own.and_then(|base| page.join(base.attr("href")?).ok());
    Some(own.unwrap_or(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_whole_and_scripts_gone() {
        let html = r#"<head><title>T</title></head><h1>Kettles</h1><script>alert(1)</script><style>b{}</style>
            <p>See <a href="/blue?a=1&amp;b=2">the blue one</a>, <a href="/#top">top</a>.</p><img src="k.png" alt="K">"#;
        let markdown = markdown(&PageText::new(html), "http://shop.example/list/");
        assert!(markdown.contains("# Kettles"), "{markdown}");
        assert!(
            markdown.contains("[the blue one](http://shop.example/blue?a=1&b=2)"),
            "{markdown}"
        );
        assert!(
            markdown.contains("![K](http://shop.example/list/k.png)"),
            "{markdown}"
        );
        assert!(
            !markdown.contains("alert") && !markdown.contains("b{}"),
            "{markdown}"
        );
    }

    #[test]
    fn a_link_around_blocks_is_one_line() {
        let html = r#"<ul><li><a href="/1"><img src="k.png" alt="K"><h3>Blue kettle</h3><p>12.50</p></a></li></ul>
            <a href="/2"><h2>Pans</h2></a><p>after</p>"#;
        let markdown = markdown(&PageText::new(html), "http://shop.example/");
        assert!(
            markdown.contains(
                "[![K](http://shop.example/k.png) Blue kettle 12.50](http://shop.example/1)"
            ),
            "{markdown}"
        );
        assert!(
            markdown.contains("\n## [Pans](http://shop.example/2)\n"),
            "{markdown}"
        );
    }

    #[test]
    fn links_of_a_menu_are_set_apart_and_sentences_stay() {
        let html = r#"<nav><a href="/a">A</a><a href="/b"><b>B</b></a></nav><p>See <a href="/c">C</a>, or <a href="/d">D</a>.</p>"#;
        let markdown = markdown(&PageText::new(html), "http://s.example/");
        assert!(
            markdown.contains("[A](http://s.example/a) [**B**](http://s.example/b)"),
            "{markdown}"
        );
        assert!(
            markdown.contains("[C](http://s.example/c), or [D](http://s.example/d)."),
            "{markdown}"
        );
    }

    #[test]
    fn the_pages_own_base_counts() {
        let html = r#"<base href="http://cdn.example/x/"><a href="y">z</a>"#;
        assert!(
            markdown(&PageText::new(html), "http://a.example/")
                .contains("(http://cdn.example/x/y)")
        );
    }

    #[test]
    fn a_page_nested_without_end_is_plain_text() {
        let html = format!("{}the end", "<div>".repeat(4_000));
        assert!(markdown(&PageText::new(&html), "http://a.example/").contains("the end"));
        let html = format!("{}the end", "<blockquote>".repeat(900));
        assert!(markdown(&PageText::new(&html), "http://a.example/").contains("the end"));
    }
}
