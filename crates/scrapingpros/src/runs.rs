//! Works collections off: `/v1/async/collections/{id}/run` and `/runs` (contract §4.14, §4.15, §5.1).

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::call::{Call, Effect, Reply, path};
use crate::types::{Listing, Run, RunStatus};
use crate::{Answered, Client, Error};

/// Starts and watches runs. See [`Client::runs`].
#[derive(Debug)]
pub struct Runs<'a>(pub(crate) &'a Client);

/// A start of a run that is about to be tried (contract §7 step 4). Store it before the call: with it the run is found
/// that an unanswered call may have started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunAttempt {
    /// Which collection.
    pub collection_id: String,
    /// When the call was made, by this computer's clock.
    pub attempted_at: Timestamp,
    /// Runs of the collection that are known to be others.
    #[serde(default)]
    pub known_runs: Vec<String>,
}

/// A run that goes on, and how it was come by (contract §7 step 4).
#[derive(Debug, Clone, PartialEq)]
pub struct StartedRun {
    /// The run.
    pub run: Answered<Run>,
    /// The answer to the start was lost, and the run was found in the list.
    pub adopted: bool,
}

impl RunAttempt {
    /// An attempt of now, on a collection with these runs already (contract §7 step 4).
    pub fn now(collection_id: impl Into<String>, known_runs: Vec<String>) -> Self {
        Self {
            collection_id: collection_id.into(),
            attempted_at: Timestamp::now(),
            known_runs,
        }
    }

    /// Whether this attempt can have started the run. A run that does not say when it was made may be anybody's.
    fn may_have_started(&self, run: &Run) -> bool {
        !self.known_runs.contains(&run.run_id)
            && run
                .created_at
                .is_some_and(|created| self.attempted_at.duration_until(created) >= -CLOCKS_DIFFER)
    }

    fn distance(&self, run: &Run) -> Option<Duration> {
        let apart = self.attempted_at.duration_until(run.created_at?);
        Some(apart.unsigned_abs())
    }
}

/// How far this computer's clock may go before the service's.
const CLOCKS_DIFFER: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

impl Runs<'_> {
    /// Starts a run (contract §4.14). Spends credits each time, so it is repeated only when it surely never began. When
    /// the answer may be lost on the way, prefer [`Runs::start_or_adopt`].
    pub async fn start(&self, collection_id: &str) -> Result<Answered<Run>, Error> {
        let path = path(&["async", "collections", collection_id, "run"])?;
        let patience = self.0.config().timeouts.start;
        let call = Call::post(path, Effect::Spends, patience);
        self.0.fetch(&call).await
    }

    /// Starts a run; should its answer be lost, takes the one that the call has started all the same (contract §7 step
    /// 4). The error is the start's own: when it says [`Error::surely_never_began`], nothing was started. Otherwise no
    /// run was found yet, and [`Runs::adopt`] may find it later; starting again may start a second one.
    pub async fn start_or_adopt(&self, attempt: &RunAttempt) -> Result<StartedRun, Error> {
        let failure = match self.start(&attempt.collection_id).await {
            Ok(run) => {
                let adopted = false;
                return Ok(StartedRun { run, adopted });
            }
            Err(failure) if failure.surely_never_began() => return Err(failure),
            Err(failure) => failure,
        };
        match self.adopt(attempt).await {
            Ok(Some(run)) => Ok(StartedRun { run, adopted: true }),
            Ok(None) | Err(_) => Err(failure),
        }
    }

    /// The run that an earlier attempt has started, if it has (contract §7 step 4): made at that time or later, and
    /// none of the known ones. Of several a running one, and the nearest in time.
    pub async fn adopt(&self, attempt: &RunAttempt) -> Result<Option<Answered<Run>>, Error> {
        let listed = self.list(&attempt.collection_id, None).await?;
        let meta = listed.meta;
        let candidates = listed.value.into_readable();
        let run = candidates
            .filter(|run| attempt.may_have_started(run))
            .min_by_key(|run| (run.status.is_terminal(), attempt.distance(run)));
        Ok(run.map(|value| Answered { value, meta }))
    }

    /// One run and its counters (contract §4.15).
    pub async fn get(&self, collection_id: &str, run_id: &str) -> Result<Answered<Run>, Error> {
        let path = path(&["async", "collections", collection_id, "runs", run_id])?;
        let call = Call::get(path, Effect::Reads, self.0.config().timeouts.read);
        self.0.fetch(&call).await
    }

    /// All runs of a collection, or those of one status, newest first (contract §5.1). The service knows the filters
    /// `in_progress` and `completed`.
    pub async fn list(
        &self,
        collection_id: &str,
        status: Option<&RunStatus>,
    ) -> Result<Answered<Listing<Run>>, Error> {
        let path = path(&["async", "collections", collection_id, "runs"])?;
        let call = Call::get(path, Effect::Reads, self.0.config().timeouts.read)
            .query(status.map(|status| ("status_filter", status.as_str())));
        let read = |reply: &Reply| Listing::parse(&reply.text());
        self.0.fetch_with(&call, read).await
    }
}
