use scrapingpros_core::ErrorCode;
use scrapingpros_core::collections::*;
use scrapingpros_core::results::Outcome;
use scrapingpros_core::scrape::ScrapeForm;
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use super::{Bench, addresses, form, forms, query};

fn list(sort: CollectionsSort) -> CollectionsQuery {
    CollectionsQuery {
        find: String::new(),
        filter: CollectionsFilter::All,
        sort,
        offset: 0,
        limit: 500,
    }
}

fn names(page: &CollectionsPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.name.as_str()).collect()
}

#[tokio::test]
async fn a_collection_is_kept_as_it_was_filled_in() {
    let mut bench = Bench::new().await;
    let options = ScrapeForm {
        address: "https://not-kept.example/".into(),
        browser: true,
        language: "es-AR".into(),
        ..ScrapeForm::default()
    };
    let made = bench
        .lists()
        .create(CollectionForm {
            name: "  Autumn   price check ".into(),
            options: options.clone(),
        })
        .await
        .unwrap();
    assert_eq!(made.name, "Autumn price check", "white space is tidied");
    bench.restart().await;
    let kept = bench.lists().get(made.id.clone()).await.unwrap();
    let expected = ScrapeForm {
        address: String::new(),
        ..options
    };
    assert_eq!(kept.options, expected, "all options but the address");
    assert_eq!(kept, made, "a restart changes nothing");
}

#[tokio::test]
async fn a_new_one_gets_a_free_name_and_a_change_needs_one() {
    let bench = Bench::new().await;
    let first = bench.lists().create(form("")).await.unwrap();
    let second = bench.lists().create(form(" ")).await.unwrap();
    assert_eq!(
        (first.name.as_str(), second.name.as_str()),
        ("New collection", "New collection 2")
    );
    for name in [String::new(), "x".repeat(201)] {
        let refused = bench.lists().update(first.id.clone(), form(&name)).await;
        let error = refused.expect_err("this is no name");
        assert_eq!(error.problems[0].field, "name", "{error:?}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_the_options_is_told_and_kept_all_the_same() {
    let bench = Bench::new().await;
    let made = bench
        .lists()
        .create(CollectionForm {
            name: "Pictures".into(),
            options: ScrapeForm {
                screenshot: true,
                ..ScrapeForm::default()
            },
        })
        .await
        .unwrap();
    assert_eq!(made.problems[0].field, "screenshot");
    assert!(bench.lists().get(made.id).await.unwrap().options.screenshot);
}

#[tokio::test]
async fn the_list_is_searched_and_sorted() {
    let bench = Bench::new().await;
    bench.create("Zelte").await;
    bench
        .with_pages(&[("a.example", ""), ("b.example", "")])
        .await;
    bench.create("árboles").await;
    let by = |sort| bench.lists().list(list(sort));
    assert_eq!(
        names(&by(CollectionsSort::Name).await.unwrap()),
        ["Tents", "Zelte", "árboles"]
    );
    assert_eq!(
        names(&by(CollectionsSort::Made).await.unwrap()),
        ["árboles", "Tents", "Zelte"],
        "the newest first"
    );
    assert_eq!(
        names(&by(CollectionsSort::Pages).await.unwrap())[0],
        "Tents"
    );
    assert_eq!(
        names(&by(CollectionsSort::LastRun).await.unwrap()),
        ["árboles", "Tents", "Zelte"],
        "none was ever run"
    );
    let found = bench
        .lists()
        .list(CollectionsQuery {
            find: "ÁRB".into(),
            ..list(CollectionsSort::Name)
        })
        .await
        .unwrap();
    assert_eq!(names(&found), ["árboles"]);
    assert_eq!((found.all, found.running, found.need_look), (1, 0, 0));
}

#[tokio::test]
async fn a_copy_has_the_pages_and_goes_its_own_way() {
    let bench = Bench::new().await;
    let id = bench
        .with_pages(&[("a.example", "A"), ("b.example", ""), ("c.example", "")])
        .await;
    let removed = PageSelection {
        collection_id: id.clone(),
        all: false,
        ids: vec![2],
        find: String::new(),
        only_problems: false,
    };
    bench.lists().remove_pages(removed).await.unwrap();
    let copy = bench.lists().duplicate(id.clone()).await.unwrap();
    assert_eq!((copy.name.as_str(), copy.pages), ("Copy of Tents", 2));
    bench
        .lists()
        .add_pages(copy.id.clone(), forms(&[("d.example", "")]))
        .await
        .unwrap();
    assert_eq!(
        addresses(&bench.all_pages(&copy.id).await),
        ["a.example", "c.example", "d.example"]
    );
    assert_eq!(
        addresses(&bench.all_pages(&id).await),
        ["a.example", "c.example"],
        "the first one is as it was"
    );
}

#[tokio::test]
async fn a_deleted_one_comes_back_until_the_next_start() {
    let mut bench = Bench::new().await;
    let id = bench.with_pages(&[("a.example", "")]).await;
    bench.lists().delete(id.clone()).await.unwrap();
    let gone = bench.lists().get(id.clone()).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::NotFound);
    assert!(
        names(
            &bench
                .lists()
                .list(list(CollectionsSort::Name))
                .await
                .unwrap()
        )
        .is_empty()
    );
    let back = bench.lists().restore(id.clone()).await.unwrap();
    assert_eq!(back.pages, 1, "with its pages");
    assert_eq!(addresses(&bench.all_pages(&id).await), ["a.example"]);
    bench.lists().delete(id.clone()).await.unwrap();
    bench.restart().await;
    let error = bench.lists().restore(id).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound, "the start forgot it");
    let left = bench
        .core
        .library
        .database()
        .call(|db| db.query_row("SELECT count(*) FROM pages", [], |row| row.get::<_, u32>(0)))
        .await
        .unwrap();
    assert_eq!(left, 0, "and its pages");
}

