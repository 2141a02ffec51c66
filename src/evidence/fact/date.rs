//! Dates in prose, in whatever notation.
//!
//! **In:** a place of a text. **Out:** the date that begins there, and where it ends.
//! **Not here:** times of day, "yesterday", and other calendars.

use super::token;
use crate::evidence::terms::value::month;

/// A date as far as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct DateValue {
    pub(super) year: Option<i16>,
    pub(super) month: Option<u8>,
    pub(super) day: Option<u8>,
    /// Last day of a span of days within one month.
    pub(super) last_day: Option<u8>,
    /// "3/4/2012": which is the month is not said.
    pub(super) either_way: bool,
    /// "the 1990s".
    pub(super) decade: bool,
}

/// How a date of the source stands to one of the claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Agreement {
    /// All that the claim tells.
    Full,
    /// Day and month agree; the source tells no year there.
    YearOpen,
    None,
}

impl DateValue {
    const fn of_year(year: i16) -> Self {
        Self {
            year: Some(year),
            month: None,
            day: None,
            last_day: None,
            either_way: false,
            decade: false,
        }
    }

    /// What the claim's date (`self`) has of the source's.
    pub(super) fn agreement(&self, source: &Self) -> Agreement {
        let days = self.day_agrees(source.day, source.month, source.last_day)
            || (source.either_way && self.day_agrees(source.month, source.day, None))
            || (self.either_way
                && self
                    .turned()
                    .day_agrees(source.day, source.month, source.last_day));
        if !days {
            return Agreement::None;
        }
        match (self.year, source.year) {
            (None, _) => Agreement::Full,
            (Some(mine), Some(theirs)) if self.decade => {
                let same = mine.div_euclid(10) == theirs.div_euclid(10);
                if same {
                    Agreement::Full
                } else {
                    Agreement::None
                }
            }
            (Some(mine), Some(theirs)) if mine == theirs && !source.decade => Agreement::Full,
            (Some(_), None) if self.month.is_some() => Agreement::YearOpen,
            (Some(_), _) => Agreement::None,
        }
    }

    const fn turned(&self) -> Self {
        Self {
            day: self.month,
            month: self.day,
            ..*self
        }
    }

    fn day_agrees(&self, day: Option<u8>, month: Option<u8>, last: Option<u8>) -> bool {
        if self.month.is_some() && self.month != month {
            return false;
        }
        match (self.day, self.last_day, day) {
            (None, _, _) => true,
            (Some(_), _, None) => false,
            (Some(mine), None, Some(theirs)) => {
                mine == theirs || (last.is_some() && last == self.day)
            }
            (Some(first), Some(last), Some(theirs)) => (first..=last).contains(&theirs),
        }
    }

    /// Whether both tell the same parts of a date, and differ in one of them.
    pub(super) fn differs_in_kind(&self, source: &Self) -> bool {
        !self.either_way
            && !source.either_way
            && self.decade == source.decade
            && self.year.is_some() == source.year.is_some()
            && self.month.is_some() == source.month.is_some()
            && self.day.is_some() == source.day.is_some()
            && self.last_day.is_none()
            && source.last_day.is_none()
            && self != source
    }

    fn checked(self) -> Option<Self> {
        let month = i8::try_from(self.month?).ok()?;
        let day = i8::try_from(self.day?).ok()?;
        // 29 February is a day where no year is told.
        jiff::civil::Date::new(self.year.unwrap_or(2000), month, day).ok()?;
        Some(self)
    }
}

/// The date that begins at `start`, where a word or a numeral begins, and where it ends.
pub(super) fn at(text: &str, start: usize) -> Option<(DateValue, usize)> {
    if text.as_bytes().get(start).is_some_and(u8::is_ascii_digit) {
        numeric(text, start)
            .or_else(|| day_first(text, start))
            .or_else(|| year_alone(text, start))
    } else {
        month_first(text, start)
    }
}

/// Plain digits at a place: their value, how many.
fn digits(text: &str, at: usize) -> Option<(u16, usize)> {
    let rest = text.get(at..)?;
    let count = rest.bytes().take(5).take_while(u8::is_ascii_digit).count();
    if count == 0 || count > 4 {
        return None;
    }
    Some((rest.get(..count)?.parse().ok()?, count))
}

