//! The browser's process: started without a window on a profile of its own, ended with it.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use chromiumoxide::cdp::browser_protocol::browser::{CloseParams, GetVersionParams};
use chromiumoxide::cdp::browser_protocol::target::{CloseTargetParams, SetDiscoverTargetsParams};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, Command};
use tokio::sync::{Mutex, mpsc};

use crate::page::PageError;

use super::InstalledBrowser;
use super::cdp::{Cdp, Event};

const START_LIMIT: Duration = Duration::from_secs(30);
const CLOSE_LIMIT: Duration = Duration::from_secs(5);

/// Keep the browser from talking on its own account, and from showing anything.
const QUIET: [&str; 26] = [
    "--headless=new",
    "--hide-scrollbars",
    "--mute-audio",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-hang-monitor",
    "--disable-prompt-on-repost",
    "--disable-quic",
    "--disable-renderer-backgrounding",
    "--disable-sync",
    "--metrics-recording-only",
    "--password-store=basic",
    "--use-mock-keychain",
    "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,\
     InterestFeedContentSuggestions,AutofillServerCommunication,CertificateTransparencyComponentUpdater,\
     HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
];

/// A started browser. Dropped without [`Running::close`], it is killed.
pub struct Running {
    pub cdp: Cdp,
    /// As the browser names itself, without the word that it has no window.
    pub user_agent: String,
    pub launch_time: Duration,
    process: Mutex<Process>,
}

struct Process {
    child: Child,
    /// Removed after the process.
    _profile: TempDir,
}

impl Running {
    pub async fn start(
        browser: &InstalledBrowser,
        proxy: std::net::SocketAddr,
        profiles: &Path,
    ) -> Result<Self, PageError> {
        let started = Instant::now();
        let starting = Self::launch(browser, proxy, profiles);
        let mut running = tokio::time::timeout(START_LIMIT, starting)
            .await
            .map_err(|_| {
                broken(format!(
                    "{} did not start within {} seconds",
                    browser.name,
                    START_LIMIT.as_secs()
                ))
            })??;
        running.launch_time = started.elapsed();
        tracing::debug!(browser = browser.name, time = ?running.launch_time, "browser started");
        Ok(running)
    }

    async fn launch(
        browser: &InstalledBrowser,
        proxy: std::net::SocketAddr,
        profiles: &Path,
    ) -> Result<Self, PageError> {
        let profile = profile_in(profiles).map_err(|error| {
            broken(format!(
                "no profile could be made in {}: {error}",
                profiles.display()
            ))
        })?;
        let mut command = Command::new(&browser.path);
        command
            .args(QUIET)
            .args(through_proxy(proxy))
            .arg("--remote-debugging-port=0")
            .arg("--window-size=1280,800")
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if is_root(profile.path()) {
            tracing::warn!(
                "started as root, where the browser can't have its sandbox: it runs without"
            );
            command.arg("--no-sandbox");
        }
        let mut child = command.arg("about:blank").spawn().map_err(|error| {
            broken(format!(
                "{} could not be started: {error}",
                browser.path.display()
            ))
        })?;
        let Some(stderr) = child.stderr.take() else {
            return Err(broken("its messages can't be read".into()));
        };
        let mut lines = BufReader::new(stderr).lines();
        let address = debugging_address(&mut lines, browser).await?;
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });

        let (rest, events) = mpsc::unbounded_channel();
        let cdp = Cdp::connect(&address, rest).await?;
        let version = cdp.browser().call(GetVersionParams::default()).await?;
        tokio::spawn(close_popups(cdp.clone(), events));
        cdp.browser()
            .call(SetDiscoverTargetsParams::new(true))
            .await?;
        Ok(Self {
            cdp,
            user_agent: version.user_agent.replace("HeadlessChrome", "Chrome"),
            launch_time: Duration::ZERO,
            process: Mutex::new(Process {
                child,
                _profile: profile,
            }),
        })
    }

    pub fn is_alive(&self) -> bool {
        !self.cdp.is_closed()
    }

    /// Ends the process and waits for it.
    pub async fn close(&self) {
        self.cdp.browser().tell(CloseParams::default());
        let mut process = self.process.lock().await;
        if let Ok(ended) = tokio::time::timeout(CLOSE_LIMIT, process.child.wait()).await {
            log_end(ended);
            return;
        }
        if let Err(error) = process.child.kill().await {
            tracing::warn!(%error, "the browser could not be ended");
        }
    }
}

impl Drop for Process {
    /// The profile can only be removed when nobody writes to it any more. A killed process is gone in
    /// milliseconds.
    fn drop(&mut self) {
        if self.child.start_kill().is_err() {
            return;
        }
        let deadline = Instant::now() + Duration::from_secs(1);
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn profile_in(profiles: &Path) -> std::io::Result<TempDir> {
    std::fs::create_dir_all(profiles)?;
    tempfile::Builder::new()
        .prefix("profile-")
        .tempdir_in(profiles)
}

/// Everything goes through the guard: loopback, names (which are not looked up here) and WebRTC too.
fn through_proxy(proxy: std::net::SocketAddr) -> [String; 6] {
    [
        format!("--proxy-server=http://{proxy}"),
        "--proxy-bypass-list=<-loopback>".into(),
        format!(
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE {}",
            proxy.ip()
        ),
        "--dns-prefetch-disable".into(),
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp".into(),
        "--webrtc-ip-handling-policy=disable_non_proxied_udp".into(),
    ]
}

/// What this process makes belongs to the user it runs as.
#[cfg(unix)]
fn is_root(own: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(own).is_ok_and(|made| made.uid() == 0)
}

#[cfg(not(unix))]
fn is_root(_own: &Path) -> bool {
    false
}

async fn debugging_address(
    lines: &mut Lines<BufReader<ChildStderr>>,
    browser: &InstalledBrowser,
) -> Result<String, PageError> {
    let mut last_words = String::new();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(address) = line.strip_prefix("DevTools listening on ") {
            return Ok(address.trim().to_owned());
        }
        if !line.trim().is_empty() {
            last_words = line;
        }
    }
    Err(broken(format!(
        "{} ended while starting: {last_words}",
        browser.name
    )))
}

/// A page may open others; only the one that was asked for is looked at.
async fn close_popups(cdp: Cdp, mut events: mpsc::UnboundedReceiver<Event>) {
    while let Some(event) = events.recv().await {
        let target = &event.params["targetInfo"];
        let is_popup = event.method == "Target.targetCreated"
            && target["type"] == "page"
            && target["openerId"].is_string();
        if let (true, Some(id)) = (is_popup, target["targetId"].as_str()) {
            cdp.browser().tell(CloseTargetParams::new(id.to_owned()));
        }
    }
}

fn log_end(ended: std::io::Result<ExitStatus>) {
    match ended {
        Ok(status) => tracing::debug!(%status, "browser closed"),
        Err(error) => tracing::warn!(%error, "the browser's end was not seen"),
    }
}

fn broken(message: String) -> PageError {
    PageError::Browser { message }
}
