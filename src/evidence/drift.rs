//! What changed between two captures of a source.
//!
//! **In:** the text of both. **Out:** a word for it and the share of words that changed.
//! **Not here:** whether the change touches a claim; [`super::verdict`] asks the
//! evidence of both captures for that.
//!
//! Clocks, counters and "five minutes ago" change on every visit and say nothing
//! about the source: they are masked before the comparison.

mod align;
mod compact;
mod fate;

pub use fate::{Edit, Fate, Page, Piece, PieceKind, fate};

use super::SourceText;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::BTreeMap;

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

/// A comparison, with how much changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// The word for it.
    pub content: Content,
    /// Share of the main text's words that changed, 0 to 1.
    pub changed: f64,
}

/// Texts below this many words are too short to be called another page by their words alone.
const SHORT: usize = 20;
/// Below this share of common words a page is another one.
const REPLACED: f64 = 0.20;
/// Words that are aligned one by one; longer texts are compared line by line.
const MAX_ALIGNED: usize = 4_000;

/// Compares the text of the earlier capture with the present one (their payload digests differ).
#[must_use]
pub fn compare(earlier: &SourceText, present: &SourceText) -> Drift {
    // Two payloads in which nothing can be read, of other bytes: they changed, nobody can say how.
    if earlier.unreadable.is_some() || present.unreadable.is_some() {
        return Drift {
            content: Content::Drifted,
            changed: 1.0,
        };
    }
    let (before, after) = (earlier.main_text(), present.main_text());
    let (old, new) = (steady_words(&before), steady_words(&after));
    if old == new {
        return cosmetic();
    }
    // An extractor may draw the border of the main text elsewhere: the same text as a whole has not changed.
    let (all_old, all_new) = (steady_words(&earlier.text), steady_words(&present.text));
    if all_old == all_new {
        return cosmetic();
    }
    // For the same reason both views are compared and the calmer one believed: an extractor that
    // picks another part of a page that stayed must not make it another page.
    let common = common_share(&old, &new).max(common_share(&all_old, &all_new));
    let likeness = similarity(&old, &new).max(similarity(&all_old, &all_new));
    let changed = 1.0 - likeness;
    let long = old.len() >= SHORT && new.len() >= SHORT;
    let other_title = match (&earlier.title, &present.title) {
        (Some(a), Some(b)) => common_share(&steady_words(a), &steady_words(b)) == 0.0,
        _ => false,
    };
    let replaced = (long && common < REPLACED) || (other_title && common < REPLACED / 2.0);
    Drift {
        content: if replaced {
            Content::Replaced
        } else {
            Content::Drifted
        },
        changed: changed.clamp(0.0, 1.0),
    }
}

const fn cosmetic() -> Drift {
    Drift {
        content: Content::Cosmetic,
        changed: 0.0,
    }
}

/// How like two texts are, 0 to 1: 1 for the same words in the same order. For short comparisons of pages.
pub(super) fn likeness(a: &str, b: &str) -> f64 {
    let (a, b) = (steady_words(a), steady_words(b));
    if a == b {
        return 1.0;
    }
    similarity(&a, &b)
}

fn similarity(old: &[&str], new: &[&str]) -> f64 {
    let total = old.len() + new.len();
    if total == 0 {
        return 1.0;
    }
    // What both begin and end with needs no alignment; mostly that is nearly everything.
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[start..], &new[start..]);
    let end = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
    let middle = if old.len() + new.len() <= MAX_ALIGNED {
        aligned(old, new)
    } else {
        // Without order: 3-word shingles, so that a moved paragraph counts as kept.
        let share = common_share(&shingles(old), &shingles(new));
        share * (old.len() + new.len()) as f64 / 2.0
    };
    (2.0 * ((start + end) as f64 + middle) / total as f64).min(1.0)
}

/// Words that stand in both, in order.
fn aligned(old: &[&str], new: &[&str]) -> f64 {
    let equal: usize = capture_diff_slices(Algorithm::Myers, old, new)
        .iter()
        .map(|op| match op {
            DiffOp::Equal { len, .. } => *len,
            _ => 0,
        })
        .sum();
    equal as f64
}

fn shingles(words: &[&str]) -> Vec<u64> {
    use std::hash::{Hash, Hasher};
    words
        .windows(3)
        .map(|window| {
            let mut hasher = std::hash::DefaultHasher::new();
            window.hash(&mut hasher);
            hasher.finish()
        })
        .collect()
}

