//! The runs that are worked on now, and those who look on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use scrapingpros::Error;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio_util::sync::CancellationToken;

use super::drain::{Speed, Watcher};
use super::{RunState, RunSummary, RunView, Runs, RunsQuery};
use crate::error::Circumstances;
use crate::{Answer, AppError};

/// A watched run is told of at most four times a second.
const TELL: Duration = Duration::from_millis(250);
/// Changes that a slow watcher may fall behind; it then looks anew.
const CHANGES: usize = 64;
const MOST_LIVE: u32 = 500;

/// What is known of a run besides its row.
pub(super) struct Live {
    id: String,
    circumstances: Circumstances,
    changes: broadcast::Sender<String>,
    pub cancelled: CancellationToken,
    speed: Mutex<Speed>,
    trouble: Mutex<Option<AppError>>,
}

pub(super) struct Registry {
    live: Mutex<HashMap<String, Arc<Live>>>,
    watches: Mutex<HashMap<String, CancellationToken>>,
    changes: broadcast::Sender<String>,
}

impl Default for Registry {
    fn default() -> Self {
        Self {
            live: Mutex::default(),
            watches: Mutex::default(),
            changes: broadcast::channel(CHANGES).0,
        }
    }
}

impl Registry {
    /// None when it is worked on already.
    pub fn begin(&self, id: &str, circumstances: Circumstances) -> Option<Arc<Live>> {
        let mut all = self.live();
        if all.contains_key(id) {
            return None;
        }
        let live = Arc::new(Live {
            id: id.to_owned(),
            circumstances,
            changes: self.changes.clone(),
            cancelled: CancellationToken::new(),
            speed: Mutex::default(),
            trouble: Mutex::default(),
        });
        all.insert(id.to_owned(), Arc::clone(&live));
        Some(live)
    }

    pub fn end(&self, id: &str) {
        self.live().remove(id);
        self.changed(id);
    }

    pub fn get(&self, id: &str) -> Option<Arc<Live>> {
        self.live().get(id).cloned()
    }

    pub fn changed(&self, id: &str) {
        // Nobody may be looking.
        self.changes.send(id.to_owned()).ok();
    }

    pub fn cancel_all(&self) {
        for live in self.live().values() {
            live.cancelled.cancel();
        }
    }

    fn live(&self) -> MutexGuard<'_, HashMap<String, Arc<Live>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self, watch_id: &str) -> (CancellationToken, broadcast::Receiver<String>) {
        let token = CancellationToken::new();
        let mut watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = watches.insert(watch_id.to_owned(), token.clone()) {
            before.cancel();
        }
        (token, self.changes.subscribe())
    }

    fn unwatch(&self, watch_id: &str) {
        let mut watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(watch) = watches.remove(watch_id) {
            watch.cancel();
        }
    }
}

impl Live {
    pub fn set_trouble(&self, trouble: Option<AppError>) {
        let mut kept = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if *kept != trouble {
            *kept = trouble;
            drop(kept);
            self.changes.send(self.id.clone()).ok();
        }
    }

    /// Adds to a view what only memory knows.
    pub fn complete(&self, view: &mut RunView) {
        let speed = self.speed.lock().unwrap_or_else(PoisonError::into_inner);
        view.pages_per_minute = speed.pages_per_minute();
        view.seconds_left = speed.seconds_left(view.run.queued);
        drop(speed);
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(trouble) = &*trouble {
            view.trouble = Some(trouble.clone());
        }
    }
}

impl Watcher for Live {
    fn moved(&self, ended: u32) {
        self.speed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .note(Instant::now(), ended);
        self.changes.send(self.id.clone()).ok();
    }

    fn trouble(&self, error: Option<&Error>) {
        self.set_trouble(error.map(|error| self.circumstances.explain(error)));
    }
}

impl Runs {
    /// Tells of a run now and whenever it moves, until it ends or `watch_id` is stopped.
    pub async fn watch(
        &self,
        watch_id: String,
        id: String,
        tell: impl Fn(RunView) + Send + Sync + 'static,
    ) -> Answer<()> {
        let (stopped, mut changes) = self.registry.watch(&watch_id);
        let view = self.get(id.clone()).await?;
        let runs = self.clone();
        let look_on = async move {
            let mut view = view;
            loop {
                let ended = !is_unfinished(view.run.state);
                tell(view);
                if ended {
                    return;
                }
                tokio::time::sleep(TELL).await;
                next_change(&mut changes, Some(&id)).await;
                match runs.get(id.clone()).await {
                    Ok(next) => view = next,
                    Err(error) => return tracing::warn!(%error, "a run can't be watched"),
                }
            }
        };
        tokio::spawn(async move { stopped.run_until_cancelled(look_on).await });
        Ok(())
    }

    /// Tells of all runs that have not ended, now and whenever one moves, until `watch_id` is stopped.
    pub async fn watch_all(
        &self,
        watch_id: String,
        tell: impl Fn(Vec<RunSummary>) + Send + Sync + 'static,
    ) -> Answer<()> {
        let (stopped, mut changes) = self.registry.watch(&watch_id);
        let runs = self.clone();
        let look_on = async move {
            let unfinished = RunsQuery {
                collection_id: String::new(),
                unfinished: true,
                offset: 0,
                limit: MOST_LIVE,
            };
            loop {
                match runs.list(unfinished.clone()).await {
                    Ok(page) => tell(page.rows),
                    Err(error) => tracing::warn!(%error, "runs can't be watched"),
                }
                tokio::time::sleep(TELL).await;
                next_change(&mut changes, None).await;
            }
        };
        tokio::spawn(async move { stopped.run_until_cancelled(look_on).await });
        Ok(())
    }

    /// Ends what [`Runs::watch`] or [`Runs::watch_all`] began. The run goes on.
    pub fn unwatch(&self, watch_id: &str) {
        self.registry.unwatch(watch_id);
    }
}

pub(super) fn is_unfinished(state: RunState) -> bool {
    match state {
        RunState::Sending | RunState::Running => true,
        RunState::Finished | RunState::NotStarted | RunState::WatchingStopped => false,
    }
}

/// Waits for a change, and takes all that are there with it.
async fn next_change(changes: &mut broadcast::Receiver<String>, of: Option<&str>) {
    loop {
        match changes.recv().await {
            Ok(id) if of.is_none_or(|of| of == id) => break,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => break,
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
    while changes.try_recv().is_ok() {}
}
