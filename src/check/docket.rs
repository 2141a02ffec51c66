//! Which claims rest on a source, and what the judge found for each.
//!
//! **In:** citations, the texts of a source. **Out:** evidence by citation. **Not here:**
//! verdicts, which need all that is known of a source.
//!
//! A claim is judged as soon as the text of its source is read, so that no text has to be
//! kept. Only where a document has page lists do its claims wait: their places move once
//! more when all of their sources are known.

use super::Cited;
use super::recall::Remembered;
use crate::citation::{Basis, Citation, ClaimRule, SourceUrl};
use crate::evidence::drift::{Earlier, Page};
use crate::evidence::{ClaimText, Evidence, EvidenceKind, Prepared, SourceText};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A citation's place: its document, and its number in there.
pub(super) type Place = (usize, usize);

/// All citations by the sources that they cite.
pub(super) struct Docket {
    pub(super) cited: Vec<Cited>,
    /// By source, then by place.
    by_source: Vec<(SourceUrl, Place)>,
    /// By document: its claims wait until all sources are known.
    late: Vec<bool>,
    /// Sources that carry a claim with others.
    shared: BTreeSet<SourceUrl>,
}

/// What a source says now, or said when it last answered, and what it said before it changed.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    pub(super) now: Option<Arc<SourceText>>,
    pub(super) before: Option<EarlierText>,
}

impl Texts {
    /// Bytes of both.
    pub(super) fn bytes(&self) -> usize {
        let before = self.before.as_ref().map(|before| &before.text);
        let both = [self.now.as_ref(), before];
        both.iter().flatten().map(|text| text.text.len()).sum()
    }
}

/// The text of an earlier capture.
#[derive(Debug, Clone)]
pub(super) struct EarlierText {
    pub(super) text: Arc<SourceText>,
    /// When it was captured last.
    pub(super) last_seen: Timestamp,
    /// When the source was captured next.
    pub(super) since: Timestamp,
}

/// What the judge found for one citation.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub(super) evidence: Evidence,
    /// In the earlier text, where the source has changed, and what became of it.
    pub(super) before: Option<Earlier>,
    /// The evidence is not the present text's alone.
    pub(super) kept: bool,
}

impl Judged {
    /// What the present text shows.
    pub(super) const fn now(evidence: Evidence) -> Self {
        Self {
            evidence,
            before: None,
            kept: false,
        }
    }

    /// The same, in the light of what an earlier text showed.
    pub(super) fn since(earlier: Earlier, now: Evidence) -> Self {
        let evidence = earlier.kept_by(now.clone());
        Self {
            kept: evidence != now,
            evidence,
            before: Some(earlier),
        }
    }
}

impl Docket {
    pub(super) fn new(cited: Vec<Cited>) -> Self {
        let mut by_source = Vec::with_capacity(cited.iter().map(|of| of.citations.len()).sum());
        for (document, of) in cited.iter().enumerate() {
            let citations = of.citations.iter().enumerate();
            by_source.extend(
                citations.map(|(number, citation)| (citation.source.clone(), (document, number))),
            );
        }
        by_source.sort_unstable();
        let late = cited
            .iter()
            .map(|cited| {
                let mut citations = cited.citations.iter();
                citations.any(|citation| citation.basis == Basis::PageList)
            })
            .collect();
        let mut docket = Self {
            cited,
            by_source,
            late,
            shared: BTreeSet::new(),
        };
        let shared = docket.shared_claims().flatten();
        docket.shared = shared
            .filter_map(|place| Some(docket.citation(place)?.1.source.clone()))
            .collect();
        docket
    }

    /// A citation and its document.
    pub(super) fn citation(&self, (document, number): Place) -> Option<(&Cited, &Citation)> {
        let cited = self.cited.get(document)?;
        Some((cited, cited.citations.get(number)?))
    }

    /// The claims for which several sources are cited: the citations of each.
    pub(super) fn shared_claims(&self) -> impl Iterator<Item = Vec<Place>> {
        let mut claims: BTreeMap<(usize, usize, usize), Vec<Place>> = BTreeMap::new();
        for (document, cited) in self.cited.iter().enumerate() {
            for (number, citation) in cited.citations.iter().enumerate() {
                let claim = &citation.claim;
                if is_judged(citation) {
                    let claim = (document, claim.start, claim.end);
                    claims.entry(claim).or_default().push((document, number));
                }
            }
        }
        claims.into_values().filter(|places| {
            let mut sources = places
                .iter()
                .filter_map(|place| Some(&self.citation(*place)?.1.source));
            let first = sources.next();
            sources.any(|source| Some(source) != first)
        })
    }

    /// The sources, each once, in the order of their addresses.
    pub(super) fn sources(&self) -> impl Iterator<Item = &SourceUrl> {
        let sources = self.by_source.chunk_by(|one, next| one.0 == next.0);
        sources.filter_map(|places| Some(&places.first()?.0))
    }

    /// The citations of a source, by place.
    fn places(&self, source: &SourceUrl) -> impl Iterator<Item = Place> {
        let start = self.by_source.partition_point(|(one, _)| one < source);
        let places = self.by_source.get(start..).unwrap_or_default().iter();
        let of_source = places.take_while(move |(one, _)| one == source);
        of_source.map(|(_, place)| *place)
    }

    /// The documents that cite a source, each once.
    pub(super) fn documents(&self, source: &SourceUrl) -> impl Iterator<Item = &Cited> {
        let mut last = None;
        self.places(source)
            .filter(move |(document, _)| last.replace(*document) != Some(*document))
            .filter_map(|(document, _)| self.cited.get(document))
    }

