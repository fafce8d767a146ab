//! Scrapes one page and prints its Markdown.
//!
//! ```sh
//! SCRAPINGPROS_API_KEY=… SCRAPINGPROS_SERVER=http://127.0.0.1:8080 cargo run -p scrapingpros --example scrape -- https://example.com
//! ```

mod connect;

use std::env;
use std::error::Error;
use std::io::{Write, stderr, stdout};

use scrapingpros::types::{Format, ScrapeRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = connect::client()?;
    let url = env::args().nth(1).ok_or("say which page")?;
    let request = ScrapeRequest {
        url,
        format: Some(Format::Markdown),
        ..ScrapeRequest::default()
    };
    let answer = client.scrape().create(&request).await?;

    let guidance = answer.guidance();
    if guidance.success {
        writeln!(stdout(), "{}", answer.value.markdown.unwrap_or_default())?;
    } else {
        let why = guidance.error_type.unwrap_or_default();
        writeln!(
            stderr(),
            "{why}: {}",
            answer.value.message.unwrap_or_default()
        )?;
    }
    let credits = guidance.credits_charged.unwrap_or_default();
    writeln!(stderr(), "{credits} credits")?;
    Ok(())
}
