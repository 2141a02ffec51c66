//! Pages to a document: what each line is, and the order in which all is written.
//!
//! **In:** pages one after another. **Out:** a [`Document`]: running text, which goes on over
//! columns and pages, then the notes. **Not here:** where a line or a link begins (`lines`,
//! `page`), where a block ends (`paragraphs`).

use super::Facts;
use super::furniture::furniture;
use super::geometry::Rect;
use super::jumps::Spot;
use super::notes::Notes;
use super::page::{Page, PageLink};
use super::paragraphs::{Leading, Usual};
use super::shapes::{is_sign, is_unit, labels_of};
use super::tags::Tag;
use super::writer::Writer;
use crate::document::notes::raised_digit;
use crate::document::{ByteSpan, Document, DocumentError};
use std::collections::{BTreeMap, BTreeSet};

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
    pub(super) starts: Vec<usize>,
    /// The left edge of each of its glyphs.
    pub(super) lefts: Vec<f64>,
    pub(super) bounds: Rect,
    pub(super) size: f64,
    pub(super) baseline: f64,
    pub(super) bold: bool,
    pub(super) tag: Option<Tag>,
    /// Raised small numbers and signs: marks of notes, perhaps. Bytes of the text.
    raised: Vec<ByteSpan>,
    /// What of it leads to a place of the document. Bytes of the text.
    pub(super) jumps: Vec<(ByteSpan, Spot)>,
}

impl FlowLine {
    fn of(page: &Page, line: &super::lines::Line) -> Self {
        let mut text = String::new();
        let mut starts = Vec::with_capacity(line.glyphs.len());
        let mut lefts = Vec::with_capacity(line.glyphs.len());
        let mut raised: Vec<ByteSpan> = Vec::new();
        for placed in &line.glyphs {
            let glyph = &page.glyphs[placed.glyph];
            if placed.spaced && !text.is_empty() {
                text.push(' ');
            }
            let start = text.len();
            starts.push(start);
            lefts.push(glyph.bounds.left);
            text.push_str(&glyph.text);
            // Word processors shrink marks to about 60 % and raise them by a third; browsers
            // shrink them to 83 %, which small capitals are too, but for their rise.
            let rise = (line.baseline - glyph.origin.1) / line.size;
            let small = (glyph.size < 0.82 * line.size && rise > 0.12)
                || (glyph.size < 0.9 * line.size && rise > 0.2);
            let of_mark = |c: char| {
                c.is_ascii_digit() || is_sign(c) || matches!(c, ',' | '[' | ']' | '–' | '-')
            };
            let superscript = glyph.text.chars().all(|c| raised_digit(c).is_some());
            if (small && glyph.text.chars().all(of_mark)) || superscript {
                match raised.last_mut() {
                    Some(last) if last.end == start => last.end = text.len(),
                    _ => raised.push(ByteSpan::new(start, text.len())),
                }
            }
        }
        Self {
            text,
            starts,
            lefts,
            bounds: line.bounds,
            size: line.size,
            baseline: line.baseline,
            bold: line.bold,
            tag: line.tag,
            raised,
            jumps: Vec::new(),
        }
    }

    /// Whether it begins with something raised: the label of a note.
    pub(super) fn leads(&self) -> bool {
        self.raised.first().is_some_and(|mark| mark.start == 0)
    }

    /// What is raised after some words, powers aside.
    pub(super) fn marks(&self) -> impl Iterator<Item = ByteSpan> {
        self.raised.iter().copied().filter(|mark| {
            let before = ByteSpan::new(0, mark.start).of(&self.text);
            !before.is_empty() && !is_unit(before)
        })
    }

    /// The labels of marks that lead to a place of the document, one mark each.
    pub(super) fn linked_marks(&self) -> impl Iterator<Item = (String, Spot)> {
        self.jumps.iter().filter_map(|(jump, spot)| {
            let at = self.raised.partition_point(|mark| mark.end <= jump.start);
            let mark = self.raised.get(at).filter(|mark| mark.overlaps(*jump))?;
            let before = ByteSpan::new(0, mark.start).of(&self.text);
            if before.is_empty() || is_unit(before) {
                return None;
            }
            let both = ByteSpan::new(mark.start.max(jump.start), mark.end.min(jump.end));
            let mut labels = labels_of(both.of(&self.text)).into_iter();
            let label = labels.next()?;
            labels.next().is_none().then_some((label, *spot))
        })
    }

