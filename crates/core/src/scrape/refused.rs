//! Fields that the service refused, by their paths in the form.

use std::iter::Peekable;
use std::str::Split;

use scrapingpros::FieldError;

use super::{FieldForm, FormMethod, PairForm, ScrapeForm, StepForm};
use crate::FieldProblem;

/// The problems that can be shown at their field; the others say nothing a person could act on.
pub(super) fn problems(fields: &[FieldError], form: &ScrapeForm) -> Vec<FieldProblem> {
    fields
        .iter()
        .filter_map(|field| {
            Some(FieldProblem::new(
                form_path(&field.path, form)?,
                words(field),
            ))
        })
        .collect()
}

fn words(field: &FieldError) -> String {
    let message = field.message.trim();
    let message = message.strip_prefix("Value error, ").unwrap_or(message);
    let mut letters = message.chars();
    let sentence: String = letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    });
    if sentence.ends_with(['.', '!', '?']) {
        sentence
    } else {
        format!("{sentence}.")
    }
}

fn form_path(wire: &str, form: &ScrapeForm) -> Option<String> {
    let (head, rest) = wire.split_once('.').unwrap_or((wire, ""));
    let path = match head {
        "url" => "address".to_owned(),
        "use_proxy" => "location".to_owned(),
        "network_capture" => "network_pattern".to_owned(),
        "http_method" if form.method == FormMethod::PostForm => "post_fields".to_owned(),
        "http_method" => "post_json".to_owned(),
        "actions" => step_path(rest.split('.').peekable(), &form.steps, "steps".to_owned()),
        "extract" => extract_path(rest, &form.extract, "extract"),
        "headers" | "cookies" => {
            let rows = if head == "headers" {
                &form.headers
            } else {
                &form.cookies
            };
            pair_path(rest, rows, head)
        }
        "format" | "browser" | "screenshot" | "language" | "window_size" | "retry_on_block"
        | "block_resources" | "block_requests" => head.to_owned(),
        _ => return None,
    };
    Some(path)
}

/// `2.selector`, `2.click.selector`, `2.while.actions.0.input.text`…
fn step_path(mut wire: Peekable<Split<'_, char>>, steps: &[StepForm], path: String) -> String {
    let Some(row) = wire.next().and_then(|row| row.parse::<usize>().ok()) else {
        return path;
    };
    let path = format!("{path}.{row}");
    let step = steps.get(row);
    while let Some(name) = wire.next() {
        let field = match name {
            "selector" | "condition" => "selector",
            "text" | "value" | "key" | "script" => "text",
            "time" | "timeout" => "time",
            "max_iterations" => "max_rounds",
            "state" => "state",
            "extract" => {
                let rest: Vec<&str> = wire.collect();
                let rows = step.map_or(&[][..], |step| &step.extract);
                return extract_path(&rest.join("."), rows, &format!("{path}.extract"));
            }
            "actions" => {
                let inner = step.map_or(&[][..], |step| &step.steps);
                return step_path(wire, inner, format!("{path}.steps"));
            }
            // The step's kind, which some servers name too.
            _ => continue,
        };
        return format!("{path}.{field}");
    }
    path
}

/// Names may hold dots, so the rows are tried against the start of what is left.
fn extract_path(wire: &str, rows: &[FieldForm], path: &str) -> String {
    let found = rows.iter().enumerate().find_map(|(row, field)| {
        let rest = rest_after(wire, field.name.trim())?;
        Some((row, rest))
    });
    match found {
        Some((row, rest)) if rest.ends_with("attribute") => format!("{path}.{row}.attribute"),
        Some((row, _)) => format!("{path}.{row}.selector"),
        None => path.to_owned(),
    }
}

fn pair_path(wire: &str, rows: &[PairForm], path: &str) -> String {
    let found = rows
        .iter()
        .position(|pair| rest_after(wire, pair.name.trim()).is_some());
    match found {
        Some(row) => format!("{path}.{row}.value"),
        None => path.to_owned(),
    }
}

/// What follows `name` and a dot; empty when nothing does.
fn rest_after<'a>(wire: &'a str, name: &str) -> Option<&'a str> {
    let rest = wire.strip_prefix(name).filter(|_| !name.is_empty())?;
    if rest.is_empty() {
        return Some(rest);
    }
    rest.strip_prefix('.')
}
