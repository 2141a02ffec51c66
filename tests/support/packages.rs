//! Packages made of readable files: valid ZIPs around parts that need not be.
//!
//! ```text
//! === word/document.xml
//! <w:document>…</w:document>
//! === word/footnotes.xml
//! …
//! ```

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each user takes its own part of this"
)]
#![allow(clippy::unwrap_used, reason = "what is made here is ours")]

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Parts that a package of Word must have, unless the file has its own.
const DOCX: &[(&str, &str)] = &[
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#,
    ),
];

/// … of LibreOffice.
const ODT: &[(&str, &str)] = &[
    ("mimetype", "application/vnd.oasis.opendocument.text"),
    (
        "META-INF/manifest.xml",
        r#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/></manifest:manifest>"#,
    ),
];

/// … a book.
const EPUB: &[(&str, &str)] = &[
    ("mimetype", "application/epub+zip"),
    (
        "META-INF/container.xml",
        r#"<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"#,
    ),
    (
        "book.opf",
        r#"<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">x</dc:identifier><dc:title>T</dc:title><dc:language>en</dc:language></metadata><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/><item id="b" href="b.xhtml" media-type="application/xhtml+xml"/><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>"#,
    ),
];

/// A Word document of these parts.
pub fn docx(data: &[u8]) -> Vec<u8> {
    pack(DOCX, &parts(data, "word/document.xml"))
}

/// An OpenDocument text of these parts.
pub fn odt(data: &[u8]) -> Vec<u8> {
    pack(ODT, &parts(data, "content.xml"))
}

/// A book of these parts.
pub fn epub(data: &[u8]) -> Vec<u8> {
    pack(EPUB, &parts(data, "a.xhtml"))
}

/// The parts of a file: each begins with a line of `=== ` and its name; what stands before the
/// first is the part that is named here.
pub fn parts<'a>(data: &'a [u8], first: &str) -> Vec<(String, &'a [u8])> {
    let mut parts = vec![(first.to_owned(), &data[..0])];
    let mut start = 0;
    let mut at = 0;
    for line in data.split_inclusive(|byte| *byte == b'\n') {
        if let Some(name) = line.strip_prefix(b"=== ") {
            parts.last_mut().unwrap().1 = &data[start..at];
            let name = String::from_utf8_lossy(name).trim().to_owned();
            start = at + line.len();
            parts.push((name, &data[start..start]));
        }
        at += line.len();
    }
    parts.last_mut().unwrap().1 = &data[start..];
    parts.retain(|(_, bytes)| !bytes.is_empty());
    parts
}

/// A ZIP of parts, and of those that have to be there; each name once, nothing compressed.
pub fn pack(needed: &[(&str, &str)], parts: &[(String, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let absent = needed
        .iter()
        .filter(|(name, _)| !parts.iter().any(|(other, _)| other == name));
    for (name, text) in absent {
        zip.start_file(*name, stored).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    for (name, bytes) in parts {
        // A name twice is refused by the writer; then the first one counts.
        if zip.start_file(name.as_str(), stored).is_ok() {
            zip.write_all(bytes).unwrap();
        }
    }
    zip.finish().unwrap().into_inner()
}
