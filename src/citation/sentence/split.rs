//! A block of running text cut into sentences.
//!
//! **In:** the text, a block's span, the places of note marks, the language.
//! **Out:** spans. **Not here:** what a full stop means after a word (`border`).
//!
//! We err towards longer sentences: half a claim is worse than one claim too
//! much. A stop inside a quotation or a bracket that closes soon ends nothing.

use super::border::{self, Stop};
use super::push;
use crate::document::ByteSpan;

/// Bytes of a quotation or bracket that are kept in one sentence; a longer one is cut like other text.
const MAX_ENCLOSED: usize = 400;

/// Appends the sentences of one block. `notes` are the sorted places of marks that are no part of the text.
pub(super) fn split(
    text: &str,
    span: ByteSpan,
    notes: &[usize],
    language: Option<&str>,
    found: &mut Vec<ByteSpan>,
) {
    let piece = span.of(text);
    let enclosed = enclosed(piece);
    let mut start = 0;
    let mut at = 0;
    // "[…]" and the like are no sentence of their own.
    let mut has_words = false;
    while let Some(c) = piece.get(at..).and_then(|rest| rest.chars().next()) {
        let stop_at = at;
        at += c.len_utf8();
        has_words |= c.is_alphanumeric();
        let always = is_full(c);
        if !always && !is_stop(c, language) {
            continue;
        }
        let (end, closing) = close(piece, at, c);
        at = end;
        let marked = marks_end(piece, end);
        let end = marked.unwrap_or(end);
        let has_note = marked.is_some() || notes.binary_search(&(span.start + end)).is_ok();
        let rest = &piece[end..];
        let opened = rest.trim_start();
        let gap = rest.len() - opened.len();
        if opened.is_empty() {
            break;
        }
        if gap == 0 && !always {
            let noted =
                has_note && opened.starts_with(|c: char| c.is_uppercase() || c == '“' || c == '"');
            let plain = c == '.'
                && end == at
                && border::ends_glued(&piece[start..stop_at], opened, language);
            if !noted && !plain {
                continue;
            }
        }
        let within = enclosed.partition_point(|range| range.end <= stop_at);
        if enclosed
            .get(within)
            .is_some_and(|range| range.start >= start && range.start < stop_at)
            && closing.is_none_or(|close| enclosed.get(within).is_some_and(|r| r.end > close))
        {
            continue;
        }
        let first_quote = piece[start..]
            .trim_start()
            .starts_with(['“', '「', '『', '《']);
        let ends = if always {
            !(gap == 0 && closing.is_some() && runs_on(opened, first_quote))
        } else {
            border::ends(&Stop {
                before: &piece[start..stop_at],
                mark: c,
                is_closed: closing.is_some()
                    || piece[stop_at + c.len_utf8()..end].contains(['!', '?']),
                is_ellipsis: piece[stop_at + c.len_utf8()..].starts_with('.'),
                has_note,
                rest: opened,
                language,
            })
        };
        if ends && has_words {
            has_words = false;
            let sentence = ByteSpan::new(span.start + start, span.start + end);
            push(text, sentence, found);
            start = end + gap;
            at = start;
        }
    }
    push(text, ByteSpan::new(span.start + start, span.end), found);
}

/// Stops of scripts without capitals, after which a sentence always ends: Chinese and Japanese,
/// Devanagari, Urdu, Arabic, Armenian, Ethiopic, Burmese, Khmer.
const fn is_full(c: char) -> bool {
    matches!(
        c,
        '。' | '！'
            | '？'
            | '．'
            | '｡'
            | '।'
            | '॥'
            | '۔'
            | '؟'
            | '։'
            | '።'
            | '፧'
            | '။'
            | '។'
    )
}

fn is_stop(c: char, language: Option<&str>) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '‽' | '\u{37e}') || (c == ';' && language == Some("el"))
}

/// Where the stop and what closes after it end, and where the last closing mark stands.
fn close(piece: &str, mut end: usize, stop: char) -> (usize, Option<usize>) {
    let mut closing = None;
    while let Some(mark) = piece.get(end..).and_then(|rest| rest.chars().next()) {
        let next = end + mark.len_utf8();
        let further = matches!(mark, '.' | '!' | '?' | '…' | '！' | '？' | '。') && stop != ';';
        let closes = matches!(
            mark,
            '”' | '’' | '»' | '›' | ')' | ']' | '」' | '』' | '）' | '》' | '】'
        ) || (matches!(mark, '"' | '\'' | '“' | '«') && closes_here(piece, next));
        if !further && !closes {
            break;
        }
        if closes {
            closing = Some(end);
        }
        end = next;
    }
    (end, closing)
}

