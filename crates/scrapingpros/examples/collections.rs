//! Makes a collection, finds it again by its name, renames it, and removes it.
//!
//! ```sh
//! SCRAPINGPROS_API_KEY=… SCRAPINGPROS_SERVER=http://127.0.0.1:8080 cargo run -p scrapingpros --example collections -- https://example.com
//! ```

mod connect;

use std::env;
use std::error::Error;
use std::io::{Write, stdout};

use scrapingpros::types::{CollectionChange, NewCollection, ScrapeRequest};
use scrapingpros::{CollectionFilter, Timestamp};

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

    // A real program stores this before it is sent.
    let prepared = client.collections().prepare(&collection)?;
    let receipt = client.collections().create_prepared(&prepared).await?.value;
    let submitted = prepared.items() as u64;
    writeln!(
        stdout(),
        "{} of {submitted} taken in",
        receipt.queued(submitted)
    )?;
    let again = client.collections().create_prepared(&prepared).await?;
    writeln!(
        stdout(),
        "sent again: made before = {}",
        again.meta.replayed
    )?;

    let filter = CollectionFilter {
        name: Some(collection.name.clone()),
        ..CollectionFilter::default()
    };
    for found in client.collections().list(&filter).await?.value.readable() {
        writeln!(
            stdout(),
            "{} {} {:?}",
            found.id,
            found.name,
            found.created_at
        )?;
        let change = CollectionChange {
            name: format!("{} (old)", found.name),
            requests: None,
        };
        client.collections().update(&found.id, &change).await?;
        let gone = client.collections().delete(&found.id).await?.value;
        writeln!(stdout(), "{gone:?}")?;
    }
    Ok(())
}
