//! A plain list of addresses, one a line.
//!
//! **In:** characters. **Out:** a [`Document`] with one entry for every address; what
//! else stands on its line is its title or a remark. **Not here:** page lists, which
//! follow a page of words (`page_list`).
//!
//! ```text
//! # Weather                                        a remark, left out
//! https://example.org/log                          an address
//! https://example.org/rain   the log of the rain   … with a remark (also after tab, comma, bar)
//! The log of the rain, https://example.org/rain    … with its title
//! ```

use super::text::{Line, lines_of};
use super::{Block, BlockKind, ByteSpan, Document, Format, Link, LinkKind, Place};
use std::ops::Range;

/// How an address begins; without scheme only where a host says that it is one.
const STARTS: &[&str] = &["http://", "https://", "ftp://", "www.", "doi:", "10."];

/// Characters of a title before an address, or of a remark after it; more is running text.
const MAX_WORDS: usize = 250;
/// … of a title that only a space sets apart.
const MAX_SPACED_TITLE: usize = 80;

/// Whether nearly every line is an address.
pub(super) fn is_list(head: &str) -> bool {
    if head.contains('\u{c}') {
        return false;
    }
    let comma = is_comma_separated(head);
    let (mut lines, mut addresses) = (0_usize, 0_usize);
    for line in head.lines().filter_map(content) {
        let is_address = address(line, comma).is_some_and(|at| stands_alone(line, &at));
        // A table names its columns first.
        if lines == 0 && addresses == 0 && !is_address && is_header(line) {
            continue;
        }
        lines += 1;
        addresses += usize::from(is_address);
    }
    addresses > 0 && addresses * 10 >= lines * 9
}

/// Reads a list of addresses.
#[must_use]
pub fn read(text: &str) -> Document {
    let mut document = Document::empty(Format::UrlList);
    let comma = is_comma_separated(text);
    let mut number = 0_usize;
    for Line {
        text: line,
        number: at_line,
        ..
    } in lines_of(text)
    {
        let Some(line) = content(line) else {
            continue;
        };
        let found = address(line, comma);
        if document.text.is_empty() && found.is_none() && is_header(line) {
            continue;
        }
        if !document.text.is_empty() {
            document.text.push_str("\n\n");
        }
        let start = document.text.len();
        let place = Place {
            page: None,
            line: Some(at_line),
        };
        document.places.push((start, place));
        let kind = match found {
            Some(at) => {
                number += 1;
                entry(&mut document, line, at);
                BlockKind::Reference(number.to_string())
            }
            None => {
                document.text.push_str(line);
                BlockKind::Paragraph
            }
        };
        let span = ByteSpan::new(start, document.text.len());
        document.blocks.push(Block { kind, span });
    }
    document
}

/// Writes one entry: title, address, remark.
fn entry(document: &mut Document, line: &str, at: Range<usize>) {
    const EDGES: &[char] = &[
        ' ', '\t', ',', ';', '|', '"', '<', '>', '#', '-', '–', '—', ':', '(', '[', '\u{a0}',
    ];
    let title = line.get(..at.start).unwrap_or("").trim_matches(EDGES);
    let remark = line.get(at.end..).unwrap_or("");
    let remark = remark.trim_end().trim_matches(EDGES);
    let address = line.get(at).unwrap_or("");
    if !title.is_empty() {
        document.text.push_str(title);
        document.text.push(' ');
    }
    let start = document.text.len();
    document.text.push_str(address);
    let span = ByteSpan::new(start, document.text.len());
    if !remark.is_empty() {
        document.text.push(' ');
        document.text.push_str(remark);
    }
    document.links.push(Link {
        certainty: 100,
        url_as_cited: resolved(address),
        span,
        kind: LinkKind::Printed,
    });
}

/// A DOI's resolver; any other address as it stands.
fn resolved(address: &str) -> String {
    let doi = strip_start(address, "doi:").unwrap_or(address);
    if doi.starts_with("10.") {
        format!("https://doi.org/{doi}")
    } else {
        address.to_owned()
    }
}

/// A line without its bullet; `None` where it says nothing or is a remark.
fn content(line: &str) -> Option<&str> {
    let line = line.trim();
    if line.starts_with('#') || line.is_empty() {
        return None;
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let bullet = line
        .strip_prefix(['-', '*', '+', '•', '–'])
        .or_else(|| line.get(digits..)?.strip_prefix(['.', ')']));
    match bullet {
        Some(rest) if rest.starts_with([' ', '\t']) => Some(rest.trim_start()),
        _ => Some(line),
    }
}

/// Where the first address of a line stands.
fn address(line: &str, comma: bool) -> Option<Range<usize>> {
    let ends =
        |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '|') || (comma && c == ',');
    let mut at = 0;
    for word in line.split(ends) {
        let inner = word.trim_start_matches(['(', '[', '\'']);
        let start = at + word.len() - inner.len();
        if is_address(inner) {
            let mut kept = inner.trim_end_matches([',', ';', '\'']);
            // A bracket that the address did not open belongs to the line.
            if inner.len() < word.len() {
                kept = kept.trim_end_matches([')', ']']);
            }
            return Some(start..start + kept.len());
        }
        at += word.len();
        at += line.get(at..)?.chars().next().map_or(0, char::len_utf8);
    }
    None
}

