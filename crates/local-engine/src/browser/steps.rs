//! Works off the steps of a request (contract §2.2), in order.

use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::input::{
    DispatchMouseEventParams, DispatchMouseEventType, MouseButton,
};
use scrapingpros::types::{Action, Condition, Extract, LoopAction, WaitState};
use serde_json::{Map, Value};
use tokio::time::{Instant, sleep, timeout_at};

use crate::page::{PageError, Stage, StageTeller};

use super::cdp::CdpError;
use super::keys;
use super::load::{LOAD_LIMIT, REST_LIMIT};
use super::read;
use super::script::{self, ScriptFault};
use super::tab::Tab;
use super::wait;

/// How long a step waits for its element.
const ELEMENT_LIMIT: Duration = Duration::from_secs(10);
/// The same for one that need not be there.
const OPTIONAL_LIMIT: Duration = Duration::from_secs(2);
/// How long something may lie over the element that is clicked.
const COVERED_LIMIT: Duration = Duration::from_secs(1);
const NAVIGATION_LIMIT: Duration = Duration::from_secs(15);
const EVALUATE_LIMIT_MS: u64 = 30_000;
const PAUSE: Duration = Duration::from_millis(50);

pub struct Steps<'a> {
    pub tab: &'a Tab,
    pub stages: &'a StageTeller,
    pub evaluated: Vec<Value>,
    pub collected: Map<String, Value>,
}

/// What went wrong in a step, before it is known which one it was.
enum Fault {
    Said(String),
    Selector(String),
    Page(PageError),
}

impl From<CdpError> for Fault {
    fn from(error: CdpError) -> Self {
        match error {
            CdpError::Closed => Self::Page(error.into()),
            CdpError::Refused { message, .. } => Self::Said(message),
        }
    }
}

impl From<PageError> for Fault {
    fn from(error: PageError) -> Self {
        Self::Page(error)
    }
}

impl<'a> Steps<'a> {
    pub fn new(tab: &'a Tab, stages: &'a StageTeller) -> Self {
        Self {
            tab,
            stages,
            evaluated: Vec::new(),
            collected: Map::new(),
        }
    }

    pub async fn run(&mut self, actions: &[Action]) -> Result<(), PageError> {
        let total = u32::try_from(actions.len()).unwrap_or(u32::MAX);
        for (number, action) in (1..).zip(actions) {
            self.stages.tell(Stage::Step {
                index: number,
                total,
            });
            let index = (number - 1).to_string();
            if let Action::While {
                condition,
                actions,
                max_iterations,
            } = action
            {
                self.repeat(&index, condition, actions, *max_iterations)
                    .await?;
            } else {
                self.step(&index, action).await?;
            }
        }
        Ok(())
    }

    async fn repeat(
        &mut self,
        index: &str,
        condition: &Condition,
        actions: &[LoopAction],
        max_iterations: u32,
    ) -> Result<(), PageError> {
        for _ in 0..max_iterations {
            let holds = self.holds(condition).await;
            if !holds.map_err(|fault| fault.in_step(index, "while"))? {
                return Ok(());
            }
            for (inner, action) in actions.iter().enumerate() {
                self.step(&format!("{index}.{inner}"), action.action())
                    .await?;
            }
        }
        Ok(())
    }

    async fn step(&mut self, index: &str, action: &Action) -> Result<(), PageError> {
        let (kind, done) = match action {
            Action::Click {
                selector,
                wait_for_navigation,
                optional,
            } => (
                "click",
                self.click(selector, *wait_for_navigation, *optional).await,
            ),
            Action::Input { selector, text } => ("input", self.input(selector, text).await),
            Action::Select { selector, value } => ("select", self.select(selector, value).await),
            Action::KeyPress { key } => ("key-press", self.press(key).await),
            Action::WaitForSelector {
                selector,
                time,
                state,
            } => {
                let limit = Duration::from_millis(*time);
                (
                    "wait-for-selector",
                    self.wait(selector, limit, *state).await,
                )
            }
            Action::WaitForTimeout { time } => {
                sleep(Duration::from_millis(*time)).await;
                ("wait-for-timeout", Ok(()))
            }
            Action::Evaluate { script, timeout } => {
                ("evaluate", self.evaluate(script, *timeout).await)
            }
            Action::Collect { extract } => ("collect", self.collect(extract).await),
            Action::While { .. } => (
                "while",
                Err(Fault::Said("a loop can't stand inside a loop".into())),
            ),
        };
        done.map_err(|fault| fault.in_step(index, kind))
    }

