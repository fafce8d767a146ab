use scrapingpros_core::collections::*;
use scrapingpros_core::scrape::ScrapeForm;

use super::{Bench, addresses, forms, kinds, query};

fn some(id: &str, ids: &[u32]) -> PageSelection {
    PageSelection {
        collection_id: id.into(),
        all: false,
        ids: ids.to_vec(),
        find: String::new(),
        only_problems: false,
    }
}

#[tokio::test]
async fn each_problem_is_told_at_its_row() {
    let bench = Bench::new().await;
    let long = "é".repeat(256);
    let id = bench
        .with_pages(&[
            ("https://nordlys.example/skarv-2", "TNT-0102"),
            ("http://192.168.0.14/stock", ""),
            ("nordlys outfitters", ""),
            ("nordlys.example/skarv-2", "TNT-0102"),
            ("nordlys.example/skarv-2", "other"),
            ("nordlys.example/long", &long),
            ("printer.local", ""),
            ("nas", ""),
            ("http://sample.shop/shop", ""),
            ("", "only a label"),
            ("a.example\nb.example", ""),
        ])
        .await;
    use ProblemKind::*;
    let page = bench.all_pages(&id).await;
    assert_eq!(
        kinds(&page),
        [
            None,
            Some(Private),
            Some(Malformed),
            Some(Duplicate),
            None,
            Some(LabelTooLong),
            Some(Private),
            Some(Malformed),
            None,
            Some(Malformed),
            Some(Malformed),
        ]
    );
    let twin = page.rows[3].problem.clone().unwrap();
    assert_eq!(
        (twin.same_as, twin.words.as_str()),
        (1, "Same page and label as row 1.")
    );
    for row in &page.rows {
        let words = row.problem.as_ref().map(|problem| problem.words.as_str());
        assert!(
            words.is_none_or(|words| words.ends_with('.') && words.len() > 20),
            "a sentence for row {}: {words:?}",
            row.number
        );
    }
    let report = bench.lists().report(id.clone()).await.unwrap();
    assert_eq!((report.rows, report.will_run, report.problems), (11, 3, 8));
    let only = PagesQuery {
        only_problems: true,
        offset: 2,
        limit: 2,
        ..query(&id)
    };
    let only = bench.lists().pages(only).await.unwrap();
    assert_eq!(only.found, 8);
    let numbers: Vec<u32> = only.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [4, 6], "rows keep their numbers");
}

#[tokio::test]
async fn what_is_out_of_reach_depends_on_who_goes() {
    let (bench, _service) = Bench::with_account().await;
    let id = bench
        .with_pages(&[
            ("http://sample.shop/shop", ""),
            ("http://10.0.0.2:8080/", ""),
            ("wiki", ""),
        ])
        .await;
    use ProblemKind::*;
    let on_cloud = kinds(&bench.all_pages(&id).await);
    assert_eq!(on_cloud, [Some(Private), Some(Private), Some(Malformed)]);
    bench.core.accounts.select("local".into()).await.unwrap();
    let mut settings = bench.core.settings.read();
    settings.allowed_hosts = vec!["10.0.0.2:8080".into(), "wiki".into()];
    bench.core.settings.update(settings.clone()).await.unwrap();
    let here = kinds(&bench.all_pages(&id).await);
    assert_eq!(here, [None, None, None], "the settings allow them here");
    settings.allowed_hosts = vec!["10.0.0.2:9090".into()];
    bench.core.settings.update(settings).await.unwrap();
    let other_port = kinds(&bench.all_pages(&id).await);
    assert_eq!(other_port, [None, Some(Private), Some(Malformed)]);
}

