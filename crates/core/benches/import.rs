//! How long an import of 50,000 rows takes, with its report, per kind of file:
//! `cargo bench -p scrapingpros-core --bench import`, with the number of rows as an argument.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use keyring::api::CredentialStore;
use scrapingpros_core::accounts::LOCAL_ID;
use scrapingpros_core::collections::*;
use scrapingpros_core::keychain::Keychain;
use scrapingpros_core::scrape::ScrapeForm;
use scrapingpros_core::{Core, CoreConfig};

#[tokio::main]
async fn main() {
    let rows = std::env::args().find_map(|argument| argument.parse().ok());
    let rows: usize = rows.unwrap_or(50_000);
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<CredentialStore> = keyring::mock::Store::new().unwrap();
    let core = Core::open(CoreConfig {
        data_dir: folder.path().join("data"),
        keychain: Keychain::with_store(store),
    })
    .await
    .unwrap();
    core.accounts.select(LOCAL_ID.into()).await.unwrap();
    for (name, bytes) in [
        ("list.csv", table(rows)),
        ("list.txt", lines(rows)),
        ("list.xlsx", workbook(rows)),
        ("sitemap.xml", sitemap(rows)),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        measure(&core.collections, name, &path).await;
    }
    core.close().await;
}

async fn measure(lists: &Collections, name: &str, path: &Path) {
    let form = CollectionForm {
        name: name.into(),
        options: ScrapeForm::default(),
    };
    let id = lists.create(form).await.unwrap().id;
    let begin = Instant::now();
    let open = lists.open_import(name.into(), path.to_owned(), |_| {});
    let view = open.await.unwrap();
    let shown = begin.elapsed();
    let meanings = view.columns.iter().map(|column| column.meaning).collect();
    let apply = lists.apply_import(view.import_id, id.clone(), meanings, |_| {});
    let added = apply.await.unwrap();
    let all = begin.elapsed();
    let changed = timed(lists.edit_page(id.clone(), 9, PageColumn::Label, "new".into())).await;
    let query = PagesQuery {
        collection_id: id.clone(),
        find: "item/4".into(),
        only_problems: false,
        offset: 100,
        limit: 100,
    };
    let found = timed(lists.pages(query)).await;
    let left = timed(lists.leave_out_problems(id.clone(), Vec::new())).await;
    let estimated = timed(lists.estimate(id)).await;
    println!(
        "{name}: {} rows, {} to look at: shown {shown:.0?}, imported with report {all:.0?}; \
         then an edit {changed:.0?}, a search {found:.0?}, leaving out {left:.0?}, an estimate {estimated:.0?}",
        added.added, added.report.problems
    );
}

async fn timed<T: std::fmt::Debug, E: std::fmt::Debug>(
    work: impl Future<Output = Result<T, E>>,
) -> Duration {
    let begin = Instant::now();
    work.await.unwrap();
    begin.elapsed()
}

fn address(row: usize) -> String {
    match row % 500 {
        7 => "http://192.168.0.14/stock".into(),
        8 => "nordlys outfitters".into(),
        _ => format!(
            "https://www.nordlys-outfitters.example/tents/item/{row}?region=north&page={}",
            row % 40
        ),
    }
}

fn table(rows: usize) -> Vec<u8> {
    let mut text = String::from("product_url,sku,store_region\n");
    for row in 0..rows {
        writeln!(text, "{},TNT-{row},Tromsø", address(row)).unwrap();
    }
    text.into_bytes()
}

fn lines(rows: usize) -> Vec<u8> {
    let mut text = String::new();
    for row in 0..rows {
        writeln!(text, "{}", address(row)).unwrap();
    }
    text.into_bytes()
}

fn sitemap(rows: usize) -> Vec<u8> {
    let mut text = String::from("<?xml version=\"1.0\"?><urlset>");
    for row in 0..rows {
        let address = address(row).replace('&', "&amp;");
        writeln!(
            text,
            "<url><loc>{address}</loc><lastmod>2026-05-01</lastmod></url>"
        )
        .unwrap();
    }
    text.push_str("</urlset>");
    text.into_bytes()
}

fn workbook(rows: usize) -> Vec<u8> {
    let mut texts = format!("<sst uniqueCount=\"{}\">", rows * 2);
    let mut cells = String::from("<worksheet><sheetData>");
    for row in 0..rows {
        let address = address(row).replace('&', "&amp;");
        write!(texts, "<si><t>{address}</t></si><si><t>TNT-{row}</t></si>").unwrap();
        let (number, first) = (row + 1, row * 2);
        write!(
            cells,
            "<row r=\"{number}\"><c r=\"A{number}\" t=\"s\"><v>{first}</v></c><c r=\"B{number}\" t=\"s\"><v>{}</v></c></row>",
            first + 1
        )
        .unwrap();
    }
    texts.push_str("</sst>");
    cells.push_str("</sheetData></worksheet>");
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let parts = [
        (
            "_rels/.rels",
            format!(
                "<Relationships><Relationship Id=\"rId1\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns:r=\"{relations}\"><sheets><sheet name=\"Pages\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships><Relationship Id=\"rId1\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/sharedStrings.xml", texts),
        ("xl/worksheets/sheet1.xml", cells),
    ];
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(name, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