/// The share of things that both have, counted as often as they occur (Dice).
fn common_share<T: Ord>(old: &[T], new: &[T]) -> f64 {
    if old.is_empty() && new.is_empty() {
        return 1.0;
    }
    let mut counts: BTreeMap<&T, usize> = BTreeMap::new();
    for item in old {
        *counts.entry(item).or_default() += 1;
    }
    let mut common = 0usize;
    for item in new {
        if let Some(count) = counts.get_mut(item)
            && *count > 0
        {
            *count -= 1;
            common += 1;
        }
    }
    2.0 * common as f64 / (old.len() + new.len()) as f64
}

/// The words of a text without what changes on every visit.
fn steady_words(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut steady = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let skipped = volatile(&words[at..]);
        if skipped == 0 {
            steady.push(words[at]);
            at += 1;
        } else {
            at += skipped;
        }
    }
    steady
}

/// How many words at the beginning are a clock, a counter or a "… ago".
fn volatile(words: &[&str]) -> usize {
    let word = |index: usize| {
        words
            .get(index)
            .copied()
            .unwrap_or("")
            .trim_end_matches([',', '.', ')', ';'])
    };
    let first = word(0);
    if clock(first) {
        let half = word(1).to_ascii_lowercase();
        return 1 + usize::from(matches!(
            half.as_str(),
            "am" | "pm" | "a.m" | "p.m" | "uhr" | "utc" | "gmt"
        ));
    }
    let short = |index: usize| word(index).len() <= 16;
    let count = first.starts_with(|c: char| c.is_ascii_digit())
        && first
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | 'k' | 'K' | 'M'));
    if (count || matches!(first, "a" | "an" | "one")) && short(1) && short(2) {
        let unit = word(1).to_lowercase();
        if word(2).eq_ignore_ascii_case("ago") && is_unit(&unit) {
            return 3;
        }
    }
    if count && short(1) && is_counter(&word(1).to_lowercase()) {
        return 2;
    }
    if matches!(first, "vor" | "il" | "hace" | "Vor" | "Il" | "Hace" | "for")
        && short(1)
        && short(2)
    {
        // "vor 5 Minuten", "hace 3 horas", "for 5 minutter siden"
        let number = word(1).bytes().all(|byte| byte.is_ascii_digit()) && !word(1).is_empty();
        if number && is_unit(&word(2).to_lowercase()) && first != "Il" && first != "il" {
            return 3 + usize::from(word(3) == "siden");
        }
    }
    0
}

/// "14:05", "14:05:33".
fn clock(word: &str) -> bool {
    let mut parts = word.split(':');
    let digits = |part: Option<&str>, most: usize| {
        part.is_some_and(|part| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    digits(parts.next(), 2)
        && {
            let minutes = parts.next();
            minutes.is_some_and(|part| part.len() == 2) && digits(minutes, 2)
        }
        && parts.next().is_none_or(|seconds| digits(Some(seconds), 2))
        && parts.next().is_none()
}

fn is_unit(word: &str) -> bool {
    matches!(
        word,
        "second"
            | "seconds"
            | "sec"
            | "minute"
            | "minutes"
            | "min"
            | "mins"
            | "hour"
            | "hours"
            | "hr"
            | "hrs"
            | "day"
            | "days"
            | "week"
            | "weeks"
            | "month"
            | "months"
            | "year"
            | "years"
            | "sekunden"
            | "minuten"
            | "stunde"
            | "stunden"
            | "tag"
            | "tagen"
            | "woche"
            | "wochen"
            | "monat"
            | "monaten"
            | "jahr"
            | "jahren"
            | "minutos"
            | "horas"
            | "días"
            | "minutter"
            | "timer"
            | "dager"
    )
}

fn is_counter(word: &str) -> bool {
    matches!(
        word,
        // Not "votes", "shares" or "visitors": those are facts as often as counters.
        "views"
            | "view"
            | "comments"
            | "comment"
            | "likes"
            | "replies"
            | "upvotes"
            | "kommentare"
            | "aufrufe"
            | "kommentarer"
            | "commentaires"
            | "vues"
            | "comentarios"
    )
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
            assert_eq!(drift, cosmetic(), "{before} / {after}");
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
