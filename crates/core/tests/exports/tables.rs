//! CSV, Excel, JSON and JSON lines: the same rows in each.

use std::fs::{self, File};
use std::io::BufReader;

use calamine::{Data, Reader as _, Xlsx};
use scrapingpros_core::exports::ExportFormat;
use serde_json::{Value, json};

use crate::Bench;
use crate::service::{Listed, at, blocked, page, timed_out};

pub fn shop() -> Vec<Listed> {
    vec![
        page(
            "TNT-1",
            json!({"name": "Nes 3", "price": 369, "sizes": ["S", "M", null, "L"]}),
        ),
        blocked("TNT-22"),
        page(
            "TNT-333",
            json!({"name": "Bre 4", "rating": 4.5, "in stock": true}),
        ),
        timed_out("TNT-4444"),
        page(
            "TNT-55555",
            json!({"name": "Vik", "rows": [{"a": 1}, {"a": 2}], "id": 12345678901234567890_u64}),
        ),
    ]
}

pub fn csv_rows(bytes: &[u8], delimiter: u8) -> Vec<Vec<String>> {
    let text = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .expect("a byte-order mark");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(delimiter)
        .from_reader(text);
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| row.iter().map(str::to_owned).collect())
        .collect()
}

pub fn sheet(path: &str) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(File::open(path).unwrap())).unwrap();
    let range = book.worksheet_range("Pages").unwrap();
    assert!(
        book.worksheet_formula("Pages").unwrap().is_empty(),
        "no cell is a formula"
    );
    range.rows().map(<[Data]>::to_vec).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_csv_has_one_row_a_page_and_says_why_pages_failed() {
    let bench = Bench::new(shop()).await;
    let exported = bench.export(bench.form(ExportFormat::Csv)).await.unwrap();
    assert_eq!((exported.results, exported.left_out), (5, 0));
    let bytes = fs::read(&exported.path).unwrap();
    assert_eq!(exported.size as usize, bytes.len());
    let rows = csv_rows(&bytes, b',');
    let fields = ["name", "price", "sizes", "rating", "in stock", "rows", "id"];
    let headings = ["Label", "Address"].into_iter().chain(fields);
    let headings: Vec<_> = headings
        .chain(["Result", "Reason", "Seconds", "Credits", "Ended"])
        .collect();
    assert_eq!(rows[0], headings, "fields as they were first seen");
    assert_eq!(
        rows[1][..11],
        [
            "TNT-1",
            "https://shop.example/item/5",
            "Nes 3",
            "369",
            "S\nM\n\nL",
            "",
            "",
            "",
            "",
            "Success",
            ""
        ]
    );
    assert_eq!((rows[1][11].as_str(), rows[1][12].as_str()), ("6.1", "5"));
    assert_eq!(rows[2][9..11], ["Failed", "The site showed a captcha"]);
    assert_eq!(rows[4][9], "No answer in time");
    assert_eq!(
        rows[5][7], "{\"a\":1}\n{\"a\":2}",
        "several rows of one page are lines of its cell"
    );
    assert_eq!(rows[5][8], "12345678901234567890", "no digit is lost");
    assert_eq!(rows.len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_excel_sheet_has_the_same_rows_with_numbers_as_numbers() {
    let bench = Bench::new(shop()).await;
    let exported = bench.export(bench.form(ExportFormat::Xlsx)).await.unwrap();
    let rows = sheet(&exported.path);
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[0][2], Data::String("name".into()));
    assert_eq!(rows[1][3], Data::Float(369.0));
    assert_eq!(rows[1][4], Data::String("S\nM\n\nL".into()));
    assert_eq!(rows[3][5], Data::Float(4.5));
    assert_eq!(rows[3][6], Data::String("true".into()));
    assert_eq!(
        rows[5][8],
        Data::String("12345678901234567890".into()),
        "a number that Excel would round stays text"
    );
    assert_eq!(rows[1][12], Data::Float(5.0), "credits");
    let csv = bench.export(bench.form(ExportFormat::Csv)).await.unwrap();
    let csv = csv_rows(&fs::read(&csv.path).unwrap(), b',');
    let Data::DateTime(moment) = &rows[1][13] else {
        panic!("a moment is a date: {:?}", rows[1][13]);
    };
    let written: jiff::civil::DateTime = csv[1][13].parse().unwrap();
    let since = written.duration_since(jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0));
    let seconds = moment.as_f64() * 86_400.0;
    assert!(
        (seconds - since.as_secs_f64()).abs() < 0.5,
        "by the same clock: {moment:?}, {written}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn json_and_json_lines_keep_values_as_they_came() {
    let bench = Bench::new(shop()).await;
    let json = bench.export(bench.form(ExportFormat::Json)).await.unwrap();
    let list: Vec<Value> = serde_json::from_slice(&fs::read(&json.path).unwrap()).unwrap();
    assert_eq!(
        list[0],
        json!({"label": "TNT-1", "address": "https://shop.example/item/5",
            "fields": {"name": "Nes 3", "price": 369, "sizes": ["S", "M", null, "L"]},
            "result": "success", "reason": "", "seconds": 6.1, "credits": 5,
            "ended": "2026-05-03T12:00:00Z"})
    );
    assert_eq!(list[1]["result"], "failed");
    assert_eq!(list[1]["reason"], "The site showed a captcha");
    assert_eq!(list[3]["result"], "timed_out");
    assert_eq!(list[4]["fields"]["rows"], json!([{"a": 1}, {"a": 2}]));
    let lines = bench.export(bench.form(ExportFormat::Jsonl)).await.unwrap();
    let lines: Vec<Value> = fs::read_to_string(&lines.path)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines, list, "the same objects, one a line");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_come_in_the_order_of_the_list_however_they_were_stored() {
    let pages = (0..300).map(|number| {
        at(
            &format!("https://shop.example/{number}"),
            &format!("sku-{number}"),
            json!({"number": number, "filler": "x".repeat(number % 7 * 1_000)}),
        )
    });
    let bench = Bench::new(pages.collect()).await;
    // As if they had ended in another order: backwards.
    bench.sql("UPDATE jobs SET place = 1000 - place").await;
    let exported = bench.export(bench.form(ExportFormat::Jsonl)).await.unwrap();
    let text = fs::read_to_string(&exported.path).unwrap();
    let numbers: Vec<u64> = text
        .lines()
        .map(|line| {
            let row: Value = serde_json::from_str(line).unwrap();
            let number = row["fields"]["number"].as_u64().unwrap();
            assert_eq!(
                row["label"],
                format!("sku-{number}"),
                "the values are the page's own"
            );
            number
        })
        .collect();
    let expected: Vec<u64> = (0..300).rev().collect();
    assert_eq!(numbers, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn results_that_are_gone_or_damaged_are_counted_and_cost_the_others_nothing() {
    let mut bench = Bench::new(shop()).await;
    bench
        .sql("DELETE FROM results WHERE id = (SELECT result_id FROM jobs WHERE place = 2)")
        .await;
    let exported = bench.export(bench.form(ExportFormat::Csv)).await.unwrap();
    assert_eq!((exported.results, exported.left_out), (5, 1));
    let rows = csv_rows(&fs::read(&exported.path).unwrap(), b',');
    assert_eq!(rows[3][..3], ["TNT-333", "https://shop.example/item/7", ""]);
    assert_eq!(rows[1][2], "Nes 3", "the others are whole");
    bench.sql("UPDATE packs SET data = zeroblob(40)").await;
    bench.reopen().await;
    for format in crate::FORMATS {
        let exported = bench.export(bench.form(format)).await.unwrap();
        assert_eq!((exported.results, exported.left_out), (5, 3), "{format:?}");
    }
}
