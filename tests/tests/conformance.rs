//! The vendor's Python SDK judges the engine: `tests/conformance` runs its whole public surface.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use scrapingpros_tests::EngineProgram;

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

/// The Python of an environment with what `requirements.txt` pins, made once.
fn python_with_sdk() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/conformance-venv");
    let python = folder.join("bin/python");
    let wanted = fs::read(suite().join("requirements.txt")).unwrap();
    let installed = folder.join("installed.txt");
    if fs::read(&installed).is_ok_and(|has| has == wanted) {
        return python;
    }
    run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&folder));
    // Wheels only: nothing is built, so nothing of a package runs while it is installed.
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--only-binary", ":all:"])
        .args(["--disable-pip-version-check", "--requirement"])
        .arg(suite().join("requirements.txt")));
    fs::write(installed, wanted).unwrap();
    python
}

fn run(command: &mut Command) {
    let done = command.stdin(Stdio::null()).output();
    let done = done.unwrap_or_else(|error| panic!("{command:?} did not start: {error}"));
    assert!(
        done.status.success(),
        "{command:?} failed; on Debian and Ubuntu it needs the package python3-venv\n{}{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
