//! Takes in a run that was started elsewhere, to its end, into the library of a data folder, through the
//! code that the app uses. May be killed and started again at any point.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use clap::Parser;
use scrapingpros::{ApiKey, Client, Config};
use scrapingpros_core::library::Library;
use scrapingpros_core::runs::drain_run;
use serde_json::json;

#[derive(Parser)]
struct Options {
    /// Server address, such as http://127.0.0.1:8080.
    #[arg(long)]
    base_url: String,
    #[arg(long)]
    key: String,
    /// The service's id of the collection.
    #[arg(long)]
    collection: String,
    /// The service's id of the run.
    #[arg(long)]
    run: String,
    /// Where the library is, or will be.
    #[arg(long)]
    data_dir: PathBuf,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse();
    let started = Instant::now();
    let client = Client::new(
        Config::for_server(&options.base_url)?,
        Some(ApiKey::parse(&options.key)?),
    )?;
    let library = Library::open(&options.data_dir).await?;
    let drained = drain_run(&library, client, &options.collection, &options.run).await?;
    let line = json!({
        "jobs": drained.jobs,
        "stored": drained.stored,
        "success": drained.success,
        "failed": drained.failed,
        "timeout": drained.timed_out,
        "missing": drained.missing,
        "wall_ms": u64::try_from(started.elapsed().as_millis())?,
    });
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
