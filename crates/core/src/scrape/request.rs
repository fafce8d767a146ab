//! From the form to the wire: every field checked, every problem named by its path in the form.

use std::collections::{BTreeMap, HashSet};
use std::ops::RangeInclusive;

use scrapingpros::types::{
    Extract, ExtractRule, Format, HttpMethod, NetworkCapture, PostEncoding, Proxy, ScrapeRequest,
};
use serde_json::{Map, Value};

use super::address::read_address;
use super::selector;
use super::steps::actions;
use super::{FieldForm, FormFormat, FormMethod, FormWindow, PairForm, ScrapeForm};
use crate::FieldProblem;

/// What can be left out of a page.
const RESOURCES: [&str; 7] = [
    "image",
    "stylesheet",
    "font",
    "media",
    "script",
    "xhr",
    "fetch",
];

/// The form as it is sent, or all that must be changed first.
pub fn request_from_form(
    form: &ScrapeForm,
    allowed_hosts: &[String],
) -> Result<ScrapeRequest, Vec<FieldProblem>> {
    let mut problems = Problems::default();
    let url = match read_address(&form.address, allowed_hosts) {
        Ok(url) => url.into(),
        Err(message) => {
            problems.add("address", message);
            String::new()
        }
    };
    browser_only(form, &mut problems);
    let request = ScrapeRequest {
        url,
        format: Some(match form.format {
            FormFormat::Html => Format::Html,
            FormFormat::Markdown => Format::Markdown,
        }),
        browser: form.browser,
        use_proxy: location(&form.location, &mut problems),
        screenshot: form.screenshot,
        actions: not_empty(actions(&form.steps, "steps", &mut problems)),
        language: language(&form.language, &mut problems),
        http_method: http_method(form, &mut problems),
        headers: headers(&form.headers, &mut problems),
        window_size: window_size(form.window_size),
        cookies: cookies(&form.cookies, &mut problems),
        extract: extract(&form.extract, "extract", &mut problems),
        network_capture: form.record_network.then(|| NetworkCapture {
            url_pattern: text(&form.network_pattern),
            ..NetworkCapture::default()
        }),
        retry_on_block: form.retry_on_block,
        block_resources: not_empty(block_resources(&form.block_resources, &mut problems)),
        block_requests: not_empty(form.block_requests.iter().filter_map(|t| text(t)).collect()),
        ..ScrapeRequest::default()
    };
    if problems.0.is_empty() {
        Ok(request)
    } else {
        Err(problems.0)
    }
}

/// Collects what must be changed.
#[derive(Default)]
pub(super) struct Problems(Vec<FieldProblem>);

impl Problems {
    pub(super) fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldProblem::new(field, message));
    }
}

/// Trimmed; none when nothing is left.
pub(super) fn text(typed: &str) -> Option<String> {
    let typed = typed.trim();
    (!typed.is_empty()).then(|| typed.to_owned())
}

/// Rows that were begun, as the wire has them.
pub(super) fn extract(rows: &[FieldForm], path: &str, problems: &mut Problems) -> Option<Extract> {
    let mut names = HashSet::new();
    let mut rules = Vec::new();
    for (row, field) in rows.iter().enumerate() {
        let name = text(&field.name);
        let attribute = text(&field.attribute);
        let selector = selector::to_wire(&field.selector);
        if name.is_none() && attribute.is_none() && field.selector.trim().is_empty() {
            continue;
        }
        match &name {
            None => problems.add(format!("{path}.{row}.name"), "Give this column a name."),
            Some(name) if !names.insert(name.clone()) => problems.add(
                format!("{path}.{row}.name"),
                format!("There are two columns named “{name}”. Rename one."),
            ),
            Some(_) => {}
        }
        if selector.is_none() {
            problems.add(
                format!("{path}.{row}.selector"),
                "Say where on the page this column is.",
            );
        }
        if let (Some(name), Some(selector)) = (name, selector) {
            let multiple = field.multiple;
            rules.push((
                name,
                ExtractRule {
                    selector,
                    multiple,
                    attribute,
                },
            ));
        }
    }
    (!rules.is_empty()).then(|| rules.into_iter().collect())
}

fn browser_only(form: &ScrapeForm, problems: &mut Problems) {
    if form.browser {
        return;
    }
    let asked = |list: &[String]| list.iter().any(|entry| !entry.trim().is_empty());
    for (field, is_asked, message) in [
        (
            "screenshot",
            form.screenshot,
            "A screenshot needs a real browser.",
        ),
        (
            "steps",
            !form.steps.is_empty(),
            "Steps need a real browser.",
        ),
        (
            "record_network",
            form.record_network,
            "Recording what the page loads needs a real browser.",
        ),
        (
            "block_resources",
            asked(&form.block_resources),
            "Leaving out parts of the page needs a real browser.",
        ),
        (
            "block_requests",
            asked(&form.block_requests),
            "Leaving out addresses needs a real browser.",
        ),
    ] {
        if is_asked {
            problems.add(field, message);
        }
    }
}

fn location(typed: &str, problems: &mut Problems) -> Option<Proxy> {
    let code = text(typed)?;
    if code.eq_ignore_ascii_case("any") {
        return Some(Proxy::Code("any".into()));
    }
    let code = code.to_ascii_uppercase();
    if isocountry::CountryCode::for_alpha2(&code).is_err() {
        problems.add("location", "Choose a country from the list.");
        return None;
    }
    Some(Proxy::Code(code))
}

