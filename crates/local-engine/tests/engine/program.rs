//! The program `scrapingpros-engine`.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::Command;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scrapingpros-engine"));
    command
        .arg("serve")
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

#[cfg(unix)]
#[tokio::test]
async fn it_says_one_line_serves_and_ends_when_told() {
    for signal in ["TERM", "INT"] {
        let data = tempfile::tempdir().expect("a folder");
        let folder = data.path().to_str().expect("a path");
        let mut child = program(&["--data-dir", folder, "--key", "my-key"])
            .spawn()
            .expect("it starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        stdout.read_line(&mut line).await.expect("a line");
        let told: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(told["key"], "my-key");
        let url = told["url"].as_str().expect("a url");
        let health = reqwest::get(format!("{url}/v1/health"))
            .await
            .expect("it listens");
        assert_eq!(health.status(), 200);

        let pid = child.id().expect("it runs").to_string();
        let sent = Command::new("kill")
            .args(["-s", signal, &pid])
            .status()
            .await
            .expect("kill");
        assert!(sent.success());
        let status = tokio::time::timeout(Duration::from_secs(15), child.wait())
            .await
            .expect("it ends in time");
        assert!(
            status.expect("a status").success(),
            "{signal} is a clean end"
        );
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).await.expect("the end");
        assert_eq!(rest, "", "one line and no more");
        assert!(data.path().join("engine.db").exists());
    }
}

#[tokio::test]
async fn it_refuses_other_networks_and_bad_keys_in_words() {
    let refused = program(&["--addr", "0.0.0.0:0"])
        .output()
        .await
        .expect("it runs");
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        !refused.status.success() && words.contains("loopback only"),
        "{words}"
    );
    assert!(refused.stdout.is_empty(), "nothing was promised");
    let bad_key = program(&["--key", "a b"]).output().await.expect("it runs");
    let words = String::from_utf8_lossy(&bad_key.stderr).into_owned();
    assert!(
        !bad_key.status.success() && words.contains("visible ASCII"),
        "{words}"
    );
}
