//! What the list of collections tells of their runs.

use std::collections::HashMap;

use rusqlite::{Connection, Row, params};

use super::LastRunView;
use crate::runs::RunState;

/// Less success than this many percent needs a look.
const GOOD_PERCENT: u32 = 90;
/// So many ended runs are shown.
const REMEMBERED: u8 = 8;

/// The runs of one collection, as far as its row tells of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunHistory {
    pub last: Option<LastRunView>,
    /// Percent of the last eight ended runs, oldest first.
    pub success: Vec<u32>,
}

/// By the collections' ids; those without a run are not in it.
pub fn last_runs(
    connection: &Connection,
    collection_ids: &[String],
) -> rusqlite::Result<HashMap<String, RunHistory>> {
    let mut select = connection.prepare_cached(
        "SELECT id, nth, account_name, local, state, max(queued, submitted * (state = 'sending')),
             success, failed, timed_out, started_at, ended_at
         FROM runs WHERE collection_id = ?1 ORDER BY number DESC LIMIT ?2",
    )?;
    let mut histories = HashMap::new();
    for id in collection_ids {
        let runs = select.query_map(params![id, REMEMBERED + 1], read)?;
        let runs: Vec<LastRunView> = runs.collect::<rusqlite::Result<_>>()?;
        let ended = runs
            .iter()
            .filter(|run| !run.running)
            .take(REMEMBERED.into());
        let mut success: Vec<u32> = ended.map(LastRunView::percent).collect();
        success.reverse();
        if let Some(last) = runs.into_iter().next() {
            let last = Some(last);
            histories.insert(id.clone(), RunHistory { last, success });
        }
    }
    Ok(histories)
}

impl LastRunView {
    /// Part of its pages that succeeded.
    pub fn percent(&self) -> u32 {
        match self.total {
            0 => 0,
            total => u32::try_from(u64::from(self.success) * 100 / u64::from(total)).unwrap_or(100),
        }
    }

    pub fn needs_look(&self) -> bool {
        !self.running && self.percent() < GOOD_PERCENT
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<LastRunView> {
    let state: String = row.get(4)?;
    let state = state_named(&state);
    Ok(LastRunView {
        id: row.get(0)?,
        number: row.get(1)?,
        account_name: row.get(2)?,
        local: row.get(3)?,
        running: matches!(state, RunState::Sending | RunState::Running),
        state,
        total: row.get(5)?,
        success: row.get(6)?,
        failed: row.get(7)?,
        timed_out: row.get(8)?,
        started_at: row.get(9)?,
        ended_at: row.get(10)?,
    })
}

/// As runs write it down.
fn state_named(name: &str) -> RunState {
    match name {
        "sending" => RunState::Sending,
        "running" => RunState::Running,
        "finished" => RunState::Finished,
        "not_started" => RunState::NotStarted,
        _ => RunState::WatchingStopped,
    }
}
