//! The text of a document while its tree is walked.

use crate::document::{Block, BlockKind, ByteSpan, Document, Format, NoteRef};

/// Writes blocks a blank line apart; white space at the ends of a block is left out.
pub(super) struct Writer {
    pub(super) document: Document,
    kind: BlockKind,
    /// Where the open block begins, once it has words.
    open: Option<usize>,
    code: Vec<ByteSpan>,
}

impl Writer {
    pub(super) const fn new() -> Self {
        Self {
            document: Document::empty(Format::Pandoc),
            kind: BlockKind::Paragraph,
            open: None,
            code: Vec::new(),
        }
    }

    pub(super) fn begin(&mut self, kind: BlockKind) {
        self.end_block();
        self.kind = kind;
    }

    pub(super) fn push(&mut self, words: &str) {
        let words = if self.open.is_some() {
            words
        } else {
            words.trim_start()
        };
        let is_second_space = words == " " && self.document.text.ends_with(' ');
        if words.is_empty() || is_second_space {
            return;
        }
        let text = &mut self.document.text;
        if self.open.is_none() {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            self.open = Some(text.len());
        }
        text.push_str(words);
    }

    /// A line of a list of references; gives where it begins.
    pub(super) fn entry(&mut self, line: &str) -> usize {
        self.push(line);
        self.open.unwrap_or(self.end())
    }

    /// Code within a line, in which an address is no link.
    pub(super) fn code(&mut self, words: &str) {
        let start = self.end();
        self.push(words);
        let span = self.since(start);
        self.code.push(span);
    }

    pub(super) const fn end(&self) -> usize {
        self.document.text.len()
    }

    /// What was written since then, without white space around it.
    pub(super) fn since(&self, start: usize) -> ByteSpan {
        let written = self.document.text.get(start..).unwrap_or("");
        let end = start + written.trim_end().len();
        let start = end - written.trim().len();
        ByteSpan::new(start, end)
    }

    /// The mark of a note, on the words before it.
    pub(super) fn mark(&mut self, label: String) {
        let end = self.document.text.trim_end().len();
        self.document.note_refs.push(NoteRef {
            label,
            span: ByteSpan::new(end, end),
        });
    }

    pub(super) fn end_block(&mut self) {
        let Some(start) = self.open.take() else {
            return;
        };
        let text = &mut self.document.text;
        text.truncate(text.trim_end().len());
        let kind = std::mem::replace(&mut self.kind, BlockKind::Paragraph);
        let span = ByteSpan::new(start, text.len());
        self.document.blocks.push(Block { kind, span });
    }

    /// The document, and where code stands in its lines.
    pub(super) fn finish(mut self) -> (Document, Vec<ByteSpan>) {
        self.end_block();
        (self.document, self.code)
    }
}
