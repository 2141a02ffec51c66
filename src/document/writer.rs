//! The text of a document while it is being written, block by block.
//!
//! **In:** words, code, marks and links in reading order, from a reader of markup.
//! **Out:** text whose white space is folded and whose blocks stand a blank line
//! apart, with every span in it. **Not here:** what any markup means.

use super::{Block, BlockKind, ByteSpan, Document, Format, Link, LinkKind, NoteRef, Place};
use std::collections::{BTreeMap, BTreeSet};

/// One stretch of text: the running text, or the body of one note.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) text: String,
    pub(super) blocks: Vec<Block>,
    pub(super) links: Vec<Link>,
    pub(super) note_refs: Vec<NoteRef>,
    pub(super) places: Vec<(usize, Place)>,
    /// Code within lines, in which an address is no link.
    pub(super) code: Vec<ByteSpan>,
    /// The line of the file that is being read.
    pub(super) line: Option<u32>,
    /// What a block is when nothing else was said.
    pub(super) usual: BlockKind,
    kind: Option<BlockKind>,
    /// Where the open block begins, and where the text ended before it.
    open: Option<(usize, usize)>,
    space: bool,
    /// A mark stood after the last word.
    marked: bool,
}

impl Writer {
    pub(super) const fn new(usual: BlockKind) -> Self {
        Self {
            text: String::new(),
            blocks: Vec::new(),
            links: Vec::new(),
            note_refs: Vec::new(),
            places: Vec::new(),
            code: Vec::new(),
            line: None,
            usual,
            kind: None,
            open: None,
            space: false,
            marked: false,
        }
    }

    /// Ends the block and says what the next one is.
    pub(super) fn begin(&mut self, kind: BlockKind) {
        self.end_block();
        self.kind = Some(kind);
    }

    /// Whether the open block has words.
    pub(super) fn has_words(&self) -> bool {
        self.open.is_some_and(|(start, _)| start < self.text.len())
    }

    /// What the open block is.
    pub(super) fn kind(&self) -> &BlockKind {
        self.kind.as_ref().unwrap_or(&self.usual)
    }

    /// Says what the open block is after all.
    pub(super) fn turn_into(&mut self, kind: BlockKind) {
        self.kind = Some(kind);
    }

    /// Opens the block, settles the white space before, and gives the place of the next word.
    pub(super) fn here(&mut self) -> usize {
        let (start, _) = match self.open {
            Some(open) => open,
            None => {
                let before = self.text.len();
                if before > 0 {
                    self.text.push_str("\n\n");
                }
                self.space = false;
                *self.open.insert((self.text.len(), before))
            }
        };
        if self.space && start < self.text.len() && !self.text.ends_with(char::is_whitespace) {
            self.text.push(' ');
        }
        self.space = false;
        let place = Place {
            page: None,
            line: self.line,
        };
        if self.places.last().map(|last| last.1) != Some(place) {
            self.places.push((self.text.len(), place));
        }
        self.text.len()
    }

    /// Writes words; runs of white space become one space.
    pub(super) fn words(&mut self, words: &str) {
        for (index, word) in words.split(char::is_whitespace).enumerate() {
            self.space |= index > 0;
            if !word.is_empty() {
                // "rained [1]." is "rained." where the mark is left out.
                if self.marked && word.starts_with(['.', ',', ';', ':', '!', '?', ')', '”']) {
                    self.space = false;
                }
                self.marked = false;
                self.here();
                self.text.push_str(word);
            }
        }
    }

    /// White space; it is written when words follow.
    pub(super) const fn space(&mut self) {
        self.space = true;
    }

    /// Writes as it is, and remembers it as code.
    pub(super) fn verbatim(&mut self, code: &str) {
        let start = self.here();
        self.text.push_str(code);
        self.code.push(ByteSpan::new(start, self.text.len()));
    }

    /// A whole block of code.
    pub(super) fn code_block(&mut self, code: &str) {
        self.begin(BlockKind::Code);
        let code = code.trim_matches('\n').trim_end();
        if !code.is_empty() {
            self.here();
            self.text.push_str(code);
        }
        self.end_block();
    }

    /// A mark of a note after the words written so far.
    pub(super) fn mark(&mut self, label: String) {
        if self.open.is_none() {
            self.here();
        }
        self.marked = true;
        let end = self.text.trim_end_matches(' ').len();
        self.note_refs.push(NoteRef {
            label,
            span: ByteSpan::new(end, end),
        });
    }

    /// A link on the words since `start`; a link without words cites nothing that can be read.
    pub(super) fn link(&mut self, url: String, start: usize) {
        let span = ByteSpan::new(start, self.text.len());
        let words = span.of(&self.text).trim();
        if words.is_empty() {
            return;
        }
        let kind = if words == url {
            LinkKind::Printed
        } else {
            LinkKind::Hyperlink
        };
        self.links.push(Link {
            certainty: 100,
            url_as_cited: url,
            span,
            kind,
        });
    }

