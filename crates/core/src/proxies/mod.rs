//! Countries to visit pages from (contract §4.6 to §4.8). In the cloud each has to be asked for and is
//! approved by a person; on this computer a proxy of one's own makes it usable.

mod address;
mod known;
mod own;
mod view;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use local_engine::TriedProxy;
use scrapingpros::types::{CountryRequest, CountryStatus};
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

use known::{Countries, Known};

pub use own::OwnProxies;
pub use view::*;

use crate::accounts::{Account, Accounts, circumstances};
use crate::engine::LocalEngine;
use crate::{Answer, AppError, ErrorCode, FieldProblem};

/// How often is asked whether a country was approved; a person decides, so it takes hours.
const LOOK_EVERY: Duration = Duration::from_secs(5 * 60);
const FIRST_LOOK: Duration = Duration::from_secs(10);
/// The page a proxy is tried with, unless the person names one.
const TRIAL_PAGE: &str = "https://example.com/";
const LONGEST_REASON: usize = 1_000;

type Tell = Arc<dyn Fn(CountryApproved) + Send + Sync>;

/// Countries of every account; cheap to clone.
#[derive(Clone)]
pub struct Proxies {
    accounts: Accounts,
    engine: Arc<LocalEngine>,
    own: OwnProxies,
    known: Known,
    tell: Arc<Mutex<Option<Tell>>>,
    closed: CancellationToken,
}

impl Proxies {
    /// Reads `countries.json`. The path is where an unreadable one was put aside.
    pub fn open(
        data_dir: &Path,
        accounts: Accounts,
        engine: Arc<LocalEngine>,
        own: OwnProxies,
    ) -> Answer<(Self, Option<PathBuf>)> {
        let (known, set_aside) = Known::open(data_dir)?;
        let proxies = Self {
            accounts,
            engine,
            own,
            known,
            tell: Arc::default(),
            closed: CancellationToken::new(),
        };
        Ok((proxies, set_aside))
    }

    /// The active account's countries; what was known before when the service can't be asked.
    pub async fn list(&self) -> Answer<CountriesView> {
        let account = self.accounts.active().await?;
        let problem = self.look(&account).await.err();
        Ok(self.view(&account, problem).await)
    }

    /// Asks for a country (contract §4.7). To ask twice comes to the same.
    pub async fn request(&self, form: CountryForm) -> Answer<CountryAsked> {
        let account = self.accounts.active().await?;
        let country = country(&form.code)?;
        let reason = form.reason.trim();
        if reason.chars().count() > LONGEST_REASON {
            let words = format!("Shorten it to {LONGEST_REASON} characters.");
            return Err(AppError::invalid(vec![FieldProblem::new("reason", words)]));
        }
        let client = self.accounts.connect(&account).await?.client;
        let request = CountryRequest {
            country_code: country.clone(),
            reason: reason.to_owned(),
        };
        let answer = match client.proxies().request_country(&request).await {
            Ok(answer) => answer,
            Err(error) => return Err(self.explain(&account, &error).await),
        };
        self.accounts.note_answer(&account.id, &answer.meta).await?;
        let state = match answer.value.status {
            CountryStatus::AlreadyApproved => CountryState::Approved,
            CountryStatus::Pending | CountryStatus::Other(_) => CountryState::Pending,
        };
        let mut now = self.known.of(&account.id).await;
        now.all.insert(country.clone());
        match state {
            CountryState::Approved => now.approved.insert(country),
            CountryState::Pending | CountryState::Available => now.pending.insert(country),
        };
        // It was this very call that told: nothing to announce.
        self.known.learn(&account.id, now).await?;
        Ok(CountryAsked {
            state,
            message: answer.value.message.unwrap_or_default(),
            view: self.view(&account, None).await,
        })
    }

    /// Keeps a proxy of one's own for a country.
    pub async fn save_own(&self, form: OwnProxyForm) -> Answer<CountriesView> {
        self.own.save(&form).await?;
        self.list().await
    }

    /// Forgets it and its password; [`Proxies::restore_own`] brings it back.
    pub async fn remove_own(&self, country: String) -> Answer<CountriesView> {
        self.own.remove(&country).await?;
        self.list().await
    }

    pub async fn restore_own(&self) -> Answer<CountriesView> {
        self.own.restore().await?;
        self.list().await
    }

    /// Opens one page through a proxy that need not be kept; `page` empty: a page everybody can open.
    pub async fn try_own(&self, form: OwnProxyForm, page: String) -> Answer<OwnProxyTrial> {
        let proxy = self.own.typed(&form).await?;
        let page = match page.trim() {
            "" => TRIAL_PAGE,
            page => page,
        };
        let trial = self.engine.try_proxy(&proxy).await?;
        let start = Instant::now();
        let tried = trial.open(page).await;
        Ok(in_words(&tried, start.elapsed()))
    }

    /// Whoever is told of approvals.
    pub fn on_approved(&self, tell: Tell) {
        *self.tell.lock().unwrap_or_else(PoisonError::into_inner) = Some(tell);
    }

