//! Claims that several sources are cited for, judged by all of them together. Pure.
//!
//! **In:** the citations and what was gathered of their sources. **Out:** what the sources of
//! one claim show as one. **Not here:** what each shows on its own, and the verdict.

use super::readable_text;
use crate::check::Cited;
use crate::check::gather::Outcome;
use crate::citation::{Citation, ClaimRule, SourceUrl};
use crate::evidence::{ClaimText, Evidence, SourceText, judge_together};
use std::collections::BTreeMap;

/// A claim: its document's name in the report, its first and last byte.
type Place = (String, usize, usize);

/// Sources that are judged together; a claim with more has a list, not sources.
const MAX_SOURCES: usize = 12;

/// The texts of all sources of each claim that has several.
pub(super) struct Together<'o> {
    texts: BTreeMap<Place, Vec<&'o SourceText>>,
}

impl<'o> Together<'o> {
    pub(super) fn of(cited: &[Cited], outcomes: &'o BTreeMap<SourceUrl, Outcome>) -> Self {
        let mut sources: BTreeMap<Place, Vec<&SourceUrl>> = BTreeMap::new();
        for cited in cited {
            let claims = cited
                .citations
                .iter()
                .filter(|citation| citation.claim.rule != ClaimRule::Entry);
            for citation in claims {
                let known = sources.entry(place(&cited.entry.id, citation)).or_default();
                if !known.contains(&&citation.source) && known.len() < MAX_SOURCES {
                    known.push(&citation.source);
                }
            }
        }
        let readable = |sources: Vec<&SourceUrl>| -> Vec<&'o SourceText> {
            let texts = sources
                .into_iter()
                .filter_map(|source| outcomes.get(source));
            texts.filter_map(readable_text).collect()
        };
        let texts = sources
            .into_iter()
            .map(|(place, sources)| (place, readable(sources)))
            .filter(|(_, texts)| texts.len() > 1)
            .collect();
        Self { texts }
    }

    /// What all sources of the citation's claim show; nothing where it has only one.
    pub(super) fn judge(
        &self,
        claim: ClaimText<'_>,
        document: &str,
        citation: &Citation,
    ) -> Option<Evidence> {
        let texts = self.texts.get(&place(document, citation))?;
        Some(judge_together(claim, texts))
    }
}

fn place(document: &str, citation: &Citation) -> Place {
    (
        document.to_owned(),
        citation.claim.start,
        citation.claim.end,
    )
}
