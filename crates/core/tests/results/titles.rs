//! Titles: the page's own, without what could mislead.

use scrapingpros_core::results::title::{
    file_title, markdown_title, page_title, short_address, site,
};
use url::Url;

#[test]
fn the_first_title_with_words_wins() {
    for (html, title) in [
        ("<title>Tents</title>", Some("Tents")),
        (
            "<TITLE lang=en>\n  Tents &amp;\n more&nbsp;&euro; </TITLE><svg><title>icon</title></svg>",
            Some("Tents & more €"),
        ),
        (
            "<title> </title><meta property='og:title' content='Social &lt;b&gt;'>",
            Some("Social <b>"),
        ),
        ("<title>a\u{202e}b\u{200b}c\u{0}d</title>", Some("abcd")),
        ("<p>no title</p>", None),
        ("", None),
        ("<title>never closed", Some("never closed")),
    ] {
        assert_eq!(page_title(html).as_deref(), title, "{html}");
    }
    let long = page_title(&format!("<title>{}</title>", "é".repeat(9_000))).expect("a title");
    assert_eq!(long.chars().count(), 200, "a title is bounded");
}

#[test]
fn others_are_called_by_heading_file_or_address() {
    assert_eq!(
        markdown_title("text\n# Blue **kettle**\n# Two").as_deref(),
        Some("Blue kettle")
    );
    let url = Url::parse("https://www.a.example/files/Lista%20de%20precios+2.pdf?x=1").unwrap();
    assert_eq!(file_title(&url).as_deref(), Some("Lista de precios+2.pdf"));
    assert_eq!(site(&url), "a.example");
    assert_eq!(short_address("https://www.a.example/b/"), "a.example/b");
}
