//! What `wait-for-selector` waits for when the request does not say.

use scrapingpros::types::WaitState;

/// Elements that never show.
const UNSEEN: [&str; 6] = ["script", "meta", "link", "style", "title", "head"];

/// By the selector's last tag.
pub fn usual_state(selector: &str) -> WaitState {
    let tag = last_tag(selector);
    if UNSEEN.iter().any(|unseen| tag.eq_ignore_ascii_case(unseen)) {
        WaitState::Attached
    } else {
        WaitState::Visible
    }
}

fn last_tag(selector: &str) -> String {
    let bare = without_brackets(selector);
    let last = match bare.strip_prefix("xpath:") {
        Some(path) => path
            .rsplit('/')
            .find(|step| !step.is_empty() && !step.starts_with('@') && !step.ends_with("()"))
            .map(|step| step.rsplit("::").next().unwrap_or(step)),
        None => bare
            .trim_start_matches("css:")
            .rsplit([' ', '>', '+', '~', ','])
            .find(|part| !part.is_empty()),
    };
    last.unwrap_or_default()
        .trim()
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '-')
        .collect()
}

/// Conditions in brackets may hold anything; `text()` keeps its empty pair.
fn without_brackets(selector: &str) -> String {
    let (mut depth, mut quote) = (0_usize, None);
    let mut bare = String::new();
    for letter in selector.chars() {
        match (letter, quote) {
            (letter, Some(open)) if letter == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) if depth > 0 => quote = Some(letter),
            ('[' | '(', None) => {
                depth += 1;
                if letter == '(' && depth == 1 {
                    bare.push('(');
                }
            }
            (']' | ')', None) => {
                depth = depth.saturating_sub(1);
                if letter == ')' && depth == 0 {
                    bare.push(')');
                }
            }
            (letter, None) if depth == 0 => bare.push(letter),
            _ => {}
        }
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_elements_are_waited_for_on_the_page_others_until_they_show() {
        for attached in [
            "css:script",
            "css:head > meta[name=\"a b\"]",
            "css:html title",
            "css:link[href*='.css']",
            "css:STYLE.big",
            "xpath://head/script[@type='a/b']",
            "xpath:/html/head",
            "xpath://descendant::meta[@name='x']/@content",
            "xpath://title/text()",
        ] {
            assert_eq!(usual_state(attached), WaitState::Attached, "{attached}");
        }
        for visible in [
            "css:.price",
            "css:#title",
            "css:header",
            "css:script + div",
            "css:a[title]",
            "css:div:not(.script)",
            "xpath://div[script]",
            "xpath://*[@id='head']",
            "link-box",
        ] {
            assert_eq!(usual_state(visible), WaitState::Visible, "{visible}");
        }
    }
}
