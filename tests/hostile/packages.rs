//! ZIP packages that lie: bombs, shared bytes, a million members, a package in a package.

use crate::{LINKS, sized, survives};
use flate2::{Compress, Compression, FlushCompress};

/// One member as the list of a package names it; its bytes may be another's.
struct Member {
    name: String,
    /// Where its bytes are, among those given to [`package`].
    bytes: usize,
}

/// Bytes as they lie in a package, deflated, and what they are said to unpack to.
struct Packed {
    bytes: Vec<u8>,
    said: u32,
}

/// Text that deflates to little: a head, a piece many times, a tail. Pieces of a megabyte are
/// deflated once and laid end to end, so that ten gigabytes are made in no time.
fn bomb(head: &str, piece: &str, times: usize, tail: &str) -> Packed {
    let per_chunk = ((1 << 20) / piece.len().max(1)).min(times).max(1);
    let chunk = deflate(piece.repeat(per_chunk).as_bytes());
    let mut bytes = deflate(head.as_bytes());
    for _ in 0..times / per_chunk {
        bytes.extend(&chunk);
    }
    bytes.extend(deflate(tail.as_bytes()));
    // An empty last block (RFC 1951, section 3.2.3: BFINAL, fixed codes, end of block).
    bytes.extend([0x03, 0x00]);
    let length = head.len() + piece.len() * per_chunk * (times / per_chunk) + tail.len();
    let said = u32::try_from(length).unwrap_or(u32::MAX - 1);
    Packed { bytes, said }
}

/// Deflated blocks that end on a byte and refer to nothing before them.
fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(bytes.len() / 100 + 1024);
    let mut deflater = Compress::new(Compression::best(), false);
    let status = deflater.compress_vec(bytes, &mut packed, FlushCompress::Full);
    status.unwrap();
    assert_eq!(deflater.total_in(), bytes.len() as u64);
    packed
}

/// A ZIP file by hand (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16), so that it can lie.
fn package(contents: &[Packed], members: &[Member]) -> Vec<u8> {
    let mut out = Vec::new();
    let fields = |packed: &Packed, name: &str| {
        let mut fields = Vec::new();
        fields.extend(20_u16.to_le_bytes());
        fields.extend(0_u16.to_le_bytes());
        fields.extend(8_u16.to_le_bytes());
        fields.extend([0; 4]);
        // The check sum is wrong: whoever gets to compare it has unpacked it all.
        fields.extend(0_u32.to_le_bytes());
        fields.extend(u32::try_from(packed.bytes.len()).unwrap().to_le_bytes());
        fields.extend(packed.said.to_le_bytes());
        fields.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        fields.extend(0_u16.to_le_bytes());
        fields
    };
    let mut offsets = Vec::new();
    for (index, packed) in contents.iter().enumerate() {
        offsets.push(out.len());
        let first = members.iter().find(|member| member.bytes == index);
        let name = first.map_or("unused", |member| member.name.as_str());
        out.extend(b"PK\x03\x04");
        out.extend(fields(packed, name));
        out.extend(name.as_bytes());
        out.extend(&packed.bytes);
    }
    let list = out.len();
    for member in members {
        let packed = &contents[member.bytes];
        out.extend(b"PK\x01\x02");
        out.extend(20_u16.to_le_bytes());
        out.extend(fields(packed, &member.name));
        out.extend([0; 10]);
        out.extend(u32::try_from(offsets[member.bytes]).unwrap().to_le_bytes());
        out.extend(member.name.as_bytes());
    }
    let length = out.len() - list;
    out.extend(b"PK\x05\x06");
    out.extend([0; 4]);
    let count = u16::try_from(members.len()).unwrap_or(u16::MAX);
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(u32::try_from(length).unwrap().to_le_bytes());
    out.extend(u32::try_from(list).unwrap().to_le_bytes());
    out.extend(0_u16.to_le_bytes());
    out
}

fn plain(text: &str) -> Packed {
    bomb(text, "", 0, "")
}

fn member(name: &str, bytes: usize) -> Member {
    Member {
        name: name.to_owned(),
        bytes,
    }
}

const WORD: &str = r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Rain fell."#;
const WORD_END: &str = "</w:t></w:r></w:p></w:body></w:document>";
const OFFICE: &str = r#"<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><text:p>Rain fell."#;
const OFFICE_END: &str = "</text:p></office:text></office:body></office:document-content>";
const CHAPTER: &str = r#"<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Rain fell."#;
const CHAPTER_END: &str = "</p></body></html>";
const CONTAINER: &str = r#"<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"#;

