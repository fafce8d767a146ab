//! Two results side by side: which lines and words differ, and where the pictures do.

use proptest::prelude::*;
use scrapingpros_core::ErrorCode;
use scrapingpros_core::library::*;
use serde_json::json;

use crate::{Bench, base64, file_outcome, outcome, outcome_with};

fn page(lines: &[&str]) -> String {
    let body: String = lines.iter().map(|line| format!("<p>{line}</p>")).collect();
    format!("<html><head><title>T</title></head><body>{body}</body></html>")
}

fn query(before: &str, after: &str, of: DifferenceOf) -> DifferenceQuery {
    DifferenceQuery {
        before: before.into(),
        after: after.into(),
        of,
        only_changes: false,
        offset: 0,
        limit: 500,
    }
}

fn text(line: &DifferenceLine) -> String {
    line.pieces
        .iter()
        .map(|piece| piece.text.as_str())
        .collect()
}

fn picture(width: u32, height: u32, mark: Option<(u32, u32)>) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| match mark {
        Some((left, top)) if (left..left + 8).contains(&x) && (top..top + 8).contains(&y) => {
            image::Rgb([0, 0, 0])
        }
        _ => image::Rgb([240, 240, 240]),
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn lines_and_words_that_differ_are_marked() {
    let bench = Bench::new().await;
    let many: Vec<String> = (0..40).map(|line| format!("Line {line}")).collect();
    let mut old: Vec<&str> = many.iter().map(String::as_str).collect();
    let mut new = old.clone();
    old[20] = "Skarv 2 costs €389.00 today";
    new[20] = "Skarv 2 costs €349.00 today";
    new.push("A new line at the end");
    let before = bench.library.keep(outcome(&page(&old))).await.unwrap().id;
    let after = bench.library.keep(outcome(&page(&new))).await.unwrap().id;
    let comparison = bench
        .library
        .compare(before.clone(), after.clone())
        .await
        .unwrap();
    let count = comparison.text.expect("both have text");
    assert_eq!(comparison.data, None);
    assert!(!comparison.pictures);
    let rows = bench
        .library
        .difference(query(&before, &after, DifferenceOf::Text))
        .await
        .unwrap();
    assert_eq!(rows.len() as u32, count.rows);
    let changed: Vec<_> = rows
        .iter()
        .filter(|row| row.kind == DifferenceKind::Changed)
        .collect();
    assert_eq!(changed.len(), 1);
    let marked = |line: &Option<DifferenceLine>| -> Vec<String> {
        let pieces = line.iter().flat_map(|line| &line.pieces);
        pieces
            .filter(|piece| piece.changed)
            .map(|piece| piece.text.clone())
            .collect()
    };
    assert_eq!(marked(&changed[0].before), ["389.00"]);
    assert_eq!(marked(&changed[0].after), ["349.00"]);
    assert!(rows.iter().any(|row| row.kind == DifferenceKind::Added));

    let short = DifferenceQuery {
        only_changes: true,
        ..query(&before, &after, DifferenceOf::Text)
    };
    let short = bench.library.difference(short).await.unwrap();
    assert_eq!(short.len() as u32, count.changed_rows);
    let skipped: u32 = short.iter().map(|row| row.skipped).sum();
    let kept = short
        .iter()
        .filter(|row| row.kind != DifferenceKind::Skipped)
        .count() as u32;
    assert_eq!(skipped + kept, count.rows, "what is left out is counted");
    assert!(short.len() < rows.len() / 2);
}

#[tokio::test]
async fn values_are_compared_row_by_row_and_files_as_text() {
    let bench = Bench::new().await;
    let keep = async |data| {
        bench
            .library
            .keep(outcome_with(json!({ "extracted_data": data })))
            .await
            .unwrap()
            .id
    };
    let before = keep(json!({"name": ["Skarv", "Rein"], "price": ["1", "2"]})).await;
    let after = keep(json!({"name": ["Skarv", "Rein"], "price": ["1", "3"]})).await;
    let comparison = bench
        .library
        .compare(before.clone(), after.clone())
        .await
        .unwrap();
    let data = comparison.data.expect("there are values");
    assert_eq!((data.added, data.removed, data.rows), (1, 1, 4));
    let rows = bench
        .library
        .difference(query(&before, &after, DifferenceOf::Data))
        .await
        .unwrap();
    let last = rows.last().unwrap();
    assert_eq!(text(last.before.as_ref().unwrap()), "price: 2");
    assert_eq!(text(last.after.as_ref().unwrap()), "price: 3");

    let file = |text: &str| file_outcome(text.as_bytes(), "text/csv", "https://a.example/a.csv");
    let before = bench.library.keep(file("a,1\nb,2\n")).await.unwrap().id;
    let after = bench.library.keep(file("a,1\n")).await.unwrap().id;
    let count = bench
        .library
        .compare(before, after)
        .await
        .unwrap()
        .text
        .unwrap();
    assert_eq!((count.added, count.removed), (0, 1));
}

#[tokio::test]
async fn places_of_the_screenshots_that_differ_are_painted() {
    let bench = Bench::new().await;
    let keep = async |bytes: Vec<u8>| {
        let one = outcome_with(json!({ "screenshot": base64(&bytes) }));
        bench.library.keep(one).await.unwrap().id
    };
    let before = keep(picture(80, 80, None)).await;
    let same = keep(picture(80, 80, None)).await;
    let after = keep(picture(80, 88, Some((40, 16)))).await;
    let seen = bench
        .library
        .compare_pictures(before.clone(), same)
        .await
        .unwrap();
    assert_eq!(seen.changed, 0);
    let seen = bench
        .library
        .compare_pictures(before.clone(), after.clone())
        .await
        .unwrap();
    // One of 110 places, and a row of ten that only the later one has.
    assert_eq!((seen.width, seen.height, seen.changed), (80, 88, 100));
    let body = bench
        .library
        .preview(&format!("/{before}/difference-{after}"))
        .await
        .unwrap();
    assert_eq!(body.content_type, "image/png");
    let painted = image::load_from_memory(&body.bytes).unwrap().into_rgb8();
    let red = |x, y| painted.get_pixel(x, y).0[0].saturating_sub(painted.get_pixel(x, y).0[1]) > 30;
    assert!(red(44, 20) && red(5, 85), "what differs is marked");
    assert!(!red(5, 5), "what is the same is not");

    let none = bench.library.keep(outcome(&page(&["x"]))).await.unwrap().id;
    let error = bench
        .library
        .compare_pictures(before.clone(), none)
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    for path in [
        format!("/{before}/difference-"),
        format!("/{before}/difference-../x"),
    ] {
        assert!(bench.library.preview(&path).await.is_err(), "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn both_sides_can_be_read_whole_from_the_difference(
        before in prop::collection::vec("[ab ]{0,4}", 0..30),
        after in prop::collection::vec("[ab ]{0,4}", 0..30),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let bench = Bench::new().await;
            let keep = async |lines: &[String]| {
                let text = format!(".{}", lines.join("\n"));
                let one = file_outcome(text.as_bytes(), "text/plain", "https://a.example/a.txt");
                (bench.library.keep(one).await.unwrap().id, text)
            };
            let (before, old) = keep(&before).await;
            let (after, new) = keep(&after).await;
            let rows = bench.library.difference(query(&before, &after, DifferenceOf::Text)).await.unwrap();
            let side = |pick: fn(&DifferenceRow) -> &Option<DifferenceLine>| -> Vec<String> {
                rows.iter().filter_map(|row| pick(row).as_ref().map(text)).collect()
            };
            let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(side(|row| &row.before), lines(&old));
            assert_eq!(side(|row| &row.after), lines(&new));
        });
    }
}
