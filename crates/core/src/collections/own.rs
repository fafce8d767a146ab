//! Options of one page alone, as its row in an imported table has them: words, read when they count.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::scrape::{FormFormat, FormWindow, ScrapeForm};

/// What a column of a table, or a cell of the pages, can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PageColumn {
    Address,
    Label,
    Browser,
    Location,
    Language,
    Format,
    Screenshot,
    WindowSize,
    RetryOnBlock,
}

/// An option of one page alone, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct OwnOption {
    pub option: PageColumn,
    pub value: String,
}

/// A page's own options.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OwnOptions(BTreeMap<PageColumn, String>);

impl OwnOptions {
    /// From its column in the database; what can't be read there is as good as nothing.
    pub fn read(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_default()
    }

    pub fn written(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// An empty value is the option for every page.
    pub fn set(&mut self, option: PageColumn, value: &str) {
        let value = value.trim();
        if value.is_empty() {
            self.0.remove(&option);
        } else {
            self.0.insert(option, value.to_owned());
        }
    }

    pub fn list(self) -> Vec<OwnOption> {
        let own = self.0.into_iter();
        own.map(|(option, value)| OwnOption { option, value })
            .collect()
    }

    /// The options for every page, with these instead; or what is wrong with these.
    pub fn over(&self, options: &ScrapeForm) -> Result<ScrapeForm, String> {
        let mut form = options.clone();
        for (option, value) in &self.0 {
            apply(&mut form, *option, value)?;
        }
        Ok(form)
    }
}

/// Whether a value means something for the option, alone.
pub fn fits(option: PageColumn, value: &str) -> bool {
    apply(&mut ScrapeForm::default(), option, value.trim()).is_ok()
}

fn apply(form: &mut ScrapeForm, option: PageColumn, value: &str) -> Result<(), String> {
    match option {
        PageColumn::Address | PageColumn::Label => {}
        PageColumn::Browser => form.browser = browser(value)?,
        PageColumn::Location => form.location = location(value)?,
        PageColumn::Language => form.language = language(value)?,
        PageColumn::Format => form.format = format(value)?,
        PageColumn::Screenshot => form.screenshot = yes_or_no(value)?,
        PageColumn::WindowSize => form.window_size = window_size(value)?,
        PageColumn::RetryOnBlock => form.retry_on_block = yes_or_no(value)?,
    }
    Ok(())
}

fn browser(value: &str) -> Result<bool, String> {
    match value.to_lowercase().as_str() {
        "browser" | "real browser" => Ok(true),
        "simple" => Ok(false),
        _ => yes_or_no(value),
    }
}

fn yes_or_no(value: &str) -> Result<bool, String> {
    match value.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "on" | "x" => Ok(true),
        "no" | "n" | "false" | "0" | "off" | "-" => Ok(false),
        _ => Err(format!("“{}” is not yes or no.", short(value))),
    }
}

/// A code of two or three letters, or the country's English name.
fn location(value: &str) -> Result<String, String> {
    if value.eq_ignore_ascii_case("any") {
        return Ok("any".into());
    }
    if value == "-" || value.eq_ignore_ascii_case("none") {
        return Ok(String::new());
    }
    let is_it = |country: &&isocountry::CountryCode| {
        [country.alpha2(), country.alpha3(), country.name()]
            .iter()
            .any(|name| name.eq_ignore_ascii_case(value))
    };
    isocountry::CountryCode::as_array()
        .iter()
        .find(is_it)
        .map(|country| country.alpha2().to_owned())
        .ok_or_else(|| format!("“{}” is not a country.", short(value)))
}

fn language(value: &str) -> Result<String, String> {
    let mut parts = value.split('-');
    let is_language = parts.next().is_some_and(|tag| {
        matches!(tag.len(), 2..=3) && tag.bytes().all(|b| b.is_ascii_alphabetic())
    });
    if is_language && parts.all(|part| part.bytes().all(|b| b.is_ascii_alphanumeric())) {
        return Ok(value.to_owned());
    }
    Err(format!(
        "“{}” is not a language like es or es-AR.",
        short(value)
    ))
}

fn format(value: &str) -> Result<FormFormat, String> {
    match value.to_lowercase().as_str() {
        "html" => Ok(FormFormat::Html),
        "markdown" | "md" => Ok(FormFormat::Markdown),
        _ => Err(format!("“{}” is not HTML or Markdown.", short(value))),
    }
}

fn window_size(value: &str) -> Result<FormWindow, String> {
    match value.to_lowercase().as_str() {
        "desktop" => Ok(FormWindow::Desktop),
        "mobile" | "phone" => Ok(FormWindow::Mobile),
        "any" => Ok(FormWindow::Any),
        "default" => Ok(FormWindow::Default),
        _ => Err(format!("“{}” is not desktop, mobile or any.", short(value))),
    }
}

fn short(value: &str) -> String {
    value.chars().take(40).collect()
}
