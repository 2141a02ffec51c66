//! The report for a terminal: what needs a look in full, what is sound in a line.
//!
//! No meaning rests on colour. Nothing is wider than asked; a long address is broken,
//! not cut, so that it can be copied whole.

mod style;

use super::entries::Glance;
use super::{CitationEntry, DocumentEntry, Entries, Report, SourceEntry, escape};
use crate::citation::{Basis, Claim, ClaimRule};
use crate::evidence::drift::{FateWord, Trace};
use crate::evidence::{Content, Difference, Passage, Verdict};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use style::{Paint, wrap};

/// How to print.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Columns.
    pub width: usize,
    /// Whether to write ANSI colours.
    pub colour: bool,
    /// Show sound citations in full too.
    pub verbose: bool,
}

/// Characters of a claim that are shown; a reader knows the sentence by its beginning.
const CLAIM: usize = 220;
/// Characters of a passage that are shown.
const PASSAGE: usize = 300;

/// Renders the report.
#[must_use]
pub fn render(report: &Report, options: Options) -> String {
    let mut page = Page {
        out: String::new(),
        paint: Paint(options.colour),
        options,
        report,
        states: states(report),
    };
    let mut ordered = ordered(report);
    let mut citations = report.citations.glance();
    for document in &report.documents {
        let ordered = ordered.remove(&document.id).unwrap_or_default();
        page.document(document, &ordered, &mut citations);
    }
    page.summary();
    page.out
}

struct Page<'r> {
    out: String,
    paint: Paint,
    options: Options,
    report: &'r Report,
    /// What became of each source, in words, by its address.
    states: BTreeMap<String, String>,
}

/// The numbers of each document's citations: the worst first, within one verdict as the document
/// has them.
fn ordered(report: &Report) -> BTreeMap<String, Vec<usize>> {
    let mut by_document: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (number, citation) in report.citations.iter().enumerate() {
        let places = by_document.entry(citation.document.clone()).or_default();
        places.push((Reverse(citation.verdict), number));
    }
    let by_document = by_document.into_iter().map(|(document, mut places)| {
        places.sort_unstable();
        let numbers = places.into_iter().map(|(_, number)| number);
        (document, numbers.collect())
    });
    by_document.collect()
}

fn states(report: &Report) -> BTreeMap<String, String> {
    let sources = report.sources.iter().flat_map(Entries::iter);
    sources
        .map(|source| (source.url.clone(), state(&source)))
        .collect()
}

