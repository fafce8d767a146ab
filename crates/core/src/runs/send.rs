//! From the disk to the service: the collection is made once, its run is started once, whatever breaks
//! in between (contract §7). Every list is a collection of its own at the service, so whichever run it
//! has there is ours.

use std::time::Duration;

use rusqlite::{OptionalExtension as _, params};
use scrapingpros::types::{CollectionReceipt, Run};
use scrapingpros::{Client, Error, PreparedCollection, Timestamp};
use time::OffsetDateTime;

use super::drain::{Cadence, Watcher as _};
use super::live::Live;
use super::rows::{StoredRun, state_name};
use super::{RunState, Runs};
use crate::AppError;
use crate::collections::Refusal;
use crate::journal::{CallKind, End, Intent};
use crate::library::{LibraryError, narrow};

/// The service remembers keys for a day; a little before, a collection is looked for by its name.
const KEY_REMEMBERED: i64 = 23 * 3600;
/// How far the two clocks may differ when a collection is looked for.
const CLOCKS_DIFFER: i64 = 3600;
/// A start whose answer is lost may still be on its way: so often is looked for its run before it is
/// started anew.
const LOOKS: u32 = 4;

/// How far a run has come on its way.
struct OnItsWay {
    sent_at: Option<i64>,
    attempted_at: Option<i64>,
    journal_id: String,
    service_collection: String,
    service_run: String,
}

/// Why it will not be sent.
#[derive(Debug)]
pub(super) enum NotSent {
    /// The service has refused it; nothing was charged.
    Refused(Error),
    /// The account has no key that works.
    NoKey(AppError),
    Disk(AppError),
}

impl From<AppError> for NotSent {
    fn from(error: AppError) -> Self {
        Self::Disk(error)
    }
}

impl Runs {
    /// Goes on from wherever it was left. Transient trouble is waited for.
    pub(super) async fn send(
        &self,
        client: &Client,
        run: &StoredRun,
        live: &Live,
    ) -> Result<(), NotSent> {
        let mut failures = 0;
        let cadence = Cadence {
            local: run.summary.local,
        };
        loop {
            let Err(error) = self.send_on(client, run).await? else {
                live.set_trouble(None);
                return Ok(());
            };
            if matches!(error, Error::Unauthorized(_)) {
                let explained = self.explain(run, &error).await;
                return Err(NotSent::NoKey(explained));
            }
            if !is_passing(&error) {
                return Err(NotSent::Refused(error));
            }
            live.trouble(Some(&error));
            tokio::time::sleep(cadence.after_failures(failures, error.retry_after())).await;
            failures += 1;
        }
    }

    /// The outer error is the disk's, the inner the service's.
    async fn send_on(
        &self,
        client: &Client,
        run: &StoredRun,
    ) -> Result<Result<(), Error>, NotSent> {
        let on_its_way = self.on_its_way(run.number).await?;
        let collection = if on_its_way.service_collection.is_empty() {
            match self.create(client, run, &on_its_way).await? {
                Ok(collection) => collection,
                Err(error) => return Ok(Err(error)),
            }
        } else {
            on_its_way.service_collection.clone()
        };
        if !on_its_way.service_run.is_empty() {
            return Ok(Ok(()));
        }
        self.start_run(client, run, &collection, on_its_way).await
    }

    async fn create(
        &self,
        client: &Client,
        run: &StoredRun,
        on_its_way: &OnItsWay,
    ) -> Result<Result<String, Error>, NotSent> {
        let prepared = self.prepared(run.number).await?;
        let now = OffsetDateTime::now_utc().unix_timestamp();
        if let Some(sent_at) = on_its_way.sent_at
            && now - sent_at > KEY_REMEMBERED
        {
            let since = Timestamp::from_second(sent_at - CLOCKS_DIFFER).unwrap_or_default();
            match client
                .collections()
                .find_newest(prepared.name(), since)
                .await
            {
                Ok(Some(found)) => {
                    self.created(run, found.id.clone(), &CollectionReceipt::default())
                        .await?;
                    return Ok(Ok(found.id));
                }
                Ok(None) => {}
                Err(error) => return Ok(Err(error)),
            }
        }
        self.mark(run.number, "sent_at = coalesce(sent_at, ?2)", now)
            .await?;
        let receipt = match client.collections().create_prepared(&prepared).await {
            Ok(answer) => answer.value,
            Err(error) => return Ok(Err(error)),
        };
        let Some(id) = receipt.id.clone() else {
            // Without an id it is found by its name.
            let since = Timestamp::from_second(now - CLOCKS_DIFFER).unwrap_or_default();
            return match client
                .collections()
                .find_newest(prepared.name(), since)
                .await
            {
                Ok(Some(found)) => {
                    self.created(run, found.id.clone(), &receipt).await?;
                    Ok(Ok(found.id))
                }
                Ok(None) => Ok(Err(Error::Unsendable(
                    "the service named no collection".into(),
                ))),
                Err(error) => Ok(Err(error)),
            };
        };
        self.created(run, id.clone(), &receipt).await?;
        Ok(Ok(id))
    }

