//! One entry of the list of allowed hosts: `host`, or `host:port`.

use url::Host;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHost {
    /// As `plain_name` writes it.
    name: String,
    /// None: every port.
    port: Option<u16>,
}

impl AllowedHost {
    pub fn covers(&self, name: &str, port: u16) -> bool {
        self.name == name && self.port.is_none_or(|own| own == port)
    }
}

/// Entries that name no host are left out, and the log says so.
pub fn parse(entries: &[String]) -> Vec<AllowedHost> {
    entries
        .iter()
        .filter_map(|entry| {
            let parsed = parse_entry(entry.trim());
            if parsed.is_none() {
                tracing::warn!(entry, "not a host or host:port, left out");
            }
            parsed
        })
        .collect()
}

fn parse_entry(entry: &str) -> Option<AllowedHost> {
    let bare_v6 = entry.matches(':').count() > 1 && !entry.starts_with('[');
    let (host, port) = match entry.rsplit_once(':') {
        Some((host, port)) if !bare_v6 && !port.ends_with(']') => (host, Some(port.parse().ok()?)),
        _ => (entry, None),
    };
    let host = if bare_v6 {
        Host::parse(&format!("[{host}]"))
    } else {
        Host::parse(host)
    };
    let host = host.ok()?;
    let name = super::plain_name(&match &host {
        Host::Domain(name) => Host::Domain(name.as_str()),
        Host::Ipv4(ip) => Host::Ipv4(*ip),
        Host::Ipv6(ip) => Host::Ipv6(*ip),
    });
    Some(AllowedHost { name, port })
}
