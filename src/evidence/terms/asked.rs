//! Which terms of a source a claim asks for.
//!
//! **In:** a claim's keys, a source's distinct words. **Out:** for each of those the key that it
//! has, if any. **Not here:** where they stand. A stem is dear, so in English, where it keeps
//! the beginning of its word, only words whose first three letters are those of a key of the claim are stemmed.

use super::lexicon::{self, Form};
use super::{Id, Read, Tokenizer, value};
use std::cell::RefCell;
use std::collections::HashMap;

/// For each distinct word and each other key of a source, the number of the claim's key.
#[derive(Debug)]
pub(in crate::evidence) struct Asked {
    forms: Vec<u16>,
    others: Vec<u16>,
}

const NONE: u16 = u16::MAX;

impl Asked {
    /// Which of the claim's keys stands at a place.
    pub(in crate::evidence) fn key(&self, id: Id) -> Option<usize> {
        let number = if id.0 & Id::OTHER == 0 {
            self.forms.get(id.0 as usize)
        } else {
            self.others.get((id.0 & !Id::OTHER) as usize)
        };
        number
            .filter(|number| **number != NONE)
            .map(|number| usize::from(*number))
    }
}

/// Keys of a source's words that claims have asked for.
#[derive(Debug, Default)]
pub(in crate::evidence) struct Keys(RefCell<HashMap<u32, Box<str>>>);

impl Tokenizer {
    /// Looks a claim's distinct keys up among the words of a source.
    pub(in crate::evidence) fn ask<'k>(
        &self,
        text: &str,
        read: &Read,
        known: &Keys,
        keys: impl Iterator<Item = &'k str>,
    ) -> Asked {
        let wanted: HashMap<&str, u16> = keys.zip(0..NONE).collect();
        let number = |key: &str| wanted.get(key).copied().unwrap_or(NONE);
        let heads = (self.language == "en").then(|| Heads::of(wanted.keys().copied()));
        let numbers: HashMap<&str, u16> = wanted
            .iter()
            .filter_map(|(key, number)| Some((key.strip_prefix('#')?, *number)))
            .collect();
        let mut known = known.0.borrow_mut();
        let mut of_form = |(at, form): (u32, &Form)| {
            if form.stop || (form.numeral && numbers.is_empty()) {
                return NONE;
            }
            let word = form.text(text);
            if form.numeral
                && let Some(digits) = lexicon::plain_digits(word)
            {
                return numbers.get(digits).copied().unwrap_or(NONE);
            }
            if !form.numeral && heads.as_ref().is_some_and(|heads| !heads.has(form.head)) {
                return NONE;
            }
            let key = known
                .entry(at)
                .or_insert_with(|| self.key_of(form, text).into());
            number(key)
        };
        Asked {
            forms: (0..).zip(&read.forms).map(&mut of_form).collect(),
            others: read.others.iter().map(|key| number(key)).collect(),
        }
    }
}

/// First letters that English words of some keys begin with, as [`head`] has them.
struct Heads(Vec<u32>);

impl Heads {
    fn of<'k>(keys: impl Iterator<Item = &'k str>) -> Self {
        let mut heads = Self(vec![0; 1 << 10]);
        for key in keys {
            match key.strip_prefix('#') {
                None => heads.insert(key),
                Some(number) => {
                    for (word, value) in value::number_words("en") {
                        if *value == number {
                            heads.insert(word);
                        }
                    }
                }
            }
        }
        heads
    }

    fn insert(&mut self, key: &str) {
        match *key.as_bytes() {
            [first @ ..128] => {
                for second in 0..32 {
                    self.set(code(first) << 5 | second, u32::MAX);
                }
            }
            [first @ ..128, second @ ..128, ref rest @ ..] => {
                let third = match *rest {
                    // "cry" becomes "cri".
                    [b'i', _, ..] => bit(b'i') | bit(b'y'),
                    [third @ ..128, _, ..] => bit(third),
                    // "using" becomes "use", "skies" may become "sky".
                    _ => u32::MAX,
                };
                self.set(code(first) << 5 | code(second), third);
                // "dying" becomes "die", "by" may become "bi".
                if second == b'i' {
                    self.set(code(first) << 5 | code(b'y'), u32::MAX);
                }
            }
            _ => {}
        }
    }

    fn set(&mut self, two: u16, third: u32) {
        if let Some(block) = self.0.get_mut(usize::from(two)) {
            *block |= third;
        }
    }

    /// Words with other letters, and those of one letter, are never told by their head.
    fn has(&self, head: u16) -> bool {
        head == 0
            || self
                .0
                .get(usize::from(head >> 5))
                .is_some_and(|block| block >> (head & 31) & 1 != 0)
    }
}

