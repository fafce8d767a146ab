//! One page in an incognito context of its own, dressed as the request wants it. Dropping it disposes
//! of the context.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chromiumoxide::cdp::browser_protocol::browser::{
    BrowserContextId, PermissionDescriptor, PermissionSetting, SetDownloadBehaviorBehavior,
    SetDownloadBehaviorParams, SetPermissionParams,
};
use chromiumoxide::cdp::browser_protocol::emulation::{
    SetDeviceMetricsOverrideParams, SetFocusEmulationEnabledParams, SetLocaleOverrideParams,
    SetTouchEmulationEnabledParams, SetUserAgentOverrideParams, UserAgentBrandVersion,
    UserAgentMetadata,
};
use chromiumoxide::cdp::browser_protocol::fetch::{self, RequestPattern, RequestStage};
use chromiumoxide::cdp::browser_protocol::inspector;
use chromiumoxide::cdp::browser_protocol::network::{
    self, CookieParam, ResourceType, SetBypassServiceWorkerParams,
};
use chromiumoxide::cdp::browser_protocol::page::{
    self, AddScriptToEvaluateOnNewDocumentParams, SetInterceptFileChooserDialogParams,
};
use chromiumoxide::cdp::browser_protocol::storage::SetCookiesParams;
use chromiumoxide::cdp::browser_protocol::target::{
    AttachToTargetParams, CreateBrowserContextParams, CreateTargetParams,
    DisposeBrowserContextParams, SetAutoAttachParams,
};
use tokio::sync::mpsc;

use crate::guard::GuardProxy;
use crate::page::PageError;

use super::cdp::{Cdp, CdpError, Session};
use super::plan::{Plan, Screen};
use super::process::Running;
use super::traffic::Traffic;
use super::watch::Watcher;

/// What pages ask a person for.
const ASKED_FOR: [&str; 10] = [
    "geolocation",
    "notifications",
    "camera",
    "microphone",
    "midi",
    "clipboard-read",
    "idle-detection",
    "window-management",
    "local-fonts",
    "storage-access",
];
const BODY_BUFFER: i64 = 100 * 1024 * 1024;

pub struct Tab {
    pub page: Session,
    pub traffic: Arc<Traffic>,
    page_session: String,
    context: Context,
}

/// An incognito context; goes with its owner, also when a scrape is cancelled half-way.
struct Context {
    cdp: Cdp,
    id: BrowserContextId,
}

/// What the page says it is.
pub struct UserAgent {
    name: String,
    language: Option<String>,
    metadata: Option<UserAgentMetadata>,
    platform: Option<&'static str>,
}

impl Tab {
    /// `through`: where `proxy` is when it is not the browser's own.
    pub async fn open(
        running: &Running,
        plan: &Arc<Plan>,
        proxy: &Arc<GuardProxy>,
        through: Option<SocketAddr>,
    ) -> Result<Self, PageError> {
        // On its own, so that a cancel can't come between the context and the one who disposes of it.
        let context = tokio::spawn(Context::create(running.cdp.clone(), through))
            .await
            .map_err(|error| PageError::Browser {
                message: error.to_string(),
            })??;
        let browser = running.cdp.browser();
        forbid(&browser, &context.id).await?;
        if !plan.cookies.is_empty() {
            set_cookies(&browser, &context.id, plan).await?;
        }
        let mut target = CreateTargetParams::new("about:blank");
        target.browser_context_id = Some(context.id.clone());
        let target = browser.call(target).await?.target_id;
        let mut attach = AttachToTargetParams::new(target.clone());
        attach.flatten = Some(true);
        let session = browser.call(attach).await?.session_id;

        let (events, inbox) = mpsc::unbounded_channel();
        running.cdp.listen(&session, events.clone());
        let tab = Self {
            page: running.cdp.session(session.inner().clone()),
            traffic: Arc::new(Traffic::new()),
            page_session: session.inner().clone(),
            context,
        };
        let user_agent = Arc::new(UserAgent::of(plan, &running.user_agent));
        let watcher = Watcher {
            cdp: running.cdp.clone(),
            page_session: tab.page_session.clone(),
            main_frame: target.inner().clone(),
            plan: plan.clone(),
            traffic: tab.traffic.clone(),
            proxy: proxy.clone(),
            events,
            user_agent: user_agent.clone(),
            posted: Arc::new(AtomicBool::new(false)),
        };
        tokio::spawn(watcher.follow(inbox));
        tab.dress(plan, &user_agent).await?;
        Ok(tab)
    }

    async fn dress(&self, plan: &Plan, user_agent: &UserAgent) -> Result<(), PageError> {
        let page = &self.page;
        watch_over(page, user_agent);
        page.tell(inspector::EnableParams::default());
        page.tell(SetBypassServiceWorkerParams::new(true));
        let mut chooser = SetInterceptFileChooserDialogParams::new(true);
        chooser.cancel = Some(true);
        page.tell(chooser);
        page.tell(SetFocusEmulationEnabledParams::new(true));
        page.tell(AddScriptToEvaluateOnNewDocumentParams::new(
            "window.print = () => {};",
        ));
        if let Some(language) = &user_agent.language {
            page.tell(SetLocaleOverrideParams {
                locale: language.split([',', ';']).next().map(str::to_owned),
            });
        }
        let (width, height, scale) = match plan.screen {
            Screen::Desktop => (1280, 800, 1.0),
            Screen::Mobile => (390, 844, 2.0),
        };
        let is_mobile = plan.screen == Screen::Mobile;
        if is_mobile {
            let mut touch = SetTouchEmulationEnabledParams::new(true);
            touch.max_touch_points = Some(5);
            page.tell(touch);
        }
        let mut metrics = SetDeviceMetricsOverrideParams::new(width, height, scale, is_mobile);
        metrics.screen_width = Some(width);
        metrics.screen_height = Some(height);
        page.tell(metrics);
        // Waited for: all before it has been done by then.
        page.call(page::EnableParams::default()).await?;
        Ok(())
    }
}

