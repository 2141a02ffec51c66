//! One list of targets along one run of sentences, in order.
//!
//! **In:** how well each target fits each sentence, as logarithms. **Out:** for each
//! target its sentence and the probability of it. **Not here:** where the
//! fit comes from.
//!
//! All ways to lay the list along the sentences without crossing are weighed
//! (forward and backward sums); the chosen way is the one with the highest expected
//! number of right sentences, so a confidence is a probability under the model.

/// Fits of all targets: `rows[target][sentence]`; and for each target the price of standing on
/// the same sentence as the one before it, as a logarithm (the first one's is never paid).
pub(super) fn align(rows: &[Vec<f32>], stay: &[f32]) -> Vec<(usize, f64)> {
    let (targets, sentences) = (rows.len(), rows.first().map_or(0, Vec::len));
    if sentences == 0 {
        return Vec::new();
    }
    let mut forward: Vec<Vec<f32>> = Vec::with_capacity(targets);
    for (row, stay) in rows.iter().zip(stay) {
        let mut current = row.clone();
        if let Some(before) = forward.last() {
            let mut sum = f32::NEG_INFINITY;
            for (at, value) in current.iter_mut().enumerate() {
                // Those strictly before, and the same sentence at its own price.
                *value += plus(sum, before[at] + stay);
                sum = plus(sum, before[at]);
            }
        }
        forward.push(current);
    }
    let mut backward = vec![0.0_f32; sentences];
    let mut posterior = forward;
    for target in (0..targets).rev() {
        if let (Some(next), Some(stay)) = (rows.get(target + 1), stay.get(target + 1)) {
            let mut sum = f32::NEG_INFINITY;
            for at in (0..sentences).rev() {
                let here = next[at] + backward[at];
                backward[at] = plus(sum, here + stay);
                sum = plus(sum, here);
            }
        }
        let row = &mut posterior[target];
        for (value, after) in row.iter_mut().zip(&backward) {
            *value += after;
        }
        let total = row
            .iter()
            .fold(f32::NEG_INFINITY, |sum, value| plus(sum, *value));
        for value in row.iter_mut() {
            *value = (*value - total).exp();
        }
    }
    best_path(&posterior)
}

/// The ordered path with the greatest sum of probabilities.
fn best_path(posterior: &[Vec<f32>]) -> Vec<(usize, f64)> {
    let sentences = posterior[0].len();
    let mut reach = vec![0.0_f32; sentences];
    let mut from: Vec<Vec<u32>> = Vec::with_capacity(posterior.len());
    for row in posterior {
        let mut came = Vec::with_capacity(sentences);
        let (mut best, mut best_at) = (f32::NEG_INFINITY, 0_u32);
        for at in 0..sentences {
            if reach[at] > best {
                best = reach[at];
                best_at = u32::try_from(at).unwrap_or(u32::MAX);
            }
            came.push(best_at);
            reach[at] = best + row[at];
        }
        from.push(came);
    }
    let mut at = (0..sentences)
        .max_by(|a, b| reach[*a].total_cmp(&reach[*b]).then(b.cmp(a)))
        .unwrap_or(0);
    let mut path = vec![(0, 0.0); posterior.len()];
    for target in (0..posterior.len()).rev() {
        // `reach` was taken before this target's own step, so `from` leads to the one before it.
        path[target] = (at, f64::from(posterior[target][at]));
        at = usize::try_from(from[target][at]).unwrap_or(at);
    }
    path
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

    #[test]
    fn order_decides_where_fits_do_not() {
        let path = align(&[vec![0.0, 5.0, 0.0], vec![4.0, 0.0, 3.9]], &[-1.0; 2]);
        assert_eq!((path[0].0, path[1].0), (1, 2));
        assert!(path[0].1 > 0.5);
        assert!(align(&[], &[]).is_empty());
    }

    #[test]
    fn who_pays_more_for_company_stands_apart() {
        let rows = [vec![3.0, 4.0], vec![0.0, 4.0], vec![3.0, 4.0]];
        let places = |stay: [f32; 3]| {
            align(&rows, &stay)
                .iter()
                .map(|(at, _)| *at)
                .collect::<Vec<_>>()
        };
        assert_eq!(places([-0.1; 3]), [1, 1, 1]);
        assert_eq!(places([-0.1, -5.0, -0.1]), [0, 1, 1]);
    }

    proptest! {
        #[test]
        fn a_path_never_goes_back(rows in prop::collection::vec(prop::collection::vec(-9.0_f32..9.0, 5), 1..6)) {
            let path = align(&rows, &vec![-0.5; rows.len()]);
            prop_assert_eq!(path.len(), rows.len());
            for pair in path.windows(2) {
                prop_assert!(pair[0].0 <= pair[1].0);
            }
            for (_, p) in path {
                prop_assert!((0.0..=1.001).contains(&p));
            }
        }
    }
}
