//! Which sentences of a source to show for a claim.
//!
//! **In:** a claim's terms, a source's sentences. **Out:** sentences in the order
//! of their worth, each the best for what those before it leave uncovered.
//! **Not here:** how likely the source carries the claim.
//!
//! The worth of a sentence is a sum of shares of the claim's weight: what it
//! holds, what its better neighbour adds, what stands side by side as in the
//! claim. Behind the first pick what is still uncovered counts most, and being
//! near an earlier pick.

use super::Prepared;
use super::claim::{self, ReadClaim, TermSet};
use super::{LEAST_GAIN, PICKS};
use crate::evidence::terms::{Asked, TermKind};
use std::collections::HashMap;

/// Worth of the first pick. Fitted on WiCE dev by `scripts/fit_evidence.py`, 2026-11-25.
const FIRST: Worth = Worth {
    held: 28.74,
    pairs: 5.74,
    beside: 12.95,
    fresh: 0.0,
    near: 0.0,
};
/// Worth of a further pick; fitted likewise.
const FURTHER: Worth = Worth {
    held: 9.62,
    pairs: -2.22,
    beside: 2.57,
    fresh: 23.17,
    near: 1.51,
};
/// What a sentence outside the main text is worth less; as much as about a tenth of the claim. Chosen.
const OUTSIDE_MAIN: f64 = 3.0;
/// Sentences from an earlier pick that count as near.
const NEAR: usize = 3;

/// Constants of a sentence's worth, by what they multiply.
struct Worth {
    /// Share of the claim's weight that it holds.
    held: f64,
    /// Share of it in pairs of terms that follow one another as in the claim.
    pairs: f64,
    /// Share that the better of its neighbours holds beyond it.
    beside: f64,
    /// Share that it holds and no earlier pick does.
    fresh: f64,
    /// Whether an earlier pick is within [`NEAR`] sentences.
    near: f64,
}

/// What one sentence holds of a claim.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    pub(super) sentence: usize,
    pub(super) terms: TermSet,
    pub(super) pairs: TermSet,
}

/// The sentences that have any term of a claim, in order.
pub(super) struct Hits {
    pub(super) of: Vec<Hit>,
    /// Which terms of the source are the claim's.
    pub(super) asked: Asked,
    /// By term of the claim, how many sentences have it.
    pub(super) frequency: Vec<u32>,
}

/// What each term of a claim counts, and each pair of terms that follow one another.
pub(super) struct Weights {
    pub(super) terms: Vec<f64>,
    pairs: Vec<f64>,
    pub(super) total: f64,
}

/// What the ranking sees of a sentence.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Candidate {
    /// Its index.
    pub sentence: usize,
    /// The claim's terms that it holds, each with its share of the claim's weight.
    pub terms: Vec<(usize, f64)>,
    /// Shares as in the worth of a sentence.
    pub pairs: f64,
    /// The better neighbour's.
    pub beside: f64,
}

