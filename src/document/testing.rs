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
