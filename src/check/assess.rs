//! From what was gathered to the report: evidence, verdicts, words. What a source was before the
//! earlier capture is asked of the archive, where a claim is not carried now.

use super::docket::{self, Docket, Judged, OwnedClaim, Place, Texts, claim_of, is_judged};
use super::outcome::{Late, Outcomes, Settled};
use super::past::Past;
use super::reader::Reader;
use super::shelf::{Found, Shelf};
use super::{Cited, apply_decisions, reader, rfc3339};
use crate::archive::ArchiveError;
use crate::citation::archived::archived;
use crate::citation::canonical;
use crate::citation::fragment::text_fragments;
use crate::citation::{self, Basis, ByContent, Citation, ClaimRule, Hint, SourceUrl};
use crate::clock::Clock;
use crate::config::Config;
use crate::document::Document;
use crate::evidence::drift::Earlier;
use crate::evidence::verdict::{Acceptance, Grounds, verdict};
use crate::evidence::{Evidence, EvidenceKind};
use crate::report::{self, Anchor, CitationEntry, ClaimDrift, Entries, Report, Summary};
use std::collections::{BTreeMap, BTreeSet};

mod together;

/// What the report is made with.
pub(super) struct Desk<'a> {
    pub(super) shelf: &'a Shelf,
    pub(super) reader: &'a Reader,
    pub(super) config: &'a Config,
    pub(super) clock: &'a Clock,
}

/// Makes the report; its run is filled in by the caller. `again` reads texts that were not kept.
///
/// A run may have a hundred thousand citations: each is finished before the next is begun.
pub(super) fn assess(
    mut docket: Docket,
    mut outcomes: Outcomes,
    again: impl Fn(&Late) -> Result<Texts, ArchiveError> + Sync,
    mut past: Past<'_>,
    desk: &Desk<'_>,
) -> Result<Report, ArchiveError> {
    if desk.config.judge {
        realign(&mut docket, &outcomes, desk);
        let late = judge_late(&docket, &outcomes, &again, desk)?;
        outcomes.find(late);
    }
    let mut together = together::together(&docket, &outcomes, &again, desk.reader)?;
    let cited = docket.cited;
    let mut citations = Entries::new();
    let mut summary = Summary {
        documents: cited.len(),
        sources: outcomes.len(),
        ..Summary::default()
    };
    let mut read_again: BTreeSet<&SourceUrl> = BTreeSet::new();
    for (place, cited, citation) in places(&cited) {
        let mut entry = citation_entry(citations.len(), cited, citation);
        let found = outcomes.take_found(place);
        if let Some(outcome) = outcomes.get(&citation.source) {
            let own = found
                .map(|found| desk.shelf.take_found(found))
                .transpose()?;
            let own = own.map(|judged| past.trace(cited, citation, outcome, judged));
            let kept = own.as_ref().is_some_and(|judged| judged.kept);
            // The report shows of an anchor only what lies in the claim.
            let cut = citation.anchor.is_some_and(|anchor| {
                anchor.start < citation.claim.start || anchor.end > citation.claim.end
            });
            if kept || cut {
                read_again.insert(&citation.source);
            }
            let both = (own, together.remove(&place));
            pronounce(&mut entry, cited, citation, outcome, both, desk);
        }
        summary.count(entry.verdict);
        citations.push(entry);
    }
    let sources = outcomes
        .into_sources()
        .map(|(source, outcome)| outcome.entry(desk.shelf, read_again.contains(&source)))
        .collect::<Result<_, _>>()?;
    Ok(Report {
        schema: report::SCHEMA,
        ibid: env!("CARGO_PKG_VERSION").to_owned(),
        run: None,
        documents: cited.into_iter().map(|cited| cited.entry).collect(),
        sources: Some(sources),
        citations,
        summary: Some(summary),
    })
}

