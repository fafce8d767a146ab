//! Prints what the account has used this month and today.
//!
//! ```sh
//! SCRAPINGPROS_API_KEY=… SCRAPINGPROS_SERVER=http://127.0.0.1:8080 cargo run -p scrapingpros --example usage
//! ```

mod connect;

use std::error::Error;
use std::io::{Write, stdout};

use scrapingpros::ClientMetricsQuery;
use scrapingpros::types::numbers;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = connect::client()?;
    let billing = client.usage().billing(None).await?.value;
    for (name, used) in &billing.clients {
        let credits = used.credits.unwrap_or_default().total;
        writeln!(
            stdout(),
            "{name}: {} calls, {credits} credits",
            used.total_requests
        )?;
    }
    let query = ClientMetricsQuery::default();
    let metrics = client.usage().client_metrics(&query).await?.value;
    for (figure, number) in numbers(&serde_json::to_value(&metrics)?) {
        writeln!(stdout(), "{figure} = {number}")?;
    }
    if let Some(quota) = client.quota() {
        writeln!(stdout(), "left this month: {:?}", quota.remaining)?;
    }
    Ok(())
}
