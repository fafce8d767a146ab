//! Display, session bus and keychain; a WebDriver for each window.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::process::Process;
use crate::{App, until};

/// What keeps keys on this desktop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeychainKind {
    /// A real Secret Service, unlocked.
    Unlocked,
    /// A real Secret Service whose collection is locked, with nobody to ask.
    Locked,
    /// A real Secret Service in which no collection was ever made.
    Empty,
    /// A bus without a Secret Service.
    Missing,
}

/// A desktop of its own. What it started ends when it is dropped, the last first.
pub struct Desktop {
    environment: Vec<(String, String)>,
    data: PathBuf,
    _keyring: Option<Process>,
    _bus: Process,
    _display: Process,
    home: TempDir,
}

/// The bus starts nothing by itself: only what a test starts is there.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"#;

/// Writes down what the app asked the system to open.
const OPENER: &str = "#!/bin/sh\nprintf '%s\\n' \"$1\" >> \"$OPENED_FILE\"\n";

impl Desktop {
    pub async fn start(keychain: KeychainKind) -> Self {
        let home = tempfile::tempdir().unwrap();
        let folder = |name: &str| {
            let path = home.path().join(name);
            std::fs::create_dir_all(&path).unwrap();
            path
        };
        let runtime = folder("runtime");
        set_private(&runtime);
        folder("home/Documents");
        folder("bin");
        write_program(&home.path().join("bin/xdg-open"), OPENER);
        std::fs::write(home.path().join("bus.conf"), BUS).unwrap();

        let (display, display_name) = start_display(&folder("screen"));
        let (bus, bus_address) = start_bus(&home.path().join("bus.conf"));
        let path = std::env::var("PATH").unwrap();
        let at = |name: &str| home.path().join(name).to_string_lossy().into_owned();
        let environment: Vec<(String, String)> = [
            ("DISPLAY", display_name),
            ("DBUS_SESSION_BUS_ADDRESS", bus_address),
            ("HOME", at("home")),
            ("XDG_RUNTIME_DIR", at("runtime")),
            ("XDG_DATA_HOME", at("home/.local/share")),
            ("XDG_CONFIG_HOME", at("home/.config")),
            ("XDG_CACHE_HOME", at("home/.cache")),
            ("SCRAPINGPROS_DATA_DIR", at("data")),
            ("OPENED_FILE", at("opened")),
            ("PATH", format!("{}:{path}", at("bin"))),
            ("GDK_BACKEND", "x11".into()),
            ("NO_AT_BRIDGE", "1".into()),
            ("TAURI_WEBVIEW_AUTOMATION", "true".into()),
            ("LANG", "C.UTF-8".into()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        let keyring = start_keyring(keychain, &environment).await;
        let data = home.path().join("data");
        Self {
            environment,
            data,
            _keyring: keyring,
            _bus: bus,
            _display: display,
            home,
        }
    }

    /// Opens the app once an earlier one has let go of its folder; its window closes with [`App::quit`].
    pub async fn open_app(&self) -> App {
        let lock = self.data.join("lock");
        until("the earlier app to end", async || {
            let Ok(file) = File::open(&lock) else {
                return Some(());
            };
            file.try_lock().ok()
        })
        .await;
        let port = free_port();
        let driver = Process::spawn(
            self.command("WebKitWebDriver")
                .arg(format!("--port={port}"))
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        App::open(port, self.display_name().to_owned(), driver).await
    }

    pub(crate) fn bus_address(&self) -> &str {
        self.variable("DBUS_SESSION_BUS_ADDRESS")
    }

    pub(crate) fn display_name(&self) -> &str {
        self.variable("DISPLAY")
    }

    fn variable(&self, name: &str) -> &str {
        let found = self.environment.iter().find(|(known, _)| known == name);
        &found.unwrap().1
    }

    /// A program with this desktop's environment.
    pub fn command(&self, program: &str) -> Command {
        command(program, &self.environment)
    }

    /// The app's data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// What the display shows, as an XWD file that follows it.
    pub fn screen(&self) -> PathBuf {
        self.path("screen/Xvfb_screen0")
    }

    /// A place for files of the test.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// What the app asked the system to open so far.
    pub fn opened(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.path("opened")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

fn command(program: &str, environment: &[(String, String)]) -> Command {
    let mut command = Command::new(program);
    command
        .env_remove("WAYLAND_DISPLAY")
        .envs(environment.iter().map(|(name, value)| (name, value)));
    command
}

fn start_display(frame_buffer: &Path) -> (Process, String) {
    let mut display = Process::spawn(
        Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x900x24"])
            .args(["-nolisten", "tcp"])
            .arg("-fbdir")
            .arg(frame_buffer)
            .stdout(Stdio::piped())
            .stderr(Stdio::null()),
    );
    let number = first_line(&mut display);
    (display, format!(":{number}"))
}

fn start_bus(config: &Path) -> (Process, String) {
    let mut bus = Process::spawn(
        Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null()),
    );
    let address = first_line(&mut bus);
    (bus, address)
}

async fn start_keyring(
    keychain: KeychainKind,
    environment: &[(String, String)],
) -> Option<Process> {
    if keychain == KeychainKind::Missing {
        return None;
    }
    if keychain == KeychainKind::Empty {
        let empty = keyring_daemon(environment, false);
        wait_for_secrets(environment).await;
        return Some(empty);
    }
    let mut unlocked = keyring_daemon(environment, true);
    wait_for_secrets(environment).await;
    if keychain == KeychainKind::Unlocked {
        return Some(unlocked);
    }
    // The first start made the collection; a second one without its password finds it locked.
    unlocked.terminate();
    let locked = keyring_daemon(environment, false);
    wait_for_secrets(environment).await;
    Some(locked)
}

fn keyring_daemon(environment: &[(String, String)], unlock: bool) -> Process {
    let mut daemon = command("gnome-keyring-daemon", environment);
    daemon
        .args(["--foreground", "--components=secrets"])
        .args(unlock.then_some("--unlock"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut process = Process::spawn(&mut daemon);
    let mut stdin = process.child().stdin.take().unwrap();
    stdin.write_all(b"password").unwrap();
    drop(stdin);
    process
}

async fn wait_for_secrets(environment: &[(String, String)]) {
    until("the Secret Service", async || {
        let answer = command("dbus-send", environment)
            .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus"])
            .arg("/org/freedesktop/DBus")
            .arg("org.freedesktop.DBus.NameHasOwner")
            .arg("string:org.freedesktop.secrets")
            .output()
            .unwrap();
        String::from_utf8_lossy(&answer.stdout)
            .contains("true")
            .then_some(())
    })
    .await;
}

fn first_line(process: &mut Process) -> String {
    let stdout = process.child().stdout.take().unwrap();
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    line.trim().to_owned()
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn set_private(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).unwrap();
}

fn write_program(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    set_private(path);
}
