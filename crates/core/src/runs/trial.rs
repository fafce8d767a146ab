//! "Try 5 first": a few pages, spread over the list, scraped one by one like any single page, so that
//! options and price are known to be right before the whole list is sent.

use futures::StreamExt as _;

use super::begin::{Plan, PlannedPage};
use super::causes::with_own;
use super::{Runs, TrialForm, TrialPage, TrialSuggestion, TrialView};
use crate::library::narrow;
use crate::results::SuggestionView;
use crate::scrape::ScrapeForm;
use crate::{Answer, AppError, ErrorCode};

const MOST_PAGES: u32 = 10;
/// The smallest plan allows so many at a time.
const AT_ONCE: usize = 5;

impl Runs {
    /// Tells of each page as it comes back. Each is in the library, tried with the account in use.
    pub async fn try_first(
        &self,
        form: TrialForm,
        tell: impl Fn(TrialView) + Send + Sync,
    ) -> Answer<TrialView> {
        let account = self.accounts.active().await?;
        let plan = self.plan(account, form.collection_id).await?;
        let plan = Plan {
            pages: spread(plan.pages, form.pages.clamp(1, MOST_PAGES) as usize),
            ..plan
        };
        let ceiling = self.ceiling(&plan).await;
        if ceiling > form.confirmed_ceiling {
            return Err(AppError::new(
                ErrorCode::PriceChanged,
                format!(
                    "It can cost {ceiling} credits at most, not {}.",
                    form.confirmed_ceiling
                ),
            ));
        }
        let mut view = empty(&plan.pages);
        tell(view.clone());
        let mut scrapes = Vec::with_capacity(plan.pages.len());
        for (place, page) in plan.pages.iter().enumerate() {
            let form_of_page = ScrapeForm {
                address: page.request.url.clone(),
                ..with_own(&plan.form, &page.own)
            };
            let scrapes_of_one = self.scrapes.clone();
            let scrape_id = scrape_id(&form.trial_id, place);
            scrapes.push(async move {
                let outcome = scrapes_of_one.run(scrape_id, form_of_page, |_| {}).await;
                (place, outcome)
            });
        }
        let mut tried = futures::stream::iter(scrapes).buffer_unordered(AT_ONCE);
        while let Some((place, outcome)) = tried.next().await {
            let Some(page) = view.pages.get_mut(place) else {
                continue;
            };
            match outcome {
                Ok(result) => page.result = Some(result),
                Err(error) => page.error = Some(error),
            }
            sum_up(&mut view);
            tell(view.clone());
        }
        Ok(view)
    }

    /// Stops waiting for the pages of a trial. True when credits may still be charged.
    pub async fn cancel_trial(&self, trial_id: String) -> Answer<bool> {
        let mut charged = false;
        for place in 0..MOST_PAGES as usize {
            charged |= self.scrapes.cancel(scrape_id(&trial_id, place)).await?;
        }
        Ok(charged)
    }
}

fn scrape_id(trial_id: &str, place: usize) -> String {
    format!("{trial_id}-{place}")
}

/// First and last, and the others evenly between them.
fn spread(pages: Vec<PlannedPage>, wanted: usize) -> Vec<PlannedPage> {
    let last = pages.len().saturating_sub(1);
    let steps = wanted.saturating_sub(1).max(1);
    let chosen: Vec<usize> = (0..wanted).map(|step| step * last / steps).collect();
    pages
        .into_iter()
        .enumerate()
        .filter(|(place, _)| chosen.contains(place))
        .map(|(_, page)| page)
        .collect()
}

fn empty(pages: &[PlannedPage]) -> TrialView {
    TrialView {
        pages: pages
            .iter()
            .map(|page| TrialPage {
                address: page.request.url.clone(),
                label: page.request.custom_id.clone().unwrap_or_default(),
                result: None,
                error: None,
            })
            .collect(),
        done: false,
        credits: 0,
        average_ms: 0,
        suggestion: None,
    }
}

fn sum_up(view: &mut TrialView) {
    let results = || view.pages.iter().filter_map(|page| page.result.as_ref());
    let count = results().count() as u64;
    let credits = results().map(|result| u64::from(result.credits.unwrap_or_default()));
    let credits = narrow(credits.sum());
    let time: u64 = results().map(|result| u64::from(result.duration_ms)).sum();
    let suggestions: Vec<&SuggestionView> = results()
        .filter_map(|result| result.suggestion.as_ref())
        .collect();
    let suggestion = suggestions
        .iter()
        .max_by_key(|one| {
            let same = suggestions
                .iter()
                .filter(|other| other.changes == one.changes);
            same.count()
        })
        .map(|most| TrialSuggestion {
            options: ScrapeForm {
                address: String::new(),
                ..most.form.clone()
            },
            changes: most.changes.clone(),
            cost: most.cost.clone(),
        });
    view.done = view
        .pages
        .iter()
        .all(|page| page.result.is_some() || page.error.is_some());
    view.average_ms = time.checked_div(count).map(narrow).unwrap_or_default();
    view.credits = credits;
    view.suggestion = suggestion;
}
