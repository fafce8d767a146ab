//! Which pages of a run are exported, and what is known of each without opening its result.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension as _};

use super::{ExportForm, ExportWhich};
use crate::library::{LibraryError, narrow};
use crate::runs::rows;
use crate::runs::{JobOutcome, JobRow};
use crate::scrape::{FieldForm, ScrapeForm, StepForm, StepKind};

/// One page of the run.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// In the list, from 1.
    pub number: i64,
    pub job: JobRow,
    pub title: String,
    pub site: String,
    /// Whether the library still has its result.
    pub kept: bool,
}

impl Page {
    pub fn succeeded(&self) -> bool {
        self.job.outcome == JobOutcome::Success
    }
}

/// The pages of an export: fixed once it begins, though the run may go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    run: i64,
    /// In the order of the list.
    places: Vec<i64>,
    /// Indices of `places` in the order in which the results are stored, so that each pack is opened once.
    stored: Vec<u32>,
}

impl Selection {
    pub fn read(connection: &Connection, form: &ExportForm) -> Result<Self, LibraryError> {
        let run = rows::number(connection, &form.run_id)?;
        let failed = match form.which {
            ExportWhich::All | ExportWhich::Chosen => form.failures,
            ExportWhich::Successful => false,
        };
        let chosen = chosen(form);
        let mut select = connection.prepare_cached(
            "SELECT place, coalesce(pack, 0), coalesce(pack_start, 0)
             FROM jobs LEFT JOIN results ON results.id = jobs.result_id
             WHERE jobs.run = ?1 AND (outcome = 1 OR ?2 AND outcome IN (2, 3, 4)) ORDER BY place",
        )?;
        let rows = select.query_map((run, failed), |row| {
            Ok((row.get::<_, i64>(0)?, (row.get(1)?, row.get(2)?)))
        })?;
        let mut places = Vec::new();
        let mut stored: Vec<((i64, i64), u32)> = Vec::new();
        for row in rows {
            let (place, stands) = row?;
            if chosen.as_ref().is_none_or(|chosen| chosen.contains(&place)) {
                stored.push((stands, narrow(places.len() as u64)));
                places.push(place);
            }
        }
        stored.sort_unstable();
        Ok(Self {
            run,
            places,
            stored: stored.into_iter().map(|(_, index)| index).collect(),
        })
    }

    /// The first page that succeeded, for examples.
    pub fn first(connection: &Connection, run: i64) -> Result<Option<Page>, LibraryError> {
        let place: Option<i64> = connection
            .prepare_cached("SELECT min(place) FROM jobs WHERE run = ?1 AND outcome = 1")?
            .query_row([run], |row| row.get(0))?;
        let Some(place) = place else {
            return Ok(None);
        };
        let one = Self {
            run,
            places: vec![place],
            stored: vec![0],
        };
        one.page(connection, 0).map(Some)
    }

    pub fn count(&self) -> u32 {
        narrow(self.places.len() as u64)
    }

    /// As they are stored.
    pub fn in_stored_order(&self) -> &[u32] {
        &self.stored
    }

    pub fn page(&self, connection: &Connection, index: u32) -> Result<Page, LibraryError> {
        let gone = LibraryError::Missing("This page is not in the run.");
        let place = *self.places.get(index as usize).ok_or(gone)?;
        let job = rows::job(connection, self.run, &place.to_string())?;
        let about = match &job.result_id {
            Some(id) => title_and_site(connection, id)?,
            None => None,
        };
        let kept = about.is_some();
        let (title, site) = about.unwrap_or_default();
        Ok(Page {
            number: place + 1,
            job,
            title,
            site,
            kept,
        })
    }
}

/// How many pages of a run are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub successful: u32,
    pub failed: u32,
    pub waiting: u32,
    pub all: u32,
    pub labelled: bool,
}

pub fn counts(connection: &Connection, run: i64) -> Result<Counts, LibraryError> {
    let counts = connection
        .prepare_cached(
            "SELECT coalesce(sum(outcome = 1), 0), coalesce(sum(outcome IN (2, 3, 4)), 0),
                coalesce(sum(outcome = 0), 0), count(*), coalesce(max(label <> ''), 0)
             FROM jobs WHERE run = ?1",
        )?
        .query_row([run], |row| {
            Ok(Counts {
                successful: row.get(0)?,
                failed: row.get(1)?,
                waiting: row.get(2)?,
                all: row.get(3)?,
                labelled: row.get(4)?,
            })
        })?;
    Ok(counts)
}

/// The names of all fields that the run's pages were asked for, in the order of the forms.
pub fn fields(connection: &Connection, run: &rows::StoredRun) -> Result<Vec<String>, LibraryError> {
    let mut fields = Fields::default();
    fields.add_form(&run.form);
    let mut select =
        connection.prepare_cached("SELECT DISTINCT own FROM jobs WHERE run = ?1 AND own <> ''")?;
    let mut own = select.query([run.number])?;
    while let Some(row) = own.next()? {
        let form: Option<ScrapeForm> =
            serde_json::from_str(row.get_ref(0)?.as_str().unwrap_or_default()).ok();
        if let Some(form) = form {
            fields.add_form(&form);
        }
    }
    Ok(fields.names)
}

/// Names in the order in which they were first seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    pub names: Vec<String>,
    known: HashSet<String>,
}

impl Fields {
    pub fn of(names: Vec<String>) -> Self {
        let known = names.iter().cloned().collect();
        Self { names, known }
    }

    pub fn add(&mut self, name: &str) {
        if !self.known.contains(name) {
            self.known.insert(name.to_owned());
            self.names.push(name.to_owned());
        }
    }

    fn add_form(&mut self, form: &ScrapeForm) {
        self.add_all(&form.extract);
        self.add_steps(&form.steps);
    }

    fn add_steps(&mut self, steps: &[StepForm]) {
        for step in steps {
            // A step keeps what was typed when it was of another kind.
            if step.kind == StepKind::Collect {
                self.add_all(&step.extract);
            } else if step.kind == StepKind::Repeat {
                self.add_steps(&step.steps);
            }
        }
    }

    fn add_all(&mut self, fields: &[FieldForm]) {
        for field in fields.iter().filter(|field| !field.name.trim().is_empty()) {
            self.add(field.name.trim());
        }
    }
}

fn chosen(form: &ExportForm) -> Option<HashSet<i64>> {
    match form.which {
        ExportWhich::All | ExportWhich::Successful => None,
        ExportWhich::Chosen => Some(
            form.job_ids
                .iter()
                .filter_map(|id| id.parse().ok())
                .collect(),
        ),
    }
}

fn title_and_site(
    connection: &Connection,
    id: &str,
) -> Result<Option<(String, String)>, LibraryError> {
    let found = connection
        .prepare_cached("SELECT title, site FROM results WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found)
}
