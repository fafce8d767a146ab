//! One page, from the form to a kept result.

mod address;
mod form;
mod refused;
mod request;
mod run;
mod running;
mod selector;
mod snippet;
mod steps;
mod suggestion;
mod view;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

pub use address::read_address;
pub(crate) use address::{trimmed, whole_address};
pub use form::*;
pub use request::request_from_form;
pub use snippet::SnippetKind;
pub use suggestion::{changes, form_from_request};
pub use view::*;

use running::Running;

use crate::accounts::{Account, Accounts};
use crate::journal::Journal;
use crate::library::Library;
use crate::settings::SettingsStore;
use crate::stored_file::{Found, StoredFile, over_defaults};
use crate::usage::{BudgetView, budget, spent_this_month};
use crate::{Answer, AppError, ErrorCode};

/// All scrapes of one page; cheap to clone.
#[derive(Clone)]
pub struct Scrapes {
    accounts: Accounts,
    library: Library,
    journal: Journal,
    settings: SettingsStore,
    running: Arc<Running>,
    draft_file: StoredFile,
    draft: Arc<Mutex<ScrapeForm>>,
}

impl Scrapes {
    /// Reads `draft.json`. The path is where an unreadable one was put aside.
    pub fn open(
        data_dir: &Path,
        accounts: Accounts,
        library: Library,
        journal: Journal,
        settings: SettingsStore,
    ) -> Answer<(Self, Option<PathBuf>)> {
        let draft_file = StoredFile::new(data_dir, "draft.json", "form");
        let (draft, set_aside) = match draft_file.read()? {
            Found::Nothing => (ScrapeForm::default(), None),
            Found::Content(stored) => (over_defaults(stored), None),
            Found::SetAside(path) => (ScrapeForm::default(), Some(path)),
        };
        let scrapes = Self {
            accounts,
            library,
            journal,
            settings,
            running: Arc::default(),
            draft_file,
            draft: Arc::new(Mutex::new(draft)),
        };
        Ok((scrapes, set_aside))
    }

    /// Problems, price and usual time of a form; sends nothing.
    pub async fn check(&self, form: ScrapeForm) -> Answer<FormCheck> {
        // Before an account is chosen the form is as good as on this computer.
        let account = self.accounts.active().await.ok();
        let allowed = self.settings.read().allowed_hosts;
        let mut problems = request_from_form(&form, &allowed).err().unwrap_or_default();
        if form.address.trim().is_empty() {
            problems.retain(|problem| problem.field != "address");
        }
        let usual = match read_address(&form.address, &allowed) {
            Ok(url) => {
                let host = url.host_str().unwrap_or_default();
                self.library.usual(host, form.browser).await?
            }
            Err(_) => None,
        };
        let cost = cost(account.as_ref(), form.browser);
        Ok(FormCheck {
            problems,
            budget: self.budget(&cost).await?,
            cost,
            usual,
        })
    }

    async fn budget(&self, cost: &CostView) -> Answer<Option<BudgetView>> {
        let line = self.settings.read().monthly_budget;
        if cost.free || line == 0 {
            return Ok(None);
        }
        let database = self.library.database();
        let spent = database.call(|db| spent_this_month(db)).await?;
        Ok(budget(line, spent, cost.credits))
    }

    /// Stops waiting. True when credits may still be charged.
    pub async fn cancel(&self, scrape_id: String) -> Answer<bool> {
        Ok(self.running.cancel(&scrape_id))
    }

    /// Remembers the form as it stands.
    /// The form as a request that other programs send, without the key; a wrong field is an error.
    pub async fn snippet(&self, form: ScrapeForm, kind: SnippetKind) -> Answer<String> {
        let allowed = self.settings.read().allowed_hosts;
        let request = request_from_form(&form, &allowed).map_err(AppError::invalid)?;
        let account = self.accounts.active().await.ok();
        let server = account.map_or_else(String::new, |account| account.server);
        snippet::snippet(&request, kind, &server).map_err(|error| {
            AppError::new(
                ErrorCode::Unexpected,
                "The request could not be written down.",
            )
            .with_details(error)
        })
    }

    pub async fn save_draft(&self, form: ScrapeForm) -> Answer<()> {
        self.draft_file.write(&form).await?;
        *self.draft.lock().unwrap_or_else(PoisonError::into_inner) = form;
        Ok(())
    }

    /// The form as it was left.
    pub fn draft(&self) -> ScrapeForm {
        self.draft
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// What a page costs at most; tries that a block makes necessary are charged once.
fn cost(account: Option<&Account>, browser: bool) -> CostView {
    let Some(account) = account.filter(|account| !account.is_local()) else {
        return CostView {
            credits: 0,
            free: true,
        };
    };
    let prices = account.prices.unwrap_or_default();
    CostView {
        credits: if browser {
            prices.browser
        } else {
            prices.simple
        },
        free: false,
    }
}