    /// Keeps the collection's id and what the service did not take, which it says only once.
    async fn created(
        &self,
        run: &StoredRun,
        id: String,
        receipt: &CollectionReceipt,
    ) -> Result<(), NotSent> {
        let refused = refusals(receipt);
        let duplicate_urls = receipt.duplicate_urls.clone();
        let duplicates = narrow(receipt.duplicates());
        let number = run.number;
        let pages = self
            .database()
            .call(move |connection| {
                let transaction = connection.transaction()?;
                let pages = keep_receipt(
                    &transaction,
                    number,
                    &id,
                    &refused,
                    &duplicate_urls,
                    duplicates,
                )?;
                transaction.commit()?;
                Ok::<_, LibraryError>(pages)
            })
            .await?;
        if !run.summary.collection_id.is_empty() {
            let recorded = self
                .collections
                .record_refusals(run.summary.collection_id.clone(), pages)
                .await;
            if let Err(error) = recorded {
                // The collection may have been deleted meanwhile.
                tracing::warn!(%error, "the list was not told which pages were refused");
            }
        }
        self.registry.changed(&run.summary.id);
        Ok(())
    }

    async fn start_run(
        &self,
        client: &Client,
        run: &StoredRun,
        collection: &str,
        on_its_way: OnItsWay,
    ) -> Result<Result<(), Error>, NotSent> {
        let mut journal_id = on_its_way.journal_id;
        if on_its_way.attempted_at.is_some() {
            // The last call may have started it.
            match self.adopt(client, run.summary.local, collection).await {
                Ok(Some(found)) => {
                    self.started(run, found, journal_id).await?;
                    return Ok(Ok(()));
                }
                Ok(None) => {}
                Err(error) => return Ok(Err(error)),
            }
        }
        if journal_id.is_empty() {
            let intent = Intent {
                kind: CallKind::Run,
                account_id: run.account_id.clone(),
                address: run.summary.collection_name.clone(),
                credits_at_most: run.summary.ceiling,
            };
            journal_id = self.journal.begin(intent).await?;
            self.mark(run.number, "journal_id = ?2", journal_id.clone())
                .await?;
        }
        let now = OffsetDateTime::now_utc().unix_timestamp();
        self.mark(run.number, "attempted_at = ?2", now).await?;
        match client.runs().start(collection).await {
            Ok(answer) => {
                self.accounts
                    .note_answer(&run.account_id, &answer.meta)
                    .await
                    .ok();
                self.started(run, answer.value, journal_id).await?;
                Ok(Ok(()))
            }
            Err(error) => {
                if error.surely_never_began() {
                    self.mark(run.number, "attempted_at = ?2", None::<i64>)
                        .await?;
                    if !is_passing(&error) {
                        self.journal.settle(journal_id, End::Refused).await?;
                    }
                }
                Ok(Err(error))
            }
        }
    }

    /// The run that a lost call has started. Asked several times, as the call may still be on its way.
    async fn adopt(
        &self,
        client: &Client,
        local: bool,
        collection: &str,
    ) -> Result<Option<Run>, Error> {
        for look in 0..LOOKS {
            let listed = client.runs().list(collection, None).await?;
            let first = listed
                .value
                .into_readable()
                .min_by_key(|run| run.created_at);
            if first.is_some() {
                return Ok(first);
            }
            let seconds = if local { 1 } else { 2 };
            tokio::time::sleep(Duration::from_secs(seconds) * (look + 1)).await;
        }
        Ok(None)
    }

    async fn started(
        &self,
        run: &StoredRun,
        found: Run,
        journal_id: String,
    ) -> Result<(), NotSent> {
        let number = run.number;
        let total = narrow(found.total_requests);
        self.database()
            .call(move |connection| {
                // What the service left out without saying so counts as there twice.
                connection.execute(
                    "UPDATE runs SET service_run = ?2, state = ?3, sending = NULL,
                        duplicates = duplicates + CASE WHEN ?4 BETWEEN 1 AND queued - 1 THEN queued - ?4 ELSE 0 END,
                        queued = CASE WHEN ?4 > 0 THEN ?4 ELSE queued END,
                        submitted = CASE WHEN ?4 > queued THEN submitted + ?4 - queued ELSE submitted END
                     WHERE number = ?1",
                    params![
                        number,
                        found.run_id,
                        state_name(RunState::Running),
                        total
                    ],
                )
            })
            .await?;
        if !journal_id.is_empty() {
            self.journal.settle(journal_id, End::Begun).await?;
        }
        self.registry.changed(&run.summary.id);
        Ok(())
    }

