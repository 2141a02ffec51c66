//! The quotations in a claim, told from apostrophes, inches and the like by their marks.
//!
//! **In:** a claim. **Out:** the words between marks. **Not here:** whether somebody said them.

use crate::evidence::terms::is_quote;
use unicode_segmentation::UnicodeSegmentation;

/// A quotation as the claim has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::evidence) struct Quoted<'a> {
    /// Its words, without the marks.
    pub(in crate::evidence) text: &'a str,
}

/// Longest quotation that is looked for, in bytes; what is longer is an unclosed mark.
const MAX_QUOTATION: usize = 2_000;
/// Quotations taken from one claim.
const MAX_QUOTATIONS: usize = 32;

/// The quotations of a claim, in order, outermost only.
pub(in crate::evidence) fn quotations(claim: &str) -> Vec<Quoted<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = claim.get(at..) {
        if found.len() == MAX_QUOTATIONS {
            break;
        }
        let Some((offset, mark)) = rest.char_indices().find(|(_, c)| is_quote(*c)) else {
            break;
        };
        let open = at + offset;
        let inside = open + mark.len_utf8();
        at = inside;
        let before = claim[..open].chars().next_back();
        let Some(closing) = closing(mark, before) else {
            continue;
        };
        let single = matches!(mark, '\'' | '‘' | '‚' | '‹' | '›');
        if let Some(end) = close(claim, inside, closing, single) {
            let text = claim[inside..end].trim();
            let words = text.unicode_words().take(3).count();
            // A lone pair of single marks is more often two apostrophes than a quotation.
            if words >= if single { 3 } else { 1 } {
                found.push(Quoted { text });
                at = end + claim[end..].chars().next().map_or(0, char::len_utf8);
            }
        }
    }
    found
}

/// The marks that may close what `mark` opens; none when it cannot open a quotation here.
fn closing(mark: char, before: Option<char>) -> Option<&'static [char]> {
    let after_word = before.is_some_and(char::is_alphanumeric);
    match mark {
        '“' | '‟' => Some(&['”', '"']),
        '„' => Some(&['“', '”', '"']),
        '«' => Some(&['»']),
        '»' if !after_word => Some(&['«', '»']),
        '”' if !after_word => Some(&['”']),
        '「' => Some(&['」']),
        '『' => Some(&['』']),
        // After a number a straight mark is inches or minutes of arc.
        '"' if !after_word => Some(&['"']),
        '‹' => Some(&['›']),
        '›' if !after_word => Some(&['‹', '›']),
        '‘' | '‚' if !after_word => Some(&['’', '‘', '\'']),
        '\'' if !after_word => Some(&['\'']),
        _ => None,
    }
}

/// Where the closing mark stands. Single marks must stand at the end of a word, or they are apostrophes.
fn close(claim: &str, inside: usize, closing: &[char], single: bool) -> Option<usize> {
    for (offset, c) in claim.get(inside..)?.char_indices() {
        if offset > MAX_QUOTATION {
            return None;
        }
        if closing.contains(&c) {
            let end = inside + offset;
            let next = claim[end + c.len_utf8()..].chars().next();
            if single && next.is_some_and(char::is_alphanumeric) {
                continue;
            }
            return Some(end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_are_told_from_apostrophes() {
        fn check(claim: &str, expected: &[&str]) {
            let found: Vec<&str> = quotations(claim).iter().map(|q| q.text).collect();
            assert_eq!(found, expected, "{claim}");
        }
        check("She said “we will stay”, he left.", &["we will stay"]);
        check(
            "Er sagte: „Wir bleiben hier“ und ging.",
            &["Wir bleiben hier"],
        );
        check(
            "Er sagte: »Wir bleiben hier« und ging.",
            &["Wir bleiben hier"],
        );
        check("Il a dit « nous restons » hier.", &["nous restons"]);
        check(
            "A \"so-called\" plan and \"two words\".",
            &["so-called", "two words"],
        );
        check("The dogs' bowls and the cats' toys", &[]);
        check("It's the reporter's view, isn't it", &[]);
        check(
            "He said ‘this isn’t over yet’ twice",
            &["this isn’t over yet"],
        );
        check("A 5\" pipe and a 6\" pipe", &[]);
        check("An “unclosed quotation", &[]);
        check("", &[]);
    }
}
