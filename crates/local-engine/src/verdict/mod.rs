//! Whether a page was worth its credits, and what to do when not: the `guidance` of contract §3.2.
//! It recognises; it never works around.

mod marks;
mod signs;

use scrapingpros::types::{Guidance, ScrapeRequest};

use crate::ledger::{BROWSER_CREDITS, SIMPLE_CREDITS};
use crate::page::{FetchedPage, PageError};
use crate::page_text::PageText;

use marks::Marks;

pub use signs::words_of;

/// What one try came to.
#[derive(Debug, Clone)]
pub struct Verdict {
    pub guidance: Guidance,
    /// The legacy flag of the answer.
    pub captcha: bool,
    /// Whether the page carries data made for machines, such as JSON-LD.
    pub has_extractable_data: bool,
}

impl Verdict {
    /// Whether trying again may help, as `retry_on_block` means it.
    pub fn is_block(&self) -> bool {
        matches!(
            self.guidance.error_type.as_deref(),
            Some("captcha" | "blocked" | "rate_limit")
        )
    }

    /// Whether another way to the site, or another moment, may do better.
    pub fn is_lost_on_the_way(&self) -> bool {
        matches!(
            self.guidance.error_type.as_deref(),
            Some("proxy_error" | "network" | "timeout")
        )
    }
}

/// Credits of a request that succeeds.
pub fn price(request: &ScrapeRequest) -> u32 {
    if request.browser {
        BROWSER_CREDITS
    } else {
        SIMPLE_CREDITS
    }
}

/// Judges a file by the answer's status alone.
pub fn of_file(request: &ScrapeRequest, status: u16) -> Verdict {
    status_verdict(request, status).unwrap_or_else(|| success(request))
}

/// Judges a page that arrived.
pub fn of_text(request: &ScrapeRequest, page: &FetchedPage, text: &PageText<'_>) -> Verdict {
    if text.is_endless() {
        return of_file(request, page.status);
    }
    let marks = Marks::of(text.html);
    Verdict {
        has_extractable_data: marks.structured,
        ..of_marked(request, page, text, &marks)
    }
}

fn of_marked(
    request: &ScrapeRequest,
    page: &FetchedPage,
    text: &PageText<'_>,
    marks: &Marks,
) -> Verdict {
    if let Some(provider) = signs::captcha(text, marks, &page.headers, page.status) {
        return captcha(request, provider);
    }
    if let Some(verdict) = status_verdict(request, page.status) {
        return verdict;
    }
    if signs::is_login_wall(text, marks, &request.url, &page.final_url) {
        return failure(
            "login_wall",
            &[
                "The site wants you to sign in before it shows this page.",
                "If you have an account there, add your session cookies under Advanced, or add steps that sign in.",
            ],
        )
        .stop("The page is behind a log-in.");
    }
    if !request.browser && signs::is_empty_shell(text, page.content_type.as_deref()) {
        return failure(
            "soft_block",
            &[
                "The page arrived without content: it is drawn by JavaScript.",
                "Scrape it again with a browser.",
            ],
        )
        .suggest(with_browser(request));
    }
    success(request)
}

/// Judges a page that never arrived.
pub fn of_error(request: &ScrapeRequest, error: &PageError) -> Verdict {
    match error {
        PageError::Dns { .. } => failure(
            "dns_fail",
            &["Check the spelling of the address, and whether this computer is online."],
        )
        .stop("No site has this name."),
        PageError::Connect { .. } => failure(
            "network",
            &["The site could not be reached. Check the address, or try again later."],
        )
        .suggest(request.clone()),
        PageError::Proxy { country, message } => failure(
            "proxy_error",
            &[
                &format!("The proxy for {country} {message}. The site itself was not reached."),
                "Check the proxy's address, user name and password, or ask its provider.",
                "Without the proxy the page may open.",
            ],
        )
        .suggest(ScrapeRequest {
            use_proxy: None,
            ..request.clone()
        }),
        PageError::Tls { .. } => failure(
            "ssl_error",
            &["The site's security certificate has a problem. Only the site's owner can repair it; the page may still open with http://."],
        )
        .stop("No safe connection to the site could be made."),
        PageError::Timeout { .. } => {
            let advice = failure(
                "timeout",
                &["The page took too long. Try again, or load less of it with a browser and blocked images."],
            );
            advice.suggest(request.clone())
        }
        PageError::TooManyRedirects { .. } => failure(
            "site_error",
            &["The site sends the visitor in a circle. Cookies from your own browser may end it."],
        )
        .stop("The page redirects without end."),
        PageError::TooLarge { .. } => failure(
            "site_error",
            &["The page is larger than can be scraped."],
        )
        .stop("The page is too large."),
        PageError::Step { index, .. } => failure(
            "failed",
            &[
                &format!("Look at step {index}: does its selector match the page as a visitor sees it?"),
                "A longer wait before it, or a screenshot, may show what is missing.",
            ],
        ),
        PageError::NoBrowser { looked_for } => {
            let advice = failure(
                "no_browser",
                &[
                    "Install Google Chrome, Chromium or Microsoft Edge, then try again.",
                    &format!("Looked for: {looked_for}."),
                    "Pages that need no JavaScript can be scraped without a browser.",
                ],
            );
            if needs_browser(request) {
                advice
            } else {
                advice.suggest(ScrapeRequest {
                    browser: false,
                    ..request.clone()
                })
            }
        }
        PageError::Browser { .. } => failure(
            "worker_error",
            &["The browser stopped while it worked. Try again; it starts anew."],
        )
        .suggest(request.clone()),
        PageError::Protocol { .. } => failure(
            "network",
            &["What answered does not speak as a website does. Check the address."],
        ),
        PageError::Refused { message, .. } => failure("blocked", &[message]).stop("This address may not be opened."),
        PageError::InvalidSelector { message, .. } => failure("failed", &[message]),
    }
}

