//! Simple pages and files, by one HTTP request and the redirects that follow from it. No browser here,
//! and no retries: a try is one try.

mod body;
mod connections;
mod identity;

use std::collections::BTreeMap;
use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Response, StatusCode};
use scrapingpros::types::{HttpMethod, PostEncoding, ScrapeRequest};
use serde_json::{Map, Value, json};
use url::Url;

use crate::guard::{self, Guard, GuardProxy};
use crate::page::{FetchedPage, PageError};

use connections::Connections;

pub use body::MAX_MB;

const MAX_REDIRECTS: usize = 10;

/// Headers that the connection sets by itself, whatever a request says.
const OWN_HEADERS: [HeaderName; 7] = [
    header::HOST,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::CONNECTION,
    header::ACCEPT_ENCODING,
    header::UPGRADE,
    header::TE,
];

/// Headers that are for the first host alone.
const SECRET_HEADERS: [HeaderName; 3] = [
    header::AUTHORIZATION,
    header::COOKIE,
    header::PROXY_AUTHORIZATION,
];

/// Fetches pages through the guard.
pub struct Fetcher {
    guard: Arc<Guard>,
    connections: Arc<Connections>,
    /// None: this computer's own connection.
    door: Option<Arc<GuardProxy>>,
}

impl Fetcher {
    pub fn new(guard: Arc<Guard>) -> Result<Self, rustls::Error> {
        let connections = Arc::new(Connections::new()?);
        Ok(Self {
            guard,
            connections,
            door: None,
        })
    }

    /// The same, but through this guarding proxy.
    pub fn through(&self, door: Arc<GuardProxy>) -> Self {
        Self {
            guard: self.guard.clone(),
            connections: self.connections.clone(),
            door: Some(door),
        }
    }

    /// Opens the page as the request says, its browser part left aside.
    pub async fn open(
        &self,
        request: &ScrapeRequest,
        limit: Duration,
    ) -> Result<FetchedPage, PageError> {
        self.within(request, limit, body::interpret).await
    }

    /// As [`Fetcher::open`], but the body stays the bytes that were sent.
    pub async fn file(
        &self,
        request: &ScrapeRequest,
        limit: Duration,
    ) -> Result<FetchedPage, PageError> {
        self.within(request, limit, body::as_sent).await
    }

    /// Sends a message of the engine's own and gives the status of the answer; redirects are not followed.
    pub async fn post(
        &self,
        url: &Url,
        headers: HeaderMap,
        body: Vec<u8>,
        limit: Duration,
    ) -> Result<StatusCode, PageError> {
        let hop = Hop {
            url: url.clone(),
            method: Method::POST,
            headers,
            payload: Some(body),
        };
        let answer = tokio::time::timeout(limit, self.answer(&hop, &Jar::default())).await;
        let answer = answer.map_err(|_| PageError::Timeout {
            seconds: limit.as_secs(),
        })??;
        Ok(answer.status())
    }

    async fn within(
        &self,
        request: &ScrapeRequest,
        limit: Duration,
        reading: body::Reading,
    ) -> Result<FetchedPage, PageError> {
        let started = Instant::now();
        let mut page = tokio::time::timeout(limit, self.follow(request, reading))
            .await
            .map_err(|_| PageError::Timeout {
                seconds: limit.as_secs(),
            })??;
        let elapsed = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        page.timings.insert("fetch_ms".into(), elapsed.into());
        Ok(page)
    }

    async fn follow(
        &self,
        request: &ScrapeRequest,
        reading: body::Reading,
    ) -> Result<FetchedPage, PageError> {
        let mut hop = Hop::first(request)?;
        let jar = Jar::default();
        for (name, value) in request.cookies.iter().flatten() {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            jar.add_cookie_str(&format!("{name}={value}; Path=/"), &hop.url);
        }
        let mut redirects = Vec::new();
        for _ in 0..=MAX_REDIRECTS {
            let response = self.answer(&hop, &jar).await?;
            jar.set_cookies(
                &mut response.headers().get_all(header::SET_COOKIE).iter(),
                &hop.url,
            );
            let Some(target) = redirect_target(&hop.url, &response) else {
                let mut page = arrived(&hop.url, response, &jar, reading).await?;
                page.redirects = redirects;
                return Ok(page);
            };
            redirects.push(hop.url.to_string());
            hop.redirect(response.status(), target);
        }
        Err(PageError::TooManyRedirects {
            limit: MAX_REDIRECTS,
        })
    }

