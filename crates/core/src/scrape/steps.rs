//! Browser steps, from the form to the wire and back.

use std::ops::RangeInclusive;

use scrapingpros::types::{Action, Condition, Extract, LoopAction, WaitState};

use super::request::{Problems, extract, text};
use super::selector;
use super::{FieldForm, StepForm, StepKind, StepState};

/// Five minutes: longer than any page that will ever answer.
const TIME: RangeInclusive<u32> = 1..=300_000;
const ROUNDS: RangeInclusive<u32> = 1..=1_000;

/// One action per step. A step that lacks something is a problem even when it is wholly empty:
/// its kind was chosen, and the scrape would silently be another without it.
pub(super) fn actions(steps: &[StepForm], path: &str, problems: &mut Problems) -> Vec<Action> {
    steps
        .iter()
        .enumerate()
        .filter_map(|(row, step)| Step::new(step, format!("{path}.{row}"), problems).action())
        .collect()
}

/// The steps of a request; what their kinds do not use stays empty.
pub(super) fn steps_from_actions(actions: &[Action]) -> Vec<StepForm> {
    actions.iter().map(step_from_action).collect()
}

/// The rows of a request; a rule in no known form is left out.
pub(super) fn fields_from_extract(extract: &Extract) -> Vec<FieldForm> {
    extract
        .rules()
        .filter_map(|(name, rule)| {
            let rule = rule.ok()?;
            Some(FieldForm {
                name: name.to_owned(),
                selector: selector::from_wire(&rule.selector),
                attribute: rule.attribute.unwrap_or_default(),
                multiple: rule.multiple,
            })
        })
        .collect()
}

struct Step<'a> {
    form: &'a StepForm,
    path: String,
    problems: &'a mut Problems,
}

impl<'a> Step<'a> {
    fn new(form: &'a StepForm, path: String, problems: &'a mut Problems) -> Self {
        Self {
            form,
            path,
            problems,
        }
    }

    fn action(mut self) -> Option<Action> {
        let form = self.form;
        match form.kind {
            StepKind::Click => Some(Action::Click {
                selector: self.selector("Say what to click.")?,
                wait_for_navigation: form.wait_for_navigation,
                optional: form.optional,
            }),
            StepKind::Input => {
                let selector = self.selector("Say where to type.");
                let text = self.text("Say what to type.");
                Some(Action::Input {
                    selector: selector?,
                    text: text?,
                })
            }
            StepKind::Select => {
                let selector = self.selector("Say which list to choose from.");
                let value = self.text("Say what to choose.");
                Some(Action::Select {
                    selector: selector?,
                    value: value?,
                })
            }
            StepKind::KeyPress => Some(Action::KeyPress {
                key: self.text("Say which key to press, such as Enter.")?,
            }),
            StepKind::WaitFor => {
                let selector = self.selector("Say what to wait for.");
                let time = self.time();
                Some(Action::WaitForSelector {
                    selector: selector?,
                    time: time?,
                    state: wait_state(form.state),
                })
            }
            StepKind::Wait => Some(Action::WaitForTimeout { time: self.time()? }),
            StepKind::Script => {
                let script = self.text("Write the script to run.");
                let timeout = if form.time == 0 {
                    None
                } else {
                    Some(self.time()?)
                };
                Some(Action::Evaluate {
                    script: script?,
                    timeout,
                })
            }
            StepKind::Collect => self.collect(),
            StepKind::Repeat => self.repeat(),
        }
    }

    fn collect(self) -> Option<Action> {
        let path = format!("{}.extract", self.path);
        let blank = self.form.extract.iter().all(|row| {
            [&row.name, &row.selector, &row.attribute]
                .iter()
                .all(|typed| typed.trim().is_empty())
        });
        if blank {
            self.problems.add(path, "Say what to collect.");
            return None;
        }
        let extract = extract(&self.form.extract, &path, self.problems)?;
        Some(Action::Collect { extract })
    }

