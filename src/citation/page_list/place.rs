//! One list laid along the sentences of its page.
//!
//! **In:** the targets, the page, what a fetch has told. **Out:** for each target its
//! sentence, the likely anchor and the confidence. **Not here:** citations and claims
//! (`page_list`), the worth of signs (`model`).

use super::align::Lattice;
use super::fit::{self, Meeting};
use super::index::Index;
use super::looks::{self, TRAITS};
use super::words::{self, Token};
use super::{Hint, SourceUrl, Target, hints, model};
use crate::document::{BlockKind, ByteSpan, Document};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Longest block, in words, that counts as an item of a list of links.
const SHORT: usize = 10;

/// The page of a list, in its document.
pub(super) struct Page<'a> {
    pub(super) document: &'a Document,
    pub(super) sentences: &'a [ByteSpan],
    pub(super) index: &'a Index,
    pub(super) hints: &'a BTreeMap<SourceUrl, Hint>,
    /// The sentences of addresses that are printed on the page.
    pub(super) printed: BTreeMap<&'a SourceUrl, usize>,
    pub(super) span: ByteSpan,
    /// How much of its weight a word keeps that stands in several addresses of the list.
    pub(super) common: HashMap<String, f32>,
}

/// Where a target stands.
pub(super) struct Placed {
    /// Index of the sentence.
    pub(super) sentence: usize,
    /// First and last word of what address and sentence share, where that is two words or more.
    pub(super) anchor: Option<(u32, u32)>,
    pub(super) confidence: f64,
}

/// A sentence of the page, whatever the target.
struct Sentence {
    look: f32,
    /// A short block of its own.
    alone: bool,
    /// Its middle, as a part of the words of the page.
    middle: f32,
}

