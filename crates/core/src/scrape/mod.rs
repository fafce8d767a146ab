//! One page, from the form to a kept result.

mod form;
mod view;

pub use form::*;
pub use view::*;

use crate::Answer;
use crate::results::ResultView;

pub struct Scrapes;

impl Scrapes {
    /// Problems, price and usual time of a form; sends nothing.
    pub async fn check(&self, _form: ScrapeForm) -> Answer<FormCheck> {
        todo!()
    }
    /// Sends the form with the active account. The result is on disk before this returns.
    /// `scrape_id` is the caller's, so that it can cancel at once.
    pub async fn run(
        &self,
        _scrape_id: String,
        _form: ScrapeForm,
        _progress: impl Fn(ScrapeProgress) + Send + Sync + 'static,
    ) -> Answer<ResultView> {
        todo!()
    }
    /// Stops waiting. True when credits may still be charged.
    pub async fn cancel(&self, _scrape_id: String) -> Answer<bool> {
        todo!()
    }
    /// Remembers the form as it stands.
    pub async fn save_draft(&self, _form: ScrapeForm) -> Answer<()> {
        todo!()
    }
}
