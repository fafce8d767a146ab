# Sourced by run.sh and test.sh: what the machine must have before anything is built.

say() { printf '\n==> %s\n' "$*"; }
stop() { printf '\n%s\n' "$*" >&2; exit 1; }

BUILD_PACKAGES="build-essential pkg-config curl libwebkit2gtk-4.1-dev libssl-dev"
DISPLAY_PACKAGES="xvfb xdotool dbus webkit2gtk-driver gnome-keyring libsecret-tools fonts-dejavu-core fonts-noto-core chromium"
TEST_PACKAGES="python3-venv xclip libreoffice-calc-nogui"

# apt on Debian and Ubuntu; elsewhere a list of what to install.
need_packages() {
  if command -v apt-get >/dev/null; then
    local package missing=""
    for package in "$@"; do
      dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -z "$missing" ] && return
    say "Installing$missing"
    local root=""
    [ "$(id -u)" = 0 ] || root=sudo
    $root apt-get update -q
    # shellcheck disable=SC2086 # a list of names
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $missing
    return
  fi
  [ "$(uname)" = Darwin ] && { xcode-select -p >/dev/null 2>&1 || stop "Install the command line tools first: xcode-select --install"; return; }
  pkg-config --exists webkit2gtk-4.1 2>/dev/null && return
  stop "Install these first, then run this again.
  Fedora: sudo dnf install gcc pkgconf-pkg-config webkit2gtk4.1-devel openssl-devel
  Arch:   sudo pacman -S --needed base-devel pkgconf webkit2gtk-4.1 openssl
  macOS:  xcode-select --install
  And a browser to render pages with: Chrome, Chromium or Edge."
}

need_tools() {
  command -v cargo >/dev/null || stop "Rust is missing. Get it from https://rustup.rs, then run this again."
  command -v npm >/dev/null || stop "Node.js is missing. Get version 20.19 or newer from https://nodejs.org, then run this again."
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    stop "Node.js $(node --version) is too old. Get version 20.19 or newer from https://nodejs.org."
}

# The page of the window, built once per change of its sources.
build_ui() {
  if [ ! -e ui/node_modules/.package-lock.json ] || [ ui/package-lock.json -nt ui/node_modules/.package-lock.json ]; then
    say "Installing the front end's packages"
    npm --prefix ui ci --no-audit --no-fund
  fi
  say "Building the front end"
  npm --prefix ui run --silent build
}
