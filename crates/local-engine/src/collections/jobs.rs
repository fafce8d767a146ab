//! What a caller may ask of the jobs listing, and the words for what it may not (contract §5.2).

use serde::Deserialize;

use super::{Refusal, moment};

const MOST: usize = 1000;
const MOST_WITH_RESULTS: usize = 100;

/// The query string as it came.
#[derive(Debug, Default, Deserialize)]
pub struct JobParameters {
    limit: Option<String>,
    cursor: Option<String>,
    status_filter: Option<String>,
    order_by: Option<String>,
    order_dir: Option<String>,
    since_completed_at: Option<String>,
    include_results: Option<String>,
}

/// A page that can be asked for.
#[derive(Debug, Clone)]
pub struct JobQuery {
    pub limit: usize,
    pub cursor: Option<String>,
    pub statuses: Statuses,
    pub order: Order,
    pub direction: Direction,
    /// Milliseconds; rows must be strictly later.
    pub since: Option<i64>,
    pub include_results: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Of insertion.
    Id,
    CompletedAt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Asc,
    Desc,
}

/// Some of the four statuses that callers know, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statuses(u8);

const NAMES: [&str; 4] = ["processing", "completed", "failed", "timeout"];

impl Statuses {
    pub const ALL: Self = Self(0b1111);
    /// Those that have an end.
    pub const ENDED: Self = Self(0b1110);

    pub fn from_bits(bits: u8) -> Option<Self> {
        (1..=Self::ALL.0).contains(&bits).then_some(Self(bits))
    }

    pub fn bits(self) -> u8 {
        self.0
    }

    /// Those in both; None when there are none.
    pub fn and(self, other: Self) -> Option<Self> {
        Self::from_bits(self.0 & other.0)
    }

    /// As the database writes them.
    pub fn stored(self) -> impl Iterator<Item = &'static str> {
        self.named().flat_map(|name| {
            [name]
                .into_iter()
                .chain((name == NAMES[0]).then_some("queued"))
        })
    }

    /// `completed,failed`
    pub fn names(self) -> String {
        self.named().collect::<Vec<_>>().join(",")
    }

    fn named(self) -> impl Iterator<Item = &'static str> {
        (0..)
            .zip(NAMES)
            .filter(move |(bit, _)| self.0 & (1 << bit) != 0)
            .map(|(_, name)| name)
    }

    fn read(list: &str) -> Result<Self, Refusal> {
        let mut bits = 0;
        for name in list.split(',').map(str::trim) {
            let bit = NAMES
                .iter()
                .position(|known| *known == name)
                .ok_or_else(|| {
                    Refusal::Query(format!(
                        "Unknown status_filter '{name}'; use one or more of {}",
                        NAMES.join(", ")
                    ))
                })?;
            bits |= 1 << bit;
        }
        Ok(Self(bits))
    }
}

impl Order {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::CompletedAt => "completed_at",
        }
    }

    pub fn read(word: &str) -> Option<Self> {
        [Self::Id, Self::CompletedAt]
            .into_iter()
            .find(|order| order.as_str() == word)
    }
}

impl Direction {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asc => "asc",
            Self::Desc => "desc",
        }
    }

    pub fn read(word: &str) -> Option<Self> {
        [Self::Asc, Self::Desc]
            .into_iter()
            .find(|direction| direction.as_str() == word)
    }
}

impl JobParameters {
    pub fn read(self) -> Result<JobQuery, Refusal> {
        let unknown = |what: &str, got: &str, words: &str| {
            Refusal::Query(format!("Unknown {what} '{got}'; use {words}"))
        };
        let include_results = match self.include_results.as_deref().map(str::to_ascii_lowercase) {
            None => false,
            Some(word) => match word.as_str() {
                "true" | "1" => true,
                "false" | "0" => false,
                _ => return Err(unknown("include_results", &word, "true or false")),
            },
        };
        let order = match &self.order_by {
            None => Order::Id,
            Some(word) => {
                Order::read(word).ok_or_else(|| unknown("order_by", word, "id or completed_at"))?
            }
        };
        let direction = match &self.order_dir {
            None => Direction::Asc,
            Some(word) => {
                Direction::read(word).ok_or_else(|| unknown("order_dir", word, "asc or desc"))?
            }
        };
        let since = match &self.since_completed_at {
            None => None,
            Some(text) => Some(moment::parse(text).map(moment::to_ms).ok_or_else(|| {
                Refusal::Query(format!(
                    "since_completed_at '{text}' is not an ISO-8601 time"
                ))
            })?),
        };
        let statuses = match &self.status_filter {
            None => Statuses::ALL,
            Some(list) => Statuses::read(list)?,
        };
        Ok(JobQuery {
            limit: limit(self.limit.as_deref(), include_results)?,
            cursor: self.cursor,
            statuses,
            order,
            direction,
            since,
            include_results,
        })
    }
}

/// More than the most is the most.
fn limit(asked: Option<&str>, include_results: bool) -> Result<usize, Refusal> {
    let most = if include_results {
        MOST_WITH_RESULTS
    } else {
        MOST
    };
    match asked {
        None => Ok(MOST_WITH_RESULTS),
        Some(text) => match text.parse::<usize>() {
            Ok(limit) if limit > 0 => Ok(limit.min(most)),
            Ok(_) | Err(_) => Err(Refusal::Query(format!(
                "limit '{text}' is not a number from 1 to {MOST}"
            ))),
        },
    }
}
