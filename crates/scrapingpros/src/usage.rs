//! What an account has used: `/v1/sync/metrics`, `/v1/sync/client-metrics`, `/v1/sync/billing` (contract §4.3 to §4.5).

use serde_json::Value;

use crate::call::{Call, Effect};
use crate::types::{BillingResponse, ClientMetrics};
use crate::{Answered, Client, Error};

/// Asks what was used. See [`Client::usage`].
#[derive(Debug)]
pub struct Usage<'a>(pub(crate) &'a Client);

/// Which figures of the account (contract §4.4). Today's when empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientMetricsQuery {
    /// `YYYY-MM-DD`, `YYYY-MM-DD:YYYY-MM-DD` or `YYYY-MM`.
    pub date: Option<String>,
    /// By hour; for a single day only.
    pub hourly: bool,
    /// By domain.
    pub by_domain: bool,
}

impl Usage<'_> {
    /// Credits and calls of one month, `YYYY-MM`; the current one when `None` (contract §4.5). Spends nothing, so it
    /// also serves to try a key.
    pub async fn billing(&self, month: Option<&str>) -> Result<Answered<BillingResponse>, Error> {
        self.0.fetch(&self.billing_call(month)).await
    }

    /// [`Usage::billing`] with each client's figures by domain (contract §4.5).
    pub async fn billing_by_domain(
        &self,
        month: Option<&str>,
    ) -> Result<Answered<BillingResponse>, Error> {
        let call = self.billing_call(month).query(Some(("detail", "urls")));
        self.0.fetch(&call).await
    }

    /// Figures of this account (contract §4.4).
    pub async fn client_metrics(
        &self,
        query: &ClientMetricsQuery,
    ) -> Result<Answered<ClientMetrics>, Error> {
        let call = self
            .call("/sync/client-metrics")
            .query(query.date.as_deref().map(|date| ("date", date)))
            .query(query.hourly.then_some(("hourly", "true")))
            .query(query.by_domain.then_some(("detail", "urls")));
        self.0.fetch(&call).await
    }

    /// Figures of the whole service, in a form it does not document (contract §4.3); see
    /// [`numbers`](crate::types::numbers). `date` is `YYYY-MM-DD` or `YYYY-MM-DD:YYYY-MM-DD`; `metric` is `url`,
    /// `proxy`, `api_codes` or another word. Ordinary keys may be refused.
    pub async fn metrics(
        &self,
        date: Option<&str>,
        metric: Option<&str>,
    ) -> Result<Answered<Value>, Error> {
        let call = self
            .call("/sync/metrics")
            .query(date.map(|date| ("date", date)))
            .query(metric.map(|metric| ("metric", metric)));
        self.0.fetch(&call).await
    }

    fn billing_call(&self, month: Option<&str>) -> Call {
        self.call("/sync/billing")
            .query(month.map(|month| ("month", month)))
    }

    fn call(&self, path: &'static str) -> Call {
        Call::get(path, Effect::Reads, self.0.config().timeouts.read)
    }
}
