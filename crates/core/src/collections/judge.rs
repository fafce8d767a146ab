//! What each page of a list is worth, for one account: whether a run would send it, and if not, why.
//!
//! One pass over the rows; the screen asks for its bounded pages many times between two changes, so
//! what came out is kept until the list, its options or the account change.

use std::collections::HashMap;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::own::OwnOptions;
use super::reading::{LONGEST_LABEL, Reach, page_address};
use super::store::Stored;
use super::{PageProblem, ProblemCount, ProblemKind, ReportView, option_problems};
use crate::library::{LibraryError, narrow};
use crate::scrape::{ScrapeForm, read_address};

const KINDS: [ProblemKind; 6] = [
    ProblemKind::Private,
    ProblemKind::Malformed,
    ProblemKind::Duplicate,
    ProblemKind::LabelTooLong,
    ProblemKind::WrongOption,
    ProblemKind::Refused,
];

/// Who would work the list off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The engine on this computer.
    pub local: bool,
    /// What the settings let it reach.
    pub allowed_hosts: Vec<String>,
}

/// A list, judged.
pub struct Judged {
    /// In the order of the list.
    pub rows: Vec<JudgedRow>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JudgedRow {
    pub place: u32,
    pub problem: Option<ProblemKind>,
    /// Index of the row that is the same.
    pub twin: u32,
    pub browser: bool,
}

impl JudgedRow {
    /// What the service refused once may be right by now, and costs nothing to ask.
    pub fn will_run(&self) -> bool {
        matches!(self.problem, None | Some(ProblemKind::Refused))
    }
}

impl Judged {
    pub fn of(connection: &Connection, list: &Stored, side: &Side) -> Result<Self, LibraryError> {
        let mut judge = Judge::new(&list.options, side);
        let mut select = connection.prepare_cached(
            "SELECT place, address, label, own, reach, twin, refusal <> '' FROM pages
             WHERE collection = ?1 AND hidden = 0 ORDER BY place",
        )?;
        let mut found = select.query([list.number])?;
        let mut rows = Vec::with_capacity(list.pages as usize);
        while let Some(row) = found.next()? {
            let page = Page {
                address: text(row.get_ref(1)?)?,
                label: text(row.get_ref(2)?)?,
                own: text(row.get_ref(3)?)?,
                reach: Reach::from_number(row.get(4)?),
                twin: row.get_ref(5)?.as_blob().unwrap_or_default(),
                refused: row.get(6)?,
            };
            rows.push(judge.row(row.get(0)?, narrow(rows.len() as u64), &page));
        }
        Ok(Self { rows })
    }

    pub fn report(&self) -> ReportView {
        let count = |kind| {
            let rows = self.rows.iter();
            narrow(rows.filter(|row| row.problem == Some(kind)).count() as u64)
        };
        let counts: Vec<_> = KINDS
            .into_iter()
            .map(|kind| ProblemCount {
                kind,
                count: count(kind),
            })
            .filter(|one| one.count > 0)
            .collect();
        ReportView {
            rows: narrow(self.rows.len() as u64),
            will_run: narrow(self.running().count() as u64),
            problems: counts.iter().map(|one| one.count).sum(),
            counts,
        }
    }

    /// What a run would send.
    pub fn running(&self) -> impl Iterator<Item = &JudgedRow> {
        self.rows.iter().filter(|row| row.will_run())
    }
}

/// A page's problem in words; `twin` is the number of the row that is the same.
pub fn words(
    kind: ProblemKind,
    page: &Page<'_>,
    refusal: &str,
    twin: u32,
    options: &ScrapeForm,
    side: &Side,
) -> PageProblem {
    let words = match kind {
        ProblemKind::Malformed => page_address(page.address)
            .and_then(|_| read_address(page.address, &[]))
            .err()
            .unwrap_or_default(),
        ProblemKind::Private => private_words(page, side),
        ProblemKind::LabelTooLong => format!(
            "This label has {} characters. {LONGEST_LABEL} is the most.",
            page.label.chars().count()
        ),
        ProblemKind::WrongOption => {
            own_problem(page.own, options, &shared_problems(options)).unwrap_or_default()
        }
        ProblemKind::Duplicate => format!("Same page and label as row {twin}."),
        ProblemKind::Refused => refusal.to_owned(),
    };
    PageProblem {
        kind,
        words,
        same_as: if kind == ProblemKind::Duplicate {
            twin
        } else {
            0
        },
    }
}

/// A row of the list, as it is judged.
pub struct Page<'a> {
    pub address: &'a str,
    pub label: &'a str,
    pub own: &'a str,
    pub reach: Reach,
    pub twin: &'a [u8],
    pub refused: bool,
}

