use std::io::Write as _;
use std::sync::{Arc, Mutex};

use scrapingpros_core::ErrorCode;
use scrapingpros_core::collections::*;

use super::{Bench, addresses, kinds, query, workbook};

const TABLE: &str = "product_url,sku,store_region,country\n\
    https://nordlys.example/a,TNT-1,Tromsø,NO\n\
    https://nordlys.example/b,TNT-2,Ålesund,\n\
    https://nordlys.example/c,TNT-3,Bodø,DE\n";

fn meanings(view: &ImportView) -> Vec<Option<PageColumn>> {
    view.columns.iter().map(|column| column.meaning).collect()
}

#[tokio::test]
async fn a_table_is_recognised_shown_and_imported() {
    let bench = Bench::new().await;
    let view = bench.open_import("suppliers.csv", TABLE).await.unwrap();
    assert_eq!((view.file_name.as_str(), view.rows), ("suppliers.csv", 3));
    assert_eq!(view.kind, ImportKind::Table);
    assert_eq!(
        (
            view.choice.separator.as_str(),
            view.choice.encoding.as_str()
        ),
        (",", "UTF-8")
    );
    let names: Vec<_> = view
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(names, ["product_url", "sku", "store_region", "country"]);
    use PageColumn::*;
    assert_eq!(
        meanings(&view),
        [Some(Address), Some(Label), None, Some(Location)]
    );
    assert_eq!(view.columns[2].samples, ["Tromsø", "Ålesund", "Bodø"]);
    let id = bench.create("Suppliers").await;
    let added = bench
        .lists()
        .apply_import(view.import_id.clone(), id.clone(), meanings(&view), |_| {})
        .await
        .unwrap();
    assert_eq!((added.added, added.report.problems), (3, 0));
    let page = bench.all_pages(&id).await;
    assert_eq!(page.rows[0].label, "TNT-1");
    assert_eq!(
        page.rows[0].own,
        [OwnOption {
            option: Location,
            value: "NO".into()
        }]
    );
    assert!(page.rows[1].own.is_empty());
    let closed = bench
        .lists()
        .apply_import(view.import_id, id, vec![], |_| {})
        .await;
    assert_eq!(
        closed.unwrap_err().code,
        ErrorCode::NotFound,
        "an import is done once"
    );
}

#[tokio::test]
async fn encodings_are_recognised() {
    let bench = Bench::new().await;
    let wide = |big: bool| {
        let units = TABLE.encode_utf16();
        let bytes = units.flat_map(|unit| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        });
        bytes.collect::<Vec<u8>>()
    };
    let with_bom = |bom: &[u8], rest: Vec<u8>| [bom, &rest].concat();
    for (name, bytes, encoding) in [
        ("utf8.csv", TABLE.as_bytes().to_vec(), "UTF-8"),
        ("bom.csv", with_bom(b"\xef\xbb\xbf", TABLE.into()), "UTF-8"),
        ("le.csv", wide(false), "UTF-16LE"),
        ("be.csv", wide(true), "UTF-16BE"),
        ("le-bom.csv", with_bom(b"\xff\xfe", wide(false)), "UTF-16LE"),
        ("be-bom.csv", with_bom(b"\xfe\xff", wide(true)), "UTF-16BE"),
    ] {
        let view = bench.open_import(name, bytes).await.unwrap();
        assert_eq!(view.choice.encoding, encoding, "{name}");
        assert!(view.encodings.contains(&view.choice.encoding), "{name}");
        assert_eq!(view.columns[0].name, "product_url", "{name}");
        assert_eq!(view.columns[2].samples[0], "Tromsø", "{name}");
        assert!(view.notes.is_empty(), "{name}: {:?}", view.notes);
    }
}

#[tokio::test]
async fn letters_of_one_byte_are_read_right_and_a_wrong_guess_is_mended() {
    let bench = Bench::new().await;
    let table = "url;label\nhttps://a.example/;Señal año mañana\nhttps://b.example/;Café crème à la française\nhttps://c.example/;Größe für Öl\n";
    let bytes: Vec<u8> = table
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap())
        .collect();
    let view = bench.open_import("latin.csv", bytes).await.unwrap();
    assert_eq!(view.choice.encoding, "windows-1252");
    let samples = [
        "Señal año mañana",
        "Café crème à la française",
        "Größe für Öl",
    ];
    assert_eq!(view.columns[1].samples, samples);
    let choice = ImportChoice {
        encoding: "UTF-8".into(),
        ..view.choice.clone()
    };
    let wrong = bench
        .lists()
        .change_import("latin.csv".into(), choice, |_| {})
        .await
        .unwrap();
    assert!(
        wrong.notes[0].contains("another encoding"),
        "{:?}",
        wrong.notes
    );
    let right = bench
        .lists()
        .change_import("latin.csv".into(), view.choice, |_| {})
        .await
        .unwrap();
    assert_eq!(right.columns[1].samples, samples);
}

