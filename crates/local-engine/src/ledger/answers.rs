//! How often the API answered with which HTTP status: counted in memory, written now and then.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use rusqlite::params;
use time::OffsetDateTime;

use crate::database::{Database, DatabaseError};

use super::span::number_of;

/// Answers since the last writing.
#[derive(Default)]
pub struct ApiAnswers {
    counted: Mutex<HashMap<Key, i64>>,
}

/// Day from 1970, and status.
type Key = (i64, u16);

impl ApiAnswers {
    pub fn count(&self, status: u16) {
        let today = number_of(OffsetDateTime::now_utc().date());
        *self.counted().entry((today, status)).or_default() += 1;
    }

    /// What can't be written now is kept for the next time.
    pub async fn write(&self, database: &Database) -> Result<(), DatabaseError> {
        let counted = std::mem::take(&mut *self.counted());
        if counted.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = counted.iter().map(|(key, count)| (*key, *count)).collect();
        let written = database
            .write(move |transaction| {
                let mut add = transaction.prepare_cached(
                    "INSERT INTO api_answers VALUES (?1, ?2, ?3)
                     ON CONFLICT DO UPDATE SET answers = answers + excluded.answers",
                )?;
                for ((day, status), count) in rows {
                    add.execute(params![day, status, count])?;
                }
                Ok(())
            })
            .await;
        if written.is_err() {
            let mut later = self.counted();
            for (key, count) in counted {
                *later.entry(key).or_default() += count;
            }
        }
        written
    }

    fn counted(&self) -> std::sync::MutexGuard<'_, HashMap<Key, i64>> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
