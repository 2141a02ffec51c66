//! Where one block ends and the next begins, by white space and letters.
//!
//! **In:** the block that is open, and the next line. **Out:** whether that line goes on with
//! it. **Not here:** tagged files, which say it themselves.

use super::flow::FlowLine;
use super::geometry::Rect;
use super::shapes::{continues_address, ends_sentence, is_section, label, starts_lower};
use std::collections::BTreeMap;

/// Lines of a block are at most so far apart, in ems.
const MAX_LEADING: f64 = 1.75;
/// Times the usual distance of lines that is more than a line's.
const LOOSE: f64 = 1.22;
/// A cell of a table has at most so many lines, and this share of the text's width.
const CELL_LINES: usize = 6;
const CELL_WIDTH: f64 = 0.36;

/// The block that is open.
#[derive(Debug, Clone)]
pub(super) struct Open {
    pub(super) heading: bool,
    pub(super) cell: bool,
    /// The left edges of an item's label and of its text.
    pub(super) item: Option<(f64, f64)>,
    /// Its lines on this page.
    pub(super) lines: usize,
    /// Its first baseline on this page.
    pub(super) first: f64,
    /// The box of its lines on this page.
    pub(super) bounds: Rect,
    /// The left edge of its second and later lines.
    pub(super) hang: Option<f64>,
    /// The last line.
    pub(super) last: FlowLine,
    pub(super) page: usize,
}

/// What is usual in a document.
#[derive(Debug, Clone)]
pub(super) struct Usual {
    /// The size that most of the text is set in.
    pub(super) size: f64,
    /// The distance of lines.
    pub(super) leading: Leading,
    /// The width of a page's text.
    pub(super) width: f64,
}

/// The distance of baselines in ems, by the size that is set: notes and sidebars have their own.
#[derive(Debug, Clone)]
pub(super) struct Leading(pub(super) BTreeMap<u32, f64>);

impl Leading {
    /// Sizes in half points.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a font size in half points"
    )]
    pub(super) fn key(size: f64) -> u32 {
        (size * 2.0).round() as u32
    }

    fn at(&self, size: f64) -> f64 {
        self.0.get(&Self::key(size)).copied().unwrap_or(1.2)
    }
}

/// How a line stands to the open block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// It goes on.
    Same,
    /// It begins another.
    New,
    /// It begins the next cell of the same row.
    Beside,
}

impl Open {
    /// How a line of no or another label stands to this block.
    pub(super) fn relation(&self, line: &FlowLine, page: usize, usual: &Usual) -> Relation {
        let before = &self.last;
        let size = before.size.max(line.size);
        if (before.size - line.size).abs() > 0.1 * size {
            return Relation::New;
        }
        let step = line.baseline - before.baseline;
        let ended = ends_sentence(&before.text);
        let lower = starts_lower(&line.text);
        let same_page = page == self.page;
        let right_of = line.bounds.left > self.bounds.right;
        if same_page && right_of && self.is_cell_beside(line, usual) {
            return Relation::Beside;
        }
        if same_page && step.abs() < 0.3 * size {
            // A label that stands far from its text.
            let alone = label(&before.text).is_some_and(|label| label.length == before.text.len());
            // A line that its program stretched until its words stood far apart.
            let stretched = self.lines > 1 && self.bounds.right >= line.bounds.left;
            return if alone || stretched {
                Relation::Same
            } else {
                Relation::Beside
            };
        }
        if self.cell || self.heading && (!same_page || step < 0.0) {
            return Relation::New;
        }
        if !same_page || step < 0.0 {
            // The next column or page.
            let full = self.lines < 2 || before.bounds.right > self.bounds.right - 4.0 * size;
            let runs = lower || (!ended && full);
            return same(runs || continues_address(&before.text, &line.text));
        }
        if step > 3.0 * size {
            // Over a figure, perhaps.
            return same(!ended && lower && !self.heading);
        }
        let apart =
            line.bounds.right < before.bounds.left || line.bounds.left > before.bounds.right;
        if step > MAX_LEADING * size || apart {
            return Relation::New;
        }
        if self.heading {
            return same(before.bold == line.bold);
        }
        if continues_address(&before.text, &line.text) {
            return Relation::Same;
        }
        if step > LOOSE * usual.leading.at(size) * size && (ended || !lower) {
            return Relation::New;
        }
        let heads = before.bold && !line.bold || self.lines == 1 && is_section(&before.text);
        if heads && !ended && !lower {
            return Relation::New;
        }
        same(!self.ends_before(line, ended, lower))
    }

    /// Whether white space says that the last line ended its paragraph.
    fn ends_before(&self, line: &FlowLine, ended: bool, lower: bool) -> bool {
        let size = line.size;
        let left = line.bounds.left;
        let near = |edge: f64| (left - edge).abs() < 0.6 * size;
        if let Some((of_label, of_text)) = self.item {
            if !near(of_label) && !near(of_text) && !self.hang.is_some_and(near) {
                return ended || !lower;
            }
        } else if ended {
            let indented = left - self.last.bounds.left > 0.7 * size;
            let outdented = self.last.bounds.left - left > 0.7 * size;
            // An indented first line lies right of what follows, and a hanging one left of it.
            if self.lines > 1 && (indented || outdented) {
                return true;
            }
        }
        if ended {
            self.could_hold(line, 0.0)
        } else {
            !lower && self.could_hold(line, 3.0 * size)
        }
    }

    /// Whether the first word of a line would have found room in the line before: someone
    /// ended that line on purpose.
    fn could_hold(&self, line: &FlowLine, slack: f64) -> bool {
        let letters = line.text.chars().count().max(1);
        let word = line
            .text
            .split_whitespace()
            .next()
            .map_or(0, |word| word.chars().count());
        #[expect(clippy::cast_precision_loss, reason = "letters of a line")]
        let needed = line.bounds.width() * (word + 1) as f64 / letters as f64;
        let right = self.bounds.right.max(line.bounds.right);
        self.last.bounds.right + needed + slack < right
    }

    /// Whether a line is one more of this cell: it stands right below, and the lines `after` it
    /// lead back up to where the row begins, for the next cell.
    pub(super) fn is_cell_line(&self, line: &FlowLine, page: usize, after: &[FlowLine]) -> bool {
        let below = |before: &FlowLine, next: &FlowLine| {
            let size = before.size.max(next.size);
            let step = next.baseline - before.baseline;
            (before.size - next.size).abs() < 0.1 * size
                && (0.8 * size..=MAX_LEADING * size).contains(&step)
                && next.bounds.left < self.bounds.right
                && self.bounds.left < next.bounds.right
        };
        if !self.cell || page != self.page || !below(&self.last, line) {
            return false;
        }
        let mut before = line;
        let mut right = self.bounds.right.max(line.bounds.right);
        for next in after.iter().take(CELL_LINES) {
            if !below(before, next) {
                return (next.baseline - self.first).abs() < 0.3 * next.size
                    && next.bounds.left > right;
            }
            before = next;
            right = right.max(next.bounds.right);
        }
        false
    }

    /// Whether a line right of the block begins where the block does: the next cell of a row.
    fn is_cell_beside(&self, line: &FlowLine, usual: &Usual) -> bool {
        self.lines <= CELL_LINES
            && (line.baseline - self.first).abs() < 0.3 * line.size
            && self.bounds.width() < CELL_WIDTH * usual.width
            && line.bounds.width() < CELL_WIDTH * usual.width
    }
}

const fn same(goes_on: bool) -> Relation {
    if goes_on {
        Relation::Same
    } else {
        Relation::New
    }
}
