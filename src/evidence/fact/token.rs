//! Words and numerals at one place of a text, forwards and backwards.
//!
//! **In:** a text and a byte. **Out:** [`Token`]s with the bytes they stand on.
//! **Not here:** what they mean. Whole texts are never made into tokens: a source
//! is mostly words that no fact is made of.

/// A word or a numeral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::evidence) struct Token<'a> {
    pub(in crate::evidence) text: &'a str,
    pub(in crate::evidence) start: usize,
    pub(in crate::evidence) end: usize,
    pub(in crate::evidence) digits: bool,
}

/// Longest word that is looked at; longer ones are data.
const MAX_WORD: usize = 64;
/// Longest numeral.
const MAX_NUMERAL: usize = 32;

/// The next token at or after `from`; `spaced` says that a plain space may set thousands apart.
pub(in crate::evidence) fn next(text: &str, from: usize, spaced: bool) -> Option<Token<'_>> {
    let rest = text.get(from..)?;
    let (offset, first) = rest.char_indices().find(|(_, c)| c.is_alphanumeric())?;
    let start = from + offset;
    let digits = first.is_ascii_digit();
    let end = if digits {
        numeral_end(text, start, spaced)
    } else {
        word_end(text, start)
    };
    Some(Token {
        text: text.get(start..end)?,
        start,
        end,
        digits,
    })
}

/// Where the word that begins at `start` ends; an apostrophe between letters belongs to it.
fn word_end(text: &str, start: usize) -> usize {
    let mut end = start;
    let mut chars = text.get(start..).unwrap_or("").char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inner = is_apostrophe(c) && chars.peek().is_some_and(|(_, next)| next.is_alphabetic());
        let mark = matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}');
        if !(c.is_alphanumeric() || inner || mark) {
            break;
        }
        end = start + at + c.len_utf8();
    }
    end
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// Where the numeral that begins at `start` ends, thousands and decimals included.
fn numeral_end(text: &str, start: usize, spaced: bool) -> usize {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or("");
        rest.bytes()
            .take(MAX_NUMERAL)
            .take_while(u8::is_ascii_digit)
            .count()
    };
    let first = digits(start);
    let mut end = start + first;
    let mut grouped = first <= 3;
    while end - start < MAX_NUMERAL {
        let Some(c) = text.get(end..).and_then(|rest| rest.chars().next()) else {
            break;
        };
        let behind = end + c.len_utf8();
        let group = digits(behind);
        match c {
            ',' | '.' | '\'' | '’' if group > 0 => {
                grouped = grouped && group == 3;
                end = behind + group;
            }
            '\u{a0}' | '\u{202f}' | '\u{2009}' if grouped && group == 3 => end = behind + 3,
            ' ' if spaced && grouped && group == 3 => end = behind + 3,
            _ => break,
        }
    }
    end
}

/// Up to `count` tokens from `from` on, as long as what stands between them is no border of a clause.
pub(in crate::evidence) fn following(text: &str, from: usize, count: usize) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(count);
    let mut at = from;
    while tokens.len() < count {
        let Some(token) = next(text, at, false) else {
            break;
        };
        if !is_gap(text.get(at..token.start).unwrap_or("")) {
            break;
        }
        at = token.end;
        tokens.push(token);
    }
    tokens
}

/// Up to `count` tokens that end at or before `to`, the nearest first, within the clause.
pub(in crate::evidence) fn preceding(text: &str, to: usize, count: usize) -> Vec<Token<'_>> {
    let mut from = to.saturating_sub(24 * count);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    // A cut word at the window's beginning is left out.
    let mut at = match text.get(from..to) {
        Some(window) if from > 0 => from + window.find(char::is_whitespace).unwrap_or(window.len()),
        _ => from,
    };
    let mut tokens: Vec<Token<'_>> = Vec::new();
    while let Some(token) = next(text, at, false).filter(|token| token.end <= to) {
        if !is_gap(text.get(at..token.start).unwrap_or("")) {
            tokens.clear();
        }
        at = token.end;
        tokens.push(token);
    }
    if !is_gap(text.get(at..to).unwrap_or("")) {
        tokens.clear();
    }
    tokens.reverse();
    tokens.truncate(count);
    tokens
}

/// Whether what stands between two words keeps them in one clause.
fn is_gap(gap: &str) -> bool {
    gap.len() <= 12
        && gap.chars().all(|c| {
            matches!(
                c,
                ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '-' | '‑' | '$' | '€' | '£'
            ) || super::super::terms::is_quote(c)
        })
}

impl Token<'_> {
    /// In small letters, where it is short enough to mean something.
    pub(in crate::evidence) fn lower(&self) -> String {
        if self.text.len() > MAX_WORD {
            return String::new();
        }
        self.text.to_lowercase().replace('\u{ad}', "")
    }

    pub(in crate::evidence) fn capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }
}
