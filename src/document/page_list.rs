//! Page lists in plain text: lines with nothing but addresses, which some
//! converters put after each page to say where its links led.
//!
//! **In:** the lines of a text. **Out:** the line ranges that are such lists.
//! **Not here:** which words a target belonged to (`citation::page_list`).

use super::text::Line;
use std::ops::Range;

/// The runs of address lines that stand apart from the running text.
pub(super) fn lists(lines: &[Line<'_>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut before: Option<&str> = None;
    let mut at = 0;
    let padded = is_padded(lines);
    let opens = |line: &Line<'_>| {
        is_address(line.text.trim()) && !(padded && line.text.ends_with(char::is_whitespace))
    };
    // Among addresses one may end in any mark: it was cut off there, or is odd.
    let goes_on = |line: &Line<'_>| {
        opens(line)
            || (is_address(line.text.trim().trim_end_matches(['.', ',', ';']))
                && !line.text.ends_with(char::is_whitespace))
    };
    while at < lines.len() {
        let text = lines[at].text.trim();
        if text.is_empty() {
            at += 1;
            continue;
        }
        let begins = opens(&lines[at]) || (padded && goes_on(&lines[at]));
        if !begins {
            before = Some(text);
            at += 1;
            continue;
        }
        let start = at;
        let mut end = at;
        while at < lines.len() {
            let text = lines[at].text.trim();
            if goes_on(&lines[at]) {
                end = at + 1;
            } else if !text.is_empty() {
                break;
            }
            at += 1;
            if at < lines.len() && lines[at].page_break {
                break;
            }
        }
        // An address that the text announces belongs to the text.
        let several = lines[start..end]
            .iter()
            .filter(|line| !line.text.trim().is_empty())
            .count()
            > 1;
        if before.is_some_and(|line| padded || !announces(line, several)) {
            found.push(start..end);
        }
    }
    found
}

/// Whether the lines of the text end in a space, as some converters leave them. The addresses
/// that such a converter adds do not, which tells them from addresses that are printed.
fn is_padded(lines: &[Line<'_>]) -> bool {
    let mut padded = 0_usize;
    let mut all = 0_usize;
    let mut bare = 0_usize;
    for line in lines {
        let text = line.text.trim();
        if text.is_empty() {
            continue;
        }
        let ends = line.text.ends_with([' ', '\t', '\u{a0}']);
        if is_address(text.trim_end_matches(['.', ',', ';'])) {
            bare += usize::from(!ends);
        } else {
            all += 1;
            padded += usize::from(ends);
        }
    }
    all >= 5 && bare > 0 && padded * 10 >= all * 9
}

/// Whether a line is one address and nothing else.
pub(super) fn is_address(line: &str) -> bool {
    let lower_start: String = line.chars().take(8).flat_map(char::to_lowercase).collect();
    ["http://", "https://", "www.", "ftp://", "mailto:"]
        .iter()
        .any(|start| lower_start.starts_with(start))
        && line.len() > 8
        // A full stop after it makes it the end of a sentence.
        && !line.ends_with(['.', ',', ';'])
        && !line.contains(char::is_whitespace)
}

/// Whether a line promises an address to follow, or `several`.
fn announces(line: &str, several: bool) -> bool {
    let lower = line.to_lowercase();
    let heading = [
        "sources",
        "references",
        "links",
        "bibliography",
        "quellen",
        "footnotes",
        "notes",
    ];
    if heading.contains(&lower.trim_end_matches(':')) {
        return true;
    }
    // A page may end anywhere, and then its list follows; one address is more likely promised.
    if several {
        return false;
    }
    let last = lower.rsplit(char::is_whitespace).next().unwrap_or("");
    let last = last.trim_start_matches('(');
    let announcing = [
        "at", "see", "from", "via", "visit", "siehe", "unter", "voir", "url", "link",
    ];
    line.ends_with([':', '(', '<', '[']) || announcing.contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::text::lines_of;

    #[test]
    fn a_list_stands_apart_from_the_text() {
        let check = |text: &str, expected: &[Range<usize>]| {
            assert_eq!(lists(&lines_of(text)), expected, "{text}");
        };
        check(
            "Words.\nhttp://a.example/\nhttp://b.example/\nMore.",
            std::slice::from_ref(&(1..3)),
        );
        check(
            "Words.\n\nhttp://a.example/\n\nhttp://b.example/",
            std::slice::from_ref(&(2..5)),
        );
        check("Links:\nhttp://a.example/\nhttp://b.example/\nMore.", &[]);
        check("See:\nhttp://a.example/\nMore.", &[]);
        check("The log is at\nhttp://a.example/\n", &[]);
        check("- http://a.example/\n", &[]);
        // A cut-off address among others is one of them.
        check(
            "Words.\nhttp://a.example/\nhttp://b.example/x.\nhttp://c.example/\nMore.",
            std::slice::from_ref(&(1..4)),
        );
        check("Words.\nhttp://b.example/x.\nMore.", &[]);
        check("http://a.example/\nWords.", &[]);
        check(
            "A.\nhttp://a.example/\n\u{c}http://b.example/\n",
            &[1..2, 3..4],
        );
    }

    #[test]
    fn in_a_text_whose_lines_end_in_a_space_a_printed_address_has_one_too() {
        let check = |text: &str, expected: &[Range<usize>]| {
            assert_eq!(lists(&lines_of(text)), expected, "{text}");
        };
        let text = "One \nTwo \nThree \nThe log is at \nhttp://a.example/ \nFive \nSix: \nhttp://b.example/\nhttp://b.example/?.\n";
        check(text, std::slice::from_ref(&(7..9)));
        // Without the spaces nothing tells them apart but the words before.
        check(&text.replace(" \n", "\n"), std::slice::from_ref(&(7..9)));
        let announced = text.replace("Six: \nhttp://b.example/\n", "Six: \n");
        check(&announced.replace(" \n", "\n"), &[]);
    }
}