/// "2012-03-20", "20.3.2012", "20/03/12", "2012年3月20日".
fn numeric(text: &str, start: usize) -> Option<(DateValue, usize)> {
    let (first, first_len) = digits(text, start)?;
    let (gap, second_at) = separator(text, start + first_len)?;
    let (second, second_len) = digits(text, second_at)?;
    let (gap_two, third_at) = separator(text, second_at + second_len)?;
    let (third, third_len) = digits(text, third_at)?;
    let end = third_at + third_len;
    let behind = text.get(end..).unwrap_or("");
    if second_len > 2 || behind.starts_with(|c: char| c.is_alphabetic() && c != '日' && c != 'T') {
        return None;
    }
    if first_len == 4 && third_len <= 2 && gap == gap_two || (gap == '年' && gap_two == '月') {
        let end = end
            + if behind.starts_with('日') {
                '日'.len_utf8()
            } else {
                0
            };
        let date = DateValue {
            day: u8::try_from(third).ok(),
            month: u8::try_from(second).ok(),
            ..DateValue::of_year(i16::try_from(first).ok()?)
        };
        return Some((date.checked()?, end));
    }
    if first_len > 2 || gap != gap_two {
        return None;
    }
    let year = match third_len {
        4 if (1000..2200).contains(&third) => third,
        // A year of two digits stands in dates with points and strokes only.
        2 if matches!(gap, '.' | '/') => third + if third < 50 { 2000 } else { 1900 },
        _ => return None,
    };
    // A further part: a version number, an address.
    if behind.starts_with(['.', '/', '-']) && behind[1..].starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let (day, month, either_way) = match (first, second) {
        (1..=12, 1..=12) if gap == '/' && first != second => (first, second, true),
        (_, 13..) => (second, first, false),
        _ => (first, second, false),
    };
    let date = DateValue {
        day: u8::try_from(day).ok(),
        month: u8::try_from(month).ok(),
        either_way,
        ..DateValue::of_year(i16::try_from(year).ok()?)
    };
    Some((date.checked()?, end))
}

/// What sets the parts of a date in figures apart, and where the next part begins.
fn separator(text: &str, at: usize) -> Option<(char, usize)> {
    let c = text.get(at..)?.chars().next()?;
    let behind = at + c.len_utf8();
    match c {
        '-' | '‑' => Some(('-', behind)),
        '/' | '年' | '月' => Some((c, behind)),
        '.' => {
            let space = text.get(behind..)?.starts_with([' ', '\u{a0}']);
            let width = text.get(behind..)?.chars().next().map_or(0, char::len_utf8);
            Some(('.', behind + if space { width } else { 0 }))
        }
        _ => None,
    }
}

/// "20 March 2012", "20th of March", "20 de marzo de 2012", "14–16 March".
fn day_first(text: &str, start: usize) -> Option<(DateValue, usize)> {
    let (day, after) = day(text, start)?;
    let mut last_day = None;
    let mut at = after;
    if let Some((second, behind)) = span_of_days(text, after)
        && second > day
    {
        last_day = Some(second);
        at = behind;
    }
    let (month, after_month) = month_at(text, at)?;
    let (year, end) = match year_after(text, after_month) {
        Some((year, end)) => (Some(year), end),
        None => (None, after_month),
    };
    let date = DateValue {
        year,
        month: Some(month),
        day: Some(day),
        last_day,
        ..DateValue::default()
    };
    Some((date.checked()?, end))
}

/// A day in figures with what may be written to it.
fn day(text: &str, start: usize) -> Option<(u8, usize)> {
    let (day, count) = digits(text, start)?;
    if count > 2 || !(1..=31).contains(&day) {
        return None;
    }
    let mut end = start + count;
    let rest = text.get(end..)?;
    for suffix in ["st", "nd", "rd", "th", "er", "ère", "º", "°", "ª", "."] {
        if rest.starts_with(suffix) {
            end += suffix.len();
            break;
        }
    }
    Some((u8::try_from(day).ok()?, end))
}

