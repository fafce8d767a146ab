//! A run before it is sent: all that must be known to send it once, and only once, on disk.

use rusqlite::{Transaction, params};
use scrapingpros::types::{NewCollection, ScrapeRequest};
use scrapingpros::{Client, PreparedCollection};
use time::OffsetDateTime;
use uuid::Uuid;

use super::causes::PagePrices;
use super::drain::twin;
use super::{RunState, RunView, Runs, StartRunForm, rows};
use crate::accounts::{Account, circumstances};
use crate::library::{LibraryError, narrow};
use crate::scrape::{ScrapeForm, form_from_request};
use crate::{Answer, AppError, ErrorCode};

/// Pages read from a list at a time.
const CHUNK: u32 = 1_000;

/// A run as it is meant.
pub(super) struct Plan {
    pub account: Account,
    pub collection_id: String,
    pub collection_name: String,
    pub form: ScrapeForm,
    pub pages: Vec<PlannedPage>,
    pub left_out: u32,
}

pub(super) struct PlannedPage {
    /// Of the collection.
    pub page: u32,
    pub request: ScrapeRequest,
    /// Its own form as JSON; empty when it is the run's.
    pub own: String,
}

impl Runs {
    /// Writes the run down and answers with it; sending goes on by itself. While one of the same
    /// collection is being sent, that one is the answer: a second press starts nothing.
    pub async fn start(&self, form: StartRunForm) -> Answer<RunView> {
        let _turn = self.starting.lock().await;
        if let Some(id) = self.being_sent(form.collection_id.clone()).await? {
            return self.get(id).await;
        }
        let account = self.accounts.active().await?;
        let plan = self.plan(account, form.collection_id).await?;
        self.begin(plan, form.confirmed_ceiling).await
    }

    /// Checks the price and writes down.
    pub(super) async fn begin(&self, plan: Plan, confirmed_ceiling: u32) -> Answer<RunView> {
        if plan.pages.is_empty() {
            return Err(AppError::new(
                ErrorCode::InvalidForm,
                "There is no page that can be scraped.",
            ));
        }
        let ceiling = self.ceiling(&plan).await;
        if ceiling != confirmed_ceiling {
            return Err(AppError::new(
                ErrorCode::PriceChanged,
                format!("It can cost {ceiling} credits at most, not {confirmed_ceiling}."),
            ));
        }
        let client = self.client(&plan.account).await?;
        let id = Uuid::new_v4().to_string();
        let (row, wanted) = (id.clone(), narrow(plan.pages.len() as u64));
        let prepared = prepare(&client, &plan, &id)
            .map_err(|error| circumstances(&plan.account).explain(&error))?;
        self.database()
            .call(move |connection| {
                let transaction = connection.transaction()?;
                insert(&transaction, &row, &plan, &prepared, ceiling)?;
                transaction.commit()?;
                Ok::<_, LibraryError>(())
            })
            .await?;
        tracing::info!(run = id, pages = wanted, "a run is written down");
        self.work_on(id.clone()).await;
        self.get(id).await
    }

    async fn being_sent(&self, collection_id: String) -> Answer<Option<String>> {
        self.database()
            .call(move |connection| {
                let mut select = connection.prepare_cached(
                    "SELECT id FROM runs WHERE collection_id = ?1 AND state = ?2",
                )?;
                let mut ids = select.query_map(
                    [&collection_id, rows::state_name(RunState::Sending)],
                    |row| row.get(0),
                )?;
                ids.next().transpose()
            })
            .await
    }

    pub(super) async fn plan(&self, account: Account, collection_id: String) -> Answer<Plan> {
        let collection = self.collections.get(collection_id.clone()).await?;
        if !collection.problems.is_empty() {
            return Err(AppError::invalid(collection.problems));
        }
        let mut pages = Vec::new();
        let mut after = 0;
        loop {
            let some = self
                .collections
                .rows_for_run(collection_id.clone(), &account, after, CHUNK)
                .await?;
            let Some(last) = some.last() else {
                break;
            };
            after = last.id;
            pages.extend(some.into_iter().map(|row| PlannedPage {
                page: row.id,
                own: own_form(&row.request, &collection.options),
                request: row.request,
            }));
        }
        Ok(Plan {
            account,
            left_out: collection.pages.saturating_sub(narrow(pages.len() as u64)),
            collection_id,
            collection_name: collection.name,
            form: collection.options,
            pages,
        })
    }

    pub(super) async fn ceiling(&self, plan: &Plan) -> u32 {
        let prices = self.prices(&plan.account.id).await;
        narrow(plan.pages.iter().map(|page| price(prices, page)).sum())
    }
}

fn price(prices: PagePrices, page: &PlannedPage) -> u64 {
    u64::from(if page.request.browser {
        prices.browser
    } else {
        prices.simple
    })
}

/// Its name is found again when the answer is lost.
fn prepare(
    client: &Client,
    plan: &Plan,
    id: &str,
) -> Result<PreparedCollection, scrapingpros::Error> {
    let suffix = id.split('-').next().unwrap_or_default();
    client.collections().prepare(&NewCollection {
        name: format!("{} {suffix}", plan.collection_name),
        requests: plan.pages.iter().map(|page| page.request.clone()).collect(),
        callback_url: None,
    })
}

fn insert(
    transaction: &Transaction<'_>,
    id: &str,
    plan: &Plan,
    prepared: &PreparedCollection,
    ceiling: u32,
) -> Result<(), LibraryError> {
    let queued = narrow(plan.pages.len() as u64);
    transaction.execute(
        "INSERT INTO runs (id, collection_id, collection_name, nth, account_id, account_name, local, form,
             state, submitted, left_out, queued, ceiling, started_at, sending_key, sending)
         VALUES (?1, ?2, ?3, (SELECT count(*) + 1 FROM runs WHERE collection_id = ?2), ?4, ?5, ?6, ?7,
             ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        params![
            id,
            plan.collection_id,
            plan.collection_name,
            plan.account.id,
            plan.account.name,
            plan.account.is_local(),
            serde_json::to_string(&plan.form)?,
            rows::state_name(RunState::Sending),
            queued + plan.left_out,
            plan.left_out,
            queued,
            ceiling,
            OffsetDateTime::now_utc().unix_timestamp(),
            prepared.key(),
            zstd::encode_all(prepared.body().as_bytes(), 3)?,
        ],
    )?;
    let run = transaction.last_insert_rowid();
    let mut job = transaction.prepare_cached(
        "INSERT INTO jobs (run, place, page, address, label, own, twin)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (place, page) in plan.pages.iter().enumerate() {
        let label = page.request.custom_id.as_deref().unwrap_or_default();
        job.execute(params![
            run,
            place as i64,
            page.page,
            page.request.url,
            label,
            page.own,
            twin(&page.request.url, label),
        ])?;
    }
    Ok(())
}

/// The form that leads to the request, when it is not the options of every page.
fn own_form(request: &ScrapeRequest, options: &ScrapeForm) -> String {
    let base = ScrapeForm {
        address: request.url.clone(),
        ..options.clone()
    };
    let mut form = ScrapeForm {
        browser: request.browser,
        screenshot: request.screenshot,
        retry_on_block: request.retry_on_block,
        ..base.clone()
    };
    if request.use_proxy.is_none() {
        form.location.clear();
    }
    if request.language.is_none() {
        form.language.clear();
    }
    let form = form_from_request(request, &form);
    if form == base {
        return String::new();
    }
    serde_json::to_string(&form).unwrap_or_default()
}
