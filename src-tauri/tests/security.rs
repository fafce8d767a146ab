//! The page's powers are exactly those written down here: a change of any must be seen in review.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn read_json(name: &str) -> Value {
    serde_json::from_str(&read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn the_page_runs_only_its_own_scripts_and_reaches_no_network() {
    let config = read_json("tauri.conf.json");
    assert_eq!(
        config["app"]["security"]["csp"],
        json!({
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self' preview: http://preview.localhost",
            "font-src": "'self'",
            "frame-src": "preview: http://preview.localhost",
            "connect-src": "ipc: http://ipc.localhost",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
            "object-src": "'none'"
        }),
        "the content security policy"
    );
    assert_eq!(config["app"]["withGlobalTauri"], json!(false));
    assert_eq!(
        config["app"]["windows"],
        json!([]),
        "the window is built in Rust, where navigation and new windows are refused"
    );
    assert!(
        config["build"].get("devUrl").is_none(),
        "a server address would be loaded instead of the built-in page"
    );
}

#[test]
fn the_page_may_call_the_apps_commands_and_listen_for_events_and_nothing_else() {
    let capability = read_json("capabilities/main.json");
    assert_eq!(capability["windows"], json!(["main"]), "one window");
    for power in ["remote", "webviews", "platforms"] {
        assert!(
            capability.get(power).is_none(),
            "no {power} in the capability"
        );
    }
    let granted: BTreeSet<String> = capability["permissions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|permission| permission.as_str().unwrap().to_owned())
        .collect();
    let expected: BTreeSet<String> = desktop::COMMAND_NAMES
        .iter()
        .map(|name| format!("allow-{}", name.replace('_', "-")))
        .chain([
            "core:event:allow-listen".to_owned(),
            "core:event:allow-unlisten".to_owned(),
        ])
        .collect();
    assert_eq!(
        granted, expected,
        "no dialog, fs, shell, http or other permission"
    );
    let files = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("capabilities"));
    assert_eq!(files.unwrap().count(), 1, "no second capability file");
}

#[test]
fn every_command_of_the_bindings_is_declared_to_tauri() {
    let bindings = read("../ui/src/backend/bindings.ts");
    let called: BTreeSet<&str> = bindings
        .split("__TAURI_INVOKE(\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let declared: BTreeSet<&str> = desktop::COMMAND_NAMES.iter().copied().collect();
    assert_eq!(called, declared, "src/command_names.rs and the bindings");
}
