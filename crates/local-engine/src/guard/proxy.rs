//! A forward proxy on loopback that puts the guard in front of a browser. It speaks plain HTTP in
//! absolute form and tunnels (`CONNECT`), which carry https and WebSockets; both stream. It is no way
//! into this computer for others: it obeys the same guard, and a page that a person opens in an
//! ordinary browser can't speak to it, since it answers nothing but proxy requests.

use std::collections::HashMap;
use std::convert::Infallible;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, combinators::BoxBody};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;

use crate::page::PageError;
use crate::shop;

use super::{Guard, Upstream};

const CONNECT_LIMIT: Duration = Duration::from_secs(15);

/// Failures are remembered for this many hosts.
const REMEMBERED_HOSTS: usize = 256;

/// Says why a request was refused or failed.
pub const REASON: HeaderName = HeaderName::from_static("x-guard-reason");

/// Headers that belong to one connection (RFC 9110 §7.6.1).
const HOP_BY_HOP: [&str; 8] = [
    "connection",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

type Body = BoxBody<Bytes, Box<dyn Error + Send + Sync>>;

/// Listens until dropped.
pub struct GuardProxy {
    addr: SocketAddr,
    door: Arc<Door>,
    _listening: DropGuard,
}

impl GuardProxy {
    pub async fn start(guard: Arc<Guard>) -> io::Result<Arc<Self>> {
        Self::listening(guard, None).await
    }

    /// All that is admitted goes on through another proxy; the sample shop alone stays here.
    pub async fn start_through(guard: Arc<Guard>, upstream: Upstream) -> io::Result<Arc<Self>> {
        Self::listening(guard, Some(upstream)).await
    }

    async fn listening(guard: Arc<Guard>, upstream: Option<Upstream>) -> io::Result<Arc<Self>> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let addr = listener.local_addr()?;
        let door = Arc::new(Door {
            guard,
            upstream,
            failures: Mutex::default(),
        });
        let stopped = CancellationToken::new();
        tokio::spawn(stopped.clone().run_until_cancelled_owned(listen(
            listener,
            door.clone(),
            stopped.clone(),
        )));
        Ok(Arc::new(Self {
            addr,
            door,
            _listening: stopped.drop_guard(),
        }))
    }

    /// Where the browser finds it.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Why the latest request to this host failed; None after a success.
    pub fn last_failure(&self, host: &str) -> Option<PageError> {
        self.door.failures().get(&host_key(host)).cloned()
    }
}

async fn listen(listener: TcpListener, door: Arc<Door>, stopped: CancellationToken) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors: others must end first.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let door = door.clone();
        let service = hyper::service::service_fn(move |request| {
            let door = door.clone();
            async move { Ok::<_, Infallible>(door.pass(request).await) }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .preserve_header_case(true)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        tokio::spawn(stopped.clone().run_until_cancelled_owned(connection));
    }
}

/// What all connections share.
struct Door {
    guard: Arc<Guard>,
    upstream: Option<Upstream>,
    failures: Mutex<HashMap<String, PageError>>,
}

impl Door {
    async fn pass(&self, request: Request<Incoming>) -> Response<Body> {
        let Some(target) = target_of(&request) else {
            return plain(StatusCode::BAD_REQUEST, "This is a proxy, not a website.");
        };
        let host = target.host_str().unwrap_or_default().to_owned();
        let passed = if request.method() == Method::CONNECT {
            self.tunnel(&target, request).await
        } else {
            self.forward(&target, request).await
        };
        match passed {
            Ok(response) => {
                self.failures().remove(&host_key(&host));
                response
            }
            Err(error) => {
                tracing::debug!(%target, %error, "did not pass the guard's proxy");
                let response = explain(&error);
                self.remember(&host, error);
                response
            }
        }
    }

    async fn tunnel(
        &self,
        target: &Url,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, PageError> {
        let (Some(host), Some(port)) = (target.host(), target.port_or_known_default()) else {
            return Err(PageError::Protocol {
                message: "a tunnel without a host".into(),
            });
        };
        let addrs = self.guard.admit_host(&host, port, port == 80).await?;
        let mut far = self.dial(target, &addrs).await?;
        tokio::spawn(async move {
            if let Ok(near) = hyper::upgrade::on(request).await {
                // An error here is one side closing first: the ordinary end of a tunnel.
                let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(near), &mut far).await;
            }
        });
        Ok(Response::new(empty()))
    }

