//! The form and the wire say the same, and every problem is at its field.

use scrapingpros_core::scrape::{
    FieldForm, FormFormat, FormMethod, FormWindow, PairForm, ScrapeForm, StepForm, StepKind,
    StepState, changes, form_from_request, request_from_form,
};
use serde_json::{Value, json};

use crate::page_form;

fn step(kind: StepKind) -> StepForm {
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

fn pair(name: &str, value: &str) -> PairForm {
    PairForm {
        name: name.into(),
        value: value.into(),
    }
}

fn column(name: &str, selector: &str) -> FieldForm {
    FieldForm {
        name: name.into(),
        selector: selector.into(),
        ..FieldForm::default()
    }
}

/// Everything that can be filled in.
fn full() -> ScrapeForm {
    ScrapeForm {
        browser: true,
        screenshot: true,
        format: FormFormat::Markdown,
        location: "any".into(),
        extract: vec![
            column("title", "h1"),
            FieldForm {
                attribute: "href".into(),
                multiple: true,
                ..column("links", "//a")
            },
        ],
        steps: vec![
            StepForm {
                selector: "#more".into(),
                optional: true,
                ..step(StepKind::Click)
            },
            StepForm {
                selector: "#q".into(),
                text: " two words ".into(),
                ..step(StepKind::Input)
            },
            StepForm {
                selector: "#size".into(),
                text: "xl".into(),
                ..step(StepKind::Select)
            },
            StepForm {
                text: "Enter".into(),
                ..step(StepKind::KeyPress)
            },
            StepForm {
                selector: ".price".into(),
                time: 5000,
                state: StepState::Attached,
                ..step(StepKind::WaitFor)
            },
            StepForm {
                time: 250,
                ..step(StepKind::Wait)
            },
            StepForm {
                text: "document.title".into(),
                ..step(StepKind::Script)
            },
            StepForm {
                selector: "a.next".into(),
                max_rounds: 3,
                steps: vec![StepForm {
                    extract: vec![column("name", ".name")],
                    ..step(StepKind::Collect)
                }],
                ..step(StepKind::Repeat)
            },
        ],
        retry_on_block: true,
        record_network: true,
        network_pattern: "*api*".into(),
        window_size: FormWindow::Mobile,
        language: "es-AR".into(),
        headers: vec![pair("X-Test", "1")],
        cookies: vec![pair("session", "abc")],
        block_resources: vec!["image".into()],
        block_requests: vec!["doubleclick".into()],
        method: FormMethod::PostForm,
        post_fields: vec![pair("q", "tents")],
        ..page_form()
    }
}

#[test]
fn every_field_reaches_the_wire_and_comes_back() {
    let request = request_from_form(&full(), &[]).unwrap();
    let expected = json!({
        "url": "https://shop.example/tents", "format": "markdown", "browser": true,
        "use_proxy": "any", "screenshot": true,
        "actions": [
            {"type": "click", "selector": "css:#more", "wait_for_navigation": false, "optional": true},
            {"type": "input", "selector": "css:#q", "text": " two words "},
            {"type": "select", "selector": "css:#size", "value": "xl"},
            {"type": "key-press", "key": "Enter"},
            {"type": "wait-for-selector", "selector": "css:.price", "time": 5000, "state": "attached"},
            {"type": "wait-for-timeout", "time": 250},
            {"type": "evaluate", "script": "document.title"},
            {"type": "while", "condition": {"type": "selector-visible", "selector": "css:a.next"},
             "actions": [{"type": "collect", "extract": {"name": "css:.name"}}], "max_iterations": 3},
        ],
        "language": "es-AR",
        "http_method": {"method": "post", "payload": {"q": "tents"}, "content_type": "form"},
        "headers": {"X-Test": "1"}, "window_size": "mobile", "cookies": {"session": "abc"},
        "extract": {"title": "css:h1",
                    "links": {"selector": "xpath://a", "multiple": true, "attribute": "href"}},
        "network_capture": {"url_pattern": "*api*"}, "retry_on_block": true,
        "block_resources": ["image"], "block_requests": ["doubleclick"],
    });
    assert_eq!(serde_json::to_value(&request).unwrap(), expected);
    assert_eq!(
        form_from_request(&request, &ScrapeForm::default()),
        full(),
        "a suggestion fills the same form"
    );
}

#[test]
fn empty_rows_are_nothing() {
    let form = ScrapeForm {
        extract: vec![FieldForm::default(), column(" ", "  ")],
        headers: vec![pair("", " ")],
        cookies: vec![PairForm::default()],
        block_requests: vec!["  ".into()],
        ..page_form()
    };
    let request = request_from_form(&form, &[]).unwrap();
    let sent = serde_json::to_value(&request).unwrap();
    assert_eq!(
        sent,
        json!({"url": "https://shop.example/tents", "format": "html"})
    );
}

#[test]
fn each_problem_names_its_field() {
    let browser = || ScrapeForm {
        browser: true,
        ..page_form()
    };
    let with_steps = |steps: Vec<StepForm>| ScrapeForm { steps, ..browser() };
    let nested = StepForm {
        selector: "a".into(),
        steps: vec![step(StepKind::Wait), step(StepKind::Repeat)],
        ..step(StepKind::Repeat)
    };
    let inner = StepForm {
        selector: "a".into(),
        steps: vec![step(StepKind::KeyPress)],
        max_rounds: 0,
        ..step(StepKind::Repeat)
    };
    let cases: Vec<(ScrapeForm, &[&str])> = vec![
        (ScrapeForm::default(), &["address"]),
        (
            ScrapeForm {
                screenshot: true,
                ..page_form()
            },
            &["screenshot"],
        ),
        (
            ScrapeForm {
                steps: vec![StepForm {
                    time: 5,
                    ..step(StepKind::Wait)
                }],
                ..page_form()
            },
            &["steps"],
        ),
        (
            ScrapeForm {
                record_network: true,
                ..page_form()
            },
            &["record_network"],
        ),
        (
            ScrapeForm {
                block_resources: vec!["image".into()],
                ..page_form()
            },
            &["block_resources"],
        ),
        (
            ScrapeForm {
                block_resources: vec!["ads".into()],
                ..browser()
            },
            &["block_resources.0"],
        ),
        (
            ScrapeForm {
                location: "Atlantis".into(),
                ..page_form()
            },
            &["location"],
        ),
        (
            ScrapeForm {
                language: "español".into(),
                ..page_form()
            },
            &["language"],
        ),
        (
            ScrapeForm {
                extract: vec![column("a", ""), column("", "h1"), column("a", "h2")],
                ..page_form()
            },
            &["extract.0.selector", "extract.1.name", "extract.2.name"],
        ),
        (
            ScrapeForm {
                headers: vec![
                    pair("a b", "1"),
                    pair("X", "a\r\nb"),
                    pair("", "v"),
                    pair("x", "2"),
                ],
                ..page_form()
            },
            &[
                "headers.2.name",
                "headers.0.name",
                "headers.1.value",
                "headers.3.name",
            ],
        ),
        (
            ScrapeForm {
                cookies: vec![pair("a", "b;c"), pair("a", "d")],
                ..page_form()
            },
            &["cookies.0.value", "cookies.1.name"],
        ),
        (
            ScrapeForm {
                method: FormMethod::PostJson,
                post_json: "{\"a\":\n 1,}".into(),
                ..page_form()
            },
            &["post_json"],
        ),
        (
            ScrapeForm {
                method: FormMethod::PostJson,
                post_json: "7".into(),
                ..page_form()
            },
            &["post_json"],
        ),
        (
            ScrapeForm {
                method: FormMethod::PostForm,
                post_fields: vec![pair("q", "1"), pair("q", "2")],
                ..page_form()
            },
            &["post_fields.1.name"],
        ),
        (
            with_steps(vec![step(StepKind::Click), step(StepKind::Input)]),
            &["steps.0.selector", "steps.1.selector", "steps.1.text"],
        ),
        (
            with_steps(vec![step(StepKind::WaitFor), step(StepKind::Wait)]),
            &["steps.0.selector", "steps.0.time", "steps.1.time"],
        ),
        (
            with_steps(vec![step(StepKind::Collect), step(StepKind::Script)]),
            &["steps.0.extract", "steps.1.text"],
        ),
        (
            with_steps(vec![StepForm {
                extract: vec![column("a", "")],
                ..step(StepKind::Collect)
            }]),
            &["steps.0.extract.0.selector"],
        ),
        (
            with_steps(vec![step(StepKind::Repeat)]),
            &["steps.0.selector", "steps.0.steps"],
        ),
        (with_steps(vec![nested]), &["steps.0.steps.1"]),
        (
            with_steps(vec![inner]),
            &["steps.0.max_rounds", "steps.0.steps.0.text"],
        ),
    ];
    for (form, expected) in cases {
        let problems = request_from_form(&form, &[]).unwrap_err();
        let fields: Vec<&str> = problems.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(fields, expected, "{form:?}");
        for problem in &problems {
            assert!(
                problem.message.ends_with('.'),
                "a sentence: {}",
                problem.message
            );
        }
    }
}

#[test]
fn broken_json_says_where() {
    let form = ScrapeForm {
        method: FormMethod::PostJson,
        post_json: "{\"a\":\n 1,}".into(),
        ..page_form()
    };
    let problems = request_from_form(&form, &[]).unwrap_err();
    assert_eq!(
        problems[0].message,
        "This is not JSON: look at line 2, letter 4."
    );
}

#[test]
fn a_suggestion_that_names_little_changes_little() {
    let base = ScrapeForm {
        address: "shop.example/tents".into(),
        extract: vec![column("title", "h1")],
        ..ScrapeForm::default()
    };
    let suggested: Value =
        json!({"url": "https://shop.example/tents", "browser": true, "use_proxy": "DE"});
    let request = serde_json::from_value(suggested).unwrap();
    let form = form_from_request(&request, &base);
    assert_eq!(form.extract, base.extract, "what was asked for is kept");
    assert_eq!(form.address, base.address, "the same page as typed");
    let told: Vec<(String, String, String)> = changes(&base, &form)
        .into_iter()
        .map(|change| (change.title, change.from, change.to))
        .collect();
    let told: Vec<(&str, &str, &str)> = told
        .iter()
        .map(|(title, from, to)| (title.as_str(), from.as_str(), to.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("Use a real browser", "Off", "On"),
            ("Visit through a proxy", "No proxy", "Germany"),
        ]
    );
    assert!(changes(&base, &base).is_empty(), "nothing to tell");
}
