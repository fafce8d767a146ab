//! What happens to a paused request or answer: blocked, sent on with the request's own headers and
//! POST, or, when the main document is a file, read here instead of shown.

use std::sync::atomic::Ordering;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chromiumoxide::cdp::browser_protocol::fetch::{
    AuthChallengeResponse, AuthChallengeResponseResponse, ContinueRequestParams,
    ContinueWithAuthParams, FailRequestParams, FulfillRequestParams, HeaderEntry,
    TakeResponseBodyAsStreamParams,
};
use chromiumoxide::cdp::browser_protocol::io::{CloseParams, ReadParams, StreamHandle};
use chromiumoxide::cdp::browser_protocol::network::ErrorReason;
use chromiumoxide::types::Binary;
use serde_json::Value;

use crate::page::PageError;

use super::cdp::{CdpError, Session};
use super::file::{self, Shape};
use super::plan::kind_of;
use super::traffic::Document;
use super::watch::{Watcher, text};

/// What a page or file may have.
pub const LIMIT_MB: u64 = 50;
const CHUNK: i64 = 1024 * 1024;
/// How long the browser's word that a request began may lag behind its pause.
const ANNOUNCEMENT: Duration = Duration::from_millis(500);

pub fn paused(watcher: &Watcher, session: Session, params: &Value, is_main: bool) {
    let is_answer =
        params["responseStatusCode"].is_i64() || params["responseErrorReason"].is_string();
    match (is_answer, is_main) {
        (false, false) if is_ambiguous(watcher, params) => {
            on_request_once_begun(watcher.clone(), session, params.clone());
        }
        (false, _) => on_request(watcher, &session, params, is_main),
        (true, true) => on_main_answer(watcher, session, params),
        (true, false) => go_on(&session, params),
    }
}

/// A log-in prompt would wait for a person; without one the page's own 401 arrives.
pub fn refuse_login(session: &Session, params: &Value) {
    session.tell(ContinueWithAuthParams::new(
        id(params),
        AuthChallengeResponse::new(AuthChallengeResponseResponse::CancelAuth),
    ));
}

/// A paused fetch is called XHR; what it really is is said when it begins, on another channel that
/// may be a moment behind. Only where the two are treated differently is it worth the wait.
fn is_ambiguous(watcher: &Watcher, params: &Value) -> bool {
    let begun = text(&params["networkId"]);
    watcher.plan.tells_fetch_from_xhr()
        && params["resourceType"] == "XHR"
        && watcher
            .traffic
            .read(|state| state.kind_under_way(begun).is_none())
}

fn on_request_once_begun(watcher: Watcher, session: Session, params: Value) {
    tokio::spawn(async move {
        let request = text(&params["networkId"]);
        let begun = watcher
            .traffic
            .until(|state| state.kind_under_way(request).is_some());
        tokio::time::timeout(ANNOUNCEMENT, begun).await.ok();
        on_request(&watcher, &session, &params, false);
    });
}

fn on_request(watcher: &Watcher, session: &Session, params: &Value, is_main: bool) {
    let plan = &watcher.plan;
    let url = text(&params["request"]["url"]);
    let begun = text(&params["networkId"]);
    let kind = watcher
        .traffic
        .read(|state| state.kind_under_way(begun))
        .unwrap_or_else(|| kind_of(text(&params["resourceType"])));
    if !is_main && plan.blocks(url, kind) {
        return fail(session, params, ErrorReason::BlockedByClient);
    }
    let mut onward = ContinueRequestParams::new(id(params));
    let mut headers = Vec::new();
    if plan.is_own_host(url) {
        headers.clone_from(&plan.headers);
    }
    // The first document is what is posted for; what the answer leads to is fetched as usual.
    if is_main
        && let Some(post) = &plan.post
        && !watcher.posted.swap(true, Ordering::Relaxed)
    {
        onward.method = Some("POST".into());
        onward.post_data = Some(Binary::from(STANDARD.encode(&post.body)));
        if !headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        {
            headers.push(("Content-Type".into(), post.content_type.into()));
        }
    }
    if !headers.is_empty() {
        onward.headers = Some(merged(&params["request"]["headers"], headers));
    }
    session.tell(onward);
}

fn merged(own: &Value, added: Vec<(String, String)>) -> Vec<HeaderEntry> {
    let is_replaced = |name: &str| {
        added
            .iter()
            .any(|(added, _)| added.eq_ignore_ascii_case(name))
    };
    let kept: Vec<_> = own
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| !is_replaced(name))
        .map(|(name, value)| HeaderEntry::new(name.clone(), text(value)))
        .collect();
    let added = added
        .into_iter()
        .map(|(name, value)| HeaderEntry::new(name, value));
    kept.into_iter().chain(added).collect()
}

