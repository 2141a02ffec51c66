//! The claim's quotations, and whether they stand in the source.
//!
//! **In:** a claim, the source's text. **Out:** the quoted words and their place.
//! Two texts are compared after typography, accents, white space and case have
//! been made equal; an ellipsis and an editor's brackets divide a quotation into
//! parts that must follow one another. **Not here:** near matches. A quotation
//! with a changed word is not found; whether that matters is the editor's call.

use super::terms::{fold_letter, is_quote};
use crate::document::ByteSpan;
use unicode_segmentation::UnicodeSegmentation;

/// A quotation as the claim has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quoted<'a> {
    /// Its words, without the marks.
    pub(super) text: &'a str,
}

/// Longest quotation that is looked for, in bytes; what is longer is an unclosed mark.
const MAX_QUOTATION: usize = 2_000;
/// Quotations taken from one claim.
const MAX_QUOTATIONS: usize = 32;
/// How far apart, in folded bytes, two parts around an ellipsis may stand.
const MAX_ELLIPSIS: usize = 3_000;
/// How much an editor's bracket may stand for.
const MAX_BRACKET: usize = 80;
/// Beginnings tried for one quotation: bounds the work on repetitive text.
const MAX_BEGINNINGS: usize = 256;

/// Whether a quotation is long enough to decide: three words or more. Shorter ones
/// are titles, nicknames and scare quotes as often as somebody's words.
pub(super) fn decides(quotation: &str) -> bool {
    quotation.unicode_words().take(3).count() == 3
}

/// The quotations of a claim, in order, outermost only.
pub(super) fn quotations(claim: &str) -> Vec<Quoted<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = claim.get(at..) {
        if found.len() == MAX_QUOTATIONS {
            break;
        }
        let Some((offset, mark)) = rest.char_indices().find(|(_, c)| is_quote(*c)) else {
            break;
        };
        let open = at + offset;
        let inside = open + mark.len_utf8();
        at = inside;
        let before = claim[..open].chars().next_back();
        let Some(closing) = closing(mark, before) else {
            continue;
        };
        let single = matches!(mark, '\'' | '‘' | '‚' | '‹' | '›');
        if let Some(end) = close(claim, inside, closing, single) {
            let text = claim[inside..end].trim();
            let words = text.unicode_words().take(3).count();
            // A lone pair of single marks is more often two apostrophes than a quotation.
            if words >= if single { 3 } else { 1 } {
                found.push(Quoted { text });
                at = end + claim[end..].chars().next().map_or(0, char::len_utf8);
            }
        }
    }
    found
}

/// The marks that may close what `mark` opens; none when it cannot open a quotation here.
fn closing(mark: char, before: Option<char>) -> Option<&'static [char]> {
    let after_word = before.is_some_and(char::is_alphanumeric);
    match mark {
        '“' | '‟' => Some(&['”', '"']),
        '„' => Some(&['“', '”', '"']),
        '«' => Some(&['»']),
        '»' if !after_word => Some(&['«', '»']),
        '”' if !after_word => Some(&['”']),
        '「' => Some(&['」']),
        '『' => Some(&['』']),
        // After a number a straight mark is inches or minutes of arc.
        '"' if !after_word => Some(&['"']),
        '‹' => Some(&['›']),
        '›' if !after_word => Some(&['‹', '›']),
        '‘' | '‚' if !after_word => Some(&['’', '‘', '\'']),
        '\'' if !after_word => Some(&['\'']),
        _ => None,
    }
}

/// Where the closing mark stands. Single marks must stand at the end of a word, or they are apostrophes.
fn close(claim: &str, inside: usize, closing: &[char], single: bool) -> Option<usize> {
    for (offset, c) in claim.get(inside..)?.char_indices() {
        if offset > MAX_QUOTATION {
            return None;
        }
        if closing.contains(&c) {
            let end = inside + offset;
            let next = claim[end + c.len_utf8()..].chars().next();
            if single && next.is_some_and(char::is_alphanumeric) {
                continue;
            }
            return Some(end);
        }
    }
    None
}

/// A text with all made equal that does not count, and the way back to its bytes.
#[derive(Debug)]
pub(super) struct Folded {
    text: String,
    /// For each byte of `text`, the byte of the original that it came from.
    origin: Vec<u32>,
}

