//! A quotation word for word: typography apart, nothing differs.
//!
//! **In:** a quotation, the source folded. **Out:** its place. An ellipsis and an editor's
//! brackets divide a quotation into parts that must follow one another.
//! **Not here:** near matches: see `near`.

use super::fold::Folded;
use super::{MAX_BRACKET, MAX_ELLIPSIS};
use crate::document::ByteSpan;

/// Beginnings tried for one quotation: bounds the work on repetitive text.
const MAX_BEGINNINGS: usize = 256;

/// A piece of a quotation that must stand as it is.
struct Part {
    text: String,
    /// How far behind the part before it may begin; 0 for the first.
    within: usize,
    /// Whether it may begin or end inside a word, because a bracket cut the word ("[T]he").
    open_start: bool,
    open_end: bool,
}

/// Where a quotation stands in the source: the first place, the shortest where parts are left out.
pub(super) fn find(quotation: &str, source: &Folded, original: &str) -> Option<ByteSpan> {
    let parts = parts(quotation);
    let first = parts.first()?;
    let mut from = 0;
    let mut best: Option<(usize, usize)> = None;
    for _ in 0..MAX_BEGINNINGS {
        let Some(offset) = source
            .text
            .get(from..)
            .and_then(|rest| rest.find(first.text.as_str()))
        else {
            break;
        };
        let start = from + offset;
        if best.is_some_and(|(_, end)| start >= end) {
            break;
        }
        if let Some(end) = follow(&parts, start, source)
            && best.is_none_or(|(start_before, end_before)| end - start < end_before - start_before)
        {
            best = Some((start, end));
            if parts.len() == 1 {
                break;
            }
        }
        from = start
            + source.text[start..]
                .chars()
                .next()
                .map_or(1, char::len_utf8);
    }
    let (start, end) = best?;
    source.back(start, end, original)
}

/// Where the parts end when the first of them begins at `start` and the others follow.
fn follow(parts: &[Part], start: usize, source: &Folded) -> Option<usize> {
    let (first, rest) = parts.split_first()?;
    let mut end = start + first.text.len();
    if !borders(&source.text, start, end, first) {
        return None;
    }
    for part in rest {
        let mut limit = (end + part.within + part.text.len()).min(source.text.len());
        while !source.text.is_char_boundary(limit) {
            limit -= 1;
        }
        let window = source.text.get(end..limit).unwrap_or("");
        let mut places = window.match_indices(part.text.as_str()).take(16);
        end = places.find_map(|(offset, piece)| {
            let begin = end + offset;
            let behind = begin + piece.len();
            borders(&source.text, begin, behind, part).then_some(behind)
        })?;
    }
    Some(end)
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
}
