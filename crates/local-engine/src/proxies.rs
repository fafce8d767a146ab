//! Countries to scrape from. One computer is in one country: others are those for which the person has
//! entered a proxy of their own, and a country that is asked for stays pending until then.
//!
//! `any` takes the entered proxies in turn, and this computer's own connection when there are none.
//! Nothing else than the answer leaves here: neither address nor password of a proxy is ever told.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use isocountry::CountryCode;
use rusqlite::params;
use scrapingpros::types::{Proxy, ProxyConfig, ScrapeRequest};
use tokio::sync::OnceCell;

use crate::check::Rejection;
use crate::collections::moment;
use crate::database::{Database, DatabaseError};
use crate::guard::{Guard, GuardProxy, Upstream, UpstreamError};
use crate::page::PageError;
use crate::scrape::Scraper;

const TRIAL_LIMIT: Duration = Duration::from_secs(30);

/// A proxy as the person entered it. `Debug` shows the country alone.
#[derive(Clone, PartialEq, Eq)]
pub struct CountryProxy {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// `http://user:password@host:port` or `socks5://user:password@host:port`.
    pub url: String,
}

/// What is wrong with an entered proxy. Never says its address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProxyProblem {
    #[error("a proxy is entered as COUNTRY=ADDRESS")]
    Form,
    #[error("{0} is no country of ISO 3166-1, such as US or DE")]
    Country(String),
    #[error("the proxy for {country}: {cause}")]
    Address {
        country: String,
        cause: UpstreamError,
    },
}

/// The entered proxies and the countries that were asked for.
#[derive(Clone)]
pub struct Proxies {
    kept: Arc<Kept>,
}

struct Kept {
    guard: Arc<Guard>,
    database: Database,
    entered: RwLock<Vec<Arc<Gate>>>,
    turn: AtomicUsize,
}

/// The way through one proxy; opened when it is first used.
pub struct Gate {
    guard: Arc<Guard>,
    upstream: Upstream,
    door: OnceCell<Arc<GuardProxy>>,
}

/// Again after which pauses, when it did not work (contract §2.5).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Patience {
    pub retries: u32,
    delay: Duration,
    factor: f64,
}

/// A proxy that need not be entered, to be tried with one page; nothing is kept or counted.
pub struct ProxyTrial {
    scraper: Arc<Scraper>,
    gate: Gate,
}

/// What became of a trial. The words never say the proxy's address or password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TriedProxy {
    /// The site answered with this status.
    Answered { status: u16 },
    /// The proxy itself: it is not there, or wants another password.
    NotThere { words: String },
    /// The proxy works, but the page did not come.
    NoPage { words: String },
}

/// What became of a request for a country.
pub enum Asked {
    Approved,
    Pending,
}

impl Proxies {
    pub fn new(
        guard: Arc<Guard>,
        database: Database,
        entered: &[CountryProxy],
    ) -> Result<Self, ProxyProblem> {
        let proxies = Self {
            kept: Arc::new(Kept {
                guard,
                database,
                entered: RwLock::default(),
                turn: AtomicUsize::new(0),
            }),
        };
        proxies.set(entered)?;
        Ok(proxies)
    }

    /// Replaces all of them, or none when one is unfit. One that stays keeps its open connections.
    pub fn set(&self, entered: &[CountryProxy]) -> Result<(), ProxyProblem> {
        let upstreams: Result<Vec<_>, _> = entered.iter().map(CountryProxy::read).collect();
        let mut gates = self
            .kept
            .entered
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let kept = |upstream: Upstream| {
            let before = gates.iter().find(|gate| gate.upstream == upstream);
            before.cloned().unwrap_or_else(|| {
                Arc::new(Gate {
                    guard: self.kept.guard.clone(),
                    upstream,
                    door: OnceCell::new(),
                })
            })
        };
        let new = upstreams?.into_iter().map(kept).collect();
        *gates = new;
        Ok(())
    }

    /// A way through a proxy that is not entered.
    pub fn trial(
        &self,
        scraper: Arc<Scraper>,
        proxy: &CountryProxy,
    ) -> Result<ProxyTrial, ProxyProblem> {
        let gate = Gate {
            guard: self.kept.guard.clone(),
            upstream: proxy.read()?,
            door: OnceCell::new(),
        };
        Ok(ProxyTrial { scraper, gate })
    }

    /// The way for `use_proxy`; None is this computer's own connection.
    pub fn choose(&self, wanted: Option<&Proxy>) -> Result<Option<Arc<Gate>>, Rejection> {
        let Some(code) = code_of(wanted) else {
            return Ok(None);
        };
        let is_any = code.eq_ignore_ascii_case("any");
        let entered = self.entered();
        let mut fit = entered
            .iter()
            .filter(|gate| is_any || gate.country().eq_ignore_ascii_case(code));
        let count = fit.clone().count();
        if count == 0 {
            return if is_any {
                Ok(None)
            } else {
                Err(Rejection::CountryProxy)
            };
        }
        let turn = self.kept.turn.fetch_add(1, Ordering::Relaxed);
        Ok(fit.nth(turn % count).cloned())
    }

