#!/usr/bin/env bash
# Builds for release and measures, with peers and floors from the same run.
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

say "A run on the engine, beside Scrapy when SCRAPY_PYTHON names a Python that has it; then 50,000 pages"
cargo bench --locked --quiet -p local-engine --bench run_throughput
cargo bench --locked --quiet -p local-engine --bench run_throughput -- --scale 50000

say "Taking in runs, beside the vendor's SDK when SDK_PYTHON names a Python that has it; imports; exports"
cargo bench --locked --quiet -p scrapingpros-core --bench drain
cargo bench --locked --quiet -p scrapingpros-core --bench import
cargo bench --locked --quiet -p scrapingpros-core --bench exports
