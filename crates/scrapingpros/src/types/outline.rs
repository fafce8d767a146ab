//! A page of the jobs listing without its results (contract §5.2). They are nearly all of it, and a JSON parser would
//! look at every character of theirs; here they are only found, by their quotes and brackets, and left where they are.

use bytes::Bytes;
use memchr::memchr;

/// A page in which each inline result is replaced by its number.
pub(super) struct Outline {
    pub json: Vec<u8>,
    pub results: Vec<Bytes>,
}

impl Outline {
    /// `None` when brackets or quotes do not match.
    pub fn of(page: &Bytes) -> Option<Self> {
        let mut cutter = Cutter {
            page,
            kept: 0,
            outline: Self {
                json: Vec::new(),
                results: Vec::new(),
            },
        };
        cutter.cut()?;
        Some(cutter.outline)
    }
}

struct Cutter<'p> {
    page: &'p Bytes,
    /// Up to here the page is in the outline or cut out.
    kept: usize,
    outline: Outline,
}

impl Cutter<'_> {
    fn cut(&mut self) -> Option<()> {
        let page: &[u8] = self.page;
        let is_bare = page.get(memchr::memchr2(b'[', b'{', page)?) == Some(&b'[');
        let row_depth = if is_bare { 2 } else { 3 };
        let mut in_items = is_bare;
        let (mut at, mut depth) = (0_usize, 0_usize);
        while let Some(byte) = page.get(at) {
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.checked_sub(1)?,
                b'"' => {
                    let end = string_end(page, at)?;
                    let text = &page[at + 1..end - 1];
                    at = end;
                    let Some(value) = value_of_name(page, end) else {
                        continue;
                    };
                    if depth == 1 && !is_bare {
                        in_items = text == b"items";
                    }
                    if depth == row_depth && in_items && text == b"result" {
                        at = value_end(page, value)?;
                        self.cut_out(value, at);
                    }
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        self.outline.json.extend_from_slice(&page[self.kept..]);
        (depth == 0).then_some(())
    }

    fn cut_out(&mut self, start: usize, end: usize) {
        let result = self.page.slice(start..end);
        if result == "null" {
            return;
        }
        let outline = &mut self.outline;
        outline.json.extend_from_slice(&self.page[self.kept..start]);
        let number = outline.results.len().to_string();
        outline.json.extend_from_slice(number.as_bytes());
        outline.results.push(result);
        self.kept = end;
    }
}

/// Where the value begins, if what ends at `at` is a name.
fn value_of_name(page: &[u8], at: usize) -> Option<usize> {
    let colon = after_space(page, at);
    (page.get(colon) == Some(&b':')).then(|| after_space(page, colon + 1))
}

fn after_space(page: &[u8], at: usize) -> usize {
    let spaces = page[at..]
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace());
    at + spaces.count()
}

/// One past the end of the value that begins here.
fn value_end(page: &[u8], start: usize) -> Option<usize> {
    let (mut at, mut depth) = (start, 0_usize);
    loop {
        match page.get(at)? {
            b'"' => {
                at = string_end(page, at)?;
                if depth == 0 {
                    return Some(at);
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 1 => return Some(at + 1),
            // A number or a word ends where something else begins.
            b'}' | b']' | b',' if depth == 0 => return (at > start).then_some(at),
            b'}' | b']' => depth -= 1,
            space if depth == 0 && space.is_ascii_whitespace() => return Some(at),
            _ => {}
        }
        at += 1;
    }
}

/// One past the closing quote of the string that opens here. A quote after an odd number of backslashes is escaped.
fn string_end(page: &[u8], open: usize) -> Option<usize> {
    let mut from = open + 1;
    loop {
        let quote = from + memchr(b'"', page.get(from..)?)?;
        let backslashes = page[from..quote]
            .iter()
            .rev()
            .take_while(|byte| **byte == b'\\');
        if backslashes.count() % 2 == 0 {
            return Some(quote + 1);
        }
        from = quote + 1;
    }
}
