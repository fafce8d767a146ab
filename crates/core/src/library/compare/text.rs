//! Two texts line by line, and word by word where a line was changed.

use std::time::{Duration, Instant};

use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices_deadline};

use super::view::*;
use crate::library::narrow;

/// What takes longer is told more coarsely.
const PATIENCE: Duration = Duration::from_secs(3);
const PATIENCE_IN_A_LINE: Duration = Duration::from_millis(20);
/// Lines that are shown around a change.
const AROUND: usize = 3;
/// Characters of a line that are shown.
const LONGEST: usize = 600;
const MOST_ROWS: u32 = 500;

/// Two texts and how they differ.
pub struct Difference {
    before: Vec<String>,
    after: Vec<String>,
    rows: Vec<Row>,
    /// Those around changes; the others as one row each stretch.
    changed: Vec<Row>,
    count: DifferenceCount,
}

/// Lines by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    Same(usize, usize),
    Changed(usize, usize),
    Removed(usize),
    Added(usize),
    Skipped(usize),
}

impl Difference {
    pub fn of(before: &str, after: &str) -> Self {
        let [before, after] =
            [before, after].map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>());
        let deadline = Instant::now() + PATIENCE;
        let ops =
            capture_diff_slices_deadline(Algorithm::Patience, &before, &after, Some(deadline));
        let rows: Vec<Row> = ops.iter().flat_map(rows_of).collect();
        let changed = around_changes(&rows);
        let count = |is: fn(&Row) -> bool| narrow(rows.iter().filter(|row| is(row)).count() as u64);
        let count = DifferenceCount {
            added: count(|row| matches!(row, Row::Added(_) | Row::Changed(..))),
            removed: count(|row| matches!(row, Row::Removed(_) | Row::Changed(..))),
            rows: narrow(rows.len() as u64),
            changed_rows: narrow(changed.len() as u64),
        };
        Self {
            before,
            after,
            rows,
            changed,
            count,
        }
    }

    pub fn count(&self) -> DifferenceCount {
        self.count
    }

    pub fn page(&self, query: &DifferenceQuery) -> Vec<DifferenceRow> {
        let rows = if query.only_changes {
            &self.changed
        } else {
            &self.rows
        };
        rows.iter()
            .skip(query.offset as usize)
            .take(query.limit.min(MOST_ROWS) as usize)
            .map(|row| self.shown(*row))
            .collect()
    }

    fn shown(&self, row: Row) -> DifferenceRow {
        let line = |lines: &[String], at: usize, changed: bool| DifferenceLine {
            number: narrow(at as u64 + 1),
            pieces: vec![DifferencePiece {
                text: bounded(&lines[at]).to_owned(),
                changed,
            }],
        };
        let (kind, before, after, skipped) = match row {
            Row::Same(a, b) => (
                DifferenceKind::Same,
                Some(line(&self.before, a, false)),
                Some(line(&self.after, b, false)),
                0,
            ),
            Row::Changed(a, b) => {
                let [before, after] = words(bounded(&self.before[a]), bounded(&self.after[b]));
                let line = |at: usize, pieces| DifferenceLine {
                    number: narrow(at as u64 + 1),
                    pieces,
                };
                (
                    DifferenceKind::Changed,
                    Some(line(a, before)),
                    Some(line(b, after)),
                    0,
                )
            }
            Row::Removed(a) => (
                DifferenceKind::Removed,
                Some(line(&self.before, a, true)),
                None,
                0,
            ),
            Row::Added(b) => (
                DifferenceKind::Added,
                None,
                Some(line(&self.after, b, true)),
                0,
            ),
            Row::Skipped(many) => (DifferenceKind::Skipped, None, None, narrow(many as u64)),
        };
        DifferenceRow {
            kind,
            before,
            after,
            skipped,
        }
    }
}

fn rows_of(op: &DiffOp) -> Vec<Row> {
    let (old, new) = (op.old_range(), op.new_range());
    match op {
        DiffOp::Equal { .. } => old.zip(new).map(|(a, b)| Row::Same(a, b)).collect(),
        DiffOp::Delete { .. } => old.map(Row::Removed).collect(),
        DiffOp::Insert { .. } => new.map(Row::Added).collect(),
        DiffOp::Replace { .. } => {
            let both = old.len().min(new.len());
            let pairs = (0..both).map(|at| Row::Changed(old.start + at, new.start + at));
            let removed = (old.start + both..old.end).map(Row::Removed);
            let added = (new.start + both..new.end).map(Row::Added);
            pairs.chain(removed).chain(added).collect()
        }
    }
}

fn around_changes(rows: &[Row]) -> Vec<Row> {
    let is_same = |row: &Row| matches!(row, Row::Same(..));
    let mut shown = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let same = rows[at..].iter().take_while(|row| is_same(row)).count();
        let head = if at == 0 { 0 } else { AROUND };
        let tail = if at + same == rows.len() { 0 } else { AROUND };
        if same > head + tail + 1 {
            shown.extend_from_slice(&rows[at..at + head]);
            shown.push(Row::Skipped(same - head - tail));
            shown.extend_from_slice(&rows[at + same - tail..at + same]);
        } else {
            shown.extend_from_slice(&rows[at..at + same]);
        }
        at += same;
        let changed = rows[at..].iter().take_while(|row| !is_same(row)).count();
        shown.extend_from_slice(&rows[at..at + changed]);
        at += changed;
    }
    shown
}

/// Both lines in pieces, with those marked that the other has not.
fn words(before: &str, after: &str) -> [Vec<DifferencePiece>; 2] {
    let diff = TextDiff::configure()
        .timeout(PATIENCE_IN_A_LINE)
        .diff_unicode_words(before, after);
    let mut sides: [Vec<DifferencePiece>; 2] = Default::default();
    let add = |side: &mut Vec<DifferencePiece>, text: &str, changed: bool| match side.last_mut() {
        Some(last) if last.changed == changed => last.text.push_str(text),
        Some(_) | None => side.push(DifferencePiece {
            text: text.to_owned(),
            changed,
        }),
    };
    for change in diff.iter_all_changes() {
        let [before, after] = &mut sides;
        match change.tag() {
            ChangeTag::Equal => {
                add(before, change.value(), false);
                add(after, change.value(), false);
            }
            ChangeTag::Delete => add(before, change.value(), true),
            ChangeTag::Insert => add(after, change.value(), true),
        }
    }
    sides
}

fn bounded(line: &str) -> &str {
    line.char_indices()
        .nth(LONGEST)
        .map_or(line, |(end, _)| &line[..end])
}
