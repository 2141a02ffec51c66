//! A text as terms that can be compared: words by their stems, numbers and dates by their values.
//!
//! **In:** a text and its language. **Out:** [`Term`]s with the bytes they stand on.
//! **Not here:** weights, and any meaning beyond the word: no synonyms, no entities.
//!
//! A date becomes its parts (month and day, month, year), because a source often
//! has "14 March" in one place and the year in another.

pub(super) mod stop_words;
pub(super) mod value;

use crate::document::ByteSpan;
use std::collections::{HashMap, HashSet};
use unicode_segmentation::UnicodeSegmentation;
use waken_snowball::Algorithm;

/// What a term is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TermKind {
    /// Any word that is not a stop word.
    Word,
    /// A number.
    Number,
    /// A part of a date, or a year.
    Date,
    /// A word written as a name.
    Name,
}

/// A term and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    /// What makes two terms the same: a stem, `#` and a number's value, `@` and a part of a date.
    pub(super) key: String,
    pub(super) kind: TermKind,
    pub(super) span: ByteSpan,
    /// Position among all words of the text, stop words included, for neighbours.
    pub(super) position: u32,
}

/// Makes terms of one language; stems each distinct word once.
pub(super) struct Tokenizer {
    language: String,
    algorithm: Option<Algorithm>,
    stop_words: HashSet<&'static str>,
    stems: HashMap<String, Option<String>>,
}

/// A word before it is a term.
struct Word<'a> {
    text: &'a str,
    start: usize,
    /// Number value, where it has digits.
    number: Option<String>,
    month: Option<u8>,
}

impl Word<'_> {
    const fn end(&self) -> usize {
        self.start + self.text.len()
    }
    fn capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }
    /// The value as a day of a month.
    fn day(&self) -> Option<u8> {
        let day: u8 = self.number.as_deref()?.parse().ok()?;
        (1..=31).contains(&day).then_some(day)
    }
    /// The value as a year: four plain digits.
    fn year(&self) -> bool {
        self.text.len() == 4
            && self.text.bytes().all(|byte| byte.is_ascii_digit())
            && ("1000"..="2199").contains(&self.text)
    }
}

/// Stem cache entries; beyond them words are stemmed afresh, so foreign text cannot grow it without end.
const MAX_STEMS: usize = 1 << 18;

impl Tokenizer {
    /// For a language by its ISO 639-1 code; English where none is known.
    pub(super) fn new(language: Option<&str>) -> Self {
        let language = language
            .and_then(|code| code.split(['-', '_']).next())
            .unwrap_or("en")
            .to_lowercase();
        Self {
            algorithm: algorithm(&language),
            stop_words: stop_words::stop_words(&language),
            language,
            stems: HashMap::new(),
        }
    }

    /// The terms of a text in reading order; stop words left out.
    pub(super) fn terms(&mut self, text: &str) -> Vec<Term> {
        let words = self.words(text);
        let mut terms = Vec::with_capacity(words.len());
        let mut index = 0;
        while index < words.len() {
            let used = self.date(text, &words, index, &mut terms);
            if used > 0 {
                index += used;
                continue;
            }
            let word = &words[index];
            let position = u32::try_from(index).unwrap_or(u32::MAX);
            if let Some(value) = &word.number {
                let (value, used, end) = self.scaled(text, &words, index, value);
                let kind = if used == 1 && word.year() {
                    TermKind::Date
                } else {
                    TermKind::Number
                };
                terms.push(Term {
                    key: format!("#{value}"),
                    kind,
                    span: ByteSpan::new(word.start, end),
                    position,
                });
                index += used;
                continue;
            }
            self.word(text, word, position, &mut terms);
            index += 1;
        }
        terms
    }

