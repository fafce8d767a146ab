//! What can be told of a page's address without asking anyone.

use local_engine::guard::is_public;
use local_engine::shop;
use sha2::{Digest as _, Sha256};
use url::{Host, Url};

use crate::scrape::whole_address;

/// The longest label a service takes, in characters (contract §1.7).
pub const LONGEST_LABEL: usize = 255;

/// Names that mean this computer or its network, whatever a resolver says.
const LOCAL_NAMES: [&str; 7] = [
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "lan",
    "home.arpa",
];

/// Where an address leads. The numbers are kept in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Into the web, as far as its name tells.
    Open = 0,
    /// This computer or its network.
    Private = 1,
    /// A name without a dot, such as `nas`.
    ShortName = 2,
    /// The sample shop, which is only on this computer.
    Shop = 3,
    /// Nowhere: it is no address.
    Nowhere = 4,
}

impl Reach {
    pub fn from_number(number: i64) -> Self {
        match number {
            0 => Self::Open,
            1 => Self::Private,
            2 => Self::ShortName,
            3 => Self::Shop,
            _ => Self::Nowhere,
        }
    }
}

/// What is kept beside a page's address and label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub reach: Reach,
    /// Host without `www.`; empty when it leads nowhere.
    pub site: String,
    /// Equal for the same page with the same label; empty when it leads nowhere.
    pub twin: Vec<u8>,
}

impl Reading {
    pub fn of(address: &str, label: &str) -> Self {
        let Ok(url) = page_address(address) else {
            return Self {
                reach: Reach::Nowhere,
                site: String::new(),
                twin: Vec::new(),
            };
        };
        let host = url.host_str().unwrap_or_default();
        Self {
            reach: reach(&url),
            site: host.strip_prefix("www.").unwrap_or(host).to_owned(),
            twin: twin(url.as_str(), label),
        }
    }
}

/// As for one page, but in one line, because the parts of several would be read as one; and no bare
/// number, which is a cell of another column rather than the number of a computer.
pub fn page_address(typed: &str) -> Result<Url, String> {
    if typed.contains(char::is_control) {
        return Err("This holds more than one line. Enter one address.".into());
    }
    if typed.bytes().all(|byte| byte.is_ascii_digit()) && !typed.is_empty() {
        return Err("This is a number, not a page address.".into());
    }
    whole_address(typed)
}

fn reach(url: &Url) -> Reach {
    match url.host() {
        Some(Host::Ipv4(ip)) if !is_public(ip.into()) => Reach::Private,
        Some(Host::Ipv6(ip)) if !is_public(ip.into()) => Reach::Private,
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => Reach::Open,
        Some(Host::Domain(name)) => named(name.strip_suffix('.').unwrap_or(name)),
        None => Reach::Nowhere,
    }
}

fn named(name: &str) -> Reach {
    let is_local = |local: &&str| {
        name.strip_suffix(*local)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    if name == shop::HOST {
        Reach::Shop
    } else if LOCAL_NAMES.iter().any(is_local) {
        Reach::Private
    } else if name.contains('.') {
        Reach::Open
    } else {
        Reach::ShortName
    }
}

/// Half a SHA-256 keeps the index small and never meets itself by chance.
fn twin(url: &str, label: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(url);
    hash.update([0]);
    hash.update(label);
    hash.finalize()[..16].to_vec()
}
