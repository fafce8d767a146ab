//! What was typed for a new account, checked before anything is asked or stored.

use scrapingpros::{ApiKey, Config, ConfigError, DEFAULT_SERVER, KeyError};

use super::AccountForm;
use super::book::Book;
use crate::{Answer, AppError, ErrorCode, FieldProblem};

const LONGEST_NAME: usize = 80;

/// A cloud account about to be checked.
pub(super) struct NewAccount {
    pub name: String,
    pub key: ApiKey,
    /// Empty for the service's own address.
    pub server: String,
    pub host: String,
}

impl NewAccount {
    pub fn read(form: &AccountForm, book: &Book) -> Answer<Self> {
        let mut problems = Vec::new();
        let name = checked_name(&form.name, book, None).unwrap_or_else(|message| {
            problems.push(FieldProblem::new("name", message));
            String::new()
        });
        let server = checked_server(&form.server).unwrap_or_else(|message| {
            problems.push(FieldProblem::new("server", message));
            String::new()
        });
        if !problems.is_empty() {
            return Err(AppError::invalid(problems));
        }
        let key = checked_key(&form.key)?;
        let host = host(&server);
        let name = match (name.is_empty(), server.is_empty()) {
            (false, _) => name,
            (true, true) => "My account".to_owned(),
            (true, false) => host.clone(),
        };
        Ok(Self {
            name,
            key,
            server,
            host,
        })
    }
}

/// Trimmed; empty when nothing was typed.
pub(super) fn checked_name(typed: &str, book: &Book, id: Option<&str>) -> Result<String, String> {
    let name = typed.trim();
    if name.chars().any(char::is_control) || name.chars().count() > LONGEST_NAME {
        return Err(format!(
            "Choose a name of one line and at most {LONGEST_NAME} characters."
        ));
    }
    if !name.is_empty() && book.is_taken(name, id) {
        return Err(format!("There is already an account called “{name}”."));
    }
    Ok(name.to_owned())
}

pub(super) fn checked_key(typed: &str) -> Answer<ApiKey> {
    ApiKey::parse(typed).map_err(|error| match error {
        KeyError::Empty => {
            AppError::invalid(vec![FieldProblem::new("key", "Paste the key of your account.")])
        }
        KeyError::Malformed { position } => {
            let message = "This is not a key: it has a space, a line break or a letter that no key has. Copy it again.";
            AppError {
                code: ErrorCode::KeyMalformed,
                ..AppError::invalid(vec![FieldProblem::new("key", message)])
            }
            .with_details(format!("character {position}"))
        }
    })
}

/// Host (and port) of a server address; empty means the service's own.
pub(super) fn host(server: &str) -> String {
    let server = if server.is_empty() {
        DEFAULT_SERVER
    } else {
        server
    };
    match server.split_once("://") {
        Some((_, host)) => host.to_owned(),
        None => server.to_owned(),
    }
}

fn checked_server(typed: &str) -> Result<String, String> {
    if typed.trim().is_empty() {
        return Ok(String::new());
    }
    match Config::for_server(typed) {
        Ok(config) if config.server() == DEFAULT_SERVER => Ok(String::new()),
        Ok(config) => Ok(config.server().to_owned()),
        Err(ConfigError::Scheme(scheme)) => Err(format!(
            "A server address starts with https:// or http://, not with {scheme}://."
        )),
        Err(ConfigError::NotPlain) => {
            Err("Enter the server address alone, without a name, a password, ? or #.".to_owned())
        }
        Err(ConfigError::Empty | ConfigError::Malformed(_)) => {
            Err("Enter a server address like https://api.example.com.".to_owned())
        }
    }
}
