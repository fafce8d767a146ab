//! The bytes of an answer: read up to a limit, then told apart as text (decoded to UTF-8) or a file.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};
use reqwest::Response;
use url::Url;

use crate::page::{PageBody, PageError};

/// The largest page or file, counted after decompression.
pub const MAX_MB: u64 = 50;
const MAX_BYTES: usize = 50 * 1024 * 1024;

/// A site may lie about the length of its answer.
const MAX_RESERVED: usize = 1024 * 1024;

/// How far a page's own declaration of its charset is searched for, as browsers do.
const META_WINDOW: usize = 1024;

pub enum ReadError {
    TooLarge,
    Broken(reqwest::Error),
}

impl ReadError {
    pub fn into_page_error(self, url: &Url) -> PageError {
        match self {
            Self::TooLarge => PageError::TooLarge { limit_mb: MAX_MB },
            Self::Broken(error) => super::page_error(url, &error),
        }
    }
}

pub async fn read(mut response: Response) -> Result<Vec<u8>, ReadError> {
    let told = response.content_length().unwrap_or_default();
    let mut bytes = Vec::with_capacity(usize::try_from(told).unwrap_or(0).min(MAX_RESERVED));
    while let Some(chunk) = response.chunk().await.map_err(ReadError::Broken)? {
        if bytes.len() + chunk.len() > MAX_BYTES {
            return Err(ReadError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// From bytes, sent MIME type and host to MIME type and body.
pub type Reading = fn(Vec<u8>, Option<&str>, &str) -> (Option<String>, PageBody);

/// The bytes themselves.
pub fn as_sent(bytes: Vec<u8>, sent_type: Option<&str>, _host: &str) -> (Option<String>, PageBody) {
    let sniffed = || infer::get(&bytes).map(|kind| kind.mime_type().to_owned());
    let mime = sent_type.map(str::to_owned).or_else(sniffed);
    (mime, PageBody::Bytes(bytes))
}

/// The MIME type, sniffed where the answer gave none, and the body in its form.
pub fn interpret(
    bytes: Vec<u8>,
    sent_type: Option<&str>,
    host: &str,
) -> (Option<String>, PageBody) {
    let sent = sent_type.map(|value| essence(value).to_owned());
    let sniffed = infer::get(&bytes).filter(|kind| kind.matcher_type() != infer::MatcherType::Text);
    let says_file = sent.as_deref().is_some_and(is_file_type);
    let says_nothing = sent.as_deref().is_none_or(is_vague_type);
    let is_file = says_file || sniffed.is_some() || (says_nothing && looks_binary(&bytes));

    if is_file {
        let sniffed = sniffed.map(|kind| kind.mime_type().to_owned());
        let mime = if says_file {
            sent_type.map(str::to_owned)
        } else {
            sniffed
        }
        .or_else(|| sent_type.map(str::to_owned))
        .unwrap_or_else(|| "application/octet-stream".into());
        return (Some(mime), PageBody::Bytes(bytes));
    }
    let sniffed_html =
        says_nothing && infer::get(&bytes).is_some_and(|kind| kind.mime_type() == "text/html");
    let text = decode(bytes, sent_type, host);
    let mime = if says_nothing {
        let looks_html = sniffed_html || text.trim_start().starts_with('<');
        Some(
            if looks_html {
                "text/html"
            } else {
                "text/plain"
            }
            .to_owned(),
        )
    } else {
        sent_type.map(str::to_owned)
    };
    (mime, PageBody::Text(text))
}

fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

fn is_vague_type(mime: &str) -> bool {
    [
        "",
        "application/octet-stream",
        "binary/octet-stream",
        "unknown/unknown",
    ]
    .iter()
    .any(|vague| mime.eq_ignore_ascii_case(vague))
}

fn is_file_type(mime: &str) -> bool {
    let mime = mime.to_ascii_lowercase();
    if is_vague_type(&mime) || ["xml", "json"].iter().any(|kind| mime.ends_with(kind)) {
        return false;
    }
    let family = mime.split('/').next().unwrap_or_default();
    match family {
        "image" | "audio" | "video" | "font" => true,
        "application" => ![
            "javascript",
            "ecmascript",
            "yaml",
            "sql",
            "graphql",
            "urlencoded",
            "jsonl",
            "ndjson",
        ]
        .iter()
        .any(|text| mime.contains(text)),
        _ => false,
    }
}

fn looks_binary(bytes: &[u8]) -> bool {
    Encoding::for_bom(bytes).is_none() && bytes.iter().take(4096).any(|byte| *byte == 0)
}

/// Byte order mark, header, the page's own declaration, UTF-8 if it is, else the best guess.
fn decode(bytes: Vec<u8>, content_type: Option<&str>, host: &str) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(&bytes) {
        return encoding.decode(&bytes).0.into_owned();
    }
    let declared = content_type
        .and_then(header_charset)
        .or_else(|| meta_charset(&bytes));
    // Most pages are what they say, and need no copy.
    let bytes = if declared.is_none_or(|declared| declared == UTF_8) {
        match String::from_utf8(bytes) {
            Ok(text) => return text,
            Err(error) => error.into_bytes(),
        }
    } else {
        bytes
    };
    let encoding = declared.unwrap_or_else(|| {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
        detector.feed(&bytes, true);
        let country = host.rsplit('.').next().map(str::as_bytes);
        let country = country.filter(|label| label.iter().all(u8::is_ascii_lowercase));
        detector.guess(country, Utf8Detection::Allow)
    });
    let (text, _) = encoding.decode_without_bom_handling(&bytes);
    match text {
        Cow::Borrowed(text) => text.to_owned(),
        Cow::Owned(text) => text,
    }
}

fn header_charset(content_type: &str) -> Option<&'static Encoding> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then_some(())?;
        Encoding::for_label(value.trim().trim_matches(['"', '\'']).as_bytes())
    })
}

/// `<meta charset>`, `<meta http-equiv>` or an XML declaration near the start. Such a page was readable
/// as ASCII so far, so a claim of UTF-16 can't be true.
fn meta_charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let start =
        String::from_utf8_lossy(bytes.get(..META_WINDOW).unwrap_or(bytes)).to_ascii_lowercase();
    let in_meta = start.match_indices("<meta").find_map(|(at, _)| {
        let tag = start.get(at..)?.split('>').next()?;
        label_after(tag, "charset")
    });
    let label = in_meta.or_else(|| {
        let declaration = start.strip_prefix("<?xml")?.split('>').next()?;
        label_after(declaration, "encoding")
    })?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    Some(if encoding.is_ascii_compatible() {
        encoding
    } else {
        UTF_8
    })
}

fn label_after<'a>(tag: &'a str, word: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(word)?;
    let value = rest.trim_start().strip_prefix('=')?.trim_start();
    let value = value.trim_start_matches(['"', '\'']);
    value
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '/'))
        .next()
        .filter(|label| !label.is_empty())
}
