//! The list of collections: searched, filtered, sorted.

use std::cmp::Reverse;

use super::{CollectionRow, CollectionsFilter, CollectionsPage, CollectionsQuery, CollectionsSort};
use crate::library::narrow;

const MOST_ROWS: u32 = 500;

pub fn page(mut rows: Vec<CollectionRow>, query: &CollectionsQuery) -> CollectionsPage {
    let wanted = query.find.trim().to_lowercase();
    rows.retain(|row| row.name.to_lowercase().contains(&wanted));
    let count = |filter| rows.iter().filter(|row| shows(row, filter)).count();
    let [all, running, need_look] = [
        CollectionsFilter::All,
        CollectionsFilter::Running,
        CollectionsFilter::NeedLook,
    ]
    .map(|filter| narrow(count(filter) as u64));
    rows.retain(|row| shows(row, query.filter));
    sort(&mut rows, query.sort);
    let found = narrow(rows.len() as u64);
    let rows = rows
        .into_iter()
        .skip(query.offset as usize)
        .take(query.limit.min(MOST_ROWS) as usize)
        .collect();
    CollectionsPage {
        rows,
        found,
        all,
        running,
        need_look,
    }
}

fn shows(row: &CollectionRow, filter: CollectionsFilter) -> bool {
    let last = row.last_run.as_ref();
    match filter {
        CollectionsFilter::All => true,
        CollectionsFilter::Running => last.is_some_and(|run| run.running),
        CollectionsFilter::NeedLook => last.is_some_and(|run| run.needs_look()),
    }
}

/// The rows come newest first, and stay so where the sort makes no difference.
fn sort(rows: &mut [CollectionRow], sort: CollectionsSort) {
    match sort {
        CollectionsSort::LastRun => rows.sort_by_key(|row| {
            let last = row.last_run.as_ref();
            Reverse(last.map(|run| (run.running, run.started_at)))
        }),
        CollectionsSort::Name => rows.sort_by_cached_key(|row| row.name.to_lowercase()),
        CollectionsSort::Pages => rows.sort_by_key(|row| Reverse(row.pages)),
        CollectionsSort::Made => {}
    }
}
