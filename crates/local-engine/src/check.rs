//! What is wrong with a request, found before anything is spent. Problems name their place as
//! FastAPI does: `["body", "actions", 2, "selector"]`.

use scrapingpros::types::{Action, Condition, HttpMethod, ScrapeRequest};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use crate::extract;
use crate::page::PageError;

const MAX_CUSTOM_ID: usize = 255;
const WINDOW_SIZES: [&str; 4] = ["", "desktop", "mobile", "any"];
const RESOURCES: [&str; 8] = [
    "image",
    "stylesheet",
    "font",
    "media",
    "script",
    "document",
    "xhr",
    "fetch",
];

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Problem {
    pub loc: Vec<Value>,
    pub msg: String,
    /// Pydantic's code.
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// Why a request is not worked off.
#[derive(Debug, Clone, PartialEq)]
pub enum Rejection {
    Invalid(Vec<Problem>),
    /// A country for which no proxy was entered.
    CountryProxy,
    /// The guard's word on the address.
    Blocked(String),
}

impl From<Problem> for Rejection {
    fn from(problem: Problem) -> Self {
        Self::Invalid(vec![problem])
    }
}

/// Reads a JSON body; the problem names the field.
pub fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Rejection> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let value =
        serde_path_to_error::deserialize(&mut json).map_err(|error| parse_problem(&error))?;
    json.end()
        .map_err(|error| problem(json!(["body"]), error.to_string(), "json_invalid"))?;
    Ok(value)
}

/// Everything about a scrape that can be known without opening the page, but for its proxy.
pub fn scrape(request: &ScrapeRequest) -> Result<(), Rejection> {
    address(&request.url, json!(["body", "url"]))?;
    if let Some(HttpMethod::Post { url: Some(url), .. }) = &request.http_method {
        address(url, json!(["body", "http_method", "url"]))?;
    }

    let mut problems = Vec::new();
    words(request, &mut problems);
    browser_parts(request, &mut problems);
    headers_and_cookies(request, &mut problems);
    if let Some(wanted) = &request.extract
        && let Err(error) = extract::check(wanted)
    {
        problems.extend(selector_problem(&error));
    }
    for (index, action) in request.actions.iter().flatten().enumerate() {
        step(
            action,
            &[json!("body"), json!("actions"), json!(index)],
            &mut problems,
        );
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Rejection::Invalid(problems))
    }
}

/// An http or https address. Another scheme is the guard's business: it is blocked, not invalid.
pub fn address(url: &str, loc: Value) -> Result<(), Rejection> {
    if url.trim().is_empty() {
        return Err(problem(loc, "The address is empty", "string_too_short").into());
    }
    match Url::parse(url.trim()) {
        Ok(url) if url.scheme() == "http" || url.scheme() == "https" => Ok(()),
        Ok(url) => Err(Rejection::Blocked(format!(
            "Only http and https pages can be opened, not {}:",
            url.scheme()
        ))),
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            let msg = "The address must start with http:// or https://";
            Err(problem(loc, msg, "url_parsing").into())
        }
        Err(error) => Err(problem(
            loc,
            format!("The address can't be read: {error}"),
            "url_parsing",
        )
        .into()),
    }
}

/// The place of a selector that turned out wrong while the page was open.
pub fn selector_problem(error: &PageError) -> Option<Problem> {
    let PageError::InvalidSelector { field, message } = error else {
        return None;
    };
    let mut loc = vec![json!("body")];
    if let Some(name) = field.strip_prefix("extract.") {
        loc.extend([json!("extract"), json!(name)]);
    } else if let Some(index) = field.strip_prefix("step ") {
        // `step 3.1` is the second step inside the fourth.
        for number in index.split('.').filter_map(|part| part.parse::<u64>().ok()) {
            loc.extend([json!("actions"), json!(number)]);
        }
        loc.push(json!("selector"));
    } else {
        loc.extend(
            field
                .split('.')
                .map(|part| part.parse::<u64>().map_or(json!(part), Value::from)),
        );
    }
    Some(problem(Value::Array(loc), message, "value_error"))
}

fn words(request: &ScrapeRequest, problems: &mut Vec<Problem>) {
    let length = request
        .custom_id
        .as_ref()
        .map_or(0, |id| id.chars().count());
    if length > MAX_CUSTOM_ID {
        problems.push(problem(
            json!(["body", "custom_id"]),
            "String should have at most 255 characters",
            "string_too_long",
        ));
    }
    let size = request.window_size.as_deref().unwrap_or_default();
    if !WINDOW_SIZES.contains(&size) {
        problems.push(problem(
            json!(["body", "window_size"]),
            "Input should be 'desktop', 'mobile' or 'any'",
            "literal_error",
        ));
    }
    for (index, kind) in request.block_resources.iter().flatten().enumerate() {
        if !RESOURCES.contains(&kind.as_str()) {
            problems.push(problem(
                json!(["body", "block_resources", index]),
                format!("Input should be one of {}", RESOURCES.join(", ")),
                "literal_error",
            ));
        }
    }
}