#[tokio::test]
async fn another_reading_can_be_chosen() {
    let bench = Bench::new().await;
    let view = bench
        .open_import("odd.txt", "https://a.example/x,1\nhttps://b.example/y,2\n")
        .await
        .unwrap();
    assert_eq!(view.choice.separator, ",", "every line agrees");
    let lines = ImportChoice {
        separator: String::new(),
        ..view.choice.clone()
    };
    let lines = bench
        .lists()
        .change_import(view.import_id.clone(), lines, |_| {})
        .await
        .unwrap();
    assert_eq!((lines.kind, lines.columns.len()), (ImportKind::Lines, 1));
    let header = ImportChoice {
        has_header: true,
        ..view.choice.clone()
    };
    let header = bench
        .lists()
        .change_import(view.import_id.clone(), header, |_| {})
        .await
        .unwrap();
    assert_eq!((header.rows, header.columns[1].name.as_str()), (1, "1"));
    let unknown = ImportChoice {
        encoding: "klingon".into(),
        ..view.choice
    };
    let error = bench
        .lists()
        .change_import(view.import_id, unknown, |_| {})
        .await
        .unwrap_err();
    assert_eq!(error.problems[0].field, "file");
}

#[tokio::test]
async fn columns_must_say_where_the_address_is_and_nothing_twice() {
    let bench = Bench::new().await;
    let view = bench.open_import("t.csv", TABLE).await.unwrap();
    let id = bench.create("").await;
    use PageColumn::*;
    for (meanings, field) in [
        (vec![None, Some(Label)], "columns"),
        (vec![Some(Address), Some(Address)], "columns.1"),
    ] {
        let refused =
            bench
                .lists()
                .apply_import(view.import_id.clone(), id.clone(), meanings, |_| {});
        assert_eq!(refused.await.unwrap_err().problems[0].field, field);
    }
    let right = vec![Some(Address), None, Some(Label)];
    let added = bench
        .lists()
        .apply_import(view.import_id, id.clone(), right, |_| {})
        .await;
    assert_eq!(added.unwrap().added, 3, "a refusal closes nothing");
    assert_eq!(bench.all_pages(&id).await.rows[0].label, "Tromsø");
}

#[tokio::test]
async fn a_workbook_gives_what_its_cells_show() {
    let bench = Bench::new().await;
    let texts = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="3" uniqueCount="3"><si><t>Page</t></si><si><t>SKU</t></si><si><r><t>https://nordlys</t></r><r><t>.example/a</t></r></si></sst>"#;
    let rows = r#"<row r="1"><c r="A1" t="s"><v>1</v></c><c r="C1" t="s"><v>0</v></c></row>
        <row r="3"><c r="A3"><v>102</v></c><c r="C3" t="s"><v>2</v></c></row>
        <row r="4"><c r="A4"><f>1+1</f><v>2</v></c><c r="C4" t="str"><f>CONCAT("https://nordlys",".example/b")</f><v>https://nordlys.example/b</v></c></row>
        <row r="5"><c r="A5" t="b"><v>1</v></c><c r="C5" t="e"><v>#REF!</v></c></row>
        <row r="6"><c r="C6" t="inlineStr"><is><t>https://nordlys.example/c</t></is></c></row>"#;
    let view = bench
        .open_import("book.xlsx", workbook(rows, texts))
        .await
        .unwrap();
    assert_eq!(
        (view.kind, view.rows, view.choice.sheet.as_str()),
        (ImportKind::Workbook, 4, "Pages")
    );
    assert!(view.choice.has_header, "the first row names the columns");
    let (id, added) = bench.import("book2.xlsx", workbook(rows, texts)).await;
    assert_eq!(added.added, 4);
    let page = bench.all_pages(&id).await;
    let cells: Vec<_> = page
        .rows
        .iter()
        .map(|row| (row.address.as_str(), row.label.as_str()))
        .collect();
    assert_eq!(
        cells,
        [
            ("https://nordlys.example/a", "102"),
            ("https://nordlys.example/b", "2"),
            ("", "true"),
            ("https://nordlys.example/c", ""),
        ]
    );
}

