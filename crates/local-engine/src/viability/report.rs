//! What all tries of an address together say about it. Words that the contract leaves open are these:
//! `cloudflare_level` is `none`, `cdn`, `block` or `challenge`; `recommended_strategy` is a mode or
//! `none`; `proxy_type` is `none` or `any`.

use std::collections::{BTreeMap, BTreeSet};

use scrapingpros::types::{Difficulty, ViabilityResult};
use serde_json::{Map, Value, json};

use crate::browser::Browser;

use super::Wish;
use super::trial::Try;

/// A page has to gain so many words by its scripts before they count as needed.
const GAINED_WORDS: usize = 30;

pub fn of(url: &str, wish: &Wish, tries: &[Try]) -> ViabilityResult {
    let scripts = Scripts::of(tries);
    let needs_browser = wish.actions.is_some() || scripts.required;
    let best = tries
        .iter()
        .filter(|tried| !needs_browser || tried.browser)
        .find(|tried| tried.works());
    // What is said of the page itself is of the best sight of it.
    let shown = best
        .or_else(|| {
            tries
                .iter()
                .rev()
                .find(|tried| tried.sight.status.is_some())
        })
        .map(|tried| &tried.sight);
    let had = |error_type: &str| {
        tries
            .iter()
            .any(|tried| tried.sight.error_type() == error_type)
    };
    let works = |browser: bool| {
        tries
            .iter()
            .any(|tried| tried.browser == browser && tried.works())
    };
    let proxy_recommended = needs_proxy(tries, best);
    let mut endpoints = BTreeSet::new();
    for tried in tries {
        endpoints.extend(tried.sight.calls.endpoints.iter().cloned());
    }
    let any_sight = |is: fn(&Try) -> bool| tries.iter().any(is);
    ViabilityResult {
        url: url.to_owned(),
        captcha_detected: Some(any_sight(|tried| tried.sight.verdict.captcha)),
        captcha_providers: captcha_providers(tries),
        javascript_detected: Some(any_sight(|tried| tried.sight.has_scripts)),
        javascript_required: Some(scripts.required),
        browser_confidence: Some(scripts.confidence),
        content_type: Some(
            shown
                .and_then(|sight| sight.content_type.clone())
                .unwrap_or_default(),
        ),
        rate_limited: Some(had("rate_limit")),
        soft_block: Some(had("soft_block")),
        retry_after: tries.iter().find_map(|tried| tried.sight.retry_after),
        login_wall: Some(had("login_wall")),
        status_code: Some(
            shown
                .and_then(|sight| sight.status)
                .unwrap_or_default()
                .into(),
        ),
        redirect_chain: tries
            .iter()
            .map(|tried| &tried.sight.redirects)
            .find(|chain| !chain.is_empty())
            .cloned()
            .unwrap_or_default(),
        protection_signals: Some(protection(tries)),
        api_detected: Some(!endpoints.is_empty()),
        api_endpoints: endpoints.into_iter().collect(),
        graphql_detected: Some(any_sight(|tried| {
            tried.sight.calls.graphql || tried.sight.speaks_of_graphql
        })),
        api_auth_required: Some(any_sight(|tried| tried.sight.calls.refused)),
        cloudflare_level: Some(cloudflare(tries).into()),
        can_use_simple_request: Some(works(false)),
        can_use_extract_html: Some(any_sight(|tried| tried.works() && tried.sight.is_text)),
        can_use_browser: Some(if tries.iter().any(|tried| tried.browser) {
            works(true)
        } else {
            works(false) && Browser::installed().is_some()
        }),
        recommended_strategy: Some(best.map_or("none", |tried| tried.mode).into()),
        suggested_action: suggested_action(wish, tries, best),
        blocked_by: blocked_by(tries),
        difficulty: Some(difficulty(best)),
        suggested_params: suggested_params(wish, tries, best),
        proxy_recommended: Some(proxy_recommended),
        proxy_type: Some(if proxy_recommended { "any" } else { "none" }.into()),
        modes_tested: Some(modes(tries)),
        best_mode: best.map(|tried| tried.mode.into()),
        total_credits_used: Some(tries.iter().map(|tried| i64::from(tried.credits())).sum()),
        unknown: Map::new(),
    }
}

/// How much of the page its scripts make.
struct Scripts {
    required: bool,
    /// 0 to 1.
    confidence: f64,
}

impl Scripts {
    fn of(tries: &[Try]) -> Self {
        let text = |browser: bool| {
            tries
                .iter()
                .find(|tried| tried.browser == browser && tried.sight.is_text)
        };
        let (plain, rendered) = (text(false), text(true));
        let is_shell = plain.is_some_and(|plain| plain.sight.error_type() == "soft_block");
        let Some(rendered) = rendered.filter(|rendered| rendered.works()) else {
            let has_scripts = plain.is_some_and(|plain| plain.sight.has_scripts);
            let confidence = match (is_shell, has_scripts) {
                (true, _) => 0.9,
                (false, true) => 0.2,
                (false, false) => 0.0,
            };
            return Self {
                required: is_shell,
                confidence,
            };
        };
        let (before, after) = (
            plain.map_or(0, |plain| plain.sight.words),
            rendered.sight.words,
        );
        let gained = after.saturating_sub(before);
        let share = gained as f64 / after.max(1) as f64;
        let plain_failed = plain.is_some_and(|plain| !plain.works());
        let required = is_shell || (gained >= GAINED_WORDS && share > 0.5);
        Self {
            required,
            confidence: match (required, plain_failed) {
                (true, _) => 1.0,
                (false, true) => share.max(0.8),
                (false, false) => share,
            },
        }
    }
}

