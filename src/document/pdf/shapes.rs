//! What the letters of a line tell by themselves: labels, ends of sentences, addresses.
//!
//! **In:** text. **Out:** what it looks like. **Not here:** where it stands on the page.

use crate::document::notes::raised_digit;
use crate::document::text;

/// The label that a line begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    /// The number, letter or sign alone.
    pub(super) name: String,
    /// How many bytes of the line it takes, the space after it included.
    pub(super) length: usize,
    /// Its form.
    pub(super) form: Form,
}

/// How a label is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `•`
    Bullet,
    /// `1.` `1)` `a)` `(1)`
    Stopped,
    /// `[1]`
    Bracketed,
    /// `1` or `*`, and then a space or a letter.
    Bare,
}

/// The label of a list's item, a note or an entry, if the line begins with one and goes on.
pub(super) fn label(text: &str) -> Option<Label> {
    let first = text.chars().next()?;
    let made = |name: &str, length: usize, form: Form| {
        let rest = text.get(length..)?;
        let gap = rest.len() - rest.trim_start().len();
        Some(Label {
            name: name.chars().map(|c| raised_digit(c).unwrap_or(c)).collect(),
            length: length + gap,
            form,
        })
    };
    if is_bullet(first) {
        let length = first.len_utf8();
        let rest = text.get(length..)?;
        // A dash has to stand apart, or it is part of its word.
        let apart = rest.is_empty() || rest.starts_with(' ');
        let dash = matches!(first, '–' | '—' | '-');
        return (apart || !dash)
            .then(|| made("•", length, Form::Bullet))
            .flatten();
    }
    let open = usize::from(first == '[' || first == '(');
    let body = text.get(open..)?;
    let digits = length_while(body, |c| c.is_ascii_digit() || raised_digit(c).is_some());
    let letter = length_while(body, |c| c.is_ascii_lowercase());
    let signs = length_while(body, is_sign);
    let length = [digits, signs, letter]
        .into_iter()
        .find(|length| *length > 0)?;
    let name = body.get(..length)?;
    let after = body.get(length..)?.chars().next();
    let count = name.chars().count();
    if count > 3 || (length == letter && count > 1) {
        return None;
    }
    let lettered = length == letter;
    match (first, after) {
        ('[', Some(']')) => made(name, open + length + 1, Form::Bracketed),
        ('(', Some(')')) => made(name, open + length + 1, Form::Stopped),
        ('[' | '(', _) => None,
        (_, Some(')')) => made(name, length + 1, Form::Stopped),
        (_, Some('.')) if !lettered => {
            // "3.5 million" and "1.1 Method" are no labels.
            let next = body.get(length + 1..)?.chars().next();
            let apart = next.is_none_or(char::is_whitespace);
            apart
                .then(|| made(name, length + 1, Form::Stopped))
                .flatten()
        }
        (_, Some(c)) if !lettered && (c == ' ' || c.is_alphabetic() || c == '“') => {
            made(name, length, Form::Bare)
        }
        _ => None,
    }
}

fn length_while(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.char_indices()
        .find(|(_, c)| !belongs(*c))
        .map_or(text.len(), |(at, _)| at)
}

fn is_bullet(character: char) -> bool {
    matches!(
        character,
        '•' | '‣'
            | '▪'
            | '◦'
            | '●'
            | '○'
            | '■'
            | '□'
            | '➢'
            | '✓'
            | '–'
            | '—'
            | '-'
            | '·'
    ) || ('\u{f000}'..='\u{f0ff}').contains(&character)
}

/// Signs that mark notes.
pub(super) const fn is_sign(character: char) -> bool {
    matches!(character, '*' | '†' | '‡' | '§')
}

/// How many notes one mark names at most.
const MAX_RANGE: u32 = 50;

/// The labels that a mark names: `1`, `1,2`, `[1][2]`, `3–5`.
pub(super) fn labels_of(mark: &str) -> Vec<String> {
    let mut labels = Vec::new();
    for part in mark.split(|c: char| matches!(c, ',' | '[' | ']') || c.is_whitespace()) {
        let part: String = part.chars().map(|c| raised_digit(c).unwrap_or(c)).collect();
        let ends = part.split_once(['–', '-', '−']);
        match ends.and_then(|(first, last)| Some((first.parse().ok()?, last.parse().ok()?))) {
            Some((first, last)) if first < last && last - first < MAX_RANGE => {
                labels.extend((first..=last).map(|number: u32| number.to_string()));
            }
            _ if part.is_empty() => {}
            _ => labels.push(part),
        }
    }
    labels
}

/// Whether a line is the heading of a list of references.
pub(super) fn heads_references(text: &str) -> bool {
    let name = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ' ');
    matches!(
        name.trim_end_matches([':', ' ']).to_lowercase().as_str(),
        "references"
            | "bibliography"
            | "works cited"
            | "literature"
            | "literature cited"
            | "sources"
            | "quellen"
            | "literatur"
            | "références"
            | "bibliographie"
            | "referencias"
            | "fuentes"
    )
}

