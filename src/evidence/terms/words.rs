//! The words of a text, as Unicode divides it (UAX #29).
//!
//! **In:** a text. **Out:** what `unicode_word_indices` gives, with the same borders.
//! **Not here:** what a word is worth. Most text is ASCII, even where a curly quotation mark
//! stands in every line, and there the borders need no tables: only the stretches around
//! other characters go through them.

use unicode_segmentation::UnicodeSegmentation;

/// Calls `found` with the first byte of each word, and the word.
pub(super) fn each<'a>(text: &'a str, mut found: impl FnMut(usize, &'a str)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let slow = if byte >= 128 {
            Some(attached(bytes, at))
        } else if is_core(byte) {
            match word_end(bytes, at) {
                Some(end) => {
                    if let Some(word) = text.get(at..end)
                        && word.bytes().any(|byte| byte != b'_')
                    {
                        found(at, word);
                    }
                    at = end;
                    None
                }
                None => Some(at),
            }
        } else {
            at += 1;
            None
        };
        if let Some(start) = slow {
            let end = fresh_start(bytes, at.max(start));
            for (offset, word) in text.get(start..end).unwrap_or("").unicode_word_indices() {
                found(start + offset, word);
            }
            at = end;
        }
    }
}

const fn is_core(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where the word that begins at `start` ends; none where a character beyond ASCII has a say.
fn word_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut end = start + 1;
    loop {
        let mark = match bytes.get(end) {
            None => return Some(end),
            Some(byte) if is_core(*byte) => {
                end += 1;
                continue;
            }
            Some(128..) => return None,
            Some(mark) => *mark,
        };
        if !matches!(mark, b'.' | b',' | b';' | b':' | b'\'') {
            return Some(end);
        }
        let before = bytes.get(end - 1).copied().unwrap_or(0);
        let Some(behind) = bytes.get(end + 1).copied() else {
            return Some(end);
        };
        let digits = before.is_ascii_digit() && behind.is_ascii_digit() && mark != b':';
        let letters = before.is_ascii_alphabetic()
            && behind.is_ascii_alphabetic()
            && !matches!(mark, b',' | b';');
        if behind >= 128 {
            return None;
        } else if !(digits || letters) {
            return Some(end);
        }
        end += 2;
    }
}

/// Where to begin for a character beyond ASCII that no word leads to: a mark of its kind may
/// belong to the character before it, and spaces belong together.
fn attached(bytes: &[u8], at: usize) -> usize {
    let before = bytes.get(..at).unwrap_or(&[]);
    match before.last() {
        None | Some(b'\n' | b'\r' | 0x0b | 0x0c) => at,
        Some(b' ') => {
            let spaces = before.iter().rev().take_while(|byte| **byte == b' ');
            at - spaces.count()
        }
        Some(_) => at - 1,
    }
}

/// The next place where the borders do not hang on what stands before: the beginning of a
/// line, or ASCII behind a space.
fn fresh_start(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while let Some(byte) = bytes.get(at) {
        match bytes.get(at - 1) {
            Some(b'\n') => return at,
            Some(b' ') if *byte < 128 && *byte != b' ' => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fast(text: &str) -> Vec<(usize, &str)> {
        let mut words = Vec::new();
        each(text, |start, word| words.push((start, word)));
        words
    }

    #[test]
    fn words_are_those_of_unicode() {
        let text =
            "e.g. “don’t” 3.14, 1,000;5 a_b __ x.é  \u{345}y café’s\u{ad}t 5.é 桥梁\r\n\u{301}a";
        let expected: Vec<(usize, &str)> = text.unicode_word_indices().collect();
        assert_eq!(fast(text), expected);
        assert_eq!(fast("it's a b.c"), [(0, "it's"), (5, "a"), (7, "b.c")]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        #[test]
        fn borders_are_those_of_unicode(
            pieces in proptest::collection::vec(proptest::sample::select(vec![
                "a", "B", "7", "_", ".", ",", ";", ":", "'", "\"", "-", " ", " ", "\n", "\r", "\t", "\u{b}", "’",
                "é", "\u{301}", "\u{345}", "\u{ad}", "\u{200d}", "\u{a0}", "\u{3000}", "\u{2028}",
                "桥", "א", "カ", "ा", "🇩", "👩", "٣", "ß",
            ]), 0..24)
        ) {
            let text = pieces.concat();
            let expected: Vec<(usize, &str)> = text.unicode_word_indices().collect();
            prop_assert_eq!(fast(&text), expected);
        }
    }
}
