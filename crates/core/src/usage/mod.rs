//! What an account has used, as the service counts it (contract §4.3 to §4.5, §5.7), beside what this app
//! knows of it by itself. Nothing here spends credits.

mod ask;
mod bill;
mod calendar;
mod days;
mod forecast;
mod free_form;
mod kept;
mod ledger;
mod saving;
mod view;

pub use view::*;

pub(crate) use ledger::{budget, spent_this_month};

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use serde_json::{Map, Value};
use time::{Date, OffsetDateTime};

use ask::{Asked, BESIDE};
use bill::Bill;
use calendar::{CalendarMonth, day_name, day_of};
use free_form::{field, free_form, line};
use kept::Kept;
use ledger::Own;

use crate::accounts::{Account, Accounts};
use crate::library::{Library, narrow};
use crate::settings::SettingsStore;
use crate::{Answer, AppError, FieldProblem};

/// Months of the trend.
const TREND: usize = 6;
/// Questions at the same time: a small plan allows few a minute.
const AT_ONCE: usize = 3;
/// As many as the service is asked about at once.
const MOST_DAYS: i64 = 366;

/// What was used; cheap to clone.
#[derive(Clone)]
pub struct Usage {
    accounts: Accounts,
    library: Library,
    settings: SettingsStore,
    kept: Arc<Kept>,
    asked: Arc<Asked>,
}

impl Usage {
    /// Forgets the figures of accounts that are not there any more.
    pub async fn open(
        data_dir: &Path,
        accounts: Accounts,
        library: Library,
        settings: SettingsStore,
    ) -> Answer<Self> {
        let views = accounts.list().await?;
        let known: Vec<String> = views.into_iter().map(|account| account.id).collect();
        Ok(Self {
            kept: Arc::new(Kept::open(data_dir, &known)?),
            asked: Arc::default(),
            accounts,
            library,
            settings,
        })
    }

    /// A month of the account in use, `YYYY-MM`; empty: this month. An earlier one is asked for once; this
    /// one each time, and when that fails the last known figures are the answer.
    pub async fn month(&self, month: String) -> Answer<UsageView> {
        let now = OffsetDateTime::now_utc();
        let (account, month) = self.asked_for(&month, now).await?;
        let (kept, trouble) = self.bill(&account, month, Duration::ZERO).await?;
        let own = self.own(&account, month, &kept.bill).await?;
        let current = CalendarMonth::of(now.date()) == month;
        // As the answer has just told.
        let account = self.accounts.get(&account.id).await?;
        let credits = account.credits.filter(|_| current && !account.is_local());
        let left = credits.and_then(|credits| credits.left);
        let sums = kept.bill.sums;
        Ok(UsageView {
            month: month.name(),
            today: day_name(now.date()),
            length: month.length().into(),
            current,
            local: account.is_local(),
            limit: credits.and_then(|credits| credits.limit),
            left,
            forecast: forecast::forecast(month, now, sums.credits, left),
            budget: if current { self.budget().await? } else { None },
            ledger: own.beside(&sums, account.is_local()),
            account_id: account.id,
            account_name: account.name,
            bill: sums,
            clients: kept.bill.clients,
            sites: kept.bill.sites,
            fetched_at: kept.fetched_at,
            trouble,
        })
    }

    /// Credits of each day of a month. Where each day must be asked for, `tell` hears of it; the next call
    /// and [`Usage::stop_days`] end that, and what is known by then is the answer.
    pub async fn days(
        &self,
        month: String,
        tell: impl Fn(DaysProgress) + Send + Sync,
    ) -> Answer<DaysView> {
        let now = OffsetDateTime::now_utc();
        let (account, month) = self.asked_for(&month, now).await?;
        let (kept, offline) = self.bill(&account, month, BESIDE).await?;
        let own = self.own(&account, month, &kept.bill).await?;
        let found = self
            .ask_days(&account, month, &kept, offline, now, &tell)
            .await?;
        let rows: Vec<DayUsage> = (1..=month.days_begun(now.date()))
            .map(|day| {
                let credits = found.days.get(&day);
                DayUsage {
                    day: day.into(),
                    known: credits.is_some(),
                    simple: credits.map_or(0, |credits| credits.simple),
                    browser: credits.map_or(0, |credits| credits.browser),
                    own: own.days[usize::from(day) - 1],
                }
            })
            .collect();
        let all = rows.iter();
        Ok(DaysView {
            month: month.name(),
            worked_out: found.days.values().any(|day| day.worked_out),
            total: narrow(
                all.map(|row| u64::from(row.simple) + u64::from(row.browser))
                    .sum(),
            ),
            billed: found.billed,
            missing: narrow(rows.iter().filter(|row| !row.known).count() as u64),
            rows,
            trouble: found.trouble,
        })
    }

    /// Asks for no more days.
    pub fn stop_days(&self) {
        self.asked.stop_days();
    }

    /// The last half year.
    pub async fn trend(&self) -> Answer<TrendView> {
        let account = self.accounts.active().await?;
        let this = CalendarMonth::of(OffsetDateTime::now_utc().date());
        let mut months: Vec<CalendarMonth> =
            std::iter::successors(Some(this), |month| Some(month.before()))
                .take(TREND)
                .collect();
        months.reverse();
        let account = &account;
        let answers: Vec<_> = futures::stream::iter(months)
            .map(|month| async move { (month, self.bill(account, month, BESIDE).await) })
            .buffered(AT_ONCE)
            .collect()
            .await;
        let mut trouble = None;
        let mut rows = Vec::with_capacity(TREND);
        for (month, answer) in answers {
            let sums = match answer {
                Ok((kept, _)) => Some(kept.bill.sums),
                Err(error) => {
                    trouble = Some(error);
                    None
                }
            };
            let known = sums.as_ref();
            rows.push(MonthUsage {
                month: month.name(),
                credits: known.map(|sums| sums.credits),
                pages: known.map_or(0, |sums| sums.pages),
                failed: known.map_or(0, |sums| sums.failed),
            });
        }
        match trouble {
            Some(error) if rows.iter().all(|row| row.credits.is_none()) => Err(error),
            trouble => Ok(TrendView {
                months: rows,
                trouble,
            }),
        }
    }

