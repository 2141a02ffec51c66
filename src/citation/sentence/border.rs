//! Whether a full stop ends its sentence.
//!
//! **In:** what stands before the stop in its sentence, the stop with what closes
//! after it, what follows, and the language. **Out:** yes or no. **Not here:**
//! stops that always end (`split`), the tables of abbreviations.

use super::abbreviation::{self, Follow};

/// One stop and its surroundings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop<'a> {
    /// The sentence as far as it goes, without the stop.
    pub(super) before: &'a str,
    /// The stop itself.
    pub(super) mark: char,
    /// Further stops, quotation marks or brackets follow it directly.
    pub(super) is_closed: bool,
    /// Further full stops follow it directly: an ellipsis.
    pub(super) is_ellipsis: bool,
    /// The mark of a note stands after it.
    pub(super) has_note: bool,
    /// What follows, without white space before it.
    pub(super) rest: &'a str,
    /// The document's language.
    pub(super) language: Option<&'a str>,
}

/// Bytes that are looked back for a word, which may be an address.
const LOOK_BACK: usize = 1024;

/// Marks that may stand before the first letter of a sentence.
const OPENING: &[char] = &[
    '“', '"', '\'', '‘', '«', '»', '„', '‚', '(', '[', '{', '¿', '¡', '*', '_', '「', '『', '（',
    '‹', '›', '”', '\u{200f}', '\u{200e}', '\u{200b}',
];

/// Characters of a plain word; what is longer without a space is none.
const MAX_WORD: usize = 40;

/// Whether a sentence ends where no space follows its stop: "it rained.In May". Both words
/// have to be plain ones, so that names of hosts and files stay whole.
pub(super) fn ends_glued(before: &str, rest: &str, language: Option<&str>) -> bool {
    let letters = before
        .chars()
        .rev()
        .take(MAX_WORD)
        .take_while(|c| c.is_lowercase())
        .count();
    let begins = before.chars().rev().nth(letters);
    letters > 2
        && letters < MAX_WORD
        && begins.is_none_or(|c| c.is_whitespace() || OPENING.contains(&c))
        && rest.starts_with(char::is_uppercase)
        && rest.chars().nth(first_word(rest).chars().count()) == Some(' ')
        && abbreviation::opens(&first_word(rest), language)
}

/// Whether the sentence ends here.
pub(super) fn ends(stop: &Stop<'_>) -> bool {
    let opened = stop.rest.trim_start_matches(OPENING);
    let mut letters = opened.chars();
    let Some(first) = letters.next() else {
        return true;
    };
    // "iPhone" and "eBay" may begin a sentence.
    if first.is_lowercase() && !letters.next().is_some_and(char::is_uppercase) {
        return false;
    }
    if !first.is_alphanumeric() {
        // A dash, a bullet, a sign of money: but "etc., etc." and "Mr. &" go on.
        return !matches!(
            first,
            ',' | ';' | ':' | '&' | '/' | '=' | '+' | '%' | ')' | ']'
        );
    }
    if stop.mark == ';' {
        // The Greek question mark looks like a semicolon.
        return first.is_uppercase();
    }
    if stop.mark != '.' || stop.is_ellipsis || stop.is_closed {
        return true;
    }
    let word = last_word(stop.before);
    if word.contains("://") || word.contains('@') || word.is_empty() {
        return true;
    }
    !is_label(stop.before, word) && ends_after(stop, word, opened, first)
}

