//! A document in the making, for formats that come as a stream of runs.
//!
//! **In:** what a reader meets, in its order: a block begins, words, a link opens and
//! closes, a note's mark, a box in the middle of a sentence, a note's body. **Out:** a
//! [`Document`] in reading order. **Not here:** any format.
//!
//! ```text
//!  runs ─► flow: body ──────────────┐ blocks, links, marks
//!          flow: box in a paragraph ┤ after that paragraph
//!          flow: note ──────────────┘ after all running text, in order of marks
//! ```

use super::{
    Block, BlockKind, ByteSpan, Document, Format, Link, LinkKind, NoteRef, Place, Problem,
};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Blocks of one document: a book of 10,000 pages has about 150,000.
const MAX_BLOCKS: usize = 500_000;
/// Links and marks of one document, each.
const MAX_LINKS: usize = 200_000;
/// Bytes of text of one document, as for PDF.
const MAX_TEXT_BYTES: usize = 64 << 20;
/// Links that are open at a time: fields nest, and a field may cover a hyperlink.
const MAX_OPEN_LINKS: usize = 64;
/// Flows within flows: boxes in notes in boxes.
const MAX_FLOWS: usize = 32;
/// Bytes of one address; no server takes longer ones.
const MAX_URL_BYTES: usize = 64 << 10;

/// A link while its words are being read.
#[derive(Debug)]
struct Open {
    url: String,
    target: usize,
    /// Where its words begin, once there are any.
    start: Option<usize>,
    /// Where the block ends in which they begin.
    block_end: Option<usize>,
}

/// A link with the length of what names its target, place within it aside.
#[derive(Debug, Clone)]
struct Drawn {
    link: Link,
    target: usize,
}

/// Text that is read in one go.
#[derive(Debug, Default)]
struct Flow {
    text: String,
    blocks: Vec<Block>,
    links: Vec<Drawn>,
    marks: Vec<NoteRef>,
    places: Vec<(usize, Place)>,
    kind: Option<BlockKind>,
    block_start: usize,
    /// Text of the present block has begun.
    in_block: bool,
    open: Vec<Open>,
    /// Marks before the first word of the present block.
    early: Vec<String>,
    /// Boxes that stand in the present block.
    boxes: Vec<Self>,
}

impl Flow {
    fn end_block(&mut self) {
        let kind = self.kind.take().unwrap_or(BlockKind::Paragraph);
        if self.in_block {
            let end = self.text.trim_end().len().max(self.block_start);
            self.text.truncate(end);
            for link in &mut self.open {
                if link.start.is_some_and(|start| start >= end) {
                    link.start = None;
                } else if link.start.is_some() {
                    link.block_end.get_or_insert(end);
                }
            }
            for mark in self.marks.iter_mut().rev() {
                if mark.span.end <= end {
                    break;
                }
                mark.span = ByteSpan::new(end, end);
            }
            for place in self.places.iter_mut().rev() {
                if place.0 <= end {
                    break;
                }
                place.0 = end;
            }
            for drawn in self.links.iter_mut().rev() {
                if drawn.link.span.end <= end {
                    break;
                }
                drawn.link.span.end = end;
                drawn.link.span.start = drawn.link.span.start.min(end);
            }
            while self
                .links
                .last()
                .is_some_and(|drawn| drawn.link.span.is_empty())
            {
                self.links.pop();
            }
            self.blocks.push(Block {
                kind,
                span: ByteSpan::new(self.block_start, end),
            });
            self.in_block = false;
        }
        // Marks in a block without words stand on what is before them.
        let end = self.text.len();
        for label in self.early.drain(..) {
            self.marks.push(NoteRef {
                label,
                span: ByteSpan::new(end, end),
            });
        }
        for inner in std::mem::take(&mut self.boxes) {
            self.append(inner);
        }
    }

