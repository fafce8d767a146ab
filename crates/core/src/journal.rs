//! A row before each call that may spend credits, settled after it. Whatever is still open at the
//! next start was cut off by a crash: it is told to the person and never sent again.

use rusqlite::params;
use time::OffsetDateTime;

use crate::Answer;
use crate::accounts::LOCAL_ID;
use crate::database::Database;

/// The journal, in the library's database.
#[derive(Clone)]
pub struct Journal {
    database: Database,
}

/// A call about to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    pub kind: CallKind,
    pub account_id: String,
    pub address: String,
    pub credits_at_most: u32,
}

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    Scrape,
    /// Starts a run. One that a crash has cut off is gone on with, not told as lost.
    Run,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Answered; the result is in the library.
    Kept {
        result_id: String,
        credits: Option<u32>,
    },
    /// The run goes on at the service; its credits are added when it ends.
    Begun,
    /// The service answered that it did not do it.
    Refused,
    /// Sent, and no answer came: it may have been charged.
    Unknown,
    /// The person stopped waiting.
    Cancelled,
}

impl Journal {
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// On disk when this returns.
    pub async fn begin(&self, intent: Intent) -> Answer<String> {
        let id = uuid::Uuid::new_v4().to_string();
        let row = id.clone();
        self.database
            .call(move |connection| {
                connection
                    .execute(
                        "INSERT INTO journal
                             (id, started_at, account_id, address, kind, credits_at_most, state)
                         VALUES (?1, ?2, ?3, ?4, ?6, ?5, 'open')",
                        params![
                            row,
                            now(),
                            intent.account_id,
                            intent.address,
                            intent.credits_at_most,
                            intent.kind.word()
                        ],
                    )
                    .map(|_| ())
            })
            .await?;
        Ok(id)
    }

    pub async fn settle(&self, id: String, end: End) -> Answer<()> {
        let state = end.word();
        let (result_id, credits) = match end {
            End::Kept { result_id, credits } => (Some(result_id), credits),
            End::Refused => (None, Some(0)),
            End::Begun | End::Unknown | End::Cancelled => (None, None),
        };
        self.database
            .call(move |connection| {
                connection
                    .execute(
                        "UPDATE journal SET state = ?2, settled_at = ?3, result_id = ?4, credits = ?5
                         WHERE id = ?1",
                        params![id, state, now(), result_id, credits],
                    )
                    .map(|_| ())
            })
            .await
    }

    /// Turns what a crash left open into notices, in one transaction.
    pub async fn tell_interrupted(&self) -> Answer<()> {
        self.database
            .call(|connection| {
                let transaction = connection.transaction()?;
                for (id, text) in open_rows(&transaction)? {
                    transaction.execute(
                        "INSERT INTO notices (id, title, text, created_at)
                         VALUES (?1, 'A scrape was interrupted', ?2, ?3)",
                        params![id, text, now()],
                    )?;
                    transaction.execute(
                        "UPDATE journal SET state = 'interrupted', settled_at = ?2 WHERE id = ?1",
                        params![id, now()],
                    )?;
                }
                transaction.commit()
            })
            .await
    }
}

impl CallKind {
    fn word(self) -> &'static str {
        match self {
            Self::Scrape => "scrape",
            Self::Run => "run",
        }
    }
}

impl End {
    fn word(&self) -> &'static str {
        match self {
            Self::Kept { .. } => "kept",
            Self::Begun => "begun",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Cancelled => "cancelled",
        }
    }
}

fn open_rows(connection: &rusqlite::Connection) -> rusqlite::Result<Vec<(String, String)>> {
    let mut select = connection.prepare(
        "SELECT id, account_id, address, credits_at_most FROM journal
         WHERE state = 'open' AND kind = 'scrape' ORDER BY started_at, rowid",
    )?;
    let rows = select.query_map([], |row| {
        let account: String = row.get(1)?;
        Ok((
            row.get(0)?,
            interrupted(&account, &row.get::<_, String>(2)?, row.get(3)?),
        ))
    })?;
    rows.collect()
}

fn interrupted(account_id: &str, address: &str, credits: u32) -> String {
    let cost = match (account_id, credits) {
        (LOCAL_ID, _) => "It cost nothing.".to_owned(),
        (_, 1) => "It may have been charged 1 credit.".to_owned(),
        (_, many) => format!("It may have been charged {many} credits."),
    };
    format!("The scrape of {address} ended with the app, before its result was kept. {cost}")
}

fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}
