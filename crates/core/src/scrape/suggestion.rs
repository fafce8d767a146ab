//! A suggested request as a form, and what it changes, in words.

use std::collections::BTreeMap;

use scrapingpros::types::{Format, HttpMethod, PostEncoding, Proxy, ScrapeRequest};
use serde_json::{Map, Value};

use super::address::read_address;
use super::steps::{fields_from_extract, steps_from_actions};
use super::{FormFormat, FormMethod, FormWindow, PairForm, ScrapeForm};
use crate::results::ChangeView;

/// `request` laid over the form that led to it. Suggestions often name only what they change, so
/// what one leaves out stays as the person had it.
pub fn form_from_request(request: &ScrapeRequest, base: &ScrapeForm) -> ScrapeForm {
    let mut form = base.clone();
    let same_address =
        read_address(&base.address, &[]).is_ok_and(|address| address.as_str() == request.url);
    if !same_address && !request.url.is_empty() {
        form.address.clone_from(&request.url);
    }
    form.browser |= request.browser;
    form.screenshot |= request.screenshot;
    form.retry_on_block |= request.retry_on_block;
    form.format = match request.format {
        Some(Format::Html) => FormFormat::Html,
        Some(Format::Markdown) => FormFormat::Markdown,
        None => base.format,
    };
    if let Some(proxy) = &request.use_proxy {
        form.location = match proxy {
            Proxy::Code(code) => code.clone(),
            Proxy::Config(config) => config.proxy.clone(),
        };
    }
    if let Some(extract) = &request.extract {
        form.extract = fields_from_extract(extract);
    }
    if let Some(actions) = &request.actions {
        form.steps = steps_from_actions(actions);
    }
    if let Some(capture) = &request.network_capture {
        form.record_network = true;
        form.network_pattern = capture.url_pattern.clone().unwrap_or_default();
    }
    form.window_size = match request.window_size.as_deref() {
        Some("desktop") => FormWindow::Desktop,
        Some("mobile") => FormWindow::Mobile,
        Some("any") => FormWindow::Any,
        Some(_) | None => base.window_size,
    };
    if let Some(language) = &request.language {
        form.language.clone_from(language);
    }
    if let Some(headers) = &request.headers {
        form.headers = header_pairs(headers);
    }
    if let Some(cookies) = &request.cookies {
        form.cookies = pairs(cookies);
    }
    if let Some(kinds) = &request.block_resources {
        form.block_resources.clone_from(kinds);
    }
    if let Some(parts) = &request.block_requests {
        form.block_requests.clone_from(parts);
    }
    if let Some(method) = &request.http_method {
        set_method(&mut form, method);
    }
    form
}

/// What `to` does differently, in the order of the screen.
pub fn changes(from: &ScrapeForm, to: &ScrapeForm) -> Vec<ChangeView> {
    let mut list = Changes(Vec::new());
    list.add(
        "Visit another address",
        "The page can be reached there.",
        from.address.clone(),
        to.address.clone(),
    );
    list.add(
        "Use a real browser",
        "The site sees a normal visit, with scripts and images.",
        switch(from.browser),
        switch(to.browser),
    );
    list.add(
        "Visit through a proxy",
        "The site sees a visitor from there. No extra credits.",
        place(&from.location),
        place(&to.location),
    );
    list.add(
        "Let the service try again if blocked",
        "Up to 3 times. You pay only for the one that works.",
        switch(from.retry_on_block),
        switch(to.retry_on_block),
    );
    list.add(
        "Take a screenshot",
        "A picture of the whole page.",
        switch(from.screenshot),
        switch(to.screenshot),
    );
    list.add(
        "Result as",
        "The form in which the page is kept.",
        format_word(from.format),
        format_word(to.format),
    );
    list.add(
        "Collect data",
        "What is read from the page.",
        count(from.extract.len(), "column", from.extract != to.extract),
        count(to.extract.len(), "column", false),
    );
    list.add(
        "Steps on the page",
        "What the browser does before the page is read.",
        count(from.steps.len(), "step", from.steps != to.steps),
        count(to.steps.len(), "step", false),
    );
    list.add(
        "Record what the page loads",
        "The data that the page fetches by itself.",
        recording(from),
        recording(to),
    );
    list.add(
        "Window size",
        "Some sites send another page to phones.",
        window_word(from.window_size),
        window_word(to.window_size),
    );
    list.add(
        "Language",
        "The language that the site is asked for.",
        or_else(&from.language, "As the site decides"),
        or_else(&to.language, "As the site decides"),
    );
    list.add(
        "Headers",
        "Facts about the visitor that are sent along.",
        count(from.headers.len(), "header", from.headers != to.headers),
        count(to.headers.len(), "header", false),
    );
    list.add(
        "Cookies",
        "What the site remembers about the visitor.",
        count(from.cookies.len(), "cookie", from.cookies != to.cookies),
        count(to.cookies.len(), "cookie", false),
    );
    list.add(
        "Do not load",
        "Parts that are left out to be quicker.",
        left_out(from),
        left_out(to),
    );
    list.add(
        "How the page is opened",
        "Some pages only answer to a form.",
        method_word(from.method),
        method_word(to.method),
    );
    list.0
}

