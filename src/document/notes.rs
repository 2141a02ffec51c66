//! Notes and reference lists that a text has without markup.
//!
//! **In:** a [`Document`] as read. **Out:** the same, where the entries of such a list
//! are [`BlockKind::Reference`] or [`BlockKind::Footnote`], and the marks that lead
//! there are [`NoteRef`]s. **Not here:** notes that a format marks as such.
//!
//! A list is known by its heading, or by standing at the end with labels that count
//! up from 1. A mark is one only if the list has its label: `[3]`, `[1, 4–6]`, `¹`, and
//! for lists by author and year `(Smith 2010)`, `Smith et al. (2010)`.

use super::heading::{WorksList, works_list};
use super::{Block, BlockKind, ByteSpan, Document, NoteRef};
use std::collections::{BTreeMap, BTreeSet};

/// Numbers that one mark may span: `[3–48]`.
const MAX_RANGE: usize = 60;
/// Bytes before a year in which the author's name stands.
const NAME_REACH: usize = 90;

/// Finds a document's reference list and its marks.
pub(super) fn references(document: &mut Document) {
    // Where the format itself ties marks to entries, nothing was typed.
    let tied: BTreeSet<&str> = document
        .note_refs
        .iter()
        .map(|mark| mark.label.as_str())
        .collect();
    let is_tied = |block: &Block| matches!(&block.kind, BlockKind::Reference(label) if tied.contains(label.as_str()));
    if document.blocks.iter().any(is_tied) {
        return;
    }
    let text = &document.text;
    let Some((list, mut found)) = [true, false]
        .into_iter()
        .filter_map(|numbered| marked_list(text, &document.blocks, numbered))
        // The items of a list have numbers unless the text calls them otherwise.
        .rev()
        .max_by_key(|(_, marks)| marks.len())
    else {
        return;
    };
    // Numbers at the end of a text are a list of notes only if the text has their marks.
    if !list.has_heading && found.is_empty() {
        return;
    }
    // Code shows brackets of its own.
    found.retain(|mark| {
        document
            .block_at(mark.span.start)
            .is_none_or(|block| block.kind != BlockKind::Code)
    });
    let names = names(document, &list);
    for (index, label) in &list.labels {
        if let Some(block) = document.blocks.get_mut(*index) {
            let name = names.get(label).unwrap_or(label).clone();
            block.kind = if list.has_heading || !list.raised {
                BlockKind::Reference(name)
            } else {
                BlockKind::Footnote(name)
            };
        }
    }
    for mark in &mut found {
        if let Some(name) = names.get(&mark.label) {
            mark.label.clone_from(name);
        }
    }
    document.note_refs.append(&mut found);
    document.note_refs.sort_by_key(|mark| mark.span);
}

/// The list of works, and the marks that lead to its entries.
fn marked_list(text: &str, blocks: &[Block], numbered: bool) -> Option<(List, Vec<NoteRef>)> {
    let list = list(text, blocks, numbered)?;
    let body = text.get(..blocks.get(list.first)?.span.start)?;
    let labels: BTreeSet<&str> = list
        .labels
        .iter()
        .map(|(_, label)| label.as_str())
        .collect();
    let marks = marks(body, &labels);
    Some((list, marks))
}

/// New labels for entries whose own is taken by a note: notes count from 1 as well, and a
/// label is one thing only.
fn names(document: &Document, list: &List) -> BTreeMap<String, String> {
    let taken: BTreeSet<&str> = document
        .blocks
        .iter()
        .filter_map(|block| match &block.kind {
            BlockKind::Footnote(label) => Some(label.as_str()),
            _ => None,
        })
        .collect();
    let clash = list
        .labels
        .iter()
        .filter(|(_, label)| taken.contains(label.as_str()));
    clash
        .map(|(_, label)| (label.clone(), format!("reference {label}")))
        .collect()
}

/// A list of works: its first block, and the labels of its entries by block.
struct List {
    first: usize,
    labels: Vec<(usize, String)>,
    has_heading: bool,
    /// Its labels are raised numbers.
    raised: bool,
}