/// All citations, by document and place.
pub(super) fn places(cited: &[Cited]) -> impl Iterator<Item = (Place, &Cited, &Citation)> {
    cited.iter().enumerate().flat_map(|(document, cited)| {
        let citations = cited.citations.iter().enumerate();
        citations.map(move |(number, citation)| ((document, number), cited, citation))
    })
}

/// Judges the claims that waited, source by source, each in its time.
fn judge_late(
    docket: &Docket,
    outcomes: &Outcomes,
    again: impl Fn(&Late) -> Result<Texts, ArchiveError> + Sync,
    desk: &Desk<'_>,
) -> Result<Vec<(Place, Found)>, ArchiveError> {
    let mut by_source: BTreeMap<&SourceUrl, Vec<(Place, &Cited, &Citation)>> = BTreeMap::new();
    for (document, cited) in docket.cited.iter().enumerate() {
        if !docket.waits(document) {
            continue;
        }
        for (number, citation) in cited.citations.iter().enumerate() {
            let citations = by_source.entry(&citation.source).or_default();
            citations.push(((document, number), cited, citation));
        }
    }
    let by_source: Vec<_> = by_source.into_iter().collect();
    let judged = reader::all(&by_source, |_, (source, citations)| {
        let Some(late) = outcomes
            .get(source)
            .and_then(|outcome| outcome.late.as_deref())
        else {
            return Ok(Vec::new());
        };
        let texts = match &late.texts {
            Some(texts) => texts.clone(),
            None => again(late)?,
        };
        let citations = citations.iter();
        let citations = citations.filter(|(_, _, citation)| is_judged(citation));
        let claims: Vec<_> = citations
            .map(|(place, cited, citation)| (*place, OwnedClaim::of(claim_of(cited, citation))))
            .collect();
        let unjudged = docket::unjudged(&claims);
        let judged = desk.reader.read(move || docket::judge(&claims, &texts));
        desk.shelf.put_found(judged.unwrap_or_else(|_| unjudged()))
    });
    let judged: Vec<Vec<_>> = judged.into_iter().collect::<Result<_, ArchiveError>>()?;
    Ok(judged.into_iter().flatten().collect())
}

/// Aligns page lists once more, now that titles and texts of their sources are known.
fn realign(docket: &mut Docket, outcomes: &Outcomes, desk: &Desk<'_>) {
    for cited in &mut docket.cited {
        let Some(document) = &cited.document else {
            continue;
        };
        let from_list = |citation: &Citation| citation.basis == Basis::PageList;
        let hints: BTreeMap<SourceUrl, Hint> = cited
            .citations
            .iter()
            .filter(|citation| from_list(citation))
            .filter_map(|citation| {
                let late = outcomes.get(&citation.source)?.late.as_ref()?;
                Some((citation.source.clone(), late.hint.clone()))
            })
            .collect();
        if hints.is_empty() {
            continue;
        }
        let (again, known) = (document.clone(), hints.clone());
        let aligned = desk
            .reader
            .read(move || citation::citations(&again, &known).0);
        // Where that takes too long, the list's own order stands.
        let Ok(mut again) = aligned else { continue };
        apply_decisions(document, &mut again, &cited.entry, desk.config);
        cited.by_content = borne_on(&cited.citations, &again, &hints);
        cited.citations = again;
    }
}

/// Which citations of page lists the texts of their sources confirmed or moved. A source
/// that is listed twice has one place for each time, in order.
fn borne_on(
    before: &[Citation],
    after: &[Citation],
    hints: &BTreeMap<SourceUrl, Hint>,
) -> BTreeMap<(SourceUrl, usize), ByContent> {
    let listed = |citation: &&Citation| citation.basis == Basis::PageList;
    let mut places: BTreeMap<&SourceUrl, Vec<usize>> = BTreeMap::new();
    for citation in before.iter().filter(listed) {
        places
            .entry(&citation.source)
            .or_default()
            .push(citation.claim.start);
    }
    after
        .iter()
        .filter(listed)
        .filter(|citation| hints.contains_key(&citation.source))
        .map(|citation| {
            let stood = places
                .get(&citation.source)
                .is_some_and(|places| places.contains(&citation.claim.start));
            let by_content = if stood {
                ByContent::Confirmed
            } else {
                ByContent::Moved
            };
            ((citation.source.clone(), citation.claim.start), by_content)
        })
        .collect()
}

