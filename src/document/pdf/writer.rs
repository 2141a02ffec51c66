//! Lines to text: words broken over lines are whole again, labels of items and marks of notes
//! are taken out, and links lie on what became of their glyphs.
//!
//! **In:** lines in reading order. **Out:** a [`Document`]. **Not here:** which lines are
//! notes (`notes`), and where a block ends (`paragraphs`).

use super::Facts;
use super::anchors;
use super::flow::{FlowLine, FlowPage};
use super::joints;
use super::marks::At;
use super::notes::Notes;
use super::paragraphs::{Open, Relation, Usual};
use super::shapes::{Form, Label, ends_sentence, is_caption, is_section, label, labels_of};
use super::tags::{Kind, Tag};
use crate::document::{
    Block, BlockKind, ByteSpan, Document, Format, Link, NoteRef, Place, markdown, settle,
};
use std::collections::{BTreeMap, BTreeSet};

/// A heading is this much larger than running text, and no longer than this.
const LARGE: f64 = 1.14;
const MAX_HEADING: usize = 200;
/// A heading that is bold, and no larger than running text, is no longer than this.
const MAX_BOLD_HEADING: usize = 100;

/// Writes the document.
pub(super) struct Writer<'n> {
    document: Document,
    usual: Usual,
    words: BTreeSet<String>,
    notes: &'n Notes,
    block: Option<OpenBlock>,
    /// The sizes of headings, by the block's index.
    headings: BTreeMap<usize, f64>,
    /// The blocks that are numbered items in files without tags, by their index.
    numbered: Vec<usize>,
    /// The numbers and letters of the latest items, whose next ones may follow.
    items: BTreeSet<String>,
    /// Where each glyph went: by page and line.
    at: anchors::Went,
    page: Option<usize>,
}

/// The block that is being written.
struct OpenBlock {
    kind: BlockKind,
    start: usize,
    /// Whether it is a heading by its size, or bold from its beginning to its end.
    size: f64,
    bold: bool,
    lines: usize,
    tag: Option<Tag>,
    /// The name of the note that it is.
    note: Option<String>,
    open: Open,
}

impl<'n> Writer<'n> {
    pub(super) fn new(usual: Usual, words: BTreeSet<String>, notes: &'n Notes) -> Self {
        Self {
            document: Document::empty(Format::Pdf),
            usual,
            words,
            notes,
            block: None,
            headings: BTreeMap::new(),
            numbered: Vec::new(),
            items: BTreeSet::new(),
            at: BTreeMap::new(),
            page: None,
        }
    }

    /// Writes what a page adds to the running text.
    pub(super) fn running_text(&mut self, number: usize, page: &FlowPage, apart: &[bool]) {
        let mut start = None;
        for (index, line) in page.lines.iter().enumerate() {
            if apart.get(index) == Some(&true) || self.notes.line(number, index).is_some() {
                continue;
            }
            let after = page.lines.get(index + 1..).unwrap_or(&[]);
            let from = self.line(line, (number, index), after);
            start.get_or_insert(from);
        }
        let end = self.document.text.len();
        let start = start.unwrap_or(end).min(end);
        self.document.pages.push(ByteSpan::new(start, end));
    }

    /// Writes the notes of a page.
    pub(super) fn notes(&mut self, number: usize, page: &FlowPage) {
        for (index, line) in page.lines.iter().enumerate() {
            let Some(note) = self.notes.line(number, index) else {
                continue;
            };
            let goes_on = self
                .block
                .as_ref()
                .is_some_and(|block| block.note.as_ref() == Some(&note.name));
            if goes_on {
                self.join(&line.text);
            } else {
                let kind = if self.notes.is_reference(&note.name) {
                    BlockKind::Reference(note.name.clone())
                } else {
                    BlockKind::Footnote(note.name.clone())
                };
                self.begin(kind, line, number, None);
                if let Some(block) = &mut self.block {
                    block.note = Some(note.name.clone());
                }
            }
            self.place(number);
            let went = self.copy(line, (number, index), note.label.unwrap_or(0), false);
            self.at.insert((number, index), went);
        }
    }

