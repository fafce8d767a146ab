//! Parts of a kept result as the window pages through them.

use std::time::Instant;

use scrapingpros_core::ErrorCode;
use scrapingpros_core::results::*;
use serde_json::json;

use crate::{Bench, PAGE, base64, outcome, outcome_with};

fn rows(result_id: &str, find: &str, sort: &str, descending: bool) -> DataQuery {
    DataQuery {
        result_id: result_id.into(),
        offset: 0,
        limit: 100,
        find: find.into(),
        sort: sort.into(),
        descending,
    }
}

fn first_cells(page: &DataPage) -> Vec<&str> {
    page.rows
        .iter()
        .map(|row| row.cells[0].as_deref().unwrap_or("-"))
        .collect()
}

#[tokio::test]
async fn data_is_a_table_that_sorts_by_value_and_finds_by_text() {
    let bench = Bench::new().await;
    let data = json!({
        "name": ["Skarv", "Fjell", "Åse", "Tarp"],
        "price": ["€1.299,00", "€389.00", "€99", null],
        "shop": "Nordlys",
        "more": [{"a": 1}, [1, 2], true]
    });
    let id = bench
        .library
        .keep(outcome_with(json!({ "extracted_data": data })))
        .await
        .unwrap()
        .id;
    let page = bench.library.data(rows(&id, "", "", false)).await.unwrap();
    assert_eq!(
        page.columns,
        ["name", "price", "shop", "more"],
        "columns keep the page's order"
    );
    assert_eq!(
        (page.total, page.matching, page.empty_values),
        (4, 4, 2),
        "one price and one of more are missing"
    );
    let shop: Vec<_> = page.rows.iter().map(|row| row.cells[2].clone()).collect();
    assert_eq!(
        shop,
        [Some("Nordlys".into()), None, None, None],
        "a single value stands in the first row only"
    );
    let more: Vec<_> = page
        .rows
        .iter()
        .map(|row| row.cells[3].as_deref())
        .collect();
    assert_eq!(more, [Some("{\"a\":1}"), Some("[1,2]"), Some("true"), None]);

    let cheap = bench
        .library
        .data(rows(&id, "", "price", false))
        .await
        .unwrap();
    assert_eq!(
        first_cells(&cheap),
        ["Åse", "Fjell", "Skarv", "Tarp"],
        "by value, missing last"
    );
    assert_eq!(cheap.rows[0].number, 3, "a row keeps its number");
    let dear = bench
        .library
        .data(rows(&id, "", "price", true))
        .await
        .unwrap();
    assert_eq!(
        first_cells(&dear),
        ["Skarv", "Fjell", "Åse", "Tarp"],
        "missing last in both directions"
    );
    let found = bench
        .library
        .data(rows(&id, "åSE", "", false))
        .await
        .unwrap();
    assert_eq!(
        (first_cells(&found), found.matching),
        (vec!["Åse"], 1),
        "whatever its case"
    );

    let mut beyond = rows(&id, "", "", false);
    beyond.offset = 4_000_000_000;
    assert_eq!(
        bench.library.data(beyond).await.unwrap().rows,
        [],
        "beyond the end is empty, not an error"
    );
}

#[tokio::test]
async fn only_single_values_make_one_row_and_pages_are_bounded() {
    let bench = Bench::new().await;
    let id = bench
        .library
        .keep(outcome_with(
            json!({ "extracted_data": {"title": "A", "price": 3} }),
        ))
        .await
        .unwrap()
        .id;
    assert_eq!(
        bench
            .library
            .data(rows(&id, "", "", false))
            .await
            .unwrap()
            .total,
        1
    );
    let many: Vec<u32> = (0..3_000).collect();
    let id = bench
        .library
        .keep(outcome_with(json!({ "extracted_data": {"n": many} })))
        .await
        .unwrap()
        .id;
    let mut all = rows(&id, "", "n", true);
    all.limit = u32::MAX;
    let page = bench.library.data(all).await.unwrap();
    assert_eq!(
        (page.rows.len(), page.total),
        (500, 3_000),
        "one answer is at most 500 rows"
    );
    assert_eq!(first_cells(&page)[..2], ["2999", "2998"]);
}