fn captcha_providers(tries: &[Try]) -> Vec<String> {
    let of_captchas = tries.iter().filter(|tried| tried.sight.verdict.captcha);
    let names: BTreeSet<String> = of_captchas
        .filter_map(|tried| tried.sight.verdict.guidance.error_provider.clone())
        .collect();
    names.into_iter().collect()
}

fn protection(tries: &[Try]) -> Map<String, Value> {
    let mut signs = BTreeMap::new();
    for tried in tries {
        signs.extend(&tried.sight.protection);
    }
    signs
        .into_iter()
        .map(|(service, sign)| ((*service).to_owned(), json!(sign)))
        .collect()
}

fn cloudflare(tries: &[Try]) -> &'static str {
    let provider =
        |tried: &&Try| tried.sight.verdict.guidance.error_provider.as_deref() == Some("cloudflare");
    let behind = |tried: &&Try| tried.sight.protection.contains_key("cloudflare");
    if tries.iter().any(|tried| provider(&tried)) {
        return "challenge";
    }
    if tries
        .iter()
        .any(|tried| behind(&tried) && tried.sight.verdict.is_block())
    {
        return "block";
    }
    if tries.iter().any(|tried| behind(&tried)) {
        return "cdn";
    }
    "none"
}

/// A proxy was what made it work, or everything without one was refused.
fn needs_proxy(tries: &[Try], best: Option<&Try>) -> bool {
    best.map_or_else(
        || {
            let mut direct = tries.iter().filter(|tried| tried.through.is_none());
            let tried_with_one = tries.iter().any(|tried| tried.through.is_some());
            !tried_with_one && direct.any(|tried| tried.browser && tried.sight.verdict.is_block())
        },
        |best| best.through.is_some(),
    )
}

/// What stood in the way of the tries that failed; names before kinds.
fn blocked_by(tries: &[Try]) -> Vec<String> {
    let mut causes = BTreeSet::new();
    for tried in tries.iter().filter(|tried| !tried.works()) {
        let provider = tried.sight.verdict.guidance.error_provider.clone();
        causes.insert(provider.unwrap_or_else(|| tried.sight.error_type().to_owned()));
    }
    causes.into_iter().collect()
}

fn difficulty(best: Option<&Try>) -> Difficulty {
    match best.map(|best| (best.browser, best.through.is_some())) {
        Some((false, false)) => Difficulty::Easy,
        Some((true, false) | (false, true)) => Difficulty::Medium,
        Some((true, true)) | None => Difficulty::Hard,
    }
}

fn suggested_action(wish: &Wish, tries: &[Try], best: Option<&Try>) -> Option<String> {
    if best.is_some() {
        return None;
    }
    if wish.actions.is_some() && tries.iter().all(|tried| !tried.browser) {
        return Some("Test with depth standard or full: steps need a browser.".into());
    }
    let guidance = &tries.last()?.sight.verdict.guidance;
    let words = guidance.next_steps.join(" ");
    Some(guidance.stop_reason.clone().unwrap_or(words))
}

/// Ready to be added to a scrape of this address.
fn suggested_params(wish: &Wish, tries: &[Try], best: Option<&Try>) -> Option<Map<String, Value>> {
    let mut params = Map::new();
    let Some(best) = best else {
        let last = &tries.last()?.sight.verdict.guidance;
        let suggested = last
            .suggested_request
            .as_ref()
            .filter(|_| last.stop_reason.is_none())?;
        params.insert(
            "browser".into(),
            json!(suggested.browser || wish.actions.is_some()),
        );
        params.insert("retry_on_block".into(), json!(suggested.retry_on_block));
        return Some(params);
    };
    params.insert("browser".into(), json!(best.browser));
    if let Some(country) = &best.through {
        params.insert("use_proxy".into(), json!(country));
    }
    if let Some(actions) = &wish.actions {
        params.insert("actions".into(), json!(actions));
    }
    Some(params)
}

fn modes(tries: &[Try]) -> Map<String, Value> {
    let told = tries.iter().map(|tried| {
        let verdict = &tried.sight.verdict;
        let provider = verdict.guidance.error_provider.clone();
        let error = tried.sight.error.clone().or_else(|| {
            let kind = verdict.guidance.error_type.clone();
            kind.filter(|_| !tried.works())
        });
        let captcha = verdict.captcha;
        let mode = json!({
            "success": tried.works(),
            "blocked": verdict.is_block() || tried.sight.error_type() == "soft_block",
            "captcha_type": captcha.then(|| provider.unwrap_or_else(|| "unknown".into())),
            "time_ms": tried.time_ms,
            "credits": tried.credits(),
            "error": error,
        });
        (tried.mode.to_owned(), mode)
    });
    told.collect()
}
