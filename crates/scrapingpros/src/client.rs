//! The transport under every group of endpoints.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde::de::DeserializeOwned;

use crate::call::{Call, Reply, Unreadable};
use crate::refusal::{classify, unreadable};
use crate::{
    Answered, ApiKey, Bucket, Collections, Config, Downloads, Error, Health, Jobs, Plans, Proxies,
    Quota, RateLimit, Runs, Scrape, Usage, Viability,
};

/// Called with the number of bytes of the answer received so far.
pub type OnReceived = Arc<dyn Fn(u64) + Send + Sync>;

/// One account on one server. Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    config: Arc<Config>,
    key: Option<ApiKey>,
    seen: Arc<Mutex<Seen>>,
}

/// What one call may want differently.
#[derive(Clone, Default)]
pub struct CallOptions {
    /// Longest wait for the whole answer, instead of the configured one.
    pub timeout: Option<Duration>,
    /// Extra request headers.
    pub headers: Vec<(String, String)>,
    /// Watches the answer arrive.
    pub on_received: Option<OnReceived>,
}

/// Last values of the headers that count down.
#[derive(Default)]
struct Seen {
    reads: Option<RateLimit>,
    writes: Option<RateLimit>,
    quota: Option<Quota>,
}

impl Client {
    /// A client for one account. Without a key only [`Client::health`] and [`Client::plans`] are answered.
    pub fn new(config: Config, key: Option<ApiKey>) -> Result<Self, Error> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("scrapingpros-rust/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(config.timeouts.connect)
            // A redirect could carry the key to another host, and no endpoint needs one.
            .redirect(reqwest::redirect::Policy::none())
            // What may be repeated is this crate's decision alone.
            .retry(reqwest::retry::never());
        if !config.system_proxy || config.is_loopback() {
            builder = builder.no_proxy();
        }
        let http = builder
            .build()
            .map_err(|error| Error::Unsendable(error.to_string()))?;
        Ok(Self {
            http,
            config: Arc::new(config),
            key,
            seen: Arc::default(),
        })
    }

    /// Scrapes a page (contract §4.1).
    pub fn scrape(&self) -> Scrape<'_> {
        Scrape(self)
    }

    /// Fetches a file (contract §4.2).
    pub fn downloads(&self) -> Downloads<'_> {
        Downloads(self)
    }

    /// How the service is (contract §4.9).
    pub fn health(&self) -> Health<'_> {
        Health(self)
    }

    /// What the service sells (contract §5.7).
    pub fn plans(&self) -> Plans<'_> {
        Plans(self)
    }

    /// What the account has used (contract §4.3 to §4.5).
    pub fn usage(&self) -> Usage<'_> {
        Usage(self)
    }

    /// Lists of addresses to scrape (contract §4.10 to §4.13, §5.4).
    pub fn collections(&self) -> Collections<'_> {
        Collections(self)
    }

    /// Works collections off (contract §4.14, §4.15, §5.1).
    pub fn runs(&self) -> Runs<'_> {
        Runs(self)
    }

    /// What a run has made of each address (contract §5.2, §5.3).
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs(self)
    }

    /// Tries how addresses are best scraped (contract §5.5, §5.6).
    pub fn viability(&self) -> Viability<'_> {
        Viability(self)
    }

    /// Countries to scrape from (contract §4.6 to §4.8).
    pub fn proxies(&self) -> Proxies<'_> {
        Proxies(self)
    }

    /// How the client reaches its server.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Last rate limit the service stated for this kind of call.
    pub fn rate_limit(&self, bucket: Bucket) -> Option<RateLimit> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match bucket {
            Bucket::Read => seen.reads,
            Bucket::Write => seen.writes,
        }
    }

    /// Last quota the service stated.
    pub fn quota(&self) -> Option<Quota> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .quota
    }

    /// Makes a call and reads its answer.
    pub(crate) async fn fetch<T: DeserializeOwned>(
        &self,
        call: &Call,
    ) -> Result<Answered<T>, Error> {
        self.fetch_with(call, Reply::json).await
    }

    /// Makes a call and reads its answer in a way of its own.
    pub(crate) async fn fetch_with<T>(
        &self,
        call: &Call,
        read: impl FnOnce(&Reply) -> Result<T, Unreadable>,
    ) -> Result<Answered<T>, Error> {
        let reply = self.send(call).await?;
        match read(&reply) {
            Ok(value) => Ok(Answered {
                value,
                meta: reply.meta,
            }),
            Err(failure) => Err(self.unreadable(&failure, reply)),
        }
    }

    /// The error that an answer stands for that can't be read.
    pub(crate) fn unreadable(&self, failure: &Unreadable, reply: Reply) -> Error {
        let message = self.redact(&failure.cause.to_string());
        let body = self.redact(&reply.text());
        unreadable(failure, message, &body, reply.meta)
    }

    /// Makes a call, repeating it as far as [`RetryPolicy`](crate::RetryPolicy) allows.
    pub(crate) async fn send(&self, call: &Call) -> Result<Reply, Error> {
        let mut repeated = 0;
        loop {
            let error = match self.attempt(call).await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            let Some(delay) = self.config.retry.delay(call.effect, repeated, &error) else {
                return Err(error);
            };
            tokio::time::sleep(delay).await;
            repeated += 1;
        }
    }

    async fn attempt(&self, call: &Call) -> Result<Reply, Error> {
        let started = Instant::now();
        let response = self
            .request(call)?
            .send()
            .await
            .map_err(Error::from_transport)?;
        let limit = self.config.answer_limit;
        let mut reply = Reply::receive(response, limit, call.on_received.as_ref()).await?;
        reply.meta.elapsed = started.elapsed();
        self.remember(&call.method, &reply);
        if reply.is_success() || (call.failure_is_result && reply.holds_failed_result()) {
            return Ok(reply);
        }
        let location = reply.location.as_deref().map(|to| self.redact(to));
        Err(classify(&self.redact(&reply.text()), location, reply.meta))
    }

    fn request(&self, call: &Call) -> Result<reqwest::RequestBuilder, Error> {
        let mut headers = call.headers.clone();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.remove(AUTHORIZATION);
        if call.with_key
            && let Some(bearer) = self.key.as_ref().and_then(ApiKey::header)
        {
            headers.insert(AUTHORIZATION, bearer);
        }
        let url = self
            .config
            .endpoint(&call.path, &call.query)
            .map_err(|error| Error::Unsendable(error.to_string()))?;
        let request = self
            .http
            .request(call.method.clone(), url)
            .headers(headers)
            .timeout(call.patience);
        Ok(match &call.body {
            Some(body) => request.body(body.clone()),
            None => request,
        })
    }

    fn remember(&self, method: &Method, reply: &Reply) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.quota = reply.meta.quota.or(seen.quota);
        let bucket = if *method == Method::GET {
            &mut seen.reads
        } else {
            &mut seen.writes
        };
        *bucket = reply.meta.rate_limit.or(*bucket);
    }

    /// A server may quote the key it refuses; an error must not.
    fn redact(&self, text: &str) -> String {
        match &self.key {
            // A key this short is no secret, and would be found in half the words.
            Some(key) if key.expose().len() >= 8 => text.replace(key.expose(), "[key]"),
            Some(_) | None => text.to_owned(),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("config", &self.config)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        formatter
            .debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("headers", &names)
            .field("on_received", &self.on_received.is_some())
            .finish()
    }
}
