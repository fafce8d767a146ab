//! The nine kinds of steps, in a real browser.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod browser_lab;

use axum::Router;
use browser_lab::{Lab, eventually, html, page};
use local_engine::page::{FetchedPage, PageError, Stage};
use serde_json::{Value, json};

fn value(page: &FetchedPage, at: usize) -> &Value {
    &page.evaluate_results[at]
}

fn step_error(result: Result<FetchedPage, PageError>) -> (String, &'static str, String) {
    match result {
        Err(PageError::Step {
            index,
            kind,
            message,
        }) => (index, kind, message),
        other => panic!("a step should have failed: {other:?}"),
    }
}

#[tokio::test]
async fn click_is_a_real_press_and_waits_for_the_next_page() {
    let site = Router::new()
        .route(
            "/",
            page(
                "<div style='height:3000px'></div>
                 <button id=b onclick='this.dataset.trusted = event.isTrusted'>Press</button>
                 <a id=next href=/next>Next</a>
                 <div style='position:fixed;inset:0;background:white'>Cookies?</div>",
            ),
        )
        .route(
            "/open",
            page("<div style='height:3000px'></div><button id=b onclick='this.dataset.trusted = event.isTrusted'>Press</button><a id=next href=/next>Next</a>"),
        )
        .route("/next", page("<h1>Arrived</h1>"));
    let lab = Lab::start(site).await;
    let steps = json!([
        {"type": "click", "selector": "css:#b"},
        {"type": "evaluate", "script": "document.querySelector('#b').dataset.trusted"},
        {"type": "click", "selector": "xpath://a[@id='next']", "wait_for_navigation": true},
        {"type": "evaluate", "script": "document.querySelector('h1').textContent"},
    ]);
    let arrived = lab.steps("/open", steps.clone()).await.unwrap();
    assert_eq!(
        value(&arrived, 0),
        "true",
        "pressed with the mouse, far down the page"
    );
    assert_eq!(
        value(&arrived, 1),
        "Arrived",
        "the next page was waited for"
    );
    assert!(
        arrived.final_url.ends_with("/next"),
        "{}",
        arrived.final_url
    );
    assert!(html(&arrived).contains("<h1>Arrived</h1>"));

    let covered = lab.steps("/", steps).await.unwrap();
    assert_eq!(
        value(&covered, 0),
        "false",
        "a banner lies over it, so the page is told"
    );
    assert_eq!(value(&covered, 1), "Arrived");
}

#[tokio::test]
async fn a_step_that_matches_nothing_names_itself_unless_it_is_optional() {
    let lab = Lab::start(Router::new().route("/", page("<p hidden id=p>x</p>"))).await;
    let optional = json!([{"type": "click", "selector": "css:.cookies", "optional": true}]);
    lab.steps("/", optional)
        .await
        .expect("an optional click may find nothing");

    let wait = |selector: &str| {
        json!([
            {"type": "wait-for-timeout", "time": 1},
            {"type": "wait-for-selector", "selector": selector, "time": 300},
        ])
    };
    let missing = step_error(lab.steps("/", wait("css:.price")).await);
    assert_eq!(missing.0, "1", "steps are counted from 0");
    assert_eq!(missing.1, "wait-for-selector");
    assert_eq!(
        missing.2,
        "nothing on the page matches css:.price after 0.3 seconds"
    );
    let unseen = step_error(lab.steps("/", wait("css:#p")).await);
    assert_eq!(
        unseen.2,
        "css:#p is on the page but does not show after 0.3 seconds"
    );

    let unreadable = lab.steps("/", wait("css:div[")).await;
    let Err(PageError::InvalidSelector { field, .. }) = unreadable else {
        panic!("a selector that can't be read: {unreadable:?}");
    };
    assert_eq!(field, "step 1");
}

#[tokio::test]
async fn waits_for_each_state() {
    let site = Router::new().route(
        "/",
        page(
            "<div id=late hidden>late</div><div id=going>going</div><div id=root></div><script>
             setTimeout(() => late.hidden = false, 300);
             setTimeout(() => going.remove(), 400);
             setTimeout(() => root.innerHTML = '<i hidden>here</i>', 500);
             </script>",
        ),
    );
    let lab = Lab::start(site).await;
    let done = lab
        .steps(
            "/",
            json!([
                {"type": "wait-for-selector", "selector": "css:#late", "time": 5000},
                {"type": "wait-for-selector", "selector": "css:#going", "time": 5000, "state": "hidden"},
                {"type": "wait-for-selector", "selector": "xpath://i", "time": 5000, "state": "attached"},
                {"type": "wait-for-selector", "selector": "css:head title", "time": 300},
                {"type": "evaluate", "script": "[!late.hidden, !document.querySelector('#going'), !!document.querySelector('i')]"},
            ]),
        )
        .await
        .unwrap();
    assert_eq!(value(&done, 0), &json!([true, true, true]));
}

