//! Claims that several sources are cited for, to be judged by all of them together. Pure.
//!
//! **In:** the citations and what was gathered of their sources. **Out:** the texts of one claim's
//! sources. **Not here:** what they show, and the verdict.

use super::readable_text;
use crate::check::Cited;
use crate::check::gather::Outcome;
use crate::citation::{Citation, ClaimRule, SourceUrl};
use crate::evidence::SourceText;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A claim: its document's name in the report, its first and last byte.
type Place = (String, usize, usize);

/// Sources that are judged together; a claim with more has a list, not sources.
const MAX_SOURCES: usize = 12;

/// The texts of all sources of each claim that has several.
pub(super) struct Together {
    texts: BTreeMap<Place, Vec<Arc<SourceText>>>,
}

impl Together {
    pub(super) fn of(cited: &[Cited], outcomes: &BTreeMap<SourceUrl, Outcome>) -> Self {
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
        let readable = |sources: Vec<&SourceUrl>| -> Vec<Arc<SourceText>> {
            let texts = sources
                .into_iter()
                .filter_map(|source| outcomes.get(source));
            texts.filter_map(readable_text).map(Arc::clone).collect()
        };
        let texts = sources
            .into_iter()
            .map(|(place, sources)| (place, readable(sources)))
            .filter(|(_, texts)| texts.len() > 1)
            .collect();
        Self { texts }
    }

    /// The texts of all sources of the citation's claim; nothing where it has only one.
    pub(super) fn texts(&self, document: &str, citation: &Citation) -> Option<&[Arc<SourceText>]> {
        let texts = self.texts.get(&place(document, citation))?;
        Some(texts.as_slice())
    }
}

fn place(document: &str, citation: &Citation) -> Place {
    (
        document.to_owned(),
        citation.claim.start,
        citation.claim.end,
    )
}
