//! A finished run written straight into the engine's file, since a job's end can't be ordered.

use rusqlite::{Connection, params};

use super::caller::Caller;

pub const HOUR: i64 = 3_600_000;

/// A run in a collection of its own.
pub struct Seeded {
    database: Connection,
    run: i64,
    pub collection_id: String,
    pub run_id: String,
}

/// One job; what isn't said has a plain value.
pub struct Job {
    pub status: &'static str,
    /// Milliseconds since 1970.
    pub completed_at: Option<i64>,
    pub url: String,
    /// JSON of the stored result.
    pub result: Option<String>,
}

impl Job {
    pub fn ended(status: &'static str, completed_at: i64) -> Self {
        Self {
            status,
            completed_at: Some(completed_at),
            url: "http://shop.example/item".into(),
            result: None,
        }
    }

    pub fn in_work(status: &'static str) -> Self {
        Self {
            completed_at: None,
            ..Self::ended(status, 0)
        }
    }

    pub fn with_result(mut self, json: String) -> Self {
        self.result = Some(json);
        self
    }
}

impl Seeded {
    pub async fn new(caller: &Caller) -> Self {
        let created = caller
            .post(
                "/v1/async/collections",
                serde_json::json!({"name": "seeded"}),
            )
            .await;
        let collection_id = created.body["id"].as_str().expect("an id").to_owned();
        let database = caller.database();
        let run_id = uuid::Uuid::new_v4().to_string();
        database
            .execute(
                "INSERT INTO runs (public_id, collection, collection_id, status, total, success, failed, timeout, created_at, finished_at)
                 SELECT ?1, id, public_id, 'completed', 6, 3, 2, 1, 1777853217.82, 1777853317.82
                 FROM collections WHERE public_id = ?2",
                [&run_id, &collection_id],
            )
            .expect("a run");
        let run = database.last_insert_rowid();
        Self {
            database,
            run,
            collection_id,
            run_id,
        }
    }

    /// The job's id.
    pub fn add(&self, job: &Job) -> String {
        let job_id = uuid::Uuid::new_v4().to_string();
        self.database
            .execute(
                "INSERT INTO jobs (public_id, run, status, browser, url, custom_id, request, status_code, is_success, message,
                     block_reason, protection_stack, rule_hits, has_extractable_data, queued_at, started_at, completed_at,
                     execution_time_ms, retries_attempted)
                 VALUES (?1, ?2, ?3, 0, ?4, 'sku-1', '{\"secret\": 1}', 200, 1, 'OK', 'none', '[\"cloudflare\"]', NULL, 0,
                     1777032000123, 1777032002267, ?5, 1370, 0)",
                params![job_id, self.run, job.status, job.url, job.completed_at],
            )
            .expect("a job");
        if let (Some(json), Some(completed_at)) = (&job.result, job.completed_at) {
            let packed = zstd::encode_all(json.as_bytes(), 3).expect("packs");
            let size = i64::try_from(json.len()).expect("a size");
            self.keep(completed_at, &packed, size);
        }
        job_id
    }

    /// The result of the job added last, as it stands.
    pub fn keep(&self, completed_at: i64, packed: &[u8], size: i64) {
        self.database
            .execute(
                "INSERT INTO results (job, completed_at, body, size) SELECT max(id), ?1, ?2, ?3 FROM jobs",
                params![completed_at, packed, size],
            )
            .expect("a result");
    }

    pub fn path(&self, rest: &str) -> String {
        format!(
            "/v1/async/collections/{}/runs/{}{rest}",
            self.collection_id, self.run_id
        )
    }
}

/// Milliseconds since 1970.
pub fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(since.expect("after 1970").as_millis()).expect("before the year 290,000,000")
}
