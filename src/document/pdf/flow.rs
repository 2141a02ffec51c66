//! Lines of pages to a document: paragraphs that go on over columns and pages, headings,
//! notes, and the links on their words.
//!
//! **In:** pages one after another. **Out:** a [`Document`]. **Not here:** where a line or a
//! link begins (`lines`, `page`).

use super::furniture::furniture;
use super::geometry::Rect;
use super::page::{Page, PageLink};
use crate::document::{
    Block, BlockKind, ByteSpan, Document, DocumentError, Format, Link, LinkKind, NoteRef, Place,
    markdown, text,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A page with what is needed of it once its glyphs are gone.
#[derive(Debug)]
pub(super) struct FlowPage {
    pub(super) lines: Vec<FlowLine>,
    pub(super) links: Vec<PageLink>,
    pub(super) height: f64,
}

/// A line with its text.
#[derive(Debug, Clone)]
pub(super) struct FlowLine {
    pub(super) text: String,
    /// Where each of its glyphs begins in the text.
    starts: Vec<usize>,
    pub(super) bounds: Rect,
    pub(super) size: f64,
    baseline: f64,
    /// Raised small numbers: marks of notes, perhaps. Bytes of the text.
    raised: Vec<ByteSpan>,
}

/// Collects pages.
#[derive(Debug)]
pub(super) struct Flow {
    pages: Vec<FlowPage>,
}

impl Flow {
    pub(super) const fn new() -> Self {
        Self { pages: Vec::new() }
    }

    pub(super) fn page(&mut self, page: Page) {
        let lines = page
            .lines
            .iter()
            .map(|line| {
                let mut text = String::new();
                let mut starts = Vec::with_capacity(line.glyphs.len());
                let mut raised: Vec<ByteSpan> = Vec::new();
                for placed in &line.glyphs {
                    let glyph = &page.glyphs[placed.glyph];
                    if placed.spaced && !text.is_empty() {
                        text.push(' ');
                    }
                    let start = text.len();
                    starts.push(start);
                    text.push_str(&glyph.text);
                    let small = glyph.size < 0.82 * line.size
                        && glyph.origin.1 < line.baseline - 0.12 * line.size;
                    let mark = glyph.text.chars().all(|c| c.is_ascii_digit() || is_sign(c));
                    let superscript = glyph.text.chars().all(|c| plain_digit(c).is_some());
                    if (small && mark) || superscript {
                        match raised.last_mut() {
                            Some(last) if last.end == start => last.end = text.len(),
                            _ => raised.push(ByteSpan::new(start, text.len())),
                        }
                    }
                }
                FlowLine {
                    text,
                    starts,
                    bounds: line.bounds,
                    size: line.size,
                    baseline: line.baseline,
                    raised,
                }
            })
            .collect();
        self.pages.push(FlowPage {
            lines,
            links: page.links,
            height: page.height,
        });
    }

    pub(super) fn finish(self) -> Result<Document, DocumentError> {
        if self.pages.iter().all(|page| page.lines.is_empty()) {
            return Err(DocumentError::NoText);
        }
        let body = body_size(&self.pages);
        let apart = furniture(&self.pages);
        let mut writer = Writer::new(body, words_of(&self.pages));
        for (number, (page, apart)) in self.pages.iter().zip(&apart).enumerate() {
            writer.page(number, page, apart);
        }
        Ok(writer.finish())
    }
}

const fn is_sign(character: char) -> bool {
    matches!(character, '*' | '†' | '‡' | '§')
}

/// The digit that a superscript character stands for.
const fn plain_digit(character: char) -> Option<char> {
    Some(match character {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴' => '4',
        '⁵' => '5',
        '⁶' => '6',
        '⁷' => '7',
        '⁸' => '8',
        '⁹' => '9',
        _ => return None,
    })
}

fn label_of(mark: &str) -> String {
    mark.chars().map(|c| plain_digit(c).unwrap_or(c)).collect()
}

/// The size that most of the text is set in.
fn body_size(pages: &[FlowPage]) -> f64 {
    let mut sizes: Vec<(f64, usize)> = pages
        .iter()
        .flat_map(|page| &page.lines)
        .map(|line| (line.size, line.text.len()))
        .collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sizes.iter().map(|(_, length)| length).sum::<usize>() / 2;
    let mut passed = 0;
    for (size, length) in sizes {
        passed += length;
        if passed > half {
            return size;
        }
    }
    10.0
}

/// The words that stand whole on some line: they tell whether a hyphen at a line's end is theirs.
fn words_of(pages: &[FlowPage]) -> BTreeSet<String> {
    pages
        .iter()
        .flat_map(|page| &page.lines)
        .flat_map(|line| line.text.split_whitespace())
        .map(|word| {
            word.trim_matches(|c: char| !c.is_alphanumeric())
                .to_lowercase()
        })
        .filter(|word| word.chars().count() > 3)
        .collect()
}

/// Writes the document.
struct Writer {
    document: Document,
    body: f64,
    words: BTreeSet<String>,
    /// The block that is open: what it is and where it begins.
    open: Option<(BlockKind, usize)>,
    last: Option<Last>,
    /// The notes whose marks were met, by label, with how often that label was used.
    labels: HashMap<String, usize>,
    /// Bold sizes of headings, the greatest first, are levels.
    heading_sizes: Vec<f64>,
}

/// The line before.
struct Last {
    line: FlowLine,
    page: usize,
    /// The rightmost that the lines of its block reach.
    right: f64,
}

impl Writer {
    fn new(body: f64, words: BTreeSet<String>) -> Self {
        Self {
            document: Document::empty(Format::Pdf),
            body,
            words,
            open: None,
            last: None,
            labels: HashMap::new(),
            heading_sizes: Vec::new(),
        }
    }

    fn page(&mut self, number: usize, page: &FlowPage, apart: &[bool]) {
        let page_number = u32::try_from(number + 1).ok();
        let start = self.document.text.len();
        self.document.places.push((
            start,
            Place {
                page: page_number,
                line: None,
            },
        ));
        let notes = notes(page, apart, self.body);
        let marks: BTreeSet<&str> = notes.values().map(String::as_str).collect();
        // Labels of this page as they are in the document: "1", and "1-2" for the second "1".
        let mut named: BTreeMap<String, String> = BTreeMap::new();
        for label in marks {
            let used = self.labels.entry(label.to_owned()).or_insert(0);
            *used += 1;
            let name = match *used {
                1 => label.to_owned(),
                again => format!("{label}-{again}"),
            };
            named.insert(label.to_owned(), name);
        }
        // Where each glyph of the page went.
        let mut at: Vec<Vec<Option<ByteSpan>>> = Vec::with_capacity(page.lines.len());
        for (index, line) in page.lines.iter().enumerate() {
            if apart.get(index) == Some(&true) {
                at.push(Vec::new());
                continue;
            }
            let note = notes.get(&index).and_then(|label| named.get(label));
            at.push(self.line(line, number, note.cloned(), &named));
        }
        for link in &page.links {
            self.link(link, &at);
        }
        let end = self.document.text.len();
        let start = match self.document.text.get(start..) {
            // The paragraph's border lies between the pages.
            Some(rest) => start + (rest.len() - rest.trim_start().len()),
            None => start,
        };
        if let Some(place) = self.document.places.last_mut() {
            place.0 = start.min(end);
        }
        self.document.pages.push(ByteSpan::new(start.min(end), end));
    }

    /// Appends a line; gives for each of its glyphs where it went.
    fn line(
        &mut self,
        line: &FlowLine,
        page: usize,
        note: Option<String>,
        named: &BTreeMap<String, String>,
    ) -> Vec<Option<ByteSpan>> {
        let kind = self.kind(line, note.clone());
        let goes_on = note.is_none() && self.goes_on(line, page, &kind);
        // A mark is no part of the text: neither in running text nor before its note.
        let is_mark = |span: ByteSpan| {
            let label = label_of(span.of(&line.text));
            let own = note.is_some() && line.text[..span.start].trim().is_empty();
            own || (note.is_none() && named.contains_key(&label))
        };
        let marks: Vec<ByteSpan> = line
            .raised
            .iter()
            .copied()
            .filter(|m| is_mark(*m))
            .collect();
        let skip = note.as_ref().map_or(0, |_| skipped_label(&line.text));

        if goes_on {
            self.join(&line.text);
        } else {
            self.close();
            if !self.document.text.is_empty() {
                self.document.text.push_str("\n\n");
            }
            self.open = Some((kind, self.document.text.len()));
        }
        let mut went = Vec::with_capacity(line.starts.len());
        let ends = line.starts.iter().skip(1).copied().chain([line.text.len()]);
        let mut copied = 0;
        for (start, end) in line.starts.iter().copied().zip(ends) {
            let glyph = ByteSpan::new(start, end);
            if let Some(mark) = marks
                .iter()
                .find(|mark| mark.contains(ByteSpan::new(start, start + 1)))
            {
                if mark.start == start && note.is_none() {
                    let label = label_of(mark.of(&line.text));
                    if let Some(name) = named.get(&label) {
                        let here = self.document.text.trim_end().len();
                        self.document.note_refs.push(NoteRef {
                            label: name.clone(),
                            span: ByteSpan::new(here, here),
                        });
                    }
                }
                copied = end;
                went.push(None);
                continue;
            }
            if end <= skip {
                copied = end;
                went.push(None);
                continue;
            }
            let piece = line.text.get(copied.max(start)..end).unwrap_or_default();
            let piece = if went.iter().all(Option::is_none) {
                piece.trim_start()
            } else {
                piece
            };
            let here = self.document.text.len();
            self.document.text.push_str(piece);
            let length = piece.trim_end().len();
            went.push((length > 0).then(|| ByteSpan::new(here, here + length)));
            copied = glyph.end;
        }
        let trimmed = self.document.text.trim_end().len();
        self.document
            .text
            .truncate(trimmed.max(self.open.as_ref().map_or(0, |(_, start)| *start)));
        let right = match &self.last {
            Some(last) if goes_on => last.right.max(line.bounds.right),
            _ => line.bounds.right,
        };
        self.last = Some(Last {
            line: line.clone(),
            page,
            right,
        });
        went
    }

    fn kind(&mut self, line: &FlowLine, note: Option<String>) -> BlockKind {
        if let Some(label) = note {
            return BlockKind::Footnote(label);
        }
        if line.size > 1.14 * self.body && line.text.chars().count() < 200 {
            return BlockKind::Heading(self.level(line.size));
        }
        if is_item(&line.text) {
            return BlockKind::ListItem;
        }
        BlockKind::Paragraph
    }

    /// The level of a heading of that size among those met so far.
    fn level(&mut self, size: f64) -> u8 {
        if !self
            .heading_sizes
            .iter()
            .any(|known| (known - size).abs() < 0.4)
        {
            self.heading_sizes.push(size);
            self.heading_sizes.sort_by(|a, b| b.total_cmp(a));
        }
        let rank = self
            .heading_sizes
            .iter()
            .position(|known| (known - size).abs() < 0.4)
            .unwrap_or(0);
        u8::try_from(rank + 1).unwrap_or(6).min(6)
    }

    /// Whether a line belongs to the block that is open.
    fn goes_on(&self, line: &FlowLine, page: usize, kind: &BlockKind) -> bool {
        let (Some(last), Some((open, _))) = (&self.last, &self.open) else {
            return false;
        };
        let before = &last.line;
        let size = before.size.max(line.size);
        if (before.size - line.size).abs() > 0.1 * size {
            return false;
        }
        let heading = |kind: &BlockKind| matches!(kind, BlockKind::Heading(_));
        if heading(open) != heading(kind) || *kind == BlockKind::ListItem {
            return false;
        }
        let step = line.baseline - before.baseline;
        let ended = ends_sentence(&before.text);
        if page != last.page || step < 0.0 || step > 3.0 * size {
            // The next column or page: a note does not go on there, a sentence may.
            let note = matches!(open, BlockKind::Footnote(_));
            return !note && !heading(open) && (!ended || starts_lower(&line.text));
        }
        // Beside each other: cells of a table.
        if step < 0.3 * size {
            return false;
        }
        if step > 1.75 * size {
            return false;
        }
        let short = before.bounds.right < last.right - 6.0 * size
            || before.bounds.right < line.bounds.right - 6.0 * size;
        let indented = line.bounds.left - before.bounds.left > 0.7 * size;
        let outdented = before.bounds.left - line.bounds.left > 0.7 * size;
        let first_line = self.document.text.len()
            - self.open.as_ref().map_or(0, |(_, start)| *start)
            <= before.text.len();
        // An indented first line lies right of what follows, and a hanging one left of it.
        let border = ended && (short || (indented && !first_line) || (outdented && !first_line));
        !border
    }

    /// Closes the gap between the open block and its next line.
    fn join(&mut self, next: &str) {
        let text = &mut self.document.text;
        let first = next.split_whitespace().next().unwrap_or_default();
        let last_word = text.rsplit(char::is_whitespace).next().unwrap_or_default();
        if is_address(last_word) && continues_address(last_word, first) {
            return;
        }
        if text.ends_with('\u{ad}') {
            text.pop();
            return;
        }
        if text.ends_with(['-', '\u{2010}']) && starts_lower(next) {
            let stem = last_word.trim_end_matches(['-', '\u{2010}']);
            let stem = stem.trim_start_matches(|c: char| !c.is_alphanumeric());
            let tail: String = first
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '-')
                .collect();
            let whole = format!("{stem}-{tail}").to_lowercase();
            let keeps = stem.is_empty() || stem.contains('-') || self.words.contains(&whole);
            if !keeps {
                let hyphen = text.chars().next_back().map_or(0, char::len_utf8);
                text.truncate(text.len() - hyphen);
            }
            return;
        }
        text.push(' ');
    }

    fn link(&mut self, link: &PageLink, at: &[Vec<Option<ByteSpan>>]) {
        let spans = link
            .pieces
            .iter()
            .flatten()
            .filter_map(|(line, place)| *at.get(*line)?.get(*place)?);
        let whole = spans.reduce(|a, b| ByteSpan::new(a.start.min(b.start), a.end.max(b.end)));
        let Some(span) = whole else { return };
        // A link that a page break cuts in two is one.
        if let Some(last) = self.document.links.last_mut()
            && last.url_as_cited == link.url
            && last.span.end <= span.start
            && ByteSpan::new(last.span.end, span.start)
                .of(&self.document.text)
                .trim()
                .is_empty()
            && self
                .document
                .places
                .last()
                .is_some_and(|(start, _)| *start <= span.start && last.span.end <= *start)
        {
            last.span.end = span.end;
            return;
        }
        self.document.links.push(Link {
            url_as_cited: link.url.clone(),
            span,
            kind: LinkKind::Hyperlink,
        });
    }

    fn close(&mut self) {
        let Some((kind, start)) = self.open.take() else {
            return;
        };
        let end = self.document.text.len();
        if start < end {
            self.document.blocks.push(Block {
                kind,
                span: ByteSpan::new(start, end),
            });
        }
    }

    fn finish(mut self) -> Document {
        self.close();
        let mut document = self.document;
        document.links.sort_by_key(|link| link.span);
        markdown::bare_addresses(&mut document, &[]);
        document.title = document
            .blocks
            .iter()
            .find(|block| matches!(block.kind, BlockKind::Heading(1)))
            .map(|block| block.span.of(&document.text).to_owned());
        document
    }
}