    /// Puts another flow, whose blocks have all ended, after this one's last block.
    fn append(&mut self, other: Self) {
        if other.text.is_empty() {
            let end = self.text.len();
            self.marks
                .extend(other.marks.into_iter().map(|mark| NoteRef {
                    span: ByteSpan::new(end, end),
                    ..mark
                }));
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        let by = self.text.len();
        let shift = |span: ByteSpan| ByteSpan::new(span.start + by, span.end + by);
        self.text.push_str(&other.text);
        self.blocks
            .extend(other.blocks.into_iter().map(|block| Block {
                span: shift(block.span),
                ..block
            }));
        self.links.extend(other.links.into_iter().map(|mut drawn| {
            drawn.link.span = shift(drawn.link.span);
            drawn
        }));
        self.marks
            .extend(other.marks.into_iter().map(|mark| NoteRef {
                span: shift(mark.span),
                ..mark
            }));
        self.places
            .extend(other.places.into_iter().map(|(at, place)| (at + by, place)));
    }

    fn close_link(&mut self, open: Open, end: usize) {
        let Some(start) = open.start else {
            return;
        };
        let words = self.text.get(start..end).unwrap_or("");
        let end = start + words.trim_end().len();
        let words = words.trim();
        if words.is_empty() || self.links.len() >= MAX_LINKS {
            return;
        }
        let bare = |text: &str| text.trim_end_matches('/').to_owned();
        let kind = if bare(words) == bare(&open.url) {
            LinkKind::Printed
        } else {
            LinkKind::Hyperlink
        };
        let span = ByteSpan::new(start, end);
        // A field within a hyperlink often says the same.
        let doubled = self
            .links
            .iter()
            .rev()
            .take(8)
            .any(|drawn| drawn.link.span == span && drawn.link.url_as_cited == open.url);
        if !doubled {
            self.links.push(Drawn {
                link: Link {
                    certainty: 100,
                    url_as_cited: open.url,
                    span,
                    kind,
                },
                target: open.target,
            });
        }
    }

    fn finish(&mut self) {
        self.end_block();
        // What was never closed is on the words up to the end of its block.
        for open in std::mem::take(&mut self.open) {
            let end = open.block_end.unwrap_or(self.text.len());
            self.close_link(open, end);
        }
    }
}

/// Where a flow goes when it is read.
#[derive(Debug)]
enum Destination {
    Box,
    /// The body of a note: its label, and its place among all notes.
    Note(String, usize),
    /// Nowhere: a remark that cites nothing.
    Remark,
    /// Nowhere: too deep.
    Nowhere,
}

/// Builds a document.
#[derive(Debug)]
pub(super) struct Builder {
    format: Format,
    flows: Vec<Flow>,
    destinations: Vec<Destination>,
    /// Notes with their place among all notes.
    notes: Vec<(usize, Flow)>,
    /// What a name stands for that marks use before its note is met.
    names: BTreeMap<String, String>,
    page: Option<u32>,
    blocks: usize,
    bytes: usize,
    full: bool,
    pub(super) problems: Vec<Problem>,
}

impl Builder {
    pub(super) fn new(format: Format) -> Self {
        Self {
            format,
            flows: vec![Flow::default()],
            destinations: Vec::new(),
            notes: Vec::new(),
            names: BTreeMap::new(),
            page: None,
            blocks: 0,
            bytes: 0,
            full: false,
            problems: Vec::new(),
        }
    }

    fn flow(&mut self) -> &mut Flow {
        if self.flows.is_empty() {
            self.flows.push(Flow::default());
        }
        let last = self.flows.len() - 1;
        &mut self.flows[last]
    }

    /// Something that could not be read.
    pub(super) fn problem(&mut self, text: String) {
        // The first hundred tell enough.
        if self.problems.len() < 100 {
            self.problems.push(Problem {
                place: Place {
                    page: self.page,
                    line: None,
                },
                text,
            });
        }
    }

    /// Whether a bound was met, so that nothing more is taken.
    pub(super) const fn is_full(&self) -> bool {
        self.full
    }

