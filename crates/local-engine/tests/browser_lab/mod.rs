//! A small site on loopback, the guard's proxy that lets the browser reach it, and a browser of its own.
#![allow(dead_code, reason = "each test program uses its own part")]

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{Html, Response};
use local_engine::browser::Browser;
use local_engine::guard::{Guard, GuardProxy};
use local_engine::page::{FetchedPage, PageBody, PageError, Stage, StageTeller};
use scrapingpros::types::ScrapeRequest;
use serde_json::{Value, json};

pub const LIMIT: Duration = Duration::from_secs(60);

/// The smallest picture.
pub const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T',
    0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0, 0x1f, 0, 5, 0, 1, 0xff, 0x89, 0x99, 0x3d, 0x1d, 0, 0,
    0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

pub struct Lab {
    pub browser: Arc<Browser>,
    pub port: u16,
    pub stages: Arc<Mutex<Vec<Stage>>>,
    visits: Arc<Mutex<Vec<Visit>>>,
    folder: tempfile::TempDir,
}

/// A request as it reached the site.
#[derive(Debug, Clone)]
pub struct Visit {
    pub method: String,
    pub path: String,
    pub headers: axum::http::HeaderMap,
    pub body: String,
}

impl Visit {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

type Visits = Arc<Mutex<Vec<Visit>>>;

async fn note(State(visits): State<Visits>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    visits.lock().unwrap().push(Visit {
        method: parts.method.to_string(),
        path: parts.uri.to_string(),
        headers: parts.headers.clone(),
        body: String::from_utf8_lossy(&body).into_owned(),
    });
    next.run(Request::from_parts(parts, body.into())).await
}

impl Lab {
    pub async fn start(site: Router) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let visits = Visits::default();
        let site = site.layer(middleware::from_fn_with_state(visits.clone(), note));
        tokio::spawn(async move { axum::serve(listener, site).await.unwrap() });
        let allowed = [
            format!("127.0.0.1:{}", addr.port()),
            format!("localhost:{}", addr.port()),
        ];
        let guard = Arc::new(Guard::new(addr, &allowed));
        let proxy = GuardProxy::start(guard).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        Self {
            browser: Arc::new(Browser::new(proxy, folder.path().join("browser"))),
            port: addr.port(),
            stages: Arc::default(),
            visits,
            folder,
        }
    }

    pub fn profile(&self) -> std::path::PathBuf {
        self.folder.path().join("browser")
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The page at `path`, with whatever else the request says.
    pub async fn open(&self, path: &str, rest: Value) -> Result<FetchedPage, PageError> {
        self.open_within(LIMIT, path, rest).await
    }

    pub async fn open_within(
        &self,
        limit: Duration,
        path: &str,
        rest: Value,
    ) -> Result<FetchedPage, PageError> {
        let stages = self.stages.clone();
        let teller = StageTeller::new(move |stage| stages.lock().unwrap().push(stage));
        self.browser
            .open(&self.request(path, rest), limit, &teller)
            .await
    }

    pub fn request(&self, path: &str, rest: Value) -> ScrapeRequest {
        let mut request = json!({"url": self.url(path), "browser": true});
        for (name, value) in rest.as_object().unwrap() {
            request[name] = value.clone();
        }
        serde_json::from_value(request).unwrap()
    }

    pub async fn steps(&self, path: &str, steps: Value) -> Result<FetchedPage, PageError> {
        self.open(path, json!({"actions": steps})).await
    }

    pub fn visits(&self, path: &str) -> Vec<Visit> {
        let visits = self.visits.lock().unwrap();
        visits
            .iter()
            .filter(|visit| visit.path == path)
            .cloned()
            .collect()
    }

    /// Process ids of browsers that use this lab's profile folder.
    pub fn processes(&self) -> Vec<u32> {
        processes_with(&self.profile())
    }
}

/// Processes that draw pages of this browser.
pub fn renderers_under(browser: &[u32]) -> Vec<u32> {
    let parent_of = |pid: u32| -> Option<u32> {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let line = status.lines().find(|line| line.starts_with("PPid:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    let is_under = |pid: u32| {
        std::iter::successors(Some(pid), |pid| parent_of(*pid)).any(|pid| browser.contains(&pid))
    };
    all_processes("--type=renderer")
        .into_iter()
        .filter(|pid| is_under(*pid))
        .collect()
}

pub fn processes_with(profile: &Path) -> Vec<u32> {
    all_processes(&format!("--user-data-dir={}", profile.display()))
}

fn all_processes(wanted: &str) -> Vec<u32> {
    std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|pid: &u32| {
            std::fs::read(format!("/proc/{pid}/cmdline"))
                .is_ok_and(|line| String::from_utf8_lossy(&line).contains(wanted))
        })
        .collect()
}

/// Waits until it holds; the panic says what never did.
pub async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(tokio::time::Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub fn html(page: &FetchedPage) -> &str {
    match &page.body {
        PageBody::Text(text) => text,
        PageBody::Bytes(bytes) => panic!("a page was expected, not {} bytes", bytes.len()),
    }
}

pub fn bytes(page: &FetchedPage) -> &[u8] {
    match &page.body {
        PageBody::Bytes(bytes) => bytes,
        PageBody::Text(text) => panic!("a file was expected, not {text}"),
    }
}

pub fn page(body: &'static str) -> axum::routing::MethodRouter {
    axum::routing::any(move || async move {
        Html(format!(
            "<!DOCTYPE html><html><head><title>Test</title></head><body>{body}</body></html>"
        ))
    })
}

pub fn sent(content_type: &'static str, body: impl Into<Bytes>) -> axum::routing::MethodRouter {
    let body = body.into();
    axum::routing::get(move || async move { ([("content-type", content_type)], body) })
}

/// Width and height of a PNG.
pub fn png_size(png: &[u8]) -> (u32, u32) {
    assert_eq!(&png[1..4], b"PNG", "a picture");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}