/// The lines of a page that begin a note, with its label: small ones that begin with a
/// number or sign which is raised somewhere above them.
fn notes(page: &FlowPage, apart: &[bool], body: f64) -> BTreeMap<usize, String> {
    let mut met: BTreeSet<String> = BTreeSet::new();
    let mut notes = BTreeMap::new();
    for (index, line) in page.lines.iter().enumerate() {
        if apart.get(index) == Some(&true) {
            continue;
        }
        let label = leading_label(&line.text);
        let leads = line
            .raised
            .first()
            .is_some_and(|mark| line.text[..mark.start].trim().is_empty());
        let small = line.size < 0.95 * body;
        if let Some(label) = label
            && met.contains(&label)
            && (small || leads)
            && line.bounds.top > page.height * 0.35
        {
            notes.insert(index, label);
            continue;
        }
        for mark in &line.raised {
            if !line.text[..mark.start].trim().is_empty() {
                met.insert(label_of(mark.of(&line.text)));
            }
        }
    }
    notes
}

/// The number or sign that a line begins with.
fn leading_label(text: &str) -> Option<String> {
    let text = text.trim_start();
    let length = text
        .char_indices()
        .find(|(_, c)| !(c.is_ascii_digit() || plain_digit(*c).is_some() || is_sign(*c)))
        .map_or(text.len(), |(at, _)| at);
    let label = label_of(&text[..length]);
    (!label.is_empty() && label.chars().count() <= 3 && length < text.len()).then_some(label)
}

