//! What a call returns: the value, and what the answer's headers said beside it.

use crate::Meta;
use crate::types::{Guidance, ScrapeResponse};

/// A parsed answer with its headers.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered<T> {
    /// The body.
    pub value: T,
    /// Status, price, quota and rate limit of this answer.
    pub meta: Meta,
}

impl<T> Answered<T> {
    /// The same headers with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Answered<U> {
        Answered {
            value: change(self.value),
            meta: self.meta,
        }
    }
}

impl Answered<ScrapeResponse> {
    /// The service's verdict and advice, or what can be said without them (contract §8.5 row 5). The price comes
    /// from the headers when the verdict holds none.
    pub fn guidance(&self) -> Guidance {
        self.value
            .guidance_or_synthesised(self.meta.credits_charged)
    }
}
