//! From what was gathered to the report: evidence, verdicts, words. Pure but for the day's date.

use super::gather::Outcome;
use super::{Cited, apply_decisions, rfc3339};
use crate::archive::Capture;
use crate::citation::archived::archived;
use crate::citation::fragment::text_fragments;
use crate::citation::{self, Basis, ByContent, Citation, ClaimRule, Hint, SourceUrl};
use crate::clock::Clock;
use crate::config::Config;
use crate::document::Document;
use crate::evidence::verdict::{Acceptance, Grounds, verdict};
use crate::evidence::{self, ClaimText, Evidence, EvidenceKind, SourceText, Verdict};
use crate::fetch::Status;
use crate::report::{self, Anchor, CaptureEntry, CitationEntry, Report, SourceEntry, Summary};
use std::collections::BTreeMap;
use together::Together;

mod together;

/// How much of a source's text helps to align a page list.
const HINT_BYTES: usize = 64 << 10;

/// Makes the report; its run is filled in by the caller.
pub(super) fn assess(
    mut cited: Vec<Cited>,
    outcomes: &BTreeMap<SourceUrl, Outcome>,
    config: &Config,
    clock: &Clock,
) -> Report {
    if config.judge {
        realign(&mut cited, outcomes, config);
    }
    let mut citations = citation_entries(&cited);
    let pairs = cited.iter().flat_map(|cited| {
        cited
            .citations
            .iter()
            .map(move |citation| (cited, citation))
    });
    let together = Together::of(&cited, outcomes);
    for (entry, (cited, citation)) in citations.iter_mut().zip(pairs) {
        if let Some(outcome) = outcomes.get(&citation.source) {
            judge_one(entry, cited, citation, outcome, &together, config, clock);
        }
    }
    let sources: Vec<SourceEntry> = outcomes
        .iter()
        .map(|(source, outcome)| source_entry(source, outcome))
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
    Report {
        schema: report::SCHEMA,
        ibid: env!("CARGO_PKG_VERSION").to_owned(),
        run: None,
        documents: cited.into_iter().map(|cited| cited.entry).collect(),
        sources: Some(sources),
        citations,
        summary: Some(summary),
    }
}

/// Aligns page lists once more, now that titles and texts of their sources are known.
fn realign(cited: &mut [Cited], outcomes: &BTreeMap<SourceUrl, Outcome>, config: &Config) {
    for cited in cited {
        let Some(document) = &cited.document else {
            continue;
        };
        let from_list = |citation: &Citation| citation.basis == Basis::PageList;
        let hints: BTreeMap<SourceUrl, Hint> = cited
            .citations
            .iter()
            .filter(|citation| from_list(citation))
            .filter_map(|citation| {
                let outcome = outcomes.get(&citation.source)?;
                Some((citation.source.clone(), hint(outcome)?))
            })
            .collect();
        if hints.is_empty() {
            continue;
        }
        let (mut again, _) = citation::citations(document, &hints);
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

/// What the best text that is held of a source tells about its place in the document.
fn hint(outcome: &Outcome) -> Option<Hint> {
    let text = readable_text(outcome)?;
    let main = text.main_text();
    let mut end = main.len().min(HINT_BYTES);
    while !main.is_char_boundary(end) {
        end -= 1;
    }
    Some(Hint {
        title: text.title.clone(),
        text: main[..end].to_owned(),
    })
}

/// The text that evidence is looked for in: what the source says now, else what it said when it last answered.
fn readable_text(outcome: &Outcome) -> Option<&SourceText> {
    let present = match outcome.status {
        Status::Live | Status::Moved => outcome.text.as_deref(),
        _ => None,
    };
    present.or(outcome.earlier_text.as_deref())
}

fn judge_one(
    entry: &mut CitationEntry,
    cited: &Cited,
    citation: &Citation,
    outcome: &Outcome,
    together: &Together<'_>,
    config: &Config,
    clock: &Clock,
) {
    let document = cited.document.as_ref();
    let claim = ClaimText {
        text: &citation.claim.text,
        anchor: citation
            .anchor
            .and_then(|span| document.map(|document| span.of(&document.text))),
        language: document.and_then(|document| document.language.as_deref()),
    };
    // An entry of a bibliography claims nothing that its source could carry.
    let has_claim = citation.claim.rule != ClaimRule::Entry;
    let judged = config.judge && has_claim;
    let found = match readable_text(outcome) {
        Some(text) if judged => evidence::judge(claim, text),
        _ => Evidence::nothing(EvidenceKind::None),
    };
    // A source that carries its claim alone needs no other.
    let lacking = matches!(found.kind, EvidenceKind::Partial | EvidenceKind::NotFound);
    let all = lacking
        .then(|| together.judge(claim, &entry.document, citation))
        .flatten();
    let changed = outcome
        .drift
        .as_ref()
        .is_some_and(|drift| drift.content != evidence::Content::Identical);
    let earlier = outcome
        .earlier_text
        .as_deref()
        .filter(|_| judged && changed)
        .map(|text| evidence::judge(claim, text));
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
        earlier_evidence: earlier.as_ref(),
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
            url_as_cited: citation.url_as_cited.clone(),
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

fn source_entry(source: &SourceUrl, outcome: &Outcome) -> SourceEntry {
    SourceEntry {
        url: source.to_string(),
        status: outcome.status,
        reason: outcome.reason.text.clone(),
        reason_code: outcome.reason.code.to_owned(),
        http_status: outcome.http_status,
        final_url: outcome.final_url.clone(),
        redirects: outcome.redirects.clone(),
        title: readable_text(outcome).and_then(|text| text.title.clone()),
        content: outcome.drift.as_ref().map(|drift| drift.content),
        changed: outcome
            .drift
            .as_ref()
            .filter(|_| outcome.earlier.is_some())
            .map(|drift| (drift.changed * 1000.0).round() / 1000.0),
        capture: outcome.capture.as_ref().map(capture_entry),
        earlier: outcome.earlier.as_ref().map(capture_entry),
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