    /// A block whose text and links were made elsewhere.
    pub(super) fn entry(&mut self, kind: BlockKind, text: &str, links: &[(String, ByteSpan)]) {
        self.begin(kind);
        let start = self.here();
        self.text.push_str(text);
        for (url, span) in links {
            let words = span.of(text);
            self.links.push(Link {
                certainty: 100,
                url_as_cited: url.clone(),
                span: ByteSpan::new(start + span.start, start + span.end),
                kind: if words == url {
                    LinkKind::Printed
                } else {
                    LinkKind::Hyperlink
                },
            });
        }
        self.end_block();
    }

    /// Ends the block; one without words leaves no trace.
    pub(super) fn end_block(&mut self) {
        let kind = self.kind.take().unwrap_or_else(|| self.usual.clone());
        self.space = false;
        self.marked = false;
        let Some((start, before)) = self.open.take() else {
            return;
        };
        while self.text.len() > start && self.text.ends_with(char::is_whitespace) {
            self.text.pop();
        }
        let span = ByteSpan::new(start, self.text.len());
        if span.is_empty() {
            self.text.truncate(before);
        } else {
            self.blocks.push(Block { kind, span });
        }
        let end = self.text.len();
        for link in self.links.iter_mut().rev() {
            if link.span.end <= end {
                break;
            }
            link.span = ByteSpan::new(link.span.start.min(end), end);
        }
        for mark in self.note_refs.iter_mut().rev() {
            if mark.span.end <= end {
                break;
            }
            mark.span = ByteSpan::new(end, end);
        }
        while self.places.last().is_some_and(|place| place.0 > end) {
            self.places.pop();
        }
    }

    /// Puts another stretch after this one, as blocks of its own.
    pub(super) fn append(&mut self, mut other: Self) {
        self.end_block();
        other.end_block();
        if other.text.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        let shift = self.text.len();
        let moved = |span: ByteSpan| ByteSpan::new(span.start + shift, span.end + shift);
        self.text.push_str(&other.text);
        self.blocks
            .extend(other.blocks.into_iter().map(|mut block| {
                block.span = moved(block.span);
                block
            }));
        self.links.extend(other.links.into_iter().map(|mut link| {
            link.span = moved(link.span);
            link
        }));
        self.note_refs
            .extend(other.note_refs.into_iter().map(|mut mark| {
                mark.span = moved(mark.span);
                mark
            }));
        self.places.extend(
            other
                .places
                .into_iter()
                .map(|(at, place)| (at + shift, place)),
        );
        self.code.extend(other.code.into_iter().map(moved));
    }

    /// The document, with the addresses that stand bare in it.
    pub(super) fn finish(mut self, format: Format) -> Document {
        self.end_block();
        let mut document = Document::empty(format);
        document.text = self.text;
        document.blocks = self.blocks;
        document.links = self.links;
        document.note_refs = self.note_refs;
        document.places = self.places;
        document.links.retain(|link| !link.span.is_empty());
        document.links.sort_by_key(|link| link.span);
        super::markdown::bare_addresses(&mut document, &self.code);
        document.note_refs.sort_by_key(|mark| mark.span);
        document
    }
}

/// Marks that are moved out of notes, at most: a note with many sources and many marks
/// multiplies them.
const MOST_LIFTED: usize = 20_000;

/// A note that only names sources speaks for the sentence that its own mark stands on:
/// the marks of sources within notes move there. Notes that nothing points to keep theirs.
pub(super) fn lift_marks(document: &mut Document, is_source: impl Fn(&str) -> bool) {
    let mut outer: BTreeMap<String, Vec<ByteSpan>> = BTreeMap::new();
    let mut inner = Vec::new();
    for (index, mark) in document.note_refs.iter().enumerate() {
        match document.block_at(mark.span.start).map(|block| &block.kind) {
            Some(BlockKind::Footnote(note)) => {
                if is_source(&mark.label) {
                    inner.push((index, note.clone()));
                }
            }
            _ => outer.entry(mark.label.clone()).or_default().push(mark.span),
        }
    }
    let mut lifted = Vec::new();
    let mut gone = BTreeSet::new();
    for (index, note) in inner {
        for span in outer.get(&note).into_iter().flatten() {
            if lifted.len() >= MOST_LIFTED {
                break;
            }
            gone.insert(index);
            lifted.push(NoteRef {
                label: document.note_refs[index].label.clone(),
                span: *span,
            });
        }
    }
    let mut index = 0;
    document.note_refs.retain(|_| {
        index += 1;
        !gone.contains(&(index - 1))
    });
    document.note_refs.extend(lifted);
    document.note_refs.sort_by_key(|mark| mark.span);
}
