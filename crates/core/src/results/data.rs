//! The extracted fields as a table: sorted, filtered and paged.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

use super::number::look_like_numbers;
use super::{DataPage, DataQuery, DataRow};

const MOST_ROWS: usize = 500;

/// Columns in the page's order; a list fills its column, a single value stands in the first row.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub columns: Vec<String>,
    /// One value per column; null where the page had nothing.
    pub rows: Vec<Vec<Value>>,
    empty_values: u32,
}

impl Table {
    pub fn new(data: Map<String, Value>) -> Self {
        let length = |value: &Value| value.as_array().map_or(1, Vec::len);
        let mut rows =
            vec![Vec::with_capacity(data.len()); data.values().map(length).max().unwrap_or(0)];
        let mut columns = Vec::with_capacity(data.len());
        let mut empty_values = 0;
        for (name, value) in data {
            let expected = if value.is_array() { rows.len() } else { 1 };
            let mut values = if let Value::Array(list) = value {
                list
            } else {
                vec![value]
            };
            let missing = values.iter().filter(|value| cell(value).is_none()).count();
            empty_values += missing + expected.saturating_sub(values.len());
            values.resize(rows.len(), Value::Null);
            for (row, value) in rows.iter_mut().zip(values) {
                row.push(value);
            }
            columns.push(name);
        }
        Self {
            columns,
            rows,
            empty_values: u32::try_from(empty_values).unwrap_or(u32::MAX),
        }
    }

    /// A list of objects, one per row, with the values as they came.
    pub fn to_json(&self) -> Value {
        let object = |row: &Vec<Value>| {
            Value::Object(
                self.columns
                    .iter()
                    .cloned()
                    .zip(row.iter().cloned())
                    .collect(),
            )
        };
        Value::Array(self.rows.iter().map(object).collect())
    }
}

/// What stands in a cell; objects and lists as compact JSON.
pub fn cell(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Some(value.to_string())
        }
    }
}

/// A table that is open on the screen; remembers its last order while a person scrolls.
pub struct OpenTable {
    pub table: Table,
    order: Mutex<Option<(Arrangement, Arc<Vec<usize>>)>>,
}

#[derive(Clone, PartialEq, Eq)]
struct Arrangement {
    find: String,
    sort: String,
    descending: bool,
}

impl OpenTable {
    pub fn new(table: Table) -> Self {
        Self {
            table,
            order: Mutex::new(None),
        }
    }

    pub fn page(&self, query: DataQuery) -> DataPage {
        let limit = MOST_ROWS.min(query.limit as usize);
        let order = self.order(Arrangement {
            find: query.find.trim().to_lowercase(),
            sort: query.sort,
            descending: query.descending,
        });
        let shown = order.iter().skip(query.offset as usize).take(limit);
        DataPage {
            columns: self.table.columns.clone(),
            rows: shown.map(|row| self.row(*row)).collect(),
            matching: count(order.len()),
            total: count(self.table.rows.len()),
            empty_values: self.table.empty_values,
        }
    }

    fn row(&self, index: usize) -> DataRow {
        DataRow {
            number: count(index + 1),
            cells: self.table.rows[index].iter().map(cell).collect(),
        }
    }

    fn order(&self, wanted: Arrangement) -> Arc<Vec<usize>> {
        let mut last = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, order)) = last
            .as_ref()
            .filter(|(arrangement, _)| *arrangement == wanted)
        {
            return order.clone();
        }
        let order = Arc::new(self.arrange(&wanted));
        *last = Some((wanted, order.clone()));
        order
    }

    fn arrange(&self, wanted: &Arrangement) -> Vec<usize> {
        let has = |row: &Vec<Value>| {
            row.iter()
                .filter_map(cell)
                .any(|text| text.to_lowercase().contains(&wanted.find))
        };
        let rows = self.table.rows.iter().enumerate();
        let mut order: Vec<usize> = rows
            .filter(|(_, row)| wanted.find.is_empty() || has(row))
            .map(|(index, _)| index)
            .collect();
        if let Some(column) = self
            .table
            .columns
            .iter()
            .position(|name| *name == wanted.sort)
        {
            self.sort(&mut order, column, wanted.descending);
        }
        order
    }

    /// Empty cells stay last in both directions.
    fn sort(&self, order: &mut [usize], column: usize, descending: bool) {
        let texts: Vec<Option<String>> = self
            .table
            .rows
            .iter()
            .map(|row| cell(&row[column]))
            .collect();
        let numbers = look_like_numbers(&texts);
        order.sort_by(|a, b| {
            let (Some(left), Some(right)) = (&texts[*a], &texts[*b]) else {
                return texts[*a].is_none().cmp(&texts[*b].is_none());
            };
            let ordering = match &numbers {
                Some(numbers) => numbers[*a].total_cmp(&numbers[*b]),
                None => left.to_lowercase().cmp(&right.to_lowercase()),
            };
            if descending {
                ordering.reverse()
            } else {
                ordering
            }
        });
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
