//! The questions to the service. Each only reads; what an answer says about the account is remembered.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use scrapingpros::types::{ClientMetrics, PlansResponse};
use scrapingpros::{Answered, Client, ClientMetricsQuery, Error};
use serde_json::Value;
use time::{Date, OffsetDateTime};
use tokio_util::sync::CancellationToken;

use super::bill;
use super::calendar::{CalendarMonth, day_name, end_of, is_settled};
use super::days::{self, Day};
use super::kept::KeptBill;
use super::{AT_ONCE, DaysProgress, Metric, Usage};
use crate::accounts::{Account, circumstances};
use crate::error::Circumstances;
use crate::library::narrow;
use crate::{Answer, AppError};

/// What stands beside a bill that was just asked for need not ask again.
pub const BESIDE: Duration = Duration::from_secs(5);

/// What is asked, and when it was.
#[derive(Default)]
pub struct Asked {
    /// When each bill was last asked for, by account and month; who wants the same one waits for it.
    bills: Mutex<HashMap<(String, String), Slot>>,
    /// Ends the questions for single days that go on.
    days: Mutex<CancellationToken>,
}

type Slot = Arc<tokio::sync::Mutex<Option<Instant>>>;

impl Asked {
    fn slot(&self, account_id: &str, month: &str) -> Slot {
        let mut slots = self.bills.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (account_id.to_owned(), month.to_owned());
        Arc::clone(slots.entry(key).or_default())
    }

    pub fn stop_days(&self) {
        let days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        days.cancel();
    }

    /// Whoever asked for days before is not listened to any more.
    fn begin_days(&self) -> CancellationToken {
        let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        days.cancel();
        *days = CancellationToken::new();
        days.clone()
    }
}

/// Days to be asked for one by one.
struct Questions<'a> {
    month: CalendarMonth,
    days: &'a [u8],
    stop: CancellationToken,
    tell: TellDays<'a>,
}

/// Told of each answer.
pub type TellDays<'a> = &'a (dyn Fn(DaysProgress) + Send + Sync);

/// Credits of days as far as they are known.
pub struct FoundDays {
    pub days: BTreeMap<u8, Day>,
    /// Of the bill that belongs to them.
    pub billed: u32,
    /// Why not all are known.
    pub trouble: Option<AppError>,
}

impl Usage {
    /// The bill, not older than `age` while it can change, and why it could not be asked for now when it is
    /// older all the same.
    pub(super) async fn bill(
        &self,
        account: &Account,
        month: CalendarMonth,
        age: Duration,
    ) -> Answer<(KeptBill, Option<AppError>)> {
        let name = month.name();
        let slot = self.asked.slot(&account.id, &name);
        let mut asked = slot.lock().await;
        let kept = self.kept.month(account, &name).await?.bill;
        let fresh = asked.is_some_and(|at| at.elapsed() < age);
        if let Some(kept) = &kept
            && (kept.settled || fresh)
        {
            return Ok((kept.clone(), None));
        }
        match self.ask_bill(account, month).await {
            Ok(bill) => {
                *asked = Some(Instant::now());
                let keep = bill.clone();
                self.keep(account, &name, |month| month.bill = Some(keep))
                    .await;
                Ok((bill, None))
            }
            Err(error) => match kept {
                Some(kept) => Ok((kept, Some(error))),
                None => Err(error),
            },
        }
    }

    async fn ask_bill(&self, account: &Account, month: CalendarMonth) -> Answer<KeptBill> {
        let client = self.accounts.connect(account).await?.client;
        let name = month.name();
        let mut answer = client.usage().billing_by_domain(Some(&name)).await;
        if matches!(answer, Err(Error::Invalid(_))) {
            answer = client.usage().billing(Some(&name)).await;
        }
        let answer = self.noted(account, &client, answer).await?;
        let said = &answer.value;
        if said.month.is_none() && said.clients.is_empty() && said.credit_system.is_none() {
            return Err(known(account, &client).not_an_api(&"the answer is not a bill"));
        }
        let now = OffsetDateTime::now_utc();
        Ok(KeptBill {
            bill: bill::read(said, account.prices.unwrap_or_default()),
            fetched_at: now.unix_timestamp().try_into().unwrap_or(0),
            settled: is_settled(month.span().end, now),
        })
    }

    /// The metrics tell a whole month at once, but may be those of the whole service: on this computer
    /// there is nobody else, elsewhere they count when they add up to the bill. Else each day is asked for.
    pub(super) async fn ask_days(
        &self,
        account: &Account,
        month: CalendarMonth,
        kept: &KeptBill,
        offline: Option<AppError>,
        now: OffsetDateTime,
        tell: TellDays<'_>,
    ) -> Answer<FoundDays> {
        let stop = self.asked.begin_days();
        let begun = month.days_begun(now.date());
        let mut found = FoundDays {
            days: self.kept.month(account, &month.name()).await?.days,
            billed: kept.bill.sums.credits,
            trouble: offline,
        };
        let wanted: Vec<u8> = (1..=begun)
            .filter(|day| !found.days.contains_key(day))
            .collect();
        if wanted.is_empty() || found.trouble.is_some() {
            return Ok(found);
        }
        let client = self.accounts.connect(account).await?.client;
        let last = month.day(begun).unwrap_or_else(|| month.last());
        let range = range(month.first(), last);
        let metrics = client.usage().metrics(Some(&range), None).await.ok();
        let told = metrics.and_then(|answer| days::from_metrics(&answer.value, month));
        match told.filter(|days| account.is_local() || days::add_up_to(days, &kept.bill)) {
            Some(days) => {
                found.days = (1..=begun)
                    .map(|day| (day, days.get(&day).copied().unwrap_or_default()))
                    .collect();
                if account.is_local() {
                    // The engine goes on counting between two questions.
                    found.billed = self.billed_now(account, &client, month, found.billed).await;
                }
            }
            None => {
                let questions = Questions {
                    month,
                    days: &wanted,
                    stop,
                    tell,
                };
                self.ask_each_day(account, &client, kept, questions, &mut found)
                    .await;
            }
        }
        let settled: BTreeMap<u8, Day> = found
            .days
            .iter()
            .filter(|(day, _)| {
                month
                    .day(**day)
                    .is_some_and(|day| is_settled(end_of(day), now))
            })
            .map(|(day, credits)| (*day, *credits))
            .collect();
        self.keep(account, &month.name(), |month| month.days = settled)
            .await;
        Ok(found)
    }

