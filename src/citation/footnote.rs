//! The bases `footnote` and `reference`: a mark on the claim leads to the address.
//!
//! **In:** links that stand in notes and in entries of reference lists, and the
//! marks that point there. **Out:** a citation for every mark × link; the claim is
//! the sentence that the mark stands on. A note without any mark is an entry.
//! **Not here:** which marks and notes there are (`document`), what notes without
//! an address of their own refer to (`ibid`).

use super::ibid::{self, Note};
use super::rule::Rules;
use super::{Basis, Citation, Claim, ClaimRule, Unusable, bounds, hyperlink, sentence};
use crate::document::{BlockKind, ByteSpan, Document, LinkKind};
use crate::limits::Budget;
use std::collections::{BTreeMap, BTreeSet};

/// Characters of neighbouring marks.
const MAX_RUN: usize = 200;

pub(super) fn citations(
    document: &Document,
    sentences: &[ByteSpan],
    rules: &Rules<'_>,
    unusable: &mut Vec<Unusable>,
) -> Vec<Citation> {
    let mut marks: BTreeMap<&str, Vec<ByteSpan>> = BTreeMap::new();
    for mark in &document.note_refs {
        marks.entry(&mark.label).or_default().push(mark.span);
    }
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut cites = BTreeSet::new();
    let mut budget = Budget::new("pairs of mark and note", bounds::MAX_PAIRS);
    for note in notes(document) {
        for cited in &note.links {
            let Some(source) = hyperlink::source(cited.link, unusable) else {
                continue;
            };
            let marks = marks.get(note.label).map_or(&[][..], Vec::as_slice);
            // Many notes of one label and many marks of it would multiply.
            let pairs = u64::try_from(marks.len()).unwrap_or(u64::MAX);
            if budget.take(pairs.max(1)).is_err() {
                return found;
            }
            let mut claims: Vec<(ByteSpan, ByteSpan)> = marks
                .iter()
                .filter_map(|mark| Some((marked(&document.text, sentences, *mark)?, *mark)))
                .collect();
            let is_marked = !claims.is_empty();
            if !is_marked {
                // "Ibid." without a mark repeats what is an entry already.
                let own = cited.confidence >= 1.0;
                let entry = sentence::holding(sentences, cited.link.span.start).filter(|_| own);
                claims.extend(entry.map(|entry| (entry, cited.link.span)));
            }
            for (span, mark) in claims {
                // A note that gives an address twice cites it once.
                if !seen.insert((span, source.clone(), note.label)) {
                    continue;
                }
                // "[2][3]" where note 3 is "Ibid.": one claim, one source.
                if !cites.insert((span, source.clone())) && cited.confidence < 1.0 {
                    continue;
                }
                let (rule, covers) = if is_marked {
                    rules.of_mark(span, mark)
                } else {
                    (ClaimRule::Entry, None)
                };
                let claim = sentence::claim(document, span);
                found.push(Citation {
                    claim: Claim {
                        rule,
                        covers,
                        ..claim
                    },
                    source: source.clone(),
                    url_as_cited: cited.link.url_as_cited.as_str().into(),
                    anchor: None,
                    basis: note.basis,
                    confidence: cited.confidence,
                });
            }
        }
    }
    found
}

/// The notes and reference entries of a document in order, with the links that they cite.
fn notes(document: &Document) -> Vec<Note<'_>> {
    let mut notes: Vec<Note<'_>> = Vec::new();
    let mut index_of: BTreeMap<&str, usize> = BTreeMap::new();
    for block in &document.blocks {
        let (label, basis) = match &block.kind {
            BlockKind::Footnote(label) => (label.as_str(), Basis::Footnote),
            BlockKind::Reference(label) => (label.as_str(), Basis::Reference),
            _ => continue,
        };
        index_of.entry(label).or_insert_with(|| {
            notes.push(Note {
                label,
                basis,
                text: block.span.of(&document.text),
                links: Vec::new(),
            });
            notes.len() - 1
        });
    }
    for link in &document.links {
        if matches!(link.kind, LinkKind::PageList { .. }) || link.url_as_cited.starts_with('#') {
            continue;
        }
        let label = document
            .block_at(link.span.start)
            .and_then(|block| match &block.kind {
                BlockKind::Footnote(label) | BlockKind::Reference(label) => Some(label.as_str()),
                _ => None,
            });
        if let Some(note) = label
            .and_then(|label| index_of.get(label))
            .and_then(|index| notes.get_mut(*index))
        {
            note.links.push(ibid::Cited {
                link,
                confidence: 1.0,
            });
        }
    }
    ibid::resolve(&mut notes, &index_of);
    notes
}

