//! A page as Markdown, with whole addresses in its links.

use htmd::HtmlToMarkdown;
use lol_html::{RewriteStrSettings, element, rewrite_str};
use scraper::{Html, Selector};
use url::Url;

/// Elements that are no part of what a page says.
const SKIPPED: [&str; 8] = [
    "script", "style", "noscript", "template", "svg", "iframe", "head", "canvas",
];

/// Deeper pages are not written by people; the converter walks them by recursion.
const MAX_DEPTH: usize = 1_000;
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Blocking: for a thread of its own.
pub fn markdown(html: &str, base: &str) -> String {
    let page = Html::parse_document(html);
    if is_too_deep(&page) {
        return page.root_element().text().collect();
    }
    let whole = base_of(&page, base)
        .and_then(|base| with_whole_addresses(html, &base))
        .unwrap_or_else(|| html.to_owned());
    let converted = std::thread::Builder::new()
        .name("markdown".into())
        .stack_size(STACK_BYTES)
        .spawn(move || {
            HtmlToMarkdown::builder()
                .skip_tags(SKIPPED.to_vec())
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

fn with_whole_addresses(html: &str, base: &Url) -> Option<String> {
    let whole = |attribute: &'static str| {
        let base = base.clone();
        move |element: &mut lol_html::html_content::Element<'_, '_>| {
            let written = element.get_attribute(attribute).unwrap_or_default();
            if !written.starts_with('#')
                && let Ok(url) = base.join(&html_escape::decode_html_entities(&written))
            {
                element.set_attribute(attribute, &url.as_str().replace('&', "&amp;"))?;
            }
            Ok(())
        }
    };
    let settings = RewriteStrSettings::new()
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
        let markdown = markdown(html, "http://shop.example/list/");
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
    fn the_pages_own_base_counts() {
        let html = r#"<base href="http://cdn.example/x/"><a href="y">z</a>"#;
        assert!(markdown(html, "http://a.example/").contains("(http://cdn.example/x/y)"));
    }

    #[test]
    fn a_page_nested_without_end_is_plain_text() {
        let html = format!("{}the end", "<div>".repeat(4_000));
        assert!(markdown(&html, "http://a.example/").contains("the end"));
        let html = format!("{}the end", "<blockquote>".repeat(900));
        assert!(markdown(&html, "http://a.example/").contains("the end"));
    }
}
