//! The guard before the parser.
//!
//! **In:** HTML of any kind. **Out:** the same HTML, with the tags left out that would nest
//! too deeply. **Not here:** what the tags mean.
//!
//! html5ever's time is quadratic in nesting depth, so [`cap_depth`] flattens what is
//! too deep before the parser sees it.

use std::borrow::Cow;

/// Elements that never hold others (HTML, section 13.1.2, "void elements").
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr", "param",
];

/// Elements whose content is not markup.
const RAW: &[&str] = &[
    "script", "style", "textarea", "title", "xmp", "iframe", "noembed",
];

/// Drops the tags of elements that are nested deeper than `max_depth`; their text stays.
#[must_use]
pub fn cap_depth(html: &str, max_depth: usize) -> Cow<'_, str> {
    // Counts without matching names: a closing tag closes something or nothing, and both
    // bound the depth that the parser can reach. Implied closings only lower the real depth.
    let bytes = html.as_bytes();
    let mut kept = String::new();
    let mut copied = 0;
    let mut depth = 0_usize;
    let mut dropped: Vec<&str> = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(next) = html[at..].find('<') {
        let start = at + next;
        if html[start..].starts_with("<!--") {
            at = html[start + 4..]
                .find("-->")
                .map_or(html.len(), |end| start + 4 + end + 3);
            continue;
        }
        let closing = bytes.get(start + 1) == Some(&b'/');
        let name_start = start + 1 + usize::from(closing);
        let name_len = bytes[name_start..]
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'-')
            .count();
        if name_len == 0 || !bytes[name_start].is_ascii_alphabetic() {
            at = start + 1;
            continue;
        }
        let name = &html[name_start..name_start + name_len];
        let end = tag_end(bytes, name_start + name_len);
        at = end;
        let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if is(VOID) {
            continue;
        }
        if !closing && is(RAW) {
            at = end_of_raw(html, end, name);
            continue;
        }
        if closing {
            if dropped
                .last()
                .is_some_and(|tag| tag.eq_ignore_ascii_case(name))
            {
                dropped.pop();
                kept.push_str(&html[copied..start]);
                copied = end;
            } else if let Some(index) = open
                .iter()
                .rev()
                .take(64)
                .position(|tag| tag.eq_ignore_ascii_case(name))
            {
                open.truncate(open.len() - 1 - index);
                depth = open.len();
            }
        } else if depth >= max_depth {
            dropped.push(name);
            kept.push_str(&html[copied..start]);
            copied = end;
        } else {
            // An open p or li is closed by the next one, which keeps old pages shallow.
            let implied = ["p", "li", "td", "tr", "dt", "dd", "option"];
            if is(&implied)
                && open
                    .last()
                    .is_some_and(|tag| tag.eq_ignore_ascii_case(name))
            {
                open.pop();
            }
            open.push(name);
            depth = open.len();
        }
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    kept.push_str(&html[copied..]);
    Cow::Owned(kept)
}

/// One past the `>` that ends a tag; quoted attribute values may hold `>`.
fn tag_end(bytes: &[u8], from: usize) -> usize {
    let mut quote = None;
    let mut after_equals = false;
    for (offset, byte) in bytes[from..].iter().enumerate() {
        match (quote, *byte) {
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if after_equals => quote = Some(*byte),
            (None, b'>') => return from + offset + 1,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            after_equals = *byte == b'=';
        }
    }
    bytes.len()
}

/// Where the closing tag of a raw element begins.
fn end_of_raw(html: &str, from: usize, name: &str) -> usize {
    let mut at = from;
    while let Some(next) = html[at..].find("</") {
        let start = at + next;
        let found = html.as_bytes().get(start + 2..start + 2 + name.len());
        if found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes())) {
            return start + 2 + name.len();
        }
        at = start + 2;
    }
    html.len()
}
