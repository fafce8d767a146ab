//! A scrape on its way: written down, sent, waited for, kept.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use local_engine::StageEvent;
use local_engine::page::Stage;
use scrapingpros::types::{Proxy, ScrapeRequest, ScrapeResponse};
use scrapingpros::{Answered, CallOptions, Error};
use time::OffsetDateTime;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio_util::task::AbortOnDropHandle;

use super::running::Ticket;
use super::suggestion::country;
use super::{ScrapeForm, ScrapeProgress, Scrapes, cost, refused, request_from_form};
use crate::accounts::{Account, circumstances};
use crate::error::{Circumstances, may_be_charged};
use crate::journal::{CallKind, End, Intent};
use crate::results::{Outcome, ResultView};
use crate::{Answer, AppError, ErrorCode};

/// The service works up to so long on a page with a browser, and with retries (contract §4.1.7).
/// Giving up earlier would pay for an answer that nobody hears.
const BROWSER_SECONDS: u64 = 180;
const RETRY_SECONDS: u64 = 300;
/// How often the number of received bytes is told.
const TELL: Duration = Duration::from_millis(100);

type Tell = Arc<dyn Fn(ScrapeProgress) + Send + Sync>;

/// A scrape that is ready to be sent.
struct Job {
    scrape_id: String,
    account: Account,
    form: ScrapeForm,
    request: ScrapeRequest,
    patience: Duration,
    started: Instant,
    started_at: u32,
}

impl Scrapes {
    /// Sends the form with the active account. The result is on disk before this returns.
    /// `scrape_id` is the caller's, so that it can cancel at once.
    pub async fn run(
        &self,
        scrape_id: String,
        form: ScrapeForm,
        progress: impl Fn(ScrapeProgress) + Send + Sync + 'static,
    ) -> Answer<ResultView> {
        let tell: Tell = Arc::new(progress);
        let ticket = self.running.begin(&scrape_id)?;
        let job = self.prepare(scrape_id, form).await?;
        tell(ScrapeProgress::Sending);
        let sent = self.send(&job, &ticket, &tell).await?;
        match sent.answer {
            Ok(Ok(answer)) => {
                tell(ScrapeProgress::Saving);
                self.keep(job, sent.entry, answer).await
            }
            Ok(Err(error)) => Err(self.fail(&job, sent.entry, &error).await),
            Err(cancelled) => {
                self.settle(sent.entry, End::Cancelled).await;
                Err(cancelled)
            }
        }
    }

    async fn prepare(&self, scrape_id: String, form: ScrapeForm) -> Answer<Job> {
        let account = self.accounts.active().await?;
        let settings = self.settings.read();
        let request =
            request_from_form(&form, &settings.allowed_hosts).map_err(AppError::invalid)?;
        Ok(Job {
            scrape_id,
            patience: patience(settings.give_up_seconds, &account, &request),
            account,
            form,
            request,
            started: Instant::now(),
            started_at: OffsetDateTime::now_utc()
                .unix_timestamp()
                .try_into()
                .unwrap_or(0),
        })
    }

    async fn send(&self, job: &Job, ticket: &Ticket, tell: &Tell) -> Answer<Sent> {
        let connection = ticket
            .unless_cancelled(self.accounts.connect(&job.account))
            .await??;
        let intent = Intent {
            kind: CallKind::Scrape,
            account_id: job.account.id.clone(),
            address: job.request.url.clone(),
            credits_at_most: cost(Some(&job.account), job.form.browser).credits,
        };
        let entry = self.journal.begin(intent).await?;
        if !job.account.is_local() {
            ticket.may_be_charged();
        }
        tell(ScrapeProgress::Waiting);
        let _stages = connection
            .stages
            .map(|stages| tell_stages(stages, job.scrape_id.clone(), Arc::clone(tell)));
        let options = CallOptions {
            timeout: Some(job.patience),
            headers: vec![("X-Scrape-Id".into(), job.scrape_id.clone())],
            on_received: Some(tell_bytes(Arc::clone(tell))),
        };
        let scrape = connection.client.scrape();
        let call = scrape.create_with(&job.request, &options);
        let answer = ticket.unless_cancelled(call).await;
        Ok(Sent { entry, answer })
    }

