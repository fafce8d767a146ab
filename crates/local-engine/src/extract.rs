//! Values of a page by CSS or XPath (contract §2.3). Both read one parsed tree: XPath gets a copy of it
//! in the form its library needs, built here because the tree builder made for that panics on some pages.

use scraper::node::Node as HtmlNode;
use scraper::{ElementRef, Html, Selector};
use scrapingpros::types::{Extract, ExtractRule};
use serde_json::{Map, Value};
use sxd_document::Package;
use sxd_document::dom::{Document, Element};
use sxd_xpath::nodeset::Node;
use sxd_xpath::{Context, Factory, Value as XValue, XPath};

use crate::page::PageError;

/// Elements whose text no reader sees.
const UNSEEN: [&str; 4] = ["script", "style", "noscript", "template"];

/// Text of these starts on a new line.
const BLOCKS: [&str; 26] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "p",
    "section",
    "table",
    "td",
    "tr",
];

/// Takes each field from the page. A single value that is not there is null, a list is empty.
pub fn extract(page: &Html, wanted: &Extract) -> Result<Map<String, Value>, PageError> {
    let fields = compile(wanted)?;
    let package = Package::new();
    if fields
        .iter()
        .any(|field| matches!(field.path, Path::XPath(_)))
    {
        copy_tree(page, package.as_document());
    }
    fields
        .into_iter()
        .map(|field| {
            let found = match &field.path {
                Path::Css(selector) => by_css(page, selector, &field.rule),
                Path::XPath(path) => by_xpath(package.as_document(), path, &field.rule)
                    .map_err(|message| invalid(&field.name, message))?,
            };
            Ok((field.name, shape(found, field.rule.multiple)))
        })
        .collect()
}

/// Whether every selector can be read; the error names the field.
pub fn check(wanted: &Extract) -> Result<(), PageError> {
    compile(wanted).map(drop)
}

/// Reads a selector of a browser step. The browser knows more CSS than the extraction does, such as
/// `:hover`, so a pseudo-class is left for it to judge.
pub fn check_step_selector(selector: &str) -> Result<(), String> {
    match parse(selector) {
        Err(_) if selector.starts_with("css:") && selector.matches(':').count() > 1 => Ok(()),
        parsed => parsed.map(drop),
    }
}

struct Field {
    name: String,
    rule: ExtractRule,
    path: Path,
}

enum Path {
    Css(Selector),
    XPath(Box<XPath>),
}

fn compile(wanted: &Extract) -> Result<Vec<Field>, PageError> {
    wanted
        .rules()
        .map(|(name, rule)| {
            let rule = rule.map_err(|_| {
                invalid(
                    name,
                    "is neither a selector nor {\"selector\", \"multiple\", \"attribute\"}".into(),
                )
            })?;
            let path = parse(&rule.selector).map_err(|message| invalid(name, message))?;
            Ok(Field {
                name: name.to_owned(),
                rule,
                path,
            })
        })
        .collect()
}

fn parse(selector: &str) -> Result<Path, String> {
    let selector = selector.trim();
    if let Some(css) = selector.strip_prefix("css:") {
        return Selector::parse(css)
            .map(Path::Css)
            .map_err(|error| format!("the CSS selector \"{css}\" can't be read: {error}"));
    }
    if let Some(xpath) = selector.strip_prefix("xpath:") {
        return Factory::new()
            .build(xpath)
            .ok()
            .flatten()
            .map(|path| Path::XPath(Box::new(path)))
            .ok_or_else(|| format!("the XPath \"{xpath}\" can't be read"));
    }
    Err(format!(
        "the selector \"{selector}\" must start with css: or xpath:"
    ))
}

fn invalid(field: &str, message: String) -> PageError {
    PageError::InvalidSelector {
        field: format!("extract.{field}"),
        message,
    }
}

fn shape(found: Vec<Value>, multiple: bool) -> Value {
    if multiple {
        return Value::Array(found);
    }
    found.into_iter().next().unwrap_or_default()
}

