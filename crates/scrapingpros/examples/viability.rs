//! Tries how addresses are best scraped. Spends credits.
//!
//! ```sh
//! SCRAPINGPROS_API_KEY=… SCRAPINGPROS_SERVER=http://127.0.0.1:8080 cargo run -p scrapingpros --example viability -- https://example.com
//! ```

mod connect;

use std::env;
use std::error::Error;
use std::io::{Write, stdout};
use std::time::Duration;

use scrapingpros::types::{Depth, ViabilityRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = connect::client()?;
    let request = ViabilityRequest {
        urls: env::args().skip(1).collect(),
        depth: Some(Depth::Quick),
        actions: None,
    };
    let mut test = client.viability().start(&request).await?.value;
    while !test.status.is_terminal() {
        tokio::time::sleep(Duration::from_secs(2)).await;
        test = client.viability().get(&test.run_id).await?.value;
    }
    for found in test.results.unwrap_or_default() {
        let difficulty = found.difficulty.as_ref().map(ToString::to_string);
        let best = found.best_mode.as_deref().unwrap_or("nothing");
        writeln!(
            stdout(),
            "{}: {}, best scraped with {best}",
            found.url,
            difficulty.unwrap_or_default()
        )?;
    }
    Ok(())
}
