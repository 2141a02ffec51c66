//! What a ZIP package is, if it is no document that we read.
//!
//! **In:** the bytes. **Out:** the kind of document, or a name for a person. **Not here:**
//! unpacking (`package`). Only names are read, from the list at the end of the file, or,
//! where a file was cut off and has no list, from the headers of its members.

use super::Kind;
use crate::document::{DocumentError, Format, package};

/// Members whose names are looked at; a document has its main ones among the first.
const MAX_MEMBERS: usize = 20_000;

pub(super) fn is_package(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// What the package is; `said` decides where its members do not.
pub(super) fn kind(bytes: &[u8], said: Option<Kind>) -> Result<Kind, DocumentError> {
    match package::kind(bytes) {
        Some(Format::Docx) => return Ok(Kind::Docx),
        Some(Format::Odt) => return Ok(Kind::Odt),
        Some(Format::Epub) => return Ok(Kind::Epub),
        _ => {}
    }
    let names = members(bytes);
    let has = |wanted: &[u8]| names.iter().any(|name| name.starts_with(wanted));
    let what = if has(b"xl/") {
        "an Excel workbook"
    } else if has(b"ppt/") {
        "a PowerPoint presentation"
    } else if has(b"Index/Document.iwa") {
        "an Apple Pages document"
    } else if has(b"content.xml") && has(b"META-INF/manifest.xml") {
        match opendocument(bytes) {
            Some(what) => what,
            // Without its media type, an OpenDocument file is most likely text.
            None => return Ok(Kind::Odt),
        }
    } else {
        match said {
            Some(kind @ (Kind::Docx | Kind::Odt | Kind::Epub)) => return Ok(kind),
            _ => "a ZIP archive",
        }
    };
    Err(DocumentError::Unsupported {
        what: what.to_owned(),
    })
}

/// An OpenDocument file that is no text, by the media type that it begins with
/// (OpenDocument 1.3, part 2, 3.3: first member, stored).
fn opendocument(bytes: &[u8]) -> Option<&'static str> {
    const OPENDOCUMENT: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument.";
    let rest = bytes.get(30..)?.strip_prefix(OPENDOCUMENT)?;
    Some(if rest.starts_with(b"spreadsheet") {
        "an OpenDocument spreadsheet"
    } else if rest.starts_with(b"presentation") {
        "an OpenDocument presentation"
    } else {
        "an OpenDocument file without text"
    })
}

fn u16_at(bytes: &[u8], at: usize) -> usize {
    let two = bytes.get(at..at.saturating_add(2)).unwrap_or(&[0, 0]);
    usize::from(u16::from_le_bytes([two[0], two[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    u16_at(bytes, at) | (u16_at(bytes, at.saturating_add(2)) << 16)
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
