//! Pages by the user's own Chrome, Chromium or Edge over CDP: one warm browser, a fresh incognito
//! context per scrape.

mod cdp;
mod file;
mod find;
mod glob;
mod intercept;
mod keys;
mod leftover;
mod load;
mod plan;
mod process;
mod read;
mod script;
mod shot;
mod steps;
mod tab;
mod traffic;
mod wait;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use scrapingpros::types::ScrapeRequest;
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use crate::guard::GuardProxy;
use crate::page::{FetchedPage, PageError, Stage, StageTeller};

use find::{Here, System};
use leftover::Profiles;
use plan::Plan;
use process::Running;
use steps::Steps;
use tab::Tab;

/// A browser found on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledBrowser {
    /// "Google Chrome", "Chromium", "Microsoft Edge"
    pub name: String,
    pub path: PathBuf,
}

/// The one warm browser. Starts on the first scrape, restarts after a crash.
pub struct Browser {
    proxy: Arc<GuardProxy>,
    profile_dir: PathBuf,
    profiles: Option<Profiles>,
    warm: Mutex<Warm>,
}

enum Warm {
    Cold,
    Running(Arc<Running>),
    Closed,
}

impl Browser {
    /// `proxy`: the engine's own guarding proxy on loopback (see `guard`), through which *all* of the
    /// browser's traffic goes, loopback included. `profile_dir`: removed on close; what an engine that
    /// was killed left there is ended. Call within a Tokio runtime.
    pub fn new(proxy: Arc<GuardProxy>, profile_dir: PathBuf) -> Self {
        let mut profiles = Profiles::own(&profile_dir);
        if let Some(profiles) = &mut profiles {
            tokio::spawn(profiles.sweep());
        }
        Self {
            proxy,
            profile_dir,
            profiles,
            warm: Mutex::new(Warm::Cold),
        }
    }

    /// What would be started; looks in the usual places of Linux, macOS and Windows.
    pub fn installed() -> Option<InstalledBrowser> {
        find::installed(System::this(), &Here)
    }

    /// Opens the page in a fresh incognito context and works off the request's browser part.
    /// Dropping the future closes the context.
    pub async fn open(
        &self,
        request: &ScrapeRequest,
        limit: Duration,
        stages: &StageTeller,
    ) -> Result<FetchedPage, PageError> {
        self.open_through(&self.proxy, request, limit, stages).await
    }

    /// The guarding proxy it uses when no other is named.
    pub fn own_door(&self) -> &Arc<GuardProxy> {
        &self.proxy
    }

    /// As [`Browser::open`], but all of this page's traffic goes through another guarding proxy.
    pub async fn open_through(
        &self,
        proxy: &Arc<GuardProxy>,
        request: &ScrapeRequest,
        limit: Duration,
        stages: &StageTeller,
    ) -> Result<FetchedPage, PageError> {
        let plan = Arc::new(Plan::read(request)?);
        tokio::time::timeout(limit, self.scrape(proxy, plan, limit, stages))
            .await
            .map_err(|_| PageError::Timeout {
                seconds: limit.as_secs(),
            })?
    }

