//! Saving: the right bytes under a safe name, whole or not at all.

use std::fs;

use scrapingpros_core::ErrorCode;
use scrapingpros_core::results::SaveKind;
use scrapingpros_core::settings::{CsvStyle, Settings};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Bench, PAGE, base64, file_outcome, outcome, outcome_with, png};

fn settings(folder: &TempDir) -> Settings {
    Settings {
        save_folder: folder.path().to_string_lossy().into_owned(),
        ..Settings::default()
    }
}

#[tokio::test]
async fn each_kind_is_written_byte_for_byte_under_a_good_name() {
    let bench = Bench::new().await;
    let target = TempDir::new().unwrap();
    let settings = settings(&target);
    let shot = png(600, 900);
    let id = bench.library.keep(outcome_with(json!({
        "screenshot": base64(&shot), "markdown": "# Tents", "network_requests": [{"url": "https://a.example/"}],
        "extracted_data": {"name": ["Skarv, 2", "=cmd()"], "n": [1.5, -2]}
    }))).await.unwrap().id;
    for (kind, ends, bytes) in [
        (SaveKind::Page, "html", PAGE.as_bytes().to_vec()),
        (SaveKind::Markdown, "md", b"# Tents".to_vec()),
        (SaveKind::Screenshot, "png", shot.clone()),
        (
            SaveKind::DataCsv,
            "csv",
            "\u{feff}name,n\r\n\"Skarv, 2\",1.5\r\n'=cmd(),-2\r\n".into(),
        ),
    ] {
        let path = bench
            .library
            .free_path(id.clone(), kind, &settings)
            .await
            .unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(
            name.starts_with("nordlys.example Tents & more 20")
                && name.ends_with(&format!(".{ends}")),
            "{name}"
        );
        let saved = bench
            .library
            .save(id.clone(), kind, path.clone(), &settings)
            .await
            .unwrap();
        assert_eq!(
            (saved.path, saved.name),
            (path.to_string_lossy().into_owned(), name)
        );
        assert_eq!(fs::read(&path).unwrap(), bytes, "{ends}");
        assert_eq!(saved.size as usize, bytes.len());
    }
    let json_path = target.path().join("rows.json");
    bench
        .library
        .save(id.clone(), SaveKind::DataJson, json_path.clone(), &settings)
        .await
        .unwrap();
    let rows: Value = serde_json::from_slice(&fs::read(json_path).unwrap()).unwrap();
    assert_eq!(
        rows,
        json!([{"name": "Skarv, 2", "n": 1.5}, {"name": "=cmd()", "n": -2}]),
        "JSON keeps the values as they came"
    );
    let semicolons = Settings {
        csv: CsvStyle::Semicolon,
        ..settings.clone()
    };
    let path = target.path().join("semi.csv");
    bench
        .library
        .save(id, SaveKind::DataCsv, path.clone(), &semicolons)
        .await
        .unwrap();
    assert!(
        fs::read_to_string(path).unwrap().contains("Skarv, 2;1.5"),
        "the comma is no separator then"
    );
    assert!(!leftovers(&target), "no temporary file stays");
}

#[tokio::test]
async fn a_file_gets_the_extension_of_what_it_is() {
    let bench = Bench::new().await;
    let target = TempDir::new().unwrap();
    let zip = b"PK\x03\x04\x14\0\0\0\x08\0".as_slice();
    for (bytes, said, address, ends) in [
        (
            b"%PDF-1.4\n".as_slice(),
            "application/octet-stream",
            "https://a.example/get?id=7",
            ".pdf",
        ),
        (
            &png(3, 3),
            "image/jpeg",
            "https://a.example/photo.jpg",
            ".png",
        ),
        (zip, "", "https://a.example/all", ".zip"),
        (
            b"a;b\n1;2\n",
            "text/csv; charset=utf-8",
            "https://a.example/export",
            ".csv",
        ),
        (
            b"plain words",
            "application/octet-stream",
            "https://a.example/read.me.TXT",
            ".txt",
        ),
        (b"\x01\x02\x03", "", "https://a.example/", ".bin"),
    ] {
        let id = bench
            .library
            .keep(file_outcome(bytes, said, address))
            .await
            .unwrap()
            .id;
        let name = bench
            .library
            .save_name(id, SaveKind::File, &settings(&target))
            .await
            .unwrap();
        assert!(
            name.file_name.ends_with(ends),
            "{} for {said} at {address}",
            name.file_name
        );
        assert_eq!(format!(".{}", name.extension), ends);
    }
}

