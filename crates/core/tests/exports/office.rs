//! What a real spreadsheet makes of the tables: LibreOffice, without its window.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use scrapingpros_core::exports::ExportFormat;
use serde_json::json;

use crate::Bench;
use crate::hostile::HOSTILE;
use crate::service::{at, blocked};

/// Set where LibreOffice must be there, such as in scripts/test.sh.
const REQUIRED: &str = "TESTS_REQUIRE_LIBREOFFICE";

/// Comma, quotes, UTF-8, from the first line; cells as they are shown, so that a formula would be its
/// outcome; the first sheet.
const AS_SHOWN: &str =
    "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,1";

/// What its dialog offers for a file with a byte-order mark; without a window it does not look.
const UTF8: &str = "--infilter=Text - txt - csv (StarCalc):44,34,76,1";

#[tokio::test(flavor = "multi_thread")]
async fn libreoffice_reads_the_same_text_and_no_formula() {
    let found = Command::new("soffice")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if !found.is_ok_and(|status| status.success()) {
        let missing = "LibreOffice is not installed (libreoffice-calc-nogui): what a spreadsheet makes of exports was NOT TESTED";
        assert!(std::env::var_os(REQUIRED).is_none(), "{missing}");
        eprintln!("\n*** {missing} ***\n");
        return;
    }
    let mut pages: Vec<_> = HOSTILE
        .iter()
        .enumerate()
        .map(|(number, text)| {
            at(
                &format!("https://shop.example/{number}"),
                text,
                json!({"text": text, "number": number}),
            )
        })
        .collect();
    pages.push(blocked("=2+2"));
    let bench = Bench::new(pages).await;
    for format in [ExportFormat::Xlsx, ExportFormat::Csv] {
        let exported = bench.export(bench.form(format)).await.unwrap();
        let rows = converted(bench.data_dir(), &exported.path);
        assert_eq!(rows.len(), HOSTILE.len() + 2, "{format:?}: every row");
        assert_eq!(rows[0][..4], ["Label", "Address", "text", "number"]);
        for (row, text) in rows[1..].iter().zip(HOSTILE) {
            let shown = if format == ExportFormat::Csv {
                row[2].strip_prefix('\'').unwrap_or(&row[2])
            } else {
                &row[2]
            };
            // A plain CSV says nothing of types: what looks like a number is shown as one.
            let as_number =
                format == ExportFormat::Csv && ["-4.50", "0042", "1e5", "TRUE"].contains(&text);
            assert!(
                as_number || shown == text,
                "{format:?}: {text:?} became {shown:?}"
            );
            let is_text = row[0] == row[2] || as_number;
            assert!(is_text, "{format:?}: label and value alike: {row:?}");
        }
        let last = rows.last().unwrap();
        assert_eq!(
            last[0].trim_start_matches('\''),
            "=2+2",
            "{format:?}: it was not worked out"
        );
        assert_eq!(last[4], "Failed");
    }
}

fn converted(folder: &Path, path: &str) -> Vec<Vec<String>> {
    let into = tempfile::TempDir::new().unwrap();
    let output = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}/office",
            folder.display()
        ))
        .args(path.ends_with(".csv").then_some(UTF8))
        .args(["--headless", "--convert-to", AS_SHOWN, "--outdir"])
        .arg(into.path())
        .arg(path)
        .output()
        .unwrap();
    let made = crate::names(into.path());
    assert_eq!(made.len(), 1, "LibreOffice opens {path}: {output:?}");
    let bytes = fs::read(into.path().join(&made[0])).unwrap();
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text);
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| row.iter().map(str::to_owned).collect())
        .collect()
}
