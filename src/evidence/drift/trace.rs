//! What became of the passages that carried a claim.
//!
//! **In:** what an earlier capture showed for a claim, the present text. **Out:** a [`Trace`] for
//! each passage that carried it, and the two moments between which it changed. **Not here:** the
//! verdict; and no passage that was only near.

use super::fate::{Fate, Page, Piece, PieceKind};
use crate::document::ByteSpan;
use crate::evidence::quotation::decides;
use crate::evidence::{Evidence, EvidenceKind};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

/// A word for a passage's fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FateWord {
    /// It stands there letter for letter; white space and typography aside.
    Present,
    /// It stands there in other words.
    Edited,
    /// It is gone.
    Absent,
}

/// A passage that carried the claim, then and now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Trace {
    /// Its words when it carried the claim.
    pub text: String,
    /// What became of it.
    pub fate: FateWord,
    /// What stands in its place, where it was edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    /// The difference word by word, where it was edited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub difference: Vec<Piece>,
    /// Where it stands in the present text.
    #[serde(skip)]
    pub(crate) span: Option<ByteSpan>,
}

/// A claim that a source carried in an earlier capture.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// What that capture showed.
    pub evidence: Evidence,
    /// What became of the passages that carried the claim.
    pub traces: Vec<Trace>,
    /// When that capture was made: the last that is known to carry the claim.
    pub last_seen: Timestamp,
    /// When the next one was made: the first that is known to be otherwise, the present one at the latest.
    pub since: Timestamp,
}

/// Passages below this share of the best one's score helped, but did not carry.
const CARRIES: f64 = 0.5;

impl Earlier {
    /// Looks for the passages of an earlier capture in the present text.
    #[must_use]
    pub fn new(
        evidence: Evidence,
        page: &Page<'_>,
        last_seen: Timestamp,
        since: Timestamp,
    ) -> Self {
        let traces = carriers(&evidence).map(|text| trace(text, page)).collect();
        Self {
            evidence,
            traces,
            last_seen,
            since,
        }
    }

    /// Whether all passages that carried the claim stand where the present text has them.
    #[must_use]
    pub fn stands(&self) -> bool {
        !self.traces.is_empty()
            && self
                .traces
                .iter()
                .all(|trace| trace.fate == FateWord::Present)
    }

    /// What the present text shows, given that it has what carried the claim: the judge weighs words
    /// by the text around them, and must not call a passage less than it was because of other passages.
    #[must_use]
    pub fn kept_by(&self, now: Evidence) -> Evidence {
        let carried = matches!(
            self.evidence.kind,
            EvidenceKind::Quoted | EvidenceKind::Supported
        );
        let less = matches!(now.kind, EvidenceKind::Partial | EvidenceKind::NotFound);
        if !(carried && less && self.stands()) || lost_fact(&self.evidence, &now).is_some() {
            return now;
        }
        let mut kept = self.evidence.clone();
        // The passages that only helped may be gone; those that carried are where they are now.
        let mut moved = Vec::new();
        for passage in std::mem::take(&mut kept.passages) {
            let trace = self.traces.iter().find(|trace| trace.text == passage.text);
            let Some(span) = trace.and_then(|trace| trace.span) else {
                continue;
            };
            let mut passage = passage;
            // White space may be other than it was: marks would not fit any more.
            if span.len() != passage.text.len() {
                passage.marks.clear();
            }
            (passage.start, passage.end) = (span.start, span.end);
            moved.push(passage);
        }
        kept.passages = moved;
        kept.facts = now.facts;
        for quotation in &mut kept.quotations {
            quotation.passage = quotation
                .passage
                .filter(|index| *index < kept.passages.len());
        }
        kept
    }
}

/// The first fact that the earlier capture had and the present one has not.
pub(in crate::evidence) fn lost_fact<'e>(earlier: &'e Evidence, now: &Evidence) -> Option<&'e str> {
    let missing = |text: &str| {
        now.facts
            .iter()
            .any(|fact| fact.text == text && !fact.found)
    };
    let lost = earlier
        .facts
        .iter()
        .find(|fact| fact.found && missing(&fact.text));
    lost.map(|fact| fact.text.as_str())
}

/// The passages that carried a claim, the best first.
fn carriers(evidence: &Evidence) -> impl Iterator<Item = &str> {
    let best = evidence
        .passages
        .iter()
        .map(|passage| passage.score)
        .fold(0.0, f64::max);
    let supported = evidence.kind == EvidenceKind::Supported;
    evidence
        .passages
        .iter()
        .enumerate()
        .filter(move |(index, passage)| {
            let quoted = evidence.quotations.iter().any(|quotation| {
                quotation.found && quotation.passage == Some(*index) && decides(&quotation.text)
            });
            quoted || (supported && passage.score >= CARRIES * best)
        })
        .map(|(_, passage)| passage.text.as_str())
}

fn trace(text: &str, page: &Page<'_>) -> Trace {
    let (fate, span, now, difference) = match page.fate(text) {
        Fate::Present(span) => (FateWord::Present, Some(span), None, Vec::new()),
        Fate::Edited(edit) => (
            FateWord::Edited,
            Some(edit.span),
            Some(page.words_of(edit.span).to_owned()),
            edit.difference,
        ),
        Fate::Absent => (FateWord::Absent, None, None, Vec::new()),
    };
    Trace {
        text: text.to_owned(),
        fate,
        now,
        difference,
        span,
    }
}

/// Words of the difference that a reason repeats, and changes.
const MAX_CHANGE: usize = 80;
const MAX_CHANGES: usize = 3;

