//! What the dialog is told before anything is written.

use std::fs;

use scrapingpros_core::ErrorCode;
use scrapingpros_core::exports::{ExportForm, ExportFormat, ExportWhich};
use scrapingpros_core::scrape::{FieldForm, ScrapeForm, StepForm, StepKind, StepState};

use crate::Bench;
use crate::tables::{csv_rows, shop};

#[tokio::test(flavor = "multi_thread")]
async fn the_forms_fields_come_first_and_in_their_order() {
    let bench = Bench::new(shop()).await;
    let field = |name: &str| FieldForm {
        name: name.into(),
        ..FieldForm::default()
    };
    let collect = StepForm {
        kind: StepKind::Collect,
        extract: vec![field("rows")],
        ..step()
    };
    let form = ScrapeForm {
        extract: vec![field("sizes"), field("never there"), field("name")],
        steps: vec![
            StepForm {
                kind: StepKind::Repeat,
                steps: vec![collect],
                ..step()
            },
            StepForm {
                kind: StepKind::Click,
                extract: vec![field("typed before it was a click")],
                ..step()
            },
        ],
        ..ScrapeForm::default()
    };
    let own = ScrapeForm {
        extract: vec![field("own")],
        ..ScrapeForm::default()
    };
    let json = |form: &ScrapeForm| serde_json::to_string(form).unwrap().replace('\'', "''");
    bench
        .sql(&format!(
            "UPDATE runs SET form = '{}'; UPDATE jobs SET own = '{}' WHERE place = 2",
            json(&form),
            json(&own)
        ))
        .await;
    let offer = bench
        .core
        .exports
        .offer(bench.run_id.clone())
        .await
        .unwrap();
    let expected = ["sizes", "never there", "name", "rows", "own"];
    assert_eq!(offer.fields, expected);
    let csv = bench.export(bench.form(ExportFormat::Csv)).await.unwrap();
    let rows = csv_rows(&fs::read(&csv.path).unwrap(), b',');
    let known = rows[0][2..7].iter().map(String::as_str);
    assert_eq!(known.collect::<Vec<_>>(), expected);
    assert_eq!(
        rows[0][7..11],
        ["price", "rating", "in stock", "id"],
        "what the forms do not name comes after them"
    );
    let mut form = bench.form(ExportFormat::Csv);
    form.fields = false;
    form.failures = false;
    let csv = bench.export(form).await.unwrap();
    let rows = csv_rows(&fs::read(&csv.path).unwrap(), b',');
    assert_eq!(rows[0], ["Label", "Address", "Seconds", "Credits", "Ended"]);
    assert_eq!(rows.len(), 4, "the failed are left out");
}

fn step() -> StepForm {
    StepForm {
        kind: StepKind::Click,
        selector: String::new(),
        text: String::new(),
        time: 0,
        state: StepState::Visible,
        optional: false,
        wait_for_navigation: false,
        while_visible: false,
        max_rounds: 0,
        steps: Vec::new(),
        extract: Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_offer_and_the_check_say_what_would_come_of_it() {
    let bench = Bench::new(shop()).await;
    let offer = bench
        .core
        .exports
        .offer(bench.run_id.clone())
        .await
        .unwrap();
    assert_eq!((offer.successful, offer.failed, offer.waiting), (3, 2, 0));
    assert_eq!(offer.file_names[0], "{number} {label}");
    assert_eq!(offer.file_name_example, "1 TNT-1.html");
    assert!(!offer.folder.is_empty());
    let check = async |change: &dyn Fn(&mut ExportForm)| {
        let mut form = bench.form(ExportFormat::Zip);
        change(&mut form);
        bench.core.exports.check(form).await.unwrap()
    };
    let all = check(&|_| {}).await;
    assert_eq!((all.problem.as_str(), all.count), ("", 5));
    let fine = check(&|form| form.failures = false).await;
    assert_eq!((fine.problem.as_str(), fine.count), ("", 3));
    let successful = check(&|form| form.which = ExportWhich::Successful).await;
    assert_eq!(successful.count, 3, "the failed are not successful");
    let chosen = check(&|form| {
        form.which = ExportWhich::Chosen;
        form.job_ids = vec!["4".into(), "2".into(), "999".into(), "x".into()];
        form.file_names = "{label}, {site} {date}".into();
    })
    .await;
    assert_eq!(chosen.count, 2);
    assert_eq!(chosen.example, "TNT-333, shop.example 2026-05-03.html");
    for (pattern, words) in [
        ("", "Say how"),
        ("{lable}", "Nothing is called {lable}"),
        ("{number", "has no }"),
        ("number}", "has no {"),
    ] {
        let check = check(&|form| form.file_names = pattern.into()).await;
        assert!(check.problem.contains(words), "{pattern}: {check:?}");
    }
    let none = check(&|form| form.which = ExportWhich::Chosen).await;
    assert_eq!(none.problem, "Choose pages in the table first.");
    let only_failed = check(&|form| {
        form.which = ExportWhich::Chosen;
        form.job_ids = vec!["1".into()];
        form.failures = false;
    })
    .await;
    assert!(
        only_failed.problem.contains("List the failed"),
        "{only_failed:?}"
    );
    let bare = check(&|form| {
        form.format = ExportFormat::Csv;
        form.label_and_address = false;
        form.fields = false;
    })
    .await;
    assert!(bare.problem.starts_with("Choose what the table has"));
    let error = bench
        .export(ExportForm {
            file_names: "{no}".into(),
            ..bench.form(ExportFormat::Zip)
        })
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidForm);
    assert!(bench.left().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_goes_on_gives_what_it_has() {
    let bench = Bench::new(shop()).await;
    bench
        .sql("UPDATE jobs SET outcome = 0, result_id = NULL WHERE place = 4; UPDATE runs SET state = 'running'")
        .await;
    let offer = bench
        .core
        .exports
        .offer(bench.run_id.clone())
        .await
        .unwrap();
    assert_eq!((offer.successful, offer.failed, offer.waiting), (2, 2, 1));
    let exported = bench.export(bench.form(ExportFormat::Csv)).await.unwrap();
    assert_eq!((exported.results, exported.left_out), (4, 0));
    bench
        .sql("UPDATE jobs SET outcome = 0, result_id = NULL")
        .await;
    let check = bench
        .core
        .exports
        .check(bench.form(ExportFormat::Csv))
        .await
        .unwrap();
    assert_eq!(check.problem, "No page of this run has ended yet.");
}