    /// Asks now and then for the accounts that wait for a country, until [`Proxies::close`].
    pub fn watch(&self) {
        let proxies = self.clone();
        tokio::spawn(async move {
            let mut pause = FIRST_LOOK;
            loop {
                tokio::select! {
                    () = tokio::time::sleep(pause) => proxies.look_around().await,
                    () = proxies.closed.cancelled() => return,
                }
                pause = LOOK_EVERY;
            }
        });
    }

    /// Asks for every account that waits for a country.
    pub async fn look_around(&self) {
        for id in self.known.waiting().await {
            let Ok(account) = self.accounts.get(&id).await else {
                self.known.forget(&id).await;
                continue;
            };
            // The engine need not start for that: what is entered is known here.
            if account.is_local() {
                continue;
            }
            if let Err(error) = self.look(&account).await {
                tracing::debug!(?error, "whether a country was approved is not known");
            }
        }
    }

    pub fn close(&self) {
        self.closed.cancel();
    }

    /// Asks the service, keeps what it says, and tells what has been approved.
    async fn look(&self, account: &Account) -> Answer<()> {
        let client = self.accounts.connect(account).await?.client;
        let proxies = client.proxies();
        let status = match proxies.status().await {
            Ok(answer) => answer.value,
            Err(error) => return Err(self.explain(account, &error).await),
        };
        let mut all = codes(&match proxies.countries().await {
            Ok(answer) => answer.value.countries,
            Err(error) => return Err(self.explain(account, &error).await),
        });
        let approved = codes(&status.approved_countries);
        let pending = codes(&status.pending_countries);
        all.extend(approved.iter().chain(&pending).cloned());
        let now = Countries {
            all,
            pending: pending.difference(&approved).cloned().collect(),
            approved,
            checked_at: OffsetDateTime::now_utc()
                .unix_timestamp()
                .try_into()
                .unwrap_or(0),
        };
        for code in self.known.learn(&account.id, now).await? {
            // On this computer the person has just entered it.
            if !account.is_local() {
                self.tell(account, code);
            }
        }
        match status.error.filter(|words| !words.trim().is_empty()) {
            Some(words) => Err(AppError::new(
                ErrorCode::ServiceProblem,
                "The service could not say which countries you have.",
            )
            .with_details(words)),
            None => Ok(()),
        }
    }

    fn tell(&self, account: &Account, code: String) {
        let tell = self.tell.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tell) = tell.clone() {
            tell(CountryApproved {
                account_id: account.id.clone(),
                account_name: account.name.clone(),
                code,
            });
        }
    }

    async fn view(&self, account: &Account, problem: Option<AppError>) -> CountriesView {
        let known = self.known.of(&account.id).await;
        let state = |code: &String| {
            if known.approved.contains(code) {
                CountryState::Approved
            } else if known.pending.contains(code) {
                CountryState::Pending
            } else {
                CountryState::Available
            }
        };
        let countries = known.all.iter().map(|code| CountryView {
            code: code.clone(),
            state: state(code),
        });
        CountriesView {
            account_id: account.id.clone(),
            local: account.is_local(),
            countries: countries.collect(),
            own: if account.is_local() {
                self.own.list().await
            } else {
                Vec::new()
            },
            checked_at: known.checked_at,
            problem,
        }
    }

    async fn explain(&self, account: &Account, error: &scrapingpros::Error) -> AppError {
        let explained = circumstances(account).explain(error);
        if let Err(error) = self
            .accounts
            .note_problem(&account.id, explained.code)
            .await
        {
            tracing::warn!(?error, "the account's problem was not kept");
        }
        explained
    }
}

fn country(code: &str) -> Answer<String> {
    isocountry::CountryCode::for_alpha2_caseless(code.trim())
        .map(|country| country.alpha2().to_owned())
        .map_err(|_| AppError::invalid(vec![FieldProblem::new("code", "Choose a country.")]))
}

/// In capitals, each once. What is no code of two letters is nothing a page can be visited from.
fn codes(listed: &[String]) -> BTreeSet<String> {
    let codes = listed.iter().map(|code| code.trim().to_ascii_uppercase());
    codes
        .filter(|code| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()))
        .collect()
}

fn in_words(tried: &TriedProxy, elapsed: Duration) -> OwnProxyTrial {
    let (works, sentence, details) = match tried {
        TriedProxy::Answered { status } if *status < 400 => {
            (true, "The proxy works.".to_owned(), String::new())
        }
        TriedProxy::Answered { status } => (
            true,
            format!("The proxy works. The page itself answered with status {status}."),
            String::new(),
        ),
        TriedProxy::NotThere { words } if words.contains("user name or password") => (
            false,
            "The proxy wants another user name or password.".to_owned(),
            words.clone(),
        ),
        TriedProxy::NotThere { words } => (
            false,
            "The proxy could not be reached. Check its address and port.".to_owned(),
            words.clone(),
        ),
        TriedProxy::NoPage { words } => (
            false,
            "The page could not be opened through the proxy.".to_owned(),
            words.clone(),
        ),
    };
    OwnProxyTrial {
        works,
        sentence,
        details,
        elapsed_ms: elapsed.as_millis().try_into().unwrap_or(u32::MAX),
    }
}