    /// Whether anything was written.
    pub(super) const fn has_text(&self) -> bool {
        self.bytes > 0
    }

    /// The page that what follows stands on, where that is known.
    pub(super) const fn set_page(&mut self, page: Option<u32>) {
        self.page = page;
    }

    /// The present page.
    pub(super) const fn page(&self) -> Option<u32> {
        self.page
    }

    /// Ends the present block; what follows is of this kind.
    pub(super) fn begin(&mut self, kind: BlockKind) {
        self.end_block();
        let label = self.destinations.iter().rev().find_map(|destination| {
            if let Destination::Note(label, _) = destination {
                Some(label.clone())
            } else {
                None
            }
        });
        let kind = match label {
            Some(label) if kind != BlockKind::Code => BlockKind::Footnote(label),
            _ => kind,
        };
        self.flow().kind = Some(kind);
    }

    /// Says of what kind the present block is after all.
    pub(super) fn kind(&mut self, kind: BlockKind) {
        let flow = self.flow();
        if !matches!(flow.kind, Some(BlockKind::Footnote(_))) {
            flow.kind = Some(kind);
        }
    }

    /// Ends the present block.
    pub(super) fn end_block(&mut self) {
        self.blocks += usize::from(self.flow().in_block);
        self.flow().end_block();
    }

    /// Words. A line break is `\n`; white space at both ends of a block is dropped.
    pub(super) fn text(&mut self, text: &str) {
        if self.full || text.is_empty() {
            return;
        }
        if self.bytes + text.len() > MAX_TEXT_BYTES || self.blocks > MAX_BLOCKS {
            self.full = true;
            self.problem(format!(
                "it is longer than {MAX_TEXT_BYTES} bytes of text or {MAX_BLOCKS} blocks; \
                 the rest was not read"
            ));
            return;
        }
        self.bytes += text.len();
        if self.flow().kind.is_none() {
            self.begin(BlockKind::Paragraph);
        }
        let place = Place {
            page: self.page,
            line: None,
        };
        let flow = self.flow();
        // Soft hyphens say where a word may be broken and are no part of it.
        let kept = |c: char| {
            !matches!(c, '\u{ad}' | '\u{feff}') && (!c.is_control() || matches!(c, '\t' | '\n'))
        };
        let text: Cow<'_, str> = if text.chars().all(kept) {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(text.chars().filter(|c| kept(*c)).collect())
        };
        let text = if flow.in_block {
            &*text
        } else {
            text.trim_start()
        };
        if text.is_empty() {
            return;
        }
        if !flow.in_block {
            if !flow.text.is_empty() {
                flow.text.push_str("\n\n");
            }
            flow.block_start = flow.text.len();
            flow.in_block = true;
            for label in flow.early.drain(..) {
                flow.marks.push(NoteRef {
                    label,
                    span: ByteSpan::new(flow.block_start, flow.block_start),
                });
            }
        }
        if flow.places.last().map(|last| last.1) != Some(place) && place != Place::default() {
            flow.places.push((flow.text.len(), place));
        }
        let mut waiting = flow.open.iter().any(|link| link.start.is_none());
        for c in text.chars() {
            // An empty line would look like the end of the block.
            if c != '\n' || !flow.text.ends_with('\n') {
                flow.text.push(c);
            }
            if waiting && !c.is_whitespace() {
                waiting = false;
                let at = flow.text.len() - c.len_utf8();
                for link in &mut flow.open {
                    link.start.get_or_insert(at);
                }
            }
        }
    }

    /// A link opens; `target` bytes of its address name what it leads to, the rest the
    /// place there. Gives a number to close it with.
    pub(super) fn open_link(&mut self, url: &str, target: usize) -> Option<usize> {
        let flow = self.flow();
        if flow.open.len() >= MAX_OPEN_LINKS
            || url.is_empty()
            || url.starts_with('#')
            || url.len() > MAX_URL_BYTES
        {
            return None;
        }
        flow.open.push(Open {
            url: url.to_owned(),
            target,
            start: None,
            block_end: None,
        });
        Some(flow.open.len() - 1)
    }

