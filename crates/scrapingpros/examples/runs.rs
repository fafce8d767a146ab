//! Runs a collection of the given addresses and watches it to its end.
//!
//! ```sh
//! SCRAPINGPROS_API_KEY=… SCRAPINGPROS_SERVER=http://127.0.0.1:8080 cargo run -p scrapingpros --example runs -- https://example.com
//! ```

mod connect;

use std::env;
use std::error::Error;
use std::io::{Write, stdout};
use std::time::Duration;

use scrapingpros::types::{NewCollection, ScrapeRequest};
use scrapingpros::{RunAttempt, Timestamp};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = connect::client()?;
    let requests = env::args().skip(1).map(|url| ScrapeRequest {
        url,
        ..ScrapeRequest::default()
    });
    let collection = NewCollection {
        name: format!("example-{}", Timestamp::now().as_millisecond()),
        requests: requests.collect(),
        callback_url: None,
    };
    let receipt = client.collections().create(&collection).await?.value;

    // A real program stores the attempt before the call.
    let attempt = RunAttempt::now(receipt.id.ok_or("no id")?, Vec::new());
    let mut run = client.runs().start_or_adopt(&attempt).await?.run.value;
    while !run.status.is_terminal() {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let runs = client.runs();
        let answer = runs.get(&attempt.collection_id, &run.run_id).await?;
        run = answer.value;
        writeln!(stdout(), "{} of {}", run.ended(), run.total_requests)?;
    }
    writeln!(
        stdout(),
        "collection {} run {}: {}, {} worked",
        attempt.collection_id,
        run.run_id,
        run.status,
        run.success_requests
    )?;
    Ok(())
}