fn on_main_answer(watcher: &Watcher, session: Session, params: &Value) {
    let status = params["responseStatusCode"].as_i64().unwrap_or(0);
    let document = Document {
        url: text(&params["request"]["url"]).to_owned(),
        status: u16::try_from(status).unwrap_or(0),
        headers: headers_of(params),
        sniffed: None,
        request: None,
    };
    let is_redirect = (300..400).contains(&status) && document.header("location").is_some();
    if params["responseErrorReason"].is_string() || is_redirect {
        return go_on(&session, params);
    }
    if document.header("x-guard-reason").is_some()
        && let Some(reason) = super::load::guard_reason(&watcher.proxy, &document.url)
    {
        watcher.traffic.write(|state| state.failure = Some(reason));
        return fail(&session, params, ErrorReason::Aborted);
    }
    let shape = file::shape_of(
        document.content_type(),
        document.header("content-disposition"),
    );
    watcher.traffic.write(|state| {
        state.file = None;
        state.document = Some(document.clone());
    });
    if shape == Shape::Page {
        return go_on(&session, params);
    }
    let (traffic, params) = (watcher.traffic.clone(), params.clone());
    let shows_pictures = watcher.plan.screenshot;
    tokio::spawn(async move {
        let read = match read_body(&session, &params).await {
            Ok(bytes) => bytes,
            Err(failure) => {
                traffic.write(|state| state.failure = Some(failure));
                return fail(&session, &params, ErrorReason::Aborted);
            }
        };
        let sniffed = infer::get(&read).map(|kind| kind.mime_type());
        if shape == Shape::Unknown && sniffed.is_none() {
            return show(&session, &params, &document, &read);
        }
        let is_picture = document
            .content_type()
            .or(sniffed)
            .is_some_and(|mime| mime.starts_with("image/"));
        let bytes = read.clone();
        traffic.write(|state| {
            state.file = Some(bytes);
            if let (Some(document), Some(mime)) = (state.document.as_mut(), sniffed) {
                document.sniffed = Some(mime.to_owned());
            }
        });
        if is_picture && shows_pictures {
            return show(&session, &params, &document, &read);
        }
        fail(&session, &params, ErrorReason::Aborted);
    });
}

fn headers_of(params: &Value) -> Vec<(String, String)> {
    params["responseHeaders"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|header| {
            (
                text(&header["name"]).to_lowercase(),
                text(&header["value"]).to_owned(),
            )
        })
        .collect()
}

async fn read_body(session: &Session, params: &Value) -> Result<Vec<u8>, PageError> {
    let taken = session
        .call(TakeResponseBodyAsStreamParams::new(id(params)))
        .await?;
    let mut body = Vec::new();
    loop {
        let (chunk, is_last) = read_chunk(session, &taken.stream).await?;
        body.extend_from_slice(&chunk);
        if body.len() as u64 > LIMIT_MB * 1024 * 1024 {
            session.tell(CloseParams::new(taken.stream));
            return Err(PageError::TooLarge { limit_mb: LIMIT_MB });
        }
        if is_last {
            session.tell(CloseParams::new(taken.stream));
            return Ok(body);
        }
    }
}

async fn read_chunk(session: &Session, stream: &StreamHandle) -> Result<(Vec<u8>, bool), CdpError> {
    let mut read = ReadParams::new(stream.clone());
    read.size = Some(CHUNK);
    let read = session.call(read).await?;
    let bytes = if read.base64_encoded.unwrap_or(false) {
        STANDARD.decode(&read.data).unwrap_or_default()
    } else {
        read.data.into_bytes()
    };
    Ok((bytes, read.eof))
}

/// The answer as it came, for its stream can be read only once. The bytes are no longer compressed.
fn show(session: &Session, params: &Value, document: &Document, body: &[u8]) {
    let mut answer = FulfillRequestParams::new(id(params), i64::from(document.status));
    let headers = document.headers.iter();
    answer.response_headers = Some(
        headers
            .filter(|(name, _)| !matches!(name.as_str(), "content-encoding" | "content-length"))
            .map(|(name, value)| HeaderEntry::new(name.clone(), value.clone()))
            .collect(),
    );
    answer.body = Some(Binary::from(STANDARD.encode(body)));
    session.tell(answer);
}

fn id(params: &Value) -> String {
    text(&params["requestId"]).to_owned()
}

fn go_on(session: &Session, params: &Value) {
    session.tell(ContinueRequestParams::new(id(params)));
}

fn fail(session: &Session, params: &Value, reason: ErrorReason) {
    session.tell(FailRequestParams::new(id(params), reason));
}
