//! The service's open words in plain ones.

use scrapingpros::types::{Guidance, ScrapeResponse};
use scrapingpros_core::results::Verdict;
use scrapingpros_core::results::verdict::words;

fn said(error_type: &str, status: i64) -> (Verdict, String, String) {
    let response = ScrapeResponse {
        status_code: Some(status),
        ..ScrapeResponse::default()
    };
    let guidance = Guidance {
        success: false,
        error_type: Some(error_type.into()),
        ..Guidance::default()
    };
    let words = words(&response, &guidance);
    (words.verdict, words.headline, words.explanation)
}

#[test]
fn every_known_kind_has_its_sentence() {
    for (kind, status, verdict, headline) in [
        (
            "captcha",
            200,
            Verdict::Blocked,
            "The site showed a captcha.",
        ),
        (
            "blocked",
            403,
            Verdict::Blocked,
            "The site refused the visit.",
        ),
        (
            "login_wall",
            200,
            Verdict::Blocked,
            "This page is only for people who are signed in.",
        ),
        (
            "ssl_error",
            0,
            Verdict::Failed,
            "The site's security certificate has a problem.",
        ),
        (
            "timeout",
            0,
            Verdict::Failed,
            "The site did not answer in time.",
        ),
        ("dns_fail", 0, Verdict::Failed, "This site does not exist."),
        (
            "http_404",
            404,
            Verdict::Failed,
            "The page does not exist any more.",
        ),
        (
            "site_error",
            410,
            Verdict::Failed,
            "The page does not exist any more.",
        ),
        (
            "site_error",
            503,
            Verdict::Failed,
            "The site has a problem right now.",
        ),
        (
            "http_429",
            429,
            Verdict::Blocked,
            "The site asked for a pause.",
        ),
        (
            "soft_block_thin_content",
            200,
            Verdict::Blocked,
            "The site refused the visit.",
        ),
        (
            "something_new",
            200,
            Verdict::Failed,
            "The page could not be scraped.",
        ),
        ("", 0, Verdict::Failed, "The page could not be scraped."),
    ] {
        let (said_verdict, said_headline, explanation) = said(kind, status);
        assert_eq!(
            (said_verdict, said_headline.as_str()),
            (verdict, headline),
            "{kind} {status}"
        );
        assert!(
            explanation.ends_with('.')
                && !explanation.contains(kind) | kind.is_empty() | (kind == "blocked"),
            "{kind}: {explanation}"
        );
    }
}

#[test]
fn success_needs_no_explanation() {
    let guidance = Guidance {
        success: true,
        ..Guidance::default()
    };
    let words = words(&ScrapeResponse::default(), &guidance);
    assert_eq!(
        (words.verdict, words.explanation.as_str()),
        (Verdict::Success, "")
    );
}
