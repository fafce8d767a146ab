//! Whether an answer is a page or a file.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// HTML, or text that the browser shows.
    Page,
    File,
    /// No type was sent: its bytes must tell.
    Unknown,
}

pub fn shape_of(content_type: Option<&str>, disposition: Option<&str>) -> Shape {
    if disposition.is_some_and(|sent| sent.trim().to_lowercase().starts_with("attachment")) {
        return Shape::File;
    }
    match content_type.map(essence).as_deref() {
        None | Some("") => Shape::Unknown,
        Some(mime) if is_text(mime) || mime.starts_with("multipart/") => Shape::Page,
        Some(_) => Shape::File,
    }
}

/// Whether the browser's own document of it is the page; of other text it would be a viewer's.
pub fn is_html(content_type: &str) -> bool {
    matches!(
        essence(content_type).as_str(),
        "text/html" | "application/xhtml+xml"
    )
}

pub fn is_text(content_type: &str) -> bool {
    const TEXTS: [&str; 8] = [
        "application/json",
        "application/xml",
        "application/javascript",
        "application/x-javascript",
        "application/ecmascript",
        "application/x-ndjson",
        "application/yaml",
        "application/x-www-form-urlencoded",
    ];
    let mime = essence(content_type);
    mime.starts_with("text/")
        || mime.ends_with("+json")
        || mime.ends_with("+xml")
        || TEXTS.contains(&mime.as_str())
}

/// Without parameters.
fn essence(content_type: &str) -> String {
    let end = content_type.find(';').unwrap_or(content_type.len());
    content_type[..end].trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_pages() {
        for (mime, expected) in [
            (Some("text/html; charset=utf-8"), Shape::Page),
            (Some("Application/JSON"), Shape::Page),
            (Some("application/atom+xml"), Shape::Page),
            (Some("application/pdf"), Shape::File),
            (Some("image/png"), Shape::File),
            (Some("application/octet-stream"), Shape::File),
            (None, Shape::Unknown),
        ] {
            assert_eq!(shape_of(mime, None), expected, "{mime:?}");
        }
        let attached = shape_of(Some("text/csv"), Some("Attachment; filename=a.csv"));
        assert_eq!(attached, Shape::File, "an attachment is never shown");
    }
}
