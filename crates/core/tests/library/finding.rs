//! The search against an oracle that looks at every result, and the list that it makes shorter.

use std::collections::BTreeSet;

use proptest::prelude::*;
use scrapingpros_core::library::{LibraryKind, LibraryPage, LibraryQuery, LibrarySort};
use scrapingpros_core::results::{Outcome, Verdict};
use serde_json::json;

use crate::{Bench, base64, file_outcome, outcome, outcome_with, png};

pub fn query(find: &str) -> LibraryQuery {
    LibraryQuery {
        find: find.into(),
        kind: LibraryKind::All,
        account_id: String::new(),
        site: String::new(),
        collection_id: String::new(),
        verdict: None,
        tag: String::new(),
        since: 0,
        before: 0,
        sort: LibrarySort::Newest,
        until: 0,
        offset: 0,
        limit: 100,
    }
}

pub fn titles(page: &LibraryPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.title.as_str()).collect()
}

fn page_of(title: &str, body: &str) -> Outcome {
    outcome(&format!(
        "<html><head><title>{title}</title><style>.hidden-style {{}}</style></head>\
         <body class=\"attribute\"><script>var insideScript = 1;</script>{body}</body></html>"
    ))
}

async fn found(bench: &Bench, find: &str) -> Vec<String> {
    let page = bench.library.page(query(find)).await.unwrap();
    assert_eq!(page.found as usize, page.rows.len(), "{find}: counted");
    page.rows.into_iter().map(|row| row.title).collect()
}

#[tokio::test]
async fn a_result_is_found_by_every_kind_of_word_in_it() {
    let bench = Bench::new().await;
    let mut one = page_of(
        "Tents",
        "<p>Un <b>campa</b>mento en Tromsø, caf&eacute; y 東京都の天気</p>",
    );
    one.response.extracted_data =
        json!({ "price": ["€389.00", "€529.00"], "deep": {"name": "Lavvo"} })
            .as_object()
            .cloned();
    bench.library.keep(one).await.unwrap();
    let mut other = page_of("Stoves", "<p>Nothing of the sort</p>");
    other.request.url = "https://other.example/".into();
    bench.library.keep(other).await.unwrap();
    for find in [
        "tents",
        "TENT",
        "nordlys",
        "page=1",
        "campa",
        "Tromso",
        "tromsø",
        "CAFÉ",
        "cafe",
        "東京",
        "京都",
        "都",
        "天気",
        "389",
        "389.00",
        "lavv",
        "tents lavvo",
        "  lavvo   389 ",
    ] {
        assert_eq!(found(&bench, find).await, ["Tents"], "{find}");
    }
    for find in [
        "insideScript",
        "hidden",
        "attribute",
        "ents",
        "tents stoves",
        "京東",
        "'",
        "\"*",
        "()",
    ] {
        assert_eq!(found(&bench, find).await, Vec::<String>::new(), "{find}");
    }
    assert_eq!(
        found(&bench, "").await,
        ["Stoves", "Tents"],
        "all, the last first"
    );
}

#[tokio::test]
async fn a_list_is_filtered_sorted_and_counted() {
    let bench = Bench::new().await;
    let data = outcome_with(json!({ "extracted_data": {"name": ["a", "b", "c"], "price": ["1"]} }));
    let shot = outcome_with(json!({ "screenshot": base64(&png(40, 30)) }));
    let file = file_outcome(b"a,b\n1,2\n", "text/csv", "https://files.example/stock.csv");
    let mut failed = outcome_with(json!({
        "html": "", "statusCode": 504, "guidance": {"success": false, "error_type": "timeout"}
    }));
    failed.account_id = "other".into();
    failed.account_name = "Other".into();
    for (place, mut one) in [data, shot, file, failed].into_iter().enumerate() {
        one.started_at = 1_780_000_000 + place as u32 * 100;
        bench.library.keep(one).await.unwrap();
    }
    let list = async |change: &dyn Fn(&mut LibraryQuery)| {
        let mut query = query("");
        change(&mut query);
        bench.library.page(query).await.unwrap()
    };
    let all = list(&|_| {}).await;
    assert_eq!(
        (
            all.found,
            all.all,
            all.data,
            all.screenshots,
            all.files,
            all.unread
        ),
        (4, 4, 1, 1, 1, 0)
    );
    let data = list(&|query| query.kind = LibraryKind::Data).await;
    assert_eq!(
        (data.found, data.all),
        (1, 4),
        "the chips count what they would show"
    );
    assert_eq!((data.rows[0].data_rows, data.rows[0].data_fields), (3, 2));
    let shot = list(&|query| query.kind = LibraryKind::Screenshots).await;
    assert!(shot.rows[0].has_thumbnail && shot.rows[0].has_page);
    let file = list(&|query| query.site = "files.example".into()).await;
    assert_eq!(file.rows[0].file_type, "text/csv");
    assert_eq!(list(&|query| query.find = "stock".into()).await.found, 1);
    let failed = list(&|query| query.verdict = Some(Verdict::Failed)).await;
    assert_eq!(failed.found, 1);
    assert_eq!(
        list(&|query| query.account_id = "other".into()).await.rows,
        failed.rows
    );
    let between = list(&|query| (query.since, query.before) = (1_780_000_100, 1_780_000_300)).await;
    assert_eq!(between.found, 2, "the first second is in, the last is not");
    for (sort, first) in [
        (LibrarySort::Newest, 1_780_000_300),
        (LibrarySort::Oldest, 1_780_000_000),
        (LibrarySort::Website, 1_780_000_200),
        (LibrarySort::Title, 1_780_000_300),
    ] {
        let page = list(&|query| query.sort = sort).await;
        assert_eq!(
            page.rows[0].created_at,
            first,
            "{sort:?}: {:?}",
            titles(&page)
        );
    }
    let filters = bench.library.filters().await.unwrap();
    assert_eq!(filters.total, 4);
    assert_eq!(filters.sites, ["files.example", "nordlys.example"]);
    let accounts: Vec<&str> = filters
        .accounts
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(accounts, ["Acme", "Other"]);
}