/// The first three letters of a small word in a number, which is 0 for one letter alone.
pub(super) const fn head(word: &[u8]) -> u16 {
    match *word {
        [first, second, third, ..] => code(first) << 10 | code(second) << 5 | code(third),
        [first, second] => code(first) << 10 | code(second) << 5,
        _ => 0,
    }
}

/// A sign of ASCII in five bits: all that are no small letters are one.
const fn code(byte: u8) -> u16 {
    match byte {
        b'a'..=b'z' => (byte - b'a' + 1) as u16,
        _ => 27,
    }
}

const fn bit(byte: u8) -> u32 {
    1 << code(byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of three letters and one of many endings: each is found by its own stem.
    #[test]
    fn an_english_stem_keeps_the_head_of_its_word() {
        let endings = "|s|'s|es|ed|ing|ings|ied|ies|y|ys|ying|yings|ly|li|eed|eedly|edly|ingly|at|\
            ated|ational|tional|enci|ence|er|ers|izer|ization|ator|al|alism|ality|ful|fulness|ous|\
            ousness|ive|iveness|iviti|bli|ogi|ology|less|lessly|icate|ative|alize|icity|ical|ness|\
            ant|ance|able|ible|ment|ement|sion|tion|ism|ate|iti|ize|e|ll|l|sses|ss|us|le|ley|dying|\
            kies|es's|b|bb|bing|bbing|tting|rs|ct|v|arly|nly|ngly|gly|ently|ews|tlas|smos|eds";
        let tokenizer = Tokenizer::new(Some("en"));
        let letters = || b'a'..=b'z';
        let mut words: Vec<Vec<u8>> = Vec::new();
        for first in letters() {
            for second in letters() {
                words.push(vec![first, second]);
                // To the stemmer a letter is a vowel, one of few with a rule of its own, or any other.
                words.extend(
                    b"aeiouybdglstwx'"
                        .iter()
                        .map(|third| vec![first, second, *third]),
                );
            }
        }
        for start in words {
            for ending in endings.split('|') {
                let word = format!("{}{ending}", String::from_utf8_lossy(&start));
                let lower = word.strip_suffix("'s").unwrap_or(&word);
                let stem = tokenizer.stem(lower);
                let heads = Heads::of(std::iter::once(stem.as_str()));
                assert!(heads.has(head(word.as_bytes())), "{word}: {stem}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_asked_for_is_what_has_the_key(
            source in "([A-Za-z]{1,9}('s|ing|ed|s|ies)?|[0-9]{1,4}|two|é|[0-9]k|May) ([a-z]{1,3} |million |)([a-zA-Z0-9é’, ]{0,60})",
            language in proptest::sample::select(vec!["en", "de", "fr"]),
        ) {
            let tokenizer = Tokenizer::new(Some(language));
            let terms = tokenizer.terms(&source);
            let read = tokenizer.read(&source);
            let keys = Keys::default();
            proptest::prop_assert_eq!(terms.len(), read.places.len());
            for term in &terms {
                let asked = tokenizer.ask(&source, &read, &keys, std::iter::once(term.key.as_str()));
                for (other, place) in terms.iter().zip(&read.places) {
                    let expected = (other.key == term.key).then_some(0);
                    proptest::prop_assert_eq!(asked.key(place.id), expected, "{} {}", term.key, other.key);
                }
            }
        }
    }
}