/// `numbered`: items without a label of their own have their number, even where they begin
/// with an author and have a year.
fn list(text: &str, blocks: &[Block], numbered: bool) -> Option<List> {
    let heading = blocks.iter().rposition(|block| {
        matches!(block.kind, BlockKind::Heading(_))
            && works_list(block.span.of(text)) == Some(WorksList::References)
    });
    if let Some(heading) = heading {
        let mut labels = Vec::new();
        let mut number = 0_usize;
        for (index, block) in blocks.iter().enumerate().skip(heading + 1) {
            let entry = block.span.of(text);
            let label = label(entry).map(|(label, _)| label);
            match (&block.kind, label) {
                (BlockKind::Footnote(_) | BlockKind::Code, _) => continue,
                (_, Some(label)) => labels.push((index, label)),
                (BlockKind::Heading(_), None) => break,
                (BlockKind::ListItem | BlockKind::Reference(_), None)
                    if numbered || author_year(entry).is_none() =>
                {
                    number += 1;
                    labels.push((index, number.to_string()));
                }
                (_, None) => labels.extend(author_year(entry).map(|label| (index, label))),
            }
        }
        return (!labels.is_empty()).then_some(List {
            first: heading,
            labels,
            has_heading: true,
            raised: false,
        });
    }
    // Without a heading: the blocks at the end, as far as their labels count up from 1.
    let mut labels = Vec::new();
    let mut raised = true;
    let mut expected: Option<usize> = None;
    for (index, block) in blocks.iter().enumerate().rev() {
        let Some((label, is_raised)) = label(block.span.of(text)) else {
            break;
        };
        let Ok(number) = label.parse::<usize>() else {
            break;
        };
        if expected.is_some_and(|expected| expected != number) {
            break;
        }
        raised &= is_raised;
        labels.push((index, label));
        if number == 1 {
            labels.reverse();
            return Some(List {
                first: index,
                labels,
                has_heading: false,
                raised,
            });
        }
        // "[0]" counts up from nothing.
        expected = Some(number.checked_sub(1)?);
    }
    None
}

/// The label that an entry begins with, and whether it is raised: `[12]`, `12.`, `¹²`.
pub(super) fn label(entry: &str) -> Option<(String, bool)> {
    if let Some((label, rest)) = entry.strip_prefix('[').and_then(|rest| {
        let close = rest.bytes().take(40).position(|byte| byte == b']')?;
        Some((rest.get(..close)?, rest.get(close + 1..)?))
    }) {
        let good = !label.is_empty()
            && label
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '+' | '-' | '&'))
            && !rest.trim().is_empty();
        return good.then(|| (label.to_owned(), false));
    }
    let raised: String = entry.chars().map_while(raised_digit).take(3).collect();
    if !raised.is_empty() {
        return Some((raised, true));
    }
    let digits = entry.bytes().take_while(u8::is_ascii_digit).count();
    let rest = entry.get(digits..)?;
    let numbered = (1..=3).contains(&digits)
        && rest.starts_with(['.', ')'])
        && rest.get(1..)?.starts_with(char::is_whitespace);
    numbered.then(|| (entry[..digits].to_owned(), false))
}

/// The digit that a raised character stands for.
pub(super) const fn raised_digit(c: char) -> Option<char> {
    Some(match c {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴' => '4',
        '⁵' => '5',
        '⁶' => '6',
        '⁷' => '7',
        '⁸' => '8',
        '⁹' => '9',
        _ => return None,
    })
}

/// "Smith 2010" for an entry that begins with the name and has the year near.
fn author_year(entry: &str) -> Option<String> {
    let name: String = entry
        .chars()
        .take(40)
        .take_while(|c| c.is_alphabetic() || matches!(c, '-' | '’' | '\''))
        .collect();
    if name.chars().count() < 2 || !name.starts_with(char::is_uppercase) {
        return None;
    }
    let (at, year) = years(entry).next()?;
    (at < 300).then(|| format!("{name} {year}"))
}

/// The years in a text with their places: `2010`, `2010a`.
fn years(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let is_word = |at: usize| {
        bytes
            .get(at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
    };
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(at) = bytes.get(from..)?.iter().position(u8::is_ascii_digit) {
            let at = from + at;
            let digits = bytes[at..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            from = at + digits;
            let named = at > 0 && (is_word(at - 1) || matches!(bytes[at - 1], b'/' | b'.' | b'_'));
            let starts = bytes[at..].starts_with(b"19") || bytes[at..].starts_with(b"20");
            if digits != 4 || named || !starts {
                continue;
            }
            let letter = usize::from(bytes.get(from).is_some_and(u8::is_ascii_lowercase));
            let end = from + letter;
            if !is_word(end) {
                return Some((at, &text[at..end]));
            }
        }
        None
    })
}

