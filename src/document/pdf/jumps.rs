//! Links within a document, on the words that they lie on.
//!
//! **In:** the annotations of a page that lead to places of the document. **Out:** those on few
//! glyphs, each with the page that it leads to and the height there. **Not here:** which words
//! stand at that place (`marks`).

use super::annotations;
use super::glyphs::Glyph;
use super::lines::Line;
use super::page::Room;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::ObjectIdentifier;
use hayro_interpret::kurbo::{Affine, Point};
use std::collections::BTreeMap;

/// Glyphs of a mark with its brackets: `[1]`, `123`; links on more are no marks.
const MAX_MARK: usize = 8;

/// A link to a place of the document, on a few glyphs of one line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Jump {
    pub(super) line: usize,
    /// The first of its glyphs in the line, and the last.
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) to: Spot,
}

/// A height of a page, from the top, as the page is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spot {
    /// The page's number in reading order, from 0.
    pub(super) page: usize,
    pub(super) top: f64,
}

/// Where each page stands in reading order, and how it is shown.
pub(super) struct Sheets(BTreeMap<ObjectIdentifier, (usize, Affine)>);

impl Sheets {
    pub(super) fn of(pdf: &Pdf, order: &[usize]) -> Self {
        let mut sheets = BTreeMap::new();
        for (number, index) in order.iter().enumerate() {
            let page = pdf.pages().get(*index);
            if let Some((page, id)) = page.and_then(|page| Some((page, page.raw().obj_id()?))) {
                let shown = Affine::new(page.initial_transform(true).as_coeffs());
                sheets.entry(id).or_insert((number, shown));
            }
        }
        Self(sheets)
    }

    /// The links within the document that lie on few glyphs of one line.
    pub(super) fn jumps(
        &self,
        within: &[annotations::Jump],
        glyphs: &[Glyph],
        lines: &[Line],
        room: &mut Room,
    ) -> Vec<Jump> {
        let mut jumps = Vec::new();
        for jump in within {
            let Some((page, shown)) = self.0.get(&jump.to.page) else {
                continue;
            };
            let words = room.covered(&jump.boxes, glyphs, lines);
            let (Some(first), Some(last)) = (words.first(), words.last()) else {
                continue;
            };
            let top = (*shown * Point::new(jump.to.point.0, jump.to.point.1)).y;
            if first.0 == last.0 && words.len() <= MAX_MARK && top.is_finite() {
                jumps.push(Jump {
                    line: first.0,
                    first: first.1,
                    last: last.1,
                    to: Spot { page: *page, top },
                });
            }
        }
        jumps
    }
}
