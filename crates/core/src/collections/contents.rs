//! The pages of a collection: shown, added, changed, taken out, judged before a run.

use std::sync::Arc;

use rusqlite::{Connection, Transaction};
use scrapingpros::types::ScrapeRequest;

use super::import::pasted;
use super::judge::{Judged, Side};
use super::own::OwnOptions;
use super::pages::{self, NewPage};
use super::store::{self, Stored};
use super::{
    Collections, PageColumn, PageForm, PageRow, PageSelection, PagesAdded, PagesPage, PagesQuery,
    PagesRemoved, ProblemKind, ReportView,
};
use crate::accounts::Account;
use crate::library::{LibraryError, narrow};
use crate::scrape::{ScrapeForm, request_from_form};
use crate::{Answer, AppError};

/// What the service said of a page it did not take (contract §4.10.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    Blocked,
    Invalid,
    Duplicate,
}

/// A page on its way into a run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRow {
    pub id: u32,
    /// Its label is the `custom_id`: within a list, address and label together name one page.
    pub request: ScrapeRequest,
}

/// A list, what it is worth, and for whom.
pub(super) struct Open {
    pub list: Stored,
    pub judged: Arc<Judged>,
    pub side: Side,
}

impl Collections {
    pub async fn pages(&self, query: PagesQuery) -> Answer<PagesPage> {
        let desk = self.clone();
        let side = self.side().await;
        self.database()
            .call(move |db| {
                let open = desk.open_list(db, &query.collection_id, side)?;
                pages::page(db, &open.list, &open.judged, &open.side, &query)
            })
            .await
    }

    /// Adds pages at the end, right or wrong; lines without anything are no pages.
    pub async fn add_pages(
        &self,
        collection_id: String,
        forms: Vec<PageForm>,
    ) -> Answer<PagesAdded> {
        let mut new: Vec<NewPage> = forms.into_iter().map(NewPage::from).collect();
        new.retain(|page| !page.is_blank());
        self.add(collection_id, new).await
    }

    /// Adds what was copied from a table, a list or a text: the column with the addresses is found.
    pub async fn paste_pages(&self, collection_id: String, text: String) -> Answer<PagesAdded> {
        let new = tokio::task::spawn_blocking(move || pasted(&text))
            .await
            .map_err(|error| AppError::from(LibraryError::from(error)))??;
        self.add(collection_id, new).await
    }

    /// Undoes adding.
    pub async fn take_back_pages(
        &self,
        collection_id: String,
        first_id: u32,
        last_id: u32,
    ) -> Answer<PagesRemoved> {
        self.remove(
            collection_id,
            move |_, _| Ok((first_id..=last_id).collect()),
        )
        .await
    }

    /// Changes one cell and answers with its row.
    pub async fn edit_page(
        &self,
        collection_id: String,
        page_id: u32,
        column: PageColumn,
        value: String,
    ) -> Answer<PageRow> {
        let list_id = collection_id.clone();
        self.change(move |transaction| {
            let list = store::get(transaction, &list_id)?;
            pages::edit(transaction, &list, page_id, column, &value)
        })
        .await?;
        let desk = self.clone();
        let side = self.side().await;
        self.database()
            .call(move |db| {
                let open = desk.open_list(db, &collection_id, side)?;
                pages::row(db, &open.list, &open.judged, &open.side, page_id)
            })
            .await
    }

    /// Takes pages out; until the app quits they can come back.
    pub async fn remove_pages(&self, selection: PageSelection) -> Answer<PagesRemoved> {
        self.remove(selection.collection_id.clone(), move |transaction, open| {
            pages::selected(transaction, &open.list, &open.judged, &selection)
        })
        .await
    }

    /// Takes out every page with one of these problems; no kinds: with any that a run would not send.
    pub async fn leave_out_problems(
        &self,
        collection_id: String,
        kinds: Vec<ProblemKind>,
    ) -> Answer<PagesRemoved> {
        self.remove(collection_id, move |_, open| {
            let rows = open.judged.rows.iter().filter(|row| match row.problem {
                Some(kind) if !kinds.is_empty() => kinds.contains(&kind),
                Some(_) | None => !row.will_run(),
            });
            Ok(rows.map(|row| row.place).collect())
        })
        .await
    }

    /// Brings back what was taken out, each page where it was.
    pub async fn restore_pages(&self, collection_id: String, undo: u32) -> Answer<ReportView> {
        let list_id = collection_id.clone();
        self.change(move |transaction| {
            let list = store::get(transaction, &list_id)?;
            pages::show(transaction, &list, undo.into())
        })
        .await?;
        self.report(collection_id).await
    }

    pub async fn report(&self, collection_id: String) -> Answer<ReportView> {
        let desk = self.clone();
        let side = self.side().await;
        self.database()
            .call(move |db| {
                Ok::<_, LibraryError>(desk.open_list(db, &collection_id, side)?.judged.report())
            })
            .await
    }

