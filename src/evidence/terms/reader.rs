//! Words that stand together: dates, and numbers with a scale word.
//!
//! **In:** the words of a text, each with its number. **Out:** the places of terms. **Not here:**
//! what a single word is.

use super::lexicon::{self, Form};
use super::{Id, Place, Word, is_year, value};
use std::collections::HashMap;

pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) forms: &'t [Form],
    pub(super) words: &'t [Word],
    pub(super) places: Vec<Place>,
    pub(super) others: Vec<String>,
    /// The numbers of the other keys.
    pub(super) numbers: HashMap<String, u32>,
}

/// A word with what is known of it.
#[derive(Clone, Copy)]
struct Known<'t> {
    word: Word,
    form: &'t Form,
}

impl Known<'_> {
    const fn start(self) -> usize {
        self.word.start as usize
    }
    const fn end(self) -> usize {
        self.word.start as usize + self.form.len as usize
    }
    /// The value as a day of a month.
    fn day(self) -> Option<u8> {
        (self.form.day > 0).then_some(self.form.day)
    }
}

impl<'t> Reader<'t> {
    /// Reads the term that begins at a word, if any; gives the number of words used.
    pub(super) fn term(&mut self, index: usize, language: &str) -> usize {
        let Some(word) = self.known(index) else {
            return 1;
        };
        let used = self.date(word, index);
        if used > 0 {
            return used;
        }
        if word.form.numeral
            && let Some((key, end)) = self.scaled(word, index, language)
        {
            let id = self.other(key);
            self.push(id, word.start(), end, index);
            return 2;
        }
        if !word.form.stop {
            self.push(Id(word.word.form), word.start(), word.end(), index);
        }
        1
    }

    fn known(&self, index: usize) -> Option<Known<'t>> {
        let word = *self.words.get(index)?;
        let form = self.forms.get(word.form as usize)?;
        Some(Known { word, form })
    }

    fn push(&mut self, id: Id, start: usize, end: usize, index: usize) {
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.places.push(Place {
            id,
            start: narrow(start),
            end: narrow(end),
            position: narrow(index),
        });
    }

    /// A key that is of no single word.
    fn other(&mut self, key: String) -> Id {
        let fresh = u32::try_from(self.others.len()).unwrap_or(0);
        let number = *self.numbers.entry(key).or_insert_with_key(|key| {
            self.others.push(key.clone());
            fresh
        });
        Id(number | Id::OTHER)
    }

    fn is_year(&self, word: Known<'_>) -> bool {
        word.form.len == 4 && is_year(word.form.text(self.text))
    }

    /// The month that a word names. "may", "mar" and "march" are words too: a month has a capital
    /// or a number beside it.
    fn month(&self, word: Known<'_>, index: usize) -> Option<u8> {
        if word.form.month == 0 {
            return None;
        }
        let numeral = |at: Option<usize>| {
            at.and_then(|at| self.known(at))
                .is_some_and(|near| near.form.numeral)
        };
        let sure = word.form.sure || numeral(index.checked_sub(1)) || numeral(Some(index + 1));
        sure.then_some(word.form.month)
    }

    /// A date that begins at `index`: pushes its parts, gives the number of words used.
    fn date(&mut self, word: Known<'t>, index: usize) -> usize {
        // Most words are neither.
        if word.form.month == 0 && !word.form.numeral {
            return 0;
        }
        let text = self.text;
        let (next, third) = (self.known(index + 1), self.known(index + 2));
        let between = |a: Known<'_>, b: Known<'_>| text.get(a.end()..b.start()).unwrap_or("\n");
        let near = |a: Known<'_>, b: Known<'_>| {
            let gap = between(a, b);
            gap.len() <= 3 && !gap.contains(['\n', ';', ':', '('])
        };
        let month = self.month(word, index);
        // Day and month in words, in either order, with or without a year.
        if let Some(next) = next
            && near(word, next)
        {
            let day_month = match (word.day(), month, next.day(), self.month(next, index + 1)) {
                (Some(day), _, _, Some(month)) | (_, Some(month), Some(day), _)
                    if !(self.is_year(word) || self.is_year(next)) =>
                {
                    Some((day, month))
                }
                _ => None,
            };
            if let Some((day, month)) = day_month {
                self.day(month, day, word, next, index);
                if let Some(year) = third
                    && self.is_year(year)
                    && near(next, year)
                {
                    self.push(Id(year.word.form), year.start(), year.end(), index);
                    return 3;
                }
                return 2;
            }
        }
        if let Some(month) = month {
            let id = self.other(format!("@{month:02}"));
            self.push(id, word.start(), word.end(), index);
            return 1;
        }
        // 2012-03-14, 14.3.2012
        if let (Some(second), Some(third)) = (next, third) {
            let gaps = (between(word, second), between(second, third));
            let (year, month, day) = match gaps {
                ("-", "-") if self.is_year(word) => (word, second, third),
                (".", ".") | (". ", ". ") | ("-", "-") if self.is_year(third) => {
                    (third, second, word)
                }
                _ => return 0,
            };
            if let (Some(month @ 1..=12), Some(day)) = (month.day(), day.day()) {
                self.day(month, day, word, third, index);
                self.push(Id(year.word.form), year.start(), year.end(), index);
                return 3;
            }
        }
        0
    }

    /// Day and month, and the month alone.
    fn day(&mut self, month: u8, day: u8, from: Known<'_>, to: Known<'_>, index: usize) {
        for key in [format!("@{month:02}-{day:02}"), format!("@{month:02}")] {
            let id = self.other(key);
            self.push(id, from.start(), to.end(), index);
        }
    }

    /// A number with the scale word that may follow it: "1.5 million".
    fn scaled(&self, word: Known<'_>, index: usize, language: &str) -> Option<(String, usize)> {
        let next = self.known(index + 1)?;
        let gap = self.text.get(word.end()..next.start())?;
        if !matches!(gap, " " | "\u{a0}" | "-") || next.form.len > 24 || next.form.numeral {
            return None;
        }
        let places = value::scale(&next.form.text(self.text).to_lowercase())?;
        let value = lexicon::numeral(word.form.text(self.text), language)?;
        Some((format!("#{}", value::shifted(&value, places)?), next.end()))
    }
}