fn is_address(word: &str) -> bool {
    let Some(start) = STARTS
        .iter()
        .find(|start| strip_start(word, start).is_some())
    else {
        return false;
    };
    let rest = word.get(start.len()..).unwrap_or("");
    match *start {
        // A DOI: `10.`, four digits or more, a slash (ISO 26324).
        "10." | "doi:" => {
            let rest = rest.strip_prefix("10.").unwrap_or(rest);
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            digits >= 4 && rest.get(digits..).is_some_and(|r| r.starts_with('/'))
        }
        "www." => rest.contains('.'),
        _ => rest.chars().next().is_some_and(char::is_alphanumeric) || rest.starts_with('['),
    }
}

/// Whether the line is the address with a title or a remark, and not a sentence around it.
fn stands_alone(line: &str, at: &Range<usize>) -> bool {
    let before = line.get(..at.start).unwrap_or("").trim_end_matches('<');
    let after = line.get(at.end..).unwrap_or("");
    let fits = |words: &str, most: usize| words.chars().count() <= most;
    if before.trim().is_empty() {
        return fits(after, MAX_WORDS);
    }
    let separated = before
        .trim_end_matches([' ', '"'])
        .ends_with(['\t', ',', ';', '|', ':', '–', '—', '-']);
    let bare = !before.contains(". ") && !before.contains("? ") && !before.contains("! ");
    let rest = after.trim_matches(|c: char| !c.is_alphanumeric());
    bare && if separated {
        fits(before, MAX_WORDS) && fits(after, MAX_WORDS)
    } else {
        fits(before, MAX_SPACED_TITLE) && rest.is_empty() && !announces(before)
    }
}

/// Whether words lead to an address as a sentence does.
fn announces(before: &str) -> bool {
    let lower = before.trim_end().to_lowercase();
    let last = lower.rsplit(char::is_whitespace).next().unwrap_or("");
    [
        "at", "see", "from", "via", "visit", "on", "to", "siehe", "unter", "voir",
    ]
    .contains(&last)
}

fn is_header(line: &str) -> bool {
    line.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| {
            matches!(
                word,
                "url" | "urls" | "link" | "links" | "address" | "source"
            )
        })
}

/// Whether commas set the fields of all lines apart (and are no part of addresses then).
fn is_comma_separated(text: &str) -> bool {
    let mut lines = text.lines().filter_map(content).peekable();
    lines.peek().is_some() && lines.all(|line| line.contains(','))
}

fn strip_start<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let begin = text.get(..start.len())?;
    begin
        .eq_ignore_ascii_case(start)
        .then(|| text.get(start.len()..))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_line_is_an_entry() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let document = read(text);
            let found: Vec<_> = document
                .blocks
                .iter()
                .zip(&document.links)
                .map(|(block, link)| {
                    assert!(block.span.contains(link.span));
                    (block.span.of(&document.text), link.url_as_cited.as_str())
                })
                .collect();
            assert_eq!(found, expected, "{text}");
            assert!(is_list(text), "{text}");
        };
        let log = "https://e.example/log";
        check("https://e.example/log\n", &[(log, log)]);
        check("# Weather\n\n- https://e.example/log\n", &[(log, log)]);
        check("<https://e.example/log>", &[(log, log)]);
        check(
            "https://e.example/log\tThe log",
            &[("https://e.example/log The log", log)],
        );
        check(
            "https://e.example/log # the log",
            &[("https://e.example/log the log", log)],
        );
        check(
            "1. The log: https://e.example/log\n2. www.e.example/a,b",
            &[
                ("The log https://e.example/log", log),
                ("www.e.example/a,b", "www.e.example/a,b"),
            ],
        );
        check(
            "url,title\nhttps://e.example/log,\"The log, 2012\"\n",
            &[("https://e.example/log The log, 2012", log)],
        );
        check(
            "The log https://e.example/log",
            &[("The log https://e.example/log", log)],
        );
        check(
            "doi:10.1000/a.b\n10.1000/c\n",
            &[
                ("doi:10.1000/a.b", "https://doi.org/10.1000/a.b"),
                ("10.1000/c", "https://doi.org/10.1000/c"),
            ],
        );
    }

    #[test]
    fn running_text_is_no_list() {
        for text in [
            "",
            "# only a remark",
            "It rained all night. See https://e.example/log",
            "The log is at https://e.example/log",
            "Rain fell on the roof.\nhttps://e.example/a\nhttps://e.example/b",
            "https://e.example/a\n\u{c}https://e.example/b",
        ] {
            assert!(!is_list(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_reads(text in "(https://|www\\.|doi:10\\.1234/|#|,|\\||[\\PC\n\t]){0,60}") {
            let document = read(&text);
            let _ = is_list(&text);
            for link in &document.links {
                prop_assert!(!link.span.of(&document.text).is_empty());
            }
            for block in &document.blocks {
                prop_assert!(!block.span.of(&document.text).is_empty());
            }
        }
    }
}
