//! What a request asks of the browser, read once before the page opens.

use std::collections::HashSet;

use scrapingpros::types::{Action, HttpMethod, PostEncoding, ScrapeRequest};
use serde_json::Value;
use url::Url;

use crate::page::PageError;

use super::glob::Glob;

/// Set by the network stack itself, or by other means than a header.
const NOT_AS_HEADER: [&str; 9] = [
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "upgrade",
    "proxy-authorization",
    "user-agent",
    "accept-language",
    "cookie",
];

pub struct Plan {
    /// Where the navigation goes; for a POST with an address of its own, that one.
    pub url: Url,
    pub post: Option<Post>,
    /// Sent to the page's own host only.
    pub headers: Vec<(String, String)>,
    pub user_agent: Option<String>,
    pub language: Option<String>,
    pub cookies: Vec<(String, String)>,
    pub screen: Screen,
    pub capture: Option<Capture>,
    pub screenshot: bool,
    pub actions: Vec<Action>,
    blocked_kinds: HashSet<String>,
    blocked_parts: Vec<String>,
}

pub struct Post {
    pub body: Vec<u8>,
    pub content_type: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    Desktop,
    Mobile,
}

pub struct Capture {
    kinds: Option<HashSet<String>>,
    bodies: Option<Glob>,
    pub listen_ms: u64,
}

impl Plan {
    pub fn read(request: &ScrapeRequest) -> Result<Self, PageError> {
        let headers = request.headers.iter().flatten();
        let header = |wanted: &str| {
            headers
                .clone()
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
                .map(|(_, value)| value.clone())
        };
        let language = request
            .language
            .clone()
            .filter(|language| !language.is_empty());
        let (target, post) = target_and_post(request);
        Ok(Self {
            url: web_address(target)?,
            post,
            user_agent: header("user-agent"),
            language: language.or_else(|| header("accept-language")),
            cookies: cookies(request, header("cookie")),
            headers: headers
                .clone()
                .filter(|(name, _)| !NOT_AS_HEADER.contains(&name.to_ascii_lowercase().as_str()))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            screen: match request.window_size.as_deref() {
                Some("mobile") => Screen::Mobile,
                _ => Screen::Desktop,
            },
            capture: request.network_capture.as_ref().map(|capture| Capture {
                kinds: capture
                    .resource_types
                    .as_ref()
                    .map(|kinds| lower(kinds).collect()),
                bodies: capture.url_pattern.as_deref().map(Glob::new),
                listen_ms: capture.listen_after_load_ms.unwrap_or(0),
            }),
            screenshot: request.screenshot,
            actions: request.actions.clone().unwrap_or_default(),
            blocked_kinds: lower(request.block_resources.iter().flatten()).collect(),
            blocked_parts: lower(request.block_requests.iter().flatten())
                .filter(|part| !part.is_empty())
                .collect(),
        })
    }

    pub fn blocks(&self, url: &str, kind: &str) -> bool {
        self.blocked_kinds.contains(kind) || {
            let url = url.to_lowercase();
            self.blocked_parts.iter().any(|part| url.contains(part))
        }
    }

    /// One of the two is blocked and the other is not.
    pub fn tells_fetch_from_xhr(&self) -> bool {
        self.blocked_kinds.contains("fetch") != self.blocked_kinds.contains("xhr")
    }

    pub fn is_own_host(&self, url: &str) -> bool {
        Url::parse(url).is_ok_and(|url| url.host() == self.url.host())
    }
}

impl Capture {
    pub fn wants(&self, kind: &str) -> bool {
        self.kinds.as_ref().is_none_or(|kinds| kinds.contains(kind))
    }

    pub fn wants_body(&self, url: &str) -> bool {
        self.bodies.as_ref().is_some_and(|glob| glob.matches(url))
    }
}

/// The contract's word for one of the browser's resource types.
pub fn kind_of(resource_type: &str) -> &'static str {
    match resource_type {
        "Document" => "document",
        "XHR" => "xhr",
        "Fetch" => "fetch",
        "Script" => "script",
        "Stylesheet" => "stylesheet",
        "Image" => "image",
        "Font" => "font",
        "Media" => "media",
        _ => "other",
    }
}

fn lower<'a>(words: impl IntoIterator<Item = &'a String>) -> impl Iterator<Item = String> {
    words.into_iter().map(|word| word.trim().to_lowercase())
}

