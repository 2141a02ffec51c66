//! What the tests of the readers share: a document written out, and packed files.

use super::{BlockKind, ByteSpan, Document, LinkKind};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A document as lines, one a block: its kind, its words, links as `[words](address)` and
/// printed ones as `<address>`, marks as `{label}`.
pub(super) fn shown(document: &Document) -> String {
    let mut lines = Vec::new();
    for block in &document.blocks {
        let kind = match &block.kind {
            BlockKind::Heading(level) => format!("h{level}"),
            BlockKind::Paragraph => "p".to_owned(),
            BlockKind::ListItem => "li".to_owned(),
            BlockKind::TableCell => "td".to_owned(),
            BlockKind::Caption => "caption".to_owned(),
            BlockKind::Quote => "quote".to_owned(),
            BlockKind::Code => "code".to_owned(),
            BlockKind::Footnote(label) => label.clone(),
            BlockKind::Reference(label) => format!("reference {label}"),
        };
        let inside = |at: usize| block.span.start <= at && at <= block.span.end;
        let mut signs: Vec<(usize, u8, String)> = Vec::new();
        for link in document.links.iter().filter(|link| inside(link.span.start)) {
            let (before, after) = match link.kind {
                LinkKind::Printed => ("<", ">".to_owned()),
                _ => ("[", format!("]({})", link.url_as_cited)),
            };
            signs.push((link.span.start, 2, before.to_owned()));
            signs.push((link.span.end, 1, after));
        }
        for mark in document
            .note_refs
            .iter()
            .filter(|mark| inside(mark.span.start))
        {
            signs.push((mark.span.start, 3, format!("{{{}}}", mark.label)));
        }
        signs.sort_by_key(|(at, order, _)| (*at, *order));
        let mut line = format!("{kind}: ");
        let mut at = block.span.start;
        for (next, _, sign) in signs {
            line.push_str(ByteSpan::new(at, next).of(&document.text));
            line.push_str(&sign);
            at = next;
        }
        line.push_str(ByteSpan::new(at, block.span.end).of(&document.text));
        lines.push(line.replace('\n', "/"));
    }
    lines.join("\n")
}

/// Panics where a document breaks what [`Document`] promises.
pub(super) fn assert_sound(document: &Document) {
    let text = &document.text;
    let lies_in = |span: ByteSpan| text.get(span.start..span.end).is_some();
    let mut end = 0;
    for block in &document.blocks {
        assert!(lies_in(block.span) && !block.span.is_empty(), "{block:?}");
        assert!(block.span.start >= end, "{block:?} begins before {end}");
        end = block.span.end;
    }
    for link in &document.links {
        assert!(lies_in(link.span) && !link.span.is_empty(), "{link:?}");
    }
    for mark in &document.note_refs {
        assert!(lies_in(mark.span), "{mark:?}");
    }
    assert!(document.places.is_sorted_by_key(|(at, _)| *at));
    assert!(
        document
            .places
            .iter()
            .all(|(at, _)| text.is_char_boundary(*at))
    );
}