    /// Whether the text of a source will be wanted once more.
    pub(super) fn is_late(&self, source: &SourceUrl) -> bool {
        self.shared.contains(source) || self.waits_for(source)
    }

    /// Whether a document's claims wait.
    pub(super) fn waits(&self, document: usize) -> bool {
        self.late.get(document).copied().unwrap_or(false)
    }

    /// Whether claims on a source wait.
    pub(super) fn waits_for(&self, source: &SourceUrl) -> bool {
        self.places(source)
            .any(|(document, _)| self.waits(document))
    }

    /// What an earlier run found for the claims on a source; none where it does not know one.
    pub(super) fn recall(
        &self,
        source: &SourceUrl,
        last: &Remembered,
    ) -> Option<Vec<(Place, Judged)>> {
        let mut judged = Vec::new();
        for place in self.places(source) {
            let (cited, citation) = self.citation(place)?;
            if is_judged(citation) {
                let evidence = last.evidence(claim_of(cited, citation))?;
                judged.push((place, Judged::now(evidence)));
            }
        }
        Some(judged)
    }

    /// The claims that rest on a source and do not wait.
    pub(super) fn claims(&self, source: &SourceUrl) -> Vec<(Place, OwnedClaim)> {
        self.places(source)
            .filter(|(document, _)| !self.waits(*document))
            .filter_map(|place| {
                let (cited, citation) = self.citation(place)?;
                is_judged(citation).then(|| (place, OwnedClaim::of(claim_of(cited, citation))))
            })
            .collect()
    }
}

/// Whether a citation's claim can be judged: an entry of a bibliography claims nothing that its
/// source could carry.
pub(super) fn is_judged(citation: &Citation) -> bool {
    citation.claim.rule != ClaimRule::Entry
}

/// Judges claims that rest on one source; nothing where there is nothing to judge them by.
pub(super) fn judge(claims: &[(Place, OwnedClaim)], texts: &Texts) -> Vec<(Place, Judged)> {
    let mut judge = Judge::new(texts);
    let claims = claims.iter();
    claims
        .filter_map(|(place, claim)| Some((*place, judge.claim(claim.as_text())?)))
        .collect()
}

/// The same where the judge comes to no end; asked before the claims are handed to it.
pub(super) fn unjudged(
    claims: &[(Place, OwnedClaim)],
) -> impl FnOnce() -> Vec<(Place, Judged)> + use<> {
    let places: Vec<Place> = claims.iter().map(|(place, _)| *place).collect();
    let unread = || Judged::now(Evidence::nothing(EvidenceKind::Unreadable));
    move || places.into_iter().map(|place| (place, unread())).collect()
}

/// The texts of a source, made ready once for all claims on it.
struct Judge<'t> {
    texts: &'t Texts,
    now: Slot<'t>,
    before: Slot<'t>,
    /// The present text, in which earlier passages are looked for.
    page: Option<Page<'t>>,
}

impl<'t> Judge<'t> {
    fn new(texts: &'t Texts) -> Self {
        Self {
            texts,
            now: Slot::default(),
            before: Slot::default(),
            page: None,
        }
    }

    /// Judges one claim; none where there is nothing to judge it by.
    fn claim(&mut self, claim: ClaimText<'_>) -> Option<Judged> {
        let now = self.texts.now.as_deref()?;
        let evidence = self.now.judge(claim, now);
        let Some(before) = &self.texts.before else {
            return Some(Judged::now(evidence));
        };
        let earlier = self.before.judge(claim, &before.text);
        let page = self.page.get_or_insert_with(|| Page::new(now));
        let earlier = Earlier::new(earlier, page, before.last_seen, before.since);
        Some(Judged::since(earlier, evidence))
    }
}

/// One text made ready, until a claim of another language wants it otherwise.
#[derive(Default)]
struct Slot<'t>(Option<Prepared<'t>>);

impl<'t> Slot<'t> {
    fn judge(&mut self, claim: ClaimText<'_>, text: &'t SourceText) -> Evidence {
        let ready = self.0.take();
        let ready = ready.filter(|ready| ready.serves(claim.language));
        let ready = ready.unwrap_or_else(|| Prepared::new(text, claim.language));
        self.0.insert(ready).judge(claim)
    }
}

/// A citation's claim, as the judge needs it.
pub(super) fn claim_of<'c>(cited: &'c Cited, citation: &'c Citation) -> ClaimText<'c> {
    let document = cited.document.as_ref();
    ClaimText {
        text: &citation.claim.text,
        anchor: citation
            .anchor
            .and_then(|span| document.map(|document| span.of(&document.text))),
        language: document.and_then(|document| document.language.as_deref()),
    }
}

/// A claim of its own, for another thread: one that is past its deadline goes on with it, and
/// must hold nothing that the run still needs.
#[derive(Debug, Clone)]
pub(super) struct OwnedClaim {
    text: String,
    anchor: Option<String>,
    language: Option<String>,
}

impl OwnedClaim {
    pub(super) fn of(claim: ClaimText<'_>) -> Self {
        Self {
            text: claim.text.to_owned(),
            anchor: claim.anchor.map(str::to_owned),
            language: claim.language.map(str::to_owned),
        }
    }

    pub(super) fn as_text(&self) -> ClaimText<'_> {
        ClaimText {
            text: &self.text,
            anchor: self.anchor.as_deref(),
            language: self.language.as_deref(),
        }
    }
}
