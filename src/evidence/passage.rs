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
use super::terms::{Keys, Place, Read, Tokenizer};
use super::{ClaimText, Evidence, EvidenceKind, FactKind, SourceText};
use crate::document::ByteSpan;
use claim::ReadClaim;
use std::cell::OnceCell;

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
    /// Nothing can be read in it: no claim can be judged by it.
    unreadable: bool,
    language: Option<String>,
    /// The source itself says its language.
    told: bool,
    tokenizer: Tokenizer,
    sentences: Vec<Sentence>,
    /// All of its terms in order.
    read: Read,
    keys: Keys,
    folded: OnceCell<Folded>,
    said: OnceCell<Said<'a>>,
}

#[derive(Debug)]
struct Sentence {
    start: u32,
    end: u32,
    /// The number of its first term; it has them up to the next sentence's first.
    first: u32,
    main: bool,
}

impl Sentence {
    const fn span(&self) -> ByteSpan {
        ByteSpan::new(self.start as usize, self.end as usize)
    }
}

impl<'a> Prepared<'a> {
    /// Prepares a text. `language` is the claims' language, used where the source says none.
    #[must_use]
    pub fn new(source: &'a SourceText, language: Option<&str>) -> Self {
        let language = source.language.as_deref().or(language).map(str::to_owned);
        if source.unreadable.is_some() || source.text.trim().is_empty() {
            let nothing = Self::of_sentences("", &[], language, std::iter::empty());
            return Self {
                unreadable: true,
                told: source.language.is_some(),
                ..nothing
            };
        }
        let mut spans = Vec::with_capacity(source.text.len() / 64);
        sentence::sentences(&source.text, |span| spans.push(span));
        let all = Self::of_sentences(&source.text, &source.main, language, spans.into_iter());
        Self {
            told: source.language.is_some(),
            ..all
        }
    }

    /// Whether [`judge`](super::judge) would prepare the same for a claim of this language: a
    /// source that does not say its own is read in the claim's.
    #[must_use]
    pub fn serves(&self, language: Option<&str>) -> bool {
        self.told || self.language.as_deref() == language
    }

    fn of_sentences(
        text: &'a str,
        main: &[ByteSpan],
        language: Option<String>,
        spans: impl ExactSizeIterator<Item = ByteSpan>,
    ) -> Self {
        let tokenizer = Tokenizer::new(language.as_deref());
        let read = tokenizer.read(text);
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let mut sentences = Vec::with_capacity(spans.len());
        let mut first = 0;
        let mut mains = main.iter().copied().peekable();
        for span in spans {
            while mains.next_if(|main| main.end <= span.start).is_some() {}
            sentences.push(Sentence {
                start: narrow(span.start),
                end: narrow(span.end),
                first: narrow(first),
                main: main.is_empty() || mains.peek().is_some_and(|main| main.overlaps(span)),
            });
            let rest = read.places.get(first..).unwrap_or(&[]);
            let inside = |place: &&Place| (place.start as usize) < span.end;
            first += rest.iter().take_while(inside).count();
        }
        Self {
            text,
            unreadable: false,
            told: false,
            tokenizer,
            sentences,
            read,
            keys: Keys::default(),
            folded: OnceCell::new(),
            said: OnceCell::new(),
            language,
        }
    }

    /// Judges one claim.
    #[must_use]
    pub fn judge(&self, claim: ClaimText<'_>) -> Evidence {
        if self.unreadable {
            return Evidence::nothing(EvidenceKind::Unreadable);
        }
        let read = self.read_claim(claim);
        let hits = self.hits(&read);
        let weights = self.weights(&read, &hits);
        let picks = self.picks(&hits, &weights);
        let score = self.signals(&read, &hits, &weights).probability();
        let facts = self.facts(claim, &read, &picks);
        let mut passages = self.passages(&picks, &hits, &weights);
        let quotations = self.quotations(claim.text, &mut passages, &hits, &weights);
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
        let hits = self.hits(&read);
        let weights = self.weights(&read, &hits);
        self.signals(&read, &hits, &weights)
    }

    fn read_claim(&self, claim: ClaimText<'_>) -> ReadClaim {
        let language = self.language.as_deref().or(claim.language);
        // Number words and months are those of the claim's own language.
        let tongue = Tongue::new(claim.language.or(language));
        claim::read(claim.text, &Tokenizer::new(language), &tongue)
    }

    fn places(&self, sentence: usize) -> &[Place] {
        let (first, end) = (self.first(sentence), self.first(sentence + 1));
        self.read.places.get(first..end).unwrap_or(&[])
    }

    /// The number of a sentence's first term; behind the last sentence how many there are.
    fn first(&self, sentence: usize) -> usize {
        let sentence = self.sentences.get(sentence);
        sentence.map_or(self.read.places.len(), |sentence| sentence.first as usize)
    }
}

/// Ranks given sentences by how well they carry a claim, best first: the same
/// steps as [`Prepared::judge`], for texts that are already divided.
#[must_use]
pub fn rank(claim: ClaimText<'_>, sentences: &[&str]) -> Vec<usize> {
    divided(claim, sentences, |prepared| {
        let read = prepared.read_claim(claim);
        let hits = prepared.hits(&read);
        let order = prepared.order(&hits, &prepared.weights(&read, &hits));
        order.into_iter().map(|at| hits.of[at].sentence).collect()
    })
}

/// What [`rank`] sees of each sentence that has any word of the claim, for the
/// script that fits its constants.
#[must_use]
pub fn candidates(claim: ClaimText<'_>, sentences: &[&str]) -> Vec<Candidate> {
    divided(claim, sentences, |prepared| {
        let read = prepared.read_claim(claim);
        let hits = prepared.hits(&read);
        prepared.candidates(&hits, &prepared.weights(&read, &hits))
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
    ask(&Prepared::of_sentences(
        &text,
        &[],
        language,
        spans.into_iter(),
    ))
}

#[cfg(test)]
mod tests;
