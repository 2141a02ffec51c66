//! The report cut into what the template shows.

use crate::citation::{Basis, ClaimRule};
use crate::evidence::drift::{self, FateWord, PieceKind};
use crate::evidence::{Content, Difference, EvidenceKind, Passage, Quotation, Verdict};
use crate::report::{
    CaptureEntry, CitationEntry, ClaimDrift, DocumentEntry, Report, SourceEntry, Summary,
};
use askama::Template;
use std::collections::BTreeMap;

/// A piece of text, marked or not.
pub(super) struct Piece<'r> {
    pub(super) text: &'r str,
    pub(super) marked: bool,
}

#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct Page<'r> {
    title: String,
    report: &'r Report,
    summary: Option<SummaryView>,
    /// What needs a look, the worst first.
    concerns: Vec<Concern<'r>>,
    documents: Vec<DocumentView<'r>>,
}

struct SummaryView {
    counts: Summary,
    /// Shares of the bar in per cent: sound, attention, broken.
    sound: f64,
    attention: f64,
    broken: f64,
}

struct Concern<'r> {
    id: &'r str,
    verdict: &'static str,
    claim: String,
    /// The linked words, when the claim has other citations too.
    anchor: Option<String>,
    reason: &'r str,
}

struct DocumentView<'r> {
    entry: &'r DocumentEntry,
    facts: String,
    citations: Vec<CitationView<'r>>,
}

struct CitationView<'r> {
    entry: &'r CitationEntry,
    verdict: Option<&'static str>,
    /// Sound ones are folded.
    open: bool,
    claim: Vec<Piece<'r>>,
    place: String,
    /// The address as a link, when it is one that a browser may follow.
    href: Option<&'r str>,
    basis: String,
    source: Option<SourceView<'r>>,
    evidence: Option<&'static str>,
    score: Option<String>,
    /// Quotations that the source has with a difference.
    altered: Vec<&'r Quotation>,
    /// What all sources of the claim show, in words.
    together: Option<&'static str>,
    passages: Vec<Vec<Piece<'r>>>,
    drift: Option<DriftView<'r>>,
}

/// What became of the passages that carried the claim.
struct DriftView<'r> {
    when: String,
    passages: Vec<Vec<Change<'r>>>,
}

/// A part of a passage or block, and which of two captures has it.
struct Change<'r> {
    text: &'r str,
    kind: &'static str,
}

struct SourceView<'r> {
    entry: &'r SourceEntry,
    status: &'static str,
    content: Option<&'static str>,
    changed: Option<String>,
    /// Where it changed: how many blocks, and the first of them.
    where_changed: Option<(String, Vec<Vec<Change<'r>>>)>,
    captures: Vec<CaptureView<'r>>,
}

struct CaptureView<'r> {
    label: &'static str,
    entry: &'r CaptureEntry,
    time: String,
    command: String,
}

impl<'r> Page<'r> {
    /// The page of a report with its citations and sources.
    pub(super) fn of(
        report: &'r Report,
        citations: &'r [CitationEntry],
        sources: &'r [SourceEntry],
    ) -> Self {
        let sources: BTreeMap<&str, &SourceEntry> = sources
            .iter()
            .map(|source| (source.url.as_str(), source))
            .collect();
        let mut by_document: BTreeMap<&str, Vec<&CitationEntry>> = BTreeMap::new();
        for citation in citations {
            by_document
                .entry(&citation.document)
                .or_default()
                .push(citation);
        }
        let title = match report.documents.as_slice() {
            [one] => one.title.clone().unwrap_or_else(|| one.path.clone()),
            many => format!("{} documents", many.len()),
        };
        let documents = report
            .documents
            .iter()
            .map(|entry| DocumentView {
                entry,
                facts: facts(entry),
                citations: by_document
                    .get(entry.id.as_str())
                    .into_iter()
                    .flatten()
                    .map(|citation| {
                        CitationView::of(citation, sources.get(citation.source.as_str()).copied())
                    })
                    .collect(),
            })
            .collect();
        Self {
            title,
            report,
            summary: report.summary.map(SummaryView::of),
            concerns: concerns(citations),
            documents,
        }
    }
}

/// `2026-11-23T20:15:00.000Z` for a person: `2026-11-23 20:15`.
fn moment(text: &str) -> String {
    text.get(..16).unwrap_or(text).replace('T', " ")
}

/// The plural's ending.
const fn s(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

impl SummaryView {
    fn of(counts: Summary) -> Self {
        let share = |part: usize| {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a bar's width needs no more than a float holds"
            )]
            let share = part as f64 * 100.0 / counts.citations.max(1) as f64;
            share
        };
        Self {
            counts,
            sound: share(counts.sound),
            attention: share(counts.attention),
            broken: share(counts.broken),
        }
    }
}

