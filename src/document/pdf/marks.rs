//! Marks of notes that are links: each leads to the note that it means.
//!
//! **In:** the lines of all pages, with the places that their raised numbers and signs lead to.
//! **Out:** for such a mark the line that begins its note. **Not here:** which lines a note has
//! (`notes`), and marks without links.

use super::flow::FlowPage;
use super::shapes::{Form, Label, label};
use std::collections::{BTreeMap, BTreeSet};

/// A destination lies so far above the top of its line at most, or below it, in ems. It is the
/// top of a box that may have a margin: Chromium's lie 2.7 above, those of LaTeX and LibreOffice
/// 0.3 and 0.1 (measured 2026-11-24).
const ABOVE: f64 = 4.0;
const BELOW: f64 = 1.0;

/// A line, by page and place on the page.
pub(super) type At = (usize, usize);

/// The first line of a note.
#[derive(Debug)]
pub(super) struct Begin {
    pub(super) at: At,
    /// Its label, and the bytes that it takes.
    pub(super) label: String,
    pub(super) length: usize,
    /// The first mark that leads there.
    mark: At,
}

impl Begin {
    /// Whether this is the next note of a list after the text: its number follows, and no
    /// text with its mark stands between.
    pub(super) fn goes_on(&self, before: &Self) -> bool {
        let number = |begin: &Self| begin.label.parse::<u32>().ok();
        let next = number(before).and_then(|number| number.checked_add(1));
        next.is_some()
            && number(self) == next
            && self.mark < before.at
            && self.at.0 <= before.at.0 + 1
    }
}

/// The lines that marks lead to.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// By the mark's line and label.
    targets: BTreeMap<(At, String), At>,
    /// All of them with their label and the first mark that leads there.
    begins: BTreeMap<At, (Label, At)>,
    /// By page of the mark and its label, and by label alone.
    on_page: BTreeMap<(usize, String), BTreeSet<At>>,
    by_label: BTreeMap<String, BTreeSet<At>>,
}

impl Marks {
    pub(super) fn of(pages: &[FlowPage], apart: &[Vec<bool>]) -> Self {
        let mut marks = Self::default();
        if pages
            .iter()
            .all(|page| page.lines.iter().all(|line| line.jumps.is_empty()))
        {
            return marks;
        }
        let beginnings = beginnings(pages, apart);
        for (number, page) in pages.iter().enumerate() {
            for (index, line) in page.lines.iter().enumerate() {
                let from = (number, index);
                for (label, place) in line.linked_marks() {
                    let lines = beginnings.get(&(place.page, label.clone()));
                    let Some((at, begun)) = lines.and_then(|lines| nearest(lines, place.top))
                    else {
                        continue;
                    };
                    if at == from {
                        continue;
                    }
                    marks.begins.entry(at).or_insert((begun, from));
                    let on_page = marks.on_page.entry((number, label.clone()));
                    on_page.or_default().insert(at);
                    marks.by_label.entry(label.clone()).or_default().insert(at);
                    marks.targets.entry((from, label)).or_insert(at);
                }
            }
        }
        marks
    }

    /// The line that a mark leads to, by its own line and its label.
    pub(super) fn target(&self, from: At, label: &str) -> Option<At> {
        self.targets.get(&(from, label.to_owned())).copied()
    }

    /// Where the notes of marks begin, in the order of the text.
    pub(super) fn begins(&self) -> impl Iterator<Item = Begin> {
        self.begins.iter().map(|(at, (label, mark))| Begin {
            at: *at,
            label: label.name.clone(),
            length: label.length,
            mark: *mark,
        })
    }

    /// Whether a line may begin the note that marks of a page mean by this label: they lead
    /// there, or nowhere.
    pub(super) fn allow_on(&self, page: usize, label: &str, at: At) -> bool {
        let known = self.on_page.get(&(page, label.to_owned()));
        known.is_none_or(|lines| lines.contains(&at))
    }

    /// Whether a line may begin the note that marks anywhere mean by this label.
    pub(super) fn allow(&self, label: &str, at: At) -> bool {
        self.by_label
            .get(label)
            .is_none_or(|lines| lines.contains(&at))
    }
}

/// A line that begins with a label.
struct Beginning {
    top: f64,
    size: f64,
    at: At,
    label: Label,
}

/// The lines that begin with a label, by page and label, from the top of the page down.
fn beginnings(
    pages: &[FlowPage],
    apart: &[Vec<bool>],
) -> BTreeMap<(usize, String), Vec<Beginning>> {
    let mut found: BTreeMap<(usize, String), Vec<Beginning>> = BTreeMap::new();
    for (number, page) in pages.iter().enumerate() {
        let apart = apart.get(number);
        for (index, line) in page.lines.iter().enumerate() {
            if apart.and_then(|apart| apart.get(index)) == Some(&true) {
                continue;
            }
            let Some(label) = label(&line.text).filter(|label| label.form != Form::Bullet) else {
                continue;
            };
            let lines = found.entry((number, label.name.clone())).or_default();
            lines.push(Beginning {
                top: line.bounds.top,
                size: line.size,
                at: (number, index),
                label,
            });
        }
    }
    for lines in found.values_mut() {
        lines.sort_by(|a, b| a.top.total_cmp(&b.top));
    }
    found
}

/// The line whose top is nearest to a height, if it is near enough.
fn nearest(lines: &[Beginning], height: f64) -> Option<(At, Label)> {
    let below = lines.partition_point(|line| line.top < height);
    let above = below.checked_sub(1).and_then(|above| lines.get(above));
    let far = |line: &Beginning| (line.top - height).abs();
    let best = [above, lines.get(below)]
        .into_iter()
        .flatten()
        .filter(|line| (-BELOW * line.size..=ABOVE * line.size).contains(&(line.top - height)))
        .min_by(|a, b| far(a).total_cmp(&far(b)))?;
    Some((best.at, best.label.clone()))
}
