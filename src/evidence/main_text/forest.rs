//! Boosted trees: how a fitted model answers, for many rows at once.
//!
//! **In:** rows of numbers, as columns. **Out:** a probability a row. **Not here:** what the
//! numbers are (`features`); the fitted constants (`fitted`, by `scripts/fit_main_text.py`).
//!
//! A tree is not walked. Its leaves are bits, counted from the left; a node whose answer is no
//! rules out the leaves on its left, and of those that remain at the end the leftmost is the
//! answer (QuickScorer, Lucchese and others 2015). So the nodes may be asked in any order: number
//! by number, the cuts of each upwards until none of the rows lies above, and all rows together.

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

/// Rows that are asked together.
pub(super) const ROWS: usize = 16;
/// The most trees of a model; a tree's number is a byte.
const TREES: usize = 256;
/// The most leaves of a tree: the last of 16 bits is never ruled out.
const LEAVES: usize = 16;

/// A node, as it is asked: of rows that lie above the cut these leaves of the tree are kept.
#[derive(Debug, Clone, Copy)]
struct Cut {
    at: f32,
    kept: u16,
    tree: u8,
}

/// A model, ready to be asked.
#[derive(Debug)]
pub(super) struct Ready {
    /// The cuts of each number, upwards.
    cuts: Vec<Vec<Cut>>,
    /// The leaves of each tree, from the left.
    leaves: Vec<[f32; LEAVES]>,
}

impl Ready {
    pub(super) fn new(forest: &Forest) -> Self {
        let mut ready = Self {
            cuts: Vec::new(),
            leaves: Vec::new(),
        };
        for (tree, root) in (0..=u8::MAX).zip(forest.roots) {
            let mut leaves = Vec::new();
            ready.place(forest, *root, tree, &mut leaves);
            let mut all = [0.0; LEAVES];
            for (place, leaf) in all.iter_mut().zip(leaves) {
                *place = leaf;
            }
            ready.leaves.push(all);
        }
        for cuts in &mut ready.cuts {
            cuts.sort_by(|one, other| one.at.total_cmp(&other.at));
        }
        ready
    }

    /// Places what hangs on a node; gives the bits of its leaves.
    fn place(&mut self, forest: &Forest, at: i16, tree: u8, leaves: &mut Vec<f32>) -> u16 {
        let node = usize::try_from(at).ok().and_then(|at| forest.nodes.get(at));
        let Some(Node(number, cut, left, right)) = node else {
            let leaf = usize::try_from(-1 - i32::from(at)).unwrap_or(usize::MAX);
            leaves.push(forest.leaves.get(leaf).copied().unwrap_or(0.0));
            return 1 << (leaves.len() - 1);
        };
        let left = self.place(forest, *left, tree, leaves);
        let right = self.place(forest, *right, tree, leaves);
        let cut = Cut {
            at: *cut,
            kept: !left,
            tree,
        };
        let number = usize::from(*number);
        if self.cuts.len() <= number {
            self.cuts.resize(number + 1, Vec::new());
        }
        self.cuts[number].push(cut);
        left | right
    }

    /// The probability of each row that it is one of those looked for; every number is finite.
    #[allow(clippy::needless_range_loop)] // Iterators in pairs are not always seen through.
    pub(super) fn probabilities(&self, columns: &[[f32; ROWS]]) -> [f32; ROWS] {
        let mut kept = [u16::MAX; TREES];
        let mut between = Vec::with_capacity(self.cuts.len());
        for (cuts, column) in self.cuts.iter().zip(columns) {
            if cuts.is_empty() {
                continue;
            }
            let (least, most) = ends(column);
            let mut cuts = cuts.as_slice();
            // What every row lies above is asked once for all.
            while let Some((cut, others)) = cuts.split_first()
                && cut.at < least
            {
                kept[usize::from(cut.tree)] &= cut.kept;
                cuts = others;
            }
            if cuts.first().is_some_and(|cut| cut.at < most) {
                between.push((column, most, cuts));
            }
        }
        let every = kept;
        let mut kept = [[0; ROWS]; TREES];
        for (rows, leaves) in kept.iter_mut().zip(every) {
            *rows = [leaves; ROWS];
        }
        for (column, most, cuts) in between {
            for cut in cuts {
                let Cut {
                    at,
                    kept: own,
                    tree,
                } = *cut;
                if at >= most {
                    break;
                }
                let rows = &mut kept[usize::from(tree)];
                // Without branches, and in a copy, so that it is done in wide registers.
                let mut next = *rows;
                for row in 0..ROWS {
                    let all = u16::from(column[row] > at).wrapping_sub(1);
                    next[row] &= own | all;
                }
                *rows = next;
            }
        }
        let mut answers = self.sums(&kept);
        for sum in &mut answers {
            *sum = 1.0 / (1.0 + (-*sum).exp());
        }
        answers
    }