/// Gives a citation its verdict.
fn pronounce(
    entry: &mut CitationEntry,
    cited: &Cited,
    citation: &Citation,
    outcome: &Settled,
    (judged, all): (Option<Judged>, Option<Evidence>),
    desk: &Desk<'_>,
) {
    // An entry of a bibliography claims nothing that its source could carry.
    let has_claim = citation.claim.rule != ClaimRule::Entry;
    let (found, earlier) = match judged {
        Some(judged) => (judged.evidence, judged.before),
        None => (Evidence::nothing(EvidenceKind::None), None),
    };
    let acceptance = acceptance(citation, cited, desk);
    let drift = outcome.drift();
    let (word, reasons) = verdict(&Grounds {
        status: outcome.status,
        status_reason: &outcome.reason,
        status_code: outcome.code,
        url_as_cited: &citation.url_as_cited,
        moved_to: outcome.moved_to.as_deref(),
        drift: drift.as_ref(),
        evidence: &found,
        together: all.as_ref(),
        has_claim,
        earlier: earlier.as_ref(),
        basis: citation.basis,
        confidence: citation.confidence,
        by_content: cited
            .by_content
            .get(&(citation.source.clone(), citation.claim.start))
            .copied()
            // Where the words are not there, the text says nothing for the place.
            .filter(|_| found.kind.shows_words()),
        acceptance: acceptance.as_ref(),
    });
    entry.drift = earlier
        .filter(|earlier| !earlier.traces.is_empty() && !earlier.stands())
        .map(claim_drift);
    entry.evidence = Some(found);
    entry.together = all.map(|all| all.kind);
    entry.verdict = Some(word);
    entry.reasons = reasons;
}

fn acceptance(citation: &Citation, cited: &Cited, desk: &Desk<'_>) -> Option<Acceptance> {
    let today = desk
        .clock
        .now()
        .to_zoned_datetime(jiff::tz::TimeZone::UTC)
        .date();
    desk.config
        .decisions
        .iter()
        .filter(|decision| decision.concerns(&citation.source, &cited.entry.path))
        .find_map(|decision| decision.acceptance_on(today))
}

/// The citations as the report has them, not judged.
pub(super) fn citation_entries(cited: &[Cited]) -> Entries<CitationEntry> {
    let citations = places(cited).enumerate();
    citations
        .map(|(number, (_, cited, citation))| citation_entry(number, cited, citation))
        .collect()
}

/// A citation as the report has it, not judged yet; numbered from 0.
fn citation_entry(number: usize, cited: &Cited, citation: &Citation) -> CitationEntry {
    CitationEntry {
        id: format!("c{}", number + 1),
        document: cited.entry.id.clone(),
        source: citation.source.to_string(),
        url_as_cited: canonical::without_userinfo(&citation.url_as_cited).into_owned(),
        archived: archived(&citation.url_as_cited),
        text_fragments: text_fragments(&citation.url_as_cited),
        claim: citation.claim.clone(),
        anchor: cited
            .document
            .as_ref()
            .and_then(|document| anchor(document, citation)),
        basis: citation.basis,
        confidence: (citation.confidence * 1000.0).round() / 1000.0,
        evidence: None,
        drift: None,
        together: None,
        verdict: None,
        reasons: Vec::new(),
    }
}