    /// Closes links down to the one with this number.
    pub(super) fn close_link(&mut self, number: usize) {
        let flow = self.flow();
        if number < flow.open.len() {
            let end = flow.text.len();
            for open in flow.open.split_off(number) {
                flow.close_link(open, end);
            }
        }
    }

    /// A mark that points to the note of this label.
    pub(super) fn mark(&mut self, label: &str) {
        let flow = self.flow();
        if flow.marks.len() >= MAX_LINKS || flow.early.len() >= MAX_LINKS {
            return;
        }
        if flow.in_block {
            let end = flow.text.len();
            flow.marks.push(NoteRef {
                label: label.to_owned(),
                span: ByteSpan::new(end, end),
            });
        } else {
            flow.early.push(label.to_owned());
        }
    }

    /// A mark that points to the note which [`Self::name`] tells, before or after.
    pub(super) fn mark_by_name(&mut self, name: &str) {
        self.mark(&format!("\0{name}"));
    }

    /// What a name stands for.
    pub(super) fn name(&mut self, name: &str, label: &str) {
        if self.names.len() < MAX_LINKS {
            self.names
                .entry(name.to_owned())
                .or_insert_with(|| label.to_owned());
        }
    }

    /// A box begins that stands in the present block and is read after it.
    pub(super) fn begin_box(&mut self) {
        let deep = self.flows.len() > MAX_FLOWS;
        self.flows.push(Flow::default());
        self.destinations.push(if deep {
            Destination::Nowhere
        } else {
            Destination::Box
        });
    }

    /// The body of a note begins, the one of this place among all notes.
    pub(super) fn begin_note(&mut self, label: &str, order: usize) {
        self.flows.push(Flow::default());
        self.destinations.push(if self.flows.len() > MAX_FLOWS {
            Destination::Nowhere
        } else {
            Destination::Note(label.to_owned(), order)
        });
    }

    /// The innermost note ends, a reviewer's remark; it is kept where it holds an address.
    pub(super) fn end_remark(&mut self) -> bool {
        let flow = self.flow();
        let cites = !flow.links.is_empty()
            || !flow.open.is_empty()
            || flow.text.contains("http")
            || flow.text.contains("www.");
        if !cites && let Some(destination) = self.destinations.last_mut() {
            *destination = Destination::Remark;
        }
        self.end_flow();
        cites
    }

    /// The innermost box or note ends.
    pub(super) fn end_flow(&mut self) {
        let Some(destination) = self.destinations.pop() else {
            return;
        };
        let Some(mut flow) = self.flows.pop() else {
            return;
        };
        self.blocks += usize::from(flow.in_block);
        flow.finish();
        match destination {
            Destination::Box => {
                let outer = self.flow();
                if outer.in_block {
                    outer.boxes.push(flow);
                } else {
                    outer.append(flow);
                }
            }
            Destination::Note(_, order) => self.notes.push((order, flow)),
            Destination::Remark => {}
            Destination::Nowhere => {
                self.problem("a box or note is nested too deeply and was left out".to_owned());
            }
        }
    }

