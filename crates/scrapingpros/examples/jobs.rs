//! Prints what a run has made of each address. A result that is not in the listing is fetched on its own.
//!
//! ```sh
//! SCRAPINGPROS_API_KEY=… SCRAPINGPROS_SERVER=http://127.0.0.1:8080 cargo run -p scrapingpros --example jobs -- COLLECTION RUN
//! ```

mod connect;

use std::env;
use std::error::Error;
use std::io::{Write, stderr, stdout};

use futures::TryStreamExt;
use scrapingpros::types::{Job, JobStatus, ScrapeResponse};
use scrapingpros::{Client, JobsQuery, ResultError};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = connect::client()?;
    let (collection, run) = (argument(1)?, argument(2)?);
    let query = JobsQuery::finished_with_results(None);
    let mut rows = client.jobs().stream(&collection, &run, query);
    while let Some(row) = rows.try_next().await? {
        let job = match row {
            Ok(job) => job,
            Err(odd) => {
                writeln!(stderr(), "a row that could not be read: {odd}")?;
                continue;
            }
        };
        match result(&client, &collection, &run, &job).await {
            Ok(result) => writeln!(
                stdout(),
                "{} {:?} {}: {} characters",
                job.status,
                result.status_code,
                result.url.unwrap_or_default(),
                result.html.map_or(0, |html| html.chars().count())
            )?,
            Err(failure) => writeln!(stderr(), "{}: {failure}", job.job_public_id)?,
        }
    }
    Ok(())
}

async fn result(
    client: &Client,
    collection: &str,
    run: &str,
    job: &Job,
) -> Result<ScrapeResponse, ResultError> {
    if let Some(result) = job.inline_result() {
        return Ok(result);
    }
    if job.status != JobStatus::Completed {
        return Ok(job.synthesised_result());
    }
    let jobs = client.jobs();
    let answer = jobs.result(collection, run, &job.job_public_id).await?;
    let mut result = answer.value;
    job.complete(&mut result);
    Ok(result)
}

fn argument(place: usize) -> Result<String, &'static str> {
    env::args()
        .nth(place)
        .ok_or("say which collection and which run")
}
