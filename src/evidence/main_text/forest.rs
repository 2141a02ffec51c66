//! Boosted trees: how a fitted model answers.
//!
//! **In:** a row of numbers. **Out:** a probability. **Not here:** what the numbers are
//! (`features`, `context`); the fitted constants (`first`, `second`, by `scripts/fit_main_text.py`).

/// A question: is number `.0` of the row at most `.1`? Then node `.2`, else node `.3`;
/// a negative node is the leaf −1 − node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node(
    pub(super) u16,
    pub(super) f32,
    pub(super) i16,
    pub(super) i16,
);

/// A fitted model.
#[derive(Debug)]
pub(super) struct Forest {
    /// Where each tree begins.
    pub(super) roots: &'static [i16],
    pub(super) nodes: &'static [Node],
    pub(super) leaves: &'static [f32],
}

impl Forest {
    /// The probability that the row is one of those looked for.
    pub(super) fn probability(&self, row: &[f32]) -> f32 {
        let mut sum = 0.0;
        for root in self.roots {
            let mut at = *root;
            // A child comes after its parent, so every way ends.
            while let Ok(index) = usize::try_from(at)
                && let Some(node) = self.nodes.get(index)
            {
                let value = row.get(usize::from(node.0)).copied().unwrap_or(0.0);
                at = if value <= node.1 { node.2 } else { node.3 };
            }
            let leaf = usize::try_from(-1 - i32::from(at)).unwrap_or(usize::MAX);
            sum += self.leaves.get(leaf).copied().unwrap_or(0.0);
        }
        1.0 / (1.0 + (-sum).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_asks_its_way_down() {
        let forest = Forest {
            roots: &[0, 2],
            nodes: &[
                Node(0, 1.5, 1, -1),
                Node(1, 0.0, -2, -3),
                Node(1, 9.0, -1, -3),
            ],
            leaves: &[0.0, 20.0, -20.0],
        };
        let check = |row: &[f32], expected: f32| {
            assert!((forest.probability(row) - expected).abs() < 1e-6, "{row:?}");
        };
        check(&[2.0, 1.0], 0.5);
        check(&[1.0, 0.0], 1.0);
        check(&[1.0, 1.0], 0.0);
        check(&[], 1.0);
    }
}