/// The marks in a text that lead to one of the labels.
fn marks(body: &str, labels: &BTreeSet<&str>) -> Vec<NoteRef> {
    let mut found = Vec::new();
    let mut push = |label: &str, start: usize, end: usize| {
        if labels.contains(label) {
            found.push(NoteRef {
                label: label.to_owned(),
                span: ByteSpan::new(start, end),
            });
        }
    };
    for (open, _) in body.match_indices('[') {
        let close = body.as_bytes()[open..]
            .iter()
            .take(60)
            .position(|byte| *byte == b']');
        let Some(inside) = close.and_then(|close| body.get(open + 1..open + close)) else {
            continue;
        };
        let end = open + inside.len() + 2;
        for part in inside.split([',', ';']).map(str::trim) {
            match range(part) {
                Some(numbers) => numbers.for_each(|n| push(&n.to_string(), open, end)),
                None => push(part, open, end),
            }
        }
    }
    let mut chars = body.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let Some(digit) = raised_digit(c) else {
            continue;
        };
        let mut number = digit.to_string();
        let mut end = start + c.len_utf8();
        while let Some((at, digit)) = chars
            .peek()
            .and_then(|(at, c)| Some((*at, raised_digit(*c)?)))
        {
            if number.len() < 4 {
                number.push(digit);
            }
            end = at + chars.next().map_or(0, |(_, c)| c.len_utf8());
        }
        if !is_unit(&body[..start]) {
            push(&number, start, end);
        }
    }
    if labels.iter().any(|label| label.contains(' ')) {
        for (at, year) in years(body) {
            for name in names_before(body, at) {
                push(&format!("{name} {year}"), at, at + year.len());
            }
        }
    }
    found
}

/// `4–6` as its numbers.
fn range(part: &str) -> Option<std::ops::RangeInclusive<usize>> {
    let (first, last) = part.split_once(['-', '–', '—'])?;
    let (first, last) = (
        first.trim().parse::<usize>().ok()?,
        last.trim().parse::<usize>().ok()?,
    );
    (first < last && last - first <= MAX_RANGE).then_some(first..=last)
}

