//! CSV that a spreadsheet opens without running anything.

use scrapingpros_core::results::data::Table;
use scrapingpros_core::results::export::{to_tabs, write_csv};
use scrapingpros_core::settings::CsvStyle;
use serde_json::{Value, json};

fn table(data: Value) -> Table {
    let Value::Object(data) = data else {
        panic!("data is an object")
    };
    Table::new(data)
}

fn csv(data: Value) -> String {
    let mut bytes = Vec::new();
    write_csv(&table(data), CsvStyle::Comma, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn cells_that_would_run_are_made_text() {
    for cell in [
        "=1+1",
        "=HYPERLINK(\"http://evil.example\")",
        "+49 30 1",
        "@SUM(A1)",
        "-2+3",
        "-cmd",
        "\t=1",
        "\r=1",
        " =1",
        "\"=1",
        "'=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "\u{feff}=1",
        "  \"-1+1",
        "-'1",
        "\n=1",
    ] {
        let written = csv(json!({ "a": [cell] }));
        let mut reader = csv::ReaderBuilder::new()
            .from_reader(written.trim_start_matches('\u{feff}').as_bytes());
        let back = reader.records().next().unwrap().unwrap()[0].to_owned();
        assert_eq!(back, format!("'{cell}"), "{cell:?} would run");
    }
    for cell in [
        "-4",
        "-4.50",
        "-1.299,00",
        "-€5",
        "−5",
        "a=b",
        "5-3",
        "",
        "e@mail.example",
        "-",
    ] {
        let expected = if cell == "-" { "'-" } else { cell };
        assert!(
            csv(json!({ "a": ["x"], "b": [cell] })).contains(expected),
            "{cell} is harmless"
        );
    }
    assert!(
        csv(json!({ "=name": ["x"] })).contains("'=name"),
        "names of columns are guarded too"
    );
}

#[test]
fn csv_is_rfc_4180_with_a_byte_order_mark() {
    let written = csv(json!({ "a,b": ["line\nbreak", "say \"hi\""], "c": [1, null] }));
    assert_eq!(
        written,
        "\u{feff}\"a,b\",c\r\n\"line\nbreak\",1\r\n\"say \"\"hi\"\"\",\r\n"
    );
}

#[test]
fn an_empty_list_is_a_table_without_rows() {
    assert_eq!(csv(json!({ "a": [] })), "\u{feff}a\r\n");
    assert_eq!(to_tabs(&table(json!({ "a": [], "b": [] }))), "a\tb\n");
    assert_eq!(table(json!({ "a": [] })).to_json(), json!([]));
}
