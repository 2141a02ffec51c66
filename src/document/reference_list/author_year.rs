//! Marks by author and year: "(Lind 2017)", "Moor and Lind (2018a)".
//!
//! **In:** entries of a reference list, or running text. **Out:** the name by which a text
//! calls an entry, and the marks that name one. **Not here:** styles of citing; the first
//! author's family name near the year is what all of them share.

use crate::document::{ByteSpan, NoteRef};
use std::collections::BTreeMap;

/// How far before its year an author may stand, in bytes: "Moor, Lind, Hale and Falk (2018)".
const REACH: usize = 80;
/// How far into an entry its year may stand, in bytes; author lists can be long.
const YEAR_WITHIN: usize = 400;

/// What a text calls an entry: the first author's family name and the year.
pub(super) fn name(entry: &str) -> Option<String> {
    let author = entry.trim_start().split([',', '.', '(', ' ']).next()?;
    let is_name = author.chars().count() > 1
        && author.starts_with(char::is_uppercase)
        && author
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '-' | '’' | '\''));
    let (at, year) = years(entry).next()?;
    (is_name && at < YEAR_WITHIN).then(|| format!("{author} {year}"))
}

/// The marks of a text that name one of these entries: what it is called, and its label.
pub(super) fn marks(body: &str, entries: &[(String, String)]) -> Vec<NoteRef> {
    let mut by_year: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (name, label) in entries {
        if let Some((author, year)) = name.rsplit_once(' ') {
            by_year.entry(year).or_default().push((author, label));
        }
    }
    let mut marks = Vec::new();
    let mut before = 0;
    for (at, year) in years(body) {
        let mut start = at.saturating_sub(REACH).max(before);
        while !body.is_char_boundary(start) {
            start += 1;
        }
        let window = &body[start..at];
        // A sentence's end or another work lies between.
        let start = window
            .rfind([';', '\n', '?', '!'])
            .map_or(start, |border| start + border + 1);
        let near = body.get(start..at).unwrap_or_default();
        let found = by_year
            .get(year)
            .into_iter()
            .flatten()
            .filter_map(|(author, label)| Some((word(near, author)?, *label)))
            .min();
        if let Some((offset, label)) = found {
            marks.push(NoteRef {
                label: label.to_owned(),
                span: ByteSpan::new(start + offset, at + year.len()),
            });
            before = at + year.len();
        }
    }
    marks
}

/// Where a word stands in a text as a whole word.
fn word(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// The years of a text, 1500 to 2099, with the letter that tells works of one year apart.
fn years(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at;
            if !digit(at) {
                at += 1;
                continue;
            }
            while digit(at) {
                at += 1;
            }
            let century = bytes.get(start..start + 2).unwrap_or_default();
            if at - start != 4 || !matches!(century, b"15" | b"16" | b"17" | b"18" | b"19" | b"20")
            {
                continue;
            }
            let letter = bytes.get(at).is_some_and(u8::is_ascii_lowercase)
                && !bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
            let end = at + usize::from(letter);
            if let Some(year) = text.get(start..end) {
                return Some((start, year));
            }
        }
        None
    })
}
