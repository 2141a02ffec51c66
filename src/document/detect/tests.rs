//! The table: bytes, name and media type, and what they are.

use super::*;
use crate::document::Format;
use proptest::prelude::*;

fn hints<'a>(name: &'a str, content_type: &'a str) -> Hints<'a> {
    Hints {
        name: Some(name),
        content_type: (!content_type.is_empty()).then_some(content_type),
        ..Hints::default()
    }
}

/// A ZIP file with these members, stored.
fn package(members: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in members {
        writer.start_file(*name, stored).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_format_is_told_by_content_then_type_then_name() {
    let check = |bytes: &[u8], name: &str, content_type: &str, expected: Kind| {
        let shown = String::from_utf8_lossy(bytes);
        let found = kind(bytes, hints(name, content_type));
        assert_eq!(found, Ok(expected), "{shown:?} {name} {content_type}");
    };
    let text = |content: &str, name: &str, content_type: &str, expected: Kind| {
        check(content.as_bytes(), name, content_type, expected);
    };
    // PDF
    text("%PDF-1.7\n", "a.txt", "text/plain", Kind::Pdf);
    text("\n %PDF-1.7\n", "a.md", "", Kind::Pdf);
    text("junk\n%PDF-1.4\n", "a.pdf", "", Kind::Pdf);
    text("junk\n%PDF-1.4\n", "a", "application/pdf; x=y", Kind::Pdf);
    text("It begins with\n%PDF-1.4\n", "a.txt", "", Kind::Text);
    text("No header at all.", "a.pdf", "", Kind::Text);
    text(
        "<!DOCTYPE html><p>Log in",
        "a.pdf",
        "application/pdf",
        Kind::Html,
    );
    // Packages
    let docx = package(&[("[Content_Types].xml", ""), ("word/document.xml", "")]);
    check(&docx, "a.html", "text/html", Kind::Docx);
    check(&docx, "a.docx", "", Kind::Docx);
    check(&docx[..80], "a.docx", "", Kind::Docx);
    let odt = "application/vnd.oasis.opendocument.text";
    let odt = package(&[("mimetype", odt), ("content.xml", "")]);
    check(&odt, "a.docx", "", Kind::Odt);
    let bare = package(&[("content.xml", ""), ("META-INF/manifest.xml", "")]);
    check(&bare, "a", "", Kind::Odt);
    let epub = package(&[("mimetype", "application/epub+zip"), ("word/a", "")]);
    check(&epub, "a.zip", "", Kind::Epub);
    let epub = package(&[("META-INF/container.xml", "")]);
    check(&epub, "a", "", Kind::Epub);
    text(
        "<?xml version='1.0'?>\n<office:document office:mimetype='application/vnd.oasis.opendocument.text'>",
        "a.xml",
        "",
        Kind::Odt,
    );
    // RTF
    text("{\\rtf1\\ansi x}", "a.doc", "", Kind::Rtf);
    text(
        "{\\rtf1\\ansi x}",
        "a.docx",
        "application/msword",
        Kind::Rtf,
    );
    // HTML
    text("<!DOCTYPE html><p>x", "a.txt", "", Kind::Html);
    text("<html><p>x", "a.md", "", Kind::Html);
    text("\u{feff}<!-- c --> <HTML>", "a", "", Kind::Html);
    text(
        "<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML'><html>",
        "a",
        "",
        Kind::Html,
    );
    text("<p>a</p><p>b</p>", "a", "", Kind::Html);
    text("<p>a</p><p>b</p>", "a.md", "", Kind::Markdown);
    text("x", "a", "text/html; charset=utf-8", Kind::Html);
    text("x", "https://e.example/a.html?b=c.md", "", Kind::Html);
    check(b"\xff\xfe<\0h\0t\0m\0l\0>\0", "a.txt", "", Kind::Html);
    // Other XML
    text(
        "<opml version='2.0'>",
        "a.xml",
        "",
        Kind::Pandoc(&kind::OPML),
    );
    text(
        "<book xmlns='http://docbook.org/ns/docbook'>",
        "a.xml",
        "",
        Kind::Pandoc(&kind::DOCBOOK),
    );
    text(
        "<?xml version='1.0'?>\n<!DOCTYPE article PUBLIC '-//OASIS//DTD DocBook XML V4.5//EN' [\n<!ENTITY x 'y'>\n]>\n<article>",
        "a.xml",
        "",
        Kind::Pandoc(&kind::DOCBOOK),
    );
    text(
        "<article dtd-version='1.2'><front>",
        "a.xml",
        "application/xml",
        Kind::Pandoc(&kind::JATS),
    );
    text("<FictionBook>", "a", "", Kind::Pandoc(&kind::FICTION_BOOK));
    text("<note>x</note>", "a.xml", "", Kind::Text);
    // JSON
    text(
        "{\n \"cells\": [],\n \"nbformat\": 4\n}",
        "a.json",
        "",
        Kind::Notebook,
    );
    text(
        "{\"nbformat\":3,\"worksheets\":[]}",
        "a",
        "",
        Kind::Notebook,
    );
    text("{\"cells\": \"\\\"nbformat\\\"\"}", "a.txt", "", Kind::Text);
    text("{\"cells\": [", "a.ipynb", "", Kind::Notebook);
    text(
        "{\"pandoc-api-version\":[1,23],\"meta\":{},\"blocks\":[]}",
        "a.json",
        "",
        Kind::PandocTree,
    );
    text(
        "[{\"id\":\"a\",\"type\":\"article-journal\",\"issued\":{}}]",
        "a.json",
        "application/json",
        Kind::CslJson,
    );
    text(
        "{\"items\":[{\"type\" : \"webpage\",\"URL\":\"x\"}]}",
        "a",
        "",
        Kind::CslJson,
    );
    text(
        "[{\"id\":1,\"type\":\"Feature\"}]",
        "a.json",
        "",
        Kind::Text,
    );
    text(
        "[]",
        "a",
        "application/vnd.citationstyles.csl+json",
        Kind::CslJson,
    );
    // Lists of references
    text("TY  - JOUR\nER  - \n", "a.txt", "", Kind::Ris);
    text("\nTY - JOUR\n", "a.txt", "", Kind::Ris);
    text(
        "Provider: A\n\nTY  - JOUR\nER  -\n",
        "a.txt",
        "text/plain",
        Kind::Ris,
    );
    text("TYPES of rain", "a.txt", "", Kind::Text);
    text("x", "a.ris", "", Kind::Ris);
    text("@article{a, title={x}}", "a.txt", "", Kind::Bibtex);
    text(
        "% Encoding: UTF-8\n\n@Online {a, url={x}}",
        "a",
        "",
        Kind::Bibtex,
    );
    text("@someone{ thanks", "a.txt", "", Kind::Text);
    text("Comment first.\n@book{a}", "a.bib", "", Kind::Bibtex);
    // LaTeX
    text("\\documentclass{article}\n", "a.txt", "", Kind::Latex);
    text(
        "% !TEX root\n\\RequirePackage{x}\n\\documentclass{article}",
        "a",
        "",
        Kind::Latex,
    );
    text("It rained \\cite{log}.", "a.tex", "", Kind::Latex);
    text(
        "Use \\documentclass{article} first.",
        "a.txt",
        "",
        Kind::Text,
    );
    text(
        "```\n\\documentclass{article}\n```\n",
        "a.md",
        "",
        Kind::Markdown,
    );
    text("x", "a", "application/x-tex", Kind::Latex);
    text(
        "\\section{Rain}\nIt \\emph{rained} \\cite{log}.\n",
        "a.txt",
        "",
        Kind::Latex,
    );
    text(
        "It \\emph{rained} in \\section{Rain} \\cite{log}.",
        "a",
        "",
        Kind::Text,
    );
    text("C:\\rain\n\\begin here", "a.txt", "", Kind::Text);
    // Wikitext
    text("x", "a.wiki", "", Kind::Wikitext);
    text(
        "It [[rain]]ed.<ref>[https://e.example/ Log]</ref>",
        "a.txt",
        "",
        Kind::Wikitext,
    );
    text("== Rain ==\nIt '''rained'''.", "a", "", Kind::Wikitext);
    text("== Rain\nIt rained.", "a", "", Kind::Text);
    text("See [[rain]].", "a.txt", "", Kind::Text);
    // Markdown
    text("# x", "A.MD", "", Kind::Markdown);
    text("# x", "a", "text/markdown; charset=utf-8", Kind::Markdown);
    text(
        "# Rain\n\nThe [log](https://e.example/).",
        "a.txt",
        "text/plain",
        Kind::Markdown,
    );
    text(
        "Rain[^1].\n\n[^1]: Log.\n[l]: https://e.example/\n",
        "a",
        "",
        Kind::Markdown,
    );
    text(
        "---\ntitle: Rain\n---\n\nA [log][l].\n\n[l]: <https://e.example/>",
        "a",
        "",
        Kind::Markdown,
    );
    text(
        "The log [1].\n\n[1] https://e.example/ of rain",
        "a.txt",
        "",
        Kind::Text,
    );
    text(
        "# Rain\n\n[a](https://e.example/a) \u{c}",
        "a.txt",
        "",
        Kind::Text,
    );
    // Lists of addresses
    text(
        "https://e.example/a\n\n# b\nwww.e.example\n",
        "a.txt",
        "",
        Kind::UrlList,
    );
    text("x", "a", "text/uri-list", Kind::UrlList);
    text("Rain.\nhttps://e.example/a\n", "a.txt", "", Kind::Text);
    text("- https://e.example/a\n", "a.md", "", Kind::Markdown);
    // What pandoc reads
    text("x", "a.RST", "", Kind::Pandoc(&kind::RST));
    text("x", "folder.md/a.adoc", "", Kind::Pandoc(&kind::ASCIIDOC));
    text("x", "a.org", "text/plain", Kind::Pandoc(&kind::ORG));
    text(
        "x",
        "a.typ",
        "application/octet-stream",
        Kind::Pandoc(&kind::TYPST),
    );
    text("<html>", "a.rst", "", Kind::Html);
    text("x", "https://e.example.org", "", Kind::Text);
    text("x", "https://rain.wiki/?a=b.md#c.rst", "", Kind::Text);
    text(
        "x",
        "https://e.example.org/a.org?b",
        "",
        Kind::Pandoc(&kind::ORG),
    );
    // Nothing says anything
    text("Plain.", "a.txt", "text/plain", Kind::Text);
    text("Plain.", "README", "", Kind::Text);
    text("Plain.", "folder.md/README", "", Kind::Text);
    text("BZhang was here.", "a", "", Kind::Text);
    text("Plain.", "a.docx", "", Kind::Text);
}

#[test]
fn what_is_not_read_is_named() {
    let check = |bytes: &[u8], expected: &str| {
        let found = check_size(bytes, &crate::limits::Limits::default())
            .and_then(|()| kind(bytes, Hints::default()));
        let found = found.map_or_else(|error| error.to_string(), |_| "ok".to_owned());
        assert_eq!(found, expected, "{bytes:?}");
    };
    check(b"", "it is empty");
    check(b" \n", "it is empty");
    check(
        &package(&[("a.txt", "")]),
        "a ZIP archive cannot be read yet",
    );
    check(&package(&[]), "a ZIP archive cannot be read yet");
    check(b"PK\x03\x04", "a ZIP archive cannot be read yet");
    check(
        &package(&[("xl/workbook.xml", "")]),
        "an Excel workbook cannot be read yet",
    );
    check(
        &package(&[
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", ""),
            ("META-INF/manifest.xml", ""),
        ]),
        "an OpenDocument spreadsheet cannot be read yet",
    );
    check(b"%!PS-Adobe-3.0\n", "a PostScript file cannot be read yet");
    check(
        b"<?xml version='1.0'?>\n<office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'>",
        "a flat OpenDocument file without text cannot be read yet",
    );
    check(
        b"<?xml version='1.0'?><pkg:package xmlns:pkg='http://schemas.microsoft.com/office/2006/xmlPackage'>",
        "a Word document in XML cannot be read yet",
    );
    check(
        b"<html xmlns:o='http://schemas.microsoft.com/office/word/2003/wordml'>",
        "ok",
    );
    check(
        b"From: <Saved by a browser>\r\nSubject: Rain\r\nMIME-Version: 1.0\r\n",
        "a mail or a web page saved as one (MHTML) cannot be read yet",
    );
    check(b"Date: 2012\nThe rain of March", "ok");
    check(b"\xffWPC\x10\0", "it is not text: a WordPerfect document");
    check(b"\x89PNG\r\n\x1a\n\0", "it is not text: a PNG image");
    check(b"ID3\x04\0", "it is not text: an MP3 recording");
    check(
        b"ab\0c",
        "it is not text: unknown binary data (NUL byte at byte 2)",
    );
    check(b"\xff\xfea\0", "ok");
}

#[test]
fn a_kind_has_its_format_and_its_media_type() {
    assert_eq!(Kind::Bibtex.format(), Format::References);
    assert_eq!(
        Kind::Ris.media_type(),
        "application/x-research-info-systems"
    );
    assert_eq!(Kind::Latex.media_type(), "text/x-tex");
    assert_eq!(Kind::Text.media_type(), "text/plain");
    assert_eq!(Kind::Pandoc(&kind::RST).media_type(), "text/x-rst");
    assert_eq!(Kind::Markdown.media_type(), "text/markdown");
}

proptest! {
    #[test]
    fn any_bytes_have_an_answer(
        start in prop::sample::select(vec![&b""[..], b"PK\x03\x04", b"<!DOCTYPE [", b"<?xml", b"{\"", b"TY  - ", b"@book", b"\\"]),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let _ = kind(&[start, &bytes[..]].concat(), Hints::default());
    }

    #[test]
    fn any_text_has_an_answer(text in "(<|>|\\[|\\]|\\(|:|=|#|-|\\{|\"|http|[\\PC\n]){0,80}") {
        let _ = kind(text.as_bytes(), Hints::default());
    }
}
