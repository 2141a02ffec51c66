//! Glyphs to lines, in the order in which a person reads them.
//!
//! **In:** the glyphs of a page as drawn. **Out:** lines of glyphs with the spaces between
//! words. **Not here:** paragraphs, and what repeats on every page.
//!
//! Programs draw text in reading order nearly always, and know better than any measure of
//! white space where a column ends. So the order of drawing is kept, with two repairs:
//! pieces of one line that were drawn apart are brought together, and a page that was
//! drawn all over the place is read by its white space instead.

use super::geometry::Rect;
use super::glyphs::{Glyph, Owner};
use super::tags::Tag;
use std::collections::BTreeMap;

/// Parts of an em. A gap wider than the first is a space; a step across the line further
/// than the second begins a new one; a gap wider than the third is one between columns.
/// (The first two as measured on the 31 files of the development set, 2026-11-23.)
const SPACE: f64 = 0.13;
const ACROSS: f64 = 0.6;
const COLUMN: f64 = 2.5;
/// The widest gap over which pieces that were drawn apart are one line, in ems.
const JOIN: f64 = 0.8;

/// A glyph within a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Placed {
    /// Index among the page's glyphs.
    pub(super) glyph: usize,
    /// Whether a space stands before it.
    pub(super) spaced: bool,
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// Its glyphs in reading order, spaces left out.
    pub(super) glyphs: Vec<Placed>,
    /// Its box.
    pub(super) bounds: Rect,
    /// The size that most of its glyphs have, in points.
    pub(super) size: f64,
    /// Where its baseline lies, from the top.
    pub(super) baseline: f64,
    /// Whether all of it is bold.
    pub(super) bold: bool,
    /// The block that it belongs to, where the file is tagged.
    pub(super) tag: Option<Tag>,
}

/// The lines of a page in reading order.
pub(super) fn lines(glyphs: &[Glyph]) -> Vec<Line> {
    let pieces = pieces(glyphs);
    let joined = join(pieces, glyphs);
    if joined.iter().all(|line| line.tag.is_none()) && disorder(&joined) {
        by_white_space(joined)
    } else {
        joined
    }
}

/// Runs of glyphs that were drawn one after another along a line.
fn pieces(glyphs: &[Glyph]) -> Vec<Line> {
    let mut pieces = Vec::new();
    let mut run: Vec<Placed> = Vec::new();
    let mut before: Option<&Glyph> = None;
    let mut space = false;
    for (index, glyph) in glyphs.iter().enumerate() {
        let step = before.map(|before| Step::between(before, glyph));
        let turns = step.as_ref().is_some_and(|step| step.breaks());
        let other = before.is_some_and(|before| tag(before) != tag(glyph)) && !glyph.is_space();
        if (turns || other) && !run.is_empty() {
            pieces.push(line(std::mem::take(&mut run), glyphs));
            space = false;
        }
        if glyph.is_space() {
            if before.is_some_and(|before| tag(before) != tag(glyph)) {
                continue;
            }
            space = true;
            // A space that is drawn is part of the way to the next glyph.
            before = Some(glyph);
            continue;
        }
        let spaced = !run.is_empty() && (space || step.is_some_and(|step| step.spaces()));
        run.push(Placed {
            glyph: index,
            spaced,
        });
        space = false;
        before = Some(glyph);
    }
    if !run.is_empty() {
        pieces.push(line(run, glyphs));
    }
    pieces
}

fn tag(glyph: &Glyph) -> Option<Tag> {
    match glyph.owner {
        Owner::Block(tag) => Some(tag),
        _ => None,
    }
}

/// The way from the end of one glyph to the beginning of the next, in ems.
struct Step {
    along: f64,
    across: f64,
    turned: bool,
}