fn by_css(page: &Html, selector: &Selector, rule: &ExtractRule) -> Vec<Value> {
    let matches = page.select(selector);
    let values = matches.filter_map(|element| match &rule.attribute {
        Some(attribute) => element.attr(attribute).map(Value::from),
        None => Some(readable_text(element).into()),
    });
    let wanted = if rule.multiple { usize::MAX } else { 1 };
    values.take(wanted).collect()
}

/// What a reader sees: one space where the source has any white space or a block begins.
fn readable_text(element: ElementRef<'_>) -> String {
    use scraper::node::Node;
    let mut text = String::new();
    let mut unseen = 0_usize;
    for edge in element.traverse() {
        let (node, opens) = match edge {
            ego_tree::iter::Edge::Open(node) => (node, true),
            ego_tree::iter::Edge::Close(node) => (node, false),
        };
        match node.value() {
            Node::Text(piece) if opens && unseen == 0 => text.push_str(piece),
            Node::Element(tag) => {
                // The matched element itself is always wanted, a script included.
                if node.id() != element.id() && UNSEEN.contains(&tag.name()) {
                    unseen = if opens { unseen + 1 } else { unseen - 1 };
                }
                if BLOCKS.contains(&tag.name()) {
                    text.push(' ');
                }
            }
            Node::Document
            | Node::Fragment
            | Node::Doctype(_)
            | Node::Comment(_)
            | Node::Text(_)
            | Node::ProcessingInstruction(_) => {}
        }
    }
    collapse(&text)
}

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn by_xpath(
    document: Document<'_>,
    path: &XPath,
    rule: &ExtractRule,
) -> Result<Vec<Value>, String> {
    let context = Context::new();
    let found = path
        .evaluate(&context, document.root())
        .map_err(|error| format!("the XPath \"{}\" fails: {error}", rule.selector))?;
    Ok(match found {
        XValue::Nodeset(nodes) => nodes
            .document_order()
            .into_iter()
            .filter_map(|node| node_value(node, rule.attribute.as_deref()))
            .collect(),
        XValue::String(text) => vec![text.into()],
        XValue::Boolean(truth) => vec![truth.into()],
        XValue::Number(number) => vec![number.into()],
    })
}

fn node_value(node: Node<'_>, attribute: Option<&str>) -> Option<Value> {
    match (attribute, node) {
        (Some(name), Node::Element(element)) => element
            .attribute_value(name)
            .map(|value| Value::from(value.to_owned())),
        (Some(_), _) => None,
        (None, Node::Attribute(attribute)) => Some(attribute.value().into()),
        (None, node) => Some(collapse(&node.string_value()).into()),
    }
}

