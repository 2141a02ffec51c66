//! Which brackets of wikitext belong together.
//!
//! **In:** characters. **Out:** for each `{{`, `[[` and `<ref>` where its partner
//! stands, and the ranges in which markup means nothing. **Not here:** what they
//! mean. One pass, linear whatever is left open.

use std::collections::{BTreeMap, BTreeSet};

/// A range in which markup means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opaque {
    pub(super) kind: OpaqueKind,
    /// Its content.
    pub(super) start: usize,
    pub(super) end: usize,
    /// One past its closing tag.
    pub(super) after: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OpaqueKind {
    Comment,
    NoWiki,
    Code,
    Math,
    /// Nothing that is read: styles, scripts, scores.
    Other,
}

/// Tags whose content is no wikitext.
const OPAQUE: &[(&str, OpaqueKind)] = &[
    ("nowiki", OpaqueKind::NoWiki),
    ("pre", OpaqueKind::Code),
    ("syntaxhighlight", OpaqueKind::Code),
    ("source", OpaqueKind::Code),
    ("math", OpaqueKind::Math),
    ("score", OpaqueKind::Other),
    ("timeline", OpaqueKind::Other),
    ("templatestyles", OpaqueKind::Other),
    ("templatedata", OpaqueKind::Other),
    ("graph", OpaqueKind::Other),
];

#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// From the offset of `{{` or `[[` to that of its partner.
    closers: BTreeMap<usize, usize>,
    opaque: BTreeMap<usize, Opaque>,
    /// From the offset of `<ref` to content and end.
    refs: BTreeMap<usize, (usize, usize, usize)>,
}

impl Pairs {
    pub(super) fn closer(&self, open: usize) -> Option<usize> {
        self.closers.get(&open).copied()
    }

    pub(super) fn opaque(&self, at: usize) -> Option<Opaque> {
        self.opaque.get(&at).copied()
    }

    /// Start and end of a note's content, and one past its closing tag.
    pub(super) fn note(&self, at: usize) -> Option<(usize, usize, usize)> {
        self.refs.get(&at).copied()
    }

    /// The end of what opens here, if it is a bracket, a note or an opaque range.
    pub(super) fn end_of(&self, at: usize) -> Option<usize> {
        self.closer(at)
            .map(|close| close + 2)
            .or_else(|| self.opaque(at).map(|opaque| opaque.after))
            .or_else(|| self.note(at).map(|note| note.2))
    }

    pub(super) fn of(source: &str) -> Self {
        let bytes = source.as_bytes();
        let lower = source.to_ascii_lowercase();
        let mut pairs = Self::default();
        let mut open: Vec<(usize, u8)> = Vec::new();
        let mut note: Option<(usize, usize)> = None;
        let mut unclosed = BTreeSet::new();
        let mut at = 0;
        while at < bytes.len() {
            let pair = bytes.get(at + 1) == Some(&bytes[at]);
            match bytes[at] {
                b'{' | b'[' if pair => {
                    open.push((at, bytes[at]));
                    at += 2;
                }
                b'}' | b']' if pair => {
                    let wanted = if bytes[at] == b'}' { b'{' } else { b'[' };
                    // A template's end closes the links that were left open in it.
                    while wanted == b'{' && open.last().is_some_and(|(_, kind)| *kind == b'[') {
                        open.pop();
                    }
                    if let Some((start, _)) = open.pop_if(|(_, kind)| *kind == wanted) {
                        pairs.closers.insert(start, at);
                    }
                    at += 2;
                }
                b'<' => {
                    if let Some(opaque) = opaque_at(&lower, at, &mut unclosed) {
                        pairs.opaque.insert(at, opaque);
                        at = opaque.after;
                        continue;
                    }
                    let rest = &lower[at..];
                    if rest.starts_with("</ref")
                        && let Some(length) = rest.bytes().take(12).position(|b| b == b'>')
                    {
                        if let Some((start, content)) = note.take() {
                            pairs.refs.insert(start, (content, at, at + length + 1));
                        }
                    } else if is_tag(rest, "ref")
                        && let Some(end) = tag_end(rest)
                        && !rest[..end].ends_with("/>")
                    {
                        note = Some((at, at + end));
                        at += end;
                        continue;
                    }
                    at += 1;
                }
                _ => at += 1,
            }
        }
        pairs
    }
}

