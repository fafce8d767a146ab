//! Visiting pages from elsewhere, in the real window: a country of the service is asked for, and on this
//! computer a proxy of one's own is tried, kept and used.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use scrapingpros_tests::{Desktop, EngineProgram, KeychainKind};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

const PAGE: &str = "<h1>Preise</h1><p>Only visitors from Germany see these prices in euros.</p>";

async fn site() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().route("/", get(async || Html(PAGE)));
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    address
}

/// A proxy that opens tunnels and counts them.
async fn proxy() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let opened = Arc::new(AtomicUsize::new(0));
    let count = opened.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(tunnel(stream, count.clone()));
        }
    });
    (address, opened)
}

async fn tunnel(stream: TcpStream, opened: Arc<AtomicUsize>) -> Option<()> {
    let mut near = BufReader::new(stream);
    let mut target = String::new();
    loop {
        let mut line = String::new();
        if near.read_line(&mut line).await.ok()? <= 2 {
            break;
        }
        if let Some(rest) = line.strip_prefix("CONNECT ") {
            target = rest.split(' ').next()?.to_owned();
        }
    }
    let mut far = TcpStream::connect(&target).await.ok()?;
    opened.fetch_add(1, Ordering::SeqCst);
    near.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
    tokio::io::copy_bidirectional(&mut near, &mut far)
        .await
        .ok()?;
    Some(())
}

#[tokio::test]
async fn a_proxy_of_ones_own_is_tried_kept_and_used() {
    let (site, (proxy, opened)) = (site().await, proxy().await);
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    std::fs::create_dir_all(desktop.data()).unwrap();
    let settings = serde_json::json!({
        "version": 1, "settings": {"allowed_hosts": [site.to_string()]},
    });
    std::fs::write(desktop.data().join("settings.json"), settings.to_string()).unwrap();
    let app = desktop.open_app().await;
    app.press("Work on this computer").await;
    app.press("Proxies").await;
    app.fill("Search countries", "deutschland").await;
    app.look("proxies-local").await;
    app.press("DE Germany").await;
    app.fill("Address of the proxy", "127.0.0.1:1").await;
    app.fill(
        "Page to test it with (optional)",
        &format!("http://{site}/"),
    )
    .await;
    app.press("Test").await;
    app.sees("The proxy could not be reached").await;
    app.look("own-proxy").await;
    app.fill("Address of the proxy", &proxy.to_string()).await;
    app.press("Test").await;
    app.sees("The proxy works.").await;
    assert_eq!(
        opened.load(Ordering::SeqCst),
        1,
        "the trial went through it"
    );
    app.fill("Password", "canary-password").await;
    app.fill("User name (if it wants one)", "me").await;
    app.press("Save").await;
    app.press("Use it now").await;
    app.scrape(&format!("http://{site}/")).await;
    app.sees("Scraped in").await;
    assert!(opened.load(Ordering::SeqCst) > 1, "and so did the page");
    app.quit().await;
    let kept = std::fs::read_to_string(desktop.data().join("proxies.json")).unwrap();
    assert!(
        kept.contains(&proxy.to_string()) && !kept.contains("canary"),
        "the password is in the keychain alone: {kept}"
    );

    let app = desktop.open_app().await;
    app.press("Proxies").await;
    app.pressable("DE Germany Change With a proxy").await;
    app.quit().await;
}

#[tokio::test]
async fn a_country_of_the_service_is_asked_for() {
    let service = EngineProgram::start(&[]);
    let desktop = Desktop::start(KeychainKind::Unlocked).await;
    let app = desktop.open_app().await;
    app.fill("Your API key", &service.key).await;
    app.press("Server address").await;
    app.fill("Server address", &service.url).await;
    app.press("Connect").await;
    app.field("Page address").await;
    app.press("Proxies").await;
    app.fill("Search countries", "chile").await;
    app.press("CL Chile").await;
    app.fill("Why do you need this country?", "Prices in pesos")
        .await;
    app.press("Send request").await;
    app.sees("Asked for Chile").await;
    app.sees("Waiting for the Scraping Pros team.").await;
    app.look("proxies-pending").await;
    drop(service);
    app.press("CL Chile").await;
    app.press("Ask now").await;
    app.sees("cannot reach").await;
    app.quit().await;
}
