//! The passages of a source that bear on a claim.
//!
//! **In:** a claim, a source's text. **Out:** [`Evidence`]: up to three passages
//! that together hold as much of the claim as can be had, its quotations, its
//! facts. **Not here:** meaning. Words, numbers, dates and names are counted; a
//! negation or a paraphrase is beyond this judge, which is why its words are
//! "the source has", never "the claim is right".
//!
//! ```text
//! claim ─► weighted terms ─► best sentence ─► best for what is still uncovered ─► … ─► passages
//! ```
//!
//! Weights: a term that few sentences of the source have counts more, as do
//! numbers, dates and names, and words that stand side by side as in the claim.

mod claim;
mod sentence;
mod show;

use super::fact::{Said, Tongue};
use super::quotation::{self, Folded};
use super::terms::{TermKind, Tokenizer};
use super::{ClaimText, Evidence, EvidenceKind, FactKind, SourceText};
use crate::document::ByteSpan;
use claim::{ReadClaim, TermSet};
use std::cell::OnceCell;
use std::collections::HashMap;

/// From here on a passage says what the claim says, as far as words can show.
const SUPPORTED: f64 = 0.60;
/// From here on some of it is there.
const PARTIAL: f64 = 0.30;
/// Sentences that may be picked for one claim.
const PICKS: usize = 3;
/// What a sentence outside the main text counts, against one inside.
const OUTSIDE_MAIN: f64 = 0.85;
/// Weight of two terms side by side, and of a neighbour sentence's terms.
const SIDE_BY_SIDE: f64 = 0.2;
const NEIGHBOUR: f64 = 0.15;
/// What a term counts that an earlier pick holds already.
const COVERED: f64 = 0.3;
/// Cost of each hundred bytes of a sentence, in weights of one plain term.
const LENGTH: f64 = 0.12;
/// The least share of the claim that a further pick must add.
const LEAST_GAIN: f64 = 0.06;

/// A source's text made ready once for many claims.
#[derive(Debug)]
pub struct Prepared<'a> {
    text: &'a str,
    language: Option<String>,
    sentences: Vec<Sentence>,
    terms: Vec<Place>,
    ids: HashMap<String, u32>,
    /// By term id, how many sentences have it.
    frequency: Vec<u32>,
    folded: OnceCell<Folded>,
    said: OnceCell<Said<'a>>,
}

#[derive(Debug)]
struct Sentence {
    span: ByteSpan,
    main: bool,
    /// Its first term in `Prepared::terms`; it has them up to the next sentence's first.
    first: usize,
}

/// One term of the source, by its id.
#[derive(Debug)]
struct Place {
    id: u32,
    span: ByteSpan,
    position: u32,
}

/// What one sentence holds of a claim.
#[derive(Debug, Clone, Copy)]
struct Hit {
    sentence: usize,
    terms: TermSet,
    pairs: TermSet,
}

impl<'a> Prepared<'a> {
    /// Prepares a text. `language` is the claims' language, used where the source says none.
    #[must_use]
    pub fn new(source: &'a SourceText, language: Option<&str>) -> Self {
        let language = source.language.as_deref().or(language).map(str::to_owned);
        let spans = sentence::sentences(&source.text);
        Self::of_sentences(&source.text, &source.main, language, &spans)
    }

    fn of_sentences(
        text: &'a str,
        main: &[ByteSpan],
        language: Option<String>,
        spans: &[ByteSpan],
    ) -> Self {
        let mut prepared = Self {
            text,
            sentences: Vec::with_capacity(spans.len()),
            terms: Vec::new(),
            ids: HashMap::new(),
            frequency: Vec::new(),
            folded: OnceCell::new(),
            said: OnceCell::new(),
            language,
        };
        let mut found = Tokenizer::new(prepared.language.as_deref())
            .terms(text)
            .into_iter()
            .peekable();
        let mut last_seen: Vec<usize> = Vec::new();
        let mut mains = main.iter().copied().peekable();
        for (number, span) in spans.iter().enumerate() {
            while mains.next_if(|main| main.end <= span.start).is_some() {}
            prepared.sentences.push(Sentence {
                span: *span,
                main: main.is_empty() || mains.peek().is_some_and(|main| main.overlaps(*span)),
                first: prepared.terms.len(),
            });
            while let Some(term) = found.next_if(|term| term.span.start < span.end) {
                let fresh = u32::try_from(prepared.ids.len()).unwrap_or(u32::MAX);
                let id = *prepared.ids.entry(term.key).or_insert(fresh);
                if id == fresh {
                    prepared.frequency.push(0);
                    last_seen.push(usize::MAX);
                }
                let slot = id as usize;
                if last_seen[slot] != number {
                    last_seen[slot] = number;
                    prepared.frequency[slot] += 1;
                }
                prepared.terms.push(Place {
                    id,
                    span: term.span,
                    position: term.position,
                });
            }
        }
        prepared
    }