#[tokio::test]
async fn what_comes_while_somebody_scrolls_moves_nothing() {
    let bench = Bench::new().await;
    for number in 0..5 {
        bench
            .library
            .keep(page_of(&format!("Page {number}"), ""))
            .await
            .unwrap();
    }
    let first = LibraryQuery {
        limit: 2,
        ..query("page")
    };
    let seen = bench.library.page(first.clone()).await.unwrap();
    assert_eq!(titles(&seen), ["Page 4", "Page 3"]);
    bench.library.keep(page_of("Page 5", "")).await.unwrap();
    let next = LibraryQuery {
        until: seen.until,
        offset: 2,
        ..first.clone()
    };
    let next = bench.library.page(next).await.unwrap();
    assert_eq!(
        titles(&next),
        ["Page 2", "Page 1"],
        "as if nothing had come"
    );
    assert_eq!((next.found, next.newer), (5, 1), "but it is told");
    let anew = bench.library.page(first).await.unwrap();
    assert_eq!(titles(&anew), ["Page 5", "Page 4"]);
}

#[tokio::test]
async fn results_of_a_library_without_a_search_are_read_in_the_background() {
    let bench = Bench::new().await;
    for number in 0..70 {
        let one = page_of(&format!("Page {number}"), &format!("<p>word{number}</p>"));
        bench.library.keep(one).await.unwrap();
    }
    bench
        .library
        .database()
        .call(|connection| {
            connection.execute_batch(
                "DELETE FROM result_words; UPDATE results SET indexed = 0, kinds = 0, size = 0;",
            )
        })
        .await
        .unwrap();
    let bench = bench.reopen().await;
    bench.library.all_read().await.unwrap();
    let page = bench.library.page(query("word42")).await.unwrap();
    assert_eq!((titles(&page), page.unread), (vec!["Page 42"], 0));
    assert!(
        page.rows[0].has_page && page.rows[0].size > 100,
        "what it holds is known again"
    );
}

#[tokio::test]
async fn a_result_whose_body_is_gone_is_still_found_by_its_name() {
    let bench = Bench::new().await;
    bench
        .library
        .keep(page_of("Lost page", "<p>inside</p>"))
        .await
        .unwrap();
    bench
        .library
        .database()
        .call(|connection| {
            connection.execute_batch("DELETE FROM result_words; UPDATE results SET indexed = 0;")
        })
        .await
        .unwrap();
    for body in bench.bodies() {
        std::fs::remove_file(body).unwrap();
    }
    bench.library.all_read().await.unwrap();
    assert_eq!(found(&bench, "lost").await, ["Lost page"]);
    assert_eq!(found(&bench, "inside").await, Vec::<String>::new());
}

const LETTERS: &str = "[abé京都ß1 ]{0,12}";

/// What the search promises, said another way: every typed word begins a word of the text.
fn oracle(text: &str, typed: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let plain = text.to_lowercase().replace('é', "e").replace('ß', "ss");
        plain
            .split(|one: char| !one.is_alphanumeric())
            .flat_map(|word| word.split_inclusive(['京', '都']))
            .flat_map(|word| match word.char_indices().last() {
                Some((at, last)) if ['京', '都'].contains(&last) => {
                    vec![&word[..at], &word[at..]]
                }
                _ => vec![word],
            })
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    // Signs that stand side by side are looked for side by side.
    let pairs = |text: &str| -> BTreeSet<(char, char)> {
        let all: Vec<char> = text.chars().collect();
        let han = |one: char| one == '京' || one == '都';
        all.windows(2)
            .filter(|pair| han(pair[0]) && han(pair[1]))
            .map(|pair| (pair[0], pair[1]))
            .collect()
    };
    let (there, wanted) = (words(text), words(typed));
    !wanted.is_empty()
        && wanted
            .iter()
            .all(|word| there.iter().any(|one| one.starts_with(word.as_str())))
        && pairs(typed).is_subset(&pairs(text))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn the_search_finds_what_a_look_at_every_result_finds(
        texts in prop::collection::vec(LETTERS, 1..12),
        typed in prop::collection::vec(LETTERS, 1..20),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let bench = Bench::new().await;
            for (number, text) in texts.iter().enumerate() {
                let mut one = page_of(&format!("x{number}"), &format!("<p>{text}</p>"));
                one.request.url = "http://x/".into();
                bench.library.keep(one).await.unwrap();
            }
            for typed in typed.iter().filter(|typed| !typed.trim().is_empty()) {
                let found: BTreeSet<String> = found(&bench, typed).await.into_iter().collect();
                let expected: BTreeSet<String> = (0..texts.len())
                    .filter(|number| oracle(&texts[*number], typed))
                    .map(|number| format!("x{number}"))
                    .collect();
                assert_eq!(found, expected, "{typed:?} in {texts:?}");
            }
        });
    }

    #[test]
    fn nothing_that_is_typed_is_an_error(typed in "\\PC{0,60}", odd in "[\"'*^:(){}+\\-A-Z0-9 \u{0}]{0,40}") {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let bench = Bench::new().await;
            bench.library.keep(page_of("Near OR NOT", "<p>AND</p>")).await.unwrap();
            for text in [&typed, &odd] {
                bench.library.page(query(text)).await.unwrap();
            }
        });
    }
}