/// The linked words as far as they lie in the claim.
fn anchor(document: &Document, citation: &Citation) -> Option<Anchor> {
    let span = citation.anchor?;
    let start = span.start.max(citation.claim.start);
    let end = span.end.min(citation.claim.end);
    let text = document.text.get(start..end)?;
    (!text.is_empty()).then(|| Anchor {
        text: text.to_owned(),
        start: start - citation.claim.start,
        end: end - citation.claim.start,
    })
}

fn claim_drift(earlier: Earlier) -> ClaimDrift {
    ClaimDrift {
        last_seen: rfc3339(earlier.last_seen),
        since: rfc3339(earlier.since),
        passages: earlier.traces,
    }
}

#[cfg(test)]
mod tests {
    use super::super::outcome::{Outcome, State};
    use super::super::{cite, input};
    use super::*;
    use crate::config::Overrides;
    use crate::evidence::{Content, Drift, SourceText};
    use crate::fetch::{Status, StatusReason};
    use std::sync::Arc;
    use std::time::Duration;

    /// The kinds of evidence and what is shown together, of a claim with two sources and a list.
    fn kinds(judging: Duration) -> Vec<(EvidenceKind, Option<EvidenceKind>)> {
        let text = "Report on the town\n\nIn May ninety-one ships with grain arrived, more than \
                    ever. The weather was mild.\n\nhttp://port.example/1\nhttp://port.example/2\n";
        let loaded = input::Loaded {
            name: "report.txt".to_owned(),
            path: None,
            bytes: Some(text.into()),
            content_type: None,
            base: None,
            error: None,
        };
        let folder = tempfile::tempdir().unwrap();
        let settings = folder.path().join("sources.toml");
        let config = Config::parse("", &settings, &Overrides::default()).unwrap();
        let cited = cite(0, loaded, &config, &Reader::new(Duration::from_secs(60)));
        let docket = Docket::new(vec![cited]);
        let shelf = Shelf::new(folder.path());
        let mut outcomes = Outcomes::new(&docket);
        let page = SourceText {
            text: "In May ninety-one ships came in. Their grain was sold.".to_owned(),
            ..SourceText::default()
        };
        let now = Some(Arc::new(page));
        for source in docket.sources() {
            assert!(docket.waits_for(source), "{source}");
            let outcome = Outcome {
                late: Some(Box::new(Late {
                    hint: Hint::default(),
                    texts: Some(Texts {
                        now: now.clone(),
                        before: None,
                    }),
                    now: None,
                    before: None,
                })),
                ..Outcome::of(State {
                    status: Status::Live,
                    reason: StatusReason {
                        code: "live",
                        text: String::new(),
                    },
                    drift: Some(Drift::none(Content::First)),
                })
            };
            let entry = shelf.put(&outcome.entry(source)).unwrap();
            outcomes.settle(source, outcome, entry);
        }
        let desk = Desk {
            shelf: &shelf,
            reader: &Reader::new(judging),
            config: &config,
            clock: &Clock::system(),
        };
        let again = |_: &Late| Ok(Texts::default());
        let late = judge_late(&docket, &outcomes, again, &desk).unwrap();
        let mut kinds: Vec<_> = late
            .iter()
            .map(|(place, found)| (*place, found.kind))
            .collect();
        kinds.sort_unstable_by_key(|(place, _)| *place);
        outcomes.find(late);
        let together = together::together(&docket, &outcomes, again, desk.reader).unwrap();
        let together = |place: &Place| together.get(place).map(|all| all.kind);
        kinds
            .iter()
            .map(|(place, kind)| (*kind, together(place)))
            .collect()
    }

    #[test]
    fn claims_that_waited_are_judged_in_their_time_or_not_at_all() {
        let judged = kinds(Duration::from_secs(60));
        assert_eq!(judged.len(), 2, "{judged:?}");
        for (kind, _) in &judged {
            assert_ne!(*kind, EvidenceKind::Unreadable);
        }
        let unread = [(EvidenceKind::Unreadable, None); 2];
        assert_eq!(kinds(Duration::ZERO), unread);
    }
}