    /// Pages of one day, `YYYY-MM-DD`, by the hour.
    pub async fn hours(&self, day: String) -> Answer<HoursView> {
        let today = OffsetDateTime::now_utc().date();
        let date =
            checked_day(&day, "day", today).map_err(|problem| AppError::invalid(vec![problem]))?;
        let account = self.accounts.active().await?;
        let answer = self.ask_hours(&account, day_name(date)).await?;
        let (rows, unread) = days::hours(answer.hourly.as_ref());
        Ok(HoursView {
            day: day_name(date),
            rows,
            unread: unread.or_else(|| free_form(&Value::Object(answer.unknown))),
        })
    }

    /// Figures of the whole service, in whatever form it gives them (contract §4.3).
    pub async fn metrics(&self, form: MetricsForm) -> Answer<MetricsView> {
        let today = OffsetDateTime::now_utc().date();
        let [from, to] = checked_range(&form, today).map_err(AppError::invalid)?;
        let account = self.accounts.active().await?;
        let answer = self.ask_metrics(&account, from, to, form.metric).await?;
        Ok(MetricsView {
            refused: answer.is_none(),
            figures: answer.as_ref().and_then(free_form).unwrap_or_default(),
        })
    }

    /// What the service sells, and which of it this account has.
    pub async fn plans(&self) -> Answer<PlansView> {
        let account = self.accounts.active().await?;
        let plans = match self.ask_plans(&account).await? {
            Ok(answer) => answer.plans,
            Err(excerpt) => {
                return Ok(PlansView {
                    plans: Vec::new(),
                    unread: free_form(&Value::String(excerpt)),
                });
            }
        };
        let limit = account.credits.and_then(|credits| credits.limit);
        let plans = plans.into_iter().enumerate().map(|(place, plan)| {
            let mut facts = Map::new();
            if let Some(jobs) = plan.max_concurrent_jobs {
                facts.insert("max_concurrent_jobs".to_owned(), jobs.into());
            }
            let named = plan.other.get("name").and_then(Value::as_str).map(line);
            facts.extend(plan.other.into_iter().filter(|(key, _)| key != "name"));
            let facts = Value::Object(facts);
            let credits = plan.credits_monthly.or_else(|| field(&facts, &["credits"]));
            let credits = credits.map(narrow);
            PlanView {
                name: plan
                    .display_name
                    .map(|name| line(&name))
                    .or(named)
                    .unwrap_or_else(|| format!("Plan {}", place + 1)),
                yours: credits.is_some() && credits == limit,
                credits,
                facts: free_form(&facts).unwrap_or_default(),
            }
        });
        Ok(PlansView {
            plans: plans.collect(),
            unread: None,
        })
    }

    async fn asked_for(
        &self,
        month: &str,
        now: OffsetDateTime,
    ) -> Answer<(Account, CalendarMonth)> {
        let month = checked_month(month, now.date())
            .map_err(|message| AppError::invalid(vec![FieldProblem::new("month", message)]))?;
        Ok((self.accounts.active().await?, month))
    }

    async fn own(&self, account: &Account, month: CalendarMonth, bill: &Bill) -> Answer<Own> {
        let (id, price) = (
            account.id.clone(),
            bill.browser_price.max(bill.simple_price),
        );
        self.library
            .database()
            .call(move |db| ledger::own(db, &id, month, price))
            .await
    }

    async fn budget(&self) -> Answer<Option<BudgetView>> {
        let line = self.settings.read().monthly_budget;
        if line == 0 {
            return Ok(None);
        }
        let spent = self
            .library
            .database()
            .call(|db| spent_this_month(db))
            .await?;
        Ok(budget(line, spent, 0))
    }
}

fn checked_month(text: &str, today: Date) -> Result<CalendarMonth, &'static str> {
    let this = CalendarMonth::of(today);
    if text.is_empty() {
        return Ok(this);
    }
    match CalendarMonth::parse(text) {
        None => Err("Choose a month, such as 2026-10."),
        Some(month) if month.first() > this.first() => {
            Err("This month has not begun yet. Choose this month or an earlier one.")
        }
        Some(month) => Ok(month),
    }
}

fn checked_day(text: &str, field: &str, today: Date) -> Result<Date, FieldProblem> {
    let message = match day_of(text.trim()) {
        None => "Type a day as 2026-10-16.",
        // Where it is tomorrow already, the service is still in today.
        Some(day) if day > today.next_day().unwrap_or(today) => "This day has not begun yet.",
        Some(day) => return Ok(day.min(today)),
    };
    Err(FieldProblem::new(field, message))
}

fn checked_range(form: &MetricsForm, today: Date) -> Result<[Date; 2], Vec<FieldProblem>> {
    let days = [
        checked_day(&form.from, "from", today),
        checked_day(&form.to, "to", today),
    ];
    match days {
        [Ok(from), Ok(to)] if from > to => Err(vec![FieldProblem::new(
            "to",
            "The last day is before the first.",
        )]),
        [Ok(from), Ok(to)] if (to - from).whole_days() >= MOST_DAYS => {
            Err(vec![FieldProblem::new("from", "Ask for a year at most.")])
        }
        [Ok(from), Ok(to)] => Ok([from, to]),
        days => Err(days.into_iter().filter_map(Result::err).collect()),
    }
}