    fn words<'a>(&self, text: &'a str) -> Vec<Word<'a>> {
        let mut words: Vec<Word<'a>> = Vec::with_capacity(text.len() / 6);
        for (start, word) in text.unicode_word_indices() {
            let digits = word.starts_with(|c: char| c.is_ascii_digit());
            if digits && word.bytes().filter(|b| *b == b'.').count() == 2 {
                // "14.3.2012" is one word to Unicode; three to the grammar of dates.
                let mut at = start;
                let parts: Vec<&str> = word.split('.').collect();
                if parts.iter().all(|part| !part.is_empty() && part.len() != 3) {
                    for part in parts {
                        words.push(Word {
                            text: part,
                            start: at,
                            number: value::number(part, &self.language),
                            month: None,
                        });
                        at += part.len() + 1;
                    }
                    continue;
                }
            }
            // "100 000" with a no-break or thin space between the groups.
            if digits
                && word.len() == 3
                && let Some(last) = words.last_mut()
                && last.number.is_some()
                && last.text.len() <= 11
                && matches!(
                    text.get(last.end()..start),
                    Some("\u{a0}" | "\u{202f}" | "\u{2009}")
                )
                && last
                    .text
                    .split(['\u{a0}', '\u{202f}', '\u{2009}'])
                    .all(|g| g.len() <= 3)
                && let Some(joined) = text.get(last.start..start + word.len())
            {
                let plain: String = joined.chars().filter(char::is_ascii_digit).collect();
                last.text = joined;
                last.number = value::number(&plain, &self.language);
                continue;
            }
            // "2012-03-14T09:30Z": the day and the hour are one word to Unicode.
            let word = match word.split_once('T') {
                Some((day, hour)) if digits && day.len() == 2 && hour.len() == 2 => day,
                _ => word,
            };
            let number = if digits {
                value::number(word, &self.language)
            } else {
                None
            };
            words.push(Word {
                text: word,
                start,
                number,
                month: None,
            });
        }
        for index in 0..words.len() {
            let word = &words[index];
            if word.number.is_none() && (3..=12).contains(&word.text.chars().count()) {
                let month = value::month(&word.text.to_lowercase());
                let near = |at: Option<usize>| {
                    at.and_then(|at| words.get(at))
                        .is_some_and(|near| near.number.is_some())
                };
                // "may", "mar" and "march" are words too: a month has a capital or a number beside it.
                let sure = near(index.checked_sub(1)) || near(Some(index + 1));
                let long = word.text.chars().count() > 3 && word.capital();
                if month.is_some() && (sure || long) {
                    words[index].month = month;
                }
            }
        }
        words
    }

    /// A date that begins at `index`: pushes its parts, gives the number of words used.
    fn date(&self, text: &str, words: &[Word<'_>], index: usize, terms: &mut Vec<Term>) -> usize {
        let word = &words[index];
        let next = words.get(index + 1);
        let third = words.get(index + 2);
        let between = |a: &Word<'_>, b: &Word<'_>| text.get(a.end()..b.start).unwrap_or("\n");
        let near = |a: &Word<'_>, b: &Word<'_>| {
            let gap = between(a, b);
            gap.len() <= 3 && !gap.contains(['\n', ';', ':', '('])
        };
        let mut push = |key: String, from: &Word<'_>, to: &Word<'_>| {
            terms.push(Term {
                key,
                kind: TermKind::Date,
                span: ByteSpan::new(from.start, to.end()),
                position: u32::try_from(index).unwrap_or(u32::MAX),
            });
        };
        // Day and month in words, in either order, with or without a year.
        if let Some(next) = next
            && near(word, next)
        {
            let day_month = match (word.day(), word.month, next.day(), next.month) {
                (Some(day), _, _, Some(month)) | (_, Some(month), Some(day), _)
                    if !(word.year() || next.year()) =>
                {
                    Some((day, month))
                }
                _ => None,
            };
            if let Some((day, month)) = day_month {
                push(format!("@{month:02}-{day:02}"), word, next);
                push(format!("@{month:02}"), word, next);
                if let Some(year) = third
                    && year.year()
                    && near(next, year)
                {
                    push(format!("#{}", year.text), year, year);
                    return 3;
                }
                return 2;
            }
        }
        if let Some(month) = word.month {
            push(format!("@{month:02}"), word, word);
            return 1;
        }
        // 2012-03-14, 14.3.2012
        if let (Some(second), Some(third)) = (next, third) {
            let gaps = (between(word, second), between(second, third));
            let (year, month, day) = match gaps {
                ("-", "-") if word.year() => (word, second, third),
                (".", ".") | (". ", ". ") | ("-", "-") if third.year() => (third, second, word),
                _ => return 0,
            };
            if let (Some(month_value @ 1..=12), Some(day_value)) = (month.day(), day.day()) {
                push(format!("@{month_value:02}-{day_value:02}"), word, third);
                push(format!("@{month_value:02}"), word, third);
                push(format!("#{}", year.text), year, year);
                return 3;
            }
        }
        0
    }

    /// A number with the scale word that may follow it: "1.5 million".
    fn scaled(
        &self,
        text: &str,
        words: &[Word<'_>],
        index: usize,
        value: &str,
    ) -> (String, usize, usize) {
        let word = &words[index];
        if let Some(next) = words.get(index + 1)
            && matches!(text.get(word.end()..next.start), Some(" " | "\u{a0}" | "-"))
            && next.text.len() <= 24
            && let Some(places) = value::scale(&next.text.to_lowercase())
            && let Some(scaled) = value::shifted(value, places)
        {
            return (scaled, 2, next.end());
        }
        (value.to_owned(), 1, word.end())
    }

    fn word(&mut self, text: &str, word: &Word<'_>, position: u32, terms: &mut Vec<Term>) {
        if let Some(stem) = self.stems.get(word.text) {
            if let Some(key) = stem.clone() {
                terms.push(self.term(text, word, key, position));
            }
            return;
        }
        let lower = fold_apostrophe(&word.text.to_lowercase());
        let lower = lower.strip_suffix("'s").unwrap_or(&lower);
        let key = if self.stop_words.contains(lower) {
            None
        } else if let Some(value) = value::number_word(lower, &self.language) {
            Some(format!("#{value}"))
        } else {
            Some(self.stem(lower))
        };
        if self.stems.len() < MAX_STEMS && word.text.len() <= 64 {
            self.stems.insert(word.text.to_owned(), key.clone());
        }
        if let Some(key) = key {
            terms.push(self.term(text, word, key, position));
        }
    }

    fn term(&self, text: &str, word: &Word<'_>, key: String, position: u32) -> Term {
        let kind = if key.starts_with('#') {
            TermKind::Number
        } else if word.capital() && self.is_name(text, word) {
            TermKind::Name
        } else {
            TermKind::Word
        };
        Term {
            key,
            kind,
            span: ByteSpan::new(word.start, word.end()),
            position,
        }
    }

    /// Whether a capital makes a name: not at the start of a sentence, unless all is in capitals.
    /// German writes every noun with a capital; there only capitals throughout tell.
    fn is_name(&self, text: &str, word: &Word<'_>) -> bool {
        let letters = word.text.chars().filter(|c| c.is_alphabetic());
        if letters.clone().count() >= 2 && letters.clone().all(char::is_uppercase) {
            return true;
        }
        self.language != "de" && !starts_sentence(text, word.start)
    }

    fn stem(&self, lower: &str) -> String {
        let stemmed = match self.algorithm {
            // Longer "words" are data, not words.
            Some(algorithm) if lower.len() <= 64 => waken_snowball::stem(algorithm, lower),
            _ => lower.into(),
        };
        stemmed.chars().filter_map(fold_letter).collect()
    }
}

/// Whether a word at `start` is the first of its sentence.
pub(super) fn starts_sentence(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or("");
    for c in before.chars().rev().take(8) {
        match c {
            '\n' | '.' | '!' | '?' | ':' | '•' => return true,
            c if c.is_whitespace() || is_quote(c) || matches!(c, '(' | '[' | '-' | '–' | '—') =>
                {}
            _ => return false,
        }
    }
    before.len() < 8
}

pub(super) fn algorithm(language: &str) -> Option<Algorithm> {
    Some(match language {
        "en" => Algorithm::English,
        "de" => Algorithm::German,
        "fr" => Algorithm::French,
        "es" => Algorithm::Spanish,
        "it" => Algorithm::Italian,
        "pt" => Algorithm::Portuguese,
        "nl" => Algorithm::Dutch,
        "no" | "nb" | "nn" => Algorithm::Norwegian,
        "sv" => Algorithm::Swedish,
        "da" => Algorithm::Danish,
        "fi" => Algorithm::Finnish,
        "ru" => Algorithm::Russian,
        _ => return None,
    })
}

fn fold_apostrophe(word: &str) -> String {
    word.replace(['’', 'ʼ', '‘'], "'")
}

/// Whether a character is a quotation mark or an apostrophe of any kind.
pub(super) const fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '“'
            | '”'
            | '„'
            | '‟'
            | '‘'
            | '’'
            | '‚'
            | '‛'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '「'
            | '」'
            | '『'
            | '』'
            | '`'
            | '´'
            | '′'
            | '″'
            | 'ʼ'
    )
}

/// A lower-case letter without its accent; none for combining marks and what is not seen.
pub(super) const fn fold_letter(c: char) -> Option<char> {
    Some(match c {
        '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {
            return None;
        }
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'ì'..='ï' | 'ī' | 'į' | 'ı' => 'i',
        'ł' | 'ľ' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ť' | 'ț' | 'ţ' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ё' => 'е',
        other => other,
    })
}

#[cfg(test)]
mod tests;