struct Changes(Vec<ChangeView>);

impl Changes {
    fn add(&mut self, title: &str, explanation: &str, from: String, to: String) {
        if from != to {
            self.0.push(ChangeView {
                title: title.to_owned(),
                explanation: explanation.to_owned(),
                from,
                to,
            });
        }
    }
}

fn switch(on: bool) -> String {
    if on { "On" } else { "Off" }.to_owned()
}

/// "Any country", "Germany", …
pub(super) fn place(location: &str) -> String {
    match location.trim() {
        "" => "No proxy".to_owned(),
        any if any.eq_ignore_ascii_case("any") => "Any country".to_owned(),
        code => country(code),
    }
}

/// A country's name; the code itself when nobody knows it.
pub(super) fn country(code: &str) -> String {
    isocountry::CountryCode::for_alpha2_caseless(code)
        .map_or_else(|_| code.to_owned(), |country| country.name().to_owned())
}

fn format_word(format: FormFormat) -> String {
    match format {
        FormFormat::Html => "HTML",
        FormFormat::Markdown => "Markdown",
    }
    .to_owned()
}

fn window_word(size: FormWindow) -> String {
    match size {
        FormWindow::Default => "As the service decides",
        FormWindow::Desktop => "Desktop",
        FormWindow::Mobile => "Phone",
        FormWindow::Any => "Any",
    }
    .to_owned()
}

fn method_word(method: FormMethod) -> String {
    match method {
        FormMethod::Get => "Open the page",
        FormMethod::PostForm => "Send a form",
        FormMethod::PostJson => "Send JSON",
    }
    .to_owned()
}

/// "2 columns"; "2 earlier columns" on the side that is replaced, so that two of the same number
/// still read as a change.
fn count(number: usize, noun: &str, differs: bool) -> String {
    let word = if differs { "earlier " } else { "" };
    match number {
        0 => "None".to_owned(),
        1 => format!("1 {word}{noun}"),
        many => format!("{many} {word}{noun}s"),
    }
}

fn recording(form: &ScrapeForm) -> String {
    match (form.record_network, form.network_pattern.trim()) {
        (false, _) => "Off".to_owned(),
        (true, "") => "On".to_owned(),
        (true, pattern) => format!("On, with content of {pattern}"),
    }
}

fn left_out(form: &ScrapeForm) -> String {
    let parts: Vec<&str> = form
        .block_resources
        .iter()
        .chain(&form.block_requests)
        .map(String::as_str)
        .collect();
    or_else(&parts.join(", "), "Nothing")
}

fn or_else(text: &str, empty: &str) -> String {
    if text.is_empty() { empty } else { text }.to_owned()
}

fn header_pairs(headers: &BTreeMap<String, String>) -> Vec<PairForm> {
    headers
        .iter()
        .map(|(name, value)| PairForm {
            name: name.clone(),
            value: value.clone(),
        })
        .collect()
}

fn pairs(values: &Map<String, Value>) -> Vec<PairForm> {
    values
        .iter()
        .map(|(name, value)| PairForm {
            name: name.clone(),
            value: value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned),
        })
        .collect()
}

fn set_method(form: &mut ScrapeForm, method: &HttpMethod) {
    match method {
        HttpMethod::Get => form.method = FormMethod::Get,
        HttpMethod::Post {
            payload: Value::Object(fields),
            content_type: Some(PostEncoding::Form),
            ..
        } => {
            form.method = FormMethod::PostForm;
            form.post_fields = pairs(fields);
        }
        HttpMethod::Post { payload, .. } => {
            form.method = FormMethod::PostJson;
            form.post_json = if payload.is_null() {
                String::new()
            } else {
                format!("{payload:#}")
            };
        }
    }
}