/// A mark that may open or close closes when white space, an end or another closing mark follows.
fn closes_here(piece: &str, after: usize) -> bool {
    piece[after..].chars().next().is_none_or(|c| {
        c.is_whitespace() || matches!(c, '"' | '\'' | ')' | ']' | '.' | ',' | '[') || is_raised(c)
    })
}

const fn is_raised(c: char) -> bool {
    matches!(c, '⁰' | '¹' | '²' | '³' | '⁴'..='⁹')
}

/// Where the marks of notes end that stand after a stop: "[1]", " [2, 3]", "¹", "12" before a space.
fn marks_end(piece: &str, stop_end: usize) -> Option<usize> {
    let mut end = stop_end;
    let mut found = None;
    loop {
        let rest = piece.get(end..)?;
        let open = rest.trim_start_matches([' ', '\u{a0}', ',']);
        let gap = rest.len() - open.len();
        let length = if open.starts_with('[') {
            bracket(open)
        } else if gap == 0 {
            Some(
                open.chars()
                    .take_while(|c| is_raised(*c))
                    .map(char::len_utf8)
                    .sum(),
            )
        } else {
            None
        };
        match length {
            Some(length) if length > 0 && gap < 4 => end += gap + length,
            _ => break,
        }
        found = Some(end);
    }
    if found.is_some() {
        return found;
    }
    // "rained.12 Then": raised numbers that lost their height.
    let rest = piece.get(stop_end..)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let before = piece
        .get(..stop_end)?
        .trim_end_matches(['.', '”', '"', ')', '’']);
    let ended = before.chars().next_back().is_some_and(char::is_lowercase)
        && before.len() + 1 >= stop_end.saturating_sub(4);
    let mut after = rest.get(digits..)?.chars();
    let goes_on =
        after.next().is_none_or(char::is_whitespace) && after.next().is_none_or(char::is_uppercase);
    (ended && (1..=3).contains(&digits) && goes_on).then_some(stop_end + digits)
}

/// Length of a bracketed note mark: numbers, single letters, "note 3", "citation needed".
fn bracket(open: &str) -> Option<usize> {
    let close = open.bytes().take(24).position(|byte| byte == b']')?;
    let inside = open.get(1..close)?;
    let numbers = inside
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ',' | ';' | ' ' | '-' | '–' | '^' | '*' | '†'))
        && !inside.is_empty();
    let short = inside.chars().count() == 1
        && inside
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '*' | '†' | '‡' | '§'));
    let note = inside
        .strip_prefix("note ")
        .or_else(|| inside.strip_prefix("nb "))
        .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    (numbers || short || note || inside == "citation needed").then_some(close + 1)
}

/// Whether a sentence goes on after a quotation that ended in a full stop of its script:
/// 「…。」と言った, or “…。”他说 where the quotation began the sentence.
fn runs_on(rest: &str, began_with_quote: bool) -> bool {
    rest.starts_with([
        'と', 'っ', 'の', 'は', 'が', 'を', 'に', 'で', 'も', 'や', 'な', '，', '、',
    ]) || (began_with_quote && !rest.starts_with(['“', '「', '『']))
}

/// The quotations and brackets that close within [`MAX_ENCLOSED`], merged and in order.
fn enclosed(piece: &str) -> Vec<ByteSpan> {
    const PAIRS: &[(char, &[char])] = &[
        ('(', &[')']),
        ('[', &[']']),
        ('“', &['”']),
        ('„', &['“', '”']),
        ('«', &['»']),
        ('»', &['«']),
        ('「', &['」']),
        ('『', &['』']),
        ('（', &['）']),
        ('"', &['"']),
    ];
    let mut open: [Option<usize>; 10] = [None; 10];
    let mut ranges: Vec<ByteSpan> = Vec::new();
    let mut before = ' ';
    for (at, c) in piece.char_indices() {
        let closed = PAIRS.iter().enumerate().find(|(kind, (_, closers))| {
            closers.contains(&c)
                && open[*kind].is_some_and(|start| at - start <= MAX_ENCLOSED)
                // A straight mark after a space opens another quotation.
                && (c != '"' || !before.is_whitespace())
        });
        if let Some((kind, _)) = closed {
            if let Some(start) = open[kind].take() {
                ranges.push(ByteSpan::new(start, at));
            }
        } else if let Some(kind) = PAIRS.iter().position(|(opener, _)| *opener == c)
            && (!matches!(c, '"' | '»')
                || before.is_whitespace()
                || matches!(before, '(' | '[' | '—'))
        {
            open[kind] = Some(at);
        }
        before = c;
    }
    ranges.sort_unstable();
    let mut merged: Vec<ByteSpan> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}