    /// Judges one claim.
    #[must_use]
    pub fn judge(&self, claim: ClaimText<'_>) -> Evidence {
        let read = self.read_claim(claim);
        let weights = self.weights(&read);
        let hits = self.hits(&read);
        let picks = self.picks(&hits, &weights, read.terms.len());
        let score = coverage(&picks, &weights.terms);
        let facts = self.facts(claim, &read, &picks);
        let mut passages = self.passages(&picks, &hits, &weights, &read);
        let quotations = self.quotations(claim.text, &mut passages, &hits, &weights, &read);
        let decisive = || {
            quotations
                .iter()
                .filter(|quotation| quotation::decides(&quotation.text))
        };
        let quoted = decisive().next().is_some() && decisive().all(|quotation| quotation.found);
        // The source says it in other words than those quoted: it bears on the claim, and differs.
        let altered = decisive().any(|quotation| quotation.altered);
        let values_there = facts
            .iter()
            .all(|fact| fact.found || fact.kind == FactKind::Name);
        let kind = if quoted {
            EvidenceKind::Quoted
        } else if score >= SUPPORTED && values_there && !altered {
            EvidenceKind::Supported
        } else if score >= PARTIAL || altered {
            EvidenceKind::Partial
        } else {
            EvidenceKind::NotFound
        };
        Evidence {
            kind,
            score,
            passages,
            quotations,
            facts,
        }
    }

    fn read_claim(&self, claim: ClaimText<'_>) -> ReadClaim {
        let language = self.language.as_deref().or(claim.language);
        // Number words and months are those of the claim's own language.
        let tongue = Tongue::new(claim.language.or(language));
        claim::read(claim.text, &mut Tokenizer::new(language), &tongue)
    }

    fn weights(&self, claim: &ReadClaim) -> Weights {
        let sentences = self.sentences.len().max(1) as f64;
        let full = (sentences + 1.0).ln();
        let weigh = |term: &claim::ClaimTerm| {
            let frequency = self
                .ids
                .get(&term.key)
                .and_then(|id| self.frequency.get(*id as usize))
                .map_or(0.0, |count| f64::from(*count));
            let rarity = ((sentences + 1.0) / (frequency + 1.0)).ln() / full;
            let kind = match term.kind {
                TermKind::Word => 1.0,
                TermKind::Name => 1.2,
                TermKind::Number | TermKind::Date => 1.3,
            };
            kind * (0.4 + 0.6 * rarity)
        };
        let terms: Vec<f64> = claim.terms.iter().map(weigh).collect();
        let pair = |(a, b): &(usize, usize)| {
            let of = |index: usize| terms.get(index).copied().unwrap_or(0.0);
            SIDE_BY_SIDE * (of(*a) + of(*b)) / 2.0
        };
        let pairs = claim.follows.iter().map(pair).collect();
        Weights { terms, pairs }
    }

    /// What each sentence that has any term of the claim holds of it.
    fn hits(&self, claim: &ReadClaim) -> Vec<Hit> {
        const NONE: u16 = u16::MAX;
        let mut of_id = vec![NONE; self.ids.len()];
        for (index, term) in claim.terms.iter().enumerate() {
            if let Some(slot) = self
                .ids
                .get(&term.key)
                .and_then(|id| of_id.get_mut(*id as usize))
            {
                *slot = u16::try_from(index).unwrap_or(NONE);
            }
        }
        let pairs: HashMap<(usize, usize), usize> = claim
            .follows
            .iter()
            .enumerate()
            .map(|(index, pair)| (*pair, index))
            .collect();
        let mut hits = Vec::new();
        for sentence in 0..self.sentences.len() {
            let mut hit = Hit {
                sentence,
                terms: TermSet::default(),
                pairs: TermSet::default(),
            };
            let mut last: Option<(usize, u32)> = None;
            for place in self.places(sentence) {
                let index = of_id.get(place.id as usize).copied().unwrap_or(NONE);
                if index == NONE {
                    continue;
                }
                let index = usize::from(index);
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
                hits.push(hit);
            }
        }
        hits
    }

    fn places(&self, sentence: usize) -> &[Place] {
        let first = self.sentences.get(sentence).map_or(0, |s| s.first);
        let end = self
            .sentences
            .get(sentence + 1)
            .map_or(self.terms.len(), |next| next.first);
        self.terms.get(first..end).unwrap_or(&[])
    }

