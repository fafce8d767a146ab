#!/usr/bin/env bash
# Installs what is missing, builds the app and opens it. With no display it performs the main job
# once in a private one and keeps pictures of the window in target/demo/.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/prerequisites.sh

has_display() { [ "$(uname)" != Linux ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }

# shellcheck disable=SC2086 # lists of names
if has_display; then need_packages $BUILD_PACKAGES; else need_packages $BUILD_PACKAGES $DISPLAY_PACKAGES; fi
need_tools
build_ui

if has_display; then
  say "Building the app (the first time takes some minutes)"
  cargo build --release --locked -p scrapingpros-desktop
  say "Opening Scraping Pros"
  exec target/release/scrapingpros-desktop "$@"
fi

say "No display here: the app opens in a private one and does the main job once"
cargo build --release --locked -p scrapingpros-desktop -p scrapingpros-tests --bin scrapingpros-desktop --bin demo
target/release/demo target/demo
say "Done. The pictures and the saved file are in target/demo/"
ls -l target/demo