    /// Whether a request that wants this proxy can be worked off.
    pub fn check(&self, wanted: Option<&Proxy>) -> Result<(), Rejection> {
        self.choose(wanted).map(drop)
    }

    /// Every country code there is, in order.
    pub fn countries() -> Vec<&'static str> {
        let mut codes: Vec<_> = CountryCode::as_array()
            .iter()
            .map(CountryCode::alpha2)
            .collect();
        codes.sort_unstable();
        codes
    }

    /// The code as it is written here.
    pub fn country(code: &str) -> Option<&'static str> {
        CountryCode::for_alpha2_caseless(code.trim())
            .ok()
            .map(|country| country.alpha2())
    }

    /// Each once, in order.
    pub fn approved(&self) -> Vec<String> {
        let mut codes: Vec<_> = self
            .entered()
            .iter()
            .map(|gate| gate.country().to_owned())
            .collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    pub async fn pending(&self) -> Result<Vec<String>, DatabaseError> {
        let approved = self.approved();
        let asked: Vec<String> = self
            .kept
            .database
            .read(|connection| {
                let mut select =
                    connection.prepare_cached("SELECT country FROM proxy_requests ORDER BY 1")?;
                let rows = select.query_map([], |row| row.get(0))?;
                rows.collect()
            })
            .await?;
        Ok(asked
            .into_iter()
            .filter(|code| !approved.contains(code))
            .collect())
    }

    /// `country` as [`Proxies::country`] writes it.
    pub async fn ask_for(
        &self,
        country: &'static str,
        reason: String,
    ) -> Result<Asked, DatabaseError> {
        if self.entered().iter().any(|gate| gate.country() == country) {
            return Ok(Asked::Approved);
        }
        let now = moment::now_seconds();
        self.kept
            .database
            .write(move |transaction| {
                transaction.execute(
                    "INSERT INTO proxy_requests VALUES (?1, ?2, ?3)
                     ON CONFLICT DO UPDATE SET reason = excluded.reason",
                    params![country, reason, now],
                )
            })
            .await?;
        Ok(Asked::Pending)
    }

    fn entered(&self) -> Vec<Arc<Gate>> {
        let entered = self.kept.entered.read();
        entered.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ProxyTrial {
    /// Opens one page as a simple page, within seconds.
    pub async fn open(&self, address: &str) -> TriedProxy {
        let request = ScrapeRequest {
            url: address.to_owned(),
            ..ScrapeRequest::default()
        };
        let fetched = match self.gate.door().await {
            Ok(door) => {
                let fetcher = self.scraper.fetcher.through(door.clone());
                fetcher.open(&request, TRIAL_LIMIT).await
            }
            Err(error) => Err(error),
        };
        match fetched {
            Ok(page) => TriedProxy::Answered {
                status: page.status,
            },
            Err(PageError::Proxy { message, .. }) => TriedProxy::NotThere { words: message },
            Err(error) => TriedProxy::NoPage {
                words: error.to_string(),
            },
        }
    }
}

impl Gate {
    pub fn country(&self) -> &str {
        self.upstream.country()
    }

    /// The guard's own proxy on loopback, whose connections all go through the person's.
    pub async fn door(&self) -> Result<&Arc<GuardProxy>, PageError> {
        let start = || GuardProxy::start_through(self.guard.clone(), self.upstream.clone());
        let door = self.door.get_or_try_init(start).await;
        door.map_err(|error| PageError::Proxy {
            country: self.country().to_owned(),
            message: format!("could not be used: {error}"),
        })
    }
}

impl Patience {
    const MOST_RETRIES: u32 = 10;
    const LONGEST_PAUSE: f64 = 60.0;

    /// None: `use_proxy` says nothing of retries.
    pub fn of(wanted: Option<&Proxy>) -> Option<Self> {
        let Some(Proxy::Config(ProxyConfig {
            max_retries,
            delay_seconds,
            backoff_factor,
            ..
        })) = wanted
        else {
            return None;
        };
        let delay = delay_seconds.unwrap_or(1.0).clamp(0.0, Self::LONGEST_PAUSE);
        Some(Self {
            retries: max_retries.unwrap_or(3).min(Self::MOST_RETRIES),
            delay: Duration::from_secs_f64(delay),
            factor: backoff_factor.unwrap_or(2.0).max(0.0),
        })
    }

    /// Before the retry of this number, counted from 1.
    pub fn pause(&self, retry: u32) -> Duration {
        let power = i32::try_from(retry.saturating_sub(1)).unwrap_or(i32::MAX);
        let seconds = self.delay.as_secs_f64() * self.factor.powi(power);
        // What is no number is no pause.
        let pause = seconds.clamp(0.0, Self::LONGEST_PAUSE);
        Duration::try_from_secs_f64(pause).unwrap_or_default()
    }
}

impl CountryProxy {
    fn read(&self) -> Result<Upstream, ProxyProblem> {
        let country = Proxies::country(&self.country)
            .ok_or_else(|| ProxyProblem::Country(self.country.chars().take(20).collect()))?;
        Upstream::parse(country, &self.url).map_err(|cause| ProxyProblem::Address {
            country: country.to_owned(),
            cause,
        })
    }
}

impl FromStr for CountryProxy {
    type Err = ProxyProblem;

    /// `US=http://user:password@host:port`
    fn from_str(text: &str) -> Result<Self, ProxyProblem> {
        let (country, url) = text.split_once('=').ok_or(ProxyProblem::Form)?;
        let proxy = Self {
            country: country.trim().to_owned(),
            url: url.trim().to_owned(),
        };
        proxy.read().map(|_| proxy)
    }
}

impl fmt::Debug for CountryProxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CountryProxy")
            .field("country", &self.country)
            .finish_non_exhaustive()
    }
}

