//! Two runs of the same list, page by page: which ended otherwise, and which extracted values differ.

use rusqlite::{Connection, params};
use serde_json::{Map, Value};

use super::rows::{self, MOST_ROWS};
use super::{
    ComparisonFilter, ComparisonPage, ComparisonQuery, ComparisonRow, JobRow, Runs, ValueChange,
};
use crate::Answer;
use crate::library::LibraryError;

/// Characters of a value that are shown.
const LONGEST_VALUE: usize = 300;
const PAIRS: &str = "WITH pairs AS (
    SELECT a.place AS before, b.place AS after,
        CASE WHEN b.place IS NULL THEN 3
             WHEN a.outcome <> b.outcome OR a.cause <> b.cause THEN 1
             WHEN a.data_hash IS NOT b.data_hash THEN 2
             ELSE 0 END AS change
    FROM jobs a LEFT JOIN jobs b INDEXED BY jobs_by_twin ON b.run = ?2 AND b.twin = a.twin WHERE a.run = ?1
    UNION ALL
    SELECT NULL, b.place, 4 FROM jobs b WHERE b.run = ?2
        AND NOT EXISTS (SELECT 1 FROM jobs a INDEXED BY jobs_by_twin WHERE a.run = ?1 AND a.twin = b.twin)
)";

impl Runs {
    pub async fn compare(&self, query: ComparisonQuery) -> Answer<ComparisonPage> {
        let mut page = self
            .database()
            .call(move |connection| page(connection, &query))
            .await?;
        for row in &mut page.rows {
            let ids = row.before.as_ref().zip(row.after.as_ref());
            let ids = ids.and_then(|(a, b)| a.result_id.clone().zip(b.result_id.clone()));
            if let Some((before, after)) = ids {
                row.values = changes(
                    &self.library.extracted(before).await?,
                    &self.library.extracted(after).await?,
                );
            }
        }
        Ok(page)
    }
}

fn page(connection: &Connection, query: &ComparisonQuery) -> Result<ComparisonPage, LibraryError> {
    let before = rows::number(connection, &query.before)?;
    let after = rows::number(connection, &query.after)?;
    let mut counts = [0_u32; 5];
    let mut select = connection.prepare_cached(&format!(
        "{PAIRS} SELECT change, count(*) FROM pairs GROUP BY change"
    ))?;
    let mut found = select.query([before, after])?;
    while let Some(row) = found.next()? {
        if let Some(count) = counts.get_mut(row.get::<_, u32>(0)? as usize) {
            *count = row.get(1)?;
        }
    }
    let [same, verdict_changed, data_changed, only_before, only_after] = counts;
    let (filter, found) = match query.filter {
        ComparisonFilter::Changed => ("> 0", counts[1..].iter().sum()),
        ComparisonFilter::Verdict => ("= 1", verdict_changed),
        ComparisonFilter::Data => ("= 2", data_changed),
        ComparisonFilter::OnlyOne => ("> 2", only_before + only_after),
        ComparisonFilter::All => (">= 0", counts.iter().sum()),
    };
    let mut select = connection.prepare_cached(&format!(
        "{PAIRS} SELECT before, after FROM pairs WHERE change {filter}
         ORDER BY after IS NULL, after, before LIMIT ?3 OFFSET ?4"
    ))?;
    let pairs = select.query_map(
        params![before, after, query.limit.min(MOST_ROWS), query.offset],
        |row| Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?)),
    )?;
    let mut rows = Vec::new();
    for pair in pairs {
        let (in_before, in_after) = pair?;
        let job = |run: i64, place: Option<i64>| {
            place
                .map(|place| rows::job(connection, run, &place.to_string()))
                .transpose()
        };
        rows.push(row(job(before, in_before)?, job(after, in_after)?));
    }
    Ok(ComparisonPage {
        rows,
        found,
        same,
        verdict_changed,
        data_changed,
        only_before,
        only_after,
    })
}

fn row(before: Option<JobRow>, after: Option<JobRow>) -> ComparisonRow {
    let either = after.as_ref().or(before.as_ref());
    ComparisonRow {
        address: either.map(|job| job.address.clone()).unwrap_or_default(),
        label: either.map(|job| job.label.clone()).unwrap_or_default(),
        before,
        after,
        values: Vec::new(),
    }
}

fn changes(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<ValueChange> {
    let new = after.keys().filter(|name| !before.contains_key(*name));
    before
        .keys()
        .chain(new)
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| ValueChange {
            name: name.clone(),
            before: shown(before.get(name)),
            after: shown(after.get(name)),
        })
        .collect()
}

fn shown(value: Option<&Value>) -> String {
    let text = match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    text.chars().take(LONGEST_VALUE).collect()
}
