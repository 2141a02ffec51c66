//! White space in text that is mostly ASCII, found byte by byte.
//!
//! White space is what Unicode calls so, as in [`str::split_whitespace`].

/// What a byte may begin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// A letter, a mark, a part of one.
    Word,
    /// The space itself.
    Space,
    /// Other white space, a control character, or what may begin one.
    Other,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Word; 256];
    let mut byte = 0;
    while byte < 256 {
        // C2 begins U+0080 to U+00BF, E1 U+1680, E2 U+2000 and what follows, E3 U+3000.
        if byte < 0x20 || matches!(byte, 0x7f | 0xc2 | 0xe1..=0xe3) {
            classes[byte] = Class::Other;
        }
        byte += 1;
    }
    classes[b' ' as usize] = Class::Space;
    classes
};

fn class(byte: u8) -> Class {
    CLASSES
        .get(usize::from(byte))
        .copied()
        .unwrap_or(Class::Other)
}

/// The length of the words that a text begins with, as long as single spaces part them and no
/// character is in them that is not plainly one of a word.
pub(super) fn plain_words(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_space = |at: usize| bytes.get(at) == Some(&b' ');
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let after_space = at == 0 || is_space(at - 1);
        if let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk)
            && is_plain(*eight, after_space)
        {
            at += 8;
            continue;
        }
        match class(*byte) {
            Class::Word => {}
            Class::Space if !after_space => {}
            _ => break,
        }
        at += 1;
    }
    at - usize::from(at > 0 && is_space(at - 1))
}

/// A text without the white space that it begins with, as far as that is ASCII.
pub(super) fn without_blanks(text: &str) -> &str {
    let blanks = text
        .bytes()
        .take_while(|byte| matches!(byte, b' ' | b'\t'..=b'\r'));
    text.get(blanks.count()..).unwrap_or(text)
}

/// Whether eight bytes are printable ASCII without two spaces in a row. It may say no to some that are.
const fn is_plain(eight: [u8; 8], after_space: bool) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    /// Marks the bytes that are nought, and perhaps the ones next to them.
    const fn noughts(bytes: u64) -> u64 {
        bytes.wrapping_sub(ONES) & !bytes & HIGH
    }
    let bytes = u64::from_le_bytes(eight);
    let spaces = noughts(bytes ^ (b' ' as u64 * ONES));
    let before = spaces << 8 | if after_space { 0x80 } else { 0 };
    let low = bytes.wrapping_sub(0x20 * ONES) & HIGH;
    (bytes & HIGH) | low | noughts(bytes ^ (0x7f * ONES)) | (spaces & before) == 0
}

/// How many words a text of ASCII has.
pub(super) fn count_ascii(text: &str) -> usize {
    let (mut count, mut in_word) = (0, false);
    for byte in text.bytes() {
        let is_word = !matches!(byte, b' ' | b'\t'..=b'\r');
        count += usize::from(is_word & !in_word);
        in_word = is_word;
    }
    count
}

/// A text's words, as [`str::split_whitespace`] has them.
pub(super) fn words(text: &str) -> Words<'_> {
    Words(text)
}

/// See [`words`].
#[derive(Debug, Clone)]
pub(super) struct Words<'t>(&'t str);

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let text = without_blanks(self.0).trim_start();
        if text.is_empty() {
            return None;
        }
        let end = match text.bytes().position(|byte| class(byte) != Class::Word) {
            None => text.len(),
            Some(end) if text.as_bytes().get(end) == Some(&b' ') => end,
            Some(end) => {
                let rest = text.get(end..)?;
                end + rest.find(char::is_whitespace).unwrap_or(rest.len())
            }
        };
        let (word, rest) = text.split_at_checked(end)?;
        self.0 = rest;
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_split_whitespace() {
        for text in [
            "",
            " ",
            "one two",
            " one\u{b}two\u{1c}three ",
            "a\u{a0}b\u{2009}c\u{3000}d é\u{85}f – g",
            "语 言\u{1680}x",
        ] {
            let found: Vec<&str> = words(text).collect();
            let expected: Vec<&str> = text.split_whitespace().collect();
            assert_eq!(found, expected, "{text:?}");
            if text.is_ascii() {
                assert_eq!(count_ascii(text), expected.len(), "{text:?}");
            }
        }
    }

    #[test]
    fn plain_words_end_where_a_second_look_is_needed() {
        fn check(text: &str, expected: &str) {
            assert_eq!(&text[..plain_words(text)], expected);
        }
        check("one two", "one two");
        check("one  two", "one");
        check("one ", "one");
        check(" one", "");
        check("éa\u{a0}b", "éa");
        check("a \nb", "a");
        check("twelve letters and more", "twelve letters and more");
        check("twelve letters  and more", "twelve letters");
        check("twelve! letters\u{7f}and more", "twelve! letters");
        check("seventh !eighth é ninth\n", "seventh !eighth é ninth");
    }
}