/// Whether a tag of this name opens here.
pub(super) fn is_tag(rest: &str, name: &str) -> bool {
    rest.strip_prefix('<')
        .and_then(|rest| rest.strip_prefix(name))
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/')))
}

/// One past the `>` of a tag; a tag is one short line.
pub(super) fn tag_end(rest: &str) -> Option<usize> {
    let end = rest
        .bytes()
        .take(1000)
        .skip(1)
        .position(|b| matches!(b, b'>' | b'<'))?;
    (rest.as_bytes()[end + 1] == b'>').then_some(end + 2)
}

fn opaque_at<'a>(lower: &'a str, at: usize, unclosed: &mut BTreeSet<&'a str>) -> Option<Opaque> {
    let rest = &lower[at..];
    if rest.starts_with("<!--") {
        let content = at + 4;
        let closed = if unclosed.contains("<!--") {
            None
        } else {
            lower[content..].find("-->")
        };
        // What is never closed runs to the end of the page, as MediaWiki has it.
        let end = closed.map_or(lower.len(), |length| content + length);
        return Some(Opaque {
            kind: OpaqueKind::Comment,
            start: content,
            end,
            after: (end + 3).min(lower.len()),
        });
    }
    let (name, kind) = OPAQUE.iter().find(|(name, _)| is_tag(rest, name))?;
    let start = tag_end(rest)?;
    if rest[..start].ends_with("/>") {
        return Some(Opaque {
            kind: OpaqueKind::Other,
            start: at + start,
            end: at + start,
            after: at + start,
        });
    }
    if unclosed.contains(name) {
        return None;
    }
    let closing = format!("</{name}>");
    let Some(length) = rest[start..].find(&closing) else {
        unclosed.insert(name);
        return None;
    };
    Some(Opaque {
        kind: *kind,
        start: at + start,
        end: at + start + length,
        after: at + start + length + closing.len(),
    })
}

/// The value of an attribute in a tag, quotation marks taken off.
pub(super) fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let mut from = 0;
    while let Some(found) = lower.get(from..)?.find(name) {
        let at = from + found;
        let before = lower.as_bytes().get(at.checked_sub(1)?)?;
        let after = tag[at + name.len()..].trim_start();
        from = at + name.len();
        let is_whole = before.is_ascii_whitespace() || matches!(before, b'"' | b'\'');
        let Some(value) = after.strip_prefix('=').filter(|_| is_whole) else {
            continue;
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = match quote {
            Some(quote) => value[1..].split(quote).next(),
            None => value
                .split(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
                .next(),
        };
        return value.map(|value| value.trim().to_owned());
    }
    None
}

/// Character references, as HTML has them.
pub(super) fn entity(rest: &str) -> Option<(char, usize)> {
    let end = rest.bytes().take(12).position(|b| b == b';')?;
    let name = rest.get(1..end)?;
    let found = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        char::from_u32(code).filter(|c| !c.is_control() || c.is_whitespace())?
    } else {
        match name {
            "nbsp" | "thinsp" | "ensp" | "emsp" => ' ',
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "ndash" => '–',
            "mdash" => '—',
            "hellip" => '…',
            "minus" => '−',
            "times" => '×',
            "deg" => '°',
            "middot" => '·',
            "bull" => '•',
            "laquo" => '«',
            "raquo" => '»',
            "ldquo" => '“',
            "rdquo" => '”',
            "bdquo" => '„',
            "lsquo" => '‘',
            "rsquo" => '’',
            "euro" => '€',
            "pound" => '£',
            "sect" => '§',
            "copy" => '©',
            "shy" => '\u{ad}',
            "auml" => 'ä',
            "ouml" => 'ö',
            "uuml" => 'ü',
            "szlig" => 'ß',
            "eacute" => 'é',
            "egrave" => 'è',
            _ => return None,
        }
    };
    Some((if found == '\u{a0}' { ' ' } else { found }, end + 1))
}
