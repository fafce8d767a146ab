use std::io::Write as _;

use scrapingpros_core::collections::*;
use scrapingpros_core::{AppError, ErrorCode};

use super::{Bench, no_texts, workbook};

/// Refused, at the file, in words a person can act on.
fn in_words(error: &AppError, word: &str) {
    assert_eq!(error.code, ErrorCode::InvalidForm, "{error:?}");
    assert_eq!(error.problems[0].field, "file", "{error:?}");
    assert!(
        error.message.contains(word) && error.message.ends_with('.'),
        "{error:?}"
    );
}

fn gzip(bytes: &[u8], times: usize) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..times {
        packed.write_all(bytes).unwrap();
    }
    packed.finish().unwrap()
}

#[tokio::test]
async fn what_is_no_list_is_told_so() {
    let bench = Bench::new().await;
    for (name, bytes, word) in [
        (
            "a.bin",
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0".to_vec(),
            "not a table",
        ),
        ("a.pdf", b"%PDF-1.7\n1 0 obj".to_vec(), "not a table"),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(),
            "old or protected",
        ),
        (
            "a.html",
            b"<!doctype html><html><body>x".to_vec(),
            "web page",
        ),
        (
            "a.xml",
            b"<?xml version=\"1.0\"?><feed></feed>".to_vec(),
            "not a sitemap",
        ),
        ("a.csv", b"".to_vec(), "no pages"),
        ("b.csv", b"\xef\xbb\xbf".to_vec(), "no pages"),
        ("c.csv", b"\n\n , ,\n".to_vec(), "no pages"),
        ("d.csv", b"url,label\n".to_vec(), "no pages"),
        ("a.zip", b"PK\x03\x04 and no more".to_vec(), "damaged"),
        ("a.gz", b"\x1f\x8b and no more".to_vec(), "damaged"),
        (
            "a.txt",
            b"http://a.example/\0\0\0\0\0\0\0 \x01\x02".to_vec(),
            "not a table",
        ),
    ] {
        let error = bench.open_import(name, bytes).await.expect_err(name);
        in_words(&error, word);
    }
    let folder = bench
        .lists()
        .open_import("f".into(), bench.folder.path().into(), |_| {})
        .await;
    in_words(&folder.unwrap_err(), "folder");
    let gone = bench
        .lists()
        .open_import("g".into(), bench.folder.path().join("gone.csv"), |_| {})
        .await;
    assert_eq!(gone.unwrap_err().code, ErrorCode::Storage);
}

#[tokio::test]
async fn a_line_without_an_end_is_refused_before_it_fills_the_memory() {
    let bench = Bench::new().await;
    // 200 MB that take 200 KB on disk.
    let endless = gzip(&vec![b'x'; 1 << 20], 200);
    in_words(
        &bench
            .open_import("endless.csv.gz", endless)
            .await
            .unwrap_err(),
        "never seems to end",
    );
    let mut quote = b"url,label\nhttps://a.example/,\"never closed\n".to_vec();
    for row in 0..400_000 {
        quote.extend_from_slice(format!("https://a.example/{row},x\n").as_bytes());
    }
    let error = bench.open_import("quote.csv", quote).await.unwrap_err();
    in_words(&error, "quotation mark");
    assert!(error.message.contains("Row 2"), "{}", error.message);
    let bomb = gzip(&[b"https://a.example/\n".repeat(1 << 16)].concat(), 16);
    in_words(
        &bench.open_import("bomb.txt.gz", bomb).await.unwrap_err(),
        "1,000,000 rows",
    );
}

#[tokio::test]
async fn xml_that_attacks_gets_nowhere() {
    let bench = Bench::new().await;
    let laughs = r#"<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;"><!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
        <urlset><url><loc>https://a.example/&lol3;</loc></url><url><loc>https://b.example/&f;</loc></url></urlset>"#;
    let (id, _) = bench.import("laughs.xml", laughs).await;
    let page = bench.all_pages(&id).await;
    assert_eq!(
        super::addresses(&page),
        ["https://a.example/&lol3;", "https://b.example/&f;"],
        "nothing is expanded"
    );
    let deep = format!("<urlset>{}", "<a>".repeat(200_000));
    in_words(
        &bench.open_import("deep.xml", deep).await.unwrap_err(),
        "damaged",
    );
    let endless = gzip(&vec![b'x'; 1 << 20], 200);
    let head = gzip(b"<urlset><url><loc>https://a.example/", 1);
    let error = bench
        .open_import("endless.xml.gz", [head, endless].concat())
        .await
        .unwrap_err();
    in_words(&error, "never seems to end");
    let cut = "<urlset><url><loc>https://a.example/</loc></url><url><loc>https://b.exa";
    let view = bench.open_import("cut.xml", cut).await.unwrap();
    assert_eq!(view.rows, 1, "what is whole is taken");
}

