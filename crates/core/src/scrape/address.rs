//! A page address as people type it, and what it must be to be scraped.

use url::{Host, Url};

const LONGEST: usize = 2048;
const NOT_AN_ADDRESS: &str = "This is not a page address. Enter one like https://example.com/page.";

/// The whole address. A missing scheme becomes https, or http where https is hardly ever served:
/// on this computer, by number, in the sample shop. `allowed_hosts` may be names without a dot.
pub fn read_address(typed: &str, allowed_hosts: &[String]) -> Result<Url, String> {
    let url = whole_address(typed)?;
    check_host(&url, allowed_hosts)?;
    Ok(url)
}

/// As [`read_address`], with every name of a host, also those without a dot.
pub(crate) fn whole_address(typed: &str) -> Result<Url, String> {
    let typed = trimmed(typed);
    if typed.is_empty() {
        return Err("Enter a page address.".into());
    }
    if typed.starts_with(['/', '.', '?', '#']) {
        return Err("This is only a part of an address. Enter the whole one, like https://example.com/page.".into());
    }
    let url = match scheme(typed).as_deref() {
        Some("http" | "https") => Url::parse(typed).map_err(|_| NOT_AN_ADDRESS)?,
        Some(other) => {
            return Err(format!(
                "Addresses that start with {other}: can't be scraped. Enter one that starts with https:// or http://."
            ));
        }
        None => with_scheme(typed)?,
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err("Leave the name and password out of the address: they would be kept with the result. Sign in with steps instead.".into());
    }
    if host_name(&url).is_some_and(|name| name.split('.').any(str::is_empty)) {
        return Err(NOT_AN_ADDRESS.into());
    }
    if url.as_str().len() > LONGEST {
        return Err(format!(
            "This address is too long. {LONGEST} characters is the most."
        ));
    }
    Ok(url)
}

/// Without the dot that may end it; none for a number.
fn host_name(url: &Url) -> Option<&str> {
    let Some(Host::Domain(name)) = url.host() else {
        return None;
    };
    Some(name.strip_suffix('.').unwrap_or(name))
}

/// A page address without what surrounds it.
pub(crate) fn trimmed(typed: &str) -> &str {
    typed.trim_matches(is_blank)
}

/// White space, and the marks that ride along when an address is copied from a web page.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// The scheme in lower case; none in `example.com` and `localhost:3000`.
fn scheme(typed: &str) -> Option<String> {
    const WITHOUT_SLASHES: [&str; 8] = [
        "http",
        "https",
        "javascript",
        "data",
        "blob",
        "about",
        "mailto",
        "tel",
    ];
    let (before, after) = typed.split_once(':')?;
    let scheme = before.to_ascii_lowercase();
    let letters = scheme
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "+-".contains(letter));
    let is_scheme = WITHOUT_SLASHES.contains(&scheme.as_str())
        || (letters && (after.starts_with("//") || after.starts_with('\\')));
    is_scheme.then_some(scheme)
}

fn with_scheme(typed: &str) -> Result<Url, &'static str> {
    let secure = Url::parse(&format!("https://{typed}")).map_err(|_| NOT_AN_ADDRESS)?;
    let plain = match secure.host() {
        Some(Host::Domain(name)) => {
            name == local_engine::shop::HOST || name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        None => false,
    };
    if !plain {
        return Ok(secure);
    }
    Url::parse(&format!("http://{typed}")).map_err(|_| NOT_AN_ADDRESS)
}

fn check_host(url: &Url, allowed_hosts: &[String]) -> Result<(), String> {
    let Some(name) = host_name(url) else {
        return Ok(());
    };
    let allowed = allowed_hosts.iter().any(|host| {
        host == name
            || host
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with(':'))
    });
    if name.contains('.') || name == "localhost" || allowed {
        return Ok(());
    }
    Err(format!(
        "“{name}” is not a whole site name. Enter one like {name}.com."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_people_type_are_completed() {
        let allowed = ["nas:8080".to_owned(), "wiki".to_owned()];
        for (typed, whole) in [
            ("example.com", "https://example.com/"),
            ("  example.com/a b \n", "https://example.com/a%20b"),
            (
                "\u{feff}https://example.com\u{200b}",
                "https://example.com/",
            ),
            ("HTTP://Example.com/A", "http://example.com/A"),
            (
                "example.com:8443/x?y=1#z",
                "https://example.com:8443/x?y=1#z",
            ),
            ("sample.shop/shop", "http://sample.shop/shop"),
            ("https://sample.shop/shop", "https://sample.shop/shop"),
            ("localhost:3000", "http://localhost:3000/"),
            ("127.0.0.1:80/x", "http://127.0.0.1/x"),
            ("[::1]:9000", "http://[::1]:9000/"),
            (
                "münchen.example/straße",
                "https://xn--mnchen-3ya.example/stra%C3%9Fe",
            ),
            ("nas:8080", "https://nas:8080/"),
            ("wiki", "https://wiki/"),
            ("example.com.", "https://example.com./"),
        ] {
            let read = read_address(typed, &allowed).map(String::from);
            assert_eq!(read.as_deref(), Ok(whole), "typed {typed:?}");
        }
    }

    #[test]
    fn what_is_no_page_address_is_refused_in_words() {
        let long = format!("example.com/{}", "a".repeat(2048));
        for (typed, word) in [
            ("", "Enter a page address"),
            (" \t ", "Enter a page address"),
            ("/shop/3", "only a part"),
            ("../up", "only a part"),
            ("//example.com", "only a part"),
            ("ftp://example.com", "ftp:"),
            ("javascript:alert(1)", "javascript:"),
            ("JavaScript:alert(1)", "javascript:"),
            ("data:text/html,hi", "data:"),
            ("file:///etc/passwd", "file:"),
            ("gopher://example.com", "gopher:"),
            ("C:\\Users\\me", "c:"),
            ("example", "“example” is not a whole site name"),
            ("http://nas:9/", "not a whole site name"),
            ("two words", "not a page address"),
            ("https://", "not a page address"),
            ("a..example", "not a page address"),
            ("https://example.com:99999/", "not a page address"),
            ("ana:secret@example.com", "name and password"),
            ("https://ana@example.com/", "name and password"),
            (long.as_str(), "too long"),
        ] {
            let refused = read_address(typed, &[]);
            assert!(
                refused.as_ref().is_err_and(|words| words.contains(word)),
                "typed {typed:?}, expected {word:?}, got {refused:?}"
            );
        }
    }
}
