//! From what was gathered to the report: evidence, verdicts, words. What a source was before the
//! earlier capture is asked of the archive, where a claim is not carried now.

use super::docket::{Docket, Judge, Judged, Place, Texts};
use super::gather::{Late, Outcome};
use super::past::Past;
use super::reader::Reader;
use super::{Cited, apply_decisions, reader, rfc3339};
use crate::archive::Capture;
use crate::citation::archived::archived;
use crate::citation::canonical;
use crate::citation::fragment::text_fragments;
use crate::citation::{self, Basis, ByContent, Citation, ClaimRule, Hint, SourceUrl};
use crate::clock::Clock;
use crate::config::Config;
use crate::document::Document;
use crate::evidence::drift::Earlier;
use crate::evidence::verdict::{Acceptance, Grounds, verdict};
use crate::evidence::{Evidence, EvidenceKind, Verdict};
use crate::report::{
    self, Anchor, CaptureEntry, CitationEntry, ClaimDrift, Report, SourceEntry, Summary,
};
use std::collections::{BTreeMap, BTreeSet};

mod together;

/// Makes the report; its run is filled in by the caller. `again` reads texts that were not kept.
pub(super) fn assess<E: Send>(
    mut docket: Docket,
    mut outcomes: BTreeMap<SourceUrl, Outcome>,
    again: impl Fn(&Late) -> Result<Texts, E> + Sync,
    mut past: Past<'_>,
    reader: &Reader,
    config: &Config,
    clock: &Clock,
) -> Result<Report, E> {
    let mut judged: BTreeMap<Place, Judged> = BTreeMap::new();
    for outcome in outcomes.values_mut() {
        judged.extend(outcome.judged.drain(..));
    }
    if config.judge {
        realign(&mut docket, &outcomes, config, reader);
        judged.extend(judge_late(&docket, &outcomes, &again)?);
    }
    let mut together = together::together(&docket, &judged, &outcomes, &again)?;
    let cited = docket.cited;
    let mut citations = citation_entries(&cited);
    let places = cited.iter().enumerate().flat_map(|(document, cited)| {
        let citations = cited.citations.iter().enumerate();
        citations.map(move |(number, citation)| ((document, number), cited, citation))
    });
    let mut read_again: BTreeSet<&SourceUrl> = BTreeSet::new();
    for (entry, (place, cited, citation)) in citations.iter_mut().zip(places) {
        if let Some(outcome) = outcomes.get(&citation.source) {
            let own = judged.remove(&place);
            let own = own.map(|judged| past.trace(cited, citation, outcome, judged));
            let kept = own.as_ref().is_some_and(|judged| judged.kept);
            // The report shows of an anchor only what lies in the claim.
            let cut = citation.anchor.is_some_and(|anchor| {
                anchor.start < citation.claim.start || anchor.end > citation.claim.end
            });
            if kept || cut {
                read_again.insert(&citation.source);
            }
            let found = (own, together.remove(&place));
            pronounce(entry, cited, citation, outcome, found, config, clock);
        }
    }
    let sources: Vec<SourceEntry> = outcomes
        .into_iter()
        .map(|(source, mut outcome)| {
            outcome.read_again |= read_again.contains(&source);
            source_entry(&source, outcome)
        })
        .collect();
    let count = |wanted| {
        citations
            .iter()
            .filter(|entry| entry.verdict == Some(wanted))
            .count()
    };
    let summary = Summary {
        documents: cited.len(),
        citations: citations.len(),
        sources: sources.len(),
        sound: count(Verdict::Sound),
        attention: count(Verdict::Attention),
        broken: count(Verdict::Broken),
    };
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

/// Judges the claims that waited, source by source.
fn judge_late<E: Send>(
    docket: &Docket,
    outcomes: &BTreeMap<SourceUrl, Outcome>,
    again: impl Fn(&Late) -> Result<Texts, E> + Sync,
) -> Result<Vec<(Place, Judged)>, E> {
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
            .get(*source)
            .and_then(|outcome| outcome.late.as_ref())
        else {
            return Ok(Vec::new());
        };
        let texts = match &late.texts {
            Some(texts) => texts.clone(),
            None => again(late)?,
        };
        let mut judge = Judge::new(&texts);
        let citations = citations.iter();
        Ok(citations
            .filter_map(|(place, cited, citation)| Some((*place, judge.citation(cited, citation)?)))
            .collect::<Vec<_>>())
    });
    let judged: Vec<Vec<_>> = judged.into_iter().collect::<Result<_, E>>()?;
    Ok(judged.into_iter().flatten().collect())
}