fn concerns(citations: &[CitationEntry]) -> Vec<Concern<'_>> {
    let mut of_claim: BTreeMap<(&str, usize), usize> = BTreeMap::new();
    for citation in citations {
        *of_claim.entry(claim(citation)).or_default() += 1;
    }
    let shares_its_claim = |citation: &CitationEntry| {
        of_claim
            .get(&claim(citation))
            .is_some_and(|count| *count > 1)
    };
    let mut concerns: Vec<&CitationEntry> = citations
        .iter()
        .filter(|citation| {
            citation
                .verdict
                .is_some_and(|verdict| verdict != Verdict::Sound)
        })
        .collect();
    concerns.sort_by_key(|citation| std::cmp::Reverse(citation.verdict));
    concerns
        .into_iter()
        .filter_map(|citation| {
            Some(Concern {
                id: &citation.id,
                verdict: word(citation.verdict?),
                claim: brief(&citation.claim.text),
                anchor: shares_its_claim(citation)
                    .then(|| citation.anchor.as_ref().map(|anchor| brief(&anchor.text)))
                    .flatten(),
                reason: &citation.reasons.first()?.text,
            })
        })
        .collect()
}

/// What tells one claim from another.
fn claim(citation: &CitationEntry) -> (&str, usize) {
    (&citation.document, citation.claim.start)
}

/// The first words of a claim.
fn brief(text: &str) -> String {
    let mut words = text.split_whitespace();
    let mut kept: Vec<&str> = words.by_ref().take(12).collect();
    if words.next().is_some() {
        kept.push("…");
    }
    kept.join(" ")
}

fn facts(entry: &DocumentEntry) -> String {
    let mut facts = vec![entry.path.clone()];
    if let Some(format) = entry.format {
        facts.push(format.name().to_owned());
    }
    facts.extend(entry.date.clone());
    facts.extend(entry.language.clone());
    facts.join(" · ")
}

impl<'r> CitationView<'r> {
    /// The capture that the verdict rests on.
    fn shown_capture(&self) -> Option<&CaptureView<'r>> {
        self.source.as_ref()?.captures.first()
    }

    fn of(entry: &'r CitationEntry, source: Option<&'r SourceEntry>) -> Self {
        let claim = match &entry.anchor {
            Some(anchor) => pieces(&entry.claim.text, &[(anchor.start, anchor.end)]),
            None => pieces(&entry.claim.text, &[]),
        };
        let evidence = entry.evidence.as_ref();
        Self {
            entry,
            verdict: entry.verdict.map(word),
            open: entry.verdict != Some(Verdict::Sound),
            claim,
            place: place(entry),
            href: href(&entry.url_as_cited),
            basis: basis(entry),
            source: source.map(SourceView::of),
            evidence: evidence.and_then(|evidence| evidence_words(evidence.kind)),
            score: evidence
                .filter(|evidence| !evidence.passages.is_empty())
                .map(|evidence| format!("{:.2}", evidence.score)),
            altered: evidence
                .iter()
                .flat_map(|evidence| &evidence.quotations)
                .filter(|quotation| quotation.altered)
                .collect(),
            together: entry.together.map(together_words),
            // A sound claim needs no more than the passage that carries it.
            passages: evidence
                .iter()
                .flat_map(|evidence| &evidence.passages)
                .take(if entry.verdict == Some(Verdict::Sound) {
                    1
                } else {
                    3
                })
                .map(|passage: &Passage| pieces(&passage.text, &passage.marks))
                .collect(),
            drift: entry.drift.as_ref().map(DriftView::of),
        }
    }
}

impl<'r> DriftView<'r> {
    fn of(drift: &'r ClaimDrift) -> Self {
        let passages = drift
            .passages
            .iter()
            .filter(|trace| trace.fate != FateWord::Present)
            .map(|trace| changes(&trace.difference, Some(&trace.text), None))
            .collect();
        Self {
            when: format!(
                "What carried the claim until {} UTC, and what became of it since {} UTC",
                moment(&drift.last_seen),
                moment(&drift.since)
            ),
            passages,
        }
    }
}

/// A difference; without one, what there was before and what there is after.
fn changes<'r>(
    difference: &'r [drift::Piece],
    before: Option<&'r String>,
    after: Option<&'r String>,
) -> Vec<Change<'r>> {
    let side = |text: &'r String, kind: PieceKind| Change {
        text,
        kind: kind.word(),
    };
    if difference.is_empty() {
        let before = before.map(|text| side(text, PieceKind::Removed));
        let after = after.map(|text| side(text, PieceKind::Added));
        return before.into_iter().chain(after).collect();
    }
    difference
        .iter()
        .map(|piece| side(&piece.text, piece.kind))
        .collect()
}

