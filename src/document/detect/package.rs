//! What a ZIP package is, by its members.
//!
//! **In:** the bytes. **Out:** the kind of document. **Not here:** unpacking. Only
//! names are read, from the list at the end of the file, or, where a file was cut
//! off and has no list, from the headers of its members.

use super::Kind;
use crate::document::DocumentError;

/// Members whose names are looked at; a document has its main ones among the first.
const MAX_MEMBERS: usize = 20_000;

/// Media types that a first member `mimetype` may name (OpenDocument 1.3, part 2, 3.3;
/// EPUB 3.3, 4.2.6.3), longer ones before those that they begin with.
const MIMETYPES: &[(&[u8], Result<Kind, &str>)] = &[
    (b"application/epub+zip", Ok(Kind::Epub)),
    (b"application/vnd.oasis.opendocument.text", Ok(Kind::Odt)),
    (
        b"application/vnd.oasis.opendocument.spreadsheet",
        Err("an OpenDocument spreadsheet"),
    ),
    (
        b"application/vnd.oasis.opendocument.presentation",
        Err("an OpenDocument presentation"),
    ),
    (
        b"application/vnd.oasis.opendocument",
        Err("an OpenDocument file without text"),
    ),
];

pub(super) fn is_package(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// What the package is; `said` decides where its members do not.
pub(super) fn kind(bytes: &[u8], said: Option<Kind>) -> Result<Kind, DocumentError> {
    let unsupported = |what: &str| {
        Err(DocumentError::Unsupported {
            what: what.to_owned(),
        })
    };
    let mimetype = mimetype(bytes);
    if let Some((_, kind)) = MIMETYPES
        .iter()
        .find(|(media_type, _)| mimetype.starts_with(media_type))
    {
        return kind.or_else(unsupported);
    }
    let names = members(bytes);
    let has = |wanted: &[u8]| names.iter().any(|name| name.starts_with(wanted));
    if has(b"word/") {
        return Ok(Kind::Docx);
    }
    if has(b"META-INF/container.xml") {
        return Ok(Kind::Epub);
    }
    if has(b"xl/") {
        return unsupported("an Excel workbook");
    }
    if has(b"ppt/") {
        return unsupported("a PowerPoint presentation");
    }
    if has(b"Index/Document.iwa") {
        return unsupported("an Apple Pages document");
    }
    match said {
        Some(kind @ (Kind::Docx | Kind::Odt | Kind::Epub)) => Ok(kind),
        _ if has(b"content.xml") && has(b"META-INF/manifest.xml") => Ok(Kind::Odt),
        _ => unsupported("a ZIP archive"),
    }
}

fn u16_at(bytes: &[u8], at: usize) -> usize {
    let two = bytes.get(at..at.saturating_add(2)).unwrap_or(&[0, 0]);
    usize::from(u16::from_le_bytes([two[0], two[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    u16_at(bytes, at) | (u16_at(bytes, at.saturating_add(2)) << 16)
}

/// What a first, stored member `mimetype` says; empty where there is none.
fn mimetype(bytes: &[u8]) -> &[u8] {
    let (name, extra) = (u16_at(bytes, 26), u16_at(bytes, 28));
    let is_stored = u16_at(bytes, 8) == 0;
    if is_stored && bytes.get(30..30 + name) == Some(b"mimetype") {
        let start = 30 + name + extra;
        let end = bytes.len().min(start + 100);
        return bytes.get(start..end).unwrap_or_default();
    }
    &[]
}

/// Names of the members (APPNOTE 6.3.10: 4.3.16 end of list, 4.3.12 list, 4.3.7 header).
fn members(bytes: &[u8]) -> Vec<&[u8]> {
    let mut names = Vec::new();
    let tail = bytes.len().saturating_sub(22 + 65_535);
    let end = bytes
        .get(tail..)
        .and_then(|tail| tail.windows(4).rposition(|window| window == b"PK\x05\x06"));
    if let Some(end) = end.map(|at| tail + at) {
        // Counted back from its end, so that bytes before the package do no harm.
        let mut at = end.saturating_sub(u32_at(bytes, end + 12));
        while names.len() < MAX_MEMBERS
            && bytes.get(at..at.saturating_add(4)) == Some(b"PK\x01\x02")
        {
            let length = u16_at(bytes, at + 28);
            names.extend(bytes.get(at + 46..at + 46 + length));
            at += 46 + length + u16_at(bytes, at + 30) + u16_at(bytes, at + 32);
        }
    }
    if names.is_empty() {
        let headers = bytes.windows(4).enumerate();
        names = headers
            .filter(|(_, window)| *window == b"PK\x03\x04")
            .filter_map(|(at, _)| bytes.get(at + 30..at + 30 + u16_at(bytes, at + 26)))
            .take(MAX_MEMBERS)
            .collect();
    }
    names
}
