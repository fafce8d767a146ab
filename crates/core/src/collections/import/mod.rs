//! From a file, or from what was copied, to pages: CSV, TSV, TXT, XLSX and sitemaps.
//!
//! Files are hostile until read: whatever is in them, memory stays bounded and the trouble is told in
//! words. Nothing is shown of an import before all of it is in.

mod error;
mod guess;
mod leash;
mod sheet;
mod sitemap;
mod table;
mod text;
mod view;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use encoding_rs::UTF_8;
use tokio_util::sync::CancellationToken;

pub use error::ImportError;
pub use view::*;

use table::{Table, separator_of, unpacked_file};
use text::{LINES, TextRows};

use super::pages::{self, NewPage};
use super::store;
use super::{Collections, PageColumn, PagesAdded};
use crate::database::Database;
use crate::library::{LibraryError, narrow};
use crate::{Answer, AppError, ErrorCode, FieldProblem};

/// More are not shown and not read.
pub const MOST_COLUMNS: usize = 100;
/// So many pages are put on disk together; between two lots others may use the library.
const LOT: usize = 10_000;

/// Told of every lot of rows.
pub type Tell = dyn Fn(ImportProgress) + Send + Sync;

/// Any table, row by row.
trait Rows {
    /// False at the end.
    fn next_row(&mut self, row: &mut Vec<String>) -> Result<bool, ImportError>;
}

/// The imports that are open, by the caller's own ids, so that they can be cancelled at once.
#[derive(Default)]
pub(super) struct Imports(Mutex<HashMap<String, Import>>);

#[derive(Clone, Default)]
struct Import {
    stop: CancellationToken,
    table: Option<Arc<Table>>,
}

impl Collections {
    /// Reads a file through and says what it seems to be; nothing is added yet.
    pub async fn open_import(
        &self,
        import_id: String,
        path: PathBuf,
        tell: impl Fn(ImportProgress) + Send + Sync + 'static,
    ) -> Answer<ImportView> {
        let stop = self.imports.begin(&import_id);
        let open = move || Table::open(&path, &stop, &tell);
        self.keep_table(import_id, off_thread(open).await).await
    }

    /// Reads it again in another way.
    pub async fn change_import(
        &self,
        import_id: String,
        choice: ImportChoice,
        tell: impl Fn(ImportProgress) + Send + Sync + 'static,
    ) -> Answer<ImportView> {
        let (table, stop) = self.imports.get(&import_id)?;
        let read = move || table.with(&choice, &stop, &tell);
        let table = off_thread(read).await?;
        self.keep_table(import_id, Ok(table)).await
    }

    /// Adds the file's pages at the end of the list; `meanings` says what each column is, none
    /// leaves it out. When it is cancelled or fails nothing is added.
    pub async fn apply_import(
        &self,
        import_id: String,
        collection_id: String,
        meanings: Vec<Option<PageColumn>>,
        tell: impl Fn(ImportProgress) + Send + Sync + 'static,
    ) -> Answer<PagesAdded> {
        let (table, stop) = self.imports.get(&import_id)?;
        check_meanings(&meanings, table.width())?;
        let lots = Lots::new(self.database().clone(), collection_id.clone());
        let work = move || add_all(lots, &table, &meanings, &stop, &tell);
        let added = off_thread(work).await?;
        self.imports.end(&import_id);
        let report = self.report(collection_id).await?;
        Ok(PagesAdded {
            added: added.count,
            first_id: added.first,
            last_id: added.last,
            report,
        })
    }

    /// Stops an import at any point and forgets it.
    pub async fn cancel_import(&self, import_id: String) -> Answer<()> {
        self.imports.end(&import_id);
        Ok(())
    }

    async fn keep_table(&self, import_id: String, table: Answer<Table>) -> Answer<ImportView> {
        match table {
            Ok(table) => {
                let view = table.view(&import_id);
                self.imports.keep(&import_id, table)?;
                Ok(view)
            }
            Err(error) => {
                self.imports.end(&import_id);
                Err(error)
            }
        }
    }
}

/// What was copied from a spreadsheet, a list or a text.
pub(super) fn pasted(text: &str) -> Answer<Vec<NewPage>> {
    let stop = CancellationToken::new();
    let separator = separator_of(text);
    let bytes = std::io::Cursor::new(text.to_owned());
    let mut rows = TextRows::new(bytes, UTF_8, separator, &stop);
    let (mut all, mut row) = (Vec::new(), Vec::new());
    while rows.next_row(&mut row).map_err(AppError::from)? {
        if row.iter().any(|cell| !cell.trim().is_empty()) {
            row.truncate(MOST_COLUMNS);
            all.push(row.clone());
        }
    }
    let header = separator != LINES && guess::has_header(&all);
    let width = all.iter().map(Vec::len).max().unwrap_or_default();
    let names: Vec<String> = (0..width)
        .map(|column| {
            let named = all.first().filter(|_| header);
            guess::column_name(named.and_then(|row| row.get(column)), column)
        })
        .collect();
    let data = all.get(usize::from(header)..).unwrap_or_default();
    let sample = &data[..data.len().min(table::SAMPLE_ROWS)];
    let meanings = guess::meanings(&names, sample, header);
    Ok(data.iter().map(|row| new_page(row, &meanings)).collect())
}

