//! What changed between two captures of a source.
//!
//! **In:** the text of both. **Out:** a word for it, how much changed and where; what became of
//! any one passage. **Not here:** whether the change touches a claim; [`super::verdict`] asks what
//! became of the passages that carried it.
//!
//! ```text
//! earlier ─► lines of the main text ─┬─ passing (date of the day, counters, ads): left out
//!                                    └─ words that the whole present text has ─► kept
//! present ─► the same, the other way round                     the rest ─► added, removed, reworded
//! ```
//!
//! An extractor may draw the border of the main text elsewhere each time: a line is looked for in
//! the whole text of the other capture, so that a border that moved is no change.

mod align;
mod alike;
mod block;
mod compact;
mod fate;
mod grams;
mod passing;
mod steady;
mod trace;

pub(in crate::evidence) use alike::likeness;
pub use block::{Block, BlockChange, Blocks};
pub use fate::{Edit, Fate, Page, Piece, PieceKind, fate};
pub(in crate::evidence) use trace::lost_fact;
pub use trace::{Earlier, FateWord, Trace};

use super::SourceText;
use grams::{Grams, Kept, Line};
use passing::Passing;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use steady::steady_words;

/// The content of a source against its earlier capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// There is no earlier capture.
    First,
    /// Same payload digest.
    Identical,
    /// Other bytes, same main text.
    Cosmetic,
    /// The main text changed.
    Drifted,
    /// Another page altogether.
    Replaced,
}

impl Content {
    /// The word, as in the JSON report.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Identical => "identical",
            Self::Cosmetic => "cosmetic",
            Self::Drifted => "drifted",
            Self::Replaced => "replaced",
        }
    }
}

/// A comparison: a word for it, how much changed, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// The word for it.
    pub content: Content,
    /// Share of the words of both main texts that the other does not have, 0 to 1.
    pub changed: f64,
    /// Share of the earlier main text's words in sentences that are gone or reworded, 0 to 1.
    pub lost: f64,
    /// Where the main text changed.
    pub blocks: Blocks,
}

impl Drift {
    /// Nothing changed, and the word for that.
    #[must_use]
    pub fn none(content: Content) -> Self {
        Self {
            content,
            changed: 0.0,
            lost: 0.0,
            blocks: Blocks::default(),
        }
    }
}

/// Texts below this many words are too short to be called another page by their words alone.
const SHORT: usize = 20;
/// The most that another page has in common with the earlier one: menus and phrases, of the main
/// text and of the whole text (pages of one site and of many, against themselves later, 2026-11-25).
const REPLACED_MAIN: f64 = 0.05;
const REPLACED_WHOLE: f64 = 0.10;
/// Below this share of common words a title is another one.
const OTHER_TITLE: f64 = 0.5;

/// Compares the text of the earlier capture with the present one (their payload digests differ).
#[must_use]
pub fn compare(earlier: &SourceText, present: &SourceText) -> Drift {
    // Two payloads in which nothing can be read, of other bytes: they changed, nobody can say how.
    if earlier.unreadable.is_some() || present.unreadable.is_some() {
        return Drift {
            changed: 1.0,
            lost: 1.0,
            ..Drift::none(Content::Drifted)
        };
    }
    if earlier.text == present.text {
        return Drift::none(Content::Cosmetic);
    }
    let (all_old, all_new) = (
        Grams::of(earlier.text.split('\n')),
        Grams::of(present.text.split('\n')),
    );
    let old = Side::of(earlier, &all_new);
    let new = Side::of(present, &all_old);
    if old.changed.is_empty() && new.changed.is_empty() {
        return Drift::none(Content::Cosmetic);
    }
    let replaced = is_replaced(&old.total, &new.total, || {
        other_title(earlier, present) || all_old.likeness(&all_new) < REPLACED_WHOLE
    });
    Drift {
        content: if replaced {
            Content::Replaced
        } else {
            Content::Drifted
        },
        changed: 1.0
            - share(
                old.total.kept + new.total.kept,
                old.total.words + new.total.words,
            ),
        lost: 1.0 - share(old.total.whole, old.total.words),
        blocks: block::blocks(&old.changed, &new.changed),
    }
}

/// The main text of one capture against the whole text of the other.
struct Side<'a> {
    total: Kept,
    /// Lines that the other does not have as they are.
    changed: Vec<&'a str>,
}