/// A language tag such as `es`, `es-AR` or `zh-Hant-TW`.
fn language(typed: &str, problems: &mut Problems) -> Option<String> {
    let tag = text(typed)?;
    let mut parts = tag.split('-');
    let primary = parts.next().is_some_and(|part| is_part(part, 2..=3, false));
    if !primary || !parts.all(|part| is_part(part, 1..=8, true)) {
        problems.add("language", "Enter a language like es or es-AR.");
        return None;
    }
    Some(tag)
}

fn is_part(part: &str, length: RangeInclusive<usize>, digits: bool) -> bool {
    let fits = |letter: u8| letter.is_ascii_alphabetic() || (digits && letter.is_ascii_digit());
    length.contains(&part.len()) && part.bytes().all(fits)
}

fn window_size(size: FormWindow) -> Option<String> {
    match size {
        FormWindow::Default => None,
        FormWindow::Desktop => Some("desktop".into()),
        FormWindow::Mobile => Some("mobile".into()),
        FormWindow::Any => Some("any".into()),
    }
}

fn headers(rows: &[PairForm], problems: &mut Problems) -> Option<BTreeMap<String, String>> {
    let mut seen = HashSet::new();
    let mut headers = BTreeMap::new();
    for (row, name, value) in begun(rows, "headers", problems) {
        if !name.bytes().all(is_token) {
            problems.add(
                format!("headers.{row}.name"),
                "A header name holds only letters, digits and signs like - and _.",
            );
        } else if !seen.insert(name.to_ascii_lowercase()) {
            problems.add(
                format!("headers.{row}.name"),
                format!("There are two headers named “{name}”. Remove one."),
            );
        }
        if value.chars().any(char::is_control) {
            problems.add(
                format!("headers.{row}.value"),
                "A header value must stand on one line.",
            );
        }
        headers.insert(name, value);
    }
    (!headers.is_empty()).then_some(headers)
}

fn cookies(rows: &[PairForm], problems: &mut Problems) -> Option<Map<String, Value>> {
    let mut cookies = Map::new();
    for (row, name, value) in begun(rows, "cookies", problems) {
        if !name.bytes().all(is_token) {
            problems.add(
                format!("cookies.{row}.name"),
                "A cookie name holds only letters, digits and signs like - and _.",
            );
        }
        if value.contains(|letter: char| letter == ';' || letter.is_control()) {
            problems.add(
                format!("cookies.{row}.value"),
                "A cookie value holds no semicolon and no line break.",
            );
        }
        if cookies.insert(name.clone(), value.into()).is_some() {
            problems.add(
                format!("cookies.{row}.name"),
                format!("There are two cookies named “{name}”. Remove one."),
            );
        }
    }
    (!cookies.is_empty()).then_some(cookies)
}

/// Rows with a name; one with only a value is a problem, an empty one is nothing.
fn begun(rows: &[PairForm], path: &str, problems: &mut Problems) -> Vec<(usize, String, String)> {
    let mut named = Vec::new();
    for (row, pair) in rows.iter().enumerate() {
        let value = pair.value.trim();
        match text(&pair.name) {
            Some(name) => named.push((row, name, value.to_owned())),
            None if value.is_empty() => {}
            None => problems.add(format!("{path}.{row}.name"), "Give this value a name."),
        }
    }
    named
}

/// RFC 9110 token.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn http_method(form: &ScrapeForm, problems: &mut Problems) -> Option<HttpMethod> {
    let (payload, encoding) = match form.method {
        FormMethod::Get => return None,
        FormMethod::PostForm => (post_fields(&form.post_fields, problems), PostEncoding::Form),
        FormMethod::PostJson => (post_json(&form.post_json, problems), PostEncoding::Json),
    };
    Some(HttpMethod::Post {
        payload,
        url: None,
        content_type: Some(encoding),
    })
}

fn post_fields(rows: &[PairForm], problems: &mut Problems) -> Value {
    let mut fields = Map::new();
    for (row, name, _) in begun(rows, "post_fields", problems) {
        // As typed: spaces may matter to the form.
        let value = rows[row].value.clone();
        if fields.insert(name.clone(), value.into()).is_some() {
            problems.add(
                format!("post_fields.{row}.name"),
                format!("There are two entries named “{name}”. Remove one."),
            );
        }
    }
    Value::Object(fields)
}

fn post_json(typed: &str, problems: &mut Problems) -> Value {
    if typed.trim().is_empty() {
        return Value::Null;
    }
    match serde_json::from_str(typed) {
        Ok(value @ (Value::Object(_) | Value::Array(_) | Value::Null)) => return value,
        Ok(Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            problems.add("post_json", "The JSON must start with { or [.");
        }
        Err(error) => problems.add(
            "post_json",
            format!(
                "This is not JSON: look at line {}, letter {}.",
                error.line(),
                error.column()
            ),
        ),
    }
    Value::Null
}

fn block_resources(kinds: &[String], problems: &mut Problems) -> Vec<String> {
    let mut blocked: Vec<String> = Vec::new();
    for (row, kind) in kinds.iter().enumerate() {
        let kind = kind.trim().to_lowercase();
        if kind.is_empty() || blocked.contains(&kind) {
            continue;
        }
        if !RESOURCES.contains(&kind.as_str()) {
            problems.add(
                format!("block_resources.{row}"),
                format!("“{kind}” is no kind of content that can be left out."),
            );
        }
        blocked.push(kind);
    }
    blocked
}

fn not_empty<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}