struct Judge<'a> {
    options: &'a ScrapeForm,
    shared_problems: Vec<String>,
    side: &'a Side,
    first: HashMap<[u8; 16], u32>,
    /// Own options repeat from row to row.
    own: HashMap<String, Own>,
}

#[derive(Clone, Copy)]
struct Own {
    right: bool,
    browser: bool,
}

impl<'a> Judge<'a> {
    fn new(options: &'a ScrapeForm, side: &'a Side) -> Self {
        Self {
            options,
            shared_problems: shared_problems(options),
            side,
            first: HashMap::new(),
            own: HashMap::new(),
        }
    }

    fn row(&mut self, place: u32, index: u32, page: &Page<'_>) -> JudgedRow {
        let own = self.own(page.own);
        let mut row = JudgedRow {
            place,
            problem: self.problem(page, own.right),
            twin: 0,
            browser: own.browser,
        };
        if row.problem.is_none() {
            let twin = <[u8; 16]>::try_from(page.twin).unwrap_or_default();
            row.twin = *self.first.entry(twin).or_insert(index);
            if row.twin != index {
                row.problem = Some(ProblemKind::Duplicate);
            } else if page.refused {
                row.problem = Some(ProblemKind::Refused);
            }
        }
        row
    }

    fn problem(&self, page: &Page<'_>, own_right: bool) -> Option<ProblemKind> {
        if let Some(problem) = out_of_reach(page, self.side) {
            return Some(problem);
        }
        if page.label.len() > LONGEST_LABEL && page.label.chars().count() > LONGEST_LABEL {
            return Some(ProblemKind::LabelTooLong);
        }
        (!own_right).then_some(ProblemKind::WrongOption)
    }

    fn own(&mut self, own: &str) -> Own {
        if own.is_empty() {
            return Own {
                right: true,
                browser: self.options.browser,
            };
        }
        if let Some(known) = self.own.get(own) {
            return *known;
        }
        let form = OwnOptions::read(own).over(self.options);
        let judged = Own {
            right: own_problem(own, self.options, &self.shared_problems).is_none(),
            browser: form.map_or(self.options.browser, |form| form.browser),
        };
        self.own.insert(own.to_owned(), judged);
        judged
    }
}

fn out_of_reach(page: &Page<'_>, side: &Side) -> Option<ProblemKind> {
    let allowed = || side.local && is_allowed(page.address, &side.allowed_hosts);
    match page.reach {
        Reach::Open => None,
        Reach::Nowhere => Some(ProblemKind::Malformed),
        Reach::Shop => (!side.local).then_some(ProblemKind::Private),
        Reach::Private => (!allowed()).then_some(ProblemKind::Private),
        Reach::ShortName => (!allowed()).then_some(ProblemKind::Malformed),
    }
}

fn is_allowed(address: &str, hosts: &[String]) -> bool {
    let Ok(url) = page_address(address) else {
        return false;
    };
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_suffix('.').unwrap_or(host);
    let port = url.port_or_known_default().unwrap_or_default();
    let with_port = format!("{host}:{port}");
    hosts.iter().any(|one| one == host || *one == with_port)
}

fn private_words(page: &Page<'_>, side: &Side) -> String {
    if page.reach == Reach::Shop {
        return "The sample shop is only on this computer. Run it there, or leave it out.".into();
    }
    let host = page_address(page.address)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default();
    if side.local {
        return format!(
            "{host} is in your own network. Allow it in the settings, or leave it out."
        );
    }
    format!("{host} is in a private network, where the service can't go. Leave it out.")
}

/// Every page has these: they are told with the options.
fn shared_problems(options: &ScrapeForm) -> Vec<String> {
    let problems = option_problems(options, &[]).into_iter();
    problems.map(|problem| problem.message).collect()
}

fn own_problem(own: &str, options: &ScrapeForm, shared: &[String]) -> Option<String> {
    match OwnOptions::read(own).over(options) {
        Err(words) => Some(words),
        Ok(form) => option_problems(&form, &[])
            .into_iter()
            .map(|problem| problem.message)
            .find(|message| !shared.contains(message)),
    }
}

fn text(value: ValueRef<'_>) -> Result<&str, LibraryError> {
    value
        .as_str()
        .map_err(|error| LibraryError::Database(error.into()))
}