impl Prepared<'_> {
    pub(super) fn weights(&self, claim: &ReadClaim, hits: &Hits) -> Weights {
        let sentences = self.sentences.len().max(1) as f64;
        let full = (sentences + 1.0).ln();
        let weigh = |(index, term): (usize, &claim::ClaimTerm)| {
            let frequency = hits
                .frequency
                .get(index)
                .map_or(0.0, |count| f64::from(*count));
            let rarity = ((sentences + 1.0) / (frequency + 1.0)).ln() / full;
            let kind = match term.kind {
                TermKind::Word => 1.0,
                TermKind::Name => 1.2,
                TermKind::Number | TermKind::Date => 1.3,
            };
            kind * (0.4 + 0.6 * rarity)
        };
        let terms: Vec<f64> = claim.terms.iter().enumerate().map(weigh).collect();
        let pair = |(a, b): &(usize, usize)| {
            let of = |index: usize| terms.get(index).copied().unwrap_or(0.0);
            f64::midpoint(of(*a), of(*b))
        };
        let pairs = claim.follows.iter().map(pair).collect();
        let total = terms.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        Weights {
            terms,
            pairs,
            total,
        }
    }

    /// What each sentence that has any term of the claim holds of it.
    pub(super) fn hits(&self, claim: &ReadClaim) -> Hits {
        let keys = claim.terms.iter().map(|term| term.key.as_str());
        let asked = self.tokenizer.ask(self.text, &self.read, &self.keys, keys);
        let pairs: HashMap<(usize, usize), usize> = claim
            .follows
            .iter()
            .enumerate()
            .map(|(index, pair)| (*pair, index))
            .collect();
        let mut frequency = vec![0; claim.terms.len()];
        let mut of = Vec::new();
        for sentence in 0..self.sentences.len() {
            let mut hit = Hit {
                sentence,
                terms: TermSet::default(),
                pairs: TermSet::default(),
            };
            let mut last: Option<(usize, u32)> = None;
            for place in self.places(sentence) {
                let Some(index) = asked.key(place.id) else {
                    continue;
                };
                if !hit.terms.has(index)
                    && let Some(count) = frequency.get_mut(index)
                {
                    *count += 1;
                }
                hit.terms.insert(index);
                if let Some((before, position)) = last
                    && place.position.saturating_sub(position) <= 2
                    && let Some(pair) = pairs.get(&(before, index))
                {
                    hit.pairs.insert(*pair);
                }
                last = Some((index, place.position));
            }
            if !hit.terms.is_empty() {
                of.push(hit);
            }
        }
        Hits {
            of,
            asked,
            frequency,
        }
    }

    /// Shares of pairs and of the better neighbour.
    fn around(&self, hits: &[Hit], at: usize, weights: &Weights) -> (f64, f64) {
        let nothing = TermSet::default();
        let Some(hit) = hits.get(at) else {
            return (0.0, 0.0);
        };
        let beside = |other: Option<&Hit>| {
            other
                .filter(|other| other.sentence.abs_diff(hit.sentence) == 1)
                .map_or(0.0, |other| other.terms.weigh(&weights.terms, hit.terms))
        };
        let before = beside(at.checked_sub(1).and_then(|before| hits.get(before)));
        let after = beside(hits.get(at + 1));
        (
            hit.pairs.weigh(&weights.pairs, nothing) / weights.total,
            before.max(after) / weights.total,
        )
    }

    /// All hits, as indices, in the order in which they would be picked: a further
    /// pick up to [`PICKS`] is the best for what is uncovered yet, the rest follow by their worth then.
    pub(super) fn order(&self, hits: &Hits, weights: &Weights) -> Vec<usize> {
        let hits = hits.of.as_slice();
        let nothing = TermSet::default();
        let fixed: Vec<[f64; 2]> = (0..hits.len())
            .map(|at| {
                let held = hits[at].terms.weigh(&weights.terms, nothing) / weights.total;
                let (pairs, beside) = self.around(hits, at, weights);
                let worth = |by: &Worth| by.held * held + by.pairs * pairs + by.beside * beside;
                let main = self.sentences.get(hits[at].sentence).is_none_or(|s| s.main);
                let outside = if main { 0.0 } else { OUTSIDE_MAIN };
                [worth(&FIRST) - outside, worth(&FURTHER) - outside]
            })
            .collect();
        let mut order: Vec<usize> = Vec::with_capacity(hits.len());
        let mut covered = TermSet::default();
        let worth = |at: usize, picked: &[usize], covered: TermSet| {
            if picked.is_empty() {
                return fixed[at][0];
            }
            let hit = &hits[at];
            let fresh = hit.terms.weigh(&weights.terms, covered) / weights.total;
            let near = picked
                .iter()
                .any(|pick| hits[*pick].sentence.abs_diff(hit.sentence) <= NEAR);
            fixed[at][1] + FURTHER.fresh * fresh + if near { FURTHER.near } else { 0.0 }
        };
        while order.len() < PICKS.min(hits.len()) {
            let best = (0..hits.len())
                .filter(|at| !order.contains(at))
                .map(|at| (at, worth(at, &order, covered)))
                .reduce(|best, next| if next.1 > best.1 { next } else { best });
            let Some((at, _)) = best else {
                break;
            };
            covered.join(hits[at].terms);
            order.push(at);
        }
        let mut rest: Vec<(f64, usize)> = (0..hits.len())
            .filter(|at| !order.contains(at))
            .map(|at| (worth(at, &order, covered), at))
            .collect();
        rest.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        order.extend(rest.into_iter().map(|(_, at)| at));
        order
    }

    /// The sentences to show: the first of the order, as long as each adds to the claim.
    pub(super) fn picks(&self, hits: &Hits, weights: &Weights) -> Vec<Hit> {
        let mut covered = TermSet::default();
        let mut picks = Vec::with_capacity(PICKS);
        for hit in self
            .order(hits, weights)
            .into_iter()
            .take(PICKS)
            .map(|at| hits.of[at])
        {
            let fresh = hit.terms.weigh(&weights.terms, covered);
            if picks.is_empty() || fresh >= LEAST_GAIN * weights.total {
                covered.join(hit.terms);
                picks.push(hit);
            }
        }
        picks
    }

    pub(super) fn candidates(&self, hits: &Hits, weights: &Weights) -> Vec<Candidate> {
        let hits = hits.of.as_slice();
        (0..hits.len())
            .map(|at| {
                let (pairs, beside) = self.around(hits, at, weights);
                let held = weights.terms.iter().enumerate();
                Candidate {
                    sentence: hits[at].sentence,
                    terms: held
                        .filter(|(index, _)| hits[at].terms.has(*index))
                        .map(|(index, weight)| (index, weight / weights.total))
                        .collect(),
                    pairs,
                    beside,
                }
            })
            .collect()
    }
}

/// The share of the claim's weight that these sentences hold together.
pub(super) fn coverage(hits: &[Hit], weights: &Weights) -> f64 {
    let mut held = TermSet::default();
    for hit in hits {
        held.join(hit.terms);
    }
    held.weigh(&weights.terms, TermSet::default()) / weights.total
}
