//! The vendor's Python SDK judges the engine: `tests/conformance` runs its whole public surface.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use scrapingpros_tests::{EngineProgram, python_with_sdk};

#[test]
fn the_vendors_sdk_finds_nothing_wrong() {
    let python = python_with_sdk();
    let site_port = free_port();
    let site = format!("127.0.0.1:{site_port}");
    let proxy = format!("AR=http://{site}");
    let engine = EngineProgram::start_with(&[&site], &[&proxy]);
    let tests = Command::new(python)
        .args(["-m", "pytest"])
        .current_dir(suite())
        .env("SCRAPINGPROS_URL", &engine.url)
        .env("SCRAPINGPROS_KEY", &engine.key)
        .env("SCRAPINGPROS_ENGINE_DATA", engine.data())
        .env("SCRAPINGPROS_SITE_PORT", site_port.to_string())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env_remove("SP_TOKEN")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&tests.stdout);
    assert!(tests.status.success(), "{told}");
    println!("{told}");
}

fn suite() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
