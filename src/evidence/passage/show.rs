//! What the picks look like to a reader: passages with marks, quotations, facts.

use super::claim::ReadClaim;
use super::pick::{Hit, Hits, Weights, coverage};
use super::{PICKS, Prepared};
use crate::document::ByteSpan;
use crate::evidence::fact::{self, Finding, Said, Tongue};
use crate::evidence::quotation::{self, Folded, Located};
use crate::evidence::{ClaimText, Fact, Passage, Quotation};

impl Prepared<'_> {
    /// The picked sentences as passages, neighbours joined, the best first.
    pub(super) fn passages(&self, picks: &[Hit], hits: &Hits, weights: &Weights) -> Vec<Passage> {
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        let mut sorted: Vec<usize> = picks.iter().map(|pick| pick.sentence).collect();
        sorted.sort_unstable();
        for sentence in sorted {
            match ranges.last_mut() {
                Some((_, last)) if sentence <= *last + 2 => *last = sentence,
                _ => ranges.push((sentence, sentence)),
            }
        }
        let mut passages: Vec<Passage> = ranges
            .into_iter()
            .map(|(first, last)| self.passage(first, last, hits, weights))
            .collect();
        passages.sort_by(|a, b| b.score.total_cmp(&a.score));
        passages
    }

    /// Sentences `first` to `last` as one passage.
    fn passage(&self, first: usize, last: usize, hits: &Hits, weights: &Weights) -> Passage {
        let from = hits.of.partition_point(|hit| hit.sentence < first);
        let to = hits.of.partition_point(|hit| hit.sentence <= last);
        let score = coverage(&hits.of[from..to], weights);
        let start = self.sentences.get(first).map_or(0, |s| s.span().start);
        let end = self.sentences.get(last).map_or(0, |s| s.span().end);
        let mut marks: Vec<(usize, usize)> = Vec::new();
        for place in (first..=last).flat_map(|sentence| self.places(sentence)) {
            let (from, to) = (place.start as usize, place.end as usize);
            if hits.asked.key(place.id).is_some() && start <= from && to <= end {
                mark(&mut marks, from - start, to - start);
            }
        }
        Passage {
            text: self.text.get(start..end).unwrap_or("").to_owned(),
            start,
            end,
            score,
            marks,
        }
    }

    /// The claim's facts, each looked up; the picked sentences are those that bear on the claim.
    pub(super) fn facts(&self, claim: ClaimText<'_>, read: &ReadClaim, picks: &[Hit]) -> Vec<Fact> {
        if read.facts.is_empty() {
            return Vec::new();
        }
        let said = self
            .said
            .get_or_init(|| Said::read(self.text, self.language.as_deref()));
        let near: Vec<ByteSpan> = picks
            .iter()
            .filter_map(|pick| self.sentences.get(pick.sentence))
            .map(super::Sentence::span)
            .collect();
        let tongue = Tongue::new(claim.language.or(self.language.as_deref()));
        let findings = fact::look_up(claim.text, &tongue, &read.facts, said, &near);
        read.facts
            .iter()
            .zip(findings)
            .filter(|(fact, finding)| !(fact.weak && *finding == Finding::NotFound))
            .map(|(fact, finding)| fact.told(finding))
            .collect()
    }

    /// The claim's quotations; a passage that holds one comes before all others.
    pub(super) fn quotations(
        &self,
        claim_text: &str,
        passages: &mut Vec<Passage>,
        hits: &Hits,
        weights: &Weights,
    ) -> Vec<Quotation> {
        let quoted = quotation::quotations(claim_text);
        let located: Vec<Located> = quoted
            .iter()
            .map(|quotation| {
                let folded = self.folded.get_or_init(|| Folded::new(self.text));
                quotation::locate(quotation.text, folded, self.text)
            })
            .collect();
        let places: Vec<Option<ByteSpan>> = located.iter().map(Located::span).collect();
        let mut ahead = 0;
        for (quotation, place) in quoted.iter().zip(&places) {
            let Some(place) = place else { continue };
            if !quotation::decides(quotation.text) && passages.len() >= PICKS {
                continue;
            }
            let holder = passages
                .iter()
                .position(|passage| passage.start <= place.start && place.end <= passage.end);
            let mut passage = match holder {
                Some(index) if index < ahead => {
                    set_mark(&mut passages[index], *place);
                    continue;
                }
                Some(index) => passages.remove(index),
                None => {
                    let first = self
                        .sentences
                        .partition_point(|s| s.span().end <= place.start);
                    let last = self
                        .sentences
                        .partition_point(|s| s.span().start < place.end);
                    self.passage(first, last.saturating_sub(1).max(first), hits, weights)
                }
            };
            set_mark(&mut passage, *place);
            passages.insert(ahead.min(passages.len()), passage);
            ahead += 1;
        }
        passages.truncate(PICKS.max(ahead));
        quoted
            .iter()
            .zip(located)
            .map(|(quotation, located)| Quotation {
                text: quotation.text.to_owned(),
                passage: located.span().and_then(|place| {
                    passages
                        .iter()
                        .position(|p| p.start <= place.start && place.end <= p.end)
                }),
                found: matches!(located, Located::Found { .. }),
                altered: matches!(located, Located::Altered { .. }),
                difference: located.into_difference(),
            })
            .collect()
    }
}

/// Adds a mark behind the others, or widens the last one where they touch or only a space divides them.
fn mark(marks: &mut Vec<(usize, usize)>, start: usize, end: usize) {
    match marks.last_mut() {
        Some(last) if start <= last.1 => last.1 = last.1.max(end),
        _ => marks.push((start, end)),
    }
}

/// Marks a quotation's whole place in the passage.
fn set_mark(passage: &mut Passage, place: ByteSpan) {
    let start = place.start.saturating_sub(passage.start);
    let end = place
        .end
        .saturating_sub(passage.start)
        .min(passage.text.len());
    let mut all = std::mem::take(&mut passage.marks);
    all.push((start, end));
    all.sort_unstable();
    for (start, end) in all {
        mark(&mut passage.marks, start, end);
    }
}