    async fn keep(
        &self,
        job: Job,
        entry: String,
        mut answer: Answered<ScrapeResponse>,
    ) -> Answer<ResultView> {
        let local = job.account.is_local();
        if local && let Some(guidance) = &mut answer.value.guidance {
            // The engine counts as the service would; here nobody pays and nothing comes back.
            guidance.credits_charged = Some(0);
            guidance.credits_refunded = None;
        }
        let credits = if local {
            Some(0)
        } else {
            let stated = answer.meta.credits_charged;
            stated.or(answer.guidance().credits_charged)
        };
        let kept = self
            .library
            .keep(Outcome {
                form: job.form,
                request: job.request,
                response: answer.value,
                account_id: job.account.id.clone(),
                account_name: job.account.name,
                local,
                credits,
                duration_ms: job
                    .started
                    .elapsed()
                    .as_millis()
                    .try_into()
                    .unwrap_or(u32::MAX),
                started_at: job.started_at,
            })
            .await;
        let end = match &kept {
            Ok(result) => End::Kept {
                result_id: result.id.clone(),
                credits,
            },
            Err(_) => End::Unknown,
        };
        self.settle(entry, end).await;
        log_failure(
            self.accounts
                .note_answer(&job.account.id, &answer.meta)
                .await,
        );
        kept
    }

    async fn fail(&self, job: &Job, entry: String, error: &Error) -> AppError {
        let charged = !job.account.is_local() && may_be_charged(error);
        self.settle(entry, if charged { End::Unknown } else { End::Refused })
            .await;
        let explained = explain(job, error);
        log_failure(
            self.accounts
                .note_problem(&job.account.id, explained.code)
                .await,
        );
        explained
    }

    /// The scrape is over either way; an entry left open becomes a notice at the next start.
    async fn settle(&self, entry: String, end: End) {
        log_failure(self.journal.settle(entry, end).await);
    }
}

struct Sent {
    entry: String,
    /// The outer error is the person's cancel.
    answer: Answer<Result<Answered<ScrapeResponse>, Error>>,
}

fn explain(job: &Job, error: &Error) -> AppError {
    let circumstances = Circumstances {
        spends: true,
        country: job.request.use_proxy.as_ref().and_then(asked_country),
        patience_seconds: job.patience.as_secs(),
        ..circumstances(&job.account)
    };
    let explained = circumstances.explain(error);
    let Error::Invalid(refusal) = error else {
        return explained;
    };
    let problems = refused::problems(&refusal.fields, &job.form);
    if problems.is_empty() {
        return explained;
    }
    AppError {
        details: explained.details,
        ..AppError::invalid(problems)
    }
}

fn asked_country(proxy: &Proxy) -> Option<String> {
    match proxy {
        Proxy::Code(code) if code != "any" => Some(country(code)),
        Proxy::Code(_) | Proxy::Config(_) => None,
    }
}

fn patience(give_up_seconds: u32, account: &Account, request: &ScrapeRequest) -> Duration {
    let floor = match (account.is_local(), request.retry_on_block, request.browser) {
        (true, _, _) | (false, false, false) => 0,
        (false, true, _) => RETRY_SECONDS,
        (false, false, true) => BROWSER_SECONDS,
    };
    Duration::from_secs(u64::from(give_up_seconds).max(floor))
}

fn tell_bytes(tell: Tell) -> scrapingpros::OnReceived {
    let told = Mutex::new(None::<Instant>);
    Arc::new(move |bytes| {
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|last| last.elapsed() >= TELL) {
            *told = Some(Instant::now());
            drop(told);
            tell(ScrapeProgress::Receiving {
                bytes: bytes.try_into().unwrap_or(u32::MAX),
            });
        }
    })
}

fn tell_stages(
    mut stages: broadcast::Receiver<StageEvent>,
    scrape_id: String,
    tell: Tell,
) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(async move {
        loop {
            match stages.recv().await {
                Ok(event) if event.scrape_id == scrape_id => tell(stage(event.stage)),
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }))
}

fn stage(stage: Stage) -> ScrapeProgress {
    match stage {
        Stage::Fetching => ScrapeProgress::Fetching,
        Stage::StartingBrowser => ScrapeProgress::StartingBrowser,
        Stage::Opening => ScrapeProgress::Opening,
        Stage::Step { index, total } => ScrapeProgress::Step { index, total },
        Stage::Screenshot => ScrapeProgress::Screenshot,
        Stage::Collecting => ScrapeProgress::Collecting,
    }
}

/// For what must not turn a kept result into an error.
fn log_failure(done: Answer<()>) {
    if let Err(error) = done
        && error.code != ErrorCode::NotFound
    {
        tracing::warn!(%error, details = error.details, "could not be written down");
    }
}
