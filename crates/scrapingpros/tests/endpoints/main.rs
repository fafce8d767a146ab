//! Each call of the asynchronous half, of proxies and of usage: what is sent, and what is made of the answer.
#![allow(clippy::expect_used, reason = "a test stops where it fails")]

mod collections;
mod examples;
mod jobs;
mod proxies_and_usage;
mod results;
mod runs;
mod viability;
#[path = "../wire/mod.rs"]
mod wire;

use wiremock::{MockServer, Request};

/// The calls a server got, as `GET /v1/path?query`.
async fn lines(server: &MockServer) -> Vec<String> {
    let requests = received(server).await;
    requests.iter().map(line).collect()
}

async fn received(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.expect("recording is on")
}

fn line(request: &Request) -> String {
    let query = request
        .url
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    format!("{} {}{query}", request.method, request.url.path())
}