    async fn forward(
        &self,
        target: &Url,
        mut request: Request<Incoming>,
    ) -> Result<Response<Body>, PageError> {
        let addrs = self.guard.admit(target).await?;
        let far = self.dial(target, &addrs).await?;
        let lost = |error: hyper::Error| PageError::Connect {
            host: target.host_str().unwrap_or_default().to_owned(),
            message: error.to_string(),
        };
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(far))
            .await
            .map_err(lost)?;
        tokio::spawn(connection);

        let origin_form = request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str())
            .parse::<Uri>()
            .unwrap_or_default();
        *request.uri_mut() = origin_form;
        strip_hop_by_hop(request.headers_mut());
        if let Ok(authority) = HeaderValue::from_str(authority(target).as_str()) {
            // The guard judged this host; a Host header must not name another.
            request.headers_mut().insert(header::HOST, authority);
        }
        let mut response = sender.send_request(request).await.map_err(lost)?;
        strip_hop_by_hop(response.headers_mut());
        // The guard's own word, not a site's.
        response.headers_mut().remove(REASON);
        Ok(response.map(|body| body.map_err(Into::into).boxed()))
    }

    async fn dial(&self, target: &Url, addrs: &[SocketAddr]) -> Result<TcpStream, PageError> {
        let host = target.host_str().unwrap_or_default();
        match &self.upstream {
            Some(upstream) if host_key(host) != shop::HOST => upstream.dial(host, addrs).await,
            _ => dial(target, addrs).await,
        }
    }

    fn failures(&self) -> std::sync::MutexGuard<'_, HashMap<String, PageError>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, host: &str, error: PageError) {
        let mut failures = self.failures();
        if failures.len() >= REMEMBERED_HOSTS {
            failures.clear();
        }
        failures.insert(host_key(host), error);
    }
}

/// The host and port that the request is for, parsed by the same rules as a page's address.
fn target_of(request: &Request<Incoming>) -> Option<Url> {
    let uri = request.uri();
    let authority = uri.authority()?;
    if request.method() == Method::CONNECT {
        let scheme = if authority.port_u16() == Some(80) {
            "http"
        } else {
            "https"
        };
        return Url::parse(&format!("{scheme}://{authority}/")).ok();
    }
    Url::parse(&uri.to_string()).ok()
}

fn authority(target: &Url) -> String {
    let host = target.host_str().unwrap_or_default();
    target
        .port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

async fn dial(target: &Url, addrs: &[SocketAddr]) -> Result<TcpStream, PageError> {
    let host = || target.host_str().unwrap_or_default().to_owned();
    match tokio::time::timeout(CONNECT_LIMIT, TcpStream::connect(addrs)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(PageError::Connect {
            host: host(),
            message: error.to_string(),
        }),
        Err(_) => Err(PageError::Timeout {
            seconds: CONNECT_LIMIT.as_secs(),
        }),
    }
}

fn strip_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
}

fn explain(error: &PageError) -> Response<Body> {
    let (status, reason) = if let PageError::Refused { reason, .. } = error {
        (StatusCode::FORBIDDEN, *reason)
    } else if matches!(error, PageError::Dns { .. }) {
        (StatusCode::BAD_GATEWAY, "dns_failed")
    } else {
        (StatusCode::BAD_GATEWAY, "connect")
    };
    let mut response = plain(status, &error.to_string());
    response
        .headers_mut()
        .insert(REASON, HeaderValue::from_static(reason));
    response
}

fn plain(status: StatusCode, text: &str) -> Response<Body> {
    let mut response = Response::new(full(text.to_owned()));
    *response.status_mut() = status;
    response
}

fn full(text: String) -> Body {
    Full::new(Bytes::from(text))
        .map_err(|never| match never {})
        .boxed()
}

fn empty() -> Body {
    full(String::new())
}

fn host_key(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}
