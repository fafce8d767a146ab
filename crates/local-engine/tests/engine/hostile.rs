//! Callers who mean harm or are broken. They may be refused or hung up on; the engine stays, answers
//! others at once, and says in JSON what was wrong.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::caller::{Answer, Caller, KEY, answer};

/// Every endpoint that reads a body.
const POSTS: [&str; 5] = [
    "/v1/sync/scrape",
    "/v1/sync/download",
    "/v1/proxy/request-country",
    "/v1/async/collections",
    "/v1/async/viability-test",
];

async fn send(caller: &Caller, path: &str, body: impl Into<reqwest::Body>) -> Answer {
    let request = caller.http.post(caller.url(path)).bearer_auth(KEY);
    answer(
        request
            .header("content-type", "application/json")
            .body(body),
    )
    .await
}

fn is_refused(answer: &Answer) -> bool {
    (400..500).contains(&answer.status) && !answer.body["detail"].is_null()
}

async fn connect(caller: &Caller) -> std::io::Result<TcpStream> {
    TcpStream::connect(caller.engine.url().trim_start_matches("http://")).await
}

/// What came back until the other side hung up.
async fn spoken(caller: &Caller, words: &[u8]) -> String {
    let mut stream = connect(caller).await.expect("it listens");
    // It may hang up before all is said.
    let _ = stream.write_all(words).await;
    let mut said = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut said)).await;
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test]
async fn bodies_that_are_no_requests_are_refused_in_json() {
    let caller = Caller::new(&[]).await;
    let deep = |open: &str, close: &str| open.repeat(200_000) + &close.repeat(200_000);
    let bodies: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b"null".to_vec(),
        b"[]".to_vec(),
        b"42".to_vec(),
        b"{".to_vec(),
        b"{}{}".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        b"\xff\xfe\x00".to_vec(),
        b"{\"url\": \"http://10.0.0.1/\xff\"}".to_vec(),
        b"{\"url\": \"http://10.0.0.1/\", \"url\": \"http://10.0.0.1/\", \"name\": 1, \"name\": 2}".to_vec(),
        b"{\"url\": \"http://10.0.0.1/\\u0000\"}".to_vec(),
        b"{\"url\": \"\\ud800\", \"name\": \"\\ud800\"}".to_vec(),
        b"\0\0\0".to_vec(),
        deep("[", "]").into(),
        deep("{\"a\":", "}").into(),
        deep("[", "").into(),
        format!("{{\"url\": \"http://10.0.0.1/\", \"extract\": {}}}", deep("[", "]")).into(),
        format!("{{\"url\": \"http://10.0.0.1/\", \"browser\": true, \"actions\": {}}}", deep("[{\"type\":\"while\",\"actions\":", "}]")).into(),
        format!("{{\"urls\": {}}}", deep("[", "]")).into(),
        format!("{{\"url\": \"http://10.0.0.1/\", \"unknown\": {}}}", deep("[", "]")).into(),
        b"{\"url\": \"http://10.0.0.1/\", \"use_proxy\": {\"proxy\": \"any\", \"max_retries\": 1e999}}".to_vec(),
    ];
    for path in POSTS {
        for body in &bodies {
            let refused = send(&caller, path, body.clone()).await;
            let start = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
            assert!(
                is_refused(&refused),
                "{path} {start:?}: {} {}",
                refused.status,
                refused.body
            );
        }
    }
    let deep_item = format!("{{\"name\": \"a\", \"requests\": [{}]}}", deep("[", "]"));
    let item = send(&caller, "/v1/async/collections", deep_item).await;
    assert!(
        is_refused(&item) || item.body["invalid_items"][0]["index"] == 0,
        "{} {}",
        item.status,
        item.body
    );
    caller.engine.stop().await;
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_413_whether_its_length_is_said_or_not() {
    let caller = Caller::new(&[]).await;
    let megabyte = bytes::Bytes::from(vec![b' '; 1024 * 1024]);
    for path in ["/v1/sync/scrape", "/v1/async/viability-test"] {
        let said = send(&caller, path, vec![b' '; 11 * 1024 * 1024]).await;
        assert_eq!(
            (said.status, said.body["detail"].is_string()),
            (413, true),
            "{path}"
        );
        let chunk = megabyte.clone();
        let chunks =
            futures::stream::iter((0..200).map(move |_| Ok::<_, std::io::Error>(chunk.clone())));
        let request = caller
            .http
            .post(caller.url(path))
            .bearer_auth(KEY)
            .header("content-type", "application/json")
            .body(reqwest::Body::wrap_stream(chunks));
        // It may hang up while the rest is still sent.
        if let Ok(response) = request.send().await {
            assert_eq!(response.status(), 413, "{path}");
        }
    }
    let large = json!({"name": "a", "requests": [], "padding": "x".repeat(20 * 1024 * 1024)});
    let list = send(&caller, "/v1/async/collections", large.to_string()).await;
    assert_eq!(list.status, 201, "a list may be larger: {}", list.body);
    caller.engine.stop().await;
}

