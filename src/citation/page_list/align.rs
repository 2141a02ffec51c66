//! One list of targets along one run of sentences, in order.
//!
//! **In:** how well each target fits each sentence, and the price of each kind of step,
//! as logarithms. **Out:** for each target the probability of each sentence.
//! **Not here:** where the fit comes from (`fit`, `looks`), the prices (`model`).
//!
//! All ways to lay the list along the sentences are weighed by forward and backward
//! sums. A step goes on, stays on the sentence, or goes back a little: converters
//! now and then swap two neighbours.

use super::model;

/// How far a step may go back, in sentences.
const BACK_REACH: usize = 3;

/// What is laid along what.
pub(super) struct Lattice {
    /// `fit[target][sentence]`.
    pub(super) fit: Vec<Vec<f32>>,
    /// `stay[target][sentence]`: the target before stands on the same sentence.
    pub(super) stay: Vec<Vec<f32>>,
    /// `next[target][sentence]`: … on the sentence before.
    pub(super) next: Vec<Vec<f32>>,
    /// `skip[sentence]`: … on the last but one.
    pub(super) skip: Vec<f32>,
}

impl Lattice {
    /// The probability of each sentence for each target.
    pub(super) fn probabilities(&self) -> Vec<Vec<f32>> {
        let count = self.fit.first().map_or(0, Vec::len);
        if count == 0 {
            return Vec::new();
        }
        let mut forward: Vec<Vec<f32>> = Vec::with_capacity(self.fit.len());
        for (target, fit) in self.fit.iter().enumerate() {
            let current = match forward.last() {
                None => fit.clone(),
                Some(before) => self.step(target, before, fit),
            };
            forward.push(current);
        }
        let mut after = vec![0.0_f32; count];
        for target in (0..self.fit.len()).rev() {
            let row = &mut forward[target];
            for (value, after) in row.iter_mut().zip(&after) {
                *value += after;
            }
            let total = row.iter().fold(f32::NEG_INFINITY, |sum, v| plus(sum, *v));
            for value in row.iter_mut() {
                *value = (*value - total).exp();
            }
            if target > 0 {
                after = self.step_back(target, &after);
            }
        }
        forward
    }

    /// The sums of all ways that reach each sentence with this target.
    fn step(&self, target: usize, before: &[f32], fit: &[f32]) -> Vec<f32> {
        let mut far = f32::NEG_INFINITY;
        let mut current = Vec::with_capacity(fit.len());
        for (at, fit) in fit.iter().enumerate() {
            if at >= 3 {
                far = plus(far, before[at - 3]);
            }
            let mut sum = plus(far, before[at] + self.stay[target][at]);
            if at >= 1 {
                sum = plus(sum, before[at - 1] + self.next[target][at]);
            }
            if at >= 2 {
                sum = plus(sum, before[at - 2] + self.skip[at]);
            }
            for later in before.iter().skip(at + 1).take(BACK_REACH) {
                sum = plus(sum, later + model::BACK);
            }
            current.push(sum + fit);
        }
        current
    }

    /// The sums of all ways that go on from each sentence to this target.
    fn step_back(&self, target: usize, after: &[f32]) -> Vec<f32> {
        let here: Vec<f32> = self.fit[target]
            .iter()
            .zip(after)
            .map(|(fit, after)| fit + after)
            .collect();
        let mut far = f32::NEG_INFINITY;
        let mut sums = vec![f32::NEG_INFINITY; here.len()];
        for at in (0..here.len()).rev() {
            if let Some(value) = here.get(at + 3) {
                far = plus(far, *value);
            }
            let mut sum = plus(far, here[at] + self.stay[target][at]);
            if let Some(value) = here.get(at + 1) {
                sum = plus(sum, value + self.next[target][at + 1]);
            }
            if let Some(value) = here.get(at + 2) {
                sum = plus(sum, value + self.skip[at + 2]);
            }
            for earlier in &here[at.saturating_sub(BACK_REACH)..at] {
                sum = plus(sum, earlier + model::BACK);
            }
            sums[at] = sum;
        }
        sums
    }
}

/// Logarithm of a sum of two numbers given by their logarithms.
fn plus(a: f32, b: f32) -> f32 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    if low == f32::NEG_INFINITY {
        high
    } else {
        high + (low - high).exp().ln_1p()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lattice(fit: Vec<Vec<f32>>, stay: f32) -> Lattice {
        let count = fit.first().map_or(0, Vec::len);
        Lattice {
            stay: vec![vec![stay; count]; fit.len()],
            next: vec![vec![0.0; count]; fit.len()],
            skip: vec![0.0; count],
            fit,
        }
    }

    fn best(lattice: &Lattice) -> Vec<usize> {
        lattice
            .probabilities()
            .iter()
            .map(|row| {
                (0..row.len())
                    .max_by(|a, b| row[*a].total_cmp(&row[*b]))
                    .unwrap()
            })
            .collect()
    }

    #[test]
    fn order_decides_where_fits_do_not() {
        let fit = vec![vec![0.0, 5.0, 0.0], vec![4.0, 0.0, 3.9]];
        assert_eq!(best(&lattice(fit, -1.0)), [1, 2]);
        assert!(lattice(Vec::new(), 0.0).probabilities().is_empty());
    }

    #[test]
    fn who_pays_for_company_stands_apart() {
        let fit = vec![vec![3.0, 4.0], vec![0.0, 4.0]];
        assert_eq!(best(&lattice(fit.clone(), -0.1)), [1, 1]);
        assert_eq!(best(&lattice(fit, -5.0)), [0, 1]);
    }

    #[test]
    fn two_neighbours_that_surely_are_swapped_are_believed() {
        let fit = vec![vec![0.0, 0.0, 20.0], vec![0.0, 20.0, 0.0]];
        assert_eq!(best(&lattice(fit, -1.0)), [2, 1]);
    }

    proptest! {
        #[test]
        fn probabilities_of_a_target_sum_to_one(
            fit in prop::collection::vec(prop::collection::vec(-9.0_f32..9.0, 6), 1..7),
            stay in -5.0_f32..2.0,
        ) {
            for row in lattice(fit, stay).probabilities() {
                let sum: f32 = row.iter().sum();
                prop_assert!((sum - 1.0).abs() < 0.01, "{sum}");
            }
        }
    }
}
