//! Boosted trees: how the fitted model answers.
//!
//! **In:** [`Features`]. **Out:** a likelihood. **Not here:** what the numbers are (`features`),
//! the fitted constants (`model`).

use super::features::Features;
use super::model::{LEAVES, NODES, ROOTS};

/// A question: is number `.0` at most `.1`? Then node `.2`, else node `.3`; a negative node is
/// the leaf −1 − node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node(
    pub(super) u8,
    pub(super) f32,
    pub(super) i16,
    pub(super) i16,
);

/// How likely a link so placed is one that the text itself set, 0 to 1.
pub(super) fn likelihood(features: &Features) -> f32 {
    let values = features.values();
    let sum: f32 = ROOTS
        .iter()
        .map(|root| answer(NODES, LEAVES, *root, &values))
        .sum();
    1.0 / (1.0 + (-sum).exp())
}

/// The leaf that a row arrives at.
fn answer(nodes: &[Node], leaves: &[f32], root: i16, values: &[f32]) -> f32 {
    let mut at = root;
    while let Some(Node(number, cut, yes, no)) =
        usize::try_from(at).ok().and_then(|at| nodes.get(at))
    {
        let value = values.get(usize::from(*number)).copied().unwrap_or(0.0);
        at = if value <= *cut { *yes } else { *no };
    }
    let leaf = usize::try_from(-1 - i32::from(at)).unwrap_or(usize::MAX);
    leaves.get(leaf).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_asks_its_way_down() {
        let nodes = [Node(0, 1.5, 1, -1), Node(1, 0.0, -2, -3)];
        let leaves = [0.5, 20.0, -20.0];
        let check = |values: [f32; 2], expected: f32| {
            assert_eq!(answer(&nodes, &leaves, 0, &values), expected, "{values:?}");
        };
        check([2.0, 1.0], 0.5);
        check([1.5, 0.0], 20.0);
        check([1.0, 1.0], -20.0);
    }

    #[test]
    fn every_tree_ends_and_asks_only_what_is_known() {
        let mut asked = [false; Features::COUNT];
        for (at, Node(number, _, yes, no)) in (0_i16..).zip(NODES) {
            assert!(usize::from(*number) < Features::COUNT, "number {number}");
            asked[usize::from(*number)] = true;
            for next in [*yes, *no] {
                // Downwards only, so no walk is endless.
                assert!(next < 0 || next > at, "node {at} leads to {next}");
                assert!(next >= 0 || LEAVES.len() >= usize::from(next.unsigned_abs()));
            }
        }
        let idle: Vec<_> = Features::NAMES
            .iter()
            .zip(asked)
            .filter(|(_, asked)| !asked)
            .map(|(name, _)| name)
            .collect();
        assert!(idle.is_empty(), "never asked: {idle:?}");
    }
}
