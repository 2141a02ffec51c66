//! A text without what does not count when words are compared letter by letter.
//!
//! **In:** a text. **Out:** its letters and punctuation with typography made equal and all
//! white space left out, and the way back to its bytes. **Not here:** case and punctuation
//! themselves; they are part of what was written.
//!
//! White space goes altogether, because where an element begins or ends a page shows a
//! space or none, and two readings of one page differ there first.

use crate::document::ByteSpan;
use unicode_normalization::UnicodeNormalization;

/// The compact text and where its pieces came from.
#[derive(Debug, Default)]
pub(super) struct Compact {
    text: String,
    /// For every [`STEP`] bytes or so of `text`, the byte of the original: a whole table would
    /// take four times the memory of a long page.
    marks: Vec<Mark>,
}

#[derive(Debug, Clone, Copy)]
struct Mark {
    compact: usize,
    original: usize,
}

/// Bytes of compact text between two marks.
const STEP: usize = 256;
/// Places of one passage that are looked at for word borders.
const MAX_PLACES: usize = 256;

impl Compact {
    pub(super) fn new(original: &str) -> Self {
        let mut compact = Self {
            text: String::with_capacity(original.len()),
            marks: Vec::with_capacity(original.len() / STEP + 1),
        };
        let mut next_mark = 0;
        for (at, c) in original.char_indices() {
            if compact.text.len() >= next_mark {
                compact.marks.push(Mark {
                    compact: compact.text.len(),
                    original: at,
                });
                next_mark = compact.text.len() + STEP;
            }
            push(c, &mut compact.text);
        }
        compact
    }

    /// Where a passage stands in the original, letter for letter, no word cut.
    pub(super) fn find(&self, passage: &Self, original: &str) -> Option<ByteSpan> {
        let needle = passage.text.as_str();
        let (first, last) = (needle.chars().next()?, needle.chars().next_back()?);
        let places = self.text.match_indices(needle).take(MAX_PLACES);
        for (start, _) in places {
            let span = self.back(start, start + needle.len(), original)?;
            let before = original.get(..span.start)?.chars().next_back();
            let after = original.get(span.end..)?.chars().next();
            let cut = |outer: Option<char>, inner: char| outer.is_some_and(|c| one_word(c, inner));
            if !cut(before, first) && !cut(after, last) {
                return Some(span);
            }
        }
        None
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The bytes of the original that a range of the compact text came from.
    fn back(&self, start: usize, end: usize, original: &str) -> Option<ByteSpan> {
        let mark = self.marks.partition_point(|mark| mark.compact <= start);
        let mark = self.marks.get(mark.checked_sub(1)?)?;
        let mut at = mark.compact;
        let mut first = None;
        let mut buffer = String::new();
        for (offset, c) in original.get(mark.original..)?.char_indices() {
            buffer.clear();
            push(c, &mut buffer);
            if buffer.is_empty() {
                continue;
            }
            let here = mark.original + offset;
            if at + buffer.len() > start && first.is_none() {
                first = Some(here);
            }
            at += buffer.len();
            if at >= end {
                return Some(ByteSpan::new(first?, here + c.len_utf8()));
            }
        }
        None
    }
}

/// Whether two letters side by side are of one word, in a script that sets words apart.
fn one_word(a: char, b: char) -> bool {
    let spaced = |c: char| {
        c.is_alphanumeric()
            && c < '\u{2e80}'
            && !matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
    };
    spaced(a) && spaced(b)
}

/// Adds a character as it counts.
fn push(c: char, text: &mut String) {
    match c {
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' => text.push('"'),
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' | '`' | '´' => text.push('\''),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => text.push('-'),
        '…' => text.push_str("..."),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe0e}' | '\u{fe0f}' => {}
        _ if c.is_whitespace() || c.is_control() => {}
        _ if c.is_ascii() => text.push(c),
        // Character by character: composed and decomposed letters, ligatures and full-width forms are one.
        _ => text.extend(std::iter::once(c).nfkd().filter(|c| !c.is_whitespace())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_found_whatever_its_typography() {
        fn check(passage: &str, page: &str, expected: Option<&str>) {
            let found = Compact::new(page).find(&Compact::new(passage), page);
            assert_eq!(found.map(|span| span.of(page)), expected, "{passage}");
        }
        check("it's - so", "Yes, it’s  – so.", Some("it’s  – so"));
        check("\"a\" b…", "(«a»\nb...)", Some("«a»\nb..."));
        check("re\u{ad}opened", "it reopened", Some("reopened"));
        check("cafe\u{301} no", "The café no.", Some("café no"));
        check("the ﬁrst", "the first", Some("the first"));
        check("row one two", "row\none\ttwo three", Some("row\none\ttwo"));
        check("art is", "part is. art is.", Some("art is"));
        check("costs 1", "costs 12", None);
        check("costs 3.5", "costs 35", None);
        check("The Bridge", "the bridge", None);
        check("桥已经关闭", "昨天桥已经关闭了", Some("桥已经关闭"));
        check("", "a", None);
    }

    #[test]
    fn places_far_into_a_text_are_exact() {
        let filler = "naïve “façade” … ".repeat(400);
        let page = format!("{filler}The bridge — closed in May — reopened.{filler}");
        let passage = Compact::new("bridge - closed in May - reopened.");
        let span = Compact::new(&page).find(&passage, &page);
        assert_eq!(
            span.map(|span| span.of(&page)),
            Some("bridge — closed in May — reopened.")
        );
    }

    proptest::proptest! {
        #[test]
        fn every_slice_between_spaces_is_found(words in proptest::collection::vec("[\\PC]{1,6}", 1..20), a in 0usize..20, b in 0usize..20) {
            let (a, b) = (a.min(b).min(words.len() - 1), a.max(b).min(words.len() - 1));
            let page = words.join(" ");
            let passage = Compact::new(&words[a..=b].join("\u{a0}"));
            if !passage.is_empty() {
                proptest::prop_assert!(Compact::new(&page).find(&passage, &page).is_some());
            }
        }
    }
}