/// Whether a raised number after this is a power: "m²".
fn is_unit(before: &str) -> bool {
    let word = before
        .rsplit(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or("");
    matches!(
        word,
        "m" | "km" | "cm" | "mm" | "dm" | "ft" | "in" | "mi" | "s" | "x" | "R"
    )
}

/// Words with a capital before a year, back to what separates two references.
fn names_before(body: &str, year: usize) -> impl Iterator<Item = &str> {
    let mut start = year.saturating_sub(NAME_REACH);
    while !body.is_char_boundary(start) {
        start += 1;
    }
    let before = body.get(start..year).unwrap_or("");
    // "Smith (2010)" has one bracket before the year, "(Smith 2010)" another before the name.
    let trimmed = before.trim_end_matches(['(', '[', ' ', ',']);
    let from = trimmed.rfind([';', '(', '\n']).map_or(0, |at| at + 1);
    trimmed[from..]
        .split(|c: char| !c.is_alphabetic() && !matches!(c, '-' | '’' | '\''))
        .filter(|word| word.starts_with(char::is_uppercase))
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .take(4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{markdown, text};

    fn check(text: &str, expected: &[(&str, &str)]) {
        let mut document = markdown::read(text, None);
        references(&mut document);
        compare(&document, expected);
    }

    fn typed(text: &str) -> Document {
        let mut document = text::read(text);
        references(&mut document);
        document
    }

    fn compare(document: &Document, expected: &[(&str, &str)]) {
        let found: Vec<_> = document
            .note_refs
            .iter()
            .map(|mark| (mark.span.of(&document.text), mark.label.as_str()))
            .collect();
        assert_eq!(found, expected, "{}", document.text);
    }

    #[test]
    fn marks_lead_to_the_entries_of_a_list() {
        let list = "\n\n## References\n\n[1] Doe, Rain\n\n[2] Roe, Snow\n\n[3] Poe, Hail\n";
        check(&format!("It rained [1].{list}"), &[("[1]", "1")]);
        check(
            &format!("It rained [1, 3].{list}"),
            &[("[1, 3]", "1"), ("[1, 3]", "3")],
        );
        check(
            &format!("It rained [1–3].{list}"),
            &[("[1–3]", "1"), ("[1–3]", "2"), ("[1–3]", "3")],
        );
        check(&format!("It rained [4] on 3 m² [a].{list}"), &[]);
        check(
            "It rained [1].\n\n## Literatur\n\n1. Doe, Regen\n2. Roe, Schnee\n",
            &[("[1]", "1")],
        );
        check(
            "It rained.² \n\n## Notes\n\n1. Doe\n2. Roe\n",
            &[("²", "2")],
        );
        check(
            "It rained [1].\n\n## References\n\n1. Doe, Rain, 2010\n2. Roe, Snow, 2011\n",
            &[("[1]", "1")],
        );
        check(
            "It rained (Roe 2011).\n\n## References\n\n- Doe, Rain, 2010\n- Roe, Snow, 2011\n",
            &[("2011", "Roe 2011")],
        );
        check(
            "It rained [Doe10].\n\n## References\n\n[Doe10] Doe, Rain\n",
            &[("[Doe10]", "Doe10")],
        );
    }

    #[test]
    fn notes_and_entries_that_count_alike_stay_apart() {
        let mut document = markdown::read(
            "It rained.[^1] It stopped [1].\n\n## References\n\n1. Log\n\n[^1]: See e.example\n",
            None,
        );
        references(&mut document);
        compare(&document, &[("", "1"), ("[1]", "reference 1")]);
        let entry = BlockKind::Reference("reference 1".to_owned());
        assert!(document.blocks.iter().any(|block| block.kind == entry));
    }

    #[test]
    fn authors_and_years_lead_to_their_entries() {
        let list =
            "\n\n## References\n\nDoe, J. (2010a). Rain.\n\nRoe-Poe, A. and Doe, J. 2011. Snow.\n";
        check(
            &format!("It rained (Doe 2010a).{list}"),
            &[("2010a", "Doe 2010a")],
        );
        check(
            &format!("As Doe (2010a) says.{list}"),
            &[("2010a", "Doe 2010a")],
        );
        check(
            &format!("It rained (Doe, 2010a; Roe-Poe & Doe 2011).{list}"),
            &[("2010a", "Doe 2010a"), ("2011", "Roe-Poe 2011")],
        );
        check(
            &format!("As Roe-Poe et al. (2011) say.{list}"),
            &[("2011", "Roe-Poe 2011")],
        );
        check(&format!("It rained in 2011 (Noe 2011).{list}"), &[]);
    }

    #[test]
    fn a_list_at_the_end_of_a_plain_text_needs_no_heading() {
        let document = typed(
            "It rained on the roof and on the garden all night.[1] Then it stopped and we went.[2]\n\n\
             [1] Doe, Rain, https://e.example/1\n[2] Roe, Snow, https://e.example/2\n",
        );
        compare(&document, &[("[1]", "1"), ("[2]", "2")]);
        let document = typed(
            "It rained on the roof and on the garden all night.¹ Then it stopped and we went.²\n\n\
             ¹ Doe, Rain, https://e.example/1\n² Roe, Snow, https://e.example/2\n",
        );
        compare(&document, &[("¹", "1"), ("²", "2")]);
        assert!(matches!(document.blocks[1].kind, BlockKind::Footnote(_)));
        let document = typed("Three things:\n\n1. Rain\n2. Snow\n3. Hail\n");
        compare(&document, &[]);
        assert_eq!(document.blocks[1].kind, BlockKind::ListItem);
    }

    proptest::proptest! {
        #[test]
        fn marks_lie_in_the_text(body in "([\\[\\](),;. ¹²–é]|[0-9]|Doe|20[0-9]{2}a?|\\n\\n){0,40}") {
            let mut document = markdown::read(&format!("{body}\n\n# References\n\n[1] Doe 2010\n\nDoe 2011\n\n2. é"), None);
            references(&mut document);
            for mark in &document.note_refs {
                proptest::prop_assert!(document.text.get(mark.span.start..mark.span.end).is_some());
            }
        }
    }
}