    fn repeat(mut self) -> Option<Action> {
        let form = self.form;
        let selector = self.selector("Say what to look at before each round.");
        if !ROUNDS.contains(&form.max_rounds) {
            self.problem("max_rounds", "Choose between 1 and 1,000 rounds.");
        }
        if form.steps.is_empty() {
            self.problem("steps", "Add a step to repeat.");
        }
        for (row, inner) in form.steps.iter().enumerate() {
            if inner.kind == StepKind::Repeat {
                self.problem(
                    &format!("steps.{row}"),
                    "A repeat can't stand inside a repeat.",
                );
            }
        }
        // A repeat in a repeat is already a problem; it is not looked into.
        let inner: Vec<StepForm> = form
            .steps
            .iter()
            .filter(|step| step.kind != StepKind::Repeat)
            .cloned()
            .collect();
        let actions = if inner.len() == form.steps.len() {
            actions(&inner, &format!("{}.steps", self.path), self.problems)
        } else {
            Vec::new()
        };
        let selector = selector?;
        Some(Action::While {
            condition: if form.while_visible {
                Condition::SelectorVisible { selector }
            } else {
                Condition::SelectorInvisible { selector }
            },
            actions: actions.into_iter().filter_map(LoopAction::new).collect(),
            max_iterations: form.max_rounds,
        })
    }

    fn selector(&mut self, message: &str) -> Option<String> {
        let selector = selector::to_wire(&self.form.selector);
        if selector.is_none() {
            self.problem("selector", message);
        }
        selector
    }

    /// As typed: spaces may be wanted.
    fn text(&mut self, message: &str) -> Option<String> {
        if text(&self.form.text).is_none() {
            self.problem("text", message);
            return None;
        }
        Some(self.form.text.clone())
    }

    fn time(&mut self) -> Option<u64> {
        if !TIME.contains(&self.form.time) {
            self.problem("time", "Choose a time of at most 5 minutes.");
            return None;
        }
        Some(self.form.time.into())
    }

    fn problem(&mut self, field: &str, message: &str) {
        self.problems.add(format!("{}.{field}", self.path), message);
    }
}

fn wait_state(state: StepState) -> Option<WaitState> {
    match state {
        StepState::Default => None,
        StepState::Visible => Some(WaitState::Visible),
        StepState::Attached => Some(WaitState::Attached),
        StepState::Hidden => Some(WaitState::Hidden),
    }
}

fn step_from_action(action: &Action) -> StepForm {
    let mut step = blank(StepKind::Click);
    match action {
        Action::Click {
            selector,
            wait_for_navigation,
            optional,
        } => {
            step.selector = selector::from_wire(selector);
            step.wait_for_navigation = *wait_for_navigation;
            step.optional = *optional;
        }
        Action::Input { selector, text } => {
            step.kind = StepKind::Input;
            step.selector = selector::from_wire(selector);
            step.text.clone_from(text);
        }
        Action::Select { selector, value } => {
            step.kind = StepKind::Select;
            step.selector = selector::from_wire(selector);
            step.text.clone_from(value);
        }
        Action::KeyPress { key } => {
            step.kind = StepKind::KeyPress;
            step.text.clone_from(key);
        }
        Action::WaitForSelector {
            selector,
            time,
            state,
        } => {
            step.kind = StepKind::WaitFor;
            step.selector = selector::from_wire(selector);
            step.time = millis(*time);
            step.state = match state {
                None => StepState::Default,
                Some(WaitState::Visible) => StepState::Visible,
                Some(WaitState::Attached) => StepState::Attached,
                Some(WaitState::Hidden) => StepState::Hidden,
            };
        }
        Action::WaitForTimeout { time } => {
            step.kind = StepKind::Wait;
            step.time = millis(*time);
        }
        Action::Evaluate { script, timeout } => {
            step.kind = StepKind::Script;
            step.text.clone_from(script);
            step.time = timeout.map_or(0, millis);
        }
        Action::Collect { extract } => {
            step.kind = StepKind::Collect;
            step.extract = fields_from_extract(extract);
        }
        Action::While {
            condition,
            actions,
            max_iterations,
        } => {
            step.kind = StepKind::Repeat;
            let (selector, visible) = match condition {
                Condition::SelectorVisible { selector } => (selector, true),
                Condition::SelectorInvisible { selector } => (selector, false),
            };
            step.selector = selector::from_wire(selector);
            step.while_visible = visible;
            step.max_rounds = *max_iterations;
            step.steps = actions
                .iter()
                .map(|inner| step_from_action(inner.action()))
                .collect();
        }
    }
    step
}

/// The window's own defaults for a new step.
fn blank(kind: StepKind) -> StepForm {
    StepForm {
        kind,
        selector: String::new(),
        text: String::new(),
        time: 0,
        state: StepState::Default,
        optional: false,
        wait_for_navigation: false,
        while_visible: true,
        max_rounds: 20,
        steps: Vec::new(),
        extract: Vec::new(),
    }
}

fn millis(time: u64) -> u32 {
    time.try_into().unwrap_or(u32::MAX)
}
