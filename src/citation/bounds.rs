//! How much the citations of one document may weigh.
//!
//! **In:** the sentences of a document. **Out:** the same, none of them longer than a person
//! would call a claim; and a budget that every citation takes its weight from. **Not here:**
//! where sentences end.
//!
//! Every citation carries its claim's words. A text without a full stop that links a hundred
//! thousand times would carry all of itself a hundred thousand times.

use super::{Citation, Unusable};
use crate::document::{ByteSpan, Document};
use crate::limits::Budget;

/// Bytes of one claim: some three hundred words, more than the longest sentences of prose have.
const MAX_CLAIM_BYTES: usize = 2 << 10;

/// Bytes of all citations of a document, words and addresses: those of a book with
/// a hundred thousand notes.
const MAX_CITATION_BYTES: u64 = 64 << 20;

/// What a citation weighs beside its words and addresses.
const OVERHEAD_BYTES: usize = 256;

/// Pairs of mark and link that the notes of a document may make; notes that share a label
/// and their marks multiply.
pub(super) const MAX_PAIRS: u64 = 200_000;

/// Cuts sentences that are too long, at white space where there is some.
pub(super) fn cut(sentences: Vec<ByteSpan>, text: &str) -> Vec<ByteSpan> {
    if sentences.iter().all(|span| span.len() <= MAX_CLAIM_BYTES) {
        return sentences;
    }
    let mut cut = Vec::with_capacity(sentences.len());
    for mut span in sentences {
        while span.len() > MAX_CLAIM_BYTES {
            let end = text.floor_char_boundary(span.start + MAX_CLAIM_BYTES);
            let head = ByteSpan::new(span.start, end);
            let space = head.of(text).trim_end_matches(|c: char| !c.is_whitespace());
            let words = space.trim_end().len();
            let end = if words > 0 { span.start + words } else { end };
            cut.push(ByteSpan::new(span.start, end));
            let rest = ByteSpan::new(end, span.end).of(text);
            span.start = end + (rest.len() - rest.trim_start().len());
        }
        if !span.is_empty() {
            cut.push(span);
        }
    }
    cut
}

/// Keeps the citations that fit into the budget, in reading order, and says where it ended.
pub(super) fn keep(document: &Document, found: &mut Vec<Citation>, unusable: &mut Vec<Unusable>) {
    let mut budget = Budget::new("bytes of citations", MAX_CITATION_BYTES);
    let kept = found
        .iter()
        .position(|citation| budget.take(weight(citation)).is_err());
    let Some(kept) = kept else { return };
    if let Some(first) = found.get(kept) {
        unusable.push(Unusable {
            url_as_cited: first.url_as_cited.to_string(),
            span: ByteSpan::new(first.claim.start, first.claim.start.min(document.text.len())),
            why: format!(
                "the document has {} citations, which is more than is taken; those from here on are left out",
                found.len()
            ),
        });
    }
    found.truncate(kept);
}

fn weight(citation: &Citation) -> u64 {
    let words = citation.claim.text.len();
    let addresses = citation.url_as_cited.len() + citation.source.as_str().len();
    u64::try_from(words + addresses + OVERHEAD_BYTES).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::citations;
    use crate::document::{Block, BlockKind, Format, markdown};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_text_without_a_full_stop_is_cut_at_white_space() {
        let text = "rain fell ".repeat(1000);
        let spans = cut(vec![ByteSpan::new(0, text.trim_end().len())], &text);
        assert_eq!(spans.len(), 5);
        for span in spans {
            assert!(span.len() <= MAX_CLAIM_BYTES);
            let words = span.of(&text);
            assert!(words.starts_with("rain") || words.starts_with("fell"));
            assert!(words.ends_with("rain") || words.ends_with("fell"));
        }
    }

    #[test]
    fn what_is_more_than_is_taken_is_left_out_and_said() {
        let text = "Rain [fell](https://a.example/x) there, ".repeat(60_000);
        let (found, unusable) = citations(&markdown::read(&text, None), &BTreeMap::new());
        assert!(found.len() < 60_000, "{}", found.len());
        assert!(unusable[0].why.contains("60000 citations"), "{unusable:?}");
    }

    #[test]
    fn marks_and_notes_of_one_label_do_not_multiply_without_end() {
        let mut document = crate::document::Document::empty(Format::Text);
        document.text = "Rain. ".repeat(2000);
        let kind = BlockKind::Footnote("1".to_owned());
        let span = ByteSpan::new(0, document.text.len());
        document.blocks.push(Block { kind, span });
        for at in 0..2000 {
            let span = ByteSpan::new(at * 6, at * 6 + 4);
            document.links.push(crate::document::Link {
                certainty: 100,
                url_as_cited: format!("https://a.example/{at}"),
                span,
                kind: crate::document::LinkKind::Hyperlink,
            });
            document.note_refs.push(crate::document::NoteRef {
                label: "1".to_owned(),
                span,
            });
        }
        let (found, _) = citations(&document, &BTreeMap::new());
        assert!(u64::try_from(found.len()).unwrap() <= MAX_PAIRS);
    }

    proptest! {
        #[test]
        fn pieces_lie_in_the_sentence_and_hold_all_its_words(text in "[a-z 雨é]{0,9000}") {
            let whole = ByteSpan::new(0, text.len());
            let pieces = cut(vec![whole], &text);
            let words = |text: &str| text.replace(char::is_whitespace, "");
            let joined: String = pieces.iter().map(|span| span.of(&text)).collect();
            prop_assert_eq!(words(&joined), words(&text));
            prop_assert!(pieces.iter().all(|span| span.len() <= MAX_CLAIM_BYTES));
        }
    }
}
