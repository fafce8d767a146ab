//! Connections that outlive one scrape, so that the next page of a site needs no new handshake. Nothing
//! of a scrape stays on them: cookies and headers are each request's own.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::{Client, ClientBuilder, Proxy, redirect};
use rustls_platform_verifier::ConfigVerifierExt as _;
use url::Url;

const CONNECT_LIMIT: Duration = Duration::from_secs(15);

/// Sites whose connections are kept; the one that waited longest makes room.
const SITES: usize = 128;
/// Many servers hang up after five seconds; one that hung up first costs another try.
const IDLE_LIMIT: Duration = Duration::from_secs(4);
const IDLE_PER_SITE: usize = 64;

pub struct Connections {
    /// Made once: reading the system's certificates is slow.
    tls: rustls::ClientConfig,
    kept: Mutex<HashMap<Site, Kept>>,
}

type Site = (String, u16);

struct Kept {
    addrs: Vec<SocketAddr>,
    client: Client,
    used: Instant,
}

impl Connections {
    pub fn new() -> Result<Self, rustls::Error> {
        let mut tls = rustls::ClientConfig::with_platform_verifier()?;
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            tls,
            kept: Mutex::default(),
        })
    }

    /// Goes over a kept connection where there is one. A site that moved to other addresses than its
    /// connections were admitted for gets new ones.
    pub fn shared(&self, url: &Url, addrs: &[SocketAddr]) -> reqwest::Result<Client> {
        let mut addrs = addrs.to_vec();
        addrs.sort_unstable();
        let site = (
            url.host_str().unwrap_or_default().to_owned(),
            url.port_or_known_default().unwrap_or_default(),
        );
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept.get_mut(&site)
            && kept.addrs == addrs
        {
            kept.used = Instant::now();
            return Ok(kept.client.clone());
        }
        let client = self.own(url, &addrs)?;
        if kept.len() >= SITES {
            let longest = kept.iter().min_by_key(|(_, kept)| kept.used);
            if let Some(site) = longest.map(|(site, _)| site.clone()) {
                kept.remove(&site);
            }
        }
        let used = Instant::now();
        kept.insert(
            site,
            Kept {
                addrs,
                client: client.clone(),
                used,
            },
        );
        Ok(client)
    }

    /// A connection of its own, to nothing but the admitted addresses.
    pub fn own(&self, url: &Url, addrs: &[SocketAddr]) -> reqwest::Result<Client> {
        self.plain()
            .resolve_to_addrs(url.host_str().unwrap_or_default(), addrs)
            .connect_timeout(CONNECT_LIMIT)
            .pool_idle_timeout(IDLE_LIMIT)
            .pool_max_idle_per_host(IDLE_PER_SITE)
            .no_proxy()
            .build()
    }

    /// A connection of its own through a guarding proxy, which resolves, admits and dials for itself.
    pub fn through(&self, door: SocketAddr) -> reqwest::Result<Client> {
        self.plain()
            .proxy(Proxy::all(format!("http://{door}"))?)
            .pool_max_idle_per_host(0)
            .build()
    }

    fn plain(&self) -> ClientBuilder {
        Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
    }
}

/// Whether the site hung up on a connection that had waited: nothing of the request was answered.
pub fn is_hung_up(error: &reqwest::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<hyper::Error>()
            && (error.is_incomplete_message() || error.is_canceled() || error.is_closed())
        {
            return true;
        }
        if let Some(error) = error.downcast_ref::<std::io::Error>()
            && matches!(
                error.kind(),
                std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::BrokenPipe
            )
        {
            return true;
        }
        cause = error.source();
    }
    false
}

/// How long a connection may take, for the words of its error.
pub fn connect_seconds() -> u64 {
    CONNECT_LIMIT.as_secs()
}
