//! The scheme that scraped pages and pictures are shown by. What it serves is hostile: each answer
//! carries a policy with `sandbox`, so that no script runs and no command is reached even if the page
//! were loaded as the window's own document.

use std::sync::Arc;

use scrapingpros_core::library::PreviewBody;
use scrapingpros_core::{Core, ErrorCode};
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager as _, UriSchemeContext, UriSchemeResponder, Wry};

/// `preview://localhost/{result}/{part}`
pub const SCHEME: &str = "preview";

const LOCKED: &str = "sandbox; default-src 'none'";

/// Answers one request of the preview scheme.
pub fn answer(
    context: UriSchemeContext<'_, Wry>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let core = context.app_handle().state::<Arc<Core>>().inner().clone();
    tauri::async_runtime::spawn(async move {
        let answer = match core.library.preview(request.uri().path()).await {
            Ok(body) => show(body),
            Err(error) if error.code == ErrorCode::NotFound => refuse(StatusCode::NOT_FOUND),
            Err(error) => {
                tracing::warn!("no preview: {error}");
                refuse(StatusCode::INTERNAL_SERVER_ERROR)
            }
        };
        responder.respond(answer);
    });
}

fn show(body: PreviewBody) -> Response<Vec<u8>> {
    respond(StatusCode::OK, &body.content_type, &body.policy, body.bytes)
}

fn refuse(status: StatusCode) -> Response<Vec<u8>> {
    respond(status, "text/plain", LOCKED, Vec::new())
}

fn respond(status: StatusCode, kind: &str, policy: &str, bytes: Vec<u8>) -> Response<Vec<u8>> {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, kind)
        .header(header::CONTENT_SECURITY_POLICY, policy)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::CACHE_CONTROL, "no-store")
        .body(bytes)
        .unwrap_or_else(|_| Response::new(Vec::new()))
}
