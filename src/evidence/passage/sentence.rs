//! A source's text as sentences. Lighter than the claims' own division: a wrong
//! border here costs a little context, never a claim.

use crate::document::ByteSpan;

/// Longest sentence in bytes; longer runs (tables, data) are cut at white space.
const MAX_SENTENCE: usize = 600;

/// Sentences in order; a newline always ends one.
pub(super) fn sentences(text: &str) -> Vec<ByteSpan> {
    let mut spans = Vec::new();
    let mut line_start = 0;
    for line in text.split('\n') {
        divide(text, line_start, line_start + line.len(), &mut spans);
        line_start += line.len() + 1;
    }
    spans
}

fn divide(text: &str, from: usize, to: usize, spans: &mut Vec<ByteSpan>) {
    let line = text.get(from..to).unwrap_or("");
    let mut start = 0;
    let mut last_space = 0;
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let end = at + c.len_utf8();
        if c.is_whitespace() {
            last_space = at;
        }
        if at - start > MAX_SENTENCE && (last_space > start || at - start > 2 * MAX_SENTENCE) {
            let cut = if last_space > start { last_space } else { at };
            push(line, from, start, cut, spans);
            start = cut;
        }
        let ends = match c {
            '。' | '！' | '？' => true,
            '.' | '!' | '?' | '…' => {
                let closed = line[end..].trim_start_matches(|c: char| {
                    super::super::terms::is_quote(c) || matches!(c, ')' | ']')
                });
                let spaced = closed.starts_with(char::is_whitespace);
                let fresh = closed.trim_start().chars().next();
                spaced
                    && next.is_some()
                    && fresh.is_none_or(|c| !c.is_lowercase())
                    && !(c == '.' && abbreviated(&line[start..at]))
            }
            _ => false,
        };
        if ends {
            let mut end = end;
            while let Some((at, c)) = chars.peek().copied() {
                if !(super::super::terms::is_quote(c) || matches!(c, ')' | ']')) {
                    break;
                }
                end = at + c.len_utf8();
                chars.next();
            }
            push(line, from, start, end, spans);
            start = end;
        }
    }
    push(line, from, start, line.len(), spans);
}

fn push(line: &str, offset: usize, start: usize, end: usize, spans: &mut Vec<ByteSpan>) {
    let Some(piece) = line.get(start..end) else {
        return;
    };
    let lead = piece.len() - piece.trim_start().len();
    let piece = piece.trim();
    if !piece.is_empty() {
        let start = offset + start + lead;
        spans.push(ByteSpan::new(start, start + piece.len()));
    }
}

/// Whether the full stop behind `before` belongs to an abbreviation, an initial or an ordinal.
fn abbreviated(before: &str) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || c == '(')
        .next()
        .unwrap_or("");
    let mut chars = word.chars();
    let first = chars.next();
    if first.is_some_and(char::is_alphabetic) && chars.next().is_none() {
        return true;
    }
    if word.len() <= 2 && !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    matches!(
        word,
        "Mr" | "Mrs"
            | "Ms"
            | "Dr"
            | "Prof"
            | "St"
            | "Gen"
            | "Lt"
            | "Col"
            | "Sgt"
            | "Capt"
            | "Gov"
            | "Sen"
            | "Rep"
            | "Jr"
            | "Sr"
            | "No"
            | "Nr"
            | "vs"
            | "ca"
            | "bzw"
            | "etc"
            | "Inc"
            | "Ltd"
            | "Co"
            | "Corp"
            | "Jan"
            | "Feb"
            | "Mar"
            | "Apr"
            | "Jun"
            | "Jul"
            | "Aug"
            | "Sep"
            | "Sept"
            | "Oct"
            | "Nov"
            | "Dec"
            | "z.B"
            | "d.h"
            | "U.S"
            | "u.a"
            | "e.g"
            | "i.e"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_a_reader_would_say() {
        fn check(text: &str, expected: &[&str]) {
            let spans = sentences(text);
            let found: Vec<&str> = spans.iter().map(|span| span.of(text)).collect();
            assert_eq!(found, expected);
        }
        check("One. Two!\nThree", &["One.", "Two!", "Three"]);
        check(
            "Dr. Berg spoke. “No.” He left.",
            &["Dr. Berg spoke.", "“No.”", "He left."],
        );
        check(
            "Am 14. März kam J. Berg. Ende.",
            &["Am 14. März kam J. Berg.", "Ende."],
        );
        check(
            "It cost 3.5 million. and more",
            &["It cost 3.5 million. and more"],
        );
        check("\n \n", &[]);
        let long = "word ".repeat(1_000);
        assert!(
            sentences(&long)
                .iter()
                .all(|span| span.len() <= MAX_SENTENCE + 8)
        );
    }
}