impl<'r> SourceView<'r> {
    fn of(entry: &'r SourceEntry) -> Self {
        let capture = |label, capture: &'r CaptureEntry| CaptureView {
            label,
            entry: capture,
            time: capture
                .timestamp
                .get(..19)
                .unwrap_or(&capture.timestamp)
                .replace('T', " "),
            command: format!(
                "ibid get '{}' --at {}",
                entry.url.replace('\'', "%27"),
                capture.timestamp
            ),
        };
        let mut captures: Vec<CaptureView<'r>> = entry
            .capture
            .iter()
            .map(|held| capture("Archived", held))
            .collect();
        captures.extend(entry.earlier.iter().map(|held| capture("Earlier", held)));
        Self {
            entry,
            status: entry.status.word(),
            content: entry
                .content
                .filter(|content| *content != Content::First)
                .map(Content::word),
            changed: entry
                .changed
                .filter(|share| *share > 0.0)
                .map(|share| format!("{:.0} %", (share * 100.0).max(1.0))),
            where_changed: entry.blocks.as_ref().map(|blocks| {
                let shown = blocks
                    .shown
                    .iter()
                    .map(|block| {
                        changes(
                            &block.difference,
                            block.before.as_ref(),
                            block.after.as_ref(),
                        )
                    })
                    .collect();
                (blocks.counts(), shown)
            }),
            captures,
        }
    }
}

/// Splits a text where its marks begin and end; marks that do not fit it are left out.
fn pieces<'r>(text: &'r str, marks: &[(usize, usize)]) -> Vec<Piece<'r>> {
    let mut pieces = Vec::new();
    let mut push = |text: &'r str, marked: bool| {
        if !text.is_empty() {
            pieces.push(Piece { text, marked });
        }
    };
    let mut at = 0;
    let mut ordered = marks.to_vec();
    ordered.sort_unstable();
    for (start, end) in ordered {
        let (Some(before), Some(marked)) = (text.get(at..start), text.get(start..end)) else {
            continue;
        };
        push(before, false);
        push(marked, true);
        at = end;
    }
    push(text.get(at..).unwrap_or_default(), false);
    pieces
}

/// Only what a browser may follow becomes a link; `javascript:` and the like stay text.
fn href(url: &str) -> Option<&str> {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://")).then_some(url)
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Sound => "sound",
        Verdict::Attention => "attention",
        Verdict::Broken => "broken",
    }
}

fn place(entry: &CitationEntry) -> String {
    match (entry.claim.page, entry.claim.line) {
        (Some(page), Some(line)) => format!("Page {page}, line {line}"),
        (Some(page), None) => format!("Page {page}"),
        (None, Some(line)) => format!("Line {line}"),
        (None, None) => String::new(),
    }
}

fn basis(entry: &CitationEntry) -> String {
    let how = match entry.basis {
        Basis::Hyperlink => "linked".to_owned(),
        Basis::Inline => "printed in the text".to_owned(),
        Basis::Footnote => "in a footnote".to_owned(),
        Basis::Reference => "in the reference list".to_owned(),
        Basis::PageList => format!(
            "from the page’s list of links, placed by alignment with confidence {:.2} on a scale of 0 to 1",
            entry.confidence
        ),
        Basis::Editor => "placed by the editor".to_owned(),
    };
    if entry.claim.rule == ClaimRule::Entry {
        format!("{how}, listed without a claim")
    } else {
        how
    }
}

/// What all sources of a claim show, where one alone does not carry it.
const fn together_words(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Quoted | EvidenceKind::Supported => {
            "All sources cited for this claim, taken together, carry it"
        }
        EvidenceKind::Partial => {
            "All sources cited for this claim, taken together, have part of it"
        }
        EvidenceKind::NotFound | EvidenceKind::Unreadable | EvidenceKind::None => {
            "No source cited for this claim carries it"
        }
    }
}

const fn evidence_words(kind: EvidenceKind) -> Option<&'static str> {
    match kind {
        EvidenceKind::Quoted => Some("The source has these words"),
        EvidenceKind::Supported => Some("The passage that carries the claim"),
        EvidenceKind::Partial => Some("The passages that come nearest"),
        EvidenceKind::NotFound => Some("What comes nearest"),
        EvidenceKind::Unreadable | EvidenceKind::None => None,
    }
}
