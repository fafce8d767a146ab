//! What a look at the service, a page of its jobs and a single result came to.

use super::*;

pub(super) enum Look {
    Running,
    /// The run has ended, and not all of it is here.
    SomeLack,
    AllHere,
}

pub(super) enum Failure {
    Call(Error),
    Disk(LibraryError),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl From<LibraryError> for Failure {
    fn from(error: LibraryError) -> Self {
        Self::Disk(error)
    }
}

/// Pages that are being fetched; the fetching ends with this.
pub(super) struct Batches {
    pub(super) batches: mpsc::Receiver<Result<Digested, Failure>>,
    pub(super) _reading: AbortOnDropHandle<()>,
}

impl Batches {
    pub(super) async fn recv(&mut self) -> Option<Result<Digested, Failure>> {
        self.batches.recv().await
    }

    pub(super) fn try_recv(&mut self) -> Option<Result<Digested, Failure>> {
        self.batches.try_recv().ok()
    }
}

pub(super) async fn digest(
    page: JobsPage,
    side: Side,
    seen: Arc<Seen>,
) -> Result<Digested, Failure> {
    let read = move || digest_page(page, side, |id| !seen.add(id));
    let digested = tokio::task::spawn_blocking(read).await;
    Ok(digested.map_err(LibraryError::from)??)
}

/// What has become of a result that was asked for.
pub(super) enum Settled {
    Here(Box<ScrapeResponse>),
    Gone(&'static str),
    Later,
    Failed(Error),
}

pub(super) fn settled(
    waiting: &Waiting,
    answer: Result<Answered<ScrapeResponse>, ResultError>,
) -> Settled {
    let later_or_lost = if waiting.tries < MOST_TRIES {
        Settled::Later
    } else {
        Settled::Gone(LOST)
    };
    match answer {
        Ok(answer) => Settled::Here(Box::new(answer.value)),
        Err(ResultError::Missing(missing)) => {
            match missing.reason.resolved(&waiting.job, Timestamp::now()) {
                MissingReason::Expired => Settled::Gone(EXPIRED),
                MissingReason::Lost | MissingReason::JobIdInvalid => Settled::Gone(LOST),
                MissingReason::Pending | MissingReason::Unstated | MissingReason::Other(_) => {
                    later_or_lost
                }
            }
        }
        Err(ResultError::Call(Error::Parse(_) | Error::TooLarge { .. })) => later_or_lost,
        Err(ResultError::Call(error)) => Settled::Failed(error),
    }
}
