//! The key is in the keychain and in the request header, and nowhere else.

use std::fs;
use std::path::Path;

use serde_json::json;
use wiremock::matchers::path;
use wiremock::{Mock, ResponseTemplate};

use crate::{Bench, KEY, page_answer, page_form};

#[tokio::test]
async fn the_key_is_in_no_file_no_answer_and_no_error() {
    let bench = Bench::with_account().await;
    let mut said = Vec::new();

    // A server that quotes the key is the worst case.
    bench
        .answer_scrapes(
            ResponseTemplate::new(422).set_body_json(json!({"detail": format!("bad {KEY}")})),
        )
        .await;
    said.push(format!(
        "{:?}",
        bench.scrape(page_form()).await.unwrap_err()
    ));
    bench.service.reset().await;
    bench.bill().await;
    bench
        .answer_scrapes(ResponseTemplate::new(200).set_body_json(page_answer()))
        .await;
    let result = bench.scrape(page_form()).await.unwrap();
    said.push(format!("{result:?}"));
    said.push(format!("{:?}", bench.core.library.details(result.id).await));
    bench.service.reset().await;
    Mock::given(path("/v1/sync/billing"))
        .respond_with(ResponseTemplate::new(401).set_body_string(format!("no such key: {KEY}")))
        .mount(&bench.service)
        .await;
    said.push(format!(
        "{:?}",
        bench
            .core
            .accounts
            .check(bench.form(KEY))
            .await
            .unwrap_err()
    ));
    said.push(format!("{:?}", bench.core.accounts.list().await));
    said.push(serde_json::to_string(&bench.core.start_view().await.unwrap()).unwrap());
    for (index, words) in said.iter().enumerate() {
        assert!(
            !words.contains(KEY),
            "answer {index} shows the key: {words}"
        );
    }

    bench.core.close().await;
    let mut files = 0;
    search(bench.folder.path(), &mut files);
    assert!(
        files >= 3,
        "settings, accounts and library were searched, not {files} files"
    );
}

fn search(folder: &Path, files: &mut usize) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            search(&path, files);
            continue;
        }
        *files += 1;
        let bytes = fs::read(&path).unwrap();
        let found = bytes
            .windows(KEY.len())
            .any(|window| window == KEY.as_bytes());
        assert!(!found, "the key stands in {}", path.display());
    }
}
