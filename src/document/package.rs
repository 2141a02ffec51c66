//! A document that is a ZIP package: Word's, LibreOffice's, a book.
//!
//! **In:** the bytes of the file, all of them in memory. **Out:** its members by
//! name, unpacked under one budget, and which kind of document it is. **Not here:**
//! what a member says.
//!
//! A package can lie: about its members' sizes, about how many there are, and by
//! letting them share bytes. So nothing that it says of itself is believed. Members
//! are counted before they are listed, only members that a reader names are
//! unpacked, and all that comes out is counted together: ten gigabytes in ten
//! megabytes end after the bound, wherever in the package they lie.

use super::{DocumentError, Format};
use crate::limits::{Budget, Limits};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Members of one package. A Word document of 900 pages has 80, a book of many
/// chapters and pictures some thousands; a million are a trap.
const MAX_MEMBERS: u64 = 20_000;

/// What every entry of the list of members begins with (APPNOTE.TXT, 4.3.12).
const LISTED: &[u8; 4] = b"PK\x01\x02";

/// A package that is open.
#[derive(Debug)]
pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Members by name, lower case: names differ in case from their mentions in real files.
    members: BTreeMap<String, usize>,
    budget: Budget,
}

impl<'a> Package<'a> {
    /// Lists the members.
    ///
    /// # Errors
    /// [`DocumentError::TooLarge`] for too many members, [`DocumentError::Damaged`] when
    /// there is no list of members that could be read.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, DocumentError> {
        // Counted here and not as the package says: what the list grows to is bounded so.
        let listed = bytes.windows(4).filter(|four| four == LISTED).count();
        let listed = u64::try_from(listed).unwrap_or(u64::MAX);
        Budget::new("members of a package", MAX_MEMBERS).take(listed)?;
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
        let mut members = BTreeMap::new();
        for index in 0..archive.len() {
            if let Some(Ok(name)) = archive.name_for_index(index) {
                members.entry(key(&name)).or_insert(index);
            }
        }
        Ok(Self {
            archive,
            members,
            budget: Budget::new("bytes of unpacked document", limits.max_decoded_bytes),
        })
    }

    /// Whether there is a member of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.members.contains_key(&key(name))
    }

    /// The names of all members, in lower case and in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    /// A member's bytes, to be had once; `None` where there is no such member.
    ///
    /// # Errors
    /// [`DocumentError::TooLarge`] when all that was unpacked would pass the bound,
    /// [`DocumentError::Encrypted`] and [`DocumentError::Damaged`] for this member.
    pub fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, DocumentError> {
        // Each is read once, so that no reader can be made to unpack one again and again.
        let Some(index) = self.members.remove(&key(name)) else {
            return Ok(None);
        };
        let unreadable = || DocumentError::Damaged {
            what: format!("its part {name} cannot be unpacked"),
        };
        let entry = self
            .archive
            .by_index_data(index)
            .map_err(|_| unreadable())?;
        if entry.encrypted() {
            return Err(DocumentError::Encrypted);
        }
        let file = self.archive.by_index(index).map_err(|_| unreadable())?;
        let mut unpacked = Vec::new();
        let bound = self.budget.left().saturating_add(1);
        let end = file.take(bound).read_to_end(&mut unpacked);
        // A wrong check sum or a torn end: what came before it is still text.
        if end.is_err() && unpacked.is_empty() {
            return Err(unreadable());
        }
        self.budget
            .take(u64::try_from(unpacked.len()).unwrap_or(u64::MAX))?;
        Ok(Some(unpacked))
    }
}

fn key(name: &str) -> String {
    name.trim_start_matches('/').to_lowercase()
}

fn damaged() -> DocumentError {
    DocumentError::Damaged {
        what: "it is a damaged ZIP package: its list of members cannot be read".to_owned(),
    }
}

