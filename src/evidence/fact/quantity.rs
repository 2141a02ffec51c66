//! Quantities in prose: a number with its unit and its bounds ("more than a dozen", "12–15 %").
//!
//! **In:** a place of a text where a numeral or a number word begins. **Out:** what it
//! says, and the bytes it takes, bounds before and unit behind included.
//! **Not here:** dates, and what is counted.

use super::number_word::{self, MAX_WORDS};
use super::token::{self, Token};
use super::unit::{self, Unit};
use crate::document::ByteSpan;
use crate::evidence::terms::value;

/// A number as said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quantity {
    /// The number that is named.
    pub(super) nominal: f64,
    /// The least and the most that it says: "more than 12" has no most.
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) unit: Unit,
    pub(super) ordinal: bool,
    /// A number word, or bounded: it may be said in another way than by this number.
    pub(super) worded: bool,
}

/// Values that are equal but for what binary fractions make of them.
const SAME: f64 = 1e-9;
/// How far two values may be apart that are measured in different units, or rounded.
const ROUNDED: f64 = 0.02;
/// What "about" takes in on either side.
const ABOUT: f64 = 0.1;

impl Quantity {
    /// Whether the source's quantity says what the claim's (`self`) says.
    pub(super) fn agrees(&self, source: &Self) -> bool {
        if self.ordinal != source.ordinal || !self.unit.comparable(source.unit) {
            return false;
        }
        let (mine, theirs) = (
            self.nominal * self.unit.factor(),
            source.nominal * source.unit.factor(),
        );
        let converted = (self.unit.factor() - source.unit.factor()).abs() > SAME;
        let near =
            |tolerance: f64| (mine - theirs).abs() <= tolerance * mine.abs().max(theirs.abs());
        if near(SAME) || (converted && near(ROUNDED)) {
            return true;
        }
        if self.ordinal {
            return false;
        }
        let factor = source.unit.factor() / self.unit.factor();
        let (low, high) = (source.low * factor, source.high * factor);
        // "more than a dozen" takes in 17, but nobody would say it of 500.
        let most = self.high.min(self.low.max(self.nominal) * 2.0);
        let bounded = self.low < self.nominal || self.high > self.nominal;
        let reach = if high.is_finite() {
            high
        } else {
            theirs / self.unit.factor()
        };
        (bounded && self.low <= low && reach <= most)
            || rounds_to(source.nominal * factor, self.nominal)
    }

    /// Whether both cannot hold of one thing.
    pub(super) fn excludes(&self, source: &Self) -> bool {
        if self.ordinal != source.ordinal
            || !self.unit.comparable(source.unit)
            || self.agrees(source)
            || source.agrees(self)
        {
            return false;
        }
        let factor = source.unit.factor() / self.unit.factor();
        source.high * factor < self.low || source.low * factor > self.high
    }
}

/// "4.5 million" for 4,512,300: the claim's digits are the source's, rounded.
fn rounds_to(exact: f64, round: f64) -> bool {
    if round < 10.0 || (exact - round).abs() > ROUNDED * round {
        return false;
    }
    let mut step = 1.0;
    while step * 10.0 <= round && (round / (step * 10.0)).fract() < SAME {
        step *= 10.0;
    }
    ((exact / step).round() * step - round).abs() < SAME * round
}

/// The quantity that begins with the token, if one does.
pub(super) fn at(text: &str, first: &Token<'_>, language: &str) -> Option<(Quantity, ByteSpan)> {
    let (mut number, mut end) = if first.digits {
        numeral(text, first, language)?
    } else {
        words(text, first, language)?
    };
    let mut start = first.start;
    let currency = unit::before(text.get(..first.start)?).filter(|_| first.digits);
    if let Some((unit, length)) = currency {
        number.unit = unit;
        start -= length;
    }
    if let Some((second, behind)) = range(text, first, &number, start, end, language) {
        number.high = second.nominal;
        if second.scale > 1.0 && number.nominal < second.nominal / second.scale {
            // "2–3 million"
            number.nominal *= second.scale;
            number.low = number.nominal;
        }
        end = behind;
    }
    if number.unit == Unit::None
        && !number.ordinal
        && let Some((unit, behind)) = unit_behind(text, end)
    {
        number.unit = unit;
        end = behind;
    }
    if !number.ordinal {
        start = bounds(text, start, &mut number, language);
    }
    Some((number.settled(), ByteSpan::new(start, end)))
}

