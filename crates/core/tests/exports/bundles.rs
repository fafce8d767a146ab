//! ZIP and folder: every file under a name that all systems take, and an index that finds it.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Component, Path};

use scrapingpros_core::exports::{ExportForm, ExportFormat, ExportWhich};
use serde_json::{Value, json};
use zip::ZipArchive;

use crate::service::{Listed, at, blocked, page};
use crate::{Bench, names};

/// One white dot.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, b'I', b'D', b'A', b'T',
    0x78, 0x9c, 0x63, 0x68, 0, 0, 0, 0x82, 0, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0, 0, 0, 0, b'I', b'E',
    b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];
const PDF: &[u8] = b"%PDF-1.4\nno more than this";

fn shop() -> Vec<Listed> {
    vec![
        page("TNT-1", json!({"name": "Nes 3"})).with_screenshot(PNG),
        page("TNT-22", json!({"name": "Bre 4"})).with_markdown("# Bre 4"),
        page("TNT-333", Value::Null).with_file(PDF, "application/pdf"),
        blocked("TNT-4444"),
    ]
}

fn zip_names(path: &str) -> Vec<String> {
    let mut archive = ZipArchive::new(File::open(path).unwrap()).unwrap();
    (0..archive.len())
        .map(|entry| {
            archive
                .by_index(entry)
                .unwrap()
                .name()
                .unwrap()
                .into_owned()
        })
        .collect()
}

