//! What the columns of a table are: from their names and from what is in them.

use super::super::own::fits;
use super::super::{PageColumn, reading};
use crate::scrape::read_address;

const ADDRESS_NAMES: [&str; 18] = [
    "url",
    "page url",
    "product url",
    "page address",
    "address",
    "link",
    "page link",
    "page",
    "website",
    "web",
    "site",
    "href",
    "uri",
    "loc",
    "adresse",
    "direccion",
    "enlace",
    "lien",
];
const LABEL_NAMES: [&str; 17] = [
    "label",
    "custom id",
    "sku",
    "id",
    "ref",
    "reference",
    "code",
    "key",
    "name",
    "title",
    "product",
    "product id",
    "article",
    "etiqueta",
    "nombre",
    "titulo",
    "bezeichnung",
];

/// Whether the first row names the columns.
pub fn has_header(rows: &[Vec<String>]) -> bool {
    let Some((first, others)) = rows.split_first() else {
        return false;
    };
    let any_address = |row: &Vec<String>| row.iter().any(|cell| looks_like_address(cell));
    if any_address(first) {
        return false;
    }
    others.iter().any(any_address)
        || first
            .iter()
            .any(|cell| ADDRESS_NAMES.contains(&plain(cell).as_str()))
}

/// One per column; none: left out.
pub fn meanings(names: &[String], rows: &[Vec<String>], header: bool) -> Vec<Option<PageColumn>> {
    let mut meanings = vec![None; names.len()];
    let plain_names: Vec<String> = names
        .iter()
        .map(|name| if header { plain(name) } else { String::new() })
        .collect();
    let address = address_column(&plain_names, rows);
    if let Some(place) = address.and_then(|column| meanings.get_mut(column)) {
        *place = Some(PageColumn::Address);
    }
    let free = |column: &usize| Some(*column) != address;
    let label = LABEL_NAMES
        .iter()
        .find_map(|wanted| plain_names.iter().position(|name| name == wanted))
        .filter(free)
        .or_else(|| {
            let pair = !header && names.len() == 2;
            pair.then(|| usize::from(address == Some(0)))
        });
    if let Some(place) = label.and_then(|column| meanings.get_mut(column)) {
        *place = Some(PageColumn::Label);
    }
    for (column, name) in plain_names.iter().enumerate() {
        let option = option_named(name).filter(|option| !meanings.contains(&Some(*option)));
        if meanings[column].is_none()
            && let Some(option) = option
            && mostly(rows, column, |cell| fits(option, cell))
        {
            meanings[column] = Some(option);
        }
    }
    meanings
}

/// With a scheme, or a host whose last part is a word.
pub fn looks_like_address(cell: &str) -> bool {
    let cell = cell.trim();
    let lower = cell.to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return true;
    }
    let host = cell.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let ends_in_word = host.rsplit_once('.').is_some_and(|(before, last)| {
        !before.is_empty() && last.len() >= 2 && last.chars().all(char::is_alphabetic)
    });
    ends_in_word && !cell.contains(char::is_whitespace) && read_address(cell, &[]).is_ok()
}

/// The one with the most addresses; of two the one that is named so, then the first.
fn address_column(names: &[String], rows: &[Vec<String>]) -> Option<usize> {
    let score = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let addresses = cells.filter(|cell| looks_like_address(cell)).count();
        let named = ADDRESS_NAMES.iter().position(|name| *name == names[column]);
        let name_score = named.map_or(0, |place| ADDRESS_NAMES.len() - place);
        (addresses * 10 / rows.len().max(1), name_score)
    };
    let best = (0..names.len())
        .rev()
        .max_by_key(|column| score(*column))
        .filter(|column| score(*column) > (0, 0));
    best.or((!names.is_empty()).then_some(0))
}

fn option_named(name: &str) -> Option<PageColumn> {
    Some(match name {
        "browser" | "real browser" | "use browser" | "render" | "javascript" => PageColumn::Browser,
        "location" | "country" | "proxy" | "use proxy" | "geo" | "land" | "pais" => {
            PageColumn::Location
        }
        "language" | "lang" | "locale" | "idioma" | "sprache" => PageColumn::Language,
        "format" => PageColumn::Format,
        "screenshot" => PageColumn::Screenshot,
        "window size" | "window" | "device" | "viewport" => PageColumn::WindowSize,
        "retry on block" | "retry" => PageColumn::RetryOnBlock,
        _ => return None,
    })
}

fn mostly(rows: &[Vec<String>], column: usize, is: impl Fn(&str) -> bool) -> bool {
    let cells = rows.iter().filter_map(|row| row.get(column));
    let filled: Vec<&String> = cells.filter(|cell| !cell.trim().is_empty()).collect();
    let right = filled.iter().filter(|cell| is(cell)).count();
    !filled.is_empty() && right * 10 >= filled.len() * 8
}

/// `Product_URL` and `dirección` as the lists above have them.
fn plain(name: &str) -> String {
    let letters = name.trim().to_lowercase().replace(['_', '-', '.'], " ");
    let letters: String = letters
        .chars()
        .map(|letter| match letter {
            'á' => 'a',
            'é' => 'e',
            'í' => 'i',
            'ó' => 'o',
            'ú' => 'u',
            other => other,
        })
        .collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Too long for a label is too long for a name.
pub fn column_name(cell: Option<&String>, column: usize) -> String {
    match cell.map(|cell| cell.trim()) {
        Some(name) if !name.is_empty() => name.chars().take(reading::LONGEST_LABEL).collect(),
        Some(_) | None => format!("Column {}", column + 1),
    }
}
