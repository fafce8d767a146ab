//! Servers that answer as a test says, and clients that don't wait long.
#![allow(dead_code, reason = "each test program uses its own part")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use scrapingpros::{ApiKey, CallOptions, Client, Config, types::ScrapeRequest};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Must never show in an error, a log or a debug print.
pub const CANARY: &str = "canary-7f3d9b1e5a2c";

/// A server that gives this one answer to everything.
pub async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

pub async fn calls(server: &MockServer) -> usize {
    server
        .received_requests()
        .await
        .expect("recording is on")
        .len()
}

/// A client with the canary key whose waits between calls are over at once.
pub fn client(server: &str) -> Client {
    client_with(server, |_| {})
}

pub fn client_with(server: &str, change: impl FnOnce(&mut Config)) -> Client {
    let mut config = Config::for_server(server).expect("a test server's address");
    config.retry.first_delay = Duration::from_millis(1);
    config.retry.longest_delay = Duration::from_millis(5);
    change(&mut config);
    let key = ApiKey::parse(CANARY).expect("the canary is a key");
    Client::new(config, Some(key)).expect("a client")
}

pub fn page() -> ScrapeRequest {
    ScrapeRequest {
        url: "https://shop.example/".into(),
        ..ScrapeRequest::default()
    }
}

pub fn patience(timeout: Duration) -> CallOptions {
    CallOptions {
        timeout: Some(timeout),
        ..CallOptions::default()
    }
}

pub fn json(text: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(text.as_bytes(), "application/json")
}

pub fn error(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body.as_bytes(), "application/json")
}

/// A bare TCP server: counts connections, and for each reads a little, says `words`, and hangs up.
pub struct RudeServer {
    pub port: u16,
    connections: Arc<AtomicUsize>,
}

impl RudeServer {
    pub async fn start(words: &'static [u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(words).await;
                let _ = stream.shutdown().await;
            }
        });
        Self { port, connections }
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}