impl Page<'_> {
    /// One paragraph; the first line begins with `first`, the others with `rest`.
    fn paragraph(&mut self, first: &str, rest: &str, text: &str) {
        for line in wrap(text, first, rest, self.options.width) {
            // Writing to a String does not fail.
            let _ = writeln!(self.out, "{line}");
        }
    }

    fn blank(&mut self) {
        self.out.push('\n');
    }

    fn document(
        &mut self,
        document: &DocumentEntry,
        ordered: &[usize],
        citations: &mut Glance<'_, CitationEntry>,
    ) {
        let path = escape::terminal(&document.path);
        match &document.title {
            Some(title) => {
                let title = escape::terminal(title);
                self.bold_paragraph(&title);
                self.paragraph("", "", &path);
            }
            None => self.bold_paragraph(&path),
        }
        if let Some(error) = &document.error {
            self.paragraph(
                "  ",
                "  ",
                &format!("could not be read: {}", escape::terminal(error)),
            );
            self.blank();
            return;
        }
        for problem in &document.problems {
            self.paragraph("  note: ", "        ", &escape::terminal(problem));
        }
        if ordered.is_empty() {
            self.paragraph("  ", "  ", "no citations: there is no link in it");
        }
        self.blank();
        let mut sound_before = false;
        for number in ordered {
            let Some(citation) = citations.at(*number) else {
                continue;
            };
            let brief = citation.verdict == Some(Verdict::Sound) && !self.options.verbose;
            if brief {
                self.brief(citation);
                sound_before = true;
            } else {
                if sound_before {
                    self.blank();
                }
                self.full(citation);
                self.blank();
            }
        }
        if sound_before {
            self.blank();
        }
    }

    fn bold_paragraph(&mut self, text: &str) {
        for line in wrap(text, "", "", self.options.width) {
            let _ = writeln!(self.out, "{}", self.paint.bold(&line));
        }
    }

    /// A sound citation: one line for the claim's beginning, one for the address.
    fn brief(&mut self, citation: &CitationEntry) {
        let mark = self.paint.verdict(Verdict::Sound, "sound     ");
        let room = self.options.width.saturating_sub(10);
        let place = place(&citation.claim);
        let text = format!("{place}{}", escape::terminal(&citation.claim.text));
        let _ = writeln!(self.out, "{mark}{}", style::cut(&text, room));
        let address = escape::terminal(&citation.url_as_cited);
        self.paragraph("          ", "          ", &address);
    }

    /// A citation with all that an editor needs to decide.
    fn full(&mut self, citation: &CitationEntry) {
        let indent = "          ";
        let claim = format!(
            "{}{}",
            place(&citation.claim),
            style::cut(&escape::terminal(&citation.claim.text), CLAIM)
        );
        match citation.verdict {
            Some(verdict) => {
                let word = format!("{:<10}", word(verdict));
                let lines = wrap(&claim, indent, indent, self.options.width);
                for (number, line) in lines.iter().enumerate() {
                    let line = match number {
                        0 => format!(
                            "{}{}",
                            self.paint.verdict(verdict, &word),
                            line.get(indent.len()..).unwrap_or_default()
                        ),
                        _ => line.clone(),
                    };
                    let _ = writeln!(self.out, "{line}");
                }
            }
            None => self.paragraph("", "  ", &claim),
        }
        let indent = if citation.verdict.is_some() {
            indent
        } else {
            "  "
        };
        if let Some(anchor) = &citation.anchor
            && anchor.text != citation.claim.text
            && anchor.text != citation.url_as_cited
        {
            let words = format!(
                "on the words “{}”",
                style::cut(&escape::terminal(&anchor.text), 120)
            );
            self.paragraph(indent, indent, &words);
        }
        self.paragraph(indent, indent, &escape::terminal(&citation.url_as_cited));
        if citation.verdict.is_none() || citation.basis == Basis::PageList {
            let basis = basis(citation);
            self.paragraph(indent, indent, &basis);
        }
        if let Some(state) = self.states.get(&citation.source).cloned() {
            self.paragraph(indent, indent, &state);
        }
        for reason in &citation.reasons {
            let hanging = format!("{indent}  ");
            let first = format!("{indent}– ");
            self.paragraph(&first, &hanging, &escape::terminal(&reason.text));
        }
        for trace in citation.drift.iter().flat_map(|drift| &drift.passages) {
            self.trace(indent, trace);
        }
        let altered = citation.evidence.iter().flat_map(|e| &e.quotations);
        for quotation in altered.filter(|quotation| quotation.altered) {
            self.difference(indent, &quotation.difference);
        }
        let passage = citation
            .evidence
            .as_ref()
            .and_then(|evidence| evidence.passages.first())
            .cloned();
        if let Some(passage) = passage {
            self.passage(indent, &passage);
        }
    }

    /// A passage as it was and as it is.
    fn trace(&mut self, indent: &str, trace: &Trace) {
        let side = |label: &str| {
            (
                format!("{indent}  {label:<5} "),
                format!("{indent}        "),
            )
        };
        if trace.fate != FateWord::Present {
            let (first, rest) = side("then:");
            let text = style::cut(&escape::terminal(&trace.text), PASSAGE);
            self.paragraph(&first, &rest, &text);
        }
        if let Some(now) = &trace.now {
            let (first, rest) = side("now:");
            let text = style::cut(&escape::terminal(now), PASSAGE);
            self.paragraph(&first, &rest, &text);
        }
    }

    /// The words quoted beside the source's: `[-only in the text-]`, `{+only in the source+}`.
    fn difference(&mut self, indent: &str, pieces: &[Difference]) {
        let shown: String = pieces
            .iter()
            .map(|piece| match piece {
                Difference::Kept(words) => words.clone(),
                Difference::OnlyInText(words) => format!("[-{words}-]"),
                Difference::OnlyInSource(words) => format!("{{+{words}+}}"),
            })
            .collect();
        let first = format!("{indent}≠ ");
        let hanging = format!("{indent}  ");
        let text = style::cut(&escape::terminal(&shown), PASSAGE);
        self.paragraph(&first, &hanging, &text);
    }

    fn passage(&mut self, indent: &str, passage: &Passage) {
        let bar = format!("{indent}│ ");
        let text = style::cut(&escape::terminal(&passage.text), PASSAGE);
        self.paragraph(&bar, &bar, &text);
    }

    fn summary(&mut self) {
        let unread = self
            .report
            .documents
            .iter()
            .filter(|document| document.error.is_some())
            .count();
        if unread > 0 {
            let text = format!("{} could not be read", count(unread, "document"));
            self.paragraph("", "", &text);
        }
        let text = match &self.report.summary {
            Some(summary) => format!(
                "{} of {}: {} sound, {} need attention, {} broken",
                count(summary.citations, "citation"),
                count(summary.sources, "source"),
                summary.sound,
                summary.attention,
                summary.broken
            ),
            None => {
                let citations = self.report.citations.iter();
                let sources: BTreeSet<String> =
                    citations.map(|citation| citation.source.clone()).collect();
                format!(
                    "{} of {}",
                    count(self.report.citations.len(), "citation"),
                    count(sources.len(), "source")
                )
            }
        };
        self.paragraph("", "", &text);
        if let Some(run) = &self.report.run {
            let text = format!(
                "run {}, archived in {}",
                run.id,
                escape::terminal(&run.archive)
            );
            self.paragraph("", "", &text);
        }
    }
}

