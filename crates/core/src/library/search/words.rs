//! Text as the words by which it is found. What is kept and what is typed go the same way, so that
//! nothing of a person's text is ever syntax: lower case, without accents, one word for each run of
//! letters and digits. Languages written without spaces are found by pairs of characters.

use std::collections::HashSet;

use icu_normalizer::DecomposingNormalizerBorrowed;
use serde_json::Value;

use crate::results::markup;

/// Characters of a word; the rest of a longer one is not looked at.
const LONGEST: usize = 40;
/// Different words of one result. A page has some hundreds, a long table some thousands.
const MOST_WORDS: usize = 20_000;
/// Bytes that are read of one part.
const MOST_TEXT: usize = 4 << 20;
/// Words of a search.
const MOST_TYPED: usize = 20;

/// The different words of one result.
#[derive(Default)]
pub struct Words {
    known: HashSet<String>,
    text: String,
}

impl Words {
    pub fn add(&mut self, text: &str) {
        for Word { text: word, .. } in split(bounded(text)) {
            if self.known.len() >= MOST_WORDS {
                return;
            }
            if !self.known.contains(&word) {
                self.text.push_str(&word);
                self.text.push(' ');
                self.known.insert(word);
            }
        }
    }

    /// What a reader sees of a page.
    pub fn add_page(&mut self, html: &str) {
        markup::visible(bounded(html), |text| {
            if !text.trim().is_empty() {
                self.add(&html_escape::decode_html_entities(text));
            }
        });
    }

    /// Every text and number in extracted data, but not the fields' names.
    pub fn add_values(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.add(text),
            Value::Number(number) => self.add(&number.to_string()),
            Value::Array(values) => values.iter().for_each(|value| self.add_values(value)),
            Value::Object(fields) => fields.values().for_each(|value| self.add_values(value)),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// For the index: words with a space after each.
    pub fn finish(self) -> String {
        self.text
    }
}

/// An FTS5 query for results that have, for each word typed, a word that begins so. None when there
/// is no word in it.
pub fn query(typed: &str) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for word in split(bounded(typed)) {
        let star = if word.whole { "" } else { "*" };
        let part = format!("\"{}\"{star}", word.text);
        if parts.len() < MOST_TYPED && !parts.contains(&part) {
            parts.push(part);
        }
    }
    (!parts.is_empty()).then(|| parts.join(" AND "))
}

struct Word {
    text: String,
    /// Nothing may come after it.
    whole: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    Gap,
    Letters,
    /// Of a language without spaces.
    Unspaced,
}

fn split(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut run = Run::Gap;
    fold(text, |character| {
        let now = match character {
            _ if is_unspaced(character) => Run::Unspaced,
            _ if character.is_alphanumeric() => Run::Letters,
            _ => Run::Gap,
        };
        if now != run {
            end(run, &mut word, &mut words);
            run = now;
        }
        if now != Run::Gap {
            word.push(character);
        }
    });
    end(run, &mut word, &mut words);
    words
}

/// 東京都: 東京, 京都 and 都, so that each character begins a word.
fn end(run: Run, word: &mut String, words: &mut Vec<Word>) {
    match run {
        Run::Gap => return,
        Run::Letters => words.push(Word {
            text: word.chars().take(LONGEST).collect(),
            whole: false,
        }),
        Run::Unspaced => {
            let characters: Vec<char> = word.chars().collect();
            words.extend(characters.windows(2).map(|pair| Word {
                text: pair.iter().collect(),
                whole: true,
            }));
            words.extend(characters.last().map(|last| Word {
                text: last.to_string(),
                whole: false,
            }));
        }
    }
    word.clear();
}

/// Lower case without accents, in characters.
fn fold(text: &str, mut emit: impl FnMut(char)) {
    if text.is_ascii() {
        text.chars().for_each(|one| emit(one.to_ascii_lowercase()));
        return;
    }
    let normalizer = DecomposingNormalizerBorrowed::new_nfkd();
    for character in normalizer.normalize_iter(text.chars()) {
        if is_accent(character) {
            continue;
        }
        for lower in character.to_lowercase().filter(|lower| !is_accent(*lower)) {
            match lower {
                'ß' => "ss".chars().for_each(&mut emit),
                'æ' => "ae".chars().for_each(&mut emit),
                'œ' => "oe".chars().for_each(&mut emit),
                'ø' => emit('o'),
                'đ' | 'ð' => emit('d'),
                'ł' => emit('l'),
                'ı' => emit('i'),
                'ς' => emit('σ'),
                plain => emit(plain),
            }
        }
    }
}

fn is_accent(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}' | '\u{ad}' | '\u{200b}'..='\u{200f}')
}

/// Han, kana, Thai, Lao, Burmese and Khmer are written without spaces between words.
fn is_unspaced(character: char) -> bool {
    matches!(
        u32::from(character),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x31F0..=0x31FF
            | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF
    )
}

fn bounded(text: &str) -> &str {
    let mut end = text.len().min(MOST_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
