//! The library as one file, there and back, and files that are not what they seem.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use scrapingpros_core::library::{LibraryExported, LibraryImported, TransferProgress};
use scrapingpros_core::{Answer, ErrorCode};
use serde_json::json;
use zip::write::SimpleFileOptions;

use crate::finding::query;
use crate::{Bench, base64, file_outcome, outcome_with, png};

async fn export(bench: &Bench, path: &Path) -> Answer<LibraryExported> {
    let ticket = bench.library.begin_transfer("out").unwrap();
    bench.library.export(ticket, path.to_owned(), |_| {}).await
}

async fn import(bench: &Bench, path: &Path) -> Answer<LibraryImported> {
    let ticket = bench.library.begin_transfer("in").unwrap();
    bench.library.import(ticket, path.to_owned(), |_| {}).await
}

async fn filled() -> Bench {
    let bench = Bench::new().await;
    let shot = base64(&png(40, 30));
    for place in 0..130 {
        let mut one = match place % 3 {
            0 => outcome_with(json!({
                "html": format!("<title>Page {place}</title><p>word{place}</p>"), "screenshot": shot,
                "extracted_data": {"name": ["a", "b"]}
            })),
            1 => outcome_with(json!({ "html": format!("<title>Page {place}</title>") })),
            _ => file_outcome(b"%PDF-1.7\n", "application/pdf", "https://a.example/a.pdf"),
        };
        one.started_at += place;
        bench.library.keep(one).await.unwrap();
    }
    bench
}

fn target(bench: &Bench) -> PathBuf {
    bench.folder.path().join("library.zip")
}

/// An archive with these entries.
fn archive(path: &Path, entries: &[(&str, &[u8])]) {
    let mut archive = zip::ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in entries {
        archive
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
}

#[tokio::test]
async fn a_library_comes_back_whole_and_only_once() {
    let bench = filled().await;
    let all = bench.library.page(query("")).await.unwrap();
    let first = all.rows[0].id.clone();
    bench
        .library
        .set_tag(vec![first.clone()], "Kept".into(), true)
        .await
        .unwrap();
    bench
        .library
        .delete(vec![all.rows[1].id.clone()])
        .await
        .unwrap();
    let exported = export(&bench, &target(&bench)).await.unwrap();
    assert_eq!(
        (exported.results, exported.lost),
        (129, 0),
        "the deleted one stays away"
    );

    let other = Bench::new().await;
    let imported = import(&other, &target(&bench)).await.unwrap();
    assert_eq!((imported.added, imported.known), (129, 0));
    let page = other.library.page(query("word33")).await.unwrap();
    assert_eq!(page.rows[0].title, "Page 33", "its words are found");
    for row in [&first, &page.rows[0].id] {
        let [was, is] = [
            bench.library.view(row.clone()).await.unwrap(),
            other.library.view(row.clone()).await.unwrap(),
        ];
        assert_eq!(was, is);
    }
    let shot = format!("/{}/screenshot", page.rows[0].id);
    assert_eq!(
        bench.library.preview(&shot).await.unwrap(),
        other.library.preview(&shot).await.unwrap()
    );
    assert!(
        other
            .library
            .preview(&shot.replace("screenshot", "thumbnail"))
            .await
            .is_ok()
    );
    assert_eq!(other.library.filters().await.unwrap().tags, ["Kept"]);

    let again = import(&other, &target(&bench)).await.unwrap();
    assert_eq!(
        (again.added, again.known),
        (0, 129),
        "nothing is there twice"
    );
    let again = import(&bench, &target(&bench)).await.unwrap();
    assert_eq!((again.added, again.known), (0, 129));
}

#[tokio::test]
async fn a_cancelled_export_leaves_nothing_and_a_cancelled_import_what_it_has() {
    let bench = filled().await;
    let ticket = bench.library.begin_transfer("out").unwrap();
    assert!(
        bench.library.begin_transfer("out").is_err(),
        "an id is used once at a time"
    );
    bench.library.cancel_transfer("out");
    let error = bench
        .library
        .export(ticket, target(&bench), |_| {})
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::Cancelled);
    let left: Vec<_> = std::fs::read_dir(bench.folder.path())
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("zip") || name.contains("unfinished"))
        .collect();
    assert_eq!(left, Vec::<String>::new());

    export(&bench, &target(&bench)).await.unwrap();
    let other = Bench::new().await;
    let ticket = other.library.begin_transfer("in").unwrap();
    let library = other.library.clone();
    let stop = move |progress: TransferProgress| {
        if progress.done >= 60 {
            library.cancel_transfer("in");
        }
    };
    let imported = other
        .library
        .import(ticket, target(&bench), stop)
        .await
        .unwrap();
    assert!(
        imported.cancelled && (60..130).contains(&imported.added),
        "{imported:?}"
    );
    let found = other.library.page(query("")).await.unwrap().found;
    assert_eq!(found, imported.added);
    let rest = import(&other, &target(&bench)).await.unwrap();
    assert_eq!(rest.added + rest.known, 130);
}