/// How many bytes of a note's first line are its label.
fn skipped_label(text: &str) -> usize {
    let blank = text.len() - text.trim_start().len();
    let rest = &text[blank..];
    let length = rest
        .char_indices()
        .find(|(_, c)| {
            !(c.is_ascii_digit()
                || plain_digit(*c).is_some()
                || is_sign(*c)
                || matches!(c, '.' | ')'))
        })
        .map_or(rest.len(), |(at, _)| at);
    blank + length
}

fn is_item(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    if matches!(
        first,
        '•' | '‣' | '▪' | '◦' | '●' | '○' | '■' | '–' | '\u{f0b7}'
    ) {
        return true;
    }
    let word = text.split_whitespace().next().unwrap_or_default();
    let inner = word.trim_start_matches('(').trim_end_matches(['.', ')']);
    word.ends_with(['.', ')'])
        && !inner.is_empty()
        && inner.len() <= 2
        && word.len() < text.len()
        && (inner.bytes().all(|b| b.is_ascii_digit())
            || (word.ends_with(')')
                && inner.len() == 1
                && inner.bytes().all(|b| b.is_ascii_lowercase())))
}

fn ends_sentence(text: &str) -> bool {
    let bare = text.trim_end_matches(|c: char| {
        matches!(c, '”' | '"' | '’' | '\'' | ')' | ']' | '»') || c.is_whitespace()
    });
    bare.ends_with(['.', '?', '!', ':', '…'])
}

fn starts_lower(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_lowercase)
}

fn is_address(word: &str) -> bool {
    let word = word.trim_start_matches(['(', '<', '[', '“', '"']);
    ["http://", "https://", "www."]
        .iter()
        .any(|start| word.starts_with(start))
}

/// Whether a printed address that fills its line goes on in the next.
fn continues_address(address: &str, next: &str) -> bool {
    if address.ends_with([')', '>', ']', '”', '"', ',', ';']) || next.is_empty() {
        return false;
    }
    if address.ends_with(['/', '-', '_', '=', '?', '&', '%', '#', '.'])
        && !next.starts_with(char::is_uppercase)
    {
        return text::printed(address).next().is_some() || address.ends_with('/');
    }
    let joint = next.contains(['/', '=', '&', '%', '_', '?']) || next.starts_with(['-', '.', '#']);
    joint && !is_address(next)
}
