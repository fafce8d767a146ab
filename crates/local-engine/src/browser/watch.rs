//! Follows one page's events: writes down its traffic, and answers at once what would otherwise make
//! it wait (paused requests, dialogs, log-in prompts, new child frames and workers).

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chromiumoxide::cdp::browser_protocol::network::GetResponseBodyParams;
use chromiumoxide::cdp::browser_protocol::page::HandleJavaScriptDialogParams;
use chromiumoxide::cdp::js_protocol::runtime::RunIfWaitingForDebuggerParams;
use scrapingpros::types::NetworkRequest;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::guard::GuardProxy;

use super::cdp::{Cdp, Event, Events, Session};
use super::plan::{Plan, kind_of};
use super::tab;
use super::traffic::Traffic;

/// Longest kept part of a captured body.
const BODY_LIMIT: usize = 64 * 1024;

/// One page's watcher. Cheap to clone for work that goes on beside the events.
#[derive(Clone)]
pub struct Watcher {
    pub cdp: Cdp,
    pub page_session: String,
    pub main_frame: String,
    pub plan: Arc<Plan>,
    pub traffic: Arc<Traffic>,
    pub proxy: Arc<GuardProxy>,
    /// Where child frames and workers send their events too.
    pub events: mpsc::UnboundedSender<Event>,
    pub user_agent: Arc<tab::UserAgent>,
    pub posted: Arc<AtomicBool>,
}

impl Watcher {
    /// Until the page is closed.
    pub async fn follow(self, mut events: Events) {
        while let Some(event) = events.recv().await {
            self.see(&event);
        }
    }

    fn see(&self, event: &Event) {
        let Some(from) = &event.session else {
            return;
        };
        let session = self.cdp.session(from.clone());
        let is_page = *from == self.page_session;
        let params = &event.params;
        match event.method.as_str() {
            "Fetch.requestPaused" => self.paused(session, params, is_page),
            "Fetch.authRequired" => super::intercept::refuse_login(&session, params),
            "Network.requestWillBeSent" => self.request(params),
            "Network.responseReceived" => self.response(params),
            "Network.loadingFinished" => self.finished(session, text(&params["requestId"])),
            "Network.loadingFailed" => {
                let request = text(&params["requestId"]);
                self.traffic.write(|state| state.end(request));
            }
            "Page.javascriptDialogOpening" => {
                // Only "leave this page?" is answered with yes, for else the page would stay.
                let leave = params["type"] == "beforeunload";
                session.tell(HandleJavaScriptDialogParams::new(leave));
            }
            "Page.frameNavigated" if is_page && params["frame"]["id"] == *self.main_frame => {
                self.traffic.write(super::traffic::State::commit);
            }
            "Page.navigatedWithinDocument" if params["frameId"] == *self.main_frame => {
                self.traffic.write(|state| state.moves += 1);
            }
            "Page.loadEventFired" if is_page => self.traffic.write(|state| state.loaded = true),
            "Inspector.targetCrashed" if is_page => {
                self.traffic.write(|state| state.crashed = true);
            }
            "Target.attachedToTarget" => self.child(text(&params["sessionId"])),
            "Target.detachedFromTarget" => self.cdp.forget(text(&params["sessionId"])),
            _ => {}
        }
    }

    fn paused(&self, session: Session, params: &Value, is_page: bool) {
        let is_main = is_page
            && params["resourceType"] == "Document"
            && params["frameId"] == *self.main_frame;
        super::intercept::paused(self, session, params, is_main);
    }

    /// A child frame or worker waits until it is told the same as its page.
    fn child(&self, session: &str) {
        self.cdp
            .listen(&session.to_owned().into(), self.events.clone());
        let child = self.cdp.session(session);
        tab::watch_over(&child, &self.user_agent);
        child.tell(RunIfWaitingForDebuggerParams::default());
    }

    fn request(&self, params: &Value) {
        let request = text(&params["requestId"]);
        let url = text(&params["request"]["url"]);
        if !url.starts_with("http") {
            return;
        }
        let resource_type = text(&params["type"]);
        let is_main = resource_type == "Document" && params["frameId"] == *self.main_frame;
        let kind = kind_of(resource_type);
        let wanted = self
            .plan
            .capture
            .as_ref()
            .is_some_and(|capture| capture.wants(kind));
        self.traffic.write(|state| {
            if let (Some(call), redirect @ Value::Object(_)) =
                (state.call(request), &params["redirectResponse"])
            {
                answer(call, redirect);
            }
            if is_main {
                state.coming = Some(request.to_owned());
                url.clone_into(&mut state.latest_url);
            }
            if !is_endless(resource_type) {
                state.begin(request, kind);
            }
            if wanted {
                let call = NetworkRequest {
                    url: Some(url.to_owned()),
                    method: Some(text(&params["request"]["method"]).to_owned()),
                    resource_type: Some(kind.to_owned()),
                    ..NetworkRequest::default()
                };
                state.record(request, call);
            }
        });
    }

