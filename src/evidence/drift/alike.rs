//! How like two texts are, word by word and in order.

use super::steady::steady_words;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::BTreeMap;

/// Words that are aligned one by one; longer texts are compared by what they have in common.
const MAX_ALIGNED: usize = 4_000;

/// How like two texts are, 0 to 1: 1 for the same words in the same order. For short comparisons of pages.
pub(in crate::evidence) fn likeness(a: &str, b: &str) -> f64 {
    let (a, b) = (steady_words(a), steady_words(b));
    if a == b {
        return 1.0;
    }
    similarity(&a, &b)
}

fn similarity(old: &[&str], new: &[&str]) -> f64 {
    let total = old.len() + new.len();
    if total == 0 {
        return 1.0;
    }
    // What both begin and end with needs no alignment; mostly that is nearly everything.
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[start..], &new[start..]);
    let end = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
    let middle = if old.len() + new.len() <= MAX_ALIGNED {
        aligned(old, new)
    } else {
        // Without order: 3-word shingles, so that a moved paragraph counts as kept.
        let share = common_share(&shingles(old), &shingles(new));
        share * (old.len() + new.len()) as f64 / 2.0
    };
    (2.0 * ((start + end) as f64 + middle) / total as f64).min(1.0)
}

/// Words that stand in both, in order.
fn aligned(old: &[&str], new: &[&str]) -> f64 {
    let equal: usize = capture_diff_slices(Algorithm::Myers, old, new)
        .iter()
        .map(|op| match op {
            DiffOp::Equal { len, .. } => *len,
            _ => 0,
        })
        .sum();
    equal as f64
}

fn shingles(words: &[&str]) -> Vec<u64> {
    use std::hash::{Hash, Hasher};
    words
        .windows(3)
        .map(|window| {
            let mut hasher = std::hash::DefaultHasher::new();
            window.hash(&mut hasher);
            hasher.finish()
        })
        .collect()
}

/// The share of things that both have, counted as often as they occur (Dice).
pub(super) fn common_share<T: Ord>(old: &[T], new: &[T]) -> f64 {
    if old.is_empty() && new.is_empty() {
        return 1.0;
    }
    let mut counts: BTreeMap<&T, usize> = BTreeMap::new();
    for item in old {
        *counts.entry(item).or_default() += 1;
    }
    let mut common = 0usize;
    for item in new {
        if let Some(count) = counts.get_mut(item)
            && *count > 0
        {
            *count -= 1;
            common += 1;
        }
    }
    2.0 * common as f64 / (old.len() + new.len()) as f64
}
