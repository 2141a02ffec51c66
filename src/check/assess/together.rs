//! Claims that several sources are cited for, judged by all of them together.
//!
//! **In:** the citations, what was found for each, what was kept of their sources. **Out:**
//! what the sources of one claim show as one. **Not here:** what each shows on its own, and
//! the verdict.

use crate::archive::ArchiveError;
use crate::check::docket::{Docket, OwnedClaim, Place, Texts, claim_of};
use crate::check::outcome::{Late, Outcomes};
use crate::check::reader::{self, Reader};
use crate::citation::SourceUrl;
use crate::evidence::{Evidence, EvidenceKind, SourceText, judge_together};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Sources that are judged together; a claim with more has a list, not sources.
const MAX_SOURCES: usize = 12;

/// What all sources of a claim show, for each citation whose own source does not carry it alone.
pub(super) fn together(
    docket: &Docket,
    outcomes: &Outcomes,
    again: impl Fn(&Late) -> Result<Texts, ArchiveError> + Sync,
    reader: &Reader,
) -> Result<BTreeMap<Place, Evidence>, ArchiveError> {
    let lacking = |place: &Place| {
        outcomes.found(*place).is_some_and(|found| {
            matches!(found.kind, EvidenceKind::Partial | EvidenceKind::NotFound)
        })
    };
    let claims: Vec<Vec<Place>> = docket
        .shared_claims()
        .filter(|places| places.iter().any(lacking))
        .collect();
    let found = reader::all(&claims, |_, places| {
        let mut sources: Vec<&SourceUrl> = Vec::new();
        for (_, citation) in places.iter().filter_map(|place| docket.citation(*place)) {
            if !sources.contains(&&citation.source) && sources.len() < MAX_SOURCES {
                sources.push(&citation.source);
            }
        }
        let mut texts: Vec<Arc<SourceText>> = Vec::new();
        for source in sources {
            let outcome = outcomes.get(source);
            if let Some(late) = outcome.and_then(|outcome| outcome.late.as_deref()) {
                let both = match &late.texts {
                    Some(texts) => texts.clone(),
                    None => again(late)?,
                };
                texts.extend(both.now);
            }
        }
        if texts.len() < 2 {
            return Ok(Vec::new());
        }
        let lacking = places.iter().filter(|place| lacking(place));
        let claims: Vec<(Place, OwnedClaim)> = lacking
            .filter_map(|place| {
                let (cited, citation) = docket.citation(*place)?;
                Some((*place, OwnedClaim::of(claim_of(cited, citation))))
            })
            .collect();
        let judged = reader.read(move || {
            let texts: Vec<&SourceText> = texts.iter().map(Arc::as_ref).collect();
            let judge = |claim: &OwnedClaim| judge_together(claim.as_text(), &texts);
            let claims = claims.iter();
            claims
                .map(|(place, claim)| (*place, judge(claim)))
                .collect()
        });
        // Where that takes too long, what each shows on its own stands.
        Ok(judged.unwrap_or_default())
    });
    let found: Vec<Vec<_>> = found.into_iter().collect::<Result<_, ArchiveError>>()?;
    Ok(found.into_iter().flatten().collect())
}