/// Parts of a request that only a browser can do.
pub fn needs_browser(request: &ScrapeRequest) -> bool {
    request.screenshot
        || request.network_capture.is_some()
        || request
            .actions
            .as_ref()
            .is_some_and(|actions| !actions.is_empty())
}

fn status_verdict(request: &ScrapeRequest, status: u16) -> Option<Verdict> {
    let verdict = match status {
        200..=399 => return None,
        401 | 407 => failure(
            "login_wall",
            &["The site asks for a user name and password."],
        )
        .stop("The page is behind a log-in."),
        403 | 451 => failure(
            "blocked",
            &[
                "The site refused this request.",
                "Try with a browser, or later.",
            ],
        )
        .suggest(harder(request)),
        429 => failure(
            "rate_limit",
            &[
                "The site asks to slow down.",
                "Wait some minutes, then try again.",
            ],
        )
        .suggest(harder(request)),
        404 | 410 => failure(
            "site_error",
            &["Check the address: the site has no such page."],
        )
        .stop("The page does not exist."),
        500..=599 => failure(
            "site_error",
            &["The site has a problem of its own. Try again later."],
        )
        .suggest(request.clone()),
        _ => failure(
            "site_error",
            &[&format!("The site answered with status {status}.")],
        ),
    };
    Some(verdict)
}

fn captcha(request: &ScrapeRequest, provider: &str) -> Verdict {
    let mut verdict = failure(
        "captcha",
        &[
            "The site wants proof that a person is visiting.",
            if request.browser {
                "Try again later, or from another network."
            } else {
                "Scrape it again with a browser and more tries."
            },
        ],
    )
    .suggest(harder(request));
    verdict.captcha = true;
    verdict.guidance.error_provider = (!provider.is_empty()).then(|| provider.to_owned());
    verdict
}

fn success(request: &ScrapeRequest) -> Verdict {
    Verdict {
        guidance: Guidance {
            success: true,
            credits_charged: Some(price(request)),
            credits_refunded: Some(false),
            ..Guidance::default()
        },
        captcha: false,
        has_extractable_data: false,
    }
}

fn failure(error_type: &str, next_steps: &[&str]) -> Verdict {
    Verdict {
        guidance: Guidance {
            success: false,
            error_type: Some(error_type.into()),
            credits_charged: Some(0),
            credits_refunded: Some(true),
            next_steps: next_steps.iter().map(|step| (*step).to_owned()).collect(),
            ..Guidance::default()
        },
        captcha: false,
        has_extractable_data: false,
    }
}

impl Verdict {
    fn suggest(mut self, request: ScrapeRequest) -> Self {
        self.guidance.suggested_request = Some(request);
        self
    }

    fn stop(mut self, reason: &str) -> Self {
        self.guidance.stop_reason = Some(reason.into());
        self
    }
}

fn with_browser(request: &ScrapeRequest) -> ScrapeRequest {
    ScrapeRequest {
        browser: true,
        ..request.clone()
    }
}

fn harder(request: &ScrapeRequest) -> ScrapeRequest {
    ScrapeRequest {
        browser: true,
        retry_on_block: true,
        ..request.clone()
    }
}

#[cfg(test)]
mod tests;