#[tokio::test]
async fn a_cell_is_mended_in_place() {
    let bench = Bench::new().await;
    let id = bench
        .with_pages(&[
            ("a.example", ""),
            ("not an address", "B"),
            ("a.example", ""),
        ])
        .await;
    let edit = |page, column, value: &str| {
        bench
            .lists()
            .edit_page(id.clone(), page, column, value.into())
    };
    let mended = edit(2, PageColumn::Address, " b.example ").await.unwrap();
    assert_eq!(
        (mended.address.as_str(), mended.problem),
        ("b.example", None)
    );
    let labelled = edit(3, PageColumn::Label, "second").await.unwrap();
    assert_eq!(labelled.problem, None, "another label makes another page");
    let wrong = edit(1, PageColumn::Location, "Atlantis").await.unwrap();
    assert_eq!(wrong.problem.unwrap().kind, ProblemKind::WrongOption);
    let right = edit(1, PageColumn::Location, "germany").await.unwrap();
    assert_eq!(right.problem, None);
    assert_eq!(right.own.len(), 1, "it has an option of its own");
    let without = edit(1, PageColumn::Location, "").await.unwrap();
    assert!(without.own.is_empty(), "empty is the option for every page");
    let shot = edit(1, PageColumn::Screenshot, "yes").await.unwrap();
    assert!(
        shot.problem
            .as_ref()
            .is_some_and(|problem| problem.words.contains("browser")),
        "{shot:?}"
    );
    assert!(
        edit(9, PageColumn::Label, "x").await.is_err(),
        "there is no such page"
    );
}

#[tokio::test]
async fn what_is_taken_out_comes_back_where_it_was() {
    let mut bench = Bench::new().await;
    let id = bench
        .with_pages(&[
            ("a.example", ""),
            ("b.example", ""),
            ("nope nope", ""),
            ("a.example", ""),
        ])
        .await;
    let removed = bench
        .lists()
        .remove_pages(some(&id, &[1, 2, 77]))
        .await
        .unwrap();
    assert_eq!(removed.removed, 2, "what is not there is not counted");
    assert_eq!(
        kinds(&bench.all_pages(&id).await),
        [Some(ProblemKind::Malformed), None],
        "without the first the second is no duplicate"
    );
    let left_out = bench
        .lists()
        .leave_out_problems(id.clone(), vec![])
        .await
        .unwrap();
    assert_eq!((left_out.removed, left_out.report.rows), (1, 1));
    let again = bench
        .lists()
        .leave_out_problems(id.clone(), vec![])
        .await
        .unwrap();
    assert_eq!(
        (again.removed, again.undo),
        (0, 0),
        "nothing is left to leave out"
    );
    bench
        .lists()
        .restore_pages(id.clone(), removed.undo)
        .await
        .unwrap();
    assert_eq!(
        addresses(&bench.all_pages(&id).await),
        ["a.example", "b.example", "a.example"],
        "only what that step took"
    );
    bench
        .lists()
        .restore_pages(id.clone(), left_out.undo)
        .await
        .unwrap();
    assert_eq!(bench.all_pages(&id).await.all, 4);
    assert_eq!(bench.lists().get(id.clone()).await.unwrap().pages, 4);
    bench.lists().remove_pages(some(&id, &[4])).await.unwrap();
    bench.restart().await;
    assert_eq!(bench.all_pages(&id).await.all, 3, "a start keeps it so");
    let left: u32 = bench
        .core
        .library
        .database()
        .call(|db| db.query_row("SELECT count(*) FROM pages", [], |row| row.get(0)))
        .await
        .unwrap();
    assert_eq!(left, 3, "and forgets what was taken out");
}

#[tokio::test]
async fn all_that_was_found_is_taken_out_but_for_some() {
    let bench = Bench::new().await;
    let many: Vec<String> = (0..600)
        .map(|n| format!("https://s{}.example/{n}", n % 2))
        .collect();
    let id = bench.create("Many").await;
    let added = bench
        .lists()
        .paste_pages(id.clone(), many.join("\r\n"))
        .await
        .unwrap();
    assert_eq!((added.added, added.first_id, added.last_id), (600, 1, 600));
    let selection = PageSelection {
        all: true,
        find: "s1.EXAMPLE".into(),
        ..some(&id, &[2])
    };
    let removed = bench.lists().remove_pages(selection).await.unwrap();
    assert_eq!(removed.removed, 299);
    let found = PagesQuery {
        find: "s1.example/".into(),
        ..query(&id)
    };
    assert_eq!(bench.lists().pages(found).await.unwrap().found, 1);
    let percent = PagesQuery {
        find: "%".into(),
        ..query(&id)
    };
    assert_eq!(
        bench.lists().pages(percent).await.unwrap().found,
        0,
        "% is only itself"
    );
    let back = bench
        .lists()
        .take_back_pages(id.clone(), 1, 600)
        .await
        .unwrap();
    assert_eq!(
        (back.removed, back.report.rows),
        (301, 0),
        "pasting is undone"
    );
}

