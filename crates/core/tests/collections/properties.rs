use std::collections::HashMap;

use proptest::prelude::*;
use scrapingpros_core::collections::*;
use scrapingpros_core::scrape::read_address;

use super::{Bench, forms, query};

/// Few of each, so that they meet.
fn address() -> impl Strategy<Value = String> {
    prop_oneof![
        "(https?://)?[ab]\\.example/[12]?",
        "http://(127\\.0\\.0\\.1|10\\.0\\.0\\.[12]|8\\.8\\.8\\.8)/",
        "[ab /:?#@]{0,6}|a\\.b",
        "[0-9]{1,3}",
        // With a dot it could be anybody's name or number.
        "\\PC{0,3}".prop_filter("no dot", |text| !text.contains(['.', '。', '．', '｡'])),
    ]
}

/// What the report should say, the long way round: each row against all above it.
fn expected(rows: &[(String, String)]) -> Vec<Option<ProblemKind>> {
    let mut kinds: Vec<Option<ProblemKind>> = Vec::new();
    let mut seen: Vec<(String, String)> = Vec::new();
    for (address, label) in rows {
        let kind = match read_address(address, &[]) {
            Err(_) => Some(ProblemKind::Malformed),
            Ok(_) if address.trim().contains(char::is_control) => Some(ProblemKind::Malformed),
            Ok(_) if address.trim().bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(ProblemKind::Malformed)
            }
            Ok(url)
                if !matches!(
                    url.host_str(),
                    Some("a.example" | "b.example" | "8.8.8.8" | "a.b" | "b.a")
                ) =>
            {
                Some(ProblemKind::Private)
            }
            Ok(url) => {
                let page = (url.to_string(), label.trim().to_owned());
                if seen.contains(&page) {
                    Some(ProblemKind::Duplicate)
                } else {
                    seen.push(page);
                    None
                }
            }
        };
        kinds.push(kind);
    }
    kinds
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_report_agrees_with_a_look_at_each_row(
        rows in prop::collection::vec((address(), "[ab]{0,1}"), 1..40),
        edits in prop::collection::vec((any::<prop::sample::Index>(), address()), 0..4),
        removals in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
    ) {
        runtime().block_on(async {
            let bench = Bench::new().await;
            let blank = |row: &(String, String)| row.0.trim().is_empty() && row.1.is_empty();
            let mut rows: Vec<(String, String)> = rows.into_iter().filter(|row| !blank(row)).collect();
            prop_assume!(!rows.is_empty());
            let id = bench.create("").await;
            let pairs: Vec<(&str, &str)> = rows.iter().map(|(a, l)| (a.as_str(), l.as_str())).collect();
            let added = bench.lists().add_pages(id.clone(), forms(&pairs)).await.unwrap();
            prop_assume!(added.added as usize == rows.len());
            for (index, value) in edits {
                let place = index.index(rows.len());
                rows[place].0 = value.clone();
                bench.lists().edit_page(id.clone(), place as u32 + 1, PageColumn::Address, value).await.unwrap();
            }
            let mut gone: Vec<usize> = removals.iter().map(|index| index.index(rows.len())).collect();
            gone.sort_unstable();
            gone.dedup();
            let selection = PageSelection {
                collection_id: id.clone(),
                all: false,
                ids: gone.iter().map(|place| *place as u32 + 1).collect(),
                find: String::new(),
                only_problems: false,
            };
            bench.lists().remove_pages(selection).await.unwrap();
            for place in gone.into_iter().rev() {
                rows.remove(place);
            }
            let page = bench.lists().pages(query(&id)).await.unwrap();
            prop_assert_eq!(super::kinds(&page), expected(&rows), "{:?}", rows);
            let account = bench.core.accounts.active().await.unwrap();
            let sent = bench.lists().rows_for_run(id, &account, 0, 500).await.unwrap();
            let mut names = HashMap::new();
            for row in &sent {
                let name = (row.request.url.clone(), row.request.custom_id.clone());
                prop_assert!(names.insert(name, row.id).is_none(), "a page is sent once");
            }
            prop_assert_eq!(sent.len(), expected(&rows).iter().filter(|kind| kind.is_none()).count());
            Ok(())
        })?;
    }

    #[test]
    fn a_table_comes_back_as_it_was_written(
        rows in prop::collection::vec(("https://a\\.example/[a-z0-9,;|]{0,8}", "[^\\x00-\\x1f\u{7f}-\u{9f}]{1,12}"), 1..30),
        separator in prop::sample::select(vec![b',', b';', b'\t', b'|']),
    ) {
        runtime().block_on(async {
            let bench = Bench::new().await;
            let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
            writer.write_record(["url", "label"]).unwrap();
            for (address, label) in &rows {
                writer.write_record([address, label]).unwrap();
            }
            let view = bench.open_import("t.csv", writer.into_inner().unwrap()).await.unwrap();
            prop_assume!(view.choice.separator.as_bytes() == [separator]);
            let id = bench.create("").await;
            let meanings = vec![Some(PageColumn::Address), Some(PageColumn::Label)];
            bench.lists().apply_import(view.import_id, id.clone(), meanings, |_| {}).await.unwrap();
            let page = bench.all_pages(&id).await;
            let read: Vec<_> = page.rows.iter().map(|row| (row.address.as_str(), row.label.as_str())).collect();
            let blank = |letter: char| letter.is_whitespace() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
            let written: Vec<_> = rows.iter().map(|(a, l)| (a.as_str(), l.trim_matches(blank))).collect();
            prop_assert_eq!(read, written);
            Ok(())
        })?;
    }

    #[test]
    fn no_bytes_end_the_app(bytes in prop::collection::vec(any::<u8>(), 0..2000), name in "[a-z]\\.(csv|txt|xml|xlsx|gz)") {
        runtime().block_on(async {
            let bench = Bench::new().await;
            if let Err(error) = bench.open_import(&name, bytes).await {
                prop_assert!(!error.message.contains("interrupted"), "{:?}", error);
            }
            Ok(())
        })?;
    }
}
