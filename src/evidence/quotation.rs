//! The claim's quotations, and whether they stand in the source as quoted.
//!
//! **In:** a claim, the source's text. **Out:** the quoted words, and for each its place:
//! found (nothing that matters differs), altered (with the difference, piece by piece) or absent.
//! **Not here:** who said it, and whether a change matters to the claim.
//!
//! ```text
//! claim ─► marks ─► quotation ─► exact ─► found
//!                                  └────► near ─► alignment ─► found | altered | absent
//! ```
//!
//! Typography, accents, case, line-end hyphens, punctuation, an ellipsis, an editor's brackets
//! and ways of spelling do not matter. A word more, less or other does, and so does a number.

mod align;
mod exact;
mod fold;
mod marks;
mod near;
mod word;

use crate::document::ByteSpan;
use crate::evidence::Difference;
use unicode_segmentation::UnicodeSegmentation;

pub(super) use fold::Folded;
pub(super) use marks::quotations;

/// How far apart, in bytes, two parts around an ellipsis may stand.
const MAX_ELLIPSIS: usize = 3_000;
/// How much an editor's bracket may stand for.
const MAX_BRACKET: usize = 80;

/// Whether a quotation is long enough to decide: three words or more. Shorter ones
/// are titles, nicknames and scare quotes as often as somebody's words.
pub(super) fn decides(quotation: &str) -> bool {
    quotation.unicode_words().take(3).count() == 3
}

/// Where a quotation stands in the source, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Located {
    /// As quoted; `slips` are differences in spelling that do not matter.
    Found {
        span: ByteSpan,
        slips: Vec<Difference>,
    },
    /// Something that matters differs.
    Altered {
        span: ByteSpan,
        difference: Vec<Difference>,
    },
    Absent,
}

impl Located {
    pub(super) const fn span(&self) -> Option<ByteSpan> {
        match self {
            Self::Found { span, .. } | Self::Altered { span, .. } => Some(*span),
            Self::Absent => None,
        }
    }

    /// What differs, piece by piece; nothing where nothing does.
    pub(super) fn into_difference(self) -> Vec<Difference> {
        match self {
            Self::Found { slips, .. } => slips,
            Self::Altered { difference, .. } => difference,
            Self::Absent => Vec::new(),
        }
    }
}

/// Finds a quotation in the source.
pub(super) fn locate(quotation: &str, folded: &Folded, source: &str) -> Located {
    if let Some(span) = exact::find(quotation, folded, source) {
        return Located::Found {
            span,
            slips: Vec::new(),
        };
    }
    // A title or a scare quote has too few words to be told from others like it.
    if !decides(quotation) {
        return Located::Absent;
    }
    near::find(quotation, folded, source)
}

#[cfg(test)]
mod tests;