    /// Nothing but the admitted addresses is dialled. A POST has a connection of its own: it could not be
    /// repeated if the site had hung up on a kept one.
    async fn answer(&self, hop: &Hop, jar: &Jar) -> Result<Response, PageError> {
        let url = &hop.url;
        let failed = |error| page_error(url, &error);
        let addrs = self.guard.admit(url).await?;
        if let Some(door) = &self.door {
            return self.answer_through(door, hop, jar).await;
        }
        let connections = &self.connections;
        if hop.method == Method::GET {
            let client = connections.shared(url, &addrs).map_err(failed)?;
            match hop.send(&client, jar).await {
                Err(error) if connections::is_hung_up(&error) => {}
                answer => return answer.map_err(failed),
            }
        }
        let client = connections.own(url, &addrs).map_err(failed)?;
        hop.send(&client, jar).await.map_err(failed)
    }

    async fn answer_through(
        &self,
        door: &GuardProxy,
        hop: &Hop,
        jar: &Jar,
    ) -> Result<Response, PageError> {
        let url = &hop.url;
        let host = url.host_str().unwrap_or_default();
        let failed = |error| {
            let own_words = page_error(url, &error);
            door.last_failure(host).unwrap_or(own_words)
        };
        let client = self.connections.through(door.addr()).map_err(failed)?;
        let response = hop.send(&client, jar).await.map_err(failed)?;
        // Over https the door sees no header, so that this would be the site's.
        if url.scheme() == "http"
            && response.headers().contains_key(guard::REASON)
            && let Some(failure) = door.last_failure(host)
        {
            return Err(failure);
        }
        Ok(response)
    }
}

/// What is sent next.
struct Hop {
    url: Url,
    method: Method,
    headers: HeaderMap,
    payload: Option<Vec<u8>>,
}

impl Hop {
    fn first(request: &ScrapeRequest) -> Result<Self, PageError> {
        let mut headers = identity::headers(request);
        let (address, method, payload) = match &request.http_method {
            None | Some(HttpMethod::Get) => (&request.url, Method::GET, None),
            Some(HttpMethod::Post {
                payload,
                url,
                content_type,
            }) => {
                let (mime, bytes) = encode(payload, *content_type);
                if let Some(bytes) = &bytes
                    && !bytes.is_empty()
                {
                    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
                }
                (url.as_ref().unwrap_or(&request.url), Method::POST, bytes)
            }
        };
        let url = Url::parse(address.trim()).map_err(|error| PageError::Refused {
            reason: "malformed_url",
            message: error.to_string(),
        })?;
        for (name, value) in extra_headers(request.headers.as_ref()) {
            headers.insert(name, value);
        }
        Ok(Self {
            url,
            method,
            headers,
            payload,
        })
    }

    async fn send(&self, client: &Client, jar: &Jar) -> reqwest::Result<Response> {
        let mut headers = self.headers.clone();
        if let Some(cookies) = jar.cookies(&self.url) {
            headers.entry(header::COOKIE).or_insert(cookies);
        }
        let mut request = client
            .request(self.method.clone(), self.url.clone())
            .headers(headers);
        match &self.payload {
            Some(payload) => request = request.body(payload.clone()),
            // Many servers refuse a POST that does not say how long it is.
            None if self.method == Method::POST => {
                request = request.header(header::CONTENT_LENGTH, 0);
            }
            None => {}
        }
        request.send().await
    }

    /// As browsers do: 307 and 308 repeat the request, the others ask for the new page.
    fn redirect(&mut self, status: StatusCode, target: Url) {
        let repeats = matches!(
            status,
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT
        );
        if !repeats {
            self.method = Method::GET;
            self.payload = None;
            self.headers.remove(header::CONTENT_TYPE);
        }
        if target.origin() != self.url.origin() {
            for name in SECRET_HEADERS {
                self.headers.remove(name);
            }
        }
        self.url = target;
    }
}