fn web_address(address: &str) -> Result<Url, PageError> {
    let refused = |reason, message| Err(PageError::Refused { reason, message });
    match Url::parse(address) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        Ok(url) => refused(
            "invalid_protocol",
            format!(
                "Only http and https pages can be opened, not {}:",
                url.scheme()
            ),
        ),
        Err(error) => refused(
            "malformed_url",
            format!("The address can't be read: {error}"),
        ),
    }
}

fn target_and_post(request: &ScrapeRequest) -> (&str, Option<Post>) {
    let Some(HttpMethod::Post {
        payload,
        url,
        content_type,
    }) = &request.http_method
    else {
        return (&request.url, None);
    };
    let post = match content_type.unwrap_or(PostEncoding::Json) {
        PostEncoding::Json => Post {
            body: if payload.is_null() {
                Vec::new()
            } else {
                payload.to_string().into_bytes()
            },
            content_type: "application/json",
        },
        PostEncoding::Form => Post {
            body: as_form(payload).into_bytes(),
            content_type: "application/x-www-form-urlencoded",
        },
    };
    (url.as_deref().unwrap_or(&request.url), Some(post))
}

/// A list under one name becomes the name several times, as a form with such fields sends it.
fn as_form(payload: &Value) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in payload.as_object().into_iter().flatten() {
        let values = value
            .as_array()
            .map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in values {
            form.append_pair(name, &plain(value));
        }
    }
    form.finish()
}

fn cookies(request: &ScrapeRequest, header: Option<String>) -> Vec<(String, String)> {
    let from_header = header.into_iter().flat_map(|header| {
        header
            .split(';')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .collect::<Vec<_>>()
    });
    let named = request.cookies.iter().flatten();
    from_header
        .chain(named.map(|(name, value)| (name.clone(), plain(value))))
        .collect()
}

/// As a person would write it.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plan(request: Value) -> Plan {
        Plan::read(&serde_json::from_value(request).unwrap()).unwrap()
    }

    #[test]
    fn a_form_repeats_the_name_of_a_list() {
        let form = as_form(&json!({"q": "a b&c", "size": [1, 2], "none": null, "yes": true}));
        assert_eq!(form, "q=a+b%26c&size=1&size=2&none=&yes=true");
    }

    #[test]
    fn post_goes_to_its_own_address() {
        let plan = plan(json!({
            "url": "https://shop.example/", "browser": true,
            "http_method": {"method": "post", "url": "https://api.example/x", "payload": [1]},
        }));
        assert_eq!(plan.url.as_str(), "https://api.example/x");
        assert_eq!(plan.post.unwrap().body, b"[1]", "json is the default");
    }

    #[test]
    fn blocking_knows_kinds_and_parts_of_addresses() {
        let plan = plan(json!({
            "url": "https://shop.example/", "block_resources": ["Image"], "block_requests": ["DoubleClick", ""],
        }));
        assert!(plan.blocks("https://a.example/x.png", "image"));
        assert!(plan.blocks("https://ad.doubleclick.net/x", "script"));
        assert!(
            !plan.blocks("https://a.example/x.js", "script"),
            "an empty part blocks nothing"
        );
    }

    #[test]
    fn cookies_of_every_scalar_and_of_the_header() {
        let plan = plan(json!({
            "url": "https://shop.example/", "cookies": {"n": 1, "b": true, "s": "x", "z": null},
            "headers": {"Cookie": "a=1; b2=2", "X-Test": "1", "Host": "evil.example"},
        }));
        let expected = [
            ("a", "1"),
            ("b2", "2"),
            ("n", "1"),
            ("b", "true"),
            ("s", "x"),
            ("z", ""),
        ];
        let got: Vec<_> = plan
            .cookies
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        assert_eq!(got, expected);
        assert_eq!(plan.headers, [("X-Test".to_owned(), "1".to_owned())]);
    }

    #[test]
    fn only_web_addresses_are_opened() {
        for (address, expected) in [
            ("file:///etc/passwd", "invalid_protocol"),
            ("javascript:alert(1)", "invalid_protocol"),
            ("no address", "malformed_url"),
        ] {
            let request = ScrapeRequest {
                url: address.into(),
                ..Default::default()
            };
            let Err(PageError::Refused { reason, .. }) = Plan::read(&request) else {
                panic!("{address} must be refused");
            };
            assert_eq!(reason, expected, "{address}");
        }
    }
}