fn browser_parts(request: &ScrapeRequest, problems: &mut Vec<Problem>) {
    if request.browser {
        return;
    }
    let filled = |list: &Option<Vec<String>>| list.as_ref().is_some_and(|list| !list.is_empty());
    let parts = [
        ("screenshot", request.screenshot),
        (
            "actions",
            request
                .actions
                .as_ref()
                .is_some_and(|steps| !steps.is_empty()),
        ),
        ("network_capture", request.network_capture.is_some()),
        ("block_resources", filled(&request.block_resources)),
        ("block_requests", filled(&request.block_requests)),
    ];
    for (part, _) in parts.into_iter().filter(|(_, asked)| *asked) {
        let msg = format!("{part} needs browser: true");
        problems.push(problem(json!(["body", part]), msg, "param_invalid"));
    }
}

fn headers_and_cookies(request: &ScrapeRequest, problems: &mut Vec<Problem>) {
    use reqwest::header::{HeaderName, HeaderValue};
    for (name, value) in request.headers.iter().flatten() {
        if name.parse::<HeaderName>().is_err() || value.parse::<HeaderValue>().is_err() {
            let msg = "This can't be sent as a header";
            problems.push(problem(
                json!(["body", "headers", name]),
                msg,
                "value_error",
            ));
        }
    }
    for (name, value) in request.cookies.iter().flatten() {
        let unfit = |c: char| c.is_control() || matches!(c, ';' | '\r' | '\n');
        let name_unfit =
            name.is_empty() || name.contains(|c: char| unfit(c) || c == '=' || c == ' ');
        if name_unfit || value.as_str().is_some_and(|value| value.contains(unfit)) {
            let msg = "This can't be sent as a cookie";
            problems.push(problem(
                json!(["body", "cookies", name]),
                msg,
                "value_error",
            ));
        }
    }
}

fn step(action: &Action, place: &[Value], problems: &mut Vec<Problem>) {
    let at = |tail: &[&str]| {
        let tail = tail.iter().map(|part| json!(part));
        Value::Array(place.iter().cloned().chain(tail).collect())
    };
    let mut selector = |selector: &str, tail: &[&str]| {
        if let Err(message) = extract::check_step_selector(selector) {
            problems.push(problem(at(tail), message, "value_error"));
        }
    };
    match action {
        Action::Click { selector: path, .. }
        | Action::Input { selector: path, .. }
        | Action::Select { selector: path, .. }
        | Action::WaitForSelector { selector: path, .. } => selector(path, &["selector"]),
        Action::KeyPress { .. } | Action::WaitForTimeout { .. } | Action::Evaluate { .. } => {}
        Action::Collect { extract: wanted } => {
            if let Err(PageError::InvalidSelector { field, message }) = extract::check(wanted) {
                let name = field.strip_prefix("extract.").unwrap_or(&field).to_owned();
                problems.push(problem(at(&["extract", &name]), message, "value_error"));
            }
        }
        Action::While {
            condition, actions, ..
        } => {
            let (Condition::SelectorVisible { selector: path }
            | Condition::SelectorInvisible { selector: path }) = condition;
            selector(path, &["condition", "selector"]);
            for (index, inner) in actions.iter().enumerate() {
                let place: Vec<Value> = place
                    .iter()
                    .cloned()
                    .chain([json!("actions"), json!(index)])
                    .collect();
                step(inner.action(), &place, problems);
            }
        }
    }
}

/// Serde names the object; for a missing field its message names the rest of the way.
fn parse_problem(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    use serde_path_to_error::Segment;
    let mut loc = vec![json!("body")];
    loc.extend(error.path().iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(json!(index)),
        Segment::Map { key } => Some(json!(key)),
        Segment::Enum { .. } | Segment::Unknown => None,
    }));
    let message = error.inner().to_string();
    let cause = message
        .split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned();
    if !error.inner().is_data() {
        return problem(
            json!(["body"]),
            format!("JSON decode error: {cause}"),
            "json_invalid",
        );
    }
    if let Some(field) = quoted_after(&cause, "missing field `") {
        loc.push(json!(field));
        return problem(Value::Array(loc), "Field required", "missing");
    }
    let kind = if cause.starts_with("unknown variant") {
        "literal_error"
    } else if cause.starts_with("invalid type") {
        "type_error"
    } else {
        "value_error"
    };
    problem(Value::Array(loc), cause, kind)
}

fn quoted_after<'a>(message: &'a str, start: &str) -> Option<&'a str> {
    message.strip_prefix(start)?.split('`').next()
}

fn problem(loc: Value, msg: impl Into<String>, kind: &'static str) -> Problem {
    let loc = match loc {
        Value::Array(loc) => loc,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            vec![loc]
        }
    };
    Problem {
        loc,
        msg: msg.into(),
        kind,
    }
}
