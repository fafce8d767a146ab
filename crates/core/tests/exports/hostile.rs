//! Texts that pages and people write are text in every table.

use std::fs::{self, File};
use std::io::BufReader;

use calamine::{Data, Reader as _, Xlsx};
use scrapingpros_core::exports::ExportFormat;
use scrapingpros_core::settings::CsvStyle;
use serde_json::{Value, json};

use crate::Bench;
use crate::service::{at, page};
use crate::tables::{csv_rows, sheet};

/// What hostile pages and careless people write.
pub const HOSTILE: [&str; 22] = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "+49 30 1234",
    "-2+3",
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "\t=1+1",
    "＝1+1",
    "-4.50",
    "0042",
    "1e5",
    "TRUE",
    "2026-05-03",
    "http://evil.example/auto",
    "\u{202e}gpj.exe",
    "💥 of 👩‍👩‍👧",
    "a,b;\"c\"\nd",
    "<b>&amp;</b>",
    "_x0041_ and _x00e9",
    "العربية עברית",
    "  spaces  ",
];

#[tokio::test(flavor = "multi_thread")]
async fn what_pages_say_is_text_in_every_table() {
    let pages: Vec<_> = HOSTILE
        .iter()
        .enumerate()
        .map(|(number, text)| {
            at(
                &format!("https://shop.example/{number}"),
                text,
                json!({"=field": text}),
            )
        })
        .collect();
    let bench = Bench::new(pages).await;
    let form = bench.form(ExportFormat::Csv);
    let csv = bench.export(form.clone()).await.unwrap();
    let rows = csv_rows(&fs::read(&csv.path).unwrap(), b',');
    assert_eq!(rows[0][2], "'=field");
    for (row, text) in rows[1..].iter().zip(HOSTILE) {
        let plain = row[2].strip_prefix('\'').unwrap_or(&row[2]);
        assert_eq!(plain, text, "the text is whole");
        let runs = text.trim_start().starts_with(['=', '+', '@', '＝']) || text == "-2+3";
        assert_eq!(
            row[2].starts_with('\''),
            runs,
            "{text:?} is guarded only if it would run"
        );
    }
    let book = bench.export(bench.form(ExportFormat::Xlsx)).await.unwrap();
    for (row, text) in sheet(&book.path)[1..].iter().zip(HOSTILE) {
        assert_eq!(
            row[2],
            Data::String(text.into()),
            "the text itself, and text"
        );
    }
    let json = bench.export(bench.form(ExportFormat::Json)).await.unwrap();
    let list: Vec<Value> = serde_json::from_slice(&fs::read(&json.path).unwrap()).unwrap();
    for (row, text) in list.iter().zip(HOSTILE) {
        assert_eq!(row["fields"]["=field"], text);
    }
    let mut settings = bench.core.settings.read();
    settings.csv = CsvStyle::Semicolon;
    bench.core.settings.update(settings).await.unwrap();
    let csv = bench.export(form).await.unwrap();
    let semicolons = csv_rows(&fs::read(&csv.path).unwrap(), b';');
    assert_eq!(semicolons, rows, "as the settings say");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_excel_can_not_hold_is_cut_or_replaced_and_said() {
    let long = "é".repeat(40_000);
    let bench = Bench::new(vec![
        page("long", json!({"text": long})),
        page("odd", json!({"text": "a\u{0}b\u{1b}c\r\nd\re\u{ffff}f"})),
    ])
    .await;
    let exported = bench.export(bench.form(ExportFormat::Xlsx)).await.unwrap();
    let rows = sheet(&exported.path);
    let Data::String(cut) = &rows[1][2] else {
        panic!("text");
    };
    assert_eq!(cut.encode_utf16().count(), 32_767);
    assert!(cut.ends_with("(cut: Excel takes no more)"));
    assert_eq!(
        rows[2][2],
        Data::String("a\u{fffd}b\u{fffd}c\nd\ne\u{fffd}f".into())
    );
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(File::open(&exported.path).unwrap())).unwrap();
    let notes = book.worksheet_range("Notes").unwrap();
    assert!(
        notes
            .get((0, 0))
            .unwrap()
            .to_string()
            .starts_with("1 cells are cut"),
        "{notes:?}"
    );
    let json = bench.export(bench.form(ExportFormat::Json)).await.unwrap();
    let list: Vec<Value> = serde_json::from_slice(&fs::read(&json.path).unwrap()).unwrap();
    assert_eq!(list[0]["fields"]["text"], long, "JSON holds it whole");
}