    /// The document, and for each of its links how many bytes of the address name its target;
    /// `None` for addresses that are printed without a link.
    pub(super) fn finish(mut self) -> (Document, Vec<Option<usize>>) {
        while !self.destinations.is_empty() {
            self.end_flow();
        }
        let mut flow = self.flows.pop().unwrap_or_default();
        flow.finish();
        let mut document = Document::empty(self.format);
        // A typed list of references is found in the running text, before notes follow it.
        document.text = std::mem::take(&mut flow.text);
        document.blocks = std::mem::take(&mut flow.blocks);
        document.note_refs = std::mem::take(&mut flow.marks);
        flow.text = std::mem::take(&mut document.text);
        flow.blocks = std::mem::take(&mut document.blocks);
        flow.marks = std::mem::take(&mut document.note_refs);
        self.notes.sort_by_key(|(order, _)| *order);
        for (_, note) in self.notes {
            flow.append(note);
        }
        document.text = flow.text;
        document.blocks = flow.blocks;
        document.places = flow.places;
        document.problems = self.problems;
        let names = self.names;
        document.note_refs = flow
            .marks
            .into_iter()
            .filter_map(|mark| match mark.label.strip_prefix('\0') {
                Some(name) => Some(NoteRef {
                    label: names.get(name)?.clone(),
                    span: mark.span,
                }),
                None => Some(mark),
            })
            .collect();
        document.note_refs.sort_by_key(|mark| mark.span.start);
        let mut drawn = flow.links;
        drawn.sort_by_key(|drawn| drawn.link.span);
        document.links = drawn.iter().map(|drawn| drawn.link.clone()).collect();
        let found = document.links.len();
        super::markdown::bare_addresses(&mut document, &[]);
        let mut targets = Vec::with_capacity(document.links.len());
        let mut known = drawn.into_iter().take(found).peekable();
        for link in &document.links {
            let drawn = known.next_if(|drawn| drawn.link == *link);
            targets.push(drawn.map(|drawn| drawn.target));
        }
        (document, targets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::testing::{assert_sound, shown};
    use proptest::prelude::*;

    #[test]
    fn blocks_are_trimmed_with_all_that_stands_in_them() {
        let mut builder = Builder::new(Format::Docx);
        builder.begin(BlockKind::Paragraph);
        builder.mark("a");
        let link = builder.open_link("https://e.example/", 18).unwrap();
        builder.text("  words ");
        builder.close_link(link);
        builder.mark("b");
        builder.text(" \n\n ");
        builder.begin(BlockKind::Paragraph);
        builder.mark("c");
        builder.begin_note("a", 0);
        builder.text("note");
        builder.end_flow();
        builder.begin(BlockKind::Code);
        builder.text("code\nlines");
        let (document, targets) = builder.finish();
        assert_sound(&document);
        assert_eq!(
            shown(&document),
            "p: [{a}words](https://e.example/){b}{c}\ncode: code/lines\na: note"
        );
        assert_eq!(targets, [Some(18)]);
    }

    #[derive(Debug, Clone)]
    enum Call {
        Begin(bool),
        Text(String),
        Open,
        Close(usize),
        Mark,
        Box,
        Note,
        EndFlow,
        EndRemark,
        EndBlock,
    }

    fn call() -> impl Strategy<Value = Call> {
        prop_oneof![
            any::<bool>().prop_map(Call::Begin),
            "[ \n\t\u{ad}aé€.]{0,6}".prop_map(Call::Text),
            Just(Call::Open),
            (0_usize..4).prop_map(Call::Close),
            Just(Call::Mark),
            Just(Call::Box),
            Just(Call::Note),
            Just(Call::EndFlow),
            Just(Call::EndRemark),
            Just(Call::EndBlock),
        ]
    }

    proptest! {
        #[test]
        fn any_order_of_calls_makes_a_sound_document(calls in proptest::collection::vec(call(), 0..60)) {
            let mut builder = Builder::new(Format::Docx);
            for call in calls {
                match call {
                    Call::Begin(code) => builder.begin(if code { BlockKind::Code } else { BlockKind::ListItem }),
                    Call::Text(text) => builder.text(&text),
                    Call::Open => drop(builder.open_link("https://e.example/a", 19)),
                    Call::Close(number) => builder.close_link(number),
                    Call::Mark => builder.mark("n"),
                    Call::Box => builder.begin_box(),
                    Call::Note => builder.begin_note("n", 1),
                    Call::EndFlow => builder.end_flow(),
                    Call::EndRemark => drop(builder.end_remark()),
                    Call::EndBlock => builder.end_block(),
                }
            }
            assert_sound(&builder.finish().0);
        }
    }
}