    /// What is raised at all.
    pub(super) fn all_marks(&self) -> impl Iterator<Item = ByteSpan> {
        let leading = self.raised.iter().copied().filter(|mark| mark.start == 0);
        leading.chain(self.marks())
    }
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
        let mut lines: Vec<FlowLine> = page
            .lines
            .iter()
            .map(|line| FlowLine::of(&page, line))
            .collect();
        for jump in &page.jumps {
            let Some(line) = lines.get_mut(jump.line) else {
                continue;
            };
            let end = line.starts.get(jump.last + 1).copied();
            let end = end.unwrap_or(line.text.len());
            if let Some(start) = line.starts.get(jump.first) {
                line.jumps.push((ByteSpan::new(*start, end), jump.to));
            }
        }
        self.pages.push(FlowPage {
            lines,
            links: page.links,
            height: page.height,
        });
    }

    pub(super) fn finish(self, facts: Facts) -> Result<Document, DocumentError> {
        if self.pages.iter().all(|page| page.lines.is_empty()) {
            return Err(DocumentError::NoText);
        }
        let usual = usual(&self.pages);
        let apart = furniture(&self.pages);
        let notes = Notes::of(&self.pages, &apart, usual.size);
        let mut writer = Writer::new(usual, words_of(&self.pages), &notes);
        for (number, (page, apart)) in self.pages.iter().zip(&apart).enumerate() {
            writer.running_text(number, page, apart);
        }
        for (number, page) in self.pages.iter().enumerate() {
            writer.notes(number, page);
        }
        for (number, page) in self.pages.iter().enumerate() {
            writer.links(number, page);
        }
        Ok(writer.finish(facts))
    }
}

/// What most of the text has.
fn usual(pages: &[FlowPage]) -> Usual {
    let lines = || pages.iter().flat_map(|page| &page.lines);
    let size = median(lines().map(|line| (line.size, line.text.len())), 10.0);
    let edges = |edge: fn(&FlowLine) -> f64, least: bool| {
        lines().map(edge).fold(None, |best: Option<f64>, value| {
            Some(best.map_or(value, |best| {
                if least {
                    best.min(value)
                } else {
                    best.max(value)
                }
            }))
        })
    };
    let left = edges(|line| line.bounds.left, true).unwrap_or(0.0);
    let right = edges(|line| line.bounds.right, false).unwrap_or(0.0);
    Usual {
        size,
        leading: leading(pages),
        width: (right - left).max(1.0),
    }
}

/// The usual distance of baselines by the size of what is set, in ems.
fn leading(pages: &[FlowPage]) -> Leading {
    let mut steps: BTreeMap<u32, Vec<(f64, usize)>> = BTreeMap::new();
    for pair in pages.iter().flat_map(|page| page.lines.windows(2)) {
        let [before, next] = pair else { continue };
        let step = (next.baseline - before.baseline) / before.size;
        if (before.size - next.size).abs() < 0.05 * before.size && (0.8..2.0).contains(&step) {
            let steps = steps.entry(Leading::key(before.size)).or_default();
            steps.push((step, next.text.len()));
        }
    }
    Leading(
        steps
            .into_iter()
            .map(|(size, steps)| (size, median(steps.into_iter(), 1.2)))
            .collect(),
    )
}

/// The value in the middle, each counted with its weight.
fn median(values: impl Iterator<Item = (f64, usize)>, none: f64) -> f64 {
    let mut values: Vec<(f64, usize)> = values.collect();
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = values.iter().map(|(_, weight)| weight).sum::<usize>() / 2;
    let mut passed = 0;
    for (value, weight) in values {
        passed += weight;
        if passed > half {
            return value;
        }
    }
    none
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
