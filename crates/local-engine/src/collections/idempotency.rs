//! One collection per `Idempotency-Key` (contract §4.10.2). Answers are kept for a day together with the
//! collection that they tell of; a call in progress is known to this process only, so that a crash
//! releases it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;

use super::Refusal;

const MAX_KEY: usize = 200;
/// How long an answer is repeated.
pub const KEPT_SECONDS: f64 = 24.0 * 3600.0;

pub type BodyHash = [u8; 32];

pub fn hash(body: &[u8]) -> BodyHash {
    Sha256::digest(body).into()
}

pub fn check_key(key: &str) -> Result<(), Refusal> {
    let fits = (1..=MAX_KEY).contains(&key.chars().count())
        && !key.contains(|c: char| c.is_whitespace() || c == ':');
    if fits { Ok(()) } else { Err(Refusal::KeyUnfit) }
}

/// Calls in progress.
#[derive(Clone, Default)]
pub struct Reservations {
    running: Arc<Mutex<HashMap<String, Running>>>,
}

struct Running {
    body: BodyHash,
    /// Its sender is dropped at the end.
    ended: watch::Receiver<()>,
}

/// The right to work off a key. Dropping it lets the next one in.
pub struct Reservation {
    key: String,
    reservations: Reservations,
    _ended: watch::Sender<()>,
}

pub enum Turn {
    Mine(Reservation),
    /// Another call with the same body is at it.
    After(watch::Receiver<()>),
}

impl Reservations {
    pub fn take(&self, key: &str, body: &BodyHash) -> Result<Turn, Refusal> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(other) = running.get(key) {
            if other.body != *body {
                return Err(Refusal::KeyReused);
            }
            return Ok(Turn::After(other.ended.clone()));
        }
        let (sender, ended) = watch::channel(());
        running.insert(key.to_owned(), Running { body: *body, ended });
        Ok(Turn::Mine(Reservation {
            key: key.to_owned(),
            reservations: self.clone(),
            _ended: sender,
        }))
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.reservations
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.key);
    }
}

/// What was answered to this key within the last day.
pub fn stored(
    connection: &Connection,
    key: &str,
    now: f64,
) -> rusqlite::Result<Option<(BodyHash, Vec<u8>)>> {
    connection
        .prepare_cached(
            "SELECT body_hash, answer FROM idempotency WHERE key = ?1 AND created_at > ?2",
        )?
        .query_row(params![key, now - KEPT_SECONDS], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()
}

/// Keeps the answer, and forgets those of more than a day ago.
pub fn store(
    connection: &Connection,
    key: &str,
    body: &BodyHash,
    status: u16,
    answer: &[u8],
    now: f64,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM idempotency WHERE created_at <= ?1")?
        .execute([now - KEPT_SECONDS])?;
    connection
        .prepare_cached("INSERT INTO idempotency (key, body_hash, status, answer, created_at) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![key, body, status, answer, now])
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_reservation_lets_the_next_one_in() {
        let reservations = Reservations::default();
        let (one, other) = (hash(b"one"), hash(b"other"));
        let Ok(Turn::Mine(first)) = reservations.take("key", &one) else {
            panic!("nobody has it");
        };
        let Ok(Turn::After(ended)) = reservations.take("key", &one) else {
            panic!("the first has it");
        };
        assert!(
            matches!(reservations.take("key", &other), Err(Refusal::KeyReused)),
            "another body may not wait for this key"
        );
        assert!(ended.has_changed().is_ok(), "the first goes on");
        drop(first);
        assert!(ended.has_changed().is_err(), "the first has ended");
        assert!(
            matches!(reservations.take("key", &other), Ok(Turn::Mine(_))),
            "nothing is left of a failed call"
        );
    }

    #[test]
    fn keys_have_rules() {
        let long = "k".repeat(200);
        for key in ["a", "0f4c", "é", &long] {
            assert!(check_key(key).is_ok(), "{key}");
        }
        for key in ["", "a b", "a:b", "a\tb", "a\u{a0}b", &format!("{long}k")] {
            assert!(check_key(key).is_err(), "{key:?}");
        }
    }
}
