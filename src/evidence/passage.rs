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
//!                       └──► signals ─► probability ─► kind
//! ```
//!
//! A term that few sentences of the source have counts more, as do numbers,
//! dates and names. Which sentence is best: `pick`. How likely the source carries
//! the claim: `score`. Both have constants fitted by `scripts/fit_evidence.py`.

mod claim;
mod pick;
mod score;
mod sentence;
mod show;

use super::fact::{Said, Tongue};
use super::quotation::{self, Folded};
use super::terms::Tokenizer;
use super::{ClaimText, Evidence, EvidenceKind, FactKind, SourceText};
use crate::document::ByteSpan;
use claim::ReadClaim;
use std::cell::OnceCell;
use std::collections::HashMap;

pub use pick::Candidate;
pub use score::Signals;

/// Sentences that may be picked for one claim.
const PICKS: usize = 3;
/// The least share of the claim that a further pick must add to be shown.
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
        let picks = self.picks(&hits, &weights);
        let score = self.signals(&read, &hits, &weights).probability();
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
        } else if score >= score::SUPPORTED && values_there && !altered {
            EvidenceKind::Supported
        } else if pick::coverage(&picks, &weights) >= score::PARTIAL || altered {
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

    /// What [`score`](Evidence::score) is made of, for the script that fits its constants.
    #[must_use]
    pub fn signals_of(&self, claim: ClaimText<'_>) -> Signals {
        let read = self.read_claim(claim);
        let weights = self.weights(&read);
        self.signals(&read, &self.hits(&read), &weights)
    }

    fn read_claim(&self, claim: ClaimText<'_>) -> ReadClaim {
        let language = self.language.as_deref().or(claim.language);
        // Number words and months are those of the claim's own language.
        let tongue = Tongue::new(claim.language.or(language));
        claim::read(claim.text, &mut Tokenizer::new(language), &tongue)
    }

    fn places(&self, sentence: usize) -> &[Place] {
        let first = self.sentences.get(sentence).map_or(0, |s| s.first);
        let end = self
            .sentences
            .get(sentence + 1)
            .map_or(self.terms.len(), |next| next.first);
        self.terms.get(first..end).unwrap_or(&[])
    }
}

pub(super) fn judge(claim: ClaimText<'_>, source: &SourceText) -> Evidence {
    Prepared::new(source, claim.language).judge(claim)
}

/// Ranks given sentences by how well they carry a claim, best first: the same
/// steps as [`Prepared::judge`], for texts that are already divided.
#[must_use]
pub fn rank(claim: ClaimText<'_>, sentences: &[&str]) -> Vec<usize> {
    divided(claim, sentences, |prepared| {
        let read = prepared.read_claim(claim);
        let hits = prepared.hits(&read);
        let order = prepared.order(&hits, &prepared.weights(&read));
        order.into_iter().map(|at| hits[at].sentence).collect()
    })
}

/// What [`rank`] sees of each sentence that has any word of the claim, for the
/// script that fits its constants.
#[must_use]
pub fn candidates(claim: ClaimText<'_>, sentences: &[&str]) -> Vec<Candidate> {
    divided(claim, sentences, |prepared| {
        let read = prepared.read_claim(claim);
        prepared.candidates(&prepared.hits(&read), &prepared.weights(&read))
    })
}

fn divided<T>(claim: ClaimText<'_>, sentences: &[&str], ask: impl FnOnce(&Prepared<'_>) -> T) -> T {
    let mut text = String::new();
    let mut spans = Vec::with_capacity(sentences.len());
    for sentence in sentences {
        let start = text.len();
        text.push_str(sentence);
        spans.push(ByteSpan::new(start, text.len()));
        text.push('\n');
    }
    let language = claim.language.map(str::to_owned);
    ask(&Prepared::of_sentences(&text, &[], language, &spans))
}

#[cfg(test)]
mod tests;
