//! What an account has used: `GET /v1/sync/billing` (contract §4.5).

use crate::call::{Call, Effect};
use crate::types::BillingResponse;
use crate::{Answered, Client, Error};

/// Asks what was used. See [`Client::usage`].
#[derive(Debug)]
pub struct Usage<'a>(pub(crate) &'a Client);

impl Usage<'_> {
    /// Credits and calls of one month, `YYYY-MM`; the current one when `None`. Spends nothing, so it also serves to
    /// try a key.
    pub async fn billing(&self, month: Option<&str>) -> Result<Answered<BillingResponse>, Error> {
        let patience = self.0.config().timeouts.read;
        let call =
            Call::get("/sync/billing", Effect::Reads, patience).query(month.map(|m| ("month", m)));
        self.0.fetch(&call).await
    }
}