/// The name of a member, as a reference in another member gives it.
///
/// `base` is the folder of the member that refers, without a slash at its end.
#[must_use]
pub(super) fn resolve(base: &str, reference: &str) -> String {
    let mut parts: Vec<&str> = if reference.starts_with('/') {
        Vec::new()
    } else {
        base.split('/').filter(|part| !part.is_empty()).collect()
    };
    for part in reference.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The folder that a member lies in.
#[must_use]
pub(super) fn folder(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Which office document or book the bytes are, by their content.
#[must_use]
pub fn kind(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(b"{\\rtf") {
        return Some(Format::Rtf);
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return is_flat_odt(bytes).then_some(Format::Odt);
    }
    let Ok(mut package) = Package::open(bytes, &Limits::default()) else {
        return kind_of_damaged(bytes);
    };
    if let Ok(Some(media_type)) = package.read("mimetype") {
        let media_type = String::from_utf8_lossy(&media_type);
        let media_type = media_type.trim();
        if media_type.starts_with("application/vnd.oasis.opendocument.text") {
            return Some(Format::Odt);
        }
        if media_type == "application/epub+zip" {
            return Some(Format::Epub);
        }
    }
    if package.has("[Content_Types].xml") {
        let types = package.read("[Content_Types].xml").ok().flatten();
        let types = types.unwrap_or_default();
        let is_word = package.has("word/document.xml")
            || String::from_utf8_lossy(&types).contains("wordprocessingml.document.main")
            || String::from_utf8_lossy(&types).contains("ms-word.document.macroEnabled.main");
        return is_word.then_some(Format::Docx);
    }
    if package.has("META-INF/container.xml") {
        return Some(Format::Epub);
    }
    None
}

/// Whether it is an OpenDocument text in one XML file (`.fodt`).
fn is_flat_odt(bytes: &[u8]) -> bool {
    let head = bytes.get(..8192).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head);
    let head = head.trim_start_matches('\u{feff}');
    head.starts_with("<?xml")
        && head.contains("<office:document ")
        && head.contains("application/vnd.oasis.opendocument.text")
}

/// What a package without a readable list of members was meant to be; its reader then says
/// what is wrong. Only the beginning is looked at, where the first members' names stand.
fn kind_of_damaged(bytes: &[u8]) -> Option<Format> {
    let head = bytes.get(..4096).unwrap_or(bytes);
    let holds = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    if holds(b"application/vnd.oasis.opendocument.text") {
        Some(Format::Odt)
    } else if holds(b"application/epub+zip") {
        Some(Format::Epub)
    } else if holds(b"word/") || holds(b"[Content_Types].xml") {
        Some(Format::Docx)
    } else {
        None
    }
}

/// Why a compound file (the container of Microsoft Office before 2007, and of
/// encrypted documents since) is not read.
///
/// Its directory has an entry of 128 bytes for each stream, named in UTF-16
/// ([MS-CFB] 2.6.1), aligned because sectors are.
#[must_use]
pub fn refused(bytes: &[u8]) -> Option<DocumentError> {
    if !bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return None;
    }
    let holds = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.chunks(128).any(|entry| entry.starts_with(&name))
    };
    let what = if holds("EncryptedPackage") {
        return Some(DocumentError::Encrypted);
    } else if holds("WordDocument") {
        "an old Word document (.doc; save a copy of it as .docx)"
    } else {
        "an old Microsoft Office document"
    };
    Some(DocumentError::Unsupported {
        what: what.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::testing::packed;
    use crate::document::{Hints, read};
    use std::time::{Duration, Instant};

    fn refusal(bytes: &[u8]) -> String {
        read(bytes, Hints::default(), &Limits::default())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn packages_are_known_by_their_content() {
        let check = |members: &[(&str, &str)], expected: Option<Format>| {
            assert_eq!(kind(&packed(members)), expected, "{members:?}");
        };
        check(
            &[("[Content_Types].xml", ""), ("word/document.xml", "")],
            Some(Format::Docx),
        );
        check(
            &[(
                "[Content_Types].xml",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            )],
            Some(Format::Docx),
        );
        check(
            &[("[Content_Types].xml", ""), ("xl/workbook.xml", "")],
            None,
        );
        check(
            &[("mimetype", "application/vnd.oasis.opendocument.text\n")],
            Some(Format::Odt),
        );
        check(
            &[("mimetype", "application/vnd.oasis.opendocument.spreadsheet")],
            None,
        );
        check(&[("mimetype", "application/epub+zip")], Some(Format::Epub));
        check(&[("META-INF/container.xml", "")], Some(Format::Epub));
        check(&[("a.txt", "")], None);
        assert_eq!(kind(b"{\\rtf1 x}"), Some(Format::Rtf));
        assert_eq!(kind(b"text"), None);
        let torn = packed(&[("word/document.xml", "<w:document/>")]);
        assert_eq!(kind(&torn[..40]), Some(Format::Docx));
        assert!(refusal(&torn[..40]).contains("damaged ZIP package"));
    }

    #[test]
    fn compound_files_say_what_to_do() {
        let compound = |name: &str| {
            let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
            bytes.resize(1024, 0);
            bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
            bytes.resize(2048, 0);
            bytes
        };
        assert!(refusal(&compound("EncryptedPackage")).contains("encrypted with a password"));
        assert!(refusal(&compound("WordDocument")).contains("save a copy of it as .docx"));
        assert!(refusal(&compound("Workbook")).contains("old Microsoft Office"));
    }

    #[test]
    fn names_are_resolved_within_the_package() {
        let check = |base: &str, reference: &str, expected: &str| {
            assert_eq!(resolve(base, reference), expected, "{base} {reference}");
        };
        check("word", "styles.xml", "word/styles.xml");
        check("word", "/word/styles.xml", "word/styles.xml");
        check("a/b", "../c.xml", "a/c.xml");
        check("", "../../etc/passwd", "etc/passwd");
    }

    #[test]
    fn bombs_end_quickly_and_name_the_bound() {
        let start = Instant::now();
        // A member of 64 MB, packed into 64 kB.
        let zeros = " ".repeat(64 << 20);
        let bomb = packed(&[("word/document.xml", &zeros)]);
        drop(zeros);
        assert!(bomb.len() < 1 << 20);
        let packed_in = start.elapsed();
        let limits = Limits {
            max_decoded_bytes: 16 << 20,
            ..Limits::default()
        };
        let error = Package::open(&bomb, &limits)
            .unwrap()
            .read("word/document.xml")
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "more than 16777216 bytes of unpacked document"
        );
        // More members than any document has.
        let mut list = packed(&[("a", "")]);
        list.extend(LISTED.repeat(20_001));
        assert_eq!(
            Package::open(&list, &limits).unwrap_err().to_string(),
            "more than 20000 members of a package"
        );
        assert!(start.elapsed().saturating_sub(packed_in) < Duration::from_secs(5));
    }

    #[test]
    fn all_members_share_one_budget() {
        let part = "x".repeat(600);
        let bytes = packed(&[("a", &part), ("b", &part)]);
        let limits = Limits {
            max_decoded_bytes: 1000,
            ..Limits::default()
        };
        let mut package = Package::open(&bytes, &limits).unwrap();
        assert_eq!(package.read("A").unwrap().unwrap().len(), 600);
        assert!(package.read("b").is_err());
        assert_eq!(package.read("c").unwrap(), None);
    }
}
