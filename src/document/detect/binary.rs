//! What is no text at all, and what it is called.

use crate::document::{DocumentError, package};
use crate::limits::{Budget, Limits};
use encoding_rs::Encoding;

/// Signatures of formats that are not text, and what they are called.
const BINARY: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"AT&TFORM", "a DjVu document"),
    (b"\xffWPC", "a WordPerfect document"),
    (b"bplist00", "an Apple property list or web archive"),
    (b"\x7fELF", "an ELF program"),
    (b"MZ\x90\0", "a Windows program"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"BZh", "bzip2-compressed data"),
    (b"\xfd7zXZ\0", "xz-compressed data"),
    (b"\x28\xb5\x2f\xfd", "Zstandard-compressed data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\0asm", "a WebAssembly module"),
    (b"OggS", "an Ogg recording"),
    (b"ID3", "an MP3 recording"),
];

/// Whether there is anything in the bytes, and not too much.
///
/// # Errors
/// [`DocumentError::TooLarge`], [`DocumentError::Empty`]
pub fn check_size(bytes: &[u8], limits: &Limits) -> Result<(), DocumentError> {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    Budget::new("bytes of document", limits.max_document_bytes).take(length)?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(DocumentError::Empty);
    }
    Ok(())
}

/// Refuses what is not text, and says what it is.
///
/// # Errors
/// [`DocumentError::Binary`], [`DocumentError::Unsupported`], [`DocumentError::Encrypted`].
pub(super) fn refuse(bytes: &[u8]) -> Result<(), DocumentError> {
    if let Some(error) = package::refused(bytes) {
        return Err(error);
    }
    let binary = |what: String| Err(DocumentError::Binary { what });
    // Short signatures made of letters could begin a text: only with unprintable bytes near.
    let unprintable = bytes
        .iter()
        .take(512)
        .any(|b| *b < 9 || *b == 0x1f || *b >= 0x80);
    for (signature, what) in BINARY {
        let is_printable = signature.iter().all(|b| (0x20..0x7f).contains(b));
        if bytes.starts_with(signature) && (unprintable || !is_printable) {
            return binary((*what).to_owned());
        }
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return binary("a WebP image".to_owned());
    }
    if bytes.get(60..68) == Some(b"BOOKMOBI") {
        return binary("a Kindle book".to_owned());
    }
    if Encoding::for_bom(bytes).is_none()
        && let Some(at) = bytes.iter().position(|b| *b == 0)
    {
        return binary(format!("unknown binary data (NUL byte at byte {at})"));
    }
    Ok(())
}

/// Refuses what is written in characters and still not to be read as text.
///
/// # Errors
/// [`DocumentError::Unsupported`].
pub(super) fn refuse_text(head: &str) -> Result<(), DocumentError> {
    let mut lines = head.lines();
    let holds = |words: &str| head.contains(words);
    let what = if head.starts_with("%!PS") {
        "a PostScript file"
    } else if holds("urn:oasis:names:tc:opendocument:xmlns:office") && is_xml(head) {
        "a flat OpenDocument file without text"
    } else if holds("schemas.microsoft.com/office/2006/xmlPackage") && is_xml(head)
        || holds("schemas.microsoft.com/office/word/2003/wordml") && is_xml(head)
    {
        "a Word document in XML"
    } else if lines.next().is_some_and(is_mail_field)
        && lines.any(|line| starts_with(line, "mime-version:"))
    {
        "a mail or a web page saved as one (MHTML)"
    } else {
        return Ok(());
    };
    Err(DocumentError::Unsupported {
        what: what.to_owned(),
    })
}

/// HTML saved by Word names its schemas too, so only XML proper counts.
fn is_xml(head: &str) -> bool {
    head.starts_with("<?xml")
}

/// The first line of a mail, or of a page that a browser saved as one.
fn is_mail_field(line: &str) -> bool {
    const FIELDS: &[&str] = &[
        "from:",
        "return-path:",
        "received:",
        "delivered-to:",
        "message-id:",
        "mime-version:",
        "subject:",
        "date:",
    ];
    FIELDS.iter().any(|field| starts_with(line, field))
}

/// ASCII case put aside.
fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}
