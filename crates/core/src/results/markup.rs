//! A light reader of HTML source: enough to colour it, one line at a time, without a tree.

use super::SpanKind;

/// Where the reader stands between two bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    mode: Mode,
    raw: Raw,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Text,
    TagName,
    Attributes,
    /// After `=`.
    BeforeValue,
    DoubleQuoted,
    SingleQuoted,
    Unquoted,
    Comment,
}

/// Elements whose content is not markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Raw {
    None,
    Script,
    Style,
}

impl Raw {
    fn end(self) -> Option<&'static [u8]> {
        match self {
            Self::None => None,
            Self::Script => Some(b"</script"),
            Self::Style => Some(b"</style"),
        }
    }
}

impl State {
    pub const START: Self = Self {
        mode: Mode::Text,
        raw: Raw::None,
    };

    /// Reads `text[from..to]` and answers with the state at `to`. `emit` gets each piece in order;
    /// together they are the whole stretch.
    pub fn read(
        self,
        text: &[u8],
        from: usize,
        to: usize,
        mut emit: impl FnMut(SpanKind, usize, usize),
    ) -> Self {
        let mut state = self;
        let mut at = from;
        while at < to {
            let (kind, end, next) = state.piece(text, at, to);
            emit(kind, at, end);
            at = end;
            state = next;
        }
        state
    }

    /// The piece that starts at `at`: its kind, its end (after `at`), and the state there.
    fn piece(self, text: &[u8], at: usize, to: usize) -> (SpanKind, usize, Self) {
        match self.mode {
            Mode::Text => self.text(text, at, to),
            Mode::Comment => {
                match find(at, to, |i| text[i] == b'>' && text[..i].ends_with(b"--")) {
                    Some(end) => (SpanKind::Comment, end + 1, self.with(Mode::Text)),
                    None => (SpanKind::Comment, to, self),
                }
            }
            Mode::TagName => match find(at, to, |i| {
                is_space(text[i]) || text[i] == b'>' || (text[i] == b'/' && i > at + 1)
            }) {
                Some(end) if text[end] == b'>' => (SpanKind::Tag, end + 1, self.with(Mode::Text)),
                Some(end) => (SpanKind::Tag, end.max(at + 1), self.with(Mode::Attributes)),
                None => (SpanKind::Tag, to, self),
            },
            Mode::Attributes => self.attributes(text, at, to),
            Mode::BeforeValue => self.before_value(text, at, to),
            Mode::DoubleQuoted => self.quoted(text, at, to, b'"'),
            Mode::SingleQuoted => self.quoted(text, at, to, b'\''),
            Mode::Unquoted => match find(at, to, |i| is_space(text[i]) || text[i] == b'>') {
                Some(end) if end > at => (SpanKind::Value, end, self.with(Mode::Attributes)),
                Some(_) => self.attributes(text, at, to),
                None => (SpanKind::Value, to, self),
            },
        }
    }

    fn text(self, text: &[u8], at: usize, to: usize) -> (SpanKind, usize, Self) {
        let opens = |i: usize| {
            text[i] == b'<'
                && match self.raw.end() {
                    Some(end) => starts(text, i, end),
                    None => text
                        .get(i + 1)
                        .is_some_and(|next| next.is_ascii_alphabetic() || b"/!?".contains(next)),
                }
        };
        match find(at, to, opens) {
            Some(start) if start > at => (SpanKind::Text, start, self),
            None => (SpanKind::Text, to, self),
            Some(_) if starts(text, at, b"<!--") => {
                // `<!-->` would end at once in a browser; four bytes on, it reads as an ordinary comment.
                (SpanKind::Comment, to.min(at + 4), self.with(Mode::Comment))
            }
            Some(_) => {
                let raw = if starts(text, at, b"<script") {
                    Raw::Script
                } else if starts(text, at, b"<style") {
                    Raw::Style
                } else {
                    Raw::None
                };
                let opened = Self {
                    mode: Mode::TagName,
                    raw,
                };
                if at + 1 < to {
                    opened.piece(text, at, to)
                } else {
                    (SpanKind::Tag, to, opened)
                }
            }
        }
    }

    fn attributes(self, text: &[u8], at: usize, to: usize) -> (SpanKind, usize, Self) {
        match text[at] {
            b'>' => (SpanKind::Tag, at + 1, self.with(Mode::Text)),
            b'/' => (SpanKind::Tag, at + 1, self.with(Mode::Attributes)),
            _ => match find(at, to, |i| matches!(text[i], b'=' | b'>' | b'/')) {
                Some(end) if text[end] == b'=' => {
                    (SpanKind::Attribute, end + 1, self.with(Mode::BeforeValue))
                }
                Some(end) => (SpanKind::Attribute, end, self.with(Mode::Attributes)),
                None => (SpanKind::Attribute, to, self.with(Mode::Attributes)),
            },
        }
    }

    fn before_value(self, text: &[u8], at: usize, to: usize) -> (SpanKind, usize, Self) {
        let start = find(at, to, |i| !is_space(text[i]));
        let (end, mode) = match start.map(|i| (i, text[i])) {
            None => return (SpanKind::Value, to, self),
            Some((_, b'>')) => return self.attributes(text, at, to),
            Some((i, b'"')) => (i + 1, Mode::DoubleQuoted),
            Some((i, b'\'')) => (i + 1, Mode::SingleQuoted),
            Some((i, _)) => (i + 1, Mode::Unquoted),
        };
        // The end must not fall inside a character.
        let end = (end..to).find(|i| !is_inside(text, *i)).unwrap_or(to);
        (SpanKind::Value, end, self.with(mode))
    }

    fn quoted(self, text: &[u8], at: usize, to: usize, quote: u8) -> (SpanKind, usize, Self) {
        match find(at, to, |i| text[i] == quote) {
            Some(end) => (SpanKind::Value, end + 1, self.with(Mode::Attributes)),
            None => (SpanKind::Value, to, self),
        }
    }

    fn with(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }
}

fn find(from: usize, to: usize, mut is: impl FnMut(usize) -> bool) -> Option<usize> {
    (from..to).find(|i| is(*i))
}

fn starts(text: &[u8], at: usize, with: &[u8]) -> bool {
    text.get(at..at + with.len())
        .is_some_and(|here| here.eq_ignore_ascii_case(with))
}

fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

fn is_inside(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(|byte| byte & 0xC0 == 0x80)
}

/// The stretches that a reader of the page sees: text outside of tags, comments, scripts and styles.
pub fn visible(html: &str, mut emit: impl FnMut(&str)) {
    let bytes = html.as_bytes();
    let mut state = State::START;
    let mut at = 0;
    while at < bytes.len() {
        let (kind, end, next) = state.piece(bytes, at, bytes.len());
        if kind == SpanKind::Text && state.raw == Raw::None {
            emit(html.get(at..end).unwrap_or_default());
        }
        at = end;
        state = next;
    }
}