/// Aligns page lists once more, now that titles and texts of their sources are known.
fn realign(
    docket: &mut Docket,
    outcomes: &BTreeMap<SourceUrl, Outcome>,
    config: &Config,
    reader: &Reader,
) {
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
        let aligned = reader.read(move || citation::citations(&again, &known).0);
        // Where that takes too long, the list's own order stands.
        let Ok(mut again) = aligned else { continue };
        apply_decisions(document, &mut again, &cited.entry, config);
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
    outcome: &Outcome,
    (judged, all): (Option<Judged>, Option<Evidence>),
    config: &Config,
    clock: &Clock,
) {
    // An entry of a bibliography claims nothing that its source could carry.
    let has_claim = citation.claim.rule != ClaimRule::Entry;
    let (found, earlier) = match judged {
        Some(judged) => (judged.evidence, judged.before),
        None => (Evidence::nothing(EvidenceKind::None), None),
    };
    let acceptance = acceptance(citation, cited, config, clock);
    let (word, reasons) = verdict(&Grounds {
        status: outcome.status,
        status_reason: &outcome.reason.text,
        status_code: outcome.reason.code,
        url_as_cited: &citation.url_as_cited,
        moved_to: outcome.moved_to.as_deref(),
        drift: outcome.drift.as_ref(),
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

fn acceptance(
    citation: &Citation,
    cited: &Cited,
    config: &Config,
    clock: &Clock,
) -> Option<Acceptance> {
    let today = clock
        .now()
        .to_zoned_datetime(jiff::tz::TimeZone::UTC)
        .date();
    config
        .decisions
        .iter()
        .filter(|decision| decision.concerns(&citation.source, &cited.entry.path))
        .find_map(|decision| decision.acceptance_on(today))
}

/// The citations as the report has them, not judged yet.
pub(super) fn citation_entries(cited: &[Cited]) -> Vec<CitationEntry> {
    let all = cited.iter().flat_map(|cited| {
        cited
            .citations
            .iter()
            .map(move |citation| (cited, citation))
    });
    all.enumerate()
        .map(|(index, (cited, citation))| CitationEntry {
            id: format!("c{}", index + 1),
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
        })
        .collect()
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

fn source_entry(source: &SourceUrl, outcome: Outcome) -> SourceEntry {
    let compared = outcome.drift.as_ref().filter(|_| outcome.earlier.is_some());
    let share = |share: f64| (share * 1000.0).round() / 1000.0;
    SourceEntry {
        url: source.to_string(),
        status: outcome.status,
        reason: outcome.reason.text,
        reason_code: outcome.reason.code.to_owned(),
        http_status: outcome.http_status,
        final_url: outcome.final_url,
        redirects: outcome.redirects,
        title: outcome.title,
        content: outcome.drift.as_ref().map(|drift| drift.content),
        changed: compared.map(|drift| share(drift.changed)),
        lost: compared.map(|drift| share(drift.lost)),
        blocks: compared
            .map(|drift| drift.blocks.clone())
            .filter(|blocks| !blocks.is_empty()),
        capture: outcome.capture.as_ref().map(capture_entry),
        earlier: outcome.earlier.as_ref().map(capture_entry),
        read_again: outcome.read_again,
        mementos: Vec::new(),
    }
}

fn capture_entry(capture: &Capture) -> CaptureEntry {
    CaptureEntry {
        timestamp: rfc3339(capture.timestamp),
        sha256: capture.digest.to_hex(),
        warc: capture.warc.clone(),
        offset: capture.offset,
        length: capture.length,
        media_type: capture.media_type.clone(),
        copy: None,
    }
}