#[tokio::test]
async fn a_result_becomes_a_collection_with_its_options() {
    let bench = Bench::new().await;
    let options = ScrapeForm {
        address: "https://www.nordlys.example/tents".into(),
        browser: true,
        screenshot: true,
        ..ScrapeForm::default()
    };
    let result = bench
        .core
        .library
        .keep(Outcome {
            form: options.clone(),
            request: serde_json::from_value(json!({"url": options.address, "browser": true}))
                .unwrap(),
            response: serde_json::from_value(
                json!({"html": "<p>x</p>", "statusCode": 200, "guidance": {"success": true}}),
            )
            .unwrap(),
            account_id: "local".into(),
            account_name: "On this computer".into(),
            local: true,
            credits: Some(0),
            duration_ms: 4000,
            started_at: 1_780_000_000,
        })
        .await
        .unwrap();
    let made = bench.lists().create_from_result(result.id).await.unwrap();
    assert_eq!((made.name.as_str(), made.pages), ("nordlys.example", 1));
    assert!(made.options.browser && made.options.screenshot);
    assert_eq!(
        addresses(&bench.all_pages(&made.id).await),
        [options.address.as_str()]
    );
    let time = bench.lists().estimate(made.id).await.unwrap().time;
    let time = time.expect("this site was scraped before");
    assert_eq!((time.low_seconds, time.from_runs), (1, false), "{time:?}");
}

#[tokio::test]
async fn the_estimate_is_a_ceiling_from_the_services_own_prices() {
    let (bench, _service) = Bench::with_account().await;
    let (id, _) = bench
        .import(
            "prices.csv",
            "url,browser\nhttps://a.example/1,no\nhttps://a.example/2,\nhttps://a.example/3,yes\nnowhere at all,\n",
        )
        .await;
    let estimate = bench.lists().estimate(id.clone()).await.unwrap();
    assert_eq!(
        (
            estimate.pages,
            estimate.simple_pages,
            estimate.browser_pages
        ),
        (3, 2, 1),
        "what is no address is not paid for"
    );
    assert_eq!(
        (estimate.credits, estimate.left, estimate.left_after),
        (11, Some(100), Some(89.0))
    );
    assert!(!estimate.over_quota && !estimate.free);
    let many: Vec<String> = (0..60).map(|n| format!("https://b.example/{n}")).collect();
    let added = bench.lists().paste_pages(id.clone(), many.join("\n")).await;
    assert_eq!(added.unwrap().added, 60);
    let over = bench.lists().estimate(id.clone()).await.unwrap();
    assert_eq!((over.credits, over.over_quota), (131, true));
    assert_eq!(over.left_after, Some(-31.0), "how many are missing");
    let mut settings = bench.core.settings.read();
    settings.monthly_budget = 150;
    bench.core.settings.update(settings).await.unwrap();
    let within = bench.lists().estimate(id.clone()).await.unwrap();
    assert_eq!(
        (within.budget, within.spent, within.over_budget),
        (Some(150), 0, false)
    );
    bench
        .core
        .library
        .database()
        .call(|db| {
            db.execute_batch(
                "INSERT INTO journal (id, started_at, account_id, address, kind, credits_at_most, state, credits)
                 VALUES ('1', unixepoch(), 'acme', '', 'scrape', 10, 'kept', 7),
                        ('2', unixepoch(), 'acme', '', 'scrape', 13, 'open', NULL),
                        ('3', unixepoch('now', '-40 days'), 'acme', '', 'scrape', 99, 'kept', 99),
                        ('4', unixepoch(), 'local', '', 'scrape', 99, 'kept', 0)",
            )
        })
        .await
        .unwrap();
    let beyond = bench.lists().estimate(id.clone()).await.unwrap();
    assert_eq!((beyond.spent, beyond.over_budget), (20, true));
    bench.core.accounts.select("local".into()).await.unwrap();
    let free = bench.lists().estimate(id).await.unwrap();
    assert!(
        free.free && free.credits == 0 && free.left.is_none(),
        "{free:?}"
    );
}

