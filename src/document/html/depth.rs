//! The guard before the parser.
//!
//! **In:** HTML of any kind. **Out:** the same HTML, with the tags left out that would nest
//! too deeply. **Not here:** what the tags mean.
//!
//! html5ever's time is quadratic in nesting depth, so [`cap_depth`] flattens what is
//! too deep before the parser sees it.

use std::borrow::Cow;

/// What of an element's name matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Never holds others (HTML, section 13.1.2, "void elements").
    Void,
    /// Holds no markup.
    Raw,
    /// Is closed by the next of its name, which keeps old pages shallow.
    Implied,
    Other,
}

/// A tag's name.
#[derive(Debug, Clone, Copy)]
struct Name<'h> {
    /// Its first eight letters, in lower case.
    head: u64,
    rest: &'h [u8],
    length: usize,
}

impl<'h> Name<'h> {
    /// The name that begins here; it may have no letter.
    fn of(bytes: &'h [u8]) -> Self {
        let (mut head, mut length) = (0, 0);
        while let Some(byte) = bytes.get(length) {
            if !byte.is_ascii_alphanumeric() && *byte != b'-' {
                break;
            }
            if length < 8 {
                head = head << 8 | u64::from(byte.to_ascii_lowercase());
            }
            length += 1;
        }
        Self {
            head,
            rest: bytes.get(8..length).unwrap_or(&[]),
            length,
        }
    }

    fn kind(self) -> Kind {
        const VOID: [u64; 14] = all([
            "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
            "track", "wbr", "param",
        ]);
        const RAW: [u64; 7] = all([
            "script", "style", "textarea", "title", "xmp", "iframe", "noembed",
        ]);
        const IMPLIED: [u64; 7] = all(["p", "li", "td", "tr", "dt", "dd", "option"]);
        if !self.rest.is_empty() {
            Kind::Other
        } else if IMPLIED.contains(&self.head) {
            Kind::Implied
        } else if VOID.contains(&self.head) {
            Kind::Void
        } else if RAW.contains(&self.head) {
            Kind::Raw
        } else {
            Kind::Other
        }
    }

    fn is(self, other: Self) -> bool {
        self.head == other.head && self.rest.eq_ignore_ascii_case(other.rest)
    }
}

/// Up to eight letters, digits and hyphens, in lower case.
const fn packed(letters: &[u8]) -> u64 {
    let (mut packed, mut at) = (0, 0);
    while at < letters.len() {
        packed = packed << 8 | letters[at].to_ascii_lowercase() as u64;
        at += 1;
    }
    packed
}

const fn all<const N: usize>(names: [&str; N]) -> [u64; N] {
    let mut all = [0; N];
    let mut at = 0;
    while at < N {
        all[at] = packed(names[at].as_bytes());
        at += 1;
    }
    all
}

/// Drops the tags of elements that are nested deeper than `max_depth`; their text stays.
#[must_use]
pub fn cap_depth(html: &str, max_depth: usize) -> Cow<'_, str> {
    // Counts without matching names: a closing tag closes something or nothing, and both
    // bound the depth that the parser can reach. Implied closings only lower the real depth.
    let bytes = html.as_bytes();
    let mut kept = String::new();
    let mut copied = 0;
    let mut depth = 0_usize;
    let mut dropped: Vec<Name<'_>> = Vec::new();
    let mut open: Vec<Name<'_>> = Vec::new();
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
        let name = Name::of(&bytes[name_start..]);
        let name_end = name_start + name.length;
        if name.length == 0 || !bytes[name_start].is_ascii_alphabetic() {
            at = start + 1;
            continue;
        }
        let kind = name.kind();
        let end = tag_end(html, name_end);
        at = end;
        if kind == Kind::Void {
            continue;
        }
        if !closing && kind == Kind::Raw {
            at = end_of_raw(html, end, &html[name_start..name_end]);
            continue;
        }
        if closing {
            if dropped.last().is_some_and(|tag| tag.is(name)) {
                dropped.pop();
                kept.push_str(&html[copied..start]);
                copied = end;
            } else if let Some(index) = open.iter().rev().take(64).position(|tag| tag.is(name)) {
                open.truncate(open.len() - 1 - index);
                depth = open.len();
            }
        } else if depth >= max_depth {
            dropped.push(name);
            kept.push_str(&html[copied..start]);
            copied = end;
        } else {
            if kind == Kind::Implied && open.last().is_some_and(|tag| tag.is(name)) {
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
fn tag_end(html: &str, from: usize) -> usize {
    let bytes = html.as_bytes();
    let mut at = from;
    while let Some(next) = bytes[at..]
        .iter()
        .position(|byte| matches!(byte, b'>' | b'='))
    {
        at += next + 1;
        if bytes[at - 1] == b'>' {
            return at;
        }
        at += bytes[at..]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        if let Some(quote @ (b'"' | b'\'')) = bytes.get(at) {
            at += 1;
            match html[at..].find(char::from(*quote)) {
                Some(length) => at += length + 1,
                None => break,
            }
        }
    }
    bytes.len()
}

/// Where the closing tag of a raw element begins.
fn end_of_raw(html: &str, from: usize, name: &str) -> usize {
    let bytes = html.as_bytes();
    let mut at = from;
    while let Some(next) = html[at..].find('<') {
        at += next + 1;
        if bytes.get(at) != Some(&b'/') {
            continue;
        }
        at += 1;
        let found = bytes.get(at..at + name.len());
        if found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes())) {
            return at + name.len();
        }
    }
    html.len()
}
