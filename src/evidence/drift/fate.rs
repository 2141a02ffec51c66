//! What became of a passage in a later text of its source.
//!
//! **In:** a passage of the earlier text, the present text. **Out:** a [`Fate`].
//! **Not here:** whether the passage matters to anyone; [`super::super::verdict`] knows the claim.

use super::align::{self, Alignment, Step, Words};
use super::compact::Compact;
use crate::document::ByteSpan;
use crate::evidence::SourceText;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cell::OnceCell;

/// What became of a passage.
#[derive(Debug, Clone, PartialEq)]
pub enum Fate {
    /// It stands there letter for letter; white space and typography aside.
    Present(ByteSpan),
    /// It stands there in other words.
    Edited(Edit),
    /// It is gone.
    Absent,
}

/// A passage as it was and as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// Where it stands in the present text.
    pub span: ByteSpan,
    /// Words that both have, against all words of both, 0 to 1.
    pub likeness: f64,
    /// The passage word by word.
    pub difference: Vec<Piece>,
}

/// A piece of a passage before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Piece {
    /// Which of the two has it.
    pub kind: PieceKind,
    /// Its words.
    pub text: String,
}

/// Which of two passages has a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PieceKind {
    /// Both.
    Same,
    /// Only the earlier one.
    Removed,
    /// Only the present one.
    Added,
}

impl PieceKind {
    /// The word, as in the JSON report.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Removed => "removed",
            Self::Added => "added",
        }
    }
}

/// From this likeness on a passage was edited, below it is gone. People agree about 0.6 and
/// about 0.4 (the two are the borders of the labels it was measured with, 2026-11-25).
const EDITED: f64 = 0.5;

/// The present text of a source, made ready for many passages.
#[derive(Debug)]
pub struct Page<'a> {
    text: &'a str,
    compact: OnceCell<Compact>,
    words: OnceCell<Words>,
}

impl<'a> Page<'a> {
    /// Makes a text ready; nothing is done before a passage is asked for.
    #[must_use]
    pub const fn new(source: &'a SourceText) -> Self {
        Self {
            text: source.text.as_str(),
            compact: OnceCell::new(),
            words: OnceCell::new(),
        }
    }

    /// What became of a passage.
    #[must_use]
    pub fn fate(&self, passage: &str) -> Fate {
        let wanted = Compact::new(passage);
        if wanted.is_empty() {
            // Nothing that could be gone.
            return Fate::Present(ByteSpan::new(0, 0));
        }
        let compact = self.compact.get_or_init(|| Compact::new(self.text));
        if let Some(span) = compact.find(&wanted, self.text) {
            return Fate::Present(span);
        }
        let words = self.words.get_or_init(|| Words::new(self.text));
        let nearest = words.nearest(&align::words(passage));
        match nearest.filter(|nearest| nearest.likeness() >= EDITED) {
            Some(nearest) => self.edited(passage, &nearest),
            None => Fate::Absent,
        }
    }

    /// The words of a span.
    pub(super) fn words_of(&self, span: ByteSpan) -> &'a str {
        span.of(self.text)
    }

    fn edited(&self, passage: &str, alignment: &Alignment) -> Fate {
        let Some(span) = alignment.span() else {
            return Fate::Absent;
        };
        Fate::Edited(Edit {
            span,
            likeness: alignment.likeness(),
            difference: difference(passage, self.text, &alignment.steps),
        })
    }
}

/// What became of one passage.
#[must_use]
pub fn fate(passage: &str, present: &SourceText) -> Fate {
    Page::new(present).fate(passage)
}

/// The steps of an alignment as pieces of text, steps of one kind together.
pub(super) fn difference(passage: &str, text: &str, steps: &[Step]) -> Vec<Piece> {
    let mut runs: Vec<(PieceKind, ByteSpan)> = Vec::new();
    let mut add = |kind: PieceKind, span: ByteSpan| match runs.last_mut() {
        Some((last, run)) if *last == kind => run.end = span.end,
        _ => runs.push((kind, span)),
    };
    // Between two common words the removed ones come before the added ones.
    let mut added: Vec<ByteSpan> = Vec::new();
    for step in steps {
        match step {
            Step::Passage(word) => add(PieceKind::Removed, word.span()),
            Step::Text(word) => added.push(word.span()),
            Step::Both(word, _) => {
                for span in added.drain(..) {
                    add(PieceKind::Added, span);
                }
                add(PieceKind::Same, word.span());
            }
        }
    }
    for span in added {
        add(PieceKind::Added, span);
    }
    runs.into_iter()
        .map(|(kind, span)| {
            let whole = if kind == PieceKind::Added {
                text
            } else {
                passage
            };
            Piece {
                kind,
                text: span.of(whole).to_owned(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> SourceText {
        SourceText {
            text: text.to_owned(),
            ..SourceText::default()
        }
    }

    const NOW: &str = "Harrow\nThe old bridge over the Lark was closed on 4 May, and 17 people had to be taken \
        across by boat.\nOpening hours\tMonday to Friday\nThe “new” bridge isn’t open yet.";

    #[test]
    fn what_stands_there_is_present() {
        for passage in [
            "The \"new\" bridge isn't open yet.",
            "Opening hours Monday to Friday",
            "closed on 4 May,",
            " ",
        ] {
            let fate = fate(passage, &source(NOW));
            assert!(matches!(fate, Fate::Present(_)), "{passage}: {fate:?}");
        }
    }

    #[test]
    fn an_edit_is_told_word_by_word() {
        fn check(passage: &str, expected: &str) {
            let Fate::Edited(edit) = fate(passage, &source(NOW)) else {
                panic!("{passage} was not told as edited");
            };
            let told: Vec<String> = edit
                .difference
                .iter()
                .map(|piece| match piece.kind {
                    PieceKind::Same => piece.text.clone(),
                    PieceKind::Removed => format!("[-{}-]", piece.text),
                    PieceKind::Added => format!("[+{}+]", piece.text),
                })
                .collect();
            assert_eq!(told.join(" "), expected);
            assert!(edit.likeness >= EDITED && edit.likeness <= 1.0);
            assert!(!edit.span.of(NOW).is_empty());
        }
        check(
            "The bridge over the Lark was closed on 4 May, and 14 people had to be taken across by boat.",
            "The [+old+] bridge over the Lark was closed on 4 May, and [-14-] [+17+] people had to be taken \
             across by boat",
        );
        check(
            "Yesterday the new bridge isn't open yet!",
            "[-Yesterday-] the new bridge isn't open yet",
        );
    }

    #[test]
    fn what_is_nowhere_is_absent() {
        for passage in [
            "The mayor of Harrow resigned after the flood.",
            "people by boat had the Lark closed",
            "彻底不同的句子",
        ] {
            assert_eq!(fate(passage, &source(NOW)), Fate::Absent, "{passage}");
        }
        assert_eq!(fate("Anything", &SourceText::default()), Fate::Absent);
    }

    proptest::proptest! {
        #[test]
        fn spans_lie_inside_the_text(passage in "\\PC{0,60}", page in "\\PC{0,120}") {
            match fate(&passage, &source(&page)) {
                Fate::Present(span) => proptest::prop_assert!(page.get(span.start..span.end).is_some()),
                Fate::Edited(edit) => proptest::prop_assert!(page.get(edit.span.start..edit.span.end).is_some()),
                Fate::Absent => {}
            }
        }
    }
}
