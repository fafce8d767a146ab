#!/usr/bin/env bash
# Builds for release and measures: prints one JSON line per figure, peers and floors from the same run.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/prerequisites.sh

# shellcheck disable=SC2086 # lists of names
need_packages $BUILD_PACKAGES $DISPLAY_PACKAGES
need_tools
build_ui

say "Building for release"
cargo build --release --locked --quiet -p scrapingpros-desktop --bins --example empty_window

say "The window"
cargo bench --locked --quiet -p scrapingpros-tests --bench window
