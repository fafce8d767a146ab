//! The engine inside this app: started when it is first needed, once for all callers, and again
//! should it have died.

use std::path::{Path, PathBuf};
use std::time::Duration;

use local_engine::{CountryProxy, Engine, EngineOptions, ProxyTrial, StageEvent};
use scrapingpros::ApiKey;
use tokio::net::TcpStream;
use tokio::sync::{Mutex, broadcast};

use crate::proxies::OwnProxies;
use crate::settings::SettingsStore;
use crate::{Answer, AppError, ErrorCode, FieldProblem};

/// Longest wait for an engine that may have died; loopback answers in microseconds.
const KNOCK: Duration = Duration::from_secs(2);

/// The engine of this app, running or not.
pub struct LocalEngine {
    folder: PathBuf,
    settings: SettingsStore,
    proxies: OwnProxies,
    state: Mutex<State>,
}

/// A running engine, as a caller needs it.
pub struct EngineAccess {
    pub url: String,
    pub key: ApiKey,
    /// Where any browser on this computer finds the sample shop.
    pub shop_url: String,
    /// Stages of all scrapes from now on.
    pub stages: broadcast::Receiver<StageEvent>,
}

enum State {
    Idle,
    Running(Engine),
    /// The app is going: nothing starts any more.
    Closed,
}

impl LocalEngine {
    pub fn new(data_dir: &Path, settings: SettingsStore, proxies: OwnProxies) -> Self {
        Self {
            folder: data_dir.join("engine"),
            settings,
            proxies,
            state: Mutex::new(State::Idle),
        }
    }

    /// Starts the engine if need be. Callers that come meanwhile wait for the same start.
    pub async fn ready(&self) -> Answer<EngineAccess> {
        let mut state = self.state.lock().await;
        if matches!(*state, State::Closed) {
            return Err(stopped("the app is closing"));
        }
        if let State::Running(engine) = &*state
            && answers(&engine.url()).await
        {
            self.settle(engine).await;
            return access(engine);
        }
        *state = State::Idle;
        let engine = self.start().await?;
        let access = access(&engine);
        *state = State::Running(engine);
        access
    }

    /// Prepares a trial of a proxy that need not be kept.
    pub async fn try_proxy(&self, proxy: &CountryProxy) -> Answer<ProxyTrial> {
        self.ready().await?;
        match &*self.state.lock().await {
            State::Running(engine) => engine.try_proxy(proxy).map_err(|problem| {
                AppError::invalid(vec![FieldProblem::new("address", problem.to_string())])
            }),
            State::Idle | State::Closed => Err(stopped("it has just ended")),
        }
    }

    /// Ends the engine and its browser, for good.
    pub async fn close(&self) {
        let before = std::mem::replace(&mut *self.state.lock().await, State::Closed);
        if let State::Running(engine) = before {
            engine.stop().await;
        }
    }

    async fn start(&self) -> Answer<Engine> {
        let options = EngineOptions {
            addr: ([127, 0, 0, 1], 0).into(),
            data_dir: self.folder.clone(),
            key: None,
            ..EngineOptions::default()
        };
        let engine = Engine::start(options).await.map_err(stopped)?;
        self.settle(&engine).await;
        Ok(engine)
    }

    /// What the person has chosen since.
    async fn settle(&self, engine: &Engine) {
        engine.allow_hosts(self.settings.read().allowed_hosts);
        if let Err(problem) = engine.set_proxies(&self.proxies.for_engine().await) {
            tracing::error!(%problem, "the engine has the proxies of before");
        }
    }
}

fn access(engine: &Engine) -> Answer<EngineAccess> {
    Ok(EngineAccess {
        url: engine.url(),
        shop_url: engine.shop_url(),
        key: ApiKey::parse(engine.key()).map_err(stopped)?,
        stages: engine.stages(),
    })
}

async fn answers(url: &str) -> bool {
    let address = url.trim_start_matches("http://");
    tokio::time::timeout(KNOCK, TcpStream::connect(address))
        .await
        .is_ok_and(|connected| connected.is_ok())
}

fn stopped(cause: impl ToString) -> AppError {
    AppError::new(
        ErrorCode::EngineStopped,
        "The engine on this computer could not start. Quit the app and open it again.",
    )
    .with_details(cause)
}