/// A quantity in the making.
#[derive(Clone, Copy)]
struct Number {
    nominal: f64,
    low: f64,
    high: f64,
    scale: f64,
    unit: Unit,
    ordinal: bool,
    worded: bool,
}

impl Number {
    const fn new(nominal: f64) -> Self {
        Self {
            nominal,
            low: nominal,
            high: nominal,
            scale: 1.0,
            unit: Unit::None,
            ordinal: false,
            worded: false,
        }
    }

    const fn scaled(mut self, scale: f64) -> Self {
        self.nominal *= scale;
        self.low *= scale;
        self.high *= scale;
        self.scale = scale;
        self
    }

    const fn settled(self) -> Quantity {
        Quantity {
            nominal: self.nominal,
            low: self.low,
            high: self.high,
            unit: self.unit,
            ordinal: self.ordinal,
            worded: self.worded,
        }
    }
}

fn numeral(text: &str, first: &Token<'_>, language: &str) -> Option<(Number, usize)> {
    let before = text.get(..first.start)?.chars().next_back();
    // "H1N1", "A-4", "v2.0", "10:30": figures that count nothing.
    if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '/' | '#' | '@' | ':')) {
        return None;
    }
    let plain: String = first
        .text
        .chars()
        .filter(|c| !matches!(c, '\u{a0}' | '\u{202f}' | '\u{2009}' | ' '))
        .collect();
    let nominal: f64 = value::number(&plain, language)?.parse().ok()?;
    let mut number = Number::new(nominal);
    let rest = text.get(first.end..)?;
    let suffix_len = rest.len() - rest.trim_start_matches(char::is_alphanumeric).len();
    let suffix = rest.get(..suffix_len.min(16))?;
    let clock = rest.starts_with(':') && rest[1..].starts_with(|c: char| c.is_ascii_digit());
    if clock
        || (suffix_len == 0
            && rest.starts_with('/')
            && rest[1..].starts_with(char::is_alphanumeric))
    {
        return None;
    }
    let mut end = first.end;
    match suffix.to_lowercase().as_str() {
        "" => {
            let (scaled, behind) = scale_word(text, end, number);
            number = scaled;
            end = behind;
        }
        "st" | "nd" | "rd" | "th" | "er" | "e" | "è" | "ème" | "ère" | "º" | "ª" | "ste" | "de"
        | "°" => {
            number.ordinal = true;
            end += suffix_len;
        }
        "k" => {
            number = number.scaled(1e3);
            end += suffix_len;
        }
        "bn" => {
            number = number.scaled(1e9);
            end += suffix_len;
        }
        "mn" | "mio" | "mln" => {
            number = number.scaled(1e6);
            end += suffix_len;
        }
        "m" if unit::before(text.get(..first.start)?).is_some() => {
            number = number.scaled(1e6);
            end += suffix_len;
        }
        "s" => return None,
        other => {
            let (unit, _) = unit::after(&[other], true)?;
            number.unit = unit;
            end += suffix_len;
        }
    }
    Some((number, end))
}

/// "million" and its like behind a numeral.
fn scale_word(text: &str, end: usize, number: Number) -> (Number, usize) {
    if let Some(word) = token::following(text, end, 1).first()
        && !word.digits
        && word.start - end <= 2
        && let Some(places) = value::scale(&word.lower())
        && let Ok(places) = i32::try_from(places)
    {
        return (number.scaled(10f64.powi(places)), word.end);
    }
    (number, end)
}

