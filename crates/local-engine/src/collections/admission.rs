//! Which requests of a submission are kept: each website is looked up once, several at a time; the
//! same address with the same `custom_id` is kept once (contract §4.10.3). Every page is checked again
//! when it is opened, so a slow name server delays nothing for long: what it has not answered is kept.

use std::collections::HashSet;
use std::time::Duration;

use futures::StreamExt as _;
use serde::Serialize;
use url::Url;

use crate::guard::Guard;
use crate::page::PageError;

use super::submission::{BlockedUrl, Candidate, InvalidItem, Requests};

const LOOKUPS_AT_ONCE: usize = 64;
const LOOKUP_TIME: Duration = Duration::from_secs(20);

/// A submission sorted into what is kept and what is told of.
#[derive(Default)]
pub struct Admission {
    pub kept: Vec<Candidate>,
    pub rejected: Rejected,
}

/// The buckets of the answer.
#[derive(Debug, Default, Serialize)]
pub struct Rejected {
    pub duplicates_skipped: usize,
    pub duplicate_urls: Vec<String>,
    pub blocked_urls: Vec<BlockedUrl>,
    pub invalid_items: Vec<InvalidItem>,
}

pub async fn admit(guard: &Guard, requests: Requests) -> Admission {
    let verdicts = look_up(guard, &requests.websites).await;
    let mut blocked = requests.blocked;
    let mut sound = Vec::with_capacity(requests.sound.len());
    for candidate in requests.sound {
        match verdicts.get(candidate.website) {
            Some(Some((reason, message))) => blocked.push(BlockedUrl {
                index: candidate.index,
                url: candidate.url,
                reason,
                message: message.clone(),
            }),
            Some(None) | None => sound.push(candidate),
        }
    }
    blocked.sort_by_key(|blocked| blocked.index);
    let (kept, duplicate_urls) = distinct(sound);
    Admission {
        kept,
        rejected: Rejected {
            duplicates_skipped: duplicate_urls.len(),
            duplicate_urls,
            blocked_urls: blocked,
            invalid_items: requests.invalid,
        },
    }
}

/// Why a website may not be opened, in the order of `websites`.
async fn look_up(guard: &Guard, websites: &[Url]) -> Vec<Option<(&'static str, String)>> {
    let mut verdicts = vec![None; websites.len()];
    let mut lookups = futures::stream::iter(0..websites.len())
        .map(|number| async move { (number, guard.admit(&websites[number]).await) })
        .buffer_unordered(LOOKUPS_AT_ONCE);
    let all = async {
        while let Some((number, admitted)) = lookups.next().await {
            verdicts[number] = admitted.err().map(reason);
        }
    };
    if tokio::time::timeout(LOOKUP_TIME, all).await.is_err() {
        tracing::warn!("names are looked up slowly; the rest is checked when its pages are opened");
    }
    verdicts
}

fn reason(error: PageError) -> (&'static str, String) {
    if let PageError::Refused { reason, message } = error {
        return (reason, message);
    }
    let reason = if matches!(error, PageError::Dns { .. }) {
        "dns_failed"
    } else {
        "blocked"
    };
    (reason, error.to_string())
}

/// The first of each pair of address and `custom_id`, and the addresses of the others.
fn distinct(candidates: Vec<Candidate>) -> (Vec<Candidate>, Vec<String>) {
    let mut seen = HashSet::with_capacity(candidates.len());
    let is_new: Vec<bool> = candidates
        .iter()
        .map(|candidate| seen.insert((candidate.url.as_str(), candidate.custom_id.as_deref())))
        .collect();
    let mut duplicates = Vec::new();
    let mut kept = Vec::with_capacity(candidates.len());
    for (candidate, is_new) in candidates.into_iter().zip(is_new) {
        if is_new {
            kept.push(candidate);
        } else {
            duplicates.push(candidate.url);
        }
    }
    (kept, duplicates)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn candidate(index: usize, url: &str, custom_id: Option<&str>) -> Candidate {
        Candidate {
            index,
            url: url.to_owned(),
            custom_id: custom_id.map(str::to_owned),
            request: String::new(),
            website: 0,
        }
    }

    proptest! {
        /// Against the plainest way of saying it: an item is kept unless an earlier one is the same.
        #[test]
        fn each_pair_is_kept_once(items in prop::collection::vec(("[ab]{1,2}", prop::option::of("[xy]{0,1}")), 0..60)) {
            let candidates = items.iter().enumerate().map(|(index, (url, id))| candidate(index, url, id.as_deref())).collect();
            let (kept, duplicates) = distinct(candidates);
            let (expected_kept, expected_duplicates): (Vec<usize>, Vec<usize>) =
                (0..items.len()).partition(|&index| !items[..index].contains(&items[index]));
            prop_assert_eq!(kept.iter().map(|kept| kept.index).collect::<Vec<_>>(), expected_kept);
            prop_assert_eq!(duplicates, expected_duplicates.iter().map(|&index| items[index].0.clone()).collect::<Vec<_>>());
        }
    }
}
