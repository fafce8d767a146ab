//! How a simple request introduces itself: as an ordinary browser of the chosen window size.

use reqwest::header::{self, HeaderMap, HeaderValue};
use scrapingpros::types::ScrapeRequest;

const DESKTOP: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
const MOBILE: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36";
const ACCEPT: &str =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

pub fn headers(request: &ScrapeRequest) -> HeaderMap {
    let agent = match request.window_size.as_deref() {
        Some("mobile") => MOBILE,
        _ => DESKTOP,
    };
    HeaderMap::from_iter([
        (header::USER_AGENT, HeaderValue::from_static(agent)),
        (header::ACCEPT, HeaderValue::from_static(ACCEPT)),
        (
            header::ACCEPT_LANGUAGE,
            accept_language(request.language.as_deref()),
        ),
        (
            header::UPGRADE_INSECURE_REQUESTS,
            HeaderValue::from_static("1"),
        ),
    ])
}

/// `es-AR` becomes `es-AR,es;q=0.9`, as browsers write it.
fn accept_language(language: Option<&str>) -> HeaderValue {
    let language = language.unwrap_or_default().trim();
    let value = match language.split_once('-') {
        Some((base, _)) if !language.contains([',', ';']) => format!("{language},{base};q=0.9"),
        _ => language.to_owned(),
    };
    HeaderValue::from_str(&value)
        .ok()
        .filter(|value| !value.is_empty())
        .unwrap_or(HeaderValue::from_static("en-US,en;q=0.9"))
}
