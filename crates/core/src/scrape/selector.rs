//! Where on the page: the person's form and the wire's `css:` or `xpath:` form.

/// `css:` or `xpath:` and the rest; none when nothing was entered.
pub fn to_wire(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let (kind, rest) = match typed.split_once(':') {
        Some((kind @ ("css" | "xpath"), rest)) => (kind, rest.trim()),
        Some(_) | None if typed.starts_with(['/', '(']) => ("xpath", typed),
        Some(_) | None => ("css", typed),
    };
    (!rest.is_empty()).then(|| format!("{kind}:{rest}"))
}

/// The shortest form that [`to_wire`] reads back as the same.
pub fn from_wire(selector: &str) -> String {
    let (_, bare) = selector.split_once(':').unwrap_or(("", selector));
    if to_wire(bare).as_deref() == Some(selector) {
        bare.to_owned()
    } else {
        selector.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same() {
        for (typed, wire, shown) in [
            ("h1", "css:h1", "h1"),
            (" .price > b ", "css:.price > b", ".price > b"),
            ("css: h1", "css:h1", "h1"),
            ("a:hover", "css:a:hover", "a:hover"),
            ("//h1", "xpath://h1", "//h1"),
            ("(//a)[1]", "xpath:(//a)[1]", "(//a)[1]"),
            (
                "xpath:string(//h1)",
                "xpath:string(//h1)",
                "xpath:string(//h1)",
            ),
        ] {
            assert_eq!(to_wire(typed).as_deref(), Some(wire), "typed {typed:?}");
            assert_eq!(from_wire(wire), shown, "shown for {wire:?}");
        }
        for empty in ["", "  ", "css:", "xpath: "] {
            assert_eq!(to_wire(empty), None, "{empty:?} points nowhere");
        }
    }
}
