//! The library on a real folder: what is kept, what survives, what is refused.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod comparing;
mod damage;
mod finding;
mod keeping;
mod parts;
mod preview;
mod saving;
mod tidying;
mod transferring;

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use scrapingpros::types::{Guidance, ScrapeRequest, ScrapeResponse};
use scrapingpros_core::library::Library;
use scrapingpros_core::results::Outcome;
use scrapingpros_core::scrape::ScrapeForm;
use serde_json::{Value, json};
use tempfile::TempDir;

pub const ADDRESS: &str = "https://www.nordlys.example/tents?page=1";
pub const PAGE: &str = "<!doctype html><html><head><title>Tents &amp; more · Nordlys</title></head>\
    <body><h1>Tents</h1><p>Skarv 2 for <b>€389.00</b></p></body></html>";

/// An open library in a folder of its own.
pub struct Bench {
    pub library: Library,
    pub folder: TempDir,
}

impl Bench {
    pub async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let library = Library::open(folder.path()).await.unwrap();
        Self { library, folder }
    }

    /// Closes the file and opens it again, as a restart does.
    pub async fn reopen(self) -> Self {
        let Self { library, folder } = self;
        library.swept().await;
        library.close().await;
        drop(library);
        let library = Library::open(folder.path()).await.unwrap();
        Self { library, folder }
    }

    pub fn bodies(&self) -> Vec<PathBuf> {
        files_in(&self.folder.path().join("bodies"))
    }
}

pub fn files_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files = Vec::new();
    for entry in entries.flatten() {
        if entry.path().is_dir() {
            files.extend(files_in(&entry.path()));
        } else {
            files.push(entry.path());
        }
    }
    files
}

/// A page that was scraped without trouble.
pub fn outcome(html: &str) -> Outcome {
    let response = ScrapeResponse {
        url: Some("https://www.nordlys.example/tents/".into()),
        html: Some(html.into()),
        status_code: Some(200),
        message: Some("OK".into()),
        content_type: Some("text/html; charset=utf-8".into()),
        guidance: Some(Guidance {
            success: true,
            credits_charged: Some(5),
            ..Guidance::default()
        }),
        ..ScrapeResponse::default()
    };
    Outcome {
        form: ScrapeForm {
            address: ADDRESS.into(),
            ..ScrapeForm::default()
        },
        request: ScrapeRequest {
            url: ADDRESS.into(),
            browser: true,
            ..ScrapeRequest::default()
        },
        response,
        account_id: "acme".into(),
        account_name: "Acme".into(),
        local: false,
        credits: Some(5),
        duration_ms: 6_200,
        started_at: 1_780_000_000,
    }
}

/// The same with fields of the answer replaced.
pub fn outcome_with(fields: Value) -> Outcome {
    let mut outcome = outcome(PAGE);
    let mut answer = serde_json::to_value(&outcome.response).unwrap();
    for (name, value) in fields.as_object().unwrap() {
        answer[name] = value.clone();
    }
    outcome.response = serde_json::from_value(answer).unwrap();
    outcome
}

pub fn file_outcome(bytes: &[u8], content_type: &str, address: &str) -> Outcome {
    let mut outcome = outcome_with(
        json!({ "html": "", "content_type": content_type, "body_base64": base64(bytes) }),
    );
    outcome.request.url = address.into();
    outcome
}

pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// A real PNG.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([(x % 256) as u8, (y % 256) as u8, 90])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}