/// Copies elements, attributes and text, in document order.
fn copy_tree<'d>(page: &Html, document: Document<'d>) {
    let mut open: Vec<Element<'d>> = Vec::new();
    for edge in page.tree.root().traverse() {
        match edge {
            ego_tree::iter::Edge::Open(node) => match node.value() {
                HtmlNode::Element(tag) => {
                    let element = document.create_element(tag.name());
                    for (name, value) in tag.attrs() {
                        element.set_attribute_value(name, value);
                    }
                    match open.last() {
                        Some(parent) => parent.append_child(element),
                        None => document.root().append_child(element),
                    }
                    open.push(element);
                }
                HtmlNode::Text(text) => {
                    if let Some(parent) = open.last() {
                        parent.append_child(document.create_text(text));
                    }
                }
                HtmlNode::Document
                | HtmlNode::Fragment
                | HtmlNode::Doctype(_)
                | HtmlNode::Comment(_)
                | HtmlNode::ProcessingInstruction(_) => {}
            },
            ego_tree::iter::Edge::Close(node) => {
                if node.value().is_element() {
                    open.pop();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PAGE: &str = r#"<!doctype html><html><head><title> The  shop </title><style>h1{}</style></head><body>
        <h1>Blue <b>kettle</b>
        </h1><ul><li class="price">$1</li><li class="price">$2</li></ul>
        <div id=box><p>One</p><p>Two</p><script>var x</script></div>
        <a href="/a?x=1&amp;y=2">A</a><a>no link</a><a href="b.html">B</a><table><tr><td>x<td>y</table>
        <template><i>hidden</i></template></body></html>"#;

    fn take(rules: Value) -> Value {
        let wanted = Extract(rules.as_object().cloned().unwrap_or_default());
        Value::Object(
            extract(&Html::parse_document(PAGE), &wanted).expect("these selectors are right"),
        )
    }

    #[test]
    fn css_and_xpath_agree() {
        let found = take(json!({
            "css": "css:h1", "xpath": "xpath://h1",
            "all": {"selector": "css:.price", "multiple": true},
            "all_x": {"selector": "xpath://li[@class='price']", "multiple": true},
            "href": {"selector": "css:a[href]", "attribute": "href", "multiple": true},
            "href_x": {"selector": "xpath://a", "attribute": "href", "multiple": true},
            "at": {"selector": "xpath://a/@href", "multiple": true},
            "one_at": "xpath://a[2]/@href",
        }));
        assert_eq!(
            found["css"], "Blue kettle",
            "white space collapses to one space"
        );
        assert_eq!(found["css"], found["xpath"]);
        assert_eq!(found["all"], json!(["$1", "$2"]));
        assert_eq!(found["all"], found["all_x"]);
        assert_eq!(
            found["href"],
            json!(["/a?x=1&y=2", "b.html"]),
            "attributes come as written"
        );
        assert_eq!(found["href"], found["href_x"]);
        assert_eq!(found["href"], found["at"]);
        assert_eq!(found["one_at"], Value::Null, "the second link has no href");
    }

    #[test]
    fn xpath_functions_give_their_value() {
        let found = take(json!({
            "count": "xpath:count(//li)", "has": "xpath:boolean(//h1)",
            "title": "xpath:normalize-space(//title)", "text": "xpath://li[last()]/text()",
            "by_text": "xpath://li[contains(., '2')]",
        }));
        assert_eq!(
            found,
            json!({"count": 2.0, "has": true, "title": "The shop", "text": "$2", "by_text": "$2"})
        );
    }

    #[test]
    fn text_is_what_a_reader_sees() {
        let found = take(json!({"box": "css:#box", "row": "css:tr", "script": "css:#box script"}));
        assert_eq!(
            found["box"], "One Two",
            "blocks are kept apart and scripts left out"
        );
        assert_eq!(found["row"], "x y");
        assert_eq!(
            found["script"], "var x",
            "a script that was asked for is given"
        );
    }

    #[test]
    fn nothing_found_is_null_or_an_empty_list() {
        let found = take(
            json!({"one": "css:.none", "many": {"selector": "xpath://none", "multiple": true}}),
        );
        assert_eq!(found, json!({"one": null, "many": []}));
    }

    #[test]
    fn a_wrong_selector_names_its_field() {
        for wrong in ["css:..", "css:", "css:a[", "xpath://[", "xpath:", "h1", ""] {
            let wanted = Extract(
                json!({"fine": "css:a", "price": wrong})
                    .as_object()
                    .cloned()
                    .unwrap_or_default(),
            );
            let error = check(&wanted).expect_err(wrong);
            assert!(
                matches!(&error, PageError::InvalidSelector { field, .. } if field == "extract.price"),
                "{wrong:?} must name the field, not {error:?}"
            );
        }
        let unknown = Extract(
            json!({"f": "xpath:nonsense(//a)"})
                .as_object()
                .cloned()
                .unwrap_or_default(),
        );
        assert!(
            extract(&Html::parse_document(PAGE), &unknown).is_err(),
            "a function that does not exist is an error"
        );
    }

    #[test]
    fn step_selectors_leave_pseudo_classes_to_the_browser() {
        assert!(check_step_selector("css:input:checked").is_ok());
        assert!(check_step_selector("css:a[").is_err());
        assert!(check_step_selector("xpath://a[").is_err());
        assert!(check_step_selector("a").is_err());
    }

    #[test]
    fn a_very_deep_page_is_read() {
        let deep = format!("{}<b>end</b>", "<div>".repeat(4_000));
        let wanted = Extract(
            json!({"css": "css:b", "xpath": "xpath://b"})
                .as_object()
                .cloned()
                .unwrap_or_default(),
        );
        let found = extract(&Html::parse_document(&deep), &wanted).expect("depth is no error");
        assert_eq!(found["css"], "end");
        assert_eq!(found["xpath"], "end");
    }
}
