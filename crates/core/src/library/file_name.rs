//! Names for saved files, safe on Windows, macOS and Linux whatever a page calls itself.

use url::Url;

/// Bytes, extension and number included. Every file system in use allows 255.
const LONGEST: usize = 150;
/// Kept free for " (999)" when the name is taken.
const ROOM_FOR_NUMBER: usize = 8;
const DEVICES: [&str; 9] = [
    "con", "prn", "aux", "nul", "conin$", "conout$", "clock$", "com", "lpt",
];

/// `site title date.extension`, such as `nordlys.example Tents 2026-11-24.png`.
pub fn file_name(site: &str, title: &str, date: &str, extension: &str) -> String {
    let extension = clean_extension(extension);
    let about = short_title(title, site);
    let wanted = [site, about, date]
        .map(clean)
        .into_iter()
        .filter(|part| !part.is_empty());
    let date = clean(date);
    let room = LONGEST - ROOM_FOR_NUMBER - extension.len() - 1 - date.len() - 1;
    let mut stem = wanted
        .filter(|part| *part != date)
        .collect::<Vec<_>>()
        .join(" ");
    if is_device(&stem) {
        stem.insert_str(0, "page ");
    }
    cut(&mut stem, room);
    if stem.is_empty() {
        stem.push_str("page");
    }
    if !date.is_empty() {
        stem = format!("{stem} {date}");
    }
    format!("{stem}.{extension}")
}

/// A text that a person put together, as a name to which [`with_extension`] and a number fit.
pub fn safe_stem(text: &str) -> String {
    let mut stem = clean(text);
    cut(&mut stem, LONGEST - 2 * ROOM_FOR_NUMBER);
    if stem.is_empty() {
        stem.push_str("page");
    }
    if is_device(&stem) {
        stem.insert_str(0, "page ");
    }
    stem
}

/// `stem.png`, whatever the extension holds.
pub fn with_extension(stem: &str, extension: &str) -> String {
    format!("{stem}.{}", clean_extension(extension))
}

/// `name (2).png` and so on.
pub fn numbered(file_name: &str, number: u32) -> String {
    match file_name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem} ({number}).{extension}"),
        None => format!("{file_name} ({number})"),
    }
}

/// What the bytes say, then the MIME type, then the address.
pub fn extension(bytes: &[u8], content_type: &str, address: &str) -> String {
    let mime = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    infer::get(bytes)
        .map(|kind| kind.extension().to_owned())
        .or_else(|| usual_extension(&mime).map(str::to_owned))
        .or_else(|| from_address(address))
        .unwrap_or_else(|| "bin".into())
}

/// What a person calls such a file, for the dialog's filter.
pub fn kind_of(extension: &str) -> String {
    let upper = extension.to_uppercase();
    let known = match extension {
        "html" => "Web page",
        "md" => "Markdown text",
        "csv" => "CSV table",
        "xlsx" => "Excel workbook",
        "json" | "jsonl" => "JSON data",
        "png" | "jpg" | "gif" | "webp" | "avif" | "bmp" | "svg" | "ico" | "tif" => "picture",
        "pdf" => "PDF document",
        "zip" | "gz" | "7z" | "rar" | "tar" => "archive",
        _ => "file",
    };
    if known.starts_with(char::is_uppercase) {
        return known.into();
    }
    format!("{upper} {known}")
}

/// MIME type of a file: what its bytes say, then the server, then the address.
pub fn file_kind(bytes: &[u8], said: &str, address: &str) -> String {
    let said = said
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let vague =
        said.is_empty() || said == "application/octet-stream" || said == "binary/octet-stream";
    let path = Url::parse(address)
        .map(|url| url.path().to_owned())
        .unwrap_or_default();
    infer::get(bytes)
        .map(|kind| kind.mime_type().to_owned())
        .or_else(|| (!vague).then_some(said))
        .or_else(|| mime_guess::from_path(path).first_raw().map(str::to_owned))
        .unwrap_or_else(|| "application/octet-stream".into())
}

/// True for characters that hide, turn or break a line of text.
pub fn is_treacherous(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// What stands before the site's own name: "Tents" of "Tents · Nordlys Outfitters".
fn short_title<'a>(title: &'a str, site: &str) -> &'a str {
    let end = [" | ", " · ", " – ", " — ", " - "]
        .iter()
        .filter_map(|separator| title.find(separator))
        .min();
    let short = end.map_or(title, |end| &title[..end]);
    if short.contains(site) { "" } else { short }
}

fn clean(text: &str) -> String {
    let spaced: String = text
        .chars()
        .filter(|character| character.is_whitespace() || !is_treacherous(*character))
        .map(|character| match character {
            '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => ' ',
            other => other,
        })
        .collect();
    let joined = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    joined.trim_matches(['.', ' ', '-', '~']).to_owned()
}

fn clean_extension(extension: &str) -> String {
    let ends: String = extension
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(10)
        .collect::<String>()
        .to_ascii_lowercase();
    if ends.is_empty() { "bin".into() } else { ends }
}

