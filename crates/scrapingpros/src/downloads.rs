//! `POST /v1/sync/download` (contract §4.2).

use crate::call::{Call, Effect};
use crate::types::{DownloadRequest, DownloadResponse};
use crate::{Answered, CallOptions, Client, Error};

/// Fetches files. See [`Client::downloads`].
#[derive(Debug)]
pub struct Downloads<'a>(pub(crate) &'a Client);

impl Downloads<'_> {
    /// Fetches one file. Spends credits, so it is repeated only when it surely never began. A 500 in the shape of a
    /// result is the final answer about the target, hence `Ok` without content.
    pub async fn create(
        &self,
        request: &DownloadRequest,
    ) -> Result<Answered<DownloadResponse>, Error> {
        self.create_with(request, &CallOptions::default()).await
    }

    /// [`Downloads::create`] with a longest wait, extra headers or a watcher of its own.
    pub async fn create_with(
        &self,
        request: &DownloadRequest,
        options: &CallOptions,
    ) -> Result<Answered<DownloadResponse>, Error> {
        let patience = self.0.config().timeouts.download;
        let call = Call {
            failure_is_result: true,
            ..Call::post("/sync/download", Effect::Spends, patience)
        }
        .json(request)?
        .with(options)?;
        self.0.fetch(&call).await
    }
}
