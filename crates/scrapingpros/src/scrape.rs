//! `POST /v1/sync/scrape` (contract §4.1).

use std::time::Duration;

use crate::call::{Call, Effect};
use crate::types::{ScrapeRequest, ScrapeResponse};
use crate::{Answered, CallOptions, Client, Error};

/// Scrapes one page at a time. See [`Client::scrape`].
#[derive(Debug)]
pub struct Scrape<'a>(pub(crate) &'a Client);

impl Scrape<'_> {
    /// Scrapes one page; the result is in the answer. Spends credits, so it is repeated only when it surely never
    /// began (contract §4.1.7).
    ///
    /// A page that could not be scraped is `Ok`, in each of the forms the service has for it (contract §4.1.6, §9
    /// row 3): a 200 whose body says 500, a real 5xx that carries a result, a 200 with a bad verdict. Ask
    /// [`ScrapeResponse::verdict`].
    pub async fn create(&self, request: &ScrapeRequest) -> Result<Answered<ScrapeResponse>, Error> {
        self.create_with(request, &CallOptions::default()).await
    }

    /// [`Scrape::create`] with a longest wait, extra headers or a watcher of its own.
    pub async fn create_with(
        &self,
        request: &ScrapeRequest,
        options: &CallOptions,
    ) -> Result<Answered<ScrapeResponse>, Error> {
        let call = Call {
            failure_is_result: true,
            ..Call::post("/sync/scrape", Effect::Spends, self.patience(request))
        }
        .json(request)?
        .with(options)?;
        let mut answer: Answered<ScrapeResponse> = self.0.fetch(&call).await?;
        let result = &mut answer.value;
        result.url.get_or_insert_with(|| request.url.clone());
        if result.custom_id.is_none() {
            result.custom_id = request.custom_id.clone();
        }
        Ok(answer)
    }

    fn patience(&self, request: &ScrapeRequest) -> Duration {
        let timeouts = &self.0.config().timeouts;
        if request.retry_on_block {
            timeouts.retry_on_block
        } else if request.browser {
            timeouts.browser
        } else {
            timeouts.scrape
        }
    }
}
