//! What a source shows for a claim now, and what it showed before.
//!
//! **In:** a claim, a source's outcome. **Out:** the evidence, and where an earlier capture carried
//! the claim, what became of its passages. **Not here:** the judge and the verdict.
//!
//! Texts may be very long: each question has the readers' deadline, and a source that was late once
//! is not asked again.

use super::gather::Outcome;
use super::past::Past;
use super::reader::Reader;
use crate::citation::SourceUrl;
use crate::evidence::drift::{Earlier, Page};
use crate::evidence::{self, ClaimText, Content, Evidence, EvidenceKind, SourceText};
use crate::fetch::Status;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;
use url::Url;

/// A claim and the text that it is compared with.
pub(super) struct Question<'a> {
    pub(super) source: &'a SourceUrl,
    /// Where the source is fetched.
    pub(super) address: Option<Url>,
    pub(super) claim: String,
    /// The linked words.
    pub(super) anchor: Option<String>,
    /// The document's language.
    pub(super) language: Option<String>,
    pub(super) text: &'a Arc<SourceText>,
}

/// Judges claims, in the readers' room.
pub(super) struct Judging<'a> {
    reader: &'a Reader,
    past: Past<'a>,
    late: BTreeSet<SourceUrl>,
}

/// An earlier text, when it was captured, and when the next one was.
type Before = (Arc<SourceText>, Timestamp, Timestamp);

impl<'a> Judging<'a> {
    pub(super) const fn new(reader: &'a Reader, past: Past<'a>) -> Self {
        Self {
            reader,
            past,
            late: BTreeSet::new(),
        }
    }

    /// What the source shows, and the earlier capture that its drift is told against.
    pub(super) fn answer(
        &mut self,
        question: &Question<'_>,
        outcome: &Outcome,
    ) -> (Evidence, Option<Earlier>) {
        let found = self.ask(question, before(outcome));
        let Some((found, earlier)) = found else {
            return (Evidence::nothing(EvidenceKind::Unreadable), None);
        };
        let answered = matches!(outcome.status, Status::Live | Status::Moved);
        let told = earlier
            .as_ref()
            .is_some_and(|earlier| !earlier.traces.is_empty());
        let missing = matches!(found.kind, EvidenceKind::Partial | EvidenceKind::NotFound);
        if !(answered && missing) || told {
            return (found, earlier);
        }
        match self.last_that_carried(question, outcome) {
            Some(before) => self.ask(question, Some(before)).unwrap_or((found, earlier)),
            None => (found, earlier),
        }
    }

    /// What all sources of the claim show as one.
    pub(super) fn together(
        &mut self,
        question: &Question<'_>,
        texts: &[Arc<SourceText>],
    ) -> Option<Evidence> {
        if self.late.contains(question.source) {
            return None;
        }
        let (claim, texts) = (OwnedClaim::of(question), texts.to_vec());
        let judge = move || {
            let texts: Vec<&SourceText> = texts.iter().map(Arc::as_ref).collect();
            evidence::judge_together(claim.as_text(), &texts)
        };
        let answer = self.reader.read(judge);
        if answer.is_err() {
            self.late.insert(question.source.clone());
        }
        answer.ok()
    }

    /// Compares the claim with the present text and with an earlier one; none where that is late.
    fn ask(
        &mut self,
        question: &Question<'_>,
        before: Option<Before>,
    ) -> Option<(Evidence, Option<Earlier>)> {
        if self.late.contains(question.source) {
            return None;
        }
        let (claim, text) = (OwnedClaim::of(question), Arc::clone(question.text));
        let answer = self.reader.read(move || {
            let found = evidence::judge(claim.as_text(), &text);
            match before {
                Some((earlier, last_seen, since)) => {
                    let evidence = evidence::judge(claim.as_text(), &earlier);
                    let earlier = Earlier::new(evidence, &Page::new(&text), last_seen, since);
                    (earlier.kept_by(found), Some(earlier))
                }
                None => (found, None),
            }
        });
        if answer.is_err() {
            self.late.insert(question.source.clone());
        }
        answer.ok()
    }

    /// The last capture before the earlier one whose text carried the claim.
    fn last_that_carried(&mut self, question: &Question<'_>, outcome: &Outcome) -> Option<Before> {
        let address = question.address.as_ref()?;
        let earlier = outcome.earlier.as_ref()?;
        let reader = self.reader;
        let seen = self
            .past
            .last_that(address.as_str(), earlier.timestamp, |text| {
                let (claim, judged) = (OwnedClaim::of(question), Arc::clone(text));
                let evidence = reader
                    .read(move || evidence::judge(claim.as_text(), &judged))
                    .ok()?;
                let carries = matches!(
                    evidence.kind,
                    EvidenceKind::Quoted | EvidenceKind::Supported
                );
                carries.then(|| Arc::clone(text))
            })?;
        Some((seen.answer, seen.last_seen, seen.since))
    }
}

/// The text that a source had in its earlier capture, where it is another one.
fn before(outcome: &Outcome) -> Option<Before> {
    let changed = outcome
        .drift
        .as_ref()
        .is_some_and(|drift| drift.content != Content::Identical);
    let text = outcome.earlier_text.as_ref().filter(|_| changed)?;
    let last_seen = outcome.earlier.as_ref()?.timestamp;
    let since = outcome
        .capture
        .as_ref()
        .map_or(last_seen, |capture| capture.timestamp);
    Some((Arc::clone(text), last_seen, since))
}

/// A claim that can go to another thread.
struct OwnedClaim {
    text: String,
    anchor: Option<String>,
    language: Option<String>,
}

impl OwnedClaim {
    fn of(question: &Question<'_>) -> Self {
        Self {
            text: question.claim.clone(),
            anchor: question.anchor.clone(),
            language: question.language.clone(),
        }
    }

    fn as_text(&self) -> ClaimText<'_> {
        ClaimText {
            text: &self.text,
            anchor: self.anchor.as_deref(),
            language: self.language.as_deref(),
        }
    }
}
