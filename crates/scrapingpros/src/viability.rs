//! How addresses are best scraped: `/v1/async/viability-test` (contract §5.5, §5.6).

use crate::call::{Call, Effect, path};
use crate::types::{ViabilityRequest, ViabilityRun};
use crate::{Answered, Client, Error};

/// Starts and watches viability tests. See [`Client::viability`].
#[derive(Debug)]
pub struct Viability<'a>(pub(crate) &'a Client);

impl Viability<'_> {
    /// Starts a test (contract §5.5). Spends credits for each address, so it is repeated only when it surely never
    /// began; [`Depth::most_credits`](crate::types::Depth::most_credits) says how many at worst.
    pub async fn start(&self, request: &ViabilityRequest) -> Result<Answered<ViabilityRun>, Error> {
        let patience = self.0.config().timeouts.start;
        let call = Call::post("/async/viability-test", Effect::Spends, patience).json(request)?;
        self.0.fetch(&call).await
    }

    /// How far a test is, and its results once it is done (contract §5.6).
    pub async fn get(&self, run_id: &str) -> Result<Answered<ViabilityRun>, Error> {
        let path = path(&["async", "viability-test", run_id])?;
        let call = Call::get(path, Effect::Reads, self.0.config().timeouts.read);
        self.0.fetch(&call).await
    }
}