#[tokio::test]
async fn the_list_tells_of_the_runs() {
    let bench = Bench::new().await;
    let fine = bench.create("Fine").await;
    let poor = bench.create("Poor").await;
    let busy = bench.create("Busy").await;
    let never = bench.create("Never").await;
    let mut rows: Vec<(String, String, u32, u32, u32)> = (1..=10)
        .map(|nth| {
            (
                fine.clone(),
                "finished".to_owned(),
                nth,
                100 - nth,
                1000 + nth,
            )
        })
        .collect();
    rows.push((poor.clone(), "finished".into(), 1, 81, 2000));
    rows.push((busy.clone(), "finished".into(), 1, 0, 500));
    rows.push((busy.clone(), "running".into(), 2, 64, 1500));
    bench
        .core
        .library
        .database()
        .call(move |db| {
            for (list, state, nth, success, at) in rows {
                db.execute(
                    "INSERT INTO runs (id, collection_id, collection_name, nth, account_id, account_name, local, form,
                         state, queued, success, failed, started_at, ended_at, service_collection)
                     VALUES (?1 || ?3, ?1, 'x', ?3, 'a', 'Acme', 0, '{}', ?2, 100, ?4, 3, ?5,
                         iif(?2 = 'running', NULL, ?5 + 60), 'x1')",
                    (list, state, nth, success, at),
                )?;
            }
            Ok::<_, rusqlite::Error>(())
        })
        .await
        .unwrap();
    let page = bench
        .lists()
        .list(list(CollectionsSort::LastRun))
        .await
        .unwrap();
    assert_eq!(
        names(&page),
        ["Busy", "Poor", "Fine", "Never"],
        "what runs is first"
    );
    assert_eq!((page.all, page.running, page.need_look), (4, 1, 1));
    assert_eq!(page.rows[0].history, [0]);
    assert_eq!(
        page.rows[2].history,
        [97, 96, 95, 94, 93, 92, 91, 90],
        "the last eight, oldest first"
    );
    let last = page.rows[2].last_run.clone().unwrap();
    assert_eq!((last.number, last.success, last.running), (10, 90, false));
    let need_look = CollectionsQuery {
        filter: CollectionsFilter::NeedLook,
        ..list(CollectionsSort::Name)
    };
    assert_eq!(
        names(&bench.lists().list(need_look).await.unwrap()),
        ["Poor"]
    );
    assert_eq!(bench.lists().get(never).await.unwrap().last_run, None);
    // The paid account's pace says nothing of this computer.
    bench
        .lists()
        .add_pages(fine.clone(), forms(&[("a.example", "")]))
        .await
        .unwrap();
    assert_eq!(bench.lists().estimate(fine).await.unwrap().time, None);
}

#[tokio::test]
async fn collections_made_elsewhere_are_named() {
    let (bench, service) = Bench::with_account().await;
    Mock::given(method("GET"))
        .and(path("/v1/async/collections"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!([
            {"id": "x1", "name": "By script", "created_at": 1777853200.5},
            {"id": "x2", "name": "Old", "created_at": null}
        ])))
        .mount(&service)
        .await;
    let elsewhere = bench.lists().elsewhere().await.unwrap();
    let seen: Vec<_> = elsewhere
        .iter()
        .map(|one| (one.name.as_str(), one.created_at))
        .collect();
    assert_eq!(seen, [("By script", Some(1_777_853_200)), ("Old", None)]);
}

#[tokio::test]
async fn a_list_that_is_not_there_is_told_so() {
    let bench = Bench::new().await;
    let error = bench.lists().pages(query("nothing")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    assert!(
        error.message.contains("not there any more"),
        "{}",
        error.message
    );
}
