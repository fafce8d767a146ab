//! What the list of collections tells of their runs.

use std::collections::HashMap;

use rusqlite::Connection;

use super::LastRunView;

/// Less success than this many percent needs a look.
const GOOD_PERCENT: u32 = 90;

/// The runs of one collection, as far as its row tells of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunHistory {
    pub last: Option<LastRunView>,
    /// Percent of the last eight ended runs, oldest first.
    pub success: Vec<u32>,
}

/// By the collections' ids; those without a run are not in it.
pub fn last_runs(
    _connection: &Connection,
    _collection_ids: &[String],
) -> rusqlite::Result<HashMap<String, RunHistory>> {
    Ok(HashMap::new())
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