    /// Adds up the leaves that the rows arrived at, tree by tree.
    #[allow(clippy::needless_range_loop)] // As above.
    fn sums(&self, kept: &[[u16; ROWS]; TREES]) -> [f32; ROWS] {
        /// As many sums as stay in registers.
        const PART: usize = 8;
        let mut all = [0.0; ROWS];
        for first in (0..ROWS).step_by(PART) {
            let mut sums = [0.0; PART];
            for (leaves, kept) in self.leaves.iter().zip(kept) {
                for row in 0..PART {
                    let leaf = (kept[first + row] | 1 << (LEAVES - 1)).trailing_zeros();
                    sums[row] += leaves[leaf as usize];
                }
            }
            all[first..first + PART].copy_from_slice(&sums);
        }
        all
    }
}

/// The least and the greatest of a column.
#[inline]
#[allow(clippy::needless_range_loop)] // As above.
fn ends(column: &[f32; ROWS]) -> (f32, f32) {
    // Not f32::min, which takes care of what is no number.
    let less = |one: f32, other: f32| if one < other { one } else { other };
    let more = |one: f32, other: f32| if one > other { one } else { other };
    let mut least = [column[0], column[1], column[2], column[3]];
    let mut most = least;
    for four in 1..ROWS / 4 {
        for place in 0..4 {
            let value = column[4 * four + place];
            least[place] = less(value, least[place]);
            most[place] = more(value, most[place]);
        }
    }
    let [a, b, c, d] = least;
    let [e, f, g, h] = most;
    (less(less(a, b), less(c, d)), more(more(e, f), more(g, h)))
}

#[cfg(test)]
mod tests {
    use super::super::fitted::{MODEL, NUMBERS};
    use super::*;

    /// As a tree reads: from its root, question by question.
    fn walked(forest: &Forest, row: &[f32]) -> f32 {
        let mut sum = 0.0;
        for root in forest.roots {
            let mut at = *root;
            while at >= 0 {
                let Node(number, cut, left, right) = forest.nodes[at as usize];
                at = if row[usize::from(number)] <= cut {
                    left
                } else {
                    right
                };
            }
            sum += forest.leaves[(-1 - at) as usize];
        }
        1.0 / (1.0 + (-sum).exp())
    }

    fn asked(forest: &Forest, rows: &[Vec<f32>; ROWS]) -> [f32; ROWS] {
        let columns: Vec<[f32; ROWS]> = (0..rows[0].len())
            .map(|number| std::array::from_fn(|row| rows[row][number]))
            .collect();
        Ready::new(forest).probabilities(&columns)
    }

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
        let check = |row: [f32; 2], expected: f32| {
            let found = asked(&forest, &std::array::from_fn(|_| row.to_vec()));
            assert!(
                found.iter().all(|found| (found - expected).abs() < 1e-6),
                "{row:?} {found:?}"
            );
        };
        check([2.0, 1.0], 0.5);
        check([1.0, 0.0], 1.0);
        check([1.0, 1.0], 0.0);
        check([1.5, 0.0], 1.0);
    }

    #[test]
    fn the_model_is_not_too_large() {
        assert!(MODEL.roots.len() <= TREES, "{} trees", MODEL.roots.len());
        let leaves = MODEL.leaves.len() / MODEL.roots.len();
        assert!(leaves < LEAVES, "{leaves} leaves a tree");
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]
        #[test]
        fn many_rows_are_answered_as_one_is(
            which in proptest::collection::vec(0..MODEL.nodes.len(), NUMBERS * ROWS),
            shares in proptest::collection::vec(0..3_u8, NUMBERS * ROWS),
        ) {
            // On the cuts, and between them.
            let values: Vec<f32> = which.iter().zip(&shares)
                .map(|(node, share)| MODEL.nodes[*node].1 * f32::from(*share) / 2.0)
                .collect();
            let rows = std::array::from_fn(|row| values[row * NUMBERS..][..NUMBERS].to_vec());
            let expected = rows.each_ref().map(|row: &Vec<f32>| walked(&MODEL, row));
            proptest::prop_assert_eq!(asked(&MODEL, &rows).map(f32::to_bits), expected.map(f32::to_bits));
        }
    }
}
