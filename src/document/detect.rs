//! Which format bytes are in: by what they hold, then by media type, then by name.
//!
//! **In:** the bytes and what is known about them. **Out:** a [`Kind`], or what the
//! bytes are instead when they are nothing that can be read. **Not here:** character
//! sets (`decode`), reading of any kind.
//!
//! ```text
//!  signature ─► package ─► "no text at all" ─► opening of a text ─► media type ─► name ─► signs
//!  %PDF- {\rtf   members    PNG, NUL bytes      <html, TY  -, @book{                       [a](https://…)
//! ```
//!
//! A name may be wrong, a signature is not: a `.txt` that is a PDF is read as a PDF.
//! What merely looks like a format (a few Markdown links) decides only where neither
//! media type nor name say anything but "text".

mod binary;
mod kind;
mod package;
mod signs;

pub use binary::check_size;
pub use kind::{Dialect, Kind};

use super::{DocumentError, Format, Hints, urls};
use encoding_rs::{Encoding, UTF_8};

/// Bytes at the beginning of a text that are looked at.
const HEAD_BYTES: usize = 64 << 10;

/// The format of a document.
///
/// # Errors
/// [`DocumentError::Binary`] and [`DocumentError::Unsupported`] say what the bytes are
/// instead; [`DocumentError::Encrypted`].
pub fn kind(bytes: &[u8], hints: Hints<'_>) -> Result<Kind, DocumentError> {
    let said = said(hints);
    if is_pdf(bytes, said) {
        return Ok(Kind::Pdf);
    }
    if package::is_package(bytes) {
        return package::kind(bytes, said);
    }
    let start = skip_blank(bytes);
    if start.starts_with(b"{\\rtf") {
        return Ok(Kind::Rtf);
    }
    // OpenDocument also comes unpacked, as one file of XML.
    if crate::document::package::kind(bytes) == Some(Format::Odt) {
        return Ok(Kind::Odt);
    }
    binary::refuse(bytes)?;
    let head = head(bytes);
    let head = head.trim_start();
    binary::refuse_text(head)?;
    if let Some(kind) = signs::opening(head, bytes) {
        return Ok(kind);
    }
    // A package, a PDF or RTF would have shown its signature by now.
    let is_text = |kind: &Kind| {
        !matches!(
            kind,
            Kind::Pdf | Kind::Docx | Kind::Odt | Kind::Epub | Kind::Rtf
        )
    };
    if let Some(kind) = said.filter(is_text) {
        return Ok(kind);
    }
    Ok(if urls::is_list(head) {
        Kind::UrlList
    } else if signs::wikitext(head) {
        Kind::Wikitext
    } else if signs::markdown(head) {
        Kind::Markdown
    } else if signs::latex(head) {
        Kind::Latex
    } else if signs::html(head) {
        Kind::Html
    } else {
        Kind::Text
    })
}

/// What media type and name say, where they say more than "text" or "bytes".
fn said(hints: Hints<'_>) -> Option<Kind> {
    let media_type = hints
        .content_type
        .map(|value| value.split(';').next().unwrap_or("").trim())
        .unwrap_or_default()
        .to_ascii_lowercase();
    Kind::of_media_type(&media_type).or_else(|| {
        // Of an address, only the path has an ending: `.org` of a host is none.
        let name = hints.name.unwrap_or("");
        let path = match name.split_once("://") {
            Some((_, rest)) => {
                let rest = rest.split(['?', '#']).next().unwrap_or("");
                rest.split_once('/').map_or("", |(_, path)| path)
            }
            None => name,
        };
        let file = path.rsplit(['/', '\\']).next().unwrap_or("");
        let (_, ending) = file.rsplit_once('.')?;
        Kind::of_ending(&ending.to_ascii_lowercase())
    })
}

/// Whether the bytes are a PDF. Readers accept its header anywhere in the first 1024 bytes
/// (ISO 32000-1, annex H.3.4.1), but prose may mention it: then name or media type decide.
fn is_pdf(bytes: &[u8], said: Option<Kind>) -> bool {
    if skip_blank(bytes).starts_with(b"%PDF-") {
        return true;
    }
    let head = bytes.get(..1024).unwrap_or(bytes);
    said == Some(Kind::Pdf) && head.windows(5).any(|window| window == b"%PDF-")
}

/// The bytes after a byte order mark and white space.
fn skip_blank(bytes: &[u8]) -> &[u8] {
    bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .trim_ascii_start()
}

/// The beginning of a text, good enough to look for ASCII signs in any character set;
/// a line that was cut off is left away.
fn head(bytes: &[u8]) -> String {
    let cut = bytes.len() > HEAD_BYTES;
    let taken = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    let encoding = Encoding::for_bom(bytes).map_or(UTF_8, |(encoding, _)| encoding);
    let mut text = encoding.decode(taken).0.replace('\r', "\n");
    if cut && let Some(end) = text.rfind('\n') {
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests;
