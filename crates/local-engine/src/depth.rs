//! Tells pages that are nested without end, which would keep a parser busy for hours.

/// Far above what people and frameworks write, far below what hurts.
const MAX_DEPTH: usize = 5_000;

/// Elements that have no end tag, or whose end tag the parser supplies.
const SELF_ENDING: [&str; 30] = [
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html",
    "img", "input", "li", "link", "meta", "optgroup", "option", "p", "param", "rp", "rt", "source",
    "tbody", "td", "th", "thead", "tr", "wbr",
];

/// Counts open tags against closed ones, in one pass.
pub fn is_endless(html: &str) -> bool {
    let mut depth = 0_usize;
    for piece in html.split('<').skip(1) {
        let closes = piece.starts_with('/');
        let name = piece.trim_start_matches('/');
        let name = name
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .map_or(name, |end| name.get(..end).unwrap_or(name));
        if !name.starts_with(|c: char| c.is_ascii_alphabetic())
            || SELF_ENDING.iter().any(|tag| name.eq_ignore_ascii_case(tag))
        {
            continue;
        }
        if closes {
            depth = depth.saturating_sub(1);
        } else {
            depth += 1;
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_endless_nesting_is_endless() {
        assert!(is_endless(&"<div>".repeat(6_000)));
        assert!(!is_endless(&"<div><p>x</div>".repeat(50_000)));
        assert!(!is_endless(&"<tr><td>1 < 2<td>x".repeat(50_000)));
    }
}