#[tokio::test]
async fn input_select_and_keys_are_what_a_person_would_do() {
    let site = Router::new().route(
        "/",
        page(
            "<form onsubmit='event.preventDefault(); out.textContent = new URLSearchParams(new FormData(this))'>
             <input name=q value=old onkeyup='this.dataset.keys = +(this.dataset.keys || 0) + 1'>
             <input name=day type=date><textarea name=t></textarea>
             <select name=s onchange='this.dataset.changed = 1'><option value=a>Apple<option value=b>Big pear</select>
             <input id=locked disabled><button>Send</button></form><div id=edit contenteditable>old</div><p id=out></p>",
        ),
    );
    let lab = Lab::start(site).await;
    let done = lab
        .steps(
            "/",
            json!([
                {"type": "input", "selector": "css:[name=q]", "text": "Blue ü 漢"},
                {"type": "input", "selector": "css:[name=day]", "text": "2026-02-03"},
                {"type": "input", "selector": "css:textarea", "text": "two\nlines"},
                {"type": "input", "selector": "css:#edit", "text": "new"},
                {"type": "select", "selector": "css:select", "value": "Big pear"},
                {"type": "click", "selector": "css:[name=q]"},
                {"type": "key-press", "key": "End"},
                {"type": "key-press", "key": "!"},
                {"type": "key-press", "key": "Enter"},
                {"type": "evaluate", "script": "Object.fromEntries(new URLSearchParams(out.textContent))"},
                {"type": "evaluate", "script": "return [document.forms[0].q.dataset.keys > 5, document.forms[0].s.dataset.changed, edit.textContent]"},
            ]),
        )
        .await
        .unwrap();
    let expected = json!({"q": "Blue ü 漢!", "day": "2026-02-03", "t": "two\nlines", "s": "b"});
    assert_eq!(
        value(&done, 0),
        &expected,
        "Enter sent the form as it was filled"
    );
    assert_eq!(
        value(&done, 1),
        &json!([true, "1", "new"]),
        "keys and change were heard"
    );

    let locked = step_error(
        lab.steps(
            "/",
            json!([{"type": "input", "selector": "css:#locked", "text": "x"}]),
        )
        .await,
    );
    assert_eq!(locked.2, "css:#locked can't be typed into, it is locked");
    let key = step_error(
        lab.steps("/", json!([{"type": "key-press", "key": "Entr"}]))
            .await,
    );
    assert_eq!(
        key,
        ("0".into(), "key-press", "there is no key \"Entr\"".into())
    );
}

#[tokio::test]
async fn evaluate_takes_every_form_in_order_and_says_what_was_thrown() {
    let lab = Lab::start(Router::new().route("/", page("<h1>Hi</h1>"))).await;
    let scripts = [
        "document.title;",
        "const a = 2; return a * 21",
        "new Promise(go => setTimeout(() => go({late: true}), 50))",
        "await Promise.resolve(7)",
        "() => [1, null]",
        "async function later() { return 'x' }",
        "undefined",
        "({a: 1})",
        "let n = 0; for (const i of [1, 2]) n += i; n",
        "2n ** 70n",
        "0 / 0",
    ];
    let steps: Vec<_> = scripts
        .iter()
        .map(|script| json!({"type": "evaluate", "script": script}))
        .collect();
    let done = lab.steps("/", json!(steps)).await.unwrap();
    let expected = json!([
        "Test", 42, {"late": true}, 7, [1, null], "x", null, {"a": 1}, 3, "1180591620717411303424", null
    ]);
    assert_eq!(Value::from(done.evaluate_results), expected);

    for (script, message) in [
        ("nothing.here", "ReferenceError: nothing is not defined"),
        ("throw new Error('my words')", "Error: my words"),
        ("Promise.reject('no')", "no"),
        (
            "JSON.parse('{')",
            "SyntaxError: Expected property name or '}' in JSON at position 1 (line 1 column 2)",
        ),
        ("if (", "SyntaxError: Unexpected end of input"),
    ] {
        let (index, kind, said) = step_error(
            lab.steps("/", json!([{"type": "wait-for-timeout", "time": 0}, {"type": "evaluate", "script": script}])).await,
        );
        assert_eq!(
            (index.as_str(), kind, said.as_str()),
            ("1", "evaluate", message),
            "{script}"
        );
    }
    for endless in ["while (true) {}", "new Promise(() => {})"] {
        let (_, _, said) = step_error(
            lab.steps(
                "/",
                json!([{"type": "evaluate", "script": endless, "timeout": 500}]),
            )
            .await,
        );
        assert_eq!(
            said, "the script did not end within 0.5 seconds",
            "{endless}"
        );
    }
}

