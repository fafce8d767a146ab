use proptest::prelude::*;
use serde_json::Value;

use crate::database::Database;

use super::*;

const STORED: [&str; 5] = ["queued", "processing", "completed", "failed", "timeout"];

/// A job by its stored status and its end.
type Job = (usize, Option<i64>);

fn database() -> (tempfile::TempDir, Database) {
    let dir = tempfile::tempdir().expect("a folder");
    let database = Database::open(dir.path()).expect("opens");
    (dir, database)
}

/// A run with these jobs, and their ids in order.
fn seed(database: &Database, jobs: &[Job]) -> (Owner, Vec<i64>) {
    let seeded = database.write_now(|transaction| {
        let run_id = uuid::Uuid::new_v4().to_string();
        transaction.execute(
            "INSERT INTO runs (public_id, collection, collection_id, status, total, created_at)
             VALUES (?1, 1, 'c', 'completed', 0, 0)",
            [&run_id],
        )?;
        let run = transaction.last_insert_rowid();
        let mut ids = Vec::new();
        for (status, completed_at) in jobs {
            transaction.execute(
                "INSERT INTO jobs (public_id, run, status, browser, url, request, queued_at, completed_at)
                 VALUES (lower(hex(randomblob(16))), ?1, ?2, 0, 'http://a.example/', '{}', 0, ?3)",
                rusqlite::params![run, STORED[*status], completed_at],
            )?;
            let id = transaction.last_insert_rowid();
            // So that a row can be told by what the listing shows of it.
            transaction.execute("UPDATE jobs SET public_id = ?1 WHERE id = ?1", [id])?;
            ids.push(id);
        }
        let owner = Owner { run, run_id, collection_id: "c".into() };
        Ok((owner, ids))
    });
    seeded.expect("seeds")
}

fn asked(
    order: Order,
    direction: Direction,
    bits: u8,
    since: Option<i64>,
    limit: usize,
) -> JobQuery {
    JobQuery {
        limit,
        cursor: None,
        statuses: Statuses::from_bits(bits).expect("some status"),
        order,
        direction,
        since,
        include_results: false,
    }
}

/// Every page to the end, through the cursors that callers get.
fn walk(database: &Database, owner: &Owner, mut query: JobQuery, most_pages: usize) -> Vec<i64> {
    let mut ids = Vec::new();
    for _ in 0..most_pages {
        let place = position(owner.run, &query).expect("the cursor is our own");
        let page = database
            .read_now(|connection| page(connection, owner, &query, place))
            .expect("reads");
        for row in &page.rows {
            let row: Value = serde_json::from_slice(&row.json).expect("JSON");
            let id = row["job_public_id"].as_str().expect("an id");
            ids.push(id.parse().expect("a number"));
        }
        query.cursor = page.cursor_next;
        if query.cursor.is_none() {
            return ids;
        }
        assert_eq!(
            page.rows.len(),
            query.limit,
            "only the last page may be short"
        );
    }
    panic!("the walk doesn't end");
}

/// The plainest way of saying what a whole walk gives.
fn expected(jobs: &[Job], ids: &[i64], query: &JobQuery) -> Vec<i64> {
    let names = query.statuses.names();
    let mut rows: Vec<(Option<i64>, i64)> = jobs
        .iter()
        .zip(ids)
        .filter(|((status, completed_at), _)| {
            let shown = if *status == 0 {
                "processing"
            } else {
                STORED[*status]
            };
            names.split(',').any(|name| name == shown)
                && query
                    .since
                    .is_none_or(|since| completed_at.is_some_and(|end| end > since))
                && (query.order == Order::Id || completed_at.is_some())
        })
        .map(|((_, completed_at), id)| match query.order {
            Order::Id => (None, *id),
            Order::CompletedAt => (*completed_at, *id),
        })
        .collect();
    rows.sort_unstable();
    if query.direction == Direction::Desc {
        rows.reverse();
    }
    rows.into_iter().map(|(_, id)| id).collect()
}

fn every_query(limit: usize) -> impl Iterator<Item = JobQuery> {
    [Order::Id, Order::CompletedAt]
        .into_iter()
        .flat_map(move |order| {
            [Direction::Asc, Direction::Desc]
                .into_iter()
                .flat_map(move |direction| {
                    (1..16).flat_map(move |bits| {
                        [None, Some(2)]
                            .into_iter()
                            .map(move |since| asked(order, direction, bits, since, limit))
                    })
                })
        })
}

