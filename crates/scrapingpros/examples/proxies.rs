//! Lists the countries to scrape from, and asks for one when it is named.
//!
//! ```sh
//! SCRAPINGPROS_API_KEY=… SCRAPINGPROS_SERVER=http://127.0.0.1:8080 cargo run -p scrapingpros --example proxies -- DE
//! ```

mod connect;

use std::env;
use std::error::Error;
use std::io::{Write, stdout};

use scrapingpros::types::CountryRequest;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = connect::client()?;
    let countries = client.proxies().countries().await?.value.countries;
    writeln!(stdout(), "{} countries", countries.len())?;
    if let Some(country_code) = env::args().nth(1) {
        let request = CountryRequest {
            country_code,
            reason: "an example".to_owned(),
        };
        let asked = client.proxies().request_country(&request).await?.value;
        writeln!(
            stdout(),
            "{}: {}",
            asked.status,
            asked.message.unwrap_or_default()
        )?;
    }
    let status = client.proxies().status().await?.value;
    writeln!(
        stdout(),
        "approved: {}",
        status.approved_countries.join(", ")
    )?;
    writeln!(stdout(), "pending: {}", status.pending_countries.join(", "))?;
    Ok(())
}
