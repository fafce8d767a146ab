//! The vendor's Python SDK, which judges the engine and runs what the app copies.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The Python of an environment with what `requirements.txt` pins, made once.
pub fn python_with_sdk() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/conformance-venv");
    let python = folder.join("bin/python");
    let wanted = fs::read(conformance().join("requirements.txt")).unwrap();
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
        .arg(conformance().join("requirements.txt")));
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

fn conformance() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance")
}
