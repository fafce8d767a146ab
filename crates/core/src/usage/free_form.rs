//! Answers whose form the service does not document (contract §9 row 25): read without ever failing.

use serde_json::Value;

use super::{FreeForm, FreeRow};

/// More nobody reads; how many there are is told.
const MOST_ROWS: usize = 2_000;
const LONGEST: usize = 300;
/// What names an entry of a list better than its place.
const NAMES: [&str; 8] = [
    "date",
    "display_name",
    "name",
    "domain",
    "host",
    "url",
    "hour",
    "id",
];

/// Every value with its name. Nothing in it is none.
pub fn free_form(value: &Value) -> Option<FreeForm> {
    let mut form = FreeForm::default();
    collect(value, "", &mut form);
    (!form.rows.is_empty()).then_some(form)
}

/// A text of the service for one line: no control characters, and not endless.
pub fn line(text: &str) -> String {
    let mut plain: String = text
        .chars()
        .map(|c| {
            if c.is_control() || is_turning(c) {
                ' '
            } else {
                c
            }
        })
        .take(LONGEST + 1)
        .collect();
    if plain.chars().count() > LONGEST {
        plain = plain.chars().take(LONGEST).collect::<String>() + "…";
    }
    plain.trim().to_owned()
}

/// A count, also from a number with a point or from a text; less than nothing is none.
pub fn count(value: &Value) -> Option<u64> {
    let number = match value {
        Value::Number(number) => number.as_u64().map(|n| n as f64).or(number.as_f64()),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    number
        .filter(|number| number.is_finite() && *number >= 0.0)
        .map(|number| number.round() as u64)
}

/// The first of these fields that is a count.
pub fn field(value: &Value, names: &[&str]) -> Option<u64> {
    names
        .iter()
        .find_map(|name| value.get(name).and_then(count))
}

/// What an entry of a list calls itself.
pub fn name_of(entry: &Value) -> Option<(&'static str, String)> {
    NAMES.into_iter().find_map(|name| match entry.get(name)? {
        Value::String(text) if !text.trim().is_empty() => Some((name, line(text))),
        Value::Number(number) => Some((name, number.to_string())),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    })
}

fn collect(value: &Value, path: &str, form: &mut FreeForm) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                collect(field, &under(path, &words(name)), form);
            }
        }
        Value::Array(entries) => {
            for (place, entry) in entries.iter().enumerate() {
                let named = name_of(entry);
                let name = match &named {
                    Some((_, name)) => name.clone(),
                    None => (place + 1).to_string(),
                };
                let path = under(path, &name);
                match (entry, named) {
                    (Value::Object(fields), Some((naming, _))) if fields.len() > 1 => {
                        for (name, field) in fields.iter().filter(|(name, _)| *name != naming) {
                            collect(field, &under(&path, &words(name)), form);
                        }
                    }
                    _ => collect(entry, &path, form),
                }
            }
        }
        Value::Null => {}
        Value::Bool(flag) => push(form, path, if *flag { "yes" } else { "no" }, false),
        Value::Number(number) => push(form, path, &number.to_string(), true),
        Value::String(text) => push(form, path, &line(text), false),
    }
}

fn push(form: &mut FreeForm, path: &str, value: &str, number: bool) {
    if form.rows.len() == MOST_ROWS {
        form.more = form.more.saturating_add(1);
        return;
    }
    form.rows.push(FreeRow {
        name: line(path),
        value: value.to_owned(),
        number,
    });
}

fn under(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        // A path of a hostile depth would grow with its square.
        path if path.len() > 4 * LONGEST => path.to_owned(),
        path => format!("{path} › {name}"),
    }
}

/// "scrape_type" reads as "scrape type".
fn words(name: &str) -> String {
    line(&name.replace('_', " "))
}

fn is_turning(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn rows(value: Value) -> Vec<(String, String)> {
        let form = free_form(&value).unwrap_or_default();
        form.rows
            .into_iter()
            .map(|row| (row.name, row.value))
            .collect()
    }

    #[test]
    fn every_value_has_a_name_that_can_be_read() {
        let answer = json!({
            "data": [{"date": "2026-10-16", "scrape_type": {"simple": 4}}, [true], {"id": 7}],
            "note": "a\u{202e}b\nc", "nothing": null, "empty": {}
        });
        let found = rows(answer);
        let named: Vec<(&str, &str)> = found
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            named,
            [
                ("data › 2026-10-16 › scrape type › simple", "4"),
                ("data › 2 › 1", "yes"),
                ("data › 7 › id", "7"),
                ("note", "a b c"),
            ]
        );
        assert_eq!(free_form(&json!({"data": []})), None, "nothing to show");
        assert_eq!(
            rows(json!(5)),
            [(String::new(), "5".to_owned())],
            "a bare number"
        );
    }

    #[test]
    fn an_endless_answer_is_told_in_part() {
        let many: Vec<u32> = (0..5_000).collect();
        let form = free_form(&json!(many)).expect("rows");
        assert_eq!((form.rows.len(), form.more), (MOST_ROWS, 3_000));
        let mut deep = json!(1);
        for _ in 0..100 {
            deep = json!({"a_name_that_is_rather_long_for_what_it_is": [deep]});
        }
        let form = free_form(&deep).expect("a row");
        assert!(form.rows[0].name.chars().count() <= LONGEST + 1);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 64, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::hash_map(".{0,8}", inner, 0..6)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_answer_is_too_odd(value in any_json()) {
            let _ = (free_form(&value), count(&value), name_of(&value));
        }
    }
}
