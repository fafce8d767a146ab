//! Countries to scrape from: `/v1/proxy` (contract §4.6 to §4.8).

use crate::call::{Call, Effect};
use crate::types::{CountryRequest, CountryRequested, ProxyCountries, ProxyStatus};
use crate::{Answered, Client, Error};

/// Asks for countries. See [`Client::proxies`].
#[derive(Debug)]
pub struct Proxies<'a>(pub(crate) &'a Client);

impl Proxies<'_> {
    /// Countries the service has proxies in (contract §4.6).
    pub async fn countries(&self) -> Result<Answered<ProxyCountries>, Error> {
        let patience = self.0.config().timeouts.read;
        let call = Call::get("/proxy/countries", Effect::Reads, patience);
        self.0.fetch(&call).await
    }

    /// Asks for a country, which somebody has to approve (contract §4.7). To ask twice comes to the same.
    pub async fn request_country(
        &self,
        request: &CountryRequest,
    ) -> Result<Answered<CountryRequested>, Error> {
        let patience = self.0.config().timeouts.read;
        let call = Call::post("/proxy/request-country", Effect::Settles, patience).json(request)?;
        self.0.fetch(&call).await
    }

    /// Countries this account may scrape from, and those it waits for (contract §4.8).
    pub async fn status(&self) -> Result<Answered<ProxyStatus>, Error> {
        let patience = self.0.config().timeouts.read;
        let call = Call::get("/proxy/status", Effect::Reads, patience);
        self.0.fetch(&call).await
    }
}