/// Whether a raised number after these words is a power and no mark: "km²".
pub(super) fn is_unit(before: &str) -> bool {
    let word = before
        .rsplit(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    matches!(word, "m" | "km" | "cm" | "mm" | "nm" | "ft" | "mi" | "sec")
        || before.ends_with(|c: char| c.is_ascii_digit())
}

/// Whether a heading's number stands before it: "1.2 Method", "2. Method".
pub(super) fn is_section(text: &str) -> bool {
    let number = text.split_whitespace().next().unwrap_or_default();
    let parts: Vec<&str> = number.trim_end_matches('.').split('.').collect();
    (2 - usize::from(number.ends_with('.'))..=5).contains(&parts.len())
        && parts
            .iter()
            .all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
        && text
            .get(number.len()..)
            .is_some_and(|rest| rest.trim_start().starts_with(char::is_uppercase))
}

/// Whether the words before this line's beginning name a figure or a table: "Table 3: …".
pub(super) fn is_caption(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let named = words.next().is_some_and(|word| {
        matches!(
            word,
            "Figure"
                | "Fig."
                | "Table"
                | "Tab."
                | "Abbildung"
                | "Abb."
                | "Tabelle"
                | "Tableau"
                | "Chart"
                | "Map"
                | "Photo"
        )
    });
    named
        && words.next().is_some_and(|number| {
            let bare = number.trim_end_matches([':', '.', '|']);
            number.len() > bare.len()
                && !bare.is_empty()
                && bare.chars().all(|c| c.is_ascii_digit() || c == '.')
        })
}

pub(super) fn ends_sentence(text: &str) -> bool {
    let bare = text.trim_end_matches(|c: char| {
        matches!(c, '”' | '"' | '’' | '\'' | ')' | ']' | '»') || c.is_whitespace()
    });
    bare.ends_with(['.', '?', '!', ':', '…', '。', '！', '？'])
}

pub(super) fn starts_lower(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_lowercase)
}

fn is_address(word: &str) -> bool {
    let word = word.trim_start_matches(['(', '<', '[', '“', '"']);
    ["http://", "https://", "www."]
        .iter()
        .any(|start| word.starts_with(start))
}

/// Whether the address that ends a line goes on with the next line's first word.
pub(super) fn continues_address(line: &str, next: &str) -> bool {
    let address = line.rsplit(char::is_whitespace).next().unwrap_or_default();
    let next = next.split_whitespace().next().unwrap_or_default();
    if !is_address(address)
        || address.ends_with([')', '>', ']', '”', '"', ',', ';'])
        || next.is_empty()
    {
        return false;
    }
    if address.ends_with(['/', '-', '_', '=', '?', '&', '%', '#', '.'])
        && !next.starts_with(char::is_uppercase)
    {
        return text::printed(address).next().is_some() || address.ends_with('/');
    }
    let joint = next.contains(['/', '=', '&', '%', '_', '?']) || next.starts_with(['-', '.', '#']);
    joint && !is_address(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_from_words_and_numbers() {
        let check = |text: &str, expected: Option<(&str, usize, Form)>| {
            let found = label(text);
            let found = found
                .as_ref()
                .map(|label| (label.name.as_str(), label.length, label.form));
            assert_eq!(found, expected, "{text}");
        };
        check("• Drain", Some(("•", 4, Form::Bullet)));
        check("– Drain", Some(("•", 4, Form::Bullet)));
        check("–40 degrees", None);
        check("1. Drain", Some(("1", 3, Form::Stopped)));
        check("(2) Drain", Some(("2", 4, Form::Stopped)));
        check("b) Drain", Some(("b", 3, Form::Stopped)));
        check("[12] Smith", Some(("12", 5, Form::Bracketed)));
        check("¹Smith", Some(("1", 2, Form::Bare)));
        check("* Smith", Some(("*", 2, Form::Bare)));
        check("3.5 million", None);
        check("1.1 Method", None);
        check("1953 was wet", None);
        check("a wall", None);
        check("5, https://example.org", None);
        check("", None);
    }

    #[test]
    fn an_address_goes_on_where_no_sentence_could() {
        let check = |line: &str, next: &str, expected: bool| {
            assert_eq!(continues_address(line, next), expected, "{line} | {next}");
        };
        check("see https://example.org/a-", "b.html and", true);
        check("see https://example.org/", "walls/7 and", true);
        check("(https://example.org/walls", "?id=7).", true);
        check("see https://example.org/walls", "which says", false);
        check("see https://example.org/walls.", "The wall", false);
        check("see https://example.org/walls)", "a/b", false);
        check("https://a.example/x", "https://b.example/y", false);
    }

    #[test]
    fn powers_sections_and_captions_are_known() {
        assert!(is_unit("40 km"));
        assert!(!is_unit("the wall"));
        assert!(is_section("1.2 Method"));
        assert!(is_section("2. Method"));
        assert!(!is_section("1.2 million"));
        assert!(!is_section("2010.5 Method"));
        assert!(is_caption("Table 3: Costs"));
        assert!(!is_caption("Table 3 shows"));
        assert_eq!(labels_of("[1][2]"), ["1", "2"]);
        assert_eq!(labels_of("¹,²"), ["1", "2"]);
        assert_eq!(labels_of("1,3–5"), ["1", "3", "4", "5"]);
        assert_eq!(labels_of("–"), ["–"]);
        assert!(heads_references("5. References"));
        assert!(!heads_references("References to walls"));
    }
}