/// A document of each kind of package, with this as its main part.
fn documents(piece: &str, times: usize) -> Vec<(&'static str, Vec<u8>)> {
    let book = book(1);
    let mut odt = vec![plain("application/vnd.oasis.opendocument.text")];
    odt.push(bomb(OFFICE, piece, times, OFFICE_END));
    vec![
        (
            "bomb.docx",
            package(
                &[bomb(WORD, piece, times, WORD_END)],
                &[member("word/document.xml", 0)],
            ),
        ),
        (
            "bomb.odt",
            package(&odt, &[member("mimetype", 0), member("content.xml", 1)]),
        ),
        (
            "bomb.epub",
            package(
                &[
                    plain("application/epub+zip"),
                    plain(CONTAINER),
                    plain(&book),
                    bomb(CHAPTER, piece, times, CHAPTER_END),
                ],
                &[
                    member("mimetype", 0),
                    member("META-INF/container.xml", 1),
                    member("book.opf", 2),
                    member("c0.xhtml", 3),
                ],
            ),
        ),
    ]
}

/// The package document of a book with so many chapters.
fn book(chapters: usize) -> String {
    let items: String = (0..chapters)
        .map(|n| {
            format!(r#"<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>"#)
        })
        .collect();
    let spine: String = (0..chapters)
        .map(|n| format!(r#"<itemref idref="c{n}"/>"#))
        .collect();
    format!(
        r#"<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">x</dc:identifier><dc:title>T</dc:title><dc:language>en</dc:language></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"#
    )
}

#[test]
fn ten_gigabytes_in_ten_megabytes_are_not_unpacked() {
    let piece = "rain ".repeat(200);
    let full = documents(&piece, 10_000_000);
    for (name, bytes) in &full {
        assert!(bytes.len() < 60 << 20, "{name} is {} bytes", bytes.len());
        let outcome = survives(name, bytes);
        let error = outcome.error.unwrap_or_default();
        assert!(error.contains("more than"), "{name}: {error:?}");
    }
}

#[test]
fn elements_nested_in_a_bomb_do_not_overflow() {
    for piece in ["<w:p>", "<text:span>", "<div>"] {
        for (name, bytes) in documents(piece, sized(2_000_000)) {
            survives(name, &bytes);
        }
    }
}

#[test]
fn a_million_paragraphs_and_links_of_a_package_are_read_or_refused() {
    let word = r#"</w:t></w:r><w:hyperlink w:anchor="x"><w:r><w:t>rain</w:t></w:r></w:hyperlink></w:p><w:p><w:r><w:t>"#;
    let office = r#"</text:p><text:p><text:a xlink:href="https://a.example/">rain</text:a>"#;
    let chapter = r#"</p><p><a href="https://a.example/">rain</a>"#;
    for (index, piece) in [word, office, chapter].into_iter().enumerate() {
        let (name, bytes) = documents(piece, LINKS).swap_remove(index);
        survives(name, &bytes);
    }
}

#[test]
fn members_that_share_bytes_are_counted_every_time() {
    let chapters = 2_000;
    let contents = [
        plain("application/epub+zip"),
        plain(CONTAINER),
        plain(&book(chapters)),
        bomb(CHAPTER, "rain ", 1 << 20, CHAPTER_END),
    ];
    let mut members = vec![
        member("mimetype", 0),
        member("META-INF/container.xml", 1),
        member("book.opf", 2),
    ];
    members.extend((0..chapters).map(|n| member(&format!("c{n}.xhtml"), 3)));
    survives("shared.epub", &package(&contents, &members));

    let contents = [bomb(WORD, "rain ", 4 << 20, WORD_END)];
    let names = ["document", "footnotes", "endnotes", "comments", "styles"];
    let mut members: Vec<Member> = names
        .iter()
        .map(|name| member(&format!("word/{name}.xml"), 0))
        .collect();
    members.push(member("[Content_Types].xml", 0));
    members.push(member("word/_rels/document.xml.rels", 0));
    survives("shared.docx", &package(&contents, &members));
}

#[test]
fn a_million_members_are_not_listed() {
    let contents = [bomb(WORD, "rain ", 1, WORD_END)];
    let mut members = vec![member("word/document.xml", 0)];
    members.extend((0..sized(1_000_000)).map(|n| member(&format!("word/{n}"), 0)));
    for name in ["many.docx", "many.zip"] {
        survives(name, &package(&contents, &members));
    }
}

#[test]
fn a_package_in_a_package_is_not_opened() {
    let mut inner = package(
        &[bomb(WORD, "rain ", 1 << 20, WORD_END)],
        &[member("word/document.xml", 0)],
    );
    for _ in 0..20 {
        let packed = Packed {
            bytes: deflate(&inner).into_iter().chain([3, 0]).collect(),
            said: u32::try_from(inner.len()).unwrap(),
        };
        inner = package(&[packed], &[member("word/document.xml", 0)]);
    }
    survives("nested.docx", &inner);
}

#[test]
fn torn_packages_are_an_error() {
    let (_, whole) = documents("rain ", 1000).remove(0);
    for length in [4, 30, whole.len() / 2, whole.len() - 1] {
        let outcome = survives("torn.docx", &whole[..length]);
        assert!(outcome.error.is_some(), "{length}");
    }
}
