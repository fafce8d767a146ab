//! Lists of requests kept to be run, their runs, jobs and results (contract §4.10 to §5.4): what is
//! stored and what is told. The work itself is the queue's.
//!
//! A deleted collection can't be found, changed or run any more. Its runs go on, and stay readable at
//! their own addresses until their time is over.

mod admission;
mod cursor;
mod idempotency;
pub mod jobs;
mod listing;
pub mod moment;
mod refusal;
mod results;
pub mod runs;
mod submission;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, named_params, params};
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::check;
use crate::database::{Database, DatabaseError};
use crate::guard::Guard;
use crate::proxies::Proxies;

use admission::{Admission, Rejected};
use idempotency::{BodyHash, Reservations, Turn};
use submission::Submission;

pub use idempotency::KEPT_SECONDS as KEY_KEPT_SECONDS;
pub use refusal::{NoResult, Refusal};
pub use results::RESULT_KEPT_MS;

/// How long a second call with the same key waits for the first.
const PATIENCE: Duration = Duration::from_secs(30);
const CREATED: u16 = 201;

/// All of them.
#[derive(Clone)]
pub struct Collections {
    database: Database,
    guard: Arc<Guard>,
    proxies: Proxies,
    reservations: Reservations,
    /// Told whenever a run brought new jobs.
    jobs_wait: Arc<Notify>,
}

/// A collection as it is told (contract §3.3): never its requests.
#[derive(Debug, Serialize)]
pub struct CollectionPublic {
    id: String,
    name: String,
    created_at: f64,
    updated_at: f64,
}

/// The answer to a create or update call.
#[derive(Serialize)]
struct Stored<'a> {
    id: &'a str,
    name: &'a str,
    message: String,
    #[serde(flatten)]
    rejected: Rejected,
}

/// A create call's answer as bytes, since a repeated call gets the same ones.
pub struct Created {
    pub answer: Vec<u8>,
    /// None without a key.
    pub replayed: Option<bool>,
}

/// Which collections are listed.
#[derive(Debug, Default)]
pub struct Filter {
    pub name: Option<String>,
    pub name_prefix: Option<String>,
    pub since: Option<OffsetDateTime>,
}

impl Collections {
    pub fn new(
        database: Database,
        guard: Arc<Guard>,
        proxies: Proxies,
        jobs_wait: Arc<Notify>,
    ) -> Self {
        Self {
            database,
            guard,
            proxies,
            reservations: Reservations::default(),
            jobs_wait,
        }
    }

    /// Goes on to its end when the caller goes away, so that a second call finds what the first did.
    pub async fn create(&self, key: Option<String>, body: Bytes) -> Result<Created, Refusal> {
        let collections = self.clone();
        let work = tokio::spawn(async move {
            match key {
                None => collections.create_new(&body, None).await,
                Some(key) => collections.create_once(key, &body).await,
            }
        });
        work.await.map_err(DatabaseError::from)?
    }

    /// Newest first.
    pub async fn list(&self, filter: Filter) -> Result<Vec<CollectionPublic>, Refusal> {
        let since = filter.since.map(moment::to_seconds);
        let listed = self.database.read(move |connection| {
            let mut select = connection.prepare_cached(
                "SELECT public_id, name, created_at, updated_at FROM collections INDEXED BY collections_by_age
                 WHERE deleted = 0
                   AND created_at >= coalesce(:since, -1e18)
                   AND (:name IS NULL OR name = :name)
                   AND (:prefix IS NULL OR substr(name, 1, length(:prefix)) = :prefix)
                 ORDER BY created_at DESC, id DESC",
            )?;
            let filter = named_params! {":since": since, ":name": filter.name, ":prefix": filter.name_prefix};
            let rows = select.query_map(filter, public)?;
            rows.collect()
        });
        Ok(listed.await?)
    }

