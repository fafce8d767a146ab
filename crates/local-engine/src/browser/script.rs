//! Running JavaScript in the page: questions of the steps, and the person's own scripts.

use std::time::Duration;

use chromiumoxide::cdp::js_protocol::runtime::{
    EvaluateParams, EvaluateReturns, ExceptionDetails, RemoteObject, RemoteObjectType, TimeDelta,
};
use serde_json::Value;

use super::cdp::{CdpError, Session};

const ELEMENTS: &str = include_str!("elements.js");

/// Why a person's script gave nothing.
#[derive(Debug)]
pub enum ScriptFault {
    /// Its own words.
    Threw(String),
    Timeout,
    Browser(CdpError),
}

impl From<CdpError> for ScriptFault {
    fn from(error: CdpError) -> Self {
        Self::Browser(error)
    }
}

/// Calls one of the functions of `elements.js`. The answer's `error` says that the selector can't be read.
pub async fn ask(page: &Session, function: &str, arguments: &[&str]) -> Result<Value, CdpError> {
    let arguments: Vec<_> = arguments
        .iter()
        .map(|argument| Value::from(*argument).to_string())
        .collect();
    let call = format!("{function}({})", arguments.join(", "));
    let asked = format!(
        "(() => {{ {ELEMENTS}\ntry {{ return {call}; }} catch (error) {{ return {{ error: error.message }}; }} }})()"
    );
    read(page, &asked).await
}

/// The value of an expression of our own.
pub async fn read(page: &Session, expression: &str) -> Result<Value, CdpError> {
    let returned = page.call(evaluation(expression)).await?;
    match returned.exception_details {
        Some(details) => Err(CdpError::Refused {
            method: "Runtime.evaluate".into(),
            message: thrown(&details),
        }),
        None => Ok(returned.result.value.unwrap_or_default()),
    }
}

/// Runs an expression, a function, or statements with `return`; waits for promises.
pub async fn run(page: &Session, script: &str, limit: Duration) -> Result<Value, ScriptFault> {
    tokio::time::timeout(limit, run_any_form(page, script, limit))
        .await
        .map_err(|_| ScriptFault::Timeout)?
}

async fn run_any_form(page: &Session, script: &str, limit: Duration) -> Result<Value, ScriptFault> {
    let script = script.trim().trim_end_matches(';');
    // A function alone would only be declared; what is meant is its result.
    if ["function", "async function"]
        .iter()
        .any(|word| script.starts_with(word))
    {
        let function = attempt(page, &format!("({script}\n)()"), limit).await?;
        if unread(&function).is_none() {
            return finish(function);
        }
    }
    let first = attempt(page, script, limit).await?;
    // Only what could not even be read is tried in another form, so nothing ever runs twice.
    if let Some(problem) = unread(&first) {
        for form in [
            format!("(async () => (\n{script}\n))()"),
            format!("(async () => {{\n{script}\n}})()"),
        ] {
            let again = attempt(page, &form, limit).await?;
            if unread(&again).is_none() {
                return finish(again);
            }
        }
        return Err(ScriptFault::Threw(problem));
    }
    if first.exception_details.is_none() && first.result.r#type == RemoteObjectType::Function {
        return finish(attempt(page, &format!("({script})()"), limit).await?);
    }
    finish(first)
}

async fn attempt(
    page: &Session,
    script: &str,
    limit: Duration,
) -> Result<EvaluateReturns, CdpError> {
    let mut evaluate = evaluation(script);
    evaluate.user_gesture = Some(true);
    // Stops a script that never gives way, which the time limit around it can't.
    let millis = u32::try_from(limit.as_millis()).unwrap_or(u32::MAX);
    evaluate.timeout = Some(TimeDelta::new(f64::from(millis)));
    page.call(evaluate).await
}

fn evaluation(expression: &str) -> EvaluateParams {
    let mut evaluate = EvaluateParams::new(expression);
    evaluate.return_by_value = Some(true);
    evaluate.await_promise = Some(true);
    evaluate
}

/// The message of a script that is not an expression by itself.
fn unread(returned: &EvaluateReturns) -> Option<String> {
    let details = returned.exception_details.as_ref()?;
    let is_syntax = details
        .exception
        .as_ref()
        .and_then(|exception| exception.class_name.as_deref())
        == Some("SyntaxError");
    // One thrown while running has the place where it was thrown.
    (is_syntax && details.stack_trace.is_none()).then(|| thrown(details))
}

fn finish(returned: EvaluateReturns) -> Result<Value, ScriptFault> {
    match returned.exception_details {
        Some(details) if thrown(&details).contains("Execution was terminated") => {
            Err(ScriptFault::Timeout)
        }
        Some(details) => Err(ScriptFault::Threw(thrown(&details))),
        None => Ok(as_json(returned.result)),
    }
}

fn as_json(result: RemoteObject) -> Value {
    result.value.unwrap_or_else(|| {
        // What JSON has no word for: big integers keep their digits.
        result
            .unserializable_value
            .map(|text| text.inner().trim_end_matches('n').to_owned())
            .filter(|text| {
                text.trim_start_matches('-')
                    .bytes()
                    .all(|byte| byte.is_ascii_digit())
            })
            .map_or(Value::Null, Value::String)
    })
}

/// First line of what was thrown.
fn thrown(details: &ExceptionDetails) -> String {
    let exception = details.exception.as_ref();
    let said = exception.and_then(|exception| {
        exception.description.clone().or_else(|| {
            exception.value.as_ref().map(|value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            })
        })
    });
    said.unwrap_or_else(|| details.text.clone())
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}
