//! `GET /v1/health` (contract §4.9).

use serde_json::Value;

use crate::call::{Call, Effect};
use crate::types::HealthResponse;
use crate::{Answered, Client, Error};

/// Asks how the service is. See [`Client::health`].
#[derive(Debug)]
pub struct Health<'a>(pub(crate) &'a Client);

impl Health<'_> {
    /// Any 2xx is a reachable service, also one that is not JSON. Needs no key and sends none. Asked once: a service
    /// that is down should be reported, not waited for; [`Error::Server`] carries its words.
    pub async fn get(&self) -> Result<Answered<HealthResponse>, Error> {
        let patience = self.0.config().timeouts.read;
        let call = Call::get("/health", Effect::Probes, patience).without_key();
        let reply = self.0.send(&call).await?;
        let raw = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
        Ok(Answered {
            value: HealthResponse::from(raw),
            meta: reply.meta,
        })
    }
}