    pub async fn get(&self, id: String) -> Result<CollectionPublic, Refusal> {
        let found = self.database.read(move |connection| {
            connection
                .prepare_cached(
                    "SELECT public_id, name, created_at, updated_at FROM collections
                     WHERE public_id = ?1 AND deleted = 0",
                )?
                .query_row([id], public)
                .optional()
        });
        found.await?.ok_or(Refusal::NoCollection)
    }

    /// The name is replaced, the requests and the callback when they are spoken of.
    pub async fn update(&self, id: String, body: Bytes) -> Result<Vec<u8>, Refusal> {
        self.get(id.clone()).await?;
        let (draft, admission) = self.read(&body).await?;
        let now = moment::now_seconds();
        let (name, callback_url) = (draft.name.clone(), draft.callback_url);
        let collection_id = id.clone();
        let replaces = draft.replaces;
        let Admission { kept, rejected } = admission;
        let updated = self.database.write(move |transaction| {
            let Some(collection) = find(transaction, &collection_id)? else {
                return Ok(false);
            };
            transaction.execute(
                "UPDATE collections SET name = ?2, updated_at = ?3 WHERE id = ?1",
                params![collection, name, now],
            )?;
            if let Some(url) = callback_url {
                transaction.execute(
                    "UPDATE collections SET callback_url = ?2 WHERE id = ?1",
                    params![collection, url],
                )?;
            }
            if replaces {
                forget_requests(transaction, collection)?;
                insert_requests(transaction, collection, &kept)?;
            }
            Ok(true)
        });
        if !updated.await? {
            return Err(Refusal::NoCollection);
        }
        Ok(answer(
            &id,
            &draft.name,
            "Collection updated successfully.",
            rejected,
        ))
    }

    pub async fn delete(&self, id: String) -> Result<(), Refusal> {
        let deleted = self.database.write(move |transaction| {
            let Some(collection) = find(transaction, &id)? else {
                return Ok(false);
            };
            transaction.execute(
                "UPDATE collections SET deleted = 1 WHERE id = ?1",
                [collection],
            )?;
            forget_requests(transaction, collection)?;
            Ok(true)
        });
        if deleted.await? {
            Ok(())
        } else {
            Err(Refusal::NoCollection)
        }
    }

    /// `body` may be empty, or `{"callback_url": …}` for this run alone.
    pub async fn start_run(&self, id: String, body: &Bytes) -> Result<runs::RunPublic, Refusal> {
        let callback = run_callback(body)?;
        let (database, jobs_wait) = (self.database.clone(), self.jobs_wait.clone());
        // Woken even when the caller has gone away.
        let work = tokio::spawn(async move {
            let started = database
                .write(move |transaction| runs::start(transaction, &id, callback.as_ref()))
                .await?;
            jobs_wait.notify_one();
            started.ok_or(Refusal::NothingToRun)
        });
        work.await.map_err(DatabaseError::from)?
    }

    async fn create_once(&self, key: String, body: &Bytes) -> Result<Created, Refusal> {
        idempotency::check_key(&key)?;
        let hash = idempotency::hash(body);
        let deadline = Instant::now() + PATIENCE;
        let reservation = loop {
            match self.reservations.take(&key, &hash)? {
                Turn::Mine(reservation) => break reservation,
                Turn::After(mut ended) => {
                    // An error is what the end looks like.
                    let end = ended.changed();
                    if tokio::time::timeout_at(deadline, end).await.is_err() {
                        return Err(Refusal::Busy);
                    }
                }
            }
        };
        let asked = key.clone();
        let stored = self
            .database
            .read(move |connection| idempotency::stored(connection, &asked, moment::now_seconds()));
        let created = match stored.await? {
            None => self.create_new(body, Some((key, hash))).await,
            Some((stored_hash, answer)) if stored_hash == hash => Ok(Created {
                answer,
                replayed: Some(true),
            }),
            Some(_) => Err(Refusal::KeyReused),
        };
        drop(reservation);
        created
    }

