//! The distinct words of a text, each looked at once.
//!
//! **In:** words as they come. **Out:** a number for each distinct one, and what it may be: a
//! stop word, a numeral, a month. **Not here:** words that stand together, and stems: a stem is
//! made where a claim asks for it ([`super::Tokenizer::key`]).

use super::stop_words::StopWords;
use super::{asked, value};
use crate::evidence::quick_hash::{self, Packed};

/// A distinct word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    /// Where it stands first.
    start: u32,
    pub(super) len: u32,
    /// Its first letters ([`asked::head`]), where all are ASCII; else 0.
    pub(super) head: u16,
    pub(super) stop: bool,
    pub(super) numeral: bool,
    /// A numeral's value as a day of a month, else 0.
    pub(super) day: u8,
    /// The month that a word names, else 0.
    pub(super) month: u8,
    /// Whether it is long enough, and begins with a capital, so that it names a month by itself.
    pub(super) sure: bool,
}

impl Form {
    pub(super) fn text(self, text: &str) -> &str {
        let start = self.start as usize;
        text.get(start..start + self.len as usize).unwrap_or("")
    }
}

/// Words by their letters: open addressing, over hashes that no page can know.
#[derive(Debug)]
pub(super) struct Lexicon {
    pub(super) forms: Vec<Form>,
    /// The forms packed, so that most are compared without a look at the text: of a word that is
    /// too long for that, its hash.
    packed: Vec<Packed>,
    /// A part of the hash, and the form's number and one; (0, 0) where nothing is.
    slots: Vec<(u32, u32)>,
    salt: u64,
    lower: String,
}

impl Lexicon {
    pub(super) fn new(length: usize) -> Self {
        let slots = (length / 32).clamp(64, 1 << 16).next_power_of_two();
        Self {
            forms: Vec::new(),
            packed: Vec::new(),
            slots: vec![(0, 0); slots],
            salt: quick_hash::salt(),
            lower: String::new(),
        }
    }

    /// The number of the word at `start`.
    pub(super) fn number(
        &mut self,
        text: &str,
        start: usize,
        word: &str,
        stops: &StopWords,
        language: &str,
    ) -> u32 {
        let short = quick_hash::packed(word.as_bytes());
        let packed = short.unwrap_or_else(|| (quick_hash::salted(word.as_bytes()), 0));
        let hash = quick_hash::of_packed(self.salt, packed);
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let (tag, number) = self.slots[slot];
            if number == 0 {
                break;
            }
            let at = number as usize - 1;
            if tag == (hash >> 32) as u32 && self.packed[at] == packed {
                let form = &self.forms[at];
                let same = form.len as usize == word.len();
                if same && (short.is_some() || form.text(text) == word) {
                    return number - 1;
                }
            }
            slot = (slot + 1) & mask;
        }
        let form = self.look_at(start, word, stops, language);
        self.forms.push(form);
        self.packed.push(packed);
        let number = u32::try_from(self.forms.len()).unwrap_or(u32::MAX);
        self.slots[slot] = ((hash >> 32) as u32, number);
        if self.forms.len() * 2 > self.slots.len() {
            self.grow();
        }
        number - 1
    }

    fn grow(&mut self) {
        let mut slots = vec![(0, 0); self.slots.len() * 4];
        let mask = slots.len() - 1;
        for (packed, number) in self.packed.iter().zip(1..) {
            let hash = quick_hash::of_packed(self.salt, *packed);
            let mut slot = hash as usize & mask;
            while slots[slot].1 != 0 {
                slot = (slot + 1) & mask;
            }
            slots[slot] = ((hash >> 32) as u32, number);
        }
        self.slots = slots;
    }

    fn look_at(&mut self, start: usize, word: &str, stops: &StopWords, language: &str) -> Form {
        let mut form = Form {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            len: u32::try_from(word.len()).unwrap_or(0),
            head: 0,
            stop: false,
            numeral: false,
            day: 0,
            month: 0,
            sure: false,
        };
        let digits = word.starts_with(|c: char| c.is_ascii_digit());
        if digits && let Some(value) = numeral(word, language) {
            form.numeral = true;
            form.day = value.parse().ok().filter(|day| *day <= 31).unwrap_or(0);
            return form;
        }
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        lower_into(word, &mut self.lower);
        let letters = if word.is_ascii() {
            form.head = asked::head(self.lower.as_bytes());
            word.len()
        } else {
            word.chars().count()
        };
        if (3..=12).contains(&letters) {
            form.month = value::month(&self.lower).unwrap_or(0);
            form.sure = letters > 3 && capital;
        }
        form.stop = stops.have(plain(&mut self.lower));
        form
    }
}

/// A numeral's value. Thousands set apart by a no-break or thin space are one numeral.
pub(super) fn numeral(word: &str, language: &str) -> Option<String> {
    if let Some(digits) = plain_digits(word) {
        return Some(digits.to_owned());
    }
    if word.contains(super::THIN) {
        let plain: String = word.chars().filter(char::is_ascii_digit).collect();
        return value::number(&plain, language);
    }
    value::number(word, language)
}

/// The digits of a word that has nothing else, noughts before them left out.
pub(super) fn plain_digits(word: &str) -> Option<&str> {
    let digits = word.trim_start_matches('0');
    let all = word.bytes().all(|byte| byte.is_ascii_digit());
    all.then_some(if digits.is_empty() { "0" } else { digits })
}

/// A word in small letters.
pub(super) fn lower_into(word: &str, lower: &mut String) {
    lower.clear();
    if word.is_ascii() {
        lower.push_str(word);
        lower.make_ascii_lowercase();
    } else {
        lower.push_str(&word.to_lowercase());
    }
}

/// A word in small letters with straight apostrophes and without an "'s" at its end.
pub(super) fn plain(lower: &mut String) -> &str {
    if lower.contains(['’', 'ʼ', '‘']) {
        *lower = lower.replace(['’', 'ʼ', '‘'], "'");
    }
    lower.strip_suffix("'s").unwrap_or(lower)
}
