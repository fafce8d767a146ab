//! Lists of addresses to scrape: `/v1/async/collections` (contract §4.10 to §4.13, §5.4).

use jiff::Timestamp;
use reqwest::Method;

use crate::call::{Call, Effect, path};
use crate::prepared::PreparedCollection;
use crate::types::{
    Collection, CollectionChange, CollectionReceipt, Listing, NewCollection, Row, time,
};
use crate::{Answered, Client, Error};

/// Makes, finds, changes and removes collections. See [`Client::collections`].
#[derive(Debug)]
pub struct Collections<'a>(pub(crate) &'a Client);

/// Which collections are listed; all when empty (contract §4.11).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CollectionFilter {
    /// With exactly this name.
    pub name: Option<String>,
    /// With a name that starts so.
    pub name_prefix: Option<String>,
    /// Made then or later; leaves out those that do not say when.
    pub since: Option<Timestamp>,
}

/// What became of a collection once the service has it or had it (contract §5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    /// Removed now.
    Deleted,
    /// There was none: it was removed before.
    AlreadyGone,
}

impl Collections<'_> {
    /// Makes a collection that can be sent again and again, to the byte, and is made once (contract §4.10.2). Store it
    /// before [`Collections::create_prepared`].
    pub fn prepare(&self, collection: &NewCollection) -> Result<PreparedCollection, Error> {
        PreparedCollection::new(collection)
    }

    /// Makes a collection in one go (contract §4.10). Should the answer be lost, nothing can be sent again: see
    /// [`Collections::prepare`].
    pub async fn create(
        &self,
        collection: &NewCollection,
    ) -> Result<Answered<CollectionReceipt>, Error> {
        self.create_prepared(&self.prepare(collection)?).await
    }

    /// Sends a prepared collection, for the first time or again (contract §4.10.2). With the same key and bytes the
    /// service makes it once, so the call is repeated like a read; [`Meta::replayed`](crate::Meta::replayed) tells
    /// whether it had been made before. The service remembers keys for 24 hours: later, use
    /// [`Collections::find_newest`] first.
    pub async fn create_prepared(
        &self,
        prepared: &PreparedCollection,
    ) -> Result<Answered<CollectionReceipt>, Error> {
        let patience = prepared.patience(self.0.config().timeouts.submit);
        let call = Call {
            body: Some(prepared.bytes()),
            ..Call::post("/async/collections", Effect::Settles, patience)
        }
        .header("idempotency-key", prepared.key())?;
        self.0.fetch(&call).await
    }

    /// Lists collections, newest first, all at once (contract §4.11). A server may not know the filters, so they are
    /// applied here as well.
    pub async fn list(
        &self,
        filter: &CollectionFilter,
    ) -> Result<Answered<Listing<Collection>>, Error> {
        let since = filter.since.map(time::zulu);
        let call = Call::get("/async/collections", Effect::Reads, self.patience())
            .query(filter.name.as_deref().map(|name| ("name", name)))
            .query(
                filter
                    .name_prefix
                    .as_deref()
                    .map(|start| ("name_prefix", start)),
            )
            .query(since.as_deref().map(|since| ("since", since)));
        let read = |reply: &crate::call::Reply| Listing::parse(&reply.text());
        let mut answer = self.0.fetch_with(&call, read).await?;
        answer.value.rows.retain(|row| filter.lets_pass(row));
        Ok(answer)
    }

    /// The newest collection of this name made then or later: what a lost answer was about (contract §7). Allow for
    /// clocks that differ.
    pub async fn find_newest(
        &self,
        name: &str,
        since: Timestamp,
    ) -> Result<Option<Collection>, Error> {
        let filter = CollectionFilter {
            name: Some(name.to_owned()),
            since: Some(since),
            ..CollectionFilter::default()
        };
        let found = self.list(&filter).await?.value.into_readable();
        // Of two made at the same time the one listed first is the newer.
        Ok(found.reduce(|newest, other| {
            if other.created_at > newest.created_at {
                other
            } else {
                newest
            }
        }))
    }

    /// One collection (contract §4.12).
    pub async fn get(&self, id: &str) -> Result<Answered<Collection>, Error> {
        let path = path(&["async", "collections", id])?;
        let call = Call::get(path, Effect::Reads, self.patience());
        self.0.fetch(&call).await
    }

    /// Renames a collection, and replaces its requests when the change holds any (contract §4.13).
    pub async fn update(
        &self,
        id: &str,
        change: &CollectionChange,
    ) -> Result<Answered<CollectionReceipt>, Error> {
        let path = path(&["async", "collections", id])?;
        let items = change.requests.as_ref().map_or(0, Vec::len);
        let patience = crate::prepared::patience(self.0.config().timeouts.submit, items);
        let call = Call::settle(Method::PUT, path, patience).json(change)?;
        self.0.fetch(&call).await
    }

    /// Removes a collection; its runs stay (contract §5.4). Any 2xx will do, with or without a body.
    pub async fn delete(&self, id: &str) -> Result<Answered<Deletion>, Error> {
        let path = path(&["async", "collections", id])?;
        let call = Call::settle(Method::DELETE, path, self.patience());
        match self.0.send(&call).await {
            Ok(reply) => Ok(Answered {
                value: Deletion::Deleted,
                meta: reply.meta,
            }),
            Err(Error::NotFound(refusal)) => Ok(Answered {
                value: Deletion::AlreadyGone,
                meta: refusal.meta,
            }),
            Err(error) => Err(error),
        }
    }

    fn patience(&self) -> std::time::Duration {
        self.0.config().timeouts.read
    }
}

impl CollectionFilter {
    /// A row that can't be read can't be judged, and stays.
    fn lets_pass(&self, row: &Row<Collection>) -> bool {
        let Ok(row) = row else {
            return true;
        };
        self.name.as_ref().is_none_or(|name| row.name == *name)
            && self
                .name_prefix
                .as_ref()
                .is_none_or(|start| row.name.starts_with(start))
            && self
                .since
                .is_none_or(|since| row.created_at.is_some_and(|created| created >= since))
    }
}