    /// Appends a line, of which those `after` it are known; gives where it begins in the text.
    fn line(&mut self, line: &FlowLine, at: At, after: &[FlowLine]) -> usize {
        let (page, _) = at;
        let beside = after.first().filter(|next| is_beside(line, next));
        let item = self.item(line, page);
        let mut relation = self.relation(line, page, item.is_some());
        if let (None, None, Some(block)) = (&item, line.tag, &self.block)
            && block.tag.is_none()
            && block.open.is_cell_line(line, page, after)
        {
            relation = Relation::Same;
        }
        // A row of a table goes on with nothing, unless it is a line of a paragraph that its
        // program stretched too far.
        if let (Relation::Same, Some(next), None, Some(block)) =
            (relation, beside, line.tag, &self.block)
            && block.open.bounds.right < next.bounds.left
            && block.open.last.baseline < line.baseline
        {
            relation = Relation::New;
        }
        let mut skip = 0;
        match relation {
            Relation::Same => self.join(&line.text),
            Relation::New | Relation::Beside => {
                if relation == Relation::Beside
                    && let Some(block) = &mut self.block
                    && block.kind == BlockKind::Paragraph
                {
                    block.kind = BlockKind::TableCell;
                }
                let cell = beside.is_some() || relation == Relation::Beside;
                let kind = self.kind(line, item.is_some(), cell);
                let item = item.filter(|_| kind == BlockKind::ListItem);
                if let Some(item) = item.as_ref().filter(|item| item.form != Form::Bracketed) {
                    skip = item.length;
                }
                let edges = item.as_ref().map(|item| {
                    let after = line.starts.partition_point(|start| *start < item.length);
                    let of_text = line.lefts.get(after).copied();
                    (line.bounds.left, of_text.unwrap_or(line.bounds.left))
                });
                self.begin(kind, line, page, edges);
                if let Some(item) = item {
                    if item.form == Form::Stopped && line.tag.is_none() {
                        self.numbered.push(self.document.blocks.len());
                    }
                    self.items.insert(item.name);
                }
            }
        }
        self.place(page);
        let from = self.document.text.len();
        let went = self.copy(line, at, skip, true);
        self.at.insert(at, went);
        self.extend(line, page, relation == Relation::Same);
        from.min(self.document.text.len())
    }

    fn relation(&self, line: &FlowLine, page: usize, item: bool) -> Relation {
        let Some(block) = &self.block else {
            return Relation::New;
        };
        match (block.tag, line.tag) {
            (Some(open), Some(tag)) if open.block == tag.block => Relation::Same,
            (Some(_), _) | (_, Some(_)) => Relation::New,
            _ if item => Relation::New,
            _ => block.open.relation(line, page, &self.usual),
        }
    }

    /// The label of the item that a line begins, if it begins one.
    fn item(&self, line: &FlowLine, page: usize) -> Option<Label> {
        let found = label(&line.text)?;
        if let Some(tag) = line.tag {
            let begins = self
                .block
                .as_ref()
                .and_then(|block| block.tag)
                .is_none_or(|open| open.block != tag.block);
            return (tag.kind == Kind::ListItem && begins && found.form != Form::Bare)
                .then_some(found);
        }
        // In the middle of a sentence a number or a dash begins nothing.
        let open = self.block.as_ref().map(|block| &block.open);
        let ended = open.is_none_or(|open| {
            ends_sentence(&open.last.text)
                || open.item.is_some()
                || open.relation(line, page, &self.usual) != Relation::Same
        });
        let begins = match found.form {
            Form::Bullet => {
                let dash = line.text.starts_with(['–', '—', '-']);
                !dash || ended
            }
            Form::Stopped | Form::Bracketed => {
                ended && !line.bold && follows(&found.name, &self.items)
            }
            Form::Bare => false,
        };
        begins.then_some(found)
    }

    fn kind(&self, line: &FlowLine, item: bool, cell: bool) -> BlockKind {
        if let Some(tag) = line.tag {
            return match tag.kind {
                Kind::Paragraph => BlockKind::Paragraph,
                Kind::Heading(level) => BlockKind::Heading(level),
                Kind::ListItem => BlockKind::ListItem,
                Kind::TableCell => BlockKind::TableCell,
                Kind::Caption => BlockKind::Caption,
                Kind::Quote => BlockKind::Quote,
                Kind::Code => BlockKind::Code,
                // A note that no mark leads to.
                Kind::Note => BlockKind::Paragraph,
            };
        }
        if line.size > LARGE * self.usual.size && line.text.chars().count() < MAX_HEADING {
            BlockKind::Heading(0)
        } else if item {
            BlockKind::ListItem
        } else if is_caption(&line.text) {
            BlockKind::Caption
        } else if cell {
            BlockKind::TableCell
        } else {
            BlockKind::Paragraph
        }
    }