fn from_zip(path: &str, name: &str) -> Vec<u8> {
    let mut archive = ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut bytes = Vec::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_has_every_part_and_an_index_of_them() {
    let bench = Bench::new(shop()).await;
    let exported = bench.export(bench.form(ExportFormat::Zip)).await.unwrap();
    assert_eq!((exported.results, exported.left_out), (4, 0));
    assert_eq!(exported.name, "run.zip");
    let mut found = zip_names(&exported.path);
    found.sort();
    assert_eq!(
        found,
        [
            "files/3 TNT-333.pdf",
            "index.csv",
            "index.json",
            "markdown/2 TNT-22.md",
            "pages/1 TNT-1.html",
            "pages/2 TNT-22.html",
            "screenshots/1 TNT-1.png"
        ]
    );
    assert_eq!(from_zip(&exported.path, "screenshots/1 TNT-1.png"), PNG);
    assert_eq!(from_zip(&exported.path, "files/3 TNT-333.pdf"), PDF);
    assert_eq!(from_zip(&exported.path, "markdown/2 TNT-22.md"), b"# Bre 4");
    assert!(from_zip(&exported.path, "pages/1 TNT-1.html").starts_with(b"<html>"));
    let index: Vec<Value> =
        serde_json::from_slice(&from_zip(&exported.path, "index.json")).unwrap();
    assert_eq!(
        index[0]["files"],
        json!({"page": "pages/1 TNT-1.html", "screenshot": "screenshots/1 TNT-1.png"})
    );
    assert_eq!(index[3]["files"], json!({}), "the failed are only listed");
    assert_eq!(index[3]["reason"], "The site showed a captcha");
    let csv = from_zip(&exported.path, "index.csv");
    let mut reader = csv::Reader::from_reader(csv.strip_prefix(b"\xef\xbb\xbf").unwrap());
    let headings = reader.headers().unwrap().clone();
    let file = headings.iter().position(|name| name == "File").unwrap();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(&rows[2][file], "files/3 TNT-333.pdf");
    let mut archive = ZipArchive::new(File::open(&exported.path).unwrap()).unwrap();
    let made = archive
        .by_name("pages/1 TNT-1.html")
        .unwrap()
        .last_modified()
        .unwrap();
    assert_eq!(
        (made.year(), made.month()),
        (2026, 5),
        "files are of the day they were scraped"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_has_the_same_files_and_never_takes_the_place_of_another() {
    let bench = Bench::new(shop()).await;
    let zip = bench.export(bench.form(ExportFormat::Zip)).await.unwrap();
    let first = bench
        .export(bench.form(ExportFormat::Folder))
        .await
        .unwrap();
    assert_eq!(Path::new(&first.path).parent().unwrap(), bench.out());
    assert!(first.name.starts_with("c0 run 1 20"), "{first:?}");
    for name in zip_names(&zip.path) {
        let bytes = fs::read(Path::new(&first.path).join(&name)).unwrap();
        assert_eq!(bytes, from_zip(&zip.path, &name), "{name}");
    }
    let all: u64 = fs::read_dir(&first.path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| {
            if path.is_dir() {
                names(&path)
                    .into_iter()
                    .map(|name| path.join(name))
                    .collect()
            } else {
                vec![path]
            }
        })
        .map(|file| file.metadata().unwrap().len())
        .sum();
    assert_eq!(u64::from(first.size), all);
    fs::write(Path::new(&first.path).join("mine.txt"), "mine").unwrap();
    let second = bench
        .export(bench.form(ExportFormat::Folder))
        .await
        .unwrap();
    assert_eq!(second.name, format!("{} (2)", first.name));
    assert!(
        Path::new(&first.path).join("mine.txt").exists(),
        "nothing of a person is touched"
    );
    assert_eq!(bench.left().len(), 3, "{:?}", bench.left());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&first.path).unwrap().permissions().mode();
        assert_eq!(mode & 0o055, 0o055, "as private as any new folder, no more");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_labels_and_titles_make_files_in_their_folders_only() {
    let labels = [
        "../../etc/passwd",
        "..",
        "CON",
        "con.html",
        "nul",
        "a/b\\c",
        "Tents",
        "TENTS",
        "tents",
        "STRASSE",
        "straße",
        "\u{202e}gpj.exe",
        "💥",
        "",
        " ",
        ".hidden",
        "~$lock",
        "=1+1",
        "a:b*c?d|e<f>g\"h",
        "tab\tnew\nline\u{0}nul",
        "trailing. . .",
    ];
    let long = "long ".repeat(60);
    let cut = format!("{}é", "x".repeat(133));
    let mut pages: Vec<_> = labels
        .into_iter()
        .chain([long.as_str(), &cut])
        .enumerate()
        .map(|(number, label)| {
            at(
                &format!("https://shop.example/{number}"),
                label,
                Value::Null,
            )
            .titled(label)
        })
        .collect();
    pages.extend((0..5).map(|_| page("same", Value::Null)));
    let count = pages.len();
    let bench = Bench::new(pages).await;
    for file_names in [
        "{label}",
        "{title}",
        "{label} {title} {site}",
        "../{label}",
        "x",
    ] {
        let form = |format| ExportForm {
            file_names: file_names.into(),
            ..bench.form(format)
        };
        let zip = bench.export(form(ExportFormat::Zip)).await.unwrap();
        let found = zip_names(&zip.path);
        assert_eq!(
            found.len(),
            count + 2,
            "{file_names}: a file a page, and the index"
        );
        let mut folded = HashSet::new();
        for name in &found {
            assert!(
                folded.insert(name.to_uppercase()),
                "{name} is there twice on some systems"
            );
            let parts: Vec<_> = Path::new(name).components().collect();
            assert!(parts.len() <= 2, "{name:?}");
            assert!(
                parts
                    .iter()
                    .all(|part| matches!(part, Component::Normal(_))),
                "{name:?}"
            );
            assert!(name.len() < 170, "{name:?}");
            assert!(
                !name.contains(['<', '>', ':', '"', '\\', '|', '?', '*', '\u{202e}']),
                "{name:?}"
            );
            assert!(!name.chars().any(char::is_control), "{name:?}");
            let file = name.rsplit('/').next().unwrap().to_lowercase();
            let stem = file.split('.').next().unwrap();
            assert!(!["con", "nul", ""].contains(&stem.trim()), "{name:?}");
        }
        let folder = bench.export(form(ExportFormat::Folder)).await.unwrap();
        let made = names(&Path::new(&folder.path).join("pages"));
        assert_eq!(
            made.len(),
            count,
            "{file_names}: every page has its own file"
        );
        fs::remove_dir_all(&folder.path).unwrap();
    }
    assert_eq!(bench.left(), ["run.zip"], "nothing is beside it");
}

#[tokio::test(flavor = "multi_thread")]
async fn chosen_pages_alone_are_exported_with_their_own_numbers() {
    let bench = Bench::new(shop()).await;
    let form = ExportForm {
        which: ExportWhich::Chosen,
        job_ids: vec!["2".into(), "1".into()],
        ..bench.form(ExportFormat::Zip)
    };
    let exported = bench.export(form).await.unwrap();
    assert_eq!(exported.results, 2);
    let mut found = zip_names(&exported.path);
    found.sort();
    assert_eq!(
        found,
        [
            "files/3 TNT-333.pdf",
            "index.csv",
            "index.json",
            "markdown/2 TNT-22.md",
            "pages/2 TNT-22.html"
        ]
    );
}