/// The sentence that a mark stands on: a mark directly after a sentence's end belongs to it.
fn marked(text: &str, sentences: &[ByteSpan], mark: ByteSpan) -> Option<ByteSpan> {
    let before = text.get(..mark.start).unwrap_or("").trim_end();
    // A mark at the very start of its block has nothing before it in that block.
    let gap = text.get(before.len()..mark.start).unwrap_or("");
    if gap.contains('\n') || before.is_empty() {
        return sentence::holding(sentences, mark.start);
    }
    // Neighbouring marks ("[1][2]") stand on the same words.
    let marks: usize = before
        .chars()
        .rev()
        .take(MAX_RUN)
        .take_while(|c| matches!(c, '[' | ']' | ',') || c.is_ascii_digit() || c.is_whitespace())
        .map(char::len_utf8)
        .sum();
    let words = &before[..before.len() - marks];
    let at_mark = sentence::holding(sentences, before.len().saturating_sub(1));
    let at_words = sentence::holding(sentences, words.len().saturating_sub(1));
    let is_mark_run = before.ends_with(']');
    if is_mark_run { at_words } else { at_mark }
}

#[cfg(test)]
mod tests {
    use crate::citation::{Basis, ClaimRule, citations};
    use crate::document::markdown;
    use std::collections::BTreeMap;

    #[test]
    fn a_note_cites_for_the_sentence_of_its_mark() {
        let check = |text: &str, expected: &[(Basis, ClaimRule, &str)]| {
            let (found, _) = citations(&markdown::read(text, None), &BTreeMap::new());
            let found: Vec<_> = found
                .iter()
                .map(|c| (c.basis, c.claim.rule, c.claim.text.as_str()))
                .collect();
            assert_eq!(found, expected, "{text}");
        };
        let note = "\n\n[^1]: <https://example.org/log>\n";
        let on = |text: &str, rule, claim| {
            check(&format!("{text}{note}"), &[(Basis::Footnote, rule, claim)]);
        };
        on(
            "It rained.[^1] It stopped.",
            ClaimRule::Sentence,
            "It rained.",
        );
        on(
            "It rained[^1]. It stopped.",
            ClaimRule::Sentence,
            "It rained.",
        );
        on(
            "It rained.[^1][^2]It stopped.",
            ClaimRule::Sentence,
            "It rained.[^2]",
        );
        on("Rain,[^1] it fell.", ClaimRule::Clause, "Rain, it fell.");
        on("# Rain[^1]\n\nIt fell.", ClaimRule::Item, "Rain");
        on("* Rain[^1]", ClaimRule::Item, "Rain");
        on(
            "[^1] It rained. It stopped.",
            ClaimRule::Sentence,
            "It rained.",
        );
        on(
            "It rained. It stopped.[^1]",
            ClaimRule::Paragraph,
            "It stopped.",
        );
        check(
            "Rain[^a] fell twice. It stopped.[^a]\n\n[^a]: The log, https://example.org/log.\n",
            &[
                (Basis::Footnote, ClaimRule::Sentence, "Rain fell twice."),
                (Basis::Footnote, ClaimRule::Sentence, "It stopped."),
            ],
        );
        check(
            "It rained.\n\n[^x]: See https://example.org/x.\n",
            &[(
                Basis::Footnote,
                ClaimRule::Entry,
                "See https://example.org/x.",
            )],
        );
    }
}
