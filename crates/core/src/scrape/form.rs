//! What the person filled in on the scrape screen. No field is optional: empty means "not set".

use serde::{Deserialize, Serialize};
use specta::Type;

/// The whole scrape form, as it is remembered between starts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct ScrapeForm {
    /// As typed; a missing scheme becomes https.
    pub address: String,
    pub browser: bool,
    pub screenshot: bool,
    pub format: FormFormat,
    /// Empty: no proxy. `any`: rotation. Else an ISO country code.
    pub location: String,
    pub extract: Vec<FieldForm>,
    pub steps: Vec<StepForm>,
    pub retry_on_block: bool,
    pub record_network: bool,
    /// Glob of addresses whose bodies are kept; empty keeps none.
    pub network_pattern: String,
    pub window_size: FormWindow,
    /// Such as `es-AR`; empty lets the site decide.
    pub language: String,
    pub headers: Vec<PairForm>,
    pub cookies: Vec<PairForm>,
    /// Kinds of content not to load: `image`, `stylesheet`, `font`, `media`, `script`, `xhr`, `fetch`.
    pub block_resources: Vec<String>,
    /// Parts of addresses not to load.
    pub block_requests: Vec<String>,
    pub method: FormMethod,
    /// JSON text, or with [`FormMethod::PostForm`] nothing.
    pub post_json: String,
    pub post_fields: Vec<PairForm>,
}

impl Default for ScrapeForm {
    fn default() -> Self {
        Self {
            address: String::new(),
            browser: false,
            screenshot: false,
            format: FormFormat::Html,
            location: String::new(),
            extract: Vec::new(),
            steps: Vec::new(),
            retry_on_block: false,
            record_network: false,
            network_pattern: String::new(),
            window_size: FormWindow::Default,
            language: String::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            block_resources: Vec::new(),
            block_requests: Vec::new(),
            method: FormMethod::Get,
            post_json: String::new(),
            post_fields: Vec::new(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FormFormat {
    Html,
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FormWindow {
    /// The service decides.
    Default,
    Desktop,
    Mobile,
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FormMethod {
    Get,
    PostForm,
    PostJson,
}

/// A name and a value: header, cookie or form entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PairForm {
    pub name: String,
    pub value: String,
}

/// One column of the extracted table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FieldForm {
    pub name: String,
    /// CSS, or XPath when it starts with `/`, `(` or `xpath:`; a `css:` prefix is accepted.
    pub selector: String,
    /// Empty: the text.
    pub attribute: String,
    /// All matches instead of the first.
    pub multiple: bool,
}

/// A browser step in the person's words. Only the fields of its kind are used; the others keep
/// what was typed, so that changing a step's kind loses nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct StepForm {
    pub kind: StepKind,
    /// Where on the page: click, input, select, wait_for, and the condition of repeat.
    pub selector: String,
    /// Text to type, value to choose, key to press, or script to run.
    pub text: String,
    /// Milliseconds: wait_for, wait, script.
    pub time: u32,
    /// wait_for: what to wait for.
    pub state: StepState,
    /// click: a missing element is not an error.
    pub optional: bool,
    /// click: wait for the next page.
    pub wait_for_navigation: bool,
    /// repeat: true repeats while the element shows, false while it does not.
    pub while_visible: bool,
    /// repeat: most rounds.
    pub max_rounds: u32,
    /// repeat: its steps (no repeat inside).
    pub steps: Vec<StepForm>,
    /// collect: what to take.
    pub extract: Vec<FieldForm>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    Click,
    Input,
    Select,
    KeyPress,
    WaitFor,
    Wait,
    Script,
    Collect,
    Repeat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// The service decides.
    Default,
    Visible,
    Attached,
    Hidden,
}
