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
cargo clippy --workspace --all-targets --features local-engine/faults --locked --quiet -- -D warnings

say "Rust: build everything once, with the switches that make the engine fail on purpose"
cargo test --workspace --locked --features local-engine/faults --no-run --quiet

say "Front end in a browser, every screen and state"
npm --prefix ui run --silent test:browser

say "Rust: each crate, the engine before the vendor's Python SDK, the real window, the real keychain, hostile pages"
# Where apt has just installed it, exports must be read by LibreOffice.
command -v apt-get >/dev/null && export TESTS_REQUIRE_LIBREOFFICE=1
cargo test --workspace --locked --features local-engine/faults --quiet -- --test-threads=2
cargo doc --no-deps --locked --quiet -p scrapingpros

say "All passed. Pictures: target/ui-shots/ and target/window-shots/"
