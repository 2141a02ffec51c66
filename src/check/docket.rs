//! Which claims rest on a source, and what the judge found for each.
//!
//! **In:** citations, the texts of a source. **Out:** evidence by citation. **Not here:**
//! verdicts, which need all that is known of a source.
//!
//! A claim is judged as soon as the text of its source is read, so that no text has to be
//! kept. Only where a document has page lists do its claims wait: their places move once
//! more when all of their sources are known.

use super::Cited;
use crate::citation::{Basis, Citation, ClaimRule, SourceUrl};
use crate::evidence::{self, ClaimText, Evidence, SourceText};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A citation's place: its document, and its number in there.
pub(super) type Place = (usize, usize);

/// All citations by the sources that they cite.
pub(super) struct Docket {
    pub(super) cited: Vec<Cited>,
    by_source: BTreeMap<SourceUrl, Vec<Place>>,
    /// By document: its claims wait until all sources are known.
    late: Vec<bool>,
}

/// What a source says now, or said when it last answered, and what it said before it changed.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    pub(super) now: Option<Arc<SourceText>>,
    pub(super) before: Option<Arc<SourceText>>,
}

/// What the judge found for one citation.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub(super) evidence: Evidence,
    /// In the earlier text, where the source has changed.
    pub(super) before: Option<Evidence>,
}

impl Docket {
    pub(super) fn new(cited: Vec<Cited>) -> Self {
        let mut by_source: BTreeMap<SourceUrl, Vec<Place>> = BTreeMap::new();
        for (document, of) in cited.iter().enumerate() {
            for (number, citation) in of.citations.iter().enumerate() {
                by_source
                    .entry(citation.source.clone())
                    .or_default()
                    .push((document, number));
            }
        }
        let late = cited
            .iter()
            .map(|cited| {
                let mut citations = cited.citations.iter();
                citations.any(|citation| citation.basis == Basis::PageList)
            })
            .collect();
        Self {
            cited,
            by_source,
            late,
        }
    }

    fn places(&self, source: &SourceUrl) -> &[Place] {
        self.by_source.get(source).map_or(&[], Vec::as_slice)
    }

    /// The documents that cite a source, each once.
    pub(super) fn documents(&self, source: &SourceUrl) -> impl Iterator<Item = &Cited> {
        let mut last = None;
        self.places(source)
            .iter()
            .filter(move |(document, _)| last.replace(*document) != Some(*document))
            .filter_map(|(document, _)| self.cited.get(*document))
    }

    /// Whether the text of a source will be wanted once more.
    pub(super) fn is_late(&self, source: &SourceUrl) -> bool {
        self.places(source)
            .iter()
            .any(|(document, _)| self.waits(*document))
    }

    /// Whether a document's claims wait.
    pub(super) fn waits(&self, document: usize) -> bool {
        self.late.get(document).copied().unwrap_or(false)
    }

    /// Judges the claims that rest on a source and do not wait.
    pub(super) fn judge(&self, source: &SourceUrl, texts: &Texts) -> Vec<(Place, Judged)> {
        self.places(source)
            .iter()
            .filter(|(document, _)| !self.waits(*document))
            .filter_map(|(document, number)| {
                let cited = self.cited.get(*document)?;
                let citation = cited.citations.get(*number)?;
                Some(((*document, *number), judge(cited, citation, texts)?))
            })
            .collect()
    }
}

/// Judges one citation; none where there is nothing to judge it by, or no claim.
pub(super) fn judge(cited: &Cited, citation: &Citation, texts: &Texts) -> Option<Judged> {
    // An entry of a bibliography claims nothing that its source could carry.
    if citation.claim.rule == ClaimRule::Entry {
        return None;
    }
    let document = cited.document.as_ref();
    let claim = ClaimText {
        text: &citation.claim.text,
        anchor: citation
            .anchor
            .and_then(|span| document.map(|document| span.of(&document.text))),
        language: document.and_then(|document| document.language.as_deref()),
    };
    Some(Judged {
        evidence: evidence::judge(claim, texts.now.as_deref()?),
        before: texts
            .before
            .as_deref()
            .map(|text| evidence::judge(claim, text)),
    })
}