/// A package with these members.
pub(super) fn packed(members: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// One text in four formats: links on words, a printed address, a footnote, a list, a cell.
mod one_text {
    use super::packed;
    use crate::citation::{Basis, citations};
    use crate::document::{Format, Hints, read};
    use crate::limits::Limits;
    use std::collections::BTreeMap;

    fn docx() -> Vec<u8> {
        let run = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
        let link = |id: &str, text: &str| {
            format!("<w:hyperlink r:id=\"{id}\">{}</w:hyperlink>", run(text))
        };
        let body = format!(
            "<w:document><w:body><w:p>{}{}{}<w:r><w:footnoteReference w:id=\"1\"/></w:r>{}</w:p>\
             <w:p><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr>{}{}</w:p>\
             <w:tbl><w:tr><w:tc><w:p>{}</w:p></w:tc></w:tr></w:tbl><w:p>{}</w:p></w:body></w:document>",
            run("The mill "),
            link("a", "burned twice"),
            run(" in one year."),
            run(" Nobody was hurt."),
            run("First, "),
            link("b", "in spring"),
            link("c", "40 sacks"),
            run("See https://mill.example/list."),
        );
        let note = format!(
            "<w:footnotes><w:footnote w:id=\"1\"><w:p>{}{}</w:p></w:footnote></w:footnotes>",
            run("From "),
            link("d", "the chronicle")
        );
        let relation = |id: &str, url: &str| {
            format!(
                "<Relationship Id=\"{id}\" Type=\"x/hyperlink\" Target=\"{url}\" TargetMode=\"External\"/>"
            )
        };
        packed(&[
            ("[Content_Types].xml", "<Types/>"),
            ("word/document.xml", &body),
            (
                "word/_rels/document.xml.rels",
                &format!(
                    "<Relationships>{}{}{}</Relationships>",
                    relation("a", "https://mill.example/fire"),
                    relation("b", "https://mill.example/spring"),
                    relation("c", "https://mill.example/sacks"),
                ),
            ),
            ("word/footnotes.xml", &note),
            (
                "word/_rels/footnotes.xml.rels",
                &format!(
                    "<Relationships>{}</Relationships>",
                    relation("d", "https://mill.example/1840")
                ),
            ),
        ])
    }

    fn odt() -> Vec<u8> {
        let link = |url: &str, text: &str| {
            format!("<text:a xlink:href=\"https://mill.example/{url}\">{text}</text:a>")
        };
        let body = format!(
            "<office:document-content><office:body><office:text><text:p>The mill {} in one year.<text:note text:note-class=\"footnote\">\
             <text:note-citation>1</text:note-citation><text:note-body><text:p>From {}</text:p></text:note-body></text:note> Nobody was hurt.</text:p>\
             <text:list><text:list-item><text:p>First, {}</text:p></text:list-item></text:list><table:table><table:table-row><table:table-cell>\
             <text:p>{}</text:p></table:table-cell></table:table-row></table:table><text:p>See https://mill.example/list.</text:p>\
             </office:text></office:body></office:document-content>",
            link("fire", "burned twice"),
            link("1840", "the chronicle"),
            link("spring", "in spring"),
            link("sacks", "40 sacks"),
        );
        packed(&[
            ("mimetype", "application/vnd.oasis.opendocument.text"),
            ("content.xml", &body),
        ])
    }

    fn rtf() -> Vec<u8> {
        let link = |url: &str, text: &str| {
            format!(
                "{{\\field{{\\*\\fldinst HYPERLINK \"https://mill.example/{url}\"}}{{\\fldrslt {text}}}}}"
            )
        };
        format!(
            "{{\\rtf1 The mill {} in one year.{{\\super\\chftn{{\\footnote From {}}}}} Nobody was hurt.\\par\n\
             \\pard{{\\listtext\\bullet\\tab}}First, {}\\par\\pard\\intbl {}\\cell\\row\\pard See https://mill.example/list.}}",
            link("fire", "burned twice"), link("1840", "the chronicle"), link("spring", "in spring"), link("sacks", "40 sacks"),
        )
        .into_bytes()
    }

    fn epub() -> Vec<u8> {
        let link =
            |url: &str, text: &str| format!("<a href=\"https://mill.example/{url}\">{text}</a>");
        let body = format!(
            "<html><body><p>The mill {} in one year.<a epub:type=\"noteref\" href=\"#n\">1</a> Nobody was hurt.</p><ul><li>First, {}</li></ul>\
             <table><tr><td>{}</td></tr></table><p>See https://mill.example/list.</p>\
             <aside epub:type=\"footnote\" id=\"n\"><p>From {}</p></aside></body></html>",
            link("fire", "burned twice"),
            link("spring", "in spring"),
            link("sacks", "40 sacks"),
            link("1840", "the chronicle"),
        );
        packed(&[
            ("mimetype", "application/epub+zip"),
            (
                "META-INF/container.xml",
                "<container><rootfile full-path=\"b.opf\"/></container>",
            ),
            (
                "b.opf",
                "<package><item id=\"c\" href=\"c.xhtml\" media-type=\"application/xhtml+xml\"/><itemref idref=\"c\"/></package>",
            ),
            ("c.xhtml", &body),
        ])
    }

    #[test]
    fn gives_the_same_citations_in_every_format() {
        for (format, bytes) in [
            (Format::Docx, docx()),
            (Format::Odt, odt()),
            (Format::Rtf, rtf()),
            (Format::Epub, epub()),
        ] {
            let document = read(&bytes, Hints::default(), &Limits::default()).unwrap();
            assert_eq!(document.format, format);
            let (found, unusable) = citations(&document, &BTreeMap::new());
            let found: Vec<_> = found
                .iter()
                .map(|one| (one.basis, one.claim.text.as_str(), &*one.url_as_cited))
                .collect();
            let expected = [
                (
                    Basis::Hyperlink,
                    "The mill burned twice in one year.",
                    "https://mill.example/fire",
                ),
                (
                    Basis::Footnote,
                    "The mill burned twice in one year.",
                    "https://mill.example/1840",
                ),
                (
                    Basis::Hyperlink,
                    "First, in spring",
                    "https://mill.example/spring",
                ),
                (Basis::Hyperlink, "40 sacks", "https://mill.example/sacks"),
                (
                    Basis::Inline,
                    "See https://mill.example/list.",
                    "https://mill.example/list",
                ),
            ];
            let (mut found, mut expected) = (found, expected.to_vec());
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{format:?}");
            assert!(unusable.is_empty());
        }
    }
}
