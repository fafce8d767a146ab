//! What a page loaded, in plain words.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use scrapingpros::types::NetworkRequest;

use super::{NetworkBody, NetworkFilter, NetworkPage, NetworkQuery, NetworkRow};

const MOST_ROWS: usize = 500;
const LARGEST_BODY: usize = 64 << 10;

/// One page of the calls, with how many there are of each kind.
pub fn network_page(calls: &[NetworkRequest], query: &NetworkQuery) -> NetworkPage {
    let find = query.find.trim().to_lowercase();
    let matching: Vec<(usize, &NetworkRequest)> = calls
        .iter()
        .enumerate()
        .filter(|(_, call)| query.kind == NetworkFilter::All || group(call) == query.kind)
        .filter(|(_, call)| find.is_empty() || address(call).to_lowercase().contains(&find))
        .collect();
    let in_group =
        |wanted: NetworkFilter| count(calls.iter().filter(|call| group(call) == wanted).count());
    let shown = matching
        .iter()
        .skip(query.offset as usize)
        .take(MOST_ROWS.min(query.limit as usize));
    NetworkPage {
        rows: shown.map(|(index, call)| row(*index, call)).collect(),
        matching: count(matching.len()),
        all: count(calls.len()),
        data: in_group(NetworkFilter::Data),
        images: in_group(NetworkFilter::Images),
        other: in_group(NetworkFilter::Other),
    }
}

/// The kept body of one call; `None` when none was kept.
pub fn network_body(call: &NetworkRequest) -> Option<NetworkBody> {
    let kept = call.body.as_deref()?;
    let content_type = call.content_type.clone().unwrap_or_default();
    let bytes = if is_base64(call) {
        STANDARD.decode(kept.trim()).unwrap_or_default()
    } else {
        kept.as_bytes().to_vec()
    };
    let cut = bytes.len() > LARGEST_BODY;
    let (text, binary) = match readable(&bytes) {
        Some(text) => (text, false),
        None => (
            format!("{} bytes that are not text ({content_type})", bytes.len()),
            true,
        ),
    };
    Some(NetworkBody {
        text,
        content_type,
        truncated: cut || call.body_truncated == Some(true),
        binary,
    })
}

fn row(index: usize, call: &NetworkRequest) -> NetworkRow {
    let status = call
        .status
        .and_then(|status| u32::try_from(status).ok())
        .unwrap_or_default();
    let (answer, failed) = answer(call, status);
    NetworkRow {
        index: count(index),
        address: address(call).to_owned(),
        method: call.method.clone().unwrap_or_else(|| "GET".into()),
        kind: kind(call).into(),
        answer: answer.into(),
        failed,
        status,
        content_type: call.content_type.clone().unwrap_or_default(),
        body_size: count(body_size(call)),
    }
}

fn address(call: &NetworkRequest) -> &str {
    call.url.as_deref().unwrap_or_default()
}

fn kind(call: &NetworkRequest) -> &'static str {
    match call
        .resource_type
        .as_deref()
        .unwrap_or_default()
        .to_lowercase()
        .as_str()
    {
        "document" => "Page",
        "xhr" | "fetch" | "websocket" | "eventsource" => "Data",
        "image" => "Image",
        "stylesheet" => "Style",
        "script" => "Script",
        "font" => "Font",
        "media" => "Media",
        _ => "Other",
    }
}

fn group(call: &NetworkRequest) -> NetworkFilter {
    match kind(call) {
        "Data" => NetworkFilter::Data,
        "Image" => NetworkFilter::Images,
        _ => NetworkFilter::Other,
    }
}

fn answer(call: &NetworkRequest, status: u32) -> (&'static str, bool) {
    match status {
        100..=299 => ("OK", false),
        304 => ("Unchanged", false),
        300..=399 => ("Moved", false),
        401 => ("Sign-in needed", true),
        404 | 410 => ("Not found", true),
        429 => ("Too many calls", true),
        400..=499 => ("Refused", true),
        500..=599 => ("Site problem", true),
        _ if was_skipped(call) => ("Skipped", false),
        _ => ("No answer", true),
    }
}

/// Left out on the person's wish: no status, and the reason says so.
fn was_skipped(call: &NetworkRequest) -> bool {
    let says_blocked = |text: &str| text.to_lowercase().contains("block");
    call.body_error.as_deref().is_some_and(says_blocked)
        || call.unknown.iter().any(|(name, value)| {
            (says_blocked(name) && value.as_bool() == Some(true))
                || value.as_str().is_some_and(says_blocked)
        })
}

fn body_size(call: &NetworkRequest) -> usize {
    let Some(body) = call.body.as_deref() else {
        return 0;
    };
    if !is_base64(call) {
        return body.len();
    }
    let padding = body
        .bytes()
        .rev()
        .take(2)
        .filter(|byte| *byte == b'=')
        .count();
    (body.len() / 4 * 3).saturating_sub(padding)
}

fn is_base64(call: &NetworkRequest) -> bool {
    call.body_encoding.as_deref() == Some("base64")
}

/// Text up to the limit; `None` for anything that a person can't read.
fn readable(bytes: &[u8]) -> Option<String> {
    let shown = &bytes[..bytes.len().min(LARGEST_BODY)];
    let text = match std::str::from_utf8(shown) {
        Ok(text) => text,
        // Only a character that the limit cut in two is forgiven.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&shown[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    (!text.contains('\0')).then(|| text.to_owned())
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