#[tokio::test]
async fn a_taken_name_is_numbered_and_nothing_is_overwritten() {
    let bench = Bench::new().await;
    let target = TempDir::new().unwrap();
    let settings = settings(&target);
    let id = bench.library.keep(outcome(PAGE)).await.unwrap().id;
    let mut names = Vec::new();
    for _ in 0..3 {
        let path = bench
            .library
            .free_path(id.clone(), SaveKind::Page, &settings)
            .await
            .unwrap();
        assert!(!path.exists(), "the path is free");
        names.push(
            bench
                .library
                .save(id.clone(), SaveKind::Page, path, &settings)
                .await
                .unwrap()
                .name,
        );
    }
    assert!(
        names[1].ends_with(" (2).html") && names[2].ends_with(" (3).html"),
        "{names:?}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_is_replaced_and_never_followed() {
    let bench = Bench::new().await;
    let (target, outside) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let precious = outside.path().join("precious.txt");
    fs::write(&precious, "precious").unwrap();
    let link = target.path().join("page.html");
    std::os::unix::fs::symlink(&precious, &link).unwrap();
    let id = bench.library.keep(outcome(PAGE)).await.unwrap().id;
    bench
        .library
        .save(id, SaveKind::Page, link.clone(), &settings(&target))
        .await
        .unwrap();
    assert_eq!(
        fs::read_to_string(precious).unwrap(),
        "precious",
        "what the link led to is untouched"
    );
    assert_eq!(fs::read_to_string(&link).unwrap(), PAGE);
    assert!(link.symlink_metadata().unwrap().is_file());
    use std::os::unix::fs::PermissionsExt as _;
    assert_ne!(
        link.metadata().unwrap().permissions().mode() & 0o044,
        0,
        "a saved file is as readable as any other"
    );
}

#[tokio::test]
async fn what_can_not_be_written_is_said_and_leaves_nothing() {
    let bench = Bench::new().await;
    let target = TempDir::new().unwrap();
    let id = bench.library.keep(outcome(PAGE)).await.unwrap().id;
    let folder = target.path().join("folder");
    fs::create_dir(&folder).unwrap();
    for path in [folder.clone(), target.path().join("gone/page.html")] {
        let error = bench
            .library
            .save(id.clone(), SaveKind::Page, path, &settings(&target))
            .await
            .expect_err("there is no way");
        assert_eq!(error.code, ErrorCode::Storage);
        assert!(!error.message.contains("os error"), "{}", error.message);
    }
    let missing = bench
        .library
        .save(
            id,
            SaveKind::Screenshot,
            target.path().join("x.png"),
            &settings(&target),
        )
        .await;
    assert_eq!(
        missing.expect_err("no picture came").code,
        ErrorCode::NotFound
    );
    assert_eq!(
        fs::read_dir(target.path()).unwrap().count(),
        1,
        "only the folder that was there"
    );
}

#[tokio::test]
async fn hostile_titles_stay_in_the_folder() {
    let bench = Bench::new().await;
    let target = TempDir::new().unwrap();
    let settings = settings(&target);
    for title in [
        "../../../etc/cron.d/x",
        "..\\..\\Windows\\x",
        "/etc/passwd",
        "C:\\x",
        "CON",
        "nul.txt",
        "a\u{202e}gnp.exe",
        "\u{0}",
        ". . .",
        "-rf",
        "~",
        "💥\u{200d}💥",
    ] {
        let id = bench
            .library
            .keep(outcome(&format!("<title>{title}</title>x")))
            .await
            .unwrap()
            .id;
        let path = bench
            .library
            .free_path(id.clone(), SaveKind::Page, &settings)
            .await
            .unwrap();
        assert_eq!(
            path.parent(),
            Some(target.path()),
            "{title:?} gave {path:?}"
        );
        bench
            .library
            .save(id, SaveKind::Page, path, &settings)
            .await
            .unwrap();
    }
    assert_eq!(
        fs::read_dir(target.path()).unwrap().count(),
        12,
        "each has a file of its own"
    );
}

fn leftovers(folder: &TempDir) -> bool {
    fs::read_dir(folder.path())
        .unwrap()
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().contains("unfinished"))
}