impl Page<'_> {
    /// The places of these targets in the sentences from `first` up to `last`, of which there
    /// is one at least.
    pub(super) fn lay(&self, targets: &[Target<'_>], first: usize, last: usize) -> Vec<Placed> {
        let sentences = self.looks(first, last);
        let expected = self.expected(targets, &sentences, first);
        let found: Vec<Vec<Meeting>> = targets
            .iter()
            .map(|target| self.meetings(target, first, last))
            .collect();
        let mut told = vec![false; targets.len()];
        let mut rows = Vec::with_capacity(targets.len());
        for (at, target) in targets.iter().enumerate() {
            let mut row: Vec<f32> = sentences
                .iter()
                .map(|sentence| sentence.look + model::spread(sentence.middle - expected[at]))
                .collect();
            for meeting in &found[at] {
                row[meeting.sentence - first] += model::meeting(&meeting.signs);
            }
            if let Some(sentence) = self.printed.get(&target.source)
                && let Some(fit) = sentence.checked_sub(first).and_then(|at| row.get_mut(at))
            {
                *fit += model::PRINTED;
            } else if let Some(hint) = self.hints.get(&target.source) {
                let (text, index) = (&self.document.text, self.index);
                told[at] = hints::add(hint, text, self.sentences, index, first, &mut row);
            }
            rows.push(row);
        }
        let anchors = anchors(&found, first, sentences.len());
        let lattice = lattice(targets, rows, &anchors, &sentences);
        lattice
            .probabilities()
            .iter()
            .enumerate()
            .map(|(at, row)| {
                let best = best(row);
                let meeting = found[at].iter().find(|m| m.sentence == first + best);
                let clear = meeting.filter(|meeting| meeting.words >= 2);
                let words = told[at] || meeting.is_some();
                Placed {
                    sentence: first + best,
                    anchor: clear.and_then(|meeting| meeting.anchor),
                    confidence: model::confidence(row[best], words),
                }
            })
            .collect()
    }

    fn looks(&self, first: usize, last: usize) -> Vec<Sentence> {
        let text = &self.document.text;
        let mut mass = 0.0;
        let mut sentences: Vec<Sentence> = (first..last)
            .map(|at| {
                let span = self.sentences[at];
                let block = self.document.block_at(span.start);
                let alone = block.is_some_and(|block| block.span.of(text).trim() == span.of(text));
                let kind = block.map_or(&BlockKind::Paragraph, |block| &block.kind);
                let words = self.index.words(at);
                let mut traits = looks::traits(span.of(text), words, kind, alone);
                traits[TRAITS - 1] = self.share(span).ln();
                let middle = mass + words.len() as f32 / 2.0;
                mass += words.len() as f32;
                Sentence {
                    look: model::look(&traits),
                    alone: alone && words.len() <= SHORT,
                    middle,
                }
            })
            .collect();
        for sentence in &mut sentences {
            sentence.middle /= mass.max(1.0);
        }
        sentences
    }

    /// How much of a sentence stands on the page: the link sits on words of the page.
    fn share(&self, span: ByteSpan) -> f32 {
        let end = span.end.min(self.span.end);
        let on = end.saturating_sub(span.start.max(self.span.start));
        (on as f32 / span.len().max(1) as f32).clamp(0.05, 1.0)
    }

    fn meetings(&self, target: &Target<'_>, first: usize, last: usize) -> Vec<Meeting> {
        // Only words of this page can have carried a link of this page.
        let elsewhere = |sentence: usize, word: u32| {
            self.index
                .words(sentence)
                .get(word as usize)
                .is_some_and(|word| !self.span.contains(word.span))
        };
        let (tokens, common) = (&target.tokens, &self.common);
        fit::meetings(self.index, tokens, common, first, last, elsewhere)
    }

    /// Where each target would stand if all were spread evenly between those whose
    /// sentence is known, as a part of the page.
    fn expected(&self, targets: &[Target<'_>], sentences: &[Sentence], first: usize) -> Vec<f32> {
        let mut places = Vec::with_capacity(targets.len());
        let mut from = 0.0_f32;
        let mut waiting = 0_usize;
        let mut spread = |waiting: usize, from: f32, to: f32| {
            let step = (to - from).max(0.0) / (waiting.max(1) as f32);
            places.extend((0..waiting).map(|at| from + step * (at as f32 + 0.5)));
        };
        for target in targets {
            waiting += 1;
            let printed = self.printed.get(&target.source);
            let Some(known) =
                printed.and_then(|sentence| sentences.get(sentence.checked_sub(first)?))
            else {
                continue;
            };
            let to = known.middle.max(from);
            spread(waiting - 1, from, to);
            spread(1, to, to);
            (from, waiting) = (to, 0);
        }
        spread(waiting, from, 1.0);
        places
    }
}

/// For each target and sentence the likeliest anchor, where address and sentence meet.
fn anchors(found: &[Vec<Meeting>], first: usize, count: usize) -> Vec<Vec<Option<(u32, u32)>>> {
    found
        .iter()
        .map(|meetings| {
            let mut row = vec![None; count];
            for meeting in meetings {
                row[meeting.sentence - first] = meeting.anchor;
            }
            row
        })
        .collect()
}

fn lattice(
    targets: &[Target<'_>],
    fit: Vec<Vec<f32>>,
    anchors: &[Vec<Option<(u32, u32)>>],
    sentences: &[Sentence],
) -> Lattice {
    let alone =
        |at: usize, back: usize| at >= back && sentences[at].alone && sentences[at - back].alone;
    let mut listed = BTreeSet::new();
    let (mut stay, mut next) = (Vec::new(), Vec::new());
    for (target, of) in targets.iter().enumerate() {
        let again = !listed.insert(&of.source);
        let step = |at: usize, back: usize| model::Step {
            again,
            alone: alone(at, back),
            before: target
                .checked_sub(1)
                .and_then(|before| *anchors[before].get(at.checked_sub(back)?)?),
            here: anchors[target][at],
        };
        let all = 0..sentences.len();
        stay.push(all.clone().map(|at| model::stay(step(at, 0))).collect());
        next.push(all.map(|at| model::next(step(at, 1))).collect());
    }
    let skip = (0..sentences.len())
        .map(|at| model::skip(alone(at, 2)))
        .collect();
    Lattice {
        fit,
        stay,
        next,
        skip,
    }
}

/// The first of the likeliest.
fn best(row: &[f32]) -> usize {
    (0..row.len())
        .max_by(|a, b| row[*a].total_cmp(&row[*b]).then(b.cmp(a)))
        .unwrap_or(0)
}

/// How much of its weight each word keeps: what all addresses of a list share tells nothing.
pub(super) fn common(targets: &[Target<'_>]) -> HashMap<String, f32> {
    let mut listed = BTreeSet::new();
    let mut counts: HashMap<String, f32> = HashMap::new();
    for target in targets {
        if !listed.insert(&target.link.url_as_cited) {
            continue;
        }
        let distinct: BTreeSet<&str> = target.tokens.iter().map(|t| t.word.as_str()).collect();
        for word in distinct {
            *counts.entry(word.to_owned()).or_insert(0.0) += 1.0;
        }
    }
    let all = targets.len().max(1) as f32;
    counts
        .into_iter()
        .map(|(word, count)| (word, 1.0 - 0.95 * ((count - 1.0) / all).min(1.0)))
        .collect()
}

/// The words of an address as this document would write them.
pub(super) fn tokens(url: &str, index: &Index) -> Vec<Token> {
    words::tokens(url, |form| index.has(form))
}