#[tokio::test]
async fn a_paste_is_read_as_it_was_copied() {
    let bench = Bench::new().await;
    for (text, expected) in [
        (
            "a.example\nb.example\n\n",
            &[("a.example", ""), ("b.example", "")][..],
        ),
        (
            "a.example\tA\nb.example\tB",
            &[("a.example", "A"), ("b.example", "B")],
        ),
        (
            "SKU\tURL\nA\ta.example\nB\tb.example",
            &[("a.example", "A"), ("b.example", "B")],
        ),
        (
            "x;https://a.example/?q=1,2\ny;https://b.example/?q=3,4",
            &[
                ("https://a.example/?q=1,2", "x"),
                ("https://b.example/?q=3,4", "y"),
            ],
        ),
        (
            "https://a.example/?q=1,2",
            &[("https://a.example/?q=1,2", "")],
        ),
        (
            "https://a.example/1,2\nhttps://b.example/",
            &[("https://a.example/1,2", ""), ("https://b.example/", "")],
        ),
        ("\"a.example\nb", &[("\"a.example", ""), ("b", "")]),
    ] {
        let id = bench.create("").await;
        bench
            .lists()
            .paste_pages(id.clone(), text.into())
            .await
            .unwrap();
        let page = bench.all_pages(&id).await;
        let rows: Vec<_> = page
            .rows
            .iter()
            .map(|row| (row.address.as_str(), row.label.as_str()))
            .collect();
        assert_eq!(rows, expected, "pasted {text:?}");
    }
}

#[tokio::test]
async fn a_run_gets_the_good_rows_in_pages() {
    let bench = Bench::new().await;
    let id = bench
        .lists()
        .create(CollectionForm {
            name: "Run".into(),
            options: ScrapeForm {
                language: "es".into(),
                ..ScrapeForm::default()
            },
        })
        .await
        .unwrap()
        .id;
    bench
        .lists()
        .add_pages(
            id.clone(),
            forms(&[
                ("a.example", "A"),
                ("no no", ""),
                ("b.example", ""),
                ("a.example", "A"),
                ("c.example", ""),
            ]),
        )
        .await
        .unwrap();
    bench
        .lists()
        .edit_page(id.clone(), 3, PageColumn::Browser, "yes".into())
        .await
        .unwrap();
    let account = bench.core.accounts.active().await.unwrap();
    let rows = bench
        .lists()
        .rows_for_run(id.clone(), &account, 0, 2)
        .await
        .unwrap();
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(rows[0].request.url, "https://a.example/");
    assert_eq!(rows[0].request.custom_id.as_deref(), Some("A"));
    assert_eq!(rows[0].request.language.as_deref(), Some("es"));
    assert!(rows[1].request.browser && rows[1].request.custom_id.is_none());
    let rest = bench
        .lists()
        .rows_for_run(id.clone(), &account, 3, 500)
        .await
        .unwrap();
    assert_eq!(rest.iter().map(|row| row.id).collect::<Vec<_>>(), [5]);
    assert!(
        bench
            .lists()
            .rows_for_run(id.clone(), &account, 5, 500)
            .await
            .unwrap()
            .is_empty()
    );
    bench
        .lists()
        .record_refusals(
            id.clone(),
            vec![(3, Refusal::Blocked, "No such host.".into())],
        )
        .await
        .unwrap();
    let page = bench.all_pages(&id).await;
    let problem = page.rows[2].problem.clone().unwrap();
    assert_eq!(problem.kind, ProblemKind::Refused);
    assert!(problem.words.contains("No such host."), "{}", problem.words);
    let report = bench.lists().report(id.clone()).await.unwrap();
    assert_eq!(
        (report.problems, report.will_run),
        (3, 3),
        "it is asked again all the same"
    );
    bench
        .lists()
        .edit_page(id.clone(), 3, PageColumn::Address, "d.example".into())
        .await
        .unwrap();
    assert_eq!(
        bench.all_pages(&id).await.rows[2].problem,
        None,
        "a change starts afresh"
    );
}
