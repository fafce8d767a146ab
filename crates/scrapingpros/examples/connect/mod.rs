//! Server and key from the environment.

use std::env;
use std::error::Error;

use scrapingpros::{ApiKey, Client, Config, DEFAULT_SERVER};

/// `SCRAPINGPROS_SERVER` (the service's own when absent) and `SCRAPINGPROS_API_KEY`.
pub fn client() -> Result<Client, Box<dyn Error>> {
    let server = env::var("SCRAPINGPROS_SERVER").unwrap_or_else(|_| DEFAULT_SERVER.to_owned());
    let key = ApiKey::parse(&env::var("SCRAPINGPROS_API_KEY")?)?;
    Ok(Client::new(Config::for_server(&server)?, Some(key))?)
}