impl Step {
    fn between(before: &Glyph, next: &Glyph) -> Self {
        let size = before.size.max(next.size);
        let end = (
            before.origin.0 + before.along.0 * before.advance,
            before.origin.1 + before.along.1 * before.advance,
        );
        let (x, y) = (next.origin.0 - end.0, next.origin.1 - end.1);
        let (ux, uy) = before.along;
        Self {
            along: (x * ux + y * uy) / size,
            across: (x * uy - y * ux).abs() / size,
            turned: ux * next.along.0 + uy * next.along.1 < 0.98,
        }
    }

    fn breaks(&self) -> bool {
        self.turned || self.across > ACROSS || self.along > COLUMN || self.along < -1.0
    }

    fn spaces(&self) -> bool {
        self.along > SPACE
    }
}

fn line(placed: Vec<Placed>, glyphs: &[Glyph]) -> Line {
    let mut bounds: Option<Rect> = None;
    // Widths by size: what most of the line is set in.
    let mut sizes: BTreeMap<u64, (f64, f64, f64)> = BTreeMap::new();
    for Placed { glyph, .. } in &placed {
        let glyph = &glyphs[*glyph];
        bounds = Some(bounds.map_or(glyph.bounds, |bounds| bounds.union(glyph.bounds)));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a font size in quarters of a point"
        )]
        let key = (glyph.size * 4.0).round() as u64;
        let entry = sizes
            .entry(key)
            .or_insert((0.0, glyph.size, glyph.origin.1));
        entry.0 += glyph.advance;
    }
    let (_, size, baseline) = sizes
        .into_values()
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .unwrap_or((0.0, 1.0, 0.0));
    let bold = placed.iter().all(|placed| glyphs[placed.glyph].bold);
    let tag = placed.first().and_then(|placed| tag(&glyphs[placed.glyph]));
    Line {
        glyphs: placed,
        bounds: bounds.unwrap_or(Rect::around(&[(0.0, 0.0)])),
        size,
        baseline,
        bold,
        tag,
    }
}

/// Brings together pieces of one line that were not drawn one after another.
fn join(pieces: Vec<Line>, glyphs: &[Glyph]) -> Vec<Line> {
    // Pieces by rows of a point's height, so that each looks only at its neighbours.
    let mut rows: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (index, piece) in pieces.iter().enumerate() {
        rows.entry(row(piece.baseline)).or_default().push(index);
    }
    let mut next: Vec<Option<usize>> = vec![None; pieces.len()];
    let mut follows = vec![false; pieces.len()];
    for (index, piece) in pieces.iter().enumerate() {
        let at = row(piece.baseline);
        let right = rows
            .range(at - 1..=at + 1)
            .flat_map(|(_, pieces)| pieces)
            .filter(|other| **other != index && !follows[**other])
            .filter(|other| {
                let other = &pieces[**other];
                let size = piece.size.min(other.size);
                let gap = other.bounds.left - piece.bounds.right;
                piece.tag == other.tag
                    && (other.baseline - piece.baseline).abs() < 0.25 * size
                    && other.bounds.left > piece.bounds.left
                    && (-0.3 * size..JOIN * size).contains(&gap)
            })
            .min_by(|a, b| pieces[**a].bounds.left.total_cmp(&pieces[**b].bounds.left));
        if let Some(right) = right {
            next[index] = Some(*right);
            follows[*right] = true;
        }
    }
    let mut joined = Vec::with_capacity(pieces.len());
    for (index, piece) in pieces.iter().enumerate() {
        if follows[index] {
            continue;
        }
        let mut placed = piece.glyphs.clone();
        let mut at = index;
        // Every piece follows one at most and lies right of it, so this ends.
        while let Some(further) = next[at] {
            let gap = pieces[further].bounds.left - pieces[at].bounds.right;
            let spaced = gap > SPACE * pieces[at].size;
            for (index, glyph) in pieces[further].glyphs.iter().enumerate() {
                placed.push(Placed {
                    spaced: if index == 0 { spaced } else { glyph.spaced },
                    ..*glyph
                });
            }
            at = further;
        }
        joined.push(line(placed, glyphs));
    }
    joined
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a place on a page, in rows of four points"
)]
fn row(baseline: f64) -> i64 {
    (baseline / 4.0).floor().clamp(-1e9, 1e9) as i64
}