#[tokio::test]
async fn while_collects_over_pages_and_keeps_fields_in_step() {
    let mut site = Router::new();
    for (path, body) in [
        (
            "/1",
            "<p class=name>a</p><p class=name>b</p><i>1</i><a class=next href=/2>next</a>",
        ),
        ("/2", "<p class=name>c</p><a class=next href=/3>next</a>"),
        ("/3", "<p class=name>d</p><i>3</i>"),
    ] {
        site = site.route(path, page(body));
    }
    let lab = Lab::start(site).await;
    let collect = json!({"type": "collect", "extract": {"names": {"selector": "css:.name", "multiple": true}, "mark": "css:i"}});
    let steps = json!([
        {"type": "while", "condition": {"type": "selector-visible", "selector": "css:.next"}, "actions": [
            collect,
            {"type": "click", "selector": "css:.next", "wait_for_navigation": true},
        ]},
        collect,
    ]);
    let done = lab.steps("/1", steps).await.unwrap();
    assert_eq!(
        Value::Object(done.collected),
        json!({"names": ["a", "b", "c", "d"], "mark": ["1", null, "3"]})
    );
    let stages = lab.stages.lock().unwrap().clone();
    let steps: Vec<_> = stages
        .iter()
        .filter(|stage| matches!(stage, Stage::Step { .. }))
        .collect();
    assert_eq!(
        steps,
        [
            &Stage::Step { index: 1, total: 2 },
            &Stage::Step { index: 2, total: 2 }
        ],
        "steps are told from 1"
    );
}

#[tokio::test]
async fn while_ends_at_its_limit_and_inner_steps_have_their_own_number() {
    let body = "<button onclick='out.textContent = +out.textContent + 1'>more</button><b id=out>0</b><i hidden id=end></i>";
    let lab = Lab::start(Router::new().route("/", page(body))).await;
    let steps = json!([
        {"type": "while", "condition": {"type": "selector-invisible", "selector": "css:#end"}, "max_iterations": 3, "actions": [
            {"type": "click", "selector": "css:button"},
        ]},
        {"type": "evaluate", "script": "out.textContent"},
    ]);
    assert_eq!(value(&lab.steps("/", steps).await.unwrap(), 0), "3");

    let failing = json!([
        {"type": "wait-for-timeout", "time": 0},
        {"type": "while", "condition": {"type": "selector-visible", "selector": "css:button"}, "actions": [
            {"type": "wait-for-timeout", "time": 0},
            {"type": "wait-for-selector", "selector": "css:.never", "time": 100},
        ]},
    ]);
    assert_eq!(step_error(lab.steps("/", failing).await).0, "1.1");
}

#[tokio::test]
async fn dialogs_popups_and_prompts_never_hold_a_page_up() {
    let site = Router::new()
        .route(
            "/",
            page(
                "<script>alert(1); window.said = [confirm('sure?'), prompt('name?')];
                 addEventListener('beforeunload', (event) => { event.preventDefault(); event.returnValue = 'stay'; });
                 </script><button onclick=\"window.open('/popup'); print(); navigator.geolocation.getCurrentPosition(() => out.textContent='given', (error) => out.textContent = error.code)\">b</button>
                 <input type=file><p id=out></p><a href=/next>next</a>",
            ),
        )
        .route("/popup", page("popup"))
        .route("/next", page("next"));
    let lab = Lab::start(site).await;
    let done = lab
        .steps(
            "/",
            json!([
                {"type": "evaluate", "script": "said"},
                {"type": "click", "selector": "css:[type=file]"},
                {"type": "click", "selector": "css:button"},
                {"type": "wait-for-selector", "selector": "xpath://p[text()]", "time": 5000},
                {"type": "evaluate", "script": "out.textContent"},
                {"type": "click", "selector": "css:a", "wait_for_navigation": true},
            ]),
        )
        .await
        .unwrap();
    assert_eq!(
        value(&done, 0),
        &json!([false, null]),
        "dismissed, not agreed to"
    );
    assert!(
        done.final_url.ends_with("/next"),
        "a page that wants to stay is left: {}",
        done.final_url
    );
    lab.browser.close().await;
    eventually("no process is left", || lab.processes().is_empty()).await;
}
