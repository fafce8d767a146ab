//! A server with prepared answers, so that only the app's own time is measured.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use image::{ImageFormat, RgbImage};
use serde_json::{Value, json};

/// Answers each scrape with the prepared body.
pub struct Server {
    pub url: String,
    state: Arc<Prepared>,
}

#[derive(Default)]
struct Prepared {
    answer: Mutex<Bytes>,
    answered: Mutex<Option<Instant>>,
}

impl Server {
    pub async fn start() -> Self {
        let state = Arc::new(Prepared::default());
        let router = Router::new()
            .route("/v1/sync/scrape", post(scrape))
            .route("/v1/sync/billing", get(billing))
            .route(
                "/v1/health",
                get(async || axum::Json(json!({ "status": "ok" }))),
            )
            .route(
                "/v1/plans",
                get(async || axum::Json(json!({ "plans": [] }))),
            )
            .with_state(state.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, state }
    }

    pub fn prepare(&self, answer: &Value) {
        *self.state.answer.lock().unwrap() = serde_json::to_vec(answer).unwrap().into();
    }

    /// When the last answer began to leave.
    pub fn answered(&self) -> Instant {
        self.state.answered.lock().unwrap().unwrap()
    }
}

async fn scrape(State(state): State<Arc<Prepared>>) -> impl IntoResponse {
    let answer = state.answer.lock().unwrap().clone();
    *state.answered.lock().unwrap() = Some(Instant::now());
    ([(header::CONTENT_TYPE, "application/json")], answer)
}

async fn billing() -> axum::Json<Value> {
    let credits = json!({ "simple_request": 1, "browser_request": 5 });
    axum::Json(json!({ "month": "2026-01", "clients": {}, "credit_system": credits }))
}

/// A page of at least so many bytes, in lines as people write them.
pub fn page(bytes: usize) -> String {
    let mut html = String::from("<!doctype html><title>Goods</title><h1>Goods</h1>\n");
    let mut number = 0;
    while html.len() < bytes {
        number += 1;
        html.push_str(&format!(
            "<article class=\"card\" data-sku=\"SKU-{number}\"><h2>Thing {number}</h2><p class=\"price\">{number}.99</p></article>\n"
        ));
    }
    html.push_str("<footer>The very end</footer>\n");
    html
}

/// A picture that no compression makes smaller, as PNG.
pub fn noise(width: u32, height: u32) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let picture = RgbImage::from_fn(width, height, |_, _| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let bytes = state.to_le_bytes();
        image::Rgb([bytes[0], bytes[3], bytes[6]])
    });
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).unwrap();
    png.into_inner()
}

/// A successful answer with this page.
pub fn answer(html: &str) -> Value {
    json!({
        "html": html, "statusCode": 200, "message": "OK", "executionTime": 0.1,
        "content_type": "text/html",
        "guidance": { "success": true, "credits_charged": 1, "credits_refunded": false, "next_steps": [] },
    })
}

/// The same with a screenshot.
pub fn answer_with_screenshot(png: &[u8]) -> Value {
    let mut answer = answer("<!doctype html><title>Goods</title><h1>Goods</h1>");
    answer["screenshot"] = BASE64.encode(png).into();
    answer
}