fn cut(stem: &mut String, room: usize) {
    while stem.len() > room {
        stem.pop();
    }
    stem.truncate(stem.trim_end_matches(['.', ' ', '-', '~']).len());
}

fn is_device(stem: &str) -> bool {
    let base = stem
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_lowercase();
    let without_number =
        base.strip_suffix(|last: char| last.is_ascii_digit() || "¹²³".contains(last));
    DEVICES.contains(&base.as_str())
        || without_number.is_some_and(|name| name == "com" || name == "lpt")
}

fn usual_extension(mime: &str) -> Option<&'static str> {
    let usual = match mime {
        "" | "application/octet-stream" | "binary/octet-stream" => return None,
        "image/jpeg" => "jpg",
        "image/tiff" => "tif",
        "text/plain" => "txt",
        "text/html" | "application/xhtml+xml" => "html",
        "text/markdown" => "md",
        "application/json" => "json",
        "text/xml" | "application/xml" => "xml",
        "audio/mpeg" => "mp3",
        "video/mp4" => "mp4",
        "application/vnd.ms-excel" => "xls",
        "application/msword" => "doc",
        other => return mime_guess::get_mime_extensions_str(other)?.first().copied(),
    };
    Some(usual)
}

fn from_address(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let (stem, ends) = url.path_segments()?.next_back()?.rsplit_once('.')?;
    let fits = !stem.is_empty()
        && (1..=5).contains(&ends.len())
        && ends.chars().all(|c| c.is_ascii_alphanumeric());
    fits.then(|| ends.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::path::{Component, Path};

    use proptest::prelude::*;
    use proptest::strategy::ValueTree as _;

    use super::*;

    fn hostile() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "..",
            "/",
            "\\",
            ":",
            "\0",
            "\n",
            "\u{202e}",
            "\u{200b}",
            "CON",
            "nul",
            "LPT1",
            "com²",
            ".",
            " ",
            "-",
            "~",
            "$HOME",
            "%00",
            "é",
            "💥",
            "Tents",
            "*?",
            "\"<>|",
            ".exe",
            "｡",
            "．．／",
        ]);
        prop_oneof![
            prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat()),
            any::<String>(),
            "\\PC{0,300}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_page_gives_a_name_that_all_systems_take(site in hostile(), title in hostile(), ends in hostile()) {
            let name = file_name(&site, &title, "2026-11-24", &ends);
            let parts: Vec<_> = Path::new(&name).components().collect();
            prop_assert!(matches!(parts.as_slice(), [Component::Normal(one)] if *one == name.as_str()), "{name:?} is one name");
            prop_assert!(name.len() <= LONGEST - ROOM_FOR_NUMBER, "{} bytes", name.len());
            prop_assert!(!name.contains(['<', '>', ':', '"', '/', '\\', '|', '?', '*']), "{name:?}");
            prop_assert!(!name.chars().any(is_treacherous), "{name:?}");
            prop_assert!(!name.starts_with(['.', ' ', '-', '~']) && !name.ends_with(['.', ' ']), "{name:?}");
            prop_assert!(!is_device(&name), "{name:?} is a device on Windows");
            let (stem, extension) = name.rsplit_once('.').expect("every name has an extension");
            prop_assert!(!stem.is_empty() && !extension.is_empty());
        }
    }

    #[test]
    fn generated_names_make_files_in_their_folder_only() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let mut made = 0;
        for _ in 0..1_000 {
            let title = hostile().new_tree(&mut runner).expect("a title").current();
            let mut path = folder
                .path()
                .join(file_name("a.example", &title, "", "html"));
            let mut number = 2;
            while File::create_new(&path).is_err() {
                assert!(path.exists(), "{path:?} could not be made");
                path = folder.path().join(numbered(
                    &file_name("a.example", &title, "", "html"),
                    number,
                ));
                number += 1;
            }
            made += 1;
        }
        let found = std::fs::read_dir(folder.path())
            .expect("the folder")
            .count();
        assert_eq!(
            found, made,
            "every file is in the folder, and none replaced another"
        );
    }

    #[test]
    fn ordinary_pages_have_readable_names() {
        for (site, title, extension, name) in [
            (
                "nordlys.example",
                "Tents · Nordlys Outfitters",
                "png",
                "nordlys.example Tents 2026-11-24.png",
            ),
            (
                "nordlys.example",
                "nordlys.example/tents",
                "html",
                "nordlys.example 2026-11-24.html",
            ),
            ("", "", "", "page 2026-11-24.bin"),
            ("con", "", "csv", "page con 2026-11-24.csv"),
            (
                "con.example",
                "x",
                "csv",
                "page con.example x 2026-11-24.csv",
            ),
            (
                "a.example",
                "What? 50/50: \"yes\"",
                "md",
                "a.example What 50 50 yes 2026-11-24.md",
            ),
        ] {
            assert_eq!(file_name(site, title, "2026-11-24", extension), name);
        }
    }
}
