//! The bases `footnote` and `reference`: a mark on the claim leads to the address.
//!
//! **In:** links that stand in notes and in entries of reference lists, and the
//! marks that point there. **Out:** a citation for every mark × link; the claim is
//! the sentence that the mark stands on. A note without any mark is its own claim.
//! **Not here:** which marks and notes there are (`document`).

use super::{Basis, Citation, Unusable, hyperlink, sentence};
use crate::document::{BlockKind, ByteSpan, Document, LinkKind};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn citations(
    document: &Document,
    sentences: &[ByteSpan],
    unusable: &mut Vec<Unusable>,
) -> Vec<Citation> {
    let mut marks: BTreeMap<&str, Vec<ByteSpan>> = BTreeMap::new();
    for mark in &document.note_refs {
        marks.entry(&mark.label).or_default().push(mark.span);
    }
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for link in &document.links {
        if matches!(link.kind, LinkKind::PageList { .. }) || link.url_as_cited.starts_with('#') {
            continue;
        }
        let Some(block) = document.block_at(link.span.start) else {
            continue;
        };
        let (label, basis) = match &block.kind {
            BlockKind::Footnote(label) => (label, Basis::Footnote),
            BlockKind::Reference(label) => (label, Basis::Reference),
            _ => continue,
        };
        let Some(source) = hyperlink::source(link, unusable) else {
            continue;
        };
        let mut claims: Vec<ByteSpan> = marks
            .get(label.as_str())
            .into_iter()
            .flatten()
            .filter_map(|mark| marked(&document.text, sentences, *mark))
            .collect();
        if claims.is_empty() {
            claims.extend(sentence::holding(sentences, link.span.start));
        }
        for span in claims {
            // A note that gives an address twice cites it once.
            if seen.insert((span, source.clone(), label)) {
                found.push(Citation {
                    claim: sentence::claim(document, span),
                    source: source.clone(),
                    url_as_cited: link.url_as_cited.clone(),
                    anchor: None,
                    basis,
                    confidence: 1.0,
                });
            }
        }
    }
    found
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
    let words = before.trim_end_matches(|c: char| {
        matches!(c, '[' | ']' | ',') || c.is_ascii_digit() || c.is_whitespace()
    });
    let at_mark = sentence::holding(sentences, before.len().saturating_sub(1));
    let at_words = sentence::holding(sentences, words.len().saturating_sub(1));
    let is_mark_run = before.ends_with(']');
    if is_mark_run { at_words } else { at_mark }
}

#[cfg(test)]
mod tests {
    use crate::citation::{Basis, citations};
    use crate::document::markdown;
    use std::collections::BTreeMap;

    #[test]
    fn a_note_cites_for_the_sentence_of_its_mark() {
        let check = |text: &str, expected: &[(Basis, &str)]| {
            let (found, _) = citations(&markdown::read(text, None), &BTreeMap::new());
            let found: Vec<_> = found
                .iter()
                .map(|c| (c.basis, c.claim.text.as_str()))
                .collect();
            assert_eq!(found, expected, "{text}");
        };
        check(
            "It rained.[^1] It stopped.\n\n[^1]: <https://example.org/log>\n",
            &[(Basis::Footnote, "It rained.")],
        );
        check(
            "Rain[^a] fell twice. It stopped.[^a]\n\n[^a]: The log, https://example.org/log.\n",
            &[
                (Basis::Footnote, "Rain fell twice."),
                (Basis::Footnote, "It stopped."),
            ],
        );
        check(
            "It rained.\n\n[^x]: See https://example.org/x.\n",
            &[(Basis::Footnote, "See https://example.org/x.")],
        );
    }
}
