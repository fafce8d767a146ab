//! The library as a whole: listed, searched, tagged, tidied.

use tokio_util::sync::CancellationToken;

use super::search::{self, LibraryFacts, LibraryFilters, LibraryPage, LibraryQuery};
use super::{Library, LibraryDisk, disk, tidy};
use crate::{Answer, AppError};

/// Results that one call changes.
const MOST: usize = 10_000;

impl Library {
    /// A stretch of the results that match. Text that is no word finds nothing, and is never an error.
    pub async fn page(&self, query: LibraryQuery) -> Answer<LibraryPage> {
        self.call(move |shelf| shelf.database.read(|db| shelf.lists.page(db, &query)))
            .await
    }

    /// What the filters can be set to.
    pub async fn filters(&self) -> Answer<LibraryFilters> {
        self.call(|shelf| shelf.database.read(search::filters))
            .await
    }

    /// `keep_days`: 0 for ever.
    pub async fn facts(&self, id: String, keep_days: u32) -> Answer<LibraryFacts> {
        self.call(move |shelf| shelf.database.read(|db| tidy::facts(db, &id, keep_days)))
            .await
    }

    /// Until the next start they can come back. Answers with how many went.
    pub async fn delete(&self, ids: Vec<String>) -> Answer<u32> {
        self.set_deleted(ids, true).await
    }

    pub async fn restore(&self, ids: Vec<String>) -> Answer<u32> {
        self.set_deleted(ids, false).await
    }

    async fn set_deleted(&self, ids: Vec<String>, deleted: bool) -> Answer<u32> {
        check(&ids)?;
        self.call(move |shelf| tidy::set_deleted(shelf, &ids, deleted))
            .await
    }

    /// A wrong tag is the field `tag`.
    pub async fn set_tag(&self, ids: Vec<String>, tag: String, on: bool) -> Answer<()> {
        check(&ids)?;
        let tag = tidy::checked_tag(&tag)?;
        self.call(move |shelf| tidy::set_tag(shelf, &ids, &tag, on))
            .await
    }

    pub async fn disk(&self, keep_days: u32) -> Answer<LibraryDisk> {
        self.call(move |shelf| shelf.database.read(|db| disk::disk(db, keep_days)))
            .await
    }

    /// Forgets what was deleted or is older than `keep_days` (0: nothing is) and frees its space.
    pub async fn clean_up(&self, keep_days: u32) -> Answer<LibraryDisk> {
        self.call(move |shelf| {
            let gone = tidy::purge(shelf)? + tidy::remove_overdue(shelf, keep_days)?;
            tidy::free_space(shelf)?;
            tracing::info!(gone, "results were deleted for good");
            shelf.database.read(|db| disk::disk(db, keep_days))
        })
        .await
    }

    /// Deletes every result for good, but for what an unfinished run needs.
    pub async fn clear(&self, keep_days: u32) -> Answer<LibraryDisk> {
        self.call(move |shelf| {
            tidy::delete_all(shelf)?;
            tidy::purge(shelf)?;
            tidy::free_space(shelf)?;
            shelf.database.read(|db| disk::disk(db, keep_days))
        })
        .await
    }

    /// Applies the keep-for rule in the background.
    pub fn tidy(&self, keep_days: u32) {
        let shelf = self.shelf.clone();
        self.sweep.spawn_blocking(move || {
            match tidy::remove_overdue(&shelf, keep_days) {
                Ok(0) => return,
                Ok(gone) => tracing::info!(gone, "results past their time were deleted"),
                Err(error) => tracing::warn!(%error, "old results could not be deleted"),
            }
            if let Err(error) = shelf.bodies.remove_free(&shelf.database) {
                tracing::warn!(%error, "the space of old results could not be freed");
            }
        });
    }

    /// Returns once the words of all results can be found.
    pub async fn all_read(&self) -> Answer<()> {
        self.call(search::read_all).await
    }

    /// Ends what goes on in the background.
    pub async fn close(&self) {
        self.stop.cancel();
        self.transfers.end_all().await;
        self.filling.wait().await;
    }

    pub(super) fn read_in_background(&self) {
        let (shelf, stop): (_, CancellationToken) = (&self.shelf, self.stop.clone());
        self.filling
            .spawn(search::fill(std::sync::Arc::downgrade(shelf), stop));
        self.filling.close();
    }
}

fn check(ids: &[String]) -> Result<(), AppError> {
    if ids.len() > MOST {
        return Err(super::LibraryError::TooLarge("Choose at most 10,000 results at once.").into());
    }
    Ok(())
}
