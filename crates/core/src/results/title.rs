//! What a result is called: the page's own title, cleaned of everything that could mislead.

use std::cell::RefCell;

use lol_html::html_content::Element;
use lol_html::{HtmlRewriter, Settings, element, text};
use url::Url;

use crate::library::is_treacherous;

const LONGEST: usize = 200;
/// A title further down than this is not looked for.
const HEAD: usize = 1 << 20;

/// `<title>`, else `og:title`; `None` when the page names itself nowhere.
pub fn page_title(html: &str) -> Option<String> {
    let own = RefCell::new(String::new());
    let social = RefCell::new(None);
    let mut rewriter = HtmlRewriter::new(
        Settings::new()
            .with_strict(false)
            .append_element_content_handler(text!("title", |chunk| {
                // Drawings have titles too; the first is the page's.
                let mut own = own.borrow_mut();
                if !own.ends_with('\0') {
                    own.push_str(chunk.as_str());
                    if chunk.last_in_text_node() && !own.trim().is_empty() {
                        own.push('\0');
                    }
                }
                Ok(())
            }))
            .append_element_content_handler(element!(
                "meta[property='og:title']",
                |meta: &mut Element<'_, '_>| {
                    social
                        .borrow_mut()
                        .get_or_insert(meta.get_attribute("content").unwrap_or_default());
                    Ok(())
                }
            )),
        |_: &[u8]| {},
    );
    let mut end = html.len().min(HEAD);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    // A page that can't be parsed simply has no title.
    let _ = rewriter
        .write(&html.as_bytes()[..end])
        .and_then(|()| rewriter.end());
    let own = own.into_inner();
    let found = [
        own.trim_end_matches('\0').to_owned(),
        social.into_inner().unwrap_or_default(),
    ];
    found
        .iter()
        .map(|text| plain(text))
        .find(|title| !title.is_empty())
}

/// First heading of a Markdown text.
pub fn markdown_title(markdown: &str) -> Option<String> {
    let heading = markdown
        .lines()
        .take(200)
        .find_map(|line| line.strip_prefix("# "))?;
    Some(plain(&heading.replace(['*', '`'], ""))).filter(|title| !title.is_empty())
}

/// Name of the file at an address, such as `catalog.pdf`.
pub fn file_title(url: &Url) -> Option<String> {
    let last = url.path_segments()?.next_back()?;
    // In a query's encoding `+` is a space; in a path it is itself.
    let pair = last.replace('+', "%2B");
    let (name, _) = url::form_urlencoded::parse(pair.as_bytes()).next()?;
    Some(plain(&name)).filter(|title| !title.is_empty())
}

/// Host without `www.`
pub fn site(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

/// Address without scheme, `www.` and a closing slash.
pub fn short_address(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    plain(rest.trim_end_matches('/'))
}

/// Text of a page as one line in which nothing misleads.
pub fn plain(text: &str) -> String {
    let decoded = html_escape::decode_html_entities(text);
    let visible: String = decoded
        .chars()
        .filter(|character| character.is_whitespace() || !is_treacherous(*character))
        .collect();
    let joined = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    joined.chars().take(LONGEST).collect()
}
