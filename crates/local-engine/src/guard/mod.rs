//! Decides which hosts may be reached: public addresses on web ports, the sample shop, and what the
//! person allowed. The decision is made on resolved addresses, and those are the ones to dial, so a
//! name can't change its mind between the check and the connection.
//!
//! Two callers: `fetch` asks [`Guard::admit`] before every hop; the browser sends all its traffic
//! through a [`GuardProxy`]:
//!
//! ```text
//! GuardProxy::start(guard) -> io::Result<Arc<GuardProxy>>     a loopback listener of its own
//! GuardProxy::start_through(guard, upstream)                  the same, onward through another proxy
//! proxy.addr()             -> SocketAddr                      for --proxy-server=http://ADDR
//! proxy.last_failure(host) -> Option<PageError>               why the latest request to a host failed
//! ```
//!
//! A refusal is answered with 403, an unreachable host with 502, both with `X-Guard-Reason`. A later
//! success to the same host forgets the failure.

mod address;
mod allowed;
mod names;
mod proxy;
mod upstream;

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};

use url::{Host, Url};

use crate::page::PageError;
use crate::shop;

pub use address::is_public;
use allowed::AllowedHost;
pub use names::Resolve;
use names::SystemNames;
pub use proxy::{GuardProxy, REASON};
pub use upstream::{Upstream, UpstreamError};

const WEB_PORTS: [u16; 4] = [80, 443, 8080, 8443];

/// Names that mean this computer or its network, whatever a resolver says.
const LOCAL_NAMES: [&str; 9] = [
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "lan",
    "home.arpa",
    "ip6-localhost",
    "ip6-loopback",
];

/// The rule, and what is excepted from it.
pub struct Guard {
    /// Where the sample shop listens.
    shop: SocketAddr,
    allowed: RwLock<Vec<AllowedHost>>,
    resolver: Arc<dyn Resolve>,
}

impl Guard {
    pub fn new(shop: SocketAddr, allowed_hosts: &[String]) -> Self {
        Self::with_resolver(shop, allowed_hosts, Arc::new(SystemNames::default()))
    }

    pub fn with_resolver(
        shop: SocketAddr,
        allowed_hosts: &[String],
        resolver: Arc<dyn Resolve>,
    ) -> Self {
        Self {
            shop,
            allowed: RwLock::new(allowed::parse(allowed_hosts)),
            resolver,
        }
    }

    /// Replaces the list of allowed hosts.
    pub fn allow_hosts(&self, hosts: &[String]) {
        let mut allowed = self.allowed.write().unwrap_or_else(PoisonError::into_inner);
        *allowed = allowed::parse(hosts);
    }

    /// The addresses to dial for this page, or why it may not be opened.
    pub async fn admit(&self, url: &Url) -> Result<Vec<SocketAddr>, PageError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refused(
                "invalid_protocol",
                format!(
                    "Only http and https pages can be opened, not {}:",
                    url.scheme()
                ),
            ));
        }
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(refused("malformed_url", "The address has no host".into()));
        };
        self.admit_host(&host, port, url.scheme() == "http").await
    }

    /// As [`Guard::admit`], for a tunnel whose content is not known.
    async fn admit_host(
        &self,
        host: &Host<&str>,
        port: u16,
        plain: bool,
    ) -> Result<Vec<SocketAddr>, PageError> {
        let name = plain_name(host);
        if name == shop::HOST {
            return self.admit_shop(port, plain);
        }
        let allowed = self.is_allowed(&name, port);
        if !allowed {
            refuse_by_name_and_port(host, &name, port)?;
        }
        let addresses = match host {
            Host::Ipv4(ip) => vec![IpAddr::V4(*ip)],
            Host::Ipv6(ip) => vec![IpAddr::V6(*ip)],
            Host::Domain(_) => self.lookup(&name).await?,
        };
        if !allowed && let Some(private) = addresses.iter().find(|ip| !is_public(**ip)) {
            return Err(refused(
                "private_ip",
                format!(
                    "Blocked IP: {private} (resolved from '{name}'). Private/internal IP addresses are not allowed."
                ),
            ));
        }
        Ok(addresses
            .into_iter()
            .map(|ip| SocketAddr::new(ip, port))
            .collect())
    }

    fn admit_shop(&self, port: u16, plain: bool) -> Result<Vec<SocketAddr>, PageError> {
        if plain && port == 80 {
            return Ok(vec![self.shop]);
        }
        Err(refused(
            "invalid_port",
            format!("The sample shop is at http://{}/ only", shop::HOST),
        ))
    }

    fn is_allowed(&self, name: &str, port: u16) -> bool {
        self.allowed
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .any(|allowed| allowed.covers(name, port))
    }

    async fn lookup(&self, name: &str) -> Result<Vec<IpAddr>, PageError> {
        let found = self.resolver.resolve(name).await.unwrap_or_default();
        if found.is_empty() {
            return Err(PageError::Dns {
                host: name.to_owned(),
            });
        }
        Ok(found)
    }
}

fn refuse_by_name_and_port(host: &Host<&str>, name: &str, port: u16) -> Result<(), PageError> {
    let is_local = |local: &&str| {
        name.strip_suffix(*local)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    if matches!(host, Host::Domain(_)) && LOCAL_NAMES.iter().any(is_local) {
        return Err(refused(
            "blocked_hostname",
            format!("'{name}' is a name of this computer or its network."),
        ));
    }
    if !WEB_PORTS.contains(&port) {
        return Err(refused(
            "invalid_port",
            format!("Port {port} is not allowed; pages are on ports 80, 443, 8080 and 8443."),
        ));
    }
    Ok(())
}

/// Lower case, without brackets or the root's dot.
fn plain_name(host: &Host<&str>) -> String {
    match host {
        Host::Domain(name) => name.trim_end_matches('.').to_ascii_lowercase(),
        Host::Ipv4(ip) => ip.to_string(),
        Host::Ipv6(ip) => ip.to_string(),
    }
}

fn refused(reason: &'static str, message: String) -> PageError {
    PageError::Refused { reason, message }
}

#[cfg(test)]
mod tests;
