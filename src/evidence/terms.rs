//! A text as terms that can be compared: words by their stems, numbers and dates by their values.
//!
//! **In:** a text and its language. **Out:** [`Term`]s with the bytes they stand on.
//! **Not here:** weights, and any meaning beyond the word: no synonyms, no entities.
//!
//! A date becomes its parts (month and day, month, year), because a source often
//! has "14 March" in one place and the year in another.

mod asked;
mod lexicon;
mod reader;
pub(super) mod stop_words;
pub(super) mod value;
mod words;

use crate::document::ByteSpan;
pub(super) use asked::{Asked, Keys};
use lexicon::{Form, Lexicon};
use reader::Reader;
use std::collections::HashMap;
use stop_words::StopWords;
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

/// A term's place in a long text, its key still unsaid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Says which key, with [`Read`].
    pub(super) id: Id,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) position: u32,
}

/// A distinct word, or, with the highest bit, one of the keys that are of no single word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id(u32);

impl Id {
    const OTHER: u32 = 1 << 31;
}

/// A text's terms, and its distinct words.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) places: Vec<Place>,
    forms: Vec<Form>,
    /// Keys of dates and of numbers that take more than one word.
    others: Vec<String>,
}

/// Makes terms of one language.
#[derive(Debug)]
pub(super) struct Tokenizer {
    language: String,
    algorithm: Option<Algorithm>,
    stop_words: &'static StopWords,
}

/// A word of a text.
#[derive(Debug, Clone, Copy)]
struct Word {
    start: u32,
    form: u32,
}

/// Spaces that set thousands apart.
const THIN: [char; 3] = ['\u{a0}', '\u{202f}', '\u{2009}'];

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
        }
    }

    /// The terms of a short text in reading order; stop words left out.
    pub(super) fn terms(&self, text: &str) -> Vec<Term> {
        let read = self.read(text);
        let term = |place: &Place| {
            let span = ByteSpan::new(place.start as usize, place.end as usize);
            let key = self.key(&read, place.id, text);
            Term {
                kind: self.kind(place.id, &key, text, span),
                key,
                span,
                position: place.position,
            }
        };
        read.places.iter().map(term).collect()
    }

    /// The terms of a text, however long, without their keys.
    pub(super) fn read(&self, text: &str) -> Read {
        // What lies behind four gigabytes is not looked at.
        let text = text.get(..u32::MAX as usize).unwrap_or(text);
        let mut lexicon = Lexicon::new(text.len());
        let words = self.words(text, &mut lexicon);
        let mut reader = Reader {
            text,
            forms: &lexicon.forms,
            words: &words,
            places: Vec::with_capacity(words.len() / 2 + 8),
            others: Vec::new(),
            numbers: HashMap::new(),
        };
        let mut index = 0;
        while index < words.len() {
            index += reader.term(index, &self.language);
        }
        let (places, others) = (reader.places, reader.others);
        Read {
            places,
            forms: lexicon.forms,
            others,
        }
    }

    fn words(&self, text: &str, lexicon: &mut Lexicon) -> Vec<Word> {
        let mut words: Vec<Word> = Vec::with_capacity(text.len() / 6);
        words::each(text, |start, word| {
            if !word.as_bytes().first().is_some_and(u8::is_ascii_digit) {
                words.push(self.look_up(text, start, word, lexicon));
                return;
            }
            if word.bytes().filter(|b| *b == b'.').count() == 2 {
                // "14.3.2012" is one word to Unicode; three to the grammar of dates.
                let parts: Vec<&str> = word.split('.').collect();
                if parts.iter().all(|part| !part.is_empty() && part.len() != 3) {
                    let mut at = start;
                    for part in parts {
                        words.push(self.look_up(text, at, part, lexicon));
                        at += part.len() + 1;
                    }
                    return;
                }
            }
            // "100 000" with a no-break or thin space between the groups.
            if word.len() == 3
                && let Some(from) = self.group_before(text, start, &words, lexicon)
                && let Some(joined) = text.get(from..start + word.len())
            {
                words.pop();
                words.push(self.look_up(text, from, joined, lexicon));
                return;
            }
            // "2012-03-14T09:30Z": the day and the hour are one word to Unicode.
            let word = match word.split_once('T') {
                Some((day, hour)) if day.len() == 2 && hour.len() == 2 => day,
                _ => word,
            };
            words.push(self.look_up(text, start, word, lexicon));
        });
        words
    }

    fn look_up(&self, text: &str, start: usize, word: &str, lexicon: &mut Lexicon) -> Word {
        Word {
            form: lexicon.number(text, start, word, self.stop_words, &self.language),
            start: u32::try_from(start).unwrap_or(u32::MAX),
        }
    }

    /// Where the numeral begins that a group of three figures at `start` belongs to.
    fn group_before(
        &self,
        text: &str,
        start: usize,
        words: &[Word],
        lexicon: &Lexicon,
    ) -> Option<usize> {
        let last = words.last()?;
        let form = lexicon.forms.get(last.form as usize)?;
        let from = last.start as usize;
        let gap = text.get(from + form.len as usize..start)?;
        let joins = form.numeral
            && form.len <= 11
            && matches!(gap, "\u{a0}" | "\u{202f}" | "\u{2009}")
            && form.text(text).split(THIN).all(|group| group.len() <= 3);
        joins.then_some(from)
    }

    /// A term's key.
    fn key(&self, read: &Read, id: Id, text: &str) -> String {
        if id.0 & Id::OTHER != 0 {
            let other = read.others.get((id.0 & !Id::OTHER) as usize);
            return other.cloned().unwrap_or_default();
        }
        let form = read.forms.get(id.0 as usize);
        form.map_or_else(String::new, |form| self.key_of(form, text))
    }

    fn key_of(&self, form: &Form, text: &str) -> String {
        let word = form.text(text);
        if form.numeral {
            let value = lexicon::numeral(word, &self.language).unwrap_or_default();
            return format!("#{value}");
        }
        let mut lower = String::new();
        lexicon::lower_into(word, &mut lower);
        let lower = lexicon::plain(&mut lower);
        match value::number_word(lower, &self.language) {
            Some(value) => format!("#{value}"),
            None => self.stem(lower),
        }
    }

    fn kind(&self, id: Id, key: &str, text: &str, span: ByteSpan) -> TermKind {
        let word = span.of(text);
        // A word may begin with such a sign where a mark stands on it.
        let date = key.starts_with('@') && id.0 & Id::OTHER != 0;
        if date || (key.starts_with('#') && is_year(word)) {
            TermKind::Date
        } else if key.starts_with('#') {
            TermKind::Number
        } else if word.starts_with(char::is_uppercase) && self.is_name(text, span) {
            TermKind::Name
        } else {
            TermKind::Word
        }
    }

    /// Whether a capital makes a name: not at the start of a sentence, unless all is in capitals.
    /// German writes every noun with a capital; there only capitals throughout tell.
    fn is_name(&self, text: &str, word: ByteSpan) -> bool {
        let letters = word.of(text).chars().filter(|c| c.is_alphabetic());
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

/// Four plain digits that may be a year.
fn is_year(word: &str) -> bool {
    word.len() == 4
        && word.bytes().all(|byte| byte.is_ascii_digit())
        && ("1000"..="2199").contains(&word)
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