    fn begin(&mut self, kind: BlockKind, line: &FlowLine, page: usize, item: Option<(f64, f64)>) {
        self.close();
        if !self.document.text.is_empty() {
            self.document.text.push_str("\n\n");
        }
        self.block = Some(OpenBlock {
            start: self.document.text.len(),
            size: line.size,
            bold: true,
            lines: 0,
            tag: line.tag,
            note: None,
            open: Open {
                heading: matches!(kind, BlockKind::Heading(_)),
                cell: kind == BlockKind::TableCell,
                item,
                lines: 1,
                first: line.baseline,
                bounds: line.bounds,
                hang: None,
                last: line.clone(),
                page,
            },
            kind,
        });
    }

    /// Takes a line into what is known of the open block.
    fn extend(&mut self, line: &FlowLine, page: usize, goes_on: bool) {
        let Some(block) = &mut self.block else { return };
        block.bold &= line.bold;
        block.lines += 1;
        if !goes_on {
            return;
        }
        let open = &mut block.open;
        let further = page != open.page || line.baseline < open.last.baseline - line.size;
        if further {
            open.lines = 1;
            open.first = line.baseline;
            open.bounds = line.bounds;
            open.page = page;
        } else {
            open.lines += 1;
            open.bounds = open.bounds.union(line.bounds);
            open.hang.get_or_insert(line.bounds.left);
        }
        open.last = line.clone();
    }

    /// Notes that from here on the text is that page's.
    fn place(&mut self, page: usize) {
        if self.page == Some(page) {
            return;
        }
        self.page = Some(page);
        let place = Place {
            page: u32::try_from(page + 1).ok(),
            line: None,
        };
        self.document.places.push((self.document.text.len(), place));
    }

    /// Copies a line's glyphs but for its first `skip` bytes and the marks of notes; gives for
    /// each glyph where it went.
    fn copy(
        &mut self,
        line: &FlowLine,
        at: At,
        skip: usize,
        marked: bool,
    ) -> Vec<Option<ByteSpan>> {
        let names = |mark: ByteSpan| -> Option<Vec<String>> {
            let labels = labels_of(mark.of(&line.text));
            let names = labels
                .iter()
                .map(|label| self.notes.name(at, label).cloned());
            names
                .collect::<Option<Vec<_>>>()
                .filter(|names| !names.is_empty())
        };
        let marks: Vec<(ByteSpan, Vec<String>)> = line
            .all_marks()
            .filter(|_| marked)
            .filter_map(|mark| Some((mark, names(mark)?)))
            .collect();
        let text = &mut self.document.text;
        let mut went = Vec::with_capacity(line.starts.len());
        let ends = line.starts.iter().skip(1).copied().chain([line.text.len()]);
        for (start, end) in line.starts.iter().copied().zip(ends) {
            let piece = ByteSpan::new(start, end).of(&line.text);
            let mark = marks
                .iter()
                .find(|(mark, _)| mark.start <= start && start < mark.end);
            if let Some((mark, names)) = mark {
                if mark.start == start {
                    let here = text.trim_end().len();
                    self.document
                        .note_refs
                        .extend(names.iter().map(|name| NoteRef {
                            label: name.clone(),
                            span: ByteSpan::new(here, here),
                        }));
                }
                // The space after a mark parts the words on its two sides.
                if piece.ends_with(' ') && !text.ends_with(char::is_whitespace) {
                    text.push(' ');
                }
                went.push(None);
            } else if start < skip {
                went.push(None);
            } else {
                let here = text.len();
                text.push_str(piece);
                let length = piece.trim_end().len();
                went.push((length > 0).then(|| ByteSpan::new(here, here + length)));
            }
        }
        let start = self.block.as_ref().map_or(0, |block| block.start);
        let trimmed = text.trim_end().len().max(start);
        text.truncate(trimmed);
        went
    }