    async fn click(
        &self,
        selector: &str,
        wait_for_navigation: bool,
        optional: bool,
    ) -> Result<(), Fault> {
        let limit = if optional {
            OPTIONAL_LIMIT
        } else {
            ELEMENT_LIMIT
        };
        let mut point = match self.until_ready(limit, "point", &[selector]).await? {
            Ok(point) => point,
            Err(_) if optional => return Ok(()),
            Err(last) => return Err(not_found(selector, limit, &last)),
        };
        let patience = Instant::now() + COVERED_LIMIT;
        while point["covered"] == true && Instant::now() < patience {
            sleep(PAUSE).await;
            point = self.ask("point", &[selector]).await?;
        }
        let moves = self.tab.traffic.write(|state| {
            state.file = None;
            state.moves
        });
        match (point["x"].as_f64(), point["y"].as_f64()) {
            (Some(x), Some(y)) if point["covered"] == false => self.mouse(x, y).await?,
            // Banners lie over pages; what was asked for is the element under them.
            _ => drop(self.ask("press", &[selector]).await?),
        }
        self.tab.traffic.touch();
        if wait_for_navigation {
            self.navigation(moves).await?;
        }
        Ok(())
    }

    async fn mouse(&self, x: f64, y: f64) -> Result<(), CdpError> {
        let event = |kind| DispatchMouseEventParams::new(kind, x, y);
        let button = |kind, buttons| {
            let mut event = event(kind);
            event.button = Some(MouseButton::Left);
            event.buttons = Some(buttons);
            event.click_count = Some(1);
            event
        };
        let page = &self.tab.page;
        page.call(event(DispatchMouseEventType::MouseMoved)).await?;
        page.call(button(DispatchMouseEventType::MousePressed, 1))
            .await?;
        page.call(button(DispatchMouseEventType::MouseReleased, 0))
            .await?;
        Ok(())
    }

    async fn navigation(&self, moves: u32) -> Result<(), Fault> {
        let traffic = &self.tab.traffic;
        let has_moved = traffic
            .until(|state| state.moves > moves || state.file.is_some() || state.failure.is_some());
        if tokio::time::timeout(NAVIGATION_LIMIT, has_moved)
            .await
            .is_err()
        {
            return Err(Fault::Said(format!(
                "the click led to no other page within {}",
                seconds(NAVIGATION_LIMIT)
            )));
        }
        if let Some(failure) = traffic.write(|state| state.failure.take()) {
            return Err(Fault::Said(failure.to_string()));
        }
        traffic.settle(LOAD_LIMIT, REST_LIMIT).await;
        Ok(())
    }

    async fn input(&self, selector: &str, text: &str) -> Result<(), Fault> {
        let field = self
            .until_ready(ELEMENT_LIMIT, "focusEmpty", &[selector, text])
            .await?
            .map_err(|last| not_found(selector, ELEMENT_LIMIT, &last))?;
        if field["typed"] == false {
            keys::write(&self.tab.page, text).await?;
        }
        self.tab.traffic.touch();
        Ok(())
    }

    async fn select(&self, selector: &str, value: &str) -> Result<(), Fault> {
        let chosen = self
            .until_ready(ELEMENT_LIMIT, "choose", &[selector, value])
            .await?;
        self.tab.traffic.touch();
        match chosen {
            Ok(_) => Ok(()),
            Err(last) if last["options"].is_array() => {
                Err(Fault::Said(format!("{selector} has no entry \"{value}\"")))
            }
            Err(last) if last["attached"] == true => Err(Fault::Said(format!(
                "{selector} is not a list to choose from"
            ))),
            Err(last) => Err(not_found(selector, ELEMENT_LIMIT, &last)),
        }
    }

    async fn press(&self, key: &str) -> Result<(), Fault> {
        let chord =
            keys::chord(key).ok_or_else(|| Fault::Said(format!("there is no key \"{key}\"")))?;
        keys::press(&self.tab.page, &chord).await?;
        self.tab.traffic.touch();
        Ok(())
    }

    async fn wait(
        &self,
        selector: &str,
        limit: Duration,
        state: Option<WaitState>,
    ) -> Result<(), Fault> {
        let state = state.unwrap_or_else(|| wait::usual_state(selector));
        let reached = |seen: &Value| match state {
            WaitState::Attached => seen["attached"] == true,
            WaitState::Visible => seen["visible"] == true,
            WaitState::Hidden => seen["visible"] == false,
        };
        match self.until(limit, "look", &[selector], reached).await? {
            Ok(_) => Ok(()),
            Err(_) if state == WaitState::Hidden => Err(Fault::Said(format!(
                "{selector} still shows after {}",
                seconds(limit)
            ))),
            Err(last) => Err(not_found(selector, limit, &last)),
        }
    }