fn ends_after(stop: &Stop<'_>, word: &str, rest: &str, first: char) -> bool {
    let next = first_word(rest);
    let language = stop.language;
    let opener = || abbreviation::opens(&next, language) && first.is_uppercase();
    // A note's mark after a short word shows that a sentence ended there.
    let may_end = || opener() || (stop.has_note && first.is_uppercase());
    let lower = word.to_lowercase();
    let pair = spaced_pair(stop.before, word, &lower);
    let short = pair
        .as_deref()
        .and_then(|pair| abbreviation::follow(pair, language));
    // The first half of "z. B." or "p. ej.".
    if word.chars().count() <= 3
        && rest.chars().nth(next.chars().count()) == Some('.')
        && abbreviation::follow(&format!("{lower}.{next}"), language).is_some()
    {
        return false;
    }
    let is_initial = is_one_letter(word) && !first_is_lower(word);
    let short = short.or_else(|| {
        // "P. F. Chang" has initials, "p. 5" a page.
        let known = abbreviation::follow(&lower, language);
        match language {
            Some("fr" | "es" | "pt") if is_initial => {
                known.filter(|follow| *follow == Follow::Never)
            }
            None | Some("en") if is_initial => None,
            _ if is_initial && !first.is_numeric() => None,
            _ => known,
        }
    });
    match short {
        Some(Follow::Never) => return false,
        Some(Follow::Number) if first.is_numeric() || is_roman(&next, rest) => return false,
        Some(Follow::Number) => return true,
        Some(Follow::Opener) => return may_end(),
        None => {}
    }
    if is_initial {
        return may_end();
    }
    if is_one_letter(word) {
        // "c. 1850"; but "grade b. Then" ends.
        return !first.is_numeric();
    }
    let dotted = word.contains('.')
        && word.split('.').all(|part| {
            (1..=2).contains(&part.chars().count()) && part.chars().all(char::is_alphabetic)
        });
    if dotted {
        return may_end();
    }
    if word.chars().all(|c| c.is_ascii_digit()) {
        if language.is_none() && word.len() <= 2 && abbreviation::is_month(&next) {
            return false;
        }
        // "Abs. 3. Der": what a reference counts is no ordinal.
        let counted = word_before(stop.before, word)
            .is_some_and(|before| abbreviation::follow(&before.to_lowercase(), language).is_some());
        return counted
            || word.len() > 3
            || !abbreviation::has_dotted_ordinals(language)
            || may_end();
    }
    if abbreviation::has_dotted_ordinals(language) && word.len() > 1 && is_roman(&lower, word) {
        return may_end();
    }
    true
}

/// "1. Introduction", "IV. Results", "Figure 3. Rain": a number that labels what follows.
fn is_label(before: &str, word: &str) -> bool {
    if before.len() > LOOK_BACK {
        return false;
    }
    let mut words = before.split_whitespace();
    let (first, second, third) = (words.next(), words.next(), words.next());
    let numbered = word.chars().all(|c| c.is_ascii_digit() || c == '.')
        || (word.len() <= 4 && is_roman(&word.to_lowercase(), word))
        || is_one_letter(word);
    match (first, second, third) {
        (Some(_), None, _) => numbered && word.len() <= 7,
        (Some(kind), Some(_), None) => {
            word.len() <= 3
                && word.chars().all(|c| c.is_ascii_digit())
                && kind.trim_end_matches('.').chars().count() > 2
        }
        _ => false,
    }
}

fn last_word(before: &str) -> &str {
    // A text without spaces would be searched from its start at every stop.
    let near = before.len().saturating_sub(LOOK_BACK);
    before
        .get(before.ceil_char_boundary(near)..)
        .unwrap_or(before)
        .rsplit(|c: char| c.is_whitespace() || c == '—' || c == '–' || OPENING.contains(&c))
        .next()
        .unwrap_or("")
}

/// "z. B", "т. е": the last two words, where the first ends in a stop, as one abbreviation.
fn spaced_pair(before: &str, word: &str, lower: &str) -> Option<String> {
    let rest = before.strip_suffix(word)?;
    let rest = rest
        .trim_end_matches([' ', '\u{a0}', '\u{202f}', '\u{2009}'])
        .strip_suffix('.')?;
    let first = last_word(rest);
    (first.chars().count() <= 3).then(|| format!("{}.{lower}", first.to_lowercase()))
}

/// The word before the last, without its stop, where it has one.
fn word_before<'a>(before: &'a str, word: &str) -> Option<&'a str> {
    let rest = before.strip_suffix(word)?;
    let rest = rest.trim_end_matches([' ', '\u{a0}', '\u{202f}', '\u{2009}']);
    rest.strip_suffix('.').map(last_word)
}

fn first_word(rest: &str) -> String {
    rest.chars()
        .take(40)
        .take_while(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_one_letter(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
}

fn first_is_lower(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_lowercase)
}

/// Whether `lower`, written as in `written`, is a Roman numeral in capitals.
fn is_roman(lower: &str, written: &str) -> bool {
    !lower.is_empty()
        && lower.len() < 9
        && lower.chars().all(|c| "ivxlcdm".contains(c))
        && written
            .chars()
            .take(lower.len())
            .all(|c| c.is_ascii_uppercase())
}