    fn response(&self, params: &Value) {
        let request = text(&params["requestId"]);
        let response = &params["response"];
        let is_main = params["type"] == "Document" && params["frameId"] == *self.main_frame;
        self.traffic.write(|state| {
            if let Some(call) = state.call(request) {
                answer(call, response);
            }
            if let (true, Some(document)) = (is_main, state.document.as_mut()) {
                document.sniffed = response["mimeType"]
                    .as_str()
                    .filter(|mime| !mime.is_empty())
                    .map(str::to_owned);
                document.request = Some(request.to_owned());
            }
        });
    }

    fn finished(&self, session: Session, request: &str) {
        let wanted = self.traffic.write(|state| {
            state.end(request);
            let place = state.place_of_call(request)?;
            let url = state.calls.get(place)?.url.as_deref()?;
            let capture = self.plan.capture.as_ref()?;
            if !capture.wants_body(url) {
                return None;
            }
            state.bodies_pending += 1;
            Some(place)
        });
        let Some(place) = wanted else {
            return;
        };
        // At once, for a page that moves on takes its bodies with it.
        let (traffic, request) = (self.traffic.clone(), request.to_owned());
        tokio::spawn(async move {
            let body = session.call(GetResponseBodyParams::new(request)).await;
            traffic.write(|state| {
                state.bodies_pending -= 1;
                let Some(call) = state.calls.get_mut(place) else {
                    return;
                };
                match body {
                    Ok(body) => keep_body(call, &body.body, body.base64_encoded),
                    Err(error) => {
                        tracing::debug!(%error, "no body");
                        call.body_error = Some("response_disposed".into());
                    }
                }
            });
        });
    }
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn answer(call: &mut NetworkRequest, response: &Value) {
    call.status = response["status"].as_i64();
    call.content_type = response["mimeType"]
        .as_str()
        .filter(|mime| !mime.is_empty())
        .map(str::to_owned);
}

/// Streams never end; nobody waits for them.
fn is_endless(resource_type: &str) -> bool {
    matches!(
        resource_type,
        "EventSource" | "WebSocket" | "Media" | "Ping" | "Prefetch" | "CSPViolationReport"
    )
}

fn keep_body(call: &mut NetworkRequest, body: &str, base64: bool) {
    let bytes = if base64 {
        STANDARD.decode(body).unwrap_or_default()
    } else {
        body.as_bytes().to_vec()
    };
    call.body_truncated = Some(bytes.len() > BODY_LIMIT);
    let kept = &bytes[..bytes.len().min(BODY_LIMIT)];
    if base64 {
        call.body = Some(STANDARD.encode(kept));
        call.body_encoding = Some("base64".into());
    } else {
        // A letter that the cut went through is left out.
        let end = (0..=kept.len()).rfind(|end| body.is_char_boundary(*end));
        let end = end.unwrap_or(0);
        call.body = Some(body[..end].to_owned());
        call.body_encoding = Some("utf-8".into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_body_is_cut_between_letters_and_says_so() {
        let mut call = NetworkRequest::default();
        keep_body(&mut call, &"ä".repeat(40_000), false);
        assert_eq!(call.body_truncated, Some(true));
        let odd = format!("x{}", "ä".repeat(40_000));
        keep_body(&mut call, &odd, false);
        let kept = call.body.unwrap();
        assert_eq!(kept.len(), BODY_LIMIT - 1, "half a letter is left out");
        assert_eq!(call.body_encoding.as_deref(), Some("utf-8"));
    }

    #[test]
    fn a_short_binary_body_stays_whole() {
        let mut call = NetworkRequest::default();
        keep_body(&mut call, "AAEC", true);
        assert_eq!(call.body.as_deref(), Some("AAEC"));
        assert_eq!(call.body_truncated, Some(false));
        assert_eq!(call.body_encoding.as_deref(), Some("base64"));
    }
}
