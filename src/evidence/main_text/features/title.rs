//! How much of a page's title a line says.
//!
//! **In:** the title, and lines. **Out:** the share of the words that both have.

use super::super::words::{Key, ascii_key};
use super::share;

/// The words of a page's title.
pub(super) struct Title {
    /// In lower case.
    words: Vec<String>,
    /// Those of ASCII that are short, as they are looked up.
    keys: Vec<Key>,
    /// The bytes that they begin with, a bit for each of 64 kinds.
    begins: u64,
}

impl Title {
    pub(super) fn new(title: &str) -> Self {
        let words: Vec<String> = spoken(title).map(str::to_lowercase).collect();
        let begins = words.iter().fold(0, |all, word| all | begin(word));
        let short = words.iter().filter(|word| word.is_ascii());
        let keys = short
            .filter_map(|word| ascii_key(word.as_bytes()))
            .collect();
        Self {
            words,
            keys,
            begins,
        }
    }

    /// The share of a line and the title that both have.
    pub(super) fn overlap(&self, line: &str) -> f32 {
        if self.words.is_empty() {
            return 0.0;
        }
        let (mut all, mut known) = (0_usize, 0_usize);
        for word in spoken(line) {
            all += 1;
            known += usize::from(self.has(word));
        }
        share(known as f32, all.max(self.words.len()) as f32)
    }

    fn has(&self, word: &str) -> bool {
        if !word.is_ascii() {
            return self.words.contains(&word.to_lowercase());
        }
        if self.begins & begin(word) == 0 {
            return false;
        }
        match ascii_key(word.as_bytes()) {
            Some(key) => self.keys.contains(&key),
            None => self
                .words
                .iter()
                .any(|other| other.eq_ignore_ascii_case(word)),
        }
    }
}

/// A bit for the first byte of a word, whatever its case.
fn begin(word: &str) -> u64 {
    1 << (word.bytes().next().unwrap_or(0) & 0x1f)
}

/// The words of a title or line, the first 40.
fn spoken(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let words = std::iter::from_fn(move || {
        rest = rest.split_at(run(rest, false)).1;
        let (word, others) = rest.split_at(run(rest, true));
        rest = others;
        Some(word).filter(|word| !word.is_empty())
    });
    words.take(40)
}

/// How far a text goes on with what belongs to words, or with what does not.
fn run(text: &str, of_words: bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let is_of_word = OF_WORDS[usize::from(*byte)];
        if byte.is_ascii() && is_of_word == of_words {
            at += 1;
            continue;
        }
        let foreign = text.get(at..).and_then(|rest| rest.chars().next());
        match foreign.filter(|c| !c.is_ascii() && c.is_alphanumeric() == of_words) {
            Some(c) => at += c.len_utf8(),
            None => break,
        }
    }
    at
}

/// Which bytes of ASCII belong to words.
static OF_WORDS: [bool; 256] = {
    let mut of_words = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        of_words[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    of_words
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_says_the_title_is_known() {
        fn check(title: &str, line: &str, expected: f32) {
            let found = Title::new(title).overlap(line);
            assert!((found - expected).abs() < 1e-6, "{line}: {found}");
        }
        check("A bridge falls", "BRIDGE falls: a story", 0.75);
        check("A bridge falls", "Bridges fall, air", 0.0);
        check("Über die Brücke", "“über—DIE brücke”", 1.0);
        check("Über die Brücke", "Ueber die Brucke", 1.0 / 3.0);
        check("a", &"a ".repeat(50), 1.0);
        check("", "a", 0.0);
        check("a", "", 0.0);
    }

    proptest::proptest! {
        #[test]
        fn words_are_what_lies_between(text in "[a-cÉß中0 \u{a0}.,’-]{0,30}") {
            let expected: Vec<&str> = text
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect();
            proptest::prop_assert_eq!(spoken(&text).collect::<Vec<_>>(), expected);
        }
    }
}