#[tokio::test]
async fn source_is_coloured_numbered_and_searched() {
    let bench = Bench::new().await;
    let html = "<!-- 👋 -->\n<a href=\"/tents\" class=x>Tents 👋 tents</a>\r\n<script>if (a<b) tents()</script>";
    let id = bench.library.keep(outcome(html)).await.unwrap().id;
    let query = |offset, limit| TextQuery {
        result_id: id.clone(),
        part: Part::Page,
        offset,
        limit,
    };
    let page = bench.library.text(query(0, 99)).await.unwrap();
    assert_eq!(page.total, 3);
    let link: Vec<_> = page.lines[1]
        .spans
        .iter()
        .map(|span| (span.kind, span.text.as_str()))
        .collect();
    assert_eq!(
        link,
        [
            (SpanKind::Tag, "<a"),
            (SpanKind::Attribute, " href="),
            (SpanKind::Value, "\"/tents\""),
            (SpanKind::Attribute, " class="),
            (SpanKind::Value, "x"),
            (SpanKind::Tag, ">"),
            (SpanKind::Text, "Tents 👋 tents"),
            (SpanKind::Tag, "</a>"),
        ]
    );
    assert!(
        page.lines[2]
            .spans
            .iter()
            .any(|span| span.text == "if (a<b) tents()"),
        "a script is not markup: {:?}",
        page.lines[2]
    );
    let search = TextSearch {
        result_id: id.clone(),
        part: Part::Page,
        query: "TENTS".into(),
    };
    let hits = bench.library.search_text(search).await.unwrap();
    let places: Vec<_> = hits
        .hits
        .iter()
        .map(|hit| (hit.line, hit.start, hit.length))
        .collect();
    // "<a href="/" is 10 characters; the waving hand counts as two.
    assert_eq!(places, [(1, 10, 5), (1, 25, 5), (1, 34, 5), (2, 17, 5)]);
    assert_eq!(hits.total, 4);
}

#[tokio::test]
async fn ten_megabytes_open_once_and_then_at_once() {
    let bench = Bench::new().await;
    let row =
        "<div class=\"row\" data-id='7'><a href=\"/tents\">Gamme Canvas ★ €899.00</a></div>\n";
    let html = row.repeat(10 * 1024 * 1024 / row.len() + 1);
    let lines = html.lines().count();
    let id = bench.library.keep(outcome(&html)).await.unwrap().id;
    let at = |offset| TextQuery {
        result_id: id.clone(),
        part: Part::Page,
        offset,
        limit: 5_000,
    };
    let first = bench.library.text(at(0)).await.unwrap();
    assert_eq!(first.total as usize, lines);
    assert_eq!(
        first.lines.len(),
        1_000,
        "one answer is at most 1,000 lines"
    );
    let started = Instant::now();
    let last = bench
        .library
        .text(at(u32::try_from(lines).unwrap() - 1))
        .await
        .unwrap();
    assert!(
        started.elapsed().as_millis() < 250,
        "the index is kept: {:?}",
        started.elapsed()
    );
    assert_eq!(
        (last.lines.len(), last.lines[0].number as usize),
        (1, lines)
    );
    let search = TextSearch {
        result_id: id.clone(),
        part: Part::Page,
        query: "canvas".into(),
    };
    let hits = bench.library.search_text(search).await.unwrap();
    assert_eq!(
        (hits.hits.len(), hits.total as usize),
        (10_000, lines),
        "all are counted, the first 10,000 named"
    );
}

