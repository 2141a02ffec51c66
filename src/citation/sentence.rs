//! Where a claim begins and ends.
//!
//! **In:** a [`Document`]. **Out:** spans of its text, one a claim: sentences of
//! running text, headings, list items, cells, entries of notes. **Not here:**
//! which of them cites anything.
//!
//! A full stop ends a sentence when what follows can begin one and what stands
//! before is no abbreviation. We err towards longer sentences: half a claim is
//! worse than one claim too much.

use super::Claim;
use crate::document::{BlockKind, ByteSpan, Document};

/// The sentences of all blocks that can be claims, in reading order.
#[must_use]
pub fn sentences(document: &Document) -> Vec<ByteSpan> {
    let mut found = Vec::new();
    for block in &document.blocks {
        match block.kind {
            BlockKind::Code => {}
            BlockKind::Footnote(_) | BlockKind::Reference(_) => {
                found.extend(trimmed(&document.text, block.span));
            }
            _ => split(&document.text, block.span, &mut found),
        }
    }
    found
}

/// The sentence that holds `offset`: at a border the one that begins there.
/// Where none does, the nearest before it, else the first after it.
pub(super) fn holding(sentences: &[ByteSpan], offset: usize) -> Option<ByteSpan> {
    let after = sentences.partition_point(|sentence| sentence.start <= offset);
    match after.checked_sub(1) {
        Some(index) => Some(sentences[index]),
        None => sentences.first().copied(),
    }
}

/// The claim that a span of the document makes.
pub(super) fn claim(document: &Document, span: ByteSpan) -> Claim {
    let place = document.place_at(span.start);
    Claim {
        text: folded(span.of(&document.text)),
        page: place.page,
        line: place.line,
        start: span.start,
        end: span.end,
    }
}

/// Text with every run of white space made one space.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

fn trimmed(text: &str, span: ByteSpan) -> Option<ByteSpan> {
    let piece = span.of(text);
    let start = span.start + (piece.len() - piece.trim_start().len());
    let end = start + piece.trim().len();
    (start < end).then_some(ByteSpan::new(start, end))
}

/// Words before a full stop that do not end a sentence, without the stop, in lower case.
/// `no` only before a number.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "gen", "col", "lt", "maj", "capt", "sgt",
    "rev", "hon", "gov", "sen", "rep", "pres", "amb", "vs", "e.g", "i.e", "eg", "ie", "cf", "ca",
    "approx", "fig", "figs", "eq", "vol", "vols", "pp", "ed", "eds", "art", "arts", "para",
    "paras", "sec", "ch", "nr", "nos", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
    "sept", "oct", "nov", "dec", "al", "ibid", "op", "cit", "viz", "z.b", "d.h", "u.a", "bzw",
    "vgl", "bspw", "s", "abs", "ff", "hrsg", "mme", "mlle", "av", "sra", "dott", "г", "ул", "т.е",
    "т.д", "им", "стр", "ltd", "inc", "co", "corp", "dept", "univ", "assn", "bros", "mt", "ft",
];

/// Of the above, those that often close a sentence: a capital after them decides.
const MAY_END: &[&str] = &[
    "ltd", "inc", "co", "corp", "al", "jr", "sr", "ff", "ed", "ft", "s", "т.д",
];

fn split(text: &str, span: ByteSpan, found: &mut Vec<ByteSpan>) {
    let piece = span.of(text);
    let mut start = 0;
    let mut chars = piece.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let wide = matches!(c, '。' | '！' | '？');
        if !wide && !matches!(c, '.' | '!' | '?' | '…') {
            continue;
        }
        let mut end = at + c.len_utf8();
        // Further stops, then closing quotes and brackets, stay with the sentence.
        while let Some((next, mark)) = chars.peek().copied() {
            let closes = matches!(
                mark,
                '.' | '!' | '?' | '…' | '”' | '’' | '»' | ')' | ']' | '」' | '』'
            ) || (matches!(mark, '"' | '\'')
                && closes_here(piece, next + mark.len_utf8()));
            if !closes {
                break;
            }
            end = next + mark.len_utf8();
            chars.next();
        }
        let rest = &piece[end..];
        let gap = rest.len() - rest.trim_start().len();
        if rest.trim_start().is_empty() || (!wide && gap == 0) {
            continue;
        }
        if wide || ends(&piece[start..at], c, &piece[at..end], rest.trim_start()) {
            found.extend(trimmed(
                text,
                ByteSpan::new(span.start + start, span.start + end),
            ));
            start = end + gap;
        }
    }
    found.extend(trimmed(text, ByteSpan::new(span.start + start, span.end)));
}

/// A straight quote closes when white space, an end or another closing mark follows.
fn closes_here(piece: &str, after: usize) -> bool {
    piece[after..]
        .chars()
        .next()
        .is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '\'' | ')' | ']' | '.' | ','))
}

