//! Walks through wikitext and writes down what a reader of the page sees.
//!
//! **In:** characters and their pairs of brackets. **Out:** the running text and the
//! bodies of notes, each in a [`Writer`]. **Not here:** what templates print
//! (`prose`, `cite`), links (`link`).

use super::scan::{self, OpaqueKind, Pairs};
use super::template;
use crate::document::BlockKind;
use crate::document::writer::Writer;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Templates and notes within each other; MediaWiki itself stops at 40 (`MaxTemplateDepth`),
/// articles rarely reach 6. What is deeper is left out.
const DEEPEST: usize = 20;
/// Attributes of one table cell, in bytes.
const LONGEST_ATTRIBUTES: usize = 300;

pub(super) struct Reader<'a> {
    pub(super) source: &'a str,
    pub(super) pairs: Pairs,
    lines: Vec<usize>,
    flows: Vec<Writer>,
    pub(super) depth: usize,
    /// Bodies of notes by their labels, and the order in which they were defined.
    pub(super) notes: BTreeMap<String, Writer>,
    pub(super) defined: Vec<String>,
    /// Labels of the notes that are being read.
    pub(super) inside: Vec<String>,
    pub(super) count: u32,
    pub(super) entries: u32,
    /// Keys that short notes name.
    pub(super) short: BTreeSet<String>,
    /// Keys of sources that are described in notes, with the note's label.
    pub(super) keys: BTreeMap<String, String>,
    /// Captions that stood within a paragraph.
    pub(super) captions: Vec<Writer>,
    pub(super) title: Option<String>,
    /// The level of the heading whose section lists sources.
    listing: Option<u8>,
    tables: usize,
    header: bool,
    item: bool,
    /// Whether the item that begins has a number.
    numbered: bool,
    /// Numbered items of the present list of sources.
    numbers: u32,
    gallery: bool,
    code: Option<usize>,
    /// Where the last `</references` stands.
    last_references: usize,
    /// The end of a line in which no bracket closes any more.
    pub(super) no_bracket: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            pairs: Pairs::of(source),
            lines: std::iter::once(0)
                .chain(source.match_indices('\n').map(|(at, _)| at + 1))
                .collect(),
            flows: vec![Writer::new(BlockKind::Paragraph)],
            depth: 0,
            notes: BTreeMap::new(),
            defined: Vec::new(),
            inside: Vec::new(),
            count: 0,
            entries: 0,
            short: BTreeSet::new(),
            keys: BTreeMap::new(),
            captions: Vec::new(),
            title: None,
            listing: None,
            tables: 0,
            header: false,
            item: false,
            numbered: false,
            numbers: 0,
            gallery: false,
            code: None,
            last_references: source.rfind("</references").unwrap_or(0),
            no_bracket: 0,
        }
    }

    /// Reads it all, and gives the running text.
    pub(super) fn run(&mut self) -> Writer {
        self.walk(0..self.source.len(), true);
        self.flows.truncate(1);
        let mut text = self
            .flows
            .pop()
            .unwrap_or_else(|| Writer::new(BlockKind::Paragraph));
        text.end_block();
        text
    }

    pub(super) fn flow(&mut self) -> &mut Writer {
        if self.flows.is_empty() {
            self.flows.push(Writer::new(BlockKind::Paragraph));
        }
        let last = self.flows.len() - 1;
        &mut self.flows[last]
    }

    pub(super) fn enter(&mut self, usual: BlockKind) {
        let mut flow = Writer::new(usual);
        flow.line = self.flow().line;
        self.flows.push(flow);
    }

    pub(super) fn leave(&mut self) -> Option<Writer> {
        let mut flow = (self.flows.len() > 1).then(|| self.flows.pop()).flatten()?;
        flow.end_block();
        Some(flow)
    }

    /// Writes the words of a range, in the block that is open.
    pub(super) fn render(&mut self, range: Range<usize>) {
        self.nested(range, false);
    }

    /// Writes a range that may hold blocks of its own.
    pub(super) fn render_blocks(&mut self, range: Range<usize>) {
        self.nested(range, true);
    }

    fn nested(&mut self, range: Range<usize>, blocks: bool) {
        if self.depth < DEEPEST {
            self.depth += 1;
            self.walk(range, blocks);
            self.depth -= 1;
        }
    }

    /// The words of a range on one line, written nowhere.
    pub(super) fn words_of(&mut self, range: Range<usize>) -> String {
        self.enter(BlockKind::Paragraph);
        self.render(range);
        let flow = self.leave();
        let text = flow.map(|flow| flow.text).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Begins a block; within a note every block is the note's.
    pub(super) fn begin(&mut self, kind: BlockKind) {
        let usual = self.flow().usual.clone();
        let kind = match (&usual, kind) {
            (BlockKind::Footnote(_), _) => usual,
            (_, BlockKind::ListItem | BlockKind::Paragraph) if self.listing.is_some() => {
                BlockKind::Reference(self.next_entry())
            }
            (_, kind) => kind,
        };
        self.flow().begin(kind);
    }

    pub(super) fn next_entry(&mut self) -> String {
        if std::mem::take(&mut self.numbered) {
            self.numbers += 1;
            return format!("[{}]", self.numbers);
        }
        self.entries += 1;
        format!("entry {}", self.entries)
    }

    pub(super) fn is_in_note(&self) -> bool {
        !self.inside.is_empty()
    }

    pub(super) const fn tables(&self) -> usize {
        self.tables
    }

    fn walk(&mut self, range: Range<usize>, blocks: bool) {
        let bytes = self.source.as_bytes();
        let mut at = range.start;
        let mut run = at;
        let mut line_start = blocks;
        while at < range.end {
            if line_start {
                line_start = false;
                self.place(at);
                let next = self.line(at, range.end);
                if next > at {
                    at = next;
                    run = at;
                    line_start = bytes.get(at.wrapping_sub(1)) == Some(&b'\n');
                    continue;
                }
            }
            let length = match bytes[at] {
                b'\n' => 1,
                b'{' | b'[' | b'<' | b'&' | b'\'' | b'|' | b'!' | b'_' | b'h' => {
                    self.special(at, range.end, run)
                }
                _ => 0,
            };
            if length == 0 {
                at += 1;
                continue;
            }
            if bytes[at] == b'\n' {
                self.text(run, at);
                self.flow().space();
                if blocks {
                    if std::mem::take(&mut self.item) {
                        self.flow().end_block();
                    }
                    line_start = true;
                }
            }
            at += length;
            run = at;
            if !line_start {
                self.place(at);
            }
        }
        self.text(run, range.end);
        if blocks && std::mem::take(&mut self.item) {
            self.flow().end_block();
        }
    }

    fn place(&mut self, at: usize) {
        let line = self.lines.partition_point(|start| *start <= at);
        self.flow().line = u32::try_from(line).ok();
    }

    fn text(&mut self, start: usize, end: usize) {
        let text = self.source.get(start..end).unwrap_or("");
        if self.listing.is_some() && !text.trim().is_empty() && self.flows.len() == 1 {
            self.open_entry();
        }
        self.flow().words(text);
    }

    /// In a list of sources, words without a bullet are an entry too.
    fn open_entry(&mut self) {
        if !self.flow().has_words() && *self.flow().kind() == BlockKind::Paragraph {
            let label = self.next_entry();
            self.flow().turn_into(BlockKind::Reference(label));
        }
    }

    /// What only stands at the start of a line; gives where reading goes on.
    fn line(&mut self, at: usize, end: usize) -> usize {
        let rest = self.source.get(at..end).unwrap_or("");
        let length = rest.find('\n').unwrap_or(rest.len());
        let line = &rest[..length];
        let after = (at + length + 1).min(end);
        let first = line.bytes().next();
        if line.trim().is_empty() {
            self.flow().end_block();
            return after;
        }
        if self.gallery && !line.trim_start().starts_with("</") {
            if let Some((_, caption)) = line.split_once('|') {
                self.begin(BlockKind::Caption);
                self.render(at + length - caption.len()..at + length);
            }
            self.flow().end_block();
            return after;
        }
        match first {
            Some(b'=') => self.heading(at, line).map_or(at, |()| after),
            Some(b'*' | b'#' | b':' | b';') => {
                let marks = line
                    .bytes()
                    .take_while(|b| matches!(b, b'*' | b'#' | b':' | b';'))
                    .count();
                let is_item = line[..marks].contains(['*', '#']);
                self.numbered = &line[..marks] == "#";
                self.begin(if is_item {
                    BlockKind::ListItem
                } else {
                    BlockKind::Paragraph
                });
                self.numbered = false;
                self.item = true;
                at + marks
            }
            Some(b'{') if line.starts_with("{|") => {
                self.flow().end_block();
                self.tables += 1;
                after
            }
            Some(b'|') if self.tables > 0 => self.row(at, line, after),
            Some(b'!') if self.tables > 0 => {
                self.header = true;
                self.cell(at + 1, at + length)
            }
            Some(b'-') if line.starts_with("----") => {
                self.flow().end_block();
                at + line.bytes().take_while(|b| *b == b'-').count()
            }
            _ => at,
        }
    }

    fn row(&mut self, at: usize, line: &str, after: usize) -> usize {
        if line.starts_with("|}") && !line.starts_with("|}}") {
            self.flow().end_block();
            self.tables -= 1;
            return at + 2;
        }
        if line.starts_with("|-") {
            self.flow().end_block();
            return after;
        }
        if line.starts_with("|+") {
            let start = self.cell(at + 2, at + line.len());
            self.flow().turn_into(BlockKind::Caption);
            return start;
        }
        self.header = false;
        self.cell(at + 1, at + line.len())
    }

    /// Begins a cell; gives where its words begin, behind its attributes.
    fn cell(&mut self, at: usize, line_end: usize) -> usize {
        self.begin(BlockKind::TableCell);
        let line = self.source.get(at..line_end).unwrap_or("");
        let head = line.as_bytes();
        for (offset, byte) in head.iter().enumerate().take(LONGEST_ATTRIBUTES) {
            match byte {
                b'|' if head.get(offset + 1) == Some(&b'|') => return at,
                b'|' => return at + offset + 1,
                b'[' | b'{' | b'<' => return at,
                b'!' if self.header && head.get(offset + 1) == Some(&b'!') => return at,
                _ => {}
            }
        }
        at
    }

    fn heading(&mut self, at: usize, line: &str) -> Option<()> {
        let bare = line.split("<!--").next().unwrap_or(line).trim_end();
        let opening = bare.bytes().take_while(|b| *b == b'=').count();
        let closing = bare.bytes().rev().take_while(|b| *b == b'=').count();
        let level = opening.min(closing).min(6);
        if bare.len() < 2 * level + 1 || level == 0 {
            return None;
        }
        let marks = u8::try_from(level).ok()?;
        if self.listing.is_some_and(|listing| marks <= listing) {
            self.listing = None;
        }
        self.flow().end_block();
        self.flow().begin(BlockKind::Heading(marks));
        self.render(at + level..at + bare.len() - level);
        let kept = self.flow().usual.clone();
        self.flow().end_block();
        if self.flows.len() > 1 || kept != BlockKind::Paragraph {
            return Some(());
        }
        let words = self.flow().blocks.last().map(|block| block.span);
        let words = words.map(|span| span.of(&self.flow().text).to_owned())?;
        if level == 1 && self.title.is_none() {
            self.title = Some(words.clone());
        }
        if super::lists_sources(&words) {
            self.listing = self.listing.or(Some(marks));
            self.numbers = 0;
        }
        Some(())
    }

    /// Markup within a line; gives its length, or nothing where it is text after all.
    /// The text before it, from `run`, is written first.
    fn special(&mut self, at: usize, end: usize, run: usize) -> usize {
        let rest = self.source.get(at..end).unwrap_or("");
        let bytes = rest.as_bytes();
        let pair = bytes.get(1) == bytes.first();
        match bytes.first() {
            Some(b'\'') if pair => {
                let length = bytes.iter().take_while(|b| **b == b'\'').count();
                self.text(run, at);
                length
            }
            Some(b'&') => match scan::entity(rest) {
                Some((c, length)) => {
                    self.text(run, at);
                    self.flow().words(c.encode_utf8(&mut [0; 4]));
                    length
                }
                None => 0,
            },
            Some(b'{') if pair => match self.pairs.closer(at).filter(|close| close + 2 <= end) {
                Some(close) => {
                    self.text(run, at);
                    self.template(at + 2..close);
                    close + 2 - at
                }
                None => 0,
            },
            Some(b'[') if pair => match self.pairs.closer(at).filter(|close| close + 2 <= end) {
                Some(close) => {
                    self.text(run, at);
                    self.internal(at + 2..close);
                    close + 2 - at
                }
                None => 0,
            },
            Some(b'[') if template::is_address(&rest[1..]) => {
                let Some((url, words, after)) = self.external(at, end) else {
                    return 0;
                };
                self.text(run, at);
                self.outer_link(url, words);
                after - at
            }
            Some(b'|') if pair && self.tables > 0 && self.depth == 0 => {
                self.text(run, at);
                let line = rest.find('\n').unwrap_or(rest.len());
                self.cell(at + 2, at + line) - at
            }
            Some(b'!') if pair && self.header && self.tables > 0 && self.depth == 0 => {
                self.text(run, at);
                let line = rest.find('\n').unwrap_or(rest.len());
                self.cell(at + 2, at + line) - at
            }
            Some(b'_') if pair => {
                let word = rest[2..]
                    .bytes()
                    .take(30)
                    .take_while(u8::is_ascii_uppercase)
                    .count();
                if word == 0 || !rest[2 + word..].starts_with("__") {
                    return 0;
                }
                self.text(run, at);
                word + 4
            }
            Some(b'h') if rest.starts_with("http://") || rest.starts_with("https://") => {
                let length = rest
                    .find(|c: char| {
                        c.is_whitespace()
                            || matches!(c, '<' | '>' | '[' | ']' | '{' | '}' | '|' | '"')
                    })
                    .unwrap_or(rest.len());
                let length = rest[..length].find("''").unwrap_or(length);
                self.text(run, at);
                let url = rest[..length].replace("&amp;", "&");
                self.flow().words(&url);
                length
            }
            Some(b'<') => self.tag(at, rest, run),
            _ => 0,
        }
    }

    fn tag(&mut self, at: usize, rest: &str, run: usize) -> usize {
        if let Some(opaque) = self.pairs.opaque(at) {
            if opaque.after > at + rest.len() {
                return 0;
            }
            self.text(run, at);
            let content = self.source.get(opaque.start..opaque.end).unwrap_or("");
            match opaque.kind {
                OpaqueKind::NoWiki => self.flow().words(content),
                OpaqueKind::Math => {
                    let formula = content.trim();
                    self.flow().words(formula);
                }
                OpaqueKind::Code if content.contains('\n') || rest.starts_with("<pre") => {
                    self.flow().code_block(content);
                }
                OpaqueKind::Code => self.flow().verbatim(content.trim()),
                OpaqueKind::Comment | OpaqueKind::Other => {}
            }
            return opaque.after - at;
        }
        let lower = rest
            .get(..rest.floor_char_boundary(12))
            .unwrap_or("")
            .to_ascii_lowercase();
        let Some(tag_end) = scan::tag_end(rest) else {
            return 0;
        };
        let tag = &rest[..tag_end];
        if scan::is_tag(&lower, "ref") {
            self.text(run, at);
            let name = scan::attribute(tag, "name");
            let group = scan::attribute(tag, "group");
            let content = self.pairs.note(at).filter(|note| note.2 <= at + rest.len());
            self.note(name, group, content.map(|(start, end, _)| start..end));
            return content.map_or(tag_end, |(_, _, after)| after - at);
        }
        let closes = lower.starts_with("</");
        let name: String = lower
            .trim_start_matches(['<', '/'])
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        if name.is_empty() {
            return 0;
        }
        self.text(run, at);
        match name.as_str() {
            "br" | "wbr" => self.flow().space(),
            "blockquote" | "poem" => {
                self.flow().end_block();
                let usual = self.flow().usual.clone();
                if !matches!(usual, BlockKind::Footnote(_)) {
                    self.flow().usual = if closes {
                        BlockKind::Paragraph
                    } else {
                        BlockKind::Quote
                    };
                }
            }
            "li" | "dd" => self.begin(BlockKind::ListItem),
            "td" | "th" => self.begin(BlockKind::TableCell),
            "p" | "div" | "center" | "ul" | "ol" | "dl" | "dt" | "table" | "tr" | "hr" | "h1"
            | "h2" | "h3" | "h4" | "caption" => self.flow().end_block(),
            "gallery" => {
                self.flow().end_block();
                self.gallery = !closes;
            }
            "references" if closes => {
                let is_open = self.flows.len() > 1 && !self.is_in_note();
                is_open.then(|| self.leave());
            }
            "references"
                if !tag.ends_with("/>") && at < self.last_references && self.flows.len() == 1 =>
            {
                self.flow().end_block();
                self.enter(BlockKind::Paragraph);
            }
            "code" | "tt" | "kbd" | "samp" if !closes => self.code = Some(self.flow().here()),
            "code" | "tt" | "kbd" | "samp" => {
                if let Some(start) = self.code.take() {
                    let flow = self.flow();
                    let end = flow.text.len();
                    flow.code
                        .push(crate::document::ByteSpan::new(start.min(end), end));
                }
            }
            _ => {}
        }
        tag_end
    }

    /// A note: its mark, and its body where it has one here.
    pub(super) fn note(
        &mut self,
        name: Option<String>,
        group: Option<String>,
        content: Option<Range<usize>>,
    ) {
        let name = name.filter(|name| !name.is_empty());
        let label = match (name, group.filter(|group| !group.is_empty())) {
            (Some(name), Some(group)) => format!("{group} {name}"),
            (Some(name), None) => name,
            (None, _) => {
                self.count += 1;
                format!("#{}", self.count)
            }
        };
        self.flow().mark(label.clone());
        let Some(content) = content else {
            return;
        };
        if self.notes.contains_key(&label) || self.inside.contains(&label) || self.depth >= DEEPEST
        {
            return;
        }
        self.enter(BlockKind::Footnote(label.clone()));
        self.inside.push(label.clone());
        let (item, gallery) = (
            std::mem::take(&mut self.item),
            std::mem::take(&mut self.gallery),
        );
        self.render(content);
        (self.item, self.gallery) = (item, gallery);
        self.inside.pop();
        if let Some(body) = self.leave() {
            self.defined.push(label.clone());
            self.notes.insert(label, body);
        }
    }
}
