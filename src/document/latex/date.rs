//! The date that a document gives itself.
//!
//! **In:** words such as "5 March 2012". **Out:** `YYYY-MM-DD` as far as it is known.
//! **Not here:** dates within the text.

/// The first letters of the months, in the languages of most documents.
const MONTHS: &[(&str, u8)] = &[
    ("jan", 1),
    ("gen", 1),
    ("ene", 1),
    ("jän", 1),
    ("feb", 2),
    ("fév", 2),
    ("fev", 2),
    ("mar", 3),
    ("mär", 3),
    ("mrz", 3),
    ("apr", 4),
    ("avr", 4),
    ("abr", 4),
    ("may", 5),
    ("mai", 5),
    ("mag", 5),
    ("jun", 6),
    ("juin", 6),
    ("giu", 6),
    ("jul", 7),
    ("juil", 7),
    ("lug", 7),
    ("aug", 8),
    ("aoû", 8),
    ("ago", 8),
    ("sep", 9),
    ("set", 9),
    ("oct", 10),
    ("okt", 10),
    ("ott", 10),
    ("out", 10),
    ("nov", 11),
    ("dec", 12),
    ("dez", 12),
    ("déc", 12),
    ("dic", 12),
];

/// Reads a date as people write it.
pub(super) fn date(text: &str) -> Option<String> {
    let text = text.trim();
    if text.get(4..5) == Some("-")
        && let Some(date) = crate::document::markdown::date(text)
    {
        return Some(date);
    }
    let mut year = None;
    let mut month = None;
    let mut day = None;
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(12)
    {
        let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
        if digits.len() == 4 {
            year = year.or(Some(digits));
        } else if let Ok(number @ 1..=31) = digits.parse::<u8>() {
            day = day.or(Some(number));
        } else if digits.is_empty() {
            let lower = word.to_lowercase();
            let found = MONTHS.iter().find(|(start, _)| lower.starts_with(start));
            month = month.or(found.map(|(_, number)| *number));
        }
    }
    let year = year?;
    Some(match (month, day) {
        (Some(month), Some(day)) => format!("{year}-{month:02}-{day:02}"),
        (Some(month), None) => format!("{year}-{month:02}"),
        _ => year,
    })
}