impl Folded {
    pub(super) fn new(original: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(original.len()),
            origin: Vec::with_capacity(original.len()),
        };
        let mut space = false;
        for (at, c) in original.char_indices() {
            // Offsets beyond 4 GiB do not occur: bodies are bounded far below.
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            let dash = is_dash(c);
            if c.is_whitespace() {
                space = true;
                continue;
            }
            if is_quote(c) {
                continue;
            }
            // No space beside a dash: "a – b", "a—b" and "a-b" are one.
            if space && !dash && !folded.text.is_empty() && !folded.text.ends_with('-') {
                folded.push(' ', at);
            }
            if dash {
                if !folded.text.ends_with('-') {
                    folded.push('-', at);
                }
                space = false;
                continue;
            }
            if c == '…' {
                for _ in 0..3 {
                    folded.push('.', at);
                }
            } else if c.is_ascii() {
                folded.push(c.to_ascii_lowercase(), at);
            } else {
                for lower in c.to_lowercase().filter_map(fold_letter) {
                    folded.push(lower, at);
                }
                if fold_letter(c).is_none() {
                    continue;
                }
            }
            space = false;
        }
        folded
    }

    fn push(&mut self, c: char, at: u32) {
        self.text.push(c);
        for _ in 0..c.len_utf8() {
            self.origin.push(at);
        }
    }

    /// The original's bytes for a range of the folded ones.
    fn back(&self, start: usize, end: usize, original: &str) -> Option<ByteSpan> {
        let first = *self.origin.get(start)? as usize;
        let last = *self.origin.get(end.checked_sub(1)?)? as usize;
        let last_len = original.get(last..)?.chars().next()?.len_utf8();
        Some(ByteSpan::new(first, last + last_len))
    }
}

const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−')
}

/// A piece of a quotation that must stand as it is.
struct Part {
    text: String,
    /// How far behind the part before it may begin; 0 for the first.
    within: usize,
    /// Whether it may begin or end inside a word, because a bracket cut the word ("[T]he").
    open_start: bool,
    open_end: bool,
}

/// Where a quotation stands in the source.
pub(super) fn find(quotation: &str, source: &Folded, original: &str) -> Option<ByteSpan> {
    let parts = parts(quotation);
    let first = parts.first()?;
    let mut from = 0;
    for _ in 0..MAX_BEGINNINGS {
        let start = from + source.text.get(from..)?.find(first.text.as_str())?;
        let mut end = start + first.text.len();
        let mut good = borders(&source.text, start, end, first);
        for part in &parts[1..] {
            if !good {
                break;
            }
            good = false;
            let mut limit = (end + part.within + part.text.len()).min(source.text.len());
            while !source.text.is_char_boundary(limit) {
                limit -= 1;
            }
            let window = source.text.get(end..limit).unwrap_or("");
            for (offset, piece) in window.match_indices(part.text.as_str()).take(16) {
                let begin = end + offset;
                if borders(&source.text, begin, begin + piece.len(), part) {
                    end = begin + piece.len();
                    good = true;
                    break;
                }
            }
        }
        if good {
            return source.back(start, end, original);
        }
        from = start
            + source.text[start..]
                .chars()
                .next()
                .map_or(1, char::len_utf8);
    }
    None
}

/// Whether a match does not cut words, except where the part says so.
fn borders(text: &str, start: usize, end: usize, part: &Part) -> bool {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let inner_start = part.text.chars().next();
    let inner_end = part.text.chars().next_back();
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    (part.open_start || !(word(before) && word(inner_start)))
        && (part.open_end || !(word(inner_end) && word(after)))
}

/// The parts of a quotation, folded: divided at ellipses and brackets, the punctuation at its end dropped.
fn parts(quotation: &str) -> Vec<Part> {
    let folded = Folded::new(quotation).text;
    let mut parts: Vec<Part> = Vec::new();
    let mut rest = folded.as_str();
    let mut within = 0;
    let mut open_start = false;
    loop {
        let cut = rest.find(['[', '.']).and_then(|_| next_cut(rest));
        let (piece, open_end, after) = match cut {
            Some((start, end, gap)) => {
                let bracket = gap == MAX_BRACKET;
                let open_end = bracket && rest[..start].ends_with(char::is_alphanumeric);
                let opens = bracket && rest[end..].starts_with(char::is_alphanumeric);
                (&rest[..start], open_end, Some((end, gap, opens)))
            }
            None => (rest, false, None),
        };
        let trimmed = piece.trim_matches(|c: char| !c.is_alphanumeric() && c != '%' && c != '$');
        if !trimmed.is_empty() {
            parts.push(Part {
                text: trimmed.to_owned(),
                within: if parts.is_empty() { 0 } else { within },
                open_start,
                open_end,
            });
            within = 0;
        }
        let Some((end, gap, opens)) = after else {
            return parts;
        };
        within = within.max(gap);
        open_start = opens;
        rest = &rest[end..];
    }
}

