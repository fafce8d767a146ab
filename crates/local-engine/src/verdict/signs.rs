//! By what captchas, log-in walls and empty shells are known.

use scraper::{Html, Selector};
use url::Url;

use crate::page_text::PageText;

use super::marks::Marks;

/// Pages with more words than this are pages, even when a captcha guards one form on them.
const CHALLENGE_WORDS: usize = 150;

/// A page with a password field and fewer words than this is a log-in form and nothing else.
const LONE_FORM_WORDS: usize = 60;

/// Larger answers are no empty shells, and not worth another parse.
const SHELL_BYTES: usize = 512 * 1024;

/// An app's shell has next to nothing to read.
const SHELL_WORDS: usize = 12;

/// The captcha's provider when the page is a challenge; empty when it bears no name.
pub fn captcha(
    page: &PageText<'_>,
    marks: &Marks,
    headers: &[(String, String)],
    status: u16,
) -> Option<&'static str> {
    let has = |name: &str, part: &str| {
        headers
            .iter()
            .any(|(own, value)| own == name && value.to_ascii_lowercase().contains(part))
    };
    if has("cf-mitigated", "challenge") {
        return Some("cloudflare");
    }
    let refused = matches!(status, 401 | 403 | 405 | 429 | 503);
    if refused && has("x-datadome", "") {
        return Some("datadome");
    }
    if refused && marks.denied && (has("server", "akamai") || marks.akamai) {
        return Some("akamai");
    }
    let provider = marks.captcha?;
    // A long page that arrived well is a page.
    (refused || words_of(page.tree(), CHALLENGE_WORDS) < CHALLENGE_WORDS).then_some(provider)
}

/// A password field on a page that was not asked for, or on one that has little else.
pub fn is_login_wall(page: &PageText<'_>, marks: &Marks, asked: &str, arrived: &str) -> bool {
    if !marks.password {
        return false;
    }
    let Ok(selector) = Selector::parse("input[type=password]") else {
        return false;
    };
    let path = |url: &str| Url::parse(url).map(|url| url.path().to_ascii_lowercase());
    let (Ok(asked), Ok(arrived)) = (path(asked), path(arrived)) else {
        return false;
    };
    let is_login = |path: &str| {
        [
            "login",
            "log-in",
            "signin",
            "sign-in",
            "sign_in",
            "auth",
            "account/enter",
        ]
        .iter()
        .any(|word| path.contains(word))
    };
    let page = page.tree();
    if page.select(&selector).next().is_none() {
        return false;
    }
    let title = Selector::parse("title").ok().and_then(|selector| {
        let title: String = page.select(&selector).next()?.text().collect();
        Some(title.to_lowercase())
    });
    let titled = title.is_some_and(|title| {
        ["log in", "login", "sign in"]
            .iter()
            .any(|word| title.contains(word))
    });
    // Who asks for the log-in page gets what they asked for.
    !is_login(&asked)
        && (is_login(&arrived) || titled || words_of(page, LONE_FORM_WORDS) < LONE_FORM_WORDS)
}

/// Scripts and an app's root, but nothing to read.
pub fn is_empty_shell(page: &PageText<'_>, content_type: Option<&str>) -> bool {
    if !content_type.is_none_or(|mime| mime.contains("html")) {
        return false;
    }
    if page.html.len() > SHELL_BYTES || page.clearly_has_words(SHELL_WORDS) {
        return false;
    }
    if page.html.trim().is_empty() {
        return true;
    }
    let page = page.tree();
    let finds = |css: &str| {
        Selector::parse(css).is_ok_and(|selector| page.select(&selector).next().is_some())
    };
    words_of(page, SHELL_WORDS) < SHELL_WORDS
        && finds("script")
        && (finds(
            "#root, #app, #__next, #__nuxt, [data-reactroot], app-root, [ng-app], #main-app, #application, body > div:empty",
        ) || finds("noscript")
            || finds("script[type=module]"))
}

/// Words a reader sees, counted no further than `most`.
pub fn words_of(page: &Html, most: usize) -> usize {
    let unseen = |node: ego_tree::NodeRef<'_, scraper::Node>| {
        node.ancestors().any(|above| {
            above.value().as_element().is_some_and(|tag| {
                matches!(
                    tag.name(),
                    "script" | "style" | "noscript" | "template" | "head"
                )
            })
        })
    };
    page.tree
        .root()
        .descendants()
        .filter_map(|node| Some((node, node.value().as_text()?)))
        .filter(|(node, text)| !text.trim().is_empty() && !unseen(*node))
        .flat_map(|(_, text)| text.split_whitespace())
        .take(most)
        .count()
}