fn ends(before: &str, stop: char, stops: &str, rest: &str) -> bool {
    let first = rest.chars().find(|c| {
        !matches!(
            c,
            '“' | '"' | '\'' | '‘' | '«' | '„' | '(' | '[' | '¿' | '¡' | '*' | '_'
        )
    });
    let Some(first) = first else {
        return true;
    };
    if first.is_lowercase() {
        return false;
    }
    let opens_with_letter = first.is_alphabetic() || first.is_numeric();
    if !opens_with_letter && !matches!(first, '–' | '—' | '-' | '•' | '@' | '#' | '$' | '€' | '£')
    {
        return stop != '.' || first.is_alphanumeric() || !first.is_ascii_punctuation();
    }
    if stop != '.' || stops.starts_with("..") {
        return true;
    }
    let word = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '“' | '"' | '„' | '«' | '—'))
        .next()
        .unwrap_or("");
    if stops.len() > 1 {
        return true;
    }
    let lower = word.to_lowercase();
    if lower == "no" || lower == "nr" || lower == "art" || lower == "p" {
        return !first.is_numeric();
    }
    if ABBREVIATIONS.contains(&lower.as_str()) {
        return MAY_END.contains(&lower.as_str()) && first.is_uppercase();
    }
    let letters = word.chars().count();
    if letters == 1 && word.chars().all(char::is_uppercase) {
        // An initial; but "in group A. The" ends: a lower-case word stood before it, and a
        // common opening word follows.
        return opens_sentence(rest);
    }
    let dotted = word.contains('.')
        && word
            .split('.')
            .all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
    if dotted {
        return opens_sentence(rest);
    }
    // "3. März", "1. Introduction": a number that began the sentence is its label.
    if !word.is_empty() && word.chars().all(|c| c.is_ascii_digit()) && word.len() <= 2 {
        return before.trim().len() > word.len() && opens_sentence(rest);
    }
    true
}

/// Words that open a sentence and no name: after "U.S." or an initial they show where one begins.
fn opens_sentence(rest: &str) -> bool {
    const OPENERS: &[&str] = &[
        "the",
        "a",
        "an",
        "this",
        "that",
        "these",
        "those",
        "it",
        "he",
        "she",
        "they",
        "we",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "but",
        "and",
        "however",
        "also",
        "as",
        "while",
        "when",
        "after",
        "before",
        "there",
        "his",
        "her",
        "its",
        "their",
        "if",
        "since",
        "although",
        "with",
        "according",
        "moreover",
        "some",
        "many",
        "most",
        "no",
        "our",
        "i",
        "you",
        "what",
        "der",
        "die",
        "das",
        "es",
        "er",
        "sie",
        "le",
        "la",
        "les",
        "il",
        "el",
        "los",
    ];
    let word: String = rest
        .trim_start_matches(|c: char| !c.is_alphanumeric())
        .chars()
        .take_while(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    OPENERS.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Block, Format};
    use proptest::prelude::*;

    fn document(text: &str) -> Document {
        let mut document = Document::empty(Format::Text);
        document.text = text.to_owned();
        document.blocks.push(Block {
            kind: BlockKind::Paragraph,
            span: ByteSpan::new(0, text.len()),
        });
        document
    }

    #[test]
    fn a_sentence_ends_where_a_reader_would_end_it() {
        let check = |text: &str, expected: &[&str]| {
            let document = document(text);
            let found: Vec<&str> = sentences(&document).iter().map(|s| s.of(text)).collect();
            assert_eq!(found, expected);
        };
        check(
            "It rained. Then it stopped.",
            &["It rained.", "Then it stopped."],
        );
        check("See PC no. 901 of May.", &["See PC no. 901 of May."]);
        check("He said no. She left.", &["He said no.", "She left."]);
        check(
            "The U.S. Senate met. The U.S. The end.",
            &["The U.S. Senate met.", "The U.S.", "The end."],
        );
        check("Mr. J. R. Smith spoke.", &["Mr. J. R. Smith spoke."]);
        check(
            "“We agree.” They left (late). “Why?” he asked.",
            &["“We agree.”", "They left (late).", "“Why?” he asked."],
        );
        check(
            "He said \"stop.\" Then went.",
            &["He said \"stop.\"", "Then went."],
        );
        check(
            "It cost 3.5 million. 20 people came.",
            &["It cost 3.5 million.", "20 people came."],
        );
        check("Visit example.org. Bye!", &["Visit example.org.", "Bye!"]);
        check("1. Introduction", &["1. Introduction"]);
        check("今日は雨。明日は晴れ。", &["今日は雨。", "明日は晴れ。"]);
        check("  ", &[]);
    }

    proptest! {
        #[test]
        fn sentences_cover_all_that_is_not_space(text in "[a-zA-Z0-9 .!?\"”“()é。\\n]{0,80}") {
            let document = document(&text);
            let found = sentences(&document);
            let mut end = 0;
            for span in &found {
                prop_assert!(text[end..span.start].trim().is_empty());
                prop_assert_eq!(span.of(&text).trim().len(), span.len());
                end = span.end;
            }
            prop_assert!(text[end..].trim().is_empty());
        }
    }
}
