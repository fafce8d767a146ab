//! What a run has made of each address: `…/runs/{run_id}/jobs` (contract §5.2, §5.3).

use futures::{Stream, StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use crate::call::{Call, Effect, Reply, path};
use crate::job_pages::job_pages;
use crate::types::{Job, JobStatus, JobsPage, Row, ScrapeResponse, time};
use crate::{Answered, Client, Error, ResultError};

/// Lists jobs and fetches their results. See [`Client::jobs`].
#[derive(Debug)]
pub struct Jobs<'a>(pub(crate) &'a Client);

/// Which rows of the listing, and in which order (contract §5.2). What is left out is left to the service, but for
/// `statuses`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobsQuery {
    /// Rows a page: 1 to 1,000, of which the service gives 100 at most when results are included.
    pub limit: Option<u32>,
    /// Where to go on, under the same order as before.
    pub cursor: Option<String>,
    /// Only rows of these; all when empty. Always sent, as servers differ in what they give otherwise (contract §9
    /// row 7).
    pub statuses: Vec<JobStatus>,
    /// In which order.
    pub order_by: Option<JobsOrder>,
    /// From which end.
    pub direction: Option<Direction>,
    /// Ended later than this, strictly.
    pub since_completed_at: Option<Timestamp>,
    /// With each result in its row, unless it is over 256 KB.
    pub include_results: bool,
}

/// By what the listing is ordered (contract §5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobsOrder {
    /// As they were taken in.
    Id,
    /// As they ended; leaves out those that have not.
    CompletedAt,
}

/// From which end the listing begins (contract §5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The oldest.
    Ascending,
    /// The newest.
    Descending,
}

impl Jobs<'_> {
    /// One page of the listing (contract §5.2).
    pub async fn list(
        &self,
        collection_id: &str,
        run_id: &str,
        query: &JobsQuery,
    ) -> Result<Answered<JobsPage>, Error> {
        let call = listing(self.0, collection_id, run_id, query)?;
        let read = |reply: &Reply| JobsPage::parse(reply.body.clone());
        self.0.fetch_with(&call, read).await
    }

    /// All pages of the listing from `query` on, each as soon as it is here, while the next one is already on its way
    /// (contract §5.2). Two pages are in memory at most; nothing is fetched before the stream is first polled, and
    /// dropping it ends the fetching. After an error it ends: go on from the last page's
    /// [`next`](JobsPage::next) cursor.
    pub fn pages(
        &self,
        collection_id: &str,
        run_id: &str,
        query: JobsQuery,
    ) -> impl Stream<Item = Result<Answered<JobsPage>, Error>> + Send + Unpin + use<> {
        job_pages(
            self.0.clone(),
            collection_id.to_owned(),
            run_id.to_owned(),
            query,
        )
    }

    /// All rows of the listing from `query` on, page by page like [`Jobs::pages`] (contract §5.2).
    pub fn stream(
        &self,
        collection_id: &str,
        run_id: &str,
        query: JobsQuery,
    ) -> impl Stream<Item = Result<Row<Job>, Error>> + Send + Unpin + use<> {
        self.pages(collection_id, run_id, query)
            .map_ok(|page| stream::iter(page.value.rows).map(Ok))
            .try_flatten()
    }

    /// The result of one job (contract §5.3). When there is none, [`ResultError::Missing`] tells why. What the result
    /// may lack, [`Job::complete`] fills from the job's row.
    pub async fn result(
        &self,
        collection_id: &str,
        run_id: &str,
        job_id: &str,
    ) -> Result<Answered<ScrapeResponse>, ResultError> {
        let path = path(&[
            "async",
            "collections",
            collection_id,
            "runs",
            run_id,
            "jobs",
            job_id,
            "result",
        ])?;
        let call = Call::get(path, Effect::Reads, self.0.config().timeouts.read);
        self.0.fetch(&call).await.map_err(ResultError::from)
    }
}

pub(crate) fn listing(
    client: &Client,
    collection_id: &str,
    run_id: &str,
    query: &JobsQuery,
) -> Result<Call, Error> {
    let path = path(&[
        "async",
        "collections",
        collection_id,
        "runs",
        run_id,
        "jobs",
    ])?;
    let statuses = match query.statuses.as_slice() {
        [] => EVERY_STATUS,
        some => some,
    };
    let statuses: Vec<&str> = statuses.iter().map(JobStatus::as_str).collect();
    let limit = query.limit.map(|limit| limit.to_string());
    let since = query.since_completed_at.map(time::zulu);
    let call = Call::get(path, Effect::Reads, client.config().timeouts.read)
        .query(limit.as_deref().map(|limit| ("limit", limit)))
        .query(query.cursor.as_deref().map(|cursor| ("cursor", cursor)))
        .query(Some(("status_filter", &statuses.join(","))))
        .query(query.order_by.map(|order| ("order_by", order.as_str())))
        .query(query.direction.map(|end| ("order_dir", end.as_str())))
        .query(since.as_deref().map(|since| ("since_completed_at", since)))
        .query(query.include_results.then_some(("include_results", "true")));
    Ok(call)
}

const EVERY_STATUS: &[JobStatus] = &[
    JobStatus::Processing,
    JobStatus::Completed,
    JobStatus::Failed,
    JobStatus::Timeout,
];

impl JobsQuery {
    /// What takes in a run: ended jobs with their results, in the order in which they ended, later than `since`
    /// (contract §8.2).
    pub fn finished_with_results(since: Option<Timestamp>) -> Self {
        Self {
            limit: Some(100),
            statuses: vec![JobStatus::Completed, JobStatus::Failed, JobStatus::Timeout],
            order_by: Some(JobsOrder::CompletedAt),
            direction: Some(Direction::Ascending),
            since_completed_at: since,
            include_results: true,
            ..Self::default()
        }
    }
}

impl JobsOrder {
    fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::CompletedAt => "completed_at",
        }
    }
}

impl Direction {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
        }
    }
}
