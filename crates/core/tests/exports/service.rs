//! A service with one run that has ended, whose pages a test chooses.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

pub const KEY: &str = "test-key-0123456789";
/// When the first page ended: 2026-05-03T12:00:00Z in milliseconds.
pub const EPOCH: i64 = 1_777_809_600_000;

/// One page of the run.
#[derive(Debug, Clone)]
pub struct Listed {
    pub label: String,
    pub address: String,
    end: End,
    result: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Success,
    Captcha,
    Timeout,
}

/// A page with these extracted values.
pub fn page(label: &str, data: Value) -> Listed {
    let address = format!("https://shop.example/item/{}", label.len());
    at(&address, label, data)
}

pub fn at(address: &str, label: &str, data: Value) -> Listed {
    Listed {
        label: label.into(),
        address: address.into(),
        end: End::Success,
        result: json!({
            "url": address, "statusCode": 200, "message": "OK", "executionTime": 1.2,
            "html": format!("<html><head><title>Title of {label}</title></head><body>{label}</body></html>"),
            "extracted_data": data,
            "guidance": {"success": true, "credits_charged": 5, "credits_refunded": false},
        }),
    }
}

/// Stopped by a captcha, and what the site showed.
pub fn blocked(label: &str) -> Listed {
    let mut page = page(label, Value::Null);
    page.end = End::Captcha;
    page.result["guidance"] = json!({"success": false, "error_type": "captcha", "credits_charged": 0,
        "credits_refunded": true});
    page
}

pub fn timed_out(label: &str) -> Listed {
    let mut page = page(label, Value::Null);
    page.end = End::Timeout;
    page.result = Value::Null;
    page
}

impl Listed {
    pub fn with_screenshot(mut self, png: &[u8]) -> Self {
        self.result["screenshot"] = STANDARD.encode(png).into();
        self
    }

    pub fn with_markdown(mut self, markdown: &str) -> Self {
        self.result["markdown"] = markdown.into();
        self
    }

    /// The address is of a file, not of a page.
    pub fn with_file(mut self, bytes: &[u8], content_type: &str) -> Self {
        self.result["html"] = Value::Null;
        self.result["body_base64"] = STANDARD.encode(bytes).into();
        self.result["content_type"] = content_type.into();
        self
    }

    pub fn titled(mut self, title: &str) -> Self {
        let title = title.replace('&', "&amp;").replace('<', "&lt;");
        self.result["html"] =
            format!("<html><head><title>{title}</title></head><body>x</body></html>").into();
        self
    }
}

pub async fn start(pages: Vec<Listed>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/v1/async/collections/{collection}/runs/{run}", get(run))
        .route(
            "/v1/async/collections/{collection}/runs/{run}/jobs",
            get(jobs),
        )
        .with_state(Arc::new(pages));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn run(State(pages): State<Arc<Vec<Listed>>>) -> Json<Value> {
    let count = |end: End| pages.iter().filter(|page| page.end == end).count();
    Json(json!({
        "run_id": "r0", "collection_id": "c0", "status": "completed", "total_requests": pages.len(),
        "success_requests": count(End::Success), "failed_requests": count(End::Captcha),
        "timeout_requests": count(End::Timeout), "created_at": EPOCH as f64 / 1000.0,
        "all_jobs_persisted": true,
    }))
}

async fn jobs(
    State(pages): State<Arc<Vec<Listed>>>,
    Path(_): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Json<Value> {
    let get = |wanted: &str| {
        let found = query.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.clone())
    };
    let since = get("since_completed_at")
        .map(|since| since.parse::<jiff::Timestamp>().unwrap().as_millisecond());
    let from: usize = get("cursor").map_or(0, |cursor| cursor.parse().unwrap());
    let limit: usize = get("limit")
        .map_or(100, |limit| limit.parse().unwrap())
        .min(100);
    let listed: Vec<usize> = (from..pages.len())
        .filter(|job| since.is_none_or(|since| EPOCH + *job as i64 > since))
        .take(limit + 1)
        .collect();
    let more = listed.len() > limit;
    let items = listed.iter().take(limit).map(|job| {
        let page = &pages[*job];
        let ended = jiff::Timestamp::from_millisecond(EPOCH + *job as i64).unwrap();
        let ended = format!("{ended:.3}");
        json!({
            "job_public_id": format!("j{job}"), "run_public_id": "r0",
            "status": if page.end == End::Timeout { "timeout" } else { "completed" },
            "status_code": 200, "is_success": page.end == End::Success,
            "url": page.address, "custom_id": page.label,
            "completed_at": ended.trim_end_matches('Z'), "execution_time_ms": 6_100,
            "block_reason": if page.end == End::Captcha { "captcha" } else { "none" },
            "result": page.result,
        })
    });
    let items: Vec<Value> = items.collect();
    Json(json!({
        "items": items, "cursor_next": more.then(|| listed[limit].to_string()), "has_more": more,
    }))
}
