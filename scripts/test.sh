#!/usr/bin/env bash
# Installs and runs everything that proves the app.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/prerequisites.sh

# shellcheck disable=SC2086 # lists of names
need_packages $BUILD_PACKAGES $DISPLAY_PACKAGES $TEST_PACKAGES
need_tools
build_ui

say "Front end: types, lint, format, logic"
npm --prefix ui run --silent check
npm --prefix ui run --silent test

say "Rust: format and lint"
cargo fmt --all --check
cargo clippy --workspace --all-targets --locked --quiet -- -D warnings

say "Rust: build, with the programs that the window tests start"
cargo build --workspace --locked --quiet
say "Rust: tests of each crate"
cargo test --workspace --exclude scrapingpros-tests --locked --quiet
cargo doc --no-deps --locked --quiet -p scrapingpros

say "Front end in a browser, every screen and state"
npm --prefix ui run --silent test:browser

say "The engine before the vendor's Python SDK, the real window, the real keychain, hostile pages"
cargo test -p scrapingpros-tests --locked -- --test-threads=2

say "All passed. Pictures: target/ui-shots/ and target/window-shots/"
