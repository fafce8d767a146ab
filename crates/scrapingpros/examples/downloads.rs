//! Fetches a file into the current folder. Spends credits.
//!
//! ```sh
//! SCRAPINGPROS_API_KEY=… SCRAPINGPROS_SERVER=http://127.0.0.1:8080 cargo run -p scrapingpros --example downloads -- https://example.com/a.pdf a.pdf
//! ```

mod connect;

use std::env;
use std::error::Error;
use std::fs;

use scrapingpros::types::DownloadRequest;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = connect::client()?;
    let (url, file) = (argument(1)?, argument(2)?);
    let request = DownloadRequest {
        url,
        use_proxy: None,
    };
    let answer = client.downloads().create(&request).await?.value;
    let bytes = answer.bytes().ok_or(answer.message.unwrap_or_default())?;
    fs::write(file, bytes)?;
    Ok(())
}

fn argument(place: usize) -> Result<String, &'static str> {
    env::args()
        .nth(place)
        .ok_or("say which file, and what to call it")
}