/// The next ellipsis or bracket: where it begins, ends, and how much it may stand for.
fn next_cut(text: &str) -> Option<(usize, usize, usize)> {
    let ellipsis = text.find("...");
    let bracket = text
        .find('[')
        .and_then(|open| text[open..].find(']').map(|close| (open, open + close + 1)));
    match (ellipsis, bracket) {
        (Some(dots), Some((open, _))) if dots < open => Some((dots, dots + 3, MAX_ELLIPSIS)),
        (_, Some((open, close))) => {
            let inner = &text[open..close];
            let gap = if inner.contains("...") {
                MAX_ELLIPSIS
            } else {
                MAX_BRACKET
            };
            Some((open, close, gap))
        }
        (Some(dots), None) => Some((dots, dots + 3, MAX_ELLIPSIS)),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_are_told_from_apostrophes() {
        fn check(claim: &str, expected: &[&str]) {
            let found: Vec<&str> = quotations(claim).iter().map(|q| q.text).collect();
            assert_eq!(found, expected, "{claim}");
        }
        check("She said “we will stay”, he left.", &["we will stay"]);
        check(
            "Er sagte: „Wir bleiben hier“ und ging.",
            &["Wir bleiben hier"],
        );
        check(
            "Er sagte: »Wir bleiben hier« und ging.",
            &["Wir bleiben hier"],
        );
        check("Il a dit « nous restons » hier.", &["nous restons"]);
        check(
            "A \"so-called\" plan and \"two words\".",
            &["so-called", "two words"],
        );
        check("The dogs' bowls and the cats' toys", &[]);
        check("It's the reporter's view, isn't it", &[]);
        check(
            "He said ‘this isn’t over yet’ twice",
            &["this isn’t over yet"],
        );
        check("A 5\" pipe and a 6\" pipe", &[]);
        check("An “unclosed quotation", &[]);
        check("", &[]);
    }

    #[test]
    fn a_quotation_is_found_whatever_its_typography() {
        fn check(quotation: &str, source: &str, expected: Option<&str>) {
            let span = find(quotation, &Folded::new(source), source);
            assert_eq!(span.map(|span| span.of(source)), expected, "{quotation}");
        }
        let source = "He said: “We don’t leave —  not now, not ev\u{ad}er.” Then the whole council of the town rose and went home.";
        check("we don't leave", source, Some("We don’t leave"));
        check(
            "not now, not ever,",
            source,
            Some("not now, not ev\u{ad}er"),
        );
        check("leave - not now", source, Some("leave —  not now"));
        check(
            "We don’t leave … went home",
            source,
            Some(
                "We don’t leave —  not now, not ev\u{ad}er.” Then the whole council of the town rose and went home",
            ),
        );
        check(
            "the whole council [...] went home.",
            source,
            Some("the whole council of the town rose and went home"),
        );
        check("[T]he whole council", source, Some("he whole council"));
        check(
            "the whole [body] of the town",
            source,
            Some("the whole council of the town"),
        );
        check("went home … the whole council", source, None);
        check("we do leave", source, None);
        check("hole council", source, None);
        check("the whole count", source, None);
        check("…", source, None);
    }

    #[test]
    fn repetitive_text_stays_cheap() {
        let source = "a b ".repeat(20_000);
        let folded = Folded::new(&source);
        assert_eq!(find("a b … z z z", &folded, &source), None);
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics_and_every_slice_is_found(text in "\\PC{0,60}", a in 0usize..60, b in 0usize..60) {
            let folded = Folded::new(&text);
            let (a, b) = (a.min(b), a.max(b));
            if let Some(slice) = text.get(a..b) {
                let _ = find(slice, &folded, &text).map(|span| span.of(&text).len());
            }
            let _ = quotations(&text);
        }
    }
}