#[tokio::test]
async fn markdown_is_the_services_own_or_made_from_the_page() {
    let bench = Bench::new().await;
    let made = bench.library.keep(outcome(PAGE)).await.unwrap();
    let text = bench
        .library
        .copy_text(made.id, Part::Markdown)
        .await
        .unwrap();
    assert_eq!(text.trim(), "# Tents\n\nSkarv 2 for **€389.00**");
    let own = bench
        .library
        .keep(outcome_with(
            json!({ "html": null, "markdown": "# Blue *kettle*\n\n$19.90" }),
        ))
        .await
        .unwrap();
    assert_eq!(
        own.title, "Blue kettle",
        "a Markdown answer is called by its heading"
    );
    assert_eq!(
        own.parts.iter().map(|part| part.part).collect::<Vec<_>>(),
        [Part::Markdown],
        "there is no page then"
    );
    let error = bench
        .library
        .copy_text(own.id, Part::Page)
        .await
        .expect_err("no page came");
    assert_eq!(error.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_page_that_is_nested_to_break_the_converter_is_refused_in_words() {
    let bench = Bench::new().await;
    let deep = bench
        .library
        .keep(outcome(&"<div>".repeat(300_000)))
        .await
        .unwrap();
    let error = bench
        .library
        .copy_text(deep.id, Part::Markdown)
        .await
        .expect_err("too deep");
    assert!(
        error.message.contains("nested too deeply"),
        "{}",
        error.message
    );
    let fine = bench
        .library
        .keep(outcome(&format!(
            "{}deep{}",
            "<div>".repeat(15_000),
            "</div>".repeat(15_000)
        )))
        .await
        .unwrap();
    assert_eq!(
        bench
            .library
            .copy_text(fine.id, Part::Markdown)
            .await
            .unwrap()
            .trim(),
        "deep"
    );
}

#[tokio::test]
async fn calls_are_listed_in_plain_words_and_their_bodies_are_bounded() {
    let bench = Bench::new().await;
    let calls = json!([
        {"url": "https://a.example/", "method": "GET", "status": 200, "resource_type": "document", "content_type": "text/html"},
        {"url": "https://a.example/api/stock", "method": "POST", "status": 200, "resource_type": "xhr", "content_type": "application/json",
         "body": "{\"n\":1}", "body_encoding": "utf-8"},
        {"url": "https://a.example/x.webp", "status": 404, "resource_type": "image", "body": base64(b"RIFF\0\0\x01\xffWEBP"), "body_encoding": "base64"},
        {"url": "https://a.example/f.woff2", "resource_type": "font", "body_error": "blocked by the request"},
        {"url": "https://a.example/long", "status": 200, "resource_type": "fetch", "body": "é".repeat(40_000), "body_encoding": "utf-8"}
    ]);
    let id = bench
        .library
        .keep(outcome_with(json!({ "network_requests": calls })))
        .await
        .unwrap()
        .id;
    let query = |find: &str, kind| NetworkQuery {
        result_id: id.clone(),
        offset: 0,
        limit: 100,
        find: find.into(),
        kind,
    };
    let page = bench
        .library
        .network(query("", NetworkFilter::All))
        .await
        .unwrap();
    assert_eq!((page.all, page.data, page.images, page.other), (5, 2, 1, 2));
    let words: Vec<_> = page
        .rows
        .iter()
        .map(|row| (row.kind.as_str(), row.answer.as_str(), row.failed))
        .collect();
    assert_eq!(
        words,
        [
            ("Page", "OK", false),
            ("Data", "OK", false),
            ("Image", "Not found", true),
            ("Font", "Skipped", false),
            ("Data", "OK", false)
        ]
    );
    assert_eq!(
        page.rows[2].body_size, 12,
        "the size is of the bytes, not of their encoding"
    );
    let data = bench
        .library
        .network(query("STOCK", NetworkFilter::Data))
        .await
        .unwrap();
    assert_eq!(
        (data.matching, data.rows[0].index),
        (1, 1),
        "a row keeps its place in the whole list"
    );
    assert_eq!(
        bench
            .library
            .network_body(id.clone(), 1)
            .await
            .unwrap()
            .text,
        "{\"n\":1}"
    );
    let picture = bench.library.network_body(id.clone(), 2).await.unwrap();
    assert!(
        picture.binary && picture.text.contains("12 bytes"),
        "{picture:?}"
    );
    let long = bench.library.network_body(id.clone(), 4).await.unwrap();
    assert!(long.truncated && long.text.len() <= 65_536 && long.text.starts_with("éé"));
    for missing in [0, 77] {
        assert_eq!(
            bench
                .library
                .network_body(id.clone(), missing)
                .await
                .expect_err("nothing was kept")
                .code,
            ErrorCode::NotFound
        );
    }
}

#[tokio::test]
async fn details_say_what_happened_without_what_opens_doors() {
    let bench = Bench::new().await;
    let mut secretive = outcome_with(json!({
        "timings": {"queue_wait_ms": 12, "browser_launch_ms": 640.4, "odd_thing_ms": 3, "note": "x"},
        "evaluate_results": ["Blue kettle", {"a": 1}]
    }));
    secretive.request = serde_json::from_value(json!({
        "url": "https://a.example/", "headers": {"Authorization": "Bearer canary-1", "X-Shop": "visible"}, "cookies": {"sid": "canary-2"}
    })).unwrap();
    let id = bench.library.keep(secretive).await.unwrap().id;
    let details = bench.library.details(id).await.unwrap();
    let labels: Vec<_> = details
        .facts
        .iter()
        .map(|fact| fact.label.as_str())
        .collect();
    assert_eq!(
        labels,
        [
            "Asked for",
            "When",
            "Took",
            "Cost",
            "Verdict",
            "Account",
            "Page status"
        ]
    );
    assert_eq!(details.facts[2].value, "6.2 s");
    assert_eq!(details.facts[3].value, "5 credits");
    let timings: Vec<_> = details
        .timings
        .iter()
        .map(|timing| (timing.label.as_str(), timing.ms))
        .collect();
    assert_eq!(
        timings,
        [
            ("Waiting for a turn", 12),
            ("Waiting for a browser", 640),
            ("Odd thing", 3)
        ]
    );
    assert_eq!(details.script_values, ["\"Blue kettle\"", "{\"a\":1}"]);
    assert!(
        !details.technical.contains("canary"),
        "{}",
        details.technical
    );
    assert!(
        details.technical.contains("visible"),
        "ordinary headers are shown"
    );
    assert!(
        details.technical.contains("bytes, kept in the library")
            && !details.technical.contains("<h1>"),
        "bodies are left out"
    );
}

#[tokio::test]
async fn the_clipboard_gets_tabs_and_no_more_than_it_can_hold() {
    let bench = Bench::new().await;
    let id = bench
        .library
        .keep(outcome_with(
            json!({ "extracted_data": {"a": ["x\ty", "=1+1"], "b": ["line\nbreak", null]} }),
        ))
        .await
        .unwrap()
        .id;
    assert_eq!(
        bench.library.copy_text(id, Part::Data).await.unwrap(),
        "a\tb\nx y\tline break\n'=1+1\t\n"
    );
    let id = bench
        .library
        .keep(outcome(&"x".repeat((32 << 20) + 1)))
        .await
        .unwrap()
        .id;
    let error = bench
        .library
        .copy_text(id, Part::Page)
        .await
        .expect_err("too large");
    assert!(error.message.contains("32 MB"), "{}", error.message);
}