    /// Ends the browser and removes its profile. It is not started again.
    pub async fn close(&self) {
        let warm = std::mem::replace(&mut *self.warm.lock().await, Warm::Closed);
        if let Warm::Running(running) = warm {
            running.close().await;
        }
        if self.profiles.is_none() {
            return;
        }
        match tokio::fs::remove_dir_all(&self.profile_dir).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(%error, "the browser's profile could not be removed");
            }
            _ => {}
        }
    }

    async fn scrape(
        &self,
        proxy: &Arc<GuardProxy>,
        plan: Arc<Plan>,
        limit: Duration,
        stages: &StageTeller,
    ) -> Result<FetchedPage, PageError> {
        let deadline = Instant::now() + limit;
        let mut timings = Map::new();
        let running = self.running(stages, &mut timings).await?;
        stages.tell(Stage::Opening);
        let started = Instant::now();
        let own = (proxy.addr() != self.proxy.addr()).then(|| proxy.addr());
        let tab = Tab::open(&running, &plan, proxy, own).await?;
        let visit = Visit {
            tab: &tab,
            plan: &plan,
            proxy,
            stages,
            deadline,
        };
        tokio::select! {
            page = visit.make(started, timings) => page,
            error = tab.broken() => Err(error),
        }
    }

    /// The warm browser; whoever comes first starts it, the others wait for that.
    async fn running(
        &self,
        stages: &StageTeller,
        timings: &mut Map<String, Value>,
    ) -> Result<Arc<Running>, PageError> {
        let mut warm = self.warm.lock().await;
        match &*warm {
            Warm::Running(running) if running.is_alive() => return Ok(running.clone()),
            Warm::Closed => {
                return Err(PageError::Browser {
                    message: "it was closed with the engine".into(),
                });
            }
            Warm::Cold | Warm::Running(_) => {}
        }
        *warm = Warm::Cold;
        let installed = Self::installed().ok_or_else(|| PageError::NoBrowser {
            looked_for: find::looked_for(System::this(), &Here),
        })?;
        stages.tell(Stage::StartingBrowser);
        let running = Running::start(&installed, self.proxy.addr(), &self.profile_dir).await?;
        timings.insert("browser_launch_ms".into(), millis(running.launch_time));
        let running = Arc::new(running);
        *warm = Warm::Running(running.clone());
        Ok(running)
    }
}

/// One page from opening to what is taken from it.
struct Visit<'a> {
    tab: &'a Tab,
    plan: &'a Plan,
    proxy: &'a GuardProxy,
    stages: &'a StageTeller,
    deadline: Instant,
}

impl Visit<'_> {
    async fn make(
        &self,
        started: Instant,
        mut timings: Map<String, Value>,
    ) -> Result<FetchedPage, PageError> {
        load::open(self.tab, self.plan, self.proxy).await?;
        timings.insert("open_ms".into(), millis(started.elapsed()));

        let mut steps = Steps::new(self.tab, self.stages);
        let is_page = self.tab.traffic.read(|state| state.file.is_none());
        if is_page && !self.plan.actions.is_empty() {
            let started = Instant::now();
            steps.run(&self.plan.actions).await?;
            self.tab
                .traffic
                .settle(load::LOAD_LIMIT, load::REST_LIMIT)
                .await;
            timings.insert("steps_ms".into(), millis(started.elapsed()));
        }
        self.listen().await;
        let Steps {
            evaluated,
            collected,
            ..
        } = steps;

        self.stages.tell(Stage::Collecting);
        let document = self
            .tab
            .traffic
            .read(|state| state.document.clone())
            .unwrap_or_default();
        let has_picture = self.tab.traffic.read(|state| {
            let is_picture = |mime: &str| mime.starts_with("image/");
            state.file.is_none() || document.content_type().is_some_and(is_picture)
        });
        let (final_url, body) = read::body(self.tab, &document).await?;
        let cookies = read::cookies(self.tab, &final_url).await?;
        let screenshot = if self.plan.screenshot && has_picture {
            self.stages.tell(Stage::Screenshot);
            let started = Instant::now();
            let picture = shot::take(self.tab, self.plan.screen).await?;
            timings.insert("screenshot_ms".into(), millis(started.elapsed()));
            Some(picture)
        } else {
            None
        };
        let network = match &self.plan.capture {
            Some(capture) => Some(read::calls(self.tab, |url| capture.wants_body(url)).await),
            None => None,
        };
        Ok(FetchedPage {
            final_url,
            redirects: Vec::new(),
            status: document.status,
            content_type: document.content_type().map(str::to_owned),
            headers: document.headers,
            body,
            screenshot,
            evaluate_results: evaluated,
            collected,
            network,
            cookies,
            timings,
        })
    }

    /// Goes on listening to the page's calls as long as was asked for and the limit allows.
    async fn listen(&self) {
        let Some(capture) = self
            .plan
            .capture
            .as_ref()
            .filter(|capture| capture.listen_ms > 0)
        else {
            return;
        };
        let left = self.deadline.saturating_duration_since(Instant::now());
        let most = left.saturating_sub(Duration::from_secs(2));
        tokio::time::sleep(Duration::from_millis(capture.listen_ms).min(most)).await;
    }
}

fn millis(time: Duration) -> Value {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX).into()
}
