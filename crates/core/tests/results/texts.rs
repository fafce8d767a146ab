//! Lines to draw: nothing is lost, nothing is too long, hits are where the window looks for them.

use proptest::prelude::*;
use scrapingpros_core::results::Part;
use scrapingpros_core::results::text::TextIndex;

fn lines_of(index: &TextIndex) -> Vec<scrapingpros_core::results::TextLine> {
    let total = index.page(0, 0).total;
    (0..total)
        .step_by(1_000)
        .flat_map(|offset| index.page(offset, 1_000).lines)
        .collect()
}

/// The text as the lines show it.
fn put_together(index: &TextIndex) -> String {
    let mut text = String::new();
    for (place, line) in lines_of(index).iter().enumerate() {
        if place > 0 && line.number > 0 {
            text.push('\n');
        }
        line.spans.iter().for_each(|span| text.push_str(&span.text));
    }
    text
}

fn snippet() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "<a href=\"x\">",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<style",
        "'",
        "\"",
        "=",
        ">",
        "<",
        "</",
        "/>",
        "\n",
        "\r\n",
        " ",
        "é",
        "👩‍👩‍👧",
        "tent",
        "TENT",
        "<img src=x onerror='",
        "\u{0}",
        "İ",
        "ﬁ",
        "\t",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_put_together_are_the_source(source in snippet()) {
        for part in [Part::Page, Part::Markdown] {
            let index = TextIndex::new(source.clone(), part);
            let wanted = source.replace("\r\n", "\n");
            let wanted = wanted.strip_suffix('\n').unwrap_or(&wanted).to_owned();
            prop_assert_eq!(put_together(&index), wanted);
        }
    }

    #[test]
    fn hits_are_where_the_window_counts(source in snippet(), query in prop::sample::select(vec!["tent", "é", "👩", "<a h", "t", "x\"", "İ"])) {
        let index = TextIndex::new(source.clone(), Part::Page);
        let found = index.search(query);
        let lines = lines_of(&index);
        for hit in &found.hits {
            let text: String = lines[hit.line as usize].spans.iter().map(|span| span.text.as_str()).collect();
            let units: Vec<u16> = text.encode_utf16().collect();
            let there = String::from_utf16(&units[hit.start as usize..(hit.start + hit.length) as usize]).expect("whole characters");
            prop_assert_eq!(there.to_lowercase(), query.to_lowercase());
        }
        if query.is_ascii() {
            prop_assert_eq!(found.total as usize, source.to_ascii_lowercase().matches(query).count());
        }
    }

    #[test]
    fn no_line_is_too_long_to_draw(pieces in prop::collection::vec(prop::sample::select(vec!["a", "é", "👋", "<b>"]), 900..3_000)) {
        let source = pieces.concat();
        let index = TextIndex::new(source.clone(), Part::Page);
        let widths: Vec<usize> = lines_of(&index).iter().map(|line| line.spans.iter().map(|span| span.text.encode_utf16().count()).sum()).collect();
        prop_assert!(widths.iter().all(|width| *width <= 1_000), "{:?}", widths);
        prop_assert_eq!(widths.iter().copied().max().unwrap() as u32, index.page(0, 0).widest);
        prop_assert_eq!(put_together(&index), source);
    }
}

#[test]
fn lines_are_numbered_as_in_the_source() {
    let long = "x".repeat(2_500);
    let index = TextIndex::new(format!("a\n\n{long}\nb\n"), Part::Markdown);
    let numbers: Vec<u32> = lines_of(&index).iter().map(|line| line.number).collect();
    assert_eq!(
        numbers,
        [1, 2, 3, 0, 0, 4],
        "a piece of a long line has no number"
    );
    assert_eq!(
        lines_of(&TextIndex::new(String::new(), Part::Page)).len(),
        1,
        "an empty text is one empty line"
    );
}

#[test]
fn a_hit_over_a_cut_ends_at_the_cut() {
    let index = TextIndex::new(format!("{}tent", "x".repeat(998)), Part::Page);
    let found = index.search("tent");
    assert_eq!(found.total, 1);
    assert_eq!(
        (
            found.hits[0].line,
            found.hits[0].start,
            found.hits[0].length
        ),
        (0, 998, 2)
    );
}

#[test]
fn an_open_comment_colours_the_lines_below() {
    use scrapingpros_core::results::SpanKind;
    let index = TextIndex::new("<!-- one\ntwo\nthree --> four".into(), Part::Page);
    let kinds: Vec<Vec<SpanKind>> = lines_of(&index)
        .iter()
        .map(|line| line.spans.iter().map(|span| span.kind).collect())
        .collect();
    assert_eq!(
        kinds,
        [
            vec![SpanKind::Comment],
            vec![SpanKind::Comment],
            vec![SpanKind::Comment, SpanKind::Text]
        ]
    );
}