fn span_of_days(text: &str, at: usize) -> Option<(u8, usize)> {
    let rest = text.get(at..)?;
    let gap = [
        "–", "-", " – ", " - ", "/", " to ", " and ", " bis ", " und ", " y ", " et ", " e ",
        " en ",
    ]
    .into_iter()
    .find(|gap| rest.starts_with(gap) && digits(text, at + gap.len()).is_some())?;
    day(text, at + gap.len())
}

/// A month's name within a few marks or small words.
fn month_at(text: &str, at: usize) -> Option<(u8, usize)> {
    let mut from = at;
    for _ in 0..2 {
        let token = token::next(text, from, false)?;
        let gap = text.get(from..token.start)?;
        if token.digits || !matches!(gap, "" | " " | "\u{a0}" | "-" | ". " | ".-" | "/") {
            return None;
        }
        let lower = token.lower();
        if let Some(month) = month(&lower) {
            return Some((month, token.end));
        }
        if !matches!(lower.as_str(), "of" | "de" | "den" | "d" | "di" | "in") {
            return None;
        }
        from = token.end;
    }
    None
}

/// A year of four figures behind a day or month.
fn year_after(text: &str, at: usize) -> Option<(i16, usize)> {
    let rest = text.get(at..)?;
    let gap = [
        " ", "\u{a0}", ", ", " de ", " del ", " of ", ". ", "-", ".", " in ", " ’", "/", ",",
    ]
    .into_iter()
    .find(|gap| {
        rest.strip_prefix(gap)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    })?;
    let (year, count) = digits(text, at + gap.len())?;
    let end = at + gap.len() + count;
    let plain = !text
        .get(end..)?
        .starts_with(|c: char| c.is_alphanumeric() || c == '%');
    (count == 4 && plain && (1000..2200).contains(&year))
        .then_some((i16::try_from(year).ok()?, end))
}

/// "March 20, 2012", "Mar. 20th", "March 2012", "March".
fn month_first(text: &str, start: usize) -> Option<(DateValue, usize)> {
    let word = token::next(text, start, false)?;
    let month = month(&word.lower())?;
    let mut after = word.end;
    if text.get(after..)?.starts_with('.') && word.text.chars().count() <= 5 {
        after += 1;
    }
    if let Some((year, end)) = year_after(text, after).or_else(|| year_after(text, word.end)) {
        let date = DateValue {
            month: Some(month),
            ..DateValue::of_year(year)
        };
        return Some((date, end));
    }
    let rest = text.get(after..)?;
    let gap = [" the ", " ", "\u{a0}", "-"]
        .into_iter()
        .find(|gap| rest.starts_with(gap));
    if let Some(gap) = gap
        && let Some((day, mut after_day)) = day(text, after + gap.len())
        && !text
            .get(after_day..)?
            .starts_with(|c: char| c.is_alphanumeric() || matches!(c, ':' | '%'))
    {
        if text.get(after_day..)?.starts_with("th") {
            after_day += 2;
        }
        let dotted = text.as_bytes().get(after_day.saturating_sub(1)) == Some(&b'.');
        let year = year_after(text, after_day);
        // "on March 5. The …": the point ends the sentence.
        let end = year.map_or(after_day - usize::from(dotted), |(_, end)| end);
        let date = DateValue {
            year: year.map(|(year, _)| year),
            month: Some(month),
            day: Some(day),
            ..DateValue::default()
        };
        return Some((date.checked()?, end));
    }
    // A lone month needs more than three letters and a capital: "may", "mar" and "march" are words.
    let long = word.text.chars().count() > 3 && word.capital();
    let inside = !super::super::terms::starts_sentence(text, start);
    (long && inside).then_some((
        DateValue {
            month: Some(month),
            ..DateValue::default()
        },
        word.end,
    ))
}

