//! How likely a source carries a claim, from what of the claim's words it has.
//!
//! **In:** a claim's terms, a source's sentences. **Out:** [`Signals`], and a
//! probability from them. **Not here:** the passages that are shown.
//!
//! Five signals, one logistic function. Its constants are fitted by
//! `scripts/fit_evidence.py` on claims that people have labelled, so that of the
//! claims scored 0.9 about nine in ten are fully carried by their source.

use super::Prepared;
use super::claim::{ReadClaim, TermSet};
use super::pick::{Hits, Weights};
use crate::evidence::terms::TermKind;

/// From this probability on a source is said to support a claim, and from this share of the claim's
/// weight in the passages on it is said to have a part of it: the cuts that tell the three labels of
/// WiCE dev apart best. What has many of the words and not the numbers is improbable, and yet a part.
pub(super) const SUPPORTED: f64 = 0.45;
pub(super) const PARTIAL: f64 = 0.30;

/// Constants of the probability. Fitted on WiCE and AttributionBench dev by
/// `scripts/fit_evidence.py`, 2026-11-25; level and slope on WiCE alone.
const CONSTANT: f64 = -0.11;
const WINDOW: f64 = 1.66;
const DENSITY: f64 = 4.24;
const TOPIC: f64 = 0.77;
const VALUES: f64 = -2.14;
const NAMES: f64 = -0.60;
/// More values, and more names, than these say nothing new by being missing.
const MOST_VALUES: usize = 3;
const MOST_NAMES: usize = 4;

/// What the probability is made of.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Signals {
    /// The most of the claim's weight that three sentences in a row hold, 0 to 1.
    pub window: f64,
    /// How much of such a window's own words are the claim's: like a cosine, of the best window.
    pub density: f64,
    /// How much of the claim an average sentence holds, as a logarithm: whether the source is about the matter at all.
    pub topic: f64,
    /// Numbers and dates of the claim that the source has nowhere, at most three.
    pub values: f64,
    /// Words of names that it has nowhere, at most four.
    pub names: f64,
}

impl Signals {
    /// The probability that the source carries the whole claim.
    #[must_use]
    pub fn probability(&self) -> f64 {
        let sum = CONSTANT
            + WINDOW * self.window
            + DENSITY * self.density
            + TOPIC * self.topic
            + VALUES * self.values
            + NAMES * self.names;
        1.0 / (1.0 + (-sum).exp())
    }
}

impl Prepared<'_> {
    pub(super) fn signals(&self, claim: &ReadClaim, found: &Hits, weights: &Weights) -> Signals {
        let hits = found.of.as_slice();
        let nothing = TermSet::default();
        let (mut window, mut density, mut held) = (0.0_f64, 0.0_f64, 0.0_f64);
        for (at, hit) in hits.iter().enumerate() {
            held += hit.terms.weigh(&weights.terms, nothing);
            // Windows around a sentence, and those that only end or begin with one that holds anything.
            for middle in hit.sentence.saturating_sub(1)..=hit.sentence + 1 {
                let (first, last) = (middle.saturating_sub(1), middle + 1);
                let from = hits[..at].partition_point(|other| other.sentence < first);
                let mut terms = TermSet::default();
                for other in hits[from..]
                    .iter()
                    .take_while(|other| other.sentence <= last)
                {
                    terms.join(other.terms);
                }
                let weight = terms.weigh(&weights.terms, nothing);
                let own = self.terms_in(first, last).max(3) as f64;
                window = window.max(weight / weights.total);
                density = density.max(weight / (weights.total * own).sqrt());
            }
        }
        let sentences = self.sentences.len().max(1) as f64;
        let missing = |kinds: &[TermKind]| {
            let terms = claim.terms.iter().zip(&found.frequency);
            terms
                .filter(|(term, frequency)| kinds.contains(&term.kind) && **frequency == 0)
                .count()
        };
        Signals {
            window,
            density,
            topic: (held / sentences / weights.total + 0.02).ln(),
            values: missing(&[TermKind::Number, TermKind::Date]).min(MOST_VALUES) as f64,
            names: missing(&[TermKind::Name]).min(MOST_NAMES) as f64,
        }
    }

    /// How many terms, stop words left out, the sentences `first` to `last` have.
    fn terms_in(&self, first: usize, last: usize) -> usize {
        self.first(last + 1).saturating_sub(self.first(first))
    }
}
