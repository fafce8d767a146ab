//! Collections of the account that this app did not make. The service tells their names, and never
//! their pages.

use std::collections::HashSet;

use rusqlite::Connection;
use scrapingpros::CollectionFilter;

use super::{Collections, ElsewhereView};
use crate::Answer;
use crate::accounts::circumstances;

impl Collections {
    /// Those of the account in use, newest first.
    pub async fn elsewhere(&self) -> Answer<Vec<ElsewhereView>> {
        let account = self.accounts.active().await?;
        let ours = self.database().call(sent_ids).await?;
        let client = self.accounts.connect(&account).await?.client;
        let answer = match client
            .collections()
            .list(&CollectionFilter::default())
            .await
        {
            Ok(answer) => answer,
            Err(error) => {
                let explained = circumstances(&account).explain(&error);
                self.accounts
                    .note_problem(&account.id, explained.code)
                    .await?;
                return Err(explained);
            }
        };
        let others = answer.value.into_readable();
        Ok(others
            .filter(|collection| !ours.contains(&collection.id))
            .map(|collection| ElsewhereView {
                id: collection.id,
                name: collection.name,
                created_at: collection
                    .created_at
                    .and_then(|time| time.as_second().try_into().ok()),
            })
            .collect())
    }
}

/// What the service calls the lists that runs of this app have sent.
fn sent_ids(connection: &mut Connection) -> rusqlite::Result<HashSet<String>> {
    let mut select = connection.prepare_cached(
        "SELECT DISTINCT service_collection FROM runs
         WHERE collection_id <> '' AND service_collection <> ''",
    )?;
    let ids = select.query_map([], |row| row.get(0))?;
    ids.collect()
}
