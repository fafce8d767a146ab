//! Where a page of the jobs listing ended. Opaque to callers; says of itself what it was made for, so
//! that it is never read as a place in another order. It never expires.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::jobs::{Direction, JobQuery, Order, Statuses};

const VERSION: &str = "1";

/// The last row of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// 0 in the order of insertion.
    pub completed_at: i64,
    pub id: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub run: i64,
    pub order: Order,
    pub direction: Direction,
    pub statuses: Statuses,
    pub position: Position,
}

impl Cursor {
    pub fn write(&self) -> String {
        let Position { completed_at, id } = self.position;
        URL_SAFE_NO_PAD.encode(format!(
            "{VERSION}:{}:{}:{}:{}:{completed_at}:{id}",
            self.run,
            self.order.as_str(),
            self.direction.as_str(),
            self.statuses.bits(),
        ))
    }

    pub fn read(text: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mut parts = text.split(':');
        let mut next = || parts.next();
        if next()? != VERSION {
            return None;
        }
        let cursor = Self {
            run: next()?.parse().ok()?,
            order: Order::read(next()?)?,
            direction: Direction::read(next()?)?,
            statuses: Statuses::from_bits(next()?.parse().ok()?)?,
            position: Position {
                completed_at: next()?.parse().ok()?,
                id: next()?.parse().ok()?,
            },
        };
        parts.next().is_none().then_some(cursor)
    }

    /// What is wrong with going on from here with that query, in the service's words.
    pub fn mismatch(&self, run: i64, query: &JobQuery) -> Option<String> {
        let pairs = [
            (
                "order_by",
                self.order.as_str().to_owned(),
                query.order.as_str().to_owned(),
            ),
            (
                "order_dir",
                self.direction.as_str().to_owned(),
                query.direction.as_str().to_owned(),
            ),
            (
                "status_filter",
                self.statuses.names(),
                query.statuses.names(),
            ),
        ];
        if self.run != run {
            return Some("cursor was generated for another run; start a new pagination".into());
        }
        pairs.into_iter().find(|(_, made, got)| made != got).map(|(what, made, got)| {
            format!("cursor was generated with {what}={made}, received {what}={got}; start a new pagination")
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_written_is_read(run: i64, completed_at: i64, id: i64, by_end: bool, down: bool, bits in 1_u8..16) {
            let cursor = Cursor {
                run,
                order: if by_end { Order::CompletedAt } else { Order::Id },
                direction: if down { Direction::Desc } else { Direction::Asc },
                statuses: Statuses::from_bits(bits).expect("some status"),
                position: Position { completed_at, id },
            };
            prop_assert_eq!(Cursor::read(&cursor.write()), Some(cursor));
        }

        #[test]
        fn nothing_makes_it_panic(text in "\\PC{0,60}", inside in "[0-9a-z:_-]{0,40}") {
            let _ = Cursor::read(&text);
            let _ = Cursor::read(&URL_SAFE_NO_PAD.encode(inside));
        }
    }
}