/// What became of a source.
fn state(source: &SourceEntry) -> String {
    let mut text = source.status.word().to_owned();
    if let Some(status) = source.http_status {
        let _ = write!(text, " ({status})");
    }
    match source.content {
        Some(Content::First) | None => {}
        Some(content) => {
            let _ = write!(text, ", {} since the earlier capture", content.word());
            if let Some(blocks) = &source.blocks {
                let _ = write!(text, " ({})", blocks.counts());
            }
        }
    }
    if let Some(capture) = &source.capture {
        let _ = write!(
            text,
            "; archived {}, sha256 {}…",
            capture
                .timestamp
                .get(..16)
                .unwrap_or(&capture.timestamp)
                .replace('T', " "),
            capture.sha256.get(..12).unwrap_or(&capture.sha256)
        );
    } else if let Some(earlier) = &source.earlier {
        let _ = write!(
            text,
            "; last archived {}",
            earlier
                .timestamp
                .get(..16)
                .unwrap_or(&earlier.timestamp)
                .replace('T', " ")
        );
    }
    text
}

/// "1 citation", "2 citations".
fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        many => format!("{many} {noun}s"),
    }
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Sound => "sound",
        Verdict::Attention => "attention",
        Verdict::Broken => "broken",
    }
}

/// Where the claim stands, as a person would look it up.
fn place(claim: &Claim) -> String {
    match (claim.page, claim.line) {
        (Some(page), Some(line)) => format!("p. {page}, l. {line}: "),
        (Some(page), None) => format!("p. {page}: "),
        (None, Some(line)) => format!("l. {line}: "),
        (None, None) => String::new(),
    }
}

/// How claim and source belong together, in words.
fn basis(citation: &CitationEntry) -> String {
    let how = match citation.basis {
        Basis::Hyperlink => "linked",
        Basis::Inline => "printed in the text",
        Basis::Footnote => "in a footnote",
        Basis::Reference => "in the reference list",
        Basis::PageList => "from the page's list of links, placed by alignment",
        Basis::Editor => "placed by the editor",
    };
    let entry = if citation.claim.rule == ClaimRule::Entry {
        ", listed without a claim"
    } else {
        ""
    };
    format!(
        "{how}{entry}; confidence {:.2} on a scale of 0 to 1",
        citation.confidence
    )
}
