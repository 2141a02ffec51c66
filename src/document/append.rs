//! One document out of several: the cells of a notebook, the chapters of a book.
//!
//! **In:** documents, in reading order. **Out:** one [`Document`] with their texts
//! a blank line apart, and every span, page and place moved along. **Not here:**
//! which parts there are, and in which order.

use super::{BlockKind, ByteSpan, Document, Format, Link, LinkKind, Place};
use std::collections::BTreeSet;

/// A document that grows part by part.
#[derive(Debug)]
pub struct Assembly {
    document: Document,
    /// Links of page lists stand after all others.
    listed: Vec<Link>,
    /// Labels of the notes and entries that are there already.
    labels: BTreeSet<String>,
    parts: usize,
}

impl Assembly {
    /// Nothing yet, of this format.
    #[must_use]
    pub const fn new(format: Format) -> Self {
        Self {
            document: Document::empty(format),
            listed: Vec::new(),
            labels: BTreeSet::new(),
            parts: 0,
        }
    }

    /// The document so far.
    #[must_use]
    pub const fn so_far(&self) -> &Document {
        &self.document
    }

    /// Adds a part at the end. The first part that names a title, a date or a language names
    /// the whole.
    ///
    /// Parts were written apart, so each counts its notes from 1: a label that the part
    /// defines and an earlier one defined too is made another, in its notes and its marks.
    /// A mark whose note stands in no part before, nor in this one, keeps its label.
    pub fn add(&mut self, mut part: Document) {
        self.parts += 1;
        self.keep_labels_apart(&mut part);
        let document = &mut self.document;
        if !document.text.is_empty() && !part.text.is_empty() {
            document.text.push_str("\n\n");
        }
        let by = document.text.len();
        let moved = |span: ByteSpan| ByteSpan::new(span.start + by, span.end + by);
        let pages = document.pages.len();
        document.text.push_str(&part.text);
        document
            .blocks
            .extend(part.blocks.into_iter().map(|mut block| {
                block.span = moved(block.span);
                block
            }));
        for mut link in part.links {
            link.span = moved(link.span);
            if let LinkKind::PageList { page, .. } = &mut link.kind {
                *page += pages;
                self.listed.push(link);
            } else {
                document.links.push(link);
            }
        }
        document
            .note_refs
            .extend(part.note_refs.into_iter().map(|mut mark| {
                mark.span = moved(mark.span);
                mark
            }));
        document.pages.extend(part.pages.into_iter().map(moved));
        // What a part says nothing about does not stand where the part before it ended.
        let says_at_once = part.places.first().is_some_and(|(start, _)| *start == 0);
        if !says_at_once && !document.places.is_empty() {
            document.places.push((by, Place::default()));
        }
        document.places.extend(
            part.places
                .into_iter()
                .map(|(start, place)| (start + by, place)),
        );
        document.problems.extend(part.problems);
        document.title = document.title.take().or(part.title);
        document.date = document.date.take().or(part.date);
        document.language = document.language.take().or(part.language);
    }

    fn keep_labels_apart(&mut self, part: &mut Document) {
        let mut renamed = BTreeSet::new();
        let mut defined = Vec::new();
        for block in &mut part.blocks {
            let (BlockKind::Footnote(label) | BlockKind::Reference(label)) = &mut block.kind else {
                continue;
            };
            if self.labels.contains(label.as_str()) {
                renamed.insert(label.clone());
                *label = another(label, self.parts);
            }
            defined.push(label.clone());
        }
        for mark in &mut part.note_refs {
            if renamed.contains(&mark.label) {
                mark.label = another(&mark.label, self.parts);
            }
        }
        self.labels.extend(defined);
    }

    /// The whole document.
    #[must_use]
    pub fn finish(self) -> Document {
        let mut document = self.document;
        document.links.extend(self.listed);
        document
    }
}

fn another(label: &str, part: usize) -> String {
    format!("{label} (part {part})")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{markdown, text};

    #[test]
    fn spans_marks_and_places_move_along() {
        let mut whole = Assembly::new(Format::Markdown);
        whole.add(markdown::read(
            "# One\n\nIt [rained](https://e.example/1).[^1]\n\n[^1]: The log.\n",
            None,
        ));
        whole.add(Document::empty(Format::Markdown));
        whole.add(markdown::read(
            "# Two\n\nIt [stopped](https://e.example/2).[^1]\n\n[^1]: See <https://e.example/3>.\n",
            None,
        ));
        let whole = whole.finish();
        let words: Vec<&str> = whole
            .links
            .iter()
            .map(|link| link.span.of(&whole.text))
            .collect();
        assert_eq!(words, ["rained", "stopped", "https://e.example/3"]);
        assert_eq!(whole.title.as_deref(), Some("One"));
        let marks: Vec<&str> = whole.note_refs.iter().map(|m| m.label.as_str()).collect();
        assert_eq!(marks, ["1", "1 (part 3)"]);
        assert_eq!(
            whole.blocks[5].kind,
            BlockKind::Footnote("1 (part 3)".to_owned())
        );
        let at = whole.text.find("stopped").unwrap();
        assert_eq!(whole.place_at(at).line, Some(3));
        for pair in whole.blocks.windows(2) {
            assert!(pair[0].span.end <= pair[1].span.start);
        }
    }

    #[test]
    fn pages_and_their_lists_are_counted_on() {
        let page = "Rain fell on the roof.\nhttps://e.example/a\nhttps://e.example/b\n";
        let mut whole = Assembly::new(Format::Text);
        whole.add(text::read(page));
        whole.add(text::read(page));
        let whole = whole.finish();
        assert_eq!(whole.pages.len(), 2);
        assert_eq!(whole.pages[1].of(&whole.text), "Rain fell on the roof.");
        let pages: Vec<_> = whole.links.iter().map(|link| link.kind).collect();
        assert_eq!(
            pages.last(),
            Some(&LinkKind::PageList {
                page: 1,
                position: 1
            })
        );
    }
}
