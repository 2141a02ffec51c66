//! Where two lines of a block meet: a space, or the two halves of a word or an address.
//!
//! **In:** the text so far, and the next line. **Out:** the text, ready for that line. **Not
//! here:** whether the line belongs to the block at all (`paragraphs`).

use super::shapes::{continues_address, starts_lower};
use std::collections::BTreeSet;

/// Closes the gap between a text and its next line. `words` are those that stand whole on
/// some line: they tell whether a hyphen at a line's end is the word's own.
pub(super) fn join(text: &mut String, next: &str, words: &BTreeSet<String>) {
    let last_word = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    if continues_address(last_word, next) {
        return;
    }
    if text.ends_with('\u{ad}') {
        text.pop();
        return;
    }
    // "Pre- and post-war": the hyphen stands for a word that comes later.
    let first = next.split_whitespace().next().unwrap_or_default();
    let suspended = matches!(
        first,
        "and" | "or" | "to" | "und" | "oder" | "bis" | "et" | "ou" | "y"
    );
    if text.ends_with(['-', '\u{2010}']) && starts_lower(next) && !suspended {
        let stem = last_word.trim_end_matches(['-', '\u{2010}']);
        let stem = stem.trim_start_matches(|c: char| !c.is_alphanumeric());
        let tail: String = next
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '-')
            .collect();
        let kept = format!("{stem}-{tail}").to_lowercase();
        let joined = format!("{stem}{tail}").to_lowercase();
        let known = words.contains(&kept) && !words.contains(&joined);
        if !(stem.is_empty() || stem.contains('-') || known) {
            let hyphen = text.chars().next_back().map_or(0, char::len_utf8);
            text.truncate(text.len() - hyphen);
        }
        return;
    }
    // "Jean-" and "Paul" are one name.
    let mut back = text.chars().rev();
    let hyphen = back.next() == Some('-') && back.next().is_some_and(char::is_alphabetic);
    if hyphen && next.starts_with(char::is_uppercase) {
        return;
    }
    text.push(' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_addresses_are_whole_again() {
        let words = BTreeSet::from(["well-known".to_owned()]);
        let check = |text: &str, next: &str, expected: &str| {
            let mut joined = text.to_owned();
            join(&mut joined, next, &words);
            joined.push_str(next);
            assert_eq!(joined, expected);
        };
        check("the old", "wall", "the old wall");
        check("lime-", "stone", "limestone");
        check("well-", "known", "well-known");
        check("state-of-the-", "art", "state-of-the-art");
        check("lime\u{ad}", "stone", "limestone");
        check("Jean-", "Paul", "Jean-Paul");
        check("pre-", "and post-war", "pre- and post-war");
        check("https://a.example/b-", "c", "https://a.example/b-c");
        check("https://a.example/b", "says", "https://a.example/b says");
    }
}
