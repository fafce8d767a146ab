//! The local engine as a program of its own, for scripts and tests.

use std::error::Error;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use local_engine::{CountryProxy, Engine, EngineOptions};
use tracing_subscriber::EnvFilter;

#[derive(Parser)]
#[command(version, about = "The Scraping Pros API served on this computer")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves until it is told to end, after one line of JSON with its url and key
    Serve {
        /// Loopback address; port 0 picks a free one
        #[arg(long, default_value = "127.0.0.1:0")]
        addr: SocketAddr,
        /// Where the ledger and the browser's profile live; a temporary folder when left out
        #[arg(long)]
        data_dir: Option<PathBuf>,
        /// The API key; a random one when left out
        #[arg(long, value_parser = visible_key)]
        key: Option<String>,
        /// A private host that may be opened; may be given again
        #[arg(long = "allow-host", value_name = "HOST[:PORT]")]
        allowed_hosts: Vec<String>,
        /// A proxy of your own and the country it is in, http:// or socks5://; may be given again
        #[arg(long = "proxy", value_name = "US=http://USER:PASSWORD@HOST:PORT")]
        proxies: Vec<String>,
    },
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info")),
        )
        .with_writer(std::io::stderr)
        .init();
    let Command::Serve {
        addr,
        data_dir,
        key,
        allowed_hosts,
        proxies,
    } = Arguments::parse().command;

    // Not clap's to read: it would say the password.
    let proxies: Vec<CountryProxy> = proxies
        .iter()
        .map(|text| text.parse())
        .collect::<Result<_, _>>()
        .inspect_err(|error| tracing::error!("{error}"))?;

    // Kept until the end: dropping it removes the folder.
    let temporary = tempfile::tempdir()?;
    let engine = Engine::start(EngineOptions {
        addr,
        data_dir: data_dir.unwrap_or_else(|| temporary.path().to_owned()),
        key,
        allowed_hosts,
        proxies,
        ..EngineOptions::default()
    })
    .await
    .inspect_err(|error| tracing::error!("{error}"))?;

    let told = serde_json::json!({"url": engine.url(), "key": engine.key()});
    let ended = told_to_end()?;
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{told}")?;
    stdout.flush()?;
    drop(stdout);

    ended.await;
    engine.stop().await;
    Ok(())
}

/// Listens from this call on, so that a signal sent right after the line is not lost.
#[cfg(unix)]
fn told_to_end() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(windows)]
fn told_to_end() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    let mut close = tokio::signal::windows::ctrl_close()?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = close.recv() => {}
        }
    })
}

fn visible_key(text: &str) -> Result<String, String> {
    let key = text.trim();
    if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("a key is visible ASCII without spaces".into());
    }
    Ok(key.to_owned())
}
