//! A page's text and what is found out about it, each thing once however many ask: verdict, extraction
//! and Markdown share one parse.

use std::cell::OnceCell;

use scraper::Html;

use crate::depth;

pub struct PageText<'a> {
    pub html: &'a str,
    tree: OnceCell<Html>,
    endless: OnceCell<bool>,
}

impl<'a> PageText<'a> {
    pub fn new(html: &'a str) -> Self {
        Self {
            html,
            tree: OnceCell::new(),
            endless: OnceCell::new(),
        }
    }

    /// Nested without end: not to be parsed.
    pub fn is_endless(&self) -> bool {
        *self.endless.get_or_init(|| depth::is_endless(self.html))
    }

    pub fn tree(&self) -> &Html {
        self.tree.get_or_init(|| Html::parse_document(self.html))
    }

    /// Whether a glance finds this many words outside of tags, scripts and the head, without a parse. No
    /// means not surely.
    pub fn clearly_has_words(&self, wanted: usize) -> bool {
        let mut rest = self.html;
        let mut words = 0;
        while words < wanted {
            let Some(tag) = rest.find('<') else {
                return words + rest.split_ascii_whitespace().count() >= wanted;
            };
            words += rest
                .get(..tag)
                .unwrap_or_default()
                .split_ascii_whitespace()
                .count();
            let Some(after) = rest.get(tag..).and_then(after_tag) else {
                return false;
            };
            rest = after;
        }
        true
    }
}

/// What follows a tag, or the whole of an element whose text nobody reads.
fn after_tag(text: &str) -> Option<&str> {
    if let Some(comment) = text.strip_prefix("<!--") {
        return Some(comment.split_once("-->")?.1);
    }
    let name = text.get(1..)?;
    let name = name
        .get(
            ..name
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(name.len()),
        )
        .unwrap_or_default();
    let unread = ["script", "style", "noscript", "template", "head", "title"]
        .iter()
        .find(|unread| name.eq_ignore_ascii_case(unread));
    let Some(unread) = unread else {
        return end_of_tag(text);
    };
    let mut rest = text.get(1..)?;
    loop {
        rest = rest.split_once("</")?.1;
        if rest
            .get(..unread.len())
            .is_some_and(|end| end.eq_ignore_ascii_case(unread))
        {
            return end_of_tag(rest);
        }
    }
}

/// A quoted value may hold `>`.
fn end_of_tag(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        let at = rest.find(['>', '"', '\''])?;
        let mark = *rest.as_bytes().get(at)?;
        rest = rest.get(at + 1..)?;
        if mark == b'>' {
            return Some(rest);
        }
        rest = rest.split_once(char::from(mark))?.1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_a_reader_sees() {
        let clearly = |html: &str, words| PageText::new(html).clearly_has_words(words);
        assert!(clearly("<p title='a > b'>one <b>two</b></p> three", 3));
        assert!(
            !clearly("<p title='a > b'>one <b>two</b></p> three", 4),
            "an attribute is no text"
        );
        for unread in [
            "<script>if (a < b) { one two three }</script>",
            "<head><title>one two</title></head>",
            "<HEAD><title>one two</title></Head>",
            "<style>one two</style>",
            "<noscript>one two</noscript>",
            "<template><p>one two</template>",
            "<!-- one two > three -->",
            "<p title=\"one two",
            "<script>one two",
        ] {
            assert!(!clearly(unread, 2), "{unread}");
        }
    }
}
