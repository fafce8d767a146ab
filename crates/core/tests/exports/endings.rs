//! An export that does not come to its end leaves nothing: cancelled, on a full disk, or killed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use scrapingpros_core::exports::{ExportForm, ExportFormat, ExportProgress};
use scrapingpros_core::{AppError, ErrorCode};
use serde_json::json;
use tempfile::TempDir;

use crate::service::{Listed, at};
use crate::{Bench, FORMATS, names, open, target_in};

fn many(count: usize) -> Vec<Listed> {
    (0..count)
        .map(|number| {
            let text = format!("{number} ").repeat(500);
            at(
                &format!("https://shop.example/{number}"),
                &format!("sku-{number}"),
                json!({"text": text}),
            )
        })
        .collect()
}

fn target(bench: &Bench, format: ExportFormat) -> PathBuf {
    target_in(bench.out(), format)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_export_leaves_nothing_and_what_was_there_stays() {
    let formats = FORMATS.map(|format| tokio::spawn(cancelled(format)));
    for format in formats {
        format.await.unwrap();
    }
}

/// At the start, while results are read, while rows are written, and at the last of them.
async fn cancelled(format: ExportFormat) {
    let bench = Bench::new(many(8)).await;
    let path = target(&bench, format);
    if format != ExportFormat::Folder {
        fs::write(&path, "what was there").unwrap();
    }
    let before = bench.left();
    for at in [0, 3, 5, 7] {
        let core = Arc::clone(&bench.core);
        let tell = move |told: ExportProgress| {
            if told.done >= at {
                core.exports.cancel("x");
            }
            // As long as is between two words of the progress: so every page is told of.
            std::thread::sleep(Duration::from_millis(100));
        };
        let ended = bench.export_to(bench.form(format), path.clone(), tell);
        let error = ended.await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Cancelled, "{format:?} at {at}");
        assert_eq!(bench.left(), before, "{format:?} at {at}");
        if format != ExportFormat::Folder {
            assert_eq!(
                fs::read(&path).unwrap(),
                b"what was there",
                "{format:?} at {at}"
            );
        }
        assert_eq!(
            names(&bench.data_dir().join("data/exports")).len(),
            0,
            "no note stays"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_before_the_dialog_has_closed_is_kept() {
    let bench = Bench::new(many(3)).await;
    let ticket = bench.core.exports.begin("x").unwrap();
    assert!(bench.core.exports.begin("x").is_err(), "one export an id");
    bench.core.exports.cancel("x");
    let path = target(&bench, ExportFormat::Csv);
    let form = bench.form(ExportFormat::Csv);
    let error = bench
        .core
        .exports
        .export(ticket, form, path, |_| {})
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::Cancelled);
    assert!(bench.left().is_empty());
    bench
        .export(bench.form(ExportFormat::Csv))
        .await
        .expect("the id is free again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_closes_cancels_its_exports() {
    let bench = Arc::new(Bench::new(many(8)).await);
    let (tell, told) = std::sync::mpsc::channel();
    let export = tokio::spawn({
        let bench = Arc::clone(&bench);
        async move {
            let slow = move |_| {
                tell.send(()).ok();
                std::thread::sleep(Duration::from_millis(100));
            };
            let path = target(&bench, ExportFormat::Zip);
            bench
                .export_to(bench.form(ExportFormat::Zip), path, slow)
                .await
        }
    });
    tokio::task::spawn_blocking(move || told.recv().unwrap())
        .await
        .unwrap();
    assert_eq!(bench.left().len(), 1, "it is being written");
    bench.core.close().await;
    assert!(bench.left().is_empty(), "{:?}", bench.left());
    assert_eq!(
        export.await.unwrap().unwrap_err().code,
        ErrorCode::Cancelled
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_ends_at_the_whole_and_comes_at_most_ten_times_a_second() {
    let bench = Bench::new(many(600)).await;
    for format in FORMATS {
        let told = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&told);
        let begin = Instant::now();
        let tell = move |progress| keep.lock().unwrap().push(progress);
        let exported = bench
            .export_to(bench.form(format), target(&bench, format), tell)
            .await
            .unwrap();
        let tenths = begin.elapsed().as_millis() / 100;
        let told = told.lock().unwrap().clone();
        assert!(
            told.len() as u128 <= tenths + 2,
            "{format:?}: {} in {tenths} tenths",
            told.len()
        );
        assert!(
            told.windows(2).all(|two| two[0].done <= two[1].done),
            "{told:?}"
        );
        let last = told.last().unwrap();
        assert_eq!((last.done, last.total), (600, 600), "{format:?}");
        assert!(
            last.bytes >= exported.size,
            "{format:?}: {last:?}, {}",
            exported.size
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_gone_or_closed_is_said_in_words() {
    let bench = Bench::new(many(2)).await;
    for format in FORMATS {
        let gone = bench.out().join("gone").join("run.x");
        let error = bench
            .export_to(bench.form(format), gone, |_| {})
            .await
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::Storage, "{format:?}");
        assert!(
            error.message.contains("not there any more"),
            "{format:?}: {error:?}"
        );
    }
    assert!(bench.left().is_empty());
}

const FOLDER: &str = "EXPORTS_FOLDER";
const FORMAT: &str = "EXPORTS_FORMAT";
const TOLD: &str = "EXPORTS_TOLD";

/// The export in a process of its own. With a limit, no file may grow larger: to the app it is a disk that
/// takes no more.
fn child(bench: &Bench, format: ExportFormat, kilobytes: Option<u32>) -> Command {
    let test = std::env::current_exe().unwrap();
    let limit = kilobytes.map_or(String::new(), |most| {
        format!("trap '' XFSZ; ulimit -f {most}; ")
    });
    let mut command = Command::new("bash");
    command
        .arg("-c")
        .arg(format!("{limit}exec \"$0\" \"$@\""))
        .arg(test)
        .args([
            "--ignored",
            "--exact",
            "endings::the_export_of_another_process",
            "--nocapture",
        ])
        .env(FOLDER, bench.data_dir())
        .env(FORMAT, serde_json::to_string(&format).unwrap())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

#[tokio::test]
#[ignore = "started, limited and killed by the tests below"]
async fn the_export_of_another_process() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).unwrap());
    let format: ExportFormat = serde_json::from_str(&std::env::var(FORMAT).unwrap()).unwrap();
    let core = open(&folder).await;
    let query = scrapingpros_core::runs::RunsQuery {
        collection_id: String::new(),
        unfinished: false,
        offset: 0,
        limit: 1,
    };
    let run_id = core.runs.list(query).await.unwrap().rows[0].id.clone();
    let form = ExportForm {
        run_id,
        which: scrapingpros_core::exports::ExportWhich::All,
        job_ids: Vec::new(),
        format,
        label_and_address: true,
        fields: true,
        failures: true,
        file_names: "{number}".into(),
    };
    let target = target_in(folder.join("out"), format);
    let ticket = core.exports.begin("x").unwrap();
    let told = AtomicU32::new(0);
    let notice = std::env::var_os(TOLD);
    let tell = move |progress: ExportProgress| {
        let count = told.fetch_add(1, Ordering::Relaxed);
        if let Some(notice) = &notice {
            fs::write(notice, format!("{count} {}", progress.done)).unwrap();
            std::thread::sleep(Duration::from_secs(60));
        }
    };
    let ended = core.exports.export(ticket, form, target, tell).await;
    let error: Option<AppError> = ended.err();
    fs::write(
        folder.join("error.json"),
        serde_json::to_vec(&error).unwrap(),
    )
    .unwrap();
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_takes_no_more_leaves_nothing_and_is_said() {
    let bench = Bench::new(many(3_000)).await;
    bench.core.close().await;
    for format in FORMATS {
        if format == ExportFormat::Folder {
            continue;
        }
        // What is laid down takes 6,900 KB, the CSV 7,000, JSON 7,300.
        for kilobytes in [64, 700, 7_100] {
            fs::remove_file(bench.data_dir().join("error.json")).ok();
            let mut command = child(&bench, format, Some(kilobytes));
            let status = tokio::task::spawn_blocking(move || command.status().unwrap()).await;
            assert!(
                status.unwrap().success(),
                "{format:?} at {kilobytes} KB: no panic"
            );
            let told = fs::read(bench.data_dir().join("error.json")).unwrap();
            let error: Option<AppError> = serde_json::from_slice(&told).unwrap();
            match error {
                Some(error) => {
                    assert_eq!(error.code, ErrorCode::Storage, "{error:?}");
                    assert!(
                        error.message.contains("takes no file as large"),
                        "{error:?}"
                    );
                    assert!(
                        bench.left().is_empty(),
                        "{format:?} at {kilobytes} KB: {:?}",
                        bench.left()
                    );
                }
                None => {
                    let large = [ExportFormat::Json, ExportFormat::Jsonl].contains(&format);
                    assert!(
                        kilobytes == 7_100 && !large,
                        "{format:?} does not fit in {kilobytes} KB"
                    );
                    assert_eq!(bench.left().len(), 1);
                    fs::remove_file(target(&bench, format)).unwrap();
                }
            }
            assert_eq!(names(&bench.data_dir().join("data/exports")).len(), 0);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_export_left_is_gone_after_the_next_start() {
    let bench = Bench::new(many(50)).await;
    bench.core.close().await;
    fs::write(bench.out().join(".unfinished-of-somebody-else.part"), "x").unwrap();
    for format in FORMATS {
        let told = TempDir::new().unwrap();
        let notice = told.path().join("told");
        let mut command = child(&bench, format, None);
        let mut child = command.env(TOLD, &notice).spawn().unwrap();
        wait_for(&notice);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(
            bench.left().len(),
            2,
            "{format:?} was being written: {:?}",
            bench.left()
        );
        let core = open(bench.data_dir()).await;
        core.exports.swept().await;
        assert_eq!(
            bench.left(),
            [".unfinished-of-somebody-else.part"],
            "{format:?}"
        );
        assert_eq!(
            names(&bench.data_dir().join("data/exports")).len(),
            0,
            "{format:?}"
        );
        core.close().await;
    }
}

fn wait_for(file: &Path) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !file.exists() {
        assert!(Instant::now() < deadline, "the export began");
        std::thread::sleep(Duration::from_millis(5));
    }
}