    async fn prepared(&self, run: i64) -> Result<PreparedCollection, NotSent> {
        let prepared = self
            .database()
            .call(move |connection| {
                let (key, packed): (String, Vec<u8>) = connection.query_row(
                    "SELECT sending_key, sending FROM runs WHERE number = ?1",
                    [run],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )?;
                let body =
                    String::from_utf8_lossy(&zstd::decode_all(packed.as_slice())?).into_owned();
                Ok::<_, LibraryError>(PreparedCollection::from_parts(key, body)?)
            })
            .await?;
        Ok(prepared)
    }

    async fn on_its_way(&self, run: i64) -> Result<OnItsWay, NotSent> {
        let found = self
            .database()
            .call(move |connection| {
                connection.query_row(
                    "SELECT sent_at, attempted_at, journal_id, service_collection, service_run
                     FROM runs WHERE number = ?1",
                    [run],
                    |row| {
                        Ok(OnItsWay {
                            sent_at: row.get(0)?,
                            attempted_at: row.get(1)?,
                            journal_id: row.get(2)?,
                            service_collection: row.get(3)?,
                            service_run: row.get(4)?,
                        })
                    },
                )
            })
            .await?;
        Ok(found)
    }

    /// On disk when this returns. `change` is one of this file's own.
    async fn mark<V: rusqlite::ToSql + Send + 'static>(
        &self,
        run: i64,
        change: &'static str,
        value: V,
    ) -> Result<(), NotSent> {
        self.database()
            .call(move |connection| {
                connection
                    .execute(
                        &format!("UPDATE runs SET {change} WHERE number = ?1"),
                        params![run, value],
                    )
                    .map(|_| ())
            })
            .await?;
        Ok(())
    }
}

/// Whether it is worth to wait and try again. What may have begun is looked for first.
fn is_passing(error: &Error) -> bool {
    match error {
        Error::RateLimited { .. }
        | Error::Server(_)
        | Error::Connect { .. }
        | Error::Timeout { .. }
        | Error::Interrupted { .. }
        | Error::NotAnApi(_)
        | Error::Parse(_)
        | Error::TooLarge { .. } => true,
        Error::Unauthorized(_)
        | Error::CountryNotApproved(_)
        | Error::Forbidden(_)
        | Error::NotFound(_)
        | Error::UrlBlocked(_)
        | Error::Invalid(_)
        | Error::QuotaExceeded(_)
        | Error::Refused(_)
        | Error::Unsendable(_) => false,
    }
}

/// Place in what was submitted, and why it was not taken.
fn refusals(receipt: &CollectionReceipt) -> Vec<(i64, Refusal, String)> {
    let blocked = receipt.blocked_urls.iter().filter_map(|blocked| {
        let words = blocked.message.clone().unwrap_or_default();
        Some((i64::try_from(blocked.index?).ok()?, Refusal::Blocked, words))
    });
    let invalid = receipt.invalid_items.iter().filter_map(|item| {
        let words: Vec<&str> = item
            .errors
            .iter()
            .map(|error| error.message.as_str())
            .collect();
        Some((
            i64::try_from(item.index?).ok()?,
            Refusal::Invalid,
            words.join(" "),
        ))
    });
    blocked.chain(invalid).collect()
}

/// Answers with the pages of the list and what was said of them.
fn keep_receipt(
    transaction: &rusqlite::Transaction<'_>,
    run: i64,
    service_collection: &str,
    refused: &[(i64, Refusal, String)],
    duplicate_urls: &[String],
    duplicates: u32,
) -> Result<Vec<(u32, Refusal, String)>, LibraryError> {
    let mut pages = Vec::new();
    let mut refuse = transaction.prepare_cached(
        "UPDATE jobs SET outcome = 4, cause = ?3 WHERE run = ?1 AND place = ?2 AND outcome = 0
         RETURNING page",
    )?;
    for (place, refusal, words) in refused {
        let page: Option<u32> = refuse
            .query_row(params![run, place, refusal.sentence(words)], |row| {
                row.get(0)
            })
            .optional()?;
        pages.extend(page.map(|page| (page, *refusal, words.clone())));
    }
    let taken = pages.len();
    let mut repeat = transaction.prepare_cached(
        "UPDATE jobs SET outcome = 5 WHERE run = ?1 AND place =
             (SELECT max(place) FROM jobs WHERE run = ?1 AND address = ?2 AND outcome = 0)
         RETURNING page",
    )?;
    for url in duplicate_urls {
        let page: Option<u32> = repeat
            .query_row(params![run, url], |row| row.get(0))
            .optional()?;
        pages.extend(page.map(|page| (page, Refusal::Duplicate, String::new())));
    }
    transaction.execute(
        "UPDATE runs SET service_collection = ?2, refused = ?3, duplicates = ?4,
            queued = max(0, queued - ?3 - ?4)
         WHERE number = ?1",
        params![run, service_collection, taken as i64, duplicates],
    )?;
    pages.retain(|(page, ..)| *page > 0);
    Ok(pages)
}