/// Whether the lines were drawn in no order that a person could follow: again and again
/// upwards within one column.
fn disorder(lines: &[Line]) -> bool {
    let back = lines
        .windows(2)
        .filter(|pair| {
            let [before, next] = pair else { return false };
            let up = next.bounds.bottom < before.bounds.top;
            let beside =
                next.bounds.left < before.bounds.right && before.bounds.left < next.bounds.right;
            up && beside
        })
        .count();
    back > 4 && back * 8 > lines.len()
}

/// Reads a page by its white space: columns by the gutters between them, the rest from
/// the top to the bottom.
fn by_white_space(lines: Vec<Line>) -> Vec<Line> {
    let mut order = Vec::with_capacity(lines.len());
    cut((0..lines.len()).collect(), &lines, 0, &mut order);
    order
        .into_iter()
        .map(|index| lines[index].clone())
        .collect()
}

/// How often an area is cut into smaller ones.
const MAX_CUTS: usize = 24;

fn cut(mut area: Vec<usize>, lines: &[Line], depth: usize, order: &mut Vec<usize>) {
    let split = if depth > MAX_CUTS || area.len() < 2 {
        None
    } else {
        gutter(&area, lines).or_else(|| band(&area, lines))
    };
    match split {
        Some((first, second)) => {
            cut(first, lines, depth + 1, order);
            cut(second, lines, depth + 1, order);
        }
        None => {
            area.sort_by(|a, b| {
                let (a, b) = (&lines[*a].bounds, &lines[*b].bounds);
                let same_row = a.shared_height(*b) > 0.6;
                if same_row {
                    a.left.total_cmp(&b.left)
                } else {
                    a.top.total_cmp(&b.top)
                }
                .then(a.left.total_cmp(&b.left))
            });
            order.extend(area);
        }
    }
}

/// Splits an area at the widest stripe of white that runs through it from top to bottom.
fn gutter(area: &[usize], lines: &[Line]) -> Option<(Vec<usize>, Vec<usize>)> {
    let spans = area.iter().map(|index| {
        let line = &lines[*index];
        (line.bounds.left, line.bounds.right)
    });
    let size = usual_size(area, lines);
    let (at, width) = widest_gap(spans.collect())?;
    let (left, right): (Vec<usize>, Vec<usize>) = area
        .iter()
        .partition(|index| lines[**index].bounds.left < at);
    (width > 0.9 * size && left.len() > 2 && right.len() > 2).then_some((left, right))
}

/// Splits an area at the highest band of white that runs through it from side to side.
fn band(area: &[usize], lines: &[Line]) -> Option<(Vec<usize>, Vec<usize>)> {
    let spans = area.iter().map(|index| {
        let line = &lines[*index];
        (line.bounds.top, line.bounds.bottom)
    });
    let size = usual_size(area, lines);
    let (at, height) = widest_gap(spans.collect())?;
    let (above, below): (Vec<usize>, Vec<usize>) = area
        .iter()
        .partition(|index| lines[**index].bounds.top < at);
    (height > 0.5 * size).then_some((above, below))
}

fn usual_size(area: &[usize], lines: &[Line]) -> f64 {
    let mut sizes: Vec<f64> = area.iter().map(|index| lines[*index].size).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(10.0)
}

/// The middle and the width of the widest gap between intervals.
fn widest_gap(mut spans: Vec<(f64, f64)>) -> Option<(f64, f64)> {
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut reach = spans.first()?.1;
    let mut widest = None;
    for (start, end) in spans {
        let gap = start - reach;
        if gap > 0.0 && widest.is_none_or(|(_, width)| gap > width) {
            widest = Some((f64::midpoint(reach, start), gap));
        }
        reach = reach.max(end);
    }
    widest
}