#[tokio::test]
async fn other_content_types_are_415() {
    let caller = Caller::new(&[]).await;
    for path in POSTS {
        for mime in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/jsonp",
            "",
        ] {
            let request = caller.http.post(caller.url(path)).bearer_auth(KEY);
            let refused = answer(request.header("content-type", mime).body("{}")).await;
            assert_eq!(
                (refused.status, refused.body["detail"].is_string()),
                (415, true),
                "{path} {mime}"
            );
        }
    }
    caller.engine.stop().await;
}

#[tokio::test]
async fn heads_that_are_too_much_are_431_and_nonsense_is_400() {
    let caller = Caller::new(&[]).await;
    let flood: String = (0..5_000).map(|n| format!("X-{n}: y\r\n")).collect();
    for head in [flood, format!("X-Long: {}\r\n", "y".repeat(1024 * 1024))] {
        let said = spoken(
            &caller,
            format!("GET /v1/health HTTP/1.1\r\n{head}\r\n").as_bytes(),
        )
        .await;
        assert!(
            said.is_empty() || said.starts_with("HTTP/1.1 431"),
            "{said:.80}"
        );
    }
    let nonsense: [&[u8]; 6] = [
        b"\0\0\0\0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /v1/sync/scrape HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/sync/scrape HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ];
    for words in nonsense {
        let mut stream = connect(&caller).await.expect("it listens");
        stream.write_all(words).await.expect("it listens on");
        stream.shutdown().await.expect("all is said");
        let mut said = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut said)).await;
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(
            said.is_empty() || said.starts_with("HTTP/1.1 4"),
            "{words:?}: {said}"
        );
    }
    assert_eq!(
        caller.get("/v1/sync/billing").await.status,
        200,
        "others are served"
    );
    caller.engine.stop().await;
}

#[tokio::test]
async fn a_stranger_without_the_key_is_refused_before_the_body_is_read() {
    let caller = Caller::new(&[]).await;
    let host = caller.engine.url().replace("http://", "");
    let head = format!(
        "POST /v1/async/collections HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 60000000\r\n\r\n"
    );
    let mut stream = connect(&caller).await.expect("it listens");
    stream
        .write_all(head.as_bytes())
        .await
        .expect("it listens on");
    let mut said = vec![0; 12];
    tokio::time::timeout(Duration::from_secs(10), stream.read_exact(&mut said))
        .await
        .expect("at once, without the 60 MB")
        .expect("an answer");
    assert_eq!(said, b"HTTP/1.1 401");
    caller.engine.stop().await;
}

/// As many as the limit of open files allows, up to ten thousand: both ends are in this process.
#[cfg(unix)]
#[tokio::test]
async fn idle_and_half_spoken_connections_keep_nobody_out() {
    let caller = Caller::new(&[]).await;
    let files = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    let files = files.map_or(16_384, |files| usize::try_from(files).unwrap_or(16_384));
    // A quarter of them may be open on the engine's side.
    let most = 10_000.min(files.saturating_sub(files / 4 + 300));
    let before = memory();
    let mut held = Vec::new();
    for number in 0..most {
        let Ok(mut stream) = connect(&caller).await else {
            break;
        };
        if number % 2 == 0 {
            let _ = stream
                .write_all(b"GET /v1/health HTTP/1.1\r\nX-Slow: ")
                .await;
        }
        held.push(stream);
        if number % 500 == 499 {
            let started = Instant::now();
            let health = caller.get("/v1/sync/billing").await;
            assert_eq!(health.status, 200);
            assert!(
                started.elapsed() < Duration::from_secs(5),
                "with {number} connections held, another caller waited {:?}",
                started.elapsed()
            );
        }
    }
    assert!(
        held.len() == most,
        "{} connections, not the {most} that {files} files allow",
        held.len()
    );
    let grown = memory().saturating_sub(before);
    assert!(
        grown < 400 * 1024,
        "{} connections cost {grown} kB (both ends)",
        held.len()
    );
    drop(held);
    assert_eq!(caller.get("/v1/sync/billing").await.status, 200);
    caller.engine.stop().await;
}

/// kB in use; 0 where it is not told.
#[cfg(unix)]
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

#[tokio::test]
async fn wild_queries_and_paths_are_refused_and_answered() {
    let caller = Caller::new(&[]).await;
    let long = "x".repeat(30_000);
    for path in [
        format!("/v1/async/collections?name={long}"),
        format!("/v1/async/collections/{long}"),
        "/v1/async/collections/%00".into(),
        "/v1/async/collections/%ff%fe".into(),
        "/v1/async/collections?since=%ff".into(),
        "/v1/sync/billing?month=%00".into(),
        "/v1/sync/billing?month=2026-05&month=2026-06".into(),
        "/v1/async/viability-test/..%2f..%2fetc".into(),
        "/v1/%2e%2e/faults".into(),
    ] {
        let wild = caller.get(&path).await;
        let shown: String = path.chars().take(60).collect();
        assert!(wild.status < 500, "{shown}: {}", wild.status);
        assert!(
            wild.status == 200 || wild.body["detail"] != Value::Null,
            "{shown}: {} {}",
            wild.status,
            wild.body
        );
    }
    caller.engine.stop().await;
}
