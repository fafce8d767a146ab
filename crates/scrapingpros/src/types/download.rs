//! `POST /v1/sync/download` (contract §4.2).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Map;

use super::{Proxy, lenient};

/// A file to fetch.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DownloadRequest {
    /// Direct address of the file.
    pub url: String,
    /// Through which proxy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_proxy: Option<Proxy>,
}

/// The file, or why there is none. The same five keys arrive with HTTP 500.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct DownloadResponse {
    /// Bytes, base64.
    pub content: Option<String>,
    /// MIME type.
    #[serde(rename = "contentType")]
    pub content_type: Option<String>,
    /// The target's HTTP status.
    #[serde(rename = "statusCode")]
    pub status_code: Option<i64>,
    /// The service's words.
    pub message: Option<String>,
    /// Seconds.
    #[serde(rename = "executionTime")]
    pub execution_time: Option<f64>,
}

impl DownloadResponse {
    /// The file's bytes. `None` when there are none or they are not base64.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        STANDARD.decode(self.content.as_deref()?.trim()).ok()
    }
}

impl<'de> Deserialize<'de> for DownloadResponse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut answer = Map::deserialize(deserializer)?;
        Ok(Self {
            content: lenient::take_text(&mut answer, "content"),
            content_type: lenient::take_content_type(&mut answer),
            status_code: lenient::take_whole(&mut answer, "statusCode"),
            message: lenient::take_text(&mut answer, "message"),
            execution_time: lenient::take(&mut answer, "executionTime"),
        })
    }
}
