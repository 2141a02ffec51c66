//! The basis `hyperlink`: the link sits on words of the claim.
//!
//! **In:** links of kind [`LinkKind::Hyperlink`]. **Out:** a citation each, on the
//! sentence that holds the link's start. **Not here:** links within notes
//! (`footnote`), and links to places in the document itself.

use super::rule::Rules;
use super::{Basis, Citation, Claim, SourceUrl, Unusable, sentence};
use crate::document::{BlockKind, ByteSpan, Document, Link, LinkKind};

pub(super) fn citations(
    document: &Document,
    sentences: &[ByteSpan],
    rules: &Rules<'_>,
    unusable: &mut Vec<Unusable>,
) -> Vec<Citation> {
    of_links(
        document,
        sentences,
        rules,
        unusable,
        LinkKind::Hyperlink,
        Basis::Hyperlink,
    )
}

/// The citations that links of one kind make where they stand.
pub(super) fn of_links(
    document: &Document,
    sentences: &[ByteSpan],
    rules: &Rules<'_>,
    unusable: &mut Vec<Unusable>,
    kind: LinkKind,
    basis: Basis,
) -> Vec<Citation> {
    let mut found = Vec::new();
    for link in document.links.iter().filter(|link| link.kind == kind) {
        if is_in_note(document, link) || link.url_as_cited.starts_with('#') {
            continue;
        }
        let Some(source) = source(link, unusable) else {
            continue;
        };
        let Some(span) = sentence::holding(sentences, link.span.start) else {
            continue;
        };
        let (rule, covers) = rules.of_link(span, link.span);
        let claim = sentence::claim(document, span);
        found.push(Citation {
            claim: Claim {
                rule,
                covers,
                ..claim
            },
            source,
            url_as_cited: link.url_as_cited.as_str().into(),
            anchor: (basis == Basis::Hyperlink && !link.span.is_empty()).then_some(link.span),
            basis,
            confidence: f64::from(link.certainty.min(100)) / 100.0,
        });
    }
    found
}

/// The source that a link names, or a note of why it names none.
pub(super) fn source(link: &Link, unusable: &mut Vec<Unusable>) -> Option<SourceUrl> {
    match SourceUrl::parse(&link.url_as_cited) {
        Ok(source) => Some(source),
        Err(why) => {
            unusable.push(Unusable {
                url_as_cited: link.url_as_cited.clone(),
                span: link.span,
                why,
            });
            None
        }
    }
}

/// Whether a link stands in the body of a note or in an entry of a reference list.
pub(super) fn is_in_note(document: &Document, link: &Link) -> bool {
    document
        .block_at(link.span.start)
        .is_some_and(|block| matches!(block.kind, BlockKind::Footnote(_) | BlockKind::Reference(_)))
}

#[cfg(test)]
mod tests {
    use crate::citation::citations;
    use crate::document::{Block, BlockKind, ByteSpan, Document, Format, Link, LinkKind};
    use std::collections::BTreeMap;

    #[test]
    fn a_link_in_doubt_makes_an_uncertain_citation() {
        let mut document = Document::empty(Format::Html);
        document.text = "The ferry stopped on Monday.".to_owned();
        let span = ByteSpan::new(0, document.text.len());
        document.blocks.push(Block {
            kind: BlockKind::Paragraph,
            span,
        });
        for (certainty, expected) in [(100, 1.0), (40, 0.4), (0, 0.0)] {
            document.links = vec![Link {
                certainty,
                url_as_cited: "https://lark.example/log".to_owned(),
                span: ByteSpan::new(4, 9),
                kind: LinkKind::Hyperlink,
            }];
            let (found, _) = citations(&document, &BTreeMap::new());
            let confidences: Vec<f64> = found.iter().map(|found| found.confidence).collect();
            assert_eq!(confidences, [expected]);
        }
    }
}