fn words(text: &str, first: &Token<'_>, language: &str) -> Option<(Number, usize)> {
    let tokens = token::following(text, first.start, MAX_WORDS + 1);
    let lower: Vec<String> = tokens.iter().map(Token::lower).collect();
    let words: Vec<&str> = lower.iter().map(String::as_str).collect();
    let phrase = |count: usize| {
        let end = tokens
            .get(count.saturating_sub(1))
            .map_or(first.end, |last| last.end);
        text.get(first.start..end).unwrap_or("").to_lowercase()
    };
    let (worded, used) = number_word::read(&words, phrase, language)?;
    // "one" is a pronoun and an article; what is none of anything is said otherwise.
    if worded.value < 2.0 || (worded.ordinal && worded.value < 3.0) {
        return None;
    }
    let end = tokens.get(used.checked_sub(1)?)?.end;
    let number = Number {
        high: worded.most,
        ordinal: worded.ordinal,
        worded: true,
        ..Number::new(worded.value)
    };
    Some((number, end))
}

/// The second number of a range, and where it ends.
fn range(
    text: &str,
    first: &Token<'_>,
    number: &Number,
    start: usize,
    end: usize,
    language: &str,
) -> Option<(Number, usize)> {
    if number.ordinal
        || !first.digits
        || number.unit != Unit::None && unit::before(text.get(..first.start)?).is_none()
    {
        return None;
    }
    let rest = text.get(end..)?;
    let dash = ["–", "-", "—", " – ", " - "]
        .into_iter()
        .find(|gap| rest.starts_with(gap));
    let word = [
        " to ", " and ", " bis ", " und ", " à ", " et ", " a ", " y ", " e ", " tot ", " en ",
        " до ",
    ]
    .into_iter()
    .find(|gap| rest.starts_with(gap));
    let gap = dash.or_else(|| {
        let between = token::preceding(text, start, 1)
            .first()
            .is_some_and(|before| {
                matches!(
                    before.lower().as_str(),
                    "between"
                        | "from"
                        | "zwischen"
                        | "von"
                        | "entre"
                        | "de"
                        | "tra"
                        | "da"
                        | "tussen"
                        | "van"
                        | "от"
                        | "между"
                )
            });
        // "12 to 15" is a range by itself; "12 and 15" is two numbers.
        word.filter(|gap| between || matches!(*gap, " to " | " bis " | " à " | " tot " | " до "))
    })?;
    let mut at = end + gap.len();
    let sign = text
        .get(at..)?
        .chars()
        .next()
        .filter(|c| unit::sign(*c).is_some());
    at += sign.map_or(0, char::len_utf8);
    let second = token::next(text, at, false).filter(|token| token.digits && token.start == at)?;
    // A dash stands between two years, goals, pages; a range rises.
    let (second, behind) = numeral_after_dash(text, &second, language)?;
    let rises = second.nominal > number.nominal
        || (second.scale > 1.0 && second.nominal > number.nominal * second.scale);
    (rises && !second.ordinal && second.unit == Unit::None).then_some((second, behind))
}

fn numeral_after_dash(text: &str, token: &Token<'_>, language: &str) -> Option<(Number, usize)> {
    let nominal: f64 = value::number(token.text, language)?.parse().ok()?;
    let rest = text.get(token.end..)?;
    if rest.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    // "555-1234-99": no range, a number of a telephone.
    if rest.starts_with(['-', '–']) && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    Some(scale_word(text, token.end, Number::new(nominal)))
}