    async fn ask_each_day(
        &self,
        account: &Account,
        client: &Client,
        kept: &KeptBill,
        questions: Questions<'_>,
        found: &mut FoundDays,
    ) {
        let Questions {
            month,
            days: wanted,
            stop,
            tell,
        } = questions;
        let mut answers = futures::stream::iter(wanted.iter().copied())
            .map(|day| async move {
                let query = ClientMetricsQuery {
                    date: month.day(day).map(day_name),
                    ..ClientMetricsQuery::default()
                };
                (day, client.usage().client_metrics(&query).await)
            })
            .buffered(AT_ONCE);
        for asked in 0.. {
            tell(DaysProgress {
                asked,
                of: narrow(wanted.len() as u64),
            });
            let answer = tokio::select! {
                () = stop.cancelled() => return,
                answer = answers.next() => answer,
            };
            let Some((day, answer)) = answer else {
                return;
            };
            match answer {
                Ok(answer) => {
                    let kinds = answer.value.scrape_type.unwrap_or_default();
                    if let Some(credits) = days::from_kinds(&kinds, &kept.bill) {
                        found.days.insert(day, credits);
                    }
                }
                Err(error) => {
                    found.trouble = Some(known(account, client).explain(&error));
                    return;
                }
            }
        }
    }

    async fn billed_now(
        &self,
        account: &Account,
        client: &Client,
        month: CalendarMonth,
        before: u32,
    ) -> u32 {
        match client.usage().billing(Some(&month.name())).await {
            Ok(answer) => {
                let prices = account.prices.unwrap_or_default();
                bill::read(&answer.value, prices).sums.credits
            }
            Err(_) => before,
        }
    }

    pub(super) async fn ask_hours(&self, account: &Account, day: String) -> Answer<ClientMetrics> {
        let client = self.accounts.connect(account).await?.client;
        let query = ClientMetricsQuery {
            date: Some(day),
            hourly: true,
            by_domain: false,
        };
        let answer = client.usage().client_metrics(&query).await;
        Ok(self.noted(account, &client, answer).await?.value)
    }

    /// None: the service does not show them to this account.
    pub(super) async fn ask_metrics(
        &self,
        account: &Account,
        from: Date,
        to: Date,
        metric: Metric,
    ) -> Answer<Option<Value>> {
        let client = self.accounts.connect(account).await?.client;
        let metric = match metric {
            Metric::All => None,
            Metric::Url => Some("url"),
            Metric::Proxy => Some("proxy"),
            Metric::ApiCodes => Some("api_codes"),
        };
        match client.usage().metrics(Some(&range(from, to)), metric).await {
            Ok(answer) => Ok(Some(answer.value)),
            Err(Error::Forbidden(_) | Error::Unauthorized(_)) => Ok(None),
            Err(error) => Err(known(account, &client).explain(&error)),
        }
    }

    /// The inner error is the beginning of what came instead.
    pub(super) async fn ask_plans(
        &self,
        account: &Account,
    ) -> Answer<Result<PlansResponse, String>> {
        let client = self.accounts.connect(account).await?.client;
        match client.plans().list().await {
            Ok(answer) => Ok(Ok(answer.value)),
            Err(error @ Error::Parse(_)) => Ok(Err(error.to_string())),
            Err(error) => Err(known(account, &client).explain(&error)),
        }
    }

    async fn noted<T>(
        &self,
        account: &Account,
        client: &Client,
        answer: Result<Answered<T>, Error>,
    ) -> Answer<Answered<T>> {
        match answer {
            Ok(answer) => {
                self.accounts.note_answer(&account.id, &answer.meta).await?;
                Ok(answer)
            }
            Err(error) => {
                let explained = known(account, client).explain(&error);
                self.accounts
                    .note_problem(&account.id, explained.code)
                    .await?;
                Err(explained)
            }
        }
    }

    /// Figures that can't be kept are asked for again.
    async fn keep(
        &self,
        account: &Account,
        month: &str,
        change: impl FnOnce(&mut super::kept::Month),
    ) {
        if let Err(error) = self.kept.change(account, month, change).await {
            tracing::warn!(%error, details = error.details, "figures of a month are not kept");
        }
    }
}

fn known(account: &Account, client: &Client) -> Circumstances {
    Circumstances {
        patience_seconds: client.config().timeouts.read.as_secs(),
        ..circumstances(account)
    }
}

fn range(from: Date, to: Date) -> String {
    format!("{}:{}", day_name(from), day_name(to))
}
