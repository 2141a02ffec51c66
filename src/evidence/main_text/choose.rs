//! Which lines of a page are its main text.
//!
//! **In:** a page's lines, measured. **Out:** one answer a line. **Not here:** the measures
//! (`features`), the trees (`forest`), their constants (`fitted`).
//!
//! ```text
//! line ─ features ─► trees ─► probability ─┐
//! all lines of the page ───────────────────┴─► the cut of the best expected F1
//! ```
//!
//! Where the trees are sure, the cut is a half. Where they are not (a shop front, a list of
//! links), a half would take nearly nothing, and the best guess is to take more.

use super::facts::Declared;
use super::features::Measured;
use super::fitted::{MODEL, NUMBERS};
use super::forest::{ROWS, Ready};
use super::page::Page;
use std::sync::LazyLock;

static TREES: LazyLock<Ready> = LazyLock::new(|| Ready::new(&MODEL));

/// A line less likely than this is never main (chosen on the data that the trees are fitted on).
const LEAST: f64 = 0.35;
/// A page of more lines is no page that the trees know: all of it counts as main.
const MAX_LINES: usize = 200_000;
/// Rounds in which the cut settles; each looks at every line.
const ROUNDS: usize = 8;

/// Whether each line of a page is main text.
pub(super) fn main_lines(page: &Page, declared: &Declared) -> Vec<bool> {
    if page.lines.len() > MAX_LINES {
        return vec![true; page.lines.len()];
    }
    let measured = Measured::new(page, declared);
    let mut columns = [[0.0; ROWS]; NUMBERS];
    let mut probabilities = Vec::with_capacity(page.lines.len() + ROWS);
    for first in (0..page.lines.len()).step_by(ROWS) {
        // Rows that the last lines leave over hold what was there before, and nobody looks at them.
        for row in 0..ROWS.min(page.lines.len() - first) {
            let mut columns = columns.iter_mut();
            measured.numbers(first + row, move |_, value| {
                if let Some(column) = columns.next() {
                    column[row] = value;
                }
            });
        }
        let found = TREES.probabilities(&columns);
        probabilities.extend(found.into_iter().map(f64::from));
    }
    probabilities.truncate(page.lines.len());
    let weights: Vec<f64> = (0..page.lines.len())
        .map(|index| measured.weight(index))
        .collect();
    let cut = best_cut(&probabilities, &weights);
    probabilities
        .iter()
        .map(|probability| *probability > cut)
        .collect()
}

/// The cut whose choice has the best expected F1: half of that F1 (Lipton and others 2014).
fn best_cut(probabilities: &[f64], weights: &[f64]) -> f64 {
    let all: f64 = probabilities.iter().zip(weights).map(|(p, w)| p * w).sum();
    let mut cut = 0.5;
    for _ in 0..ROUNDS {
        let (mut taken, mut right) = (0.0, 0.0);
        for (probability, weight) in probabilities.iter().zip(weights) {
            if *probability > cut {
                taken += weight;
                right += probability * weight;
            }
        }
        cut = (right / (taken + all).max(1e-9)).max(LEAST);
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::super::page::Line;
    use super::*;
    use crate::document::ByteSpan;

    #[test]
    fn the_trees_know_every_number() {
        let page = Page {
            text: "A line".to_owned(),
            lines: vec![Line {
                span: ByteSpan::new(0, 6),
                linked: 0,
                strong: 0,
                element: 0,
            }],
            ..Page::default()
        };
        let mut numbers = 0;
        Measured::new(&page, &Declared::default()).row(0, &mut |_, value| {
            assert!(value.is_finite());
            numbers += 1;
        });
        assert_eq!(numbers, NUMBERS, "run scripts/fit_main_text.py again");
    }

    #[test]
    fn the_cut_is_low_where_little_is_sure() {
        let cut = |probabilities: &[f64]| best_cut(probabilities, &vec![1.0; probabilities.len()]);
        assert!(cut(&[0.99, 0.98, 0.01]) > 0.45);
        assert!(cut(&[0.6, 0.42, 0.45, 0.4]) < 0.4);
        assert!((cut(&[]) - LEAST).abs() < 1e-9);
    }
}
