//! Where the service is and how patient the client is with it.

use std::time::Duration;

use url::{Host, Url};

use crate::RetryPolicy;

/// The service's own address (contract §1.1).
pub const DEFAULT_SERVER: &str = "https://api.scrapingpros.com";

/// How a [`Client`](crate::Client) reaches its server.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    server: String,
    loopback: bool,
    /// How long each kind of call may take.
    pub timeouts: Timeouts,
    /// Goes through the system's proxy. A server on this computer is always reached directly.
    pub system_proxy: bool,
    /// Longest answer that is read, bytes after decompression.
    pub answer_limit: u64,
    /// When and how often a call is repeated.
    pub retry: RetryPolicy,
}

impl Config {
    /// The server at `address`: `https://host` and `https://host/v1` mean the same, with or without a slash at the
    /// end (contract §1.1). An address without a scheme is taken as https.
    pub fn for_server(address: &str) -> Result<Self, ConfigError> {
        let url = parse(address)?;
        let path = url.path().trim_end_matches('/');
        let root = path
            .strip_suffix("/v1")
            .unwrap_or(path)
            .trim_end_matches('/');
        Ok(Self {
            server: format!("{}{root}", url.origin().ascii_serialization()),
            loopback: is_loopback(&url),
            ..Self::default()
        })
    }

    /// Scheme, host and port (and a path when there is one), without `/v1` and without a slash at the end.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// Whether the server is on this computer.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Full address of an endpoint such as `/sync/scrape`.
    pub(crate) fn endpoint(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<Url, url::ParseError> {
        let mut url = Url::parse(&format!("{}/v1{path}", self.server))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            server: DEFAULT_SERVER.to_owned(),
            loopback: false,
            timeouts: Timeouts::default(),
            system_proxy: true,
            answer_limit: 256 * 1024 * 1024,
            retry: RetryPolicy::default(),
        }
    }
}

/// Longest waits, from the start of a call to the last byte of its answer (contract §1.7, §4.1.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection to stand.
    pub connect: Duration,
    /// For calls that only read.
    pub read: Duration,
    /// For a scrape without a browser.
    pub scrape: Duration,
    /// For a scrape with a browser.
    pub browser: Duration,
    /// For a scrape that tries again when it is blocked.
    pub retry_on_block: Duration,
    /// For a download.
    pub download: Duration,
    /// For a collection to be taken in; each of its requests adds to it (contract §4.10.5).
    pub submit: Duration,
    /// For a run or a viability test to be started.
    pub start: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            read: Duration::from_secs(30),
            scrape: Duration::from_secs(120),
            browser: Duration::from_secs(180),
            retry_on_block: Duration::from_secs(300),
            download: Duration::from_secs(180),
            submit: Duration::from_secs(60),
            start: Duration::from_secs(120),
        }
    }
}

/// Why a server address can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Nothing was given.
    #[error("the server address is empty")]
    Empty,
    /// Not an address at all.
    #[error("the server address is not a web address: {0}")]
    Malformed(String),
    /// A scheme other than http and https.
    #[error("the server address must start with https:// or http://, not {0}://")]
    Scheme(String),
    /// A name, password, query or fragment stands in the address.
    #[error("the server address must be a plain address, without a name, password, ? or #")]
    NotPlain,
}

fn parse(address: &str) -> Result<Url, ConfigError> {
    let address = address.trim();
    if address.is_empty() {
        return Err(ConfigError::Empty);
    }
    let address = if address.contains("://") {
        address.to_owned()
    } else {
        format!("https://{address}")
    };
    let url = Url::parse(&address).map_err(|error| ConfigError::Malformed(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(ConfigError::Scheme(url.scheme().to_owned()));
    }
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    if has_credentials || url.query().is_some() || url.fragment().is_some() {
        return Err(ConfigError::NotPlain);
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
