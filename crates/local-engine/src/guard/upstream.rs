//! A proxy of the person's own, through which connections to admitted addresses are made. It is always
//! asked for the address that the guard admitted, never for the name: a name could mean something else
//! in the proxy's network than it meant here, and so lead past the guard. The proxy itself may be
//! anywhere, also on this computer: the person entered it.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hyper::Uri;
use hyper::header::HeaderValue;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service as _;
use url::{Host, Url};

use crate::page::PageError;

const CONNECT_LIMIT: Duration = Duration::from_secs(20);

/// Where it is and how it is spoken to. `Debug` keeps the password to itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Upstream {
    /// For messages: the country it is in.
    country: String,
    socks: bool,
    /// `http://host:port`, as the connector wants it.
    address: Uri,
    login: Option<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UpstreamError {
    #[error(
        "the address should be http://user:password@host:port or socks5://user:password@host:port"
    )]
    Form,
    #[error("a proxy's address has no path")]
    Path,
    #[error("the port is missing")]
    Port,
    #[error("user name and password may have 255 characters each")]
    Login,
}

impl Upstream {
    pub fn parse(country: &str, address: &str) -> Result<Self, UpstreamError> {
        let url = Url::parse(address.trim()).map_err(|_| UpstreamError::Form)?;
        let socks = match url.scheme() {
            "http" => false,
            "socks5" | "socks5h" => true,
            _ => return Err(UpstreamError::Form),
        };
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(UpstreamError::Path);
        }
        let host = match url.host().ok_or(UpstreamError::Form)? {
            // Of a scheme unknown to it, `url` leaves the host as it is written.
            Host::Domain(name) => Host::parse(name).map_err(|_| UpstreamError::Form)?,
            Host::Ipv4(ip) => Host::Ipv4(ip),
            Host::Ipv6(ip) => Host::Ipv6(ip),
        };
        let implied = (!socks).then_some(80);
        let port = url.port().or(implied).ok_or(UpstreamError::Port)?;
        Ok(Self {
            country: country.to_owned(),
            socks,
            address: format!("http://{host}:{port}")
                .parse()
                .map_err(|_| UpstreamError::Form)?,
            login: login(&url)?,
        })
    }

    pub fn country(&self) -> &str {
        &self.country
    }

    /// A connection to the first of these addresses that the proxy reaches.
    pub async fn dial(&self, host: &str, addrs: &[SocketAddr]) -> Result<TcpStream, PageError> {
        let connect = async {
            let mut result = Err(self.failed("was given no address to connect to".into()));
            for addr in addrs {
                result = self.dial_one(host, *addr).await;
                if !matches!(result, Err(PageError::Connect { .. })) {
                    break;
                }
            }
            result
        };
        let seconds = CONNECT_LIMIT.as_secs();
        tokio::time::timeout(CONNECT_LIMIT, connect)
            .await
            .unwrap_or_else(
                |_| Err(self.failed(format!("did not answer within {seconds} seconds"))),
            )
    }

    async fn dial_one(&self, host: &str, addr: SocketAddr) -> Result<TcpStream, PageError> {
        let target: Uri = format!("http://{addr}")
            .parse()
            .map_err(|_| self.failed(format!("can't be asked for {addr}")))?;
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let connected = if self.socks {
            self.socks(host, connector, target).await
        } else {
            self.tunnel(connector, target).await
        };
        connected.map(TokioIo::into_inner)
    }

    async fn tunnel(
        &self,
        connector: HttpConnector,
        target: Uri,
    ) -> Result<TokioIo<TcpStream>, PageError> {
        let mut tunnel = Tunnel::new(self.address.clone(), connector);
        if let Some((user, password)) = &self.login {
            let login = format!("Basic {}", BASE64.encode(format!("{user}:{password}")));
            let login = HeaderValue::from_str(&login)
                .map_err(|_| self.failed("can't be sent this password".into()))?;
            tunnel = tunnel.with_auth(login);
        }
        tunnel.call(target).await.map_err(|error| {
            self.failed(match words(&error).as_str() {
                "tunnel error: proxy authorization required" => {
                    "wants another user name or password".into()
                }
                "tunnel error: unsuccessful" => "refused to connect to the site".into(),
                other => format!("failed: {}", other.trim_start_matches("tunnel error: ")),
            })
        })
    }

    async fn socks(
        &self,
        host: &str,
        connector: HttpConnector,
        target: Uri,
    ) -> Result<TokioIo<TcpStream>, PageError> {
        let mut socks = SocksV5::new(self.address.clone(), connector);
        if let Some((user, password)) = &self.login {
            socks = socks.with_auth(user.clone(), password.clone());
        }
        socks.call(target).await.map_err(|error| {
            let words = words(&error);
            let reason = words.trim_start_matches("SOCKS error: ");
            match reason {
                "credentials not accepted"
                | "server does not support user/pass authentication"
                | "server implements authentication incorrectly" => {
                    self.failed("wants another user name or password".into())
                }
                // What the proxy says of the site.
                "host unreachable"
                | "network unreachable"
                | "connection refused"
                | "ttl expired" => PageError::Connect {
                    host: host.to_owned(),
                    message: format!("{reason}, says the proxy for {}", self.country),
                },
                other => self.failed(format!("failed: {other}")),
            }
        })
    }

    fn failed(&self, message: String) -> PageError {
        PageError::Proxy {
            country: self.country.clone(),
            message,
        }
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Upstream")
            .field("country", &self.country)
            .field("socks", &self.socks)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// The cause is at the end of the chain, after what was tried.
fn words(error: &(dyn std::error::Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words = error.to_string();
        cause = error.source();
    }
    words
}

fn login(url: &Url) -> Result<Option<(String, String)>, UpstreamError> {
    const MOST: usize = 255;
    let decode = |text: &str| {
        let text = percent_encoding::percent_decode_str(text).decode_utf8();
        text.map(|text| text.into_owned())
            .map_err(|_| UpstreamError::Login)
    };
    let (user, password) = (
        decode(url.username())?,
        decode(url.password().unwrap_or_default())?,
    );
    if user.len() > MOST || password.len() > MOST {
        return Err(UpstreamError::Login);
    }
    let given = !user.is_empty() || !password.is_empty();
    Ok(given.then_some((user, password)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_passwords_kept_out_of_sight() {
        let upstream = Upstream::parse("US", "http://me:p%40ss@127.0.0.1:3128").expect("fits");
        assert_eq!(upstream.login, Some(("me".into(), "p@ss".into())));
        assert_eq!(upstream.address, "http://127.0.0.1:3128");
        let shown = format!("{upstream:?}");
        assert!(!shown.contains("p@ss") && !shown.contains("me"), "{shown}");
        let socks = Upstream::parse("DE", "socks5://[::1]:1080/").expect("fits");
        assert!(socks.socks && socks.login.is_none());
        assert_eq!(socks.address, "http://[::1]:1080");
        assert_eq!(
            Upstream::parse("US", "http://proxy.example").map(|it| it.address),
            Ok("http://proxy.example:80".parse().expect("an address"))
        );
        for (wrong, error) in [
            ("", UpstreamError::Form),
            ("127.0.0.1:3128", UpstreamError::Form),
            ("ftp://127.0.0.1:3128", UpstreamError::Form),
            ("socks5://proxy.example", UpstreamError::Port),
            ("http://proxy.example:1/path", UpstreamError::Path),
            ("socks5://bad host:1", UpstreamError::Form),
        ] {
            assert_eq!(Upstream::parse("US", wrong), Err(error), "{wrong:?}");
        }
        let long = format!("http://{}@proxy.example:1", "a".repeat(256));
        assert_eq!(Upstream::parse("US", &long), Err(UpstreamError::Login));
    }
}