    fn join(&mut self, next: &str) {
        let start = self.block.as_ref().map_or(0, |block| block.start);
        if self.document.text.len() > start {
            joints::join(&mut self.document.text, next, &self.words);
            settle::end_pages(&mut self.document.pages, &self.document.text);
        }
    }

    fn close(&mut self) {
        let Some(block) = self.block.take() else {
            return;
        };
        let span = ByteSpan::new(block.start, self.document.text.len());
        if span.is_empty() {
            // Nothing but a label or marks: as if it had never been.
            let kept = self.document.text.trim_end().len();
            self.document.text.truncate(kept);
            settle::end_pages(&mut self.document.pages, &self.document.text);
            return;
        }
        let mut kind = block.kind;
        let text = span.of(&self.document.text);
        if kind == BlockKind::Paragraph && block.tag.is_none() && block.lines <= 2 {
            let short = text.chars().count() < MAX_BOLD_HEADING && !ends_sentence(text);
            if short && (block.bold || (block.lines == 1 && is_section(text))) {
                kind = BlockKind::Heading(0);
            }
        }
        if kind == BlockKind::Heading(0) {
            self.headings.insert(self.document.blocks.len(), block.size);
        }
        if !matches!(kind, BlockKind::ListItem) && block.open.item.is_none() && block.lines > 0 {
            self.items.clear();
        }
        self.document.blocks.push(Block { kind, span });
    }

    /// Lays the links of a page on what became of their glyphs.
    pub(super) fn links(&mut self, number: usize, page: &FlowPage) {
        self.close();
        let found = page
            .links
            .iter()
            .filter_map(|link| anchors::of(link, number, &self.at, &self.document));
        let found: Vec<Link> = found.collect();
        self.document.links.extend(found);
    }

    pub(super) fn finish(mut self, facts: Facts) -> Document {
        self.close();
        self.lone_items();
        self.levels();
        let mut document = self.document;
        document.links = anchors::one_each(document.links, &document.text);
        document.note_refs.sort_by_key(|mark| mark.span);
        markdown::bare_addresses(&mut document, &[]);
        document.title = facts.title(&document);
        document.language = facts.language;
        document.problems = facts.problems;
        document
    }

    /// A short item without neighbours that ends no sentence is a numbered heading.
    fn lone_items(&mut self) {
        let is_item = |block: Option<&Block>| block.is_some_and(|b| b.kind == BlockKind::ListItem);
        for index in &self.numbered {
            let blocks = &self.document.blocks;
            let before = index.checked_sub(1).and_then(|before| blocks.get(before));
            let Some(block) = blocks.get(*index) else {
                continue;
            };
            let text = block.span.of(&self.document.text);
            if !is_item(before)
                && !is_item(blocks.get(index + 1))
                && text.chars().count() < MAX_BOLD_HEADING
                && !ends_sentence(text)
            {
                self.headings.insert(*index, self.usual.size);
            }
        }
    }

    /// Gives headings their levels: the larger, the higher.
    fn levels(&mut self) {
        let mut sizes: Vec<f64> = self.headings.values().copied().collect();
        sizes.sort_by(|a, b| b.total_cmp(a));
        sizes.dedup_by(|next, before| (*before - *next).abs() < 0.4);
        for (index, size) in &self.headings {
            let rank = sizes.partition_point(|larger| *larger - size >= 0.4);
            if let Some(block) = self.document.blocks.get_mut(*index) {
                block.kind = BlockKind::Heading(u8::try_from(rank + 1).unwrap_or(6).min(6));
            }
        }
    }
}

/// Whether an item's label begins a list or follows one that was met.
fn follows(name: &str, met: &BTreeSet<String>) -> bool {
    if let Ok(number) = name.parse::<u32>() {
        return number == 1
            || number
                .checked_sub(1)
                .is_some_and(|n| met.contains(&n.to_string()));
    }
    match name.bytes().next() {
        Some(b'a' | b'i') => true,
        Some(letter) => {
            met.contains(&char::from(letter.saturating_sub(1)).to_string()) || name.len() > 1
        }
        None => false,
    }
}

/// Whether two lines were drawn one after another in one row, as cells are.
fn is_beside(line: &FlowLine, next: &FlowLine) -> bool {
    let size = line.size.max(next.size);
    (line.baseline - next.baseline).abs() < 0.3 * size && next.bounds.left > line.bounds.right
}