impl Tab {
    /// The page's process crashed, or the browser is gone.
    pub async fn broken(&self) -> PageError {
        tokio::select! {
            () = self.context.cdp.closed() => CdpError::Closed.into(),
            () = self.traffic.until(|state| state.crashed) => PageError::Browser {
                message: "the page made its process crash".into(),
            },
        }
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        self.context.cdp.forget(&self.page_session);
    }
}

impl Context {
    async fn create(cdp: Cdp, through: Option<SocketAddr>) -> Result<Self, CdpError> {
        let create = CreateBrowserContextParams {
            dispose_on_detach: Some(true),
            proxy_server: through.map(|addr| format!("http://{addr}")),
            // Loopback goes through the guard too.
            proxy_bypass_list: through.map(|_| "<-loopback>".to_owned()),
            ..CreateBrowserContextParams::default()
        };
        let id = cdp.browser().call(create).await?.browser_context_id;
        Ok(Self { cdp, id })
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        let dispose = DisposeBrowserContextParams::new(self.id.clone());
        self.cdp.browser().tell(dispose);
    }
}

/// What every frame and worker gets before its first request.
pub fn watch_over(session: &Session, user_agent: &UserAgent) {
    session.tell(network::EnableParams {
        max_total_buffer_size: Some(BODY_BUFFER),
        max_resource_buffer_size: Some(BODY_BUFFER / 2),
        ..network::EnableParams::default()
    });
    session.tell(fetch::EnableParams {
        patterns: Some(vec![
            RequestPattern {
                url_pattern: Some("*".into()),
                resource_type: None,
                request_stage: Some(RequestStage::Request),
            },
            RequestPattern {
                url_pattern: Some("*".into()),
                resource_type: Some(ResourceType::Document),
                request_stage: Some(RequestStage::Response),
            },
        ]),
        handle_auth_requests: Some(true),
    });
    session.tell(user_agent.as_command());
    let mut children = SetAutoAttachParams::new(true, true);
    children.flatten = Some(true);
    session.tell(children);
}

/// No permission is given, nothing is downloaded to disk.
async fn forbid(browser: &Session, context: &BrowserContextId) -> Result<(), CdpError> {
    let mut downloads = SetDownloadBehaviorParams::new(SetDownloadBehaviorBehavior::Deny);
    downloads.browser_context_id = Some(context.clone());
    browser.call(downloads).await?;
    for name in ASKED_FOR {
        let descriptor = PermissionDescriptor::new(name);
        let mut permission = SetPermissionParams::new(descriptor, PermissionSetting::Denied);
        permission.browser_context_id = Some(context.clone());
        browser.tell(permission);
    }
    Ok(())
}

async fn set_cookies(
    browser: &Session,
    context: &BrowserContextId,
    plan: &Plan,
) -> Result<(), PageError> {
    let cookies = plan.cookies.iter().map(|(name, value)| {
        let mut cookie = CookieParam::new(name.clone(), value.clone());
        cookie.url = Some(plan.url.to_string());
        cookie
    });
    let mut set = SetCookiesParams::new(cookies.collect::<Vec<_>>());
    set.browser_context_id = Some(context.clone());
    browser.call(set).await.map_err(|error| match error {
        CdpError::Closed => error.into(),
        CdpError::Refused { message, .. } => PageError::Protocol {
            message: format!("a cookie was not accepted: {message}"),
        },
    })?;
    Ok(())
}

impl UserAgent {
    fn of(plan: &Plan, browser: &str) -> Self {
        let language = plan.language.clone();
        if let Some(name) = &plan.user_agent {
            return Self {
                name: name.clone(),
                language,
                metadata: None,
                platform: None,
            };
        }
        let version = browser
            .split("Chrome/")
            .nth(1)
            .and_then(|rest| rest.split('.').next())
            .unwrap_or("120");
        match plan.screen {
            Screen::Desktop => Self {
                name: browser.to_owned(),
                language,
                metadata: Some(metadata(version, desktop_platform(), "x86", false)),
                platform: None,
            },
            Screen::Mobile => Self {
                name: format!(
                    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
                     Chrome/{version}.0.0.0 Mobile Safari/537.36"
                ),
                language,
                metadata: Some(metadata(version, "Android", "", true)),
                platform: Some("Linux armv8l"),
            },
        }
    }

    fn as_command(&self) -> SetUserAgentOverrideParams {
        let mut command = SetUserAgentOverrideParams::new(self.name.clone());
        command.accept_language.clone_from(&self.language);
        command.platform = self.platform.map(str::to_owned);
        command.user_agent_metadata.clone_from(&self.metadata);
        command
    }
}

fn desktop_platform() -> &'static str {
    if cfg!(target_os = "windows") {
        "Windows"
    } else if cfg!(target_os = "macos") {
        "macOS"
    } else {
        "Linux"
    }
}

fn metadata(version: &str, platform: &str, architecture: &str, mobile: bool) -> UserAgentMetadata {
    let brand = |name: &str, version: &str| UserAgentBrandVersion {
        brand: name.into(),
        version: version.into(),
    };
    UserAgentMetadata {
        brands: Some(vec![
            brand("Chromium", version),
            brand("Google Chrome", version),
            brand("Not_A Brand", "24"),
        ]),
        full_version_list: None,
        platform: platform.into(),
        platform_version: String::new(),
        architecture: architecture.into(),
        model: String::new(),
        mobile,
        bitness: None,
        wow64: None,
        form_factors: None,
    }
}
