//! A long text as lines to draw: cut where a line is too long, coloured, searchable.

use super::markup::State;
use super::{Part, SpanKind, TextHit, TextHits, TextLine, TextPage, TextSpan};

/// UTF-16 units that fit in one display line.
const LONGEST_LINE: usize = 1_000;
const MOST_LINES: usize = 1_000;
const MOST_HITS: usize = 10_000;

/// A text with its display lines, made once per opened result.
pub struct TextIndex {
    text: String,
    lines: Vec<Line>,
    widest: usize,
    coloured: bool,
}

struct Line {
    start: usize,
    end: usize,
    /// Source line from 1; 0 when it continues the line above.
    number: u32,
    state: State,
}

impl TextIndex {
    /// `part` says whether there is markup to colour.
    pub fn new(text: String, part: Part) -> Self {
        let mut index = Self {
            lines: Vec::with_capacity(text.len() / 40 + 1),
            widest: 0,
            coloured: part == Part::Page,
            text,
        };
        index.fill();
        index
    }

    pub fn page(&self, offset: u32, limit: u32) -> TextPage {
        let shown = self
            .lines
            .iter()
            .skip(offset as usize)
            .take(MOST_LINES.min(limit as usize));
        TextPage {
            lines: shown.map(|line| self.draw(line)).collect(),
            total: count(self.lines.len()),
            widest: count(self.widest),
        }
    }

    /// Every place where `query` stands, whatever its case; a hit never spans two source lines.
    pub fn search(&self, query: &str) -> TextHits {
        let wanted: Vec<char> = query.chars().map(fold).collect();
        let mut found = TextHits {
            hits: Vec::new(),
            total: 0,
        };
        if wanted.is_empty() {
            return found;
        }
        let mut line = 0;
        let mut at = 0;
        while let Some((start, end)) = next_match(&self.text, at, &wanted) {
            at = end;
            found.total += 1;
            if found.hits.len() < MOST_HITS {
                while self
                    .lines
                    .get(line + 1)
                    .is_some_and(|next| next.start <= start)
                {
                    line += 1;
                }
                found.hits.extend(self.hit(line, start, end));
            }
        }
        found
    }

    fn fill(&mut self) {
        let bytes = self.text.as_bytes();
        let mut state = State::START;
        let mut number = 0;
        let mut start = 0;
        while start <= bytes.len() {
            let found = bytes[start..].iter().position(|byte| *byte == b'\n');
            let next = found.map_or(bytes.len() + 1, |at| start + at + 1);
            let end = next - 1;
            let visible = end - usize::from(end > start && bytes[end - 1] == b'\r');
            number += 1;
            if start == bytes.len() && number > 1 {
                break;
            }
            let mut piece = start;
            loop {
                let (cut, width) = fitting(&self.text[piece..visible]);
                let stop = piece + cut;
                self.widest = self.widest.max(width);
                self.lines.push(Line {
                    start: piece,
                    end: stop,
                    number: if piece == start { number } else { 0 },
                    state,
                });
                let read_to = if stop == visible {
                    next.min(bytes.len())
                } else {
                    stop
                };
                if self.coloured {
                    state = state.read(bytes, piece, read_to, |_, _, _| {});
                }
                piece = stop;
                if piece == visible {
                    break;
                }
            }
            start = next;
        }
    }

    fn draw(&self, line: &Line) -> TextLine {
        let mut spans: Vec<TextSpan> = Vec::new();
        let mut push = |kind: SpanKind, from: usize, to: usize| {
            let text = &self.text[from..to];
            match spans.last_mut() {
                Some(last) if last.kind == kind => last.text.push_str(text),
                Some(_) | None => spans.push(TextSpan {
                    kind,
                    text: text.to_owned(),
                }),
            }
        };
        if self.coloured {
            line.state
                .read(self.text.as_bytes(), line.start, line.end, push);
        } else if line.end > line.start {
            push(SpanKind::Text, line.start, line.end);
        }
        TextLine {
            number: line.number,
            spans,
        }
    }

    /// A hit that runs over a cut ends at the cut.
    fn hit(&self, number: usize, start: usize, end: usize) -> Option<TextHit> {
        let line = self.lines.get(number)?;
        let before = self.text.get(line.start..start.min(line.end))?;
        let inside = self.text.get(start.min(line.end)..end.min(line.end))?;
        Some(TextHit {
            line: count(number),
            start: count(width(before)),
            length: count(width(inside)),
        })
    }
}

/// How much of `rest` fits in a display line: bytes and UTF-16 units.
fn fitting(rest: &str) -> (usize, usize) {
    if rest.len() <= LONGEST_LINE {
        return (rest.len(), width(rest));
    }
    let mut units = 0;
    for (at, character) in rest.char_indices() {
        if units + character.len_utf16() > LONGEST_LINE {
            return (at, units);
        }
        units += character.len_utf16();
    }
    (rest.len(), units)
}

fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.encode_utf16().count()
    }
}

fn next_match(text: &str, from: usize, wanted: &[char]) -> Option<(usize, usize)> {
    let (first, rest) = wanted.split_first()?;
    let mut characters = text[from..].char_indices();
    while let Some((at, character)) = characters.next() {
        if fold(character) != *first {
            continue;
        }
        let mut following = characters.clone();
        if rest
            .iter()
            .all(|one| following.next().is_some_and(|(_, next)| fold(next) == *one))
        {
            return Some((from + at, from + following.offset()));
        }
    }
    None
}

/// Lower case where that is one character; others (`İ`) stay as they are.
fn fold(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    let mut lower = character.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => character,
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
