//! Failed pages once more, each with what the service suggests for it: a run of its own.

use rusqlite::Connection;

use super::begin::{Plan, PlannedPage};
use super::causes::{suggested, with_own};
use super::rows::StoredRun;
use super::{RetryForm, RunView, Runs};
use crate::Answer;
use crate::collections::SpendingView;
use crate::library::LibraryError;
use crate::scrape::{ScrapeForm, request_from_form};
use scrapingpros::types::ScrapeRequest;

impl Runs {
    /// What the retry would cross at the price that is shown; sends nothing.
    pub async fn check_retry(&self, form: RetryForm) -> Answer<SpendingView> {
        let run = self.stored(form.run_id).await?;
        let account = self.accounts.get(&run.account_id).await?;
        self.collections
            .spending(&account, form.confirmed_ceiling)
            .await
    }

    /// Starts a run over the failed pages of these causes, with the account of the run. Pages that the
    /// service calls futile are left alone.
    pub async fn retry(&self, form: RetryForm) -> Answer<RunView> {
        let _turn = self.starting.lock().await;
        let run = self.stored(form.run_id).await?;
        let account = self.accounts.get(&run.account_id).await?;
        let base = run.clone();
        let pages = self
            .database()
            .call(move |connection| failed_pages(connection, &base, &form.causes))
            .await?;
        let plan = Plan {
            account,
            collection_id: run.summary.collection_id,
            collection_name: run.summary.collection_name,
            form: run.form,
            pages,
            left_out: 0,
        };
        self.begin(plan, form.confirmed_ceiling).await
    }
}

fn failed_pages(
    connection: &Connection,
    run: &StoredRun,
    causes: &[String],
) -> Result<Vec<PlannedPage>, LibraryError> {
    let mut select = connection.prepare_cached(
        "SELECT page, address, label, own, suggestion, cause FROM jobs
         WHERE run = ?1 AND outcome IN (2, 3) AND stop_reason = '' AND address <> '' ORDER BY place",
    )?;
    let rows = select.query_map([run.number], |row| {
        let cause: String = row.get(5)?;
        Ok((
            cause,
            Failed {
                page: row.get(0)?,
                address: row.get(1)?,
                label: row.get(2)?,
                own: row.get(3)?,
                suggestion: row.get(4)?,
            },
        ))
    })?;
    let mut pages = Vec::new();
    for row in rows {
        let (cause, failed) = row?;
        if causes.is_empty() || causes.contains(&cause) {
            pages.extend(failed.planned(&run.form));
        }
    }
    Ok(pages)
}

struct Failed {
    page: u32,
    address: String,
    label: String,
    own: String,
    suggestion: String,
}

impl Failed {
    /// None when the suggestion makes no request that could be sent.
    fn planned(self, options: &ScrapeForm) -> Option<PlannedPage> {
        let before = ScrapeForm {
            address: self.address,
            ..with_own(options, &self.own)
        };
        let form = suggested(&before, &self.suggestion);
        // It was sent before, so its host is allowed.
        let host = url::Url::parse(&form.address).ok()?.host_str()?.to_owned();
        let request = request_from_form(&form, &[host])
            .inspect_err(|problems| tracing::warn!(?problems, "a suggestion can't be sent"))
            .ok()?;
        let is_own = ScrapeForm {
            address: String::new(),
            ..form.clone()
        } != ScrapeForm {
            address: String::new(),
            ..options.clone()
        };
        Some(PlannedPage {
            page: self.page,
            request: ScrapeRequest {
                custom_id: (!self.label.is_empty()).then_some(self.label),
                ..request
            },
            own: if is_own {
                serde_json::to_string(&form).unwrap_or_default()
            } else {
                String::new()
            },
        })
    }
}