    /// How well a sentence fits, given what is covered already.
    fn value(&self, hits: &[Hit], at: usize, weights: &Weights, covered: TermSet) -> f64 {
        let hit = &hits[at];
        let nothing = TermSet::default();
        let fresh = hit.terms.weigh(&weights.terms, covered);
        let all = hit.terms.weigh(&weights.terms, nothing);
        let pairs = hit.pairs.weigh(&weights.pairs, nothing);
        let beside = |other: Option<&Hit>| {
            other
                .filter(|other| other.sentence.abs_diff(hit.sentence) == 1)
                .map_or(0.0, |other| {
                    let mut known = covered;
                    known.join(hit.terms);
                    other.terms.weigh(&weights.terms, known)
                })
        };
        let neighbour = beside(at.checked_sub(1).and_then(|before| hits.get(before)))
            .max(beside(hits.get(at + 1)));
        let sentence = &self.sentences[hit.sentence];
        let length = LENGTH * sentence.span.len() as f64 / 100.0;
        let value =
            fresh + COVERED * (all - fresh) + pairs + NEIGHBOUR * neighbour - length.min(all / 2.0);
        if sentence.main {
            value
        } else {
            value * OUTSIDE_MAIN
        }
    }

    /// The best sentences, each the best for what those before it leave uncovered.
    fn picks(&self, hits: &[Hit], weights: &Weights, terms: usize) -> Vec<Hit> {
        let total: f64 = weights.terms.iter().sum();
        let mut covered = TermSet::default();
        let mut picks: Vec<Hit> = Vec::new();
        while picks.len() < PICKS {
            let best = (0..hits.len())
                .filter(|at| picks.iter().all(|pick| pick.sentence != hits[*at].sentence))
                .filter(|at| {
                    let fresh = hits[*at].terms.weigh(&weights.terms, covered);
                    fresh >= LEAST_GAIN * total || (picks.is_empty() && terms > 0)
                })
                .map(|at| (at, self.value(hits, at, weights, covered)))
                .reduce(|best, next| if next.1 > best.1 { next } else { best });
            let Some((at, _)) = best else {
                break;
            };
            covered.join(hits[at].terms);
            picks.push(hits[at]);
        }
        picks
    }
}

struct Weights {
    terms: Vec<f64>,
    pairs: Vec<f64>,
}

/// The share of the claim's weight that these sentences hold together.
fn coverage(hits: &[Hit], weights: &[f64]) -> f64 {
    let total: f64 = weights.iter().sum();
    let mut held = TermSet::default();
    for hit in hits {
        held.join(hit.terms);
    }
    if total > 0.0 {
        held.weigh(weights, TermSet::default()) / total
    } else {
        0.0
    }
}

pub(super) fn judge(claim: ClaimText<'_>, source: &SourceText) -> Evidence {
    Prepared::new(source, claim.language).judge(claim)
}

/// Ranks given sentences by how well they carry a claim, best first, and the claim's score by them:
/// the same steps as [`Prepared::judge`], for texts that are already divided.
#[must_use]
pub fn rank(claim: ClaimText<'_>, sentences: &[&str]) -> (Vec<usize>, f64) {
    let mut text = String::new();
    let mut spans = Vec::with_capacity(sentences.len());
    for sentence in sentences {
        let start = text.len();
        text.push_str(sentence);
        spans.push(ByteSpan::new(start, text.len()));
        text.push('\n');
    }
    let language = claim.language.map(str::to_owned);
    let prepared = Prepared::of_sentences(&text, &[], language, &spans);
    let read = prepared.read_claim(claim);
    let weights = prepared.weights(&read);
    let hits = prepared.hits(&read);
    let picks = prepared.picks(&hits, &weights, read.terms.len());
    let mut ranked: Vec<usize> = picks.iter().map(|pick| pick.sentence).collect();
    let mut covered = TermSet::default();
    for pick in &picks {
        covered.join(pick.terms);
    }
    let mut rest: Vec<(f64, usize)> = (0..hits.len())
        .map(|at| {
            (
                prepared.value(&hits, at, &weights, covered),
                hits[at].sentence,
            )
        })
        .filter(|(_, sentence)| !picks.iter().any(|pick| pick.sentence == *sentence))
        .collect();
    rest.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.extend(rest.into_iter().map(|(_, sentence)| sentence));
    (ranked, coverage(&picks, &weights.terms))
}

#[cfg(test)]
mod tests;