/// "2012", "the 1990s".
fn year_alone(text: &str, start: usize) -> Option<(DateValue, usize)> {
    let (year, count) = digits(text, start)?;
    if count != 4 || !(1000..2200).contains(&year) {
        return None;
    }
    let end = start + count;
    let mut date = DateValue::of_year(i16::try_from(year).ok()?);
    let rest = text.get(end..)?;
    let round = year % 10 == 0;
    for ending in ["s", "’s", "'s", "er-Jahre", "er Jahre", "er"] {
        if round
            && rest.starts_with(ending)
            && !rest[ending.len()..].starts_with(char::is_alphanumeric)
        {
            date.decade = true;
            return Some((date, end + ending.len()));
        }
    }
    let mut chars = rest.chars();
    match (chars.next(), chars.next()) {
        (Some(c), _) if c.is_alphanumeric() || matches!(c, '%' | '°' | '€' | '$' | '£') => None,
        (Some('.' | ',' | ':' | '\'' | '’'), Some(next)) if next.is_ascii_digit() => None,
        _ => Some((date, end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, String)> {
        let start = text.find(char::is_alphanumeric)?;
        let (date, end) = at(text, start)?;
        let part = |part: Option<u8>| part.map_or("??".to_owned(), |part| format!("{part:02}"));
        let year = date.year.map_or("????".to_owned(), |year| year.to_string());
        let told = format!("{year}-{}-{}", part(date.month), part(date.day));
        Some((told, text[start..end].to_owned()))
    }

    #[test]
    fn one_day_in_many_notations() {
        for text in [
            "2012-03-20",
            "2012/03/20",
            "20.3.2012",
            "20.03.12",
            "20/03/2012",
            "20-03-2012",
            "3/20/2012",
            "20. 3. 2012",
            "20 March 2012",
            "20th March, 2012",
            "20th of March 2012",
            "March 20, 2012",
            "March 20th, 2012",
            "Mar. 20, 2012",
            "20 Mar 2012",
            "20-Mar-2012",
            "March the 20th, 2012",
            "20. März 2012",
            "20 mars 2012",
            "20 de marzo de 2012",
            "20 marzo 2012",
            "20 maart 2012",
            "20 de março de 2012",
            "20 марта 2012",
            "20. mars 2012",
            "20 marca 2012",
            "2012年3月20日",
        ] {
            assert_eq!(
                read(text),
                Some(("2012-03-20".to_owned(), text.to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn a_date_is_told_as_far_as_it_goes() {
        fn check(text: &str, value: &str, words: &str) {
            assert_eq!(
                read(text),
                Some((value.to_owned(), words.to_owned())),
                "{text}"
            );
        }
        check("March 2012 was", "2012-03-??", "March 2012");
        check("1er mars 2012", "2012-03-01", "1er mars 2012");
        check("marzo de 2012", "2012-03-??", "marzo de 2012");
        check("14 March he", "????-03-14", "14 March");
        check("14–16 March 2012", "2012-03-14", "14–16 March 2012");
        check("March 5. The", "????-03-05", "March 5");
        check("2012, the", "2012-??-??", "2012");
        check("1990s were", "1990-??-??", "1990s");
        check("3/4/2012", "2012-04-03", "3/4/2012");
    }

    #[test]
    fn numbers_that_are_no_dates() {
        for text in [
            "1.2.3.4",
            "31.2.2012",
            "2012.5",
            "may go",
            "2500",
            "12,000",
            "20 boats",
            "march on",
            "1.2",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn dates_agree_as_far_as_the_claim_goes() {
        fn check(claim: &str, source: &str, expected: Agreement) {
            let (claim, source) = (at(claim, 0).unwrap().0, at(source, 0).unwrap().0);
            assert_eq!(claim.agreement(&source), expected, "{claim:?} {source:?}");
        }
        check("March 2012", "20 March 2012", Agreement::Full);
        check("2012", "20 March 2012", Agreement::Full);
        check("20 March 2012", "March 2012", Agreement::None);
        check("20 March 2012", "20 March", Agreement::YearOpen);
        check("20 March 2012", "20 March 2013", Agreement::None);
        check("3/4/2012", "4 March 2012", Agreement::Full);
        check("4 April 2012", "3/4/2012", Agreement::None);
        check("14–16 March", "15 March 2012", Agreement::Full);
        check("1990s", "1994", Agreement::Full);
        check("1990", "1990s", Agreement::None);
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "[0-9./年月日 a-zMärch–-]{0,24}") {
            for (start, _) in text.char_indices() {
                if let Some((_, end)) = at(&text, start) {
                    proptest::prop_assert!(text.get(start..end).is_some());
                }
            }
        }
    }
}