#[test]
fn each_job_comes_once_in_every_order_with_ties() {
    let (_dir, database) = database();
    let job =
        (0_usize..5, 0_i64..4).prop_map(|(status, end)| (status, (status > 1).then_some(end)));
    let case = (
        prop::collection::vec(job, 0..40),
        any::<bool>(),
        any::<bool>(),
        1_u8..16,
        prop::option::of(-1_i64..4),
        1_usize..9,
    );
    proptest!(ProptestConfig::with_cases(300), |((jobs, by_end, down, bits, since, limit) in case)| {
        let order = if by_end { Order::CompletedAt } else { Order::Id };
        let direction = if down { Direction::Desc } else { Direction::Asc };
        // Another run beside it, of which nothing may be seen.
        seed(&database, &jobs);
        let (owner, ids) = seed(&database, &jobs);
        let query = asked(order, direction, bits, since, limit);
        let found = walk(&database, &owner, query.clone(), 100);
        prop_assert_eq!(found, expected(&jobs, &ids, &query));
    });
}

#[test]
fn every_query_searches_an_index_and_sorts_nothing() {
    let (_dir, database) = database();
    let mut seen = 0;
    for query in every_query(100) {
        for place in [
            None,
            Some(Position {
                completed_at: 3,
                id: 3,
            }),
        ] {
            let Some(select) = Select::new(1, &query, place) else {
                assert_eq!(
                    (query.order, query.statuses.bits()),
                    (Order::CompletedAt, 1),
                    "only a job in work has no end"
                );
                continue;
            };
            let plan: Vec<String> = database
                .read_now(|connection| {
                    let mut explain =
                        connection.prepare(&format!("EXPLAIN QUERY PLAN {}", select.sql))?;
                    explain
                        .query_map(params_from_iter(&select.values), |row| row.get(3))?
                        .collect()
                })
                .expect("explains");
            let places: &[&str] = match query.order {
                Order::Id => &["id>?", "id<?"],
                Order::CompletedAt => {
                    &["completed_at=? AND id", "completed_at>?", "completed_at<?"]
                }
            };
            for step in &plan {
                let sql = &select.sql;
                assert!(!step.contains("TEMP B-TREE"), "{step} sorts: {sql}");
                assert!(!step.contains("SCAN"), "{step} looks at everything: {sql}");
                if step.starts_with("SEARCH") {
                    seen += 1;
                    assert!(step.contains("USING INDEX jobs_of_run"), "{step}: {sql}");
                    assert!(
                        places.iter().any(|place| step.contains(place)),
                        "{step} doesn't start at its place: {sql}"
                    );
                }
            }
        }
    }
    assert!(seen > 100, "the plans were read");
}

#[test]
fn a_cursor_goes_on_only_where_it_was_made() {
    let made = asked(Order::CompletedAt, Direction::Asc, 0b0110, None, 10);
    let cursor = Cursor {
        run: 7,
        order: made.order,
        direction: made.direction,
        statuses: made.statuses,
        position: Position {
            completed_at: 5,
            id: 6,
        },
    };
    let words = |run, order, direction, bits| {
        let mut query = asked(order, direction, bits, None, 10);
        query.cursor = Some(cursor.write());
        match position(run, &query) {
            Ok(place) => format!("{place:?}"),
            Err(refusal) => refusal.to_string(),
        }
    };
    assert_eq!(
        words(7, Order::CompletedAt, Direction::Asc, 0b0110),
        "Some(Position { completed_at: 5, id: 6 })"
    );
    assert_eq!(
        words(7, Order::Id, Direction::Asc, 0b0110),
        "cursor was generated with order_by=completed_at, received order_by=id; start a new pagination"
    );
    assert_eq!(
        words(7, Order::CompletedAt, Direction::Desc, 0b0110),
        "cursor was generated with order_dir=asc, received order_dir=desc; start a new pagination"
    );
    assert_eq!(
        words(7, Order::CompletedAt, Direction::Asc, 0b1110),
        "cursor was generated with status_filter=completed,failed, received status_filter=completed,failed,timeout; start a new pagination"
    );
    assert_eq!(
        words(8, Order::CompletedAt, Direction::Asc, 0b0110),
        "cursor was generated for another run; start a new pagination"
    );
}
