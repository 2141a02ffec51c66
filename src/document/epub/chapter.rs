//! One chapter of a book, as a part of one page.
//!
//! **In:** XHTML. **Out:** HTML with ids and links that are the book's and not the
//! chapter's. **Not here:** what any of it means.

use crate::document::package::{folder, resolve};
use crate::document::xml::{Element, Piece, Pieces};
use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;

/// Elements that hold nothing (HTML, 13.1.2).
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// Attributes that say what text is; looks and scripts are left behind.
const KEPT: &[&str] = &[
    "role",
    "lang",
    "class",
    "cite",
    "datetime",
    "hidden",
    "title",
    "epub:type",
    "colspan",
    "rowspan",
    "start",
    "value",
    "style",
    "rel",
];

/// A name as it is, without `%20`.
pub(super) fn decoded(name: &str) -> String {
    percent_decode_str(name).decode_utf8_lossy().into_owned()
}

/// Writes a chapter; `false` when it is not well-formed, and was taken as it stands.
pub(super) fn write(
    text: &str,
    name: &str,
    number: usize,
    numbers: &BTreeMap<String, usize>,
    page: &mut String,
) -> bool {
    let start = page.len();
    page.push_str(&format!("<section id=\"c{number}\">"));
    let whole = write_body(text, name, number, numbers, page);
    if !whole {
        // A reader of HTML makes more of broken markup than one of XML.
        page.truncate(start);
        page.push_str(&format!("<section id=\"c{number}\">"));
        page.push_str(body_of(text));
    }
    page.push_str("</section>");
    whole
}

/// What stands between the tags of the body.
fn body_of(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let start = lower
        .find("<body")
        .and_then(|at| Some(at + lower.get(at..)?.find('>')? + 1))
        .unwrap_or(0);
    let end = lower.rfind("</body").filter(|end| *end >= start);
    text.get(start..end.unwrap_or(text.len())).unwrap_or("")
}

fn write_body(
    text: &str,
    name: &str,
    number: usize,
    numbers: &BTreeMap<String, usize>,
    page: &mut String,
) -> bool {
    let mut pieces = Pieces::new(text);
    // What is to be written when each open element ends.
    let mut ends: Vec<String> = Vec::new();
    let mut in_body = false;
    loop {
        match pieces.next() {
            Piece::Open(element) => {
                let tag = match element.name() {
                    "html" | "body" => {
                        in_body |= element.name() == "body";
                        ends.push(String::new());
                        continue;
                    }
                    "head" | "script" | "style" | "svg" | "template" | "object" | "iframe" => {
                        pieces.skip();
                        continue;
                    }
                    // A page has one of each; a chapter's is a part like any other.
                    "main" | "article" => "div",
                    tag => tag,
                };
                if !tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
                    ends.push(String::new());
                    continue;
                }
                page.push('<');
                page.push_str(tag);
                let is_note = attributes(&element, name, number, numbers, page);
                page.push('>');
                ends.push(if VOID.contains(&tag) {
                    String::new()
                } else if is_note {
                    // The way back tells the reader of HTML what this is.
                    format!("<a href=\"#c{number}\" role=\"doc-backlink\">↩</a></{tag}>")
                } else {
                    format!("</{tag}>")
                });
            }
            Piece::Close => page.push_str(&ends.pop().unwrap_or_default()),
            Piece::Text(text) if in_body => escape(&text, page),
            Piece::Entity(entity) if in_body => {
                if entity.bytes().all(|b| b.is_ascii_alphanumeric()) {
                    page.push('&');
                    page.push_str(&entity);
                    page.push(';');
                }
            }
            Piece::Text(_) | Piece::Entity(_) => {}
            Piece::End(whole) => {
                while let Some(end) = ends.pop() {
                    page.push_str(&end);
                }
                return whole && in_body;
            }
        }
    }
}

/// Writes the attributes that are kept; whether the element says that it is a note.
fn attributes(
    element: &Element<'_>,
    name: &str,
    number: usize,
    numbers: &BTreeMap<String, usize>,
    page: &mut String,
) -> bool {
    let (mut is_note, mut has_role) = (false, false);
    for (key, value) in element.attributes() {
        let value = match key.as_str() {
            "id" | "xml:id" => format!("c{number}-{value}"),
            "name" if element.name() == "a" => format!("c{number}-{value}"),
            "href" => link(&value, name, numbers),
            key if KEPT.contains(&key) => value,
            _ => continue,
        };
        if matches!(key.as_str(), "epub:type" | "role") {
            has_role |= key == "role";
            is_note |= value.split_whitespace().any(|kind| {
                matches!(
                    kind,
                    "footnote" | "endnote" | "rearnote" | "doc-footnote" | "doc-endnote"
                )
            });
        }
        page.push(' ');
        page.push_str(if key == "xml:id" { "id" } else { &key });
        page.push_str("=\"");
        escape(&value, page);
        page.push('"');
    }
    if is_note && !has_role {
        page.push_str(" role=\"doc-footnote\"");
    }
    is_note
}

/// A link out of the book as it is; one within it as a place of the page.
fn link(href: &str, name: &str, numbers: &BTreeMap<String, usize>) -> String {
    let href = href.trim();
    let scheme = href.find(':').filter(|colon| {
        let before = href.get(..*colon).unwrap_or("");
        !before.is_empty() && !before.contains(['/', '#', '?'])
    });
    if scheme.is_some() || href.starts_with("//") {
        return href.to_owned();
    }
    let (path, place) = href.split_once('#').unwrap_or((href, ""));
    let target = if path.is_empty() {
        name.to_owned()
    } else {
        resolve(folder(name), &decoded(path))
    };
    match numbers.get(&target.to_lowercase()) {
        Some(number) if place.is_empty() => format!("#c{number}"),
        Some(number) => format!("#c{number}-{}", decoded(place)),
        None => "#".to_owned(),
    }
}

fn escape(text: &str, page: &mut String) {
    for c in text.chars() {
        match c {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            c => page.push(c),
        }
    }
}