/// None: no proxy is asked for.
fn code_of(wanted: Option<&Proxy>) -> Option<&str> {
    let code = match wanted? {
        Proxy::Code(code) => code,
        Proxy::Config(config) => &config.proxy,
    };
    Some(code.trim()).filter(|code| !code.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn proxies(dir: &std::path::Path, entered: &[&str]) -> Proxies {
        let guard = Guard::new(([127, 0, 0, 1], 1).into(), &[]);
        let database = Database::open(dir).expect("opens");
        let entered: Vec<CountryProxy> = entered
            .iter()
            .map(|text| text.parse().expect("fits"))
            .collect();
        Proxies::new(Arc::new(guard), database, &entered).expect("all fit")
    }

    fn wanted(json: Value) -> Option<Proxy> {
        serde_json::from_value(json).expect("a use_proxy")
    }

    #[test]
    fn any_takes_turns_and_a_country_is_its_own() {
        let dir = tempfile::tempdir().expect("a folder");
        let proxies = proxies(dir.path(), &["US=http://a:1", "de=socks5://b:1"]);
        let country = |code: &str| {
            let gate = proxies.choose(wanted(json!(code)).as_ref());
            gate.map(|gate| gate.map(|gate| gate.country().to_owned()))
        };
        let mut turns = [country("any"), country("ANY")].map(|it| it.expect("one").expect("one"));
        turns.sort_unstable();
        assert_eq!(turns, ["DE", "US"]);
        assert_eq!(country("us"), Ok(Some("US".into())));
        assert_eq!(country("FR"), Err(Rejection::CountryProxy));
        assert_eq!(country(""), Ok(None));
        assert_eq!(proxies.approved(), ["DE", "US"]);

        proxies.set(&[]).expect("none is fine");
        assert_eq!(
            country("any"),
            Ok(None),
            "without proxies: the own connection"
        );
        assert_eq!(country("US"), Err(Rejection::CountryProxy));
    }

    #[test]
    fn an_unfit_one_changes_nothing_and_no_password_is_said() {
        let dir = tempfile::tempdir().expect("a folder");
        let proxies = proxies(dir.path(), &["US=http://a:1"]);
        let unfit = CountryProxy {
            country: "DE".into(),
            url: "gopher://me:secret@b:1".into(),
        };
        let problem = proxies
            .set(std::slice::from_ref(&unfit))
            .expect_err("unfit");
        let said = format!("{problem} {problem:?} {unfit:?}");
        assert!(said.contains("DE") && !said.contains("secret"), "{said}");
        assert_eq!(proxies.approved(), ["US"], "the list before stays");
        assert_eq!(
            "XX=http://a:1".parse::<CountryProxy>(),
            Err(ProxyProblem::Country("XX".into()))
        );
        assert_eq!("US".parse::<CountryProxy>(), Err(ProxyProblem::Form));
    }

    #[test]
    fn pauses_grow_and_end() {
        let patience = |json| Patience::of(wanted(json).as_ref());
        assert_eq!(patience(json!("US")), None);
        let own = patience(json!({"proxy": "US"})).expect("a config");
        let pauses = [1, 2, 3].map(|retry| own.pause(retry).as_secs());
        assert_eq!((own.retries, pauses), (3, [1, 2, 4]));
        let wild = json!({"proxy": "any", "max_retries": 4_000_000_000_u32, "delay_seconds": -5, "backoff_factor": 1e300});
        let wild = patience(wild).expect("a config");
        assert_eq!((wild.retries, wild.pause(10)), (10, Duration::ZERO));
        let long = json!({"proxy": "any", "delay_seconds": 1e300, "backoff_factor": 1e300});
        assert_eq!(
            patience(long).expect("a config").pause(9),
            Duration::from_secs(60)
        );
    }

    #[test]
    fn there_are_as_many_countries_as_iso_knows() {
        let countries = Proxies::countries();
        assert!(countries.len() > 240, "{}", countries.len());
        assert!(countries.is_sorted() && countries.contains(&"AR"));
        assert_eq!(Proxies::country(" us "), Some("US"));
        assert_eq!(Proxies::country("ZZ"), None);
    }
}
