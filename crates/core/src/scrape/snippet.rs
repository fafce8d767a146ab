//! A form as a request that other programs send: cURL, the vendor's Python SDK, or the bare JSON. The key
//! is in none of them; all read it from the environment, where the SDK looks for it too.

use scrapingpros::types::ScrapeRequest;
use serde::Deserialize;
use serde_json::{Map, Value};
use specta::Type;

/// Where the SDK looks for the key.
const KEY: &str = "SP_TOKEN";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SnippetKind {
    Curl,
    Python,
    Json,
}

/// `server` without `/v1`; empty: the service's own.
pub(super) fn snippet(
    request: &ScrapeRequest,
    kind: SnippetKind,
    server: &str,
) -> Result<String, serde_json::Error> {
    Ok(match kind {
        SnippetKind::Json => serde_json::to_string_pretty(request)? + "\n",
        SnippetKind::Curl => {
            let server = if server.is_empty() {
                scrapingpros::DEFAULT_SERVER
            } else {
                server
            };
            let address = format!("{}/v1/sync/scrape", root(server));
            format!(
                "curl {} \\\n  -H \"Authorization: Bearer ${KEY}\" \\\n  -H 'Content-Type: application/json' \\\n  --data-binary {}\n",
                shell(&address),
                shell(&serde_json::to_string_pretty(request)?)
            )
        }
        SnippetKind::Python => {
            let Value::Object(mut fields) = serde_json::to_value(request)? else {
                return Ok(String::new());
            };
            let url = fields.remove("url").unwrap_or_default();
            let server = if server.is_empty() {
                String::new()
            } else {
                format!(", base_url={}", python(&root(server).into(), 0))
            };
            format!(
                "import os\n\nfrom scrapingpros import SyncClient\n\nclient = SyncClient(os.environ[\"{KEY}\"]{server})\npage = client.scrape(\n    {},\n{})\nprint(page.content)\n",
                python(&url, 1),
                arguments(&fields)
            )
        }
    })
}

fn root(server: &str) -> String {
    let server = server.trim_end_matches('/');
    let server = server.strip_suffix("/v1").unwrap_or(server);
    if server.contains("://") {
        server.to_owned()
    } else {
        format!("https://{server}")
    }
}

/// One word of a POSIX shell, whatever is in it.
fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn arguments(fields: &Map<String, Value>) -> String {
    let lines = fields
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| format!("    {name}={},\n", python(value, 1)));
    lines.collect()
}

/// A literal of Python. Strings of JSON are strings of Python.
fn python(value: &Value, depth: usize) -> String {
    let (inner, outer) = ("    ".repeat(depth + 1), "    ".repeat(depth));
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(_) | Value::String(_) => value.to_string(),
        Value::Array(values) if values.is_empty() => "[]".to_owned(),
        Value::Array(values) => {
            let lines = values
                .iter()
                .map(|value| format!("{inner}{},\n", python(value, depth + 1)));
            format!("[\n{}{outer}]", lines.collect::<String>())
        }
        Value::Object(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Object(fields) => {
            let lines = fields.iter().map(|(name, value)| {
                let name = Value::String(name.clone());
                format!("{inner}{name}: {},\n", python(value, depth + 1))
            });
            format!("{{\n{}{outer}}}", lines.collect::<String>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> ScrapeRequest {
        ScrapeRequest {
            url: "https://shop.example/it's?q=\"a\"&b=$HOME".into(),
            browser: true,
            ..ScrapeRequest::default()
        }
    }

    #[test]
    fn nothing_typed_leaves_the_quotes_of_a_shell() {
        let curl = snippet(&request(), SnippetKind::Curl, "").unwrap_or_default();
        assert!(
            curl.starts_with("curl 'https://api.scrapingpros.com/v1/sync/scrape'"),
            "{curl}"
        );
        assert!(curl.contains(r#"it'\''s?q=\"a\"&b=$HOME"#), "{curl}");
        assert!(curl.contains("Bearer $SP_TOKEN"));
        assert_eq!(shell("a'b; rm -rf ~"), r"'a'\''b; rm -rf ~'");
    }

    #[test]
    fn python_names_the_other_server_and_its_own_constants() {
        let own =
            snippet(&request(), SnippetKind::Python, "http://127.0.0.1:1/v1/").unwrap_or_default();
        assert!(own.contains("base_url=\"http://127.0.0.1:1\""), "{own}");
        assert!(own.contains("browser=True,"), "{own}");
        assert!(!own.contains("true") && !own.contains("null"), "{own}");
        let usual = snippet(&request(), SnippetKind::Python, "").unwrap_or_default();
        assert!(
            usual.contains("SyncClient(os.environ[\"SP_TOKEN\"])"),
            "{usual}"
        );
    }

    #[test]
    fn json_is_what_is_sent() {
        let json = snippet(&request(), SnippetKind::Json, "").unwrap_or_default();
        let read: ScrapeRequest = serde_json::from_str(&json).unwrap_or_default();
        assert_eq!(read, request());
    }
}
