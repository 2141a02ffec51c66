//! A source's text as sentences. Lighter than the claims' own division: a wrong
//! border here costs a little context, never a claim.

use crate::document::ByteSpan;

/// Longest sentence in bytes; longer runs (tables, data) are cut at white space.
const MAX_SENTENCE: usize = 600;

/// Gives sentences in order; a newline always ends one.
pub(super) fn sentences(text: &str, mut found: impl FnMut(ByteSpan)) {
    let mut line_start = 0;
    for line in text.split('\n') {
        divide(line, line_start, &mut found);
        line_start += line.len() + 1;
    }
}

/// Letters and the like, which divide nothing: nearly all of a text.
const PLAIN: [bool; 128] = {
    let mut plain = [true; 128];
    let others = b" \t\x0b\x0c\r.!?";
    let mut at = 0;
    while at < others.len() {
        plain[others[at] as usize] = false;
        at += 1;
    }
    plain
};

fn divide(line: &str, offset: usize, found: &mut impl FnMut(ByteSpan)) {
    let bytes = line.as_bytes();
    let mut start = 0;
    let mut last_space = 0;
    let mut at = 0;
    loop {
        // As long as no sentence gets too long, plain characters have no say.
        let bound = bytes.len().min(start + MAX_SENTENCE);
        while at < bound
            && PLAIN
                .get(usize::from(bytes[at]))
                .is_some_and(|plain| *plain)
        {
            at += 1;
        }
        let Some(c) = line.get(at..).and_then(|rest| rest.chars().next()) else {
            break;
        };
        let end = at + c.len_utf8();
        if c.is_whitespace() {
            last_space = at;
        }
        if at - start > MAX_SENTENCE && (last_space > start || at - start > 2 * MAX_SENTENCE) {
            let cut = if last_space > start { last_space } else { at };
            push(line, offset, start, cut, found);
            start = cut;
        }
        let ends = match c {
            '。' | '！' | '？' => true,
            '.' | '!' | '?' | '…' => {
                let closed = line[end..].trim_start_matches(closes);
                let spaced = closed.starts_with(char::is_whitespace);
                let fresh = || closed.trim_start().chars().next();
                spaced
                    && fresh().is_none_or(|c| !c.is_lowercase())
                    && !(c == '.' && abbreviated(&line[start..at]))
            }
            _ => false,
        };
        at = end;
        if ends {
            at = line.len() - line[end..].trim_start_matches(closes).len();
            push(line, offset, start, at, found);
            start = at;
        }
    }
    push(line, offset, start, line.len(), found);
}

/// Whether a character belongs to the sentence that ended before it.
const fn closes(c: char) -> bool {
    super::super::terms::is_quote(c) || matches!(c, ')' | ']')
}

fn push(line: &str, offset: usize, start: usize, end: usize, found: &mut impl FnMut(ByteSpan)) {
    let Some(piece) = line.get(start..end) else {
        return;
    };
    let lead = piece.len() - piece.trim_start().len();
    let piece = piece.trim();
    if !piece.is_empty() {
        let start = offset + start + lead;
        found(ByteSpan::new(start, start + piece.len()));
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
            let mut found: Vec<&str> = Vec::new();
            sentences(text, |span| found.push(span.of(text)));
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
        sentences(&long, |span| assert!(span.len() <= MAX_SENTENCE + 8));
    }
}