impl Imports {
    fn begin(&self, id: &str) -> CancellationToken {
        self.open().entry(id.to_owned()).or_default().stop.clone()
    }

    fn get(&self, id: &str) -> Answer<(Arc<Table>, CancellationToken)> {
        let import = self.open().get(id).cloned();
        import
            .and_then(|import| Some((import.table?, import.stop)))
            .ok_or_else(|| {
                AppError::new(
                    ErrorCode::NotFound,
                    "This import is closed. Choose the file again.",
                )
            })
    }

    fn keep(&self, id: &str, table: Table) -> Answer<()> {
        match self.open().get_mut(id) {
            Some(import) if !import.stop.is_cancelled() => {
                import.table = Some(Arc::new(table));
                Ok(())
            }
            Some(_) | None => Err(ImportError::Cancelled.into()),
        }
    }

    fn end(&self, id: &str) {
        if let Some(import) = self.open().remove(id) {
            import.stop.cancel();
        }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, Import>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Pages on their way into a list, lot by lot; hidden until all are there.
struct Lots {
    database: Database,
    collection_id: String,
    lot: Vec<NewPage>,
    batch: Option<(i64, i64)>,
    added: Added,
}

#[derive(Debug, Clone, Copy, Default)]
struct Added {
    count: u32,
    first: u32,
    last: u32,
}

impl Lots {
    fn new(database: Database, collection_id: String) -> Self {
        Self {
            database,
            collection_id,
            lot: Vec::new(),
            batch: None,
            added: Added::default(),
        }
    }

    fn push(&mut self, page: NewPage) -> Result<(), LibraryError> {
        self.lot.push(page);
        if self.lot.len() >= LOT {
            self.put()?;
        }
        Ok(())
    }

    fn put(&mut self) -> Result<(), LibraryError> {
        let lot = std::mem::take(&mut self.lot);
        let (batch, first, last) = self.database.transaction(|transaction| {
            let list = store::get(transaction, &self.collection_id)?;
            let batch = self.batch.unwrap_or((list.number, list.revision + 1));
            let (first, last) = pages::add(transaction, &list, &lot, batch.1)?;
            Ok((batch, first, last))
        })?;
        if self.batch.is_none() {
            self.added.first = first;
        }
        self.batch = Some(batch);
        self.added.last = last;
        self.added.count += narrow(lot.len() as u64);
        Ok(())
    }

    fn finish(&mut self) -> Result<Added, LibraryError> {
        self.put()?;
        self.database.transaction(|transaction| {
            let list = store::get(transaction, &self.collection_id)?;
            pages::show(transaction, &list, self.batch.map_or(0, |(_, batch)| batch))
        })?;
        self.batch = None;
        Ok(self.added)
    }
}

impl Drop for Lots {
    fn drop(&mut self) {
        let Some((number, batch)) = self.batch else {
            return;
        };
        let dropped = self
            .database
            .transaction(|transaction| pages::drop_hidden(transaction, number, batch));
        if let Err(error) = dropped {
            tracing::warn!(%error, "an unfinished import is forgotten at the next start");
        }
    }
}

fn add_all(
    mut lots: Lots,
    table: &Table,
    meanings: &[Option<PageColumn>],
    stop: &CancellationToken,
    tell: &Tell,
) -> Result<Added, ImportError> {
    let total = table.rows();
    let mut rows = 0;
    table.read(stop, &mut |row| {
        rows += 1;
        lots.push(new_page(row, meanings))?;
        if (rows as usize).is_multiple_of(LOT) {
            tell(ImportProgress { rows, total });
        }
        Ok(())
    })?;
    let added = lots.finish()?;
    tell(ImportProgress { rows: total, total });
    Ok(added)
}

fn new_page(row: &[String], meanings: &[Option<PageColumn>]) -> NewPage {
    let mut page = NewPage::default();
    for (cell, meaning) in row.iter().zip(meanings) {
        if let Some(column) = meaning {
            page.set(*column, cell);
        }
    }
    page
}

fn check_meanings(meanings: &[Option<PageColumn>], width: usize) -> Answer<()> {
    let mut problems = Vec::new();
    for (column, meaning) in meanings.iter().enumerate() {
        if meaning.is_some() && meanings[..column].contains(meaning) {
            problems.push(FieldProblem::new(
                format!("columns.{column}"),
                "Another column is this already. Choose something else, or leave it out.",
            ));
        }
    }
    if !meanings.contains(&Some(PageColumn::Address)) || meanings.len() > width {
        problems.push(FieldProblem::new(
            "columns",
            "Say which column holds the page addresses.",
        ));
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(AppError::invalid(problems))
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ImportError> + Send + 'static,
) -> Answer<T> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(LibraryError::from)??)
}
