//! The small print of a result: facts, where the time went, and what was really sent and answered.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use scrapingpros::types::ScrapeResponse;
use serde_json::{Map, Value, json};

use super::{DetailsView, Fact, ResultView, Timing, Verdict};

/// Headers whose values open doors, in lower case.
const SECRET_HEADERS: [&str; 6] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-api-key",
    "x-auth-token",
];
const MASKED: &str = "•••";
/// Longer texts in the answer are cut in the details.
const LONGEST_TEXT: usize = 4_096;
const SCRIPT_VALUE: usize = 64 << 10;

/// `request` and `answer` are as they were kept.
pub fn details(
    view: &ResultView,
    request: Value,
    answer: &ScrapeResponse,
    raw_answer: Value,
) -> DetailsView {
    let values = answer.evaluate_results.as_deref().unwrap_or_default();
    let technical = json!({ "request": without_secrets(request), "answer": shortened(without_secrets(raw_answer)) });
    DetailsView {
        facts: facts(view),
        timings: answer.timings.as_ref().map(timings).unwrap_or_default(),
        script_values: values
            .iter()
            .map(|value| cut(&value.to_string(), SCRIPT_VALUE))
            .collect(),
        technical: serde_json::to_string_pretty(&technical).unwrap_or_default(),
    }
}

/// "Today, 14:32", "Yesterday, 18:03", or the day in full.
pub fn local_time(seconds: u32) -> String {
    let zone = TimeZone::system();
    let Ok(moment) = Timestamp::from_second(i64::from(seconds)) else {
        return String::new();
    };
    let at = moment.to_zoned_datetime(zone.clone());
    let today = Timestamp::now().to_zoned_datetime(zone).date();
    let day = if at.date() == today {
        "Today".to_owned()
    } else if today
        .yesterday()
        .is_ok_and(|yesterday| at.date() == yesterday)
    {
        "Yesterday".to_owned()
    } else {
        at.strftime("%a %-d %b %Y").to_string()
    };
    format!("{day}, {}", at.strftime("%H:%M"))
}

/// The day as `2026-11-24`, in the person's own time.
pub fn local_date(seconds: u32) -> String {
    Timestamp::from_second(i64::from(seconds))
        .map(|moment| {
            moment
                .to_zoned_datetime(TimeZone::system())
                .date()
                .to_string()
        })
        .unwrap_or_default()
}

fn facts(view: &ResultView) -> Vec<Fact> {
    let status = match view.status {
        0 => "No answer".to_owned(),
        status => status.to_string(),
    };
    let lines = [
        ("Asked for", view.address.clone()),
        ("When", local_time(view.created_at)),
        (
            "Took",
            format!("{:.1} s", f64::from(view.duration_ms) / 1_000.0),
        ),
        ("Cost", cost(view)),
        ("Verdict", verdict(view)),
        ("Account", view.account_name.clone()),
        ("Page status", status),
    ];
    let fact = |(label, value): (&str, String)| Fact {
        label: label.into(),
        value,
    };
    lines.into_iter().map(fact).collect()
}

fn cost(view: &ResultView) -> String {
    let credits = match view.credits {
        _ if view.local => return "Free on this computer".into(),
        None => return "The service did not say".into(),
        Some(1) => "1 credit".to_owned(),
        Some(credits) => format!("{credits} credits"),
    };
    if view.refunded {
        format!("{credits}, given back")
    } else {
        credits
    }
}

fn verdict(view: &ResultView) -> String {
    match view.verdict {
        Verdict::Success => "Usable page".into(),
        Verdict::Blocked | Verdict::Failed => view.headline.clone(),
    }
}

fn timings(timings: &Map<String, Value>) -> Vec<Timing> {
    let one = |(name, value): (&String, &Value)| {
        let ms = value
            .as_f64()
            .filter(|ms| (0.0..=f64::from(u32::MAX)).contains(ms))?;
        Some(Timing {
            label: timing_label(name),
            ms: ms.round() as u32,
        })
    };
    timings.iter().filter_map(one).collect()
}

fn timing_label(name: &str) -> String {
    let known = match name {
        "queue_wait_ms" => "Waiting for a turn",
        "browser_launch_ms" => "Waiting for a browser",
        "proxy_ms" => "Reaching the location",
        "fetch_ms" => "Fetching the page",
        "open_ms" | "navigation_ms" => "Opening the page",
        "steps_ms" | "actions_ms" => "Your steps",
        "listen_ms" => "Listening to the page",
        "screenshot_ms" => "Screenshot",
        "extract_ms" | "data_ms" => "Collecting fields",
        "total_ms" => "In all",
        other => {
            let plain = other.strip_suffix("_ms").unwrap_or(other).replace('_', " ");
            let mut letters = plain.chars();
            let first = letters
                .next()
                .map(|letter| letter.to_uppercase().to_string());
            return first.unwrap_or_default() + letters.as_str();
        }
    };
    known.into()
}

/// Copied details often end up in a support message: what opens doors is left out.
fn without_secrets(mut value: Value) -> Value {
    let Some(fields) = value.as_object_mut() else {
        return value;
    };
    if let Some(headers) = fields.get_mut("headers").and_then(Value::as_object_mut) {
        for (_, held) in headers
            .iter_mut()
            .filter(|(name, _)| SECRET_HEADERS.contains(&name.to_lowercase().as_str()))
        {
            *held = MASKED.into();
        }
    }
    match fields.get_mut("cookies") {
        Some(Value::Object(cookies)) => cookies.values_mut().for_each(|held| *held = MASKED.into()),
        Some(Value::Array(cookies)) => {
            for held in cookies
                .iter_mut()
                .filter_map(|cookie| cookie.get_mut("value"))
            {
                *held = MASKED.into();
            }
        }
        Some(Value::String(held)) => *held = MASKED.into(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_)) | None => {}
    }
    let suggestion = fields
        .get_mut("guidance")
        .and_then(|guidance| guidance.get_mut("suggested_request"));
    if let Some(suggestion) = suggestion {
        *suggestion = without_secrets(suggestion.take());
    }
    value
}

fn shortened(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(cut(&text, LONGEST_TEXT)),
        Value::Array(list) => list.into_iter().map(shortened).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, shortened(value)))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

fn cut(text: &str, longest: usize) -> String {
    if text.len() <= longest {
        return text.to_owned();
    }
    let mut end = longest;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}… ({} bytes)", &text[..end], text.len())
}