fn unit_behind(text: &str, end: usize) -> Option<(Unit, usize)> {
    let rest = text.get(end..)?;
    let spaced = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let gap = rest.len() - spaced.len();
    if gap <= 3
        && let Some(c) = spaced.chars().next()
        && let Some(unit) = unit::sign(c)
    {
        return Some((unit, end + gap + c.len_utf8()));
    }
    for (written, unit) in [("km/h", "km/h"), ("°C", "°c"), ("°F", "°f"), ("° C", "°c")] {
        if gap <= 3 && spaced.starts_with(written) {
            let (unit, _) = unit::after(&[unit], false)?;
            return Some((unit, end + gap + written.len()));
        }
    }
    let mut tokens = token::following(text, end, 3);
    // "millions d'euros", "millones de euros"
    let joined = tokens
        .first()
        .is_some_and(|token| matches!(token.lower().as_str(), "de" | "di" | "of"));
    if joined {
        tokens.remove(0);
    }
    let lower: Vec<String> = tokens
        .iter()
        .map(|token| {
            token
                .lower()
                .trim_start_matches("d'")
                .trim_start_matches("d’")
                .to_owned()
        })
        .collect();
    let words: Vec<&str> = lower.iter().map(String::as_str).collect();
    let (unit, used) = unit::after(&words, false)?;
    // "12 of years" is no duration; after a joining word only money follows.
    if joined && !matches!(unit, Unit::Money(_)) {
        return None;
    }
    Some((unit, tokens.get(used.checked_sub(1)?)?.end))
}

/// Reads the words before a number that bound it; gives where the quantity begins now.
fn bounds(text: &str, start: usize, number: &mut Number, language: &str) -> usize {
    let tokens = token::preceding(text, start, 3);
    let lower: Vec<String> = tokens.iter().map(Token::lower).collect();
    let near = |back: usize| lower.get(back).map_or("", String::as_str);
    for used in [3, 2, 1] {
        let Some(from) = tokens.get(used - 1).map(|token| token.start) else {
            continue;
        };
        let words: Vec<&str> = (0..used).rev().map(near).collect();
        let Some(bound) = bound(&words.join(" "), language) else {
            continue;
        };
        match bound {
            Bound::More => number.high = f64::INFINITY,
            Bound::Less => {
                number.high = number.nominal;
                number.low = 0.0;
            }
            Bound::About => {
                number.low = number.low.min(number.nominal) * (1.0 - ABOUT);
                number.high *= 1.0 + ABOUT;
            }
            Bound::Nearly => number.low = number.nominal * (1.0 - ABOUT),
        }
        number.worded = true;
        return from;
    }
    start
}

#[derive(Clone, Copy)]
enum Bound {
    More,
    Less,
    About,
    Nearly,
}

fn bound(words: &str, language: &str) -> Option<Bound> {
    Some(match words {
        "more than" | "over" | "at least" | "no fewer than" | "not less than" | "upwards of"
        | "above" | "exceeding" | "mehr als" | "über" | "mindestens" | "wenigstens" | "plus de"
        | "au moins" | "más de" | "al menos" | "por lo menos" | "più di" | "oltre" | "almeno"
        | "meer dan" | "minstens" | "ruim" | "mais de" | "pelo menos" | "более" | "более чем"
        | "больше" | "свыше" | "не менее" | "mer enn" | "minst" => Bound::More,
        "fewer than" | "less than" | "under" | "at most" | "up to" | "no more than" | "below"
        | "weniger als" | "unter" | "höchstens" | "bis zu" | "moins de" | "jusqu'à" | "au plus"
        | "menos de" | "hasta" | "meno di" | "fino a" | "minder dan" | "hoogstens" | "até"
        | "менее" | "меньше" | "не более" => Bound::Less,
        "about" | "around" | "approximately" | "some" | "roughly" | "circa" | "ca"
        | "an estimated" | "estimated" | "etwa" | "rund" | "ungefähr" | "zirka" | "environ"
        | "quelque" | "unos" | "unas" | "alrededor de" | "aproximadamente" | "cerca de"
        | "circa di" | "all'incirca" | "ongeveer" | "omstreeks" | "около" | "примерно"
        | "порядка" | "om lag" | "rundt" => Bound::About,
        // In German and French "nearly" has words of its own that are common elsewhere.
        "nearly" | "almost" | "close to" | "fast" | "knapp" | "beinahe" | "près de" | "presque"
        | "casi" | "quasi" | "bijna" | "почти" | "nesten" => {
            if words == "fast" && language == "en" {
                return None;
            }
            Bound::Nearly
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
