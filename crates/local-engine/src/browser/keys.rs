//! Keys and typing.

use chromiumoxide::cdp::browser_protocol::input::{
    DispatchKeyEventParams, DispatchKeyEventType, InsertTextParams,
};
use chromiumoxide::keys::{KeyDefinition, get_key_definition};

use super::cdp::{CdpError, Session};

/// Longer texts are pasted.
const MOST_KEYSTROKES: usize = 500;

/// Other names people write.
const ALIASES: [(&str, &str); 14] = [
    ("return", "Enter"),
    ("esc", "Escape"),
    ("space", " "),
    ("spacebar", " "),
    ("del", "Delete"),
    ("ins", "Insert"),
    ("up", "ArrowUp"),
    ("down", "ArrowDown"),
    ("left", "ArrowLeft"),
    ("right", "ArrowRight"),
    ("pgup", "PageUp"),
    ("pgdn", "PageDown"),
    ("page down", "PageDown"),
    ("page up", "PageUp"),
];

/// Named keys that are spelled as the DOM spells them, for reading in any case.
const NAMED: [&str; 28] = [
    "Enter",
    "Escape",
    "Tab",
    "Backspace",
    "Delete",
    "Insert",
    "Home",
    "End",
    "PageUp",
    "PageDown",
    "ArrowUp",
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "F1",
    "F2",
    "F3",
    "F4",
    "F5",
    "F6",
    "F7",
    "F8",
    "F9",
    "F10",
    "F11",
    "F12",
    "CapsLock",
    "ContextMenu",
];

/// A key, alone or as `Control+a`.
#[derive(Debug)]
pub struct Chord<'a> {
    modifiers: i64,
    key: Key<'a>,
}

#[derive(Debug)]
enum Key<'a> {
    Known(&'static KeyDefinition),
    /// A letter that is on no US keyboard.
    Letter(&'a str),
}

/// None: no such key.
pub fn chord(written: &str) -> Option<Chord<'_>> {
    let (mut modifiers, mut rest) = (0, written);
    while let Some((name, after)) = rest.split_once('+').filter(|(_, after)| !after.is_empty()) {
        modifiers |= modifier(name)?;
        rest = after;
    }
    key(rest).map(|key| Chord { modifiers, key })
}

fn modifier(name: &str) -> Option<i64> {
    match name.trim().to_lowercase().as_str() {
        "alt" | "option" => Some(1),
        "control" | "ctrl" => Some(2),
        "meta" | "command" | "cmd" => Some(4),
        "shift" => Some(8),
        _ => None,
    }
}

fn key(name: &str) -> Option<Key<'_>> {
    if let Some(known) = get_key_definition(name) {
        return Some(Key::Known(known));
    }
    if name.chars().count() == 1 {
        return Some(Key::Letter(name));
    }
    let name = name.trim();
    let alias = ALIASES
        .iter()
        .find(|(alias, _)| alias.eq_ignore_ascii_case(name));
    let named = NAMED.iter().find(|named| named.eq_ignore_ascii_case(name));
    alias
        .map(|(_, key)| *key)
        .or(named.copied())
        .and_then(get_key_definition)
        .map(Key::Known)
}

pub async fn press(page: &Session, chord: &Chord<'_>) -> Result<(), CdpError> {
    match chord.key {
        Key::Letter(letter) => {
            page.call(InsertTextParams::new(letter)).await?;
        }
        Key::Known(key) => {
            let [down, up] = strokes(key, chord.modifiers);
            page.call(down).await?;
            page.call(up).await?;
        }
    }
    Ok(())
}

/// Types into what has the focus. Only the last stroke is waited for; they arrive in order.
pub async fn write(page: &Session, text: &str) -> Result<(), CdpError> {
    if text.chars().count() > MOST_KEYSTROKES {
        page.call(InsertTextParams::new(text)).await?;
        return Ok(());
    }
    let mut letters = [0; 4];
    for letter in text.chars() {
        let name = match letter {
            '\n' => "Enter",
            '\r' => continue,
            letter => letter.encode_utf8(&mut letters),
        };
        match get_key_definition(name) {
            Some(key) => strokes(key, 0)
                .into_iter()
                .for_each(|stroke| page.tell(stroke)),
            None => page.tell(InsertTextParams::new(name)),
        }
    }
    page.call(InsertTextParams::new("")).await?;
    Ok(())
}

fn strokes(key: &KeyDefinition, modifiers: i64) -> [DispatchKeyEventParams; 2] {
    let text = key.text.or((key.key.len() == 1).then_some(key.key));
    // With Control, Alt or Meta a letter is a command, not text.
    let text = text.filter(|_| modifiers & !8 == 0);
    let kind = match text {
        Some(_) => DispatchKeyEventType::KeyDown,
        None => DispatchKeyEventType::RawKeyDown,
    };
    let stroke = |kind| {
        let mut stroke = DispatchKeyEventParams::new(kind);
        stroke.key = Some(key.key.into());
        stroke.code = Some(key.code.into());
        stroke.windows_virtual_key_code = Some(key.key_code);
        stroke.native_virtual_key_code = Some(key.key_code);
        stroke.modifiers = Some(modifiers);
        stroke
    };
    let mut down = stroke(kind);
    down.text = text.map(str::to_owned);
    if modifiers == 2 && key.key.eq_ignore_ascii_case("a") {
        down.commands = Some(vec!["selectAll".into()]);
    }
    [down, stroke(DispatchKeyEventType::KeyUp)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(written: &str) -> (&'static str, i64) {
        match chord(written) {
            Some(Chord {
                key: Key::Known(key),
                modifiers,
            }) => (key.key, modifiers),
            other => panic!("{written} should be a known key, not {other:?}"),
        }
    }

    #[test]
    fn keys_as_people_write_them() {
        assert_eq!(known("Enter"), ("Enter", 0));
        assert_eq!(known("enter"), ("Enter", 0));
        assert_eq!(known("Esc"), ("Escape", 0));
        assert_eq!(known("down"), ("ArrowDown", 0));
        assert_eq!(known("a"), ("a", 0));
        assert_eq!(known("+"), ("+", 0), "the sign itself is a key");
        assert_eq!(known("Control+Shift+ArrowLeft"), ("ArrowLeft", 10));
        assert_eq!(known("ctrl++"), ("+", 2));
        assert!(matches!(chord("ü").unwrap().key, Key::Letter("ü")));
        assert!(chord("Entr").is_none(), "an unknown name is no key");
        assert!(chord("Foo+a").is_none(), "an unknown modifier is no key");
    }
}
