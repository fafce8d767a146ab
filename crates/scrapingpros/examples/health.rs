//! Tells how the service is and what it sells. Needs no key.
//!
//! ```sh
//! SCRAPINGPROS_SERVER=http://127.0.0.1:8080 cargo run -p scrapingpros --example health
//! ```

use std::env;
use std::error::Error;
use std::io::{Write, stdout};

use scrapingpros::{Client, Config, DEFAULT_SERVER};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = env::var("SCRAPINGPROS_SERVER").unwrap_or_else(|_| DEFAULT_SERVER.to_owned());
    let client = Client::new(Config::for_server(&server)?, None)?;
    let health = client.health().get().await?.value;
    writeln!(
        stdout(),
        "{}",
        health.status.as_deref().unwrap_or("reachable")
    )?;
    for part in &health.components {
        writeln!(stdout(), "  {}: {}", part.name, part.status)?;
    }
    for plan in client.plans().list().await?.value.plans {
        let name = plan.display_name.unwrap_or_default();
        writeln!(
            stdout(),
            "{name}: {:?} credits a month",
            plan.credits_monthly
        )?;
    }
    Ok(())
}