    /// Keeps what the service said of pages it did not take; what it said before is forgotten.
    pub async fn record_refusals(
        &self,
        collection_id: String,
        refusals: Vec<(u32, Refusal, String)>,
    ) -> Answer<()> {
        let refusals: Vec<(u32, String)> = refusals
            .into_iter()
            .map(|(id, refusal, words)| (id, refusal.sentence(&words)))
            .collect();
        self.change(move |transaction| {
            let list = store::get(transaction, &collection_id)?;
            pages::refuse(transaction, list.number, &refusals)
        })
        .await
    }

    /// The next pages that a run with `account` sends: those after page `after` (0: from the first),
    /// at most `limit`, in order. None left: an empty answer. The options' own problems are an error.
    pub async fn rows_for_run(
        &self,
        collection_id: String,
        account: &Account,
        after: u32,
        limit: u32,
    ) -> Answer<Vec<RunRow>> {
        let desk = self.clone();
        let account = account.clone();
        let side = self.side_of(&account);
        self.database()
            .call(move |db| {
                let open = desk.open_list(db, &collection_id, side)?;
                run_rows(db, &open, after, limit)
            })
            .await?
            .into_iter()
            .map(|(id, request)| {
                let request = request.map_err(AppError::invalid)?;
                Ok(RunRow { id, request })
            })
            .collect()
    }

    async fn add(&self, collection_id: String, new: Vec<NewPage>) -> Answer<PagesAdded> {
        let list_id = collection_id.clone();
        let added = narrow(new.len() as u64);
        let (first_id, last_id) = self
            .change(move |transaction| {
                let list = store::get(transaction, &list_id)?;
                pages::add(transaction, &list, &new, 0)
            })
            .await?;
        Ok(PagesAdded {
            added,
            first_id,
            last_id,
            report: self.report(collection_id).await?,
        })
    }

    async fn remove(
        &self,
        collection_id: String,
        which: impl FnOnce(&Transaction<'_>, &Open) -> Result<Vec<u32>, LibraryError> + Send + 'static,
    ) -> Answer<PagesRemoved> {
        let desk = self.clone();
        let side = self.side().await;
        let list_id = collection_id.clone();
        let (removed, undo) = self
            .change(move |transaction| {
                let open = desk.open_list(transaction, &list_id, side)?;
                let places = which(transaction, &open)?;
                pages::hide(transaction, &open.list, places)
            })
            .await?;
        Ok(PagesRemoved {
            removed,
            undo,
            report: self.report(collection_id).await?,
        })
    }

    /// The list as it stands, judged for `side`. Only before a change, or after it is on disk: what
    /// is not may never be, and would still be remembered.
    pub(super) fn open_list(
        &self,
        connection: &Connection,
        id: &str,
        side: Side,
    ) -> Result<Open, LibraryError> {
        let list = store::get(connection, id)?;
        let key = (list.number, list.revision, side.clone());
        let judged = self
            .judged
            .get(key, || Judged::of(connection, &list, &side))?;
        Ok(Open { list, judged, side })
    }

    /// The account in use; before one is chosen, this computer.
    pub(super) async fn side(&self) -> Side {
        match self.accounts.active().await {
            Ok(account) => self.side_of(&account),
            Err(_) => Side {
                local: true,
                allowed_hosts: self.settings.read().allowed_hosts,
            },
        }
    }

    fn side_of(&self, account: &Account) -> Side {
        Side {
            local: account.is_local(),
            allowed_hosts: self.settings.read().allowed_hosts,
        }
    }
}

impl Refusal {
    pub(crate) fn sentence(self, words: &str) -> String {
        let words = words.trim();
        match self {
            Self::Blocked if words.is_empty() => "The service does not open this address.".into(),
            Self::Blocked => format!("The service does not open this address: {words}"),
            Self::Invalid if words.is_empty() => "The service did not take this page.".into(),
            Self::Invalid => format!("The service did not take this page: {words}"),
            Self::Duplicate => "The service had this page already.".into(),
        }
    }
}

type Asked = Result<ScrapeRequest, Vec<crate::FieldProblem>>;

fn run_rows(
    connection: &Connection,
    open: &Open,
    after: u32,
    limit: u32,
) -> Result<Vec<(u32, Asked)>, LibraryError> {
    let options = &open.list.options;
    let start = open.judged.rows.partition_point(|row| row.place <= after);
    let mut select = connection.prepare_cached(
        "SELECT address, label, own FROM pages WHERE collection = ?1 AND place = ?2",
    )?;
    let mut rows = Vec::new();
    for row in open.judged.rows[start..]
        .iter()
        .filter(|row| row.will_run())
        .take(limit as usize)
    {
        let request = select.query_row(rusqlite::params![open.list.number, row.place], |page| {
            let own: String = page.get(2)?;
            let form = OwnOptions::read(&own)
                .over(options)
                .unwrap_or_else(|_| options.clone());
            let form = ScrapeForm {
                address: page.get(0)?,
                ..form
            };
            let label: String = page.get(1)?;
            let request = request_from_form(&form, &open.side.allowed_hosts);
            Ok(request.map(|request| ScrapeRequest {
                custom_id: (!label.is_empty()).then_some(label),
                ..request
            }))
        })?;
        rows.push((row.place, request));
    }
    Ok(rows)
}