    async fn create_new(
        &self,
        body: &Bytes,
        key: Option<(String, BodyHash)>,
    ) -> Result<Created, Refusal> {
        let (draft, Admission { kept, rejected }) = self.read(body).await?;
        let id = uuid::Uuid::new_v4().to_string();
        let answer = answer(
            &id,
            &draft.name,
            "Collection created successfully.",
            rejected,
        );
        let replayed = key.is_some().then_some(false);
        let stored = answer.clone();
        let inserted = self.database.write(move |transaction| {
            let now = moment::now_seconds();
            transaction.execute(
                "INSERT INTO collections (public_id, name, callback_url, created_at, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?4)",
                params![id, draft.name, draft.callback_url.flatten(), now],
            )?;
            insert_requests(transaction, transaction.last_insert_rowid(), &kept)?;
            if let Some((key, hash)) = key {
                idempotency::store(transaction, &key, &hash, CREATED, &stored, now)?;
            }
            Ok(())
        });
        inserted.await?;
        Ok(Created { answer, replayed })
    }

    async fn read(&self, body: &Bytes) -> Result<(Draft, Admission), Refusal> {
        let body = body.clone();
        let proxies = self.proxies.clone();
        let read = tokio::task::spawn_blocking(move || submission::read(&body, &proxies)).await;
        let Submission {
            name,
            callback_url,
            requests,
        } = read.map_err(DatabaseError::from)??;
        let draft = Draft {
            name,
            callback_url,
            replaces: requests.is_some(),
        };
        let admission = match requests {
            Some(requests) => admission::admit(&self.guard, requests).await,
            None => Admission::default(),
        };
        Ok((draft, admission))
    }
}

/// A submission without its requests.
struct Draft {
    name: String,
    callback_url: Option<Option<String>>,
    /// Whether it spoke of requests.
    replaces: bool,
}

fn answer(id: &str, name: &str, done: &str, rejected: Rejected) -> Vec<u8> {
    let mut message = done.to_owned();
    let blocked = rejected.blocked_urls.len();
    if blocked > 0 {
        message += &format!(" {blocked} URL(s) blocked (SSRF protection).");
    }
    let stored = Stored {
        id,
        name,
        message,
        rejected,
    };
    // Texts and numbers can always be written.
    serde_json::to_vec(&stored).unwrap_or_default()
}

fn run_callback(body: &Bytes) -> Result<Option<String>, Refusal> {
    if body.trim_ascii().is_empty() {
        return Ok(None);
    }
    let body: Value = check::read(body).map_err(submission::envelope_problem)?;
    match body.get("callback_url") {
        Some(url) => submission::callback_url(url.clone()),
        None => Ok(None),
    }
}

fn public(row: &Row<'_>) -> rusqlite::Result<CollectionPublic> {
    Ok(CollectionPublic {
        id: row.get(0)?,
        name: row.get(1)?,
        created_at: row.get(2)?,
        updated_at: row.get(3)?,
    })
}

/// The row id of a collection that is not deleted.
fn find(connection: &Connection, id: &str) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT id FROM collections WHERE public_id = ?1 AND deleted = 0")?
        .query_row([id], |row| row.get(0))
        .optional()
}

fn forget_requests(transaction: &Transaction<'_>, collection: i64) -> rusqlite::Result<()> {
    transaction
        .execute(
            "DELETE FROM collection_requests WHERE collection = ?1",
            [collection],
        )
        .map(drop)
}

fn insert_requests(
    transaction: &Transaction<'_>,
    collection: i64,
    requests: &[submission::Candidate],
) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO collection_requests (collection, position, url, custom_id, request)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (position, request) in requests.iter().enumerate() {
        insert.execute(params![
            collection,
            i64::try_from(position).unwrap_or(i64::MAX),
            request.url,
            request.custom_id,
            request.request
        ])?;
    }
    Ok(())
}
