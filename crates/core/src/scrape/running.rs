//! The scrapes that run now, by the caller's own id, so that they can be cancelled.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::{Answer, AppError, ErrorCode};

/// A cancel may overtake its scrape; so many are remembered.
const EARLY: usize = 16;

#[derive(Default)]
pub(super) struct Running(Mutex<State>);

#[derive(Default)]
struct State {
    scrapes: HashMap<String, Scrape>,
    early: VecDeque<String>,
}

struct Scrape {
    cancelled: CancellationToken,
    may_be_charged: bool,
}

/// A scrape's place among the running ones; gone when dropped.
pub(super) struct Ticket {
    running: Arc<Running>,
    id: String,
    cancelled: CancellationToken,
}

impl Running {
    pub fn begin(self: &Arc<Self>, id: &str) -> Answer<Ticket> {
        let mut state = self.state();
        if state.scrapes.contains_key(id) {
            return Err(AppError::new(
                ErrorCode::Unexpected,
                "This scrape is already running.",
            ));
        }
        let cancelled = CancellationToken::new();
        if state.early.iter().any(|early| early == id) {
            cancelled.cancel();
        }
        let scrape = Scrape {
            cancelled: cancelled.clone(),
            may_be_charged: false,
        };
        state.scrapes.insert(id.to_owned(), scrape);
        Ok(Ticket {
            running: Arc::clone(self),
            id: id.to_owned(),
            cancelled,
        })
    }

    /// True when credits may still be charged.
    pub fn cancel(&self, id: &str) -> bool {
        let mut state = self.state();
        if let Some(scrape) = state.scrapes.get(id) {
            scrape.cancelled.cancel();
            return scrape.may_be_charged;
        }
        state.early.push_back(id.to_owned());
        if state.early.len() > EARLY {
            state.early.pop_front();
        }
        false
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket {
    /// From here on a cancel comes too late to save the credits.
    pub fn may_be_charged(&self) {
        if let Some(scrape) = self.running.state().scrapes.get_mut(&self.id) {
            scrape.may_be_charged = true;
        }
    }

    /// The work's value, or the cancel that came first.
    pub async fn unless_cancelled<T>(&self, work: impl Future<Output = T>) -> Answer<T> {
        self.cancelled
            .run_until_cancelled(work)
            .await
            .ok_or_else(|| AppError::new(ErrorCode::Cancelled, "Cancelled."))
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.running.state().scrapes.remove(&self.id);
    }
}
