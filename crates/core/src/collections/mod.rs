//! Lists of pages that are scraped together, again and again: kept here, because the service never
//! gives the pages of a collection back. Running them is not in here.

mod contents;
mod elsewhere;
mod estimate;
mod import;
mod judge;
mod last_runs;
mod list;
mod own;
mod pages;
mod reading;
mod store;
mod view;

use std::sync::Arc;

use rusqlite::Transaction;

pub use contents::{Refusal, RunRow};
pub use import::{ImportChoice, ImportColumn, ImportKind, ImportProgress, ImportView};
pub use last_runs::{RunHistory, last_runs};
pub use own::{OwnOption, PageColumn};
pub use view::*;

use import::Imports;
use judge::{Judged, Side};
use pages::NewPage;

use crate::accounts::Accounts;
use crate::database::Database;
use crate::library::{LastUsed, Library, LibraryError};
use crate::scrape::{ScrapeForm, request_from_form};
use crate::settings::SettingsStore;
use crate::{Answer, AppError, FieldProblem};

const LONGEST_NAME: usize = 200;
const OPEN_LISTS: usize = 3;
/// Stands in for a page's own address where only the options are looked at.
const ANY_ADDRESS: &str = "https://example.com/";

/// All collections; cheap to clone.
#[derive(Clone)]
pub struct Collections {
    accounts: Accounts,
    library: Library,
    settings: SettingsStore,
    imports: Arc<Imports>,
    /// By a list's number and revision, and for whom.
    judged: Arc<LastUsed<(i64, i64, Side), Judged>>,
}

impl Collections {
    /// Forgets what was deleted before this start.
    pub async fn open(
        accounts: Accounts,
        library: Library,
        settings: SettingsStore,
    ) -> Answer<Self> {
        let collections = Self {
            accounts,
            library,
            settings,
            imports: Arc::default(),
            judged: Arc::new(LastUsed::new(OPEN_LISTS)),
        };
        collections.change(store::purge).await?;
        Ok(collections)
    }

    pub async fn list(&self, query: CollectionsQuery) -> Answer<CollectionsPage> {
        let rows = self.database().call(|db| store::rows(db)).await?;
        Ok(list::page(rows, &query))
    }

    pub async fn get(&self, id: String) -> Answer<CollectionView> {
        let view = self.database().call(move |db| store::view(db, &id)).await?;
        Ok(self.checked(view))
    }

    pub async fn create(&self, form: CollectionForm) -> Answer<CollectionView> {
        let name = checked_name(&form.name)?;
        let view = self
            .change(move |transaction| {
                let name = match name.as_str() {
                    "" => store::free_name(transaction, "New collection")?,
                    name => name.to_owned(),
                };
                let id = store::create(transaction, &name, &form.options)?;
                store::view(transaction, &id)
            })
            .await?;
        Ok(self.checked(view))
    }

    /// A collection with the options of a kept result, and its page.
    pub async fn create_from_result(&self, result_id: String) -> Answer<CollectionView> {
        let result = self.library.view(result_id).await?;
        let view = self
            .change(move |transaction| {
                let name = store::free_name(transaction, &result.site)?;
                let id = store::create(transaction, &name, &result.form)?;
                let mut page = NewPage::default();
                page.set(PageColumn::Address, &result.address);
                pages::add(transaction, &store::get(transaction, &id)?, &[page], 0)?;
                store::view(transaction, &id)
            })
            .await?;
        Ok(self.checked(view))
    }

    /// Replaces name and options.
    pub async fn update(&self, id: String, form: CollectionForm) -> Answer<CollectionView> {
        let name = checked_name(&form.name)?;
        if name.is_empty() {
            return Err(wrong_name("Enter a name."));
        }
        let view = self
            .change(move |transaction| {
                store::update(transaction, &id, &name, &form.options)?;
                store::view(transaction, &id)
            })
            .await?;
        Ok(self.checked(view))
    }

    /// A copy with the same options and pages, and no runs.
    pub async fn duplicate(&self, id: String) -> Answer<CollectionView> {
        let view = self
            .change(move |transaction| {
                let name = store::get(transaction, &id)?.name;
                let name = store::free_name(transaction, &format!("Copy of {name}"))?;
                let copy = store::duplicate(transaction, &id, &name)?;
                store::view(transaction, &copy)
            })
            .await?;
        Ok(self.checked(view))
    }

    /// Takes it off the list. Its runs and results stay, and until the app quits it can come back.
    pub async fn delete(&self, id: String) -> Answer<()> {
        self.change(move |transaction| store::delete(transaction, &id))
            .await
    }

    /// Undoes [`Collections::delete`].
    pub async fn restore(&self, id: String) -> Answer<CollectionView> {
        let view = self
            .change(move |transaction| {
                store::restore(transaction, &id)?;
                store::view(transaction, &id)
            })
            .await?;
        Ok(self.checked(view))
    }

    fn checked(&self, view: CollectionView) -> CollectionView {
        let problems = option_problems(&view.options, &self.settings.read().allowed_hosts);
        CollectionView { problems, ..view }
    }

    fn database(&self) -> &Database {
        self.library.database()
    }

    /// All or nothing, and on disk when this returns.
    async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, LibraryError> + Send + 'static,
    ) -> Answer<T> {
        self.database()
            .call(move |connection| {
                let transaction = connection.transaction()?;
                let value = work(&transaction)?;
                transaction.commit()?;
                Ok::<_, LibraryError>(value)
            })
            .await
    }
}

/// What is wrong with the options whatever the page.
fn option_problems(options: &ScrapeForm, allowed_hosts: &[String]) -> Vec<FieldProblem> {
    let form = ScrapeForm {
        address: ANY_ADDRESS.into(),
        ..options.clone()
    };
    request_from_form(&form, allowed_hosts)
        .err()
        .unwrap_or_default()
}

fn checked_name(typed: &str) -> Answer<String> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > LONGEST_NAME {
        return Err(wrong_name("This name is too long. Shorten it."));
    }
    Ok(name)
}

fn wrong_name(message: &str) -> AppError {
    AppError::invalid(vec![FieldProblem::new("name", message)])
}
