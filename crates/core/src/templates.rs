//! Templates: options of the scrape screen under a name, to be filled in again.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};
use specta::Type;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::library::{Library, LibraryError};
use crate::scrape::ScrapeForm;
use crate::{Answer, AppError, FieldProblem};

const LONGEST_NAME: usize = 80;
const MOST: u32 = 500;
const NOT_THERE: &str = "This template is not there any more.";

/// All templates; cheap to clone.
#[derive(Clone)]
pub struct Templates {
    library: Library,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
pub struct TemplateForm {
    pub name: String,
    /// Its address is not kept.
    pub options: ScrapeForm,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct TemplateView {
    pub id: String,
    pub name: String,
    /// Without an address.
    pub options: ScrapeForm,
    /// Unix seconds.
    pub changed_at: u32,
}

impl Templates {
    /// Forgets what was deleted before this start.
    pub async fn open(library: Library) -> Answer<Self> {
        let purge = library.database().call(|connection| {
            connection.execute("DELETE FROM templates WHERE deleted_at IS NOT NULL", [])
        });
        purge.await?;
        Ok(Self { library })
    }

    /// By name; at most 500.
    pub async fn list(&self) -> Answer<Vec<TemplateView>> {
        self.library
            .database()
            .call(|connection| list(connection))
            .await
    }

    /// A name that is empty, too long or taken is the field `name`.
    pub async fn create(&self, form: TemplateForm) -> Answer<TemplateView> {
        self.write(Uuid::new_v4().to_string(), form, true).await
    }

    pub async fn update(&self, id: String, form: TemplateForm) -> Answer<TemplateView> {
        self.write(id, form, false).await
    }

    /// Until the next start it can come back.
    pub async fn delete(&self, id: String) -> Answer<()> {
        self.set_deleted(id, Some(now())).await
    }

    /// Under another name when its own was given away meanwhile.
    pub async fn restore(&self, id: String) -> Answer<()> {
        self.set_deleted(id, None).await
    }

    async fn write(&self, id: String, form: TemplateForm, new: bool) -> Answer<TemplateView> {
        let name = checked_name(&form.name)?;
        let options = ScrapeForm {
            address: String::new(),
            ..form.options
        };
        let json = serde_json::to_string(&options).map_err(LibraryError::from)?;
        let written = self.library.database().call(move |connection| {
            let transaction = connection.transaction()?;
            if is_taken(&transaction, &name, &id)? {
                return Ok(None);
            }
            let sql = if new {
                "INSERT INTO templates (id, name, form, changed_at) VALUES (?1, ?2, ?3, ?4)"
            } else {
                "UPDATE templates SET name = ?2, form = ?3, changed_at = ?4 WHERE id = ?1 AND deleted_at IS NULL"
            };
            if transaction.execute(sql, params![id, name, json, now()])? == 0 {
                return Err(LibraryError::Missing(NOT_THERE));
            }
            let view = get(&transaction, &id)?;
            transaction.commit()?;
            Ok(Some(view))
        });
        written.await?.ok_or_else(|| {
            problem("There is a template with this name. Choose another name, or change that one.")
        })
    }

    async fn set_deleted(&self, id: String, at: Option<i64>) -> Answer<()> {
        let change = self.library.database().call(move |connection| {
            let transaction = connection.transaction()?;
            if at.is_none() {
                let TemplateView { mut name, .. } = get(&transaction, &id)?;
                while is_taken(&transaction, &name, &id)? {
                    name.push_str(" (restored)");
                }
                transaction.execute(
                    "UPDATE templates SET name = ?2 WHERE id = ?1",
                    params![id, name],
                )?;
            }
            let changed = transaction.execute(
                "UPDATE templates SET deleted_at = ?2 WHERE id = ?1",
                params![id, at],
            )?;
            transaction.commit()?;
            if changed == 0 {
                return Err(LibraryError::Missing(NOT_THERE));
            }
            Ok(())
        });
        change.await
    }
}

fn list(connection: &Connection) -> Result<Vec<TemplateView>, LibraryError> {
    let mut select = connection.prepare_cached(
        "SELECT id, name, form, changed_at FROM templates WHERE deleted_at IS NULL
         ORDER BY name COLLATE NOCASE, number LIMIT ?1",
    )?;
    let rows = select.query_map([MOST], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn get(connection: &Connection, id: &str) -> Result<TemplateView, LibraryError> {
    connection
        .prepare_cached("SELECT id, name, form, changed_at FROM templates WHERE id = ?1")?
        .query_row([id], read)
        .optional()?
        .ok_or(LibraryError::Missing(NOT_THERE))
}

/// Options that a later version wrote are filled up with the usual ones.
fn read(row: &Row<'_>) -> rusqlite::Result<TemplateView> {
    let form: String = row.get(2)?;
    Ok(TemplateView {
        id: row.get(0)?,
        name: row.get(1)?,
        options: serde_json::from_str(&form).unwrap_or_default(),
        changed_at: row.get(3)?,
    })
}

fn is_taken(connection: &Connection, name: &str, by_other_than: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "SELECT 1 FROM templates WHERE name = ?1 COLLATE NOCASE AND id <> ?2 AND deleted_at IS NULL",
        )?
        .exists([name, by_other_than])
}

fn checked_name(typed: &str) -> Answer<String> {
    let name = typed
        .split(|one: char| one.is_whitespace() || one.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if name.is_empty() {
        return Err(problem("Type a name."));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(problem("A name has at most 80 characters."));
    }
    Ok(name)
}

fn problem(words: &str) -> AppError {
    AppError::invalid(vec![FieldProblem::new("name", words)])
}

fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}
