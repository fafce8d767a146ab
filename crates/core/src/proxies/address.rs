//! A proxy's address in all the ways in which it is handed out.

use url::Url;
use zeroize::Zeroizing;

use super::OwnProxyForm;
use crate::{AppError, FieldProblem};

/// A proxy as it was typed, read.
pub(super) struct ReadProxy {
    pub country: String,
    /// `http://host:port` or `socks5://host:port`.
    pub address: String,
    pub user: String,
    pub password: Zeroizing<String>,
}

const FORM: &str = "Enter it like proxy.example:8080, or socks5://proxy.example:1080.";
const LONGEST: usize = 255;

pub(super) fn read(form: &OwnProxyForm) -> Result<ReadProxy, AppError> {
    let mut problems = Vec::new();
    let country = match isocountry::CountryCode::for_alpha2_caseless(form.country.trim()) {
        Ok(country) => country.alpha2().to_owned(),
        Err(_) => {
            problems.push(FieldProblem::new("country", "Choose a country."));
            String::new()
        }
    };
    let typed = Typed::read(&form.address);
    let (user, password) = match &typed {
        Ok(typed) if form.user.trim().is_empty() => (
            typed.user.clone(),
            if form.password.is_empty() {
                typed.password.clone()
            } else {
                Zeroizing::new(form.password.clone())
            },
        ),
        Ok(_) | Err(_) => (
            form.user.trim().to_owned(),
            Zeroizing::new(form.password.clone()),
        ),
    };
    if user.len() > LONGEST {
        problems.push(FieldProblem::new("user", "This user name is too long."));
    }
    if password.len() > LONGEST {
        problems.push(FieldProblem::new("password", "This password is too long."));
    }
    if user.is_empty() && !password.is_empty() {
        problems.push(FieldProblem::new(
            "user",
            "Enter the user name that goes with the password.",
        ));
    }
    let address = match typed {
        Ok(typed) => typed.address,
        Err(words) => {
            problems.push(FieldProblem::new("address", words));
            String::new()
        }
    };
    if !problems.is_empty() {
        return Err(AppError::invalid(problems));
    }
    Ok(ReadProxy {
        country,
        address,
        user,
        password,
    })
}

struct Typed {
    address: String,
    user: String,
    password: Zeroizing<String>,
}

impl Typed {
    fn read(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.is_empty() {
            return Err("Enter the address of the proxy.");
        }
        if let Some(typed) = Self::in_four_parts(text) {
            return typed;
        }
        let whole = if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        };
        let url = Url::parse(&whole).map_err(|_| FORM)?;
        let scheme = match url.scheme() {
            "http" => "http",
            "socks5" | "socks5h" => "socks5",
            "https" | "socks4" => {
                return Err("Only proxies of the kinds http:// and socks5:// can be used.");
            }
            _ => return Err(FORM),
        };
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err("The address of a proxy ends with its port.");
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(FORM)?;
        // `url` leaves out the usual port of http.
        let written = whole.rsplit('@').next().unwrap_or_default();
        let port = url
            .port()
            .or_else(|| written.trim_end_matches('/').ends_with(":80").then_some(80))
            .ok_or("The port is missing: it is the number after the colon.")?;
        let decode = |text: &str| {
            percent_encoding::percent_decode_str(text)
                .decode_utf8_lossy()
                .into_owned()
        };
        Ok(Self {
            address: format!("{scheme}://{host}:{port}"),
            user: decode(url.username()),
            password: Zeroizing::new(decode(url.password().unwrap_or_default())),
        })
    }

    /// `host:port:user:password`, as sellers of proxies write it; the password may have colons.
    fn in_four_parts(text: &str) -> Option<Result<Self, &'static str>> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        if rest.contains('@') || rest.starts_with('[') {
            return None;
        }
        let mut parts = rest.splitn(4, ':');
        let (host, port) = (parts.next()?, parts.next()?);
        let (user, password) = (parts.next()?, parts.next()?);
        let bare = Self::read(&format!("{scheme}://{host}:{port}"));
        Some(bare.map(|bare| Self {
            user: user.to_owned(),
            password: Zeroizing::new(password.to_owned()),
            ..bare
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::KeepKey;

    fn form(address: &str) -> OwnProxyForm {
        OwnProxyForm {
            country: "de".into(),
            address: address.into(),
            user: String::new(),
            password: String::new(),
            keep: KeepKey::Session,
        }
    }

    #[test]
    fn an_address_is_read_as_it_is_handed_out() {
        for (typed, address, user, password) in [
            ("proxy.example:8080", "http://proxy.example:8080", "", ""),
            (
                " http://Proxy.example:80/ ",
                "http://proxy.example:80",
                "",
                "",
            ),
            ("socks5h://10.0.0.1:1080", "socks5://10.0.0.1:1080", "", ""),
            ("http://me:p%40ss@h:1", "http://h:1", "me", "p@ss"),
            ("me:pass@h:1", "http://h:1", "me", "pass"),
            ("h:3128:me:p:a:s", "http://h:3128", "me", "p:a:s"),
            ("socks5://h:1:me:secret", "socks5://h:1", "me", "secret"),
            ("[::1]:3128", "http://[::1]:3128", "", ""),
        ] {
            let read = read(&form(typed)).unwrap_or_else(|error| panic!("{typed}: {error:?}"));
            assert_eq!(
                (
                    read.country.as_str(),
                    read.address.as_str(),
                    read.user.as_str(),
                    read.password.as_str()
                ),
                ("DE", address, user, password),
                "{typed}"
            );
        }
    }

    #[test]
    fn what_is_typed_apart_wins_over_what_the_address_says() {
        let apart = OwnProxyForm {
            user: " you ".into(),
            password: "other".into(),
            ..form("http://me:pass@h:1")
        };
        let read = read(&apart).unwrap_or_else(|error| panic!("{error:?}"));
        assert_eq!(
            (read.user.as_str(), read.password.as_str()),
            ("you", "other")
        );
    }

    #[test]
    fn what_is_wrong_is_said_by_its_field() {
        let field = |form: &OwnProxyForm| match read(form) {
            Ok(_) => panic!("{} was taken", form.address),
            Err(error) => error.problems[0].field.clone(),
        };
        for wrong in [
            "",
            "proxy",
            "proxy.example",
            "https://h:1",
            "ftp://h:1",
            "http://h:1/path",
            "h:99999",
            "http://:1",
            "h:x:me:pass",
            "socks5://h",
        ] {
            assert_eq!(field(&form(wrong)), "address", "{wrong:?}");
        }
        assert_eq!(
            field(&OwnProxyForm {
                country: "Germany".into(),
                ..form("h:1")
            }),
            "country"
        );
        assert_eq!(
            field(&OwnProxyForm {
                password: "alone".into(),
                ..form("h:1")
            }),
            "user"
        );
        assert_eq!(
            field(&OwnProxyForm {
                user: "u".repeat(256),
                ..form("h:1")
            }),
            "user"
        );
    }
}