impl Trace {
    /// Whether a number or a negation changed: what a judge by words alone would miss.
    #[must_use]
    pub fn is_weighty(&self) -> bool {
        self.difference
            .iter()
            .filter(|piece| piece.kind != PieceKind::Same)
            .any(|piece| {
                piece.text.contains(|c: char| c.is_numeric())
                    || piece
                        .text
                        .unicode_words()
                        .any(|word| negates(&word.to_lowercase()))
            })
    }

    /// Whether any word changed, and not only punctuation.
    #[must_use]
    pub fn has_other_words(&self) -> bool {
        self.difference
            .iter()
            .any(|piece| piece.kind != PieceKind::Same)
    }

    /// The difference in words: “14” became “17”.
    #[must_use]
    pub fn change(&self) -> String {
        let mut changes = Vec::new();
        let (mut removed, mut added) = (None, None);
        let mut tell = |removed: &mut Option<&str>, added: &mut Option<&str>| {
            let told = match (removed.take(), added.take()) {
                (Some(old), Some(new)) => format!("“{}” became “{}”", brief(old), brief(new)),
                (Some(old), None) => format!("“{}” was removed", brief(old)),
                (None, Some(new)) => format!("“{}” was added", brief(new)),
                (None, None) => return,
            };
            changes.push(told);
        };
        for piece in &self.difference {
            match piece.kind {
                PieceKind::Same => tell(&mut removed, &mut added),
                PieceKind::Removed => removed = Some(piece.text.as_str()),
                PieceKind::Added => added = Some(piece.text.as_str()),
            }
        }
        tell(&mut removed, &mut added);
        let more = changes.len().saturating_sub(MAX_CHANGES);
        changes.truncate(MAX_CHANGES);
        let mut told = changes.join(", ");
        if more > 0 {
            told.push_str(", and more");
        }
        told
    }
}

fn brief(text: &str) -> String {
    match text.char_indices().nth(MAX_CHANGE) {
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or(text).trim_end()),
        None => text.to_owned(),
    }
}

/// Words that turn a sentence round.
fn negates(word: &str) -> bool {
    word.ends_with("n't")
        || word.ends_with("n’t")
        || matches!(
            word,
            "not"
                | "no"
                | "never"
                | "none"
                | "without"
                | "cannot"
                | "nicht"
                | "kein"
                | "keine"
                | "keinen"
                | "keiner"
                | "nie"
                | "ohne"
                | "ne"
                | "pas"
                | "jamais"
                | "aucun"
                | "sans"
                | "nunca"
                | "sin"
                | "non"
                | "mai"
                | "senza"
                | "não"
                | "sem"
                | "niet"
                | "geen"
                | "nooit"
                | "ikke"
                | "aldri"
                | "uten"
                | "inte"
                | "aldrig"
                | "utan"
                | "не"
                | "нет"
                | "без"
                | "不"
                | "没"
                | "未"
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{ClaimText, SourceText, judge};

    const BEFORE: &str =
        "The museum holds 312 paintings, most of them of the sea.\nChildren pay nothing.";

    fn source(text: &str) -> SourceText {
        SourceText {
            text: text.to_owned(),
            ..SourceText::default()
        }
    }

    fn earlier(present: &SourceText) -> Earlier {
        let claim = ClaimText {
            text: "The museum holds 312 paintings, most of them of the sea.",
            anchor: None,
            language: Some("en"),
        };
        let evidence = judge(claim, &source(BEFORE));
        assert_eq!(evidence.kind, EvidenceKind::Supported);
        let moment = Timestamp::UNIX_EPOCH;
        Earlier::new(evidence, &Page::new(present), moment, moment)
    }

    #[test]
    fn a_carrying_passage_is_followed() {
        fn check(present: &str, fate: FateWord, change: &str, weighty: bool) {
            let earlier = earlier(&source(present));
            let trace = &earlier.traces[0];
            assert_eq!(
                (trace.fate, trace.change().as_str(), trace.is_weighty()),
                (fate, change, weighty),
                "{present}"
            );
        }
        let sentence = "The museum holds 312 paintings, most of them of the sea.";
        check(&format!("News.\n{sentence}"), FateWord::Present, "", false);
        check(
            &sentence.replace("312", "313"),
            FateWord::Edited,
            "“312” became “313”",
            true,
        );
        check(
            &sentence.replace("museum", "museum no longer"),
            FateWord::Edited,
            "“no longer” was added",
            true,
        );
        check(
            &sentence.replace("paintings", "pictures"),
            FateWord::Edited,
            "“paintings” became “pictures”",
            false,
        );
        check("Closed for good.", FateWord::Absent, "", false);
    }

    #[test]
    fn a_passage_that_stands_keeps_its_claim() {
        let present =
            source("Elsewhere in town.\nThe museum holds 312  paintings, most of them of the sea.");
        let earlier = earlier(&present);
        let now = Evidence {
            facts: earlier.evidence.facts.clone(),
            ..Evidence::nothing(EvidenceKind::Partial)
        };
        let kept = earlier.kept_by(now.clone());
        assert_eq!(kept.kind, EvidenceKind::Supported);
        let passage = &kept.passages[0];
        assert!(present.text[passage.start..passage.end].starts_with("The museum holds"));
        let mut lost = now;
        lost.facts.iter_mut().for_each(|fact| fact.found = false);
        assert_eq!(earlier.kept_by(lost).kind, EvidenceKind::Partial);
    }
}