#[tokio::test]
async fn workbooks_that_lie_are_refused() {
    let bench = Bench::new().await;
    let row = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>https://a.example/</t></is></c></row>"#;
    let promise = r#"<sst uniqueCount="99999999999999"></sst>"#;
    in_words(
        &bench
            .open_import("promise.xlsx", workbook(row, promise))
            .await
            .unwrap_err(),
        "damaged",
    );
    let cell = format!(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>"#,
        "x".repeat(5 << 20)
    );
    in_words(
        &bench
            .open_import("cell.xlsx", workbook(&cell, &no_texts()))
            .await
            .unwrap_err(),
        "damaged",
    );
    let texts = format!(
        "<sst>{}</sst>",
        "<si><t>boom boom boom boom boom</t></si>".repeat(4_000_000)
    );
    in_words(
        &bench
            .open_import("texts.xlsx", workbook(row, &texts))
            .await
            .unwrap_err(),
        "more text",
    );
    let far = r#"<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row><row r="1048577"><c r="A1048577" t="inlineStr"><is><t>https://a.example/</t></is></c></row>"#;
    let view = bench
        .open_import("far.xlsx", workbook(far, &no_texts()))
        .await
        .unwrap();
    assert_eq!(view.columns.len(), 1, "a lonely cell takes no room");
    let missing = r#"<row r="1"><c r="A1" t="s"><v>77</v></c></row>"#;
    let odd = bench
        .open_import("odd.xlsx", workbook(missing, &no_texts()))
        .await;
    in_words(&odd.unwrap_err(), ".");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("content.xml", zip::write::SimpleFileOptions::default())
        .unwrap();
    let other = zip.finish().unwrap().into_inner();
    in_words(
        &bench.open_import("book.ods", other).await.unwrap_err(),
        "not an Excel workbook",
    );
}

#[tokio::test]
async fn cells_that_would_be_formulas_or_commands_stay_text() {
    let bench = Bench::new().await;
    let (id, _) = bench.import("f.csv", "url,label\nhttps://a.example/,=cmd|' /C calc'!A0\n\"=HYPERLINK(\"\"http://evil.example\"\")\",x\nhttps://b.example/,'; DROP TABLE pages; --\n").await;
    let page = bench.all_pages(&id).await;
    assert_eq!(page.rows[0].label, "=cmd|' /C calc'!A0");
    assert_eq!(
        page.rows[1].problem.as_ref().unwrap().kind,
        ProblemKind::Malformed
    );
    assert_eq!(page.rows[2].label, "'; DROP TABLE pages; --");
}

#[tokio::test]
async fn a_file_that_changed_after_it_was_shown_is_not_imported() {
    let bench = Bench::new().await;
    let view = bench
        .open_import("t.txt", "https://a.example/\n")
        .await
        .unwrap();
    bench.file("t.txt", "https://a.example/\nhttps://b.example/\n");
    let id = bench.create("").await;
    let error = bench
        .lists()
        .apply_import(view.import_id, id, vec![Some(PageColumn::Address)], |_| {})
        .await
        .unwrap_err();
    in_words(&error, "changed");
}

#[tokio::test]
async fn broken_workbooks_never_end_the_app() {
    let bench = Bench::new().await;
    let row = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>https://a.example/</t></is></c></row>"#;
    let whole = workbook(row, &no_texts());
    for step in 0..200 {
        let mut bytes = whole.clone();
        let place = step * bytes.len() / 200;
        bytes[place] ^= 0x55;
        if step % 3 == 0 {
            bytes.truncate(bytes.len() - step);
        }
        if let Err(error) = bench.open_import("broken.xlsx", bytes).await {
            assert!(
                !error.message.contains("interrupted"),
                "byte {place}: {error:?}"
            );
        }
    }
}
