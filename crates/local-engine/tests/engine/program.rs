//! The program `scrapingpros-engine`.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};

pub fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scrapingpros-engine"));
    command
        .arg("serve")
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// The running program, what it still says, and its line.
pub async fn started(arguments: &[&str]) -> (Child, BufReader<ChildStdout>, Value) {
    let mut child = program(arguments).spawn().expect("it starts");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    stdout.read_line(&mut line).await.expect("a line");
    let told = serde_json::from_str(&line).expect("JSON");
    (child, stdout, told)
}

#[cfg(unix)]
#[tokio::test]
async fn it_says_one_line_serves_and_ends_when_told() {
    for signal in ["TERM", "INT"] {
        let data = tempfile::tempdir().expect("a folder");
        let folder = data.path().to_str().expect("a path");
        let (mut child, mut stdout, told) =
            started(&["--data-dir", folder, "--key", "my-key"]).await;
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

#[tokio::test]
async fn its_proxies_are_countries_and_their_passwords_are_never_said() {
    let unfit = program(&["--proxy", "DE=gopher://me:secret@127.0.0.1:1"])
        .output()
        .await
        .expect("it runs");
    let words = String::from_utf8_lossy(&unfit.stderr).into_owned();
    assert!(
        !unfit.status.success() && words.contains("the proxy for DE"),
        "{words}"
    );
    assert!(!words.contains("secret"), "{words}");

    let data = tempfile::tempdir().expect("a folder");
    let folder = data.path().to_str().expect("a path");
    let proxies = [
        "--proxy",
        "DE=socks5://me:secret@127.0.0.1:1",
        "--proxy",
        "us=http://127.0.0.1:1",
    ];
    let arguments: Vec<&str> = ["--data-dir", folder, "--key", "my-key"]
        .into_iter()
        .chain(proxies)
        .collect();
    let (mut child, _, told) = started(&arguments).await;
    let url = told["url"].as_str().expect("a url");
    let status = reqwest::Client::new()
        .get(format!("{url}/v1/proxy/status"))
        .bearer_auth("my-key")
        .send()
        .await
        .expect("an answer");
    let status: Value = status.json().await.expect("JSON");
    assert_eq!(
        status["approved_countries"],
        serde_json::json!(["DE", "US"]),
        "{status}"
    );
    assert!(!status.to_string().contains("secret"), "{status}");
    child.kill().await.expect("it ends");
}

/// Processes whose command line names this folder.
#[cfg(target_os = "linux")]
fn processes_on(folder: &str) -> usize {
    std::fs::read_dir("/proc")
        .expect("proc")
        .filter_map(|entry| std::fs::read(entry.ok()?.path().join("cmdline")).ok())
        .filter(|line| {
            let line = String::from_utf8_lossy(line);
            line.contains(folder) && !line.contains("scrapingpros-engine")
        })
        .count()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_browser_of_a_killed_engine_is_ended_by_the_next_one() {
    let data = tempfile::tempdir().expect("a folder");
    let folder = data.path().to_str().expect("a path");
    let arguments = ["--data-dir", folder, "--key", "my-key"];
    let (mut killed, _, told) = started(&arguments).await;
    let url = told["url"].as_str().expect("a url");
    let answer = reqwest::Client::new()
        .post(format!("{url}/v1/sync/scrape"))
        .bearer_auth("my-key")
        .json(&serde_json::json!({"url": "http://sample.shop/", "browser": true}))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200);
    killed.kill().await.expect("SIGKILL");
    assert!(
        processes_on(folder) > 0,
        "the browser outlives a killed engine"
    );

    let _next = started(&arguments).await;
    let deadline = std::time::Instant::now() + Duration::from_secs(15);
    let profiles = data.path().join("browser");
    let left = || std::fs::read_dir(&profiles).map_or(0, Iterator::count);
    while processes_on(folder) > 0 || left() > 0 {
        assert!(
            std::time::Instant::now() < deadline,
            "{} processes and {} profiles stay",
            processes_on(folder),
            left()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
