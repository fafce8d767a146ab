//! What is taken from the page in the end: its HTML or file, its cookies, its calls.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chromiumoxide::cdp::browser_protocol::network::{GetCookiesParams, GetResponseBodyParams};
use scrapingpros::types::NetworkRequest;
use serde_json::{Map, Value};

use crate::page::{PageBody, PageError};

use super::cdp::CdpError;
use super::file;
use super::intercept::LIMIT_MB;
use super::load::{LOAD_LIMIT, REST_LIMIT};
use super::script;
use super::tab::Tab;
use super::traffic::Document;
use super::watch::text;

/// All captured bodies together get this long.
const BODY_BUDGET: Duration = Duration::from_secs(5);
/// A page that goes on moving is not followed further.
const MOST_TRIES: u32 = 3;

pub struct Html {
    pub url: String,
    pub html: String,
}

/// The document as it is now.
pub async fn html(tab: &Tab) -> Result<Html, PageError> {
    let limit = LIMIT_MB * 1024 * 1024;
    let question = format!(
        "(() => {{
          const type = document.doctype ? new XMLSerializer().serializeToString(document.doctype) + '\\n' : '';
          const html = type + (document.documentElement?.outerHTML ?? '');
          return {{ url: location.href, html: html.length > {limit} ? null : html }};
        }})()"
    );
    let mut tries = 0;
    let read = loop {
        match script::read(&tab.page, &question).await {
            Err(CdpError::Refused { .. }) if tries < MOST_TRIES => {
                tries += 1;
                tab.traffic.settle(LOAD_LIMIT, REST_LIMIT).await;
            }
            read => break read?,
        }
    };
    let html = read["html"].as_str().map(str::to_owned);
    let html = html
        .filter(|html| html.len() as u64 <= limit)
        .ok_or(PageError::TooLarge { limit_mb: LIMIT_MB })?;
    Ok(Html {
        url: text(&read["url"]).to_owned(),
        html,
    })
}

/// The file that came instead of a page, or the page; and the address it has by now.
pub async fn body(tab: &Tab, document: &Document) -> Result<(String, PageBody), PageError> {
    if let Some(bytes) = tab.traffic.write(|state| state.file.take()) {
        let is_text = document.content_type().is_some_and(file::is_text);
        let body = match String::from_utf8(bytes) {
            Ok(text) if is_text => PageBody::Text(text),
            Ok(text) => PageBody::Bytes(text.into_bytes()),
            Err(other) => PageBody::Bytes(other.into_bytes()),
        };
        return Ok((document.url.clone(), body));
    }
    let is_html = document.content_type().is_none_or(file::is_html);
    if !is_html && let Some(sent) = as_sent(tab, document).await {
        return Ok((document.url.clone(), PageBody::Text(sent)));
    }
    let page = html(tab).await?;
    // Chrome's own page for an answer without a body says nothing of the site's.
    if !page.url.starts_with("http") {
        return Ok((document.url.clone(), PageBody::default()));
    }
    Ok((page.url, PageBody::Text(page.html)))
}

/// JSON, CSV and the like: the text itself rather than the browser's view of it.
async fn as_sent(tab: &Tab, document: &Document) -> Option<String> {
    let request = document.request.clone()?;
    let sent = tab
        .page
        .call(GetResponseBodyParams::new(request))
        .await
        .ok()?;
    if !sent.base64_encoded {
        return Some(sent.body);
    }
    String::from_utf8(STANDARD.decode(sent.body).ok()?).ok()
}

pub async fn cookies(tab: &Tab, address: &str) -> Result<Map<String, Value>, PageError> {
    let asked = GetCookiesParams {
        urls: Some(vec![address.to_owned()]),
    };
    let answer = tab.page.call_for_value(asked).await?;
    let cookies = answer["cookies"].as_array().into_iter().flatten();
    Ok(cookies
        .map(|cookie| (text(&cookie["name"]).to_owned(), cookie["value"].clone()))
        .collect())
}

/// The calls so far, with the bodies that arrived in time.
pub async fn calls(tab: &Tab, wants_body: impl Fn(&str) -> bool) -> Vec<NetworkRequest> {
    let arrived = tab.traffic.until(|state| state.bodies_pending == 0);
    let in_time = tokio::time::timeout(BODY_BUDGET, arrived).await.is_ok();
    let mut calls = tab.traffic.read(|state| state.calls.clone());
    if !in_time {
        let waiting = calls.iter_mut().filter(|call| {
            let wanted = call.url.as_deref().is_some_and(&wants_body);
            wanted && call.status.is_some() && call.body.is_none() && call.body_error.is_none()
        });
        waiting.for_each(|call| call.body_error = Some("global_timeout_5s".into()));
    }
    calls
}