    async fn evaluate(&mut self, script: &str, timeout: Option<u64>) -> Result<(), Fault> {
        let limit = Duration::from_millis(timeout.unwrap_or(EVALUATE_LIMIT_MS));
        let value = script::run(&self.tab.page, script, limit).await;
        self.tab.traffic.touch();
        self.evaluated.push(value.map_err(|fault| match fault {
            ScriptFault::Threw(message) => Fault::Said(message),
            ScriptFault::Timeout => {
                Fault::Said(format!("the script did not end within {}", seconds(limit)))
            }
            ScriptFault::Browser(error) => error.into(),
        })?);
        Ok(())
    }

    /// Values are added to those of earlier rounds, a missing one as null, so that fields stay in step.
    async fn collect(&mut self, wanted: &Extract) -> Result<(), Fault> {
        let html = read::html(self.tab).await?.html;
        let wanted = wanted.clone();
        let taken = tokio::task::spawn_blocking(move || {
            crate::extract::extract(&scraper::Html::parse_document(&html), &wanted)
        })
        .await
        .map_err(|error| Fault::Said(error.to_string()))??;
        for (field, value) in taken {
            let values = self
                .collected
                .entry(field)
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(values) = values {
                if let Value::Array(more) = value {
                    values.extend(more);
                } else {
                    values.push(value);
                }
            }
        }
        Ok(())
    }

    /// Asked of the page that is there once it has come to rest.
    async fn holds(&self, condition: &Condition) -> Result<bool, Fault> {
        let (selector, expected) = match condition {
            Condition::SelectorVisible { selector } => (selector, true),
            Condition::SelectorInvisible { selector } => (selector, false),
        };
        self.tab.traffic.settle(LOAD_LIMIT, REST_LIMIT).await;
        let seen = self
            .until(ELEMENT_LIMIT, "look", &[selector], |seen| {
                seen["visible"].is_boolean()
            })
            .await?
            .map_err(|_| Fault::Said("the page does not answer".into()))?;
        Ok(seen["visible"] == expected)
    }

    async fn until_ready(
        &self,
        limit: Duration,
        function: &str,
        arguments: &[&str],
    ) -> Result<Result<Value, Value>, Fault> {
        self.until(limit, function, arguments, |seen| seen["ready"] == true)
            .await
    }

    /// Asks until the answer is right; within, `Err` is the last answer when the time is over.
    async fn until(
        &self,
        limit: Duration,
        function: &str,
        arguments: &[&str],
        is_right: impl Fn(&Value) -> bool,
    ) -> Result<Result<Value, Value>, Fault> {
        let deadline = Instant::now() + limit;
        let mut last = Value::Null;
        loop {
            let Ok(asked) = timeout_at(deadline + PAUSE, self.ask(function, arguments)).await
            else {
                return Ok(Err(last));
            };
            match asked {
                Ok(seen) if is_right(&seen) => return Ok(Ok(seen)),
                Ok(seen) => last = seen,
                // The page moves on; the next one is asked.
                Err(Fault::Said(problem)) if is_passing(&problem) => {}
                Err(fault) => return Err(fault),
            }
            if Instant::now() >= deadline {
                return Ok(Err(last));
            }
            sleep(PAUSE).await;
        }
    }

    async fn ask(&self, function: &str, arguments: &[&str]) -> Result<Value, Fault> {
        let seen = script::ask(&self.tab.page, function, arguments).await?;
        if let Some(problem) = seen["error"].as_str() {
            return Err(Fault::Selector(problem.to_owned()));
        }
        match (seen["fault"].as_str(), arguments.first()) {
            (Some(problem), Some(selector)) => Err(Fault::Said(format!("{selector} {problem}"))),
            _ => Ok(seen),
        }
    }
}

impl Fault {
    fn in_step(self, index: &str, kind: &'static str) -> PageError {
        match self {
            Self::Said(message) => PageError::Step {
                index: index.to_owned(),
                kind,
                message,
            },
            Self::Selector(message) => PageError::InvalidSelector {
                field: format!("step {index}"),
                message,
            },
            Self::Page(error) => error,
        }
    }
}

/// The browser's words while one document gives way to the next.
fn is_passing(problem: &str) -> bool {
    ["navigated", "context", "destroyed"]
        .iter()
        .any(|word| problem.contains(word))
}

fn not_found(selector: &str, limit: Duration, last: &Value) -> Fault {
    let limit = seconds(limit);
    Fault::Said(if last["attached"] == true {
        format!("{selector} is on the page but does not show after {limit}")
    } else {
        format!("nothing on the page matches {selector} after {limit}")
    })
}

fn seconds(limit: Duration) -> String {
    let seconds = limit.as_secs_f64();
    if limit == Duration::from_secs(1) {
        "1 second".into()
    } else {
        format!("{seconds} seconds")
    }
}
