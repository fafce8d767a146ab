//! The service's verdict in plain words: what happened, then what to do.

use scrapingpros::types::{Guidance, ScrapeResponse};

use super::Verdict;

/// How a result is announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub verdict: Verdict,
    pub headline: String,
    pub explanation: String,
}

/// `guidance` is the service's own or what was made of its answer.
pub fn words(response: &ScrapeResponse, guidance: &Guidance) -> Words {
    if guidance.success {
        return Words {
            verdict: Verdict::Success,
            headline: "Scraped.".into(),
            explanation: String::new(),
        };
    }
    let kind = guidance
        .error_type
        .as_deref()
        .unwrap_or_default()
        .to_lowercase();
    let status = response.status_code.unwrap_or_default();
    let (verdict, headline, explanation) = known(&kind)
        .or_else(|| from_status(status))
        .unwrap_or_else(|| vague(&kind));
    Words {
        verdict,
        headline: headline.into(),
        explanation: explanation.into(),
    }
}

type Line = (Verdict, &'static str, &'static str);

fn known(kind: &str) -> Option<Line> {
    use Verdict::{Blocked, Failed};
    let line = match kind {
        "captcha" | "captcha_challenge" => (
            Blocked,
            "The site showed a captcha.",
            "It wants proof that a person is visiting. A real browser or another location often gets through.",
        ),
        "blocked" | "soft_block" | "antibot" => (
            Blocked,
            "The site refused the visit.",
            "It takes this visit for an automatic one. A real browser or another location often gets through.",
        ),
        "ip_block" => (
            Blocked,
            "The site refuses visits from this location.",
            "Choose another location under Options.",
        ),
        "geo_block" => (
            Blocked,
            "The site is closed to visitors from this country.",
            "Choose a country where it is open under Options.",
        ),
        "rate_limit" => (
            Blocked,
            "The site asked for a pause.",
            "It counted too many visits in a short time. Wait a little before you try again.",
        ),
        "login_wall" => (
            Blocked,
            "This page is only for people who are signed in.",
            "Add a sign-in step, or cookies of a session of yours.",
        ),
        "ssl_error" => (
            Failed,
            "The site's security certificate has a problem.",
            "Only the site can mend it. Try again later.",
        ),
        "timeout" => (
            Failed,
            "The site did not answer in time.",
            "Try again. A page that loads much may need a real browser and a wait step.",
        ),
        "worker_timeout" => (
            Failed,
            "The scrape took too long and was ended.",
            "Try again with fewer steps or shorter waits.",
        ),
        "worker_error" => (
            Failed,
            "The service could not finish the scrape.",
            "Try again in a moment.",
        ),
        "dns_fail" | "dns_failed" => (
            Failed,
            "This site does not exist.",
            "Check the address for a typing mistake.",
        ),
        "network" | "connection" | "connection_refused" => (
            Failed,
            "The site could not be reached.",
            "Check the address, or try again later.",
        ),
        "too_many_redirects" | "redirect_loop" => (
            Failed,
            "The site sends visitors round in a circle.",
            "Cookies or another location may help.",
        ),
        "too_large" => (
            Failed,
            "The page is too large.",
            "It was ended before it was complete.",
        ),
        "no_browser" | "browser_missing" => (
            Failed,
            "No browser was found on this computer.",
            "Install Chrome, Chromium or Edge, then try again.",
        ),
        "not_found" => (
            Failed,
            "The page does not exist any more.",
            "Check the address.",
        ),
        other => {
            let status = other.strip_prefix("http_")?.parse().ok()?;
            return from_status(status);
        }
    };
    Some(line)
}

fn from_status(status: i64) -> Option<Line> {
    let line = match status {
        404 | 410 => (
            Verdict::Failed,
            "The page does not exist any more.",
            "Check the address.",
        ),
        401 => (
            Verdict::Blocked,
            "This page is only for people who are signed in.",
            "Add a sign-in step, or cookies of a session of yours.",
        ),
        403 | 451 => (
            Verdict::Blocked,
            "The site refused the visit.",
            "A real browser or another location often gets through.",
        ),
        429 => (
            Verdict::Blocked,
            "The site asked for a pause.",
            "It counted too many visits in a short time. Wait a little before you try again.",
        ),
        500..=599 => (
            Verdict::Failed,
            "The site has a problem right now.",
            "Try again later.",
        ),
        _ => return None,
    };
    Some(line)
}

fn vague(kind: &str) -> Line {
    if kind.contains("block") || kind.contains("captcha") {
        return (
            Verdict::Blocked,
            "The site refused the visit.",
            "A real browser or another location often gets through.",
        );
    }
    (
        Verdict::Failed,
        "The page could not be scraped.",
        "Technical details say what the service reported.",
    )
}