#[tokio::test]
async fn sitemaps_give_their_pages() {
    let bench = Bench::new().await;
    let sitemap = r#"<?xml version="1.0" encoding="UTF-8"?>
        <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
        <url><loc> https://nordlys.example/a?x=1&amp;y=2 </loc><image:image><image:loc>https://nordlys.example/a.png</image:loc></image:image></url>
        <url><loc><![CDATA[https://nordlys.example/b?x=1&y=2]]></loc><lastmod>2026-05-01</lastmod></url>
        <url><priority>1</priority></url></urlset>"#;
    let (id, _) = bench.import("sitemap.xml", sitemap).await;
    let expected = [
        "https://nordlys.example/a?x=1&y=2",
        "https://nordlys.example/b?x=1&y=2",
    ];
    assert_eq!(addresses(&bench.all_pages(&id).await), expected);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(sitemap.as_bytes()).unwrap();
    let (packed_id, _) = bench.import("part1.xml.gz", packed.finish().unwrap()).await;
    assert_eq!(addresses(&bench.all_pages(&packed_id).await), expected);
    let index = r#"<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <sitemap><loc>https://nordlys.example/part1.xml.gz</loc></sitemap>
        <sitemap><loc>https://nordlys.example/part2.xml</loc></sitemap>
        <sitemap><loc>https://nordlys.example/..%2f..%2fetc%2fpasswd</loc></sitemap></sitemapindex>"#;
    let view = bench.open_import("index.xml", index).await.unwrap();
    assert_eq!((view.kind, view.rows), (ImportKind::Sitemap, 2));
    assert!(
        view.notes[0].starts_with("2 of the sitemaps"),
        "{:?}",
        view.notes
    );
}

#[tokio::test]
async fn ragged_rows_lose_nothing_that_has_a_column() {
    let bench = Bench::new().await;
    let (id, added) = bench
        .import(
            "ragged.csv",
            "url,label\nhttps://a.example/\n\n,,,\nhttps://b.example/,B,extra,more\n ,  \n",
        )
        .await;
    assert_eq!(added.added, 2, "blank rows are no pages");
    assert_eq!(bench.all_pages(&id).await.rows[1].label, "B");
}

#[tokio::test]
async fn an_import_can_be_stopped_and_leaves_nothing() {
    let bench = Bench::new().await;
    let many: String = (0..30_000)
        .map(|n| format!("https://a.example/{n}\n"))
        .collect();
    let view = bench.open_import("many.txt", &many).await.unwrap();
    let id = bench.create("Stopped").await;
    let lists = bench.lists().clone();
    let runtime = tokio::runtime::Handle::current();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = seen.clone();
    let tell = move |step: ImportProgress| {
        told.lock().unwrap().push(step.rows);
        runtime
            .block_on(lists.cancel_import("many.txt".into()))
            .unwrap();
    };
    let stopped = bench.lists().apply_import(
        view.import_id,
        id.clone(),
        vec![Some(PageColumn::Address)],
        tell,
    );
    assert_eq!(stopped.await.unwrap_err().code, ErrorCode::Cancelled);
    assert_eq!(
        *seen.lock().unwrap(),
        [10_000],
        "it stopped after the first lot"
    );
    let view = bench.lists().get(id.clone()).await.unwrap();
    assert_eq!((view.pages, bench.all_pages(&id).await.all), (0, 0));
    let left: u32 = bench
        .core
        .library
        .database()
        .call(|db| db.query_row("SELECT count(*) FROM pages", [], |row| row.get(0)))
        .await
        .unwrap();
    assert_eq!(left, 0, "what was put aside is gone");
    bench.lists().cancel_import("early".into()).await.unwrap();
}

#[tokio::test]
async fn fifty_thousand_rows_are_imported_reported_and_changed() {
    let bench = Bench::new().await;
    let mut table = String::from("url,sku\n");
    for row in 0..50_000 {
        match row % 1000 {
            7 => table.push_str("http://192.168.0.1/x,p\n"),
            8 => table.push_str("not an address,n\n"),
            9 => table.push_str("https://nordlys.example/first,twin\n"),
            _ => table.push_str(&format!("https://nordlys.example/item/{row},SKU-{row}\n")),
        }
    }
    let (id, added) = bench.import("big.csv", &table).await;
    assert_eq!(
        (added.added, added.first_id, added.last_id),
        (50_000, 1, 50_000)
    );
    // The second private row is one already: it is private all the same. Of the twins the first is good.
    assert_eq!(added.report.problems, 50 + 50 + 49);
    let last = PagesQuery {
        offset: 49_990,
        ..query(&id)
    };
    let last = bench.lists().pages(last).await.unwrap();
    assert_eq!((last.rows.len(), last.rows[9].number), (10, 50_000));
    let left = bench
        .lists()
        .leave_out_problems(id.clone(), vec![ProblemKind::Duplicate])
        .await
        .unwrap();
    assert_eq!((left.removed, left.report.problems), (49, 100));
    bench
        .lists()
        .restore_pages(id.clone(), left.undo)
        .await
        .unwrap();
    let page = PagesQuery {
        find: "first".into(),
        ..query(&id)
    };
    let page = bench.lists().pages(page).await.unwrap();
    assert_eq!(page.found, 50);
    assert_eq!(kinds(&page)[..2], [None, Some(ProblemKind::Duplicate)]);
    assert_eq!(page.rows[1].problem.as_ref().unwrap().same_as, 10);
    let account = bench.core.accounts.active().await.unwrap();
    let (mut after, mut sent) = (0, 0);
    loop {
        let rows = bench
            .lists()
            .rows_for_run(id.clone(), &account, after, 5000)
            .await
            .unwrap();
        let Some(last) = rows.last() else { break };
        after = last.id;
        sent += rows.len();
    }
    assert_eq!(sent, 49_851, "all good rows and no other");
}