#[tokio::test]
async fn what_is_no_library_is_said_in_words() {
    let bench = Bench::new().await;
    let path = target(&bench);
    let said = async |bench: &Bench| {
        let error = import(bench, &target(bench)).await.unwrap_err();
        assert_eq!(error.problems[0].field, "file");
        error.problems[0].message.clone()
    };
    std::fs::write(&path, "no archive at all").unwrap();
    assert!(said(&bench).await.contains("no library"));
    archive(&path, &[("readme.txt", b"hello")]);
    assert!(said(&bench).await.contains("no library"));
    archive(&path, &[("library.json", b"[]")]);
    assert!(said(&bench).await.contains("no library"));
    archive(
        &path,
        &[(
            "library.json",
            br#"{"scrapingpros_library": 2, "novelty": true}"#,
        )],
    );
    assert!(said(&bench).await.contains("newer version"));
    archive(
        &path,
        &[(
            "library.json",
            br#"{"scrapingpros_library":1,"results":5,"chunks":1}"#,
        )],
    );
    assert!(said(&bench).await.contains("Nothing was imported"));
    let missing = bench.folder.path().join("missing.zip");
    assert_eq!(
        import(&bench, &missing).await.unwrap_err().code,
        ErrorCode::Storage
    );
}

#[tokio::test]
async fn what_comes_before_a_damage_is_kept() {
    let bench = filled().await;
    export(&bench, &target(&bench)).await.unwrap();
    let mut source = zip::ZipArchive::new(File::open(target(&bench)).unwrap()).unwrap();
    let read = |name: &str, source: &mut zip::ZipArchive<File>| {
        let mut bytes = Vec::new();
        std::io::copy(&mut source.by_name(name).unwrap(), &mut bytes).unwrap();
        bytes
    };
    let manifest = read("library.json", &mut source);
    let mut chunk = read("results/000001", &mut source);
    chunk.truncate(chunk.len() - 3);
    let other = Bench::new().await;
    archive(
        &target(&other),
        &[("results/000001", &chunk), ("library.json", &manifest)],
    );
    let error = import(&other, &target(&other)).await.unwrap_err();
    assert!(
        error.problems[0].message.contains("129 results"),
        "{error:?}"
    );
    assert_eq!(other.library.page(query("")).await.unwrap().found, 129);
}

/// One result as the app writes it, but for what a test changes.
fn entry() -> serde_json::Value {
    json!({
        "id": "6f1b9d7e-0000-4000-8000-000000000000", "address": "https://a.example/", "title": "A", "verdict": "success",
        "browser": false, "account_name": "Acme", "local": false, "credits": 1, "duration_ms": 5, "created_at": 7,
        "label": "", "tags": ["x"], "form": scrapingpros_core::scrape::ScrapeForm::default(), "request": {}, "answer": {},
        "parts": [{"name": "page", "content_type": "text/html", "size": 4, "count": 0, "width": 0, "height": 0}]
    })
}

fn file_with(bench: &Bench, entry: &serde_json::Value) -> PathBuf {
    let chunk = format!("{entry}\nbody");
    let manifest = br#"{"scrapingpros_library":1,"results":1,"chunks":1}"#;
    archive(
        &target(bench),
        &[
            ("results/000001", chunk.as_bytes()),
            ("library.json", manifest),
        ],
    );
    target(bench)
}

#[tokio::test]
async fn a_hostile_file_brings_nothing_in() {
    let bench = Bench::new().await;
    for (field, value) in [
        ("id", json!("../../etc/passwd")),
        ("id", json!("6F1B9D7E-0000-4000-8000-000000000000")),
        ("address", json!("javascript:alert(1)")),
        ("address", json!("file:///etc/passwd")),
        ("verdict", json!("perfect")),
        ("form", json!({"address": 7})),
        ("request", json!([])),
        ("answer", json!("x")),
        ("tags", json!([""])),
        ("created_at", json!(-1)),
        (
            "parts",
            json!([{"name": "../x", "content_type": "text/html", "size": 4, "count": 0, "width": 0, "height": 0}]),
        ),
        (
            "parts",
            json!([{"name": "thumbnail", "content_type": "image/png", "size": 4, "count": 0, "width": 0, "height": 0}]),
        ),
        (
            "parts",
            json!([{"name": "page", "content_type": "text/html\r\nX: y", "size": 4, "count": 0, "width": 0, "height": 0}]),
        ),
        (
            "parts",
            json!([{"name": "page", "content_type": "text/html", "size": 99_999_999_999_u64, "count": 0, "width": 0, "height": 0}]),
        ),
        (
            "parts",
            json!([{"name": "page", "content_type": "text/html", "size": 5, "count": 0, "width": 0, "height": 0}]),
        ),
    ] {
        let mut changed = entry();
        changed[field] = value.clone();
        let error = import(&bench, &file_with(&bench, &changed))
            .await
            .unwrap_err();
        assert!(
            error.problems[0].message.contains("damaged"),
            "{field}: {value}"
        );
        assert_eq!(
            bench.library.page(query("")).await.unwrap().found,
            0,
            "{field}: {value}"
        );
    }
    let mut renamed = entry();
    renamed["title"] = json!("Invoice\u{202e}fdp.exe\nX");
    import(&bench, &file_with(&bench, &renamed)).await.unwrap();
    let page = bench.library.page(query("")).await.unwrap();
    assert!(
        !page.rows[0].title.contains(['\u{202e}', '\n']),
        "{:?}",
        page.rows[0].title
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_an_import_panic(chunk in prop::collection::vec(any::<u8>(), 0..300), cut in 0_usize..600) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let bench = Bench::new().await;
            let manifest = br#"{"scrapingpros_library":1,"results":1,"chunks":1}"#;
            let mut whole = format!("{}\nbody", entry()).into_bytes();
            whole.truncate(cut);
            whole.extend_from_slice(&chunk);
            archive(&target(&bench), &[("results/000001", &whole), ("library.json", manifest)]);
            import(&bench, &target(&bench)).await.ok();
        });
    }
}
