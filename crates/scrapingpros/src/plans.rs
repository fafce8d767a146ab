//! `GET /v1/plans` (contract §5.7).

use crate::call::{Call, Effect};
use crate::types::PlansResponse;
use crate::{Answered, Client, Error};

/// Lists what the service sells. See [`Client::plans`].
#[derive(Debug)]
pub struct Plans<'a>(pub(crate) &'a Client);

impl Plans<'_> {
    /// All plans, in the service's order. Public: needs no key and sends none.
    pub async fn list(&self) -> Result<Answered<PlansResponse>, Error> {
        let patience = self.0.config().timeouts.read;
        let call = Call::get("/plans", Effect::Reads, patience).without_key();
        self.0.fetch(&call).await
    }
}
