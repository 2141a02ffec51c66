//! Where in a text a number or a date may begin.
//!
//! **In:** a text. **Out:** the next numeral, month or number word. **Not here:** what it says.
//! Nearly every word of a source is passed over; three letters are enough to tell most of them.

use super::number_word;
use crate::evidence::terms::value::{month, months};

/// What words of values begin with, in one language.
pub(super) struct Glance<'l> {
    language: &'l str,
    /// By the first three letters, or all where there are fewer: may be, or surely not.
    heads: [u64; HEADS / 64],
    /// A word in small letters; kept for its room.
    lower: String,
}

const HEADS: usize = 1 << 12;
/// Bytes of a word beyond which it is no value.
const MAX_LOWER: usize = 32;

impl<'l> Glance<'l> {
    pub(super) fn new(language: &'l str) -> Self {
        let mut glance = Self {
            language,
            heads: [0; HEADS / 64],
            lower: String::new(),
        };
        let words = number_word::beginnings(language).iter().copied();
        for word in words.chain(months()) {
            let bytes = word.as_bytes();
            let bit = head(bytes.get(..3).unwrap_or(bytes));
            if let Some(block) = glance.heads.get_mut(bit / 64) {
                *block |= 1 << (bit % 64);
            }
        }
        glance
    }

    /// Where the next word or numeral begins that may be a value.
    pub(super) fn next(&mut self, text: &str, from: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let mut at = from;
        let before = text.get(..from)?.chars().next_back();
        if before.is_some_and(char::is_alphanumeric) {
            at = run_end(text, at);
        }
        loop {
            let byte = *bytes.get(at)?;
            if byte.is_ascii_digit() {
                return Some(at);
            }
            if byte.is_ascii_alphabetic() {
                let letters = bytes.get(at..)?.iter();
                let end = at
                    + letters
                        .take_while(|byte| byte.is_ascii_alphanumeric())
                        .count();
                let plain = bytes.get(end).is_none_or(u8::is_ascii);
                let first = bytes.get(at..end.min(at + 3))?;
                // Other letters may follow, and be among the first three.
                if (plain || first.len() == 3) && !self.may(first) {
                    at = if plain { end } else { run_end(text, end) };
                    continue;
                }
            } else if byte.is_ascii() {
                at += 1;
                continue;
            } else {
                let c = text.get(at..)?.chars().next()?;
                if !c.is_alphanumeric() {
                    at += c.len_utf8();
                    continue;
                }
            }
            let end = run_end(text, at);
            self.lower.clear();
            for c in text.get(at..end)?.chars() {
                if self.lower.len() >= MAX_LOWER {
                    break;
                }
                self.lower.extend(c.to_lowercase());
            }
            if number_word::may_begin(&self.lower, self.language) || month(&self.lower).is_some() {
                return Some(at);
            }
            at = end;
        }
    }

    fn may(&self, first: &[u8]) -> bool {
        let bit = head(first);
        self.heads
            .get(bit / 64)
            .is_some_and(|block| block & 1 << (bit % 64) != 0)
    }

    /// Whether the word that [`next`](Self::next) stopped at says by itself that it is no value,
    /// and nothing behind it could make it one.
    pub(super) fn is_vain(&self, text: &str, word: &str, end: usize) -> bool {
        let plain = |word: &str| {
            word.len() < MAX_LOWER && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        if !plain(word) || !self.lower.eq_ignore_ascii_case(word) || !alone(text, end) {
            return false;
        }
        if self.lower != "a" || self.language != "en" {
            return month(&self.lower).is_none()
                && !number_word::begins(&self.lower, self.language);
        }
        // "a dozen", "a hundred": the next word tells, where no clause ends before it.
        let Some(next) = text.get(end..).and_then(|rest| rest.strip_prefix(' ')) else {
            return true;
        };
        let letters = next.bytes().take_while(u8::is_ascii_alphanumeric);
        let second = next.get(..letters.count()).unwrap_or("");
        !second.is_empty()
            && plain(second)
            && alone(text, end + 1 + second.len())
            && !second.starts_with(|c: char| c.is_ascii_digit())
            && !number_word::begins(&second.to_ascii_lowercase(), self.language)
    }
}

/// Whether nothing is written to a word's end that could belong to it.
fn alone(text: &str, end: usize) -> bool {
    let behind = text.as_bytes().get(end);
    behind.is_none_or(|byte| matches!(byte, b' ' | b'\n' | b',' | b'.' | b';' | b':' | b'!' | b'?'))
}

/// Where letters and figures end.
fn run_end(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or("");
    let end = rest.find(|c: char| !c.is_alphanumeric());
    end.map_or(text.len(), |end| from + end)
}

fn head(first: &[u8]) -> usize {
    first.iter().fold(first.len(), |head, byte| {
        head * 31 + usize::from(byte.to_ascii_lowercase())
    }) % HEADS
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every word, looked at without haste.
    fn slowly(text: &str, language: &str) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(offset) = text[at..].find(char::is_alphanumeric) {
            let start = at + offset;
            at = run_end(text, start);
            let word = text[start..at].to_lowercase();
            let digit = word.starts_with(|c: char| c.is_ascii_digit());
            if digit || number_word::may_begin(&word, language) || month(&word).is_some() {
                found.push(start);
            }
        }
        found
    }

    proptest::proptest! {
        #[test]
        fn no_value_is_passed_over(
            text in "((a|A|an|Two|thr|MAY|may|März|fünf|FÜNF|İ|пять|Пя|ja|Ja|dec|x|for|é|j|ENERO|één|un|1|_|\u{301})( |-|’|\n|,)?){0,12}",
            language in proptest::sample::select(vec!["en", "de", "fr", "ru", "nl", "no", "es", "xx"]),
        ) {
            let mut glance = Glance::new(language);
            let mut found = Vec::new();
            let mut at = 0;
            while let Some(start) = glance.next(&text, at) {
                found.push(start);
                at = run_end(&text, start);
            }
            proptest::prop_assert_eq!(found, slowly(&text, language));
        }

        #[test]
        fn what_is_in_vain_is_no_quantity(
            text in "(a|this|for|Six|second|and|thousand|dozen|one|half|score|million|few|sixty|ein|eine|acht|un|sette|to|et|tre)((, | |-|. )(a|dozen|hundred|and|five|half|of|Two|ein|und|zwei|o|mil|sto)){0,4}",
            language in proptest::sample::select(vec!["en", "de", "fr", "it", "nl", "no", "es", "pt", "ru"]),
        ) {
            let mut glance = Glance::new(language);
            if let Some(start) = glance.next(&text, 0)
                && let Some(token) = super::super::token::next(&text, start, true)
                && !token.digits
                && glance.is_vain(&text, token.text, token.end)
            {
                proptest::prop_assert_eq!(super::super::date::at(&text, start), None);
                proptest::prop_assert_eq!(super::super::quantity::at(&text, &token, language), None);
            }
        }
    }
}
