//! Tells callers that a run ended (contract §6), again after a while when they don't listen. What is
//! still to be told is in the database, so a restart forgets none.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use rusqlite::{Connection, Row, params};
use serde_json::json;
use tokio::sync::Notify;
use url::Url;

use crate::collections::moment;
use crate::database::{Database, DatabaseError};
use crate::page::PageError;
use crate::scrape::Scraper;

use super::secret::Secret;

const TIMESTAMP: HeaderName = HeaderName::from_static("x-sp-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("x-sp-signature");

/// How long a listener may take.
const LIMIT: Duration = Duration::from_secs(15);
/// Seconds until the next try; after the last one it has failed.
const WAITS: [f64; 4] = [1.0, 5.0, 60.0, 600.0];
/// Told at once.
const AT_ONCE: i64 = 8;
/// Looks again then, though nobody said so.
const IDLE: Duration = Duration::from_secs(600);
/// After a read or write that failed.
const PAUSE: Duration = Duration::from_secs(1);

pub struct Callbacks {
    pub database: Database,
    pub scraper: Arc<Scraper>,
    pub secret: Secret,
    /// The engine's own.
    pub url: String,
    /// Told when a run with a webhook ended.
    pub calls_wait: Arc<Notify>,
}

struct Call {
    run: i64,
    run_id: String,
    collection_id: String,
    status: String,
    total: i64,
    success: i64,
    failed: i64,
    timeout: i64,
    url: String,
    attempts: usize,
}

/// What one try came to.
enum Heard {
    Yes,
    No,
    /// The address may not be called at all.
    Never,
}

impl Callbacks {
    /// For ever.
    pub async fn deliver(self) {
        loop {
            let next = match self.deliver_due().await {
                Ok(next) => next,
                Err(error) => {
                    tracing::error!(%error, "webhooks could not be read or written");
                    PAUSE
                }
            };
            // Until the next one is due, or a run ends.
            let _ = tokio::time::timeout(next, self.calls_wait.notified()).await;
        }
    }

    /// How long nothing is due then.
    async fn deliver_due(&self) -> Result<Duration, DatabaseError> {
        loop {
            let now = moment::now_seconds();
            let (due, next) = self
                .database
                .read(move |connection| Ok((due(connection, now)?, next(connection)?)))
                .await?;
            if due.is_empty() {
                let wait = next.map_or(IDLE.as_secs_f64(), |next| next - now);
                return Ok(Duration::from_secs_f64(
                    wait.clamp(0.05, IDLE.as_secs_f64()),
                ));
            }
            let told = due.iter().map(|call| self.tell(call));
            for done in futures::future::join_all(told).await {
                done?;
            }
        }
    }

    async fn tell(&self, call: &Call) -> Result<(), DatabaseError> {
        let heard = self.post(call).await?;
        let wait = WAITS.get(call.attempts).copied();
        let (status, wait) = match (heard, wait) {
            (Heard::Yes, _) => ("sent", None),
            (Heard::No, Some(wait)) => ("retrying", Some(wait)),
            (Heard::No, None) | (Heard::Never, _) => ("failed", None),
        };
        let run = call.run;
        self.database
            .write(move |transaction| {
                transaction
                    .prepare_cached(
                        "UPDATE runs SET callback_status = ?2, callback_attempts = callback_attempts + 1,
                             callback_next_at = ?3
                         WHERE id = ?1",
                    )?
                    .execute(params![run, status, wait.map(|wait| moment::now_seconds() + wait)])
                    .map(drop)
            })
            .await
    }

    async fn post(&self, call: &Call) -> Result<Heard, DatabaseError> {
        let Ok(url) = Url::parse(call.url.trim()) else {
            return Ok(Heard::Never);
        };
        let run = call.run;
        let job_ids = self
            .database
            .read(move |connection| job_ids(connection, run));
        let body = self.payload(call, &job_ids.await?);
        let timestamp = moment::now_ms() / 1000;
        let mut headers = HeaderMap::from_iter([
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/json"),
            ),
            (TIMESTAMP, HeaderValue::from(timestamp)),
        ]);
        if let Ok(signature) = HeaderValue::from_str(&self.secret.sign(timestamp, &body)) {
            headers.insert(SIGNATURE, signature);
        }
        let sent = self.scraper.fetcher.post(&url, headers, body, LIMIT).await;
        Ok(match sent {
            Ok(status) if status.is_success() => Heard::Yes,
            Ok(status) => {
                tracing::warn!(run = call.run_id, %status, "a webhook was not accepted");
                Heard::No
            }
            Err(error @ PageError::Refused { .. }) => {
                tracing::warn!(run = call.run_id, %error, "a webhook may not be sent");
                Heard::Never
            }
            Err(error) => {
                tracing::warn!(run = call.run_id, %error, "a webhook could not be sent");
                Heard::No
            }
        })
    }

    fn payload(&self, call: &Call, job_ids: &[String]) -> Vec<u8> {
        json!({
            "event": "run.completed",
            "run_id": call.run_id,
            "collection_id": call.collection_id,
            "status": call.status,
            "total_requests": call.total,
            "success_requests": call.success,
            "failed_requests": call.failed,
            "timeout_requests": call.timeout,
            "job_ids": job_ids,
            "results_url": format!(
                "{}/v1/async/collections/{}/runs/{}",
                self.url, call.collection_id, call.run_id
            ),
            "timestamp": format!("{}Z", moment::iso(moment::now_ms())),
        })
        .to_string()
        .into_bytes()
    }
}

fn due(connection: &Connection, now: f64) -> rusqlite::Result<Vec<Call>> {
    let mut select = connection.prepare_cached(
        "SELECT id, public_id, collection_id, status, total, success, failed, timeout, callback_url,
                callback_attempts
         FROM runs WHERE callback_next_at <= ?1 AND callback_url IS NOT NULL
         ORDER BY callback_next_at LIMIT ?2",
    )?;
    let calls = select.query_map(params![now, AT_ONCE], |row: &Row<'_>| {
        Ok(Call {
            run: row.get(0)?,
            run_id: row.get(1)?,
            collection_id: row.get(2)?,
            status: row.get(3)?,
            total: row.get(4)?,
            success: row.get(5)?,
            failed: row.get(6)?,
            timeout: row.get(7)?,
            url: row.get(8)?,
            attempts: row.get::<_, u32>(9)? as usize,
        })
    })?;
    calls.collect()
}

fn next(connection: &Connection) -> rusqlite::Result<Option<f64>> {
    connection
        .prepare_cached(
            "SELECT min(callback_next_at) FROM runs WHERE callback_next_at IS NOT NULL",
        )?
        .query_row([], |row| row.get(0))
}

fn job_ids(connection: &Connection, run: i64) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached("SELECT public_id FROM jobs WHERE run = ?1 ORDER BY id")?
        .query_map([run], |row| row.get(0))?
        .collect()
}
