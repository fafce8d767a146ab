//! Why pages failed, in plain words, and what the service suggests to do about it.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use scrapingpros::types::{Guidance, ScrapeRequest, ScrapeResponse};

use super::{CauseView, RetryOffer};
use crate::accounts::Prices;
use crate::library::{LibraryError, narrow};
use crate::results::verdict;
use crate::scrape::{CostView, ScrapeForm, changes, form_from_request};

/// The service counts the job as ended and does not list it.
pub const MISSING: &str = "missing";
/// Deleted by the service before it was taken in.
pub const EXPIRED: &str = "result_expired";
/// The service has lost it.
pub const LOST: &str = "result_lost";
/// Failed for a reason that nobody names.
pub const UNKNOWN: &str = "failed";

/// What a page costs on the run's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PagePrices {
    pub simple: u32,
    pub browser: u32,
}

impl PagePrices {
    pub const FREE: Self = Self {
        simple: 0,
        browser: 0,
    };

    pub fn of(self, form: &ScrapeForm) -> u32 {
        if form.browser {
            self.browser
        } else {
            self.simple
        }
    }
}

impl From<Prices> for PagePrices {
    fn from(prices: Prices) -> Self {
        Self {
            simple: prices.simple,
            browser: prices.browser,
        }
    }
}

/// Headline and advice.
pub fn words(cause: &str) -> (String, String) {
    let own = match cause {
        MISSING => (
            "The service never listed this page",
            "It counts the page as done, and gives no result for it. Run it again.",
        ),
        EXPIRED => (
            "The service has deleted the result",
            "It keeps results for a day. Run the page again.",
        ),
        LOST => (
            "The service has lost the result",
            "Ask its support for the credits back, or run the page again.",
        ),
        _ => {
            let guidance = Guidance {
                error_type: Some(cause.to_owned()),
                ..Guidance::default()
            };
            let words = verdict::words(&ScrapeResponse::default(), &guidance);
            let headline = words.headline.trim_end_matches('.').to_owned();
            return (headline, words.explanation);
        }
    };
    (own.0.to_owned(), own.1.to_owned())
}

/// The causes of one run, the most frequent first.
pub fn of_run(
    connection: &Connection,
    run: i64,
    form: &ScrapeForm,
    prices: PagePrices,
) -> Result<Vec<CauseView>, LibraryError> {
    let mut select = connection.prepare_cached(
        "SELECT cause, outcome, suggestion, stop_reason, own, count(*) FROM jobs INDEXED BY jobs_by_cause
         WHERE run = ?1 AND outcome IN (2, 3)
         GROUP BY cause, outcome, suggestion, stop_reason, own",
    )?;
    let rows = select.query_map(params![run], |row| {
        Ok((
            (row.get::<_, String>(0)?, row.get::<_, u8>(1)? == 3),
            Group {
                suggestion: row.get(2)?,
                stop_reason: row.get(3)?,
                own: row.get(4)?,
                count: row.get(5)?,
            },
        ))
    })?;
    let mut causes: BTreeMap<(String, bool), Vec<Group>> = BTreeMap::new();
    for row in rows {
        let (key, group) = row?;
        causes.entry(key).or_default().push(group);
    }
    let mut views: Vec<CauseView> = causes
        .into_iter()
        .map(|((id, timed_out), groups)| view(id, timed_out, &groups, form, prices))
        .collect();
    views.sort_by_key(|view| std::cmp::Reverse(view.count));
    Ok(views)
}

/// The form of one page with its own options, as the service suggests to change it.
pub fn suggested(form: &ScrapeForm, suggestion: &str) -> ScrapeForm {
    let request: Option<ScrapeRequest> = serde_json::from_str(suggestion).ok();
    let Some(request) = request else {
        return form.clone();
    };
    ScrapeForm {
        address: form.address.clone(),
        ..form_from_request(&request, form)
    }
}

/// Failed pages of one cause that were suggested the same.
struct Group {
    suggestion: String,
    stop_reason: String,
    own: String,
    count: u32,
}

fn view(
    id: String,
    timed_out: bool,
    groups: &[Group],
    form: &ScrapeForm,
    prices: PagePrices,
) -> CauseView {
    let (headline, advice) = words(&id);
    let sum = |groups: &mut dyn Iterator<Item = &Group>| {
        narrow(groups.map(|group| u64::from(group.count)).sum())
    };
    let offered: Vec<&Group> = groups
        .iter()
        .filter(|group| group.stop_reason.is_empty())
        .collect();
    let most = offered.iter().max_by_key(|group| group.count);
    let retry = most.map(|most| {
        let credits = offered.iter().map(|group| {
            let form = suggested(&with_own(form, &group.own), &group.suggestion);
            u64::from(prices.of(&form)) * u64::from(group.count)
        });
        let credits = narrow(credits.sum());
        RetryOffer {
            count: sum(&mut offered.iter().copied()),
            changes: changes(form, &suggested(form, &most.suggestion)),
            cost: CostView {
                credits,
                free: credits == 0,
            },
        }
    });
    CauseView {
        words: headline,
        advice,
        count: sum(&mut groups.iter()),
        timed_out,
        stop_reason: match retry {
            Some(_) => String::new(),
            None => groups
                .first()
                .map(|group| group.stop_reason.clone())
                .unwrap_or_default(),
        },
        retry,
        id,
    }
}

/// A page's form: the options of all, and its own over them.
pub fn with_own(form: &ScrapeForm, own: &str) -> ScrapeForm {
    serde_json::from_str(own).unwrap_or_else(|_| form.clone())
}