fn encode(payload: &Value, encoding: Option<PostEncoding>) -> (&'static str, Option<Vec<u8>>) {
    match encoding.unwrap_or(PostEncoding::Json) {
        PostEncoding::Json => (
            "application/json",
            (!payload.is_null()).then(|| payload.to_string().into_bytes()),
        ),
        PostEncoding::Form => (
            "application/x-www-form-urlencoded",
            Some(form(payload).into_bytes()),
        ),
    }
}

/// An object is a form; lists repeat their name. An array holds `[name, value]` pairs.
fn form(payload: &Value) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    let mut add = |name: &str, value: &Value| match value {
        Value::Null => {
            form.append_pair(name, "");
        }
        Value::String(text) => {
            form.append_pair(name, text);
        }
        Value::Array(items) => {
            for item in items {
                form.append_pair(name, item.as_str().unwrap_or(&item.to_string()));
            }
        }
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
            form.append_pair(name, &value.to_string());
        }
    };
    for (name, value) in payload.as_object().into_iter().flatten() {
        add(name, value);
    }
    for pair in payload.as_array().into_iter().flatten() {
        if let [name, value] = pair.as_array().map_or(&[][..], Vec::as_slice) {
            add(name.as_str().unwrap_or(&name.to_string()), value);
        }
    }
    form.finish()
}

fn extra_headers(
    headers: Option<&BTreeMap<String, String>>,
) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
    headers
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.parse().ok()?, value.parse().ok()?)))
        .filter(|(name, _)| !OWN_HEADERS.contains(name))
}

fn redirect_target(from: &Url, response: &Response) -> Option<Url> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = response.headers().get(header::LOCATION)?;
    let mut target = from
        .join(&String::from_utf8_lossy(location.as_bytes()))
        .ok()?;
    if target.fragment().is_none() {
        target.set_fragment(from.fragment());
    }
    Some(target)
}

async fn arrived(
    url: &Url,
    response: Response,
    jar: &Jar,
    reading: body::Reading,
) -> Result<FetchedPage, PageError> {
    let status = response.status().as_u16();
    let headers: Vec<(String, String)> = response
        .headers()
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect();
    let sent_type = headers
        .iter()
        .find(|(name, _)| name == header::CONTENT_TYPE.as_str())
        .map(|(_, value)| value.clone());
    let bytes = body::read(response)
        .await
        .map_err(|error| error.into_page_error(url))?;
    let host = url.host_str().unwrap_or_default();
    let (content_type, body) = reading(bytes, sent_type.as_deref(), host);
    Ok(FetchedPage {
        final_url: url.to_string(),
        status,
        content_type,
        headers,
        body,
        cookies: cookies(jar, url),
        ..FetchedPage::default()
    })
}

fn cookies(jar: &Jar, url: &Url) -> Map<String, Value> {
    let Some(sent) = jar.cookies(url) else {
        return Map::new();
    };
    String::from_utf8_lossy(sent.as_bytes())
        .split("; ")
        .filter_map(|cookie| cookie.split_once('='))
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect()
}

/// Which of our own errors this is. The cause is at the end of the chain.
fn page_error(url: &Url, error: &reqwest::Error) -> PageError {
    let host = url.host_str().unwrap_or_default().to_owned();
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(tls) = as_tls(cause) {
            return PageError::Tls {
                host,
                message: tls.to_string(),
            };
        }
        message = cause.to_string();
        source = cause.source();
    }
    if error.is_timeout() {
        let seconds = connections::connect_seconds();
        return PageError::Timeout { seconds };
    }
    if error.is_connect() {
        return PageError::Connect { host, message };
    }
    PageError::Protocol {
        message: format!("{host} did not answer as a website does: {message}"),
    }
}

/// TLS errors come wrapped in one or more I/O errors, whose own chain leaves them out.
fn as_tls<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(tls) = cause.downcast_ref() {
        return Some(tls);
    }
    as_tls(cause.downcast_ref::<std::io::Error>()?.get_ref()?)
}
