//! Browser steps of a scrape (contract §2.2). Selectors start with `css:` or `xpath:`; times are milliseconds.

use serde::{Deserialize, Serialize};

use super::{Extract, lenient};

/// One browser step. `type` on the wire is the kebab-case variant name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Action {
    /// Presses an element.
    Click {
        /// Which element.
        selector: String,
        /// Waits for the page that the press leads to.
        #[serde(default, deserialize_with = "lenient::null_as_default")]
        wait_for_navigation: bool,
        /// A missing element is then not an error.
        #[serde(default, deserialize_with = "lenient::null_as_default")]
        optional: bool,
    },
    /// Types into a field.
    Input {
        /// Which field.
        selector: String,
        /// What is typed.
        text: String,
    },
    /// Chooses an entry of a `<select>`.
    Select {
        /// Which list.
        selector: String,
        /// The entry's value.
        value: String,
    },
    /// Presses a key, such as `Enter`.
    KeyPress {
        /// DOM key name.
        key: String,
    },
    /// Waits until an element reaches a state.
    WaitForSelector {
        /// Which element.
        selector: String,
        /// Longest wait, ms.
        time: u64,
        /// `None`: the server picks `attached` for head elements, else `visible`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        state: Option<WaitState>,
    },
    /// Waits a fixed time.
    WaitForTimeout {
        /// How long, ms.
        time: u64,
    },
    /// Runs a script; its value is appended to `evaluate_results`.
    Evaluate {
        /// JavaScript.
        script: String,
        /// Longest run, ms. The server's default is 30,000.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timeout: Option<u64>,
    },
    /// Extracts what is on the page now; meant for loops.
    Collect {
        /// What to take.
        extract: Extract,
    },
    /// Repeats steps while a condition holds.
    While {
        /// Checked before each round.
        condition: Condition,
        /// Any step but another loop.
        actions: Vec<LoopAction>,
        /// Most rounds. The server's default is 20.
        #[serde(default = "default_max_iterations")]
        max_iterations: u32,
    },
}

fn default_max_iterations() -> u32 {
    20
}

/// A step inside a loop: every [`Action`] except another loop, which the service refuses.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct LoopAction(Action);

impl LoopAction {
    /// `None` when the step is itself a loop.
    pub fn new(action: Action) -> Option<Self> {
        (!matches!(action, Action::While { .. })).then_some(Self(action))
    }

    /// The step.
    pub fn action(&self) -> &Action {
        &self.0
    }
}

impl<'de> Deserialize<'de> for LoopAction {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let action = Action::deserialize(deserializer)?;
        Self::new(action)
            .ok_or_else(|| serde::de::Error::custom("a while step can't stand inside a while step"))
    }
}

/// What a `while` step checks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Condition {
    /// Holds while the element shows.
    SelectorVisible {
        /// Which element.
        selector: String,
    },
    /// Holds while the element does not show.
    SelectorInvisible {
        /// Which element.
        selector: String,
    },
}

/// What a `wait-for-selector` step waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WaitState {
    /// On the page and seen.
    Visible,
    /// On the page.
    Attached,
    /// Not seen, or gone.
    Hidden,
}