impl<'a> Side<'a> {
    fn of(source: &'a SourceText, other: &Grams) -> Self {
        let mut side = Self {
            total: Kept::default(),
            changed: Vec::new(),
        };
        let mut passing = Passing::default();
        let everything = [crate::document::ByteSpan::new(0, source.text.len())];
        let main = if source.main.is_empty() {
            &everything[..]
        } else {
            &source.main
        };
        for line in main
            .iter()
            .flat_map(|span| span.of(&source.text).split('\n'))
        {
            if passing.next(line) {
                continue;
            }
            let kept = other.kept(&Line::of(line));
            side.total += kept;
            if kept.kept < kept.words {
                side.changed.push(line);
            }
        }
        side
    }
}

/// Whether two main texts have nothing to do with one another, `elsewhere` being the page around them.
fn is_replaced(old: &Kept, new: &Kept, elsewhere: impl FnOnce() -> bool) -> bool {
    let little = |side: &Kept| {
        side.words >= SHORT && side.sentences == 0 && share(side.kept, side.words) <= REPLACED_MAIN
    };
    little(old) && little(new) && elsewhere()
}

fn other_title(earlier: &SourceText, present: &SourceText) -> bool {
    match (&earlier.title, &present.title) {
        (Some(a), Some(b)) => alike::common_share(&steady_words(a), &steady_words(b)) < OTHER_TITLE,
        _ => false,
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 1.0;
    }
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(title: &str, text: &str) -> SourceText {
        SourceText {
            title: Some(title.to_owned()),
            text: text.to_owned(),
            ..SourceText::default()
        }
    }

    const STORY: &str = "The council of Harrow met on Monday and agreed to build a new bridge over \
        the river Lark, which floods every spring and cuts the village off from its school.";

    #[test]
    fn the_same_text_is_cosmetic() {
        fn check(before: &str, after: &str) {
            let drift = compare(&page("A", before), &page("A", after));
            assert_eq!(drift, Drift::none(Content::Cosmetic), "{before} / {after}");
        }
        check("a  b\nc", "a b c");
        check(
            "Read at 14:05 by 1,234 views",
            "Read at 09:59 by 2,001 views",
        );
        check("Posted 5 minutes ago by Ann", "Posted 2 hours ago by Ann");
        check("Posted at 3:15 pm today", "Posted at 4:20 pm today");
        check("12 comments", "13 comments");
        check("vor 5 Minuten online", "vor 2 Stunden online");
        check("", "");
    }

    #[test]
    fn changed_words_are_counted() {
        let drift = compare(
            &page("A", STORY),
            &page("A", &STORY.replace("Monday", "Tuesday")),
        );
        assert_eq!(drift.content, Content::Drifted);
        assert!(drift.changed > 0.0 && drift.changed < 0.1, "{drift:?}");
        let case = compare(&page("A", "The Bridge"), &page("A", "The bridge"));
        assert_eq!(case.content, Content::Drifted);
        let value = compare(
            &page("A", "It cost 5 million"),
            &page("A", "It cost 6 million"),
        );
        assert_eq!(value.content, Content::Drifted);
    }

    #[test]
    fn another_page_is_replaced() {
        let other = "Buy cheap watches here today! Free shipping worldwide, best prices guaranteed, \
            thousands of happy customers, order now before midnight and save fifty percent.";
        let drift = compare(&page("Bridge", STORY), &page("Watches", other));
        assert_eq!(drift.content, Content::Replaced);
        assert!(drift.changed > 0.8);
        let short = compare(&page("Bridge", STORY), &page("Bridge", "gone fishing"));
        assert_eq!(short.content, Content::Drifted);
    }

    #[test]
    fn long_texts_and_moved_parts_are_compared_too() {
        let long: String = (0..40_000)
            .map(|n| format!("w{} ", n * 7919 % 10_007))
            .collect();
        let moved = format!(
            "beginning {} end {}",
            &long[long.len() / 2..],
            &long[..long.len() / 2]
        );
        let drift = compare(&page("A", &long), &page("A", &moved));
        assert_eq!(drift.content, Content::Drifted);
        assert!(drift.changed < 0.05, "{drift:?}");
    }

    proptest::proptest! {
        #[test]
        fn the_share_is_a_share(a in "[a-d ]{0,60}", b in "[a-d ]{0,60}") {
            let drift = compare(&page("A", &a), &page("A", &b));
            proptest::prop_assert!((0.0..=1.0).contains(&drift.changed));
            proptest::prop_assert_eq!(compare(&page("A", &a), &page("A", &a)).content, Content::Cosmetic);
        }
    }
}
